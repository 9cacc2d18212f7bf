//! What an empty database starts with: the divisions of the programme's registry, the provincial office, the bureaus.

use crate::network::registry::{self, Division};
use crate::programme_files::programme_files;
use jiedui_kernel::{Actor, Error, Result};
use jiedui_programme::Programme;
use jiedui_store::Db;
use std::path::Path;
use std::sync::Arc;

/// Founds the province where the database is empty; does nothing otherwise.
pub async fn found(db: &Db, directory: Option<&Path>, programme: &Programme) -> Result<()> {
    let files = programme_files(directory).map_err(Error::internal)?;
    let text = files.get("registry/divisions.csv").ok_or_else(|| {
        let words = "方案目录里没有 registry/divisions.csv（区划表），无法启动。请从原来的方案目录复制过来。";
        Error::CannotStart(words.to_owned())
    })?;
    let divisions: Vec<Division> = csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|cause| Error::internal(format_args!("registry/divisions.csv: {cause}")))?;
    let mut tx = db.begin(Arc::new(Actor::system("found"))).await?;
    let office = format!("{}领导小组办公室", programme.meta.short);
    registry::found_province(&mut tx, &divisions, &office).await?;
    tx.commit().await
}
