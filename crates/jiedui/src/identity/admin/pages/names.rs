//! Who had whose name shown in full, for the auditor: by person, resource_id, school and day.

use super::super::data::{self, NameViewRow};
use super::super::rules::midnight;
use crate::network::registry::like;
use chrono::Days;
use jiedui_kernel::{Result, Unit};
use jiedui_store::{PersonName, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<NameLine>,
}

#[derive(Serialize)]
struct NameLine {
    when: String,
    name: String,
    org_name: String,
    person: PersonName,
    unit: String,
    title: String,
    resource_id: String,
    /// Its record in the log.
    record: String,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let mut list = Listing::at("/audit/names", Unit::PersonTimes, &ctx.query);
    let (first, last) = list.span(["from", "起始日期"], ["to", "终止日期"]);
    let q = like(&list.text("q", "查看的人或单位").to_lowercase());
    let about = list.text("about", "谁的姓名：人员或单位的全名，或事项编号");
    let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let call = values!(data::NAME_VIEWS { start: midnight(first), end: midnight(end), q, about });
    let rows = list.fetch::<NameViewRow>(&mut ctx.tx, &call).await?;
    let view = ListView {
        list: rows.map(|mut row| {
            ctx.names.read(&mut row.person, &[]);
            NameLine {
                when: when(row.at),
                name: row.name,
                org_name: row.org_name,
                person: row.person,
                unit: row.unit,
                title: row.title,
                resource_id: row.resource_id,
                record: row.record.map(|leaf| format!("/audit/{leaf}")).unwrap_or_default(),
            }
        }),
    };
    let page = Page::new(
        "谁看过全名",
        "在姓名隐去的页面上按过“显示全名”的，一人一行，新的在前。导出的文件在审计日志里按“导出文件”查。",
    )
    .back("/audit", "审计日志")
    .kind("list");
    Reply::view("identity/admin/names.html", page, &view)
}
