//! The present period's duties, and one row for each city or school.

use crate::standing::indicators::{Facts, Slice, pair};
use crate::standing::obligations::{self, Clock};
use jiedui_kernel::{Reported, Unit};
use jiedui_programme::{ClockState, Indicator, IndicatorOf, Programme};
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;
use std::collections::BTreeMap;

/// How the clocks of one obligation stand in the current period.
#[derive(Serialize)]
pub struct ClockSum {
    name: String,
    clause: String,
    states: Vec<(StateMark, Figure)>,
    /// Shares of met, waiting, open, late in per cent, for the bar.
    met: i64,
    done: i64,
}

/// A city, or a county school where there is one city only.
#[derive(Serialize)]
pub struct AreaRow {
    pub name: String,
    /// The overview of the city, or the school.
    href: String,
    typical: String,
    pub paired: Figure,
    pub cells: Vec<(Figure, Figure)>,
    pub shares: Vec<Figure>,
    pub missed: Figure,
    pub at_risk: Figure,
    #[serde(skip)]
    cut: Slice,
}

/// The table by place, with what it is of.
#[derive(Serialize)]
pub struct Places {
    pub title: &'static str,
    headings: Vec<String>,
    shares: Vec<String>,
    pub rows: Vec<AreaRow>,
    /// How duties stand is known of today alone.
    pub of_now: bool,
}

impl Places {
    /// With shares beside each other in the order of names: each is compared with itself and with the whole, and none is ranked.
    pub fn with_shares(mut self, programme: &Programme, facts: &Facts, shares: &[&Indicator]) -> Self {
        for row in &mut self.rows {
            let cut = row.cut.in_year(row.cut.year);
            let share = |of: &&Indicator| pair(of, &facts.reading(programme, of, &cut), &cut).1;
            row.shares = shares.iter().map(share).collect();
        }
        self.shares = shares.iter().map(|of| of.name.clone()).collect();
        self
    }

    /// Cities and duties open with the same task: otherwise what opens would be more than what stands here.
    pub fn of_task(mut self, task: &str) -> Self {
        if task.is_empty() {
            return self;
        }
        let more = format!("&task={task}");
        for row in &mut self.rows {
            row.missed.href.push_str(&more);
            row.at_risk.href.push_str(&more);
            if row.cut.school.is_empty() {
                row.href.push_str(&more);
            }
        }
        self
    }
}

fn count(clocks: &[&Clock], state: ClockState) -> i64 {
    clocks.iter().filter(|clock| clock.reading.state == state).count() as i64
}

/// One line for each obligation of which there are clocks; what is narrowed stays narrowed behind its figures.
pub fn clock_sums(programme: &Programme, clocks: &[&Clock], cut: &Slice) -> Vec<ClockSum> {
    let sum = |(id, name, clause): (&str, &str, &str)| {
        let mine: Vec<&Clock> =
            clocks.iter().filter(|clock| clock.reading.obligation == id).copied().collect();
        let owed = mine.iter().filter(|clock| clock.reading.state.is_judged()).count() as i64;
        let (met, waiting) = (count(&mine, ClockState::Met), count(&mine, ClockState::Awaiting));
        let states = obligations::STATES
            .iter()
            .map(|(key, state)| (*key, obligations::state_mark(*state), count(&mine, *state)))
            .filter(|(_, _, number)| *number > 0)
            .map(|(key, mark, number)| {
                let href = behind(cut, &[("obligation", id), ("state", key)]);
                (
                    mark,
                    Figure::of(Reported::Value(number), Unit::Items, href, format!("{name}：{}", mark.label)),
                )
            })
            .collect();
        let share = |part: i64| if owed == 0 { 0 } else { part * 100 / owed };
        (!mine.is_empty()).then(|| ClockSum {
            name: name.to_owned(),
            clause: clause.to_owned(),
            states,
            met: share(met),
            done: share(met + waiting),
        })
    };
    programme
        .obligations
        .iter()
        .filter_map(|o| sum((o.id.as_str(), o.name.as_str(), o.clause.as_str())))
        .collect()
}

/// The address of clocks, narrowed as the page is.
fn behind(cut: &Slice, more: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(more);
    for (name, value) in [("city", &cut.city), ("typical", &cut.typical)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("/clocks?{}", query.finish())
}

/// Rows by city, or by school where all lie in one.
pub fn places(
    programme: &Programme,
    facts: &Facts,
    shown: &[&Indicator],
    (clocks, cut): (&[&Clock], &Slice),
) -> Places {
    let mut cities: Vec<&str> = facts.pairings_of(cut).map(|row| row.city.as_str()).collect();
    cities.sort_unstable();
    cities.dedup();
    let by_school = cities.len() <= 1;
    let mut found: BTreeMap<(String, String), (Slice, String)> = BTreeMap::new();
    for row in facts.pairings_of(cut) {
        let mut inner = cut.clone();
        let name = if by_school {
            inner.school.clone_from(&row.county_school);
            row.county_name.clone()
        } else {
            inner.city.clone_from(&row.city);
            row.city.clone()
        };
        let typical = if by_school { row.typical_class.clone() } else { String::new() };
        found.entry((row.city_code.clone(), name)).or_insert((inner, typical));
    }
    let rows = found
        .into_iter()
        .map(|((_, name), (inner, typical))| place(programme, facts, shown, clocks, (name, typical, &inner)));
    Places {
        title: if by_school { "分院校" } else { "分市" },
        headings: shown.iter().map(|of| of.name.clone()).collect(),
        shares: Vec::new(),
        rows: rows.collect(),
        of_now: cut.asof.is_none(),
    }
}

fn place(
    programme: &Programme,
    facts: &Facts,
    shown: &[&Indicator],
    clocks: &[&Clock],
    (name, typical, cut): (String, String, &Slice),
) -> AreaRow {
    let is_here = |clock: &&&Clock| {
        if cut.school.is_empty() { clock.city == cut.city } else { clock.reading.county_school == cut.school }
    };
    let mine: Vec<&Clock> = clocks.iter().filter(is_here).copied().collect();
    let clock_figure = |key: &str, state: ClockState| {
        let label = format!("{name}：{}的履职进度", obligations::state_mark(state).label);
        let mut more = vec![("state", key)];
        if !cut.school.is_empty() {
            more.push(("q", name.as_str()));
        }
        Figure::of(Reported::Value(count(&mine, state)), Unit::Items, behind(cut, &more), label)
    };
    let (missed, at_risk) =
        (clock_figure("missed", ClockState::Missed), clock_figure("at_risk", ClockState::AtRisk));
    let paired = programme.indicators.iter().find(|one| matches!(one.of, IndicatorOf::Paired));
    let paired = paired.map(|of| pair(of, &facts.reading(programme, of, cut), cut).1);
    AreaRow {
        href: if cut.school.is_empty() {
            format!("/overview?{}", cut.query())
        } else {
            super::school_href(facts, &cut.school)
        },
        paired: paired
            .unwrap_or_else(|| Figure::of(Reported::NotReported, Unit::Schools, "/pairings", "已结对")),
        cells: shown.iter().map(|of| pair(of, &facts.reading(programme, of, cut), cut)).collect(),
        shares: Vec::new(),
        missed,
        at_risk,
        name,
        typical,
        cut: cut.clone(),
    }
}
