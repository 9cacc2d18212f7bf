//! The programme: the plan as data. These types are what the rest of the house reads; they are made by `load` from the
//! TOML files of a programme directory and never changed afterwards.

use crate::calendar::Calendar;
pub use crate::changes::Aim;
use crate::fields::{Burden, Field, FieldKind, Frequency, Only, Side, yes};
pub use crate::indicators::{GivenBy, Indicator, IndicatorOf, OutputSum};
use jiedui_kernel::{Date, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Programme {
    pub meta: Meta,
    pub calendar: Calendar,
    /// Goals, tasks and safeguards of the plan, in the plan's order.
    pub tasks: Vec<Task>,
    /// Every sentence of the plan, in the plan's order.
    pub clauses: Vec<Clause>,
    pub targets: Vec<Target>,
    pub activities: Vec<Activity>,
    pub indicators: Vec<Indicator>,
    pub obligations: Vec<Obligation>,
    /// Lasting things, applications for them, and duties that a record fulfils.
    pub outputs: Vec<crate::outputs::Output>,
    pub applications: Vec<crate::outputs::Application>,
    pub duties: Vec<crate::outputs::Duty>,
    pub meetings: Vec<crate::meetings::MeetingKind>,
    /// The year-profile, and what it is held against.
    pub profile: crate::profile::ProfileForm,
    pub elements: Vec<crate::profile::Element>,
    /// What the numbers of a form have to do with each other.
    pub relations: Vec<crate::relations::FieldRelation>,
    pub standards: Vec<crate::profile::Standard>,
    pub thresholds: Vec<crate::profile::Threshold>,
    pub burden: Burden,
    /// When the system speaks to people by itself.
    pub notices: crate::notices::Notices,
    /// How many confirmed entries are looked at again; none where none are.
    pub spot_checks: Option<crate::spot_checks::SpotChecks>,
    /// Forms that are not generated, for the register.
    pub forms: Vec<crate::forms::HandForm>,
    /// What fields may be, and where the system has it already.
    pub known: Vec<crate::forms::KnownElement>,
    /// The yearly project list.
    pub projects: crate::paperwork::ProjectRules,
    /// The plans of a school.
    pub templates: Vec<crate::paperwork::PlanTemplate>,
    /// What makes a pairing a good one.
    pub matching: crate::matching::MatchingRules,
    /// From what figures on the majors of a school is advised; none where the programme gives no advice.
    pub majors: Option<crate::majors::MajorRules>,
    /// How places, teams and money are divided with a preference.
    pub allocations: Vec<crate::allocations::AllocationRule>,
    /// By what schools, pairings and cities are assessed.
    pub assessments: Vec<crate::assessments::AssessmentScheme>,
    /// By which sources money is told apart; none where the programme does not follow money.
    pub funding: Option<crate::funding::FundingRules>,
    /// What the library of teaching resources takes in; none where the programme has no library.
    pub resources: Option<crate::resources::ResourceRules>,
    /// What posts and graduates are told by; none where the programme does not put them together.
    pub jobs: Option<crate::jobs::JobRules>,
    /// Tables that go to, or come from, outside systems.
    pub exchanges: Vec<crate::exchanges::Exchange>,
    /// Whom the province commends each year; none where the programme commends nobody.
    pub commendations: Option<crate::commendations::CommendationRules>,
    /// The schematic map; none where the programme draws none.
    pub map: Option<crate::map::DivisionMap>,
    pub access: crate::access::Access,
    pub forbidden: Forbidden,
    /// Worked examples of its rules; see `run_examples`.
    pub examples: Vec<crate::example::Example>,
    /// The file in which each thing stands, by `kind:id` (`activity:visit`).
    pub files: BTreeMap<String, String>,
    /// SHA-256 of all TOML files, in the order of their names: says which programme a figure was made with.
    pub digest: String,
}

/// What burden rules forbid beside what no programme may ask for (`forbidden.toml`).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Forbidden {
    /// Each with the rule that forbids it.
    pub terms: Vec<String>,
    /// Everyday words in which one stands by chance.
    pub innocent: Vec<String>,
}

impl Programme {
    pub fn activity(&self, id: &str) -> Option<&Activity> {
        self.activities.iter().find(|activity| activity.id == id)
    }

    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    pub fn obligation(&self, id: &str) -> Option<&Obligation> {
        self.obligations.iter().find(|obligation| obligation.id == id)
    }

    /// The fields of an activity that an indicator sums or sorts by: a correction of one asks for confirmation again.
    pub fn counting_fields(&self, activity: &str) -> Vec<&str> {
        let mut fields = Vec::new();
        for indicator in &self.indicators {
            if let IndicatorOf::Entries { activity: of, field, only, answered, .. } = &indicator.of
                && of.iter().any(|id| id == activity)
            {
                fields.extend(field.as_deref());
                fields.extend(only.as_ref().map(|only| only.field.as_str()));
                fields.extend(answered.iter().map(String::as_str));
                if indicator.unit == Unit::Enterprises && field.is_none() {
                    let own = self.activity(activity).map(|one| one.fields.as_slice()).unwrap_or_default();
                    let names = own.iter().filter(|one| one.kind == FieldKind::Enterprise);
                    fields.extend(names.map(|one| one.id.as_str()));
                }
            }
        }
        fields
    }

    /// Whether some indicator counts the enterprises that entries or outputs of this kind name.
    pub fn counts_enterprises(&self, kind: &str) -> bool {
        let counts = |one: &Indicator| one.unit == Unit::Enterprises && one.of.counts_kind(kind);
        self.indicators.iter().any(counts)
    }

    /// The goal, task or safeguard to which a sentence belongs.
    pub fn task(&self, clause: &str) -> Option<&Task> {
        let (id, _) = clause.split_once('.')?;
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The task under which a thing with these sentences stands: that of the first.
    pub fn task_of(&self, clauses: &[String]) -> Option<&Task> {
        self.task(clauses.first()?)
    }

    /// Safeguards before goals and tasks: they say who owes what. Each in the order of the programme.
    pub fn safeguards_first(&self) -> impl Iterator<Item = &Task> {
        let safeguards = self.tasks.iter().filter(|task| task.is_safeguard());
        safeguards.chain(self.tasks.iter().filter(|task| !task.is_safeguard()))
    }

    /// The activities that stand under a goal, task or safeguard, in the order of the programme.
    pub fn activities_of<'a>(&'a self, task: &'a str) -> impl Iterator<Item = &'a Activity> {
        self.activities.iter().filter(move |one| self.task_of(&one.clauses).is_some_and(|of| of.id == task))
    }

    pub fn output(&self, id: &str) -> Option<&crate::outputs::Output> {
        self.outputs.iter().find(|output| output.id == id)
    }

    pub fn application(&self, id: &str) -> Option<&crate::outputs::Application> {
        self.applications.iter().find(|application| application.id == id)
    }

    pub fn element(&self, id: &str) -> Option<&crate::profile::Element> {
        self.elements.iter().find(|element| element.id == id)
    }

    pub fn standard(&self, id: &str) -> Option<&crate::profile::Standard> {
        self.standards.iter().find(|standard| standard.id == id)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    pub id: String,
    pub title: String,
    /// Short name for the page head.
    pub short: String,
    pub status: Status,
    pub version: String,
    /// Division code of the whole, e.g. 440000.
    pub division: String,
    /// Where the text comes from, in one sentence.
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A draft for comment: shown as such on every page.
    Draft,
    Final,
}

/// What a group of sentences is about: a goal, one of the tasks, one of the safeguards.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The beginning of its sentences' ids: `T4` of `T4.1`.
    pub id: String,
    /// In our words.
    pub name: String,
}

impl Task {
    /// Whether its sentences are of the plan's part on safeguards.
    pub fn is_safeguard(&self) -> bool {
        self.id.starts_with('S')
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Sentence id: `S1.4`.
    pub id: String,
    /// Where it stands in the plan: 四(一).
    pub place: String,
    /// Short title in our own words.
    pub title: String,
    /// What carries it (mission map).
    pub mechanism: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub id: String,
    pub clause: String,
    pub name: String,
    /// The year by whose end it is to be reached.
    pub year: i32,
    pub unit: Unit,
    pub aim: Aim,
    /// The indicator that measures it, where one exists already.
    pub indicator: Option<String>,
    /// Whether a yearly figure is per year or cumulative, and over which schools; shown beside the figure.
    pub basis: String,
    /// What it aims at from a later day on.
    #[serde(default, rename = "change")]
    pub changes: Vec<crate::changes::AimChange>,
}

/// One of the parties of a pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairingRole {
    /// 牵头院校.
    Lead,
    /// 配合院校.
    Nearby,
    /// 对口县级院校.
    CountySchool,
}

/// Who answers a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmer {
    CountySchool,
    /// The helper that the entry names.
    Helper,
    /// The bureau under which the county school stands.
    CountyBureau,
    /// The county school, which receives it; of what it says itself, the bureau above it.
    Receiver,
}

/// How the quantity of an entry comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Always one.
    Once,
    /// The calendar days from `from` to `to`.
    Days,
    /// A number that the claimant enters.
    Entered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Time {
    Day,
    Span,
}

/// The standing of a person at a school on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// 校长（院长）, acting ones too.
    Head,
    /// 党委书记, acting ones too.
    PartySecretary,
    /// Another member of the leadership.
    DeputyHead,
    /// 中层干部.
    MiddleManager,
    /// 骨干教师.
    BackboneTeacher,
    /// 专任教师.
    Teacher,
    /// Other staff.
    Staff,
}

impl Post {
    /// As rows and the programme's files write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::PartySecretary => "party_secretary",
            Self::DeputyHead => "deputy_head",
            Self::MiddleManager => "middle_manager",
            Self::BackboneTeacher => "backbone_teacher",
            Self::Teacher => "teacher",
            Self::Staff => "staff",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    pub id: String,
    pub name: String,
    /// What the button says: 登记调研.
    pub action: String,
    /// One sentence: what this is and what counts.
    pub about: String,
    pub clauses: Vec<String>,
    pub claimed_by: Vec<Side>,
    pub confirmed_by: Confirmer,
    pub unit: Unit,
    pub measure: Measure,
    pub time: Time,
    pub person: Option<PersonRule>,
    /// A quantity field, where `measure = "entered"`.
    #[serde(default)]
    pub quantity_label: String,
    /// Further optional fields; kept few (principle 7).
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// People of the county school who took part, by name, so that coverage can be counted by person (T4.2, G3.4).
    pub roster: Option<Roster>,
    /// The two helpers may have done it together: one entry, two providers.
    #[serde(default)]
    pub joint: bool,
    /// It is for the holidays of the school: working days of term are asked about, and not refused (T11.4).
    #[serde(default)]
    pub in_vacations: bool,
    /// It is something only as a part of a project: its form asks for one.
    #[serde(default)]
    pub of_project: bool,
    /// Further tasks whose projects it moves; those of its own sentences always.
    #[serde(default)]
    pub serves: Vec<String>,
    /// Declared cost of filling the form once, in minutes (burden register).
    pub minutes: u32,
    #[serde(default)]
    pub frequency: Frequency,
    /// False where the plan uses a word that nobody has defined yet (技培生): shown wherever the thing is.
    #[serde(default = "yes")]
    pub definition_issued: bool,
    /// A retired one: which asks for it now, and how.
    pub became: Option<Became>,
    /// What a helper has to have for it.
    pub premise: Option<Premise>,
    /// The record of a policy under which such work counts as enterprise practice in title review (T4.7). Nothing is said
    /// of it before one is in force.
    pub practice_by: Option<String>,
    /// From this day on nothing more is recorded of it; what was is read and counted as before.
    pub retired: Option<Date>,
}

impl Activity {
    /// Who answers an entry, given the option chosen in each of its fields: as an option says, else as the activity does.
    pub fn confirmer<'a>(&self, chosen: impl Fn(&str) -> Option<&'a str>) -> Confirmer {
        let said = self.fields.iter().find_map(|field| {
            let answer = chosen(&field.id)?;
            field.options.iter().find(|option| option.id == answer)?.confirmed_by
        });
        said.unwrap_or(self.confirmed_by)
    }
}

/// `[activity.premise]`: an output that the helper has of itself, in a stage that counts, on the day of the entry (T10.3:
/// a filed evaluation body). Shown, never refused: the filing may be with another office.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Premise {
    pub output: String,
    /// Only one that has chosen one of these.
    pub only: Option<Only>,
    /// Only where the entry says so.
    pub when: Option<Only>,
    /// What the page calls it: 社会培训评价组织备案.
    pub label: String,
}

/// `[activity.became]`: what a retired form is now. Forms that asked one fact came together in one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Became {
    /// The activity that asks for it now.
    pub into: String,
    /// What the old form says by being that form: options by the choice of the new one.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The number field of the new form that holds what was the quantity; its own quantity where left out.
    pub quantity: Option<String>,
}

/// Names of those who took part. Optional for the claimant; only names that are in the registry can be picked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    pub label: String,
    #[serde(default)]
    pub help: String,
    pub posts: Vec<Post>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonRule {
    pub label: String,
    /// Posts of the persons offered.
    pub offered: Vec<Post>,
    /// Posts with which an entry counts towards obligations and indicators; others are recorded only.
    pub counting: Vec<Post>,
    /// A person may have this at one school a day only.
    #[serde(default)]
    pub exclusive: bool,
    /// At whose school the person works.
    pub of: PersonOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonOf {
    Helper,
    CountySchool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    pub id: String,
    pub clause: String,
    pub name: String,
    /// What is asked, in our words, with the reading chosen.
    pub about: String,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    pub activity: String,
    pub owed_by: Vec<PairingRole>,
    pub at_least: i64,
    pub unit: Unit,
    pub every: Every,
    pub first_part: PartPeriod,
    #[serde(default = "prorated")]
    pub last_part: PartPeriod,
    /// Periods that end before this day, or after the other, are owed nothing.
    pub from: Option<Date>,
    pub to: Option<Date>,
    /// How much is owed from a later day on.
    #[serde(default, rename = "change")]
    pub changes: Vec<crate::changes::LeastChange>,
}

fn prorated() -> PartPeriod {
    PartPeriod::Prorated
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    CalendarYear,
    Semester,
}

/// What holds for a period in which the pairing began after its first day, or ended before its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartPeriod {
    Full,
    Prorated,
    Exempt,
}
