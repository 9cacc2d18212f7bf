//! What is known of the money of schools, from the forms in which each thing was recorded once, as flows that add up by any cut.

use super::super::data::{CameRow, MoveKind, SchoolSumRow, ShareRow, SumRow, UsedRow};
use crate::evidence::outputs::MoneyRow;
use crate::planning::projects::BudgetRow;
use crate::planning::school_plans::{Body, InForceRow};
use crate::standing::applications::HandedInRow;
use chrono::Datelike as _;
use jiedui_funding::{Amount, Balance, Flow, Late, Step, Timed};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{FieldValue, FundingRules, OutputFact, Programme, Side};
use std::collections::HashMap;

/// A hundredth of 万元, as plans keep money, in cents.
const PLAN_CENTS: i64 = 10_000;

/// What an output carries, or the share of an allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    pub id: String,
    /// The allocation of which it is a share; none of an output.
    pub share_of: Option<String>,
    pub title: String,
    pub school: String,
    pub division: String,
    pub source: String,
    /// "" where it is part of none.
    pub project: String,
    pub on: Date,
    pub approved: Amount,
    /// What came, each part on its day; of a thing, its value.
    pub received: Vec<(Date, Amount)>,
    pub in_kind: bool,
    pub due: Option<Date>,
    /// It ended: nothing more is expected.
    pub over: bool,
    /// What movements say of it.
    pub paid: Amount,
    pub returned: Amount,
}

/// What a project that was filed has from a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetLine {
    pub project: String,
    pub title: String,
    pub school: String,
    pub division: String,
    pub source: String,
    pub year: i32,
    pub cents: i64,
}

/// What a plan needs, or an application asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub school: String,
    pub division: String,
    pub source: String,
    pub year: i32,
    pub step: Step,
    pub cents: i64,
}

/// All of it, of one school or of all that the caller sees.
#[derive(Debug, Clone, Default)]
pub struct Book {
    pub moneys: Vec<Money>,
    pub lines: Vec<BudgetLine>,
    pub wishes: Vec<Wish>,
}

fn side(kind: &str) -> Side {
    match kind {
        "province_office" => Side::Province,
        "city_bureau" => Side::City,
        "county_bureau" => Side::County,
        _ => Side::CountySchool,
    }
}

fn value(fact: &OutputFact, field: &str) -> i64 {
    match fact.fields.get(field) {
        Some(FieldValue::Number(number)) => *number,
        _ => 0,
    }
}

impl Money {
    /// None where no source takes it, or where it does not count: withdrawn, or in a stage that does not.
    pub fn of(
        programme: &Programme,
        rules: &FundingRules,
        (row, fact): &(MoneyRow, OutputFact),
    ) -> Option<Self> {
        let kind = programme.output(&fact.output)?;
        let (source, by) = rules.of_output(programme, fact, Some(side(&row.org_kind)))?;
        let (stage, _) = fact.stages.last()?;
        if !kind.counts_in(stage) {
            return None;
        }
        let sure = match kind.confirmed_by {
            None => fact.stages.len(),
            Some(_) => fact.sure_stages().len(),
        };
        let surely = fact.stages.get(..sure)?.last().is_some_and(|(stage, _)| kind.counts_in(stage));
        let whole = by.amount.as_ref().map_or(fact.quantity, |field| value(fact, field));
        let whole = Amount::new(whole, if surely { whole } else { 0 });
        let valued = by.in_kind && by.amount.is_some();
        Some(Self {
            id: row.id.clone(),
            share_of: None,
            title: row.title.clone(),
            school: row.stands_at.clone(),
            division: row.division.clone(),
            source: source.id.clone(),
            project: row.project.clone().unwrap_or_default(),
            on: row.since,
            approved: whole,
            received: if valued { vec![(row.since, whole)] } else { received(fact, sure) },
            in_kind: by.in_kind,
            due: by.due.as_ref().and_then(|field| match fact.fields.get(field) {
                Some(FieldValue::Text(day)) => day.parse().ok(),
                _ => None,
            }),
            over: kind.stages.iter().any(|one| one.id == *stage && one.ends),
            paid: Amount::default(),
            returned: Amount::default(),
        })
    }

    /// A share that was published is approved, of the source that its rule names. `came` is what came of it.
    pub fn of_share(source: &str, row: &ShareRow, came: &[&CameRow]) -> Self {
        Self {
            id: row.id.clone(),
            share_of: Some(row.allocation.clone()),
            title: row.title.clone(),
            school: row.school.clone(),
            division: row.division.clone(),
            source: source.to_owned(),
            project: String::new(),
            on: row.published_on,
            approved: Amount::sure(row.given),
            received: came.iter().map(|one| (one.day, one.state.counts(one.amount))).collect(),
            in_kind: false,
            due: None,
            over: false,
            paid: Amount::default(),
            returned: Amount::default(),
        }
    }

    pub fn balance(&self) -> Balance {
        let mut sum = Balance::default();
        for flow in self.flows() {
            sum.add(flow.step, flow.amount);
        }
        sum.add(Step::Paid, self.paid);
        sum.add(Step::Returned, self.returned);
        sum
    }

    /// Its days, without what was paid: that has days only in the movements.
    pub fn timed(&self) -> Timed {
        Timed {
            approved: Some(self.approved.claimed),
            due: self.due,
            over: self.over,
            arrivals: self.received.iter().map(|(day, amount)| (*day, amount.claimed)).collect(),
            payments: Vec::new(),
        }
    }

    /// What of it is late. What was paid is told without days here, since only how much it is matters.
    pub fn late(&self, today: Date, old: Date) -> Late {
        if self.in_kind {
            return Late::default();
        }
        let paid = self.paid.claimed.saturating_add(self.returned.claimed);
        Timed { payments: vec![(today, paid)], ..self.timed() }.late(today, old)
    }

    fn flow(&self, on: Date, step: Step, amount: Amount) -> Flow {
        Flow {
            school: self.school.clone(),
            source: self.source.clone(),
            project: self.project.clone(),
            year: on.year(),
            step,
            amount,
        }
    }

    /// Without what was paid of it.
    pub fn flows(&self) -> Vec<Flow> {
        let step = if self.in_kind { Step::InKind } else { Step::Received };
        let came = self.received.iter().map(|(day, amount)| self.flow(*day, step, *amount));
        let approved = (!self.in_kind).then(|| self.flow(self.on, Step::Approved, self.approved));
        approved.into_iter().chain(came).collect()
    }
}

/// By how much what came grew, or fell where it was corrected, stage by stage.
fn received(fact: &OutputFact, sure: usize) -> Vec<(Date, Amount)> {
    let mut before = 0;
    let parts = fact.receipts.iter().enumerate().map(|(at, (day, so_far))| {
        let part = so_far - before;
        before = *so_far;
        (*day, Amount::new(part, if at < sure { part } else { 0 }))
    });
    parts.filter(|(_, amount)| amount.claimed != 0).collect()
}

/// The lines of a project, by the sources of money to which its budget's sources count.
pub fn lines(rules: &FundingRules, row: &BudgetRow) -> Vec<BudgetLine> {
    let mut found: Vec<BudgetLine> = Vec::new();
    for (budget, cents) in row.lines() {
        let Some(source) = rules.of_budget(&budget).filter(|_| cents > 0) else { continue };
        match found.iter_mut().find(|line| line.source == source.id) {
            Some(line) => line.cents = line.cents.saturating_add(cents),
            None => found.push(BudgetLine {
                project: row.id.clone(),
                title: row.title.clone(),
                school: row.school.clone(),
                division: row.division.clone(),
                source: source.id.clone(),
                year: i32::try_from(row.year).unwrap_or_default(),
                cents,
            }),
        }
    }
    found
}

/// What a plan in force needs, in the year in which it needs it.
pub fn needed(rules: &FundingRules, row: &InForceRow) -> Result<Vec<Wish>> {
    let body = Body::parse(&row.body)?;
    let wish = |gap: crate::planning::school_plans::body::Gap| {
        let source = rules.of_level(&gap.level)?;
        Some(Wish {
            school: row.school.clone(),
            division: row.division.clone(),
            source: source.id.clone(),
            year: gap.due.or(row.agreed_on)?.year(),
            step: Step::Needed,
            cents: gap.money?.checked_mul(PLAN_CENTS)?,
        })
    };
    Ok(body.gaps.into_iter().filter_map(wish).collect())
}

/// What an application asked for.
pub fn asked(rules: &FundingRules, row: &HandedInRow) -> Option<Wish> {
    let fields = jiedui_web::fields::facts(&jiedui_web::fields::parse(&row.fields));
    let (source, by) = rules.of_application(&row.application, &fields)?;
    let Some(FieldValue::Number(cents)) = fields.get(&by.amount) else { return None };
    Some(Wish {
        school: row.org.clone(),
        division: row.division.clone(),
        source: source.id.clone(),
        year: row.applied_on.year(),
        step: Step::Applied,
        cents: *cents,
    })
}

fn step(kind: MoveKind) -> Step {
    match kind {
        MoveKind::Arrived => Step::Own,
        MoveKind::Paid => Step::Paid,
        MoveKind::Returned => Step::Returned,
        MoveKind::InKind => Step::InKind,
    }
}

/// A sum of movements as flows of the part by which it was summed.
pub fn of_sum(row: &SumRow, cut: Grouping) -> Vec<Flow> {
    let part = |of: Grouping| if cut == of { row.part.clone() } else { String::new() };
    let flow = |kind: MoveKind, claimed: i64, confirmed: i64| Flow {
        school: part(Grouping::School),
        project: part(Grouping::Project),
        source: if matches!(cut, Grouping::Source | Grouping::Year) {
            row.part.clone()
        } else {
            String::new()
        },
        year: i32::try_from(row.year).unwrap_or_default(),
        step: step(kind),
        amount: Amount::new(claimed, confirmed),
    };
    let all = [
        (MoveKind::Arrived, row.arrived, row.arrived_sure),
        (MoveKind::Paid, row.paid, row.paid_sure),
        (MoveKind::Returned, row.returned, row.returned_sure),
        (MoveKind::InKind, row.in_kind, row.in_kind_sure),
    ];
    let some = all.into_iter().filter(|(_, claimed, confirmed)| (*claimed, *confirmed) != (0, 0));
    some.map(|(kind, claimed, confirmed)| flow(kind, claimed, confirmed)).collect()
}

pub fn of_school_sum(row: &SchoolSumRow, school: &str) -> Flow {
    Flow {
        school: school.to_owned(),
        project: row.project.clone(),
        source: row.source.clone(),
        year: i32::try_from(row.year).unwrap_or_default(),
        step: step(row.kind),
        amount: Amount::new(row.claimed, row.confirmed),
    }
}

/// By what the page cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Source,
    School,
    Project,
    Year,
}

impl Grouping {
    pub const ALL: [Self; 4] = [Self::Source, Self::School, Self::Project, Self::Year];

    pub fn id(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::School => "school",
            Self::Project => "project",
            Self::Year => "year",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Source => "经费来源",
            Self::School => "院校",
            Self::Project => "项目",
            Self::Year => "年度",
        }
    }

    pub fn key(self, flow: &Flow) -> String {
        match self {
            Self::Source => flow.source.clone(),
            Self::School => flow.school.clone(),
            Self::Project => flow.project.clone(),
            Self::Year => flow.year.to_string(),
        }
    }
}

impl Book {
    /// What movements say of each output's money.
    pub fn use_up(&mut self, rows: &[UsedRow]) {
        let mut used: HashMap<&str, (Amount, Amount)> = HashMap::new();
        for row in rows {
            let (paid, returned) = used.entry(row.output.as_str()).or_default();
            for (sum, claimed, confirmed) in
                [(paid, row.paid, row.paid_sure), (returned, row.returned, row.returned_sure)]
            {
                sum.claimed = sum.claimed.saturating_add(claimed);
                sum.confirmed = sum.confirmed.saturating_add(confirmed);
            }
        }
        for money in &mut self.moneys {
            (money.paid, money.returned) = used.get(money.id.as_str()).copied().unwrap_or_default();
        }
    }

    /// Leaves what fits: by school, by city and by source, "" for all, and by what is asked of its division.
    pub fn narrow(&mut self, (school, city, source): (&str, &str, &str), asked_for: impl Fn(&str) -> bool) {
        let fits = |of: &str, division: &str, from: &str| {
            (school.is_empty() || school == of)
                && (city.is_empty() || crate::network::registry::city_of(division) == city)
                && (source.is_empty() || source == from)
                && asked_for(division)
        };
        self.moneys.retain(|one| fits(&one.school, &one.division, &one.source));
        self.lines.retain(|one| fits(&one.school, &one.division, &one.source));
        self.wishes.retain(|one| fits(&one.school, &one.division, &one.source));
    }

    /// Everything but the movements.
    pub fn flows(&self) -> Vec<Flow> {
        let moneys = self.moneys.iter().flat_map(Money::flows);
        let lines = self.lines.iter().map(|line| Flow {
            school: line.school.clone(),
            source: line.source.clone(),
            project: line.project.clone(),
            year: line.year,
            step: Step::Planned,
            amount: Amount::sure(line.cents),
        });
        let wishes = self.wishes.iter().map(|wish| Flow {
            school: wish.school.clone(),
            source: wish.source.clone(),
            project: String::new(),
            year: wish.year,
            step: wish.step,
            amount: Amount::sure(wish.cents),
        });
        moneys.chain(lines).chain(wishes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_programme::EntryState;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// Two stages, of which the first was confirmed: 30 came, then 20 of them turned out to be a mistake.
    fn fact() -> OutputFact {
        OutputFact {
            id: "o".to_owned(),
            output: "local-investment".to_owned(),
            org: "r".to_owned(),
            county_school: Some("s".to_owned()),
            helpers: Vec::new(),
            state: EntryState::Claimed,
            quantity: 100,
            achieved: 10,
            project: None,
            stages: vec![
                ("promised".to_owned(), day("2026-01-10")),
                ("arriving".to_owned(), day("2026-03-01")),
                ("arriving".to_owned(), day("2026-05-01")),
            ],
            receipts: vec![(day("2026-01-10"), 0), (day("2026-03-01"), 30), (day("2026-05-01"), 10)],
            agreed: 2,
            fields: std::collections::BTreeMap::new(),
            earlier: Vec::new(),
        }
    }

    #[test]
    fn each_receipt_counts_on_its_day_and_a_correction_takes_back() {
        let came = [(day("2026-03-01"), Amount::new(30, 30)), (day("2026-05-01"), Amount::new(-20, 0))];
        assert_eq!(received(&fact(), 2), came);
        assert_eq!(received(&fact(), 3)[1].1, Amount::new(-20, -20));
    }

    #[test]
    fn values_in_kind_are_neither_approved_nor_late() {
        let mut money = Money {
            id: "o".to_owned(),
            share_of: None,
            title: "实训楼".to_owned(),
            school: "s".to_owned(),
            division: "441481".to_owned(),
            source: "county".to_owned(),
            project: String::new(),
            on: day("2026-01-10"),
            approved: Amount::sure(100),
            received: vec![(day("2026-03-01"), Amount::sure(30))],
            in_kind: false,
            due: Some(day("2026-06-30")),
            over: false,
            paid: Amount::sure(10),
            returned: Amount::default(),
        };
        let late = |money: &Money| money.late(day("2026-11-01"), day("2026-05-01"));
        assert_eq!(late(&money), Late { overdue: 70, idle: 20 });
        assert_eq!(money.balance().left(), Amount::sure(20));
        money.in_kind = true;
        assert_eq!(late(&money), Late::default());
        assert!(money.flows().iter().all(|flow| flow.step == Step::InKind));
    }

    #[test]
    fn what_fits_no_filter_is_left_out() {
        let line = |school: &str, division: &str| BudgetLine {
            project: "j".to_owned(),
            title: "实训".to_owned(),
            school: school.to_owned(),
            division: division.to_owned(),
            source: "own".to_owned(),
            year: 2026,
            cents: 5,
        };
        let mut book = Book { lines: vec![line("a", "441481"), line("b", "440282")], ..Book::default() };
        book.narrow(("", "441400", "own"), |_| true);
        assert_eq!(book.flows().iter().map(|flow| flow.school.as_str()).collect::<Vec<_>>(), ["a"]);
        book.narrow(("", "", "own"), |division| division != "441481");
        assert!(book.flows().is_empty());
    }
}
