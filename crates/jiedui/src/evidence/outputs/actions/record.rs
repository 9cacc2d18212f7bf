//! Recording an output: every check in one place, for the form, for corrections, applications and the demonstration.

use super::super::data::{self, OutputRow};
use super::super::rules;
use super::holders;
use super::note;
use super::places::{self, OutputPlace};
use super::projects;
use super::raised;
use crate::network::chains;
use crate::network::enterprises::{self, Named, Use};
use crate::network::registry;
use crate::shared::confirmation::{Confirmation, Record};
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_programme::{FieldKind, Output, Programme, Stage};
use jiedui_store::{Tx, args, named};
use jiedui_web::fields::{Values, kept, name_enterprises, not_offered};
use std::collections::BTreeMap;

/// What a recorder says.
#[derive(Debug, Clone, Default)]
pub struct NewOutput {
    /// The school it belongs to; none where its type belongs to none.
    pub school: Option<String>,
    pub title: String,
    /// The day from which it is in its stage.
    pub since: Option<Date>,
    /// The stage in which it is recorded; the first where nothing is said.
    pub stage: Option<String>,
    /// In the type's unit; one where the type counts no quantity.
    pub quantity: Option<i64>,
    pub achieved: Option<i64>,
    /// Joint builders.
    pub helpers: Vec<String>,
    pub fields: Values,
    /// The earlier output that it continues or replaces.
    pub follows: Option<String>,
    /// The project it is part of.
    pub project: Option<String>,
}

/// What a new stage says.
#[derive(Debug, Clone)]
pub struct NewStage {
    pub stage: String,
    pub from: Date,
    /// How much has come so far, where the type asks.
    pub achieved: Option<i64>,
    pub note: String,
}

pub(super) struct Checked<'k> {
    pub stage: &'k Stage,
    pub since: Date,
    pub quantity: i64,
    pub achieved: i64,
    pub helpers: Vec<String>,
}

/// Everything that may be wrong with what a recorder says, at once. `except` is the output that a correction is about.
pub(super) async fn check<'k>(
    tx: &mut Tx,
    (programme, kind): (&Programme, &'k Output),
    place: &OutputPlace,
    new: &NewOutput,
    except: &str,
) -> Result<Checked<'k>> {
    let mut errors = Vec::new();
    let today = tx.today();
    check_plain(new, today, &mut errors);
    let stage = match &new.stage {
        Some(id) => rules::stage(kind, id),
        None => kind.stages.first(),
    };
    if stage.is_none() {
        errors.push(FieldError::new("stage", Code::NotListed.says("请从列表里选择现在处于哪个阶段。")));
    }
    let counted = !kind.quantity_label.is_empty();
    if counted && new.quantity.is_none_or(|number| number < 1) {
        errors.push(FieldError::new(
            "quantity",
            Code::OutOfRange.says(format!("{}要大于零。", kind.quantity_label)),
        ));
    }
    errors.extend(impossible(programme, kind, &new.fields, (new.quantity, new.achieved)));
    let helpers = builders(&tx.actor().org, place, new, &mut errors);
    check_people(tx, kind, new, &mut errors).await?;
    if let (Some(holder), Some(stage)) = (&kind.holder, stage) {
        let person = new.fields.get(&holder.field).and_then(serde_json::Value::as_str).unwrap_or_default();
        holders::check(tx, (kind, holder), (place, stage), (person, new.since), except, &mut errors).await?;
    }
    if let (Some(stage), Some(since)) = (stage, new.since) {
        errors.extend(raised::check(tx, (programme, kind), &place.org, (stage, since), except).await?);
    }
    check_follows(tx, place, new, except, &mut errors).await?;
    let standing = new.since.filter(|_| stage.is_some_and(|stage| stage.counts));
    let kept = projects::kept(tx, except).await?;
    let project = (new.project.as_deref(), standing, kept.as_str());
    projects::check(tx, (programme, kind), place, project, &mut errors).await?;
    if let Some(day) = new.since.filter(|_| errors.is_empty()) {
        // Two at once would both find none of this name.
        registry::lock(tx, &place.org).await?;
        let twin = args![&place.org, &kind.id, &new.title, day, except];
        if tx.number(&data::TWIN, twin).await? > 0 {
            errors.push(FieldError::new(
                "title",
                Code::Duplicate.says("同一天已登记过同名的一项；同一件事只登记一次。"),
            ));
        }
    }
    match (stage, new.since) {
        (Some(stage), Some(since)) if errors.is_empty() => Ok(Checked {
            stage,
            since,
            quantity: if counted { new.quantity.unwrap_or(1) } else { 1 },
            achieved: if kind.achieved_label.is_empty() { 0 } else { new.achieved.unwrap_or(0) },
            helpers,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// The numbers that are more than the whole of which they are a part, as the programme says it.
pub(super) fn impossible(
    programme: &Programme,
    kind: &Output,
    fields: &Values,
    (quantity, achieved): (Option<i64>, Option<i64>),
) -> Vec<FieldError> {
    let mut values: BTreeMap<&str, i64> =
        fields.iter().filter_map(|(id, value)| Some((id.as_str(), value.as_i64()?))).collect();
    let told = [("quantity", quantity), ("achieved", achieved)];
    values.extend(told.into_iter().filter_map(|(id, number)| Some((id, number?))));
    let broken = programme.broken_relations_of_output(&kind.id, &values);
    broken.iter().map(|one| FieldError::new(one.field.clone(), one.mistake())).collect()
}

/// An answer that is not for the caller's side is no answer of the caller's.
pub(super) fn offered(tx: &Tx, kind: &Output, fields: &Values) -> Result<()> {
    let sides = places::sides_of(tx.actor(), &kind.recorded_by);
    Error::of(not_offered(&kind.fields, fields, &sides))
}

/// Its name and its day.
fn check_plain(new: &NewOutput, today: Date, errors: &mut Vec<FieldError>) {
    let length = new.title.chars().count();
    if length == 0 {
        errors.push(FieldError::new("title", Code::Missing.says("请写一个名称，让别人一看就知道是哪一项。")));
    } else if length > 60 {
        errors.push(FieldError::new("title", Mistake::too_long("名称", 60, length)));
    }
    match new.since {
        None => errors.push(FieldError::new("since", Code::Missing.says("请选择日期。"))),
        Some(day) if day > today => {
            errors.push(FieldError::new(
                "since",
                Code::InFuture.says("还没有发生的不能登记；请等到那一天再记，或改成今天以前的日期。"),
            ));
        }
        Some(_) => {}
    }
}

/// Who built it. A helper that records what it built is one of its builders.
fn builders(
    recorder: &str,
    place: &OutputPlace,
    new: &NewOutput,
    errors: &mut Vec<FieldError>,
) -> Vec<String> {
    let mut helpers: Vec<String> = Vec::new();
    if place.helpers.iter().any(|(org, _)| org == recorder) {
        helpers.push(recorder.to_owned());
    }
    for helper in &new.helpers {
        if !place.helpers.iter().any(|(org, _)| org == helper) {
            errors.push(FieldError::new("helper", Code::NotListed.says("只能选这所学校的协作院校。")));
        } else if !helpers.contains(helper) {
            helpers.push(helper.clone());
        }
    }
    helpers
}

/// A person that a field names works for the recorder.
async fn check_people(
    tx: &mut Tx,
    kind: &Output,
    new: &NewOutput,
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let asked: Vec<_> = kind.fields.iter().filter(|field| field.kind == FieldKind::Person).collect();
    if asked.iter().all(|field| !new.fields.contains_key(&field.id)) {
        return Ok(());
    }
    let (org, today) = (tx.actor().org.clone(), tx.today());
    let people = crate::network::registry::people_at(tx, &org, new.since.unwrap_or(today), today).await?;
    for field in asked {
        let named = new.fields.get(&field.id).and_then(serde_json::Value::as_str);
        if named.is_some_and(|named| people.iter().all(|person| person.id != named)) {
            errors.push(FieldError::new(&field.id, Code::NotListed.says("请从本单位在任的人员里选。")));
        }
    }
    Ok(())
}

async fn check_follows(
    tx: &mut Tx,
    place: &OutputPlace,
    new: &NewOutput,
    except: &str,
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    let Some(id) = &new.follows else { return Ok(()) };
    let earlier = tx.maybe::<OutputRow>(&data::SHOW, args![id]).await?;
    let fits = earlier.is_some_and(|earlier| {
        earlier.stands_at == place.org && earlier.id != except && earlier.follows.as_deref() != Some(except)
    });
    if !fits {
        errors.push(FieldError::new("follows", Code::NotListed.says("请从同一单位较早的成果里选。")));
    }
    Ok(())
}

/// The place that the recorder chose, or the only one there is.
async fn place_of(tx: &mut Tx, kind: &Output, school: Option<&str>) -> Result<OutputPlace> {
    let mut places = places::places(tx, kind).await?;
    if places.is_empty() {
        return Err(Error::Forbidden(format!("“{}”不由本单位登记。", kind.name)));
    }
    let at = match school {
        Some(school) => places.iter().position(|place| place.org == school),
        None => (places.len() == 1).then_some(0),
    };
    match at {
        Some(at) => Ok(places.swap_remove(at)),
        None => Err(Error::field("school", Code::Missing.says("请选择学校。"))),
    }
}

/// What the form says of the chosen kind, with its enterprises and its chain under their registered names.
pub(super) async fn with_enterprises(
    tx: &mut Tx,
    kind: &Output,
    place: &OutputPlace,
    new: &NewOutput,
) -> Result<(NewOutput, Vec<Named>)> {
    let mut new = NewOutput { fields: kept(&kind.fields, new.fields.clone()), ..new.clone() };
    if kind.names_enterprise || name_enterprises(&kind.fields) {
        // Before any enterprise is held, as entries do it: so that nobody waits for another in a circle.
        registry::lock(tx, &place.org).await?;
    }
    let mut named = enterprises::register(tx, &kind.fields, &mut new.fields, &place.org).await?;
    if kind.names_enterprise
        && let Some((title, one)) = enterprises::register_title(tx, &new.title, &place.org).await?
    {
        new.title = title;
        named.push(one);
    }
    chains::register(tx, &kind.fields, &mut new.fields, &place.org).await?;
    Ok((new, named))
}

/// An output as something that names enterprises and chains.
pub(super) fn naming<'a>(id: &'a str, kind: &'a Output, (place, day): (&'a OutputPlace, Date)) -> Use<'a> {
    let (pairing, org) = (place.pairing.as_deref(), Some(place.org.as_str()));
    Use { kind: "output", resource: id, what: &kind.id, pairing, org, day }
}

/// Keeps which enterprises and which chain an output names.
pub(super) async fn keep_names(
    tx: &mut Tx,
    of: Use<'_>,
    (kind, place): (&Output, &OutputPlace),
    (values, named): (&Values, &[Named]),
) -> Result<()> {
    enterprises::keep(tx, of, named).await?;
    chains::keep(tx, of, (&kind.fields, values), &place.org).await
}

/// Records an output for the caller. Without a confirmer it stands at once; else the other side is asked.
pub async fn record(tx: &mut Tx, programme: &Programme, kind: &Output, new: &NewOutput) -> Result<String> {
    let place = place_of(tx, kind, new.school.as_deref()).await?;
    let (new, named) = with_enterprises(tx, kind, &place, new).await?;
    offered(tx, kind, &new.fields)?;
    let checked = check(tx, (programme, kind), &place, &new, "").await?;
    let answerer = places::answerer(tx, kind, &place, &checked.helpers).await?;
    insert(tx, programme, kind, (&place, &new, &named), &checked, (answerer, "")).await
}

/// What a granted application becomes: it stands at once, since the one who decided said so.
pub async fn grant(
    tx: &mut Tx,
    programme: &Programme,
    kind: &Output,
    place: OutputPlace,
    (new, application): (&NewOutput, &str),
) -> Result<String> {
    let (new, named) = with_enterprises(tx, kind, &place, new).await?;
    let checked = check(tx, (programme, kind), &place, &new, "").await?;
    insert(tx, programme, kind, (&place, &new, &named), &checked, (None, application)).await
}

async fn insert(
    tx: &mut Tx,
    programme: &Programme,
    kind: &Output,
    (place, new, enterprises): (&OutputPlace, &NewOutput, &[Named]),
    checked: &Checked<'_>,
    (answerer, application): (Option<String>, &str),
) -> Result<String> {
    let (id, now, org) = (tx.new_id(), tx.now(), tx.actor().org.clone());
    let (next, effect) = Confirmation::begin(answerer.is_some());
    let values = &new.fields;
    named!(data::INSERT {
        id: &id,
        output: &kind.id,
        kind: rules::kind_id(kind.kind),
        clause: kind.clauses.first().map_or("", String::as_str),
        programme: &programme.meta.version,
        org: &org,
        school: place.is_school.then_some(place.org.as_str()),
        stands_at: &place.org,
        pairing: place.pairing.as_deref(),
        title: &new.title,
        quantity: checked.quantity,
        achieved: checked.achieved,
        state: next.state.text(),
        stage: &checked.stage.id,
        stage_from: checked.since,
        since: checked.since,
        fields: serde_json::to_string(values).map_err(Error::internal)?,
        answerer,
        claimed_at: now,
        follows: new.follows.as_deref(),
        application,
        project: new.project.as_deref(),
        project_part: projects::part(new.project.as_deref(), Some(checked.stage), checked.quantity),
    })
    .write(tx)
    .await?;
    put_stage(tx, &id, &checked.stage.id, checked.since, (checked.achieved, "")).await?;
    for helper in &checked.helpers {
        tx.write(&data::INSERT_HELPER, args![&id, helper]).await?;
    }
    let of = naming(&id, kind, (place, checked.since));
    keep_names(tx, of, (kind, place), (values, enterprises)).await?;
    let change = serde_json::json!({
        "output": kind.id, "title": new.title, "school": new.school, "since": checked.since,
        "stage": checked.stage.id, "quantity": checked.quantity, "achieved": checked.achieved,
        "helpers": checked.helpers, "fields": values, "application": application, "project": new.project,
    });
    let record = Record { resource: "output", id: &id, version: 1, effect, reason: "", batch: "", change };
    note(tx, programme, record).await?;
    Ok(id)
}

pub(super) async fn put_stage(
    tx: &mut Tx,
    output: &str,
    stage: &str,
    from: Date,
    (achieved, note): (i64, &str),
) -> Result<()> {
    let (id, now, actor) = (tx.new_id(), tx.now(), std::sync::Arc::clone(tx.actor()));
    let name = format!("{} {}", actor.org_name, actor.name());
    tx.write(&data::INSERT_STAGE, args![id, output, stage, from, achieved, note, now, name]).await.map(drop)
}
