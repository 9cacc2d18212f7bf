//! The schools of which the registry does not say yet what they were granted (T2.3).

use super::super::{UnrecordedLevel, behind};
use crate::network::registry;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    rows: Vec<LevelRow>,
}

#[derive(Serialize)]
struct LevelRow {
    school: Link,
    place: String,
    /// As the registry has it; "" where nobody noted one.
    noted: String,
    /// As it was granted, with where that is recorded.
    granted: Link,
    since: Option<String>,
    /// Where the press goes.
    take: String,
}

impl LevelRow {
    fn of(one: UnrecordedLevel<'_>) -> Self {
        Self {
            school: registry::link(&one.org.id, &one.org.name),
            granted: Link::new(format!("/outputs/{}", one.output), one.level),
            since: one.since.map(|day| day.to_string()),
            take: format!("/ladder/{}/level", one.org.id),
            place: one.org.place,
            noted: one.org.level,
        }
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let found = behind(&mut ctx.tx, &programme, "").await?;
    let view = View { rows: found.into_iter().map(LevelRow::of).collect() };
    let lead =
        "已经获批升格、院校库里还是原来层次的学校。更新从今天起算，原来的层次记在沿革里，以前的年份不改。";
    let page = Page::new("更新获批的层次", lead)
        .clause("T2.3")
        .clause("G3.1")
        .back("/ladder", "返回梯次结构")
        .kind("overview");
    Reply::view("standing/standards/levels.html", page, &view)
}
