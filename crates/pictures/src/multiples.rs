//! Small multiples: a panel for each school or city, all on one scale, so that they are compared at a glance.

use jiedui_kernel::{Reported, Unit};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multiples {
    pub title: String,
    pub unit: Unit,
    /// What the columns of every panel are: 2024年, 2025年, 2026年, or months.
    pub ticks: Vec<String>,
    pub panels: Vec<Panel>,
}

/// One panel is one link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    pub label: String,
    pub href: Option<String>,
    /// One for each tick; fewer where the rest is not known yet.
    pub values: Vec<Reported<i64>>,
}

impl Multiples {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        ticks: impl IntoIterator<Item = S>,
    ) -> Self {
        let ticks = ticks.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, ticks, panels: Vec::new() }
    }

    #[must_use]
    pub fn panel(mut self, panel: Panel) -> Self {
        self.panels.push(panel);
        self
    }
}

impl Panel {
    pub fn new(label: impl Into<String>, values: Vec<Reported<i64>>) -> Self {
        Self { label: label.into(), href: None, values }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}
