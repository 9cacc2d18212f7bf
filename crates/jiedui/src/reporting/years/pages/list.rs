//! The years of the programme, and whether each is closed.

use crate::reporting::years::{actions, rules};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct YearsView {
    years: Vec<YearLine>,
}

#[derive(Serialize)]
struct YearLine {
    link: Link,
    state: StateMark,
    closed_on: Option<String>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let closed = actions::closed(&mut ctx.tx).await?;
    let line = |year: i32| {
        let row = closed.iter().find(|row| row.year == i64::from(year));
        let state = match row {
            Some(_) => StateMark::new("done", "已收尾", "●"),
            None if rules::is_over(year, today) => StateMark::new("pending", "可以收尾", "○"),
            None => StateMark::new("active", "进行中", "◐"),
        };
        YearLine {
            link: Link::new(format!("/years/{year}"), format!("{year}年度")),
            state,
            closed_on: row.map(|row| row.closed_on.to_string()),
        }
    };
    let view = YearsView { years: rules::years(&programme, today).into_iter().map(line).collect() };
    let lead = "一年过完以后，把没有办完的事办完，把各校的数存成一份，再把下一年要用的准备好。";
    let page = Page::new("年度收尾", lead).clause("S1.3").kind("detail");
    Reply::view("reporting/years/list.html", page, &view)
}
