//! Registering what forms name, keeping where it is named, and joining two that are one.

use super::data::{self, EnterpriseRow, KnownRow};
use super::rules;
use crate::shared::mechanism;
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_programme::{Field, FieldKind, Programme};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::fields::Values;
use jiedui_web::history::{self, HistoryEntry};
use serde_json::json;
use std::sync::Arc;

const CONCURRENT: &str = "这家企业刚被别人合并或撤销过合并，您的操作没有写入。请看过现在的内容再定。";
const NOT_YOURS: &str = "合并企业由省办或企业所在县的人社局办理。";

/// An enterprise that a field names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub field: String,
    pub enterprise: String,
}

/// What names enterprises: an entry with its pairing, or an output with its place.
#[derive(Debug, Clone, Copy)]
pub struct Use<'a> {
    /// entry, output.
    pub kind: &'static str,
    pub resource: &'a str,
    pub what: &'a str,
    pub pairing: Option<&'a str>,
    pub org: Option<&'a str>,
    pub day: Date,
}

/// Puts the registered names in place of what was typed, and registers what nobody named before: in the division of the
/// school concerned. Two who register one name at once get one enterprise.
pub async fn register(
    tx: &mut Tx,
    fields: &[Field],
    values: &mut Values,
    school: &str,
) -> Result<Vec<Named>> {
    let mut found = Vec::new();
    let mut errors = Vec::new();
    for field in fields.iter().filter(|field| field.kind == FieldKind::Enterprise) {
        let Some(typed) = values.get(&field.id).and_then(serde_json::Value::as_str) else { continue };
        let typed = typed.to_owned();
        let wanted = rules::names(&typed);
        if wanted.is_empty() {
            errors.push(FieldError::new(&field.id, Mistake::missing(&field.label)));
        }
        let mut names: Vec<String> = Vec::new();
        for name in wanted {
            match one(tx, &field.label, name, school).await? {
                Ok(known) if !names.contains(&known.name) => {
                    found.push(Named { field: field.id.clone(), enterprise: known.id });
                    names.push(known.name);
                }
                Ok(_) => {}
                Err(mistake) => errors.push(FieldError::new(&field.id, mistake)),
            }
        }
        values.insert(field.id.clone(), names.join("、").into());
    }
    Error::of(errors)?;
    Ok(found)
}

/// The same for the name of a thing that is itself called after one enterprise: its registered name. What is no name is
/// left for the check of the form.
pub async fn register_title(tx: &mut Tx, title: &str, school: &str) -> Result<Option<(String, Named)>> {
    let at = |mistake: Mistake| Error::field("title", mistake);
    match rules::names(title).as_slice() {
        [] => Ok(None),
        [name] => {
            let known = one(tx, "名称", name, school).await?.map_err(at)?;
            Ok(Some((known.name, Named { field: "title".to_owned(), enterprise: known.id })))
        }
        _ => Err(at(Code::TooMany.says("一条只写一家企业；另外的企业请另登记一条。"))),
    }
}

async fn one(tx: &mut Tx, label: &str, name: &str, school: &str) -> Result<Result<KnownRow, Mistake>> {
    let evened = rules::evened(name);
    if let Some(known) = tx.maybe::<KnownRow>(&data::KNOWN, args![&evened]).await? {
        return Ok(Ok(known));
    }
    let length = name.chars().count();
    if length > rules::LONGEST {
        return Ok(Err(Mistake::too_long(label, rules::LONGEST, length)));
    }
    // What is only looked at registers nobody: it would be new, in whatever way it is written.
    if !tx.may_write() {
        return Ok(Ok(KnownRow { id: String::new(), name: evened }));
    }
    let (division,) = tx.one::<(String,)>(&data::DIVISION_OF, args![school]).await?;
    let (id, org, today) = (tx.new_id(), tx.actor().org.clone(), tx.today());
    let new = named!(data::INSERT {
        id: &id,
        name,
        evened: &evened,
        division: &division,
        registered_by: org,
        registered_on: today,
    });
    if new.write(tx).await? > 0 {
        let change = json!({ "name": name, "division": division });
        note(tx, (&id, 1), "register", "", change).await?;
    }
    // Where somebody else wrote the same name a moment ago, it is theirs.
    tx.one::<KnownRow>(&data::KNOWN, args![&evened]).await.map(Ok)
}

async fn note(
    tx: &mut Tx,
    (id, revision): (&str, i64),
    kind: &'static str,
    reason: &str,
    change: serde_json::Value,
) -> Result<()> {
    let step = HistoryEntry { resource: "enterprise", id, kind, reason, revision, change };
    history::record(tx, &step).await
}

/// Keeps where enterprises are named, beside the entry or output that names them and in its transaction.
pub async fn keep(tx: &mut Tx, of: Use<'_>, named: &[Named]) -> Result<()> {
    let recorder = tx.actor().org.clone();
    for one in named {
        named!(data::INSERT_USE {
            resource: of.resource,
            field: &one.field,
            enterprise: &one.enterprise,
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

/// What a correction names stands in place of what was named before.
pub async fn clear(tx: &mut Tx, resource: &str) -> Result<()> {
    tx.write(&data::CLEAR_USES, args![resource]).await.map(drop)
}

/// Says that an enterprise is the one that is registered under another name. Rows keep what they say and are found under
/// the other one; its name leads there from now on.
pub async fn join(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    (one, version): (&Found<EnterpriseRow>, i64),
    (name, reason): (&str, &str),
) -> Result<()> {
    let actor = Arc::clone(tx.actor());
    if !rules::may_join(&actor, &one.bureau) {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let unknown = || Error::field("into", Code::NotListed.says("企业库里没有这个名称，请按列表里的全称写。"));
    let known = tx.maybe::<KnownRow>(&data::KNOWN, args![rules::evened(name)]).await?.ok_or_else(unknown)?;
    // A name elsewhere in the province that the caller does not see is none that it can speak of.
    let other = tx.find_maybe::<EnterpriseRow>(&data::SHOW, args![&known.id]).await?.ok_or_else(unknown)?;
    let mistake = rules::refused((&one.id, one.joined.is_some()), (&other.id, other.joined.is_some()));
    if let Some(mistake) = mistake {
        return Err(Error::field("into", mistake));
    }
    if !rules::may_join(&actor, &other.bureau) {
        let words = "那一家在别的县登记，请由省办合并。";
        return Err(Error::field("into", Code::NotFitting.says(words)));
    }
    // In one order everywhere: two who join them the other way round come one after the other.
    let rows = if one.id < other.id { [one, &other] } else { [&other, one] };
    for row in rows {
        data::LOCK.at(row, row.version, Vec::new()).write(tx, CONCURRENT).await?;
    }
    data::JOIN.at(one, version, args![&other.id, &other.id]).write(tx, CONCURRENT).await?;
    tx.change(one, &data::LEAD_ON, args![&other.id]).await?;
    let change = json!({ "into": other.id, "told": [["企业", one.name, other.name]] });
    note(tx, (&one.id, version), "join", reason, change).await?;
    count_again(tx, programme, &[&other.id]).await
}

/// Takes a joining back: the enterprise, and what had been joined to it before, stand for themselves again.
pub async fn part(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    one: &Found<EnterpriseRow>,
    version: i64,
) -> Result<()> {
    if !rules::may_join(tx.actor(), &one.bureau) {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let Some(from) = &one.joined else { return Err(Error::Conflict(CONCURRENT.to_owned())) };
    let root = tx.one::<KnownRow>(&data::KNOWN, args![rules::evened(&one.name)]).await?;
    data::PART.at(one, version, Vec::new()).write(tx, CONCURRENT).await?;
    while tx.change(one, &data::LEAD_BACK, Vec::new()).await? > 0 {}
    note(tx, (&one.id, version), "part", "", json!({ "from": from })).await?;
    count_again(tx, programme, &[&one.id, &root.id]).await
}

/// Where an enterprise counts once it counts otherwise after it became another one.
async fn count_again(tx: &mut Tx, programme: &Arc<Programme>, enterprises: &[&str]) -> Result<()> {
    for enterprise in enterprises {
        for (resource,) in tx.all::<(String,)>(&data::NAMING, args![*enterprise]).await? {
            mechanism::tell_enterprises(tx, programme, &resource).await?;
        }
    }
    Ok(())
}
