//! One entry with its history, and what is done to it from its page.

use super::super::actions::{self, answer, claim, correct};
use super::super::data::{self, EntryRow, HelperRow};
use super::super::rules::{self, EntryAnswer};
use super::attached;
use super::form as entry_form;
use super::join;
use super::replies;
use crate::network::registry;
use crate::shared::attachments::AttachmentsView;
use crate::shared::confirmation::{self, Action, AllowedActions, Ruling, State};
use crate::shared::notices::{self, UrgeView};
use crate::shared::terms;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Period, Reported, Result, Unit};
use jiedui_programme::{Activity, Measure, Only, Output, PersonRule, Programme, Retires as _, chosen};
use jiedui_store::{Found, PersonName, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::fields::{self, Shown};
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{self, HistoryRow, TimelineItem};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

/// What an entry says, as it is recorded: `recorded.html` shows it, here and wherever it is looked at again.
#[derive(Debug, Serialize)]
pub struct RecordedView {
    pub id: String,
    pub title: String,
    pub state: StateMark,
    pub claimed: Figure,
    pub confirmed: Figure,
    activity: String,
    county: Link,
    pairing: Link,
    claimant: Link,
    answerer: Link,
    helpers: Vec<(Link, Figure)>,
    /// What others said of their part in joint work.
    parts: Vec<join::Part>,
    project: Option<Link>,
    person: String,
    person_post: &'static str,
    from: String,
    to: String,
    span: bool,
    disputed: Option<(String, String)>,
    extras: Vec<Shown>,
    /// People of the county school who took part.
    roster: Vec<String>,
    /// The policy under which it counts as enterprise practice, once there is one.
    practice: Option<String>,
    /// What a helper should have for it.
    premise: Option<Premise>,
    /// The plan uses a word for it that nobody has defined yet.
    undefined: bool,
}

#[derive(Serialize)]
struct ShowView {
    #[serde(flatten)]
    recorded: RecordedView,
    version: i64,
    activity_id: String,
    /// People whose posts of that day the registry no longer has.
    lapsed: Vec<String>,
    /// What the caller is asked of its own part in joint work.
    part: Option<join::Asked>,
    counts: bool,
    entered: bool,
    unit: &'static str,
    due: Option<String>,
    history: Vec<TimelineItem>,
    may: AllowedActions,
    /// What was typed into an answer that could not be taken.
    typed: Typed,
    replies: replies::Replies,
    attached: Option<AttachmentsView>,
    urge: Option<UrgeView>,
    /// Why the other side does not agree with it as it stands.
    objection: String,
    overdue: bool,
    /// It belongs to a table that is not through yet.
    half_written: bool,
    /// Where the next one like it is recorded.
    again: Option<String>,
    number: String,
    errors: Vec<FieldError>,
}

#[derive(Default, Serialize)]
struct Typed {
    part: bool,
    dispute: bool,
    confirmed: Field,
    disputed_from: Field,
    disputed_to: Field,
    reason: Field,
    words: String,
}

/// The answer's form once more, with what was typed and what is wrong with it.
fn typed(ctx: &RequestContext, row: &EntryRow, unit: &str, errors: &[FieldError]) -> Typed {
    let pairs = &ctx.form.values;
    let verdict = pairs.get("verdict");
    let field = |name: &str, label: &str| {
        Field { min: row.from_day.to_string(), max: row.to_day.to_string(), ..Field::new(name, label) }
            .required()
            .value(pairs.get(name))
            .error(errors)
    };
    let confirmed = Field {
        unit: unit.to_owned(),
        width: "short",
        min: String::new(),
        max: String::new(),
        ..field("confirmed", "确认的数")
    };
    Typed {
        part: verdict == "part",
        dispute: verdict == "dispute",
        confirmed,
        disputed_from: field("disputed_from", "不认可的日子，从"),
        disputed_to: field("disputed_to", "到"),
        reason: field("reason", "理由"),
        words: pairs.get("reason").to_owned(),
    }
}

/// An error about the reason leads to the box of the form that was sent.
fn placed(ctx: &RequestContext, errors: &[FieldError]) -> Vec<FieldError> {
    let box_of = |field: &str| match (field, ctx.form.values.get("verdict"), ctx.path.ends_with("/settle")) {
        ("reason", _, true) => "settle-reason".to_owned(),
        ("reason", "dispute", _) => "dispute-reason".to_owned(),
        _ => field.to_owned(),
    };
    errors.iter().map(|error| error.clone().at(box_of(&error.field))).collect()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

pub(super) async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let row = ctx.tx.find::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await?;
    let steps = history::of(&mut ctx.tx, &row.id).await?;
    let helpers = ctx.tx.all::<HelperRow>(&data::HELPERS_OF, args![&row.id]).await?;
    let programme = ctx.programme();
    let activity = entry_form::activity(ctx, &row.activity)?;
    let may = mask(ctx, rules::allowed(&ctx.actor, &row, &programme, ctx.today));
    let urge = notices::urge_view(ctx, "entry", &row.id).await?;
    let view = ShowView {
        again: again(ctx, &row, &activity).await?,
        half_written: actions::is_half_written(&mut ctx.tx, &row.id).await?,
        number: terms::short(&row.id),
        version: row.version,
        activity_id: activity.id.clone(),
        lapsed: join::lapsed(ctx, &row).await?,
        part: join::asked(ctx, &row, &helpers, &activity, &errors).await?,
        counts: counts(&activity, &row.post),
        entered: activity.measure == Measure::Entered,
        unit: activity.unit.label(),
        due: (row.state == State::Claimed).then(|| rules::answer_due(&row, &programme).to_string()),
        history: history::timeline(&steps, &words()),
        may,
        typed: typed(ctx, &row, activity.unit.label(), &errors),
        replies: replies::thread(ctx, &row, &steps, &errors),
        attached: attached::beside(ctx, &row, &steps, &errors).await?,
        urge,
        objection: objection(row.state, &steps),
        overdue: rules::answer_due(&row, &programme) < ctx.today,
        errors: placed(ctx, &errors),
        recorded: recorded(ctx, &row, &helpers, &activity).await?,
    };
    let page = head(&activity, &row.county_name);
    Ok(Reply::view("evidence/ledger/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// Where another one like it is recorded, while the caller may record such.
async fn again(ctx: &mut RequestContext, row: &EntryRow, activity: &Activity) -> Result<Option<String>> {
    let own = row.claimant == ctx.actor.org && ctx.can("entry", "claim");
    if !own || !activity.is_offered_on(ctx.today) {
        return Ok(None);
    }
    let pairings = claim::pairings_for(&mut ctx.tx, activity).await?;
    let goes_on = pairings.iter().any(|pairing| pairing.id == row.pairing);
    Ok(goes_on.then(|| format!("/entries/new/{}?like={}", activity.id, row.id)))
}

/// An entry that the caller sees, as it is recorded.
pub async fn recorded_view(ctx: &mut RequestContext, id: &str) -> Result<RecordedView> {
    let row = ctx.tx.find::<EntryRow>(&data::SHOW, args![id]).await?;
    let helpers = ctx.tx.all::<HelperRow>(&data::HELPERS_OF, args![&row.id]).await?;
    let activity = entry_form::activity(ctx, &row.activity)?;
    recorded(ctx, &row, &helpers, &activity).await
}

async fn recorded(
    ctx: &mut RequestContext,
    row: &EntryRow,
    helpers: &[HelperRow],
    activity: &Activity,
) -> Result<RecordedView> {
    let programme = ctx.programme();
    let people = ctx.tx.all::<(String, PersonName)>(&data::PEOPLE_OF, args![&row.id]).await?;
    let practice = practice(ctx, &programme, activity, row.to_day).await?;
    let premise = premise(ctx, (&programme, activity), row, helpers).await?;
    let here = format!("/entries/{}", row.id);
    let figure =
        |value: i64, label: &str| Figure::of(Reported::Value(value), activity.unit, &here, label).big();
    Ok(RecordedView {
        id: row.id.clone(),
        title: title(activity, &row.county_name),
        state: confirmation::mark(row.state),
        claimed: figure(row.quantity, "登记数"),
        confirmed: figure(row.confirmed, "确认数"),
        activity: activity.name.clone(),
        county: registry::link(&row.county_school, &row.county_name),
        pairing: Link::new(format!("/pairings/{}", row.pairing), format!("{}的结对", row.county_name)),
        claimant: registry::link(&row.claimant, &row.claimant_name),
        answerer: registry::link(&row.answerer, &row.answerer_name),
        parts: join::parts(&mut ctx.names, row, helpers),
        helpers: helpers.iter().map(|helper| share(helper, &here)).collect(),
        project: project(row),
        person: ctx.names.shown_if_any(row.person_name.as_ref(), &row.concerned()),
        person_post: registry::post_name(&row.post),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        span: activity.time == jiedui_programme::Time::Span,
        disputed: row.disputed_from.zip(row.disputed_to).map(|(from, to)| (from.to_string(), to.to_string())),
        extras: fields::shown(&activity.fields, &fields::parse(&row.fields), &here, &BTreeMap::new()),
        roster: people.iter().map(|(_, name)| ctx.names.shown(name, &row.concerned())).collect(),
        practice,
        premise,
        undefined: !activity.definition_issued,
    })
}

fn project(row: &EntryRow) -> Option<Link> {
    let title = || row.project_title.clone().unwrap_or_default();
    row.project.as_ref().map(|id| Link::new(format!("/projects/{id}"), title()))
}

/// Whether it counts by the post of whom it names.
fn counts(activity: &Activity, post: &str) -> bool {
    let fits = |rule: &PersonRule| rules::post_of(post).is_some_and(|post| rule.counting.contains(&post));
    activity.person.as_ref().is_none_or(fits)
}

/// The reason with which it was disputed last, where nothing but words came after.
fn objection(state: State, steps: &[HistoryRow]) -> String {
    let deed = steps.iter().rfind(|step| !history::is_beside(&step.kind));
    let stands = matches!(state, State::Disputed | State::Part);
    deed.filter(|_| stands).map(|step| step.reason.clone()).unwrap_or_default()
}

/// What the history of an entry calls its actions.
fn words() -> Vec<(&'static str, &'static str)> {
    confirmation::words().into_iter().chain([super::super::actions::join::KIND]).collect()
}

fn title(activity: &Activity, county: &str) -> String {
    format!("{}：{county}", activity.name)
}

fn head(activity: &Activity, county: &str) -> Page {
    Page::new(title(activity, county), "一条台账，从登记到答复的全部办理记录。")
        .back("/entries", "工作台账")
        .clauses(&activity.clauses)
        .kind("detail")
}

/// The title of the policy in force on a day, under which this work counts as enterprise practice in title review (T4.7).
async fn practice(
    ctx: &mut RequestContext,
    programme: &Programme,
    activity: &Activity,
    day: jiedui_kernel::Date,
) -> Result<Option<String>> {
    let Some(policy) = activity.practice_by.as_deref().and_then(|id| programme.output(id)) else {
        return Ok(None);
    };
    Ok(super::super::policies(&mut ctx.tx, policy, day).await?.into_iter().next().map(|row| row.title))
}

/// What a helper should have for it (T10.3: a filed evaluation body): each with the day since when it has it, if at all.
#[derive(Debug, Serialize)]
struct Premise {
    label: String,
    helpers: Vec<(String, Option<String>)>,
}

async fn premise(
    ctx: &mut RequestContext,
    (programme, activity): (&Programme, &Activity),
    row: &EntryRow,
    helpers: &[HelperRow],
) -> Result<Option<Premise>> {
    let Some(premise) = &activity.premise else { return Ok(None) };
    let fields = fields::facts(&fields::parse(&row.fields));
    let said = |when: &Only| when.takes(chosen(None, &fields, &when.field));
    let Some(kind) = programme.output(&premise.output).filter(|_| premise.when.as_ref().is_none_or(said))
    else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for helper in helpers {
        let mut since = None;
        // It may stand in a form that came into this one.
        for form in programme.became_output(&kind.id).chain([kind]) {
            let held = held(ctx, (form, premise.only.as_ref()), &helper.org, row.from_day).await?;
            since = since.max(held);
        }
        found.push((helper.name.clone(), since.map(|day| day.to_string())));
    }
    Ok((!found.is_empty()).then(|| Premise { label: premise.label.clone(), helpers: found }))
}

/// Since when an organisation has something of a form that counts on a day.
async fn held(
    ctx: &mut RequestContext,
    (form, only): (&Output, Option<&Only>),
    org: &str,
    day: Date,
) -> Result<Option<Date>> {
    let stages = ctx.tx.all::<(String, String, String, Date)>(&data::PREMISE, args![org, &form.id]).await?;
    let counts = |id: &str| form.stages.iter().any(|stage| stage.id == id && stage.counts);
    let takes = |fields: &str| {
        let fields = fields::facts(&fields::parse(fields));
        only.is_none_or(|only| only.takes(chosen(form.became.as_ref(), &fields, &only.field)))
    };
    let last = stages.iter().rfind(|(_, fields, _, from)| *from <= day && takes(fields));
    Ok(last.filter(|(_, _, stage, _)| counts(stage)).map(|(_, _, _, from)| *from))
}

/// A provider, and how much of it it gave.
fn share(helper: &HelperRow, here: &str) -> (Link, Figure) {
    let share = Figure::of(Reported::Value(helper.share * 100), Unit::BasisPoints, here, "承担比例");
    (registry::link(&helper.org, &helper.name), share)
}

/// What the role may not do at all is not offered either.
fn mask(ctx: &RequestContext, may: AllowedActions) -> AllowedActions {
    let (answer, claim) = (ctx.can("entry", "answer"), ctx.can("entry", "claim"));
    AllowedActions {
        answer: may.answer && answer,
        take_back: may.take_back && answer,
        adjudicate: may.adjudicate && ctx.can("entry", "settle"),
        correct: may.correct && claim,
        accept: may.accept && claim,
        stage: false,
        withdraw: may.withdraw && claim,
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<Found<EntryRow>> {
    ctx.tx.find::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await
}

fn done(entry: &EntryRow, text: &str) -> Reply {
    Reply::done(format!("/entries/{}", entry.id), Flash::done(text))
}

/// What the form says, with the reason that anything but a plain confirmation must have.
pub fn read_verdict(pairs: &FormValues, unit: Unit) -> Result<(EntryAnswer, String)> {
    let mut read = Reader::default();
    let reason = read.text(pairs, "reason", "理由", 500).to_owned();
    let verdict = match pairs.get("verdict") {
        "confirm" => Some(EntryAnswer::Confirm),
        "dispute" => Some(EntryAnswer::Dispute),
        "part" if !pairs.get("confirmed").is_empty() => {
            let text = pairs.get("confirmed");
            jiedui_web::fields::read_number(&mut read, "confirmed", "确认的数", unit, text, 0)
                .map(EntryAnswer::Only)
        }
        "part" => {
            let from = read.date(pairs, "disputed_from", "不认可的开始日期");
            let to = read.date(pairs, "disputed_to", "不认可的结束日期");
            let hole = from.zip(to).and_then(|(from, to)| Period::new(from, to));
            if hole.is_none() && from.is_some() && to.is_some() {
                read.fail("disputed_to", Mistake::reversed());
            }
            hole.map(EntryAnswer::Except)
        }
        _ => {
            read.fail("verdict", Code::Missing.says("请选择确认、部分确认或提出异议。"));
            None
        }
    };
    if !matches!(verdict, Some(EntryAnswer::Confirm)) && reason.is_empty() {
        read.fail("reason", Code::Missing.says("请写明理由，一句话即可，让对方知道怎样更正。"));
    }
    read.done()?;
    verdict.map(|verdict| (verdict, reason)).ok_or(Error::NotFound)
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, programme) = (asked(ctx).await?, ctx.programme());
    let version = ctx.form_version()?;
    if ctx.form.values.get("verdict") == "take_back" {
        answer::take_back(&mut ctx.tx, &programme, &entry, version).await?;
        return Ok(done(&entry, "已撤销原来的答复，这一条重新等待确认。"));
    }
    // Whose answer it is comes before what the form says.
    actions::apply(&ctx.tx, &programme, &entry, version, Action::Confirm)?;
    let unit = programme.activity(&entry.activity).map_or(Unit::Items, |activity| activity.unit);
    let answered = match read_verdict(&ctx.form.values, unit) {
        Ok((verdict, reason)) => answer::respond(&mut ctx.tx, &programme, &entry, version, &verdict, &reason)
            .await
            .map(|()| verdict),
        Err(error) => Err(error),
    };
    match answered.or_wrong()? {
        Ok(EntryAnswer::Confirm) => Ok(done(&entry, "已确认，计入确认数。")),
        Ok(EntryAnswer::Except(_) | EntryAnswer::Only(_)) => {
            Ok(done(&entry, "已部分确认（核减）；其余等对方更正，现在不计数。"))
        }
        Ok(EntryAnswer::Dispute) => {
            Ok(done(&entry, "已提出异议，对方会在工作台看到理由；更正前不计入确认数。"))
        }
        Err(errors) => show_page(ctx, errors).await,
    }
}

/// A bureau adjudicates what its side left unanswered for too long: with a reason, and with its own name.
pub async fn adjudicate(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, programme) = (asked(ctx).await?, ctx.programme());
    let ruling = if ctx.form.values.get("verdict") == "confirm" { Ruling::Confirm } else { Ruling::Dispute };
    // Whose decision it is comes before what the form says.
    actions::apply(&ctx.tx, &programme, &entry, entry.version, Action::Adjudicate(ruling))?;
    let version = ctx.form_version()?;
    let reason = ctx.form.values.get("reason").to_owned();
    if reason.is_empty() || reason.chars().count() > 500 {
        let message = Code::Missing.says("核定要写明理由，一句话，最多五百字。");
        return show_page(ctx, vec![FieldError::new("reason", message)]).await;
    }
    answer::adjudicate(&mut ctx.tx, &programme, &entry, version, ruling, &reason).await?;
    Ok(done(&entry, "已核定，双方都能看到理由。"))
}

/// Takes the other side's part confirmation for the whole.
pub async fn accept(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, programme) = (asked(ctx).await?, ctx.programme());
    // Whose entry it is comes before what the form says.
    actions::apply(&ctx.tx, &programme, &entry, entry.version, Action::Accept)?;
    let version = ctx.form_version()?;
    correct::accept(&mut ctx.tx, &programme, &entry, version).await?;
    Ok(done(&entry, "已按对方确认的部分更正，这一条不再有争议。"))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, programme) = (asked(ctx).await?, ctx.programme());
    // The undo link right after a claim carries the version in its address.
    // Whose entry it is comes before what the form says.
    actions::apply(&ctx.tx, &programme, &entry, entry.version, Action::Withdraw)?;
    let version = ctx.form_or_link_version()?;
    correct::withdraw(&mut ctx.tx, &programme, &entry, version).await?;
    Ok(Reply::done("/entries", Flash::done("已撤回；办理记录都保留，但不再计数。")))
}

/// What the caller says of its own part in joint work.
pub async fn say_part(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, programme) =
        (ctx.tx.find::<EntryRow>(&data::SHOW, args![ctx.param("id")]).await?, ctx.programme());
    let person = ctx.form.values.get("part-person").to_owned();
    match actions::join::join(&mut ctx.tx, &programme, &entry, &person).await.or_wrong()? {
        Ok(()) => Ok(Reply::done(
            format!("/entries/{}", entry.id),
            Flash::done("已写明本单位的人，从现在起计入本单位的履职进度。"),
        )),
        Err(errors) => {
            let own = |error: FieldError| match error.field.as_str() {
                "person" => error.at("part-person"),
                _ => error,
            };
            show_page(ctx, errors.into_iter().map(own).collect()).await
        }
    }
}

/// A few words to the other side; nothing of the entry changes.
pub async fn reply(ctx: &mut RequestContext) -> Result<Reply> {
    let (entry, programme) = (asked(ctx).await?, ctx.programme());
    let text = ctx.form.values.get("reply").to_owned();
    match actions::reply::reply(&mut ctx.tx, &programme, &entry, &text).await.or_wrong()? {
        Ok(()) => Ok(done(&entry, "已回复，对方会在消息里看到。")),
        Err(errors) => show_page(ctx, errors).await,
    }
}
