//! Registering the chains that forms name, keeping what is on them, and saying which category one serves.

use super::data::{self, ChainRow, HomeRow, KnownRow};
use super::rules;
use crate::network::enterprises::Use;
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result};
use jiedui_programme::{Field, FieldKind, Programme};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::fields::Values;
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;

const CONCURRENT: &str = "这条链刚被别人改动过，您的操作没有写入。请看过现在的内容再定。";
const NOT_YOURS: &str = "面向的大类由省办或这条链所在市、县的人社局注明。";

fn asked(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|field| field.kind == FieldKind::Chain)
}

/// Puts the registered names in place of what was typed, and registers what nobody in the city of the school named before.
/// Two who register one name at once get one chain.
pub async fn register(tx: &mut Tx, fields: &[Field], values: &mut Values, school: &str) -> Result<()> {
    let mut errors = Vec::new();
    for field in asked(fields) {
        let Some(typed) = values.get(&field.id).and_then(serde_json::Value::as_str) else { continue };
        let typed = typed.to_owned();
        match one(tx, &field.label, &typed, school).await? {
            Ok(known) => drop(values.insert(field.id.clone(), known.name.into())),
            Err(mistake) => errors.push(FieldError::new(&field.id, mistake)),
        }
    }
    Error::of(errors)
}

/// The chain of this name in the city of the school, registered now where nobody named it before.
pub(super) async fn one(
    tx: &mut Tx,
    label: &str,
    typed: &str,
    school: &str,
) -> Result<Result<KnownRow, Mistake>> {
    let (name, evened) = match rules::name(label, typed) {
        Ok(read) => read,
        Err(mistake) => return Ok(Err(mistake)),
    };
    let home = tx.one::<HomeRow>(&data::HOME_OF, args![school]).await?;
    if let Some(known) = tx.maybe::<KnownRow>(&data::KNOWN, args![&home.city, &evened]).await? {
        return Ok(Ok(known));
    }
    // What is only looked at registers nothing: it would be new.
    if !tx.may_write() {
        return Ok(Ok(KnownRow { id: String::new(), name: name.to_owned() }));
    }
    let (id, org, today) = (tx.new_id(), tx.actor().org.clone(), tx.today());
    let new = named!(data::INSERT {
        id: &id,
        name,
        evened: &evened,
        division: &home.division,
        city: &home.city,
        registered_by: org,
        registered_on: today,
    });
    if new.write(tx).await? > 0 {
        note(tx, (&id, 1), "register", json!({ "name": name, "city": home.city })).await?;
    }
    // Where somebody else wrote the same name a moment ago, it is theirs.
    tx.one::<KnownRow>(&data::KNOWN, args![&home.city, &evened]).await.map(Ok)
}

async fn note(
    tx: &mut Tx,
    (id, revision): (&str, i64),
    kind: &'static str,
    change: serde_json::Value,
) -> Result<()> {
    let step = HistoryEntry { resource: "chain", id, kind, reason: "", revision, change };
    history::record(tx, &step).await
}

/// Keeps on which chain an entry or output is, in its transaction and in place of what it named before. The names were
/// registered for this school.
pub async fn keep(
    tx: &mut Tx,
    of: Use<'_>,
    (fields, values): (&[Field], &Values),
    school: &str,
) -> Result<()> {
    if asked(fields).next().is_none() {
        return Ok(());
    }
    tx.write(&data::CLEAR_USES, args![of.resource]).await?;
    let recorder = tx.actor().org.clone();
    for field in asked(fields) {
        let Some(name) = values.get(&field.id).and_then(serde_json::Value::as_str) else { continue };
        let Ok(known) = one(tx, &field.label, name, school).await? else { continue };
        named!(data::INSERT_USE {
            resource: of.resource,
            field: &field.id,
            chain: &known.id,
            kind: of.kind,
            what: of.what,
            pairing: of.pairing,
            org: of.org,
            recorder: &recorder,
            day: of.day,
        })
        .write(tx)
        .await?;
    }
    Ok(())
}

/// Says which major category of the programme's list a chain serves; "" takes it back.
pub async fn describe(
    tx: &mut Tx,
    programme: &Programme,
    (chain, version): (&Found<ChainRow>, i64),
    trade: &str,
) -> Result<()> {
    if !rules::may_describe(tx.actor(), &chain.bureau) {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let known = &programme.matching.categories.names;
    if !trade.is_empty() && !known.iter().any(|name| name == trade) {
        return Err(Error::field("trade", Code::NotListed.says("请从列表里选一个大类，或者选“未注明”。")));
    }
    data::DESCRIBE.at(chain, version, args![trade]).write(tx, CONCURRENT).await?;
    let told = |trade: &str| if trade.is_empty() { "未注明".to_owned() } else { trade.to_owned() };
    let change = json!({ "trade": trade, "told": [["面向的大类", told(&chain.trade), told(trade)]] });
    note(tx, (&chain.id, version), "describe", change).await
}
