//! Pure decisions: the life of an announcement, who may do what to it, and what can be announced at all.

use crate::network::pairings::{self, PairingRow};
use crate::shared::lives::{self, Move, Name};
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Period};
use jiedui_programme::{Activity, Confirmer, Measure, Side, Time};
use jiedui_web::figure::StateMark;

/// How far ahead something may be announced.
pub const FARTHEST_DAYS: i64 = 400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Announced,
    Held,
    NotHeld,
    Cancelled,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Announced, Self::Held, Self::NotHeld, Self::Cancelled];

    pub fn id(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Held => "held",
            Self::NotHeld => "not_held",
            Self::Cancelled => "cancelled",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Announced => "已预告",
            Self::Held => "已登记",
            Self::NotHeld => "未开展",
            Self::Cancelled => "已取消",
        }
    }
}

impl TryFrom<String> for State {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|state| state.id() == text)
            .ok_or_else(|| Error::internal(format_args!("announcement.state is “{text}”")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Reschedule,
    /// The county school asks for another day.
    Propose,
    Accept,
    Decline,
    Hold,
    NotHeld,
    Cancel,
}

impl Action {
    pub const ALL: [Self; 7] = [
        Self::Reschedule,
        Self::Propose,
        Self::Accept,
        Self::Decline,
        Self::Hold,
        Self::NotHeld,
        Self::Cancel,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Self::Reschedule => "reschedule",
            Self::Propose => "propose",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Hold => "hold",
            Self::NotHeld => "not_held",
            Self::Cancel => "cancel",
        }
    }

    fn when(self, from: State) -> &'static str {
        match self {
            Self::Hold | Self::NotHeld if from == State::Held => "its entry was withdrawn",
            Self::Reschedule => "",
            Self::Propose => "before its first day",
            Self::Accept | Self::Decline => "another day was asked for",
            Self::Hold => "its last day has come",
            Self::NotHeld => "its last day is past",
            Self::Cancel => "its last day is not past",
        }
    }
}

/// What the history and the drawing call each step.
pub const STEPS: [(&str, &str); 8] = [
    ("announce", "预告"),
    ("reschedule", "修改或改期"),
    ("propose", "建议改期"),
    ("accept", "同意改期"),
    ("decline", "仍按原定日期"),
    ("hold", "登记为台账"),
    ("not_held", "未开展"),
    ("cancel", "取消"),
];

/// How the caller stands to an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The helper that announced it.
    Announcer,
    CountySchool,
    Onlooker,
}

/// An announcement as its life sees it.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    pub state: State,
    pub period: Period,
    /// The county school asked for another day and has no answer yet.
    pub proposed: bool,
    /// The entry that it became was withdrawn.
    pub withdrawn: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotYours,
    /// Held, cancelled, or said not to have happened.
    Over,
    NothingProposed,
    /// It has begun: another day cannot be asked for any more.
    Begun,
    /// Its last day is still to come.
    NotYet,
    /// It can still happen: cancel it or choose another day.
    StillAhead,
    /// Its last day is past: it happened or not, but it cannot be called off.
    Past,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotYours => Self::Forbidden("预告由来访的院校自己维护；学校可以建议改期。".to_owned()),
            Refusal::Over => Self::NotNow("这次预告已经有了结果，没有再改。".to_owned()),
            Refusal::NothingProposed => Self::NotNow("没有等待答复的改期建议。".to_owned()),
            Refusal::Begun => Self::NotNow("已经到了预告的日期，不能再建议改期。".to_owned()),
            Refusal::NotYet => Self::NotNow("还没有到预告的最后一天，到时再登记。".to_owned()),
            Refusal::StillAhead => {
                Self::NotNow("预告的日期还没有过去；要改日期或取消，请用相应的按钮。".to_owned())
            }
            Refusal::Past => {
                Self::NotNow("预告的日期已经过去，不用取消；请说明是否开展，或者改期。".to_owned())
            }
        }
    }
}

impl Life {
    /// The only way on.
    pub fn apply(self, action: Action, standing: Standing, today: Date) -> Result<State, Refusal> {
        let wanted = if action == Action::Propose { Standing::CountySchool } else { Standing::Announcer };
        if standing != wanted {
            return Err(Refusal::NotYours);
        }
        match (self.state, action) {
            // What was entered by mistake and taken back is open again, but nobody is asked about it.
            (State::Held, Action::Hold) if self.withdrawn => Ok(State::Held),
            (State::Held, Action::NotHeld) if self.withdrawn => Ok(State::NotHeld),
            (State::Announced, action) => self.announced(action, today),
            _ => Err(Refusal::Over),
        }
    }

    fn announced(self, action: Action, today: Date) -> Result<State, Refusal> {
        match action {
            Action::Propose if self.period.from <= today => Err(Refusal::Begun),
            Action::Accept | Action::Decline if !self.proposed => Err(Refusal::NothingProposed),
            Action::Reschedule | Action::Propose | Action::Accept | Action::Decline => Ok(State::Announced),
            Action::Hold if self.period.to > today => Err(Refusal::NotYet),
            Action::Hold => Ok(State::Held),
            Action::NotHeld if self.period.to >= today => Err(Refusal::StillAhead),
            Action::NotHeld => Ok(State::NotHeld),
            Action::Cancel if self.period.to < today => Err(Refusal::Past),
            Action::Cancel => Ok(State::Cancelled),
        }
    }

    /// What the caller may do now: the actions that [`Life::apply`] allows.
    pub fn allowed(self, standing: Standing, today: Date) -> Vec<Action> {
        Action::ALL.into_iter().filter(|action| self.apply(*action, standing, today).is_ok()).collect()
    }

    pub fn mark(self, today: Date) -> StateMark {
        let label = self.state.label();
        match self.state {
            State::Announced if self.period.to < today => StateMark::new("waiting", "已过期，待说明", "○"),
            State::Announced if self.proposed => StateMark::new("disputed", "学校建议改期", "◆"),
            State::Announced if self.period.from <= today => StateMark::new("active", "进行中", "◐"),
            State::Announced => StateMark::new("pending", label, "○"),
            State::Held if self.withdrawn => StateMark::new("ended", "登记已撤回", "–"),
            State::Held => StateMark::new("done", label, "●"),
            State::NotHeld | State::Cancelled => StateMark::new("ended", label, "–"),
        }
    }
}

/// The life of an announcement, for the drawing: found by asking `apply` for everything on every side of its days.
pub fn life() -> lives::Life {
    let label = |id: &'static str| STEPS.iter().find(|(step, _)| *step == id).map_or("", |(_, label)| *label);
    let name = |state: State| Name { id: state.id(), label: state.label() };
    let action = |id: &'static str| Name { id, label: label(id) };
    let first = Move {
        from: None,
        action: action("announce"),
        when: "".into(),
        who: "helper",
        to: name(State::Announced),
    };
    let mut moves = vec![first];
    for state in State::ALL {
        for wanted in Action::ALL {
            for (who, standing) in
                [("helper", Standing::Announcer), ("county school", Standing::CountySchool)]
            {
                if let Some(next) = reached(state, wanted, standing) {
                    moves.push(Move {
                        from: Some(name(state)),
                        action: action(wanted.id()),
                        when: wanted.when(state).into(),
                        who,
                        to: name(next),
                    });
                }
            }
        }
    }
    lives::Life {
        resource: "announcement",
        title: "Announcement 日程预告",
        about: "A helper says that it will come; the county school may ask for another day. Nothing of it is counted.",
        moves,
    }
}

/// Where an action leads from a state, on whichever side of its days it is allowed.
fn reached(state: State, action: Action, standing: Standing) -> Option<State> {
    let day = Date::default();
    let life = Life { state, period: Period::day(day), proposed: true, withdrawn: true };
    let days = [-1, 0, 1].map(|offset| day + chrono::TimeDelta::days(offset));
    days.into_iter().find_map(|today| life.apply(action, standing, today).ok())
}

/// Whether an activity can be announced: a helper comes, the county school confirms, and it takes place on days that one
/// can name before. What is counted by a number on one day (pupils enrolled, enterprises found) is a result, not a visit.
pub fn can_announce(activity: &Activity) -> bool {
    let helper_claims = activity.claimed_by.iter().any(|side| matches!(side, Side::Lead | Side::Nearby));
    helper_claims
        && activity.confirmed_by == Confirmer::CountySchool
        && !activity.of_project
        && (activity.measure != Measure::Entered || activity.time == Time::Span)
}

/// Whether an organisation announces this on this pairing: it is the helper that will claim it.
pub fn announces(activity: &Activity, pairing: &PairingRow, org: &str) -> bool {
    let side = match org {
        _ if org == pairing.lead => Side::Lead,
        _ if org == pairing.nearby => Side::Nearby,
        _ => return false,
    };
    can_announce(activity) && activity.claimed_by.contains(&side)
}

/// Days of an announcement lie ahead, within a year and within the pairing.
pub fn check_days(today: Date, pairing: &PairingRow, period: Period) -> Result<(), FieldError> {
    let fail = |mistake: Mistake| Err(FieldError::new("from", mistake));
    if period.to < today {
        return fail(Code::InPast.says("预告的是还没有发生的事；已经做完的，请直接登记工作。"));
    }
    if period.to > today + chrono::TimeDelta::days(FARTHEST_DAYS) {
        return fail(Code::OutOfRange.says("日期太远，可能写错了年份；最多预告到一年以后。"));
    }
    let inside = |day| pairings::rules::runs(pairing.from_day, pairing.to_day, day);
    if inside(period.from) && inside(period.to) {
        Ok(())
    } else {
        fail(Code::NotInPeriod.says("这几天不在结对期内。"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(offset: i64) -> Date {
        "2026-11-24".parse::<Date>().unwrap() + chrono::TimeDelta::days(offset)
    }

    fn life(from: i64, to: i64) -> Life {
        let period = Period::new(day(from), day(to)).unwrap();
        Life { state: State::Announced, period, proposed: false, withdrawn: false }
    }

    #[test]
    fn before_the_day_it_moves_on_the_day_it_is_held_and_afterwards_it_is_asked_about() {
        use Action::{Accept, Cancel, Decline, Hold, NotHeld, Propose, Reschedule};
        let (today, ours) = (day(0), Standing::Announcer);
        assert_eq!(life(3, 3).allowed(ours, today), [Reschedule, Cancel]);
        assert_eq!(life(0, 0).allowed(ours, today), [Reschedule, Hold, Cancel]);
        assert_eq!(
            life(-2, 2).allowed(ours, today),
            [Reschedule, Cancel],
            "a stay is entered on its last day"
        );
        assert_eq!(life(-3, -1).allowed(ours, today), [Reschedule, Hold, NotHeld]);
        let asked = Life { proposed: true, ..life(3, 3) };
        assert_eq!(asked.allowed(ours, today), [Reschedule, Accept, Decline, Cancel]);
        assert_eq!(life(3, 3).allowed(Standing::CountySchool, today), [Propose]);
        assert_eq!(life(0, 0).allowed(Standing::CountySchool, today), []);
        assert_eq!(asked.allowed(Standing::Onlooker, today), []);
        let entered = Life { state: State::Held, ..life(-1, -1) };
        assert_eq!(entered.allowed(ours, today), []);
        let taken_back = Life { withdrawn: true, ..entered };
        assert_eq!(taken_back.allowed(ours, today), [Hold, NotHeld], "its entry was withdrawn");
    }

    #[test]
    fn every_state_reads_back_from_its_text() {
        for state in State::ALL {
            assert_eq!(State::try_from(state.id().to_owned()).unwrap(), state);
        }
        assert!(State::try_from("done".to_owned()).is_err());
    }

    proptest! {
        /// Whatever is pressed, by whomever, on whatever day: what is cancelled or did not happen stays so, what is held
        /// stays held until its entry is withdrawn, and nobody but the two sides moves anything.
        #[test]
        fn what_is_over_never_changes(
            steps in prop::collection::vec((0_usize..7, 0_usize..3, -20_i64..20, any::<bool>()), 0..30),
            from in -10_i64..10, length in 0_i64..10,
        ) {
            let mut life = life(from, from + length);
            for (action, standing, today, withdrawn) in steps {
                let standing = [Standing::Announcer, Standing::CountySchool, Standing::Onlooker][standing];
                life.withdrawn = withdrawn && life.state == State::Held;
                let (before, action, today) = (life, Action::ALL[action], day(today));
                let Ok(next) = life.apply(action, standing, today) else { continue };
                prop_assert!(before.state == State::Announced || before.withdrawn);
                prop_assert!(standing != Standing::Onlooker);
                prop_assert_eq!(standing == Standing::CountySchool, action == Action::Propose);
                prop_assert!(next != State::Held || before.withdrawn || today >= before.period.to);
                prop_assert!(before.allowed(standing, today).contains(&action));
                life.state = next;
                life.proposed = action == Action::Propose;
            }
        }
    }
}
