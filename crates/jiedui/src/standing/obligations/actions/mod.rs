//! What is arranged about clocks: exemptions by the office, a school's own days of a semester.

pub mod kept;

use super::data::{self, ExemptionRow, SemesterRow};
use jiedui_kernel::{Error, Period, Result};
use jiedui_programme::{Arrangements, ClockReading, Exemption, SchoolSemester};
use jiedui_store::{AuditRecord, Tx, args, named};

const CHANGED: &str = "这一项刚被别人改过。请重新打开页面，看过新内容再定。";

/// Everything that was arranged, for the rules.
pub async fn arrangements(tx: &mut Tx) -> Result<Arrangements> {
    let semester = |row: SemesterRow| SchoolSemester {
        county_school: row.county_school,
        semester: row.semester,
        from: row.from_day,
        to: row.to_day,
        by: row.given_by,
        reason: row.reason,
    };
    let exemption = |row: ExemptionRow| Exemption {
        obligation: row.obligation,
        helper: row.helper,
        county_school: row.county_school,
        period: row.period,
        by: row.given_by,
        reason: row.reason,
    };
    let semesters = tx.all::<SemesterRow>(&data::SEMESTERS, Vec::new()).await?;
    let exemptions = tx.all::<ExemptionRow>(&data::EXEMPTIONS, Vec::new()).await?;
    Ok(Arrangements {
        semesters: semesters.into_iter().map(semester).collect(),
        exemptions: exemptions.into_iter().map(exemption).collect(),
    })
}

/// By whom something is said: the person and the organisation, as they were called then.
fn signed(tx: &Tx) -> String {
    let actor = tx.actor();
    format!("{} {}", actor.org_name, actor.name())
}

/// Nothing is owed on a clock that the caller found in scope. A second one at the same time meets the unique key.
pub async fn exempt(tx: &mut Tx, clock: &ClockReading, reason: &str) -> Result<()> {
    let (id, org, by, now) = (tx.new_id(), tx.actor().org.clone(), signed(tx), tx.now());
    named!(data::EXEMPT {
        id: &id,
        obligation: &clock.obligation,
        helper: &clock.helper,
        county_school: &clock.county_school,
        period: &clock.period_id,
        reason,
        org,
        given_by: by,
        given_at: now,
    })
    .write(tx)
    .await?;
    let body = serde_json::json!({
        "obligation": clock.obligation, "helper": clock.helper, "county_school": clock.county_school,
        "period": clock.period_id, "reason": reason,
    });
    tx.audit(AuditRecord { action: "clock.exempt", resource: "clock", resource_id: &id }, &body).await
}

pub async fn restore(tx: &mut Tx, clock: &ClockReading) -> Result<()> {
    let rows = tx.all::<ExemptionRow>(&data::EXEMPTIONS, Vec::new()).await?;
    let of = |row: &ExemptionRow| {
        row.obligation == clock.obligation
            && row.helper == clock.helper
            && row.county_school == clock.county_school
            && row.period == clock.period_id
    };
    let row = rows.into_iter().find(of).ok_or(Error::NotFound)?;
    let by = signed(tx);
    data::RESTORE.at(&row.id, row.version, args![by]).write(tx, CHANGED).await?;
    tx.audit(AuditRecord { action: "clock.restore", resource: "clock", resource_id: &row.id }, &()).await
}

/// The caller's own days of a semester.
pub async fn date_semester(tx: &mut Tx, semester: &str, days: Period, reason: &str) -> Result<()> {
    let (org, by, now) = (tx.actor().org.clone(), signed(tx), tx.now());
    let rows = tx.all::<SemesterRow>(&data::SEMESTERS, Vec::new()).await?;
    let known = rows.into_iter().find(|row| row.county_school == org && row.semester == semester);
    let before = known.as_ref().map(|row| (row.from_day, row.to_day));
    let id = match known {
        Some(row) => {
            let values = args![days.from, days.to, reason, by, now];
            data::DATE_AGAIN.at(&row.id, row.version, values).write(tx, CHANGED).await?;
            row.id
        }
        None => {
            let id = tx.new_id();
            named!(data::DATE_SEMESTER {
                id: &id,
                county_school: org,
                semester,
                from_day: days.from,
                to_day: days.to,
                reason,
                given_by: by,
                given_at: now,
            })
            .write(tx)
            .await?;
            id
        }
    };
    let body = serde_json::json!({
        "semester": semester, "before": before, "from": days.from, "to": days.to, "reason": reason,
    });
    tx.audit(AuditRecord { action: "clock.semester", resource: "clock", resource_id: &id }, &body).await
}
