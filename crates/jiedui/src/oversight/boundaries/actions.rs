//! A boundary file is put in use, in place of one that was, or taken out; and what is drawn of the one in use.

use super::data;
use super::rules::Shape;
use crate::network::registry::Division;
use jiedui_kernel::{Error, Result};
use jiedui_pictures::TileShape;
use jiedui_programme::DivisionMap;
use jiedui_store::{AuditRecord, Tx, args, named};
use jiedui_web::context::RequestContext;
use jiedui_web::shared_cache::SharedCache;
use std::collections::HashMap;
use std::sync::Arc;

/// The boundaries in use.
#[derive(Debug)]
pub struct Boundary {
    /// 审图号, shown with every map.
    pub approval: String,
    pub(super) shapes: HashMap<String, TileShape>,
}

impl Boundary {
    /// Where a division lies, by its code.
    pub fn shape(&self, code: &str) -> Option<&TileShape> {
        self.shapes.get(code)
    }

    /// Whether every division of a map is in it. One that came into the registry or onto the map later would not be
    /// drawn, and a map without it would say that it is not there.
    pub fn covers(&self, map: &DivisionMap, divisions: &[Division]) -> bool {
        let is_known = |code: &str| divisions.iter().any(|division| division.code == code);
        map.tiles().all(|tile| self.shapes.contains_key(tile.code) || !is_known(tile.code))
    }
}

/// None where the divisions are drawn as tiles. They are everybody's, so they are read once for all.
pub async fn in_use(ctx: &mut RequestContext) -> Result<Arc<Option<Boundary>>> {
    SharedCache::get_or_build(ctx, "boundaries", async |ctx| {
        let Some((approval, text)) = ctx.tx.maybe::<(String, String)>(&data::IN_USE, args![]).await? else {
            return Ok(None);
        };
        let shapes: Vec<Shape> = serde_json::from_str(&text).map_err(Error::internal)?;
        let shapes = shapes.into_iter().map(Shape::named).collect();
        Ok(Some(Boundary { approval, shapes }))
    })
    .await
}

/// What is known of a file that was read.
#[derive(Debug)]
pub struct NewBoundary<'a> {
    pub approval: &'a str,
    pub source: &'a str,
    pub digest: &'a str,
    pub shapes: &'a [Shape],
}

/// In use from here on; one that was is taken out.
pub async fn load(tx: &mut Tx, new: &NewBoundary<'_>) -> Result<()> {
    take_out(tx).await?;
    let shapes = serde_json::to_string(new.shapes).map_err(Error::internal)?;
    let (id, now, loaded_name) = (tx.new_id(), tx.now(), tx.actor().name().to_owned());
    let NewBoundary { approval, source, digest, .. } = *new;
    named!(data::INSERT { id: &id, approval, source, digest, shapes, now, loaded_name }).write(tx).await?;
    let body = serde_json::json!({ "approval": approval, "file": source, "digest": digest });
    let record = AuditRecord { action: "boundary_file.load", resource: "boundary_file", resource_id: &id };
    tx.audit(record, &body).await
}

/// The divisions are drawn as tiles again.
pub async fn remove(tx: &mut Tx) -> Result<()> {
    if take_out(tx).await? {
        return Ok(());
    }
    Err(Error::Conflict("没有启用的区划边界，没有改动。".to_owned()))
}

/// Whether there was one.
async fn take_out(tx: &mut Tx) -> Result<bool> {
    let Some((id,)) = tx.maybe::<(String,)>(&data::OF_USE, args![]).await? else { return Ok(false) };
    let (now, name) = (tx.now(), tx.actor().name().to_owned());
    tx.write_one(&data::REMOVE, args![&id, now, name]).await?;
    let record = AuditRecord { action: "boundary_file.remove", resource: "boundary_file", resource_id: &id };
    tx.audit(record, &serde_json::json!({})).await?;
    Ok(true)
}
