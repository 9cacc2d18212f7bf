//! A server answers by the programme that is in use, whichever server or command put it in use.

use super::super::rules::Files;
use super::take_up::{CHOSEN, files_of, in_use};
use crate::standing::{indicators, obligations};
use jiedui_kernel::{Actor, Error, Result};
use jiedui_programme::load;
use jiedui_store::{Db, settings};
use jiedui_web::App;
use std::sync::Arc;
use std::time::Duration;

/// By when every server answers by the new programme: figures are made by it after that.
const SETTLED: Duration = Duration::from_secs(5);

/// The files of the programme that somebody chose for these data; none where they go by that of the binary.
pub async fn chosen(db: &Db) -> Result<Option<Files>> {
    let mut tx = db.read(Arc::new(Actor::system("programme"))).await?;
    let (in_use, chosen) = (in_use(&mut tx).await?, settings::read(&mut tx, CHOSEN).await?);
    match chosen.filter(|digest| in_use.as_ref() == Some(digest)) {
        Some(digest) => files_of(&mut tx, &digest).await.map(Some),
        None => Ok(None),
    }
}

/// Takes up the programme in use where it is another than the one by which this server answers, then has figures and
/// clocks follow. Says whether it did.
pub async fn follow(app: &App) -> Result<bool> {
    let mut tx = app.db.read(Arc::new(Actor::system("programme"))).await?;
    let Some(digest) = in_use(&mut tx).await?.filter(|digest| *digest != app.programme().digest) else {
        return Ok(false);
    };
    let files = files_of(&mut tx, &digest).await?;
    drop(tx);
    let programme = load(&files).map_err(|_| Error::internal("the programme in use cannot be read"))?;
    app.answer_by(programme);
    tokio::time::sleep(SETTLED).await;
    indicators::ensure(&app.db, &app.programme()).await?;
    obligations::ensure(&app.db, &app.programme()).await?;
    Ok(true)
}
