//! What the province shares out among its schools, what becomes of the money, what schools share with each other, and by what
//! it judges what came of it: allocation (T4.6, T5.6, T7.4, T12.4, S4.4); funding (S2); resources (T5.5, S3.3); assessment (S4.3);
//! posts beside graduates: jobs (T12); exchange with outside systems (T1.1, T5.5, T9.2, T12.1);
//! commendations (S3.4).

pub mod allocation;
pub mod assessment;
pub mod commendations;
pub mod exchange;
pub mod funding;
pub mod jobs;
pub mod resources;
