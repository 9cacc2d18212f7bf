//! What somebody typed into a long form and has not sent: kept for the account, so that it outlives a lost session and
//! another machine. It is nobody's deed: it leaves no leaf and counts nowhere.

mod data;
mod pages;

use crate::context::RequestContext;
use crate::figure::when;
use crate::form::FormValues;
use crate::route;
use crate::route::{Access, Route, Subject};
use jiedui_kernel::Result;
use jiedui_store::{Table, args, table};
use serde::Serialize;

/// What is kept of drafts.
pub const TABLES: &[Table] =
    &[table!(plain "draft" outside "what one typed and has not sent is nobody's deed")];

/// Characters of a draft, at most: as much as a form may send.
pub const MOST: usize = 200_000;
/// Characters of all drafts of one account: some hundred forms as people fill them in.
pub const MOST_IN_ALL: usize = 2_000_000;
/// Drafts of one account: an empty one counts like any other, so that made-up names fill nothing.
pub const MOST_FORMS: i64 = 200;

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
    pub pairs: Option<FormValues>,
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

/// The draft of the caller under this key. The form's page must be `.fresh()`.
pub async fn find(ctx: &mut RequestContext, form: &str) -> Result<Draft> {
    let account = ctx.actor.account().to_owned();
    let row = ctx.tx.maybe::<data::DraftRow>(&data::FIND, args![account, form]).await?;
    Ok(Draft {
        form: form.to_owned(),
        saved: row.as_ref().map(|row| when(row.saved_at)).unwrap_or_default(),
        pairs: row.map(|row| FormValues::parse(row.body.as_bytes())),
    })
}

/// The draft of the caller under this key, and what the form starts from: what was typed and not sent, or else `fresh`.
pub async fn take_up(ctx: &mut RequestContext, form: &str, fresh: FormValues) -> Result<(Draft, FormValues)> {
    let mut draft = find(ctx, form).await?;
    let given = draft.pairs.take().unwrap_or(fresh);
    Ok((draft, given))
}

/// Forgets the draft: it was sent.
pub async fn forget(ctx: &mut RequestContext, form: &str) -> Result<()> {
    let account = ctx.actor.account().to_owned();
    ctx.tx.write(&data::FORGET, args![account, form]).await.map(drop)
}
