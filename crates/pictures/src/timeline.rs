//! What lies when: a row for each project or party, spans and days on a true axis of time.

use jiedui_kernel::Date;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    pub title: String,
    /// The first and the last day drawn.
    pub from: Date,
    pub to: Date,
    pub today: Option<Date>,
    pub rows: Vec<TimelineRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineRow {
    /// A heading is written where it differs from the row before.
    pub group: Option<String>,
    pub label: String,
    pub href: Option<String>,
    /// Beside the label: 已确认 13 / 90人次. Quantities are written, never drawn on the axis of time.
    pub note: Option<String>,
    pub spans: Vec<Span>,
    pub moments: Vec<Moment>,
}

/// From the first to the last day, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    pub to: Date,
    pub kind: SpanKind,
    pub label: String,
    pub href: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanKind {
    /// 计划: an outline.
    Planned,
    /// 已登记待确认: hatched.
    Claimed,
    /// 已确认: solid.
    Confirmed,
    /// 已逾期: crossed.
    Late,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub day: Date,
    pub kind: MomentKind,
    pub label: String,
    pub href: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MomentKind {
    /// 完成: a disc.
    Done,
    /// 预定: a ring.
    Coming,
    /// 期限: a diamond.
    Due,
}

impl Timeline {
    pub fn new(title: impl Into<String>, from: Date, to: Date) -> Self {
        Self { title: title.into(), from, to, today: None, rows: Vec::new() }
    }

    /// The days of one year.
    pub fn of_year(title: impl Into<String>, year: i32) -> Option<Self> {
        let from = Date::from_ymd_opt(year, 1, 1)?;
        Some(Self::new(title, from, Date::from_ymd_opt(year, 12, 31)?))
    }

    #[must_use]
    pub fn today(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }

    #[must_use]
    pub fn row(mut self, row: TimelineRow) -> Self {
        self.rows.push(row);
        self
    }
}

impl TimelineRow {
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            group: None,
            label: label.into(),
            href: None,
            note: None,
            spans: Vec::new(),
            moments: Vec::new(),
        }
    }

    #[must_use]
    pub fn in_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    #[must_use]
    pub fn moment(mut self, moment: Moment) -> Self {
        self.moments.push(moment);
        self
    }
}

impl Span {
    pub fn new(kind: SpanKind, (from, to): (Date, Date), label: impl Into<String>) -> Self {
        Self { from, to, kind, label: label.into(), href: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

impl Moment {
    pub fn new(kind: MomentKind, day: Date, label: impl Into<String>) -> Self {
        Self { day, kind, label: label.into(), href: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}
