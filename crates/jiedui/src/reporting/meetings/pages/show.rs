//! One meeting: its agenda, what is offered for it, its papers, who came, and what was decided.

use super::{AgendaLine, OfferLine, PackView, agenda_lines, offer, opened, pack_view};
use crate::reporting::meetings::actions::{self, pack};
use crate::reporting::meetings::data::{MeetingRow, MeetingState, PartyRow};
use crate::reporting::meetings::rules;
use crate::reporting::meetings::rules::parcel::MeetingParcel;
use crate::shared::frozen::{self, KeptView};
use crate::shared::review::{Action, ReviewView};
use crate::shared::settled;
use jiedui_kernel::{Error, FieldError, Reported, Result, Unit};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    state: StateMark,
    host: String,
    on: String,
    at: String,
    place: String,
    agenda: Vec<AgendaLine>,
    closed: bool,
    minutes: String,
    parties: Vec<PartyRow>,
    came: Figure,
    /// The record that closing made.
    record: Option<Link>,
    kept: Option<KeptView>,
    pack: Option<PackView>,
    /// Whether they can be had as a paper too.
    printed: bool,
    /// What the host may still put on the agenda.
    offers: Option<OffersView>,
    followups: Figure,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct OffersView {
    moved: Vec<OfferLine>,
    unchanged: Vec<OfferLine>,
    title: Field,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

/// What the closed meeting says; none while it is open.
pub fn parcel_of(row: &MeetingRow) -> Result<Option<MeetingParcel>> {
    match row.state {
        MeetingState::Closed => frozen::read(&row.parcel, format_args!("the meeting {}", row.id)).map(Some),
        _ => Ok(None),
    }
}

pub async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let row = &opened.row;
    let (host, kept) = (ctx.actor.org == row.host, parcel_of(row)?);
    let open = host && row.state == MeetingState::Announced;
    let announced = row.state == MeetingState::Announced;
    let last = if announced { pack::before_it(&mut ctx.tx, row).await? } else { None };
    let pack = match &kept {
        Some(parcel) => Some(pack_view(&programme, &parcel.pack, host)),
        // Whoever is invited prepares from the same papers, as far as its own part of them goes.
        None if announced => {
            let made = pack::make(&mut ctx.tx, &programme, row, last.as_ref()).await?;
            let settled = settled::until(ctx, made.months.1).await?;
            Some(PackView { settled, ..pack_view(&programme, &made, host) })
        }
        None => None,
    };
    let offers = if open && ctx.can("meeting", "convene") {
        Some(offers_view(ctx, last.as_ref(), &errors).await?)
    } else {
        None
    };
    let parties = actions::parties(&mut ctx.tx, &row.id).await?;
    let came = parties.iter().filter(|one| one.attended).count();
    let href = format!("/meetings/{}", row.id);
    let agenda = agenda_lines(ctx, row).await?;
    let decided: usize = agenda.iter().map(|line| line.decisions.len()).sum();
    let count = |number: usize| Reported::Value(i64::try_from(number).unwrap_or(i64::MAX));
    let view = ShowView {
        state: rules::mark(row.state),
        host: row.host_name.clone(),
        on: row.on_day.to_string(),
        at: row.at_time.clone(),
        place: row.place.clone(),
        closed: kept.is_some(),
        minutes: row.minutes.clone(),
        came: Figure { unit: "个单位", ..Figure::of(count(came), Unit::Items, &href, "参加的单位") },
        parties,
        record: record(row, host),
        kept: kept.as_ref().map(|parcel| kept_view(row, parcel)),
        pack,
        printed: kept.is_some() || host,
        offers,
        followups: Figure::of(
            count(decided),
            Unit::Items,
            format!("/followups?meeting={}", row.id),
            "议定的督办事项",
        ),
        agenda,
        review: opened.view(ctx, &rules::STEPS),
        errors: errors.clone(),
        href,
    };
    let clauses = programme.meeting(&row.kind).map(|kind| kind.clauses.clone()).unwrap_or_default();
    let lead = "议题和材料由系统备好；议定一行一条，归档后就在责任单位的工作台上。";
    let page = Page::new(row.title.clone(), lead).clauses(&clauses).back("/meetings", "会议").kind("detail");
    Ok(Reply::view("reporting/meetings/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn record(row: &MeetingRow, host: bool) -> Option<Link> {
    let id = row.record.as_ref().filter(|_| host)?;
    Some(Link::new(format!("/outputs/{id}"), "归档时自动登记的记录"))
}

fn kept_view(row: &MeetingRow, parcel: &MeetingParcel) -> KeptView {
    let href = format!("/meetings/{}/parcel", row.id);
    KeptView::of(&parcel.stamp, (&row.parcel, &row.digest), href, rebuilt(row, parcel))
}

/// Whether what is kept says the same as the row beside it.
fn rebuilt(row: &MeetingRow, parcel: &MeetingParcel) -> bool {
    parcel.meeting == row.id
        && parcel.title == row.title
        && parcel.on == row.on_day
        && parcel.minutes == row.minutes
}

async fn offers_view(
    ctx: &mut RequestContext,
    last: Option<&MeetingRow>,
    errors: &[FieldError],
) -> Result<OffersView> {
    let programme = ctx.programme();
    let offers = actions::backlog::offers(&mut ctx.tx, &programme, last).await?;
    let title = Field::new("title", "另提一个议题").value(ctx.form.values.get("title")).error(errors);
    Ok(OffersView {
        moved: offers.moved.iter().map(offer).collect(),
        unchanged: offers.unchanged.iter().map(offer).collect(),
        title: Field { maxlength: Some(rules::TITLE), width: "long", ..title },
    })
}

pub async fn close(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    opened.demand(Action::Accept)?;
    let version = ctx.form_version()?;
    match actions::close::close(&mut ctx.tx, &programme, &opened, version).await.or_wrong()? {
        Ok(()) => {
            let text = "已归档，内容不再改动；议定事项已到责任单位的工作台。";
            Ok(Reply::done(format!("/meetings/{}", opened.row.id), Flash::done(text)))
        }
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn cancel(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    actions::cancel(&mut ctx.tx, &opened, version).await?;
    Ok(Reply::done("/meetings", Flash::done("已取消，参加的单位在会议列表里看到。")))
}

/// What was closed, byte for byte.
pub async fn parcel(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = opened.row.into_row();
    parcel_of(&row)?.ok_or(Error::NotFound)?;
    let name = format!("{}.json", row.title);
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: row.parcel.into_bytes() }))
}
