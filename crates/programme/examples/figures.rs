//! `figures DIRECTORY [SCHOOLS MONTHS SEED]`: how long it takes to count all indicators of a programme from scratch, over entries,
//! outputs and year-profiles made from a seed; and to play two years of 120 schools through another programme.

use chrono::{Days, Months};
use jiedui_kernel::{Date, Period, Reported};
use jiedui_programme::{
    Activity, Contribution, EntryFact, EntryState, FieldKind, FieldValue, Indicator, IndicatorOf, Measure,
    Output, OutputFact, PairingFact, PairingRole, ProfileFact, ProfileState, Programme, Reading, SchoolFact,
    Side, World, contributions, evaluate, load, ratio, read, replay, span,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

struct SeededRng(u64);

impl SeededRng {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn state(&mut self) -> EntryState {
        match self.roll(10) {
            0 => EntryState::Claimed,
            1 => EntryState::Disputed,
            2 => EntryState::Part,
            3 => EntryState::Withdrawn,
            _ => EntryState::Confirmed,
        }
    }
}

fn files(root: &Path, below: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(below).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            found.insert(name, std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

fn values(fields: &[jiedui_programme::Field], dice: &mut SeededRng) -> BTreeMap<String, FieldValue> {
    let value = |field: &jiedui_programme::Field, dice: &mut SeededRng| match field.kind {
        FieldKind::Number => Some(FieldValue::Number(dice.roll(5000) as i64)),
        FieldKind::Choice if !field.options.is_empty() => {
            Some(FieldValue::Text(field.options[dice.roll(field.options.len())].id.clone()))
        }
        _ => None,
    };
    fields.iter().filter_map(|field| Some((field.id.clone(), value(field, dice)?))).collect()
}

/// One entry of the activity at the school in the month.
fn entry(id: String, activity: &Activity, school: &str, start: Date, dice: &mut SeededRng) -> EntryFact {
    let from = start + Days::new(dice.roll(20) as u64);
    let length = if activity.measure == Measure::Days { dice.roll(9) as u64 } else { 0 };
    let state = dice.state();
    let claimed = 1 + dice.roll(40) as i64;
    let named = if activity.roster.is_some() { dice.roll(12) } else { 0 };
    EntryFact {
        id,
        activity: activity.id.clone(),
        helpers: vec!["helper".to_owned()],
        county_school: school.to_owned(),
        period: Period::new(from, from + Days::new(length)).expect("a span"),
        state,
        claimed,
        confirmed: if state == EntryState::Confirmed { claimed } else { claimed / 2 },
        disputed_days: None,
        post: activity.person.as_ref().and_then(|person| person.counting.first().copied()),
        parts: Vec::new(),
        roster: (0..named).map(|_| format!("{school}-{}", dice.roll(80))).collect(),
        repeated: jiedui_programme::Repeated::default(),
        fields: values(&activity.fields, dice),
    }
}

/// One that went through all stages of its kind.
fn of_kind(id: String, kind: &Output, school: &str, first: Date, dice: &mut SeededRng) -> OutputFact {
    let begins = |place: usize| first + Days::new(90 * place as u64 + 7);
    let stages = kind.stages.iter().enumerate();
    OutputFact {
        id,
        output: kind.id.clone(),
        org: school.to_owned(),
        county_school: Some(school.to_owned()),
        helpers: Vec::new(),
        state: dice.state(),
        quantity: 100,
        achieved: 40,
        stages: stages.map(|(place, stage)| (stage.id.clone(), begins(place))).collect(),
        receipts: Vec::new(),
        agreed: 0,
        project: None,
        earlier: Vec::new(),
        fields: values(&kind.fields, dice),
    }
}

/// Each kind of activity once a month at each school, each kind of output once a school, a profile each year.
fn world(programme: &Programme, schools: usize, months: u32, dice: &mut SeededRng) -> World {
    let first = Date::from_ymd_opt(2024, 9, 1).expect("a day");
    let mut world = World::default();
    for at in 0..schools {
        let school = format!("school-{at:03}");
        for (party, helper) in [(PairingRole::Lead, "helper"), (PairingRole::Nearby, "nearby")] {
            world.pairings.push(PairingFact {
                helper: helper.to_owned(),
                party,
                county_school: school.clone(),
                from: first,
                to: None,
                signed: Some(first),
                planned: Some(first),
            });
        }
        world.schools.push(SchoolFact {
            id: school.clone(),
            level: "技工学校".to_owned(),
            levels_before: Vec::new(),
            typical: at % 3 == 0,
        });
        for month in 0..months {
            let start = first + Months::new(month);
            for activity in &programme.activities {
                let id = format!("entry-{}", world.entries.len());
                world.entries.push(entry(id, activity, &school, start, dice));
            }
        }
        for output in &programme.outputs {
            let id = format!("output-{}", world.outputs.len());
            world.outputs.push(of_kind(id, output, &school, first, dice));
        }
        for year in 2024..2024 + (months.div_ceil(12) as i32) {
            let known = |dice: &mut SeededRng| Reported::Value(dice.roll(3000) as i64);
            world.profiles.push(ProfileFact {
                id: format!("{school}-{year}"),
                school: school.clone(),
                year,
                state: ProfileState::Accepted,
                on: Date::from_ymd_opt(year, 11, 20).expect("a day"),
                values: programme.elements.iter().map(|element| (element.id.clone(), known(dice))).collect(),
            });
        }
    }
    world
}

/// A figure from what was added up before, as the application does it; states are looked at.
fn reading(
    programme: &Programme,
    of: &Indicator,
    own: &BTreeMap<&str, Vec<Contribution>>,
    world: &World,
    window: Period,
) -> Reading {
    let part =
        |id: &str| programme.indicator(id).map(|one| (one, reading(programme, one, own, world, window)));
    match &of.of {
        IndicatorOf::Ratio { numerator, denominator } => match (part(numerator), part(denominator)) {
            (Some((above, up)), Some((_, down))) => ratio(of.unit, above, &up, &down),
            _ => Reading::unknown(of.unit),
        },
        kept if span(kept, window).is_some() => {
            read(of, own.get(of.id.as_str()).map_or(&[], Vec::as_slice), window)
        }
        _ => evaluate(programme, of, world, window),
    }
}

/// The same facts under a programme that asks for one visit more and a wider campus.
fn rehearse(programme: &Programme, dice: &mut SeededRng) {
    let world = world(programme, 120, 24, dice);
    let mut other = programme.clone();
    for obligation in &mut other.obligations {
        obligation.at_least += 1;
    }
    for threshold in &mut other.thresholds {
        threshold.at_least = threshold.at_least.map(|least| least + least / 10);
    }
    let bodies: Vec<(Side, String)> =
        world.schools.iter().map(|school| (Side::CountySchool, school.id.clone())).collect();
    let today = Date::from_ymd_opt(2026, 8, 31).expect("a day");
    let begun = Instant::now();
    let changes = replay(programme, &other, &world, &bodies, today);
    println!(
        "| rehearsal, 120 schools × 24 months ({} entries, {} outputs) under two programmes, {} statuses change | {:.0} ms | \
         ≤ 2,000 ms |",
        world.entries.len(),
        world.outputs.len(),
        changes.len(),
        begun.elapsed().as_secs_f64() * 1e3,
    );
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, default: usize| args.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let root = Path::new(args.first().expect("a directory"));
    let mut texts = BTreeMap::new();
    files(root, root, &mut texts);
    let programme = load(&texts).unwrap_or_else(|problems| panic!("{problems:?}"));
    let (schools, months) = (number(1, 200), number(2, 36));
    let world = world(&programme, schools, months as u32, &mut SeededRng(number(3, 7) as u64));
    let begun = Instant::now();
    let found = contributions(&programme, &world);
    let counted = begun.elapsed();
    let mut own: BTreeMap<&str, Vec<Contribution>> = BTreeMap::new();
    for one in &found {
        own.entry(&one.indicator).or_default().push(one.clone());
    }
    let years: Vec<Period> = (2024..2028).filter_map(Period::year).collect();
    let mut readings = 0;
    for indicator in &programme.indicators {
        for window in &years {
            let reading = reading(&programme, indicator, &own, &world, *window);
            readings += usize::from(reading.confirmed.value().is_some());
        }
    }
    let all = begun.elapsed();
    println!(
        "| {} indicators from scratch, {schools} schools × {months} months ({} entries, {} outputs, {} profiles; {} rows) | {:.0} ms; \
         with {readings} readings of {} years {:.0} ms | ≤ 2,000 ms |",
        programme.indicators.len(),
        world.entries.len(),
        world.outputs.len(),
        world.profiles.len(),
        found.len(),
        counted.as_secs_f64() * 1e3,
        years.len(),
        all.as_secs_f64() * 1e3,
    );
    rehearse(&programme, &mut SeededRng(11));
}
