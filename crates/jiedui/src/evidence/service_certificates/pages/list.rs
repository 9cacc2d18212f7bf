//! The certificates that one's own organisation gave.

use crate::evidence::service_certificates::data::{self, CertificateRow, CertificateState};
use crate::evidence::service_certificates::rules;
use crate::network::registry::like;
use crate::shared::review::State as _;
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::listing::Listing;
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct CertificateLine {
    href: String,
    number: String,
    person: String,
    from: String,
    to: String,
    issued_on: String,
    state: StateMark,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let mut list = Listing::at("/certificates", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "姓名"));
    let states = CertificateState::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let state = list.choice("state", "状态", states);
    let found = list.fetch(&mut ctx.tx, &values!(data::CERTIFICATES { q, state })).await?;
    let names = &mut ctx.names;
    let line = |row: CertificateRow| CertificateLine {
        href: format!("/certificates/{}", row.id),
        number: rules::number(row.year, row.place),
        person: names.shown(&row.person_name, &[&row.org]),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        issued_on: row.issued_on.to_string(),
        state: row.state.mark(),
    };
    let view = found.map(line);
    let lead = "教师到其他学校工作的经历，由台账里双方确认过的记录直接生成，不用填写；收到证明的单位可以按核验码核验，不用登录。";
    let page = Page::new("协作经历证明", lead).clause("T4.7").kind("list");
    Reply::view("evidence/service_certificates/list.html", page, &view)
}
