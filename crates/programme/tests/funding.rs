//! Sources of money: both programmes have some that load; what counts nothing, or a cent twice, is refused at its place.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{EntryState, FieldValue, OutputFact, Problem, Side, load};
use std::collections::BTreeMap;

const FILE: &str = "funding.toml";

/// The problems after replacing the first `old`, and the text after that.
fn after(old: &str, new: &str) -> (Vec<Problem>, String) {
    let mut files = common::files();
    let text = files.get_mut(FILE).unwrap();
    assert!(text.contains(old), "no {old}");
    *text = text.replacen(old, new, 1);
    let changed = text.clone();
    (load(&files).err().unwrap_or_default(), changed)
}

/// Refused with exactly one problem that says `message`, the caret under `caret`.
#[track_caller]
fn refuses(old: &str, new: &str, caret: &str, message: &str) {
    let (problems, text) = after(old, new);
    assert_eq!(problems.len(), 1, "{old} → {new}: {problems:?}");
    let problem = &problems[0];
    assert!(problem.message.contains(message), "{problem:?}");
    assert!(!problem.help.is_empty());
    assert_eq!((problem.file.as_str(), &text[problem.span.clone()]), (FILE, caret), "{problem:?}");
}

fn fact(output: &str, fields: &[(&str, &str)]) -> OutputFact {
    let day = "2026-03-01".parse().unwrap();
    let text = |(id, option): &(&str, &str)| ((*id).to_owned(), FieldValue::Text((*option).to_owned()));
    OutputFact {
        id: "o".to_owned(),
        output: output.to_owned(),
        org: "r".to_owned(),
        county_school: Some("s".to_owned()),
        helpers: Vec::new(),
        state: EntryState::Confirmed,
        quantity: 100,
        achieved: 0,
        project: None,
        stages: vec![("granted".to_owned(), day)],
        receipts: Vec::new(),
        agreed: 0,
        fields: fields.iter().map(text).collect(),
        earlier: Vec::new(),
    }
}

#[test]
fn both_programmes_tell_money_apart() {
    for programme in ["guangdong-2024", "sample-2027"] {
        let loaded = load(&common::files_of(programme)).unwrap();
        let rules = loaded.funding.as_ref().unwrap();
        assert!(rules.source("city").is_some() && rules.source("nothing").is_none(), "{programme}");
        assert_eq!(rules.of_budget("city").map(|source| source.id.as_str()), Some("city"));
        // Every source of a project's budget counts somewhere, so that plan and payment speak of the same money.
        assert!(
            loaded.projects.sources.iter().all(|source| rules.of_budget(&source.id).is_some()),
            "{programme}"
        );
        assert!(loaded.money_outputs().contains(",local-investment,"), "{programme}");
    }
}

#[test]
fn an_output_counts_to_the_first_source_that_takes_it() {
    let loaded = load(&common::files()).unwrap();
    let rules = loaded.funding.as_ref().unwrap();
    for (output, fields, by, source) in [
        ("support-funds", vec![("kind", "state"), ("fund", "central")], Side::Province, Some("central")),
        ("support-funds", vec![("kind", "state")], Side::Province, Some("state")),
        ("support-funds", vec![("kind", "support")], Side::City, Some("city")),
        ("support-funds", vec![], Side::Province, Some("province")),
        ("local-investment", vec![("kind", "key-project")], Side::County, Some("county")),
        ("key-project", vec![], Side::City, Some("city")),
        ("funded-project", vec![], Side::Province, Some("state")),
        ("donation", vec![("form", "equipment")], Side::CountySchool, Some("donation")),
        ("master-workshop", vec![], Side::CountySchool, None),
    ] {
        let found = rules.of_output(&loaded, &fact(output, &fields), Some(by));
        assert_eq!(found.map(|(of, _)| of.id.as_str()), source, "{output} {fields:?}");
    }
    let equipment = fact("donation", &[("form", "equipment")]);
    assert!(rules.of_output(&loaded, &equipment, Some(Side::CountySchool)).unwrap().1.in_kind);
    for id in ["key-project", "funded-project", "shared-base"] {
        assert!(loaded.money_outputs().contains(&format!(",{id},")), "{id}");
    }
    let bond = BTreeMap::from([("fund".to_owned(), FieldValue::Text("special-bond".to_owned()))]);
    let (source, _) = rules.of_application("state-funding", &bond).unwrap();
    assert_eq!(source.id, "special-bond");
    assert!(rules.of_application("state-funding", &BTreeMap::new()).is_none());
}

#[test]
fn a_source_takes_what_is_there() {
    refuses("late_after_months = 6", "late_after_months = 0", "0", "滞留月数");
    refuses("element = \"students\"", "element = \"pupils\"", "\"pupils\"", "没有编号");
    refuses("element = \"students\"", "element = \"floor_area\"", "\"floor_area\"", "不能按");
    refuses("income = \"training-income\"", "income = \"nothing\"", "\"nothing\"", "没有编号");
    refuses("budget = [\"central\"]", "budget = [\"nothing\"]", "\"nothing\"", "没有编号");
    refuses("plan_level = \"city\"", "plan_level = \"town\"", "\"town\"", "没有“town”");
    refuses(
        "output = \"local-investment\", by = [\"city\"]",
        "output = \"nothing\"",
        "\"nothing\"",
        "没有编号",
    );
    refuses(
        "output = \"local-investment\", by = [\"city\"]",
        "output = \"staff-posts\"",
        "\"staff-posts\"",
        "不是以元计",
    );
    refuses("amount = \"equipment\"", "amount = \"enterprise\"", "\"enterprise\"", "没有以元计的栏目");
    refuses("is = [\"central\"]", "is = [\"nothing\"]", "\"nothing\"", "没有选项");
    refuses("sources = [\"central\", ", "sources = [\"nothing\", ", "\"nothing\"", "没有编号");
}

#[test]
fn no_cent_counts_to_two_sources() {
    refuses("budget = [\"helper\"]", "budget = [\"school\"]", "\"school\"", "已经算进前面的来源");
    refuses("plan_level = \"county\"", "plan_level = \"city\"", "\"city\"", "已经算进前面的来源");
    let old = "{ output = \"local-investment\", by = [\"county\"], due";
    let new = "{ output = \"local-investment\", by = [\"county\", \"city\"], due";
    refuses(old, new, "\"local-investment\"", "已经算进前面的来源");
    let old = "is = [\"ultra-long\"] } }]\napplication";
    let new = "is = [\"special-bond\"] } }]\napplication";
    refuses(old, new, "\"support-funds\"", "已经算进前面的来源");
    let (problems, _) = after("id = \"ultra-long\"", "id = \"central\"");
    assert!(problems.iter().any(|one| one.message.contains("重复")), "{problems:?}");
}
