//! A list as a workbook in the layout of an official table, out and back in. What is wrong is reported at its cell, and one
//! mistake keeps everything out.

mod export;
mod import;
mod rows;

pub use export::export;
pub use import::{FROM_TABLE, form, import, read};
