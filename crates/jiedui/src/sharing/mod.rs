//! What the province shares out among its schools, what becomes of the money, what schools share with each other, and by what
//! it judges what came of it: allocation (T4.6, T5.6, T7.4, T12.4, S4.4); funding (S2); resources (T5.5, S3.3); assessment (S4.3);
//! and posts beside graduates: jobs (T12).

pub mod allocation;
pub mod assessment;
pub mod funding;
pub mod jobs;
pub mod resources;
