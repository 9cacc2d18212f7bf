//! The form of an announcement: what, where, when, who, what for. What has one possible value only is shown, not asked.

use crate::evidence::ledger;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::planning::calendar::actions::{self, NewAnnouncement};
use crate::planning::calendar::data::AnnouncementRow;
use crate::planning::calendar::rules;
use jiedui_kernel::{Error, FieldError, Period, Result};
use jiedui_programme::{Activity, Measure, Time};
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: String,
    submit: &'static str,
    version: Option<i64>,
    /// Title and value of what is not asked.
    known: Vec<(&'static str, String)>,
    hidden: Vec<(&'static str, String)>,
    activity: Option<Field>,
    pairing: Option<Field>,
    from: Field,
    to: Option<Field>,
    person: Option<Field>,
    quantity: Option<Field>,
    purpose: Field,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
}

/// The activities that can be announced, under their tasks.
fn activities(ctx: &RequestContext) -> Vec<Activity> {
    let programme = ctx.programme();
    programme.activities.iter().filter(|one| rules::can_announce(one)).cloned().collect()
}

async fn own_pairings(ctx: &mut RequestContext) -> Result<Vec<PairingRow>> {
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let all = pairings::in_scope(&mut ctx.tx).await?;
    let mine = |row: &PairingRow| {
        [&row.lead, &row.nearby].contains(&&org) && row.to_day.is_none_or(|last| last >= today)
    };
    Ok(all.into_iter().filter(mine).collect())
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    page(ctx, None, &given, Vec::new(), 200).await
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.form.values.clone();
    let (activity, pairing) = match chosen(ctx, &given).await {
        Ok(found) => found,
        Err(error) => return again(ctx, None, &given, error).await,
    };
    let made = match read(&activity, &given) {
        Ok(new) => actions::announce(&mut ctx.tx, &activity, &pairing, &new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => {
            let text = format!("已预告，“{}”在日程里能看到；如需改期可随时修改。", pairing.county_name);
            let undo = format!("/calendar/{id}/cancel?version=1");
            Ok(Reply::done(format!("/calendar/{id}"), Flash::done(text).undo(undo, "取消这次预告")))
        }
        Err(error) => again(ctx, None, &given, error).await,
    }
}

async fn chosen(ctx: &mut RequestContext, given: &FormValues) -> Result<(Activity, PairingRow)> {
    let mut read = Reader::default();
    let activity = activities(ctx).into_iter().find(|one| one.id == given.get("activity"));
    if activity.is_none() {
        read.fail("activity", "请选择来做什么。");
    }
    let pairing = own_pairings(ctx).await?.into_iter().find(|row| row.id == given.get("pairing"));
    if pairing.is_none() {
        read.fail("pairing", "请选择到哪所学校。");
    }
    read.done()?;
    activity.zip(pairing).ok_or(Error::NotFound)
}

fn read(activity: &Activity, given: &FormValues) -> Result<NewAnnouncement> {
    let mut read = Reader::default();
    let from = read.date(given, "from", "日期");
    let to = match activity.time {
        Time::Day => from,
        Time::Span => read.date(given, "to", "结束日期"),
    };
    let quantity = if activity.measure == Measure::Entered && !given.get("quantity").is_empty() {
        jiedui_web::fields::read_number(
            &mut read,
            "quantity",
            &activity.quantity_label,
            activity.unit,
            given.get("quantity"),
            1,
        )
    } else {
        None
    };
    let purpose = read.text(given, "purpose", "来做什么", 200).to_owned();
    let period = match from.zip(to) {
        Some((from, to)) => {
            let period = Period::new(from, to);
            if period.is_none() {
                read.fail("to", "结束日期早于开始日期，两个日期可能写反了。");
            }
            period
        }
        None => None,
    };
    read.done()?;
    let person = Some(given.get("person").to_owned()).filter(|id| !id.is_empty() && activity.person.is_some());
    let period = period.ok_or_else(|| Error::field("from", "请选择日期。"))?;
    Ok(NewAnnouncement { period, person, quantity, purpose })
}

async fn own(ctx: &mut RequestContext) -> Result<(AnnouncementRow, Activity)> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    row.life()?.apply(rules::Action::Reschedule, row.standing(&ctx.actor), ctx.today)?;
    let activity = ctx.programme().activity(&row.activity).cloned().ok_or(Error::NotFound)?;
    Ok((row, activity))
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, activity) = own(ctx).await?;
    let given = values_of(&row, &activity);
    page(ctx, Some(&row), &given, Vec::new(), 200).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, activity) = own(ctx).await?;
    let (version, given) = (ctx.form_version()?, ctx.form.values.clone());
    let pairing = pairings::find(&mut ctx.tx, &row.pairing).await?;
    let saved = match read(&activity, &given) {
        Ok(new) => actions::reschedule(&mut ctx.tx, &row, version, &pairing, &new).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => {
            let text = "修改已保存，学校在日程里看到的是新内容。";
            Ok(Reply::done(format!("/calendar/{}", row.id), Flash::done(text)))
        }
        Err(error) => again(ctx, Some(&row), &given, error).await,
    }
}

fn values_of(row: &AnnouncementRow, activity: &Activity) -> FormValues {
    FormValues::made([
        ("activity", row.activity.clone()),
        ("pairing", row.pairing.clone()),
        ("from", row.from_day.to_string()),
        ("to", row.to_day.to_string()),
        ("person", row.person.clone().unwrap_or_default()),
        ("quantity", row.quantity.map(|number| activity.unit.format(number)).unwrap_or_default()),
        ("purpose", row.purpose.clone()),
    ])
}

/// The form once more with what is wrong; what is not about its fields goes on as it is.
async fn again(
    ctx: &mut RequestContext,
    row: Option<&AnnouncementRow>,
    given: &FormValues,
    error: Error,
) -> Result<Reply> {
    match error {
        Error::Invalid(errors) => page(ctx, row, given, errors, 422).await,
        Error::Conflict(_) if row.is_some() => page(ctx, row, given, Vec::new(), 409).await,
        other => Err(other),
    }
}

async fn page(
    ctx: &mut RequestContext,
    row: Option<&AnnouncementRow>,
    given: &FormValues,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let pairings = own_pairings(ctx).await?;
    if pairings.is_empty() {
        return Err(Error::Forbidden("本单位现在没有作为协作院校的结对，没有可以预告的日程。".to_owned()));
    }
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(&errors);
    let chosen = activities(ctx).into_iter().find(|one| one.id == given.get("activity"));
    let saved = match row {
        Some(row) if status == 409 => saved_last(&mut ctx.tx, &row.id).await?,
        _ => None,
    };
    let mut view = FormView {
        action: row.map_or_else(|| "/calendar/new".to_owned(), |row| format!("/calendar/{}/edit", row.id)),
        submit: if row.is_some() { "保存修改" } else { "预告" },
        version: row.map(|row| row.version),
        known: Vec::new(),
        hidden: Vec::new(),
        activity: None,
        pairing: None,
        from: field("from", "日期").required(),
        to: None,
        person: None,
        quantity: None,
        purpose: Field { maxlength: Some(200), ..field("purpose", "补充说明").help("要学校准备什么，可以写在这里。") },
        errors: errors.clone(),
        saved,
    };
    add_choices(&mut view, ctx, row, given, &pairings);
    // A day is asked for what takes a day; the second date only where something can last.
    if chosen.as_ref().is_none_or(|activity| activity.time == Time::Span) {
        view.to = Some(field("to", "至").help("只有一天的，与开始日期相同。"));
    }
    if let Some(activity) = chosen.as_ref().filter(|activity| activity.measure == Measure::Entered) {
        let mut number = field("quantity", &activity.quantity_label).help("预计多少，可不填；登记时再核实。");
        number.unit = activity.unit.word().to_owned();
        number.width = "short";
        view.quantity = Some(number);
    }
    view.person = person(ctx, chosen.as_ref(), given, &errors).await?;
    let title = if row.is_some() { "修改预告" } else { "预告一次到校" };
    let lead = "预告不计数、不考核；做完以后一按就成为台账，由学校确认。";
    let page = Page::new(title, lead).back("/calendar", "日程").kind("form");
    Ok(Reply::view("planning/calendar/edit.html", page, &view)?.with_status(status))
}

fn add_choices(
    view: &mut FormView,
    ctx: &RequestContext,
    row: Option<&AnnouncementRow>,
    given: &FormValues,
    pairings: &[PairingRow],
) {
    let programme = ctx.programme();
    if let Some(row) = row {
        view.known.push(("对口县级院校", row.county_name.clone()));
        view.known.push(("来做什么", super::activity_name(&programme, &row.activity)));
        return;
    }
    match pairings {
        [only] => {
            view.known.push(("对口县级院校", only.county_name.clone()));
            view.hidden.push(("pairing", only.id.clone()));
        }
        many => {
            let options = many.iter().map(|row| Choice::new(&row.id, &row.county_name));
            let options = std::iter::once(Choice::new("", "请选择")).chain(options).collect();
            let field = Field::new("pairing", "对口县级院校").required().options(options);
            view.pairing = Some(field.value(given.get("pairing")).error(&view.errors));
        }
    }
    let option = |activity: &Activity| Choice {
        group: programme.task_of(&activity.clauses).map_or_else(|| "组织保障".to_owned(), |of| of.name.clone()),
        ..Choice::new(&activity.id, &activity.name)
    };
    let options = activities(ctx);
    let options = std::iter::once(Choice::new("", "请选择")).chain(options.iter().map(option)).collect();
    let field = Field::new("activity", "来做什么").required().options(options);
    view.activity = Some(field.value(given.get("activity")).error(&view.errors));
}

/// Own people whose post fits the activity; before one is chosen, all whose post can be named at all.
async fn person(
    ctx: &mut RequestContext,
    activity: Option<&Activity>,
    given: &FormValues,
    errors: &[FieldError],
) -> Result<Option<Field>> {
    if activity.is_some_and(|activity| activity.person.is_none()) {
        return Ok(None);
    }
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let offered = activity.and_then(|activity| activity.person.as_ref()).map(|rule| rule.offered.clone());
    let mut options = vec![Choice::new("", "以后再定")];
    for one in registry::people_at(&mut ctx.tx, &org, today, today).await? {
        let post = ledger::rules::post_of(&one.post);
        let fits = offered.as_ref().is_none_or(|posts| post.is_some_and(|post| posts.contains(&post)));
        if fits && options.iter().all(|option| option.value != one.id) {
            let title = if one.title.is_empty() { registry::post_name(&one.post) } else { &one.title };
            options.push(Choice::new(&one.id, format!("{}（{title}）", one.name)));
        }
    }
    let field = Field::new("person", "谁来").options(options).value(given.get("person")).error(errors);
    Ok(Some(field.help("登记时必须写明是谁；现在没定可以先不选。")))
}
