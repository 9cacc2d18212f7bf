//! SQL of certificates: an organisation sees its own and those below it; whoever holds the paper asks by its code.

use crate::shared::review::text_enum;
use jiedui_kernel::Date;
use jiedui_programme::EntryState;
use jiedui_store::{Keyed, PersonName, list, person_led_to, person_name, person_records, sql};
use serde::Serialize;

text_enum! {
    pub enum CertificateState {
        Issued = "issued",
        Withdrawn = "withdrawn",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CertificateRow {
    pub id: String,
    pub org: String,
    pub org_name: String,
    pub person: String,
    pub person_name: PersonName,
    pub year: i64,
    pub place: i64,
    pub from_day: Date,
    pub to_day: Date,
    pub shows: String,
    #[serde(skip)]
    pub parcel: String,
    pub digest: String,
    /// Never in an answer but on the paper and its own page.
    #[serde(skip)]
    pub code: String,
    pub issued_on: Date,
    pub withdrawn_on: Option<Date>,
    #[sqlx(try_from = "String")]
    pub state: CertificateState,
    pub revision: i64,
    pub version: i64,
}

impl Keyed for CertificateRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// How an entry that a certificate tells stands now.
#[derive(Debug, sqlx::FromRow)]
pub struct NowRow {
    pub id: String,
    pub from_day: Date,
    pub to_day: Date,
    pub confirmed: i64,
    #[sqlx(try_from = "String")]
    pub state: EntryState,
}

macro_rules! columns {
    ($parcel:literal) => {
        concat!(
            "SELECT k.id, k.org, o.name AS org_name, p.id AS person, ",
            person_name!("p", "''"),
            " AS person_name, k.year, k.place, k.from_day, k.to_day, k.shows, ",
            $parcel,
            " AS parcel, k.digest, k.code, k.issued_on, k.withdrawn_on, k.state, k.revision, k.version \
             FROM service_certificate k JOIN org o ON o.id = k.org JOIN person p ON p.id = ",
            person_led_to!("k.person"),
            " WHERE "
        )
    };
}

macro_rules! in_scope {
    () => {
        "o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL"
    };
}

macro_rules! filter {
    () => {
        " AND (:q = '' OR p.name LIKE :q ESCAPE '!') AND (:state = '' OR k.state = :state)"
    };
}

list! { CERTIFICATES: scoped,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM service_certificate k JOIN org o ON o.id = k.org \
                    JOIN person p ON p.id = ", person_led_to!("k.person"), " WHERE ", in_scope!(), filter!()),
    rows: concat!(columns!("k.parcel"), in_scope!(), filter!()),
    usual: "k.issued_on DESC, k.id DESC",
    tie: "k.id",
    orders: { number: "k.year * 100000 + k.place", person: "p.name", from: "k.from_day", issued_on: "k.issued_on" },
    unsorted: [state],
}
sql! { SHOW: scoped, concat!(columns!("k.parcel"), in_scope!(), " AND k.id = $4") }
sql! { AFTER: scoped, concat!(columns!("''"), in_scope!(), " AND k.id > $4 ORDER BY k.id LIMIT $5") }
sql! { BY_CODE: unscoped("asked by whoever holds the paper with its code; the page shows what the person agreed to"),
concat!(columns!("k.parcel"), "k.code_digest = $1") }

// Whether something that counts names a record of a person.
macro_rules! worked {
    ($person:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM entry e WHERE e.person = ",
            $person,
            " AND e.confirmed > 0) OR EXISTS (SELECT 1 FROM entry_part x JOIN entry e ON e.id = x.entry WHERE x.person = ",
            $person,
            " AND e.confirmed > 0) OR EXISTS (SELECT 1 FROM entry_person x JOIN entry e ON e.id = x.entry WHERE x.person = ",
            $person,
            " AND e.confirmed > 0)"
        )
    };
}

// The people of the caller's own organisation of whom the ledger says something that counts.
sql! { HOLDERS: unscoped("people who have or had a post at the caller's own organisation"),
concat!("SELECT p.id, ", person_name!("p", "''"), " AS name FROM person p WHERE p.id IN (SELECT ", person_led_to!("pp.person"), " FROM person_post pp \
WHERE pp.org = $1) AND (", worked!("p.id"), " OR EXISTS (SELECT 1 FROM person_merge m WHERE m.leads_to = p.id AND m.agreed_on IS NOT NULL AND (", worked!("m.id"), "))) \
ORDER BY p.name, p.id") }
sql! { LAST_PLACE: unscoped("how many certificates the caller's own organisation gave in a year"),
"SELECT CAST(COALESCE(MAX(place), 0) AS BIGINT) FROM service_certificate WHERE org = $1 AND year = $2" }
sql! { NOW: unscoped("entries of one person, asked for by who holds or gave the certificate: whether they changed since"),
concat!("SELECT e.id, e.from_day, e.to_day, e.confirmed, e.state FROM entry e WHERE e.to_day >= $2 AND e.from_day <= $3 AND e.id IN (\
SELECT x.id FROM entry x WHERE x.person IN ", person_records!("$1"), " UNION SELECT y.entry FROM entry_part y WHERE y.person IN ", person_records!("$1"),
" UNION SELECT z.entry FROM entry_person z WHERE z.person IN ", person_records!("$1"), ")") }

sql! { INSERT: unscoped("a new row in the name of the caller's own organisation") by name,
"INSERT INTO service_certificate (id, org, person, year, place, from_day, to_day, shows, parcel, digest, code, code_digest, \
issued_on, withdrawn_on, state, revision, version) VALUES (:id, :org, :person, :year, :place, :from_day, :to_day, :shows, \
:parcel, :digest, :code, :code_digest, :issued_on, NULL, 'issued', 1, 1)" }
sql! { WITHDRAW: versioned on CertificateRow, "UPDATE service_certificate SET state = $3, withdrawn_on = $4" }

sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM service_certificate WHERE id > $1 AND state = 'issued' ORDER BY id LIMIT $2" }
sql! { KEPT_TEXT: unscoped("the check of the whole, by the system"),
"SELECT parcel, digest FROM service_certificate WHERE id = $1" }
