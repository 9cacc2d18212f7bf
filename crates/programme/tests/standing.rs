//! What a school lacks for an application, and what an organisation owes that a record fulfils.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

mod common;

use jiedui_kernel::{Date, Reported};
use jiedui_programme::{
    ClockState, ConditionState, EntryState, OutputFact, Programme, SchoolState, duty_periods, duty_reading,
    eligibility, load, verdict,
};
use std::collections::BTreeMap;

const KINDS: &str = r#"
[[output]]
id = "try-workshop"
name = "工作室"
action = "登记工作室"
about = "大师工作室。"
clauses = ["T3.1"]
kind = "built"
recorded_by = ["county_school"]
confirmed_by = "county_bureau"
unit = "items"
minutes = 3
stage = [{ id = "building", name = "建设中" }, { id = "running", name = "运行", counts = true }]

[[output]]
id = "try-group"
name = "领导机制"
action = "登记机制"
about = "领导机制。"
clauses = ["S1.2"]
kind = "record"
recorded_by = ["city"]
of_school = false
unit = "items"
minutes = 2
stage = [{ id = "planned", name = "拟议" }, { id = "held", name = "已建立", counts = true }, { id = "ended", name = "已撤销", ends = true }]

[[duty]]
id = "try-standing"
clause = "S1.2"
name = "建立机制"
about = "一直要有。"
output = "try-group"
owed_by = ["city"]
every = "standing"
at_least = 1

[[duty]]
id = "try-quarter"
clause = "S1.3"
name = "季度会议"
about = "每季一次。"
output = "try-group"
owed_by = ["city"]
every = "quarter"
at_least = 1

[[application]]
id = "try-base"
name = "申报基地"
action = "申报"
about = "申报基地。"
clauses = ["T3.1"]
applicant = ["county_school"]
decided_by = "province"
result = "try-workshop"
minutes = 5
condition = [
  { id = "land", text = "占地", holds = { by = "profile", element = "land_area", at_least = 100 } },
  { id = "level", text = "层次", holds = { by = "level", any = ["技工学校"] } },
  { id = "have", text = "已有工作室", holds = { by = "outputs", output = "try-workshop", at_least = 2 } },
  { id = "visits", text = "有调研", holds = { by = "indicator", indicator = "visits", at_least = 1 } },
  { id = "typical", text = "典型县", holds = { by = "typical" } },
  { id = "said", text = "当地支持", holds = { by = "stated" } },
]
"#;

fn programme() -> Programme {
    let mut files = common::files();
    files.insert("tasks/99-try.toml".to_owned(), KINDS.to_owned());
    load(&files).unwrap()
}

fn states(programme: &Programme, school: &SchoolState) -> Vec<ConditionState> {
    let application = programme.application("try-base").unwrap();
    eligibility(programme, application, school).iter().map(|reading| reading.state).collect()
}

fn able() -> SchoolState {
    SchoolState {
        level: "技工学校".to_owned(),
        typical: true,
        profile: BTreeMap::from([("land_area".to_owned(), Reported::Value(100))]),
        attained: BTreeMap::new(),
        outputs: BTreeMap::from([("try-workshop".to_owned(), 2)]),
        figures: BTreeMap::from([("visits".to_owned(), Reported::Value(1))]),
    }
}

#[test]
fn each_condition_is_read_by_itself_and_unknown_is_no_failure() {
    use ConditionState::{Met, NotMet, Stated, Unknown};
    let programme = programme();
    assert_eq!(states(&programme, &able()), [Met, Met, Met, Met, Met, Stated]);
    let nothing = SchoolState::default();
    assert_eq!(states(&programme, &nothing), [Unknown, Unknown, NotMet, Unknown, NotMet, Stated]);
    let profile = |value| BTreeMap::from([("land_area".to_owned(), value)]);
    let less = SchoolState { profile: profile(Reported::Value(99)), ..able() };
    let application = programme.application("try-base").unwrap();
    let readings = eligibility(&programme, application, &less);
    assert_eq!((readings[0].state, verdict(&readings)), (NotMet, NotMet));
    assert_eq!(readings[0].reason, "校园占地面积现有99平方米，需要不少于100平方米。");
    let unsaid = SchoolState { profile: profile(Reported::NotApplicable), ..able() };
    let readings = eligibility(&programme, application, &unsaid);
    assert_eq!((readings[0].state, verdict(&readings)), (Unknown, Unknown));
    assert!(readings[0].reason.contains("不适用"), "{}", readings[0].reason);
    assert_eq!(verdict(&eligibility(&programme, application, &able())), Stated);
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn record(id: &str, state: EntryState, stages: &[(&str, &str)]) -> OutputFact {
    OutputFact {
        id: id.to_owned(),
        output: "try-group".to_owned(),
        org: "city".to_owned(),
        county_school: None,
        helpers: Vec::new(),
        state,
        quantity: 1,
        achieved: 0,
        stages: stages.iter().map(|(stage, from)| ((*stage).to_owned(), day(from))).collect(),
        receipts: Vec::new(),
        agreed: 0,
        project: None,
        earlier: Vec::new(),
        fields: BTreeMap::new(),
    }
}

#[test]
fn a_meeting_counts_in_the_quarter_in_which_it_was_held() {
    let programme = programme();
    let duty = programme.duties.iter().find(|duty| duty.id == "try-quarter").unwrap();
    let today = day("2026-11-24");
    let periods = duty_periods(&programme, duty, today);
    let ids: Vec<&str> = periods.iter().map(|named| named.id.as_str()).collect();
    assert_eq!(ids.last(), Some(&"2026-q4"));
    assert!(periods.windows(2).all(|two| two[0].period.to.succ_opt() == Some(two[1].period.from)));
    let held = record("a", EntryState::Confirmed, &[("planned", "2026-06-20"), ("held", "2026-07-02")]);
    let planned = record("b", EntryState::Confirmed, &[("planned", "2026-11-20")]);
    let other = OutputFact { org: "elsewhere".to_owned(), ..held.clone() };
    let all = [held, planned, other];
    let read = |id: &str| {
        let named = periods.iter().find(|named| named.id == id).unwrap();
        let reading = duty_reading(&programme, duty, "city", &all, named, today);
        (reading.state, reading.rows)
    };
    assert_eq!(read("2026-q2"), (ClockState::Missed, Vec::new()), "planned is not held");
    assert_eq!(read("2026-q3"), (ClockState::Met, vec!["a".to_owned()]));
    assert_eq!(read("2026-q4").0, ClockState::Running, "five weeks are left");
}

#[test]
fn what_must_stand_stands_until_it_ends_and_waits_while_unconfirmed() {
    let programme = programme();
    let duty = programme.duties.iter().find(|duty| duty.id == "try-standing").unwrap();
    let today = day("2026-11-24");
    let periods = duty_periods(&programme, duty, today);
    assert_eq!(periods.len(), 1);
    let read = |fact: OutputFact| duty_reading(&programme, duty, "city", &[fact], &periods[0], today);
    let held = [("held", "2025-03-01")];
    assert_eq!(read(record("a", EntryState::Confirmed, &held)).state, ClockState::Met);
    assert_eq!(read(record("a", EntryState::Claimed, &held)).state, ClockState::Awaiting);
    assert_eq!(read(record("a", EntryState::Withdrawn, &held)).state, ClockState::Running);
    let ended = [("held", "2025-03-01"), ("ended", "2026-01-01")];
    let reading = read(record("a", EntryState::Confirmed, &ended));
    assert_eq!((reading.state, reading.confirmed), (ClockState::Running, 0));
}
