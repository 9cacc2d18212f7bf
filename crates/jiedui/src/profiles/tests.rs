//! Year-profiles, on both engines.
