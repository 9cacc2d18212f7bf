//! What carries each sentence of the plan: things of the programme by their kind, and the mechanisms that are written by
//! hand. The pages of the sentences and the table in docs/sentences.md are made from this; tests keep it true.

use jiedui_programme::{PartnerSide, Programme};

/// A kind of carrier: what it is called, where its code is, and the test that walks it.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    pub word: &'static str,
    /// Folder under `crates/jiedui/src`.
    pub folder: &'static str,
    /// Test file under `crates/jiedui/src`, and the function.
    pub test: (&'static str, &'static str),
}

const fn kind(word: &'static str, folder: &'static str, file: &'static str, test: &'static str) -> Kind {
    Kind { word, folder, test: (file, test) }
}

const WALK: &str = "tests/walk.rs";

pub const ACTIVITY: Kind =
    kind("台账事项", "evidence/ledger", WALK, "every_activity_is_claimed_confirmed_counted_and_opened");
pub const OUTPUT: Kind = kind(
    "建设成果",
    "evidence/outputs",
    "evidence/outputs/tests.rs",
    "every_type_of_the_programme_goes_its_way",
);
pub const APPLICATION: Kind = kind(
    "申报",
    "standing/applications",
    "standing/applications/tests.rs",
    "every_application_of_the_programme_goes_its_way",
);
pub const INDICATOR: Kind = kind("指标", "standing/indicators", WALK, "every_indicator_and_target_opens");
pub const TARGET: Kind = kind("目标", "standing/indicators", WALK, "every_indicator_and_target_opens");
pub const OBLIGATION: Kind = kind(
    "履职要求",
    "standing/obligations",
    "tests/thread.rs",
    "a_confirmed_visit_moves_the_clock_and_the_figure",
);
pub const DUTY: Kind =
    kind("组织责任", "standing/duties", "standing/duties/tests.rs", "a_record_fulfils_a_duty");
pub const STANDARD: Kind = kind(
    "设置标准",
    "standing/standards",
    "standing/standards/tests.rs",
    "a_school_attains_by_what_was_accepted",
);
pub const PROFILE: Kind = kind(
    "年度基本情况",
    "evidence/profiles",
    "evidence/profiles/tests.rs",
    "told_by_the_school_and_accepted_by_its_bureau",
);
pub const TEMPLATE: Kind = kind(
    "协作方案与达标方案",
    "planning/school_plans",
    "planning/school_plans/tests.rs",
    "a_plan_is_in_force_when_all_have_agreed",
);
pub const COMPONENT: Kind = kind(
    "匹配分项",
    "planning/matching",
    "planning/matching/tests.rs",
    "a_scenario_is_solved_proven_and_can_be_checked_by_anybody",
);
const TYPICAL: Kind =
    kind("典型县筛选", "network/registry", WALK, "typical_counties_are_a_filter_everywhere");
const PROJECTS: Kind = kind(
    "协作项目",
    "planning/projects",
    "planning/projects/tests.rs",
    "a_project_moves_with_the_entries_that_name_it",
);
const FILING: Kind = kind(
    "项目清单",
    "planning/projects",
    "planning/projects/tests.rs",
    "a_list_is_drafted_agreed_commented_and_filed",
);
const AGREEMENTS: Kind = kind(
    "三方协议",
    "network/agreements",
    "network/agreements/tests.rs",
    "an_agreement_counts_as_signed_after_all_three",
);
const MATCHING: Kind = kind(
    "结对测算",
    "planning/matching",
    "planning/matching/tests.rs",
    "publishing_makes_the_pairings_and_freezes_the_scenario",
);
const LINEAGE: Kind = kind(
    "院校沿革",
    "network/registry",
    "network/import/tests.rs",
    "a_school_elsewhere_asks_for_lineage_and_moves_with_it",
);
const MAJORS: Kind =
    kind("专业布局", "evidence/majors", "evidence/majors/tests.rs", "figures_of_both_sides_become_advice");

/// Mechanisms that carry a sentence without a thing of the programme: sentence, kind, name, page.
const BY_HAND: [(&str, &Kind, &str, &str); 9] = [
    ("G0.1", &MATCHING, "按需求匹配、可核验的结对测算", "/matching/results"),
    ("G0.2", &PROJECTS, "按年度的协作项目", "/projects?year=all"),
    ("G0.3", &TYPICAL, "各类清单和指标都能只看典型县", "/pairings?typical=typical"),
    ("G1.1", &MATCHING, "结对测算", "/matching/results"),
    ("G1.2", &AGREEMENTS, "三方协议", "/pairings"),
    ("T1.2", &LINEAGE, "合并、更名、改隶", "/registry"),
    ("T5.2", &MAJORS, "专业供需和增减建议", "/majors"),
    ("S4.1", &FILING, "年度清单与备案", "/lists"),
    ("S4.2", &PROJECTS, "特色亮点项目", "/projects?year=all"),
];

/// What is still to come for a sentence; its facts are recorded already where there are carriers.
const LATER: [(&str, &str); 19] = [
    ("T1.3", "资金安排"),
    ("T4.6", "名额倾斜分配"),
    ("T4.7", "协作工作证明"),
    ("T5.5", "资源库"),
    ("T5.6", "名额倾斜分配"),
    ("T7.4", "名额倾斜分配"),
    ("T9.3", "经费台账"),
    ("T11.3", "远程平台对接"),
    ("T12.1", "招聘系统对接"),
    ("T12.2", "岗位与毕业生供需"),
    ("T12.4", "名额倾斜分配"),
    ("S1.3", "月调度与季会议材料"),
    ("S2.1", "经费台账"),
    ("S2.2", "经费台账"),
    ("S2.3", "经费台账"),
    ("S3.3", "案例库"),
    ("S3.4", "通报表扬"),
    ("S4.3", "考核方案"),
    ("S4.4", "荣誉和资金倾斜"),
];

/// One thing that carries a sentence.
#[derive(Debug)]
pub struct Carrier {
    pub kind: &'static Kind,
    /// Id in the programme; "" for what is written by hand.
    pub id: String,
    pub name: String,
    /// File of the programme; "" for what is written by hand.
    pub file: String,
    /// Where it is seen.
    pub href: String,
}

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Built,
    /// What carries it is there; this is still to come.
    Part(&'static str),
    /// It is not built: this is to come.
    NotYet(&'static str),
}

/// Everything that carries a sentence, things of the programme first.
pub fn carriers(programme: &Programme, clause: &str) -> Vec<Carrier> {
    let mut found = things(programme, clause);
    found.extend(rules(programme, clause));
    let by_hand = BY_HAND.iter().filter(|(of, ..)| *of == clause);
    found.extend(by_hand.map(|(_, kind, name, href)| Carrier {
        kind,
        id: String::new(),
        name: (*name).to_owned(),
        file: String::new(),
        href: (*href).to_owned(),
    }));
    found
}

/// How far a sentence is carried: by something that measures or holds it, not by a target alone.
pub fn status(programme: &Programme, clause: &str) -> Status {
    let later = LATER.iter().find(|(of, _)| *of == clause).map(|(_, what)| *what);
    let unmeasured = |one: &Carrier| {
        let target = programme.targets.iter().find(|target| target.id == one.id);
        *one.kind == TARGET && target.is_none_or(|target| target.indicator.is_none() && target.aim.measured())
    };
    let carried = carriers(programme, clause).iter().any(|one| !unmeasured(one));
    match (carried, later) {
        (true, None) => Status::Built,
        (true, Some(what)) => Status::Part(what),
        (false, Some(what)) => Status::NotYet(what),
        (false, None) => Status::NotYet("尚无落实"),
    }
}

/// Makes carriers of one section of the programme.
struct Section<'a> {
    programme: &'a Programme,
    clause: &'a str,
    found: Vec<Carrier>,
}

impl Section<'_> {
    fn add(
        &mut self,
        kind: &'static Kind,
        section: &str,
        clauses: &[String],
        id: &str,
        name: &str,
        href: String,
    ) {
        if clauses.iter().any(|one| one == self.clause) {
            let file = self.programme.files.get(&format!("{section}:{id}")).cloned().unwrap_or_default();
            self.found.push(Carrier { kind, id: id.to_owned(), name: name.to_owned(), file, href });
        }
    }
}

/// What happens and what lasts.
fn things(programme: &Programme, clause: &str) -> Vec<Carrier> {
    let mut section = Section { programme, clause, found: Vec::new() };
    for one in &programme.activities {
        let href = format!("/entries?activity={}", one.id);
        section.add(&ACTIVITY, "activity", &one.clauses, &one.id, &one.name, href);
    }
    for one in &programme.outputs {
        let href = format!("/outputs?type={}", one.id);
        section.add(&OUTPUT, "output", &one.clauses, &one.id, &one.name, href);
    }
    for one in &programme.applications {
        let href = format!("/applications?type={}", one.id);
        section.add(&APPLICATION, "application", &one.clauses, &one.id, &one.name, href);
    }
    for one in &programme.templates {
        let href = format!("/plans?template={}", one.id);
        section.add(&TEMPLATE, "template", &one.clauses, &one.id, &one.name, href);
    }
    section.found
}

/// What follows from them.
fn rules(programme: &Programme, clause: &str) -> Vec<Carrier> {
    let mut section = Section { programme, clause, found: Vec::new() };
    let one_of = |id: &String| vec![id.clone()];
    for one in &programme.obligations {
        let href = format!("/clocks?obligation={}", one.id);
        section.add(&OBLIGATION, "obligation", &one_of(&one.clause), &one.id, &one.name, href);
    }
    for one in &programme.duties {
        let href = format!("/duties?duty={}", one.id);
        section.add(&DUTY, "duty", &one_of(&one.clause), &one.id, &one.name, href);
    }
    for one in &programme.indicators {
        let href = format!("/indicators/{}", one.id);
        section.add(&INDICATOR, "indicator", &one_of(&one.clause), &one.id, &one.name, href);
    }
    for one in &programme.standards {
        section.add(&STANDARD, "standard", &one.clauses, &one.id, &one.name, "/standards".to_owned());
    }
    if programme.profile.clauses.iter().any(|of| of == clause) {
        section.found.push(Carrier {
            kind: &PROFILE,
            id: String::new(),
            name: programme.profile.name.clone(),
            file: "profile.toml".to_owned(),
            href: "/profiles".to_owned(),
        });
    }
    for one in &programme.matching.components {
        let side = match one.side {
            PartnerSide::Lead => "牵头",
            PartnerSide::Nearby => "配合",
        };
        let name = format!("{side}院校：{}", one.name);
        section.add(
            &COMPONENT,
            "component",
            &one_of(&one.clause),
            &one.id,
            &name,
            "/matching/results".to_owned(),
        );
    }
    for one in &programme.targets {
        section.add(&TARGET, "target", &one_of(&one.clause), &one.id, &one.name, "/targets".to_owned());
    }
    section.found
}
