//! What a closed meeting keeps: one text with agenda, decisions, attendance, papers and minutes, which says everything by
//! itself.

use crate::shared::frozen::Stamp;
use jiedui_kernel::Date;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingParcel {
    pub meeting: String,
    pub kind: String,
    pub title: String,
    pub host: String,
    pub host_name: String,
    pub on: Date,
    pub at: String,
    pub place: String,
    #[serde(flatten)]
    pub stamp: Stamp,
    pub attendance: Vec<Attendance>,
    pub agenda: Vec<AgendaItem>,
    pub pack: Pack,
    pub minutes: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    pub org: String,
    pub name: String,
    pub attended: bool,
    pub persons: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    pub topic: String,
    pub title: String,
    pub source: String,
    pub href: String,
    pub names: Vec<Name>,
    pub decisions: Vec<Decided>,
}

/// A name behind a topic, with the address of its row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    pub href: String,
    pub label: String,
    /// The county school that it is about, while it is offered; an agenda keeps what people read.
    #[serde(skip)]
    pub school: String,
}

impl Name {
    pub fn new(href: impl Into<String>, label: impl Into<String>, school: &str) -> Self {
        Self { href: href.into(), label: label.into(), school: school.to_owned() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    pub id: String,
    pub text: String,
    pub owner: String,
    pub owner_name: String,
    pub due: Date,
    pub school: Option<String>,
    pub project: Option<String>,
    pub clause: String,
}

/// The papers: what moved since the meeting before. What did not move is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The months that it tells of, as 202611.
    pub months: (i64, i64),
    pub figures: Vec<PackFigure>,
    pub followups: Vec<PackFollowup>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFigure {
    pub indicator: String,
    pub name: String,
    pub claimed: i64,
    pub confirmed: i64,
}

/// Something that an earlier meeting decided, as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFollowup {
    pub id: String,
    pub text: String,
    pub owner_name: String,
    pub due: Date,
    /// In the words of the page.
    pub standing: String,
}
