//! The yearly commendation: both programmes have one that loads, and nobody is commended for what may not be a reason, by
//! itself, in no time, or into no notice.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_programme::{Commended, Problem, Requirement, load};

const FILE: &str = "commendations.toml";

/// The problems after replacing the first `old`, and the text after that.
fn after(old: &str, new: &str) -> (Vec<Problem>, String) {
    let mut files = common::files();
    let text = files.get_mut(FILE).unwrap();
    assert!(text.contains(old), "no {old}");
    *text = text.replacen(old, new, 1);
    let text = text.clone();
    (load(&files).err().unwrap_or_default(), text)
}

/// Refused with exactly one problem that says `message`, the caret under `caret`.
#[track_caller]
fn refuses(old: &str, new: &str, caret: &str, message: &str) {
    let (problems, text) = after(old, new);
    assert_eq!(problems.len(), 1, "{old} → {new}: {problems:?}");
    let problem = &problems[0];
    assert!(problem.message.contains(message) && !problem.help.is_empty(), "{problem:?}");
    assert_eq!((problem.file.as_str(), &text[problem.span.clone()]), (FILE, caret), "{problem:?}");
}

#[test]
fn both_programmes_commend_schools_and_persons() {
    for (programme, recorded) in [("guangdong-2024", true), ("sample-2027", false)] {
        let rules = load(&common::files_of(programme)).unwrap().commendations.unwrap();
        for of in [Commended::Lead, Commended::Nearby, Commended::CountySchool, Commended::Person] {
            assert!(rules.classes.iter().any(|class| class.commended == of), "{programme}: {of:?}");
        }
        assert_eq!(rules.output.is_some(), recorded, "{programme}");
        assert!(rules.classes.iter().all(|class| class.requires.contains(&Requirement::ReasonsStand)));
        assert!(rules.class("person").unwrap().commended.is_person() && rules.class("nobody").is_none());
    }
}

#[test]
fn a_programme_that_commends_nobody_loads() {
    let mut files = common::files_of("sample-2027");
    let text = files.get_mut(FILE).unwrap();
    let forms = text.find("[[form]]").unwrap();
    *text = text[forms..].to_owned();
    assert_eq!(load(&files).unwrap().commendations, None);
}

#[test]
fn a_reason_is_work_that_is_recorded() {
    refuses("\"residency\",", "\"resident\",", "\"resident\"", "没有编号");
    refuses("\"residency\",", "\"teacher-training\",", "\"teacher-training\"", "理由写了两遍");
}

/// What may not be scored is no reason, whatever it is called.
#[test]
fn nobody_is_commended_for_publicity_or_meetings() {
    for name in ["媒体报道", "照片报送", "座谈会次数"] {
        let mut files = common::files();
        let work = files.get_mut("safeguards/1-organisation.toml").unwrap();
        assert!(work.contains("name = \"常驻帮扶\""));
        *work = work.replacen("name = \"常驻帮扶\"", &format!("name = \"{name}\""), 1);
        let problems = load(&files).err().unwrap_or_default();
        let here = |one: &&Problem| one.file == FILE && one.message.contains("表扬的理由触及减负禁项");
        assert!(problems.iter().any(|one| here(&one)), "{name}: {problems:?}");
    }
}

#[test]
fn nobody_is_commended_by_itself_or_by_who_reviews() {
    let old = "nominated_by = [\"city\", \"county\", \"county_school\"]";
    refuses(old, "nominated_by = [\"lead\"]", "[\"lead\"]", "不得提名自己");
    refuses(old, "nominated_by = [\"province\", \"county\"]", "\"province\"", "评审的一方不能提名");
    refuses(old, "nominated_by = []", "[]", "没有写明由谁提名");
    let (problems, _) = after(old, "itself = true\nnominated_by = [\"lead\"]");
    assert!(!problems.iter().any(|one| one.message.contains("不得提名自己")), "{problems:?}");
}

#[test]
fn each_step_has_time_and_an_end() {
    for (old, value) in [
        ("nominate_workdays = 15", "4"),
        ("notice_workdays = 5", "4"),
        ("notice_workdays = 5", "61"),
        ("reply_workdays = 5", "0"),
        ("open_workdays = 20", "0"),
    ] {
        let key = old.split_once(" = ").unwrap().0;
        refuses(old, &format!("{key} = {value}"), value, "不在");
    }
    refuses("most = 1\n", "most = 0\n", "0", "最多提名");
    refuses("most = 1\n", "most = 21\n", "21", "最多提名");
}

/// To dispute is a right: what is settled in time, and a little that is not, stands in nobody's way.
#[test]
fn only_disputes_that_were_left_and_are_many_stand_in_the_way() {
    let limit = load(&common::files()).unwrap().commendations.unwrap().disputes;
    assert!(limit.open_workdays >= 10, "there is time to settle one");
    assert!(limit.spares(0, 0) && limit.spares(2, 2), "a few, whatever the share");
    assert!(limit.spares(5, 100) && !limit.spares(6, 100) && !limit.spares(3, 59) && limit.spares(3, 60));
    refuses("spared_percent = 5", "spared_percent = 101", "101", "不在 0 到 100 之间");
}

#[test]
fn what_is_decided_has_a_place_in_the_notice() {
    refuses("option = \"person\"", "option = \"money\"", "\"money\"", "通报稿里没有");
    refuses("option = \"person\"\n", "", "\"person\"", "没有写明列在通报稿的哪一类");
    refuses("output = \"results-preference\"", "output = \"publicity\"", "\"publicity\"", "没有通报稿");
    refuses("output = \"results-preference\"", "output = \"results\"", "\"results\"", "没有编号");
    refuses("output = \"results-preference\"\n", "", "\"helper\"", "没有写明记在哪里");
    refuses("clauses = [\"S3.4\", \"S4.4\"]\nour", "clauses = [\"S3.9\"]\nour", "\"S3.9\"", "没有编号");
}

#[test]
fn a_school_is_not_in_office_and_conditions_stand_once() {
    let old = "requires = [\"paired\", \"undisputed\", \"reasons_stand\"]";
    refuses(old, "requires = [\"in_office\", \"reasons_stand\"]", "\"in_office\"", "学校没有任职");
    refuses(old, "requires = [\"paired\", \"paired\"]", "\"paired\"", "条件写了两遍");
    refuses(old, "requires = []", "[]", "没有写凭什么表扬");
}
