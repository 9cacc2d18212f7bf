//! What a school leaves open that is no more. The registry, which knows that a school was merged or closed, stands below
//! those who keep its needs and projects: each says in its manifest what of them is open, and does with it as was said, in
//! the same transaction (docs/decisions/0088).

use jiedui_kernel::{Date, Result};
use jiedui_store::Tx;
use std::future::Future;
use std::pin::Pin;

/// What becomes of what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftCourse {
    /// Nothing yet: it is only told.
    Open,
    GoesOver,
    Closes,
}

/// How the school that it was merged into will stand when what is told comes true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreseen {
    /// It is a county school today.
    pub is_county_school: bool,
    /// A pairing of it as county school runs on the day or after it.
    pub is_paired: bool,
}

/// A school that is no more from a day on.
#[derive(Debug, Clone, Copy)]
pub struct LeftBy<'a> {
    pub school: &'a str,
    /// The school that it was merged into, where the registry has that.
    pub successor: Option<&'a str>,
    /// Of the successor, where a file is only looked at and brings it or changes it: nothing of that is written yet. None where
    /// what is written says it.
    pub foreseen: Option<Foreseen>,
    pub day: Date,
    pub reason: &'a str,
    pub course: LeftCourse,
}

impl LeftBy<'_> {
    /// The last day of the school.
    pub fn last(&self) -> Date {
        self.day.pred_opt().unwrap_or(self.day)
    }
}

/// Something that is open.
#[derive(Debug, Clone)]
pub struct LeftThing {
    /// What it is, by its name.
    pub what: String,
    /// Whether somebody says what becomes of it. What nobody takes over ends unasked.
    pub asked: bool,
    /// Why it cannot go over; none where it can.
    pub stays: Option<&'static str>,
}

pub type Settling<'a> = Pin<Box<dyn Future<Output = Result<Vec<LeftThing>>> + Send + 'a>>;

/// Tells what is open, and does with it as was said. What cannot go over is left as it was: who asked for it is told why.
pub type LeftOpen = for<'a> fn(&'a mut Tx, LeftBy<'a>) -> Settling<'a>;
