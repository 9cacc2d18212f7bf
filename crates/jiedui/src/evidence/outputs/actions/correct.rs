//! What becomes of an output after it was recorded: its next stage, a correction, withdrawal.

use super::super::data::{self, OutputRow};
use super::super::rules;
use super::places::{self, OutputPlace};
use super::projects;
use super::raised;
use super::record::{
    Checked, NewOutput, NewStage, check, impossible, keep_names, naming, offered, put_stage, with_enterprises,
};
use super::{apply, apply_as, check_reason, note, put_state};
use crate::network::enterprises;
use crate::shared::confirmation::{self, Action, Caller, Change, Record, State};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::{Output, Programme, Stage};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::fields;

/// The next stage of an output, by the one who recorded it. What counts more from now on is to be confirmed again.
pub async fn move_on(
    tx: &mut Tx,
    programme: &Programme,
    output: &Found<OutputRow>,
    version: i64,
    new: &NewStage,
) -> Result<()> {
    let kind = programme.output(&output.output).ok_or(Error::NotFound)?;
    apply(tx, programme, output, version, Action::Advance(Change::Words))?;
    let to = rules::onward(kind, &output.stage).find(|stage| stage.id == new.stage);
    Error::of(mistakes(tx, (programme, kind), output, (to, new)).await?)?;
    let to = to.ok_or(Error::NotFound)?;
    let more = to.id == output.stage;
    let achieved = if kind.achieved_label.is_empty() { 0 } else { new.achieved.unwrap_or(output.achieved) };
    let answerer = rules::answers_next(kind, output, achieved).map(str::to_owned);
    let asked = OutputRow { answerer, ..output.as_ref().clone() };
    let change = Change::counting(rules::asks_again(kind, &asked, to, achieved));
    let (state, effect) = apply(tx, programme, &asked, version, Action::Advance(change))?;
    let write = named!(data::MOVE_ON {
        version,
        stage: &to.id,
        // More in the same stage does not begin it again.
        stage_from: if more { output.stage_from } else { new.from },
        achieved,
        state: state.text(),
        answerer: asked.answerer.as_deref(),
        claimed_at: if effect.asks_again { tx.now() } else { output.claimed_at },
        project_part: projects::part(output.project.as_deref(), Some(to), output.quantity),
    });
    write.on(output).write(tx, confirmation::CHANGED).await?;
    if output.state == State::Confirmed {
        tx.change(output, &data::AGREED, args![1_i64]).await?;
    }
    put_stage(tx, &output.id, &to.id, new.from, (achieved, &new.note)).await?;
    let named = if more { format!("{}，又有到位", to.name) } else { to.name.clone() };
    let reason = if new.note.is_empty() { named } else { format!("{named}：{}", new.note) };
    let change = serde_json::json!({
        "before": { "stage": output.stage, "achieved": output.achieved },
        "after": { "stage": to.id, "from": new.from, "achieved": achieved },
    });
    let record =
        Record { resource: "output", id: &output.id, version, effect, reason: &reason, batch: "", change };
    note(tx, programme, record).await
}

/// What is wrong with what was said of a next stage.
async fn mistakes(
    tx: &mut Tx,
    (programme, kind): (&Programme, &Output),
    output: &Found<OutputRow>,
    (to, new): (Option<&Stage>, &NewStage),
) -> Result<Vec<FieldError>> {
    let mut errors = Vec::new();
    let more = to.is_some_and(|to| to.id == output.stage);
    if more && new.achieved.is_none_or(|achieved| achieved <= output.achieved) {
        let so_far = kind.unit.format(output.achieved);
        let message = format!("还在这一阶段的，请填到目前为止的累计数，应大于已登记的 {so_far}。");
        errors.push(FieldError::new("achieved", Code::OutOfRange.says(message)));
    }
    if to.is_none() {
        let words = "请选择后面的一个阶段；还在这一阶段又有到位的，选现在的阶段。";
        errors.push(FieldError::new("stage", Code::Missing.says(words)));
    }
    let last = last_line(tx, output).await?;
    if new.from < last {
        let message = Code::Reversed.says(format!("上一次登记的是 {last}，新的一次不能更早。"));
        errors.push(FieldError::new("from", message));
    } else if new.from > tx.today() {
        errors.push(FieldError::new("from", Code::InFuture.says("还没有到的日子不能登记。")));
    }
    if new.note.chars().count() > 200 {
        errors.push(FieldError::new("note", Code::TooLong.says("说明最多写二百个字，请写得短些。")));
    }
    let fields = serde_json::from_str(&output.fields).map_err(Error::internal)?;
    errors.extend(impossible(programme, kind, &fields, (Some(output.quantity), new.achieved)));
    if let Some(to) = to {
        projects::check_stage(tx, (programme, kind), output, (to, new.from), &mut errors).await?;
        let raised =
            raised::check(tx, (programme, kind), &output.stands_at, (to, new.from), &output.id).await?;
        errors.extend(raised.map(|one| FieldError { field: "from".to_owned(), ..one }));
    }
    Ok(errors)
}

/// The day of the newest line of its stages.
async fn last_line(tx: &mut Tx, output: &Found<OutputRow>) -> Result<Date> {
    let lines = tx.all::<data::StageRow>(&data::STAGES_OF, args![&output.id]).await?;
    Ok(lines.last().map_or(output.stage_from, |line| line.from_day))
}

/// The first stage begins before those that came after it.
fn keeps_order(output: &OutputRow, since: Date) -> Result<()> {
    if since <= output.stage_from {
        return Ok(());
    }
    let words = format!("后面的阶段从 {} 开始，这里不能更晚。", output.stage_from);
    Err(Error::field("since", Code::Reversed.says(words)))
}

/// A correction by the one who recorded it; it is to be confirmed again only where something that counts changed, or
/// where it was disputed. Says whether it is. School and stage are no matter of correction: another school is another
/// output, and stages have their own history.
pub async fn correct(
    tx: &mut Tx,
    programme: &Programme,
    output: &Found<OutputRow>,
    version: i64,
    new: &NewOutput,
) -> Result<bool> {
    let kind = programme.output(&output.output).ok_or(Error::NotFound)?;
    apply(tx, programme, output, version, Action::Correct(Change::Words))?;
    let before = super::super::helpers(tx, &output.id).await?;
    let place = places::kept_place(tx, output, &before).await?;
    let (new, named) = with_enterprises(tx, kind, &place, new).await?;
    offered(tx, kind, &new.fields)?;
    let new = NewOutput { stage: super::super::first_stage(tx, &output.id).await?, ..new };
    let checked = check(tx, (programme, kind), &place, &new, &output.id).await?;
    let only_stage = tx.all::<data::StageRow>(&data::STAGES_OF, args![&output.id]).await?.len() == 1;
    let (stage, project) = (rules::stage(kind, &output.stage), new.project.as_deref());
    if !only_stage {
        keeps_order(output, checked.since)?;
        projects::check_kept(tx, (programme, kind), &place, (output, project)).await?;
    }
    let answerer = answerer_of(tx, kind, (output, &place), &checked.helpers).await?;
    let counts =
        answerer != output.answerer || differs(kind, (output, only_stage), &before, (&new, &checked));
    let change = Change::counting(counts || output.state == State::Disputed);
    // The one who is asked may be another from now on.
    let asked = OutputRow { answerer: answerer.clone(), ..output.as_ref().clone() };
    let (state, effect) = apply(tx, programme, &asked, version, Action::Correct(change))?;
    let again = effect.asks_again;
    let achieved = if only_stage { checked.achieved } else { output.achieved };
    let claimed_at = if again { tx.now() } else { output.claimed_at };
    let write = named!(data::CORRECT {
        version,
        title: &new.title,
        since: checked.since,
        stage_from: if only_stage { checked.since } else { output.stage_from },
        quantity: checked.quantity,
        achieved,
        fields: serde_json::to_string(&new.fields).map_err(Error::internal)?,
        state: state.text(),
        answerer,
        claimed_at,
        follows: new.follows.as_deref(),
        project,
        project_part: projects::part(project, stage, checked.quantity),
    });
    write.on(output).write(tx, confirmation::CHANGED).await?;
    put_first_stage(tx, output, (checked.since, if only_stage { achieved } else { 0 }), counts).await?;
    put_helpers(tx, output, &checked.helpers).await?;
    let beside = enterprises::beside(tx, &output.id).await?;
    enterprises::clear(tx, &output.id).await?;
    let of = naming(&output.id, kind, (&place, checked.since));
    keep_names(tx, of, (kind, &place), (&new.fields, &named)).await?;
    let known = fields::parse(&output.fields);
    let change = serde_json::json!({
        "before": { "title": output.title, "since": output.since, "quantity": output.quantity, "helpers": before,
            "achieved": output.achieved, "fields": known, "follows": output.follows, "project": output.project },
        "after": { "title": new.title, "since": checked.since, "quantity": checked.quantity, "helpers": checked.helpers,
            "achieved": achieved, "fields": new.fields, "follows": new.follows, "project": new.project },
    });
    let record =
        Record { resource: "output", id: &output.id, version, effect, reason: "", batch: "", change };
    note(tx, programme, record).await?;
    super::count_all(tx, programme, &beside).await?;
    Ok(again)
}

/// The day of its first stage and what had come by then. Where what counts is another from now on, no stage is confirmed.
async fn put_first_stage(
    tx: &mut Tx,
    output: &Found<OutputRow>,
    (since, achieved): (Date, i64),
    counts: bool,
) -> Result<()> {
    tx.change(output, &data::FIRST_STAGE, args![since, achieved]).await?;
    if counts {
        tx.change(output, &data::AGREED, args![0_i64]).await?;
    }
    Ok(())
}

/// Who answers for it after a correction: where a helper does, the one that is named now.
async fn answerer_of(
    tx: &mut Tx,
    kind: &Output,
    (output, place): (&OutputRow, &OutputPlace),
    helpers: &[String],
) -> Result<Option<String>> {
    match kind.confirmed_by {
        Some(jiedui_programme::Confirmer::Helper) if output.answerer.is_some() => {
            places::answerer(tx, kind, place, helpers).await
        }
        _ => Ok(output.answerer.clone()),
    }
}

/// Whether something changed that enters a figure: the day, the quantity, the builders, a field that counts.
fn differs(
    kind: &Output,
    (output, only_stage): (&OutputRow, bool),
    before: &[(String, String)],
    (new, checked): (&NewOutput, &Checked<'_>),
) -> bool {
    let known = fields::parse(&output.fields);
    let mut old: Vec<&String> = before.iter().map(|(org, _)| org).collect();
    let mut now: Vec<&String> = checked.helpers.iter().collect();
    old.sort();
    now.sort();
    checked.since != output.since
        || checked.quantity != output.quantity
        || (only_stage && checked.achieved != output.achieved)
        || old != now
        || rules::counting(&kind.fields).any(|field| known.get(&field.id) != new.fields.get(&field.id))
}

async fn put_helpers(tx: &mut Tx, output: &Found<OutputRow>, helpers: &[String]) -> Result<()> {
    tx.change(output, &data::CLEAR_HELPERS, Vec::new()).await?;
    for helper in helpers {
        tx.write(&data::INSERT_HELPER, args![&output.id, helper]).await?;
    }
    Ok(())
}

/// Takes an output out of all figures, with a reason; its history stays. What the other side confirmed is first taken back
/// by that side.
pub async fn withdraw(
    tx: &mut Tx,
    programme: &Programme,
    output: &Found<OutputRow>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let done = apply(tx, programme, output, version, Action::Withdraw)?;
    check_reason(reason, true, "请写明为什么撤回，一句话即可。")?;
    put_state(tx, programme, (output, version), done, reason).await
}

/// Withdraws what an application had become, when the decision on it is taken back.
pub async fn revoke(tx: &mut Tx, programme: &Programme, id: &str, reason: &str) -> Result<()> {
    let output = tx.find::<OutputRow>(&data::SHOW, args![id]).await?;
    if output.state == State::Withdrawn {
        return Ok(());
    }
    let done = apply_as(programme, &output, output.version, (Action::Withdraw, &Caller::decider()))?;
    put_state(tx, programme, (&output, output.version), done, reason).await
}
