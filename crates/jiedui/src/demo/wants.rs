//! What county schools need and what helpers can give, written by the schools themselves.

use super::maker::Maker;
use super::rng::{SeededRng, plus};
use super::schools::Schools;
use super::themes::{Theme, strengths, themes};
use crate::network::pairings::PairingRow;
use crate::planning::needs::{self, NewCapacity, NewNeed};
use jiedui_kernel::{Date, Quantity, Result};
use std::collections::HashSet;

/// A need that stands on a school's list.
pub struct Want {
    pub id: String,
    pub org: String,
    /// Its place among the themes.
    pub theme: usize,
    pub written: Date,
}

pub struct Wants {
    pub themes: Vec<Theme>,
    pub all: Vec<Want>,
}

impl Wants {
    pub fn theme(&self, want: usize) -> Option<&Theme> {
        self.themes.get(self.all.get(want)?.theme)
    }
}

/// Kinds of help that nearly every school asks for, so that each year's list has something to answer.
const USUAL: [&str; 4] = ["teacher-training", "shadowing", "project-outcome", "social-training"];

/// Every county school's list of needs, also where it has no helpers yet: most of it from the first autumn.
pub async fn ask(maker: &mut Maker, schools: &Schools) -> Result<Wants> {
    let rng = SeededRng::new(4);
    let mut wants = Wants { themes: themes()?, all: Vec::new() };
    for school in &schools.county {
        let chosen = choose(&rng, &wants.themes);
        let first = plus(super::day(8, 19), rng.between(0, 24));
        let later = rng.below(3).min(chosen.len().saturating_sub(4));
        let soon = chosen.len() - later;
        for (at, theme) in chosen.into_iter().enumerate() {
            let written = if at < soon {
                plus(first, i64::try_from(at / 2).unwrap_or(0))
            } else {
                plus(first, rng.between(150, 620))
            };
            if written <= maker.last() {
                let id = write(maker, &rng, &school.id, written, wants.themes.get(theme)).await?;
                wants.all.push(Want { id, org: school.id.clone(), theme, written });
            }
        }
    }
    Ok(wants)
}

/// Four to seven different themes, shuffled: the order is the school's ranking.
fn choose(rng: &SeededRng, themes: &[Theme]) -> Vec<usize> {
    let count = rng.below(4) + 4;
    let mut left: Vec<usize> = (0..themes.len()).collect();
    let mut chosen = Vec::new();
    for kind in USUAL {
        let fits: Vec<usize> = left
            .iter()
            .copied()
            .filter(|at| themes.get(*at).is_some_and(|one| one.activity == kind))
            .collect();
        if let Some(found) = rng.pick(&fits) {
            chosen.push(*found);
            left.retain(|at| at != found);
        }
    }
    while chosen.len() < count && !left.is_empty() {
        chosen.push(left.swap_remove(rng.below(left.len())));
    }
    for at in (1..chosen.len()).rev() {
        chosen.swap(at, rng.below(at + 1));
    }
    chosen
}

async fn write(
    maker: &mut Maker,
    rng: &SeededRng,
    school: &str,
    day: Date,
    theme: Option<&Theme>,
) -> Result<String> {
    let Some(theme) = theme else { return Ok(String::new()) };
    let actor = maker.actor(school).await?;
    let amount = rng.between(theme.low, theme.high);
    // Larger numbers are round ones.
    let amount = if amount >= 30 { amount / 10 * 10 } else { amount };
    let new = NewNeed {
        clause: theme.clause.clone(),
        title: theme.need.clone(),
        detail: theme.detail.clone(),
        size: needs::unit_of(&theme.unit).map(|unit| Quantity::new(amount, unit)),
        wished_on: rng.chance(75).then(|| plus(day, rng.between(90, 900))),
    };
    maker.act(&actor, day);
    let programme = std::sync::Arc::clone(&maker.programme);
    needs::write(&mut maker.tx, &programme, &new).await
}

/// What lead colleges and the nearby schools that help somebody can give.
pub async fn offer(maker: &mut Maker, schools: &Schools, rows: &[PairingRow]) -> Result<()> {
    let rng = SeededRng::new(5);
    let strengths = strengths()?;
    let helping: HashSet<&str> =
        rows.iter().flat_map(|row| [row.lead.as_str(), row.nearby.as_str()]).collect();
    let programme = std::sync::Arc::clone(&maker.programme);
    for (lead, school) in
        schools.lead.iter().map(|school| (true, school)).chain(schools.nearby.iter().map(|one| (false, one)))
    {
        if !helping.contains(school.id.as_str()) {
            continue;
        }
        let start = rng.below(strengths.len());
        let count = if lead { rng.between(2, 4) } else { rng.between(1, 2) };
        for at in 0..count {
            let at = usize::try_from(at).unwrap_or(0);
            let Some(strength) = strengths.get((start + at * 3) % strengths.len()) else { continue };
            let from = if at < 2 { super::day(9, 1) } else { plus(super::day(9, 1), 365) };
            let day = plus(from, -rng.between(2, 12));
            if day > maker.last() {
                continue;
            }
            let new = NewCapacity {
                clause: strength.clause.clone(),
                majors: strength.majors.clone(),
                strength: strength.strength.clone(),
                schools: rng.between(2, 6),
                from,
                to: rng.chance(40).then(|| plus(from, 1094)),
            };
            let actor = maker.actor(&school.id).await?;
            maker.act(&actor, day);
            needs::write_capacity(&mut maker.tx, &programme, &new).await?;
        }
    }
    Ok(())
}
