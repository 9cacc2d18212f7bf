//! Nothing is counted twice because it was sent twice: each form carries a number made with the page, and what was sent
//! with the same number and the same content before leads to what came of it then. Sent again with other content it is
//! another thing, because people go back in the browser to enter the next one.

use crate::App;
use crate::data;
use crate::flash::FlashKeeper;
use crate::local_path::LocalPath;
use crate::received::ReceivedRequest;
use crate::reply::Flash;
use crate::response;
use crate::session::Session;
use axum::response::Response;
use chrono::TimeDelta;
use jiedui_kernel::{Actor, Result, hex};
use jiedui_store::{Tx, args};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The form's field with the number.
const NUMBER: &str = "_once";
/// Fields that are no content.
const ASIDE: [&str; 1] = ["_csrf"];
/// Nobody sends a form again after that.
const KEPT_DAYS: i64 = 7;

/// One sending of one form.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    number: String,
    /// Of whoever sends it.
    session: Session,
}

impl Sending {
    /// `None` for a form without a number, and for somebody who is not signed in.
    pub(crate) fn of(request: &ReceivedRequest) -> Option<Self> {
        let caller = request.signed_in.as_ref()?;
        let account = caller.actor.account();
        let values = &request.form.values;
        if values.get(NUMBER).is_empty() {
            return None;
        }
        let mut digest = Sha256::new();
        for part in [account, &request.parts.path, &values.without(&ASIDE)] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        if let Some(file) = &request.form.file {
            digest.update(&file.bytes);
        }
        Some(Self { number: hex(digest.finalize()), session: caller.session.clone() })
    }

    /// Where the first sending led; `None` where there was none.
    pub(crate) async fn before(&self, app: &App) -> Result<Option<Response>> {
        let mut tx = app.db.read(Arc::new(Actor::system("sent"))).await?;
        let Some((to,)) = tx.maybe::<(String,)>(&data::SENT, args![&self.number]).await? else {
            return Ok(None);
        };
        let mut response = response::redirect(&LocalPath::or_home(&to));
        let said = Flash::done("这份表单刚才已经提交过了，没有重复写入。这里是第一次提交的结果。");
        let keeper = FlashKeeper { cookies: app.cookies, session: Some(&self.session), open_words: &[] };
        keeper.keep(&mut response, &said)?;
        Ok(Some(response))
    }

    /// Notes where it led, in the transaction of what it did. The same form sent at the same moment meets the key of
    /// the table: one of the two is a conflict.
    pub(crate) async fn note(&self, tx: &mut Tx, to: &LocalPath) -> Result<()> {
        if !tx.has_records() {
            return Ok(());
        }
        let now = tx.now();
        tx.write(&data::FORGET_SENT, args![now - TimeDelta::days(KEPT_DAYS)]).await?;
        tx.write(&data::NOTE_SENT, args![&self.number, to.as_str(), now]).await.map(drop)
    }
}
