//! The sentences of the plan are few: each is looked at.

use crate::shared::finding::{Findable, FoundBy, Hit};
use crate::shared::terms::{are_found, of_item, of_search};
use jiedui_programme::{Clause, Programme};

pub const FOUND: Findable = Findable {
    place: 80,
    word: "行动方案条目",
    right: ("programme", "read"),
    by: FoundBy::Itself(|ctx, text| Box::pin(async move { Ok(find(&ctx.programme(), text)) })),
};

fn find(programme: &Programme, text: &str) -> Vec<Hit> {
    let parts = of_search(text);
    // S1.4 is two words to a search, and one to whoever types it.
    let found = programme.clauses.iter().filter(|one| {
        one.id.eq_ignore_ascii_case(text) || are_found(&parts, &of_item(&one.title, &[&one.id]))
    });
    let hit = |one: &Clause| Hit {
        href: format!("/clauses/{}", one.id),
        title: one.title.clone(),
        about: one.id.clone(),
        ..Hit::default()
    };
    found.map(hit).collect()
}
