//! The agreements of a pairing, one edition a line.

use crate::network::agreements::actions::may_record;
use crate::network::agreements::data::{AgreementRow, AgreementState};
use crate::network::agreements::rules;
use crate::network::{agreements, pairings};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    pairing: String,
    rows: Vec<AgreementLine>,
    holds: Option<AgreementLine>,
    holds_expired: bool,
    /// From the office's table, where no agreement was recorded here.
    imported: Option<String>,
    ended: Option<String>,
    can_record: bool,
}

/// One edition as tables show it.
#[derive(Clone, Serialize)]
pub struct AgreementLine {
    id: String,
    edition: i64,
    kind: &'static str,
    signed_on: String,
    from: String,
    to: Option<String>,
    summary: String,
    recorder: String,
    file: bool,
    pub state: StateMark,
}

pub fn line(row: &AgreementRow, state: StateMark) -> AgreementLine {
    AgreementLine {
        id: row.id.clone(),
        edition: row.edition,
        kind: rules::kind_name(&row.kind),
        signed_on: row.signed_on.to_string(),
        from: row.from_day.to_string(),
        to: row.to_day.map(|day| day.to_string()),
        summary: row.summary.clone(),
        recorder: row.recorder_name.clone(),
        file: !row.file_name.is_empty(),
        state,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let pairing = pairings::find(&mut ctx.tx, &id).await?;
    let rows = agreements::of_pairing(&mut ctx.tx, &pairing.id).await?;
    let today = ctx.today;
    let shown = |row: &AgreementRow| line(row, rules::state(row, &rows, today));
    let holds = rules::in_force(&rows, today);
    let signed = rows.iter().any(|row| row.state == AgreementState::Signed);
    let view = ListView {
        rows: rows.iter().map(shown).collect(),
        holds: holds.map(shown),
        holds_expired: holds.is_some_and(|row| rules::expired(row, today)),
        imported: pairing.agreed_on.filter(|_| !signed).map(|day| day.to_string()),
        ended: pairing.to_day.filter(|end| *end < today).map(|day| day.to_string()),
        can_record: ctx.can("agreement", "record")
            && may_record(&ctx.actor.org, &pairing, &rows, ctx.today).is_ok(),
        pairing: pairing.id.clone(),
    };
    let title = format!("{}的三方协议", pairing.county_name);
    let page = Page::new(title, "一方登记协议书上的日期，另两方确认后算签订；修订和续签另成一份，旧的保留。")
        .clause("G1.2")
        .back(format!("/pairings/{}", pairing.id), format!("{}的结对", pairing.county_name))
        .kind("list");
    Reply::view("network/agreements/list.html", page, &view)
}
