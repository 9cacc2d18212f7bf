//! The months, the newest first, and how far each is accepted.

use crate::reporting::monthly::actions::{self, Progress};
use crate::reporting::monthly::data::MonthState;
use crate::reporting::monthly::rules;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// So many months stand on the page.
const SHOWN: usize = 24;

#[derive(Serialize)]
struct ListView {
    months: Vec<MonthLine>,
    /// Where there is none yet: from when there are.
    since: Option<String>,
}

#[derive(Serialize)]
struct MonthLine {
    link: Link,
    schools: Figure,
    county: Figure,
    city: Figure,
    closed: Figure,
    due: Option<String>,
    state: StateMark,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let months = rules::months(&programme, ctx.today, SHOWN);
    let progress = actions::progress(&mut ctx.tx, &months).await?;
    let line = |of: Progress| {
        let (month, all) = (of.month, of.schools);
        let figure = |value, query: &str, label: &str| {
            Figure::of(Reported::Value(value), Unit::Schools, format!("/months/{month}{query}"), label)
        };
        let closed = of.reached(&[MonthState::Closed]);
        MonthLine {
            link: Link::new(format!("/months/{month}"), rules::title(month)),
            schools: figure(all, "", "本范围的县级院校"),
            county: figure(
                of.reached(&[MonthState::County, MonthState::City, MonthState::Closed]),
                "?state=county",
                "县局已接收",
            ),
            city: figure(of.reached(&[MonthState::City, MonthState::Closed]), "?state=city", "市局已接收"),
            closed: figure(closed, "?state=closed", "省办已接收"),
            due: rules::due(&programme, MonthState::Closed, month).map(|day| day.to_string()),
            state: if closed >= all && all > 0 {
                rules::mark(MonthState::Closed)
            } else {
                StateMark::new("active", "接收中", "◐")
            },
        }
    };
    let view = ListView {
        months: progress.into_iter().map(line).collect(),
        since: programme.calendar.months_since.map(|day| day.to_string()),
    };
    let lead = "每月的数字从台账里自动汇总，履职进度、项目和目标列在旁边；月末以后由县局、市局、省办依次接收，学校不用填表。";
    let page = Page::new("月调度", lead).clause("S1.3").kind("detail");
    Reply::view("reporting/monthly/list.html", page, &view)
}
