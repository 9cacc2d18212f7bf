//! Its pages.

pub mod choices;
pub mod compare;
pub mod downloads;
pub mod hand;
pub mod limits;
pub mod list;
pub mod map;
pub mod preferences;
pub mod publishing;
pub mod results;
pub mod school;
pub mod studio;
pub mod views;
