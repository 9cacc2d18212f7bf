//! A little of everything else that the programme knows: each activity type happens here and there, so that no list, no
//! figure and no task of the plan stands empty. Read from the programme; nothing here names a type. Each type, and each
//! field, has dice of its own: a form that comes or goes leaves the others as they were.

use super::maker::Maker;
use super::names;
use super::plan::{Planner, With};
use super::rng::{SeededRng, plus};
use crate::evidence::ledger::rules::post_of;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use jiedui_kernel::{Date, Period, Result, Unit};
use jiedui_programme::{Activity, Confirmer, Field, FieldKind, Measure, PersonOf, Side, Time};
use jiedui_web::fields::Values;
use std::collections::{BTreeSet, HashMap};

/// Types with a story of their own elsewhere.
const TOLD: [&str; 6] =
    ["visit", "residency", "teacher-training", "shadowing", "social-training", "project-outcome"];
/// How often in a hundred a type happens at a pairing in a year.
const OFTEN: usize = 30;

/// Who acts above the schools.
pub struct Offices {
    province: String,
    city: HashMap<String, String>,
}

impl Offices {
    pub async fn of(maker: &mut Maker, rows: &[PairingRow]) -> Result<Self> {
        let codes: BTreeSet<&str> = rows.iter().map(|row| row.city_code.as_str()).collect();
        let tx = &mut maker.tx;
        let province = registry::bureau(tx, "province_office", "440000").await?.unwrap_or_default();
        let mut city = HashMap::new();
        for code in codes {
            if let Some(org) = registry::bureau(tx, "city_bureau", code).await? {
                city.insert(code.to_owned(), org);
            }
        }
        Ok(Self { province, city })
    }

    fn actor<'a>(&'a self, side: Side, row: &'a PairingRow) -> Option<&'a str> {
        match side {
            Side::Province => Some(&self.province),
            Side::City => self.city.get(&row.city_code).map(String::as_str),
            Side::County => Some(&row.county_bureau),
            Side::Lead => Some(&row.lead),
            Side::Nearby => Some(&row.nearby),
            Side::CountySchool => Some(&row.county_school),
        }
    }
}

impl Planner<'_> {
    /// One pairing's share. `settled`: everything was answered with yes, so that the desks of the accounts show what the
    /// stories of their own have put there.
    pub fn varieties(&mut self, row: &PairingRow, offices: &Offices, settled: bool) {
        let programme = self.programme;
        for activity in programme.activities.iter().filter(|one| !TOLD.contains(&one.id.as_str())) {
            for year in [2025, 2026] {
                let (from, year_text) = (row.from_day.to_string(), year.to_string());
                let words = [row.county_name.as_str(), &from, &activity.id, &year_text];
                self.rng = SeededRng::about(11, &words);
                if self.rng.chance(OFTEN)
                    && self.variety(activity, row, offices, (year, &words), settled).is_some()
                {
                    if settled { self.agree() } else { self.fate() }
                }
            }
        }
    }

    fn variety(
        &mut self,
        activity: &Activity,
        row: &PairingRow,
        offices: &Offices,
        (year, words): (i32, &[&str]),
        settled: bool,
    ) -> Option<()> {
        let days = self.days(activity, row, year, settled)?;
        let (usual, kinds) = self.usual(activity);
        let sides: Vec<(Side, &str)> =
            usual.iter().filter_map(|side| Some((*side, offices.actor(*side, row)?))).collect();
        let (side, claimant) = *self.rng.pick(&sides)?;
        let mut with = With { fields: filled(words, &activity.fields, &kinds), ..With::default() };
        with.fields.extend(self.usually(activity, &kinds));
        if let Some(rule) = &activity.person {
            let posts: Vec<&'static str> = POSTS
                .into_iter()
                .filter(|id| post_of(id).is_some_and(|post| rule.counting.contains(&post)))
                .collect();
            let at = if rule.of == PersonOf::CountySchool { row.county_school.as_str() } else { claimant };
            with.person = Some(self.send(at, &posts, days, true)?.id);
        }
        if activity.confirmed_by == Confirmer::Helper && side == Side::CountySchool {
            with.helper = Some(if self.rng.chance(60) { row.lead.clone() } else { row.nearby.clone() });
        }
        if activity.measure == Measure::Entered {
            with.quantity = Some(amount(&self.rng, activity.unit));
        }
        self.plausible(activity, &mut with);
        with.joint = activity.joint && matches!(side, Side::Lead | Side::Nearby) && self.rng.chance(10);
        self.claim(row, &activity.id, claimant, days, with).map(drop)
    }

    /// Who claims it as it was before other forms came into it, and the choices that tell these apart: their deeds choose.
    fn usual(&self, activity: &Activity) -> (Vec<Side>, BTreeSet<&str>) {
        let (mut sides, mut kinds) = (activity.claimed_by.clone(), BTreeSet::new());
        for other in &self.programme.activities {
            let Some(became) = other.became.as_ref().filter(|became| became.into == activity.id) else {
                continue;
            };
            kinds.extend(became.fields.keys().map(String::as_str));
            let left: Vec<Side> =
                sides.iter().filter(|side| !other.claimed_by.contains(side)).copied().collect();
            if !left.is_empty() {
                sides = left;
            }
        }
        (sides, kinds)
    }

    /// Of what has to be chosen, what the form asked for before others came into it.
    fn usually(&self, activity: &Activity, kinds: &BTreeSet<&str>) -> Values {
        let came = |field: &Field, option: &str| {
            let others = self.programme.activities.iter().filter_map(|other| other.became.as_ref());
            let mut others = others.filter(|became| became.into == activity.id);
            others.any(|became| became.fields.get(&field.id).is_some_and(|one| one == option))
        };
        let asked =
            activity.fields.iter().filter(|field| field.required && kinds.contains(field.id.as_str()));
        let one = |field: &Field| {
            let option = field.options.iter().find(|option| !came(field, &option.id))?;
            Some((field.id.clone(), option.id.clone().into()))
        };
        asked.filter_map(one).collect()
    }

    /// Makes parts no more than their whole, as the programme says of this activity.
    fn plausible(&self, activity: &Activity, with: &mut With) {
        for relation in self.programme.relations.iter().filter(|one| one.activity == activity.id) {
            // What is counted stays; a whole of which it is a part is no less.
            if let ([part], [whole], Some(quantity)) =
                (&relation.part[..], &relation.whole[..], with.quantity)
                && part == "quantity"
                && let Some(value) = with.fields.get(whole).and_then(serde_json::Value::as_i64)
            {
                with.fields.insert(whole.clone(), value.max(quantity).into());
            }
            let number = |id: &String| match id.as_str() {
                "quantity" => with.quantity,
                id => with.fields.get(id).and_then(serde_json::Value::as_i64),
            };
            let Some(whole) = relation.whole.iter().map(number).sum::<Option<i64>>() else { continue };
            // What is unknown breaks nothing, and what fits stays.
            if relation.part.iter().map(number).sum::<Option<i64>>().is_none_or(|parts| parts <= whole) {
                continue;
            }
            let most = whole / i64::try_from(relation.part.len()).unwrap_or(1).max(1);
            for id in &relation.part {
                if let Some(value) = with.fields.get(id).and_then(serde_json::Value::as_i64) {
                    with.fields.insert(id.clone(), value.min(most).into());
                }
            }
        }
    }

    /// Days of a year on which it could have been, long enough ago to have been answered where all shall be settled.
    fn days(&self, activity: &Activity, row: &PairingRow, year: i32, settled: bool) -> Option<Period> {
        let last = if settled { plus(self.today, -40) } else { plus(self.today, -2) };
        let slot = Period::new(Date::from_yo_opt(year, 10)?, Date::from_yo_opt(year, 355)?)?;
        let window = self.window(row)?.intersect(slot)?;
        let window = Period::new(window.from, window.to.min(last))?;
        let from = self.workday(self.rng.day(window));
        let length = match (activity.time, activity.measure) {
            (Time::Day, _) => 0,
            (Time::Span, Measure::Days) => self.rng.between(6, 25),
            (Time::Span, _) => self.rng.between(0, 4),
        };
        let span = Period::new(from, plus(from, length))?;
        (window.intersect(span) == Some(span)).then_some(span)
    }
}

const POSTS: [&str; 6] =
    ["head", "party_secretary", "deputy_head", "middle_manager", "backbone_teacher", "teacher"];

/// How much of a unit is usual on one occasion.
fn amount(rng: &SeededRng, unit: Unit) -> i64 {
    match unit {
        Unit::Persons => rng.between(6, 45),
        Unit::PersonTimes => rng.between(20, 90),
        Unit::Hours => rng.between(8, 40),
        Unit::Days | Unit::PersonDays => rng.between(2, 15),
        Unit::SquareMetres => rng.between(200, 1500),
        Unit::Yuan => rng.between(2, 60) * 1_000_000,
        _ => rng.between(1, 4),
    }
}

/// Required fields always, the others mostly; texts as the help of the field gives an example.
fn filled(words: &[&str], fields: &[Field], kinds: &BTreeSet<&str>) -> Values {
    let mut values = Values::new();
    for field in fields.iter().filter(|field| !kinds.contains(field.id.as_str())) {
        let rng = &SeededRng::about(11, &[words, &[&field.id]].concat());
        if !field.required && !rng.chance(75) {
            continue;
        }
        let value: serde_json::Value = match field.kind {
            FieldKind::Text | FieldKind::LongText => example(field).into(),
            FieldKind::Enterprise => names::enterprise(rng).into(),
            FieldKind::Chain => names::text("chain", rng).into(),
            FieldKind::Number => amount(rng, field.unit.unwrap_or(Unit::Items)).into(),
            FieldKind::Choice => match rng.pick(&field.options) {
                Some(option) => option.id.clone().into(),
                None => continue,
            },
            FieldKind::Yes if rng.chance(40) => true.into(),
            FieldKind::Yes | FieldKind::Date | FieldKind::Person => continue,
        };
        values.insert(field.id.clone(), value);
    }
    values
}

/// 可不填。例如：数控车工。 → 数控车工
fn example(field: &Field) -> String {
    let given =
        field.help.split_once("例如：").map(|(_, rest)| rest.split(['。', '；']).next().unwrap_or(rest));
    given.map_or_else(|| format!("{}（示例）", field.label), str::to_owned)
}
