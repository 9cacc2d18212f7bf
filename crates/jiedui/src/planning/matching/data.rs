//! SQL of the matching studio.

use crate::shared::review::text_enum;
use jiedui_kernel::{Date, Instant};
use jiedui_store::{Keyed, org_in_scope, sql};
use serde::Serialize;

text_enum! {
    /// What a scenario is to the rest; one that is published is never changed.
    pub enum ScenarioState {
        Draft = "draft",
        /// Those whom it concerns are heard.
        Consulting = "consulting",
        Published = "published",
        /// It was published, and that was undone.
        TakenBack = "taken_back",
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

/// Which weight would part each pair, of what revision; no body while it is being made.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StabilityRow {
    pub revision: i64,
    pub job: String,
    pub body: String,
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
    /// The call that the school answered by itself.
    pub call: Option<String>,
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
// What parties were shown stays readable to them.
sql! { SHOW_ANY: free, concat!(scenario!(), "s.id = $1") }
sql! { RESULT: free,
"SELECT revision, facts, rules, instance, result, status, objective, bound, solved_at \
FROM matching_result WHERE scenario = $1" }
sql! { KEPT_AFTER: free, "SELECT id FROM matching_scenario WHERE id > $1 AND state = 'published' ORDER BY id LIMIT $2" }
sql! { INSERT: free,
"INSERT INTO matching_scenario (id, name, kind, state, day, body, revision, base, made_at, version) \
VALUES ($1, $2, $3, 'draft', $4, $5, 1, $6, $7, 1)" }
sql! { PUT_RESULT: free by name,
"INSERT INTO matching_result (scenario, revision, facts, rules, instance, result, status, schools, objective, bound, solved_at) \
VALUES (:scenario, :revision, :facts, :rules, :instance, :result, :status, :schools, :objective, :bound, :solved_at) \
ON CONFLICT (scenario) DO UPDATE SET revision = excluded.revision, facts = excluded.facts, rules = excluded.rules, \
instance = excluded.instance, result = excluded.result, status = excluded.status, schools = excluded.schools, \
objective = excluded.objective, bound = excluded.bound, solved_at = excluded.solved_at" }
sql! { STABILITY: free, "SELECT revision, job, body FROM matching_stability WHERE scenario = $1" }
sql! { BEGIN_STABILITY: free,
"INSERT INTO matching_stability (scenario, revision, job, body) VALUES ($1, $2, $3, '') \
ON CONFLICT (scenario) DO UPDATE SET revision = excluded.revision, job = excluded.job, body = ''" }
sql! { KEEP_STABILITY: free, "UPDATE matching_stability SET body = $3 WHERE scenario = $1 AND revision = $2" }
sql! { EDIT: versioned free,
"UPDATE matching_scenario SET body = $3, day = $4, revision = revision + 1", and "state = 'draft'" }
sql! { DROP: versioned free,
"UPDATE matching_scenario SET state = 'dropped'", and "state = 'draft'" }
sql! { PUBLISH: versioned free,
"UPDATE matching_scenario SET state = 'published', published_on = $3, starts_on = $4", and "state = 'draft'" }

sql! { TAKE_BACK: versioned free,
"UPDATE matching_scenario SET state = 'taken_back'", and "state = 'published'" }

text_enum! {
    /// What publishing a scenario did to a pairing.
    pub enum Effect {
        Begins = "begins",
        Ends = "ends",
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct EffectRow {
    pub pairing: String,
    #[sqlx(try_from = "String")]
    pub effect: Effect,
}

sql! { INSERT_EFFECT: unscoped("publishing by the provincial office, which sees everything"),
"INSERT INTO matching_effect (scenario, pairing, effect) VALUES ($1, $2, $3)" }
sql! { EFFECTS: unscoped("undoing by the provincial office, which sees everything"),
"SELECT pairing, effect FROM matching_effect WHERE scenario = $1 ORDER BY pairing" }

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
             LEFT JOIN division dc ON dc.code = d.parent WHERE s.state = 'published' AND (",
            org_in_scope!("o"),
            " OR (l.path >= $1 AND l.path < $2) OR (n.path >= $1 AND n.path < $2))"
        )
    };
}

sql! { ASSIGNED: scoped, concat!(assigned!(), " ORDER BY s.published_on DESC, s.id DESC, o.sort_key") }
sql! { ASSIGNED_OF: scoped, concat!(assigned!(),
" AND (a.county_school = $4 OR a.lead = $4 OR a.nearby = $4) ORDER BY s.published_on DESC, s.id DESC, o.sort_key") }

/// A comment round.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RoundRow {
    pub id: String,
    pub revision: i64,
    pub opened_on: Date,
    pub closes_on: Date,
    pub closed_on: Option<Date>,
}

/// A proposed pair, with its round.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ProposalRow {
    pub id: String,
    pub scenario: String,
    pub county_school: String,
    pub county_name: String,
    pub place: String,
    pub city: String,
    pub lead: String,
    pub lead_name: String,
    pub nearby: String,
    pub nearby_name: String,
    pub closes_on: Date,
    pub closed_on: Option<Date>,
}

impl Keyed for ProposalRow {
    fn key(&self) -> &str {
        &self.id
    }
}

impl ProposalRow {
    pub fn is_party(&self, org: &str) -> bool {
        [&self.county_school, &self.lead, &self.nearby].iter().any(|id| *id == org)
    }

    /// Whether something may still be said.
    pub fn is_open(&self, today: Date) -> bool {
        self.closed_on.is_none() && today <= self.closes_on
    }
}

/// A party of a proposed pair, with what it said; nothing where it has not spoken.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SpokenRow {
    pub proposal: String,
    pub county_name: String,
    /// county_school, lead, nearby.
    pub party: String,
    pub org: String,
    pub org_name: String,
    pub agrees: Option<bool>,
    pub text: String,
    pub version: i64,
}

/// The caller's own remark.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RemarkRow {
    pub id: String,
}

impl Keyed for RemarkRow {
    fn key(&self) -> &str {
        &self.id
    }
}

sql! { LAST_ROUND: free,
"SELECT id, revision, opened_on, closes_on, closed_on FROM matching_round WHERE scenario = $1 ORDER BY id DESC LIMIT 1" }
sql! { OVERDUE_ROUNDS: free,
"SELECT s.id, s.name FROM matching_round r JOIN matching_scenario s ON s.id = r.scenario \
WHERE r.closed_on IS NULL AND r.closes_on < $1 AND s.state = 'consulting' ORDER BY r.closes_on, s.id" }
sql! { INSERT_ROUND: free,
"INSERT INTO matching_round (id, scenario, revision, opened_on, closes_on, closed_on, version) VALUES ($1, $2, $3, $4, $5, NULL, 1)" }
sql! { CLOSE_ROUND: free,
"UPDATE matching_round SET closed_on = $2, version = version + 1 WHERE id = $1 AND closed_on IS NULL" }
sql! { CONSULT: versioned free,
"UPDATE matching_scenario SET state = 'consulting'", and "state = 'draft'" }
sql! { CLOSE: versioned free,
"UPDATE matching_scenario SET state = 'draft'", and "state = 'consulting'" }
sql! { INSERT_PROPOSAL: unscoped("opening a round by the provincial office, which sees everything"),
"INSERT INTO matching_proposal (id, round, scenario, county_school, lead, nearby) VALUES ($1, $2, $3, $4, $5, $6)" }
sql! { PROPOSALS_OF_ROUND: unscoped("a number, for the provincial office"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM matching_proposal WHERE round = $1" }
sql! { REMARKS_OF_ROUND: unscoped("a number, for the provincial office"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM matching_remark m JOIN matching_proposal x ON x.id = m.proposal WHERE x.round = $1" }

// A proposed pair is seen by its three parties and by the bureaus under which one of them is; a present partner that it would
// replace does not see it.
macro_rules! proposed {
    () => {
        concat!(
            "SELECT x.id, x.scenario, x.county_school, o.name AS county_name, d.name AS place, \
             CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, x.lead, l.name AS lead_name, \
             x.nearby, n.name AS nearby_name, r.closes_on, r.closed_on FROM matching_proposal x \
             JOIN matching_round r ON r.id = x.round JOIN matching_scenario s ON s.id = x.scenario \
             JOIN org o ON o.id = x.county_school JOIN org l ON l.id = x.lead JOIN org n ON n.id = x.nearby \
             JOIN division d ON d.code = o.division LEFT JOIN division dc ON dc.code = d.parent WHERE (",
            org_in_scope!("o"),
            " OR (l.path >= $1 AND l.path < $2) OR (n.path >= $1 AND n.path < $2)) AND ((o.path >= $1 AND o.path < $2) \
             OR (l.path >= $1 AND l.path < $2) OR (n.path >= $1 AND n.path < $2))"
        )
    };
}

sql! { PROPOSALS: scoped, concat!(proposed!(),
" AND s.state <> 'dropped' ORDER BY CASE WHEN r.closed_on IS NULL THEN 0 ELSE 1 END, r.closes_on DESC, r.id DESC, o.sort_key LIMIT 200") }
sql! { PROPOSAL: scoped, concat!(proposed!(), " AND x.id = $4") }
sql! { WAITING: own("proposed pairs of the caller's own organisation"),
"SELECT x.id, o.name AS county_name, r.closes_on FROM matching_proposal x JOIN matching_round r ON r.id = x.round \
JOIN org o ON o.id = x.county_school WHERE (x.county_school = $1 OR x.lead = $1 OR x.nearby = $1) \
AND r.closed_on IS NULL AND r.closes_on >= $2 \
AND NOT EXISTS (SELECT 1 FROM matching_remark m WHERE m.proposal = x.id AND m.org = $1) ORDER BY o.sort_key, x.id" }

macro_rules! spoken {
    () => {
        "SELECT x.id AS proposal, c.name AS county_name, \
         CASE WHEN o.id = x.county_school THEN 'county_school' WHEN o.id = x.lead THEN 'lead' ELSE 'nearby' END AS party, \
         o.id AS org, o.name AS org_name, m.agrees, COALESCE(m.text, '') AS text, CAST(COALESCE(m.version, 0) AS BIGINT) AS version \
         FROM matching_proposal x JOIN org c ON c.id = x.county_school \
         JOIN org o ON o.id = x.county_school OR o.id = x.lead OR o.id = x.nearby \
         LEFT JOIN matching_remark m ON m.proposal = x.id AND m.org = o.id WHERE "
    };
}

sql! { SPOKEN: unscoped("read by the provincial office, which sees everything"),
concat!(spoken!(), "x.round = $1 ORDER BY c.sort_key, x.id, party") }
sql! { SPOKEN_ON: unscoped("on a proposed pair that was found in scope; a party is shown its own alone"),
concat!(spoken!(), "x.id = $1 ORDER BY party") }
sql! { MY_REMARK: own("the remark of the caller's own organisation"),
"SELECT id FROM matching_remark WHERE proposal = $1 AND org = $2" }
sql! { INSERT_REMARK: on ProposalRow,
"INSERT INTO matching_remark (proposal, id, org, agrees, text, at, version) VALUES ($1, $2, $3, $4, $5, $6, 1)" }
sql! { CHANGE_REMARK: versioned on RemarkRow,
"UPDATE matching_remark SET agrees = $3, text = $4, at = $5" }

/// Until which day schools enter their own wishes.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CallRow {
    pub id: String,
    pub last_day: Date,
    pub version: i64,
}

sql! { LAST_CALL: free, "SELECT id, last_day, version FROM matching_call ORDER BY id DESC LIMIT 1" }
sql! { INSERT_CALL: free, "INSERT INTO matching_call (id, opened_on, last_day, version) VALUES ($1, $2, $3, 1)" }
sql! { EXTEND_CALL: versioned free, "UPDATE matching_call SET last_day = $3" }

/// A school that may be wished for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CandidateRow {
    pub id: String,
    pub name: String,
    pub city: String,
    pub county_school: bool,
}

sql! { CANDIDATES: unscoped("names and places of schools, to choose from"),
"SELECT o.id, o.name, CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, \
EXISTS (SELECT 1 FROM org_flag f WHERE f.org = o.id AND f.flag = 'county_school' AND f.from_day <= $1 \
AND (f.to_day IS NULL OR f.to_day >= $1)) AS county_school FROM org o JOIN division d ON d.code = o.division \
LEFT JOIN division dc ON dc.code = d.parent WHERE o.kind = 'school' AND (o.ended_on IS NULL OR o.ended_on > $1) ORDER BY o.sort_key" }
sql! { WISHES_OF: own("the wishes of the caller's own organisation"),
"SELECT w.id, w.org, a.name AS org_name, w.other, b.name AS other_name, w.wish, w.reason, w.from_day, w.to_day, w.call \
FROM matching_wish w JOIN org a ON a.id = w.org JOIN org b ON b.id = w.other \
WHERE w.org = $1 AND w.to_day IS NULL ORDER BY b.sort_key, w.id" }

sql! { PREFERENCES: unscoped("kept and read by the provincial office alone, which sees everything"),
"SELECT w.id, w.org, a.name AS org_name, w.other, b.name AS other_name, w.wish, w.reason, w.from_day, w.to_day, w.call \
FROM matching_wish w JOIN org a ON a.id = w.org JOIN org b ON b.id = w.other \
ORDER BY CASE WHEN w.to_day IS NULL THEN 0 ELSE 1 END, a.sort_key, b.sort_key, w.id" }
sql! { INSERT_PREFERENCE: free,
"INSERT INTO matching_wish (id, org, other, wish, reason, from_day, to_day, call) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)" }
sql! { END_PREFERENCE: free, "UPDATE matching_wish SET to_day = $2 WHERE id = $1 AND to_day IS NULL" }
sql! { END_WISH_OF: free, "UPDATE matching_wish SET to_day = $3 WHERE org = $1 AND other = $2 AND to_day IS NULL" }
