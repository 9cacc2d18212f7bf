//! What the desk says to whoever runs the system: letters that did not get out.

use super::data;
use crate::shared::tasks::{Act, Task, pending};
use chrono::TimeDelta;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;

/// So long one that was given up is asked about.
const ASKED: TimeDelta = TimeDelta::days(7);

pub async fn tasks(ctx: &mut RequestContext) -> Result<Vec<Task>> {
    if !ctx.can("job", "oversee") {
        return Ok(Vec::new());
    }
    let since = ctx.now - ASKED;
    let number = ctx.tx.number(&data::TROUBLE, args![since]).await?;
    if number == 0 {
        return Ok(Vec::new());
    }
    let why = "多次没有发出，已不再重试。请核对邮件服务器的地址、账号和网络；要办的事本人的工作台上都有。";
    let act = Act::go("去看原因", "/letters");
    let need = Figure::of(Reported::Value(number), Unit::Items, "/letters", "没有发出的");
    Ok(vec![Task { need: Some(need), ..Task::new("邮件没有发出", why, pending("待处理"), act) }])
}
