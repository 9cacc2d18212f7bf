//! What may be done to a handover and by whom, and what is said of each open item.

use super::data::{self, HandoverRow, HandoverState, OpenKind, OpenRow, SuccessionState};
use crate::network::pairings::rules::answers_still;
use crate::shared::review::{
    self, Action, Answered, Caller, Condition, Consent, ConsentParty, Head, Life, Refusal, Reviewed, Role,
    Rule, Standing, State as _, text_enum,
};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, OnFound, Tx};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;
use serde::{Deserialize, Serialize};

/// One of the two writes it down, the other agrees.
pub const LIFE: Life<HandoverState> = {
    use Action::{Agree, Edit, Finish, Return, Withdraw};
    use Condition::{AllAgreed, Awaited, InTime};
    use HandoverState::{Agreed, Proposed, Withdrawn};
    use Role::{Author, ConsentParty, System};
    Life {
        resource: "handover",
        granted_as: "handover",
        proposes: &["propose", "edit"],
        rules: &[
            Rule::new(Author, Edit, "edit", &[Proposed]).when(&[InTime]).right("record").renews(),
            Rule::new(Author, Withdraw, "withdraw", &[Proposed])
                .to(Withdrawn)
                .when(&[InTime])
                .right("record"),
            Rule::new(ConsentParty, Agree, "agree", &[Proposed]).when(&[InTime, Awaited]).right("answer"),
            Rule::new(ConsentParty, Return, "send_back", &[Proposed])
                .when(&[InTime, Awaited])
                .right("answer"),
            Rule::new(System, Finish, "settle", &[Proposed]).to(Agreed).when(&[AllAgreed]),
        ],
    }
};

const NOT_YOURS: &str = "这份交接现在不能由本单位改动：提出的一方才能修改或撤回，而且要在对方确认之前、前任院校还能答复的期限之内。";
const NOT_ASKED: &str = "这份交接现在不等本单位确认：由前任和接任院校中没有提出的一方确认。";

pub const STEPS: [(&str, &str); 6] = [
    ("propose", "提出交接"),
    ("edit", "修改交接"),
    ("agree", "确认"),
    ("send_back", "退回"),
    ("settle", "双方都已确认"),
    ("withdraw", "撤回"),
];

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Handover 交接",
            about: "The helper that left a school, or the one that took its place, writes down what becomes of what is open; the \
                    other one agrees.",
            begins: HandoverState::Proposed,
            label: |state| match state {
                HandoverState::Proposed => "待另一方确认",
                HandoverState::Agreed => "双方都已确认",
                HandoverState::Withdrawn => "已撤回",
            },
            words: &STEPS,
        },
    )
}

impl Reviewed for HandoverRow {
    type State = HandoverState;
    const LIFE: &'static Life<HandoverState> = &LIFE;
    const CHANGED: &'static str =
        "这份交接刚被对方或同事改动或答复过，您的操作没有写入。请重新打开页面，看过新内容再定。";

    fn head(&self) -> Head<'_, HandoverState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn parties(&self, _programme: &Programme) -> Vec<ConsentParty> {
        [("前任院校", &self.leaving, &self.leaving_name), ("接任院校", &self.arriving, &self.arriving_name)]
            .map(|(label, org, name)| ConsentParty { label, org: org.clone(), name: name.clone() })
            .to_vec()
    }

    fn standing(&self, caller: Caller<'_>, consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        let party = *org == self.leaving || *org == self.arriving;
        Standing::default()
            .role(Role::Author, *org == self.recorder)
            .role(Role::ConsentParty, party && *org != self.recorder)
            .holds(Condition::InTime, answers_still(self.ended, caller.programme, caller.today))
            .holds(Condition::Awaited, review::awaited(consents, org))
    }

    fn title(&self) -> String {
        self.county_name.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let answers = matches!(action, Action::Agree | Action::Return);
        Error::Forbidden(if answers { NOT_ASKED } else { NOT_YOURS }.to_owned())
    }
}

impl Answered for HandoverRow {
    async fn find(tx: &mut Tx, id: &str) -> Result<Found<Self>> {
        super::find(tx, id).await
    }

    fn hold() -> &'static OnFound<Self> {
        &data::HOLD
    }
}

text_enum! {
    /// What becomes of something that is open.
    pub enum Course {
        Continues = "continues",
        Finished = "finished",
        Dropped = "dropped",
    }
}

impl Course {
    pub fn label(self) -> &'static str {
        match self {
            Self::Continues => "接任院校继续办理",
            Self::Finished => "已经办完",
            Self::Dropped => "不再办理",
        }
    }
}

impl OpenKind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Need => "学校的需求",
            Self::Project => "协作项目",
            Self::Visit => "已预告的活动",
            Self::Stay => "跨过结束日期的驻点和活动",
            Self::Entry => "待确认的台账",
            Self::Output => "待确认的建设成果",
            Self::Agreement => "待确认的协议",
            Self::Plan => "协作方案",
            Self::List => "未备案的项目清单",
        }
    }

    /// Whether the two say what becomes of it. What is not asked follows from the rules.
    pub fn asks(self) -> bool {
        matches!(self, Self::Need | Self::Project | Self::Visit)
    }

    /// What becomes of it without anybody saying so.
    pub fn follows(self) -> &'static str {
        match self {
            Self::Need | Self::Project | Self::Visit => "",
            Self::Stay => "结对结束后的日子不计入前任院校；接着派人的，由接任院校登记。",
            Self::Entry | Self::Output | Self::Agreement => "由原来的各方在期限内确认、更正或撤回。",
            Self::Plan => "随原结对结束；接任后另订一份，可以参考。",
            Self::List => "不再备案；仍需办理的写进接任后的清单。",
        }
    }
}

/// An open item as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The text of its kind.
    pub kind: String,
    pub id: String,
    pub title: String,
    pub about: String,
    pub until: Option<Date>,
    /// The text of its course; "" where none is asked.
    pub course: String,
}

impl Item {
    pub fn kind(&self) -> Option<OpenKind> {
        OpenKind::of(&self.kind)
    }

    pub fn course(&self) -> Option<Course> {
        Course::of(&self.course)
    }
}

/// The items of a row. A row whose items cannot be read is a fault of the data, and is said so.
pub fn items_of(row: &HandoverRow) -> Result<Vec<Item>> {
    serde_json::from_str(&row.items)
        .map_err(|error| Error::internal(format_args!("items of {}: {error}", row.id)))
}

/// What one of the two writes down.
#[derive(Debug, Clone, Default)]
pub struct NewHandover {
    /// The courses that were chosen, by the id of the item. What is not named goes on.
    pub courses: Vec<(String, Course)>,
    pub note: String,
}

/// The longest note, in characters.
pub const NOTE: u32 = 500;

pub fn check(new: &NewHandover) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if new.note.chars().count() > NOTE as usize {
        errors
            .push(FieldError::new("note", Code::TooLong.says("需要说明的事项最多写五百个字，请写得短些。")));
    }
    errors
}

/// What is open now, each with what was said of it.
pub fn items(open: Vec<OpenRow>, new: &NewHandover) -> Vec<Item> {
    let course = |row: &OpenRow| {
        let said = new.courses.iter().find(|(id, _)| *id == row.id).map(|(_, course)| *course);
        if row.kind.asks() { said.unwrap_or(Course::Continues).text() } else { "" }
    };
    open.into_iter()
        .map(|row| Item {
            course: course(&row).to_owned(),
            kind: row.kind.text().to_owned(),
            id: row.id,
            title: row.title,
            about: row.about,
            until: row.until,
        })
        .collect()
}

impl SuccessionState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Unwritten => "未提出",
            Self::Proposed => "待另一方确认",
            Self::Agreed => "双方已确认",
        }
    }
}

/// How a succession stands, by the state of its handover.
pub fn mark(state: SuccessionState) -> StateMark {
    match state {
        SuccessionState::Unwritten => StateMark::new("none", state.label(), "–"),
        SuccessionState::Proposed => StateMark::new("pending", state.label(), "○"),
        SuccessionState::Agreed => StateMark::new("done", state.label(), "●"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_kernel::Actor;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn row() -> HandoverRow {
        HandoverRow {
            id: "h".to_owned(),
            pairing: "p".to_owned(),
            successor: "q".to_owned(),
            leaving: "leaving".to_owned(),
            leaving_name: "leaving".to_owned(),
            arriving: "arriving".to_owned(),
            arriving_name: "arriving".to_owned(),
            recorder: "leaving".to_owned(),
            items: "[]".to_owned(),
            note: String::new(),
            state: HandoverState::Proposed,
            revision: 1,
            version: 1,
            county_school: "school".to_owned(),
            county_name: "school".to_owned(),
            ended: Some(day("2026-10-01")),
            since: day("2026-10-02"),
            sent_back: false,
            reach: data::Reach::default(),
        }
    }

    fn open(kind: OpenKind, id: &str) -> OpenRow {
        OpenRow { kind, id: id.to_owned(), title: String::new(), about: String::new(), until: None }
    }

    #[test]
    fn what_nobody_spoke_of_goes_on_and_what_is_not_asked_has_no_course() {
        let new = NewHandover { courses: vec![("b".to_owned(), Course::Dropped)], note: String::new() };
        let open = vec![open(OpenKind::Need, "a"), open(OpenKind::Project, "b"), open(OpenKind::Entry, "c")];
        let courses: Vec<_> = items(open, &new).iter().map(Item::course).collect();
        assert_eq!(courses, [Some(Course::Continues), Some(Course::Dropped), None]);
    }

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, HandoverState::Proposed);
    }

    #[test]
    fn after_the_time_of_a_former_partner_nobody_writes() {
        let at = |today: &str, org: &str| {
            let actor = Actor { org: org.to_owned(), ..Actor::public() };
            let programme = review::tests::programme();
            let caller = Caller { actor: &actor, programme, today: day(today) };
            let history = vec![review::tests::step("leaving", "propose", 1)];
            review::Loaded::new(row(), history, caller).allowed().actions().collect::<Vec<_>>()
        };
        assert_eq!(at("2026-11-24", "leaving"), [Action::Edit, Action::Withdraw]);
        assert_eq!(at("2026-11-24", "arriving"), [Action::Agree, Action::Return]);
        assert_eq!(at("2026-11-24", "school"), []);
        assert_eq!(at("2027-03-01", "leaving"), []);
        assert_eq!(at("2027-03-01", "arriving"), []);
    }

    proptest! {
        #[test]
        fn any_sequence_of_actions_leaves_row_and_history_in_accord(tries in review::tests::sequences()) {
            let actors = ["leaving", "arriving", "stranger"].map(|org| Actor { org: org.to_owned(), ..Actor::public() });
            let around = (&actors[..], review::tests::programme(), day("2026-11-24"));
            let first = review::tests::step("leaving", "propose", 1);
            review::tests::any_sequence(row(), around, first, &tries, |row, next, _| {
                row.revision = next.revision(row.revision);
                row.state = next.to();
            });
        }
    }
}
