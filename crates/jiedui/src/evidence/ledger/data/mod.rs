//! SQL of the ledger.

use crate::shared::confirmation::{State, confirmed, contested, stands, waits};
use jiedui_kernel::{Date, Instant};
use jiedui_store::{
    Keyed, PersonName, month_in, org_in_scope, pairing_in_scope, person_led_to, person_name, person_records,
    same_person, sql,
};
use serde::Serialize;

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct EntryRow {
    pub id: String,
    pub pairing: String,
    pub activity: String,
    pub claimant: String,
    pub claimant_name: String,
    pub answerer: String,
    pub answerer_name: String,
    pub county_school: String,
    pub county_name: String,
    pub county_path: String,
    pub typical_class: String,
    pub lead: String,
    pub nearby: String,
    pub pairing_to: Option<Date>,
    pub from_day: Date,
    pub to_day: Date,
    /// The project it is part of.
    pub project: Option<String>,
    pub project_title: Option<String>,
    pub person: Option<String>,
    pub person_name: Option<PersonName>,
    pub post: String,
    pub quantity: i64,
    pub confirmed: i64,
    pub disputed_from: Option<Date>,
    pub disputed_to: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub fields: String,
    pub claimed_at: Instant,
    pub answered_at: Option<Instant>,
    pub answered_by: String,
    pub version: i64,
    /// 1 where the other side objected at some time.
    pub objections: i64,
}

impl EntryRow {
    /// The organisations between which it stands.
    pub fn concerned(&self) -> [&str; 5] {
        [&self.claimant, &self.answerer, &self.county_school, &self.lead, &self.nearby].map(String::as_str)
    }

    /// The other side objected, the claimant corrected, and it waits for an answer again.
    pub fn corrected_after_objection(&self) -> bool {
        self.objections > 0 && self.state == State::Claimed
    }
}

impl Keyed for EntryRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, sqlx::FromRow)]
pub struct FactRow {
    pub id: String,
    pub activity: String,
    pub claimant: String,
    pub county_school: String,
    pub from_day: Date,
    pub to_day: Date,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub quantity: i64,
    pub confirmed: i64,
    pub disputed_from: Option<Date>,
    pub disputed_to: Option<Date>,
    pub post: String,
    pub fields: String,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct HelperRow {
    pub org: String,
    pub name: String,
    pub share: i64,
    /// Its own name again where it said itself that it took part.
    pub part: Option<String>,
    pub person_name: Option<PersonName>,
    pub post: Option<String>,
}

/// What a helper said of its own part in joint work.
#[derive(Debug, sqlx::FromRow)]
pub struct PartRow {
    pub entry: String,
    pub org: String,
    pub post: String,
}

/// A project that an entry can name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ProjectRow {
    pub id: String,
    pub county_name: String,
    pub year: i64,
    pub title: String,
    pub unit: String,
    pub clause: String,
    pub from_day: Date,
}

/// A stay of the same person elsewhere.
#[derive(Debug, sqlx::FromRow)]
pub struct StayRow {
    pub activity: String,
    pub county_name: String,
    pub from_day: Date,
    pub to_day: Date,
}

macro_rules! columns {
    () => {
        concat!(
         "SELECT e.id, e.pairing, e.activity, e.claimant, cl.name AS claimant_name, e.answerer, an.name AS answerer_name, \
         p.county_school, c.name AS county_name, c.path AS county_path, d.typical_class, p.lead, p.nearby, p.to_day AS pairing_to, \
         e.from_day, e.to_day, e.project, j.title AS project_title, pe.id AS person, ", jiedui_store::person_name!("pe", "e.post"), " AS person_name, e.post, e.quantity, e.confirmed, e.disputed_from, \
         e.disputed_to, e.state, e.fields, e.claimed_at, e.answered_at, e.answered_by, e.version, CAST(CASE WHEN EXISTS (SELECT 1 FROM step os \
         WHERE os.resource_id = e.id AND os.kind IN ('dispute', 'part')) THEN 1 ELSE 0 END AS BIGINT) AS objections ")
    };
}

macro_rules! joined {
    () => {
        "JOIN pairing p ON p.id = e.pairing JOIN org c ON c.id = p.county_school JOIN division d ON d.code = c.division \
         JOIN org cl ON cl.id = e.claimant JOIN org an ON an.id = e.answerer \
         LEFT JOIN person_merge pm ON pm.id = e.person AND pm.agreed_on IS NOT NULL \
         LEFT JOIN person pe ON pe.id = COALESCE(pm.leads_to, e.person) \
         LEFT JOIN project j ON j.id = e.project WHERE "
    };
}

macro_rules! joins {
    () => {
        concat!("FROM entry e ", joined!())
    };
}

mod lists;

pub(crate) use lists::{
    AFTER, AFTER_OF_FEW, EXPORTED, LIST, NARROW, OF_ACTIVITY, OF_CLAIMANT, OF_PAIRING, OF_PERSON, OF_STATE,
    REACH,
};
pub use lists::{Filters, ReachRow};

sql! { OFTEN: unscoped("of the caller's own organisation: what it recorded lately"),
"SELECT k.activity FROM (SELECT e.activity FROM entry e WHERE e.claimant = $1 ORDER BY e.to_day DESC, e.id DESC LIMIT 100) k \
GROUP BY k.activity ORDER BY COUNT(*) DESC, k.activity LIMIT 5" }
sql! { FOUND_AS: unscoped("by what an entry is found; whoever may see it is asked again before it is shown"),
"SELECT fields, pairing FROM entry WHERE id = $1" }
sql! { NEXT_IDS: unscoped("ids alone, for what is kept of every entry"),
"SELECT id FROM entry WHERE id > $1 ORDER BY id LIMIT $2" }
sql! { SHOW: scoped, concat!(columns!(), joins!(), pairing_in_scope!("p"), " AND e.id = $4") }
// What the desk asks for is picked before it is shown, and never more than it shows: `$6`, or `$5`.
macro_rules! picked {
    ($which:expr, $order:literal) => {
        concat!(
            columns!(), "FROM (SELECT e.id FROM entry e WHERE COALESCE(e.pairing, '') IN (SELECT p.id FROM pairing p WHERE ",
            pairing_in_scope!("p"), ") AND ", $which, " ORDER BY ", $order, ") k CROSS JOIN entry e ", joined!(),
            "e.id = k.id ORDER BY ", $order
        )
    };
}
sql! { WAITING: scoped, picked!(concat!("e.answerer = $4 AND ", waits!("e")), "e.claimed_at, e.id LIMIT $5") }
// Of the oldest that wait, those on which the same person acted for another organisation.
sql! { OWN_SIDE: scoped, concat!(
"SELECT k.id FROM (SELECT e.id FROM entry e WHERE COALESCE(e.pairing, '') IN (SELECT p.id FROM pairing p WHERE ",
pairing_in_scope!("p"), ") AND e.answerer = $4 AND ", waits!("e"), " ORDER BY e.claimed_at, e.id LIMIT 1000) k \
WHERE EXISTS (SELECT 1 FROM step s WHERE s.resource_id = k.id AND COALESCE(s.org, '') <> $4 AND ", same_person!("s.account", "$5"),
") ORDER BY k.id") }
sql! { WAITING_WITHIN: scoped, concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM entry e WHERE COALESCE(e.pairing, '') IN (SELECT p.id FROM pairing p WHERE ",
pairing_in_scope!("p"), ") AND ", waits!("e"), " AND e.to_day >= $4 AND e.to_day <= $5") }
sql! { WAITING_NUMBER: scoped, concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM entry e WHERE e.pairing IN (SELECT p.id FROM pairing p WHERE ",
pairing_in_scope!("p"), ") AND e.answerer = $4 AND ", waits!("e"), " LIMIT 10001) AS counted") }
// Of one pairing, by who has to answer. They are found by who that can be: the parties, and the bureau above the school.
sql! { WAITING_IN: scoped, concat!(
"SELECT n.id, n.name, CAST(COUNT(*) AS BIGINT) FROM (SELECT pp.org FROM pairing_party pp WHERE pp.pairing = $4 \
UNION SELECT c.parent FROM pairing q JOIN org c ON c.id = q.county_school WHERE q.id = $4) w JOIN org n ON n.id = w.org \
CROSS JOIN entry e WHERE e.answerer = w.org AND ", waits!("e"), " AND COALESCE(e.pairing, '') IN \
(SELECT p.id FROM pairing p WHERE ", pairing_in_scope!("p"), " AND p.id = $4) GROUP BY n.id, n.name, n.sort_key ORDER BY n.sort_key") }
sql! { OVERDUE: scoped,
picked!(concat!("e.answerer <> $4 AND e.claimed_at < $5 AND ", waits!("e")), "e.claimed_at, e.id LIMIT $6") }
// By county school, of the oldest so many.
sql! { WAITING_LONG: scoped, concat!(
"SELECT c.id, c.name, CAST(COUNT(*) AS BIGINT) FROM (SELECT e.pairing FROM entry e WHERE COALESCE(e.pairing, '') IN \
(SELECT p.id FROM pairing p WHERE ", pairing_in_scope!("p"), ") AND e.claimed_at < $4 AND ", waits!("e"),
" ORDER BY e.claimed_at, e.id LIMIT $5) k JOIN pairing q ON q.id = k.pairing JOIN org c ON c.id = q.county_school \
GROUP BY c.id, c.name, c.sort_key ORDER BY c.sort_key") }
sql! { DISPUTED: scoped, picked!(concat!("e.claimant = $4 AND ", contested!("e")), "e.answered_at, e.id LIMIT $5") }
sql! { UNANSWERED: scoped, concat!(columns!(), joins!(), pairing_in_scope!("p"), " AND ",
waits!("e"), " AND e.claimant = $4 ORDER BY e.claimed_at, e.id") }

/// An entry as the rules see it.
macro_rules! fact_columns {
    () => {
        "SELECT e.id, e.activity, e.claimant, p.county_school, e.from_day, e.to_day, e.state, e.quantity, e.confirmed, \
         e.disputed_from, e.disputed_to, e.post, e.fields FROM entry e JOIN pairing p ON p.id = e.pairing WHERE "
    };
}

sql! { FACTS: scoped, concat!(
fact_columns!(), pairing_in_scope!("p"), " AND ",
stands!("e"), " ORDER BY e.to_day, e.id") }
sql! { FACT_HELPERS: scoped, concat!(
"SELECT h.entry, h.org FROM entry_helper h JOIN entry e ON e.id = h.entry JOIN pairing p ON p.id = e.pairing WHERE ",
pairing_in_scope!("p"), " AND ", stands!("e"), " ORDER BY h.entry, h.org") }

sql! { FACT_PEOPLE: scoped, concat!(
"SELECT DISTINCT h.entry, ", person_led_to!("h.person"), " AS person FROM entry_person h JOIN entry e ON e.id = h.entry \
JOIN pairing p ON p.id = e.pairing WHERE ", pairing_in_scope!("p"), " AND ", stands!("e"), " ORDER BY 1, 2") }
sql! { PEOPLE_OF: unscoped("after the entry was found in scope"),
concat!("SELECT pe.id, ", person_name!("pe", "''"), " FROM entry_person h JOIN person pe ON pe.id = ", person_led_to!("h.person"),
" WHERE h.entry = $1 GROUP BY pe.id, pe.name ORDER BY pe.name, pe.id") }
sql! { INSERT_PERSON: unscoped("a new row on an entry that was found in scope"),
"INSERT INTO entry_person (entry, person) VALUES ($1, $2)" }
sql! { CLEAR_PEOPLE: on EntryRow,
"DELETE FROM entry_person WHERE entry = $1" }

// What can move one clock: an activity for a county school by a helper, on any of the days.
macro_rules! of_clock {
    () => {
        concat!(
            "p.county_school = $1 AND e.activity = $2 AND e.to_day >= $3 AND e.from_day <= $4 AND ",
            "EXISTS (SELECT 1 FROM entry_helper k WHERE k.entry = e.id AND k.org = $5) AND ",
            stands!("e")
        )
    };
}
sql! { CLOCK_FACTS: unscoped("a clock is one number for whoever sees it"), concat!(
fact_columns!(), of_clock!(), " ORDER BY e.to_day, e.id") }
sql! { CLOCK_HELPERS: unscoped("a clock is one number for whoever sees it"), concat!(
"SELECT h.entry, h.org FROM entry_helper h JOIN entry e ON e.id = h.entry JOIN pairing p ON p.id = e.pairing WHERE ",
of_clock!(), " ORDER BY h.entry, h.org") }
sql! { CLOCK_PARTS: unscoped("a clock is one number for whoever sees it"), concat!(
"SELECT x.entry, x.org, x.post FROM entry_part x JOIN entry e ON e.id = x.entry JOIN pairing p ON p.id = e.pairing WHERE ",
of_clock!(), " ORDER BY x.entry, x.org") }

// Behind `$1`, up to `$2` or no more than so many.
sql! { NEXT_FACTS: unscoped("the comparison of all figures, by the system"), concat!(
fact_columns!(), "e.id > $1 AND ", stands!("e"),
" ORDER BY e.id LIMIT $2") }
sql! { NEXT_HELPERS: unscoped("the comparison of all figures, by the system"),
"SELECT h.entry, h.org FROM entry_helper h WHERE h.entry > $1 AND h.entry <= $2 ORDER BY h.entry, h.org" }
sql! { NEXT_PEOPLE: unscoped("the comparison of all figures, by the system"),
concat!("SELECT DISTINCT h.entry, ", person_led_to!("h.person"), " AS person FROM entry_person h WHERE h.entry > $1 AND h.entry <= $2 \
ORDER BY 1, 2") }
sql! { NEXT_PARTS: unscoped("the comparison of all figures, by the system"),
"SELECT x.entry, x.org, x.post FROM entry_part x WHERE x.entry > $1 AND x.entry <= $2 ORDER BY x.entry, x.org" }
sql! { FACT_OF: unscoped("after the entry was found in scope"), concat!(fact_columns!(), "e.id = $1") }
// What a place has of itself, not of a school for which it was recorded.
sql! { PREMISE: unscoped("what a helper has of itself is no secret to those whom it helps"), concat!(
"SELECT t.output, t.fields, s.stage, s.from_day FROM output_thing t JOIN output_stage s ON s.resource = t.id \
WHERE t.stands_at = $1 AND t.school IS NULL AND t.output = $2 AND ", confirmed!("t"), " ORDER BY s.from_day, s.id") }
// A document of the province is for everybody. `$2` are the stages in which it is in force.
/// A policy document in force.
#[derive(Debug, sqlx::FromRow)]
pub struct PolicyRow {
    pub title: String,
    fields: String,
    pub since: Date,
}

impl PolicyRow {
    /// As the issuer numbered it.
    pub fn number(&self) -> String {
        let values = jiedui_web::fields::parse(&self.fields);
        values.get("number").and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }
}

sql! { POLICIES: unscoped("a policy document in force is known to everybody"),
concat!(
"SELECT t.title, t.fields, t.stage_from AS since FROM output_thing t WHERE t.output = $1 AND ", confirmed!("t"), " AND $2 LIKE '%,' || t.stage || ',%' \
AND t.stage_from <= $3 ORDER BY t.stage_from DESC, t.id DESC") }

sql! { HELPERS_OF: unscoped("after the entry was found in scope"),
concat!("SELECT h.org, o.name, h.share, x.org AS part, ", person_name!("pe", "x.post"), " AS person_name, x.post \
FROM entry_helper h JOIN org o ON o.id = h.org \
LEFT JOIN entry_part x ON x.entry = h.entry AND x.org = h.org LEFT JOIN person pe ON pe.id = ", person_led_to!("x.person"), " \
WHERE h.entry = $1 ORDER BY o.sort_key") }
sql! { FACT_PARTS: scoped, concat!(
"SELECT x.entry, x.org, x.post FROM entry_part x JOIN entry e ON e.id = x.entry JOIN pairing p ON p.id = e.pairing WHERE ",
pairing_in_scope!("p"), " AND ", stands!("e"), " ORDER BY x.entry, x.org") }
sql! { INSERT_PART: on EntryRow,
"INSERT INTO entry_part (entry, org, person, post) VALUES ($1, $2, $3, $4)" }
sql! { CLEAR_PARTS: on EntryRow, "DELETE FROM entry_part WHERE entry = $1" }
// Joint work of `$4` that another entered and of which it has not said its own part. What was done since a day in its
// pairings is found in an index before anything is asked of it. Of a pairing that ended before `$6` it says nothing more.
sql! { UNJOINED: scoped, concat!(columns!(), joins!(), pairing_in_scope!("p"), " AND e.id IN (SELECT w.id FROM pairing_party k \
CROSS JOIN entry w WHERE k.org = $4 AND w.pairing = k.pairing AND w.to_day >= $5 AND w.claimant <> $4 AND ", stands!("w"),
" AND EXISTS (SELECT 1 FROM entry_helper h WHERE h.entry = w.id AND h.org = $4) \
AND EXISTS (SELECT 1 FROM entry_helper o WHERE o.entry = w.id AND o.org <> $4) \
AND NOT EXISTS (SELECT 1 FROM entry_part x WHERE x.entry = w.id AND x.org = $4)) \
AND (p.to_day IS NULL OR p.to_day >= $6) ORDER BY e.to_day DESC, e.id DESC LIMIT $7") }
// Twins and stays elsewhere are looked for beyond one's own scope: a person is at one place a day wherever that is.
sql! { STAYS_OF: unscoped("a person stands at one place a day, whoever may see the other stay"),
concat!(
"SELECT c.name AS county_name, e.activity, e.from_day, e.to_day FROM entry e JOIN pairing p ON p.id = e.pairing \
JOIN org c ON c.id = p.county_school WHERE e.id IN (SELECT x.id FROM entry x WHERE x.person IN ", person_records!(person_led_to!("$1")),
" UNION SELECT y.entry FROM entry_part y WHERE y.person IN ", person_records!(person_led_to!("$1")), ") AND ", stands!("e"), " \
AND e.from_day <= $3 AND e.to_day >= $2 AND e.id <> $4 ORDER BY e.from_day") }
// All that one person is named for, as who did it, by the days: read after two records of the person became one.
sql! { STAYS_OF_PERSON: unscoped("a person stands at one place a day, whoever may see the other stay"), concat!(
"SELECT c.name AS county_name, e.activity, e.from_day, e.to_day FROM entry e JOIN pairing p ON p.id = e.pairing \
JOIN org c ON c.id = p.county_school WHERE e.id IN (SELECT x.id FROM entry x WHERE x.person IN ", person_records!("$1"),
" UNION SELECT y.entry FROM entry_part y WHERE y.person IN ", person_records!("$1"), ") AND ", stands!("e"),
" ORDER BY e.from_day, e.id") }
// What names one record, as who took part.
sql! { NAMING: unscoped("what counts otherwise where a record of a person that the caller found in scope leads to another one"),
"SELECT h.entry FROM entry_person h WHERE h.person = $1 ORDER BY h.entry" }
sql! { TWINS: unscoped("the same occasion claimed twice by one's own organisation"),
concat!(
"SELECT e.post FROM entry e WHERE e.pairing = $1 AND e.activity = $2 AND e.claimant = $3 AND e.from_day = $4 \
AND ", stands!("e"), " AND e.id <> $5") }
sql! { SAME: unscoped("what one's own organisation claimed already") by name, concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM entry e WHERE e.pairing = :pairing AND e.activity = :activity AND e.claimant = :claimant \
AND e.from_day = :from_day AND e.to_day = :to_day AND e.quantity = :quantity AND COALESCE(", person_led_to!("e.person"), ", '') = :person \
AND e.fields = :fields AND e.id <> :except AND ", stands!("e")) }
// Of what is told once a year: what one's own organisation told of that year.
sql! { OF_THE_YEAR: unscoped("what one's own organisation claimed already"), concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM entry e JOIN pairing p ON p.id = e.pairing WHERE p.county_school = $1 AND e.activity = $2 AND e.claimant = $3 AND e.to_day >= $4 AND e.to_day <= $5 AND e.id <> $6 AND ", stands!("e")) }
// What looks like the same occasion, claimed by another party of the pairing.
sql! { SAME_BESIDE: unscoped("what another party of a pairing that was found in scope claimed"), concat!(
"SELECT o.name FROM entry e JOIN org o ON o.id = e.claimant WHERE e.pairing = $1 AND e.activity = $2 AND e.claimant <> $3 AND e.from_day = $4 AND e.to_day = $5 AND e.quantity = $6 AND ", stands!("e"), " ORDER BY e.id") }
// The same by those who helped the school before.
sql! { SAME_BEFORE: unscoped("days of what was done before at a school whose pairing was found in scope"), concat!(
"SELECT e.from_day, e.to_day FROM entry e JOIN pairing p ON p.id = e.pairing JOIN pairing mine ON mine.id = $2 \
WHERE p.county_school = $1 AND p.id <> mine.id AND p.from_day < mine.from_day AND e.activity = $3 AND e.quantity = $4 \
AND e.fields = $5 AND e.to_day >= $6 AND ", stands!("e"), " AND EXISTS (SELECT 1 FROM entry_helper h WHERE h.entry = e.id) \
ORDER BY e.to_day DESC") }
// A post that an entry relied on and that the registry no longer has on its first day: it was taken back, or ended earlier.
macro_rules! lapsed {
    ($person:literal, $post:literal) => {
        concat!(
            $person,
            " IS NOT NULL AND ",
            $post,
            " <> '' AND NOT EXISTS (SELECT 1 FROM person_post q WHERE q.person = ",
            person_led_to!($person),
            " AND q.post = ",
            $post,
            " AND q.from_day <= e.from_day AND (q.to_day IS NULL OR q.to_day >= e.from_day)) \
             AND NOT EXISTS (SELECT 1 FROM person_merge om JOIN person_post q ON q.person = om.id WHERE om.agreed_on IS NOT NULL \
             AND om.leads_to = ",
            person_led_to!($person),
            " AND q.post = ",
            $post,
            " AND q.from_day <= e.from_day AND (q.to_day IS NULL OR q.to_day >= e.from_day))"
        )
    };
}
sql! { LAPSED_OF: unscoped("after the entry was found in scope"), concat!(
"SELECT ", person_name!("pe", "e.post"), " FROM entry e JOIN person pe ON pe.id = ", person_led_to!("e.person"), " WHERE e.id = $1 AND ", lapsed!("e.person", "e.post"),
" UNION ALL SELECT ", person_name!("pe", "x.post"), " FROM entry_part x JOIN entry e ON e.id = x.entry JOIN person pe ON pe.id = ", person_led_to!("x.person"), " \
WHERE x.entry = $1 AND ", lapsed!("x.person", "x.post")) }
sql! { LAPSED: scoped, concat!(columns!(), joins!(), pairing_in_scope!("p"), " AND ", stands!("e"), " AND e.claimant = $4 AND ",
lapsed!("e.person", "e.post"), " AND e.to_day >= $5 ORDER BY e.to_day DESC, e.id DESC LIMIT $6") }
// The projects in force that an entry can be part of. `$4` is a pairing, `$5` the project an entry names already: it
// stays possible when it was closed meanwhile.
sql! { PROJECT_OF: unscoped("after the entry was found in scope"), "SELECT project FROM entry WHERE id = $1" }
sql! { PROJECTS: scoped, concat!(
"SELECT j.id, c.name AS county_name, j.year, j.title, j.unit, j.clause, j.from_day FROM project j JOIN pairing p ON p.id = j.pairing \
JOIN org c ON c.id = p.county_school WHERE ", pairing_in_scope!("p"),
" AND j.pairing = $4 AND j.filed AND (j.ended = '' OR j.id = $5) ORDER BY j.year DESC, j.place, j.id") }
sql! { INSERT: unscoped("a new row on a pairing that was found in scope") by name,
"INSERT INTO entry (id, pairing, activity, programme, claimant, answerer, from_day, to_day, person, post, quantity, \
confirmed, state, fields, claimed_at, answered_by, version, project) \
VALUES (:id, :pairing, :activity, :programme, :claimant, :answerer, :from_day, :to_day, :person, :post, :quantity, \
0, :state, :fields, :claimed_at, '', 1, :project)" }
sql! { INSERT_HELPER: unscoped("a new row on a pairing that was found in scope"),
"INSERT INTO entry_helper (entry, org, share) VALUES ($1, $2, $3)" }
// The version in the condition is the check against a concurrent edit: no row touched means that there was one.
sql! { ANSWER: versioned on EntryRow,
"UPDATE entry SET state = $3, confirmed = $4, disputed_from = $5, disputed_to = $6, answered_at = $7, answered_by = $8" }
sql! { CORRECT: versioned on EntryRow by name,
"UPDATE entry SET from_day = :from_day, to_day = :to_day, person = :person, post = :post, quantity = :quantity, \
fields = :fields, state = :state, \
confirmed = :confirmed, disputed_from = :disputed_from, disputed_to = :disputed_to, claimed_at = :claimed_at, \
project = :project" }
// Whoever changes it is waited for, and whatever version it has then is looked at next. `LOCK` is the other one: it is refused where
// the version is no longer the one that was seen.
sql! { HOLD: unscoped("a lock on an entry that was found in scope; nothing is changed in the row"),
"UPDATE entry SET version = version WHERE id = $1" }
// What is put beside an entry while it is open: nobody answers it at that moment.
sql! { LOCK: locked on EntryRow, "entry" }
// What is claimed is as much as was confirmed, or nothing holds any more.
sql! { CLOSE: versioned on EntryRow,
"UPDATE entry SET state = $3, quantity = $4, confirmed = $5" }
sql! { RECORDED: scoped, concat!(
"SELECT s.org, e.activity, ", month_in!("s.at"), " AS month, CAST(COUNT(*) AS BIGINT) AS times FROM org o CROSS JOIN step s \
JOIN entry e ON e.id = s.resource_id WHERE s.org = o.id AND ", org_in_scope!("o"),
" AND s.resource = 'entry' AND s.kind = 'claim' AND s.at >= $4 AND s.at < $16 GROUP BY s.org, e.activity, month") }
