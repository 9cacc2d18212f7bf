//! Where the page of a refusal leads beside the first page: back to where its reader came from, or to the nearest page
//! above what was asked for.

use crate::App;
use crate::figure::Link;
use crate::head::{RequestHead, SignedIn};
use crate::route::{Access, Method, Route};
use crate::sign_in::page_before;
use crate::site::Site;

/// None where no other page of this site can be named. Only the site's own routes are led to, and none that the reader
/// may not open: that would be one refusal after another.
pub fn way_back(
    app: &App,
    head: &RequestHead,
    (route, status): (Option<Route>, u16),
    caller: Option<&SignedIn>,
) -> Option<Link> {
    let route = route?;
    let asked = head.uri.path();
    let path_of = |to: &str| to.split('?').next().unwrap_or_default().to_owned();
    // What is not there has no page of its own to go back to, only a list.
    let lost = status == 404;
    let before = page_before(&app.site, head).filter(|to| path_of(to) != asked);
    let before = before.filter(|_| !(lost && route.method == Method::Post));
    let before = before.and_then(|to| {
        let (page, _) = app.site.page_at(&path_of(&to))?;
        may_open(app, &page, caller).then_some((page, to))
    });
    let higher = || {
        let pages = above(&app.site, &route, asked, lost);
        pages.into_iter().find(|(page, _)| may_open(app, page, caller))
    };
    let (page, href) = before.or_else(higher)?;
    let label = page.about.trim_end_matches('。');
    // To the first page there is a link anyway.
    let elsewhere = path_of(&href) != app.site.addresses.home;
    (elsewhere && !label.is_empty()).then(|| Link::new(href, format!("返回：{label}")))
}

/// The page above the address of an act, for whoever asks for that address as for a page: after a form came back with what
/// was wrong, its address stands in the browser.
pub fn page_above(site: &Site, act: &Route, asked: &str) -> String {
    let pages = above(site, act, asked, false);
    pages.into_iter().next().map_or_else(|| site.addresses.home.to_owned(), |(_, href)| href)
}

/// The pages above an address, the nearest first: of the same route, so that `/things/new/x` does not lead to the thing
/// called `new`.
fn above(site: &Site, route: &Route, asked: &str, lost: bool) -> Vec<(Route, String)> {
    let pattern: Vec<&str> = route.path.split('/').collect();
    let given: Vec<&str> = asked.split('/').collect();
    let page = |count: usize| {
        let path = pattern.get(..count)?.join("/");
        let page = site.routes.iter().find(|one| one.method == Method::Get && one.path == path)?;
        let named = path.contains('{');
        (!(lost && named)).then(|| (*page, given.iter().take(count).copied().collect::<Vec<_>>().join("/")))
    };
    // An act stands under its page, or shares the address with the form that sends it.
    (2..pattern.len()).rev().filter_map(page).collect()
}

fn may_open(app: &App, page: &Route, caller: Option<&SignedIn>) -> bool {
    match (page.access, caller) {
        (Access::Public, _) => true,
        (_, None) => false,
        (Access::SignedIn, Some(_)) => true,
        (Access::Can(resource, action), Some(caller)) => app.can(&caller.actor, resource, action),
    }
}
