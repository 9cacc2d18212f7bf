//! What is served: routes, menus and pages, handed in as a value. The machinery below knows no mechanism; whatever it
//! has to say about one (where to sign in, where the footer leads) stands here.

use crate::App;
use crate::route::{Method, Route};
use jiedui_kernel::{Actor, Result};
use jiedui_store::{Table, Tx};
use std::future::Future;
use std::pin::Pin;

/// An entry of a menu, for those whose role grants the action.
#[derive(Debug, Clone, Copy)]
pub struct MenuEntry {
    /// The group's label; for the phone the name of the icon.
    pub group: &'static str,
    pub href: &'static str,
    pub label: &'static str,
    pub resource: &'static str,
    pub action: &'static str,
}

/// A link in the footer of every page, with the address of that page as its one parameter.
#[derive(Debug, Clone, Copy)]
pub struct FooterLink {
    pub label: &'static str,
    pub href: &'static str,
    pub parameter: &'static str,
    pub resource: &'static str,
    pub action: &'static str,
}

pub type Counting<'a> = Pin<Box<dyn Future<Output = Result<i64>> + Send + 'a>>;

/// The mark in the head of every page for what the caller has not read.
#[derive(Debug, Clone, Copy)]
pub struct Bell {
    pub label: &'static str,
    pub href: &'static str,
    /// How much it is. Asked for every page, so it has to end early.
    pub count: for<'a> fn(&'a App, &'a Actor, &'a mut Tx) -> Counting<'a>,
}

impl Bell {
    /// More than this is not counted.
    pub const MOST: i64 = 99;
}

/// The link in the head of every page to what explains it.
#[derive(Debug, Clone, Copy)]
pub struct HelpLink {
    pub label: &'static str,
    /// Where the page at a path is explained.
    pub of: fn(&str) -> String,
}

/// The addresses that the machinery itself leads to.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    pub home: &'static str,
    pub home_label: &'static str,
    /// Where the field in the head of every page leads; "" where there is none.
    pub search: &'static str,
    pub sign_in: &'static str,
    pub sign_out: &'static str,
    /// Where a sentence of the plan opens: its id follows.
    pub clause: &'static str,
    /// Where an initial password is replaced: nothing else opens before.
    pub password: &'static str,
    /// What else may be asked for with an initial password.
    pub open_with_initial_password: &'static [&'static str],
    /// Where a second step of signing in is set up: nothing else opens before, where the role needs one.
    pub second_factor: &'static str,
    /// What else may be asked for until then.
    pub open_without_second_factor: &'static [&'static str],
}

/// Everything that a server answers, and how it is found.
pub struct Site {
    pub routes: Vec<Route>,
    pub menu: Vec<MenuEntry>,
    pub phone_menu: Vec<MenuEntry>,
    pub footer: Option<FooterLink>,
    pub bell: Option<Bell>,
    pub help: Option<HelpLink>,
    pub addresses: Addresses,
    /// The text of a page template by its name.
    pub pages: fn(&str) -> Option<String>,
    /// What may be said to whoever is not signed in, on the page after.
    pub open_words: &'static [&'static str],
    /// The tables whose rows are part of a thing of this kind, as routes name it.
    pub tables_of: fn(&str) -> Vec<Table>,
}

impl Site {
    /// What the page at this address is for, in the words of its route; "" where there is none.
    pub fn about(&self, path: &str) -> &'static str {
        self.page_at(path).map_or("", |(route, _)| route.about.trim_end_matches('。'))
    }

    /// The route of the page at this address, the fixed one before the one with `{…}`, and what stands in its places.
    pub fn page_at(&self, path: &str) -> Option<(Route, Vec<(String, String)>)> {
        let pages = self.routes.iter().filter(|route| route.method == Method::Get);
        let fitting = pages.filter_map(|route| Some((*route, places(route.path, path)?)));
        fitting.min_by_key(|(_, places)| places.len())
    }
}

/// What an address has in the places of a route's path; `None` where it is another path.
fn places(route: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (given, parts) = (path.split('/'), route.split('/'));
    if given.clone().count() != parts.clone().count() {
        return None;
    }
    let mut places = Vec::new();
    for (part, own) in parts.zip(given) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => places.push((name.to_owned(), own.to_owned())),
            None if part == own => {}
            None => return None,
        }
    }
    Some(places)
}
