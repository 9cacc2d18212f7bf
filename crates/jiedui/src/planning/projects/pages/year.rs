//! The year as a picture: each project from its first to its last day, with today. How much of it is done is written beside
//! its name, since the axis is one of time.

use super::index;
use crate::planning::projects::data::ProjectRow;
use crate::planning::projects::rules::{self, unit_of};
use jiedui_kernel::{Date, Result};
use jiedui_pictures::{Picture, Span, SpanKind, Timeline, TimelineRow};
use jiedui_programme::{ProjectState, project_state};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::listing::{Around, Listed};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct YearView {
    #[serde(flatten)]
    around: Around,
    picture: Option<PictureView>,
    /// The lists of the projects drawn, in their order.
    lists: Vec<Link>,
    list_href: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let Listed { rows, around } = index::page(ctx, "/projects/year", true).await?;
    let mut lists: Vec<Link> = Vec::new();
    for row in &rows {
        let link = Link::new(format!("/lists/{}", row.list), list_name(row));
        if lists.last() != Some(&link) {
            lists.push(link);
        }
    }
    let view = YearView {
        picture: picture(&rows, ctx.today),
        lists,
        around,
        list_href: format!("/projects?{}", ctx.query.with("page", "")),
    };
    let lead = "横条是项目的起止，花纹是状态，竖线是今天；完成的数量写在名称下面。";
    let page = Page::new("年度进度图", lead).clause("S4.1").back("/projects", "协作项目").kind("list");
    Reply::view("planning/projects/year.html", page, &view)
}

fn list_name(row: &ProjectRow) -> String {
    format!("{} {}年", row.county_name, row.year)
}

/// All years of the projects on one axis; none where there is no project.
fn picture(rows: &[ProjectRow], today: Date) -> Option<PictureView> {
    let years = || rows.iter().filter_map(|row| i32::try_from(row.year).ok());
    let from = Date::from_ymd_opt(years().min()?, 1, 1)?;
    let to = Date::from_ymd_opt(years().max()?, 12, 31)?;
    let timeline = Timeline::new("年度进度图", from, to).today(today);
    let drawn = rows.iter().map(|row| drawn(row, today)).fold(timeline, Timeline::row);
    Some(PictureView::new("year", &Picture::Timeline(drawn)))
}

fn drawn(row: &ProjectRow, today: Date) -> TimelineRow {
    let (state, unit) = (project_state(&row.fact(), today), unit_of(&row.unit));
    let kind = match state {
        ProjectState::Late => SpanKind::Late,
        ProjectState::Awaiting => SpanKind::Claimed,
        ProjectState::Finished | ProjectState::Closed => SpanKind::Confirmed,
        _ => SpanKind::Planned,
    };
    let (done, all) = (unit.shown(row.confirmed).0, unit.shown(row.quantity));
    let note = format!("确认 {done} / {}{}，{}", all.0, all.1, rules::project_mark(state).label);
    TimelineRow::new(&row.title)
        .in_group(list_name(row))
        .note(note)
        .opens(format!("/projects/{}", row.id))
        .span(Span::new(kind, (row.from_day, row.to_day), "项目起止"))
}
