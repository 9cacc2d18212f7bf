//! What a meeting may speak of, as the records offer it or as somebody wrote it down.

use super::super::data::TopicRow;
use super::parcel::Name;
use serde::Serialize;
use std::collections::BTreeSet;

/// Where a topic comes from, in the order in which they are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicKind {
    Overdue,
    Problem,
    Clock,
    /// A duty of which nothing was done though half of its time is over.
    Idle,
    Unpaired,
    Unsigned,
    Need,
    Unconfirmed,
    Returned,
    /// What another mechanism raises, with what it calls it.
    Raised(&'static str),
    Written,
}

impl TopicKind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Overdue => "过了期限的督办事项",
            Self::Problem => "学校的问题与诉求",
            Self::Clock => "有风险或已逾期的履职",
            Self::Idle => "本期一次都没有的履职",
            Self::Unpaired => "没有结对的学校",
            Self::Unsigned => "没有签协议的结对",
            Self::Need => "没有项目回应的需求",
            Self::Unconfirmed => "久未确认的台账",
            Self::Returned => "被退回的项目清单",
            Self::Raised(label) => label,
            Self::Written => "另提的",
        }
    }
}

/// Something that a meeting may speak of.
#[derive(Debug, Clone, Serialize)]
pub struct Topic {
    pub kind: TopicKind,
    /// What it is, for as long as it is there: `month:…`, `clock:…`.
    pub source: String,
    pub title: String,
    /// Where its rows stand.
    pub href: String,
    pub names: Vec<Name>,
    pub school: Option<String>,
    pub project: Option<String>,
    pub clause: String,
    /// Where it can be given to somebody without a meeting.
    pub assign: Option<String>,
}

impl Topic {
    pub fn new(kind: TopicKind, source: String, title: String, href: String) -> Self {
        Self {
            kind,
            source,
            title,
            href,
            names: Vec::new(),
            school: None,
            project: None,
            clause: String::new(),
            assign: None,
        }
    }

    /// What somebody wrote down.
    pub fn written(title: &str) -> Self {
        Self::new(TopicKind::Written, String::new(), title.to_owned(), String::new())
    }

    /// Whether the same names stood behind it on an agenda.
    pub fn same_names(&self, row: &TopicRow) -> bool {
        let before: Vec<Name> = serde_json::from_str(&row.names).unwrap_or_default();
        let set = |names: &[Name]| names.iter().map(|one| one.label.clone()).collect::<BTreeSet<_>>();
        set(&self.names) == set(&before)
    }
}
