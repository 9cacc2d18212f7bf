//! Every helper that was succeeded by another at a school visible to the caller, and how far the handover is.

use crate::network::registry::{self, like};
use crate::planning::handovers::data::{self, SuccessionRow, SuccessionState};
use crate::planning::handovers::rules;
use crate::shared::review::State as _;
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::listing::Listing;
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct SuccessionLine {
    link: Link,
    leaving: String,
    arriving: String,
    ended: String,
    since: String,
    state: StateMark,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/handovers", Unit::Entries, &ctx.query);
    let q = like(&list.text("q", "学校名称"));
    let city = list.choice("city", "所在市", cities);
    let states = SuccessionState::ALL.iter().map(|state| Choice::new(state.text(), state.label()));
    let state = list.choice("state", "状态", states.collect());
    let call = values!(data::LIST { q, city, state });
    let line = |row: SuccessionRow| SuccessionLine {
        link: Link::new(address(&row), row.county_name),
        leaving: row.leaving_name,
        arriving: row.arriving_name,
        ended: row.ended.to_string(),
        since: row.since.to_string(),
        state: rules::mark(row.state),
    };
    let view = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let lead = "协作院校换了学校时，前任把没有办完的事交给接任的，双方确认；需求、项目和台账都已自动列好。";
    let page = Page::new("院校交接", lead).clause("G1.1").kind("list");
    Reply::view("planning/handovers/list.html", page, &view)
}

fn address(row: &SuccessionRow) -> String {
    match &row.handover {
        Some(id) => format!("/handovers/{id}"),
        None if row.reach.earlier() => format!("/pairings/{}/handovers", row.pairing),
        None => format!("/pairings/{}/handovers", row.successor),
    }
}
