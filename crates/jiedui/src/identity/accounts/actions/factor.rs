//! The second step of signing in: a secret that the holder's telephone has too, and codes in place of it.

use super::super::data::{self, Account, FactorRow};
use super::super::rules::totp;
use super::record;
use crate::shared::codes::{code, plain};
use chrono::TimeDelta;
use jiedui_kernel::{Error, Result};
use jiedui_store::{Tx, args};
use jiedui_web::session::digest;

/// So many codes in place of the telephone's.
pub const CODES: usize = 10;
/// How long a right password waits for the second step.
pub const PENDING_MINUTES: i64 = 5;

/// The second step of an account, whether it is in use or still to be confirmed.
pub async fn of(tx: &mut Tx, account: &str) -> Result<Option<FactorRow>> {
    tx.maybe(&data::FACTOR, args![account]).await
}

/// Whether signing in asks for a second step.
pub async fn is_on(tx: &mut Tx, account: &str) -> Result<bool> {
    Ok(of(tx, account).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// A new secret, which asks for nothing until it is confirmed.
pub async fn start(tx: &mut Tx, account: &str) -> Result<()> {
    let (secret, now) = (totp::secret(tx.random()), tx.now());
    if tx.write(&data::NEW_FACTOR, args![account, secret, now]).await? == 0 {
        return Err(Error::Conflict(
            "两步验证已经启用，没有改动。要换一部手机，请先关闭再重新设置。".to_owned(),
        ));
    }
    record(tx, "second_factor.start", account, &serde_json::json!({})).await
}

/// Takes it into use where a right code was typed; gives the recovery codes, which are kept nowhere.
pub async fn confirm(tx: &mut Tx, account: &str, typed: &str) -> Result<Option<Vec<String>>> {
    let Some(factor) = of(tx, account).await?.filter(|factor| factor.confirmed_at.is_none()) else {
        return Err(Error::Conflict("没有待确认的两步验证，没有改动。".to_owned()));
    };
    let now = tx.now();
    let Some(step) = totp::step_of(&factor.secret, &plain(typed), now, factor.last_step) else {
        return Ok(None);
    };
    tx.write_one(&data::CONFIRM_FACTOR, args![account, now, step]).await?;
    let codes = new_codes(tx, account).await?;
    record(tx, "second_factor.confirm", account, &serde_json::json!({})).await?;
    Ok(Some(codes))
}

/// Other recovery codes in place of those there are.
pub async fn renew_codes(tx: &mut Tx, account: &str) -> Result<Vec<String>> {
    let codes = new_codes(tx, account).await?;
    record(tx, "second_factor.codes", account, &serde_json::json!({})).await?;
    Ok(codes)
}

async fn new_codes(tx: &mut Tx, account: &str) -> Result<Vec<String>> {
    tx.write(&data::DROP_CODES, args![account]).await?;
    let mut codes = Vec::new();
    for _ in 0..CODES {
        let new = code(tx.random());
        let id = tx.new_id();
        tx.write(&data::ADD_CODE, args![id, account, digest(&plain(&new))]).await?;
        codes.push(new);
    }
    Ok(codes)
}

/// Whether a code of the telephone or one in place of it is right; it is used up by that. An audit record must follow.
pub async fn accept(tx: &mut Tx, account: &str, typed: &str) -> Result<bool> {
    let (typed, now) = (plain(typed), tx.now());
    if !totp::is_code(&typed) {
        return Ok(tx.write(&data::USE_CODE, args![digest(&typed), account, now]).await? > 0);
    }
    let Some(factor) = of(tx, account).await?.filter(|factor| factor.confirmed_at.is_some()) else {
        return Ok(false);
    };
    let Some(step) = totp::step_of(&factor.secret, &typed, now, factor.last_step) else { return Ok(false) };
    // Of two that send the same code at once one is too late.
    Ok(tx.write(&data::USE_STEP, args![account, step]).await? > 0)
}

pub async fn codes_left(tx: &mut Tx, account: &str) -> Result<i64> {
    tx.number(&data::CODES_LEFT, args![account]).await
}

/// What was typed was no code of the account.
pub async fn note_refusal(tx: &mut Tx, account: &str) -> Result<()> {
    record(tx, "second_factor.refuse", account, &serde_json::json!({})).await
}

/// Its holder asks for it no more.
pub async fn turn_off(tx: &mut Tx, account: &str) -> Result<()> {
    forget(tx, account).await?;
    record(tx, "second_factor.off", account, &serde_json::json!({})).await
}

/// Takes it away; says whether it was in use. An audit record must follow.
pub async fn forget(tx: &mut Tx, account: &str) -> Result<bool> {
    let was_on = is_on(tx, account).await?;
    tx.write(&data::DROP_CODES, args![account]).await?;
    tx.write(&data::DROP_FACTOR, args![account]).await?;
    Ok(was_on)
}

/// The password was right: the token of what is still to come.
pub async fn begin_pending(tx: &mut Tx, account: &str) -> Result<String> {
    let (token, now) = (tx.random().token(), tx.now());
    tx.write(&data::BEGIN_PENDING, args![digest(&token), account, now]).await?;
    Ok(token)
}

/// Whose second step a token waits for.
pub async fn pending(tx: &mut Tx, token: &str) -> Result<Option<Account>> {
    let since = tx.now() - TimeDelta::minutes(PENDING_MINUTES);
    let found = tx.maybe::<Account>(&data::PENDING, args![digest(token), since]).await?;
    Ok(found.filter(|account| !account.disabled))
}

/// Nothing of the account waits any more: it is done, or the password is another one.
pub async fn end_pending(tx: &mut Tx, account: &str) -> Result<()> {
    let since = tx.now() - TimeDelta::minutes(PENDING_MINUTES);
    tx.write(&data::END_PENDING, args![account, since]).await.map(drop)
}
