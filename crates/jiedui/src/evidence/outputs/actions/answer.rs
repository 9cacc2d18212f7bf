//! Answers of the other side, and the decision of a bureau on what nobody answered in time.

use super::super::data::OutputRow;
use super::super::rules;
use super::{apply, check_reason, put_state};
use crate::evidence::majors::{self, Decided};
use crate::shared::confirmation::{Action, Ruling};
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx};
use jiedui_web::fields;

/// The answer of the caller, or the decision of a bureau above on what nobody answered in time.
pub async fn respond(
    tx: &mut Tx,
    programme: &Programme,
    output: &Found<OutputRow>,
    version: i64,
    ruling: Ruling,
    reason: &str,
) -> Result<()> {
    let caller = rules::caller(tx.actor(), output, programme, tx.today());
    let action = match ruling {
        ruling if caller.oversees => Action::Adjudicate(ruling),
        Ruling::Confirm => Action::Confirm,
        Ruling::Dispute => Action::Dispute,
    };
    let done = apply(tx, programme, output, version, action)?;
    let needed = action != Action::Confirm;
    check_reason(reason, needed, "请写明理由，一句话即可，让对方知道怎样更正。")?;
    put_state(tx, programme, (output, version), done, reason).await?;
    if ruling == Ruling::Confirm { decide_major(tx, programme, output).await } else { Ok(()) }
}

/// What is confirmed of a major stands in the school's list of majors from then on.
async fn decide_major(tx: &mut Tx, programme: &Programme, output: &OutputRow) -> Result<()> {
    let kind = programme.output(&output.output);
    let Some((kind, major)) = kind.and_then(|kind| Some((kind, kind.major.as_ref()?))) else { return Ok(()) };
    let fields = fields::parse(&output.fields);
    let said = |id: &str| fields.get(id).and_then(serde_json::Value::as_str).unwrap_or_default();
    let change = said(&major.change);
    let opens = major.opens.iter().any(|option| option == change);
    let counts = rules::stage(kind, &output.stage).is_some_and(|stage| stage.counts);
    if !counts || (!opens && !major.stops.iter().any(|option| option == change)) {
        return Ok(());
    }
    let choice = kind.fields.iter().find(|field| field.id == major.category);
    let option = choice.and_then(|field| field.options.iter().find(|one| one.id == said(&major.category)));
    let category = option.map_or("", |option| option.name.as_str());
    let known = programme.matching.categories.names.iter().any(|name| name == category);
    let decided = Decided {
        name: &output.title,
        opens,
        category: if known { category } else { "" },
        day: output.since,
    };
    majors::decided(tx, &output.stands_at, &decided).await
}

/// Takes one's answer back: it waits again.
pub async fn take_back(
    tx: &mut Tx,
    programme: &Programme,
    output: &Found<OutputRow>,
    version: i64,
) -> Result<()> {
    let done = apply(tx, programme, output, version, Action::TakeBack)?;
    put_state(tx, programme, (output, version), done, "").await
}
