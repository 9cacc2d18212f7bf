//! What the desk shows: each mechanism says what it wants from the caller, the desk puts it in order.

use jiedui_kernel::{Reported, Unit};
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;

/// How a task stands to the others: what others wait for comes before what runs out, and that before what is to be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    Awaited,
    RunningOut,
    ToBegin,
}

#[derive(Serialize)]
pub struct Task {
    #[serde(skip)]
    pub urgency: Urgency,
    pub title: String,
    pub href: String,
    pub why: String,
    /// What somebody else said, in its own words.
    pub said: String,
    pub clause: Option<ClauseChip>,
    /// What is still to be done.
    pub need: Option<Figure>,
    pub due: Option<String>,
    pub left: Option<Figure>,
    pub state: StateMark,
    pub act: Option<Act>,
    /// That somebody urged about it, and with which words.
    pub urged: Option<Urged>,
}

/// Somebody urged about a thing that stands on the desk.
#[derive(Debug, Clone, Serialize)]
pub struct Urged {
    pub href: String,
    pub by: String,
    pub when: String,
    pub words: String,
}

#[derive(Serialize)]
pub struct ClauseChip {
    id: String,
}

#[derive(Serialize)]
pub struct Act {
    pub label: String,
    pub href: String,
    pub kind: &'static str,
}

impl Act {
    pub fn go(label: &str, href: impl Into<String>) -> Self {
        Self { label: label.to_owned(), href: href.into(), kind: "plain" }
    }

    /// The one thing that this page is for.
    pub fn primary(label: &str, href: impl Into<String>) -> Self {
        Self { kind: "primary", ..Self::go(label, href) }
    }
}

impl Task {
    /// Somebody waits for it; it opens where it is done.
    pub fn new(title: impl Into<String>, why: impl Into<String>, state: StateMark, act: Act) -> Self {
        Self {
            urgency: Urgency::Awaited,
            title: title.into(),
            href: act.href.clone(),
            why: why.into(),
            said: String::new(),
            clause: None,
            need: None,
            due: None,
            left: None,
            state,
            act: Some(act),
            urged: None,
        }
    }

    /// One line for all of a kind, because a list stands behind it; where it is one alone, that one opens.
    pub fn gathered(
        count: usize,
        (one, all): (&str, &str),
        (title, why): (&str, &str),
        state: StateMark,
    ) -> Option<Self> {
        let href = match count {
            0 => return None,
            1 => one,
            _ => all,
        };
        let count = Figure::of(Reported::Value(count as i64), Unit::Items, href, title);
        Some(Self { need: Some(count), ..Self::new(title, why, state, Act::go("去处理", href)) })
    }

    /// Nobody waits yet: it is to be begun.
    pub fn to_begin(self) -> Self {
        Self { urgency: Urgency::ToBegin, ..self }
    }

    pub fn clause(self, id: &str) -> Self {
        Self { clause: Some(ClauseChip { id: id.to_owned() }), ..self }
    }

    pub fn due(self, due: Option<jiedui_kernel::Date>) -> Self {
        Self { due: due.map(|day| day.to_string()), ..self }
    }

    /// The words of somebody else, shown as such.
    pub fn said(self, words: String) -> Self {
        Self { said: words, ..self }
    }
}

/// Something waits for the caller.
pub fn pending(label: &'static str) -> StateMark {
    StateMark::new("pending", label, "○")
}

/// Something came back to the caller.
pub fn returned() -> StateMark {
    StateMark::new("disputed", "已退回", "◆")
}
