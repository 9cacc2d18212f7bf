//! The same figures of several years beside each other: the year that is looked at claimed and confirmed, the others confirmed.

use crate::standing::indicators::{Facts, Slice, is_state, pair};
use jiedui_programme::{Indicator, Programme, Reading};
use jiedui_web::figure::Figure;
use serde::Serialize;

#[derive(Serialize)]
pub struct Compared {
    headings: Vec<String>,
    lines: Vec<CompareLine>,
}

/// One figure in each of the years.
#[derive(Serialize)]
pub struct CompareLine {
    name: String,
    clause: String,
    cells: Vec<Figure>,
}

/// What adds up or is told by the year, in the order of the plan; how schools stand is no figure of theirs.
pub fn told(programme: &Programme) -> Vec<&Indicator> {
    let place = |of: &Indicator| programme.clauses.iter().position(|clause| clause.id == of.clause);
    let mut told: Vec<&Indicator> = programme.indicators.iter().filter(|of| !is_state(of)).collect();
    told.sort_by_key(|of| place(of));
    told
}

/// `others` are years with what stands before their name in the heading. None of what was nothing in all of them, or that nobody
/// told.
pub fn compared(
    programme: &Programme,
    facts: &Facts,
    now: &Slice,
    others: &[(&'static str, Slice)],
) -> Compared {
    let mut headings = vec![format!("{}年登记", now.year), format!("{}年确认", now.year)];
    headings.extend(others.iter().map(|(before, cut)| format!("{before}{}年确认", cut.year)));
    let lines =
        told(programme).into_iter().filter_map(|of| line(programme, of, facts, now, others)).collect();
    Compared { headings, lines }
}

fn line(
    programme: &Programme,
    of: &Indicator,
    facts: &Facts,
    now: &Slice,
    others: &[(&'static str, Slice)],
) -> Option<CompareLine> {
    let reading = facts.reading(programme, of, now);
    let (claimed, confirmed) = pair(of, &reading, now);
    let mut any = is_something(&reading);
    let mut cells = vec![claimed, confirmed];
    for (_, cut) in others {
        let then = facts.reading(programme, of, cut);
        any |= is_something(&then);
        cells.push(pair(of, &then, cut).1);
    }
    any.then(|| CompareLine { name: of.name.clone(), clause: of.clause.clone(), cells })
}

fn is_something(reading: &Reading) -> bool {
    [reading.claimed, reading.confirmed].iter().any(|value| value.value().is_some_and(|value| value != 0))
}
