//! The way back from one file of the catalogue: majors that it brought are gone, those that it changed are as they were, while
//! no school offers one that it brought and nothing of it was changed since.

use super::data::{self, MajorRow};
use crate::shared::taken_back::{ImportKind, TakenBack};
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

pub const IMPORT: ImportKind = ImportKind {
    id: "major",
    name: "专业目录",
    right: ("major", "import"),
    take_back: |ctx, done| Box::pin(take_back(ctx, done)),
};

/// What a file did.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Done {
    pub catalogue: String,
    /// The source of the edition, as the file was sent with it.
    pub source: String,
    /// Where the edition was there before: its source, and when it was read.
    pub before: Option<(String, Date)>,
    pub made: Vec<MajorRow>,
    /// As it was, and as the file has it.
    pub changed: Vec<(MajorRow, MajorRow)>,
}

async fn take_back(ctx: &mut RequestContext, done: &str) -> Result<TakenBack> {
    let done: Done = serde_json::from_str(done).map_err(Error::internal)?;
    if ctx.tx.write(&data::LOCK_CATALOGUE, args![&done.catalogue]).await? == 0 {
        return Ok(TakenBack::Built(vec!["这一版（已经随另一份文件撤销）".to_owned()]));
    }
    let built = built(&mut ctx.tx, &done).await?;
    if !built.is_empty() {
        return Ok(TakenBack::Built(built));
    }
    let tx = &mut ctx.tx;
    for (old, _) in &done.changed {
        let values = args![&old.id, old.place, &old.code, &old.category, old.verified, &old.source];
        tx.write_one(&data::UPDATE_MAJOR, values).await?;
    }
    for new in &done.made {
        tx.write_one(&data::DROP_MAJOR, args![&new.id]).await?;
    }
    match &done.before {
        Some((source, day)) => {
            tx.write_one(&data::UPDATE_CATALOGUE, args![&done.catalogue, source, *day]).await?;
        }
        None => tx.write_one(&data::DROP_CATALOGUE, args![&done.catalogue]).await?,
    }
    Ok(TakenBack::Done(done.made.len() + done.changed.len()))
}

/// What stands in the way, by name.
async fn built(tx: &mut Tx, done: &Done) -> Result<Vec<String>> {
    let rows = tx.all::<MajorRow>(&data::MAJORS_OF, args![&done.catalogue]).await?;
    let rows: HashMap<&str, &MajorRow> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let chosen = tx.all::<(String,)>(&data::CHOSEN, args![&done.catalogue]).await?;
    let chosen: HashSet<String> = chosen.into_iter().map(|(id,)| id).collect();
    let mut built = Vec::new();
    for new in done.made.iter().chain(done.changed.iter().map(|(_, new)| new)) {
        if rows.get(new.id.as_str()).is_none_or(|row| *row != new) {
            built.push(format!("{}（导入以后又改过）", new.name));
        }
    }
    for new in done.made.iter().filter(|new| chosen.contains(&new.id)) {
        built.push(format!("{}（已有学校登记开设）", new.name));
    }
    let (source,) = tx.one::<(String,)>(&data::CATALOGUE_SOURCE, args![&done.catalogue]).await?;
    if source != done.source {
        built.push("这一版（导入以后又改过文件出处）".to_owned());
    }
    // An edition that the file began goes with it, unless a later file brought more.
    if done.before.is_none() && rows.len() > done.made.len() {
        built.push("这一版（后来又导入了别的专业）".to_owned());
    }
    Ok(built)
}
