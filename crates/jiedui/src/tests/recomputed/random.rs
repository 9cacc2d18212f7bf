//! Small worlds that look random and are the same each time, as rows; and the same worlds as the rules see them.

use super::data::{Entry, Output, Pairing, Profile, Raw, School};
use super::judge;
use chrono::TimeDelta;
use jiedui_kernel::{Date, Period, Reported};
use jiedui_programme::{
    Activity, Arrangements, EntryFact, EntryState, FieldKind, FieldValue, HelperPart, LEVELS, Measure,
    OutputFact, PairingFact, PairingRole, PostSpan, Posts, ProfileFact, ProfileState, Programme, SchoolFact,
    World,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const POSTS: [&str; 6] =
    ["head", "party_secretary", "deputy_head", "middle_manager", "backbone_teacher", "teacher"];

pub struct SeededRng(pub u64);

impl SeededRng {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % sides.unsigned_abs()).unwrap()
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.roll(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.roll(i64::try_from(from.len()).unwrap())).unwrap()]
    }

    fn day(&mut self) -> Date {
        Date::from_ymd_opt(2024, 7, 1).unwrap() + TimeDelta::days(self.roll(780))
    }

    fn school(&mut self) -> String {
        format!("s{}", self.roll(4))
    }

    fn fields(&mut self, of: &[jiedui_programme::Field]) -> Map<String, Value> {
        let mut found = Map::new();
        for field in of {
            if !self.chance(70) {
                continue;
            }
            let value = match field.kind {
                FieldKind::Number => Value::from(self.roll(60)),
                FieldKind::Choice => Value::from(self.pick(&field.options).id.clone()),
                FieldKind::Yes => Value::from(self.chance(50)),
                _ => continue,
            };
            found.insert(field.id.clone(), value);
        }
        found
    }
}

pub fn world(programme: &Programme, dice: &mut SeededRng) -> Raw {
    let mut raw = Raw::default();
    for at in 0..4 {
        raw.schools.insert(format!("s{at}"), school(dice));
    }
    for _ in 0..dice.roll(6) {
        let (from, agreed, planned) = (dice.day(), dice.day(), dice.day());
        let to = dice.chance(40).then(|| from + TimeDelta::days(dice.roll(400)));
        raw.pairings.push(Pairing {
            school: dice.school(),
            lead: format!("h{}", dice.roll(2)),
            nearby: format!("h{}", 2 + dice.roll(2)),
            from,
            to,
            agreed: Some(agreed),
            planned: dice.chance(60).then_some(planned),
        });
    }
    for _ in 0..dice.roll(16) {
        raw.entries.push(entry(programme, dice));
    }
    // Some come and go, some are always there; one may have been at two schools.
    for at in 0..5 {
        for _ in 0..dice.roll(4) {
            let from = dice.day();
            let to = dice.chance(60).then(|| from + TimeDelta::days(dice.roll(500)));
            raw.posts.push((format!("p{at}"), dice.school(), from, to));
        }
    }
    for _ in 0..dice.roll(12) {
        raw.outputs.push(output(programme, dice));
    }
    for at in 0..4 {
        for year in 2024..2027 {
            if dice.chance(60) {
                raw.profiles.push(profile(programme, dice, format!("s{at}"), year));
            }
        }
    }
    raw
}

fn school(dice: &mut SeededRng) -> School {
    let mut made = School { level: (*dice.pick(&LEVELS)).to_owned(), ..School::default() };
    if dice.chance(85) {
        let from = Date::from_ymd_opt(2024, 1, 1).unwrap() + TimeDelta::days(dice.roll(500));
        made.terms.push((from, dice.chance(30).then(|| from + TimeDelta::days(dice.roll(800)))));
    }
    if dice.chance(40) {
        made.before.push((dice.day(), (*dice.pick(&LEVELS)).to_owned()));
    }
    made
}

/// As often as not confirmed.
const STATES: [EntryState; 6] = [
    EntryState::Claimed,
    EntryState::Confirmed,
    EntryState::Confirmed,
    EntryState::Part,
    EntryState::Disputed,
    EntryState::Withdrawn,
];

/// Of joint work: which helpers said that they took part, and with whom.
fn parts(
    activity: &Activity,
    dice: &mut SeededRng,
    helpers: &std::collections::BTreeSet<String>,
) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    for helper in helpers.iter().filter(|_| helpers.len() > 1) {
        if !dice.chance(70) {
            continue;
        }
        let named = activity.person.is_some() && dice.chance(80);
        let post = if named { (*dice.pick(&POSTS)).to_owned() } else { String::new() };
        parts.push((helper.clone(), post));
    }
    parts
}

fn entry(programme: &Programme, dice: &mut SeededRng) -> Entry {
    // The work of the duties, and work that names people, more often than its share.
    let owed: Vec<&str> = programme.obligations.iter().map(|one| one.activity.as_str()).collect();
    let wanted =
        |dice: &mut SeededRng, id: &str, roster: bool| owed.contains(&id) || roster || dice.chance(30);
    let activity = loop {
        let one = dice.pick(&programme.activities);
        if wanted(dice, &one.id, one.roster.is_some()) {
            break one;
        }
    };
    let from = dice.day();
    let days = if activity.measure == Measure::Days { dice.roll(70) } else { dice.roll(4) };
    let to = from + TimeDelta::days(days);
    let quantity = match activity.measure {
        Measure::Days => days + 1,
        Measure::Once => 1,
        Measure::Entered => dice.roll(50),
    };
    let state = *dice.pick(&STATES);
    let mut hole = None;
    let confirmed = match state {
        EntryState::Confirmed => quantity,
        EntryState::Part if activity.measure == Measure::Days => {
            let start = from + TimeDelta::days(dice.roll(days + 1));
            let end = (start + TimeDelta::days(dice.roll(9))).min(to);
            hole = Some((start, end));
            quantity - ((end - start).num_days() + 1)
        }
        EntryState::Part => dice.roll(quantity + 1),
        _ => 0,
    };
    let helpers = [format!("h{}", dice.roll(4)), format!("h{}", dice.roll(4))];
    let helpers: std::collections::BTreeSet<String> = helpers.into_iter().collect();
    let people: std::collections::BTreeSet<String> =
        (0..dice.roll(4)).map(|_| format!("p{}", dice.roll(5))).collect();
    let post = if activity.person.is_some() { (*dice.pick(&POSTS)).to_owned() } else { String::new() };
    let parts = parts(activity, dice, &helpers);
    Entry {
        activity: activity.id.clone(),
        school: dice.school(),
        helpers: helpers.iter().cloned().collect(),
        people: if activity.roster.is_some() { people.into_iter().collect() } else { Vec::new() },
        from,
        to,
        state,
        quantity,
        confirmed,
        hole,
        post,
        parts,
        fields: dice.fields(&activity.fields),
    }
}

fn output(programme: &Programme, dice: &mut SeededRng) -> Output {
    let kind = loop {
        let one = dice.pick(&programme.outputs);
        if one.unit == jiedui_kernel::Unit::Schools || !one.achieved_label.is_empty() || dice.chance(30) {
            break one;
        }
    };
    let (mut day, mut achieved) = (dice.day(), 0);
    let mut stages = Vec::new();
    for stage in &kind.stages {
        if stages.is_empty() || dice.chance(60) {
            achieved += dice.roll(40);
            stages.push((stage.id.clone(), day, achieved));
            day += TimeDelta::days(dice.roll(300));
        }
    }
    Output {
        output: kind.id.clone(),
        at: dice.school(),
        state: *dice.pick(&[
            EntryState::Claimed,
            EntryState::Confirmed,
            EntryState::Confirmed,
            EntryState::Disputed,
            EntryState::Withdrawn,
        ]),
        quantity: 1 + dice.roll(90),
        title: format!("t{}", dice.roll(1_000_000_000)),
        agreed: usize::try_from(dice.roll(stages.len() as i64 + 1)).unwrap(),
        project: dice.chance(50).then(|| "p1".to_owned()),
        stages,
        fields: dice.fields(&kind.fields),
    }
}

fn profile(programme: &Programme, dice: &mut SeededRng, school: String, year: i32) -> Profile {
    let plenty = dice.chance(40);
    let mut values = BTreeMap::new();
    for element in programme.elements.iter().filter(|element| element.derived.is_none()) {
        let value = match dice.roll(20) {
            0 if !plenty => continue,
            1 if !plenty => None,
            _ if plenty => Some(900_000_000 + dice.roll(9)),
            _ => Some(10_i64.pow(u32::try_from(dice.roll(7)).unwrap()) + dice.roll(7)),
        };
        values.insert(element.id.clone(), value);
    }
    let as_of = as_of(programme, year);
    Profile {
        school,
        year,
        state: *dice.pick(&[
            ProfileState::Draft,
            ProfileState::Submitted,
            ProfileState::Accepted,
            ProfileState::Accepted,
            ProfileState::Accepted,
        ]),
        as_of,
        accepted_on: Some(as_of + TimeDelta::days(dice.roll(120))),
        values,
    }
}

fn as_of(programme: &Programme, year: i32) -> Date {
    format!("{year}-{}", programme.profile.as_of).parse().unwrap()
}

fn fact_fields(fields: &Map<String, Value>) -> BTreeMap<String, FieldValue> {
    let one = |value: &Value| match value {
        Value::Number(number) => FieldValue::Number(number.as_i64().unwrap()),
        Value::Bool(yes) => FieldValue::Yes(*yes),
        other => FieldValue::Text(other.as_str().unwrap_or_default().to_owned()),
    };
    fields.iter().map(|(id, value)| (id.clone(), one(value))).collect()
}

/// The same world as the rules see it on a day.
pub fn facts(raw: &Raw, on: Date) -> World {
    let counted = |id: &str| raw.schools.get(id).is_some_and(|school| judge::counts(school, on));
    World {
        schools: raw
            .schools
            .iter()
            .filter(|(id, _)| counted(id))
            .map(|(id, school)| SchoolFact {
                id: id.clone(),
                level: school.level.clone(),
                levels_before: school.before.clone(),
                typical: false,
            })
            .collect(),
        posts: posts(raw),
        pairings: pairings(raw).into_iter().filter(|one| counted(&one.county_school)).collect(),
        entries: entries(raw),
        outputs: raw.outputs.iter().enumerate().map(output_fact).collect(),
        profiles: raw.profiles.iter().map(profile_fact).collect(),
        confirmed_thresholds: raw.checks.clone(),
        arrangements: Arrangements::default(),
    }
}

pub fn pairings(raw: &Raw) -> Vec<PairingFact> {
    let both = |pairing: &Pairing| {
        let one = |helper: &str, party| PairingFact {
            helper: helper.to_owned(),
            party,
            county_school: pairing.school.clone(),
            from: pairing.from,
            to: pairing.to,
            signed: pairing.agreed,
            planned: pairing.planned,
        };
        [one(&pairing.lead, PairingRole::Lead), one(&pairing.nearby, PairingRole::Nearby)]
    };
    raw.pairings.iter().flat_map(both).collect()
}

fn post_of(text: &str) -> Option<jiedui_programme::Post> {
    serde_json::from_value(Value::from(text)).ok()
}

fn posts(raw: &Raw) -> Posts {
    let mut found = Posts::new();
    for (person, school, from, to) in &raw.posts {
        let span = PostSpan { school: school.clone(), from: *from, to: *to };
        found.entry(person.clone()).or_default().push(span);
    }
    found
}

pub fn entries(raw: &Raw) -> Vec<EntryFact> {
    let one = |(at, entry): (usize, &Entry)| EntryFact {
        id: format!("e{at}"),
        activity: entry.activity.clone(),
        helpers: entry.helpers.clone(),
        county_school: entry.school.clone(),
        period: Period::new(entry.from, entry.to).unwrap(),
        state: entry.state,
        claimed: entry.quantity,
        confirmed: entry.confirmed,
        disputed_days: entry.hole.and_then(|(from, to)| Period::new(from, to)),
        post: post_of(&entry.post),
        parts: entry
            .parts
            .iter()
            .map(|(helper, post)| HelperPart { helper: helper.clone(), post: post_of(post) })
            .collect(),
        roster: entry.people.clone(),
        repeated: jiedui_programme::Repeated::default(),
        fields: fact_fields(&entry.fields),
    };
    raw.entries.iter().enumerate().map(one).collect()
}

fn output_fact((at, output): (usize, &Output)) -> OutputFact {
    OutputFact {
        id: format!("o{at}"),
        output: output.output.clone(),
        org: "office".to_owned(),
        county_school: Some(output.at.clone()),
        helpers: Vec::new(),
        state: output.state,
        quantity: output.quantity,
        achieved: output.stages.last().unwrap().2,
        agreed: output.agreed,
        receipts: output.stages.iter().map(|(_, day, amount)| (*day, *amount)).collect(),
        project: output.project.clone(),
        earlier: Vec::new(),
        stages: output.stages.iter().map(|(stage, day, _)| (stage.clone(), *day)).collect(),
        fields: fact_fields(&output.fields),
    }
}

fn profile_fact(profile: &Profile) -> ProfileFact {
    let known = |value: &Option<i64>| value.map_or(Reported::NotApplicable, Reported::Value);
    ProfileFact {
        id: format!("{}-{}", profile.school, profile.year),
        school: profile.school.clone(),
        year: profile.year,
        state: profile.state,
        on: profile.accepted_on.unwrap_or(profile.as_of),
        values: profile.values.iter().map(|(id, value)| (id.clone(), known(value))).collect(),
    }
}
