//! The year as a picture: each project's term, what is confirmed and claimed of it, and today.

use super::index;
use super::views::{ProjectLine, line};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::listing::{Around, Listed};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct YearView {
    #[serde(flatten)]
    around: Around,
    months: Vec<&'static str>,
    groups: Vec<Group>,
    list_href: String,
}

/// The projects of one county school in one year, in the order of its list.
#[derive(Serialize)]
struct Group {
    county: String,
    list: String,
    year: i64,
    rows: Vec<ProjectLine>,
}

const MONTHS: [&str; 12] =
    ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"];

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let Listed { rows, around } = index::page(ctx, "/projects/year", true).await?;
    let mut groups: Vec<Group> = Vec::new();
    for row in &rows {
        if groups.last().is_none_or(|group| group.list != row.list) {
            groups.push(Group {
                county: row.county_name.clone(),
                list: row.list.clone(),
                year: row.year,
                rows: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.rows.push(line(&mut ctx.names, row, ctx.today));
        }
    }
    let view = YearView {
        months: MONTHS.to_vec(),
        groups,
        around,
        list_href: format!("/projects?{}", ctx.query.with("page", "")),
    };
    let lead = "横条是项目的起止；深色是已确认的数量，浅色是已登记待确认的；竖线是今天。";
    let page = Page::new("年度进度图", lead).clause("S4.1").back("/projects", "协作项目").kind("list");
    Reply::view("planning/projects/year.html", page, &view)
}
