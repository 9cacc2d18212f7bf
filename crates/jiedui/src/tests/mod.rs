//! Tests that read the whole: every statement, every route with every role, every page of the demonstration.

mod access;
mod at_once;
mod bad_input;
mod crawl;
mod faults;
mod found;
mod growth;
mod help;
mod line;
mod listings;
mod lives;
mod manifests;
mod names;
mod papers;
mod plans;
mod recomputed;
mod scan;
mod sent;
mod sentences;
mod statements;
mod tables;
mod tamper;
mod thread;
mod walk;
mod whole;
mod years;
