//! Assessment by outcomes from each one's own baseline (S4.3): every indicator gives a share of its weight by steps, the
//! weighted sum falls into a band, and what is said of a result depends on the weights, which are arbitrary: so it is said
//! how much it does. Whole numbers only, no rounding on the way, no I/O, no clock, no randomness of its own.
//!
//! - [`mark()`]: what one value gives, by which step, and the nearest value that gives more.
//! - [`assess()`]: points and band of every unit.
//! - [`sensitivity()`]: which bands and which order of two units depend on the weights.
//!
//! # Unknown is not zero
//! A unit whose value or baseline is not known has neither zero nor full points for it: it has the least and the most that can
//! come of it. A band is given only where both lie in it. So nobody gains by staying silent, and nobody loses by a gap that
//! is somebody else's.
//!
//! # Sensitivity
//! With every weight free within ± `spread` permille of itself:
//!
//! | question | answer | how |
//! |---|---|---|
//! | which bands can a unit fall into | exact | a band from `t` can be reached where `Σ w (p − t) ≥ 0` for some weights; each weight is set to the end that helps |
//! | is one unit never behind another | exact | `min Σ w (p − q) ≥ 0`, likewise; [`Standing::open`] counts those for which neither holds |
//! | at which places does a unit come | sampled, and bounded exactly | thousands of weightings, drawn from a seed; [`Standing::bounds`] is what dominance leaves |
//!
//! What was drawn is a part of what is possible, never more: the tests hold the one within the other.

mod assess;
mod mark;
mod rng;
mod scheme;
mod sensitivity;

pub use assess::{Assessed, Assessment, assess};
pub use mark::{Mark, Missing, Next, mark};
pub use scheme::{
    Direction, FULL, Given, MAX_INDICATORS, MAX_UNITS, MAX_VALUE, MAX_WEIGHT, Measure, Refusal, Scale,
    Scheme, Step, Unit, Weighted,
};
pub use sensitivity::{Sampling, Sensitivity, Standing, sensitivity};
