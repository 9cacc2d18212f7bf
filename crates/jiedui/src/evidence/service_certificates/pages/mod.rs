//! Pages of certificates: one's own, and the one that anybody may ask.

pub mod check;
pub mod issue;
pub mod list;
pub mod show;

use super::rules::{COUNTS, Work};
use crate::shared::papers;
use jiedui_web::figure::Figure;
use serde::Serialize;

/// A row of a certificate on a page.
#[derive(Debug, Serialize)]
pub struct WorkLine {
    /// Its entry; none where a stranger reads.
    href: String,
    what: String,
    /// The mark of a row that counts by the policy of the certificate.
    counts: &'static str,
    school: String,
    from: String,
    to: String,
    /// Opens its entry; none where there is nothing to count, and where a stranger reads.
    amount: Option<Figure>,
    words: String,
    by: String,
    on: Option<String>,
    /// The ledger tells it otherwise today.
    changed: bool,
}

impl WorkLine {
    pub fn of(work: &Work, changed: bool) -> Self {
        let href = format!("/entries/{}", work.entry);
        let figure = |(value, unit)| Figure::of(jiedui_kernel::Reported::Value(value), unit, &href, "已确认");
        Self {
            what: work.what.clone(),
            counts: if work.counts { COUNTS } else { "" },
            school: work.school.clone(),
            from: work.from.to_string(),
            to: work.to.to_string(),
            amount: work.amount.map(figure),
            words: amount(work),
            by: work.by.clone(),
            on: work.on.map(|day| day.to_string()),
            changed,
            href,
        }
    }
}

impl WorkLine {
    /// Without what only opens for who signed in.
    pub fn for_strangers(self) -> Self {
        Self { href: String::new(), amount: None, ..self }
    }
}

/// How much, as papers write it.
pub fn amount(work: &Work) -> String {
    work.amount.map_or_else(|| "参加".to_owned(), |(value, unit)| papers::amount(value, unit))
}
