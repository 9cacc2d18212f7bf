//! 会议纪要: what a closed meeting says, to read, to print and to file.

use super::opened;
use super::show::parcel_of;
use crate::reporting::meetings::papers;
use crate::reporting::meetings::rules::parcel::MeetingParcel;
use jiedui_documents::word as docx;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::download::DOCX;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct MinutesView {
    href: String,
    host: String,
    on: String,
    at: String,
    place: String,
    came: Vec<(String, String)>,
    absent: Vec<String>,
    agenda: Vec<Item>,
    minutes: String,
    digest: String,
}

#[derive(Serialize)]
struct Item {
    title: String,
    decisions: Vec<(String, String, String)>,
}

async fn kept(ctx: &mut RequestContext) -> Result<(String, MeetingParcel)> {
    let opened = opened(ctx).await?;
    let parcel = parcel_of(&opened.row)?.ok_or(Error::NotFound)?;
    Ok((opened.row.digest.clone(), parcel))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (digest, parcel) = kept(ctx).await?;
    let came = parcel.attendance.iter().filter(|one| one.attended);
    let absent = parcel.attendance.iter().filter(|one| !one.attended);
    let item = |item: &crate::reporting::meetings::rules::parcel::AgendaItem| Item {
        title: item.title.clone(),
        decisions: item
            .decisions
            .iter()
            .map(|one| (one.text.clone(), one.owner_name.clone(), one.due.to_string()))
            .collect(),
    };
    let view = MinutesView {
        href: format!("/meetings/{}", parcel.meeting),
        host: parcel.host_name.clone(),
        on: parcel.on.to_string(),
        at: parcel.at.clone(),
        place: parcel.place.clone(),
        came: came.map(|one| (one.name.clone(), one.persons.clone())).collect(),
        absent: absent.map(|one| one.name.clone()).collect(),
        agenda: parcel.agenda.iter().map(item).collect(),
        minutes: parcel.minutes.clone(),
        digest,
    };
    let page = Page::new(format!("{}纪要", parcel.title), "办结时的内容，以后不再改动。")
        .clause("S1.3")
        .back(view.href.clone(), "返回这次会议")
        .kind("detail");
    Reply::view("reporting/meetings/minutes.html", page, &view)
}

pub async fn word(ctx: &mut RequestContext) -> Result<Reply> {
    let (digest, parcel) = kept(ctx).await?;
    let name = format!("{}纪要.docx", parcel.title);
    let document = papers::minutes(&parcel, &digest);
    Ok(Reply::made(name, DOCX, move || docx(&document).map_err(Error::internal)))
}
