//! The words that every part of the house shares. Pure: the only calls to the outside are the system clock and the
//! system's random source, each behind a type that tests replace.

mod actor;
mod cause;
mod clock;
mod credit_code;
mod error;
mod hex;
mod id;
mod mistake;
mod months;
pub mod names;
mod period;
mod quantity;
mod random;
pub mod testing;
pub mod typed;
mod workdays;

pub use actor::{Actor, ActorKind, Scope};
pub use cause::{caused, of_file, remedy};
pub use clock::{Clock, Date, Instant, shanghai_date, shanghai_time};
pub use credit_code::{CreditCode, credit_code};
pub use error::{Error, FieldError, Result};
pub use hex::hex;
pub use id::Id;
pub use mistake::{Code, Mistake};
pub use months::{MONTHS, Months};
pub use period::{Period, union_days};
pub use quantity::{Quantity, Reported, Unit, UnitMismatch};
pub use random::Random;
pub use workdays::Workdays;
