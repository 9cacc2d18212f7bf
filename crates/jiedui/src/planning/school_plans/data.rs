//! SQL of the plans of a school.

use crate::shared::review::{sent_back, text_enum};
use jiedui_kernel::Date;
use jiedui_store::{Keyed, month_in, org_in_scope, pairing_in_scope, sql};
use serde::Serialize;

text_enum! {
    pub enum PlanState {
        Draft = "draft",
        /// Waits for those who agree.
        Proposed = "proposed",
        /// In force.
        Agreed = "agreed",
        /// A later edition is in force.
        Replaced = "replaced",
    }
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct PlanRow {
    pub id: String,
    pub template: String,
    /// The county school.
    pub org: String,
    /// Absent where the plan is the school's alone.
    pub pairing: Option<String>,
    pub edition: i64,
    #[sqlx(try_from = "String")]
    pub state: PlanState,
    pub body: String,
    #[sqlx(rename = "revision")]
    pub revision: i64,
    pub agreed_on: Option<Date>,
    pub version: i64,
    pub county_name: String,
    /// The bureau under which the school stands, "" where it stands under none.
    pub bureau: String,
    pub bureau_name: String,
    /// The bureau of its city and the provincial office, "" where it stands under none.
    pub city: String,
    pub city_name: String,
    pub office: String,
    pub office_name: String,
    pub lead: String,
    pub lead_name: String,
    pub nearby: String,
    pub nearby_name: String,
    pub pairing_to: Option<Date>,
    /// Somebody sent the present revision back and has not agreed since.
    pub sent_back: bool,
    /// There is a later edition.
    pub newer: bool,
    /// The edition that is in force.
    pub held: Option<String>,
}

impl Keyed for PlanRow {
    fn key(&self) -> &str {
        &self.id
    }
}

/// A plan of a school alone that is in force.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct InForceRow {
    pub id: String,
    pub school: String,
    pub division: String,
    pub agreed_on: Option<Date>,
    pub body: String,
}

macro_rules! columns {
    () => {
        concat!(
            "SELECT x.id, x.template, x.org, x.pairing, x.edition, x.state, x.body, x.revision, x.agreed_on, x.version, \
             o.name AS county_name, COALESCE(b.id, '') AS bureau, COALESCE(b.name, '') AS bureau_name, \
             COALESCE(u.id, '') AS city, COALESCE(u.name, '') AS city_name, \
             COALESCE(v.id, '') AS office, COALESCE(v.name, '') AS office_name, \
             COALESCE(p.lead, '') AS lead, COALESCE(l.name, '') AS lead_name, COALESCE(p.nearby, '') AS nearby, \
             COALESCE(n.name, '') AS nearby_name, p.to_day AS pairing_to, ",
            sent_back!("x", "proposed"),
            " AS sent_back, \
             EXISTS (SELECT 1 FROM school_plan y WHERE y.template = x.template AND y.org = x.org \
             AND COALESCE(y.pairing, '') = COALESCE(x.pairing, '') AND y.edition > x.edition) AS newer, \
             (SELECT MAX(z.id) FROM school_plan z WHERE z.template = x.template AND z.org = x.org \
             AND COALESCE(z.pairing, '') = COALESCE(x.pairing, '') AND z.state = 'agreed') AS held \
             FROM school_plan x JOIN org o ON o.id = x.org \
             LEFT JOIN org b ON b.id = o.parent AND b.kind IN ('county_bureau', 'city_bureau') \
             LEFT JOIN org u ON u.id = CASE WHEN b.kind = 'city_bureau' THEN b.id ELSE b.parent END AND u.kind = 'city_bureau' \
             LEFT JOIN org v ON v.id = COALESCE(u.parent, b.parent) AND v.kind = 'province_office' \
             LEFT JOIN pairing p ON p.id = x.pairing LEFT JOIN org l ON l.id = p.lead LEFT JOIN org n ON n.id = p.nearby \
             WHERE "
        )
    };
}

/// A plan of a pairing is seen by those who see the pairing, a plan of the school alone by those who see the school.
macro_rules! in_scope {
    () => {
        concat!(
            "((x.pairing IS NOT NULL AND ",
            pairing_in_scope!("p"),
            ") OR (x.pairing IS NULL AND ",
            org_in_scope!("o"),
            "))"
        )
    };
}

sql! { SHOW: scoped, concat!(columns!(), in_scope!(), " AND x.id = $4") }
sql! { LATEST: scoped, concat!(columns!(), in_scope!(),
" AND NOT EXISTS (SELECT 1 FROM school_plan y WHERE y.template = x.template AND y.org = x.org \
AND COALESCE(y.pairing, '') = COALESCE(x.pairing, '') AND y.edition > x.edition) ORDER BY o.sort_key, x.id") }
// Those of a school alone that are in force, for itself and the bureaus above it; `$4` is a school, or "".
sql! { IN_FORCE: scoped,
"SELECT x.id, x.org AS school, o.division, x.agreed_on, x.body FROM school_plan x JOIN org o ON o.id = x.org \
WHERE o.path >= $1 AND o.path < $2 AND CAST($3 AS DATE) IS NOT NULL AND x.pairing IS NULL AND x.state = 'agreed' \
AND ($4 = '' OR x.org = $4) ORDER BY x.id" }
sql! { SERIES: scoped, concat!(columns!(), in_scope!(),
" AND x.template = $4 AND x.org = $5 AND COALESCE(x.pairing, '') = $6 ORDER BY x.edition DESC") }
sql! { UNANSWERED: scoped, concat!(columns!(), in_scope!(),
" AND x.state = 'proposed' AND NOT EXISTS (SELECT 1 FROM step s WHERE s.resource_id = x.id AND COALESCE(s.org, '') = $4 \
AND s.revision = x.revision AND s.kind IN ('propose', 'agree', 'send_back')) ORDER BY o.sort_key, x.id") }
sql! { SENT_BACK: scoped, concat!("SELECT * FROM (", columns!(), in_scope!(),
" AND x.state = 'proposed' AND EXISTS (SELECT 1 FROM step s WHERE s.resource_id = x.id AND COALESCE(s.org, '') = $4 \
AND s.revision = x.revision AND s.kind = 'propose') ORDER BY o.sort_key, x.id) mine WHERE sent_back") }

// Two who begin at once make one edition: the other one is told.
sql! { INSERT: unscoped("a new row of a school or pairing that was found in scope"),
"INSERT INTO school_plan (id, template, org, pairing, edition, state, body, revision, agreed_on, version, slot) \
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, NULL, 1, $8) ON CONFLICT (slot) DO NOTHING" }
sql! { EDIT: versioned on PlanRow,
"UPDATE school_plan SET state = $3, body = $4, revision = $5" }
sql! { MOVE: versioned on PlanRow,
"UPDATE school_plan SET state = $3" }
// Takes the row without raising its version: two parties may answer one text side by side.
sql! { HOLD: on PlanRow,
"UPDATE school_plan SET version = version WHERE id = $1 AND revision = $2 AND state = $3" }
sql! { AGREE: versioned on PlanRow,
"UPDATE school_plan SET state = $3, agreed_on = $4" }
sql! { REPLACE: on PlanRow,
"UPDATE school_plan SET state = $2, version = version + 1 WHERE state = $3 AND id IN (SELECT x.id FROM school_plan x \
JOIN school_plan y ON y.template = x.template AND y.org = x.org AND COALESCE(y.pairing, '') = COALESCE(x.pairing, '') \
WHERE y.id = $1 AND x.id <> y.id)" }
sql! { RECORDED: scoped, concat!(
"SELECT s.org, x.template, ", month_in!("s.at"), " AS month, CAST(COUNT(*) AS BIGINT) AS times FROM org o CROSS JOIN step s \
JOIN school_plan x ON x.id = s.resource_id WHERE s.org = o.id AND ", org_in_scope!("o"),
" AND s.resource = 'school_plan' AND s.kind = 'propose' AND s.at >= $4 AND s.at < $16 GROUP BY s.org, x.template, month") }
