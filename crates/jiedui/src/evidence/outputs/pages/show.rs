//! One output: what it is, the stages it went through, what was said about it; and what one may do to it.

use super::super::actions::record::NewStage;
use super::super::actions::{self, answer, correct};
use super::super::data::{self, OutputRow, StageRow};
use super::super::rules::{self, StageMark};
use super::attached;
use super::edit::number;
use crate::network::registry;
use crate::shared::attachments::AttachmentsView;
use crate::shared::confirmation::{self, Action, AllowedActions, Change, Ruling, State};
use jiedui_kernel::{Code, Error, FieldError, Reported, Result};
use jiedui_programme::{FieldKind, Output, escalates_on};
use jiedui_store::{Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::fields::{self, Shown};
use jiedui_web::figure::{Figure, Link, StateMark, when};
use jiedui_web::form::Reader;
use jiedui_web::history::{self, HistoryRow, TimelineItem};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct StageLine {
    stage: StageMark,
    from: String,
    achieved: Option<Figure>,
    note: String,
    who: String,
    when: String,
}

/// The form by which it goes on.
#[derive(Serialize)]
struct StageForm {
    stage: Field,
    from: Field,
    achieved: Option<Field>,
    note: Field,
}

#[derive(Serialize)]
struct ShowView {
    id: String,
    href: String,
    version: i64,
    title: String,
    name: String,
    kind: &'static str,
    issued: bool,
    stage: StageMark,
    state: StateMark,
    since: String,
    quantity: Option<(String, Figure)>,
    achieved: Option<(String, Figure)>,
    place: Link,
    where_: String,
    typical_class: String,
    recorder: String,
    answerer: String,
    due: Option<String>,
    overdue: bool,
    /// Why the other side disputes it.
    dispute: String,
    helpers: Vec<Link>,
    pairing: String,
    shown: Vec<Shown>,
    project: Option<Link>,
    follows: Option<Link>,
    followed_by: Vec<Link>,
    application: String,
    stages: Vec<StageLine>,
    history: Vec<TimelineItem>,
    attached: Option<AttachmentsView>,
    may: AllowedActions,
    stage_form: Option<StageForm>,
    reason: Field,
    /// Which form was sent, so that it stays open.
    sent: &'static str,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, "", Vec::new()).await
}

pub(super) async fn show_page(
    ctx: &mut RequestContext,
    sent: &'static str,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let id = ctx.param("id");
    let output = super::super::find(&mut ctx.tx, &id).await?;
    let clauses = ctx.programme().output(&output.output).map(|kind| kind.clauses.clone()).unwrap_or_default();
    let view = view(ctx, output.into_row(), sent, errors).await?;
    let refused = !view.errors.is_empty();
    let title = format!("{}：{}", view.name, view.place.label);
    let page = Page::new(title, "一条记录：从登记到现在的阶段、答复和更正都在这里。")
        .back("/outputs", "建设成果")
        .kind("detail")
        .clauses(&clauses);
    Ok(Reply::view("evidence/outputs/show.html", page, &view)?.refused(refused))
}

async fn view(
    ctx: &mut RequestContext,
    output: OutputRow,
    sent: &'static str,
    errors: Vec<FieldError>,
) -> Result<ShowView> {
    let (programme, href) = (ctx.programme(), format!("/outputs/{}", output.id));
    let kind = programme.output(&output.output);
    let may = mask(ctx, rules::allowed(&ctx.actor, &output, &programme, ctx.today));
    let stages = ctx.tx.all::<StageRow>(&data::STAGES_OF, args![&output.id]).await?;
    let helpers = super::super::helpers(&mut ctx.tx, &output.id).await?;
    let followed = ctx.tx.all::<(String, String)>(&data::FOLLOWED_BY, args![&output.id]).await?;
    let history = history::of(&mut ctx.tx, &output.id).await?;
    let waits = output.state == State::Claimed && output.answerer.is_some();
    let due = escalates_on(&programme, jiedui_kernel::shanghai_date(output.claimed_at));
    let people = people(ctx, kind, &output).await?;
    let shown = kind.map(|kind| fields::shown(&kind.fields, &fields::parse(&output.fields), &href, &people));
    let number = |label: fn(&Output) -> &String, value: i64| {
        let kind = kind.filter(|kind| !label(kind).is_empty())?;
        let label = label(kind).clone();
        Some((label.clone(), Figure::of(Reported::Value(value), kind.unit, &href, label)))
    };
    let stage_form = kind.filter(|_| may.stage).map(|kind| stage_form(ctx, kind, &output, &errors));
    let reason = Field::new("reason", "理由").required().value(ctx.form.values.get("reason"));
    Ok(ShowView {
        version: output.version,
        title: output.title.clone(),
        name: kind.map_or_else(|| "已停用的类型".to_owned(), |kind| kind.name.clone()),
        kind: rules::kind_name(&output.kind),
        issued: kind.is_none_or(|kind| kind.definition_issued),
        stage: rules::stage_mark(kind, &output.stage),
        state: rules::state_mark(&output),
        since: output.since.to_string(),
        quantity: number(|kind| &kind.quantity_label, output.quantity),
        achieved: number(|kind| &kind.achieved_label, output.achieved),
        place: registry::link(&output.stands_at, &output.place_name),
        where_: where_it_is(&output),
        typical_class: output.typical_class.clone(),
        recorder: output.org_name.clone(),
        answerer: output.answerer_name.clone().unwrap_or_default(),
        due: waits.then(|| due.to_string()),
        overdue: waits && due < ctx.today,
        dispute: dispute_of(&output, &history),
        helpers: helpers.iter().map(|(org, name)| registry::link(org, name)).collect(),
        pairing: output.pairing.as_ref().map(|id| format!("/pairings/{id}")).unwrap_or_default(),
        shown: shown.unwrap_or_default(),
        project: project_of(&output),
        follows: followed_one(&output),
        followed_by: followed.iter().map(|(id, title)| link(id, title)).collect(),
        application: output.application.clone(),
        stages: stages.iter().rev().map(|row| stage_line(kind, row, &href)).collect(),
        attached: attached::beside(ctx, &output, &history, &errors).await?,
        history: history::timeline(&history, &confirmation::words()),
        may,
        stage_form,
        reason: Field { maxlength: Some(500), ..reason.error(&errors) },
        sent,
        errors,
        id: output.id,
        href,
    })
}

/// The one that it follows.
fn followed_one(output: &OutputRow) -> Option<Link> {
    let (id, title) = output.follows.as_ref().zip(output.follows_title.as_ref())?;
    Some(link(id, title))
}

fn project_of(output: &OutputRow) -> Option<Link> {
    let title = output.project_title.clone().unwrap_or_default();
    output.project.as_ref().map(|id| Link::new(format!("/projects/{id}"), title))
}

/// Why the other side, or the bureau above, disputes it; "" where nobody does.
fn dispute_of(output: &OutputRow, history: &[HistoryRow]) -> String {
    let against = [Action::Dispute, Action::Adjudicate(Ruling::Dispute)].map(|action| action.kind().text);
    let last = history.iter().rfind(|step| against.contains(&step.kind.as_str()));
    let reason = last.filter(|_| output.state == State::Disputed).map(|step| step.reason.clone());
    reason.unwrap_or_default()
}

fn where_it_is(output: &OutputRow) -> String {
    if output.city == output.place {
        output.city.clone()
    } else {
        format!("{} {}", output.city, output.place)
    }
}

fn link(id: &str, title: &str) -> Link {
    Link::new(format!("/outputs/{id}"), title)
}

fn stage_line(kind: Option<&Output>, row: &StageRow, href: &str) -> StageLine {
    let label = kind.map(|kind| kind.achieved_label.clone()).filter(|label| !label.is_empty());
    StageLine {
        stage: rules::stage_mark(kind, &row.stage),
        from: row.from_day.to_string(),
        achieved: label
            .zip(kind)
            .map(|(label, kind)| Figure::of(Reported::Value(row.achieved), kind.unit, href, label)),
        note: row.note.clone(),
        who: row.who.clone(),
        when: when(row.at),
    }
}

/// Names of the persons that its fields name, where the caller reaches the recorder.
async fn people(
    ctx: &mut RequestContext,
    kind: Option<&Output>,
    output: &OutputRow,
) -> Result<BTreeMap<String, String>> {
    let asks = kind.is_some_and(|kind| kind.fields.iter().any(|field| field.kind == FieldKind::Person));
    if !asks {
        return Ok(BTreeMap::new());
    }
    let people = registry::people_at(&mut ctx.tx, &output.org, output.since, ctx.today).await?;
    let mut named = BTreeMap::new();
    for person in people {
        // The foremost post comes first.
        named.entry(person.id).or_insert_with(|| ctx.names.shown(&person.name, &output.concerned()));
    }
    // What names a record that leads to another one means that one.
    for (record, to) in registry::led_at(&mut ctx.tx, &output.org).await? {
        if let Some(name) = named.get(&to).cloned() {
            named.insert(record, name);
        }
    }
    Ok(named)
}

fn stage_form(ctx: &RequestContext, kind: &Output, output: &OutputRow, errors: &[FieldError]) -> StageForm {
    let pairs = &ctx.form.values;
    let field = |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(errors);
    let name = |stage: &jiedui_programme::Stage| {
        if stage.id == output.stage { format!("{}：又有到位", stage.name) } else { stage.name.clone() }
    };
    let options =
        rules::onward(kind, &output.stage).map(|stage| Choice::new(&stage.id, name(stage))).collect();
    let day = field("from", "从哪天开始，或哪天到位").required();
    let achieved = (!kind.achieved_label.is_empty()).then(|| {
        let number = field("achieved", &kind.achieved_label).required().help("到这一天为止的累计数。");
        Field { unit: kind.unit.label().to_owned(), width: "short", ..number }
    });
    StageForm {
        stage: field("stage", "进入哪个阶段").required().options(options),
        from: Field { min: output.stage_from.to_string(), max: ctx.today.to_string(), width: "short", ..day },
        achieved,
        note: Field { maxlength: Some(200), width: "long", ..field("note", "说明") }
            .help("可不填，一句话即可。"),
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<(Found<OutputRow>, i64)> {
    let id = ctx.param("id");
    let output = super::super::find(&mut ctx.tx, &id).await?;
    Ok((output, ctx.form_version()?))
}

fn done(output: &OutputRow, flash: Flash) -> Reply {
    Reply::done(format!("/outputs/{}", output.id), flash)
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (output, version) = asked(ctx).await?;
    let programme = ctx.programme();
    let reason = ctx.form.values.get("reason").to_owned();
    let ruling = match ctx.form.values.get("verdict") {
        "confirm" => Ruling::Confirm,
        "dispute" => Ruling::Dispute,
        "take_back" => {
            answer::take_back(&mut ctx.tx, &programme, &output, version).await?;
            return Ok(done(&output, Flash::done("已撤销原来的答复，这一项重新等待确认。")));
        }
        _ => return show_page(ctx, "", no_verdict()).await,
    };
    match answer::respond(&mut ctx.tx, &programme, &output, version, ruling, &reason).await.or_wrong()? {
        Ok(()) if ruling == Ruling::Confirm => {
            Ok(done(&output, Flash::done("已确认，计入确认数。如有不妥，可以撤销答复。")))
        }
        Ok(()) => Ok(done(&output, Flash::done("已提出异议，登记单位会看到理由；更正前不计入确认数。"))),
        Err(errors) => show_page(ctx, "answer", errors).await,
    }
}

fn no_verdict() -> Vec<FieldError> {
    vec![FieldError::new("", Code::Missing.says("请选择确认还是提出异议。"))]
}

pub async fn stage(ctx: &mut RequestContext) -> Result<Reply> {
    let (output, version) = asked(ctx).await?;
    let programme = ctx.programme();
    let kind = programme.output(&output.output).ok_or(Error::NotFound)?;
    // Whose output it is comes before what the form says.
    actions::apply(&ctx.tx, &programme, &output, version, Action::Advance(Change::Words))?;
    let mut read = Reader::default();
    let pairs = ctx.form.values.clone();
    let from = read.date(&pairs, "from", "日期");
    let achieved = number(&mut read, &pairs, ("achieved", &kind.achieved_label), kind.unit, true);
    let note = pairs.get("note").to_owned();
    let (Some(from), true) = (from, read.errors.is_empty()) else {
        return show_page(ctx, "stage", read.errors).await;
    };
    let new = NewStage { stage: pairs.get("stage").to_owned(), from, achieved, note };
    match correct::move_on(&mut ctx.tx, &programme, &output, version, &new).await.or_wrong()? {
        Ok(()) => {
            let after = super::super::find(&mut ctx.tx, &output.id).await?;
            let text = if after.state == State::Claimed {
                "新阶段已登记；计数的内容变了，等对方确认后计入确认数。"
            } else {
                "新阶段已登记，从那一天起按新阶段计。"
            };
            Ok(done(&output, Flash::done(text)))
        }
        Err(errors) => show_page(ctx, "stage", errors).await,
    }
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (output, version) = asked(ctx).await?;
    let programme = ctx.programme();
    let reason = ctx.form.values.get("reason").to_owned();
    match correct::withdraw(&mut ctx.tx, &programme, &output, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(done(&output, Flash::done("已撤回，不再计数；办理记录都保留。"))),
        Err(errors) => show_page(ctx, "withdraw", errors).await,
    }
}

/// What the organisation may do, as far as the role of the caller may do it for it.
fn mask(ctx: &RequestContext, may: AllowedActions) -> AllowedActions {
    let (answer, record) = (ctx.can("output", "answer"), ctx.can("output", "record"));
    AllowedActions {
        answer: may.answer && answer,
        take_back: may.take_back && answer,
        adjudicate: may.adjudicate && answer,
        correct: may.correct && record,
        accept: may.accept && record,
        stage: may.stage && record,
        withdraw: may.withdraw && record,
    }
}
