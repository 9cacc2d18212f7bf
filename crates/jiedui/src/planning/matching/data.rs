//! SQL of the matching studio.

use crate::shared::review::text_enum;
use jiedui_kernel::{Date, Instant};
use jiedui_store::{org_in_scope, sql};
use serde::Serialize;

text_enum! {
    /// What a scenario is to the rest; one that is published is never changed.
    pub enum ScenarioState {
        Draft = "draft",
        Published = "published",
        Dropped = "dropped",
    }
}

/// A scenario, with what the solver answered to it in short.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ScenarioRow {
    pub id: String,
    pub name: String,
    /// first, review.
    pub kind: String,
    #[sqlx(try_from = "String")]
    pub state: ScenarioState,
    /// The day of which the facts are.
    pub day: Date,
    pub body: String,
    pub revision: i64,
    pub base: Option<String>,
    pub made_at: Instant,
    pub published_on: Option<Date>,
    pub starts_on: Option<Date>,
    pub version: i64,
    /// optimal, feasible, infeasible, invalid.
    pub status: String,
    /// County schools that take part.
    pub schools: i64,
    pub objective: Option<i64>,
    pub bound: Option<i64>,
}

/// The two files of a scenario, and the facts and rules they were made of.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ResultRow {
    pub revision: i64,
    pub facts: String,
    pub rules: String,
    pub instance: String,
    pub result: String,
    pub status: String,
    pub objective: Option<i64>,
    pub bound: Option<i64>,
    pub solved_at: Instant,
}

/// One county school's pair in a published scenario.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct AssignedRow {
    pub scenario: String,
    pub scenario_name: String,
    pub published_on: Option<Date>,
    pub starts_on: Option<Date>,
    pub county_school: String,
    pub county_name: String,
    pub place: String,
    pub city: String,
    pub lead: String,
    pub lead_name: String,
    pub nearby: String,
    pub nearby_name: String,
    /// begins, stays.
    pub becomes: String,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct PreferenceRow {
    pub id: String,
    pub org: String,
    pub org_name: String,
    pub other: String,
    pub other_name: String,
    pub wish: i64,
    pub reason: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

macro_rules! scenario {
    () => {
        "SELECT s.id, s.name, s.kind, s.state, s.day, s.body, s.revision, s.base, s.made_at, s.published_on, s.starts_on, \
         s.version, r.status, r.schools, r.objective, r.bound \
         FROM matching_scenario s JOIN matching_result r ON r.scenario = s.id WHERE "
    };
}

sql! { ALL: free, concat!(scenario!(), "s.state <> 'dropped' ORDER BY s.made_at DESC, s.id DESC") }
sql! { SHOW: free, concat!(scenario!(), "s.id = $1 AND s.state <> 'dropped'") }
sql! { RESULT: free,
"SELECT revision, facts, rules, instance, result, status, objective, bound, solved_at \
FROM matching_result WHERE scenario = $1" }
sql! { INSERT: free,
"INSERT INTO matching_scenario (id, name, kind, state, day, body, revision, base, made_at, version) \
VALUES ($1, $2, $3, 'draft', $4, $5, 1, $6, $7, 1)" }
sql! { PUT_RESULT: free by name,
"INSERT INTO matching_result (scenario, revision, facts, rules, instance, result, status, schools, objective, bound, solved_at) \
VALUES (:scenario, :revision, :facts, :rules, :instance, :result, :status, :schools, :objective, :bound, :solved_at) \
ON CONFLICT (scenario) DO UPDATE SET revision = excluded.revision, facts = excluded.facts, rules = excluded.rules, \
instance = excluded.instance, result = excluded.result, status = excluded.status, schools = excluded.schools, \
objective = excluded.objective, bound = excluded.bound, solved_at = excluded.solved_at" }
sql! { EDIT: versioned free,
"UPDATE matching_scenario SET body = $3, day = $4, revision = revision + 1", and "state = 'draft'" }
sql! { DROP: versioned free,
"UPDATE matching_scenario SET state = 'dropped'", and "state = 'draft'" }
sql! { PUBLISH: versioned free,
"UPDATE matching_scenario SET state = 'published', published_on = $3, starts_on = $4", and "state = 'draft'" }

sql! { INSERT_ASSIGNED: unscoped("publishing by the provincial office, which sees everything"),
"INSERT INTO matching_assignment (scenario, county_school, lead, nearby, becomes) VALUES ($1, $2, $3, $4, $5)" }

// A pair is seen by those who see its county school, and by the two partners themselves.
macro_rules! assigned {
    () => {
        concat!(
            "SELECT a.scenario, s.name AS scenario_name, s.published_on, s.starts_on, a.county_school, o.name AS county_name, \
             d.name AS place, CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, \
             a.lead, l.name AS lead_name, a.nearby, n.name AS nearby_name, a.becomes \
             FROM matching_assignment a JOIN matching_scenario s ON s.id = a.scenario JOIN org o ON o.id = a.county_school \
             JOIN org l ON l.id = a.lead JOIN org n ON n.id = a.nearby JOIN division d ON d.code = o.division \
             LEFT JOIN division dc ON dc.code = d.parent WHERE (",
            org_in_scope!("o"),
            " OR (l.path >= $1 AND l.path < $2) OR (n.path >= $1 AND n.path < $2))"
        )
    };
}

sql! { ASSIGNED: scoped, concat!(assigned!(), " ORDER BY s.published_on DESC, s.id DESC, o.sort_key") }
sql! { ASSIGNED_OF: scoped, concat!(assigned!(),
" AND (a.county_school = $4 OR a.lead = $4 OR a.nearby = $4) ORDER BY s.published_on DESC, s.id DESC, o.sort_key") }

sql! { PREFERENCES: unscoped("kept and read by the provincial office alone, which sees everything"),
"SELECT w.id, w.org, a.name AS org_name, w.other, b.name AS other_name, w.wish, w.reason, w.from_day, w.to_day \
FROM matching_wish w JOIN org a ON a.id = w.org JOIN org b ON b.id = w.other \
ORDER BY CASE WHEN w.to_day IS NULL THEN 0 ELSE 1 END, a.sort_key, b.sort_key, w.id" }
sql! { INSERT_PREFERENCE: free,
"INSERT INTO matching_wish (id, org, other, wish, reason, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6, NULL)" }
sql! { END_PREFERENCE: free, "UPDATE matching_wish SET to_day = $2 WHERE id = $1 AND to_day IS NULL" }
sql! { END_WISH_OF: free, "UPDATE matching_wish SET to_day = $3 WHERE org = $1 AND other = $2 AND to_day IS NULL" }
