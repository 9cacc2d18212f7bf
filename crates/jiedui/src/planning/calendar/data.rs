//! SQL of announcements and calendar addresses.

use super::rules::{Life, Standing, State};
use crate::shared::confirmation::stands;
use jiedui_kernel::{Actor, Date, Error, Instant, Period, Result};
use jiedui_store::{Keyed, PersonName, foremost_post, pairing_in_scope, person_led_to, person_name, sql};

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
    pub person_name: Option<PersonName>,
    pub visitors: String,
    pub place: String,
    pub quantity: Option<i64>,
    pub purpose: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub proposed_from: Option<Date>,
    pub proposed_to: Option<Date>,
    pub entry: Option<String>,
    /// 1 where the entry was withdrawn.
    pub withdrawn: i64,
    pub changed_at: Instant,
    pub version: i64,
}

impl Keyed for AnnouncementRow {
    fn key(&self) -> &str {
        &self.id
    }
}

impl AnnouncementRow {
    pub fn period(&self) -> Result<Period> {
        let period = Period::new(self.from_day, self.to_day);
        period.ok_or_else(|| Error::internal(format_args!("announcement {}", self.id)))
    }

    pub fn life(&self) -> Result<Life> {
        Ok(Life {
            state: self.state,
            period: self.period()?,
            proposed: self.proposed_from.is_some(),
            withdrawn: self.withdrawn == 1,
        })
    }

    /// The two sides.
    pub fn concerned(&self) -> [&str; 2] {
        [&self.org, &self.county_school]
    }

    pub fn standing(&self, actor: &Actor) -> Standing {
        match actor.org.as_str() {
            org if org == self.org => Standing::Announcer,
            org if org == self.county_school => Standing::CountySchool,
            _ => Standing::Onlooker,
        }
    }
}

/// Who is behind a calendar address: one row for each role at its organisation.
#[derive(Debug, Clone, sqlx::FromRow)]
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
        concat!(
            "SELECT a.id, a.pairing, a.org, h.name AS org_name, p.county_school, c.name AS county_name, a.activity, \
             a.from_day, a.to_day, q.id AS person, ",
            person_name!("q", foremost_post!("a.person", "a.org", "a.from_day")),
            " AS person_name, a.visitors, a.place, a.quantity, \
             a.purpose, a.state, a.proposed_from, a.proposed_to, a.entry, CAST(CASE WHEN a.entry IS NULL OR ",
            stands!("e"),
            " THEN 0 ELSE 1 END AS BIGINT) AS withdrawn, a.changed_at, a.version FROM announcement a \
             JOIN pairing p ON p.id = a.pairing JOIN org h ON h.id = a.org JOIN org c ON c.id = p.county_school \
             LEFT JOIN person q ON q.id = ",
            person_led_to!("a.person"),
            " LEFT JOIN entry e ON e.id = a.entry WHERE "
        )
    };
}

sql! { SHOW: scoped, concat!(columns!(), pairing_in_scope!("p"), " AND a.id = $4") }
// What touches the days, by day; what was cancelled is not listed.
sql! { BETWEEN: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.from_day <= $5 AND a.to_day >= $4 AND a.state <> 'cancelled' \
AND ($6 = '' OR p.county_school = $6) ORDER BY a.from_day, c.sort_key, a.id LIMIT 501") }
// What a calendar program reads: also what was cancelled, so that it takes it out.
sql! { FEED: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.from_day <= $5 AND a.to_day >= $4 ORDER BY a.from_day, a.id LIMIT 1000") }
// What waits for the helper: another day was asked for, or the last day has come.
sql! { OPEN_OF: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.org = $4 AND a.state = 'announced' AND (a.proposed_from IS NOT NULL OR a.to_day <= $3) \
ORDER BY a.to_day, a.id LIMIT 50") }
// Who comes next to a county school.
sql! { NEXT_AT: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND p.county_school = $4 AND a.state = 'announced' AND a.to_day >= $3 AND a.from_day <= $5 \
ORDER BY a.from_day, a.id LIMIT 5") }
// What is announced from a day on at a county school, and by a helper.
sql! { LEFT_AT: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND p.county_school = $4 AND a.state = 'announced' AND a.from_day >= $5 ORDER BY a.from_day, a.id") }
sql! { LEFT_BY: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.org = $4 AND a.state = 'announced' AND a.from_day >= $5 ORDER BY a.from_day, a.id") }
// The same helper, thing and first day on a pairing, but for one ("" for none).
sql! { TWIN: unscoped("on a pairing that was found in scope"),
"SELECT id FROM announcement WHERE pairing = $1 AND org = $2 AND activity = $3 AND from_day = $4 AND id <> $5 \
AND state = 'announced'" }
// The helper's own entries of these days that no announcement points to.
sql! { ENTERED: unscoped("on a pairing that was found in scope"), concat!(
"SELECT e.id FROM entry e WHERE e.pairing = $1 AND e.activity = $2 AND e.claimant = $3 AND e.from_day <= $5 \
AND e.to_day >= $4 AND ", stands!("e"), " AND NOT EXISTS (SELECT 1 FROM announcement o WHERE o.entry = e.id) \
ORDER BY e.from_day, e.id LIMIT 1") }
sql! { INSERT: unscoped("on a pairing that was found in scope") by name,
"INSERT INTO announcement (id, pairing, org, activity, from_day, to_day, person, visitors, place, quantity, purpose, \
state, changed_at, version) VALUES (:id, :pairing, :org, :activity, :from_day, :to_day, :person, :visitors, :place, \
:quantity, :purpose, 'announced', :now, 1)" }
sql! { RESCHEDULE: versioned on AnnouncementRow by name,
"UPDATE announcement SET from_day = :from_day, to_day = :to_day, person = :person, visitors = :visitors, \
place = :place, quantity = :quantity, purpose = :purpose, proposed_from = NULL, proposed_to = NULL, changed_at = :now" }
sql! { PROPOSE: versioned on AnnouncementRow,
"UPDATE announcement SET proposed_from = $4, proposed_to = $5, changed_at = $3" }
sql! { MOVE: versioned on AnnouncementRow,
"UPDATE announcement SET from_day = $4, to_day = $5, proposed_from = NULL, proposed_to = NULL, changed_at = $3" }
// Two who press at once come one after the other, before an entry is made: the second finds another version.
sql! { LOCK: locked on AnnouncementRow, "announcement" }
sql! { FINISH: versioned on AnnouncementRow,
"UPDATE announcement SET state = $4, entry = $5, proposed_from = NULL, proposed_to = NULL, changed_at = $3" }

sql! { ADDRESS_OF: free, "SELECT made_at FROM calendar_address WHERE account = $1 AND org = $2" }
sql! { SET_ADDRESS: free,
"INSERT INTO calendar_address (account, org, digest, made_at) VALUES ($1, $2, $3, $4) \
ON CONFLICT (account, org) DO UPDATE SET digest = excluded.digest, made_at = excluded.made_at" }
sql! { DROP_ADDRESS: free, "DELETE FROM calendar_address WHERE account = $1 AND org = $2" }
sql! { SUBSCRIBER: unscoped("asked before there is anybody whose scope could bound it"),
"SELECT a.id AS account, a.name, o.id AS org, o.name AS org_name, o.path, r.role FROM calendar_address k \
JOIN account a ON a.id = k.account JOIN account_role r ON r.account = a.id AND r.org = k.org \
JOIN org o ON o.id = k.org WHERE k.digest = $1 AND a.disabled = $2 ORDER BY r.role" }

/// When an account's address was made.
#[derive(Debug, sqlx::FromRow)]
pub struct AddressRow {
    pub made_at: Instant,
}
