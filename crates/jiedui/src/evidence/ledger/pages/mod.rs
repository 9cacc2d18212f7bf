//! The pages of the ledger, each with what it shows again when something is wrong.

pub mod attach;
pub mod attached;
pub mod edit;
pub mod form;
pub mod join;
pub mod list;
pub mod replies;
pub mod show;
