//! Allocation with a stated preference (T4.6, T5.6, T7.4, T12.4, S4.4): a whole number of places, teams or yuan is divided
//! among claimants in proportion to base × weight, between a floor and a cap, so that anyone can check who got what and
//! why, and what the preference costs the others. Whole numbers only, no rounding on the way, no I/O.
//!
//! - [`allocate()`]: the shares, each with its exact quota and with what floor, cap and rounding did to it.
//! - [`compare()`]: the same with and without the preference.
//! - [`changes()`]: two allocations of the same claimants side by side, whatever differs between them.
//!
//! # The problem
//! With total `N`, claims `c = base × weight`, floor `f` and cap `k`, the *entitlement* of a claimant is `λc`, held between
//! `f` and `k`, where `λ` is the one multiplier for which the entitlements add up to `N`. It is a fraction; what is given is
//! whole. How to round is a choice between promises that no method keeps together (Balinski and Young, *Fair
//! Representation*, Yale University Press 1982, second edition Brookings 2001, theorem 6.1), so there are two methods:
//!
//! | promise | [largest remainder][Method::LargestRemainder] (Hamilton, Hare–Niemeyer) | [highest averages][Method::HighestAverages] (Webster, Sainte-Laguë) |
//! |---|---|---|
//! | adds up to the total; floor and cap kept | yes | yes |
//! | does not depend on the order of the input, or on the unit of the bases | yes | yes |
//! | nobody is one or more away from the entitlement | yes | no, though seldom |
//! | nobody gets less because *more* is divided | **no** (the Alabama paradox) | yes |
//! | nobody gets less because the *own* weight or base rose | yes | yes |
//! | no preferred claimant gets less because of the preference, nobody else more | **no** | yes |
//!
//! Every line is a test: `tests/properties.rs` has what holds, `tests/paradoxes.rs` an example for each "no". The last line
//! is population monotonicity where all weights of one group rise by the same factor. A largest remainder can break it
//! because the weight moves all remainders at once; Webster cannot, since it ranks single seats by `c / (2a + 1)`, and two
//! claimants of the group stay in the same ratio.
//!
//! # Ties
//! Equal remainders or averages are equal exactly, never "nearly", and go by the official order of divisions and then by
//! id ([`Claimant::division`], [`Claimant::id`]). A share that was decided so says it ([`Share::tied`]).

mod averages;
mod claims;
mod compare;
mod entitlement;
mod fraction;
mod question;
mod remainders;
mod share;

pub use compare::{Change, Comparison, changes, compare};
pub use fraction::Fraction;
pub use question::{Claimant, EVEN, MAX_AMOUNT, MAX_BASE, MAX_CLAIMANTS, MAX_WEIGHT, Method, Refusal, Rule};
pub use share::{Allocation, Bound, Rounding, Share, allocate};
