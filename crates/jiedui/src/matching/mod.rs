//! Which schools go together (G0.1, G1.1): the question made of what is on record, its answer, and what is done with it.

pub mod files;
