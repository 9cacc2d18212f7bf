//! The moneys behind the figures: each promise and grant with what came of it, what was paid, and what is late.

use super::{BalanceView, money_view, old, school_link, source_choices, source_name};
use crate::network::registry::{self, city_choices, typical_choices};
use crate::sharing::funding::actions::{self, Narrowed};
use crate::sharing::funding::rules::book::Money;
use jiedui_kernel::{Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use jiedui_web::sorting::Orders;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct MoneyLine {
    school: Link,
    source: String,
    due: Option<String>,
    #[serde(flatten)]
    balance: BalanceView,
}

#[derive(Serialize)]
struct MoneysView {
    #[serde(flatten)]
    list: Listed<MoneyLine>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let mut list = Listing::at("/funding/moneys", Unit::Items, &ctx.query);
    let source = list.choice("source", "经费来源", source_choices(rules));
    let city = list.choice("city", "所在市", city_choices(&mut ctx.tx).await?);
    let typical = list.choice("typical", "典型县", typical_choices());
    let (school, project) = (list.id("school"), list.id("project"));
    let only_late = list.flag("late", "yes");
    let narrowed = Narrowed { school: &school, city: &city, source: &source, typical: &typical };
    let book = actions::book(&mut ctx.tx, &programme, narrowed).await?;
    let (today, before) = (ctx.today, old(rules, ctx.today));
    let fits = |money: &Money| {
        (project.is_empty() || money.project == project)
            && (!only_late || money.late(today, before).is_late())
    };
    let found: Vec<Money> = book.moneys.into_iter().filter(fits).collect();
    let schools = registry::schools(&mut ctx.tx).await?;
    let names: HashMap<String, String> = schools.into_iter().map(|row| (row.id, row.name)).collect();
    let orders = Orders {
        by: &[
            ("part", |money: &Money| Some(money.title.as_str().into())),
            ("approved", |money| Some(money.balance().approved.claimed.into())),
            ("arrived", |money| Some(money.balance().arrived().claimed.into())),
            ("paid", |money| Some(money.paid.claimed.into())),
            ("left", |money| Some(money.balance().left().claimed.into())),
            ("due", |money| money.due.map(Into::into)),
        ],
        unsorted: &["school", "source", "stage", "late"],
    };
    let line = |money: Money| MoneyLine {
        school: school_link(&money.school, names.get(&money.school).map_or("", String::as_str)),
        source: source_name(rules, &money.source),
        due: money.due.map(|day| day.to_string()),
        balance: money_view(&money, rules, today),
    };
    let view = MoneysView { list: list.arrange(found, &orders).map(line) };
    let lead = "每一笔承诺、资助和捐赠：批了多少、到了多少、用了多少、还剩多少。到位在原来的登记里更新。";
    let page = Page::new("每一笔钱", lead).clauses(&rules.clauses).back("/funding", "返回经费").kind("list");
    Reply::view("sharing/funding/moneys.html", page, &view)
}
