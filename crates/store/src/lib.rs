//! The only crate that knows the database engines.
//!
//! * [`Db`] holds the connections; [`Tx`] is a transaction opened **for a [`Actor`]**: there is no other handle on data.
//! * [`sql!`] declares a statement once, as a constant. A statement is `scoped` (the scope of the caller is bound
//!   as `$1`, `$2` and today as `$3`), `free` (it names no scoped table), or `unscoped` with its reason.
//! * A write on a scoped table is declared `on` a row, and takes a [`Found`] one: what a scoped statement yielded.
//! * A statement with more than eight values is declared `by name` and called by [`named!`].
//! * Rows that are added many at a time are declared with [`rows!`] and given by [`line!`].
//! * A change of one row at the version it was read at is `versioned`: [`Versioned`] writes it or says that it was changed.
//!   On a scoped table it is `versioned on` the row, and takes a found one as well.
//! * [`list!`] declares the statements of a list: their number, and a page of rows in each order.
//! * [`Tx::commit`] refuses a transaction that wrote without leaving an audit leaf.
//! * The sequencer gives leaves their place in a Merkle tree; [`audit::verify`] recomputes all of it.
//!
//! Invariant: no SQL is ever made from text at run time; statements are `&'static str`.

mod args;
pub mod audit;
pub mod backup;
mod catalog;
mod db;
mod derived;
mod doubles;
mod engine;
mod fault;
mod flush;
mod follow;
mod found;
mod health;
mod image;
mod lease;
mod list;
mod named;
mod person_name;
mod pg_tools;
mod planning;
mod private;
mod referring;
mod replica;
mod rows;
mod same_person;
pub mod settings;
mod statement;
mod table;
pub mod testing;
mod tx;
mod versioned;
mod versions;
pub mod whole;
mod writer;

pub use args::Arg;
pub use db::{Db, Location};
pub use derived::Derived;
pub use follow::Follower;
pub use found::{Bounded, BoundedCall, Change, Found, Keyed, OnFound};
pub use inventory;
pub use list::{COUNTED, DeclaredList, List, ListCall, Order, Sort, all_lists};
pub use named::{Call, parameters};
pub use person_name::PersonName;
pub use pg_tools::PgTools;
pub use rows::{Rows, tuples};
pub use statement::{Kind, Listed, Statement, all_statements, recording};
pub use table::{Declared, Kept, Table, all_tables};
pub use tx::{AuditRecord, ByToken, Row, Tx};
pub use versioned::{Target, Versioned, VersionedCall, VersionedValues};
pub use versions::sqlite_version;

/// What this crate itself keeps.
pub const TABLES: &[Table] = &[
    table!(plain "setting"),
    table!(plain "health" outside "written to find out whether the database takes writes"),
    table!(plain "revision" outside "the count of audited writes; the check of the log compares it with the records"),
    table!(plain "audit_leaf" outside "the log itself").grows(),
    table!(plain "audit_sequencer" outside "the log itself"),
    table!(plain "audit_head" outside "the log itself"),
    table!(plain "audit_row" outside "which record last wrote a row; the check of the log trusts the records alone").grows(),
];
