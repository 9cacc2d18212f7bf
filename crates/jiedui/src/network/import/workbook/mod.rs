//! Its workbooks, in and out.

pub mod book;
pub mod export;
pub mod lineage;
pub mod pairs;
pub mod people;
pub mod plan;
pub mod report;
pub mod schools;
pub mod spec;
