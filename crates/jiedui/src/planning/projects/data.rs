//! SQL of project lists and projects.

use crate::shared::confirmation::{confirmed as stood, stands, undisputed};
use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_programme::ProjectEnd;
use jiedui_store::{Keyed, PersonName, pairing_in_scope, sql};
use jiedui_web::history::HistoryRow;
use serde::Serialize;
use std::collections::BTreeMap;

text_enum! {
    pub enum ListState {
        Draft = "draft",
        /// Waits for the two other parties.
        Agreeing = "agreeing",
        /// All agree; the city is heard, then the provincial office files it.
        Submitted = "submitted",
        /// By the provincial office, for form or missing parts.
        Returned = "returned",
        Filed = "filed",
        /// Changed after it was filed: what was filed is in force until the change is.
        Amending = "amending",
    }
}

text_enum! {
    /// What became of a project.
    pub enum Ended {
        Not = "",
        Closed = "closed",
        Carried = "carried",
        Removed = "removed",
    }
}

impl Ended {
    pub fn end(self) -> Option<ProjectEnd> {
        match self {
            Self::Not => None,
            Self::Closed => Some(ProjectEnd::Closed),
            Self::Carried => Some(ProjectEnd::Carried),
            Self::Removed => Some(ProjectEnd::Removed),
        }
    }
}

/// A list with its pairing.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ListRow {
    pub id: String,
    pub pairing: String,
    pub year: i64,
    #[sqlx(try_from = "String")]
    pub state: ListState,
    pub edition: i64,
    #[sqlx(rename = "revision")]
    pub revision: i64,
    pub submitted_on: Option<Date>,
    pub comment_due: Option<Date>,
    pub number: String,
    pub filed_on: Option<Date>,
    pub version: i64,
    pub county_school: String,
    pub county_name: String,
    pub county_path: String,
    pub city: String,
    pub typical_class: String,
    pub lead: String,
    pub lead_name: String,
    pub nearby: String,
    pub nearby_name: String,
    pub pairing_from: Date,
    pub pairing_to: Option<Date>,
    /// Projects in it that were not taken out.
    pub projects: i64,
}

impl Keyed for ListRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ProjectRow {
    pub id: String,
    pub list: String,
    pub pairing: String,
    pub year: i64,
    pub place: i64,
    pub title: String,
    pub clause: String,
    pub basis: String,
    pub need: Option<String>,
    pub need_title: Option<String>,
    pub outcome: String,
    pub quantity: i64,
    pub unit: String,
    pub owner_org: String,
    pub owner_org_name: String,
    pub owner: Option<String>,
    pub owner_name: Option<PersonName>,
    pub from_day: Date,
    pub to_day: Date,
    pub lead_does: String,
    pub nearby_does: String,
    pub budget: String,
    pub budget_sum: i64,
    pub filed: bool,
    pub proposed: String,
    #[sqlx(try_from = "String")]
    pub ended: Ended,
    pub result: String,
    pub ended_on: Option<Date>,
    pub carried_from: Option<String>,
    pub version: i64,
    pub lead: String,
    pub nearby: String,
    pub county_school: String,
    pub county_name: String,
    pub city: String,
    pub typical_class: String,
    pub lead_name: String,
    pub nearby_name: String,
    /// Claimed and not disputed, by the entries that name it.
    pub claimed: i64,
    pub confirmed: i64,
}

impl ProjectRow {
    /// The three parties.
    pub fn concerned(&self) -> [&str; 3] {
        [&self.lead, &self.nearby, &self.county_school]
    }
}

impl Keyed for ProjectRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RemarkRow {
    pub project: Option<String>,
    pub field: String,
    pub text: String,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FilingRow {
    pub edition: i64,
    pub number: String,
    pub filed_on: Date,
    pub snapshot: String,
    pub digest: String,
    /// The digest of the programme under which it was filed; "" where that was not kept.
    pub rules: String,
}

macro_rules! list_columns {
    () => {
        "SELECT x.id, x.pairing, x.year, x.state, x.edition, x.revision, x.submitted_on, x.comment_due, x.number, x.filed_on, \
         x.version, p.county_school, c.name AS county_name, c.path AS county_path, \
         CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, p.lead, l.name AS lead_name, \
         p.nearby, n.name AS nearby_name, p.from_day AS pairing_from, p.to_day AS pairing_to, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM project j WHERE j.list = x.id AND j.ended <> 'removed') AS projects \
         FROM project_list x JOIN pairing p ON p.id = x.pairing JOIN org c ON c.id = p.county_school \
         JOIN org l ON l.id = p.lead JOIN org n ON n.id = p.nearby JOIN division d ON d.code = c.division \
         LEFT JOIN division dc ON dc.code = d.parent WHERE "
    };
}

sql! { LIST: scoped, concat!(list_columns!(), pairing_in_scope!("p"), " AND x.id = $4") }
sql! { LISTS: scoped, concat!(list_columns!(), pairing_in_scope!("p"),
" AND ($4 = 0 OR x.year = $4) AND ($5 = '' OR x.pairing = $5) ORDER BY x.year DESC, \
CASE WHEN d.typical_class <> '' THEN 0 ELSE 1 END, c.sort_key") }

// The two sums of a project: of all its entries and outputs, or of those of which more is asked.
macro_rules! claimed {
    () => {
        claimed!("", "")
    };
    ($of_entry:literal, $of_output:literal) => {
        concat!(
            "(SELECT CAST(COALESCE(SUM(CASE WHEN ",
            undisputed!("e"),
            " THEN e.quantity ELSE e.confirmed END), 0) AS BIGINT) FROM entry e WHERE e.project = j.id AND ",
            stands!("e"),
            $of_entry,
            ") + (SELECT CAST(COALESCE(SUM(t.project_part), 0) AS BIGINT) FROM output_thing t WHERE t.project = j.id AND ",
            undisputed!("t"),
            $of_output,
            ")"
        )
    };
}
macro_rules! confirmed {
    () => {
        confirmed!("", "")
    };
    ($of_entry:literal, $of_output:literal) => {
        concat!(
            "(SELECT CAST(COALESCE(SUM(e.confirmed), 0) AS BIGINT) FROM entry e WHERE e.project = j.id AND ",
            stands!("e"),
            $of_entry,
            ") + (SELECT CAST(COALESCE(SUM(t.project_part), 0) AS BIGINT) FROM output_thing t WHERE t.project = j.id AND ",
            stood!("t"),
            $of_output,
            ")"
        )
    };
}

macro_rules! project_columns {
    () => {
        concat!(
            "SELECT j.id, j.list, j.pairing, j.year, j.place, j.title, j.clause, j.basis, j.need, ne.title AS need_title, \
             j.outcome, j.quantity, j.unit, j.owner_org, oo.name AS owner_org_name, pe.id AS owner, ",
            jiedui_store::person_name!("pe", jiedui_store::foremost_post!("j.owner", "j.owner_org", "j.from_day")),
            " AS owner_name, \
             j.from_day, j.to_day, j.lead_does, j.nearby_does, j.budget, j.budget_sum, j.filed, j.proposed, j.ended, \
             j.result, j.ended_on, j.carried_from, j.version, p.lead, p.nearby, p.county_school, c.name AS county_name, \
             CASE WHEN d.level = 'county' THEN dc.name ELSE d.name END AS city, d.typical_class, l.name AS lead_name, \
             n.name AS nearby_name, ",
            claimed!(),
            " AS claimed, ",
            confirmed!(),
            " AS confirmed FROM project j JOIN pairing p ON p.id = j.pairing JOIN org c ON c.id = p.county_school \
             JOIN org l ON l.id = p.lead JOIN org n ON n.id = p.nearby JOIN org oo ON oo.id = j.owner_org \
             JOIN division d ON d.code = c.division LEFT JOIN division dc ON dc.code = d.parent \
             LEFT JOIN need ne ON ne.id = j.need LEFT JOIN person pe ON pe.id = ",
            jiedui_store::person_led_to!("j.owner"),
            " WHERE "
        )
    };
}

/// The money of a project that was filed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BudgetRow {
    pub id: String,
    pub title: String,
    pub year: i64,
    pub school: String,
    pub division: String,
    pub budget: String,
}

impl BudgetRow {
    /// The cents from each source.
    pub fn lines(&self) -> BTreeMap<String, i64> {
        serde_json::from_str(&self.budget).unwrap_or_default()
    }
}

/// A project in force at a county school, with what the records say of it up to the end of a month.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MonthlyRow {
    pub id: String,
    pub pairing: String,
    pub title: String,
    pub clause: String,
    pub quantity: i64,
    pub unit: String,
    pub from_day: Date,
    pub to_day: Date,
    #[sqlx(try_from = "String")]
    pub ended: Ended,
    pub ended_on: Option<Date>,
    pub claimed: i64,
    pub confirmed: i64,
    /// Confirmed of what was done before the month.
    pub earlier: i64,
}

/// What filters ask of a project.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LightRow {
    pub id: String,
    pub pairing: String,
    pub year: i64,
    pub clause: String,
    pub title: String,
    pub county_name: String,
    pub county_key: String,
    pub quantity: i64,
    pub from_day: Date,
    pub to_day: Date,
    pub filed: bool,
    #[sqlx(try_from = "String")]
    pub ended: Ended,
    pub claimed: i64,
    pub confirmed: i64,
}

macro_rules! light {
    () => {
        concat!(
            "SELECT j.id, j.pairing, j.year, j.clause, j.title, c.name AS county_name, c.sort_key AS county_key, j.quantity, \
             j.from_day, j.to_day, j.filed, j.ended, ",
            claimed!(),
            " AS claimed, ",
            confirmed!(),
            " AS confirmed FROM project j JOIN pairing p ON p.id = j.pairing JOIN org c ON c.id = p.county_school \
             WHERE (j.filed OR j.ended <> 'removed') "
        )
    };
}
sql! { LIGHT: unscoped("the index of the whole province; a reader sees of it what stands on pairings within the scope"),
concat!(light!(), "ORDER BY j.year DESC, j.order_key, j.id") }
sql! { LIGHT_OF: unscoped("the index of one year; a reader sees of it what stands on pairings within the scope"),
concat!(light!(), "AND j.year = $1 ORDER BY j.order_key, j.id") }
sql! { PAIRINGS: scoped, concat!("SELECT p.id FROM pairing p JOIN org c ON c.id = p.county_school \
JOIN division d ON d.code = c.division WHERE ", pairing_in_scope!("p"),
" AND ($4 = '' OR p.lead = $4 OR p.nearby = $4) AND ($5 = '' OR d.parent = $5 OR d.code = $5) AND ($6 = '' OR p.id = $6) \
AND ($7 = '' OR ($7 = 'typical' AND d.typical_class <> '') OR ($7 = 'other' AND d.typical_class = ''))") }
sql! { HELPERS: scoped, concat!("SELECT DISTINCT o.sort_key, o.id, o.name FROM pairing_party h JOIN pairing p ON p.id = h.pairing \
JOIN org o ON o.id = h.org WHERE ", pairing_in_scope!("p"), " AND h.party <> 'county_school' ORDER BY o.sort_key, o.id") }
// As many places as a page has rows.
sql! { THESE: scoped, concat!(project_columns!(), pairing_in_scope!("p"),
" AND j.id IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, \
$27, $28)") }
// The money of a school is seen by itself and the bureaus above it. `$4` is a county school, or "". What was carried on stands in
// the list of the next year.
sql! { BUDGETS: scoped,
"SELECT j.id, j.title, j.year, p.county_school AS school, c.division, j.budget FROM project j \
JOIN pairing p ON p.id = j.pairing JOIN org c ON c.id = p.county_school WHERE c.path >= $1 AND c.path < $2 \
AND CAST($3 AS DATE) IS NOT NULL AND j.filed AND j.budget_sum > 0 AND j.ended <> 'removed' AND j.ended <> 'carried' \
AND ($4 = '' OR p.county_school = $4) ORDER BY j.year, j.order_key, j.id" }
// `$4` a county school, `$5` a year, `$6` the first and `$7` the last day of a month.
sql! { MONTHLY: scoped, concat!(
"SELECT j.id, j.pairing, j.title, j.clause, j.quantity, j.unit, j.from_day, j.to_day, j.ended, j.ended_on, ",
claimed!(" AND e.to_day <= $7", " AND t.since <= $7"), " AS claimed, ",
confirmed!(" AND e.to_day <= $7", " AND t.since <= $7"), " AS confirmed, ",
confirmed!(" AND e.to_day < $6", " AND t.since < $6"), " AS earlier \
FROM project j JOIN pairing p ON p.id = j.pairing WHERE ", pairing_in_scope!("p"),
" AND p.county_school = $4 AND j.year = $5 AND j.filed ORDER BY j.place, j.id") }
sql! { FOUND_AS: unscoped("by what a project is found; whoever may see it is asked again before it is shown"),
"SELECT title, pairing FROM project WHERE id = $1 AND (filed OR ended <> 'removed')" }
sql! { NEXT_IDS: unscoped("ids alone, for what is kept of every project"),
"SELECT id FROM project WHERE id > $1 ORDER BY id LIMIT $2" }
sql! { PROJECT: scoped, concat!(project_columns!(), pairing_in_scope!("p"), " AND j.id = $4") }
sql! { AFTER: scoped, concat!(project_columns!(), pairing_in_scope!("p"),
" AND (j.filed OR j.ended <> 'removed') AND j.id > $4 ORDER BY j.id LIMIT $5") }
sql! { OF_LIST: scoped, concat!(project_columns!(), pairing_in_scope!("p"),
" AND j.list = $4 AND (j.filed OR j.ended <> 'removed') ORDER BY j.place, j.id") }
// For which `$4` answers at `$5`, and which go on after `$6`.
sql! { OWNED: scoped, concat!(project_columns!(), pairing_in_scope!("p"),
" AND j.owner IN ", jiedui_store::person_records!("$4"), " AND j.owner_org = $5 AND j.ended = '' AND j.to_day > $6 ORDER BY j.year, j.order_key, j.id LIMIT 50") }
sql! { NEXT_PLACE: unscoped("after the list was found in scope"),
"SELECT CAST(COALESCE(MAX(place), 0) + 1 AS BIGINT) FROM project WHERE list = $1" }
sql! { ENTRIES: unscoped("after the project was found in scope; the entries hang on the same pairing"),
concat!(
"SELECT e.id FROM entry e WHERE e.project = $1 AND ", stands!("e"), " ORDER BY e.to_day DESC, e.id DESC") }
sql! { OUTPUTS: unscoped("after the project was found in scope; what was built stands on the same pairing"),
concat!(
"SELECT t.id FROM output_thing t WHERE t.project = $1 AND ", stands!("t"), " ORDER BY t.since DESC, t.id DESC") }
sql! { REMARKS: unscoped("after the list was found in scope"),
"SELECT project, field, text FROM project_remark WHERE list = $1 AND revision = $2 ORDER BY id" }
sql! { FILINGS: unscoped("after the list was found in scope"),
"SELECT edition, number, filed_on, snapshot, digest, rules FROM project_filing WHERE list = $1 ORDER BY edition" }
sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM project_list WHERE id > $1 AND edition > 0 ORDER BY id LIMIT $2" }
sql! { FILED_OF_YEAR: unscoped("the next number is counted over the whole province"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM project_filing f JOIN project_list x ON x.id = f.list WHERE x.year = $1" }
sql! { NUMBER_USED: unscoped("a number is given once in the whole province"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM project_filing WHERE number = $1" }

sql! { INSERT_LIST: unscoped("a new row on a pairing that was found in scope"),
"INSERT INTO project_list (id, pairing, year, state, edition, revision, number, version) \
VALUES ($1, $2, $3, 'draft', 0, 1, '', 1)" }
sql! { MOVE_LIST: versioned on ListRow,
"UPDATE project_list SET state = $3, submitted_on = NULL, comment_due = NULL" }
sql! { SUBMITTED: versioned on ListRow,
"UPDATE project_list SET state = $3, submitted_on = $4, comment_due = $5" }
// Both handovers of a pairing may begin the list at once.
sql! { OPEN_LIST: unscoped("a new row on a pairing of a succession that was found in scope"),
"INSERT INTO project_list (id, pairing, year, state, edition, revision, number, version) \
VALUES ($1, $2, $3, 'draft', 0, 1, '', 1) ON CONFLICT (pairing, year) DO NOTHING" }
// An answer is to a revision, not to a version: the other party may have answered meanwhile. It also locks the row.
sql! { HOLD_LIST: on ListRow,
"UPDATE project_list SET version = version + 1 WHERE id = $1 AND revision = $2 AND state = $3" }
sql! { FILE_LIST: versioned on ListRow,
"UPDATE project_list SET state = $3, edition = edition + 1, number = $4, filed_on = $5" }
// Several projects may be changed one after the other against the list as it was opened: the state before or after.
sql! { RENEW: on ListRow,
"UPDATE project_list SET revision = revision + 1, state = $3, version = version + 1 WHERE id = $1 AND state IN ($2, $3)" }
sql! { INSERT_REMARK: on ListRow,
"INSERT INTO project_remark (list, id, project, field, text, at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7)" }
sql! { INSERT_FILING: on ListRow,
"INSERT INTO project_filing (list, id, edition, number, filed_on, snapshot, digest, rules) \
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" }

sql! { INSERT_PROJECT: unscoped("a new row in a list that was found in scope") by name,
"INSERT INTO project (id, list, pairing, year, place, order_key, carried_from, title, clause, basis, need, outcome, \
quantity, unit, owner_org, owner, from_day, to_day, lead_does, nearby_does, budget, budget_sum, filed, proposed, ended, \
result, version) \
VALUES (:id, :list, :pairing, :year, :place, :order_key, :carried_from, :title, :clause, :basis, :need, :outcome, \
:quantity, :unit, :owner_org, :owner, :from_day, :to_day, :lead_does, :nearby_does, :budget, :budget_sum, FALSE, '', '', \
'', 1)" }
sql! { UPDATE_PROJECT: versioned on ProjectRow by name,
"UPDATE project SET title = :title, clause = :clause, basis = :basis, need = :need, outcome = :outcome, \
quantity = :quantity, unit = :unit, owner_org = :owner_org, owner = :owner, from_day = :from_day, to_day = :to_day, \
lead_does = :lead_does, nearby_does = :nearby_does, budget = :budget, budget_sum = :budget_sum, proposed = ''" }
sql! { PROPOSE: versioned on ProjectRow,
"UPDATE project SET proposed = $3" }
sql! { END_PROJECT: versioned on ProjectRow,
"UPDATE project SET ended = $3, result = $4, ended_on = $5, proposed = ''" }
sql! { PUT_IN_FORCE: on ListRow,
"UPDATE project SET filed = TRUE WHERE list = $1 AND ended = ''" }
sql! { CARRIED_OVER: on ListRow,
"UPDATE project SET ended = 'carried', ended_on = $2, version = version + 1 WHERE ended = '' AND id IN \
(SELECT j.carried_from FROM project j WHERE j.list = $1 AND j.ended = '' AND j.carried_from IS NOT NULL)" }

/// A project that a pairing left open.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RestRow {
    pub id: String,
    pub title: String,
    pub clause: String,
    pub basis: String,
    pub need: Option<String>,
    pub outcome: String,
    pub quantity: i64,
    pub unit: String,
    pub owner_org: String,
    pub owner: Option<String>,
    pub from_day: Date,
    pub to_day: Date,
    pub lead_does: String,
    pub nearby_does: String,
    pub budget: String,
    pub lead: String,
    pub nearby: String,
    pub claimed: i64,
}

impl RestRow {
    /// What nobody claims to have done: the rest of what was done is answered where it was claimed.
    pub fn left(&self) -> i64 {
        self.quantity - self.claimed
    }
}

/// The pairing in which the rest goes on.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LaterRow {
    pub lead: String,
    pub nearby: String,
    pub county_school: String,
    pub county_path: String,
    pub typical_class: String,
}

sql! { LEFT_OPEN: unscoped("of a succession that was found in scope; whoever agreed second may not see the earlier pairing"),
concat!("SELECT j.id, j.title, j.clause, j.basis, j.need, j.outcome, j.quantity, j.unit, j.owner_org, j.owner, j.from_day, j.to_day, \
j.lead_does, j.nearby_does, j.budget, p.lead, p.nearby, ", claimed!(), " AS claimed FROM project j JOIN pairing p ON p.id = j.pairing \
WHERE j.pairing = $1 AND j.filed AND j.ended = '' ORDER BY j.year, j.place, j.id") }
sql! { LATER: unscoped("of a succession that was found in scope"),
"SELECT p.lead, p.nearby, p.county_school, c.path AS county_path, d.typical_class FROM pairing p \
JOIN org c ON c.id = p.county_school JOIN division d ON d.code = c.division WHERE p.id = $1" }
sql! { LIST_OF: unscoped("of a pairing of a succession that was found in scope"),
"SELECT id FROM project_list WHERE pairing = $1 AND year = $2" }
// It takes the row: of two handovers that hand on one project one comes first.
sql! { HAND_ON: unscoped("of a succession that was found in scope, as both agreed"),
"UPDATE project SET ended = 'carried', ended_on = $2, proposed = '', version = version + 1 WHERE id = $1 AND ended = ''" }
sql! { PUT_REST_IN_FORCE: unscoped("what is left of a project that was filed, in a row made a moment ago"),
"UPDATE project SET filed = TRUE WHERE id = $1" }

/// A step of a list, for the desk: who answered what, without reading each list's history.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnswerRow {
    pub resource_id: String,
    #[sqlx(flatten)]
    pub step: HistoryRow,
}

sql! { ANSWERS: scoped, concat!(
"SELECT s.resource_id, s.at, s.name, s.org, s.org_name, s.kind, s.reason, s.revision, s.change FROM step s JOIN project_list x ON x.id = s.resource_id \
JOIN pairing p ON p.id = x.pairing WHERE ", pairing_in_scope!("p"),
" AND s.resource = 'project_list' AND s.kind IN ('submit', 'agree', 'send_back', 'comment', 'return') AND s.revision = x.revision \
ORDER BY s.id") }
#[cfg(test)]
sql! { PUT_ONE_IN_FORCE: on ProjectRow,
"UPDATE project SET filed = TRUE WHERE id = $1" }
