//! One month of the schools visible to the caller: who accepted what, and several accepted at once.

use crate::network::registry::{self, OrgRow, Population};
use crate::reporting::monthly::actions::{self, SchoolMonth};
use crate::reporting::monthly::data::MonthState;
use crate::reporting::monthly::rules;
use crate::shared::review::Caller;
use jiedui_kernel::{Code, Error, FieldError, Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

/// At most so many are accepted at once.
const AT_ONCE: usize = 200;

#[derive(Serialize)]
struct MonthView {
    month: i64,
    rows: Vec<SchoolLine>,
    /// Something of it waits for the caller.
    waits: bool,
    /// How many that wait somebody else must accept.
    own_sides: Option<Figure>,
    all: bool,
    only: &'static str,
    due: Vec<(&'static str, String)>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct SchoolLine {
    school: String,
    href: String,
    name: String,
    place: String,
    city: String,
    figures: Option<Figure>,
    problems: String,
    /// The school asks for it to be given back: it is opened by itself, not accepted among others.
    asked: String,
    /// What is pointed out, and what the school says to it.
    unusual: Vec<String>,
    word: String,
    restated: bool,
    state: StateMark,
    waits: bool,
    /// It waits for the caller's unit, and the caller worked on it for another one.
    own_side: bool,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let month = actions::month_of(&ctx.param("month"), &programme, ctx.today)?;
    let (actor, may) = (ctx.actor.clone(), ctx.can("month", "accept"));
    let caller = Caller { actor: &actor, programme: &programme, today: ctx.today };
    let (waiting, wanted) = (ctx.query.get("wait") == "yes", MonthState::of(ctx.query.get("state")));
    let own = if may { actions::own_side(&mut ctx.tx, month).await? } else { Vec::new() };
    let population = registry::population(&mut ctx.tx).await?;
    let mut rows = Vec::new();
    for one in actions::schools(&mut ctx.tx, month).await? {
        let waits = may && rules::accepts(&one.row, caller).is_some();
        if (waiting && !waits) || wanted.is_some_and(|state| one.row.state < state) {
            continue;
        }
        let own_side = waits && own.contains(&one.school.id);
        let line = line(ctx, &one, waits, &population).await?;
        rows.push(SchoolLine { waits: line.waits && !own_side, own_side, ..line });
    }
    let left_out = rows.iter().filter(|row| row.own_side).count();
    let due = rules::LEVELS.into_iter().zip(["县局", "市局", "省办"]);
    let view = MonthView {
        month,
        waits: rows.iter().any(|row| row.waits),
        own_sides: own_sides(month, left_out),
        rows,
        all: ctx.query.get("select") == "all",
        only: if waiting || wanted.is_some() { "筛选后的学校" } else { "" },
        due: due
            .filter_map(|(level, name)| Some((name, rules::due(&programme, level, month)?.to_string())))
            .collect(),
        errors: errors.clone(),
    };
    let lead = "各校的月调度已经汇总好；逐级接收以后，这个月的数字不再变，以后的更正写在后面的月份。";
    let page = Page::new(format!("{}的月调度", rules::title(month)), lead)
        .clause("S1.3")
        .back("/months", "月调度")
        .kind("detail");
    Ok(Reply::view("reporting/monthly/month.html", page, &view)?.refused(!errors.is_empty()))
}

/// How many of those that wait somebody else must accept, where there are any.
fn own_sides(month: i64, number: usize) -> Option<Figure> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let address = format!("/months/{month}?wait=yes");
    let figure = Figure::of(Reported::Value(number), Unit::Schools, address, "要由别的经办人接收的");
    (number > 0).then_some(figure)
}

/// What was accepted is read from its row; where nothing was, and it waits for the caller, it is made up as it stands.
async fn line(
    ctx: &mut RequestContext,
    one: &SchoolMonth,
    waits: bool,
    population: &Population,
) -> Result<SchoolLine> {
    let (row, month) = (&one.row, one.row.month);
    let parcel = match actions::parcel_of(row)? {
        None if waits => {
            let programme = ctx.programme();
            let of = (month, &one.school);
            Some(actions::make(&mut ctx.tx, &programme, of, row.said(), population).await?)
        }
        kept => kept,
    };
    let shown = rules::points_out(&ctx.programme(), row, ctx.today);
    let href = format!("/months/{month}/schools/{}", one.school.id);
    let figures = parcel.as_ref().map(|parcel| {
        let count = i64::try_from(parcel.moved().count()).unwrap_or(i64::MAX);
        Figure::of(Reported::Value(count), Unit::Items, &href, "本月有变化的指标")
    });
    Ok(SchoolLine {
        school: one.school.id.clone(),
        name: one.school.name.clone(),
        place: one.school.place.clone(),
        city: one.school.city.clone().unwrap_or_default(),
        figures,
        problems: row.problems.clone(),
        asked: row.asked.clone(),
        unusual: parcel.as_ref().filter(|_| shown).map(|one| one.unusual.clone()).unwrap_or_default(),
        word: row.word.clone(),
        restated: parcel.is_some_and(|parcel| !parcel.restated.is_empty()),
        state: rules::mark(row.state),
        waits: waits && row.asked.is_empty(),
        own_side: false,
        href,
    })
}

/// Those that the caller would close, and cannot yet.
async fn left(ctx: &mut RequestContext, month: i64, wanted: &[SchoolMonth]) -> Result<Vec<(String, i64)>> {
    let (actor, programme) = (ctx.actor.clone(), ctx.programme());
    let caller = Caller { actor: &actor, programme: &programme, today: ctx.today };
    let closes = |one: &&SchoolMonth| rules::accepts(&one.row, caller) == Some(MonthState::Closed);
    let closing: Vec<&OrgRow> = wanted.iter().filter(closes).map(|one| &one.school).collect();
    actions::left_before(&mut ctx.tx, &programme, month, &closing).await
}

/// Accepts the schools that were picked, all or none; but for those that somebody else must accept, which are left out by name.
pub async fn accept(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let month = actions::month_of(&ctx.param("month"), &programme, ctx.today)?;
    let mut picked = ctx.form.values.all("id");
    if picked.is_empty() || picked.len() > AT_ONCE {
        let words = "请先勾选要接收的学校；一次最多两百所。";
        return page(ctx, vec![FieldError::new("id", Code::Missing.says(words))]).await;
    }
    let mut wanted = actions::schools(&mut ctx.tx, month).await?;
    wanted.retain(|one| picked.contains(&one.school.id));
    let own = actions::own_side(&mut ctx.tx, month).await?;
    let (left_out, wanted): (Vec<_>, Vec<_>) =
        wanted.into_iter().partition(|one| own.contains(&one.school.id));
    let left_out: Vec<String> = left_out.into_iter().map(|one| one.school.name).collect();
    picked.retain(|id| !own.contains(id));
    if picked.is_empty() {
        let words = format!("{}一所也没有接收。", rules::left_to_others(&left_out));
        return page(ctx, vec![FieldError::new("id", Code::NotFitting.says(words))]).await;
    }
    if let Some(one) = wanted.iter().find(|one| !one.row.asked.is_empty()) {
        let words = format!("{}申请退回补充，请打开它的月调度，看过再接收或退回。", one.school.name);
        return page(ctx, vec![FieldError::new("id", Code::NotFitting.says(words))]).await;
    }
    let left = left(ctx, month, &wanted).await?;
    if !left.is_empty() {
        let words = rules::earlier_first_of(&left);
        return page(ctx, vec![FieldError::new("id", Code::NotFitting.says(words))]).await;
    }
    for id in &picked {
        let school = registry::find(&mut ctx.tx, id).await?;
        let opened = actions::open(&mut ctx.tx, &programme, month, &school).await?;
        let version = opened.row.version;
        let accepted = actions::accept(&mut ctx.tx, &programme, &opened, version, &school).await;
        accepted.map_err(|error| match error {
            Error::Forbidden(words) => Error::Forbidden(format!("{}：{words}", school.name)),
            other => other,
        })?;
    }
    let mut text = format!("已接收 {} 所学校{}的月调度。", picked.len(), rules::title(month));
    if !left_out.is_empty() {
        text.push_str(&rules::left_to_others(&left_out));
    }
    Ok(Reply::done(format!("/months/{month}"), Flash::done(text)))
}
