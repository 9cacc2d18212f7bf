//! The facts that an example stands for, with what it may leave out.

use super::written::{
    Absent, Written, WrittenFact, WrittenOutput, WrittenProfile, WrittenState, WrittenValue, span,
};
use crate::facts::{Arrangements, OutputFact, Posts, ProfileFact, ProfileState, SchoolFact, World};
use crate::model::{IndicatorOf, Measure, PairingRole, Programme};
use crate::readings::{EntryFact, HelperPart};
use crate::rules::{Attained, PairingFact, SchoolState, Values, attainment, with_derived};
use crate::state::EntryState;
use jiedui_kernel::{Date, Period, Reported};
use std::collections::{BTreeMap, BTreeSet};

/// Who is meant where an example does not say.
pub(super) const HELPER: &str = "甲校";
pub(super) const SCHOOL: &str = "县校";
pub(super) const ORG: &str = "本单位";

pub(super) fn facts(programme: &Programme, example: &Written, activity: &str) -> Vec<EntryFact> {
    let one = |(at, fact): (usize, &WrittenFact)| fact.fact(programme, activity, at);
    example.facts.iter().enumerate().filter_map(one).collect()
}

pub(super) fn outputs(example: &Written, output: &str) -> Vec<OutputFact> {
    example.outputs.iter().enumerate().map(|(at, written)| written.fact(output, at)).collect()
}

/// Everything that an indicator is computed from. A school that is only named has no level.
pub(super) fn world(programme: &Programme, example: &Written, of: &IndicatorOf) -> World {
    let (activity, output) = sources(programme, of, 0);
    let entries = facts(programme, example, activity);
    let outputs = outputs(example, output);
    let profiles: Vec<ProfileFact> =
        example.profiles.iter().enumerate().map(|(at, written)| written.fact(at)).collect();
    let mut schools: Vec<SchoolFact> = example
        .schools
        .iter()
        .map(|school| SchoolFact {
            id: school.id.clone(),
            level: school.level.clone(),
            levels_before: Vec::new(),
            typical: school.typical,
        })
        .collect();
    let named: BTreeSet<&str> = entries
        .iter()
        .map(|fact| fact.county_school.as_str())
        .chain(outputs.iter().filter_map(|fact| fact.county_school.as_deref()))
        .chain(profiles.iter().map(|fact| fact.school.as_str()))
        .collect();
    let missing: Vec<SchoolFact> = named
        .into_iter()
        .filter(|id| !schools.iter().any(|school| school.id == *id))
        .map(|id| SchoolFact {
            id: id.to_owned(),
            level: String::new(),
            levels_before: Vec::new(),
            typical: false,
        })
        .collect();
    schools.extend(missing);
    World {
        schools,
        pairings: pairings(example),
        arrangements: Arrangements::default(),
        // Examples are about entries; whom they name is in post.
        posts: Posts::new(),
        entries,
        outputs,
        profiles,
        confirmed_thresholds: example.confirmed_thresholds.clone(),
    }
}

/// The activity and the output that are meant where a fact does not say; of a ratio those of its numerator.
fn sources<'p>(programme: &'p Programme, of: &'p IndicatorOf, depth: u8) -> (&'p str, &'p str) {
    let first = |ids: &'p [String]| ids.first().map_or("", String::as_str);
    match of {
        IndicatorOf::Entries { activity, .. } | IndicatorOf::Covered { activity } => (first(activity), ""),
        IndicatorOf::Outputs { output, .. } => ("", first(output)),
        IndicatorOf::Ratio { numerator, .. } if depth == 0 => {
            programme.indicator(numerator).map_or(("", ""), |part| sources(programme, &part.of, 1))
        }
        _ => ("", ""),
    }
}

impl WrittenFact {
    /// The fact, with what an example may leave out: confirmed, one helper, the quantity that the measure gives.
    fn fact(&self, programme: &Programme, activity: &str, at: usize) -> Option<EntryFact> {
        let activity = self.activity.as_deref().unwrap_or(activity);
        let period = span(&self.days)?;
        let disputed_days = self.disputed.as_deref().and_then(span);
        let state = self.state.unwrap_or(EntryState::Confirmed);
        let claimed =
            self.quantity.unwrap_or_else(|| match programme.activity(activity).map(|a| a.measure) {
                Some(Measure::Days) => period.days(),
                _ => 1,
            });
        let held = match (state, disputed_days) {
            (EntryState::Confirmed, _) => claimed,
            (EntryState::Part, Some(hole)) => claimed - period.intersect(hole).map_or(0, Period::days),
            _ => 0,
        };
        Some(EntryFact {
            id: (at + 1).to_string(),
            activity: activity.to_owned(),
            helpers: self.helpers.clone().unwrap_or_else(|| vec![HELPER.to_owned()]),
            county_school: self.school.clone().unwrap_or_else(|| SCHOOL.to_owned()),
            period,
            state,
            claimed,
            confirmed: self.confirmed.unwrap_or(held),
            disputed_days,
            post: self.post,
            parts: self
                .parts
                .iter()
                .map(|(helper, post)| HelperPart { helper: helper.clone(), post: Some(*post) })
                .collect(),
            roster: self.roster.clone(),
            repeated: self.repeated,
            fields: self.fields.clone(),
        })
    }
}

impl WrittenOutput {
    /// The output: confirmed, one of it, of the one school that is meant.
    fn fact(&self, output: &str, at: usize) -> OutputFact {
        OutputFact {
            id: (at + 1).to_string(),
            output: self.output.as_deref().unwrap_or(output).to_owned(),
            org: self.org.clone().unwrap_or_else(|| ORG.to_owned()),
            county_school: Some(self.school.clone().unwrap_or_else(|| SCHOOL.to_owned())),
            helpers: self.helpers.clone(),
            state: self.state.unwrap_or(EntryState::Confirmed),
            quantity: self.quantity.unwrap_or(1),
            achieved: self.achieved,
            project: self.project.clone(),
            stages: self.stages.clone(),
            receipts: self.receipts.clone(),
            agreed: self.agreed,
            earlier: self.earlier.clone(),
            fields: self.fields.clone(),
        }
    }
}

impl WrittenProfile {
    fn fact(&self, at: usize) -> ProfileFact {
        let last = Period::year(self.year).map(|year| year.to);
        ProfileFact {
            id: (at + 1).to_string(),
            school: self.school.clone().unwrap_or_else(|| SCHOOL.to_owned()),
            year: self.year,
            state: self.state.unwrap_or(ProfileState::Accepted),
            on: self.on.or(last).unwrap_or(Date::MIN),
            values: values(&self.values),
        }
    }
}

pub(super) fn values(written: &BTreeMap<String, WrittenValue>) -> Values {
    written.iter().map(|(id, value)| (id.clone(), value.known())).collect()
}

impl WrittenValue {
    fn known(self) -> Reported<i64> {
        match self {
            Self::Number(value) => Reported::Value(value),
            Self::Absent(Absent::Unknown) => Reported::NotReported,
            Self::Absent(Absent::NotApplicable) => Reported::NotApplicable,
        }
    }
}

impl WrittenState {
    /// What is known of the school. Its standing to each standard follows from its profile unless it is said.
    pub fn state(&self, programme: &Programme) -> SchoolState {
        let given = values(&self.profile);
        let mut attained: BTreeMap<String, bool> = programme
            .standards
            .iter()
            .filter_map(|standard| match attainment(programme, standard, &given, &[], standard.from).state {
                Attained::Met => Some((standard.id.clone(), true)),
                Attained::NotMet => Some((standard.id.clone(), false)),
                Attained::Unknown => None,
            })
            .collect();
        attained.extend(self.attained.clone());
        SchoolState {
            level: self.level.clone(),
            typical: self.typical,
            profile: with_derived(programme, &given),
            attained,
            outputs: self.outputs.clone(),
            figures: values(&self.figures),
        }
    }
}

/// The pairings of the example; a clock's helper is the lead of 县校.
pub(super) fn pairings(example: &Written) -> Vec<PairingFact> {
    let helper = example.helper.as_deref().unwrap_or(HELPER);
    let pairing =
        |school: &str, from: Date, to: Option<Date>, signed: Option<Date>, planned: Option<Date>| {
            PairingFact {
                helper: helper.to_owned(),
                party: PairingRole::Lead,
                county_school: school.to_owned(),
                from,
                to,
                signed,
                planned,
            }
        };
    let of_schools = example.pairings.iter().map(|p| pairing(&p.school, p.from, p.to, p.signed, p.planned));
    let of_clock = example
        .paired
        .iter()
        .filter_map(|days| Some(pairing(SCHOOL, *days.first()?, days.get(1).copied(), None, None)));
    of_schools.chain(of_clock).collect()
}
