//! Allocations visible to the caller: its own, and those in which a school of its part of the province has a share.

use crate::network::registry::like;
use crate::shared::review::State as _;
use crate::sharing::allocation::data::{self, AllocationRow, AllocationState};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{self, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct AllocationLine {
    href: String,
    title: String,
    rule: String,
    issuer: String,
    total: Figure,
    published: Option<String>,
    state: StateMark,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: listing::Listed<AllocationLine>,
    can_draft: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut list = Listing::at("/allocations", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "哪一次"));
    let rules = programme.allocations.iter().map(|rule| Choice::new(rule.id.as_str(), rule.name.as_str()));
    let rule = list.choice("rule", "分什么", rules.collect());
    let states = AllocationState::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let state = list.choice("state", "状态", states);
    let call = values!(data::LIST { q, rule, state });
    let line = |row: AllocationRow| {
        let href = format!("/allocations/{}", row.id);
        let rule = programme.allocation(&row.rule);
        let unit = rule.map_or(Unit::Items, |rule| rule.unit);
        AllocationLine {
            total: Figure::of(Reported::Value(row.total), unit, &href, "一共"),
            rule: rule.map_or_else(|| row.rule.clone(), |rule| rule.name.clone()),
            title: row.title,
            issuer: row.issuer_name,
            published: row.published_on.map(|day| day.to_string()),
            state: row.state.mark(),
            href,
        }
    };
    let found = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let view = ListView { list: found, can_draft: ctx.can("allocation", "draft") };
    let lead =
        "名额、队数、资金按写明的规则分：倾斜多少、谁得多少、为什么，都能照着算一遍；学校可以提出异议。";
    let page = programme
        .allocations
        .iter()
        .fold(Page::new("倾斜分配", lead), |page, rule| page.clauses(&rule.clauses));
    Reply::view("sharing/allocation/list.html", page.kind("list"), &view)
}
