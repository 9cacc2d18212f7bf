//! Standards and attainment, on both engines.
