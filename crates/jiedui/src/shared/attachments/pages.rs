//! What the page of a thing shows of it (`attached.html` lays it out, folded away), and what is done there, for entries and outputs
//! alike: whose thing it is, and how its own page is shown again, their pages know.

use super::actions;
use super::data::AttachmentRow;
use super::rules::{self, Matter};
use crate::shared::handed_in::{self, NamedFile, Sent};
use jiedui_files::FileKind;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::VersionedCall;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::history::HistoryRow;
use jiedui_web::reply::{Field, Flash, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct AttachmentView {
    href: String,
    name: String,
    kind: &'static str,
    size: String,
    org: String,
    when: String,
    /// Where a browser shows it within the page, and whether as a picture.
    shown: Option<String>,
    picture: bool,
    take_back: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct AttachmentsView {
    href: String,
    all: Vec<AttachmentView>,
    /// None where the caller cannot add any.
    file: Option<Field>,
    types: Vec<String>,
}

/// What the caller sees beside a thing that was found in scope. None where the caller is none of those whom its names concern,
/// or there is nothing and nothing can be added. `may` says whether the role may add.
pub async fn view(
    ctx: &mut RequestContext,
    matter: &Matter<'_>,
    concerned: &[&str],
    (steps, may): (&[HistoryRow], bool),
    errors: &[FieldError],
) -> Result<Option<AttachmentsView>> {
    if !ctx.names.concern(concerned) {
        return Ok(None);
    }
    let rows = actions::of(&mut ctx.tx, matter.id).await?;
    let adds = may && matter.takes_from(&ctx.actor.org);
    if rows.is_empty() && !adds {
        return Ok(None);
    }
    let href = format!("{}/attachments", address(matter));
    let own = |row: &AttachmentRow| may && row.org == ctx.actor.org && !rules::was_answered(steps, row);
    let all = rows.iter().map(|row| one(&href, row, own(row))).collect();
    let file = adds.then(|| Field::new("file", "文件").required().error(errors));
    Ok(Some(AttachmentsView { all, file, types: handed_in::described(&rules::types()), href }))
}

/// Where a thing has its page.
fn address(matter: &Matter<'_>) -> String {
    let things = if matter.resource == "entry" { "entries" } else { "outputs" };
    format!("/{things}/{}", matter.id)
}

/// Looks at the file that is to stand beside a thing, and keeps it; or says why the caller's side can put nothing more there.
///
/// # Errors
/// Where the caller is no side of it, or nothing is open any more.
pub async fn receive(
    ctx: &mut RequestContext,
    matter: &Matter<'_>,
) -> Result<Result<Prepared<Sent>, Vec<FieldError>>> {
    matter.demand(&ctx.actor.org)?;
    let full = actions::full(&mut ctx.tx, matter.id).await?;
    if !full.is_empty() {
        return Ok(Err(full));
    }
    Ok(Ok(handed_in::receive(ctx, rules::types(), "材料", true)?))
}

/// Puts what was sent beside a thing and leads back to it; or says what is wrong with it, for the page of the thing.
pub async fn attach(
    ctx: &mut RequestContext,
    lock: VersionedCall,
    matter: &Matter<'_>,
    sent: Sent,
) -> Result<Result<Reply, Vec<FieldError>>> {
    let file = match sent {
        Ok(file) => file,
        Err(error) => return Ok(Err(vec![error])),
    };
    let done = actions::add(&mut ctx.tx, lock, matter, &file).await.or_wrong()?;
    Ok(done.map(|()| Reply::done(address(matter), Flash::done("已附上，对方会在消息里看到。"))))
}

/// Takes back the one that the address names.
pub async fn take_back(ctx: &mut RequestContext, lock: VersionedCall, matter: &Matter<'_>) -> Result<Reply> {
    let attachment = ctx.param("attachment");
    actions::take_back(&mut ctx.tx, lock, matter, &attachment).await?;
    Ok(Reply::done(address(matter), Flash::done("已撤回这份材料。")))
}

fn one(href: &str, row: &AttachmentRow, own: bool) -> AttachmentView {
    let kind = FileKind::of_mime(&row.mime);
    let at = format!("{href}/{}", row.id);
    AttachmentView {
        name: row.name.clone(),
        kind: kind.map_or("", FileKind::label),
        size: handed_in::size(usize::try_from(row.size).unwrap_or(0)),
        org: row.org_name.clone(),
        when: when(row.added_at),
        shown: kind.is_some_and(FileKind::is_shown).then(|| format!("{at}/view")),
        picture: kind.is_some_and(FileKind::is_picture),
        take_back: own.then(|| format!("{at}/take-back")),
        href: at,
    }
}

/// The content of one, for those whom the names of its thing concern: to be kept, or to be looked at within the page.
pub async fn sent(
    ctx: &mut RequestContext,
    resource_id: &str,
    concerned: &[&str],
    within_page: bool,
) -> Result<Reply> {
    if !ctx.names.concern(concerned) {
        return Err(Error::NotFound);
    }
    let attachment = ctx.param("attachment");
    let row = actions::find(&mut ctx.tx, resource_id, &attachment).await?;
    let named = NamedFile { hash: &row.hash, size: row.size, mime: &row.mime, name: &row.name };
    let (kind, file) = handed_in::sent_again(ctx, named)?;
    if !within_page {
        return Ok(Reply::Parted(file));
    }
    if kind.is_shown() { Ok(Reply::Shown(file)) } else { Err(Error::NotFound) }
}
