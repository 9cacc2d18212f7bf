//! Pure decisions: what a need or a capacity may say, and who may do what to it.

use super::NewCapacity;
use super::NewNeed;
use super::data::{CapacityRow, NeedRow, NeedState};
use crate::shared::choices::{task_name, task_of};
use crate::shared::review::text_enum;
use jiedui_kernel::{Actor, Code, Date, FieldError, Mistake, Unit};
use jiedui_programme::Programme;
use jiedui_web::figure::StateMark;

/// Units in which a need can be sized.
pub const UNITS: [Unit; 10] = [
    Unit::PersonTimes,
    Unit::Persons,
    Unit::Items,
    Unit::Enterprises,
    Unit::Times,
    Unit::Days,
    Unit::PersonDays,
    Unit::Hours,
    Unit::SquareMetres,
    Unit::Yuan,
];

/// Whether it helped: id and what pages say.
pub const HELPED: [(&str, &str); 3] = [("yes", "有帮助"), ("partly", "部分有帮助"), ("no", "没有帮助")];

text_enum! {
    /// Where the list files a need: what its filter asks for.
    pub enum Listed {
        Unanswered = "open",
        Answered = "answered",
        Met = "met",
        Dropped = "dropped",
    }
}

pub const LISTED: [(Listed, &str); 4] = [
    (Listed::Unanswered, "待回应"),
    (Listed::Answered, "已有项目"),
    (Listed::Met, "已办结"),
    (Listed::Dropped, "已撤下"),
];

/// A unit by its Chinese word.
pub fn unit_of(word: &str) -> Option<Unit> {
    UNITS.into_iter().find(|unit| unit.label() == word)
}

pub fn helped_name(id: &str) -> &'static str {
    HELPED.iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

/// The pattern of the sentences of a task, "" for anything that is no task.
pub fn task_pattern(programme: &Programme, task: &str) -> String {
    if task_name(programme, task).is_empty() {
        String::new()
    } else {
        crate::network::registry::like(&format!("{task}."))
    }
}

/// Collects what is wrong, each at its field.
#[derive(Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    fn say(&mut self, field: &str, mistake: Mistake) {
        self.0.push(FieldError::new(field, mistake));
    }

    fn clause(&mut self, programme: &Programme, clause: &str) {
        let known = programme.clauses.iter().any(|one| one.id == clause);
        if !known || task_of(clause).is_empty() {
            self.say("clause", Code::NotListed.says("请从列表中选择对应任务。"));
        }
    }

    fn text(&mut self, field: &str, what: &str, value: &str, limit: usize, required: bool) {
        let length = value.chars().count();
        if required && value.trim().is_empty() {
            self.say(field, Mistake::missing(what));
        } else if length > limit {
            self.say(field, Mistake::too_long(what, limit, length));
        }
    }
}

/// `before` is the wished day as it stands already: what was once in the future may stay when it has passed.
pub fn check_need(
    new: &NewNeed,
    programme: &Programme,
    today: Date,
    before: Option<Date>,
) -> Vec<FieldError> {
    let mut wrong = Wrong::default();
    wrong.clause(programme, &new.clause);
    wrong.text("title", "需求名称", &new.title, 60, true);
    wrong.text("detail", "说明", &new.detail, 500, false);
    if new.size.is_some_and(|size| size.value < 1) {
        wrong.say("quantity", Code::OutOfRange.says("数量要大于零；说不出数量就留空。"));
    }
    if new.size.is_some_and(|size| !UNITS.contains(&size.unit)) {
        wrong.say("unit", Code::NotListed.says("请从列表中选择单位。"));
    }
    if new.wished_on.is_some_and(|day| day < today) && new.wished_on != before {
        wrong.say("wished_on", Code::InPast.says("希望的日期已经过去，请改成今天或以后的日期，或者留空。"));
    }
    wrong.0
}

/// What a school says when it closes a need.
pub fn check_closing(helped: &str, word: &str) -> Vec<FieldError> {
    let mut wrong = Wrong::default();
    if helped_name(helped).is_empty() {
        wrong.say("helped", Code::Missing.says("请选择是否有帮助。"));
    }
    wrong.text("word", "一句评价", word, 200, true);
    wrong.0
}

pub fn check_reason(reason: &str) -> Vec<FieldError> {
    let mut wrong = Wrong::default();
    wrong.text("reason", "撤下的原因", reason, 200, true);
    wrong.0
}

pub fn check_capacity(new: &NewCapacity, programme: &Programme) -> Vec<FieldError> {
    let mut wrong = Wrong::default();
    wrong.clause(programme, &new.clause);
    wrong.text("majors", "专业", &new.majors, 200, false);
    wrong.text("strength", "能帮什么", &new.strength, 200, true);
    if !(1..=100).contains(&new.schools) {
        wrong.say("schools", Code::OutOfRange.says("可服务学校数应是 1 到 100 之间的整数。"));
    }
    if new.to.is_some_and(|to| to < new.from) {
        wrong.say("to", Mistake::reversed());
    }
    wrong.0
}

/// What the caller may do to a need: the school that has it, and nobody else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct AllowedActions {
    /// Edit, move, close, drop.
    pub change: bool,
    pub reopen: bool,
}

pub fn may(actor: &Actor, need: &NeedRow) -> AllowedActions {
    let (own, open) = (actor.org == need.org, need.state == NeedState::Open);
    AllowedActions { change: own && open, reopen: own && !open }
}

pub fn may_capacity(actor: &Actor, capacity: &CapacityRow) -> bool {
    actor.org == capacity.org
}

/// Answered is no state of its own: it is whether a filed project names the need.
pub fn state_mark(need: &NeedRow) -> StateMark {
    match (need.state, need.helped.as_str()) {
        (NeedState::Met, "yes") => StateMark::new("done", "已满足", "●"),
        (NeedState::Met, "partly") => StateMark::new("part", "已办结，部分满足", "◐"),
        (NeedState::Met, _) => StateMark::new("ended", "已办结，没有满足", "–"),
        (NeedState::Dropped, _) => StateMark::new("ended", "已撤下", "–"),
        (NeedState::Open, _) if need.projects > 0 => StateMark::new("active", "已有项目", "◐"),
        (NeedState::Open, _) => StateMark::new("pending", "待回应", "○"),
    }
}

/// Whether a capacity holds on a day.
pub fn holds(capacity: &CapacityRow, day: Date) -> bool {
    capacity.from_day <= day && capacity.to_day.is_none_or(|end| day <= end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::choices::{clause_choices, task_choices};

    use crate::programme_files::shipped::programme;
    use jiedui_kernel::{Quantity, Scope};

    fn need(state: NeedState, helped: &str, projects: i64) -> NeedRow {
        NeedRow {
            id: "n".to_owned(),
            org: "school".to_owned(),
            school: String::new(),
            place: String::new(),
            city: String::new(),
            typical_class: String::new(),
            rank: 1,
            clause: "T4.2".to_owned(),
            title: String::new(),
            detail: String::new(),
            quantity: None,
            unit: String::new(),
            wished_on: None,
            state,
            helped: helped.to_owned(),
            word: String::new(),
            closed_on: None,
            projects,
            version: 1,
        }
    }

    #[test]
    fn only_the_school_changes_its_need_and_only_while_it_is_open() {
        let actor = |org: &str| Actor { org: org.to_owned(), scope: Scope::everything(), ..Actor::public() };
        let open = AllowedActions { change: true, reopen: false };
        assert_eq!(may(&actor("school"), &need(NeedState::Open, "", 2)), open, "answered or not");
        assert_eq!(
            may(&actor("school"), &need(NeedState::Met, "yes", 0)),
            AllowedActions { change: false, reopen: true }
        );
        assert_eq!(
            may(&actor("school"), &need(NeedState::Dropped, "", 0)),
            AllowedActions { change: false, reopen: true }
        );
        for state in [NeedState::Open, NeedState::Met, NeedState::Dropped] {
            assert_eq!(
                may(&actor("bureau"), &need(state, "", 0)),
                AllowedActions::default(),
                "who sees everything"
            );
        }
    }

    #[test]
    fn a_state_says_no_more_than_the_school_said() {
        let label =
            |state: NeedState, helped: &str, projects: i64| state_mark(&need(state, helped, projects)).label;
        assert_eq!(label(NeedState::Open, "", 0), "待回应");
        assert_eq!(label(NeedState::Open, "", 1), "已有项目");
        assert_eq!(label(NeedState::Met, "yes", 1), "已满足");
        assert_eq!(label(NeedState::Met, "no", 1), "已办结，没有满足");
        assert_eq!(label(NeedState::Dropped, "", 1), "已撤下");
    }

    #[test]
    fn tasks_are_told_apart_by_the_whole_number() {
        assert_eq!((task_of("T1.2"), task_of("T12.2"), task_of("S1.2")), ("T1", "T12", ""));
        let programme = programme();
        let pattern = |task: &str| task_pattern(&programme, task);
        assert_eq!((pattern("T1").as_str(), pattern("T13").as_str()), ("%T1.%", ""));
        assert_eq!(task_choices(&programme).len(), 12);
        let groups: Vec<String> = clause_choices(&programme).into_iter().map(|choice| choice.group).collect();
        let mut runs = groups.clone();
        runs.dedup();
        assert_eq!(runs.len(), 12, "the sentences of a task stand together");
    }

    #[test]
    fn a_wish_that_has_passed_since_may_stay() {
        let programme = programme();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let today = day("2026-11-24");
        let new = |wish: &str| NewNeed {
            clause: "T4.2".to_owned(),
            title: "甲".to_owned(),
            size: Some(Quantity::new(1, Unit::Persons)),
            wished_on: Some(day(wish)),
            ..NewNeed::default()
        };
        assert!(check_need(&new("2026-11-24"), &programme, today, None).is_empty());
        assert_eq!(check_need(&new("2026-11-23"), &programme, today, None)[0].field, "wished_on");
        assert!(check_need(&new("2026-11-23"), &programme, today, Some(day("2026-11-23"))).is_empty());
    }
}
