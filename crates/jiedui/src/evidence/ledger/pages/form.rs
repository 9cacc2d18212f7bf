//! The one generated form for every activity type: laid out from the programme, prefilled from what is known, read back.

use super::super::actions::claim::{self, NewEntry};
use super::super::data::{self, EntryRow};
use super::super::rules;
use crate::network::pairings::{self, EarlierWork, PairingRow};
use crate::network::registry;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_programme::{Activity, Confirmer, Measure, PersonOf, Side, Time};
use jiedui_store::{Found, Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::Draft;
use jiedui_web::fields::{self, Drawn};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field};
use serde::Serialize;

pub fn activity(ctx: &RequestContext, id: &str) -> Result<Activity> {
    ctx.programme().activities.iter().find(|activity| activity.id == id).cloned().ok_or(Error::NotFound)
}

#[derive(Serialize)]
pub struct FormView {
    pub action: String,
    pub submit: String,
    pub draft: Draft,
    pub about: String,
    pub fields: Vec<Drawn>,
    /// What is known and need not be asked.
    pub known: Vec<(String, String)>,
    pub hidden: Vec<(String, String)>,
    pub errors: Vec<FieldError>,
    pub people_href: String,
    pub spans: bool,
    /// Of this kind, by the helpers before: school and days.
    pub earlier: Vec<(String, EarlierWork)>,
    /// The name of an activity that nobody has defined yet, else "".
    pub undefined: String,
}

/// What the claimant says to the other side's objection.
pub fn add_reply(view: &mut FormView, given: &FormValues) {
    let field =
        Field::new("reply", "对异议的答复").required().help("一句话：改了什么，为什么。对方答复时能看到。");
    let field = Field { maxlength: Some(200), width: "long", ..field.value(given.get("reply")) };
    draw(view, "text", field);
}

/// Lays the form out for this claimant. What has only one possible value is shown, not asked.
pub async fn build(
    ctx: &mut RequestContext,
    activity: &Activity,
    pairings: &[PairingRow],
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<FormView> {
    let mut view = FormView {
        action: String::new(),
        submit: String::new(),
        draft: Draft::none(""),
        about: activity.about.clone(),
        fields: Vec::new(),
        known: Vec::new(),
        hidden: Vec::new(),
        people_href: format!("/registry/{}/people", ctx.actor.org),
        spans: activity.time == Time::Span,
        earlier: earlier_of(ctx, activity, pairings).await?,
        undefined: if activity.definition_issued { String::new() } else { activity.name.clone() },
        errors,
    };
    add_pairing(&mut view, ctx, pairings, given);
    add_helper(&mut view, activity, pairings, given);
    add_person(&mut view, ctx, activity, given).await?;
    add_time(&mut view, ctx, activity, given);
    if activity.measure == Measure::Entered {
        let mut field =
            Field::new("quantity", &activity.quantity_label).required().value(given.get("quantity"));
        field.unit = activity.unit.label().to_owned();
        field.width = "short";
        draw(&mut view, "number", field);
    }
    add_project(&mut view, ctx, activity, pairings, given).await?;
    add_roster(&mut view, ctx, activity, pairings, given).await?;
    add_joint(&mut view, activity, pairings, given);
    add_again(&mut view, given);
    // One optional field stands open; several would hide what must be filled.
    let folds = activity.fields.iter().filter(|field| !field.required).count() > 1;
    let drawn = fields::draw(&activity.fields, given, &view.errors, &[]);
    view.fields.extend(drawn.into_iter().map(|one| Drawn { extra: folds && !one.field.required, ..one }));
    Ok(view)
}

/// What those who helped these schools before did of this kind: so that it is not given, and counted, twice.
async fn earlier_of(
    ctx: &mut RequestContext,
    activity: &Activity,
    pairings: &[PairingRow],
) -> Result<Vec<(String, EarlierWork)>> {
    let (mut found, programme) = (Vec::new(), ctx.programme());
    for pairing in pairings {
        let work = pairings::earlier_work(&mut ctx.tx, &programme, pairing).await?;
        let same = work.into_iter().filter(|one| one.activity == activity.id);
        found.extend(same.map(|one| (pairing.county_name.clone(), one)));
    }
    Ok(found)
}

fn draw(view: &mut FormView, kind: &'static str, field: Field) {
    let field = field.error(&view.errors);
    view.fields.push(Drawn::new(kind, field));
}

/// Teachers of the county school to tick. With several schools to choose from, they stand under their school's name.
async fn add_roster(
    view: &mut FormView,
    ctx: &mut RequestContext,
    activity: &Activity,
    pairings: &[PairingRow],
    given: &FormValues,
) -> Result<()> {
    let Some(rule) = &activity.roster else { return Ok(()) };
    let chosen = given.all("roster");
    let since = ctx.today - chrono::TimeDelta::days(400);
    let mut options: Vec<Choice> = Vec::new();
    for pairing in pairings {
        for person in registry::people_at(&mut ctx.tx, &pairing.county_school, since, ctx.today).await? {
            let fits = rules::post_of(&person.post).is_some_and(|post| rule.posts.contains(&post));
            if fits && options.iter().all(|option| option.value != person.id) {
                let label = if pairings.len() > 1 {
                    format!("{}（{}）", person.name, pairing.county_name)
                } else {
                    person.name.clone()
                };
                let selected = chosen.contains(&person.id);
                options.push(Choice { selected, ..Choice::new(&person.id, label) });
            }
        }
    }
    if !options.is_empty() {
        let mut field = Field::new("roster", &rule.label).help(&rule.help);
        field.options = options;
        draw(view, "checks", field);
    }
    Ok(())
}

/// Whether the other helper took part: one entry for both, shared half and half.
fn add_joint(view: &mut FormView, activity: &Activity, pairings: &[PairingRow], given: &FormValues) {
    if !activity.joint || pairings.iter().all(|row| row.lead == row.nearby) {
        return;
    }
    let mut field = Field::new("joint", "两所协作院校合办")
        .help("勾选后只登记一条、只计一次；对方在自己的工作台写明它的人，才计入对方的履职进度。");
    field.options = vec![Choice { selected: given.get("joint") == "yes", ..Choice::new("yes", "是") }];
    let field = field.error(&view.errors);
    view.fields.push(Drawn { extra: true, ..Drawn::new("checks", field) });
}

/// Asked only where the same was claimed before.
fn add_again(view: &mut FormView, given: &FormValues) {
    if view.errors.iter().any(|error| error.field == "again") {
        let mut field = Field::new("again", "与已登记的一条完全相同").required();
        field.options = vec![Choice {
            selected: given.get("again") == "yes",
            ..Choice::new("yes", "确实是另一次，仍要登记")
        }];
        view.fields.push(Drawn::new("checks", field.error(&view.errors)));
    }
}

fn add_pairing(view: &mut FormView, ctx: &RequestContext, pairings: &[PairingRow], given: &FormValues) {
    let label = |row: &PairingRow| {
        if row.county_school == ctx.actor.org {
            format!("{}、{}", row.lead_name, row.nearby_name)
        } else {
            row.county_name.clone()
        }
    };
    let title = if pairings.iter().any(|row| row.county_school == ctx.actor.org) {
        "协作院校"
    } else {
        "对口县级院校"
    };
    match pairings {
        [only] => {
            view.known.push((title.to_owned(), label(only)));
            view.hidden.push(("pairing".to_owned(), only.id.clone()));
        }
        many => {
            let mut options: Vec<Choice> = many.iter().map(|row| Choice::new(&row.id, label(row))).collect();
            options.insert(0, Choice::new("", "请选择"));
            draw(
                view,
                "select",
                Field::new("pairing", title).required().options(options).value(given.get("pairing")),
            );
        }
    }
}

fn add_helper(view: &mut FormView, activity: &Activity, pairings: &[PairingRow], given: &FormValues) {
    if activity.confirmed_by != Confirmer::Helper {
        return;
    }
    let mut options = vec![Choice::new("", "请选择")];
    for row in pairings {
        options.push(Choice::new(&row.lead, format!("{}（牵头）", row.lead_name)));
        options.push(Choice::new(&row.nearby, format!("{}（配合）", row.nearby_name)));
    }
    draw(
        view,
        "select",
        Field::new("helper", "去了哪所院校").required().options(options).value(given.get("helper")),
    );
}

async fn add_person(
    view: &mut FormView,
    ctx: &mut RequestContext,
    activity: &Activity,
    given: &FormValues,
) -> Result<()> {
    let Some(rule) = &activity.person else { return Ok(()) };
    debug_assert!(
        rule.of == PersonOf::Helper || activity.claimed_by == [Side::CountySchool],
        "a claimant names its own people only"
    );
    let since = ctx.today - chrono::TimeDelta::days(400);
    let people = registry::people_at(&mut ctx.tx, &ctx.actor.org, since, ctx.today).await?;
    let mut options = vec![Choice::new("", "请选择")];
    for person in people {
        let fits = rules::post_of(&person.post).is_some_and(|post| rule.offered.contains(&post));
        if fits && options.iter().all(|option| option.value != person.id) {
            let title =
                if person.title.is_empty() { registry::post_name(&person.post) } else { &person.title };
            options.push(Choice::new(&person.id, format!("{}（{title}）", person.name)));
        }
    }
    let help = if rule.counting == rule.offered {
        format!("可选：{}。", claim::post_words(&rule.offered))
    } else {
        format!("{}到访计入履职；其他校领导到访也可登记，只作记录。", claim::post_words(&rule.counting))
    };
    draw(
        view,
        "select",
        Field::new("person", &rule.label).required().options(options).help(&help).value(given.get("person")),
    );
    Ok(())
}

/// The projects that an entry can be part of. Where there is none, nothing is asked, but for what is nothing without one.
async fn add_project(
    view: &mut FormView,
    ctx: &mut RequestContext,
    activity: &Activity,
    pairings: &[PairingRow],
    given: &FormValues,
) -> Result<()> {
    let (named, programme) = (given.get("project").to_owned(), ctx.programme());
    let mut options = Vec::new();
    for pairing in pairings {
        for row in claim::projects_for(&mut ctx.tx, (&programme, activity), &pairing.id, Some(&named)).await?
        {
            let label = format!("{}年 {}", row.year, row.title);
            options.push(Choice { group: row.county_name.clone(), ..Choice::new(&row.id, label) });
        }
    }
    if options.is_empty() && !activity.of_project {
        return Ok(());
    }
    let blank = if activity.of_project { "请选择" } else { "不属于项目" };
    let help = if options.is_empty() {
        "还没有已备案、按这一单位计数的项目。请先在项目清单里列入并备案。"
    } else if activity.of_project {
        "从已备案的年度项目里选。"
    } else {
        "算进哪个年度项目，可不选；选了，项目进度就会自己走。"
    };
    options.insert(0, Choice::new("", blank));
    let mut field = Field::new("project", "属于哪个项目").options(options).help(help).value(named);
    field.required = activity.of_project;
    draw(view, "select", field);
    Ok(())
}

fn add_time(view: &mut FormView, ctx: &RequestContext, activity: &Activity, given: &FormValues) {
    let date = |name: &str, label: &str| {
        let mut field = Field::new(name, label).required().value(given.get(name));
        field.max = ctx.today.to_string();
        field.width = "short";
        field
    };
    match activity.time {
        Time::Day => draw(view, "date", date("from", "日期")),
        Time::Span => {
            draw(view, "date", date("from", "开始日期"));
            draw(view, "date", date("to", "结束日期").help("这一天也算在内。"));
        }
    }
}

/// Reads the form. Fields that cannot be read are errors; what they mean is checked in `claim`.
pub async fn read(
    ctx: &mut RequestContext,
    activity: &Activity,
    pairings: &[PairingRow],
) -> Result<NewEntry> {
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let pairing = pairings.iter().find(|row| row.id == pairs.get("pairing"));
    if pairing.is_none() {
        read.fail("pairing", "请选择学校。");
    }
    if activity.person.is_some() && pairs.get("person").is_empty() {
        read.fail("person", "请选择人员。");
    }
    let from = read.date(&pairs, "from", if activity.time == Time::Day { "日期" } else { "开始日期" });
    let to = if activity.time == Time::Span { read.date(&pairs, "to", "结束日期") } else { None };
    let quantity = (activity.measure == Measure::Entered)
        .then(|| {
            let text = pairs.get("quantity");
            fields::read_number(&mut read, "quantity", &activity.quantity_label, activity.unit, text, 1)
        })
        .flatten();
    let fields = fields::read(&activity.fields, &pairs, &mut read);
    let roster = pairs.all("roster").into_iter().filter(|person| !person.is_empty()).collect();
    let optional = |name: &str| Some(pairs.get(name).to_owned()).filter(|value| !value.is_empty());
    let (person, helper, project) = (optional("person"), optional("helper"), optional("project"));
    match (pairing.cloned(), read.done()) {
        (Some(pairing), Ok(())) => Ok(NewEntry {
            pairing,
            helper,
            again: pairs.get("again") == "yes",
            joint: pairs.get("joint") == "yes",
            from,
            to,
            person,
            quantity,
            project,
            roster,
            fields,
        }),
        (_, Err(errors)) => Err(errors),
        (None, Ok(())) => Err(Error::field("pairing", "请选择学校。")),
    }
}

/// The values of an entry as its form would have sent them.
pub async fn values_of(tx: &mut Tx, activity: &Activity, entry: &Found<EntryRow>) -> Result<FormValues> {
    let named = tx.all::<(String, String)>(&data::PEOPLE_OF, args![&entry.id]).await?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("pairing", &entry.pairing);
    query.append_pair("from", &entry.from_day.to_string());
    query.append_pair("to", &entry.to_day.to_string());
    query.append_pair("quantity", &activity.unit.format(entry.quantity));
    for (name, value) in [("person", &entry.person), ("project", &entry.project)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    for (person, _) in &named {
        query.append_pair("roster", person);
    }
    query.extend_pairs(fields::typed(&activity.fields, &fields::parse(&entry.fields)));
    Ok(FormValues::parse(query.finish().as_bytes()))
}
