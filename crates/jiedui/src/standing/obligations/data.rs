//! SQL of what was arranged about clocks.

use jiedui_kernel::Date;
use jiedui_store::sql;

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
