//! All money of the caller's part of the province, from the plan to the payment, by source, school, project or year.

use super::moves::Wanted;
use super::{BalanceView, Query, late, months, school_link, source_choices, source_name, year_choices};
use crate::network::registry::{city_choices, typical_choices};
use crate::sharing::funding::actions::{self, Narrowed};
use crate::sharing::funding::rules::book::{Book, Grouping, Money};
use chrono::Datelike as _;
use jiedui_funding::{Balance, Flow, by, total};
use jiedui_kernel::{Actor, Result, Unit};
use jiedui_pictures::{Mark, Picture, Stack, StackRow};
use jiedui_programme::FundingRules;
use jiedui_store::ListCall;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use jiedui_web::sorting::Orders;
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<BalanceView>,
    cut: &'static str,
    picture: Option<PictureView>,
    by_project: bool,
    total: BalanceView,
    about: String,
    our_reading: bool,
    months: Figure,
    /// The same as a workbook.
    export: String,
    can_record: bool,
}

/// What an address asks for.
#[derive(Clone)]
pub struct Asked {
    cut: Grouping,
    year: Option<i32>,
    city: String,
    typical: String,
    source: String,
    school: String,
}

/// A part with what it adds up to.
pub struct Part {
    pub key: String,
    pub name: String,
    pub balance: Balance,
}

impl Asked {
    /// Everything that the caller sees, by source.
    pub fn whole() -> Self {
        let all = String::new;
        Self { cut: Grouping::Source, year: None, city: all(), typical: all(), source: all(), school: all() }
    }

    /// The same, cut in another way.
    pub fn cut_by(&self, cut: Grouping) -> Self {
        Self { cut, ..self.clone() }
    }

    /// Its movements, one by one.
    pub fn moves(&self, caller: &Actor) -> ListCall {
        let (source, city, school) = (self.source.clone(), self.city.clone(), self.school.clone());
        let typical = self.typical.clone();
        Wanted { source, city, typical, school, year: self.year, ..Wanted::default() }.call(caller)
    }

    pub async fn read(ctx: &mut RequestContext, list: &mut Listing, rules: &FundingRules) -> Result<Self> {
        let cuts = Grouping::ALL.into_iter().filter(|cut| *cut != Grouping::Source);
        let cut = list.one_of_or("经费来源", "by", "分开看", cuts.map(|cut| (cut, cut.id(), cut.label())));
        let years = year_choices(ctx);
        Ok(Self {
            cut: cut.unwrap_or(Grouping::Source),
            year: list.year_or("历年合计", "年度", years),
            city: list.choice_or("各市合计", "city", "所在市", city_choices(&mut ctx.tx).await?),
            typical: list.choice_or("各县合计", "typical", "典型县", typical_choices()),
            source: list.choice_or("各来源合计", "source", "经费来源", source_choices(rules)),
            school: list.id("school"),
        })
    }

    fn query(&self) -> Query {
        let year = self.year.map(|year| year.to_string()).unwrap_or_default();
        let all = [
            ("year", year.as_str()),
            ("city", self.city.as_str()),
            ("typical", self.typical.as_str()),
            ("source", self.source.as_str()),
            ("school", self.school.as_str()),
        ];
        all.into_iter().fold(Query::default(), |query, (name, value)| query.with(name, value))
    }

    fn narrowed(&self) -> Narrowed<'_> {
        Narrowed { school: &self.school, city: &self.city, source: &self.source, typical: &self.typical }
    }
}

/// The book, and every flow of the years asked for.
async fn flows(ctx: &mut RequestContext, asked: &Asked) -> Result<(Book, Vec<Flow>)> {
    let programme = ctx.programme();
    let book = actions::book(&mut ctx.tx, &programme, asked.narrowed()).await?;
    let mut flows = book.flows();
    flows.extend(actions::moves_by(&mut ctx.tx, asked.cut, asked.narrowed()).await?);
    flows.retain(|flow| asked.year.is_none_or(|year| flow.year == year));
    Ok((book, flows))
}

/// What a part is called: by the programme, or by its row.
fn name(rules: &FundingRules, cut: Grouping, names: &HashMap<String, String>, key: &str) -> String {
    match cut {
        Grouping::Source => source_name(rules, key),
        Grouping::Year => format!("{key}年"),
        Grouping::Project if key.is_empty() => "没有列入项目的".to_owned(),
        Grouping::School | Grouping::Project => {
            names.get(key).cloned().unwrap_or_else(|| "已不在列的".to_owned())
        }
    }
}

/// The parts of a cut in their usual order: sources as the programme has them, schools and projects by name, years by number.
async fn parts(
    ctx: &mut RequestContext,
    rules: &FundingRules,
    asked: &Asked,
    (book, flows): (&Book, &[Flow]),
) -> Result<Vec<Part>> {
    let names = actions::names(&mut ctx.tx, asked.cut, book).await?;
    let one =
        |(key, balance): (String, Balance)| Part { name: name(rules, asked.cut, &names, &key), key, balance };
    let found = by(flows, |flow| asked.cut.key(flow));
    let mut parts: Vec<Part> = found.into_iter().filter(|(_, of)| !of.is_empty()).map(one).collect();
    match asked.cut {
        Grouping::Source => {
            parts.sort_by_key(|part| rules.sources.iter().position(|source| source.id == part.key));
        }
        Grouping::Year => parts.reverse(),
        Grouping::School | Grouping::Project => parts.sort_by(|one, other| one.name.cmp(&other.name)),
    }
    Ok(parts)
}

/// Whether a money is of a part.
fn is_of(money: &Money, cut: Grouping, key: &str) -> bool {
    match cut {
        Grouping::Source => money.source == key,
        Grouping::School => money.school == key,
        Grouping::Project => money.project == key,
        Grouping::Year => money.on.year().to_string() == key,
    }
}

fn link(asked: &Asked, part: &Part) -> Link {
    match asked.cut {
        Grouping::School => school_link(&part.key, &part.name),
        Grouping::Project if !part.key.is_empty() => Link::new(format!("/projects/{}", part.key), &part.name),
        Grouping::Project => Link::new(asked.query().moves(""), &part.name),
        Grouping::Source => Link::new(asked.query().with("source", &part.key).moneys(), &part.name),
        Grouping::Year => {
            let names = ["year", "city", "typical", "source", "school"];
            Link::new(asked.query().with("year", &part.key).at("/funding", &names), &part.name)
        }
    }
}

/// By what the pages behind the figures of a part are narrowed.
fn query_of(asked: &Asked, part: &Part) -> Query {
    match asked.cut {
        Grouping::Year => asked.query().with("year", &part.key),
        cut => asked.query().with(cut.id(), &part.key),
    }
}

/// Where the money of each part is, as it was claimed: paid, left, approved and not come yet.
fn picture(asked: &Asked, parts: &[Part]) -> Option<PictureView> {
    const STEPS: [&str; 3] = ["已支出", "结余", "批复后未到位"];
    let row = |part: &Part| {
        let (query, of) = (query_of(asked, part), &part.balance);
        let moneys = query.moneys();
        let steps = [
            (of.paid.claimed, query.moves("paid")),
            (of.left().claimed, moneys.clone()),
            (of.outstanding().claimed, moneys),
        ];
        let marks = STEPS.iter().zip(steps).map(|(step, (cents, href))| Mark::of(*step, cents).opens(href));
        StackRow::new(&part.name, marks.collect()).opens(link(asked, part).href)
    };
    let stack = parts.iter().map(row).fold(Stack::new("经费到了哪一步", Unit::Yuan, STEPS), Stack::row);
    (!parts.is_empty()).then(|| PictureView::new("funding", &Picture::Stack(stack)))
}

/// What the page and the paper show: the parts, and all of them together.
pub async fn table(
    ctx: &mut RequestContext,
    rules: &FundingRules,
    asked: &Asked,
) -> Result<(Book, Vec<Part>, Balance)> {
    let (book, flows) = flows(ctx, asked).await?;
    let parts = parts(ctx, rules, asked, (&book, &flows)).await?;
    Ok((book, parts, total(&flows)))
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let mut list = Listing::at("/funding", Unit::Items, &ctx.query);
    let asked = Asked::read(ctx, &mut list, rules).await?;
    let (book, parts, sum) = table(ctx, rules, &asked).await?;
    let today = ctx.today;
    let line = |part: Part| {
        let query = query_of(&asked, &part);
        let late = late(&book, rules, today, |money| is_of(money, asked.cut, &part.key));
        BalanceView::of(link(&asked, &part), &part.balance, late, &query)
    };
    let orders = Orders {
        by: &[
            ("part", |part: &Part| Some(part.name.as_str().into())),
            ("needed", |part| Some(part.balance.needed.claimed.into())),
            ("planned", |part| Some(part.balance.planned.claimed.into())),
            ("applied", |part| Some(part.balance.applied.claimed.into())),
            ("approved", |part| Some(part.balance.approved.claimed.into())),
            ("arrived", |part| Some(part.balance.arrived().claimed.into())),
            ("paid", |part| Some(part.balance.paid.claimed.into())),
            ("left", |part| Some(part.balance.left().claimed.into())),
        ],
        unsorted: &["late", "in_kind"],
    };
    let all = Link::new("/funding/moneys", "合计");
    let listed = list.arrange(parts, &orders);
    let view = ListView {
        picture: picture(&asked, &listed.rows),
        list: listed.map(line),
        cut: asked.cut.label(),
        by_project: asked.cut == Grouping::Project,
        total: BalanceView::of(all, &sum, late(&book, rules, today, |_| true), &asked.query()),
        about: rules.about.clone(),
        our_reading: rules.our_reading,
        months: months(rules),
        export: asked.query().at("/funding/export", &["year", "city", "typical", "source", "school"]),
        can_record: ctx.can("fund", "record"),
    };
    let lead = "从计划、申报、批复、到位到支出，一笔钱只登记一次；每个数都能点开。金额登记数和确认数分开看。";
    let page = Page::new("经费", lead).clauses(&rules.clauses).kind("list");
    Reply::view("sharing/funding/list.html", page, &view)
}
