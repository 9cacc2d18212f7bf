//! What stands on the yearly project lists: which needs they answer, with how much, by whom; sized by what was done.

use super::deeds::{Deed, Done, Part};
use super::people::Rosters;
use super::rng::{SeededRng, plus};
use super::stages::{self, Act, Days, Stage};
use super::themes::{DUTIES, HIGHLIGHTS, Own};
use super::wants::Wants;
use crate::network::pairings::PairingRow;
use crate::planning::projects::Fields;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Unit};
use jiedui_programme::Programme;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What shall become of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Finish,
    /// Less is done than was promised.
    Short,
    /// All is done, and part of it not confirmed yet.
    Awaiting,
    /// Less is done, and its term is over.
    Late,
}

pub struct Project {
    pub fields: Fields,
    pub activity: String,
    pub want: Option<usize>,
    pub fate: Fate,
}

pub struct List {
    /// The place of its pairing among all.
    pub row: usize,
    pub year: i32,
    /// Takes over what the list at this place left undone.
    pub rest: Option<usize>,
    pub projects: Vec<Project>,
    pub acts: Vec<(Date, Act)>,
}

impl List {
    pub fn filed(&self) -> Option<Date> {
        self.acts.iter().find(|(_, act)| *act == Act::File).map(|(day, _)| *day)
    }
}

pub struct Lists<'a> {
    pub rng: SeededRng,
    pub programme: &'a Programme,
    pub rosters: &'a Rosters,
    pub rows: &'a [PairingRow],
    pub wants: &'a Wants,
    pub today: Date,
    pub lists: Vec<List>,
    /// What was done under each pairing.
    done: HashMap<String, Vec<Done>>,
    /// Needs that a list names already, and needs that were closed.
    pub(super) answered: HashSet<usize>,
    pub(super) met: HashSet<usize>,
}

const FIRST: i32 = 2025;

/// The first and the last day, as month and day.
const TERMS: [((u32, u32), (u32, u32)); 4] =
    [((3, 1), (12, 20)), ((3, 10), (6, 30)), ((4, 1), (11, 30)), ((3, 15), (10, 31))];

impl<'a> Lists<'a> {
    pub fn new(
        programme: &'a Programme,
        rosters: &'a Rosters,
        rows: &'a [PairingRow],
        wants: &'a Wants,
        (deeds, today): (&[Deed], Date),
    ) -> Self {
        let mut done: HashMap<String, Vec<Done>> = HashMap::new();
        for deed in deeds.iter().filter(|deed| deed.part == Part::Any) {
            done.entry(deed.new.pairing.id.clone()).or_default().push(deed.done());
        }
        let (answered, met) = (HashSet::new(), HashSet::new());
        let rng = SeededRng::new(6);
        Self { rng, programme, rosters, rows, wants, today, lists: Vec::new(), done, answered, met }
    }

    fn last(&self) -> Date {
        plus(self.today, -1)
    }

    /// Plans the lists of every year; `code` gives the county of a pairing.
    pub fn plan(&mut self, code: impl Fn(&PairingRow) -> &'static str) {
        let rows = self.rows;
        for year in FIRST..=self.today.year() {
            for (at, row) in rows.iter().enumerate() {
                let stage = if year == self.today.year() {
                    stages::present(code(row), self.today)
                } else {
                    Stage::Usual
                };
                self.one(at, row, year, stage);
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let next = stages::next(code(row), self.today);
            if let Some(stage) = next.filter(|_| row.to_day.is_none()) {
                self.one(at, row, self.today.year() + 1, stage);
            }
        }
    }

    fn one(&mut self, at: usize, row: &PairingRow, year: i32, stage: Stage) {
        let before = self.lists.iter().position(|list| list.row == at && list.year == year - 1);
        let before = before.filter(|before| self.lists.get(*before).is_some_and(|one| one.filed().is_some()));
        let usual = matches!(stage, Stage::Usual | Stage::Amending | Stage::AmendAgreeing | Stage::Amended);
        let rest = before.filter(|_| usual && !at.is_multiple_of(3));
        let days = Days { rng: &self.rng, calendar: &self.programme.calendar, today: self.today };
        // What is carried over waits for the closing of last year's projects.
        let offset = if rest.is_some() { 25 } else { 12 };
        let start = Date::from_yo_opt(year, 1).unwrap_or(self.today);
        let begin = plus(start, offset + i64::try_from(at % 19).unwrap_or(0)).max(plus(row.from_day, 15));
        let begin = self.programme.calendar.workdays.after(begin, 1);
        let mut acts = days.of(stage, begin);
        let latest = row.to_day.map_or(self.last(), |end| end.min(self.last()));
        acts.retain(|(day, _)| *day <= latest);
        let Some((begin, _)) = acts.first().copied() else { return };
        // A pairing that began late in the year has its first list in the next.
        let late = begin < plus(row.from_day, 10) || (usual && begin > plus(start, 285));
        // Next year's is the earliest that one can begin.
        if late || begin.year() + 1 < year {
            return;
        }
        let mut list = List { row: at, year, rest, projects: Vec::new(), acts };
        self.fill(&mut list, row, begin);
        self.finish(&mut list, row);
        self.lists.push(list);
    }

    /// Four to seven projects: some answer needs, one is a highlight, one a duty.
    fn fill(&mut self, list: &mut List, row: &PairingRow, begin: Date) {
        let wants = self.choose(row, begin);
        let duty =
            usize::from(self.rng.chance(50) || wants.iter().any(|want| self.activity(*want) == "residency"));
        let filed = list.filed().unwrap_or(self.today);
        let count = |activity: &str| wants.iter().filter(|want| self.activity(**want) == activity).count();
        let mut projects = Vec::new();
        for want in &wants {
            let Some(theme) = self.wants.theme(*want) else { continue };
            let fate = self.fate(list.year);
            let unit = self.unit(&theme.activity);
            let shared = i64::try_from(count(&theme.activity)).unwrap_or(1);
            let quantity = if theme.activity == "project-outcome" {
                self.rng.between(theme.low, theme.high)
            } else {
                self.quantity(row, (list.year, filed), &theme.activity, fate, shared)
            };
            let (from, to) = self.term(list.year, begin, fate);
            let (owner_org, owner) = self.owner(row, &theme.activity, begin);
            let fields = Fields {
                title: theme.project.clone(),
                clause: theme.clause.clone(),
                basis: "need".to_owned(),
                need: self.wants.all.get(*want).map(|want| want.id.clone()),
                outcome: theme.outcome.clone(),
                quantity,
                unit,
                owner_org,
                owner,
                from,
                to,
                lead_does: theme.lead.clone(),
                nearby_does: theme.nearby.clone(),
                budget: self.budget(theme.budget),
            };
            projects.push(Project { fields, activity: theme.activity.clone(), want: Some(*want), fate });
        }
        list.projects = projects;
        self.fill_up(list, row, begin, duty);
        self.answered.extend(wants);
    }

    /// The helpers' own projects: a highlight and a duty, and more of them where few needs are left to answer.
    fn fill_up(&self, list: &mut List, row: &PairingRow, begin: Date, duty: usize) {
        let (year, filed) = (list.year, list.filed().unwrap_or(self.today));
        let first = self.rng.below(HIGHLIGHTS.len());
        let few = list.projects.len() < 2;
        for at in 0..if few { 2 } else { 1 } {
            let Some(own) = HIGHLIGHTS.get((first + at) % HIGHLIGHTS.len()) else { continue };
            let fate = self.fate(year);
            list.projects.push(self.own(row, year, begin, (own, 1), fate));
        }
        // A second duty where the list still has less than four.
        for at in [1 - duty, duty] {
            let Some(own) = DUTIES.get(at).filter(|_| at == 1 - duty || list.projects.len() < 4) else {
                continue;
            };
            let fate = self.fate(year);
            let quantity = self.quantity(row, (year, filed), own.activity, fate, 1);
            list.projects.push(self.own(row, year, begin, (own, quantity), fate));
        }
    }

    fn own(
        &self,
        row: &PairingRow,
        year: i32,
        begin: Date,
        (own, quantity): (&Own, i64),
        fate: Fate,
    ) -> Project {
        let duty = own.clause != "S4.2";
        let (from, to) = if duty { self.whole(year, begin) } else { self.term(year, begin, fate) };
        let (owner_org, owner) = if duty { (row.lead.clone(), None) } else { self.owner(row, "", begin) };
        let fields = Fields {
            title: own.title.to_owned(),
            clause: own.clause.to_owned(),
            basis: if duty { "duty" } else { "highlight" }.to_owned(),
            need: None,
            outcome: own.outcome.to_owned(),
            quantity,
            unit: self.unit(own.activity),
            owner_org,
            owner,
            from,
            to,
            lead_does: own.lead.to_owned(),
            nearby_does: own.nearby.to_owned(),
            budget: BTreeMap::new(),
        };
        Project { fields, activity: own.activity.to_owned(), want: None, fate }
    }

    fn activity(&self, want: usize) -> &str {
        self.wants.theme(want).map_or("", |theme| theme.activity.as_str())
    }

    fn unit(&self, activity: &str) -> Unit {
        self.programme.activity(activity).map_or(Unit::Items, |activity| activity.unit)
    }

    /// Needs of the school that a list can answer: those that no list named first, and never all of them.
    fn choose(&self, row: &PairingRow, begin: Date) -> Vec<usize> {
        let fits = |at: &usize| {
            let Some(want) = self.wants.all.get(*at) else { return false };
            want.org == row.county_school && plus(want.written, 3) < begin && !self.met.contains(at)
        };
        let all: Vec<usize> = (0..self.wants.all.len()).filter(fits).collect();
        let again = |at: &usize| self.unit(self.activity(*at)) != Unit::Items;
        let mut chosen: Vec<usize> = all
            .iter()
            .copied()
            .filter(|at| !self.activity(*at).is_empty())
            .filter(|at| !self.answered.contains(at) || again(at))
            .collect();
        chosen.sort_by_key(|at| self.answered.contains(at));
        let most = self.rng.below(3) + 3;
        chosen.truncate(most.min(all.len().saturating_sub(1)));
        chosen
    }

    fn fate(&self, year: i32) -> Fate {
        let roll = self.rng.below(100);
        if year < self.today.year() {
            return if roll < 76 { Fate::Finish } else { Fate::Short };
        }
        match roll {
            0..=29 => Fate::Finish,
            30..=69 => Fate::Short,
            70..=81 => Fate::Awaiting,
            _ => Fate::Late,
        }
    }

    /// How much is promised, so that what was done comes to the fate; `shared` projects count the same entries.
    fn quantity(
        &self,
        row: &PairingRow,
        (year, filed): (i32, Date),
        activity: &str,
        fate: Fate,
        shared: i64,
    ) -> i64 {
        let done = self.done.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let mine = done
            .iter()
            .filter(|one| one.activity == activity && one.to.year() == year && one.claimed > filed);
        let (claimed, confirmed) =
            mine.fold((0, 0), |sum, one| (sum.0 + one.quantity, sum.1 + one.confirmed));
        let (claimed, confirmed) = (claimed / shared.max(1), confirmed / shared.max(1));
        let usual = match activity {
            "visit" => 4,
            "residency" => 60,
            "shadowing" => 20,
            _ => 30,
        };
        let quantity = match fate {
            Fate::Finish => confirmed * 3 / 4,
            Fate::Awaiting if claimed > confirmed => claimed,
            _ => claimed * 3 / 2,
        };
        match quantity {
            0 => usual,
            1..20 => quantity,
            _ => quantity / 5 * 5,
        }
    }

    /// The whole rest of the year.
    fn whole(&self, year: i32, begin: Date) -> (Date, Date) {
        let day = |month, day| Date::from_ymd_opt(year, month, day).unwrap_or(begin);
        let from = day(3, 1).max(plus(begin, 15)).min(day(12, 10));
        (from, day(12, 25))
    }

    fn term(&self, year: i32, begin: Date, fate: Fate) -> (Date, Date) {
        let (whole_from, whole_to) = self.whole(year, begin);
        let ((from_month, from_day), (to_month, to_day)) = self.rng.pick(&TERMS).copied().unwrap_or(TERMS[0]);
        let from = Date::from_ymd_opt(year, from_month, from_day).unwrap_or(whole_from).max(whole_from);
        let to = Date::from_ymd_opt(year, to_month, to_day).unwrap_or(whole_to);
        let ended = plus(self.today, -self.rng.between(20, 80));
        let to = match fate {
            Fate::Late => to.min(ended),
            // What is still under way is not over.
            _ if year == self.today.year() && to < self.today && fate != Fate::Finish => whole_to,
            _ => to,
        };
        if to < plus(from, 20) { (from, whole_to) } else { (from, to) }
    }

    /// Mostly the lead college, with somebody by name.
    fn owner(&self, row: &PairingRow, activity: &str, day: Date) -> (String, Option<String>) {
        let org = match (activity, self.rng.below(100)) {
            ("shadowing" | "social-training", 0..=44) => &row.county_school,
            (_, 0..=74) => &row.lead,
            _ => &row.nearby,
        };
        let roster = self.rosters.get(org).map(Vec::as_slice).unwrap_or_default();
        let fits = |post: &str| matches!(post, "deputy_head" | "middle_manager" | "backbone_teacher");
        let free: Vec<_> = roster.iter().filter(|one| fits(one.post) && one.in_office(day)).collect();
        let person = self.rng.pick(&free).map(|member| member.id.clone());
        (org.clone(), person.filter(|_| self.rng.chance(75)))
    }

    /// From one source or two, where there is any; given in 千元, kept in cents.
    fn budget(&self, thousands: i64) -> BTreeMap<String, i64> {
        let mut budget = BTreeMap::new();
        if thousands > 0 && self.rng.chance(65) {
            let cents = thousands * 100_000;
            let main = self.rng.word(&["province", "city", "county", "helper", "school"]);
            if thousands >= 50 && main != "helper" {
                let own = cents / 50_000 / 5 * 50_000;
                budget.insert("helper".to_owned(), own);
                budget.insert(main.to_owned(), cents - own);
            } else {
                budget.insert(main.to_owned(), cents);
            }
        }
        budget
    }
}
