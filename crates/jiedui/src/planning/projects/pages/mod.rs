//! Pages of lists and projects.

pub mod edit;
pub mod filing;
mod form;
mod index;
pub mod list;
pub mod lists;
pub mod show;
pub mod views;
pub mod year;
