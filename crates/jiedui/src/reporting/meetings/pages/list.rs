//! Meetings that the caller holds or is invited to, and what is to be announced.

use crate::network::registry::like;
use crate::reporting::meetings::data::{self, MeetingRow, MeetingState};
use crate::reporting::meetings::rules;
use crate::shared::review::State as _;
use jiedui_kernel::{Result, Unit};
use jiedui_store::{args, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<MeetingLine>,
    convene: Vec<Convene>,
    topics: bool,
}

#[derive(Serialize)]
struct MeetingLine {
    href: String,
    title: String,
    host: String,
    on: String,
    at: String,
    place: String,
    state: StateMark,
}

/// A kind that the caller holds, and the one of this period where it was announced.
#[derive(Serialize)]
struct Convene {
    name: String,
    about: String,
    our_reading: bool,
    period: String,
    /// Its last day.
    until: String,
    new: String,
    there: Option<Link>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut list = Listing::at("/meetings", Unit::Times, &ctx.query);
    let q = like(&list.text("q", "会议或召集单位"));
    let sides = vec![Choice::new("host", "本单位召集的"), Choice::new("invited", "请本单位参加的")];
    let side = list.choice("side", "哪些", sides);
    let kinds = programme.meetings.iter().map(|kind| Choice::new(&kind.id, &kind.name)).collect();
    let kind = list.choice("kind", "哪一种", kinds);
    let states = MeetingState::ALL.iter().map(|state| Choice::new(state.text(), state.label())).collect();
    let state = list.choice("state", "状态", states);
    let own = ctx.actor.org.clone();
    let call = values!(data::LIST { q, side, own, kind, state });
    let line = |row: MeetingRow| MeetingLine {
        href: format!("/meetings/{}", row.id),
        title: row.title,
        host: row.host_name,
        on: row.on_day.to_string(),
        at: row.at_time,
        place: row.place,
        state: rules::mark(row.state),
    };
    let list = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let view = ListView { list, convene: convene(ctx).await?, topics: ctx.can("meeting", "convene") };
    let lead =
        "议题、材料和请谁参加由系统备好，会上只记议定了什么；议定的就是督办事项，一直看到两边都说办好。";
    let page = Page::new("会议", lead).clause("S1.1").clause("S1.3").kind("list");
    Reply::view("reporting/meetings/list.html", page, &view)
}

async fn convene(ctx: &mut RequestContext) -> Result<Vec<Convene>> {
    let mut found = Vec::new();
    if !ctx.can("meeting", "convene") {
        return Ok(found);
    }
    let (programme, actor, today) = (ctx.programme(), std::sync::Arc::clone(&ctx.actor), ctx.today);
    for kind in rules::held_by(&programme, |role| actor.has_role(role)) {
        let Some(period) = rules::period(kind, today) else { continue };
        let days = args![&actor.org, &kind.id, period.period.from, period.period.to];
        let rows = ctx.tx.all::<MeetingRow>(&data::IN_PERIOD, days).await?;
        found.push(Convene {
            name: kind.name.clone(),
            about: kind.about.clone(),
            our_reading: kind.our_reading,
            until: period.period.to.to_string(),
            period: period.name,
            new: format!("/meetings/new/{}", kind.id),
            there: rows.first().map(|row| Link::new(format!("/meetings/{}", row.id), row.title.clone())),
        });
    }
    Ok(found)
}
