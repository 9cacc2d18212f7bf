//! What anybody who holds the paper may ask, without signing in: whether it is genuine, and what its teacher lets them read.

use super::WorkLine;
use crate::evidence::service_certificates::actions;
use crate::evidence::service_certificates::rules::{Shown, number};
use crate::shared::codes;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::reply::{Field, Page, Reply};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct CheckView {
    field: Field,
    /// None before a code was typed; `found` says whether there is one.
    asked: bool,
    found: Option<Genuine>,
}

#[derive(Serialize)]
struct Genuine {
    state: StateMark,
    number: String,
    org: String,
    issued_on: String,
    withdrawn_on: Option<String>,
    changed: bool,
    person: Option<String>,
    from: Option<String>,
    to: Option<String>,
    rows: Vec<WorkLine>,
    hidden: bool,
}

fn page(asked: bool, found: Option<Genuine>) -> Result<Reply> {
    let field = Field::new("code", "核验码")
        .required()
        .help("印在证明上，五组，每组四个字母或数字；大小写、横线都不要紧。");
    let page = Page::new("核验协作经历证明", "");
    Reply::view("evidence/service_certificates/check.html", page, &CheckView { field, asked, found })
}

pub async fn ask(_: &mut RequestContext) -> Result<Reply> {
    page(false, None)
}

/// Leads to the page of the code, whether there is a paper or not.
pub async fn look(ctx: &mut RequestContext) -> Result<Reply> {
    match codes::plain(ctx.form.values.get("code")).as_str() {
        "" => page(false, None),
        code => Ok(Reply::to(format!("/check/{code}"))),
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (code, from, now) = (ctx.param("code"), ctx.peer(), ctx.now);
    let app = Arc::clone(&ctx.app);
    if app.guesses.must_wait(from, now, &app.limits) {
        let words =
            "从您这里输错核验码的次数太多，请十分钟后再试。核验码印在证明上，五组，每组四个字母或数字。";
        return Err(Error::Locked(words.to_owned()));
    }
    let Some(row) = actions::by_code(&mut ctx.tx, &code).await? else {
        app.guesses.note(from, now, &app.limits);
        return page(true, None);
    };
    let parcel = actions::parcel(&row)?;
    let changed = actions::changed(&mut ctx.tx, &row, &parcel).await?;
    let (name, work) = (Shown::Name.is_in(&row.shows), Shown::Work.is_in(&row.shows));
    let line = |(at, work)| WorkLine::of(work, changed.contains(&at)).for_strangers();
    let found = Genuine {
        state: row.state.mark(),
        number: number(row.year, row.place),
        org: row.org_name,
        issued_on: row.issued_on.to_string(),
        withdrawn_on: row.withdrawn_on.map(|day| day.to_string()),
        changed: !changed.is_empty(),
        // From the parcel, so that it is what stands on the paper.
        person: name.then(|| parcel.person.clone()),
        from: work.then(|| parcel.from.to_string()),
        to: work.then(|| parcel.to.to_string()),
        rows: if work { parcel.rows.iter().enumerate().map(line).collect() } else { Vec::new() },
        hidden: !(name && work),
    };
    page(true, Some(found))
}
