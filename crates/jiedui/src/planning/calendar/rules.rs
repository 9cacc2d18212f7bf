//! Pure decisions: the life of an announcement, who may do what to it, and what can be announced at all.

use jiedui_kernel::{Date, Error, Period};
use jiedui_programme::{Activity, Confirmer, Side};
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
}

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
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotYours => Self::Forbidden("预告由来访的院校自己维护；学校可以建议改期。".to_owned()),
            Refusal::Over => Self::Conflict("这次预告已经有了结果，没有再改。".to_owned()),
            Refusal::NothingProposed => Self::Conflict("没有等待答复的改期建议。".to_owned()),
            Refusal::Begun => Self::Conflict("已经到了预告的日期，不能再建议改期。".to_owned()),
            Refusal::NotYet => Self::Conflict("还没有到预告的最后一天，到时再登记。".to_owned()),
            Refusal::StillAhead => Self::Conflict("预告的日期还没有过去；要改日期或取消，请用相应的按钮。".to_owned()),
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
        if self.state != State::Announced {
            return Err(Refusal::Over);
        }
        match action {
            Action::Reschedule => Ok(State::Announced),
            Action::Propose if self.period.from <= today => Err(Refusal::Begun),
            Action::Propose => Ok(State::Announced),
            Action::Accept | Action::Decline if !self.proposed => Err(Refusal::NothingProposed),
            Action::Accept | Action::Decline => Ok(State::Announced),
            Action::Hold if self.period.to > today => Err(Refusal::NotYet),
            Action::Hold => Ok(State::Held),
            Action::NotHeld if self.period.to >= today => Err(Refusal::StillAhead),
            Action::NotHeld => Ok(State::NotHeld),
            Action::Cancel => Ok(State::Cancelled),
        }
    }

    /// What the caller may do now: the actions that [`Life::apply`] allows.
    pub fn allowed(self, standing: Standing, today: Date) -> Vec<Action> {
        Action::ALL.into_iter().filter(|action| self.apply(*action, standing, today).is_ok()).collect()
    }

    pub fn mark(self, today: Date) -> StateMark {
        match self.state {
            State::Announced if self.proposed => StateMark::new("disputed", "学校建议改期", "◆"),
            State::Announced if self.period.to < today => StateMark::new("waiting", "已过期，待说明", "○"),
            State::Announced if self.period.from <= today => StateMark::new("active", "进行中", "◐"),
            State::Announced => StateMark::new("pending", "已预告", "○"),
            State::Held => StateMark::new("done", "已登记", "●"),
            State::NotHeld => StateMark::new("ended", "没有成行", "–"),
            State::Cancelled => StateMark::new("ended", "已取消", "–"),
        }
    }
}

/// Whether an activity can be announced: a helper comes, the county school will confirm, and nothing else must be filled
/// in than what can be known before.
pub fn can_announce(activity: &Activity) -> bool {
    let helper_claims = activity.claimed_by.iter().any(|side| matches!(side, Side::Lead | Side::Nearby));
    helper_claims
        && activity.confirmed_by == Confirmer::CountySchool
        && !activity.of_project
        && activity.fields.iter().all(|field| !field.required)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(offset: i64) -> Date {
        "2026-11-24".parse::<Date>().unwrap() + chrono::TimeDelta::days(offset)
    }

    fn life(from: i64, to: i64) -> Life {
        Life { state: State::Announced, period: Period::new(day(from), day(to)).unwrap(), proposed: false }
    }

    #[test]
    fn before_the_day_it_moves_on_the_day_it_is_held_and_afterwards_it_is_asked_about() {
        use Action::{Accept, Cancel, Decline, Hold, NotHeld, Propose, Reschedule};
        let (today, ours) = (day(0), Standing::Announcer);
        assert_eq!(life(3, 3).allowed(ours, today), [Reschedule, Cancel]);
        assert_eq!(life(0, 0).allowed(ours, today), [Reschedule, Hold, Cancel]);
        assert_eq!(life(-2, 2).allowed(ours, today), [Reschedule, Cancel], "a stay is entered on its last day");
        assert_eq!(life(-3, -1).allowed(ours, today), [Reschedule, Hold, NotHeld, Cancel]);
        let asked = Life { proposed: true, ..life(3, 3) };
        assert_eq!(asked.allowed(ours, today), [Reschedule, Accept, Decline, Cancel]);
        assert_eq!(life(3, 3).allowed(Standing::CountySchool, today), [Propose]);
        assert_eq!(life(0, 0).allowed(Standing::CountySchool, today), []);
        assert_eq!(asked.allowed(Standing::Onlooker, today), []);
    }

    #[test]
    fn every_state_reads_back_from_its_text() {
        for state in State::ALL {
            assert_eq!(State::try_from(state.id().to_owned()).unwrap(), state);
        }
        assert!(State::try_from("done".to_owned()).is_err());
    }

    proptest! {
        /// Whatever is pressed, by whomever, on whatever day: what is over stays as it is.
        #[test]
        fn what_is_over_never_changes(
            steps in prop::collection::vec((0_usize..7, 0_usize..3, -20_i64..20), 0..30),
            from in -10_i64..10, length in 0_i64..10,
        ) {
            let mut life = life(from, from + length);
            for (action, standing, today) in steps {
                let standing = [Standing::Announcer, Standing::CountySchool, Standing::Onlooker][standing];
                let before = life.state;
                if let Ok(next) = life.apply(Action::ALL[action], standing, day(today)) {
                    prop_assert_eq!(before, State::Announced);
                    prop_assert!(standing != Standing::Onlooker);
                    life.state = next;
                    life.proposed = Action::ALL[action] == Action::Propose;
                }
            }
        }
    }
}
