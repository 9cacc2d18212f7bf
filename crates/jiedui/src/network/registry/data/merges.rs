//! SQL of records that were found to be one person's.

use crate::shared::confirmation::stands;
use jiedui_kernel::Date;
use jiedui_store::{Keyed, PersonName, person_led_to, person_name, sql};

/// A record of a person, as far as whether it may lead to another one follows from it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RecordRow {
    pub id: String,
    /// Whether somebody said already that it is another one's.
    pub leads: bool,
    /// Whether others lead to it.
    pub followed: bool,
}

/// Two records of which somebody said that they are one person's.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MergeRow {
    /// The record that leads to the other one.
    pub id: String,
    pub leads_to: String,
    pub org: String,
    pub org_name: String,
    pub proposed_by: String,
    pub agreed_on: Option<Date>,
    pub version: i64,
    pub old_name: PersonName,
    pub new_name: PersonName,
}

impl Keyed for MergeRow {
    fn key(&self) -> &str {
        &self.id
    }
}

sql! { LED_TO: unscoped("whose a record is; the record was named by what the caller found in scope"), concat!(
"SELECT ", person_led_to!("p.id"), " FROM person p WHERE p.id = $1") }
sql! { LED_AT: unscoped("after the organisation was found in scope"),
"SELECT DISTINCT m.id, m.leads_to FROM person_post pp JOIN person_merge m ON m.id = pp.person \
WHERE pp.org = $1 AND m.agreed_on IS NOT NULL ORDER BY m.id" }
// Whoever keeps the records speaks of them: those of its own people, or of the organisations below.
sql! { RECORD: scoped,
"SELECT p.id, EXISTS (SELECT 1 FROM person_merge m WHERE m.id = p.id) AS leads, \
EXISTS (SELECT 1 FROM person_merge m WHERE m.leads_to = p.id) AS followed FROM person p WHERE p.id = $4 \
AND EXISTS (SELECT 1 FROM person_post pp JOIN org o ON o.id = pp.org WHERE pp.person = p.id AND o.path >= $1 AND o.path < $2) \
AND CAST($3 AS DATE) IS NOT NULL" }
// Somebody of the same name elsewhere, as where a teacher went from one school to another.
sql! { NAMESAKES: scoped, concat!(
"SELECT DISTINCT ", person_name!("p", "''"), " AS name, o.id AS org, o.name AS org_name FROM person_post y \
JOIN person x ON x.id = y.person JOIN person p ON p.name = x.name AND p.id <> x.id JOIN person_post pp ON pp.person = p.id \
JOIN org o ON o.id = pp.org WHERE o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND y.org = $4 AND o.id <> $4 \
AND NOT EXISTS (SELECT 1 FROM person_merge m WHERE m.id = p.id) ORDER BY 1, 2 LIMIT 50") }
macro_rules! merges {
    () => {
        concat!(
            "SELECT m.id, m.leads_to, m.org, o.name AS org_name, m.proposed_by, m.agreed_on, m.version, ",
            person_name!("a", "''"),
            " AS old_name, ",
            person_name!("b", "''"),
            " AS new_name FROM person_merge m JOIN org o ON o.id = m.org JOIN person a ON a.id = m.id \
             JOIN person b ON b.id = m.leads_to WHERE o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL"
        )
    };
}
sql! { MERGE: scoped, concat!(merges!(), " AND m.id = $4 AND m.org = $5") }
sql! { MERGES_AT: scoped, concat!(merges!(), " AND m.org = $4 ORDER BY m.proposed_on DESC, m.id LIMIT 100") }
sql! { MERGES_WAITING: scoped, concat!(merges!(), " AND m.agreed_on IS NULL ORDER BY m.proposed_on, m.id LIMIT 50") }
sql! { INSERT_MERGE: unscoped("after both records were found in scope"),
"INSERT INTO person_merge (id, leads_to, org, proposed_by, proposed_on, agreed_on, version) VALUES ($1, $2, $3, $4, $5, $6, 1)" }
sql! { AGREE_MERGE: versioned on MergeRow, "UPDATE person_merge SET agreed_on = $3" }
sql! { LOCK_MERGE: locked on MergeRow, "person_merge" }
sql! { PART_MERGE: on MergeRow, "DELETE FROM person_merge WHERE id = $1" }
// How much that others confirmed, agreed to or hold in hands names a record. Projects and nominations are looked for where it
// has a post. CROSS JOIN makes SQLite begin with those.
sql! { NAMED_IN: unscoped("after the record was found in scope; a number"),
"SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT x.id FROM entry x WHERE x.person = $1 UNION SELECT y.entry FROM entry_part y \
WHERE y.person = $1 UNION SELECT z.entry FROM entry_person z WHERE z.person = $1 UNION SELECT k.id FROM service_certificate k \
WHERE k.person = $1 UNION SELECT j.id FROM person_post pp CROSS JOIN pairing_party w CROSS JOIN project j WHERE pp.person = $1 \
AND w.org = pp.org AND j.pairing = w.pairing AND j.owner = $1 UNION SELECT n.id FROM person_post pp CROSS JOIN commendation_nomination n \
WHERE pp.person = $1 AND n.school = pp.org AND n.person = $1) AS named" }
// Whether a record was in a post on some day of `x`; `$1` is the one that leads on, `$2` the one to which it leads.
macro_rules! in_post {
    ($person:literal, $post:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM person_post q WHERE q.person = ",
            $person,
            $post,
            " AND q.from_day <= x.to_day AND (q.to_day IS NULL OR q.to_day >= x.from_day))"
        )
    };
}
macro_rules! only_by_the_other {
    ($post:literal) => {
        concat!("NOT ", in_post!("$2", $post), " AND ", in_post!("$1", $post))
    };
}
// What rests on two records being one person's: work in a post that the record itself does not have, papers given since.
sql! { BUILT: unscoped("after the records were found in scope; names and days of what stands in the way"), concat!(
"SELECT e.from_day, c.name FROM entry e JOIN pairing p ON p.id = e.pairing JOIN org c ON c.id = p.county_school WHERE ", stands!("e"),
" AND e.id IN (SELECT x.id FROM entry x WHERE x.person = $2 AND ", only_by_the_other!(" AND q.post = x.post"),
" UNION SELECT x.id FROM entry_part y JOIN entry x ON x.id = y.entry WHERE y.person = $2 AND ", only_by_the_other!(" AND q.post = y.post"),
" UNION SELECT x.id FROM entry_person z JOIN entry x ON x.id = z.entry WHERE z.person = $2 AND ", only_by_the_other!(""),
") UNION ALL SELECT k.issued_on, '协作经历证明' FROM service_certificate k WHERE k.person = $2 AND k.withdrawn_on IS NULL \
AND k.issued_on >= $3 ORDER BY 1, 2 LIMIT 5") }
