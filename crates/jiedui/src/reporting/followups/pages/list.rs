//! Tracked items visible to the caller: one's own, those one asked for, those about a school, a project or a sentence.

use super::about;
use crate::network::registry::like;
use crate::reporting::followups::data::{self, FollowupRow};
use crate::reporting::followups::rules;
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::listing::Listing;
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FollowupLine {
    href: String,
    text: String,
    owner: String,
    host: String,
    due: String,
    from: Option<Link>,
    state: StateMark,
}

const STATES: [(&str, &str); 6] = [
    ("running", "没有办结的"),
    ("overdue", "已过期限"),
    ("open", "办理中"),
    ("reported", "已报办结，待确认"),
    ("closed", "已办结"),
    ("dropped", "已撤销"),
];

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let today = ctx.today;
    let mut list = Listing::at("/followups", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "事项或责任单位"));
    let sides = vec![Choice::new("mine", "本单位办理的"), Choice::new("asked", "本单位交办的")];
    let side = list.choice("side", "哪些", sides);
    let states = STATES.iter().map(|(id, name)| Choice::new(*id, *name)).collect();
    let state = list.choice("state", "状态", states);
    // Set by the pages of a meeting, a school, a project and a sentence.
    let (meeting, school) = (list.id("meeting"), list.id("school"));
    let (project, clause) = (list.id("project"), list.id("clause"));
    let own = ctx.actor.org.clone();
    let call = values!(data::LIST { q, side, own, state, clause, meeting, school, project });
    let line = |row: FollowupRow| FollowupLine {
        href: format!("/followups/{}", row.id),
        from: about(&row).into_iter().next().map(|(_, link)| link),
        state: rules::mark(&row, today),
        text: row.text,
        owner: row.owner_name,
        host: row.host_name,
        due: row.due.to_string(),
    };
    let view = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let lead = "会上议定的和各级交办的，一行一件；责任单位报办结，交办单位确认，两边都说办好了才算办结；\
                交办给本单位自己的，写明是自行确认。";
    let page = Page::new("督办事项", lead).clause("S1.3").kind("list");
    Reply::view("reporting/followups/list.html", page, &view)
}
