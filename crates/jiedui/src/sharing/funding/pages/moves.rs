//! What was recorded: payments, what came by itself, what was given back, and things with their value.

use super::{school_link, source_choices, source_name, year_choices, yuan};
use crate::network::registry::{city_choices, like};
use crate::shared::review::State as _;
use crate::sharing::funding::actions;
use crate::sharing::funding::data::{self, MoveKind, MoveRow, MoveState};
use jiedui_kernel::{Date, Result, Unit};
use jiedui_programme::FundingRules;
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::form::{FIRST_DAY, LAST_DAY};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

/// A movement as lists show it.
#[derive(Serialize)]
pub struct MoveLine {
    href: String,
    school: Link,
    kind: &'static str,
    source: String,
    day: String,
    amount: Figure,
    words: String,
    number: String,
    state: StateMark,
}

impl MoveLine {
    pub fn of(row: &MoveRow, rules: &FundingRules) -> Self {
        let href = format!("/funding/moves/{}", row.id);
        Self {
            school: school_link(&row.school, &row.school_name),
            kind: row.kind.label(),
            source: source_name(rules, &row.source),
            day: row.day.to_string(),
            amount: yuan(row.amount, &href, row.kind.label()),
            words: row.words.clone(),
            number: row.number.clone(),
            state: row.state.mark(),
            href,
        }
    }
}

#[derive(Serialize)]
struct MovesView {
    #[serde(flatten)]
    list: Listed<MoveLine>,
}

/// The first and the last day of a year; of all days without one.
pub fn days(year: Option<i32>) -> (Date, Date) {
    let of = |month, day| year.and_then(|year| Date::from_ymd_opt(year, month, day));
    (of(1, 1).unwrap_or(FIRST_DAY), of(12, 31).unwrap_or(LAST_DAY))
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let mut list = Listing::at("/funding/moves", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "用途或凭证号"));
    let kinds = MoveKind::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let kind = list.choice("kind", "收支", kinds);
    let source = list.choice("source", "经费来源", source_choices(rules));
    let city = list.choice("city", "所在市", city_choices(&mut ctx.tx).await?);
    let (first, last) = days(list.year_or("全部", "年度", year_choices(ctx)));
    let states = MoveState::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let state = list.choice_or("除已撤回外", "state", "状态", states);
    let (school, output, project) = (list.id("school"), list.id("output"), list.id("project"));
    let call = values!(data::LIST { q, kind, source, city, state, school, output, project, first, last });
    let found = list.fetch(&mut ctx.tx, &call).await?.map(|row: MoveRow| MoveLine::of(&row, rules));
    let view = MovesView { list: found };
    let lead = "学校或主管局登记，由另一方确认；待确认和有异议的只进登记数，撤回的不计。";
    let page = Page::new("收支明细", lead).clauses(&rules.clauses).back("/funding", "返回经费").kind("list");
    Reply::view("sharing/funding/moves.html", page, &view)
}
