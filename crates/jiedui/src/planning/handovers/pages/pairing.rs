//! The handovers of one pairing, whether it is the earlier or the later one: what is open and what was done, read from the
//! records; and the form by which one of the two writes it down.

use super::{DoneLine, Group, done, groups, parties};
use crate::network::pairings;
use crate::planning::handovers::data::SuccessionRow;
use crate::planning::handovers::rules::{self, NewHandover};
use crate::planning::handovers::{actions, of_pairing};
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::former_partner_until;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Field, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct PairingView {
    pairing: Link,
    here: String,
    successions: Vec<SuccessionView>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct SuccessionView {
    parties: Vec<(&'static str, Link)>,
    leaving: String,
    earlier: String,
    ended: String,
    since: String,
    /// Until when the former partner answers.
    until: String,
    state: StateMark,
    handover: Option<String>,
    groups: Vec<Group>,
    done: Vec<DoneLine>,
    /// Where the caller may write it down now.
    note: Option<Field>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, None, Vec::new()).await
}

/// The page, with what was typed where something is wrong with it.
pub async fn page(
    ctx: &mut RequestContext,
    typed: Option<(&FormValues, &NewHandover)>,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let id = ctx.param("id");
    let pairing = pairings::find(&mut ctx.tx, &id).await?;
    let mut successions = Vec::new();
    for row in of_pairing(&mut ctx.tx, &pairing.id).await? {
        successions.push(succession(ctx, &row, typed, &errors).await?);
    }
    let view = PairingView {
        pairing: Link::new(format!("/pairings/{id}"), format!("{}的结对", pairing.county_name)),
        here: format!("/pairings/{id}/handovers"),
        successions,
        errors: errors.clone(),
    };
    let title = format!("{}的院校交接", pairing.county_name);
    let lead = "没有办完的事、做过的事都从系统里带出；只需看一遍，说明各项由谁接着办。";
    let page = Page::new(title, lead).clause("G1.1").back("/handovers", "院校交接").kind("detail");
    Ok(Reply::view("planning/handovers/pairing.html", page, &view)?.refused(!errors.is_empty()))
}

async fn succession(
    ctx: &mut RequestContext,
    row: &SuccessionRow,
    typed: Option<(&FormValues, &NewHandover)>,
    errors: &[FieldError],
) -> Result<SuccessionView> {
    let programme = ctx.programme();
    let may = ctx.can("handover", "record")
        && actions::may_propose(&ctx.actor.org, row, &programme, ctx.today).is_ok();
    let reach = row.reach;
    let open = match row.handover {
        Some(_) => Vec::new(),
        None => actions::open(&mut ctx.tx, &programme, row).await?,
    };
    let unsaid = NewHandover::default();
    let mut items = rules::items(open, typed.map_or(&unsaid, |(_, new)| new));
    if !may {
        // Nobody has said anything yet.
        items.iter_mut().for_each(|item| item.course.clear());
    }
    let note = note_field(typed.map_or("", |(values, _)| values.get("note")), errors);
    Ok(SuccessionView {
        parties: parties((&row.leaving, &row.leaving_name), (&row.arriving, &row.arriving_name)),
        leaving: row.leaving.clone(),
        earlier: row.pairing.clone(),
        ended: row.ended.to_string(),
        since: row.since.to_string(),
        until: former_partner_until(&programme, row.ended).to_string(),
        state: rules::mark(row.state),
        handover: row.handover.clone(),
        groups: groups(&items, reach, may),
        done: match row.handover {
            Some(_) => Vec::new(),
            None => done(ctx, &programme, &row.pairing, reach).await?,
        },
        note: may.then_some(note),
    })
}

pub fn note_field(value: &str, errors: &[FieldError]) -> Field {
    let field = Field::new("note", "需要说明的事项")
        .help("例如设备、教材放在哪里，找谁联系；没有就留空。")
        .value(value)
        .error(errors);
    Field { maxlength: Some(rules::NOTE), ..field }
}
