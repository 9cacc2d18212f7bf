//! What somebody typed into a long form and has not sent: kept for the account, so that it outlives a lost session and
//! another machine. It is nobody's deed: it leaves no leaf and counts nowhere.

mod data;
mod pages;

use crate::http::cx::Cx;
use crate::http::figure::when;
use crate::http::form::Pairs;
use crate::http::route::{Access, Route, Subject};
use crate::route;
use jiedui_kernel::Result;
use jiedui_store::args;
use serde::Serialize;

/// Characters of a draft, at most: as much as a form may send.
pub const MOST: usize = 200_000;

pub fn routes() -> Vec<Route> {
    vec![
        route!(Post "/drafts/{form}", Access::SignedIn, pages::keep)
            .about(Subject::Open, "保存没有提交的内容"),
        route!(Post "/drafts/{form}/drop", Access::SignedIn, pages::throw_away)
            .about(Subject::Open, "丢弃没有提交的内容"),
    ]
}

/// A draft, as the form that takes it up shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Draft {
    /// The key under which it is kept.
    pub form: String,
    /// When it was kept, "" where there is none yet.
    pub saved: String,
    #[serde(skip)]
    pub pairs: Option<Pairs>,
}

impl Draft {
    /// No draft: what was just sent is shown instead.
    pub fn none(form: impl Into<String>) -> Self {
        Self { form: form.into(), saved: String::new(), pairs: None }
    }

    /// Whether it was begun from another version of the thing than the present one: somebody saved since, and taking the
    /// draft up must not wipe that out unseen.
    pub fn is_older_than(&self, version: i64) -> bool {
        self.pairs.as_ref().is_some_and(|pairs| pairs.get("version") != version.to_string())
    }
}

/// The draft of the one who asks under this key. The form's page must be `.fresh()`.
pub async fn find(cx: &mut Cx, form: &str) -> Result<Draft> {
    let account = cx.who.account().to_owned();
    let row = cx.tx.maybe::<data::DraftRow>(&data::FIND, args![account, form]).await?;
    Ok(Draft {
        form: form.to_owned(),
        saved: row.as_ref().map(|row| when(row.saved_at)).unwrap_or_default(),
        pairs: row.map(|row| Pairs::parse(row.body.as_bytes())),
    })
}

/// Forgets the draft: it was sent.
pub async fn forget(cx: &mut Cx, form: &str) -> Result<()> {
    let account = cx.who.account().to_owned();
    cx.tx.write(&data::FORGET, args![account, form]).await.map(drop)
}
