//! SQL of commendations. A round is known to everybody who may read; a nomination to the office, to whoever nominated and to the
//! unit of whoever is nominated, and once the list is shown, what stands on it to all.

use crate::shared::confirmation::{confirmed, contested, stands};
use crate::shared::objections::ObjectionState;
use crate::shared::review::text_enum;
use jiedui_kernel::{Actor, Date};
use jiedui_store::{
    Keyed, PersonName, list, pairing_in_scope, person_led_to, person_name, person_records, sql,
};

text_enum! {
    pub enum RoundState {
        Open = "open",
        Noticed = "noticed",
        Decided = "decided",
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    pub enum NominationState {
        Asked = "asked",
        Nominated = "nominated",
        Proposed = "proposed",
        Listed = "listed",
        Commended = "commended",
        LeftOut = "left_out",
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// How a person agreed to be nominated.
    pub enum AgreedHow {
        NotYet = "",
        Account = "account",
        Paper = "paper",
    }
}

/// A year's round.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RoundRow {
    pub id: String,
    pub issuer: String,
    pub issuer_name: String,
    pub issuer_path: String,
    pub year: i64,
    pub opened_on: Date,
    pub nominate_until: Date,
    pub noticed_on: Option<Date>,
    pub notice_until: Option<Date>,
    pub decided_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: RoundState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for RoundRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// A school, or somebody at one, nominated in a round.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NominationRow {
    pub id: String,
    pub round: String,
    pub year: i64,
    pub issuer: String,
    pub notice_until: Option<Date>,
    #[sqlx(try_from = "String")]
    pub round_state: RoundState,
    pub class: String,
    pub nominator: String,
    pub nominator_name: String,
    pub nominated_by: String,
    pub proposed_by: String,
    pub school: String,
    pub school_name: String,
    pub person: Option<String>,
    pub person_name: Option<PersonName>,
    pub sentence: String,
    pub nominated_on: Date,
    #[sqlx(try_from = "String")]
    pub agreed_how: AgreedHow,
    pub agreed_on: Option<Date>,
    pub output: Option<String>,
    /// 1 where the person has an account of its own at its unit.
    pub has_account: i64,
    #[sqlx(try_from = "String")]
    pub state: NominationState,
    pub revision: i64,
    pub version: i64,
}

impl NominationRow {
    /// Whether it is the caller's own name that is nominated.
    pub fn is_own(&self, actor: &Actor) -> bool {
        let called = self.person_name.as_ref().map(PersonName::whole);
        actor.org == self.school && called == Some(actor.name())
    }

    /// As the notice has it: the person agreed to that.
    pub fn on_paper(&self) -> String {
        match &self.person_name {
            Some(name) => format!("{}（{}）", name.whole(), self.school_name),
            None => self.school_name.clone(),
        }
    }

    /// Whether it stands on a list that everybody may read: there a person's name is told, as it agreed.
    pub fn is_public(&self) -> bool {
        matches!(self.state, NominationState::Listed | NominationState::Commended)
            && matches!(self.round_state, RoundState::Noticed | RoundState::Decided)
    }
}

/// Whether somebody is called so: whoever nominates types the name and is shown none.
pub fn is_called(name: &PersonName, text: &str) -> bool {
    name.whole() == text
}

impl Keyed for NominationRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// How many names somebody put forward, and how many of them were commended.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NamedRow {
    pub nominator: String,
    pub named: i64,
    pub commended: i64,
}

/// An entry that may be a reason.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReasonRow {
    pub id: String,
    pub activity: String,
    pub county_name: String,
    pub from_day: Date,
    pub to_day: Date,
}

/// What a unit has against a name on the list, and what was answered.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ObjectionRow {
    pub id: String,
    pub nomination: String,
    pub round: String,
    pub year: i64,
    pub issuer: String,
    pub class: String,
    pub school_name: String,
    pub org: String,
    pub org_name: String,
    pub reason: String,
    pub raised_on: Date,
    pub answer: String,
    pub answered_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: ObjectionState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for ObjectionRow {
    fn key(&self) -> &str {
        &self.id
    }
}

macro_rules! rounds {
    () => {
        "SELECT r.id, r.issuer, i.name AS issuer_name, i.path AS issuer_path, r.year, r.opened_on, r.nominate_until, r.noticed_on, \
         r.notice_until, r.decided_on, r.state, r.revision, r.version FROM commendation r JOIN org i ON i.id = r.issuer \
         WHERE ((i.path >= $1 AND i.path < $2) OR r.state <> 'withdrawn') AND CAST($3 AS DATE) IS NOT NULL"
    };
}

sql! { ROUND: scoped, concat!(rounds!(), " AND r.id = $4") }
sql! { ROUNDS: scoped, concat!(rounds!(), " ORDER BY r.year DESC, r.opened_on DESC, r.id LIMIT 50") }
sql! { ROUND_OF_YEAR: scoped, concat!(rounds!(), " AND r.issuer = $4 AND r.year = $5 AND r.state <> $6") }
sql! { INSERT: unscoped("a new row in the name of the caller's own organisation") by name,
"INSERT INTO commendation (id, issuer, year, opened_on, nominate_until, noticed_on, notice_until, decided_on, state, revision, version) \
VALUES (:id, :issuer, :year, :opened_on, :nominate_until, NULL, NULL, NULL, 'open', 1, 1)" }
sql! { MOVE: versioned on RoundRow, "UPDATE commendation SET state = $3" }
sql! { PUBLISH: versioned on RoundRow, "UPDATE commendation SET state = $3, noticed_on = $4, notice_until = $5" }
sql! { DECIDE: versioned on RoundRow, "UPDATE commendation SET state = $3, decided_on = $4" }

macro_rules! joined {
    () => {
        concat!(
            "FROM commendation_nomination n JOIN commendation r ON r.id = n.round JOIN org i ON i.id = r.issuer \
             JOIN org b ON b.id = n.nominator JOIN org s ON s.id = n.school LEFT JOIN person pe ON pe.id = ",
            person_led_to!("n.person"),
            " WHERE "
        )
    };
}

macro_rules! nominations {
    () => {
        concat!(
            "SELECT n.id, n.round, r.year, r.issuer, r.notice_until, r.state AS round_state, n.class, n.nominator, \
             b.name AS nominator_name, n.nominated_by, n.proposed_by, n.school, s.name AS school_name, pe.id AS person, ",
            person_name!("pe", "''"),
            " AS person_name, n.sentence, n.nominated_on, n.agreed_how, n.agreed_on, n.output, \
             CAST(CASE WHEN EXISTS (SELECT 1 FROM account ac JOIN account_role ar ON ar.account = ac.id \
             WHERE ac.name = pe.name AND ar.org = n.school AND NOT ac.disabled) THEN 1 ELSE 0 END AS BIGINT) AS has_account, \
             n.state, n.revision, n.version ",
            joined!()
        )
    };
}

macro_rules! in_scope {
    () => {
        "((i.path >= $1 AND i.path < $2) OR (b.path >= $1 AND b.path < $2) OR (s.path >= $1 AND s.path < $2) \
         OR (n.state IN ('listed', 'commended') AND r.state IN ('noticed', 'decided'))) AND CAST($3 AS DATE) IS NOT NULL"
    };
}

macro_rules! filter {
    () => {
        " AND (:year = '' OR CAST(r.year AS TEXT) = :year) AND (:class = '' OR n.class = :class) AND (:state = '' OR n.state = :state) \
         AND (:nominator = '' OR (n.nominator = :nominator AND n.state NOT IN ('withdrawn', 'left_out') AND r.state <> 'withdrawn')) \
         AND (:opened = '' OR SUBSTR(CAST(r.opened_on AS TEXT), 1, 4) = :opened)"
    };
}

list! { NOMINATIONS: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) ", joined!(), in_scope!(), filter!()),
    rows: concat!(nominations!(), in_scope!(), filter!()),
    usual: "r.year DESC, s.sort_key, n.id",
    tie: "n.id",
    orders: { school: "s.sort_key", nominator: "b.sort_key", nominated: "n.nominated_on" },
    unsorted: [name, class, year, state],
}
sql! { NOMINATION: scoped, concat!(nominations!(), in_scope!(), " AND n.id = $4") }
// In the order of divisions and of names.
sql! { NOMINATIONS_OF: scoped, concat!(nominations!(), in_scope!(), " AND n.round = $4 ORDER BY s.sort_key, n.id LIMIT 2000") }
sql! { NOMINATIONS_AT: scoped, concat!(nominations!(), in_scope!(),
" AND n.school = $4 AND n.state = $5 AND r.state = $6 ORDER BY n.nominated_on, n.id LIMIT 100") }
sql! { NOMINATIONS_WAITING: scoped, concat!(nominations!(), in_scope!(),
" AND r.issuer = $4 AND n.state = $5 AND r.state = $6 ORDER BY s.sort_key, n.id LIMIT 500") }
sql! { TWIN: unscoped("how often the same is nominated in a round that was found in scope"),
concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM commendation_nomination n WHERE n.round = $1 AND n.class = $2 AND n.school = $3 \
AND COALESCE(", person_led_to!("n.person"), ", '') = $4 AND n.state NOT IN ('withdrawn', 'left_out')") }
sql! { NAMED: unscoped("how many the caller's own organisation nominated in a round that was found in scope"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM commendation_nomination n WHERE n.round = $1 AND n.class = $2 AND n.nominator = $3 \
AND n.state NOT IN ('withdrawn', 'left_out')" }
// What counts against the places of whoever nominated: nominations that stand, of rounds that stand and began from one day to
// another. A list that is taken back leaves its nominations as they were.
macro_rules! taken {
    () => {
        "r.opened_on >= $5 AND r.opened_on <= $6 AND r.state <> 'withdrawn' AND n.class = $4 \
         AND n.state NOT IN ('withdrawn', 'left_out')"
    };
}
sql! { NAMED_BY: scoped, concat!(
"SELECT n.nominator, CAST(COUNT(*) AS BIGINT) AS named, \
CAST(COUNT(CASE WHEN n.state = 'commended' THEN 1 END) AS BIGINT) AS commended \
FROM commendation r JOIN commendation_nomination n ON n.round = r.id JOIN org b ON b.id = n.nominator \
WHERE b.path >= $1 AND b.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND ", taken!(), " GROUP BY n.nominator") }
sql! { OWN_NAMED: scoped, concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM commendation_nomination n JOIN commendation r ON r.id = n.round JOIN org b ON b.id = n.nominator \
WHERE b.path >= $1 AND b.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND ", taken!(), " AND n.nominator = $7") }
sql! { PLACES: unscoped("how many places the caller's own organisation was given, which everybody with a share sees"),
"SELECT CAST(COALESCE(SUM(x.given), 0) AS BIGINT) FROM allocation_share x JOIN allocation a ON a.id = x.allocation \
WHERE x.school = $1 AND a.rule = $2 AND a.state = 'published' AND a.published_on >= $3 AND a.published_on <= $4" }
sql! { INSERT_NOMINATION: on RoundRow by name,
"INSERT INTO commendation_nomination (round, id, class, nominator, nominated_by, proposed_by, school, person, sentence, nominated_on, \
agreed_how, agreed_on, output, state, revision, version) VALUES ($1, :id, :class, :nominator, :nominated_by, '', :school, :person, \
:sentence, :nominated_on, '', NULL, NULL, :state, 1, 1)" }
sql! { ADD_REASON: on NominationRow, "INSERT INTO commendation_reason (nomination, entry) VALUES ($1, $2)" }
sql! { MOVE_NOMINATION: versioned on NominationRow, "UPDATE commendation_nomination SET state = $3" }
sql! { AGREE: versioned on NominationRow,
"UPDATE commendation_nomination SET state = $3, agreed_how = $4, agreed_on = $5" }
sql! { PROPOSE: versioned on NominationRow, "UPDATE commendation_nomination SET state = $3, proposed_by = $4" }
sql! { COMMEND: versioned on NominationRow, "UPDATE commendation_nomination SET state = $3, output = $4, basis = $5, basis_digest = $6" }
sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM commendation_nomination WHERE id > $1 AND basis <> '' AND state = 'commended' ORDER BY id LIMIT $2" }
sql! { KEPT_TEXT: unscoped("the check of the whole, by the system"),
"SELECT s.name, n.basis, n.basis_digest FROM commendation_nomination n JOIN org s ON s.id = n.school WHERE n.id = $1" }

// Of the person `$8`, or of the school as a whole where that is "".
macro_rules! of_person {
    ($person:literal) => {
        concat!(
            " AND (",
            $person,
            " = '' OR e.person IN ",
            person_records!($person),
            " OR EXISTS (SELECT 1 FROM entry_part t WHERE t.entry = e.id AND t.person IN ",
            person_records!($person),
            ") OR EXISTS (SELECT 1 FROM entry_person y WHERE y.entry = e.id AND y.person IN ",
            person_records!($person),
            "))"
        )
    };
}

// What was done by or for a school.
macro_rules! of_school {
    ($school:literal) => {
        concat!(
            "e.id IN (SELECT h.entry FROM entry_helper h WHERE h.org = ",
            $school,
            " UNION SELECT x.id FROM entry x JOIN pairing q ON q.id = x.pairing WHERE q.county_school = ",
            $school,
            ")"
        )
    };
}

sql! { REASONS: scoped, concat!(
"SELECT e.id, e.activity, c.name AS county_name, e.from_day, e.to_day FROM entry e JOIN pairing p ON p.id = e.pairing \
JOIN org c ON c.id = p.county_school WHERE ", pairing_in_scope!("p"), " AND ", confirmed!("e"),
" AND $4 LIKE '%,' || e.activity || ',%' AND e.to_day >= $5 AND e.to_day <= $6 AND ", of_school!("$7"), of_person!("$8"),
" ORDER BY e.to_day DESC, e.id DESC LIMIT 100") }
sql! { REASONS_OF: unscoped("after the nomination was found in scope; the entries themselves are found in scope again"),
"SELECT k.entry FROM commendation_reason k WHERE k.nomination = $1 ORDER BY k.entry" }
sql! { STANDING: unscoped("how many reasons of a nomination that was found in scope still stand"), concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM commendation_reason k JOIN entry e ON e.id = k.entry WHERE k.nomination = $1 AND ",
confirmed!("e")) }
sql! { PAIRED: unscoped("whether the school of a nomination that was found in scope was paired"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM pairing p WHERE (p.county_school = $1 OR p.lead = $1 OR p.nearby = $1) \
AND p.from_day <= $3 AND (p.to_day IS NULL OR p.to_day >= $2)" }
sql! { IN_OFFICE: unscoped("whether the person of a nomination that was found in scope had a post"),
concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM person_post q WHERE q.person IN ", person_records!("$1"), " AND q.org = $2 AND q.from_day <= $4 \
AND (q.to_day IS NULL OR q.to_day >= $3)") }
sql! { DISPUTED: unscoped("how much of the work of a nomination that was found in scope was left in dispute, and how much there is"), concat!(
"SELECT CAST(COUNT(CASE WHEN ", contested!("e"), " AND e.answered_at < $5 THEN 1 END) AS BIGINT), \
CAST(COUNT(*) AS BIGINT) FROM entry e WHERE ", stands!("e"), " AND e.to_day >= $2 AND e.to_day <= $3 AND ",
of_school!("$1"), of_person!("$4")) }

macro_rules! objections {
    () => {
        "SELECT k.id, k.nomination, n.round, r.year, r.issuer, n.class, s.name AS school_name, k.org, o.name AS org_name, k.reason, \
         k.raised_on, k.answer, k.answered_on, k.state, k.revision, k.version FROM commendation_objection k \
         JOIN commendation_nomination n ON n.id = k.nomination JOIN commendation r ON r.id = n.round JOIN org s ON s.id = n.school \
         JOIN org o ON o.id = k.org WHERE o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL"
    };
}

sql! { OBJECTION: scoped, concat!(objections!(), " AND k.id = $4") }
sql! { OBJECTIONS_TO: scoped, concat!(objections!(), " AND k.nomination = $4 ORDER BY k.raised_on, k.id LIMIT 100") }
sql! { OBJECTIONS_OF: scoped, concat!(objections!(), " AND n.round = $4 ORDER BY k.raised_on, k.id LIMIT 1000") }
sql! { TO_ANSWER: scoped, concat!(objections!(),
" AND r.issuer = $4 AND r.state = $5 AND k.state = $6 ORDER BY k.raised_on, k.id LIMIT 200") }
sql! { INSERT_OBJECTION: on NominationRow,
"INSERT INTO commendation_objection (nomination, id, org, reason, raised_on, answer, answered_on, state, revision, version) \
VALUES ($1, $2, $3, $4, $5, '', NULL, 'raised', 1, 1)" }
sql! { MOVE_OBJECTION: versioned on ObjectionRow, "UPDATE commendation_objection SET state = $3, answer = $4, answered_on = $5" }
