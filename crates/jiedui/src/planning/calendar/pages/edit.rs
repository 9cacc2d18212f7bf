//! The form of an announcement: where, when, who, what for. What has one possible value only is shown, not asked.

use crate::evidence::ledger;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::planning::calendar::actions::{self, NewAnnouncement};
use crate::planning::calendar::data::AnnouncementRow;
use crate::planning::calendar::rules;
use crate::shared::choices::{TaskOffers, offers};
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result};
use jiedui_programme::{Activity, Measure, Time};
use jiedui_store::Found;
use jiedui_web::attempt::{Attempt as _, Refused};
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::fields::read_number;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: String,
    submit: &'static str,
    draft: Draft,
    version: Option<i64>,
    activity: String,
    /// Title and value of what is not asked.
    known: Vec<(&'static str, String)>,
    /// The pairing where there is one only.
    pairing_id: Option<String>,
    pairing: Option<Field>,
    from: Field,
    to: Option<Field>,
    person: Option<Field>,
    people_href: String,
    visitors: Field,
    place: Field,
    quantity: Option<Field>,
    purpose: Field,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
}

#[derive(Serialize)]
struct ChooseView {
    tasks: Vec<TaskOffers>,
    errors: Vec<FieldError>,
}

/// What a form is laid out for.
struct Sheet<'a> {
    activity: Activity,
    pairings: Vec<PairingRow>,
    row: Option<&'a AnnouncementRow>,
    draft: Draft,
    errors: Vec<FieldError>,
    status: u16,
}

fn activity(ctx: &RequestContext, id: &str) -> Option<Activity> {
    ctx.programme().activities.iter().find(|one| one.id == id && rules::can_announce(one)).cloned()
}

/// The pairings on which the caller can announce it: running ones, and those that are about to.
async fn own_pairings(ctx: &mut RequestContext, activity: &Activity) -> Result<Vec<PairingRow>> {
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let all = pairings::in_scope(&mut ctx.tx).await?;
    let mine = |row: &PairingRow| {
        rules::announces(activity, row, &org) && row.to_day.is_none_or(|last| last >= today)
    };
    let rows: Vec<PairingRow> = all.into_iter().filter(mine).collect();
    if rows.is_empty() {
        return Err(Error::Forbidden("本单位现在没有作为协作院校的结对，没有可以预告的日程。".to_owned()));
    }
    Ok(rows)
}

fn key_of(activity: &str, row: Option<&AnnouncementRow>) -> String {
    format!("announcement-{}", row.map_or(activity, |row| &row.id))
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let fresh = ctx.query.clone();
    let Some(activity) = activity(ctx, fresh.get("activity")) else { return choose(ctx, Vec::new()) };
    let pairings = own_pairings(ctx, &activity).await?;
    let (draft, given) = drafts::take_up(ctx, &key_of(&activity.id, None), fresh).await?;
    let sheet = Sheet { activity, pairings, row: None, draft, errors: Vec::new(), status: 200 };
    page(ctx, &given, sheet).await
}

/// What can be announced, the duties of the plan first: they are what is announced most.
fn choose(ctx: &RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let tasks = offers(&programme, programme.safeguards_first(), ctx.today, |one| {
        let href = || format!("/calendar/new?{}", ctx.query.with("activity", &one.id));
        rules::can_announce(one).then(href)
    });
    let page = Page::new("预告日程", "先选来做什么。预告只为双方安排方便，不计数、不考核。")
        .back("/calendar", "日程")
        .kind("list");
    let bad = !errors.is_empty();
    Ok(Reply::view("planning/calendar/choose.html", page, &ChooseView { tasks, errors })?.refused(bad))
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.form.values.clone();
    let Some(activity) = activity(ctx, given.get("activity")) else {
        let error = FieldError::new("", Code::Missing.says("请选择来做什么。"));
        return choose(ctx, vec![error]);
    };
    let pairings = own_pairings(ctx, &activity).await?;
    let Some(pairing) = pairings.iter().find(|row| row.id == given.get("pairing")).cloned() else {
        let refused =
            Refused::wrong(vec![FieldError::new("pairing", Code::Missing.says("请选择到哪所学校。"))]);
        return again(ctx, (activity, pairings, None), &given, refused).await;
    };
    let made = match read(&activity, &given) {
        Ok(new) => actions::announce(&mut ctx.tx, &activity, &pairing, &new).await,
        Err(error) => Err(error),
    };
    match made.or_wrong()? {
        Ok(id) => {
            drafts::forget(ctx, &key_of(&activity.id, None)).await?;
            let text = format!("已预告，“{}”在日程里能看到；有变动可随时修改。", pairing.county_name);
            let undo = format!("/calendar/{id}/cancel?version=1");
            Ok(Reply::done(format!("/calendar/{id}"), Flash::done(text).undo(undo, "撤回这次预告")))
        }
        Err(errors) => again(ctx, (activity, pairings, None), &given, Refused::wrong(errors)).await,
    }
}

/// What the form says.
fn read(activity: &Activity, given: &FormValues) -> Result<NewAnnouncement> {
    let mut read = Reader::default();
    let spans = activity.time == Time::Span;
    let from = read.date(given, "from", if spans { "开始日期" } else { "日期" });
    let to = if spans { read.date(given, "to", "结束日期") } else { from };
    let asks = activity.measure == Measure::Entered && !given.get("quantity").is_empty();
    let label = &activity.quantity_label;
    let quantity = asks
        .then(|| read_number(&mut read, "quantity", label, activity.unit, given.get("quantity"), 1))
        .flatten();
    let visitors = read.text(given, "visitors", "来访人员", 100).to_owned();
    let place = read.text(given, "place", "地点", 60).to_owned();
    let purpose = read.text(given, "purpose", "来做什么", 200).to_owned();
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        read.fail("to", Mistake::reversed());
    }
    let person = Some(given.get("person").to_owned());
    let person = person.filter(|id| !id.is_empty() && activity.person.is_some());
    read.done()?;
    let (from, to) = from.zip(to).ok_or_else(|| Error::field("from", Code::Missing.says("请选择日期。")))?;
    Ok(NewAnnouncement { from, to, person, visitors, place, quantity, purpose })
}

/// The announcement, where the caller may change it.
async fn mine(ctx: &mut RequestContext) -> Result<(Found<AnnouncementRow>, Activity, PairingRow)> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    row.life()?.apply(rules::Action::Reschedule, row.standing(&ctx.actor), ctx.today)?;
    let activity = ctx.programme().activity(&row.activity).cloned().ok_or(Error::NotFound)?;
    let pairing = pairings::find(&mut ctx.tx, &row.pairing).await?;
    Ok((row, activity, pairing))
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, activity, pairing) = mine(ctx).await?;
    let fresh = values_of(&row, &activity);
    let (draft, given) = drafts::take_up(ctx, &key_of("", Some(&row)), fresh).await?;
    let sheet =
        Sheet { activity, pairings: vec![pairing], row: Some(&row), draft, errors: Vec::new(), status: 200 };
    page(ctx, &given, sheet).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, activity, pairing) = mine(ctx).await?;
    let (version, given) = (ctx.form_version()?, ctx.form.values.clone());
    let saved = match read(&activity, &given) {
        Ok(new) => actions::reschedule(&mut ctx.tx, &row, version, &new).await,
        Err(error) => Err(error),
    };
    match saved.or_refused()? {
        Ok(()) => {
            drafts::forget(ctx, &key_of("", Some(&row))).await?;
            let text = "修改已保存，学校在日程里看到的是新内容。";
            Ok(Reply::done(format!("/calendar/{}", row.id), Flash::done(text)))
        }
        Err(refused) => {
            // Somebody may have saved between our reading and our writing.
            let (row, ..) = mine(ctx).await?;
            again(ctx, (activity, vec![pairing], Some(&row)), &given, refused).await
        }
    }
}

fn values_of(row: &AnnouncementRow, activity: &Activity) -> FormValues {
    FormValues::made([
        ("version", row.version.to_string()),
        ("from", row.from_day.to_string()),
        ("to", row.to_day.to_string()),
        ("person", row.person.clone().unwrap_or_default()),
        ("visitors", row.visitors.clone()),
        ("place", row.place.clone()),
        ("quantity", row.quantity.map(|number| activity.unit.format(number)).unwrap_or_default()),
        ("purpose", row.purpose.clone()),
    ])
}

/// The form once more with what is wrong, or with what somebody else saved.
async fn again(
    ctx: &mut RequestContext,
    (activity, pairings, row): (Activity, Vec<PairingRow>, Option<&AnnouncementRow>),
    given: &FormValues,
    refused: Refused,
) -> Result<Reply> {
    let draft = Draft::none(key_of(&activity.id, row));
    page(ctx, given, Sheet { activity, pairings, row, draft, errors: refused.errors, status: refused.status })
        .await
}

/// Draws the form. Where what was typed began from an older version, each differing field shows the other's value, and
/// the form carries the present version: saving it again is deliberate.
async fn page(ctx: &mut RequestContext, given: &FormValues, sheet: Sheet<'_>) -> Result<Reply> {
    let Sheet { activity, pairings, row, draft, errors, status } = sheet;
    let version = given.whole("version");
    let stale = row.filter(|row| version.is_some_and(|version| version != row.version));
    let theirs = stale.map(|row| values_of(row, &activity));
    let saved = match stale {
        Some(row) => saved_last(&mut ctx.tx, &row.id).await?,
        None => None,
    };
    let people = person_field(ctx, &activity).await?;
    let field = |field: Field| {
        let name = field.name.clone();
        let field = field.value(given.get(&name)).error(&errors);
        match &theirs {
            Some(theirs) => field.theirs(theirs.get(&name)),
            None => field,
        }
    };
    let date = |name: &str, label: &str| {
        field(Field { min: ctx.today.to_string(), width: "short", ..Field::new(name, label).required() })
    };
    let spans = activity.time == Time::Span;
    let visitors = if people.is_some() { "同行人员" } else { "谁来" };
    let (known, pairing_id, pairing) = place_of(&activity, &pairings, row);
    let text = |name: &str, label: &str, most: u32, help: &str| {
        field(Field { maxlength: Some(most), ..Field::new(name, label).help(help) })
    };
    let view = FormView {
        action: row.map_or_else(|| "/calendar/new".to_owned(), |row| format!("/calendar/{}/edit", row.id)),
        submit: if row.is_some() { "保存修改" } else { "预告" },
        draft,
        version: row.map(|row| row.version),
        known,
        pairing_id,
        pairing: pairing.map(&field),
        from: date("from", if spans { "开始日期" } else { "日期" }),
        to: spans.then(|| date("to", "结束日期").help("这一天也算在内。")),
        person: people.map(&field),
        people_href: format!("/registry/{}/people", ctx.actor.org),
        visitors: text("visitors", visitors, 100, "姓名、人数或部门，方便学校接待。"),
        place: text("place", "地点", 60, "不写就是到校。"),
        quantity: number_field(&activity).map(&field),
        purpose: text("purpose", "来做什么", 200, "要学校准备什么，也写在这里。"),
        activity: activity.id.clone(),
        errors: errors.clone(),
        saved,
    };
    let lead = "预告不计数、不考核；做完以后按一下就成为台账，由学校确认。";
    let page = match row {
        Some(row) => Page::new("修改预告", lead).back(format!("/calendar/{}", row.id), "返回这次预告"),
        None => Page::new(format!("预告：{}", activity.name), lead).back("/calendar/new", "预告日程"),
    };
    let page = page.clauses(&activity.clauses).kind("form");
    Ok(Reply::view("planning/calendar/edit.html", page, &view)?.with_status(status))
}

/// What it is and where: what is known, and the school to choose where there are several.
fn place_of(
    activity: &Activity,
    pairings: &[PairingRow],
    row: Option<&AnnouncementRow>,
) -> (Vec<(&'static str, String)>, Option<String>, Option<Field>) {
    let mut known = Vec::new();
    if row.is_some() {
        known.push(("事项", activity.name.clone()));
    }
    if let [only] = pairings {
        known.push(("对口县级院校", only.county_name.clone()));
        return (known, Some(only.id.clone()), None);
    }
    let options = pairings.iter().map(|row| Choice::new(&row.id, &row.county_name));
    let options = std::iter::once(Choice::new("", "请选择")).chain(options).collect();
    (known, None, Some(Field::new("pairing", "对口县级院校").required().options(options)))
}

fn number_field(activity: &Activity) -> Option<Field> {
    if activity.measure != Measure::Entered {
        return None;
    }
    let label = format!("预计{}", activity.quantity_label);
    let help = "估计就行，可不填；登记时再核实。";
    let unit = activity.unit.label().to_owned();
    Some(Field { unit, width: "short", ..Field::new("quantity", &label).help(help) })
}

/// The caller's people whose post fits; `None` where the activity names nobody, or nobody has such a post.
async fn person_field(ctx: &mut RequestContext, activity: &Activity) -> Result<Option<Field>> {
    let Some(rule) = &activity.person else { return Ok(None) };
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let mut options = vec![Choice::new("", "以后再定")];
    for one in registry::people_at(&mut ctx.tx, &org, today, today).await? {
        let fits = ledger::rules::post_of(&one.post).is_some_and(|post| rule.offered.contains(&post));
        if fits && options.iter().all(|option| option.value != one.id) {
            let title = if one.title.is_empty() { registry::post_name(&one.post) } else { &one.title };
            let name = ctx.names.shown(&one.name, &[&org]);
            options.push(Choice::new(&one.id, format!("{name}（{title}）")));
        }
    }
    let field = Field::new("person", &rule.label).help("登记时必须写明是谁；现在没定可以先不选。");
    Ok((options.len() > 1).then(|| field.options(options)))
}
