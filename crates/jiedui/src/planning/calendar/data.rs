//! SQL of announcements and calendar addresses.

use super::rules::{Life, Standing, State};
use jiedui_kernel::{Actor, Date, Error, Instant, Period, Result};
use jiedui_store::{pairing_in_scope, sql};
use serde::Serialize;

/// An announcement, with the names that pages show.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AnnouncementRow {
    pub id: String,
    pub pairing: String,
    pub org: String,
    pub org_name: String,
    pub county_school: String,
    pub county_name: String,
    pub activity: String,
    pub from_day: Date,
    pub to_day: Date,
    pub person: Option<String>,
    pub person_name: String,
    pub quantity: Option<i64>,
    pub purpose: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub proposed_from: Option<Date>,
    pub proposed_to: Option<Date>,
    pub entry: Option<String>,
    pub version: i64,
}

impl AnnouncementRow {
    pub fn life(&self) -> Result<Life> {
        let period = Period::new(self.from_day, self.to_day);
        let period = period.ok_or_else(|| Error::internal(format_args!("announcement {}", self.id)))?;
        Ok(Life { state: self.state, period, proposed: self.proposed_from.is_some() })
    }

    pub fn standing(&self, actor: &Actor) -> Standing {
        match actor.org.as_str() {
            org if org == self.org => Standing::Announcer,
            org if org == self.county_school => Standing::CountySchool,
            _ => Standing::Onlooker,
        }
    }
}

/// Who is behind a calendar address.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct SubscriberRow {
    pub account: String,
    pub name: String,
    pub org: String,
    pub org_name: String,
    pub path: String,
    pub role: String,
}

macro_rules! columns {
    () => {
        "SELECT a.id, a.pairing, a.org, h.name AS org_name, p.county_school, c.name AS county_name, a.activity, \
         a.from_day, a.to_day, a.person, COALESCE(q.name, '') AS person_name, a.quantity, a.purpose, a.state, \
         a.proposed_from, a.proposed_to, a.entry, a.version FROM announcement a JOIN pairing p ON p.id = a.pairing \
         JOIN org h ON h.id = a.org JOIN org c ON c.id = p.county_school LEFT JOIN person q ON q.id = a.person WHERE "
    };
}

sql! { SHOW: scoped, concat!(columns!(), pairing_in_scope!("p"), " AND a.id = $4") }
// What touches the days, by day; what was cancelled is not listed.
sql! { BETWEEN: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.from_day <= $5 AND a.to_day >= $4 AND a.state <> 'cancelled' \
AND ($6 = '' OR a.pairing = $6) ORDER BY a.from_day, c.name, a.id LIMIT 500") }
// What waits for the helper: another day was asked for, or the last day has come.
sql! { OPEN_OF: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.org = $4 AND a.state = 'announced' AND (a.proposed_from IS NOT NULL OR a.to_day <= $3) \
ORDER BY a.to_day, a.id LIMIT 50") }
// Who comes next to a county school.
sql! { NEXT_AT: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND p.county_school = $4 AND a.state = 'announced' AND a.to_day >= $3 AND a.from_day <= $5 \
ORDER BY a.from_day, a.id LIMIT 5") }
sql! { INSERT: unscoped("on a pairing that was found in scope"),
"INSERT INTO announcement (id, pairing, org, activity, from_day, to_day, person, quantity, purpose, state, version) \
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'announced', 1)" }
sql! { RESCHEDULE: unscoped("after the row was found in scope; the version shows a concurrent edit"),
"UPDATE announcement SET from_day = $3, to_day = $4, person = $5, quantity = $6, purpose = $7, proposed_from = NULL, \
proposed_to = NULL, version = version + 1 WHERE id = $1 AND version = $2" }
sql! { PROPOSE: unscoped("after the row was found in scope; the version shows a concurrent edit"),
"UPDATE announcement SET proposed_from = $3, proposed_to = $4, version = version + 1 WHERE id = $1 AND version = $2" }
sql! { MOVE: unscoped("after the row was found in scope; the version shows a concurrent edit"),
"UPDATE announcement SET from_day = $3, to_day = $4, proposed_from = NULL, proposed_to = NULL, version = version + 1 \
WHERE id = $1 AND version = $2" }
sql! { FINISH: unscoped("after the row was found in scope; the version shows a concurrent edit"),
"UPDATE announcement SET state = $3, entry = $4, proposed_from = NULL, proposed_to = NULL, version = version + 1 \
WHERE id = $1 AND version = $2" }

sql! { ADDRESS_OF: free, "SELECT made_at FROM calendar_address WHERE account = $1" }
sql! { SET_ADDRESS: free,
"INSERT INTO calendar_address (account, digest, made_at) VALUES ($1, $2, $3) \
ON CONFLICT (account) DO UPDATE SET digest = excluded.digest, made_at = excluded.made_at" }
sql! { DROP_ADDRESS: free, "DELETE FROM calendar_address WHERE account = $1" }
sql! { SUBSCRIBER: unscoped("asked before there is anybody whose scope could bound it"),
"SELECT a.id AS account, a.name, o.id AS org, o.name AS org_name, o.path, r.role FROM calendar_address k \
JOIN account a ON a.id = k.account JOIN account_role r ON r.account = a.id JOIN org o ON o.id = r.org \
WHERE k.digest = $1 AND a.disabled = $2 ORDER BY o.id, r.role" }

/// When an account's address was made.
#[derive(Debug, sqlx::FromRow)]
pub struct AddressRow {
    pub made_at: Instant,
}

/// A visit of the pairing's lead college, inserted without checks.
#[cfg(test)]
pub async fn example(tx: &mut jiedui_store::Tx, pairing: &crate::network::pairings::PairingRow) -> String {
    let id = tx.new_id();
    let day = tx.today() + chrono::TimeDelta::days(3);
    let nobody: Option<String> = None;
    let number: Option<i64> = None;
    let values = jiedui_store::args![&id, &pairing.id, &pairing.lead, "visit", day, day, nobody, number, "商量项目"];
    tx.write(&INSERT, values).await.unwrap();
    id
}
