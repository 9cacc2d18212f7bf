//! Saying of joint work whom one's own organisation sent.

use super::super::actions::join;
use super::super::data::{self, EntryRow, HelperRow};
use super::super::rules;
use crate::network::registry;
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::{Activity, PersonOf};
use jiedui_store::{PersonName, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::names::Names;
use jiedui_web::reply::{Choice, Field};
use serde::Serialize;

/// What the caller is asked of its own part.
#[derive(Serialize)]
pub struct Asked {
    /// Nobody is asked for where the activity names nobody of a helper.
    person: Option<Field>,
}

/// What another helper said of its part.
#[derive(Debug, Serialize)]
pub struct Part {
    helper: Link,
    person: String,
    post: &'static str,
    joined: bool,
}

/// The parts of the helpers that did not enter it; none where one helper did it alone.
pub fn parts(names: &mut Names, entry: &EntryRow, helpers: &[HelperRow]) -> Vec<Part> {
    let others = helpers.iter().filter(|helper| helpers.len() > 1 && helper.org != entry.claimant);
    others
        .map(|helper| Part {
            helper: registry::link(&helper.org, &helper.name),
            person: names.shown_if_any(helper.person_name.as_ref(), &entry.concerned()),
            post: registry::post_name(helper.post.as_deref().unwrap_or_default()),
            joined: helper.part.is_some(),
        })
        .collect()
}

/// The form, where the caller has to say its part.
pub async fn asked(
    ctx: &mut RequestContext,
    entry: &EntryRow,
    helpers: &[HelperRow],
    activity: &Activity,
    errors: &[FieldError],
) -> Result<Option<Asked>> {
    let (programme, today) = (ctx.programme(), ctx.today);
    if !ctx.can("entry", "claim") || !join::joins(&ctx.actor, entry, helpers, &programme, today) {
        return Ok(None);
    }
    let Some(rule) = activity.person.as_ref().filter(|rule| rule.of == PersonOf::Helper) else {
        return Ok(Some(Asked { person: None }));
    };
    let own = ctx.actor.org.clone();
    let people = registry::people_at(&mut ctx.tx, &own, entry.from_day, entry.from_day).await?;
    let fits = |post: &str| rules::post_of(post).is_some_and(|post| rule.offered.contains(&post));
    let fitting = people.into_iter().filter(|at| fits(&at.post));
    let choices = fitting
        .map(|at| {
            let name = ctx.names.shown(&at.name, &[&own]);
            Choice::new(&at.id, format!("{name}（{}）", registry::post_name(&at.post)))
        })
        .collect();
    let typed = ctx.form.values.get("part-person").to_owned();
    let field =
        Field::new("part-person", &rule.label).required().options(choices).value(&typed).error(errors);
    Ok(Some(Asked { person: Some(field) }))
}

/// The people whose posts of that day the registry no longer has.
pub async fn lapsed(ctx: &mut RequestContext, entry: &EntryRow) -> Result<Vec<String>> {
    let rows = ctx.tx.all::<(PersonName,)>(&data::LAPSED_OF, args![&entry.id]).await?;
    let said = rows.iter().map(|(name,)| {
        let shown = ctx.names.shown(name, &entry.concerned());
        format!("{shown}（{}）", registry::post_name(name.post()))
    });
    Ok(said.collect())
}
