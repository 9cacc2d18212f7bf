//! Tests that read the whole: every statement, every route with every role, every page of the demonstration.

mod access;
mod statements;
mod thread;
