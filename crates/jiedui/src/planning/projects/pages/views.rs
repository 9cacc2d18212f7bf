//! A project as lists show it, and the years for which there are lists.

use crate::planning::projects::data::{Ended, ProjectRow};
use crate::planning::projects::rules::{self, Proposal, unit_of};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Reported, Unit};
use jiedui_programme::project_state;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::names::Names;
use jiedui_web::reply::Choice;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct ProjectLine {
    pub id: String,
    pub href: String,
    pub place: i64,
    pub version: i64,
    pub title: String,
    pub county_name: String,
    pub typical: bool,
    pub clause: String,
    /// 需求, 特色亮点, 组织领导职责.
    pub basis: &'static str,
    pub need: String,
    pub need_href: String,
    pub outcome: String,
    pub owner: String,
    pub from: String,
    pub to: String,
    pub budget: Option<Figure>,
    pub quantity: Figure,
    pub claimed: Figure,
    pub confirmed: Figure,
    pub left: Option<Figure>,
    pub state: StateMark,
    /// 拟增, 拟改, 拟撤: what the next filing will make of it.
    pub pending: &'static str,
    pub strip: Strip,
}

/// The year as a line from 0 to 100: the project's term, and today.
#[derive(Debug, Serialize)]
pub struct Strip {
    pub x: i64,
    pub w: i64,
    pub today: Option<i64>,
    pub label: String,
}

pub fn basis_name(basis: &str) -> &'static str {
    match basis {
        "highlight" => "特色亮点",
        "duty" => "组织领导职责",
        _ => "需求",
    }
}

/// Money as pages show it: in 万元, the exact cents kept for machines.
pub fn money(cents: i64, href: &str, label: &str) -> Figure {
    Figure {
        value: Some(rules::ten_thousands(cents)),
        unit: "万元",
        raw: Some(cents),
        ..Figure::of(Reported::Value(cents), Unit::Yuan, href, label)
    }
}

pub fn line(names: &mut Names, row: &ProjectRow, today: Date) -> ProjectLine {
    let href = format!("/projects/{}", row.id);
    let (fact, unit) = (row.fact(), unit_of(&row.unit));
    let figure = |value: i64, label: &str| Figure::of(Reported::Value(value), unit, &href, label);
    let left =
        (row.filed && row.ended == Ended::Not && fact.left() > 0).then(|| figure(fact.left(), "待处理"));
    let pending = match row.proposal() {
        Some(Proposal::Change(_)) => "拟改",
        Some(Proposal::Remove) => "拟撤",
        None if !row.filed && row.ended == Ended::Removed => "已删",
        None => "",
    };
    ProjectLine {
        place: row.place,
        version: row.version,
        title: row.title.clone(),
        county_name: row.county_name.clone(),
        typical: !row.typical_class.is_empty(),
        clause: row.clause.clone(),
        basis: basis_name(&row.basis),
        need: row.need_title.clone().unwrap_or_default(),
        need_href: row.need.as_ref().map(|id| format!("/needs/{id}")).unwrap_or_default(),
        outcome: row.outcome.clone(),
        owner: match &row.owner_name {
            Some(name) => format!("{} {}", row.owner_org_name, names.shown(name, &row.concerned())),
            None => row.owner_org_name.clone(),
        },
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        budget: (row.budget_sum > 0).then(|| money(row.budget_sum, &href, "经费")),
        quantity: figure(row.quantity, "应完成"),
        claimed: figure(row.claimed, "登记数（不含有异议的）"),
        confirmed: figure(row.confirmed, "确认数"),
        left,
        state: rules::project_mark(project_state(&fact, today)),
        pending,
        strip: strip(row, today),
        id: row.id.clone(),
        href,
    }
}

/// The term of a project in its year. How much of it is done stands beside it as numbers: the line is one of time.
pub fn strip(row: &ProjectRow, today: Date) -> Strip {
    let day = |date: Date| {
        let at = i64::from(date.ordinal0()) * 100 / 365;
        at.clamp(0, 100)
    };
    let (x, end) = (day(row.from_day), day(row.to_day).max(day(row.from_day) + 1));
    Strip {
        x,
        w: end - x,
        today: (i64::from(today.year()) == row.year).then(|| day(today)),
        label: format!("{}：起止和今天", row.title),
    }
}

/// The years for which there can be lists, the next one first.
pub fn year_choices(today: Date) -> Vec<Choice> {
    let years = (2024..=today.year() + 1).rev();
    years.map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect()
}
