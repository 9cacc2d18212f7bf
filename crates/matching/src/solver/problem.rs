//! The question as the solver sees it: ids sorted, every allowed pair with its value, choices settled beforehand applied.

use crate::instance::{Assigned, Draft, Side};
use std::collections::BTreeMap;
use std::thread;

/// The value of a pair that is not allowed. Far below any price, and finite, so that sums stay ordered.
pub(super) const NEVER: f32 = -1e30;
/// Places of a partner whose limit is left out: more than there are schools.
const UNLIMITED: i64 = 1_000_000;
/// Above this many pairs the work is shared among threads.
const WORTH_THREADS: usize = 2_000_000;

/// The places of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Places {
    pub min: i64,
    pub max: i64,
}

/// A county school with its block of values, leads × nearby. Values are whole points; all of them are exact in `f32`,
/// because none exceeds 3 × 1,000,000 + 64 × 100 × 100 < 2^24.
#[derive(Debug, Clone)]
pub(super) struct School {
    pub leads: Vec<u32>,
    pub nearby: Vec<u32>,
    pub value: Vec<f32>,
    pub had: Had,
}

/// The pair that a school has at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Had {
    /// None, or its changes do not count.
    Nothing,
    /// One that is not allowed any more: whatever it gets is a change.
    Gone,
    /// This one, by places in the school's lists.
    Pair(u32, u32),
}

impl School {
    /// The partners it may choose on a side.
    pub fn list(&self, side: usize) -> &[u32] {
        if side == 0 { &self.leads } else { &self.nearby }
    }

    pub fn row(&self, lead: usize) -> &[f32] {
        let wide = self.nearby.len();
        &self.value[lead * wide..(lead + 1) * wide]
    }

    /// Whether a pair is another than the present one.
    pub fn changes(&self, lead: u32, nearby: u32) -> bool {
        match self.had {
            Had::Nothing => false,
            Had::Gone => true,
            Had::Pair(l, n) => (l, n) != (lead, nearby),
        }
    }

    /// The value of a pair by its places in the lists of this school; none where it is not allowed.
    pub fn at(&self, lead: usize, nearby: usize) -> Option<i64> {
        let value = self.row(lead)[nearby];
        (value > NEVER).then_some(value as i64)
    }
}

/// What of the instance is taken into account. Leaving things out is how a reason is made irreducible.
#[derive(Debug, Clone)]
pub(super) struct Keep {
    /// By place in the file. A school that is left out need not be served, but may be: for it stands a nobody on each
    /// side, last in the order, whom it may choose as a pair.
    pub schools: Vec<bool>,
    /// By side and place in the file: whether the least and the most number hold.
    pub least: [Vec<bool>; 2],
    pub most: [Vec<bool>; 2],
    pub fixed: Vec<bool>,
    /// Whether the limit on changes holds.
    pub changes: bool,
    /// False: every allowed pair is worth nothing, and only whether there is an assignment is asked.
    pub values: bool,
}

impl Keep {
    pub fn all(draft: &Draft) -> Self {
        let partners = || [vec![true; draft.leads.len()], vec![true; draft.nearby.len()]];
        Self {
            schools: vec![true; draft.county_schools.len()],
            least: partners(),
            most: partners(),
            fixed: vec![true; draft.fixed.len()],
            changes: draft.at_most_changes.is_some(),
            values: true,
        }
    }
}

pub(super) struct Problem {
    pub schools: Vec<School>,
    /// Leads, then nearby, each sorted by id; then one for changes, where they are limited: the schools that change take
    /// its places.
    pub places: [Vec<Places>; 3],
    /// From the sorted place back to the place in the file.
    pub school_at: Vec<usize>,
    pub partner_at: [Vec<usize>; 2],
    pub threads: usize,
}

fn sorted<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<usize> {
    let ids: Vec<&String> = ids.collect();
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|&i| ids[i]);
    order
}

impl Problem {
    pub fn new(draft: &Draft, keep: &Keep, threads: usize) -> Self {
        let school_at = sorted(draft.county_schools.iter().map(|school| &school.id));
        let nobody = keep.schools.iter().any(|kept| !kept);
        let partner_at =
            Side::BOTH.map(|side| sorted(draft.partners(side).iter().map(|partner| &partner.id)));
        let [leads, nearby] = [0, 1].map(|s| {
            let limits = draft.partners(Side::BOTH[s]);
            let of = |&i: &usize| Places {
                min: if keep.least[s][i] { limits[i].min } else { 0 },
                max: if keep.most[s][i] { limits[i].max } else { UNLIMITED },
            };
            let nobody = nobody.then_some(Places { min: 0, max: UNLIMITED });
            partner_at[s].iter().map(of).chain(nobody).collect::<Vec<_>>()
        });
        let limit = draft.at_most_changes.filter(|_| keep.changes);
        let places = [leads, nearby, limit.map(|max| Places { min: 0, max }).into_iter().collect()];
        let builder = Builder::new(draft, keep, &partner_at);
        let threads = if builder.pairs() > WORTH_THREADS { cores(threads) } else { 1 };
        let schools =
            shared(threads, school_at.len(), |at| builder.school(school_at[at], keep.schools[school_at[at]]));
        Self { schools, places, school_at, partner_at, threads }
    }

    pub fn partners(&self, side: usize) -> usize {
        self.places[side].len()
    }

    /// Rows of the linear relaxation.
    pub fn rows(&self) -> usize {
        self.schools.len() + self.places.iter().map(Vec::len).sum::<usize>()
    }

    /// Whether some school has nothing to choose.
    pub fn stuck(&self) -> bool {
        self.schools.iter().any(|school| !school.value.iter().any(|value| *value > NEVER))
    }

    /// Whether an assignment keeps all limits.
    pub fn keeps(&self, choice: &[(u32, u32)]) -> bool {
        let mut counts = self.places.each_ref().map(|places| vec![0_i64; places.len()]);
        for (&(l, n), school) in choice.iter().zip(&self.schools) {
            counts[0][school.leads[l as usize] as usize] += 1;
            counts[1][school.nearby[n as usize] as usize] += 1;
            if let Some(changes) = counts[2].first_mut() {
                *changes += i64::from(school.changes(l, n));
            }
        }
        let kept = |(count, places): (&i64, &Places)| (places.min..=places.max).contains(count);
        counts.iter().flatten().zip(self.places.iter().flatten()).all(kept)
    }

    /// The pair that every school has at present; none where some school has none that is allowed.
    pub fn present(&self) -> Option<Vec<(u32, u32)>> {
        let of = |school: &School| if let Had::Pair(l, n) = school.had { Some((l, n)) } else { None };
        self.schools.iter().map(of).collect()
    }

    /// The worth of an assignment, given by places in the lists of each school; none where a pair is not allowed.
    pub fn worth(&self, choice: &[(u32, u32)]) -> Option<i64> {
        choice.iter().zip(&self.schools).map(|(&(l, n), school)| school.at(l as usize, n as usize)).sum()
    }
}

/// As many threads as asked for, or as the machine has.
fn cores(threads: usize) -> usize {
    if threads > 0 { threads } else { thread::available_parallelism().map_or(1, |n| n.get().min(8)) }
}

/// Makes `n` things, in order, shared among threads in runs of neighbours: the result does not depend on how many.
pub(super) fn shared<T: Send>(threads: usize, n: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads <= 1 || n < 2 {
        return (0..n).map(make).collect();
    }
    let run = n.div_ceil(threads);
    let make = &make;
    thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|t| scope.spawn(move || (t * run..((t + 1) * run).min(n)).map(make).collect::<Vec<T>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

struct Builder<'a> {
    draft: &'a Draft,
    partner_at: &'a [Vec<usize>; 2],
    values: bool,
    /// By school in the file: what is settled, as places in the file.
    fixed: BTreeMap<usize, [Option<usize>; 2]>,
    /// By school in the file: the present lead and nearby school, as places in the file; none that has left.
    present: BTreeMap<usize, [Option<usize>; 2]>,
    /// For each lead in the file, the same school among the nearby.
    twin: Vec<Option<usize>>,
    /// The covers of the nearby, need by need, in sorted order.
    cover: Vec<Vec<f32>>,
}

impl<'a> Builder<'a> {
    fn new(draft: &'a Draft, keep: &Keep, partner_at: &'a [Vec<usize>; 2]) -> Self {
        let places = |ids: &mut dyn Iterator<Item = &'a String>| -> BTreeMap<&'a str, usize> {
            ids.enumerate().map(|(i, id)| (id.as_str(), i)).collect()
        };
        let schools = places(&mut draft.county_schools.iter().map(|school| &school.id));
        let partners = Side::BOTH.map(|side| places(&mut draft.partners(side).iter().map(|p| &p.id)));
        let mut fixed: BTreeMap<usize, [Option<usize>; 2]> = BTreeMap::new();
        for (choice, _) in draft.fixed.iter().zip(&keep.fixed).filter(|(_, keep)| **keep) {
            let Some(&j) = schools.get(choice.county_school.as_str()) else { continue };
            let settled = fixed.entry(j).or_default();
            for (s, id) in [&choice.lead, &choice.nearby].into_iter().enumerate() {
                if let Some(id) = id {
                    settled[s] = partners[s].get(id.as_str()).copied();
                }
            }
        }
        let had = |row: &Assigned| {
            let place = |s: usize, id: &str| partners[s].get(id).copied();
            Some((*schools.get(row.county_school.as_str())?, [place(0, &row.lead), place(1, &row.nearby)]))
        };
        let present = draft.present.iter().filter_map(had).collect();
        let twin = draft.leads.iter().map(|lead| partners[1].get(lead.id.as_str()).copied()).collect();
        let cover = (0..draft.needs.len())
            .map(|k| partner_at[1].iter().map(|&n| draft.nearby[n].cover[k] as f32).collect())
            .collect();
        Self { draft, partner_at, values: keep.values, fixed, present, twin, cover }
    }

    /// About how many pairs there are: for the decision whether threads are worth it.
    fn pairs(&self) -> usize {
        let count = |row: &Vec<Option<i64>>| row.iter().flatten().count();
        let (leads, nearby) = (&self.draft.lead_scores, &self.draft.nearby_scores);
        leads.iter().zip(nearby).map(|(l, n)| count(l) * count(n)).sum()
    }

    /// Sorted places of the partners that a school may choose.
    fn allowed(&self, j: usize, s: usize) -> Vec<u32> {
        let settled = self.fixed.get(&j).and_then(|settled| settled[s]);
        let scores = &self.draft.scores(Side::BOTH[s])[j];
        let may = |i: usize| scores[i].is_some() && settled.is_none_or(|only| only == i);
        let order = self.partner_at[s].iter().enumerate();
        order.filter(|&(_, &i)| may(i)).map(|(at, _)| at as u32).collect()
    }

    fn school(&self, j: usize, kept: bool) -> School {
        let mut school = self.kept_school(j);
        if !kept {
            let wide = school.nearby.len();
            let rows = school.value.chunks_exact(wide.max(1)).take(school.leads.len());
            let mut value: Vec<f32> =
                rows.flat_map(|row| row[..wide].iter().copied().chain([NEVER])).collect();
            value.resize((wide + 1) * school.leads.len(), NEVER);
            value.extend(std::iter::repeat_n(NEVER, wide).chain([0.0]));
            school.leads.push(self.partner_at[0].len() as u32);
            school.nearby.push(self.partner_at[1].len() as u32);
            school.value = value;
            school.had = Had::Nothing;
        }
        school
    }

    fn kept_school(&self, j: usize) -> School {
        let (leads, nearby) = (self.allowed(j, 0), self.allowed(j, 1));
        let score = |s: usize, at: u32| {
            let score = self.draft.scores(Side::BOTH[s])[j][self.partner_at[s][at as usize]];
            if self.values { score.unwrap_or(0) as f32 } else { 0.0 }
        };
        let base: Vec<f32> = nearby.iter().map(|&at| score(1, at)).collect();
        let weights = &self.draft.county_schools[j].weights;
        let matters: Vec<(usize, f32)> = (0..weights.len())
            .filter(|&k| weights[k] > 0 && self.values)
            .map(|k| (k, weights[k] as f32))
            .collect();
        let covers: Vec<Vec<f32>> = matters
            .iter()
            .map(|&(k, _)| nearby.iter().map(|&at| self.cover[k][at as usize]).collect())
            .collect();
        let mut value = Vec::with_capacity(leads.len() * nearby.len());
        for &at in &leads {
            let lead = self.partner_at[0][at as usize];
            let begun = value.len();
            let own = score(0, at);
            value.extend(base.iter().map(|score| score + own));
            let row = &mut value[begun..];
            for (&(k, weight), cover) in matters.iter().zip(&covers) {
                let mine = self.draft.leads[lead].cover[k] as f32;
                for (value, &theirs) in row.iter_mut().zip(cover) {
                    *value += weight * if mine > theirs { mine } else { theirs };
                }
            }
            if let Some(twin) = self.twin[lead] {
                let same = nearby.iter().position(|&at| self.partner_at[1][at as usize] == twin);
                if let Some(same) = same {
                    row[same] = NEVER;
                }
            }
        }
        let had = self.had(j, &leads, &nearby, &value);
        let mut school = School { leads, nearby, value, had };
        self.charge(&mut school);
        school
    }

    fn had(&self, j: usize, leads: &[u32], nearby: &[u32], value: &[f32]) -> Had {
        let Some(pair) = self.present.get(&j) else { return Had::Nothing };
        let place = |s: usize, list: &[u32]| {
            list.iter().position(|&at| Some(self.partner_at[s][at as usize]) == pair[s])
        };
        match (place(0, leads), place(1, nearby)) {
            (Some(l), Some(n)) if value[l * nearby.len() + n] > NEVER => Had::Pair(l as u32, n as u32),
            _ => Had::Gone,
        }
    }

    /// What a change costs is taken from the value of every pair but the present one.
    fn charge(&self, school: &mut School) {
        let cost = self.draft.least_gain.filter(|_| self.values).unwrap_or(0) as f32;
        if cost == 0.0 || school.had == Had::Nothing {
            return;
        }
        let wide = school.nearby.len();
        for at in 0..school.value.len() {
            if school.value[at] > NEVER && school.changes((at / wide) as u32, (at % wide) as u32) {
                school.value[at] -= cost;
            }
        }
    }
}
