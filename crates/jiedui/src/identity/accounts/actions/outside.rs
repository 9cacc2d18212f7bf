//! Accounts outside that open an account here: linked and let go by the holder.

use super::super::data::{self, Account, OutsideRow};
use super::asking::Vouched;
use super::record;
use crate::shared::notices;
use jiedui_kernel::{Error, Result};
use jiedui_store::{Tx, args};
use serde_json::json;

/// What its holder reads of a new link, behind the name of the unit.
const LINKED: &str = "的这个账号关联了外部账号，以后可以用它登录。不是您本人关联的，请马上在“我的账号”的“外部登录”解除，并修改密码。";

/// What an account is linked to.
pub async fn of(tx: &mut Tx, account: &str) -> Result<Option<OutsideRow>> {
    tx.maybe(&data::OUTSIDE_OF, args![account]).await
}

/// Whom the provider vouches for, where the holder linked it; nobody is found by anything else.
pub async fn whose(tx: &mut Tx, vouched: &Vouched) -> Result<Option<Account>> {
    let found = tx.maybe::<Account>(&data::BY_OUTSIDE, args![&vouched.mark]).await?;
    Ok(found.filter(|account| !account.disabled))
}

/// Links; said so where this account, or that one outside, is linked already. `stored`: the hash that the password was checked
/// against before the provider was asked, which may take long: whoever knew the password of before links nothing behind a reset.
/// Its holder is told: whoever else was in the session and knew the password has a way in from now on.
pub async fn link(
    tx: &mut Tx,
    (account, stored): (&str, &str),
    issuer: &str,
    vouched: &Vouched,
) -> Result<()> {
    let (now_stored,) = tx.one::<(String,)>(&data::PASSWORD, args![account]).await?;
    if now_stored != stored {
        return Err(Error::Conflict("密码刚在别处改过，没有关联。请用新的密码重新登录。".to_owned()));
    }
    if of(tx, account).await?.is_some() {
        return Err(Error::NotNow("已经关联了一个外部账号，要换先解除。".to_owned()));
    }
    let now = tx.now();
    let done =
        tx.write(&data::LINK_OUTSIDE, args![account, &vouched.mark, issuer, &vouched.shown, now]).await?;
    if done == 0 {
        return Err(Error::NotNow("这个外部账号已经关联到另一个账号，没有改动。".to_owned()));
    }
    notices::tell_account(tx, account, "outside", LINKED).await?;
    record(tx, "outside.link", account, &json!({ "issuer": issuer })).await
}

/// Lets go; says whether there was a link. An audit record must follow.
pub async fn forget(tx: &mut Tx, account: &str) -> Result<bool> {
    Ok(tx.write(&data::UNLINK_OUTSIDE, args![account]).await? > 0)
}

/// Its holder lets go of it.
pub async fn unlink(tx: &mut Tx, account: &str) -> Result<()> {
    if !forget(tx, account).await? {
        return Err(Error::NotNow("没有关联外部账号，没有改动。".to_owned()));
    }
    record(tx, "outside.unlink", account, &json!({})).await
}

/// The provider vouched for the holder: recorded before the session is, which still may need a second step.
pub async fn note(tx: &mut Tx, account: &str, issuer: &str, strong: bool) -> Result<()> {
    record(tx, "outside.vouch", account, &json!({ "issuer": issuer, "second_factor": strong })).await
}
