//! One year: what is still open, the closing, and what the next year needs.

use super::year_of;
use crate::reporting::years::actions;
use crate::reporting::years::actions::steps::steps;
use crate::reporting::years::rules::{self, Part, Step};
use jiedui_kernel::{Reported, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct YearView {
    href: String,
    year: i32,
    next: i32,
    closing: Vec<StepLine>,
    coming: Vec<StepLine>,
    over: bool,
    /// Something of the year is still open.
    open: bool,
    /// The day, and who closed it.
    closed: Option<(String, String)>,
    may_close: bool,
    may_compare: bool,
}

#[derive(Serialize)]
struct StepLine {
    name: String,
    who: &'static str,
    href: String,
    left: Figure,
    of: Figure,
    state: StateMark,
    rest: Vec<Link>,
    /// There are more than are named.
    more: bool,
}

fn line(step: Step) -> StepLine {
    let figure = |value, word: &str| {
        Figure::of(Reported::Value(value), step.unit, &step.href, format!("{}（{word}）", step.name))
    };
    StepLine {
        left: figure(step.left, "没有办完"),
        of: figure(step.of, "一共"),
        state: step.mark(),
        more: !step.rest.is_empty() && i64::try_from(step.rest.len()).is_ok_and(|named| named < step.left),
        rest: step.rest,
        name: step.name,
        who: step.who,
        href: step.href,
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (year, programme) = (year_of(ctx)?, ctx.programme());
    let (closing, coming): (Vec<Step>, Vec<Step>) =
        steps(&mut ctx.tx, &programme, year).await?.into_iter().partition(|step| step.part == Part::Closing);
    let closed = actions::closed(&mut ctx.tx).await?.into_iter().find(|row| row.year == i64::from(year));
    let over = rules::is_over(year, ctx.today);
    let view = YearView {
        href: format!("/years/{year}"),
        year,
        next: year + 1,
        open: closing.iter().any(Step::is_open),
        closing: closing.into_iter().map(line).collect(),
        coming: coming.into_iter().map(line).collect(),
        over,
        may_close: over && closed.is_none() && ctx.can("year", "put_away"),
        may_compare: closed.is_some() && ctx.can("closed_year", "read"),
        closed: closed.map(|row| (row.closed_on.to_string(), row.host_name)),
    };
    let lead = "每一项都从办理它的地方读出来，办好了自动打勾，不用在这里填。";
    let page =
        Page::new(format!("{year}年度收尾"), lead).clause("S1.3").back("/years", "年度收尾").kind("detail");
    Reply::view("reporting/years/show.html", page, &view)
}

pub async fn close(ctx: &mut RequestContext) -> Result<Reply> {
    let (year, programme) = (year_of(ctx)?, ctx.programme());
    actions::close(&mut ctx.tx, &programme, year).await?;
    let text = "已收尾，各校这一年的数已存底。以后的更正照常办理，变化另外列出。";
    Ok(Reply::done(format!("/years/{year}"), Flash::done(text)))
}
