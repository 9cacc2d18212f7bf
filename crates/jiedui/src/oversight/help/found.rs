//! Help and terms are few: each is looked at.

use super::pages::tasks;
use super::rules::words::TERMS;
use super::rules::{ANYBODY, Topic, all};
use crate::shared::finding::{Findable, FoundBy, Hit};
use crate::shared::terms::{are_found, of_item, of_search};
use jiedui_web::context::RequestContext;

pub const FOUND: Findable = Findable {
    place: 90,
    word: "帮助",
    right: ANYBODY,
    by: FoundBy::Itself(|ctx, text| Box::pin(async move { Ok(find(ctx, text)) })),
};

/// What the caller may do, and the terms: of both the words, of the terms the meaning too.
fn find(ctx: &RequestContext, text: &str) -> Vec<Hit> {
    let parts = of_search(text);
    let fits = |topic: &&Topic| {
        let tasks = tasks(ctx, topic);
        !tasks.is_empty() && are_found(&parts, &of_item(topic.title, &tasks))
    };
    let topic = |topic: &Topic| Hit {
        href: topic.href(),
        title: format!("帮助：{}", topic.title),
        about: topic.about.to_owned(),
        ..Hit::default()
    };
    let terms = TERMS.iter().filter(|term| are_found(&parts, &of_item(term.word, &[term.means])));
    let terms = terms.map(|term| Hit {
        href: "/help/words".to_owned(),
        title: term.word.to_owned(),
        about: term.means.to_owned(),
        ..Hit::default()
    });
    all().filter(fits).map(topic).chain(terms).collect()
}
