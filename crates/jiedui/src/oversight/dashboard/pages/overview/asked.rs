//! What the address of the overview asks for.

use super::tiles::TileMeasure;
use super::{columns, trend};
use crate::network::registry;
use crate::reporting::meetings::Records;
use crate::standing::indicators::{Facts, Slice, chinese_month, measured, month_text};
use crate::standing::obligations::{self, Clock};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result, Unit};
use jiedui_programme::{Indicator, IndicatorOf, Programme, Task};
use jiedui_web::context::RequestContext;
use jiedui_web::listing::Listing;
use jiedui_web::reply::Choice;

pub struct Asked<'p> {
    /// With the month and the day as of which it is told.
    pub cut: Slice,
    /// A task's id, or "".
    pub task: String,
    pub trend: Option<&'p Indicator>,
    pub tiles: TileMeasure,
}

impl<'p> Asked<'p> {
    pub async fn read(
        ctx: &mut RequestContext,
        programme: &'p Programme,
        divisions: &[registry::Division],
    ) -> Result<(Listing, Self)> {
        let cities = registry::city_choices_among(&mut ctx.tx, divisions).await?;
        let cities = cities.into_iter().map(|city| Choice::new(&city.label, &city.label)).collect();
        let last = ctx.query.date("asof").filter(|day| *day <= ctx.today).unwrap_or(ctx.today);
        let years = (2024..=last.year()).rev().map(|year| Choice::new(year.to_string(), format!("{year}年")));
        let all: Vec<&Indicator> = trend::measures(programme).collect();
        let mut list = Listing::at("/overview", Unit::Schools, &ctx.query);
        let mut cut = Slice::year(list.year_or("本年度", "年度", years.collect()).unwrap_or(last.year()));
        let months = months(cut.year, last);
        let choices = months.iter().map(|month| Choice::new(month_text(*month), chinese_month(*month)));
        let month = list.choice_or("全年", "month", "月份", choices.collect());
        cut.month = months.into_iter().find(|one| month_text(*one) == month).unwrap_or(0);
        cut.city = list.choice("city", "所在市", cities);
        cut.typical = list.choice("typical", "典型县", registry::typical_choices());
        let tasks = programme.tasks.iter().filter(|task| has_figures(programme, task));
        let task = list.choice("task", "任务", tasks.map(|task| Choice::new(&task.id, &task.name)).collect());
        // At the end of today nothing else was reported than is known now.
        cut.asof = list.until(["asof", "截至"], ctx.today).filter(|day| *day < ctx.today);
        let measures = all.iter().map(|of| Choice::new(&of.id, &of.name)).collect();
        let chosen = list.choice_or("目标所要的", "trend", "逐月走势", measures);
        let tiles = list.one_of_or("已结对", "tiles", "示意图", TileMeasure::ALL.into_iter().skip(1));
        let mut asked = Self { cut, task, trend: None, tiles: tiles.unwrap_or(TileMeasure::Paired) };
        let usual = columns(programme, |of| asked.fits(programme, &of.clause)).first().copied();
        asked.trend = all.iter().find(|of| of.id == chosen).copied().or(usual);
        Ok((list, asked))
    }

    /// The whole year: what is no sum of months is told of it.
    pub fn of_year(&self) -> Slice {
        self.cut.in_year(self.cut.year)
    }

    /// Whether what a sentence asks for belongs to the task.
    pub fn fits(&self, programme: &Programme, clause: &str) -> bool {
        self.task.is_empty() || programme.task(clause).is_some_and(|of| of.id == self.task)
    }

    /// Whether it is a duty of the present period, at the schools and of the task that are asked for.
    pub fn owes(&self, programme: &Programme, clock: &Clock) -> bool {
        clock.current
            && (self.cut.city.is_empty() || clock.city == self.cut.city)
            && registry::fits_typical(&self.cut.typical, !clock.typical_class.is_empty())
            && self.fits(programme, &clock.clause)
    }

    /// The columns of the table by place.
    pub fn columns(&self, programme: &'p Programme) -> Vec<&'p Indicator> {
        columns(programme, |of| self.fits(programme, &of.clause))
    }

    /// The shares of the task, in the order of the programme.
    pub fn shares(&self, programme: &'p Programme) -> Vec<&'p Indicator> {
        let is_share = |of: &&Indicator| matches!(of.of, IndicatorOf::Ratio { .. });
        let all = programme.indicators.iter().filter(is_share);
        all.filter(|of| self.fits(programme, &of.clause)).collect()
    }

    /// What the page tells, as it is known now or was told on the day.
    pub async fn known(
        &self,
        ctx: &mut RequestContext,
        programme: &'p Programme,
    ) -> Result<(Facts, Records)> {
        let mut needed = measured(programme);
        needed.extend(self.columns(programme));
        needed.extend(self.shares(programme));
        needed.extend(self.trend);
        let attained = programme.indicators.iter().find(|of| matches!(of.of, IndicatorOf::Attained { .. }));
        needed.extend(attained.filter(|_| self.tiles == TileMeasure::Attained));
        known(ctx, programme, &needed, self.cut.asof).await
    }
}

/// What some indicators count, and all duties of the pairings: none on a day that is over, as how they stood then is not
/// kept.
pub async fn known(
    ctx: &mut RequestContext,
    programme: &Programme,
    needed: &[&Indicator],
    asof: Option<Date>,
) -> Result<(Facts, Records)> {
    let mut facts = Facts::about(&mut ctx.tx, programme, needed, asof).await?;
    facts.today = asof.unwrap_or(facts.today);
    let clocks = match asof {
        None => obligations::of_pairings(&mut ctx.tx, programme, &facts.pairings).await?,
        Some(_) => Vec::new(),
    };
    let records = Records { pairings: facts.pairings.clone(), clocks };
    Ok((facts, records))
}

/// The months of a year that have begun by a day.
fn months(year: i32, by: Date) -> Vec<i64> {
    let of = |year: i32, month: u32| i64::from(year) * 100 + i64::from(month);
    let last = of(by.year(), by.month());
    (1..=12).map(|month| of(year, month)).filter(|month| *month <= last).collect()
}

/// Whether something that is counted stands under a task; the goals are no task.
fn has_figures(programme: &Programme, task: &Task) -> bool {
    let is_its = |clause: &str| programme.task(clause).is_some_and(|of| of.id == task.id);
    !task.id.starts_with('G')
        && (programme.indicators.iter().any(|of| is_its(&of.clause))
            || programme.obligations.iter().any(|of| is_its(&of.clause)))
}
