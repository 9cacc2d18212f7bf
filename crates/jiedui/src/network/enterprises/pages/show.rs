//! One enterprise: its names, where it is named, and which other one it is.

use super::super::data::{self, EnterpriseRow, KnownRow, UseRow};
use super::super::{actions, find, names, rules};
use super::list::place;
use jiedui_kernel::{Code, Error, FieldError, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::{args, values};
use jiedui_web::attempt::{Attempt as _, Refused};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::Reader;
use jiedui_web::history::{self, Saved, TimelineItem, saved_last};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

const STEPS: [(&str, &str); 3] = [("register", "登记"), ("join", "并入另一家"), ("part", "撤销合并")];

#[derive(Serialize)]
struct ShowView {
    href: String,
    place: String,
    by: Link,
    since: String,
    version: i64,
    joined: Option<Link>,
    aliases: Vec<Link>,
    uses: Listed<UseLine>,
    may_join: bool,
    into: Field,
    reason: Field,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
    history: Vec<TimelineItem>,
}

#[derive(Serialize)]
struct UseLine {
    link: Link,
    what: String,
    named: String,
    place: String,
    day: String,
}

fn line(programme: &Programme, row: UseRow) -> UseLine {
    let (base, name, fields) = match row.kind.as_str() {
        "entry" => {
            let of = programme.activity(&row.what);
            ("/entries", of.map(|one| one.name.as_str()), of.map(|one| one.fields.as_slice()))
        }
        _ => {
            let of = programme.output(&row.what);
            ("/outputs", of.map(|one| one.name.as_str()), of.map(|one| one.fields.as_slice()))
        }
    };
    let name = name.unwrap_or(&row.what);
    let field = fields.unwrap_or_default().iter().find(|field| field.id == row.field);
    let title = if row.title.is_empty() { name } else { &row.title };
    UseLine {
        link: Link::new(format!("{base}/{}", row.resource), title),
        what: field.map_or_else(|| name.to_owned(), |field| format!("{name}：{}", field.label)),
        named: row.named,
        place: row.place_name,
        day: row.day.to_string(),
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Refused::nothing()).await
}

async fn page(ctx: &mut RequestContext, refused: Refused) -> Result<Reply> {
    let (id, programme) = (ctx.param("id"), ctx.programme());
    let row = find(&mut ctx.tx, &id).await?;
    let aliases = ctx.tx.all::<KnownRow>(&data::ALIASES, args![&id]).await?;
    let href = format!("/enterprises/{id}");
    let mut list = Listing::at(href.as_str(), Unit::Entries, &ctx.query);
    let named_at = list.text("place", "院校或单位全称");
    let call = values!(data::USES { enterprise: id.to_string(), place: named_at });
    let uses = list.fetch::<UseRow>(&mut ctx.tx, &call).await?;
    let may_join = ctx.can("enterprise", "join") && rules::may_join(&ctx.actor, &row.bureau);
    let known = if may_join && row.joined.is_none() { names(&mut ctx.tx).await? } else { Vec::new() };
    let steps = history::of(&mut ctx.tx, &id).await?;
    let saved = if refused.by_other() { saved_last(&mut ctx.tx, &id).await? } else { None };
    let field = |name: &str, label: &str| {
        let field = Field::new(name, label).required().value(ctx.form.values.get(name));
        field.error(&refused.errors)
    };
    let into = Field { maxlength: Some(60), ..field("into", "并入哪一家") };
    let view = ShowView {
        place: place(&row),
        by: crate::network::registry::link(&row.registered_by, &row.registered_name),
        since: row.registered_on.to_string(),
        version: row.version,
        joined: row
            .joined
            .as_ref()
            .map(|to| Link::new(format!("/enterprises/{to}"), row.joined_name.clone().unwrap_or_default())),
        aliases: aliases
            .into_iter()
            .map(|one| Link::new(format!("/enterprises/{}", one.id), one.name))
            .collect(),
        uses: uses.map(|row| line(&programme, row)),
        may_join,
        into: into.options(known.into_iter().filter(|one| one.value != row.name).collect()),
        reason: Field { maxlength: Some(200), width: "long", ..field("reason", "理由") },
        errors: refused.errors,
        saved,
        history: history::timeline(&steps, &STEPS),
        href,
    };
    let lead = "同一家企业的几种写法、在哪些登记里写到；登记的内容在各自的页面上。";
    let page = Page::new(row.name.clone(), lead).back("/enterprises", "企业库").kind("detail");
    Ok(Reply::view("network/enterprises/show.html", page, &view)?.with_status(refused.status))
}

/// Does it, or shows the page again with what was wrong or who changed it meanwhile.
async fn finished(ctx: &mut RequestContext, done: Result<(String, Flash)>) -> Result<Reply> {
    match done.or_refused()? {
        Ok((to, flash)) => Ok(Reply::done(to, flash)),
        Err(refused) => page(ctx, refused).await,
    }
}

pub async fn join(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = find(&mut ctx.tx, &id).await?;
    let (version, programme) = (ctx.form_version()?, ctx.programme());
    let mut read = Reader::default();
    let into = read.required(&ctx.form.values, "into", "并入哪一家").to_owned();
    let reason = read.text(&ctx.form.values, "reason", "理由", 200).to_owned();
    if reason.is_empty() {
        read.fail("reason", Code::Missing.says("请写明为什么是同一家，一句话即可。"));
    }
    let done = match read.done() {
        Ok(()) => actions::join(&mut ctx.tx, &programme, (&row, version), (&into, &reason)).await,
        Err(error) => Err(error),
    };
    let text = "已合并：原来的登记不改，都列在合并后的企业下面；以后写原来的名称也是这一家。";
    let undo = format!("/enterprises/{}/part?version={}", row.id, version + 1);
    let flash = Flash::done(text).undo(undo, "撤销合并");
    finished(ctx, done.map(|()| (format!("/enterprises/{}", row.id), flash))).await
}

pub async fn part(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row: jiedui_store::Found<EnterpriseRow> = find(&mut ctx.tx, &id).await?;
    let (version, programme) = (ctx.form_or_link_version()?, ctx.programme());
    let done = match row.joined {
        Some(_) => actions::part(&mut ctx.tx, &programme, &row, version).await,
        None => Err(Error::NotNow("这家企业现在没有并入别家，没有可撤销的。".to_owned())),
    };
    let flash = Flash::done("已撤销合并，两家各列各的。");
    finished(ctx, done.map(|()| (format!("/enterprises/{}", row.id), flash))).await
}
