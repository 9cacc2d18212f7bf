//! Records that are one person's, or may be, as the page of the people of an organisation shows them.

use super::super::data::{self, MergeRow};
use jiedui_kernel::{FieldError, Result};
use jiedui_store::{PersonName, args};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Choice, Field};
use serde::Serialize;

#[derive(Serialize)]
pub struct MergesView {
    lines: Vec<MergeLine>,
    /// The record that leads on, the other one, and why; nothing where there are not two.
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct MergeLine {
    id: String,
    version: i64,
    old_name: String,
    new_name: String,
    /// Since when it holds.
    since: Option<String>,
    may_agree: bool,
}

/// What the page of the people of an organisation says of it.
pub async fn shown(ctx: &mut RequestContext, org: &str, errors: &[FieldError]) -> Result<MergesView> {
    let rows = ctx.tx.all::<MergeRow>(&data::MERGES_AT, args![org]).await?;
    let mut lines = Vec::new();
    for row in rows {
        lines.push(MergeLine {
            old_name: ctx.names.shown(&row.old_name, &[org]),
            new_name: ctx.names.shown(&row.new_name, &[org]),
            since: row.agreed_on.map(|day| day.to_string()),
            may_agree: row.agreed_on.is_none() && !ctx.actor.is(&row.proposed_by),
            id: row.id,
            version: row.version,
        });
    }
    let here = own(ctx, org).await?;
    let elsewhere = namesakes(ctx, org).await?;
    let pairs = &ctx.form.values;
    let field =
        |name: &str, label: &str| Field::new(name, label).required().value(pairs.get(name)).error(errors);
    let enough = here.len() + elsewhere.len() > 1 && !here.is_empty();
    let into: Vec<Choice> = here.iter().cloned().chain(elsewhere).collect();
    let fields = vec![
        field("record", "多出来的一条").options(here).help("合并后这一条读作另一条，登记过的内容不改。"),
        field("into", "留下的一条").options(into),
        Field { maxlength: Some(200), width: "long", ..field("reason", "理由") },
    ];
    Ok(MergesView { lines, fields: if enough { fields } else { Vec::new() } })
}

/// The people of the organisation, each once.
async fn own(ctx: &mut RequestContext, org: &str) -> Result<Vec<Choice>> {
    let mut choices: Vec<Choice> = Vec::new();
    for person in super::super::people(&mut ctx.tx, org).await? {
        if choices.iter().all(|choice| choice.value != person.name.person()) {
            let name = ctx.names.shown(&person.name, &[org]);
            choices.push(Choice::new(person.name.person(), name));
        }
    }
    Ok(choices)
}

/// Those of the same name at other organisations of which the caller keeps the records.
async fn namesakes(ctx: &mut RequestContext, org: &str) -> Result<Vec<Choice>> {
    let rows = ctx.tx.all::<(PersonName, String, String)>(&data::NAMESAKES, args![org]).await?;
    let mut choices = Vec::new();
    for (name, at, at_name) in rows {
        let shown = ctx.names.shown(&name, &[&at]);
        choices.push(Choice::new(name.person(), format!("{shown}（{at_name}）")));
    }
    Ok(choices)
}
