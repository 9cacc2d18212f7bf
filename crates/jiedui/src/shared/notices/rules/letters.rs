//! The life of a letter: queued, claimed before it is sent, tried again with growing waits, given up.

use crate::shared::lives::{self, Move, Name};
use chrono::TimeDelta;
use jiedui_kernel::Error;
use jiedui_web::figure::StateMark;

/// So often a letter is tried before it is given up.
pub const MOST_ATTEMPTS: i64 = 6;
/// A letter that was claimed for so long and is not said to be sent: whoever sent it stopped in between.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How long those that were sent or given up can be looked up.
pub const KEPT: TimeDelta = TimeDelta::days(90);
/// The longest fault that is kept, in characters.
pub const FAULT: usize = 300;

/// How long it waits before it is tried again, by how often it was tried.
pub fn back_off(attempts: i64) -> TimeDelta {
    TimeDelta::minutes(5) * 2_i32.pow(attempts.clamp(1, 7) as u32 - 1)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    Sending,
    Sent,
    /// Perhaps it was sent: it is not sent again, because nobody should get it twice.
    Unsure,
    /// There is no such address.
    Refused,
    Failed,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Sending, Self::Sent, Self::Unsure, Self::Refused, Self::Failed];

    pub fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Unsure => "unsure",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待发送",
            Self::Sending => "正在发送",
            Self::Sent => "已发送",
            Self::Unsure => "不确定是否发出",
            Self::Refused => "地址被拒收",
            Self::Failed => "没有发出",
        }
    }

    pub fn mark(self) -> StateMark {
        let (key, mark) = match self {
            Self::Waiting => ("waiting", "○"),
            Self::Sending => ("waiting", "◐"),
            Self::Sent => ("done", "●"),
            Self::Unsure => ("open", "◆"),
            Self::Refused | Self::Failed => ("missed", "■"),
        };
        StateMark::new(key, self.label(), mark)
    }

    /// The only way on.
    pub fn apply(self, outcome: Outcome, attempts: i64) -> Result<Self, Refusal> {
        match (self, outcome) {
            (Self::Waiting, Outcome::Claimed) => Ok(Self::Sending),
            (Self::Sending, Outcome::Taken) => Ok(Self::Sent),
            (Self::Sending, Outcome::NoAnswer | Outcome::Lost) => Ok(Self::Unsure),
            (Self::Sending, Outcome::NoSuchAddress) => Ok(Self::Refused),
            (Self::Sending, Outcome::NotNow) if attempts < MOST_ATTEMPTS => Ok(Self::Waiting),
            (Self::Sending, Outcome::NotNow | Outcome::Never) => Ok(Self::Failed),
            // Nobody wants it any more, or there is nobody to send it to.
            (Self::Waiting, Outcome::Never) => Ok(Self::Failed),
            _ => Err(Refusal),
        }
    }
}

impl TryFrom<String> for State {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|state| state.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("letter.state is “{text}”")))
    }
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Claimed,
    Taken,
    /// The server was given the letter and did not say whether it took it.
    NoAnswer,
    /// Nothing was heard of whoever claimed it.
    Lost,
    NoSuchAddress,
    /// The server does not answer, or asks to try later.
    NotNow,
    Never,
}

impl Outcome {
    pub const ALL: [Self; 7] = [
        Self::Claimed,
        Self::Taken,
        Self::NoAnswer,
        Self::Lost,
        Self::NoSuchAddress,
        Self::NotNow,
        Self::Never,
    ];

    fn name(self) -> Name {
        let (id, label) = match self {
            Self::Claimed => ("claim", "开始发送"),
            Self::Taken => ("taken", "对方收下"),
            Self::NoAnswer => ("no_answer", "交出后没有回音"),
            Self::Lost => ("lost", "发送时中断"),
            Self::NoSuchAddress => ("no_such_address", "没有这个地址"),
            Self::NotNow => ("not_now", "暂时发不出"),
            Self::Never => ("never", "不再发送"),
        };
        Name { id, label }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal;

impl From<Refusal> for Error {
    fn from(_: Refusal) -> Self {
        Self::Conflict("这封信刚刚已经处理过，没有再动。".to_owned())
    }
}

/// For the drawing.
pub fn life() -> lives::Life {
    let name = |state: State| Name { id: state.id(), label: state.label() };
    let queued = Move {
        from: None,
        action: Name { id: "queue", label: "排队" },
        when: "".into(),
        who: "the turn of the day, or whoever asks for a code",
        to: name(State::Waiting),
    };
    let moves = State::ALL.into_iter().flat_map(|from| {
        Outcome::ALL.into_iter().flat_map(move |outcome| {
            let early = from.apply(outcome, 1).ok();
            let late = from.apply(outcome, MOST_ATTEMPTS).ok().filter(|to| Some(*to) != early);
            let one = move |to: State, when: &'static str| Move {
                from: Some(name(from)),
                action: outcome.name(),
                when: when.into(),
                who: "sender",
                to: name(to),
            };
            let early_when = if late.is_some() { "not tried too often" } else { "" };
            [early.map(|to| one(to, early_when)), late.map(|to| one(to, "tried too often"))]
                .into_iter()
                .flatten()
        })
    });
    lives::Life {
        resource: "letter",
        title: "Letter 邮件与群消息",
        about: "What goes out to people: claimed before it is sent, so that nobody gets it twice (`shared/notices`).",
        moves: std::iter::once(queued).chain(moves).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_an_end() {
        for state in [State::Sent, State::Unsure, State::Refused, State::Failed] {
            assert!(Outcome::ALL.into_iter().all(|outcome| state.apply(outcome, 1).is_err()), "{state:?}");
        }
    }

    #[test]
    fn a_server_that_does_not_answer_is_asked_less_and_less_and_then_no_more() {
        let waits: Vec<i64> = (1..MOST_ATTEMPTS).map(|attempt| back_off(attempt).num_minutes()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80]);
        assert_eq!(State::Sending.apply(Outcome::NotNow, MOST_ATTEMPTS - 1), Ok(State::Waiting));
        assert_eq!(State::Sending.apply(Outcome::NotNow, MOST_ATTEMPTS), Ok(State::Failed));
    }

    #[test]
    fn what_may_have_been_sent_is_not_sent_again() {
        assert_eq!(State::Sending.apply(Outcome::NoAnswer, 1), Ok(State::Unsure));
        assert_eq!(State::Sending.apply(Outcome::Lost, 1), Ok(State::Unsure));
    }
}
