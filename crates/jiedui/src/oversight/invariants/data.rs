//! SQL of the check. It reads the tables of others, as they are and whosever they are: it is the system that asks.

use crate::shared::confirmation::{State, stands};
use jiedui_kernel::{Date, Instant};
use jiedui_store::sql;

/// A thing that is claimed and confirmed, with its state.
#[derive(Debug, sqlx::FromRow)]
pub struct StateRow {
    pub resource: String,
    pub id: String,
    #[sqlx(try_from = "String")]
    pub state: State,
}

#[derive(Debug, sqlx::FromRow)]
pub struct StepRow {
    pub resource_id: String,
    pub change: String,
}

/// A day or a stay of one person.
#[derive(Debug, sqlx::FromRow)]
pub struct StayRow {
    pub person: String,
    pub entry: String,
    pub activity: String,
    pub from_day: Date,
    pub to_day: Date,
}

/// Somebody who acted on a thing for two organisations.
#[derive(Debug, sqlx::FromRow)]
pub struct SideRow {
    pub resource_id: String,
    pub name: String,
    /// The same account, or two of one person; otherwise the same name.
    pub surely: bool,
    pub one: String,
    pub other: String,
}

#[derive(Debug, sqlx::FromRow)]
pub struct FilingRow {
    pub list: String,
    pub list_edition: i64,
    pub edition: i64,
    pub number: String,
}

#[derive(Debug, sqlx::FromRow)]
pub struct PartRow {
    pub id: String,
    pub output: String,
    pub stage: String,
    pub quantity: i64,
    pub project_part: Option<i64>,
}

#[derive(Debug, sqlx::FromRow)]
pub struct PairingRow {
    pub id: String,
    pub county_school: String,
    pub name: String,
    pub from_day: Date,
    pub to_day: Option<Date>,
}

#[derive(Debug, sqlx::FromRow)]
pub struct CheckRow {
    pub at: Instant,
    pub found: String,
}

sql! { STRANGE_PARTIES: unscoped("the check of the whole, by the system"),
"SELECT p.id, c.name FROM pairing p JOIN org c ON c.id = p.county_school \
WHERE (SELECT COUNT(*) FROM pairing_party x WHERE x.pairing = p.id) <> 3 \
OR NOT EXISTS (SELECT 1 FROM pairing_party x WHERE x.pairing = p.id AND x.party = 'county_school' AND x.org = p.county_school) \
OR NOT EXISTS (SELECT 1 FROM pairing_party x WHERE x.pairing = p.id AND x.party = 'lead' AND x.org = p.lead) \
OR NOT EXISTS (SELECT 1 FROM pairing_party x WHERE x.pairing = p.id AND x.party = 'nearby' AND x.org = p.nearby) \
ORDER BY p.id" }
sql! { PAIRINGS: unscoped("the check of the whole, by the system"),
"SELECT p.id, p.county_school, c.name, p.from_day, p.to_day FROM pairing p JOIN org c ON c.id = p.county_school \
WHERE p.to_day IS NULL OR p.to_day >= p.from_day" }
// What grows with the ledger is asked for part by part: behind `$1`, up to `$2` or no more than so many.
sql! { STATES: unscoped("the check of the whole, by the system"),
"SELECT resource, id, state FROM (SELECT 'entry' AS resource, e.id, e.state FROM entry e UNION ALL \
SELECT 'output' AS resource, t.id, t.state FROM output_thing t) AS x WHERE id > $1 ORDER BY id LIMIT $2" }
sql! { STEPS: unscoped("the check of the whole, by the system"),
"SELECT s.resource_id, s.change FROM step s WHERE s.resource_id > $1 AND s.resource_id <= $2 \
AND s.resource IN ('entry', 'output') ORDER BY s.resource_id, s.id" }
sql! { THINGS: unscoped("the check of the whole, by the system"),
"SELECT DISTINCT s.resource_id FROM step s WHERE s.resource_id > $1 ORDER BY s.resource_id LIMIT $2" }
// The same account, or two that somebody said are one person's, are one person for certain; the same name may be two.
macro_rules! surely {
    () => {
        "(s.account = t.account OR COALESCE(sa.holder, '1') = COALESCE(ta.holder, '2'))"
    };
}
sql! { SIDES: unscoped("the check of the whole, by the system"), concat!(
"SELECT s.resource_id, MIN(s.name) AS name, ", surely!(), " AS surely, MIN(s.org_name) AS one, MIN(t.org_name) AS other \
FROM step s JOIN step t ON t.resource_id = s.resource_id AND COALESCE(t.org, '') > s.org \
LEFT JOIN account sa ON sa.id = s.account LEFT JOIN account ta ON ta.id = t.account \
WHERE s.resource_id > $1 AND s.resource_id <= $2 AND s.account <> '' AND t.account <> '' AND (t.name = s.name OR ", surely!(), ") \
GROUP BY s.resource_id, ", surely!(), " ORDER BY s.resource_id") }
sql! { PEOPLE: unscoped("the check of the whole, by the system"), "SELECT id FROM person WHERE id > $1 ORDER BY id LIMIT $2" }
// A record that leads to another one is looked at under that one.
macro_rules! unled {
    ($person:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM person_merge lm WHERE lm.id = ",
            $person,
            " AND lm.agreed_on IS NOT NULL)"
        )
    };
}
sql! { STAYS: unscoped("the check of the whole, by the system"), concat!(
"SELECT e.person, e.id AS entry, e.activity, e.from_day, e.to_day FROM entry e WHERE e.person > $1 AND e.person <= $2 AND ",
unled!("e.person"), " AND ", stands!("e"), " UNION ALL SELECT x.person, e.id AS entry, e.activity, e.from_day, e.to_day FROM entry_part x \
JOIN entry e ON e.id = x.entry WHERE x.person > $1 AND x.person <= $2 AND ", unled!("x.person"), " AND ", stands!("e"),
" UNION ALL SELECT m.leads_to AS person, e.id AS entry, e.activity, e.from_day, e.to_day FROM person_merge m \
JOIN entry e ON e.person = m.id WHERE m.leads_to > $1 AND m.leads_to <= $2 AND m.agreed_on IS NOT NULL AND ", stands!("e"),
" UNION ALL SELECT m.leads_to AS person, e.id AS entry, e.activity, e.from_day, e.to_day FROM person_merge m \
JOIN entry_part x ON x.person = m.id JOIN entry e ON e.id = x.entry \
WHERE m.leads_to > $1 AND m.leads_to <= $2 AND m.agreed_on IS NOT NULL AND ", stands!("e")) }
sql! { FILINGS: unscoped("the check of the whole, by the system"),
"SELECT f.list, x.edition AS list_edition, f.edition, f.number FROM project_filing f \
JOIN project_list x ON x.id = f.list ORDER BY f.list, f.edition" }
sql! { PARTS: unscoped("the check of the whole, by the system"),
"SELECT t.id, t.output, t.stage, t.quantity, t.project_part FROM output_thing t WHERE t.project IS NOT NULL ORDER BY t.id" }
sql! { NAMES: unscoped("names of organisations, for what the check found"), "SELECT o.id, o.name FROM org o" }

sql! { KEEP: housekeeping("what a check found is made from scratch every night"),
"INSERT INTO invariant_check (id, at, found) VALUES ($1, $2, $3)" }
sql! { FORGET: housekeeping("what a check found is made from scratch every night"),
"DELETE FROM invariant_check WHERE at < $1" }
sql! { LAST: free, "SELECT at, found FROM invariant_check ORDER BY id DESC LIMIT 30" }
