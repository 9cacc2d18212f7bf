//! The list of projects: over everything visible to the caller, with filters that live in the address.

use super::index;
use super::views::{ProjectLine, line};
use crate::network::registry::{self, typical_choices};
use crate::planning::projects::{data, rules};
use crate::shared::choices::task_choices;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Pager;
use jiedui_web::reply::{Choice, Filter, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    rows: Vec<ProjectLine>,
    pager: Pager,
    can_draft: bool,
    year_href: String,
}

/// The years for which there can be lists, the next one first.
pub fn year_choices(today: Date) -> Vec<Choice> {
    let years = (2024..=today.year() + 1).rev();
    years.map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect()
}

pub async fn filters(ctx: &mut RequestContext) -> Result<Vec<Filter>> {
    let query = ctx.query.clone();
    let programme = ctx.programme();
    let years = [vec![Choice::new("all", "各年")], year_choices(ctx.today)].concat();
    let helpers = ctx.tx.all::<(String, String, String)>(&data::HELPERS, Vec::new()).await?;
    let helpers = helpers.into_iter().map(|(_, id, name)| Choice::new(id, name)).collect();
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let states = rules::STATES.map(|(id, state)| Choice::new(id, rules::project_mark(state).label)).to_vec();
    let year = match query.get("year") {
        "" => ctx.today.year().to_string(),
        year => year.to_owned(),
    };
    let mut filters = vec![
        Filter::text("q", "项目或学校", query.get("q")),
        Filter::select("year", "年度", &year, years).blank("今年"),
        Filter::select("task", "任务", query.get("task"), task_choices(&programme)),
        Filter::select("state", "状态", query.get("state"), states),
        Filter::select("helper", "协作院校", query.get("helper"), helpers),
        Filter::select("city", "所在市", query.get("city"), cities),
        Filter::select("typical", "典型县", query.get("typical"), typical_choices()),
    ];
    if !query.get("pairing").is_empty() {
        filters.push(Filter::hidden("pairing", query.get("pairing")));
    }
    Ok(filters)
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (rows, pager) = index::page(ctx, "/projects").await?;
    let view = ListView {
        filters: filters(ctx).await?,
        rows: rows.iter().map(|row| line(row, ctx.today)).collect(),
        pager,
        can_draft: ctx.can("project", "draft"),
        year_href: format!("/projects/year?{}", ctx.query.with("page", "")),
    };
    let lead = "各校每年约定办成的事。进度由双方确认的台账算出，不另外填报。";
    let page = Page::new("协作项目", lead).clause("S4.1").clause("S4.2").kind("list");
    Reply::view("planning/projects/list.html", page, &view)
}
