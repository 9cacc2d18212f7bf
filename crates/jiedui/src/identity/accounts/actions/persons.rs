//! Which accounts are one person's: whoever has several is on one side with all of them.

use super::record;
use crate::identity::accounts::data;
use jiedui_kernel::{Error, Result};
use jiedui_store::{Tx, args};
use serde_json::json;

/// What the accounts of one person have in common; none where nobody said that there is another.
async fn holder(tx: &mut Tx, account: &str) -> Result<Option<String>> {
    Ok(tx.one::<(Option<String>,)>(&data::HOLDER, args![account]).await?.0)
}

/// Holds all accounts of the persons behind two until the end: whoever joins them, and whoever gives one of them a role, asks
/// what a person has before, and comes one after the other.
pub async fn lock(tx: &mut Tx, one: &str, other: &str) -> Result<()> {
    tx.write(&data::LOCK_HOLDERS, args![one, other]).await.map(drop)
}

/// Says that two accounts are one person's; with each come those that are said to be the same person's already.
pub async fn join(tx: &mut Tx, one: &str, other: &str) -> Result<()> {
    // Two at once would give the accounts of one person two marks.
    lock(tx, one, other).await?;
    let (mine, theirs) = (holder(tx, one).await?, holder(tx, other).await?);
    if one == other || (mine.is_some() && mine == theirs) {
        return Err(Error::NotNow("这两个账号已经是同一个人的，没有改动。".to_owned()));
    }
    let kept = match mine {
        Some(kept) => kept,
        None => {
            let new = tx.new_id();
            tx.write_one(&data::SET_HOLDER, args![one, &new]).await?;
            new
        }
    };
    match theirs {
        Some(theirs) => tx.write(&data::MOVE_HOLDERS, args![theirs, &kept]).await.map(drop)?,
        None => tx.write_one(&data::SET_HOLDER, args![other, &kept]).await?,
    }
    record(tx, "account.join", other, &json!({ "account": one })).await
}

/// Says that an account is another person's after all. Nobody says so of an account of his own: it would free him to act on
/// both sides.
pub async fn part(tx: &mut Tx, account: &str) -> Result<()> {
    if tx.actor().is(account) {
        return Err(Error::NotNow("这是您自己的账号，请由另一位安全管理员认定，没有改动。".to_owned()));
    }
    if holder(tx, account).await?.is_none() {
        return Err(Error::NotNow("这个账号没有同别的账号认作同一人，没有改动。".to_owned()));
    }
    tx.write_one(&data::SET_HOLDER, args![account, None::<String>]).await?;
    record(tx, "account.part", account, &json!({})).await
}

/// The roles that a person has, under all of its accounts.
pub async fn roles(tx: &mut Tx, account: &str) -> Result<Vec<String>> {
    let rows = tx.all::<(String,)>(&data::ROLES_OF_PERSON, args![account]).await?;
    Ok(rows.into_iter().map(|(role,)| role).collect())
}
