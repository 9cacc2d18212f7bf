//! What was recorded: payments, what came by itself, what was given back, and things with their value.

use super::{school_link, source_choices, source_name, year_choices, yuan};
use crate::network::registry::{city_choices, like, typical_choices};
use crate::shared::review::State as _;
use crate::sharing::funding::actions;
use crate::sharing::funding::data::{self, MoveKind, MoveRow, MoveState};
use chrono::Datelike as _;
use jiedui_kernel::{Actor, Date, Result, Unit};
use jiedui_programme::FundingRules;
use jiedui_store::{ListCall, values};
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
fn days(year: Option<i32>) -> (Date, Date) {
    let of = |month, day| year.and_then(|year| Date::from_ymd_opt(year, month, day));
    (of(1, 1).unwrap_or(FIRST_DAY), of(12, 31).unwrap_or(LAST_DAY))
}

/// Which movements are asked for; "" for all.
#[derive(Debug, Default)]
pub struct Wanted {
    pub q: String,
    pub kind: String,
    pub source: String,
    pub city: String,
    pub typical: String,
    pub state: Option<MoveState>,
    pub school: String,
    pub output: String,
    pub project: String,
    pub year: Option<i32>,
}

macro_rules! ways {
    ($($name:ident: $list:ident),+) => {
        $(fn $name(of: &Wanted) -> ListCall {
            let Wanted { q, kind, source, city, typical, school, output, project, year, .. } = of;
            let state = of.state.map_or("", MoveState::text);
            let (first, last) = days(*year);
            values!(data::$list { q, kind, source, city, typical, state, school, output, project, first, last })
        })+
    };
}
ways! { wide: LIST, of_state: OF_STATE, of_source: OF_SOURCE, of_kind: OF_KIND, of_few: OF_FEW, of_one: OF_ONE }

impl Wanted {
    fn is_of_one(&self) -> bool {
        !self.output.is_empty() || !self.project.is_empty()
    }

    fn is_of_few(&self, caller: &Actor) -> bool {
        caller.scope.is_narrow() || !self.school.is_empty() || !self.city.is_empty()
    }

    /// By the short way to the rows.
    pub fn call(&self, caller: &Actor) -> ListCall {
        match () {
            () if self.is_of_one() => of_one(self),
            () if self.is_of_few(caller) => of_few(self),
            () if self.state.is_some() => of_state(self),
            () if !self.source.is_empty() => of_source(self),
            () if !self.kind.is_empty() => of_kind(self),
            () => wide(self),
        }
    }

    /// No index finds words within a text: among the movements of all schools they are looked for in one year.
    fn looks_through_all(&self, caller: &Actor) -> bool {
        !self.q.is_empty() && self.year.is_none() && !self.is_of_one() && !self.is_of_few(caller)
    }
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
    let typical = list.choice("typical", "典型县", typical_choices());
    let year = list.year_or("全部", "年度", year_choices(ctx));
    let states = MoveState::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let state = MoveState::of(&list.choice_or("除已撤回外", "state", "状态", states));
    let (school, output, project) = (list.id("school"), list.id("output"), list.id("project"));
    let mut wanted = Wanted { q, kind, source, city, typical, state, school, output, project, year };
    let mut lead = "学校或主管局登记，由另一方确认；待确认和有异议的只进登记数，撤回的不计。";
    if wanted.looks_through_all(&ctx.actor) {
        wanted.year = Some(ctx.today.year());
        lead = "按用途或凭证号只找了今年的收支；要找别的年度，请选年度、学校或市。";
    }
    let call = wanted.call(&ctx.actor);
    let found = list.fetch(&mut ctx.tx, &call).await?.map(|row: MoveRow| MoveLine::of(&row, rules));
    let view = MovesView { list: found };
    let page = Page::new("收支明细", lead).clauses(&rules.clauses).back("/funding", "返回经费").kind("list");
    Reply::view("sharing/funding/moves.html", page, &view)
}
