//! 帮扶能力: what a lead college or a nearby school can give, in its own words, one row for each field.

use super::super::NewCapacity;
use super::super::data::{self, CapacityRow};
use super::super::rules;
use super::list::{Chip, chip};
use crate::network::registry::like;
use crate::shared::choices;
use jiedui_kernel::{Date, Error, FieldError, Reported, Result, Unit};
use jiedui_store::{Found, args, values};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{self, HistoryEntry, Saved, saved_last};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

const NOT_YOURS: &str = "帮扶能力由写明它的院校自己维护，本单位只能查看。";
const FASTER: &str = "这一条刚被同事改过，您的改动没有写入。请看过新的内容再决定。";

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<CapacityLine>,
    can_add: bool,
}

#[derive(Serialize)]
struct CapacityLine {
    chip: Chip,
    state: StateMark,
    serves: Figure,
    mine: bool,
    /// Own, begun and not ended yet.
    can_end: bool,
    row: CapacityRow,
}

fn state(row: &CapacityRow, today: Date) -> StateMark {
    if rules::holds(row, today) {
        StateMark::new("done", "有效", "●")
    } else if row.from_day > today {
        StateMark::new("pending", "未开始", "○")
    } else {
        StateMark::new("ended", "已停用", "–")
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut list = Listing::at("/capacities", Unit::Entries, &ctx.query);
    let q = like(&list.text("q", "院校、专业或内容"));
    let task = list.choice("task", "任务", choices::task_choices(&programme));
    let current = list.choice("current", "有效期", vec![Choice::new("yes", "只看现在有效的")]);
    let org = list.id("org");
    let clause = rules::task_pattern(&programme, &task);
    let call = values!(data::CAPACITIES { q, clause, current, org });
    let list = list.fetch::<CapacityRow>(&mut ctx.tx, &call).await?;
    let (today, actor, edits) = (ctx.today, ctx.actor.clone(), ctx.can("capacity", "edit"));
    let line = |row: CapacityRow| {
        let mine = edits && rules::may_capacity(&actor, &row);
        let href = format!("/capacities?org={}", row.org);
        CapacityLine {
            chip: chip(&programme, &row.clause),
            state: state(&row, today),
            serves: Figure::of(Reported::Value(row.schools), Unit::Schools, href, "可服务的对口县级院校"),
            can_end: mine && row.from_day <= today && row.to_day.is_none_or(|end| end > today),
            mine,
            row,
        }
    };
    let view = ListView { list: list.map(line), can_add: edits };
    let page = Page::new("帮扶能力", "牵头院校和配合院校能帮什么，由院校自己写明；与需求对照着看。")
        .clause("G0.1")
        .kind("list");
    Reply::view("planning/needs/capacities.html", page, &view)
}

#[derive(Serialize)]
struct FormView {
    action: String,
    submit: &'static str,
    version: Option<i64>,
    clause: Field,
    majors: Field,
    strength: Field,
    schools: Field,
    from: Field,
    to: Field,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let given = FormValues::made([("from", ctx.today.to_string())]);
    page(ctx, None, &given, Vec::new(), 200).await
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (new, mut errors) = read(&ctx.form.values, ctx.today);
    let given = ctx.form.values.clone();
    if !errors.is_empty() {
        errors.extend(rest(&new, &programme, &errors));
        return page(ctx, None, &given, errors, 422).await;
    }
    match super::super::write_capacity(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(_) => Ok(Reply::done("/capacities", Flash::done("已写明，结对的县级院校和各级都能看到。"))),
        Err(errors) => page(ctx, None, &given, errors, 422).await,
    }
}

async fn mine(ctx: &mut RequestContext) -> Result<Found<CapacityRow>> {
    let row = ctx.tx.find::<CapacityRow>(&data::CAPACITY, args![ctx.param("id")]).await?;
    if rules::may_capacity(&ctx.actor, &row) { Ok(row) } else { Err(Error::Forbidden(NOT_YOURS.to_owned())) }
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let row = mine(ctx).await?;
    page(ctx, Some(&row), &values_of(&row), Vec::new(), 200).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let row = mine(ctx).await?;
    let version = ctx.form_version()?;
    let given = ctx.form.values.clone();
    let programme = ctx.programme();
    let (new, mut errors) = read(&given, ctx.today);
    errors.extend(rest(&new, &programme, &errors));
    if version != row.version {
        return page(ctx, Some(&row), &given, errors, 409).await;
    }
    if !errors.is_empty() {
        return page(ctx, Some(&row), &given, errors, 422).await;
    }
    let values = args![&new.clause, &new.majors, &new.strength, new.schools, new.from, new.to];
    let done = data::UPDATE_CAPACITY.at(&row, version, values).write(&mut ctx.tx, FASTER).await;
    if let Err(refused) = done.or_refused()? {
        let row = mine(ctx).await?;
        return page(ctx, Some(&row), &given, refused.errors, refused.status).await;
    }
    let change = serde_json::json!({
        "before": { "clause": row.clause, "majors": row.majors, "strength": row.strength, "schools": row.schools,
                    "from": row.from_day, "to": row.to_day },
        "after": { "clause": new.clause, "majors": new.majors, "strength": new.strength, "schools": new.schools,
                   "from": new.from, "to": new.to },
    });
    record(ctx, &row, "edit", change).await?;
    Ok(Reply::done("/capacities", Flash::done("修改已保存，结对的县级院校和各级看到的是新内容。")))
}

/// From tomorrow on it is not offered any more.
pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let row = mine(ctx).await?;
    let version = ctx.form_version()?;
    let today = ctx.today;
    if row.from_day > today {
        return Err(Error::NotNow("这一条还没有开始，请直接修改它的起止日期。".to_owned()));
    }
    if row.to_day.is_some_and(|end| end <= today) {
        return Err(Error::NotNow("这一条已经停用，没有再改。".to_owned()));
    }
    data::END_CAPACITY.at(&row, version, args![today]).write(&mut ctx.tx, FASTER).await?;
    record(ctx, &row, "end", serde_json::json!({ "before": row.to_day, "after": today })).await?;
    let text = "已停用，今天是最后一天，记录保留；如仍能提供，修改结束日期即可。";
    Ok(Reply::done("/capacities", Flash::done(text)))
}

async fn record(
    ctx: &mut RequestContext,
    row: &CapacityRow,
    kind: &'static str,
    change: serde_json::Value,
) -> Result<()> {
    let step =
        HistoryEntry { resource: "capacity", id: &row.id, kind, reason: "", revision: row.version, change };
    history::record(&mut ctx.tx, &step).await
}

/// What could be read and still may not be said, but for fields that have an error already.
fn rest(new: &NewCapacity, programme: &jiedui_programme::Programme, known: &[FieldError]) -> Vec<FieldError> {
    let told = |error: &FieldError| known.iter().any(|one| one.field == error.field);
    rules::check_capacity(new, programme).into_iter().filter(|error| !told(error)).collect()
}

fn read(pairs: &FormValues, today: Date) -> (NewCapacity, Vec<FieldError>) {
    let mut read = Reader::default();
    let schools = read.number(pairs, "schools", "可服务学校数", 1..=100);
    let from = read.date(pairs, "from", "开始日期");
    let to = read.optional_date(pairs, "to", "结束日期");
    let new = NewCapacity {
        clause: pairs.get("clause").to_owned(),
        majors: pairs.get("majors").to_owned(),
        strength: pairs.get("strength").to_owned(),
        schools: schools.unwrap_or(1),
        // Only stands in where the error about it is told anyway.
        from: from.unwrap_or(today),
        to: to.filter(|_| from.is_some()),
    };
    (new, read.errors)
}

fn values_of(row: &CapacityRow) -> FormValues {
    FormValues::made([
        ("version", row.version.to_string()),
        ("clause", row.clause.clone()),
        ("majors", row.majors.clone()),
        ("strength", row.strength.clone()),
        ("schools", row.schools.to_string()),
        ("from", row.from_day.to_string()),
        ("to", row.to_day.map(|day| day.to_string()).unwrap_or_default()),
    ])
}

async fn page(
    ctx: &mut RequestContext,
    row: Option<&CapacityRow>,
    given: &FormValues,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let theirs = row.filter(|_| status == 409).map(values_of);
    let saved = match (row, &theirs) {
        (Some(row), Some(_)) => saved_last(&mut ctx.tx, &row.id).await?,
        _ => None,
    };
    let field = |name: &str, label: &str, options: Vec<Choice>| {
        let field = Field::new(name, label).options(options).value(given.get(name)).error(&errors);
        match &theirs {
            Some(theirs) => field.theirs(theirs.get(name)),
            None => field,
        }
    };
    let plain = |name: &str, label: &str| field(name, label, Vec::new());
    let long = |field: Field| Field { maxlength: Some(200), ..field };
    let sentences = [vec![Choice::new("", "请选择")], choices::clause_choices(&ctx.programme())].concat();
    let view = FormView {
        action: row
            .map_or_else(|| "/capacities/new".to_owned(), |row| format!("/capacities/{}/edit", row.id)),
        submit: if row.is_some() { "保存修改" } else { "写明这项能力" },
        version: row.map(|row| row.version),
        clause: field("clause", "对应任务", sentences).required(),
        majors: long(plain("majors", "专业").help("涉及哪些专业，用顿号隔开；不分专业就留空。")),
        strength: long(plain("strength", "能帮什么").required()),
        schools: Field {
            unit: Unit::Schools.label().to_owned(),
            width: "short",
            ..plain("schools", "可服务学校数").required()
        },
        from: plain("from", "自").required(),
        to: plain("to", "至").help("长期有效就留空。"),
        errors: errors.clone(),
        saved,
    };
    let title = if row.is_some() { "修改帮扶能力" } else { "写明帮扶能力" };
    let page = Page::new(title, "一个方面写一条：能帮什么、能帮几所、什么时候可以。")
        .clause("G0.1")
        .back("/capacities", "帮扶能力")
        .kind("form");
    Ok(Reply::view("planning/needs/capacity.html", page, &view)?.with_status(status))
}
