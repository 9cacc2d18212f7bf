//! What was kept when a year was closed, and what became another since.

use super::year_of;
use crate::reporting::questions::{ChangeLine, change_lines};
use crate::reporting::years::actions;
use crate::reporting::years::rules::OpenStep;
use crate::shared::frozen::KeptView;
use jiedui_kernel::{Reported, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::Figure;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ChangesView {
    closed_on: String,
    host: String,
    open: Vec<(String, Figure, String)>,
    changes: Vec<ChangeLine>,
    kept: KeptView,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (year, programme) = (year_of(ctx)?, ctx.programme());
    let (row, parcel) = actions::kept(&mut ctx.tx, year).await?;
    let now = actions::answer(&mut ctx.tx, &programme, year).await?;
    let href = format!("/years/{year}");
    let whole =
        parcel.answer.adds_up() && parcel.closed_on == row.closed_on && i64::from(parcel.year) == row.year;
    let open = |step: &OpenStep| {
        let left = Figure::of(Reported::Value(step.left), step.unit, &href, &step.name);
        (step.name.clone(), left, step.names())
    };
    let view = ChangesView {
        closed_on: row.closed_on.to_string(),
        host: row.host_name.clone(),
        open: parcel.open.iter().map(open).collect(),
        changes: change_lines(&parcel.answer, &now),
        kept: KeptView::of(&parcel.answer.stamp, (&row.text, &row.digest), format!("{href}/parcel"), whole),
    };
    let lead = "收尾时的数存着不变；后来的确认和更正列在这里，点开看到现在的记录。";
    let page = Page::new(format!("{year}年度收尾以后的变化"), lead)
        .clause("S1.3")
        .back(href, "返回这个年度")
        .kind("detail");
    Reply::view("reporting/years/changes.html", page, &view)
}

/// What was kept, byte for byte.
pub async fn parcel(ctx: &mut RequestContext) -> Result<Reply> {
    let year = year_of(ctx)?;
    let (row, _) = actions::kept(&mut ctx.tx, year).await?;
    let name = format!("{year}年度收尾存底.json");
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: row.text.into_bytes() }))
}
