//! Periods that are over: a changed rule leaves them as they were (decision "Dated rules").

use super::told::aim;
use super::{Change, NONE};
use crate::model::{Obligation, Programme, Target};
use crate::outputs::Duty;
use crate::profile::Threshold;
use crate::rules::{NamedPeriod, duty_periods, periods};
use jiedui_kernel::{Date, Period, Unit};

/// What would be judged by another number although its period is over; each once, with the last such period.
pub(super) fn rewritten(old: &Programme, new: &Programme, today: Date) -> Vec<Change> {
    let mut found = Vec::new();
    obligations(&mut found, old, new, today);
    duties(&mut found, old, new, today);
    targets(&mut found, old, new, today);
    thresholds(&mut found, old, new, today);
    found
}

/// The last closed period in which the two differ: its name, what was asked and what would be.
type Differing = Option<(String, String, String)>;

fn differing<P>(closed: Vec<P>, name: impl Fn(&P) -> String, asked: impl Fn(&P) -> [String; 2]) -> Differing {
    closed.iter().rev().find_map(|period| {
        let [was, is] = asked(period);
        (was != is).then(|| (name(period), was, is))
    })
}

fn told(found: &mut Vec<Change>, clause: &str, what: String, differing: Differing) {
    if let Some((period, before, after)) = differing {
        let after = format!("{after}（已结束的时期不能改判：请用 change 写明自哪一天起）");
        found.push(Change { clause: clause.to_owned(), what: format!("{what}：{period}"), before, after });
    }
}

fn owed(owed: bool, at_least: i64, unit: Unit) -> String {
    if owed { format!("{}{}", unit.format(at_least), unit.label()) } else { NONE.to_owned() }
}

fn obligations(found: &mut Vec<Change>, old: &Programme, new: &Programme, today: Date) {
    for before in &old.obligations {
        let Some(after) = new.obligation(&before.id) else { continue };
        let mut closed = periods(old, before.every, today);
        closed.retain(|named| named.dated && named.period.to < today);
        let how = |one: &Obligation| {
            (one.activity.clone(), one.owed_by.clone(), one.every, one.first_part, one.last_part)
        };
        let asked =
            |on: Date| [before, after].map(|one| owed(one.is_owed_on(on), one.at_least_on(on), one.unit));
        let what = format!("履职要求“{}”", before.name);
        rule(found, (&before.clause, what), closed, how(before) != how(after), asked);
    }
}

fn duties(found: &mut Vec<Change>, old: &Programme, new: &Programme, today: Date) {
    for before in &old.duties {
        let Some(after) = new.duties.iter().find(|other| other.id == before.id) else { continue };
        let mut closed = duty_periods(old, before, today);
        closed.retain(|named| named.period.to < today);
        let how = |one: &Duty| (one.output.clone(), one.owed_by.clone(), one.every);
        let asked =
            |on: Date| [before, after].map(|one| owed(one.is_owed_on(on), one.at_least_on(on), Unit::Times));
        let what = format!("职责“{}”", before.name);
        rule(found, (&before.clause, what), closed, how(before) != how(after), asked);
    }
}

/// What is owed in periods that are over. `other`: what is counted, who owes it or over which periods is another, which is
/// another duty, beside which the old one ends.
fn rule(
    found: &mut Vec<Change>,
    (clause, what): (&str, String),
    closed: Vec<NamedPeriod>,
    other: bool,
    asked: impl Fn(Date) -> [String; 2],
) {
    if other && !closed.is_empty() {
        found.push(Change {
            clause: clause.to_owned(),
            what: what.clone(),
            before: "按原来的算法".to_owned(),
            after: "换了所计的事、承担方或时期（已结束的时期不能改判：请给原来的写 to，另立一项写 from）"
                .to_owned(),
        });
    }
    let differing = differing(closed, |named| named.name.clone(), |named| asked(named.period.to));
    told(found, clause, what, differing);
}

fn targets(found: &mut Vec<Change>, old: &Programme, new: &Programme, today: Date) {
    for before in &old.targets {
        let Some(after) = new.targets.iter().find(|other| other.id == before.id) else { continue };
        let over = Period::year(before.year).filter(|year| year.to < today && before.year == after.year);
        let differing = over.filter(|year| before.aim_on(year.to) != after.aim_on(year.to)).map(|year| {
            let said = |target: &Target| aim(target.aim_on(year.to), Some(target.unit));
            (format!("{}年", before.year), said(before), said(after))
        });
        told(found, &before.clause, format!("目标“{}”", before.name), differing);
        if before.year != after.year
            && Period::year(before.year.min(after.year)).is_some_and(|y| y.to < today)
        {
            let years = (format!("{}年", before.year), format!("{}年", after.year));
            let differing = Some(("年份".to_owned(), years.0, years.1));
            told(found, &before.clause, format!("目标“{}”", before.name), differing);
        }
    }
}

/// Of thresholds those that judge: a number from memory may be mended at any time.
fn thresholds(found: &mut Vec<Change>, old: &Programme, new: &Programme, today: Date) {
    use chrono::Datelike as _;
    let first = old.calendar.semesters.iter().map(|semester| semester.from.year()).min();
    let closed: Vec<Period> =
        first.into_iter().flat_map(|first| first..today.year()).filter_map(Period::year).collect();
    for before in old.thresholds.iter().filter(|one| one.usable) {
        let Some(after) = new.threshold(&before.id) else { continue };
        let clause =
            old.standard(&before.standard).and_then(|of| of.clauses.first()).map_or("", String::as_str);
        let asked = |year: &Period| [before, after].map(|one| limits(one, year.to));
        let differing = differing(closed.clone(), |year| format!("{}年", year.to.year()), asked);
        told(found, clause, format!("标准要求“{}”", before.name), differing);
    }
}

fn limits(threshold: &Threshold, on: Date) -> String {
    let (least, most) = threshold.limits_on(on);
    if !threshold.is_in_force_on(on) || (least.is_none() && most.is_none()) {
        return NONE.to_owned();
    }
    let amount = |value: i64| {
        threshold
            .unit
            .map_or_else(|| value.to_string(), |unit| format!("{}{}", unit.format(value), unit.label()))
    };
    let least = least.map(|value| format!("不少于{}", amount(value)));
    let most = most.map(|value| format!("不超过{}", amount(value)));
    least.into_iter().chain(most).collect::<Vec<_>>().join("，")
}
