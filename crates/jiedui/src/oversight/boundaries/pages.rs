//! The boundary file in use and those of before; a new one is looked at before it is put in use.

use super::actions::{self, NewBoundary};
use super::data::{self, BoundaryRow};
use super::rules::{self, Shape};
use crate::network::registry;
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result, hex};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

const HERE: &str = "/boundaries";
const NO_MAP: &str = "现在的方案没有区划示意图，用不上区划边界。";

#[derive(Serialize)]
struct BoundariesView {
    rows: Vec<BoundaryLine>,
    in_use: bool,
    /// The map has divisions that the boundaries in use lack: tiles are drawn until others are loaded.
    lacks: bool,
    approval: Field,
    file_error: String,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct BoundaryLine {
    approval: String,
    source: String,
    loaded_at: String,
    loaded_name: String,
    removed: Option<String>,
    removed_name: String,
}

impl BoundaryLine {
    fn of(row: BoundaryRow) -> Self {
        Self {
            approval: row.approval,
            source: row.source,
            loaded_at: when(row.loaded_at),
            loaded_name: row.loaded_name,
            removed: row.removed_at.map(when),
            removed_name: row.removed_name,
        }
    }
}

/// What came of reading a file.
pub struct FileRead {
    approval: String,
    source: String,
    digest: String,
    shapes: Result<Vec<Shape>, Vec<Mistake>>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, "", Vec::new()).await
}

async fn page(ctx: &mut RequestContext, approval: &str, errors: Vec<FieldError>) -> Result<Reply> {
    let lacks = lacks(ctx).await?;
    let rows = ctx.tx.all::<BoundaryRow>(&data::LIST, args![]).await?;
    let refused = !errors.is_empty();
    let of_file = errors.iter().find(|error| error.field == "file");
    let view = BoundariesView {
        in_use: rows.iter().any(|row| row.removed_at.is_none()),
        lacks,
        rows: rows.into_iter().map(BoundaryLine::of).collect(),
        approval: Field::new("approval", "审图号")
            .required()
            .help("印在标准地图上，由省份简称、类别、年份和编号组成；会显示在每一张区划图下面。")
            .value(approval)
            .error(&errors),
        file_error: of_file.map(|error| error.message.clone()).unwrap_or_default(),
        errors,
    };
    let lead = "有审图号的官方边界文件，可以代替按格排列的示意图；撤下以后恢复示意图。";
    let page = Page::new("区划边界", lead).kind("detail");
    Ok(Reply::view("oversight/boundaries/show.html", page, &view)?.refused(refused))
}

async fn lacks(ctx: &mut RequestContext) -> Result<bool> {
    let (programme, boundary) = (ctx.programme(), actions::in_use(ctx).await?);
    let (Some(map), Some(boundary)) = (&programme.map, &*boundary) else { return Ok(false) };
    Ok(!boundary.covers(map, &registry::divisions(&mut ctx.tx).await?))
}

/// The divisions of the map, by their codes.
async fn wanted(ctx: &mut RequestContext) -> Result<BTreeMap<String, String>> {
    let programme = ctx.programme();
    let map = programme.map.as_ref().ok_or_else(|| Error::NotNow(NO_MAP.to_owned()))?;
    let divisions = registry::divisions(&mut ctx.tx).await?;
    let on_map = |code: &str| map.tiles().any(|tile| tile.code == code);
    let wanted = divisions.into_iter().filter(|division| on_map(&division.code));
    Ok(wanted.map(|division| (division.code, division.name)).collect())
}

pub async fn receive(ctx: &mut RequestContext) -> Result<Prepared<FileRead>> {
    let wanted = wanted(ctx).await?;
    let approval = ctx.form.values.get("approval").to_owned();
    let file = ctx.form.file.take();
    let mut errors = Vec::new();
    if let Some(mistake) = rules::check_approval(&approval) {
        errors.push(FieldError::new("approval", mistake));
    }
    let Some(file) = file.filter(|_| errors.is_empty()) else {
        if errors.is_empty() {
            errors.push(FieldError::new(
                "file",
                Code::Missing.says("还没有选择文件。请选择边界文件后再上传。"),
            ));
        }
        return Ok(Prepared::Answered(page(ctx, &approval, errors).await?));
    };
    Ok(Prepared::work(Kind::Reading, move || {
        let digest = hex(Sha256::digest(&file.bytes));
        Ok(FileRead { approval, source: file.name, digest, shapes: rules::shapes(&file.bytes, &wanted) })
    }))
}

pub async fn take(ctx: &mut RequestContext, read: FileRead) -> Result<Reply> {
    let FileRead { approval, source, digest, shapes } = read;
    let shapes = match shapes {
        Ok(shapes) => shapes,
        Err(mistakes) => {
            let errors = mistakes.into_iter().map(|mistake| FieldError::new("file", mistake)).collect();
            return page(ctx, &approval, errors).await;
        }
    };
    let new = NewBoundary { approval: &approval, source: &source, digest: &digest, shapes: &shapes };
    actions::load(&mut ctx.tx, &new).await?;
    let words = "已启用：概览和大屏的区划图从现在起按这份边界画，并注明审图号。";
    Ok(Reply::done(HERE, Flash::done(words)))
}

pub async fn remove(ctx: &mut RequestContext) -> Result<Reply> {
    actions::remove(&mut ctx.tx).await?;
    Ok(Reply::done(HERE, Flash::done("已撤下，区划图恢复为按格排列的示意图。")))
}
