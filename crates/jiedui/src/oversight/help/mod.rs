//! 帮助: what each page is for, what one's rights let one do there, and what becomes of it; the terms on the pages, a first
//! day of ten minutes, and situations to practise on a demonstration. The head of every page leads to its own help
//! ([0083](../../../../../docs/decisions/0083-help-by-rights.md)).

mod actions;
mod found;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::Mechanism;
#[cfg(test)]
use crate::shared::mechanism::Samples;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use jiedui_web::site::HelpLink;

pub use actions::take_up_day;
#[cfg(test)]
pub use rules::{all, first_day, topic_of, words};

/// In the head of every page.
pub const LINK: HelpLink = HelpLink { label: "帮助", of: rules::address_of };

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/help",
    routes,
    found: &[found::FOUND],
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{topic}", "entries".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/help", Access::SignedIn, pages::index).about(Subject::None, "帮助"),
        route!(Get "/help/first-day", Access::SignedIn, pages::first_day).about(Subject::None, "第一天"),
        route!(Get "/help/words", Access::SignedIn, pages::words).about(Subject::None, "名词解释"),
        route!(Get "/help/{topic}", Access::SignedIn, pages::topic).about(Subject::Open, "一类页面的帮助"),
        route!(Get "/practice", Access::SignedIn, pages::practice::show).about(Subject::None, "练习"),
        route!(Post "/practice/day", Access::SignedIn, pages::practice::move_on)
            .about(Subject::None, "把练习的日子往后拨"),
    ]
}
