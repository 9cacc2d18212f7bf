//! Tries to guess a secret, counted before anything is checked.

use super::super::data;
use jiedui_kernel::Result;
use jiedui_store::{Tx, args, named};
use jiedui_web::delay::{FORGOTTEN_AFTER, STEPS};
use jiedui_web::session::digest;

/// A browser in which nobody signed in for so long is a stranger again.
pub const BROWSER_DAYS: i64 = 180;
/// So many signs of a digest: logins that nobody has share these counters, so that they take as long as others and fill no disk.
const SHARED_SIGNS: usize = 3;

/// Whose tries are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All who are strangers to the account.
    Strangers,
    /// A browser in which its holder signed in before: what strangers do does not touch it.
    Browser,
    /// Secrets that are asked for within a session.
    Inside,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Self::Strangers => "strangers",
            Self::Browser => "browser",
            Self::Inside => "inside",
        }
    }
}

/// A counter of tries.
#[derive(Debug, Clone)]
pub struct Counter {
    id: String,
    account: Option<String>,
    kind: Kind,
}

impl Counter {
    /// For whoever signs in. `account` is none where nobody has the login; `browser` is what its cookie carries.
    pub async fn of_sign_in(
        tx: &mut Tx,
        account: Option<&str>,
        login: &str,
        browser: Option<&str>,
    ) -> Result<Self> {
        let known = of_browser(account.unwrap_or_default(), browser.unwrap_or_default());
        let is_known = tx.number(&data::IS_KNOWN, args![&known, Kind::Browser.id()]).await? > 0;
        let strangers = account.map_or_else(|| of_nobody(login), str::to_owned);
        let (id, kind) = if is_known { (known, Kind::Browser) } else { (strangers, Kind::Strangers) };
        Ok(Self { id, account: account.map(str::to_owned), kind })
    }

    /// For whoever is signed in.
    pub fn inside(account: &str) -> Self {
        Self { id: format!("inside-{account}"), account: Some(account.to_owned()), kind: Kind::Inside }
    }

    pub fn is_of_strangers(&self) -> bool {
        self.kind == Kind::Strangers
    }
}

fn of_browser(account: &str, token: &str) -> String {
    digest(&format!("{account}:{token}"))
}

fn of_nobody(login: &str) -> String {
    format!("nobody-{}", &digest(login)[..SHARED_SIGNS])
}

/// Counts a try; says whether what was typed is looked at now. Where it has to wait nothing is counted.
pub async fn count(tx: &mut Tx, counter: &Counter) -> Result<bool> {
    let now = tx.now();
    tx.write(&data::FORGET_TRIES, args![&counter.id, now - FORGOTTEN_AFTER]).await?;
    let [first, second, third, last] = STEPS.map(|wait| now + wait);
    // Twice the longest wait: of two at once the one that came first must not take the other's wait for such a one.
    let [.., longest] = STEPS;
    let (account, beyond) = (counter.account.clone(), last + longest);
    let (id, kind) = (&counter.id, counter.kind.id());
    let call = named!(data::COUNT_TRY { id, account, kind, now, first, second, third, last, beyond });
    Ok(call.write(tx).await? > 0)
}

/// The try that was counted was right: from here on it is counted from the beginning.
pub async fn was_right(tx: &mut Tx, counter: &Counter) -> Result<()> {
    tx.write(&data::WAS_RIGHT, args![&counter.id]).await.map(drop)
}

/// The holder signed in with this browser: it has a counter of its own from here on.
pub async fn know_browser(tx: &mut Tx, account: &str, token: &str) -> Result<()> {
    let (now, kind) = (tx.now(), Kind::Browser.id());
    let long_ago = now - chrono::TimeDelta::days(BROWSER_DAYS);
    tx.write(&data::FORGET_BROWSERS, args![account, kind, long_ago]).await?;
    tx.write(&data::KNOW_BROWSER, args![of_browser(account, token), account, kind, now]).await.map(drop)
}

/// Nothing that was tried before counts, and no browser is known any more.
pub async fn forget(tx: &mut Tx, account: &str) -> Result<()> {
    tx.write(&data::FORGET_ALL, args![account]).await.map(drop)
}
