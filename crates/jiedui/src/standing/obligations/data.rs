//! SQL of what was arranged about clocks.

use jiedui_kernel::Date;
use jiedui_store::{pairing_in_scope, sql};

#[derive(Debug, sqlx::FromRow)]
pub struct ExemptionRow {
    pub id: String,
    pub obligation: String,
    pub helper: String,
    pub county_school: String,
    pub period: String,
    pub reason: String,
    pub given_by: String,
    pub version: i64,
}

#[derive(Debug, sqlx::FromRow)]
pub struct SemesterRow {
    pub id: String,
    pub county_school: String,
    pub semester: String,
    pub from_day: Date,
    pub to_day: Date,
    pub reason: String,
    pub given_by: String,
    pub version: i64,
}

/// What the entries of a clock come to, as it is kept.
#[derive(Debug, sqlx::FromRow)]
pub struct WorkRow {
    pub obligation: String,
    pub helper: String,
    pub county_school: String,
    pub period: String,
    pub basis: String,
    pub claimed: i64,
    pub confirmed: i64,
    pub latest_start: Option<Date>,
}

sql! { WORK: scoped, concat!(
"SELECT w.obligation, w.helper, w.county_school, w.period, w.basis, w.claimed, w.confirmed, w.latest_start FROM clock_work w \
WHERE (w.helper, w.county_school) IN (SELECT p.lead, p.county_school FROM pairing p WHERE ", pairing_in_scope!("p"),
" UNION SELECT p.nearby, p.county_school FROM pairing p WHERE ", pairing_in_scope!("p"), ")") }
// Takes the row, so that whoever moves the same clock waits.
sql! { TAKE_WORK: unscoped("of an entry that whoever changed it found in scope"),
"INSERT INTO clock_work (obligation, helper, county_school, period, basis, claimed, confirmed) VALUES ($1, $2, $3, $4, '', 0, 0) \
ON CONFLICT (obligation, helper, county_school, period) DO UPDATE SET basis = clock_work.basis" }
sql! { KEEP_WORK: unscoped("of an entry that whoever changed it found in scope") by name,
"UPDATE clock_work SET basis = :basis, claimed = :claimed, confirmed = :confirmed, latest_start = :latest_start \
WHERE obligation = :obligation AND helper = :helper AND county_school = :county_school AND period = :period" }
// Both are read whole and shown only beside clocks visible to the caller.
sql! { EXEMPTIONS: free,
"SELECT id, obligation, helper, county_school, period, reason, given_by, version FROM clock_exemption \
WHERE withdrawn = '' ORDER BY id" }
sql! { EXEMPT: free by name,
"INSERT INTO clock_exemption (id, obligation, helper, county_school, period, reason, org, given_by, given_at, withdrawn, \
version) VALUES (:id, :obligation, :helper, :county_school, :period, :reason, :org, :given_by, :given_at, '', 1)" }
sql! { RESTORE: versioned free, "UPDATE clock_exemption SET withdrawn = $3" }
sql! { SEMESTERS: free,
"SELECT id, county_school, semester, from_day, to_day, reason, given_by, version FROM school_semester ORDER BY id" }
sql! { DATE_SEMESTER: free by name,
"INSERT INTO school_semester (id, county_school, semester, from_day, to_day, reason, given_by, given_at, version) \
VALUES (:id, :county_school, :semester, :from_day, :to_day, :reason, :given_by, :given_at, 1)" }
sql! { DATE_AGAIN: versioned free,
"UPDATE school_semester SET from_day = $3, to_day = $4, reason = $5, given_by = $6, given_at = $7" }
