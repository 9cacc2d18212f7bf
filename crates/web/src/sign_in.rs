//! To the sign-in page and back to where one wanted to be.

use crate::App;
use crate::cookies::Cookie;
use crate::flash::FlashKeeper;
use crate::head::RequestHead;
use crate::local_path::LocalPath;
use crate::reply::Flash;
use crate::response::{redirect, set_cookie};
use crate::route::{Method, Route};
use crate::session::Ending;
use crate::site::Site;
use axum::http::{Uri, header};
use axum::response::Response;

/// `ended` says why the session ended, where its holder did not end it there.
pub fn to_sign_in(app: &App, head: &RequestHead, route: Route, ended: Option<Ending>) -> Response {
    let site = &app.site;
    let next = match route.method {
        Method::Get => head.uri.to_string(),
        Method::Post => page_before(site, head).unwrap_or_else(|| site.addresses.home.to_owned()),
    };
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let mut response = redirect(&LocalPath::or_home(&format!("{}?next={next}", site.addresses.sign_in)));
    if let Some(ended) = ended {
        let keeper = FlashKeeper { cookies: app.cookies, session: None, open_words: site.open_words };
        if let Err(cause) = keeper.keep(&mut response, &Flash::problem(ended.words())) {
            tracing::warn!(%cause, "why a session ended could not be said");
        }
        set_cookie(&mut response, &app.cookies.clear(Cookie::Session));
    }
    response
}

/// The page from which one came, such as that of the form that was just sent: where one wants to be after signing in again, or
/// after a refusal. Only a page of this host, and one that can be opened.
pub fn page_before(site: &Site, head: &RequestHead) -> Option<String> {
    let from: Uri = head.text(header::REFERER)?.parse().ok()?;
    let here = from.authority()?.as_str().eq_ignore_ascii_case(head.text(header::HOST)?);
    let opens = site.routes.iter().any(|route| route.method == Method::Get && fits(route.path, from.path()));
    (here && opens).then(|| from.path_and_query().map_or("/", |at| at.as_str()).to_owned())
}

/// Whether an address lies on a route's path.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    pattern.clone().count() == path.clone().count()
        && pattern
            .zip(path)
            .all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::RequestContext;
    use crate::reply::Reply;
    use crate::route;
    use crate::route::Access;
    use crate::site::Addresses;
    use axum::body::Body;
    use axum::extract::Request;
    use jiedui_kernel::{Error, Result};

    async fn nothing(_: &mut RequestContext) -> Result<Reply> {
        Err(Error::NotFound)
    }

    fn site() -> Site {
        let routes = vec![
            route!(Get "/things/new/{kind}", Access::SignedIn, nothing),
            route!(Get "/things/{id}/correct", Access::SignedIn, nothing),
            route!(Get "/things/new", Access::SignedIn, nothing),
            route!(Post "/things/{id}/answer", Access::SignedIn, nothing),
        ];
        let addresses = Addresses {
            home: "/",
            home_label: "",
            search: "",
            sign_in: "/signin",
            sign_out: "/signout",
            clause: "/clauses/",
            password: "/my",
            open_with_initial_password: &[],
            second_factor: "/my/second-factor",
            open_without_second_factor: &[],
        };
        let (menu, phone_menu) = (Vec::new(), Vec::new());
        Site {
            routes,
            menu,
            phone_menu,
            footer: None,
            bell: None,
            help: None,
            addresses,
            pages: |_| None,
            open_words: &[],
            tables_of: |_| Vec::new(),
        }
    }

    fn from(referer: &'static str, host: &'static str) -> Option<String> {
        let request = Request::builder().header(header::REFERER, referer).header(header::HOST, host);
        page_before(&site(), &RequestHead::of(request.body(Body::empty()).unwrap()).0)
    }

    #[test]
    fn a_lost_form_leads_back_to_its_own_page_of_this_host() {
        assert_eq!(
            from("http://a.example/things/new/visit?pairing=x", "a.example").unwrap(),
            "/things/new/visit?pairing=x"
        );
        assert_eq!(
            from("http://a.example:8080/things/0a1b/correct", "a.example:8080").unwrap(),
            "/things/0a1b/correct"
        );
        assert_eq!(from("http://b.example/things/new", "a.example"), None, "another host");
        assert_eq!(from("http://a.example:81/things/new", "a.example"), None, "another port");
        assert_eq!(from("http://a.example/things/0a1b/answer", "a.example"), None, "an act is no page");
        assert_eq!(from("http://a.example//b.example", "a.example"), None, "no page of ours");
        assert_eq!(from("/things/new", "a.example"), None, "no host at all");
    }
}
