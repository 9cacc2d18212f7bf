//! Assessments visible to the caller: those of its office, and those in which it or a unit below it is assessed.

use super::{CLAUSE, YearView, year};
use crate::shared::review::State as _;
use crate::sharing::assessment::data::{self, AssessmentRow, AssessmentState};
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::listing::{self, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct AssessmentLine {
    href: String,
    title: String,
    year: YearView,
    issuer: String,
    until: Option<String>,
    state: StateMark,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: listing::Listed<AssessmentLine>,
    can_draft: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut list = Listing::at("/assessments", Unit::Items, &ctx.query);
    let schemes = programme.assessments.iter().map(|one| Choice::new(one.id.as_str(), one.name.as_str()));
    let scheme = list.choice("scheme", "考核办法", schemes.collect());
    let states = AssessmentState::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let state = list.choice("state", "状态", states);
    let call = values!(data::LIST { scheme, state });
    let line = |row: AssessmentRow| AssessmentLine {
        href: format!("/assessments/{}", row.id),
        title: row.title,
        year: year(i32::try_from(row.year).unwrap_or_default()),
        issuer: row.issuer_name,
        until: row.object_until.map(|day| day.to_string()),
        state: row.state.mark(),
    };
    let found = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let view = ListView { list: found, can_draft: ctx.can("assessment", "draft") };
    let lead = "各家只和自己的基期比，看做成了什么；每一分从哪来、再得分需要什么都写明，可以提出异议，结果只分等次。";
    let page = Page::new("考核", lead).clause(CLAUSE).kind("list");
    Reply::view("sharing/assessment/list.html", page, &view)
}
