//! What the province shares out among its schools: places, teams and money (T4.6, T5.6, T7.4, T12.4, S4.4).

pub mod allocation;
