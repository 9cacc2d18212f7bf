//! How many remain from step to step: enrolled, graduates, employed.

use crate::mark::Mark;
use jiedui_kernel::Unit;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funnel {
    pub title: String,
    pub unit: Unit,
    pub steps: Vec<FunnelStep>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelStep {
    pub mark: Mark,
    /// Whether it is a part of the step before, so that a share can be written; enrolment of this year and graduates of
    /// this year are not.
    pub of_the_above: bool,
}

impl Funnel {
    pub fn new(title: impl Into<String>, unit: Unit) -> Self {
        Self { title: title.into(), unit, steps: Vec::new() }
    }

    /// A step that is part of the one above it.
    #[must_use]
    pub fn step(mut self, mark: Mark) -> Self {
        let of_the_above = !self.steps.is_empty();
        self.steps.push(FunnelStep { mark, of_the_above });
        self
    }

    /// A step that is no part of the one above it: no share is written.
    #[must_use]
    pub fn other_step(mut self, mark: Mark) -> Self {
        self.steps.push(FunnelStep { mark, of_the_above: false });
        self
    }
}
