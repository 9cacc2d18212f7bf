//! Its pages.

pub mod catalogue;
pub mod demand;
pub mod offer;
pub mod overview;
pub mod school;
pub mod seen;
pub mod survey;
pub mod years;
