//! On one sheet: a pairing, a school, a county, a city, a helper, an enterprise, somebody in a post. Who; from needs to what came
//! of them; the year; who is on site; what is lacking; what waits for whom. All who see a thing see the same sheet; what of it a
//! role may not read is left out.

mod enterprise;
mod one;
mod person;
mod school;
mod several;
mod waits;
mod work;

pub use enterprise::show as enterprise;
pub use one::{pairing, school};
pub use person::show as person;
pub use several::area;

use crate::network::agreements;
use crate::network::pairings::PairingRow;
use crate::network::registry::OrgRow;
use crate::planning::projects::{self, ListRow};
use crate::planning::school_plans::{self, PlanRow};
use chrono::Datelike as _;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::picture::PictureView;
use school::{MoneyLine, OutputLine};
use serde::Serialize;
use waits::WaitLine;
use work::{ChainLine, Presence, Work};

/// So much that waits stands on one sheet.
const WAITS: usize = 40;

/// A school of the sheet, with the pairing that the sheet tells of.
struct Subject {
    school: OrgRow,
    pairing: Option<PairingRow>,
    /// Of this year and the next, the newest first.
    lists: Vec<ListRow>,
}

impl Subject {
    async fn read(ctx: &mut RequestContext, school: OrgRow, pairing: Option<PairingRow>) -> Result<Self> {
        let lists = match &pairing {
            Some(row) => projects::lists_of(&mut ctx.tx, 0, &row.id).await?,
            None => Vec::new(),
        };
        Ok(Self { school, pairing, lists })
    }
}

/// Where figures that are made of all schools of a sheet open.
struct Opens {
    /// What narrows the list of outputs to these schools, as far as it can.
    outputs: String,
    money: String,
    /// What opens is of more schools than these.
    wider: bool,
}

impl Opens {
    fn of_school(id: &str) -> Self {
        Self { outputs: format!("&school={id}"), money: format!("/funding/schools/{id}"), wider: false }
    }
}

/// What a sheet tells of its schools, be it one or several.
#[derive(Serialize, Default)]
struct Parts {
    waits: Vec<WaitLine>,
    more_waits: bool,
    here: Vec<Presence>,
    next: Vec<Presence>,
    chain: Vec<ChainLine>,
    year: Option<PictureView>,
    /// More was done in the year than is drawn.
    cut_short: bool,
    outputs: Vec<OutputLine>,
    money: Vec<MoneyLine>,
    /// What opens behind these two is of more schools.
    wider: bool,
}

/// `named`: each line says of which school it is.
async fn parts(ctx: &mut RequestContext, all: &[Subject], named: bool, opens: &Opens) -> Result<Parts> {
    let rows: Vec<PairingRow> = all.iter().filter_map(|of| of.pairing.clone()).collect();
    let clocks = waits::clocks(ctx, &rows).await?;
    let most = work::most(all.len());
    let (mut found, mut works) = (Parts::default(), Vec::new());
    for of in all {
        let school = if named { of.school.name.clone() } else { String::new() };
        let (mut chain, planned) = work::chain(ctx, of, all.len()).await?;
        let done = work::done(ctx, of, most).await?;
        let coming = work::coming(ctx, &of.school.id).await?;
        let mut waits = waits::waits(ctx, of, &clocks).await?;
        let (mut here, mut next) = (work::here(ctx, &done), work::next(ctx, &coming));
        chain.iter_mut().for_each(|line| line.school.clone_from(&school));
        waits.iter_mut().for_each(|line| line.school.clone_from(&school));
        here.iter_mut().chain(&mut next).for_each(|line| line.school.clone_from(&school));
        found.chain.append(&mut chain);
        found.waits.append(&mut waits);
        found.here.append(&mut here);
        found.next.append(&mut next);
        found.cut_short |= done.len() >= most;
        // The projects of several schools stand in the chain alone: as rows they would be a picture that nobody reads.
        let planned = if named { Vec::new() } else { planned };
        works.push(Work { school, planned, done, coming });
    }
    found.more_waits = found.waits.len() > WAITS;
    found.waits.truncate(WAITS);
    found.year = work::year(ctx, &works);
    found.outputs = school::outputs(ctx, all, &opens.outputs).await?;
    found.money = school::money(ctx, all, &opens.money).await?;
    found.wider = opens.wider && !(found.outputs.is_empty() && found.money.is_empty());
    Ok(found)
}

/// A paper of the pairing, and how far it is.
#[derive(Serialize)]
struct PaperLine {
    name: &'static str,
    href: String,
    state: StateMark,
    day: Option<String>,
}

/// The agreement, the plan, and the lists of this year and the next, in this order. `plans` are all that the caller sees.
async fn papers(ctx: &mut RequestContext, of: &Subject, plans: &[PlanRow]) -> Result<Vec<PaperLine>> {
    let Some(row) = &of.pairing else { return Ok(Vec::new()) };
    let all = agreements::of_pairing(&mut ctx.tx, &row.id).await?;
    let last = agreements::rules::in_force(&all, ctx.today).or(all.first());
    let none = StateMark::new("none", "还没有", "–");
    let mut found = vec![PaperLine {
        name: "三方协议",
        href: format!("/pairings/{}/agreements", row.id),
        state: last.map_or(none, |one| agreements::rules::state(one, &all, ctx.today)),
        day: last.map(|one| one.signed_on.to_string()),
    }];
    let plan = plans.iter().find(|plan| plan.pairing.as_ref() == Some(&row.id));
    found.push(PaperLine {
        name: "协作方案",
        href: plan.map_or_else(|| format!("/plans?pairing={}", row.id), |plan| format!("/plans/{}", plan.id)),
        state: school_plans::rules::state(plan),
        day: row.planned_on.map(|day| day.to_string()),
    });
    for (name, year) in [("今年的项目清单", ctx.today.year()), ("明年的项目清单", ctx.today.year() + 1)]
    {
        let list = of.lists.iter().find(|list| list.year == i64::from(year));
        found.push(PaperLine {
            name,
            href: list.map_or_else(|| "/lists".to_owned(), |list| format!("/lists/{}", list.id)),
            state: projects::rules::list_mark(list.map(|list| list.state)),
            day: list.and_then(|list| list.filed_on).map(|day| day.to_string()),
        });
    }
    Ok(found)
}
