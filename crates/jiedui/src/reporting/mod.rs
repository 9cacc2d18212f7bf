//! What is reported upwards without being filled in: the month (S1.3).

pub mod monthly;
