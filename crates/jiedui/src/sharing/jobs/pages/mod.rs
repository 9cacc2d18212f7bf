//! The screens of posts and graduates, and what they show alike: numbers of which a few are not shown, the years, the words.

pub mod cohort;
pub mod cohorts;
pub mod market;
pub mod new;
pub mod post;
pub mod posts;
mod served;
pub mod system;
pub mod trace;

use super::actions::market::{BACK, Graduates};
use crate::evidence::majors;
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

/// A number of persons that is too small to be shown.
pub fn few(smallest: i64, href: &str, label: &str) -> Figure {
    let unknown = persons(Reported::NotReported, href, label);
    Figure { value: Some(format!("少于 {smallest}")), word: None, unit: Unit::Persons.label(), ..unknown }
}

/// One that is kept back, because a smaller one would follow from it.
pub fn kept_back(href: &str, label: &str) -> Figure {
    Figure { word: Some("不单列"), ..persons(Reported::NotReported, href, label) }
}

pub fn graduates(of: Graduates, smallest: i64, href: &str) -> Figure {
    let label = "毕业生";
    if of.is_few(smallest) {
        return few(smallest, href, label);
    }
    persons(of.number(), href, label).and_more(of.is_part())
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
