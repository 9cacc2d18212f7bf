//! The list of projects: over everything within reach, with filters that live in the address.

use super::views::{ProjectLine, line};
use super::{data, index, rules};
use crate::http::cx::Cx;
use crate::http::figure::Pager;
use crate::http::form::Pairs;
use crate::http::reply::{Choice, Filter, Page, Reply};
use crate::needs::task_choices;
use crate::registry::{self, typical_choices};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    rows: Vec<ProjectLine>,
    pager: Pager,
    can_draft: bool,
    year_href: String,
}

/// The year of an address: this year where there is none, 0 for all.
pub fn year_of(query: &Pairs, today: Date) -> i64 {
    match query.get("year") {
        "all" => 0,
        text => {
            text.parse().ok().filter(|year| (2000..=2100).contains(year)).unwrap_or(i64::from(today.year()))
        }
    }
}

/// The years for which there can be lists, the next one first.
pub fn year_choices(today: Date) -> Vec<Choice> {
    let years = (2024..=today.year() + 1).rev();
    years.map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect()
}

pub async fn filters(cx: &mut Cx) -> Result<Vec<Filter>> {
    let query = cx.query.clone();
    let programme = cx.programme();
    let years = [vec![Choice::new("all", "各年")], year_choices(cx.today)].concat();
    let helpers = cx.tx.all::<(String, String, String)>(&data::HELPERS, Vec::new()).await?;
    let helpers = helpers.into_iter().map(|(_, id, name)| Choice::new(id, name)).collect();
    let cities = registry::city_choices(&mut cx.tx).await?;
    let states = rules::STATES.map(|(id, state)| Choice::new(id, rules::project_mark(state).label)).to_vec();
    let year = match query.get("year") {
        "" => cx.today.year().to_string(),
        year => year.to_owned(),
    };
    let mut filters = vec![
        Filter::text("q", "项目或学校", query.get("q")),
        Filter::select("year", "年度", &year, years).blank("今年"),
        Filter::select("task", "任务", query.get("task"), task_choices(&programme)),
        Filter::select("state", "状态", query.get("state"), states),
        Filter::select("helper", "帮扶院校", query.get("helper"), helpers),
        Filter::select("city", "所在市", query.get("city"), cities),
        Filter::select("typical", "典型县", query.get("typical"), typical_choices()),
    ];
    if !query.get("pairing").is_empty() {
        filters.push(Filter::hidden("pairing", query.get("pairing")));
    }
    Ok(filters)
}

pub async fn list(cx: &mut Cx) -> Result<Reply> {
    let (rows, pager) = index::page(cx, "/projects").await?;
    let view = ListView {
        filters: filters(cx).await?,
        rows: rows.iter().map(|row| line(row, cx.today)).collect(),
        pager,
        can_draft: cx.can("project", "draft"),
        year_href: format!("/projects/year?{}", cx.query.with("page", "")),
    };
    let lead = "各校每年约定办成的事。进度由双方确认的台账算出，不另外填报。";
    let page = Page::new("协作项目", lead).clause("S4.1").clause("S4.2").kind("list");
    Reply::view("projects/list.html", page, &view)
}
