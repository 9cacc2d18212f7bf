//! What the programme says of each sentence of the plan: something serves every one of them, nothing asks for much, and
//! the standards judge only by what was checked.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::Unit;
use jiedui_programme::{Checked, IndicatorOf, Measure, OutputKind, Programme, Side, load};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| load(&common::files()).unwrap());

/// Every sentence that something in the programme serves, with its ids.
fn served() -> BTreeMap<String, Vec<String>> {
    let p = &*PROGRAMME;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |clauses: &[String], id: &str| {
        for clause in clauses {
            found.entry(clause.clone()).or_default().push(id.to_owned());
        }
    };
    p.activities.iter().for_each(|one| add(&one.clauses, &one.id));
    p.outputs.iter().for_each(|one| add(&one.clauses, &one.id));
    p.applications.iter().for_each(|one| add(&one.clauses, &one.id));
    p.standards.iter().for_each(|one| add(&one.clauses, &one.id));
    p.templates.iter().for_each(|one| add(&one.clauses, &one.id));
    add(std::slice::from_ref(&p.projects.clause), "projects");
    add(&p.profile.clauses, "profile");
    p.obligations.iter().for_each(|one| add(std::slice::from_ref(&one.clause), &one.id));
    p.duties.iter().for_each(|one| add(std::slice::from_ref(&one.clause), &one.id));
    found
}

#[test]
fn every_sentence_of_the_tasks_and_safeguards_is_served() {
    let served = served();
    let bare: Vec<&str> = PROGRAMME
        .clauses
        .iter()
        .map(|clause| clause.id.as_str())
        .filter(|id| !id.starts_with('G') && !served.contains_key(*id))
        .collect();
    assert_eq!(bare, Vec::<&str>::new());
}

#[test]
fn every_thing_that_counts_is_counted_by_an_indicator() {
    let mut counted = BTreeSet::new();
    for indicator in &PROGRAMME.indicators {
        match &indicator.of {
            IndicatorOf::Entries { activity, .. } | IndicatorOf::Covered { activity } => {
                counted.extend(activity)
            }
            IndicatorOf::Outputs { output, .. } => counted.extend(output),
            _ => {}
        }
    }
    let activities = PROGRAMME.activities.iter().map(|one| &one.id);
    let outputs = PROGRAMME.outputs.iter().filter(|one| one.kind != OutputKind::Record).map(|one| &one.id);
    let bare: Vec<&String> = activities.chain(outputs).filter(|id| !counted.contains(id)).collect();
    assert_eq!(bare, Vec::<&String>::new());
}

#[test]
fn what_is_only_recorded_carries_no_figure() {
    let records: BTreeSet<&str> = PROGRAMME
        .outputs
        .iter()
        .filter(|one| one.kind == OutputKind::Record)
        .map(|one| one.id.as_str())
        .collect();
    for id in
        ["publicity", "exchange", "commendation", "quarterly-meeting", "monthly-dispatch", "leading-group"]
    {
        assert!(records.contains(id), "{id} is a record");
    }
    for indicator in &PROGRAMME.indicators {
        if let IndicatorOf::Outputs { output, .. } = &indicator.of {
            assert!(!output.iter().any(|id| records.contains(id.as_str())), "{}", indicator.id);
        }
    }
}

#[test]
fn forms_ask_for_little() {
    let forms = PROGRAMME
        .activities
        .iter()
        .map(|one| (&one.id, &one.fields, one.minutes))
        .chain(PROGRAMME.outputs.iter().map(|one| (&one.id, &one.fields, one.minutes)))
        .chain(PROGRAMME.applications.iter().map(|one| (&one.id, &one.fields, one.minutes)));
    for (id, fields, minutes) in forms {
        let asked = fields.iter().filter(|field| field.sunset.is_none());
        // Of a form with kinds, what is asked for one of them.
        let kinds = asked.clone().flat_map(|field| field.when.iter().flat_map(|when| when.is.iter()));
        for kind in kinds.map(String::as_str).chain([""]) {
            let of_kind =
                asked.clone().filter(|field| field.when.as_ref().is_none_or(|when| when.takes(kind)));
            assert!(of_kind.count() <= 4, "{id} asks much of {kind:?}");
        }
        assert!((1..=5).contains(&minutes), "{id} takes {minutes} minutes");
    }
}

#[test]
fn one_word_of_the_plan_has_no_definition_yet() {
    let bare: Vec<&str> = PROGRAMME
        .activities
        .iter()
        .filter(|one| !one.definition_issued)
        .map(|one| one.id.as_str())
        .chain(PROGRAMME.outputs.iter().filter(|one| !one.definition_issued).map(|one| one.id.as_str()))
        .collect();
    assert_eq!(bare, ["skill-trainees"]);
}

#[test]
fn every_target_is_measured_and_says_which_rate_it_means() {
    for target in PROGRAMME.targets.iter().filter(|target| target.aim.measured()) {
        let indicator = PROGRAMME.indicator(target.indicator.as_deref().unwrap()).unwrap();
        assert_eq!(indicator.unit, target.unit, "{}", target.id);
    }
    for id in ["employment-2025", "employment-2027"] {
        let target = PROGRAMME.targets.iter().find(|target| target.id == id).unwrap();
        assert_eq!(target.indicator.as_deref(), Some("employment-with-study"));
        assert!(target.basis.contains("暂按含升学"), "{}", target.basis);
    }
    let without = PROGRAMME.indicator("employment-without-study").unwrap();
    assert!(
        matches!(&without.of, IndicatorOf::Ratio { numerator, .. } if numerator == "employed-without-study")
    );
}

#[test]
fn only_checked_thresholds_of_the_country_judge() {
    for threshold in PROGRAMME.thresholds.iter().filter(|threshold| threshold.usable) {
        assert_eq!(threshold.status, Checked::Checked, "{}", threshold.id);
        assert_eq!(threshold.jurisdiction, "全国", "{}", threshold.id);
        assert!(threshold.source.starts_with("http"), "{}", threshold.id);
        assert!(!threshold.quote.is_empty(), "{}", threshold.id);
        assert!(threshold.element.is_some() && threshold.at_least.is_some(), "{}", threshold.id);
    }
    let of = |standard: &str| {
        let own = PROGRAMME.thresholds.iter().filter(|one| one.standard == standard);
        let usable = own.clone().filter(|one| one.usable).count();
        (own.count(), usable)
    };
    assert_eq!(of("technical-school"), (18, 9));
    assert_eq!(of("senior-technical-school"), (7, 2));
    assert_eq!(of("technician-college"), (14, 7));
    assert_eq!(of("monitoring-2022"), (3, 3));
    assert_eq!(of("provincial-key-liaoning"), (5, 0));
}

#[test]
fn the_ladder_leads_from_every_level_to_the_next() {
    let day = "2026-11-24".parse().unwrap();
    for level in ["技工学校", "省重点技工学校", "国家级重点技工学校"] {
        let own = PROGRAMME.standard_of(level, day).unwrap();
        assert_eq!(own.id, "technical-school", "{level}");
        assert_eq!(PROGRAMME.next_standard(own, day).unwrap().id, "senior-technical-school");
    }
    let senior = PROGRAMME.standard_of("高级技工学校", day).unwrap();
    let top = PROGRAMME.next_standard(senior, day).unwrap();
    assert_eq!(top.id, "technician-college");
    assert!(PROGRAMME.next_standard(top, day).is_none());
}

/// The message of the only problem after replacing the first `old` of the year-profile.
#[track_caller]
fn refused(old: &str, new: &str) -> String {
    let mut files = common::files();
    let text = files.get_mut("profile.toml").unwrap();
    assert!(text.contains(old), "{old}");
    *text = text.replacen(old, new, 1);
    let problems = load(&files).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].message.clone()
}

#[test]
fn persons_and_person_times_come_together_only_as_the_training_scale() {
    let scale = PROGRAMME.element("training_scale").unwrap();
    assert_eq!(scale.unit, Unit::TrainingScale);
    let parts = "of = [\"students\", \"year_training\"]";
    assert!(refused(parts, "of = [\"students\", \"land_area\"]").contains("培养规模里有平方米"));
    assert!(
        refused(parts, "of = [\"students\", \"year_training\"], by = \"students\"")
            .contains("培养规模不再除以什么")
    );
    let sum = "of = [\"teachers_full_time\", \"teachers_part_time\"]";
    let mixed = "of = [\"teachers_full_time\", \"senior_training\"]";
    assert!(refused(sum, mixed).contains("把人与人次相加"));
}

#[test]
fn a_definition_says_what_is_counted() {
    for programme in [&*PROGRAMME, &load(&common::files_of("sample-2027")).unwrap()] {
        for one in &programme.indicators {
            let (id, said) = (&one.id, format!("{}：{}", one.name, one.definition));
            match &one.of {
                // What colleges record of themselves is no county school's.
                IndicatorOf::Outputs { output, .. } => {
                    let own = |id: &String| &programme.output(id).unwrap().own;
                    let colleges = output.iter().any(|id| own(id).contains(&Side::Lead));
                    assert!(!colleges || said.contains("协作院校"), "{id} counts colleges: {said}");
                    let bureaus = output.iter().any(|id| own(id).contains(&Side::County));
                    let kind = output.iter().map(|id| programme.output(id).unwrap());
                    let filtered = kind.flat_map(|kind| &kind.fields).any(|field| field.id == "kind");
                    assert!(!bureaus || said.contains("县局") || filtered, "{id} counts bureaus: {said}");
                }
                // Days count where they lie.
                IndicatorOf::Entries { activity, field: None, .. } => {
                    let days = |id: &String| programme.activity(id).unwrap().measure == Measure::Days;
                    let lie = said.contains("落在统计期内的天数") && !said.contains("结束日落在");
                    assert!(!activity.iter().any(days) || lie, "{id} counts days: {said}");
                }
                IndicatorOf::Ratio { denominator, .. } => {
                    let below = &programme.indicator(denominator).unwrap().of;
                    let asked = matches!(below, IndicatorOf::Profile { .. });
                    assert!(!asked || said.contains("只算"), "{id} is taken over those who answered: {said}");
                }
                _ => {}
            }
        }
    }
    let one = |id: &str| PROGRAMME.indicator(id).unwrap();
    assert!(!one("recruitment-users").name.contains("县级"), "T12.1 says 县级及以上");
    let filed = PROGRAMME.output("evaluation-body").unwrap();
    assert!(
        filed.own.is_empty() && !filed.recorded_by.contains(&Side::Lead),
        "T10.2 says 县级院校、县域企业"
    );
}
