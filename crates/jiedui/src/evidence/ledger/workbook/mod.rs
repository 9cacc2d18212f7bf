//! The ledger and workbooks: entries from one, and the list as one.

pub mod export;
pub mod import;
mod row;
mod sheet;
pub mod slices;
