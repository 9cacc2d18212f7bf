//! What is served: routes, menus and pages, handed in as a value. The machinery below knows no mechanism; whatever it
//! has to say about one (where to sign in, where the footer leads) stands here.

use crate::route::{Method, Route};
use jiedui_store::Table;

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

/// The addresses that the machinery itself leads to.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    pub home: &'static str,
    pub home_label: &'static str,
    pub sign_in: &'static str,
    pub sign_out: &'static str,
    /// Where a sentence of the plan opens: its id follows.
    pub clause: &'static str,
    /// Where an initial password is replaced: nothing else opens before.
    pub password: &'static str,
    /// What else may be asked for with an initial password.
    pub open_with_initial_password: &'static [&'static str],
}

/// Everything that a server answers, and how it is found.
pub struct Site {
    pub routes: Vec<Route>,
    pub menu: Vec<MenuEntry>,
    pub phone_menu: Vec<MenuEntry>,
    pub footer: Option<FooterLink>,
    pub addresses: Addresses,
    /// The text of a page template by its name.
    pub pages: fn(&str) -> Option<String>,
    /// The tables whose rows are part of a thing of this kind, as routes name it.
    pub tables_of: fn(&str) -> Vec<Table>,
}

impl Site {
    /// What the page at this address is for, in the words of its route, the fixed address before the one with `{…}`;
    /// "" where there is none.
    pub fn about(&self, path: &str) -> &'static str {
        let fits = |route: &&Route| {
            let (mut given, mut parts) = (path.split('/'), route.path.split('/'));
            given.clone().count() == parts.clone().count()
                && parts.all(|part| given.next().is_some_and(|own| part == own || part.starts_with('{')))
        };
        let pages = self.routes.iter().filter(|route| route.method == Method::Get).filter(fits);
        let found = pages.min_by_key(|route| route.path.matches('{').count());
        found.map_or("", |route| route.about.trim_end_matches('。'))
    }
}
