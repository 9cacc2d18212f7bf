//! From the files of a programme directory to a [`Programme`], or to everything that is wrong with them.

use crate::access::{Access, Grant, NameRules, Release, Role, SecondFactor};
use crate::allocations::AllocationRule;
use crate::assessments::AssessmentScheme;
use crate::calendar::Calendar;
use crate::check::{self, ForbiddenWords, InnocentWords};
use crate::commendations::CommendationRules;
use crate::doc::{Doc, Item, source, text_at};
use crate::example::Written;
use crate::exchanges::Exchange;
use crate::fields::Burden;
use crate::forms::{HandForm, KnownElement};
use crate::funding::FundingRules;
use crate::jobs::JobRules;
use crate::majors::MajorRules;
use crate::map::DivisionMap;
use crate::matching::{Component, MatchingRules};
use crate::meetings::MeetingKind;
use crate::model::{Activity, Clause, Forbidden, Indicator, Meta, Obligation, Programme, Target, Task};
use crate::notices::Notices;
use crate::outputs::{Application, Duty, Output};
use crate::paperwork::{PlanTemplate, ProjectRules};
use crate::problem::Problem;
use crate::profile::{Element, ProfileForm, Standard, Threshold};
use crate::relations::FieldRelation;
use crate::resources::ResourceRules;
use crate::spot_checks::SpotChecks;
use jiedui_kernel::{Date, Workdays, hex};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const ACCESS: &str = "access.toml";
const MAP: &str = "map.toml";
const REQUIRED: [&str; 9] = [
    "programme.toml",
    "calendar/workdays.toml",
    "clauses.toml",
    "targets.toml",
    "plans.toml",
    "profile.toml",
    "forms.toml",
    "matching.toml",
    ACCESS,
];

/// Everything that was read, with its places, before it is checked.
#[derive(Default)]
pub(crate) struct RawProgramme<'t> {
    pub meta: Option<Item<'t, Meta>>,
    pub calendar: Option<Item<'t, Calendar>>,
    pub years: Vec<Item<'t, WorkYear>>,
    pub tasks: Set<'t, Task>,
    pub clauses: Set<'t, Clause>,
    pub targets: Set<'t, Target>,
    pub activities: Set<'t, Activity>,
    pub indicators: Set<'t, Indicator>,
    pub obligations: Set<'t, Obligation>,
    pub burden: Option<Item<'t, Burden>>,
    pub notices: Option<Item<'t, Notices>>,
    pub spot_checks: Option<Item<'t, SpotChecks>>,
    pub outputs: Set<'t, Output>,
    pub applications: Set<'t, Application>,
    pub duties: Set<'t, Duty>,
    pub meetings: Set<'t, MeetingKind>,
    pub profile: Option<Item<'t, ProfileForm>>,
    pub elements: Set<'t, Element>,
    pub relations: Set<'t, FieldRelation>,
    pub standards: Set<'t, Standard>,
    pub thresholds: Set<'t, Threshold>,
    pub forms: Set<'t, HandForm>,
    /// What fields may be, and where the system has it.
    pub known: Set<'t, KnownElement>,
    pub projects: Option<Item<'t, ProjectRules>>,
    pub templates: Set<'t, PlanTemplate>,
    pub matching: Option<Item<'t, MatchingRules>>,
    pub components: Set<'t, Component>,
    pub majors: Option<Item<'t, MajorRules>>,
    pub allocations: Set<'t, AllocationRule>,
    pub assessments: Set<'t, AssessmentScheme>,
    pub funding: Option<Item<'t, FundingRules>>,
    pub resources: Option<Item<'t, ResourceRules>>,
    pub jobs: Option<Item<'t, JobRules>>,
    pub exchanges: Set<'t, Exchange>,
    pub commendations: Option<Item<'t, CommendationRules>>,
    pub map: Option<Item<'t, DivisionMap>>,
    pub roles: Set<'t, Role>,
    pub grants: Vec<Item<'t, Grant>>,
    pub releases: Vec<Item<'t, Release>>,
    pub names: Option<Item<'t, NameRules>>,
    pub second_factor: Option<Item<'t, SecondFactor>>,
    pub forbidden: Vec<Item<'t, ForbiddenWords>>,
    pub innocent: Option<Item<'t, InnocentWords>>,
    pub examples: Vec<Item<'t, Written>>,
    /// The file in which each thing stands, by `kind:id`.
    pub files: BTreeMap<String, String>,
}

/// One `[[year]]` of `calendar/workdays.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkYear {
    pub year: i32,
    pub holidays: Vec<Date>,
    pub makeup: Vec<Date>,
    /// False where the arrangement is still to come, and only what the law fixes is listed.
    #[serde(default = "crate::fields::yes")]
    pub published: bool,
}

/// The tables of one kind. `ids` also holds those that could not be read, so that one mistake is not reported again
/// at every place that refers to it.
pub(crate) struct Set<'t, T> {
    pub items: Vec<Item<'t, T>>,
    pub ids: BTreeSet<String>,
}

impl<T> Default for Set<'_, T> {
    fn default() -> Self {
        Self { items: Vec::new(), ids: BTreeSet::new() }
    }
}

impl<T> Set<'_, T> {
    fn into_values(self) -> Vec<T> {
        self.items.into_iter().map(|item| item.value).collect()
    }
}

/// Reads and checks a programme. Keys are file names relative to the programme directory, values their text. Only
/// `.toml` files belong to it: notes and register data may lie beside them.
///
/// # Errors
/// Every problem that was found, in the order of files and lines; never an empty list.
pub fn load(files: &BTreeMap<String, String>) -> Result<Programme, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut docs = Vec::new();
    for (file, text) in files.iter().filter(|(file, _)| sections(file).is_some()) {
        docs.extend(Doc::parse(file, text, &mut problems));
    }
    for file in REQUIRED.iter().filter(|file| !files.contains_key(**file)) {
        problems.push(Problem::new(&source(file, ""), 0..0, format!("缺少文件“{file}”"), "请补上这个文件"));
    }
    // References into a file that is absent or broken would all look wrong: they are judged once it can be read.
    let complete = problems.is_empty();
    for file in files.keys().filter(|file| sections(file).is_none() && file.ends_with(".toml")) {
        let message = format!("方案目录里不应有文件“{file}”");
        let help = "任务写在 tasks/*.toml，保障写在 safeguards/*.toml，授权写在 access/*.toml";
        problems.push(Problem::new(&source(file, ""), 0..0, message, help));
    }
    let plan = read(&docs, &mut problems);
    let whole = problems.is_empty();
    if let Some(doc) = docs.iter().find(|doc| doc.source.name() == ACCESS)
        && (plan.roles.ids.is_empty() || plan.grants.is_empty())
    {
        let help = "没有写出来的一律不可以；空的权限文件谁也用不了，请写明 [[role]] 和 [[grant]]";
        problems.push(Problem::new(&doc.source, 0..0, "权限文件没有角色或没有授权".to_owned(), help));
    }
    check::check_tables(&plan, &mut problems);
    if complete {
        check::check_references(&plan, &mut problems);
    }
    if whole {
        check::check_whole(&plan, &mut problems);
    }
    problems.sort_by(|a, b| (&a.file, a.span.start).cmp(&(&b.file, b.span.start)));
    match assemble(plan, digest(files)) {
        Some(programme) if problems.is_empty() => Ok(programme),
        _ => Err(problems),
    }
}

/// Without it the application does not start: who is where is read from it.
const DIVISIONS: &str = "registry/divisions.csv";

/// As [`load`], of all files of a programme's folder: also what is not TOML and is needed all the same.
///
/// # Errors
/// As `load`.
pub fn load_folder(files: &BTreeMap<String, String>) -> Result<Programme, Vec<Problem>> {
    let missing = files.get(DIVISIONS).is_none_or(|text| text.lines().count() < 2).then(|| {
        let message = format!("缺少区划表“{DIVISIONS}”，或表里没有区划");
        Problem::new(&source(DIVISIONS, ""), 0..0, message, "请补上本省的区划表，可从原来的方案目录复制")
    });
    match (load(files), missing) {
        (Ok(programme), None) => match unplaced(&programme, files) {
            problems if problems.is_empty() => Ok(programme),
            problems => Err(problems),
        },
        (Err(problems), None) => Err(problems),
        (Ok(_), Some(problem)) => Err(vec![problem]),
        (Err(mut problems), Some(problem)) => {
            problems.push(problem);
            Err(problems)
        }
    }
}

/// What the map lacks of the divisions, or has beyond them.
fn unplaced(programme: &Programme, files: &BTreeMap<String, String>) -> Vec<Problem> {
    let text = |file: &str| files.get(file).map_or("", String::as_str);
    let found = programme.map.as_ref();
    found.map_or_else(Vec::new, |map| check::against_divisions(map, (MAP, text(MAP)), text(DIVISIONS)))
}

/// The keys that may stand at the top of a file; `None` where there is no such file.
fn sections(file: &str) -> Option<&'static [&'static str]> {
    let toml = file.ends_with(".toml");
    match file {
        "programme.toml" => Some(&["meta", "calendar", "burden", "notices", "spot_check"]),
        "calendar/workdays.toml" => Some(&["year"]),
        "clauses.toml" => Some(&["task", "clause"]),
        "targets.toml" => Some(&["target", "indicator", "example"]),
        "plans.toml" => Some(&["projects", "template"]),
        "profile.toml" => Some(&["profile", "element", "relation"]),
        "forms.toml" => Some(&["form"]),
        "known.toml" => Some(&["known"]),
        _ if toml && file.starts_with("standards/") => Some(&["standard", "threshold", "example"]),
        "matching.toml" => Some(&["matching", "component"]),
        "majors.toml" => Some(&["majors"]),
        "allocations.toml" => Some(&["allocation", "form"]),
        "assessments.toml" => Some(&["assessment", "form"]),
        "funding.toml" => Some(&["funding", "form"]),
        "resources.toml" => Some(&["resources", "form"]),
        "jobs.toml" => Some(&["jobs", "form"]),
        "exchange.toml" => Some(&["exchange", "form"]),
        "commendations.toml" => Some(&["commendations", "form"]),
        MAP => Some(&["map"]),
        "forbidden.toml" => Some(&["forbidden", "innocent"]),
        "access.toml" => Some(&["role", "grant", "names", "second_factor", "release"]),
        _ if toml && file.starts_with("access/") => Some(&["grant"]),
        _ if toml && (file.starts_with("tasks/") || file.starts_with("safeguards/")) => Some(&[
            "activity",
            "output",
            "application",
            "indicator",
            "obligation",
            "duty",
            "meeting",
            "relation",
            "example",
        ]),
        _ => None,
    }
}

fn read<'t>(docs: &[Doc<'t>], problems: &mut Vec<Problem>) -> RawProgramme<'t> {
    let mut plan = RawProgramme::default();
    for doc in docs {
        let keys = sections(doc.source.name()).unwrap_or_default();
        doc.only(keys, problems);
        plan.files.extend(keys.iter().flat_map(|key| homes(doc, key)));
        for key in keys {
            match *key {
                "meta" => plan.meta = doc.table(key, problems),
                "calendar" => plan.calendar = doc.table(key, problems),
                "burden" => plan.burden = doc.table(key, problems),
                "notices" if doc.has(key) => plan.notices = doc.table(key, problems),
                "spot_check" if doc.has(key) => plan.spot_checks = doc.table(key, problems),
                "output" => set(doc, key, &mut plan.outputs, problems),
                "application" => set(doc, key, &mut plan.applications, problems),
                "duty" => set(doc, key, &mut plan.duties, problems),
                "meeting" => set(doc, key, &mut plan.meetings, problems),
                "profile" => plan.profile = doc.table(key, problems),
                "element" => set(doc, key, &mut plan.elements, problems),
                "relation" => set(doc, key, &mut plan.relations, problems),
                "standard" => set(doc, key, &mut plan.standards, problems),
                "threshold" => set(doc, key, &mut plan.thresholds, problems),
                "form" => set(doc, key, &mut plan.forms, problems),
                "known" => set(doc, key, &mut plan.known, problems),
                "projects" => plan.projects = doc.table(key, problems),
                "template" => set(doc, key, &mut plan.templates, problems),
                "matching" => plan.matching = doc.table(key, problems),
                "component" => set(doc, key, &mut plan.components, problems),
                "majors" => plan.majors = doc.table(key, problems),
                "allocation" => set(doc, key, &mut plan.allocations, problems),
                "assessment" => set(doc, key, &mut plan.assessments, problems),
                "funding" => plan.funding = doc.table(key, problems),
                "exchange" => set(doc, key, &mut plan.exchanges, problems),
                "resources" if doc.has(key) => plan.resources = doc.table(key, problems),
                "jobs" if doc.has(key) => plan.jobs = doc.table(key, problems),
                "commendations" if doc.has(key) => plan.commendations = doc.table(key, problems),
                "map" => plan.map = doc.table(key, problems),
                "year" => list(doc, key, &mut plan.years, problems),
                "task" => set(doc, key, &mut plan.tasks, problems),
                "clause" => set(doc, key, &mut plan.clauses, problems),
                "target" => set(doc, key, &mut plan.targets, problems),
                "activity" => set(doc, key, &mut plan.activities, problems),
                "indicator" => set(doc, key, &mut plan.indicators, problems),
                "obligation" => set(doc, key, &mut plan.obligations, problems),
                "role" => set(doc, key, &mut plan.roles, problems),
                "forbidden" => list(doc, key, &mut plan.forbidden, problems),
                "innocent" if doc.has(key) => plan.innocent = doc.table(key, problems),
                "grant" => list(doc, key, &mut plan.grants, problems),
                "release" => list(doc, key, &mut plan.releases, problems),
                "names" if doc.has(key) => plan.names = doc.table(key, problems),
                "second_factor" if doc.has(key) => plan.second_factor = doc.table(key, problems),
                "names" | "second_factor" | "innocent" | "notices" | "spot_check" | "resources" | "jobs"
                | "commendations" => {}
                _ => list(doc, key, &mut plan.examples, problems),
            }
        }
    }
    plan
}

/// In which file each thing of a section stands.
fn homes(doc: &Doc<'_>, key: &str) -> Vec<(String, String)> {
    let tables = doc.tables(key, &mut Vec::new());
    let ids = tables.into_iter().filter_map(|node| text_at(node, "id"));
    ids.map(|(id, _)| (format!("{key}:{id}"), doc.source.name().to_owned())).collect()
}

fn list<'t, T: DeserializeOwned>(
    doc: &Doc<'t>,
    key: &str,
    into: &mut Vec<Item<'t, T>>,
    problems: &mut Vec<Problem>,
) {
    for node in doc.tables(key, problems) {
        into.extend(doc.read(node, problems));
    }
}

/// As `list`, for tables with an `id` that must be the only one of its kind in the whole programme.
fn set<'t, T: DeserializeOwned>(
    doc: &Doc<'t>,
    key: &str,
    into: &mut Set<'t, T>,
    problems: &mut Vec<Problem>,
) {
    for node in doc.tables(key, problems) {
        if let Some((id, span)) = text_at(node, "id")
            && !into.ids.insert(id.to_owned())
        {
            let message = format!("编号“{id}”重复");
            problems.push(Problem::new(
                &doc.source,
                span,
                message,
                format!("同类 [[{key}]] 的编号不能相同，请换一个"),
            ));
        }
        into.items.extend(doc.read(node, problems));
    }
}

fn assemble(plan: RawProgramme<'_>, digest: String) -> Option<Programme> {
    let mut workdays = Workdays::default();
    for year in &plan.years {
        workdays.holidays.extend(&year.value.holidays);
        workdays.makeup.extend(&year.value.makeup);
        workdays.published.extend(year.value.published.then_some(year.value.year));
    }
    let examples = crate::example::gather(plan.examples, &plan.components.items, &plan.allocations.items);
    Some(Programme {
        meta: plan.meta?.value,
        calendar: Calendar { workdays, ..plan.calendar?.value },
        examples,
        tasks: plan.tasks.into_values(),
        clauses: plan.clauses.into_values(),
        targets: plan.targets.into_values(),
        activities: plan.activities.into_values(),
        indicators: plan.indicators.into_values(),
        obligations: plan.obligations.into_values(),
        outputs: plan.outputs.into_values(),
        applications: plan.applications.into_values(),
        duties: plan.duties.into_values(),
        meetings: plan.meetings.into_values(),
        profile: plan.profile?.value,
        elements: plan.elements.into_values(),
        relations: plan.relations.into_values(),
        standards: plan.standards.into_values(),
        thresholds: plan.thresholds.into_values(),
        burden: plan.burden?.value,
        notices: plan.notices.map(|item| item.value).unwrap_or_default(),
        spot_checks: plan.spot_checks.map(|item| item.value),
        forms: plan.forms.into_values(),
        known: plan.known.into_values(),
        projects: plan.projects?.value,
        templates: plan.templates.into_values(),
        matching: MatchingRules { components: plan.components.into_values(), ..plan.matching?.value },
        majors: plan.majors.map(placed),
        allocations: plan.allocations.into_values(),
        assessments: plan.assessments.into_values(),
        funding: plan.funding.map(|item| item.value),
        resources: plan.resources.map(|item| item.value),
        jobs: plan.jobs.map(|item| item.value),
        exchanges: plan.exchanges.into_values(),
        commendations: plan.commendations.map(|item| item.value),
        map: plan.map.map(|item| item.value),
        access: Access {
            roles: plan.roles.into_values(),
            grants: plan.grants.into_iter().map(|item| item.value).collect(),
            names: plan.names.map(|item| item.value).unwrap_or_default(),
            second_factor: plan.second_factor.map(|item| item.value).unwrap_or_default(),
            releases: plan.releases.into_iter().map(|item| item.value).collect(),
        },
        forbidden: forbidden(plan.forbidden, plan.innocent),
        files: plan.files,
        digest,
    })
}

fn forbidden(words: Vec<Item<'_, ForbiddenWords>>, innocent: Option<Item<'_, InnocentWords>>) -> Forbidden {
    let terms = words.into_iter().flat_map(|item| {
        let ForbiddenWords { rule, words, scored_only } = item.value;
        let only = if scored_only { "，只限计分" } else { "" };
        words.into_iter().map(move |word| format!("{word}（{rule}{only}）"))
    });
    Forbidden { terms: terms.collect(), innocent: innocent.map(|item| item.value.words).unwrap_or_default() }
}

/// The rules of majors, each example with the place where it says what it expects.
fn placed(item: Item<'_, MajorRules>) -> MajorRules {
    let place = |at: usize| item.problem(&format!("example.{at}.expect"), "", "");
    let places: Vec<Problem> = (0..item.value.examples.len()).map(place).collect();
    let mut rules = item.value;
    for (example, place) in rules.examples.iter_mut().zip(places) {
        example.place = Some(place);
    }
    rules
}

/// SHA-256 over names and texts in the order of names; lengths keep one file from running into the next.
fn digest(files: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for part in files.iter().filter(|(file, _)| file.ends_with(".toml")).flat_map(|(file, text)| [file, text])
    {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(hash.finalize())
}
