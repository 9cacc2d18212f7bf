//! What the desk says to the office that closes: the year that is over, once the month accepts have had their time.

use super::{actions, rules};
use crate::reporting::monthly::{MonthState, rules as months};
use crate::shared::tasks::{Act, Task, pending};
use chrono::Datelike as _;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let year = today.year() - 1;
    // Only a year whose months were dispatched here: of earlier ones somebody else kept the books.
    let december = months::due(&programme, MonthState::Closed, i64::from(year) * 100 + 12);
    let dispatched = programme.calendar.months_since.is_some_and(|day| day <= rules::days(year).to);
    if !ctx.can("year", "put_away") || !dispatched || december.is_none_or(|day| day >= today) {
        return Ok(Vec::new());
    }
    if actions::closed(&mut ctx.tx).await?.iter().any(|row| row.year == i64::from(year)) {
        return Ok(Vec::new());
    }
    let why = "各月已经调度完；收尾时各校的数存成一份，以后的更正另外列出，谁也不用再报一遍。";
    let act = Act::go("去收尾", format!("/years/{year}"));
    Ok(vec![Task::new(format!("年度收尾：{year}年度"), why, pending("待收尾"), act).clause("S1.3")])
}
