//! Before a scenario is published: what begins, ends and stays, what differs from the programme, and from which day.

use super::super::actions::consult;
use super::super::actions::course::Course;
use super::super::actions::publish::{self, Publishing};
use super::super::actions::scenario::{self as actions, LoadedScenario};
use super::super::rules::setting::Setting;
use super::super::rules::solve::objectives;
use super::hand::ChangesLine;
use super::views::{Head, at, at_school, org_link, points, schools};
use crate::network::pairings::{self, BasisLine, LOOK, basis_lines, unseen};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_matching::Assigned;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    id: String,
    version: i64,
    head: Head,
    starts: Field,
    reason: Field,
    /// The first day for which the lines below are shown.
    seen: String,
    past: bool,
    /// What loses its basis, of each pairing that ends on a day that is past.
    basis: Vec<BasisLine>,
    ready: bool,
    /// A comment round was held on what it says now.
    heard: bool,
    begins: Vec<Pair>,
    ends: Vec<Pair>,
    stays: Vec<Pair>,
    counts: [Figure; 3],
    /// What all choices by hand cost together.
    loss: Option<Figure>,
    by_hand: bool,
    /// What the scenario says of changes.
    limit: Option<ChangesLine>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Pair {
    school: Link,
    lead: Link,
    nearby: Link,
}

fn pair(opened: &LoadedScenario, county: &str, lead: &str, nearby: &str) -> Pair {
    let facts = &opened.setting.facts;
    Pair {
        school: Link::new(at_school(&opened.row.id, county), facts.name(county)),
        lead: org_link(facts, lead),
        nearby: org_link(facts, nearby),
    }
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    page(ctx, &opened, Vec::new()).await
}

/// The day after today, unless another was named.
fn starting(ctx: &RequestContext) -> Date {
    let sent = if ctx.form.values.get("_csrf").is_empty() { &ctx.query } else { &ctx.form.values };
    sent.date("starts").or_else(|| ctx.today.succ_opt()).unwrap_or(ctx.today)
}

/// Whether anything was decided by hand that costs points.
fn decided(setting: &Setting) -> bool {
    !setting.body.choices.is_empty() || setting.body.speaks_of_changes()
}

/// What the choices by hand cost: what the pairs are worth without any of them less what they are worth with them.
async fn by_hand(setting: &Setting, opened: &LoadedScenario) -> Result<Option<i64>> {
    if !decided(setting) {
        return Ok(None);
    }
    let free = setting.with(setting.body.without_choices()).draft();
    let found = objectives(vec![free], opened.answer.warm()).await?;
    let free = found.into_iter().next().flatten();
    Ok(free.zip(opened.answer.gross()).map(|(free, here)| free - here))
}

/// What loses its basis, of each pairing that ends on a day that is past.
async fn lost(ctx: &mut RequestContext, course: &Course, starts: Date) -> Result<Vec<BasisLine>> {
    if starts > ctx.today {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    basis_lines(&mut ctx.tx, &programme, &course.ends, starts.pred_opt().unwrap_or(starts)).await
}

async fn page(ctx: &mut RequestContext, opened: &LoadedScenario, errors: Vec<FieldError>) -> Result<Reply> {
    let starts = starting(ctx);
    let rows = pairings::in_scope(&mut ctx.tx).await?;
    let course = opened.answer.solution().map(|found| Course::of(found, &rows, starts)).unwrap_or_default();
    let mut told = errors.clone();
    told.extend(course.hindrances(&opened.setting.facts));
    let here = format!("{}/publish", at(&opened.row.id));
    let of = |pairs: &[Assigned]| -> Vec<Pair> {
        pairs.iter().map(|one| pair(opened, &one.county_school, &one.lead, &one.nearby)).collect()
    };
    let ends =
        course.ends.iter().map(|row| pair(opened, &row.county_school, &row.lead, &row.nearby)).collect();
    let count =
        |number: usize, part: &str, label: &str| schools(number as i64, format!("{here}#{part}"), label);
    let heard = consult::heard(&mut ctx.tx, opened).await?;
    let basis = lost(ctx, &course, starts).await?;
    let loss = by_hand(&opened.setting, opened).await?;
    let view = FormView {
        id: opened.row.id.clone(),
        version: opened.row.version,
        head: Head::of(&opened.row, &opened.setting, &opened.answer),
        starts: Field::new("starts", "新结对从哪一天开始")
            .help("今天或以后；被替换的结对到前一天为止，已有台账全部保留。早于今天的要写理由，并先列出将失去依据的内容。")
            .required()
            .value(starts.to_string())
            .error(&told),
        reason: Field::new("reason", "理由")
            .help("没有征求意见就公布的，或开始日期早于今天的，写明为什么。")
            .value(ctx.form.values.get("reason"))
            .error(&told),
        seen: starts.to_string(),
        past: starts < ctx.today,
        basis,
        heard,
        ready: opened.is_draft() && opened.answer.objective().is_some(),
        counts: [
            count(course.begins.len(), "begins", "新开始的结对"),
            count(course.ends.len(), "ends", "结束的结对"),
            count(course.stays.len(), "stays", "不变的结对"),
        ],
        begins: of(&course.begins),
        ends,
        stays: of(&course.stays),
        loss: loss.map(|loss| points(loss, at(&opened.row.id), "全部人工决定使综合得分减少")),
        by_hand: decided(&opened.setting),
        limit: ChangesLine::of(&opened.setting, &format!("{}/changes", at(&opened.row.id))),
        errors: told,
    };
    let page = Page::new(
        "公布前核对",
        "公布后方案不能再改；结果、理论最高分、证明和全部人工决定一并存档，各方可以核验。",
    )
    .clause("G1.1")
    .back(at(&opened.row.id), opened.row.name.clone())
    .kind("form");
    Ok(Reply::view("planning/matching/publish.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn publish(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let starts = read.date(&pairs, "starts", "开始日期");
    let reason = read.text(&pairs, "reason", "理由", 200).to_owned();
    if opened.is_draft() && starts.is_some_and(|day| unseen(day, ctx.today, pairs.get("seen"))) {
        read.fail("starts", Code::InPast.says(LOOK));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &opened, errors).await;
    }
    let (version, starts) = (ctx.form_version()?, starts.ok_or(Error::NotFound)?);
    let (programme, publishing) = (ctx.programme(), Publishing { starts, reason: &reason });
    match publish::publish(&mut ctx.tx, &programme, &opened, version, publishing).await.or_wrong()? {
        Ok(()) => {
            let said = "已公布：新的结对已建立，被替换的已写明结束日期。各方在“结对名单”里可以看到理由，也可以自己核验。";
            Ok(Reply::done(at(&id), Flash::done(said)))
        }
        Err(errors) => page(ctx, &opened, errors).await,
    }
}
