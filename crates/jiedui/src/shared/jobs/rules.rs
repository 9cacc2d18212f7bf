//! The life of a job, and how often it is tried.

use crate::shared::lives::{self, Move, Name};
use chrono::TimeDelta;
use jiedui_kernel::Error;
use jiedui_web::figure::StateMark;

/// So often it is tried before it has failed.
pub const MOST_ATTEMPTS: i64 = 3;
/// Whoever works on one says so again and again; not heard of for so long, it is taken up by another.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How long what was made can be taken down.
pub const KEPT: TimeDelta = TimeDelta::days(7);
/// So many of one account wait or are worked on at a time.
pub const MOST_OF_ONE: i64 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    pub fn id(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Queued => "排队中",
            Self::Running => "正在处理",
            Self::Done => "已完成",
            Self::Failed => "未完成",
            Self::Cancelled => "已取消",
        }
    }

    pub fn mark(self) -> StateMark {
        let (key, mark) = match self {
            Self::Queued => ("waiting", "○"),
            Self::Running => ("waiting", "◐"),
            Self::Done => ("done", "●"),
            Self::Failed => ("missed", "■"),
            Self::Cancelled => ("none", "–"),
        };
        StateMark::new(key, self.label(), mark)
    }

    pub fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// The only way on.
    pub fn apply(self, action: Action) -> Result<Self, Refusal> {
        match (self, action) {
            (Self::Queued, Action::Claim) => Ok(Self::Running),
            // Its worker is heard of no more.
            (Self::Running, Action::Claim) => Ok(Self::Running),
            (Self::Running, Action::Finish) => Ok(Self::Done),
            (Self::Running, Action::Fail) => Ok(Self::Failed),
            (Self::Running, Action::Retry) => Ok(Self::Queued),
            (Self::Queued | Self::Running, Action::Cancel) => Ok(Self::Cancelled),
            _ => Err(Refusal),
        }
    }
}

impl TryFrom<String> for State {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|state| state.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("job.state is “{text}”")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Claim,
    Finish,
    Fail,
    Retry,
    Cancel,
}

impl Action {
    pub const ALL: [Self; 5] = [Self::Claim, Self::Finish, Self::Fail, Self::Retry, Self::Cancel];

    pub fn id(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Finish => "finish",
            Self::Fail => "fail",
            Self::Retry => "retry",
            Self::Cancel => "cancel",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Claim => "开始处理",
            Self::Finish => "完成",
            Self::Fail => "未完成",
            Self::Retry => "稍后重试",
            Self::Cancel => "取消",
        }
    }

    fn when(self, from: State) -> &'static str {
        match self {
            Self::Claim if from == State::Running => "its lease has ended",
            Self::Claim => "it is due",
            Self::Retry => "the fault may pass, and it was not tried too often",
            _ => "",
        }
    }
}

/// It has ended, or is in somebody else's hands by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal;

impl From<Refusal> for Error {
    fn from(_: Refusal) -> Self {
        Self::Conflict(ENDED.to_owned())
    }
}

/// What is said where it went on meanwhile.
pub const ENDED: &str = "这项任务刚刚已经结束或有了进展，没有再改。请看现在的状态。";

/// How long it waits before it is tried again, by how often it was tried.
pub fn back_off(attempts: i64) -> TimeDelta {
    TimeDelta::seconds(15) * 4_i32.pow(attempts.clamp(1, 6) as u32 - 1)
}

/// Whether trying again may help.
pub fn may_pass(fault: &Error) -> bool {
    matches!(
        fault,
        Error::Unavailable(_)
            | Error::OutcomeUnknown(_)
            | Error::Internal(_)
            | Error::Conflict(_)
            | Error::NotNow(_)
    )
}

/// The words for whoever queued it; `left` says what is left of it.
pub fn describe(fault: &Error, left: &str) -> String {
    match fault {
        Error::Invalid(errors) => {
            errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("\n")
        }
        Error::Conflict(words) | Error::NotNow(words) | Error::TooLarge(words) => words.clone(),
        Error::Forbidden(_) => "这个账号现在没有做这件事的权限。".to_owned(),
        Error::NotFound => "要处理的内容已经不在，或您现在看不到它。".to_owned(),
        _ => format!("系统出错，没有完成；{left}。请稍后再试；仍不行请联系系统管理员。"),
    }
}

/// For the drawing.
pub fn life() -> lives::Life {
    let name = |state: State| Name { id: state.id(), label: state.label() };
    let queued = Move {
        from: None,
        action: Name { id: "queue", label: "提交" },
        when: "".into(),
        who: "account",
        to: name(State::Queued),
    };
    let moves = State::ALL.into_iter().flat_map(|from| {
        Action::ALL.into_iter().filter_map(move |action| {
            let to = from.apply(action).ok()?;
            let who = if action == Action::Cancel { "account, system administrator" } else { "worker" };
            let action_name = Name { id: action.id(), label: action.label() };
            let (from_name, when) = (Some(name(from)), action.when(from).into());
            Some(Move { from: from_name, action: action_name, when, who, to: name(to) })
        })
    });
    lives::Life {
        resource: "job",
        title: "Job 后台任务",
        about: "Work that is too long for an answer; queued by an account, done by a server or worker (`shared/jobs`).",
        moves: std::iter::once(queued).chain(moves).collect(),
    }
}
