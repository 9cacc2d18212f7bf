//! The site: what the request line is handed. Routes and menus come from the mechanisms; here are the addresses that it
//! leads to by itself, and the page templates.

use crate::identity::accounts;
use crate::mechanisms::ALL;
use crate::oversight::help;
use crate::shared::mechanism::{Entry, Mechanism};
use crate::shared::notices;
use jiedui_store::Table;
use jiedui_web::Site;
use jiedui_web::proof;
use jiedui_web::site::{Addresses, FooterLink, MenuEntry};
use rust_embed::RustEmbed;

/// Page templates: inside the binary, read from the source tree in debug builds.
#[derive(RustEmbed)]
#[folder = "src"]
#[include = "*.html"]
struct Pages;

fn page_template(name: &str) -> Option<String> {
    Pages::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// What the server is handed.
pub fn site() -> Site {
    Site {
        routes: ALL.iter().flat_map(|one| (one.routes)()).collect(),
        menu: menu(ALL.iter().flat_map(|one| one.menu)),
        phone_menu: menu(ALL.iter().flat_map(|one| one.phone_menu)),
        footer: Some(FooterLink {
            href: "/complaints/new",
            parameter: "page",
            label: "这一页有问题？提投诉建议",
            resource: "complaint",
            action: "create",
        }),
        bell: Some(notices::BELL),
        help: Some(help::LINK),
        addresses: Addresses {
            home: "/",
            home_label: "回到工作台",
            search: "/search",
            sign_in: "/signin",
            sign_out: "/signout",
            clause: "/clauses/",
            password: "/my",
            open_with_initial_password: &["/my/password", "/signin", "/signout"],
            second_factor: "/my/second-factor",
            open_without_second_factor: &[
                "/my/second-factor/start",
                "/my/second-factor/confirm",
                "/signin",
                "/signout",
            ],
        },
        pages: page_template,
        open_words: accounts::OPEN_WORDS,
        tables_of,
    }
}

/// The tables of the mechanism that shows such a thing, and its history.
fn tables_of(resource: &str) -> Vec<Table> {
    let shows =
        |one: &&Mechanism| (one.routes)().iter().any(|route| proof::subject_of(route) == Some(resource));
    let own = ALL.iter().copied().find(shows).map_or(&[][..], |one| one.tables);
    own.iter().chain(jiedui_web::history::TABLES).copied().collect()
}

fn menu(entries: impl Iterator<Item = &'static Entry>) -> Vec<MenuEntry> {
    let mut entries: Vec<&Entry> = entries.collect();
    entries.sort_by_key(|one| one.place);
    entries.into_iter().map(|one| one.entry).collect()
}
