//! Rows, one by one and in pages: each from the front door of its mechanism, bounded by the caller's scope.

use super::{DAY, Wanted, all, only, rows};
use crate::evidence::{ledger, outputs, profiles, service_certificates};
use crate::network::{pairings, registry};
use crate::planning::{needs, projects};
use crate::reporting::monthly;
use crate::sharing::funding;
use jiedui_kernel::{Error, Mistake, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;

/// The pages of a list.
macro_rules! paged {
    ($($name:ident: $after:path => $of:path;)*) => {
        $(pub async fn $name(ctx: &mut RequestContext) -> Result<Reply> {
            let wanted = Wanted::of(&ctx.query)?;
            let found = $after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
            Ok(wanted.page(&$of, found, &ctx.programme()))
        })*
    };
}

/// One row, as its page finds it.
macro_rules! single {
    ($($name:ident: $find:path => $of:path;)*) => {
        $(pub async fn $name(ctx: &mut RequestContext) -> Result<Reply> {
            only(&ctx.query, &[])?;
            let id = ctx.param("id");
            let found = $find(&mut ctx.tx, &id).await?.into_row();
            Ok(Reply::Data($of.tell(&found, &ctx.programme())))
        })*
    };
}

paged! {
    schools: registry::schools_after => rows::SCHOOL;
    pairings: pairings::after => rows::PAIRING;
    needs: needs::after => rows::NEED;
    projects: projects::after => rows::PROJECT;
    months: monthly::after => rows::MONTH;
    profiles: profiles::after => rows::PROFILE;
    moneys: funding::after => rows::MONEY;
    papers: service_certificates::after => rows::PAPER;
}

single! {
    need: needs::find => rows::NEED;
    project: projects::find => rows::PROJECT;
    money: funding::find => rows::MONEY;
    paper: service_certificates::find => rows::PAPER;
}

pub async fn school(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = registry::find(&mut ctx.tx, &id).await?;
    if found.kind != "school" {
        return Err(Error::NotFound);
    }
    Ok(Reply::Data(rows::SCHOOL.tell(&found, &ctx.programme())))
}

/// Names are those that the holder sees on the school's page without pressing for more: nobody's program asks for the rest.
pub async fn people(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, DAY)?;
    let id = ctx.param("id");
    if registry::find(&mut ctx.tx, &id).await?.kind != "school" {
        return Err(Error::NotFound);
    }
    let day = match ctx.query.get("day") {
        "" => ctx.today,
        text => ctx.query.date("day").ok_or_else(|| Error::field("day", Mistake::no_date(text)))?,
    };
    let mut found = registry::people_at(&mut ctx.tx, &id, day, day).await?;
    for person in &mut found {
        ctx.names.read(&mut person.name, &[&*id]);
    }
    Ok(all(&rows::PERSON, &found, &ctx.programme()))
}

pub async fn pairing(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = pairings::find(&mut ctx.tx, &id).await?;
    Ok(Reply::Data(rows::PAIRING.tell(&found, &ctx.programme())))
}

pub async fn entries(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let (found, programme) =
        (ledger::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?, ctx.programme());
    let found = found.into_iter().map(|row| rows::entry(&programme, row)).collect();
    Ok(wanted.page(&rows::ENTRY, found, &programme))
}

pub async fn entry(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let (found, programme) = (ledger::find(&mut ctx.tx, &id).await?.into_row(), ctx.programme());
    Ok(Reply::Data(rows::ENTRY.tell(&rows::entry(&programme, found), &programme)))
}

pub async fn outputs(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let (found, programme) =
        (outputs::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?, ctx.programme());
    let found = found.into_iter().map(|row| rows::output(&programme, row)).collect();
    Ok(wanted.page(&rows::OUTPUT, found, &programme))
}

pub async fn output(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let (found, programme) = (outputs::find(&mut ctx.tx, &id).await?.into_row(), ctx.programme());
    Ok(Reply::Data(rows::OUTPUT.tell(&rows::output(&programme, found), &programme)))
}

/// Posts wherever the caller sees the organisation; the names are those of its page.
pub async fn posts(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let mut found = registry::posts_after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    for post in &mut found {
        ctx.names.read(&mut post.name, &[post.org.as_str()]);
    }
    Ok(wanted.page(&rows::HELD_POST, found, &ctx.programme()))
}

pub async fn post(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let mut found = registry::held_post(&mut ctx.tx, &id).await?;
    ctx.names.read(&mut found.name, &[found.org.as_str()]);
    Ok(Reply::Data(rows::HELD_POST.tell(&found, &ctx.programme())))
}

pub async fn profiles_of_school(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    if registry::find(&mut ctx.tx, &id).await?.kind != "school" {
        return Err(Error::NotFound);
    }
    let found = profiles::of_school(&mut ctx.tx, &id).await?;
    Ok(all(&rows::PROFILE, &found, &ctx.programme()))
}
