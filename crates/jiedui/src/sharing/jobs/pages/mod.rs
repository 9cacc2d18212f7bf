//! The screens of posts and graduates, and what they show alike: numbers of which a few are not shown, the years, the words.

pub mod cohort;
pub mod cohorts;
pub mod market;
pub mod new;
pub mod occupations;
pub mod post;
pub mod posts;
mod served;
pub mod system;
pub mod trace;

use super::actions::market::{BACK, Graduates};
use crate::evidence::majors;
pub use crate::shared::small_numbers::{few, kept_back};
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::{JobRules, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::reply::Choice;

/// What posts without a major category are called, and by what an address asks for them.
pub const ANY_MAJOR: &str = "不限专业";
pub const ANY: &str = "-";

pub fn persons(value: Reported<i64>, href: &str, label: &str) -> Figure {
    Figure::of(value, Unit::Persons, href, label)
}

pub fn graduates(of: Graduates, smallest: i64, href: &str) -> Figure {
    let label = "毕业生";
    if of.is_few(smallest) {
        return few(smallest, href, label);
    }
    persons(of.number(), href, label).and_more(of.is_part())
}

/// The same where enough of them may be kept back, because a few of others would follow.
pub fn graduates_told((of, held): (Graduates, bool), smallest: i64, href: &str) -> Figure {
    if held && !of.is_few(smallest) { kept_back(href, "毕业生") } else { graduates(of, smallest, href) }
}

/// What is missing of posts or graduates.
pub fn gap(value: Reported<i64>, href: &str, label: &str) -> Figure {
    match value {
        Reported::Pending => kept_back(href, label),
        value => persons(value, href, label),
    }
}

/// The years that can be looked at, the newest first.
pub fn year_choices(ctx: &RequestContext) -> Vec<Choice> {
    let newest = majors::asked_year(ctx.today, &ctx.programme());
    (newest - BACK..=newest).rev().map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect()
}

pub fn major_choices(programme: &Programme) -> Vec<Choice> {
    programme.matching.categories.names.iter().map(|name| Choice::new(name, name)).collect()
}

pub fn major_word(major: &str) -> &str {
    if major.is_empty() { ANY_MAJOR } else { major }
}

pub fn occupation_choices(rules: &JobRules) -> Vec<Choice> {
    rules.occupations.iter().map(|one| Choice::new(&one.id, &one.name)).collect()
}

/// What an occupation is called; its id where the programme has it no more.
pub fn occupation_word(rules: &JobRules, id: &str) -> String {
    rules.occupation(id).map_or_else(|| id.to_owned(), |one| one.name.clone())
}

/// An address with those of these words that say something.
pub fn address(path: &str, words: &[(&str, &str)]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(words.iter().filter(|(_, word)| !word.is_empty()));
    match out.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
