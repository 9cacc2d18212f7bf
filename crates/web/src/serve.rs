//! The line that every request walks.

use crate::App;
use crate::context::RequestContext;
use crate::form::{Form, FormValues, has_control};
use crate::page_cache::Key;
use crate::render::{self, Viewer};
use crate::reply::{Flash, Page, Reply};
use crate::route::{Access, Method, Route};
use crate::session::{self, Session};
use crate::site::Site;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::{MethodFilter, get, on};
use jiedui_kernel::{Actor, Error, Result};
use jiedui_store::Tx;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;

const FLASH_COOKIE: &str = "jiedui_flash";
const HTML: &str = "text/html; charset=utf-8";

/// The whole application as a service.
pub fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    for route in app.site.routes.iter().copied() {
        let filter = match route.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        let app = Arc::clone(app);
        let answer = move |params: RawPathParams, request: Request| {
            let params = params.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            walk(Arc::clone(&app), route, params, request)
        };
        router = router.route(route.path, on(filter, answer));
    }
    let lost = Arc::clone(app);
    router
        .route("/static/{*path}", get(static_file))
        .fallback(move |request: Request| {
            let app = Arc::clone(&lost);
            async move { failure(&app, &Asked::of(&request), &Error::NotFound, None) }
        })
        .layer(tower_http::compression::CompressionLayer::new())
}

/// What is kept of a request once its body is taken.
struct Asked {
    headers: HeaderMap,
    uri: Uri,
    json: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let headers = request.headers().clone();
        let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let json = accepts.starts_with("application/json");
        Self { uri: request.uri().clone(), json, headers }
    }
}

async fn walk(app: Arc<App>, route: Route, params: Vec<(String, String)>, request: Request) -> Response {
    let asked = Asked::of(&request);
    let (tx, signed) = match identify(&app, &asked).await {
        Ok(found) => found,
        Err(error) => return failure(&app, &asked, &error, None),
    };
    match step(&app, route, params, request, &asked, tx, signed.as_ref()).await {
        Ok(response) => response,
        Err(Error::SignedOut) if !asked.json => to_sign_in(&app.site, &asked, route),
        Err(error) => failure(&app, &asked, &error, signed.as_ref().map(|(actor, session)| (actor, session))),
    }
}

/// Who is signed in, and the session by which.
type Signed = (Arc<Actor>, Session);

/// A read transaction, and the one behind the request's cookie.
async fn identify(app: &App, asked: &Asked) -> Result<(Tx, Option<Signed>)> {
    let mut tx = app.db.read(Arc::new(Actor::public())).await?;
    let found = session::find(app, &mut tx, &asked.headers).await?;
    Ok((tx, found.map(|(session, actor)| (actor, session))))
}

async fn step(
    app: &Arc<App>,
    route: Route,
    params: Vec<(String, String)>,
    request: Request,
    asked: &Asked,
    mut tx: Tx,
    signed: Option<&Signed>,
) -> Result<Response> {
    allow(app, route, signed)?;
    let query = FormValues::parse(asked.uri.query().unwrap_or_default().as_bytes());
    query.check()?;
    if params.iter().any(|(_, value)| has_control(value)) {
        return Err(Error::NotFound);
    }
    if signed.is_some_and(|(_, session)| session.must_change_first(&app.site.addresses, asked.uri.path())) {
        return Ok(redirect(app.site.addresses.password));
    }
    let visitor = visitor_token(app, &asked.headers);
    let response = match route.method {
        Method::Get => {
            let at =
                Place { path: asked.uri.path().to_owned(), params, query, form: Form::default(), visitor };
            show(app, route, asked, tx, signed, at).await?
        }
        Method::Post => {
            let form = Form::read(&asked.headers, request.into_body(), route.uploads).await?;
            check_csrf(&asked.headers, &form, signed, &visitor)?;
            if route.reads_first {
                tx.act_as(actor_of(signed));
            } else {
                drop(tx);
                tx = app.db.begin(actor_of(signed)).await?;
            }
            let at = Place { path: asked.uri.path().to_owned(), params, query, form, visitor };
            act(app, route, asked, tx, signed, at).await?
        }
    };
    touch_if_due(app, signed).await;
    Ok(response)
}

/// What was asked, taken apart.
struct Place {
    path: String,
    params: Vec<(String, String)>,
    query: FormValues,
    form: Form,
    visitor: String,
}

fn actor_of(signed: Option<&Signed>) -> Arc<Actor> {
    signed.map_or_else(|| Arc::new(Actor::public()), |(actor, _)| Arc::clone(actor))
}

fn ctx(app: &Arc<App>, tx: Tx, signed: Option<&Signed>, at: Place) -> RequestContext {
    RequestContext {
        app: Arc::clone(app),
        actor: actor_of(signed),
        session: signed.map(|(_, session)| session.clone()),
        path: at.path,
        params: at.params,
        query: at.query,
        form: at.form,
        today: tx.today(),
        now: tx.now(),
        visitor: at.visitor,
        tx,
    }
}

/// A page: from the memo where nothing was written since, made from scratch otherwise; one makes it, others wait for it.
async fn show(
    app: &Arc<App>,
    route: Route,
    asked: &Asked,
    mut tx: Tx,
    signed: Option<&Signed>,
    at: Place,
) -> Result<Response> {
    let key = memo_key(route, asked, signed);
    let (revision, today) = (if key.is_some() { tx.revision().await? } else { 0 }, tx.today());
    let kept = || key.as_ref().and_then(|key| app.page_cache.get(key, revision, today));
    let mut page = kept();
    let mut turn = None;
    if let Some(key) = key.as_ref().filter(|_| page.is_none()) {
        turn = Some(app.page_cache.turn(key).await);
        page = kept();
    }
    if let Some(page) = page {
        return Ok(html(StatusCode::OK, Body::from(page), asked.json));
    }
    tx.act_as(actor_of(signed));
    let mut ctx = ctx(app, tx, signed, at);
    let reply = (route.run)(&mut ctx).await?;
    let response = finish(&mut ctx, reply, asked, key.map(|key| (key, revision)));
    drop(turn);
    response
}

/// A change. A page that shows errors wrote nothing; everything else is committed before it is answered.
async fn act(
    app: &Arc<App>,
    route: Route,
    asked: &Asked,
    tx: Tx,
    signed: Option<&Signed>,
    at: Place,
) -> Result<Response> {
    let mut ctx = ctx(app, tx, signed, at);
    let reply = (route.run)(&mut ctx).await?;
    let response = finish(&mut ctx, reply, asked, None)?;
    if response.status().as_u16() < 400 {
        ctx.tx.commit().await?;
    }
    Ok(response)
}

fn allow(app: &App, route: Route, signed: Option<&Signed>) -> Result<()> {
    match (route.access, signed) {
        (Access::Public, _) => Ok(()),
        (_, None) => Err(Error::SignedOut),
        (Access::SignedIn, Some(_)) => Ok(()),
        (Access::Can(thing, action), Some((actor, _))) => {
            if app.can(actor, thing, action) {
                Ok(())
            } else {
                Err(Error::Forbidden(format!("{thing}.{action}")))
            }
        }
    }
}

/// Only pages of signed-in readers are kept, and not one that carries a message shown once.
fn memo_key(route: Route, asked: &Asked, signed: Option<&Signed>) -> Option<Key> {
    let (_, session) = signed?;
    let keeps = route.method == Method::Get
        && !route.fresh
        && session::cookie(&asked.headers, FLASH_COOKIE).is_none_or(str::is_empty);
    keeps.then(|| Key { session: session.id.clone(), address: asked.uri.to_string(), json: asked.json })
}

async fn touch_if_due(app: &App, signed: Option<&Signed>) {
    if let Some((_, session)) = signed
        && session.wants_touch(app.db.clock().now())
        && let Err(cause) = session::touch(app, session).await
    {
        tracing::warn!(%cause, "could not note that a session is in use");
    }
}

/// Every change needs the session's token (or, before there is a session, the visitor's), and must not come from
/// another site where the browser says so.
fn check_csrf(headers: &HeaderMap, form: &Form, signed: Option<&Signed>, visitor: &str) -> Result<()> {
    let foreign = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    let expected = signed.map_or(visitor, |(_, session)| session.csrf.as_str());
    let given = headers
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_else(|| form.values.get("_csrf"));
    if foreign || given.is_empty() || !bool::from(given.as_bytes().ct_eq(expected.as_bytes())) {
        return Err(Error::Forbidden("csrf".to_owned()));
    }
    Ok(())
}

fn visitor_token(app: &App, headers: &HeaderMap) -> String {
    match session::cookie(headers, session::VISITOR_COOKIE) {
        Some(token) if token.len() == 64 => token.to_owned(),
        _ => app.random.token(),
    }
}

fn finish(
    ctx: &mut RequestContext,
    reply: Reply,
    asked: &Asked,
    page_cache: Option<(Key, i64)>,
) -> Result<Response> {
    match reply {
        Reply::View { template, page, view, status } => {
            let code = StatusCode::from_u16(status).map_err(Error::internal)?;
            let flash = read_flash(&asked.headers);
            let text = if asked.json {
                serde_json::to_string(&view).map_err(Error::internal)?
            } else {
                render::page(&ctx.app, &Viewer::of(ctx), template, &page, &view, flash.as_ref())?
            };
            let bytes = Bytes::from(text);
            if let Some((key, revision)) = page_cache.filter(|_| status == 200) {
                ctx.app.page_cache.put(key, revision, ctx.today, bytes.clone());
            }
            let mut response = html(code, Body::from(bytes), asked.json);
            if flash.is_some() && !asked.json {
                set_cookie(
                    &mut response,
                    &format!("{FLASH_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
                );
            }
            if ctx.session.is_none() {
                let cookie =
                    format!("{}={}; Path=/; HttpOnly; SameSite=Strict", session::VISITOR_COOKIE, ctx.visitor);
                set_cookie(&mut response, &cookie);
            }
            Ok(response)
        }
        Reply::Redirect { to, flash } => {
            let mut response = redirect(&to);
            if let Some(flash) = flash {
                set_cookie(&mut response, &flash_cookie(&flash)?);
            }
            Ok(response)
        }
        Reply::Session { to, cookie } => {
            let mut response = redirect(&to);
            set_cookie(&mut response, &cookie);
            Ok(response)
        }
        Reply::File { name, mime, bytes } => {
            let mut response = html(StatusCode::OK, Body::from(bytes), false);
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
            let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let value = format!("attachment; filename*=UTF-8''{encoded}");
            let value = HeaderValue::from_str(&value).map_err(Error::internal)?;
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            Ok(response)
        }
    }
}

fn redirect(to: &str) -> Response {
    let mut response = html(StatusCode::SEE_OTHER, Body::empty(), false);
    // Only places of our own: anything that could lead elsewhere becomes the desk.
    let safe = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r']);
    let to = HeaderValue::from_str(if safe { to } else { "/" }).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    response
}

fn to_sign_in(site: &Site, asked: &Asked, route: Route) -> Response {
    let next = match route.method {
        Method::Get => asked.uri.to_string(),
        Method::Post => form_page(site, &asked.headers).unwrap_or_else(|| site.addresses.home.to_owned()),
    };
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    redirect(&format!("{}?next={next}", site.addresses.sign_in))
}

/// The page on which the form stands that was just sent: where one wants to be after signing in again. Only a page of
/// this host, and one that can be opened.
fn form_page(site: &Site, headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let from: Uri = text(header::REFERER)?.parse().ok()?;
    let here = from.authority()?.as_str().eq_ignore_ascii_case(text(header::HOST)?);
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

fn failure(app: &App, asked: &Asked, error: &Error, signed: Option<(&Arc<Actor>, &Session)>) -> Response {
    let shown = render::describe(&app.site, error);
    if shown.status >= 500 {
        tracing::error!(path = asked.uri.path(), %error, "request failed");
    }
    let code = StatusCode::from_u16(shown.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Ok(view) = serde_json::to_value(&shown) else { return html(code, Body::from(shown.text), false) };
    if asked.json {
        return html(code, Body::from(view.to_string()), true);
    }
    let public = Arc::new(Actor::public());
    let viewer = Viewer {
        actor: signed.map_or(&public, |(actor, _)| actor),
        csrf: signed.map_or("", |(_, session)| session.csrf.as_str()),
        signed_in: signed.is_some(),
        path: asked.uri.path(),
    };
    let page = Page::new(shown.title, "");
    match render::page(app, &viewer, "error.html", &page, &view, None) {
        Ok(text) => html(code, Body::from(text), false),
        Err(cause) => {
            tracing::error!(%cause, "the error page failed");
            html(code, Body::from(shown.text), false)
        }
    }
}

fn html(code: StatusCode, body: Body, json: bool) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    let headers = response.headers_mut();
    let kind = if json { "application/json; charset=utf-8" } else { HTML };
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn flash_cookie(flash: &Flash) -> Result<String> {
    let json = serde_json::to_string(flash).map_err(Error::internal)?;
    let value: String = form_urlencoded::byte_serialize(json.as_bytes()).collect();
    Ok(format!("{FLASH_COOKIE}={value}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict"))
}

fn read_flash(headers: &HeaderMap) -> Option<Flash> {
    let value = session::cookie(headers, FLASH_COOKIE)?;
    let (text, _) = form_urlencoded::parse(value.as_bytes()).next()?;
    let flash: Flash = serde_json::from_str(&text).ok()?;
    let local =
        flash.undo.as_ref().is_none_or(|undo| undo.action.starts_with('/') && !undo.action.starts_with("//"));
    local.then_some(flash)
}

async fn static_file(axum::extract::Path(path): axum::extract::Path<String>) -> Response {
    let Some(file) = crate::templates::Static::get(&path) else {
        return html(StatusCode::NOT_FOUND, Body::from("没有这个文件"), false);
    };
    let kind = match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let mut response = html(StatusCode::OK, Body::from(file.data.into_owned()), false);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route;
    use crate::site::Addresses;

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
            sign_in: "/signin",
            sign_out: "/signout",
            clause: "/clauses/",
            password: "/my",
            open_with_initial_password: &[],
        };
        Site { routes, menu: Vec::new(), phone_menu: Vec::new(), footer: None, addresses, pages: |_| None }
    }

    fn from(referer: &'static str, host: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::REFERER, HeaderValue::from_static(referer));
        headers.insert(header::HOST, HeaderValue::from_static(host));
        form_page(&site(), &headers)
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
