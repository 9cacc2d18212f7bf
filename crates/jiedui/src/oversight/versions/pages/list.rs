//! The programme in use, the one that is prepared, and those of before.

use super::super::actions::{files_of, prepared};
use super::super::data::{self, VersionRow};
use super::super::rules::{self, State};
use super::mark;
use crate::shared::review::State as _;
use jiedui_kernel::{Error, Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{StateMark, when};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

#[derive(Serialize)]
struct VersionLine {
    href: String,
    about: Vec<String>,
    by: String,
    made: String,
    state: StateMark,
}

#[derive(Serialize)]
struct ListView {
    title: String,
    version: String,
    source: String,
    digest: String,
    prepares: bool,
    /// Whether the caller may see which decisions come out otherwise.
    rechecks: bool,
    open: Option<VersionLine>,
    #[serde(flatten)]
    list: Listed<VersionLine>,
}

fn line(row: VersionRow) -> VersionLine {
    VersionLine {
        href: format!("/programme/{}", row.id),
        about: rules::lines(&row.about),
        by: row.made_by,
        made: when(row.made_at),
        state: mark(row.state),
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let open = prepared(&mut ctx.tx).await?.map(line);
    let mut list = Listing::at("/programme", Unit::Items, &ctx.query);
    let states = State::ALL.iter().map(|state| (*state, state.text(), state.label()));
    let state = list.one_of("state", "状态", states).map_or("", State::text);
    let list = list.fetch::<VersionRow>(&mut ctx.tx, &values!(data::LIST { state })).await?.map(line);
    let view = ListView {
        title: programme.meta.title.clone(),
        version: programme.meta.version.clone(),
        source: programme.meta.source.clone(),
        digest: programme.digest.chars().take(16).collect(),
        prepares: ctx.can("programme", "prepare"),
        rechecks: ctx.can("recheck", "read"),
        open,
        list,
    };
    let lead = "要求、目标和表单都由方案规定。变更先准备、再演算，看清影响谁，然后启用；已结束的时期不改判。";
    Reply::view("oversight/versions/list.html", Page::new("方案版本", lead).kind("list"), &view)
}

/// The files of the programme in use, packed, to be changed and sent back.
pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let digest = ctx.programme().digest.clone();
    let files = files_of(&mut ctx.tx, &digest).await?;
    Ok(Reply::made("现用方案.zip", "application/zip", move || {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in &files {
            archive.start_file(name, SimpleFileOptions::default()).map_err(Error::internal)?;
            archive.write_all(text.as_bytes()).map_err(Error::internal)?;
        }
        Ok(archive.finish().map_err(Error::internal)?.into_inner())
    }))
}
