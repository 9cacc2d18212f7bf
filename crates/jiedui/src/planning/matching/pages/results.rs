//! What was published, for those it concerns: which pair a school got, why, and how to check it.

use super::super::actions::scenario::{self as actions, LoadedScenario};
use super::super::data::{self, AssignedRow};
use super::downloads;
use super::hand::ChangesLine;
use super::school::{Near, Why, nearest};
use super::stability::FirmLine;
use super::views::status_mark;
use crate::network::registry;
use jiedui_kernel::{Error, Result};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    rows: Vec<ResultLine>,
}

#[derive(Serialize)]
struct ResultLine {
    href: String,
    county_name: String,
    city: String,
    place: String,
    lead: Link,
    nearby: Link,
    becomes: StateMark,
    scenario: String,
    starts_on: Option<String>,
}

fn becomes(row: &AssignedRow) -> StateMark {
    match row.becomes.as_str() {
        "stays" => StateMark::new("none", "不变", "–"),
        _ => StateMark::new("pending", "新结对", "○"),
    }
}

fn line(row: &AssignedRow) -> ResultLine {
    ResultLine {
        href: format!("/matching/results/{}", row.county_school),
        county_name: row.county_name.clone(),
        city: row.city.clone(),
        place: row.place.clone(),
        lead: registry::link(&row.lead, &row.lead_name),
        nearby: registry::link(&row.nearby, &row.nearby_name),
        becomes: becomes(row),
        scenario: row.scenario_name.clone(),
        starts_on: row.starts_on.map(|day| day.to_string()),
    }
}

/// Of each county school what was published last.
fn latest(rows: Vec<AssignedRow>) -> Vec<AssignedRow> {
    let mut kept: Vec<AssignedRow> = Vec::new();
    for row in rows {
        if kept.iter().all(|one| one.county_school != row.county_school) {
            kept.push(row);
        }
    }
    kept
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let rows = ctx.tx.all::<AssignedRow>(&data::ASSIGNED, Vec::new()).await?;
    let view = ListView { rows: latest(rows).iter().map(line).collect() };
    let page = Page::new("公布的结对结果", "省办公布的结对：每所学校为什么这样结对，怎样自己核验。")
        .clause("G0.1")
        .clause("G1.1")
        .kind("list");
    Reply::view("planning/matching/results.html", page, &view)
}

#[derive(Serialize)]
struct ShowView {
    id: String,
    /// Where the school is the one that is helped: its own pair and why.
    own: Option<Own>,
    /// Where it helps: whom.
    helps: Vec<ResultLine>,
}

#[derive(Serialize)]
struct Own {
    line: ResultLine,
    why: Option<Why>,
    /// What came nearest instead.
    near: Vec<Near>,
    firm: Option<FirmLine>,
    status: StateMark,
    sha256: String,
    objective: i64,
    /// What the sum is at most.
    full: i64,
    bound: i64,
    files: Vec<Link>,
    /// What was decided by hand about this school, with the reason.
    hand: Vec<(String, String)>,
    most_changes: Option<ChangesLine>,
}

/// A school visible to the caller, and what was published about it, newest first.
async fn published(ctx: &mut RequestContext) -> Result<(registry::OrgRow, Vec<AssignedRow>)> {
    let id = ctx.param("id");
    let school = registry::find(&mut ctx.tx, &id).await?;
    let rows = ctx.tx.all::<AssignedRow>(&data::ASSIGNED_OF, args![&id]).await?;
    Ok((school, rows))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (school, rows) = published(ctx).await?;
    let own = match rows.iter().find(|row| row.county_school == school.id) {
        Some(row) => {
            let opened = actions::open(&mut ctx.tx, &row.scenario).await?;
            Some(own(&opened, row).await?)
        }
        None => None,
    };
    let helps = latest(rows.into_iter().filter(|row| row.county_school != school.id).collect());
    let view = ShowView { id: school.id.clone(), own, helps: helps.iter().map(line).collect() };
    let page = Page::new(format!("{}的结对结果", school.name), "得分怎样来的，需求由谁覆盖，结果怎样核验。")
        .clause("G0.1")
        .clause("G1.1")
        .back("/matching/results", "公布的结对结果")
        .kind("detail");
    Reply::view("planning/matching/result.html", page, &view)
}

async fn own(opened: &LoadedScenario, row: &AssignedRow) -> Result<Own> {
    let setting = &opened.setting;
    let href = format!("/matching/results/{}", row.county_school);
    let county = setting.facts.county(&row.county_school);
    let pair = [setting.facts.partner(&row.lead), setting.facts.partner(&row.nearby)];
    let why = match (county, pair) {
        (Some(county), [Some(lead), Some(nearby)]) => Some(Why::of(setting, county, lead, nearby, &href)),
        _ => None,
    };
    let near = match county {
        Some(county) => nearest(opened, county, &href).await?,
        None => Vec::new(),
    };
    let mine = setting.body.choices.iter().filter(|choice| choice.county_school == row.county_school);
    let hand = mine.map(|choice| {
        (format!("{}：{}", choice.kind.name(), setting.facts.name(&choice.partner)), choice.reason.clone())
    });
    Ok(Own {
        line: line(row),
        why,
        near,
        firm: FirmLine::of(opened, &row.county_school),
        status: status_mark(opened.answer.status()),
        sha256: opened.answer.instance().map(|instance| instance.sha256().to_owned()).unwrap_or_default(),
        objective: opened.answer.objective().unwrap_or_default(),
        full: setting.full_sum(),
        bound: opened.answer.solution().and_then(|solution| solution.bound).unwrap_or_default(),
        files: downloads::links(opened, &href),
        hand: hand.collect(),
        most_changes: ChangesLine::of(setting, &href),
    })
}

/// The published scenario that concerns a school.
async fn concerning(ctx: &mut RequestContext) -> Result<LoadedScenario> {
    let (_, rows) = published(ctx).await?;
    let row = rows.first().ok_or(Error::NotFound)?;
    actions::open(&mut ctx.tx, &row.scenario).await
}

pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = concerning(ctx).await?;
    downloads::file(ctx, opened)
}

pub async fn check(_: &mut RequestContext) -> Result<Reply> {
    let page =
        Page::new("怎样核验结对结果", "不用相信算的人：拿到测算条件和结果两个文件，谁都可以自己验一遍。")
            .clause("G0.1")
            .back("/matching/results", "公布的结对结果")
            .kind("detail");
    Reply::view("planning/matching/check.html", page, &serde_json::Value::Null)
}
