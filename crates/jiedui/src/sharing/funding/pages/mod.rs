//! Pages of funding, and what they show alike: a balance as a row of figures, each of which opens.

pub mod costs;
pub mod list;
pub mod moneys;
pub mod moves;
pub mod new;
pub mod school;
pub mod show;

use super::rules::book::Book;
use super::rules::stage_mark;
use crate::network::registry;
use chrono::{Datelike as _, Months};
use jiedui_funding::{Balance, Late};
use jiedui_kernel::{Date, Reported, Unit};
use jiedui_programme::FundingRules;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::Choice;
use serde::Serialize;

/// Money as pages show it.
pub fn yuan(cents: i64, href: &str, label: &str) -> Figure {
    Figure::of(Reported::Value(cents), Unit::Yuan, href, label)
}

/// By what the pages behind a row of figures are narrowed: `source=city&year=2026`.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut parts: Vec<_> = self.0.iter().filter(|(other, _)| *other != name).cloned().collect();
        if !value.is_empty() {
            parts.push((name, value.to_owned()));
        }
        Self(parts)
    }

    /// An address with these of it.
    fn at(&self, path: &str, names: &[&str]) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(self.0.iter().filter(|(name, _)| names.contains(name)));
        match out.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    pub fn moneys(&self) -> String {
        self.at("/funding/moneys", &["source", "city", "typical", "school", "project", "late"])
    }

    pub fn moves(&self, kind: &str) -> String {
        let names = ["source", "city", "typical", "school", "project", "output", "kind", "year"];
        self.with("kind", kind).at("/funding/moves", &names)
    }

    /// The list of projects shows this year where it is asked for none.
    fn projects(&self) -> String {
        let all = self.0.iter().all(|(name, _)| *name != "year");
        let query = if all { self.with("year", "all") } else { self.clone() };
        query.at("/projects", &["year", "city", "typical"])
    }
}

/// A balance with everything that is late of it.
#[derive(Serialize)]
pub struct BalanceView {
    pub part: Link,
    /// The state of one money; none of a sum.
    pub stage: Option<StateMark>,
    needed: Figure,
    planned: Figure,
    applied: Figure,
    approved: Figure,
    approved_sure: Figure,
    arrived: Figure,
    arrived_sure: Figure,
    paid: Figure,
    paid_sure: Figure,
    left: Figure,
    /// What is late; nothing where nothing is.
    overdue: Option<Figure>,
    idle: Option<Figure>,
    in_kind: Figure,
}

impl BalanceView {
    pub fn of(part: Link, of: &Balance, late: Late, query: &Query) -> Self {
        let moneys = query.moneys();
        let came = if of.received.claimed == 0 && of.own.claimed > 0 {
            query.moves("arrived")
        } else {
            moneys.clone()
        };
        let behind = query.with("late", "yes").moneys();
        Self {
            needed: yuan(of.needed.claimed, &query.at("/plans", &["city", "typical"]), "达标方案的缺口经费"),
            planned: yuan(of.planned.claimed, &query.projects(), "已备案项目的经费"),
            applied: yuan(of.applied.claimed, &query.at("/applications", &["city", "typical"]), "申报金额"),
            approved: yuan(of.approved.claimed, &moneys, "承诺和批复（登记）"),
            approved_sure: yuan(of.approved.confirmed, &moneys, "承诺和批复（确认）"),
            arrived: yuan(of.arrived().claimed, &came, "到位（登记）"),
            arrived_sure: yuan(of.arrived().confirmed, &came, "到位（确认）"),
            paid: yuan(of.paid.claimed, &query.moves("paid"), "支出（登记）"),
            paid_sure: yuan(of.paid.confirmed, &query.moves("paid"), "支出（确认）"),
            left: yuan(of.left().claimed, &moneys, "结余：到位减去支出和退回"),
            overdue: (late.overdue > 0).then(|| yuan(late.overdue, &behind, "逾期未到位")),
            idle: (late.idle > 0).then(|| yuan(late.idle, &behind, "到位后滞留")),
            in_kind: yuan(of.in_kind.claimed, &query.moves("in_kind"), "实物折价"),
            stage: None,
            part,
        }
    }
}

/// The last day of which what came by then lies too long.
pub fn old(rules: &FundingRules, today: Date) -> Date {
    today.checked_sub_months(Months::new(rules.late_after_months)).unwrap_or(today)
}

/// What is late of the moneys that fit.
pub fn late(
    book: &Book,
    rules: &FundingRules,
    today: Date,
    fits: impl Fn(&super::rules::book::Money) -> bool,
) -> Late {
    let old = old(rules, today);
    let each = book.moneys.iter().filter(|money| fits(money)).map(|money| money.late(today, old));
    each.fold(Late::default(), |sum, one| Late {
        overdue: sum.overdue.saturating_add(one.overdue),
        idle: sum.idle.saturating_add(one.idle),
    })
}

/// After how many months money that lies still is late.
pub fn months(rules: &FundingRules) -> Figure {
    let months = i64::from(rules.late_after_months);
    let figure = Figure::of(Reported::Value(months), Unit::Items, "/funding", "滞留的月数");
    Figure { unit: "个月", ..figure }
}

/// The sources of the programme, for filters.
pub fn source_choices(rules: &FundingRules) -> Vec<Choice> {
    rules.sources.iter().map(|source| Choice::new(source.id.as_str(), source.name.as_str())).collect()
}

/// The years from which on there is money, the newest first.
pub fn year_choices(ctx: &RequestContext) -> Vec<Choice> {
    let now = ctx.today.year();
    let year = |year: i32| Choice::new(year.to_string(), format!("{year}年"));
    (now - 4..=now + 1).rev().map(year).collect()
}

/// What a source is called; its id where the programme has it no more.
pub fn source_name(rules: &FundingRules, id: &str) -> String {
    rules.source(id).map_or_else(|| id.to_owned(), |source| source.name.clone())
}

pub fn school_link(id: &str, name: &str) -> Link {
    Link { href: format!("/funding/schools/{id}"), ..registry::link(id, name) }
}

/// Where what came of a share is listed.
pub fn came_href(share: &str) -> String {
    Query::default().with("output", share).moves("arrived")
}

/// One money of an output or a share, as lists show it.
pub fn money_view(money: &super::rules::book::Money, rules: &FundingRules, today: Date) -> BalanceView {
    let query = Query::default().with("output", &money.id);
    let part = match &money.share_of {
        Some(allocation) => format!("/allocations/{allocation}"),
        None => format!("/outputs/{}", money.id),
    };
    let part = Link::new(part, money.title.clone());
    let balance = money.balance();
    let view = BalanceView::of(part.clone(), &balance, money.late(today, old(rules, today)), &query);
    let href = part.href;
    // What comes of an output is written there; of a share it is a movement.
    let came = if money.share_of.is_some() { query.moves("arrived") } else { href.clone() };
    BalanceView {
        stage: Some(stage_mark(balance.stage(money.over))),
        approved: yuan(balance.approved.claimed, &href, "承诺和批复（登记）"),
        approved_sure: yuan(balance.approved.confirmed, &href, "承诺和批复（确认）"),
        arrived: yuan(balance.arrived().claimed, &came, "到位（登记）"),
        arrived_sure: yuan(balance.arrived().confirmed, &came, "到位（确认）"),
        ..view
    }
}
