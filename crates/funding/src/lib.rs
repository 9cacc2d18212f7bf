//! Money from plan to payment (S2.1, S2.2, S2.3, T1.2, T1.3, T9.3), in whole cents and without I/O.
//!
//! A [`Flow`] is one amount at one step: planned, applied for, approved, received, arrived by itself, paid, given back, or a value
//! in kind. A [`Balance`] is what flows add up to, whatever they are grouped by. Two equations hold for each:
//!
//! ```text
//! approved = received + outstanding
//! received + own = paid + returned + left
//! ```
//!
//! Received is what came of a promise, own what no promise carries; so an arrival is in exactly one of them. Values in kind are
//! in neither equation: nobody pays with a lathe.
//!
//! | to find | look in |
//! |---|---|
//! | sums by any cut, and how far a money has come | `balance` |
//! | what is late, and what may still be paid on a day | `dates` |
//! | what a pupil costs, and what share is paid to whom | `ratio` |

mod balance;
mod dates;
mod ratio;

pub use balance::{Amount, Balance, Flow, Stage, Step, by, total};
pub use dates::{Late, Refusal, Timed, check};
pub use ratio::{basis_points, each};
