//! What may be done to a round, to a nomination and to an objection, by whom and until when.

pub mod words;

use super::data::{AgreedHow, NominationRow, NominationState, ObjectionRow, RoundRow, RoundState};
use crate::shared::lives;
use crate::shared::objections::{self, ObjectionState};
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Next, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Date, Error};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// The sentence that asks for it.
pub const CLAUSE: &str = "S3.4";
/// The longest sentence of a nomination, in characters.
pub const SENTENCE: u32 = 100;

/// Opened by the office, shown once nominations are over, decided once nobody objects any more.
pub const LIFE: Life<RoundState> = {
    use RoundState::{Decided, Noticed, Open, Withdrawn};
    Life {
        resource: "commendation",
        granted_as: "commendation",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Submit, "publish", &[Open]).to(Noticed).right("publish"),
            Rule::new(Role::Author, Action::Abandon, "discard", &[Open]).to(Withdrawn).right("draft"),
            Rule::new(Role::Author, Action::Accept, "decide", &[Noticed]).to(Decided).right("decide"),
            Rule::new(Role::Author, Action::Withdraw, "withdraw", &[Noticed, Decided])
                .to(Withdrawn)
                .right("publish"),
        ],
    }
};

pub const STEPS: [(&str, &str); 5] = [
    ("open", "开始提名"),
    ("publish", "公示"),
    ("discard", "放弃"),
    ("decide", "决定"),
    ("withdraw", "撤回"),
];

/// Nominated by one, agreed to by the person, proposed by a second and confirmed by a third; the rest follows from the round
/// and from objections.
pub const NOMINATION_LIFE: Life<NominationState> = {
    use NominationState::{Asked, Commended, LeftOut, Listed, Nominated, Proposed, Withdrawn};
    Life {
        resource: "commendation_nomination",
        granted_as: "commendation",
        proposes: &[],
        rules: &[
            Rule::new(Role::ConsentParty, Action::Agree, "agree", &[Asked]).to(Nominated).right("agree"),
            Rule::new(Role::ConsentParty, Action::Recall, "decline", &[Asked, Nominated, Proposed, Listed])
                .to(Withdrawn)
                .right("agree"),
            Rule::new(Role::Author, Action::Withdraw, "recall", &[Asked, Nominated, Proposed])
                .to(Withdrawn)
                .right("nominate"),
            Rule::new(Role::Recommender, Action::Forward, "propose", &[Nominated])
                .to(Proposed)
                .right("review"),
            Rule::new(Role::Decider, Action::Accept, "confirm", &[Proposed]).to(Listed).right("confirm"),
            Rule::new(Role::Decider, Action::Return, "send_back", &[Proposed]).to(Nominated).right("confirm"),
            Rule::new(Role::Recommender, Action::Refuse, "leave_out", &[Nominated, Proposed, Listed])
                .to(LeftOut)
                .right("review"),
            Rule::new(Role::Recommender, Action::Reopen, "put_back", &[LeftOut])
                .to(Nominated)
                .right("review"),
            Rule::new(Role::System, Action::Finish, "commend", &[Listed]).to(Commended),
            Rule::new(Role::System, Action::Replace, "fall_out", &[Listed]).to(LeftOut),
            Rule::new(Role::System, Action::Abandon, "revoke", &[Commended]).to(Withdrawn),
        ],
    }
};

pub const NOMINATION_STEPS: [(&str, &str); 12] = [
    ("nominate", "提名"),
    ("agree", "本人同意"),
    ("decline", "本人不同意"),
    ("recall", "撤回提名"),
    ("propose", "提出评审意见"),
    ("confirm", "核对通过"),
    ("send_back", "退回重新评审"),
    ("leave_out", "不列入"),
    ("put_back", "重新列入评审"),
    ("commend", "决定表扬"),
    ("fall_out", "异议成立，不列入"),
    ("revoke", "撤回表扬"),
];

/// Raised by a unit, answered by the office with words.
pub const OBJECTION_LIFE: Life<ObjectionState> = objections::life("commendation_objection", "commendation");

impl RoundState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "正在提名评审",
            Self::Noticed => "公示中",
            Self::Decided => "已决定",
            Self::Withdrawn => "已撤回",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Open | Self::Noticed => StateMark::new("pending", self.label(), "○"),
            Self::Decided => StateMark::new("done", self.label(), "●"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

impl NominationState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Asked => "等本人同意",
            Self::Nominated => "待评审",
            Self::Proposed => "待核对",
            Self::Listed => "列入名单",
            Self::Commended => "已表扬",
            Self::LeftOut => "未列入",
            Self::Withdrawn => "已撤回",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Asked | Self::Nominated | Self::Proposed => StateMark::new("pending", self.label(), "○"),
            Self::Listed | Self::Commended => StateMark::new("done", self.label(), "●"),
            Self::LeftOut => StateMark::new("disputed", self.label(), "◆"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }

    /// It waits for a word of the office.
    pub fn waits_for_office(self) -> bool {
        matches!(self, Self::Nominated | Self::Proposed)
    }
}

/// For the drawings in docs/lives.md.
pub fn lives() -> Vec<lives::Life> {
    let round = review::Drawing {
        title: "Commendation 通报表扬",
        about: "A year's round: opened by the provincial office (the author), shown to all once every nomination was reviewed, decided after the days of notice.",
        begins: RoundState::Open,
        label: RoundState::label,
        words: &STEPS,
    };
    let nomination = review::Drawing {
        title: "Nomination for a commendation 通报表扬提名",
        about: "Made by a bureau or a partner (the author); a person (the party that is asked) agrees first. One of the office (the recommender) proposes, another (the decider) confirms. A school begins at nominated.",
        begins: NominationState::Asked,
        label: NominationState::label,
        words: &NOMINATION_STEPS,
    };
    let objection = review::Drawing {
        title: "Objection to a commendation 对公示的异议",
        about: "Raised by a unit (the author) while the list is shown, answered by the office; while one waits, nothing is decided.",
        begins: ObjectionState::Raised,
        label: ObjectionState::label,
        words: &objections::STEPS,
    };
    vec![
        review::draw(&LIFE, &round),
        review::draw(&NOMINATION_LIFE, &nomination),
        review::draw(&OBJECTION_LIFE, &objection),
    ]
}

impl Reviewed for RoundRow {
    type State = RoundState;
    const LIFE: &'static Life<RoundState> = &LIFE;
    const CHANGED: &'static str = "这一年的表扬刚被同事处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, RoundState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        Standing::default().role(Role::Author, caller.actor.org == self.issuer)
    }

    fn title(&self) -> String {
        words::title(self.year)
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Submit => "只有开始提名的单位可以公示，公示过的不能再公示。",
            Action::Accept => "公示以后才能决定，决定过的不能再决定。",
            Action::Abandon => "只有开始提名的单位可以放弃，已经公示的请撤回。",
            _ => "公示或决定以后才有可撤回的，撤回以后可以重新开始提名。",
        };
        Error::Forbidden(words.to_owned())
    }
}

impl Reviewed for NominationRow {
    type State = NominationState;
    const LIFE: &'static Life<NominationState> = &NOMINATION_LIFE;
    const CHANGED: &'static str = "这条提名刚被处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, NominationState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    /// Whoever nominated reviews nothing of it, and who proposed does not confirm. For a person with an account of its own
    /// nobody else agrees.
    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let actor = caller.actor;
        let asked = self.person.is_some()
            && actor.org == self.school
            && (self.is_own(actor) || self.has_account == 0);
        let office = actor.org == self.issuer && !actor.is(&self.nominated_by);
        Standing::default()
            .role(Role::Author, actor.org == self.nominator)
            .role(Role::ConsentParty, asked)
            .role(Role::Recommender, office)
            .role(Role::Decider, office && !actor.is(&self.proposed_by))
    }

    fn title(&self) -> String {
        self.school_name.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Agree => {
                "只有本人可以同意；本人没有账号的，由所在单位写明书面同意的日期。同意过的不用再同意。"
            }
            Action::Recall => "只有本人可以不同意，决定表扬以后不能再撤。",
            Action::Withdraw => "只有提名的单位可以撤回，列入名单以后请向省领导小组办公室说明。",
            Action::Forward => "本人同意以后才能评审；提名的人不能评审自己的提名。",
            Action::Accept | Action::Return => {
                "由提出评审意见以外的另一个人核对；提名的人不能核对自己的提名。"
            }
            _ => "只有省领导小组办公室在决定以前可以办理，提名的人不能办理自己的提名。",
        };
        Error::Forbidden(words.to_owned())
    }
}

impl Reviewed for ObjectionRow {
    type State = ObjectionState;
    const LIFE: &'static Life<ObjectionState> = &OBJECTION_LIFE;
    const CHANGED: &'static str = "这条异议刚被处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, ObjectionState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        objections::standing(caller, &self.org, &self.issuer)
    }

    fn title(&self) -> String {
        words::title(self.year)
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Withdraw => "只有提出异议的单位可以收回，答复以后不能再收回。",
            _ => "只有省领导小组办公室可以答复异议，每条答复一次。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// What follows by itself for a nomination, where its state allows it.
pub fn follows(row: &NominationRow, action: Action) -> Option<Next<NominationState>> {
    NOMINATION_LIFE.apply(row.state, action, &Standing::default().role(Role::System, true)).ok()
}

/// Whether a round takes nominations today.
pub fn takes_nominations(row: &RoundRow, today: Date) -> bool {
    row.state == RoundState::Open && today <= row.nominate_until
}

/// Whether somebody may object to a name on the list today.
pub fn is_open(row: &NominationRow, today: Date) -> bool {
    row.state == NominationState::Listed
        && row.round_state == RoundState::Noticed
        && row.notice_until.is_some_and(|day| today <= day)
}

/// In which state a nomination begins: a person is asked first.
pub fn begins(person: Option<&str>) -> NominationState {
    if person.is_some() { NominationState::Asked } else { NominationState::Nominated }
}

/// Whether the person of a nomination agreed; a school need not.
pub fn has_agreed(row: &NominationRow) -> bool {
    row.person.is_none() || row.agreed_how != AgreedHow::NotYet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lives_are_sound() {
        review::tests::is_sound(&LIFE, RoundState::Open);
        review::tests::is_sound(&NOMINATION_LIFE, NominationState::Asked);
    }

    #[test]
    fn a_person_is_asked_before_anybody_reviews() {
        let office = Standing::default().role(Role::Recommender, true).role(Role::Decider, true);
        for action in [Action::Forward, Action::Accept, Action::Refuse] {
            assert!(NOMINATION_LIFE.apply(begins(Some("p")), action, &office).is_err(), "{action:?}");
        }
        let next = NOMINATION_LIFE.apply(begins(None), Action::Forward, &office);
        assert_eq!(next.map(|next| next.to()), Ok(NominationState::Proposed));
    }
}
