//! The optimisation core of the pairing (G0.1, G1.1): every county school gets one lead college and one nearby school,
//! so that the sum of what is gained is the greatest possible, and anyone can check that it is.
//!
//! - [`Instance`]: the question, integers only; [`Instance::read`] tells every mistake with its place.
//! - [`solve()`]: the answer, with a certificate. Exact, deterministic, one thread or many.
//! - [`curve()`]: the best with none, one, two … changes of the present pairs.
//! - [`stability()`]: the nearest weight at which each pair has to go, and who comes instead.
//! - [`verify()`]: checks an answer against the question. Shares no code with the solver.
//!
//! Units: a score is a point; prices are millionths of a point ([`Price`]). File formats: `docs/matching.md`.

mod curve;
mod instance;
mod solution;
mod stability;
mod verify;

pub mod families;
mod solver;

pub use curve::{Curve, Step, curve};
pub use instance::{
    Assigned, CountySchool, Draft, FORMAT, Fixed, Instance, MAX_BYTES, Partner, Side, too_large,
};
pub use solution::{Certificate, Leaf, Limit, Node, Price, Reason, Solution, Split, Status, Warm};
pub use solver::{Options, solve};
pub use stability::{Going, Stability, WeightRange, stability};
pub use verify::{Proved, verify};
