//! SQL of agreements.

use crate::shared::review::{sent_back, text_enum};
use jiedui_kernel::Date;
use jiedui_store::{Keyed, pairing_in_scope, sql};
use serde::Serialize;

text_enum! {
    pub enum AgreementState {
        /// Waits for the two other parties.
        Recorded = "recorded",
        Signed = "signed",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct AgreementRow {
    pub id: String,
    pub pairing: String,
    pub edition: i64,
    /// first, amendment, renewal.
    pub kind: String,
    pub signed_on: Date,
    /// The term; the pairing's own days are another thing.
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub summary: String,
    pub recorder: String,
    pub recorder_name: String,
    #[sqlx(try_from = "String")]
    pub state: AgreementState,
    #[sqlx(rename = "revision")]
    pub revision: i64,
    /// "" where no file was given.
    pub file_name: String,
    pub version: i64,
    pub county_school: String,
    pub county_name: String,
    pub lead: String,
    pub lead_name: String,
    pub nearby: String,
    pub nearby_name: String,
    pub pairing_to: Option<Date>,
    /// Somebody sent the present revision back and has not agreed since.
    pub sent_back: bool,
}

impl Keyed for AgreementRow {
    fn key(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, sqlx::FromRow)]
pub struct FileRow {
    pub mime: String,
    pub bytes: Vec<u8>,
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT a.id, a.pairing, a.edition, a.kind, a.signed_on, a.from_day, a.to_day, a.summary, a.recorder, \
             r.name AS recorder_name, a.state, a.revision, a.file_name, a.version, p.county_school, c.name AS county_name, \
             p.lead, l.name AS lead_name, p.nearby, n.name AS nearby_name, p.to_day AS pairing_to, ",
            sent_back!("a", "recorded"),
            " AS sent_back \
             FROM agreement a JOIN pairing p ON p.id = a.pairing JOIN org c ON c.id = p.county_school \
             JOIN org l ON l.id = p.lead JOIN org n ON n.id = p.nearby JOIN org r ON r.id = a.recorder WHERE "
        )
    };
}

sql! { SHOW: scoped, concat!(columns!(), pairing_in_scope!("p"), " AND a.id = $4") }
sql! { OF_PAIRING: scoped, concat!(columns!(), pairing_in_scope!("p"), " AND a.pairing = $4 ORDER BY a.edition DESC") }
sql! { WAITING: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.state = 'recorded' ORDER BY c.sort_key, a.id") }
sql! { TO_ANSWER: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.state = 'recorded' AND a.recorder <> $4 AND (p.county_school = $4 OR p.lead = $4 OR p.nearby = $4) \
AND NOT EXISTS (SELECT 1 FROM step s WHERE s.resource_id = a.id AND COALESCE(s.org, '') = $4 AND s.revision = a.revision \
AND s.kind IN ('agree', 'send_back')) ORDER BY c.sort_key, a.id") }
sql! { SENT_BACK: scoped, concat!("SELECT * FROM (", columns!(), pairing_in_scope!("p"),
" AND a.state = 'recorded' AND a.recorder = $4 ORDER BY c.sort_key, a.id) mine WHERE sent_back") }
// A later edition takes the place of an earlier one, whatever its term.
sql! { EXPIRING: scoped, concat!(columns!(), pairing_in_scope!("p"),
" AND a.state = 'signed' AND a.to_day <= $4 AND p.from_day <= $3 AND (p.to_day IS NULL OR p.to_day >= $3) \
AND NOT EXISTS (SELECT 1 FROM agreement b WHERE b.pairing = a.pairing AND b.state = 'signed' AND b.edition > a.edition) \
ORDER BY a.to_day, c.sort_key") }

// Two parties who record at once make one edition: the other one is told.
sql! { INSERT: unscoped("a new row on a pairing that was found in scope") by name,
"INSERT INTO agreement (id, pairing, edition, kind, signed_on, from_day, to_day, summary, recorder, state, revision, \
file_name, version) VALUES (:id, :pairing, :edition, :kind, :signed_on, :from_day, :to_day, :summary, :recorder, \
'recorded', 1, :file_name, 1) \
ON CONFLICT (pairing, edition) DO NOTHING" }
sql! { EDIT: versioned on AgreementRow by name,
"UPDATE agreement SET state = :state, kind = :kind, signed_on = :signed_on, from_day = :from_day, to_day = :to_day, \
summary = :summary, revision = :revision, file_name = :file_name" }
// Takes the row without raising its version: the two other parties may answer one text side by side, and neither is
// told of a concurrent edit.
sql! { HOLD: on AgreementRow,
"UPDATE agreement SET version = version WHERE id = $1 AND revision = $2 AND state = $3" }
sql! { MOVE: versioned on AgreementRow,
"UPDATE agreement SET state = $3" }

sql! { FILE: unscoped("after its agreement was found in scope"),
"SELECT mime, bytes FROM agreement_file WHERE agreement = $1" }
sql! { KEEP_FILE: on AgreementRow,
"INSERT INTO agreement_file (agreement, mime, bytes) VALUES ($1, $2, $3) \
ON CONFLICT (agreement) DO UPDATE SET mime = excluded.mime, bytes = excluded.bytes" }
