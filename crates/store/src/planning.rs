//! How statements are prepared and planned, on whatever connection they run.

use sqlx::postgres::PgConnectOptions;

/// So many prepared statements a connection keeps. The library's own hundred are fewer than the pages of one office use in turn,
/// so that each was prepared and planned again at nearly every use: PostgreSQL's planning was most of what a desk cost there.
pub(crate) const KEPT_STATEMENTS: usize = 800;

const PLANNING: [(&str, &str); 4] = [
    // Statements name what narrows most first. Trying every order of ten tables takes PostgreSQL thirty times as long as
    // the statement itself, and finds the same plan.
    ("join_collapse_limit", "4"),
    ("from_collapse_limit", "4"),
    // A statement is planned once, for whatever values it will have: planning it again for each took longer than running
    // it. A plan that serves some values badly is a fault of the statement; the test of plans looks at these plans.
    ("plan_cache_mode", "force_generic_plan"),
    // Pages read few rows, and compiling a statement takes longer than they do.
    ("jit", "off"),
];

pub(crate) fn planned(options: PgConnectOptions) -> PgConnectOptions {
    options.statement_cache_capacity(KEPT_STATEMENTS).options(PLANNING)
}
