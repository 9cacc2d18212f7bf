//! Giving a certificate and taking it back.

pub mod recheck;

use super::data::{self, CertificateRow, NowRow};
use super::rules::{self, Parcel, Shown, Work};
use crate::evidence::ledger::{self, EntryRow};
use crate::network::registry;
use crate::shared::codes;
use crate::shared::frozen::{self, Stamp};
use crate::shared::review::{self, Action, Loaded, Said};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, Error, Period, Result, Unit, shanghai_date};
use jiedui_programme::Programme;
use jiedui_store::{Found, PersonName, Tx, args, named};
use jiedui_web::session::digest;
use serde_json::json;
use std::collections::HashMap;

/// Of whom, for which days, and what the public page may show.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    pub person: String,
    pub days: Period,
    pub shows: Vec<Shown>,
}

/// The people of the caller's own organisation of whose work something counts.
pub async fn people(tx: &mut Tx) -> Result<Vec<(String, PersonName)>> {
    let org = tx.actor().org.clone();
    tx.all(&data::HOLDERS, args![org]).await
}

/// A policy by which some of the work counts.
struct InForce<'a> {
    /// The output that it is.
    kind: &'a str,
    /// Work that was done before does not count.
    since: Date,
    /// Its title, its number and what certificates say of it.
    words: [String; 3],
}

impl<'a> InForce<'a> {
    /// The first in the order of the programme that counts something of these rows.
    async fn of(tx: &mut Tx, programme: &'a Programme, rows: &[EntryRow]) -> Result<Option<Self>> {
        for kind in programme.outputs.iter().filter(|kind| !kind.on_certificates.is_empty()) {
            let policies = ledger::policies(tx, kind, tx.today()).await?;
            let (Some(now), Some(first)) = (policies.first(), policies.last()) else { continue };
            let words = [now.title.clone(), now.number(), kind.on_certificates.clone()];
            let found = Self { kind: &kind.id, since: first.since, words };
            if rows.iter().any(|row| found.counts(programme, row)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn counts(&self, programme: &Programme, row: &EntryRow) -> bool {
        let by = programme.activity(&row.activity).and_then(|kind| kind.practice_by.as_deref());
        by == Some(self.kind) && row.to_day >= self.since
    }
}

/// The work of a person as a certificate tells it, and the policy by which some of it counts: its title, its number and
/// what certificates say of it.
pub async fn work(
    tx: &mut Tx,
    programme: &Programme,
    person: &str,
    days: Period,
) -> Result<(Vec<Work>, Option<[String; 3]>)> {
    let rows = ledger::of_person(tx, person, days).await?;
    let policy = InForce::of(tx, programme, &rows).await?;
    let one = |row: EntryRow| {
        let kind = programme.activity(&row.activity);
        let own = row.person.as_deref() == Some(person);
        Work {
            counts: policy.as_ref().is_some_and(|policy| policy.counts(programme, &row)),
            what: kind.map_or_else(|| row.activity.clone(), |kind| kind.name.clone()),
            amount: own.then(|| (row.confirmed, kind.map_or(Unit::Items, |kind| kind.unit))),
            on: row.answered_at.map(shanghai_date),
            entry: row.id,
            school: row.county_name,
            from: row.from_day,
            to: row.to_day,
            confirmed: row.confirmed,
            by: row.answerer_name,
        }
    };
    let work = rows.into_iter().map(one).collect();
    Ok((work, policy.map(|policy| policy.words)))
}

/// Gives one in the name of the caller's organisation; returns its id.
pub async fn issue(tx: &mut Tx, programme: &Programme, new: &NewCertificate) -> Result<String> {
    let name = people(tx).await?.into_iter().find(|(id, _)| *id == new.person).map(|(_, name)| name);
    let Some(name) = name else {
        let words = "请从列出的人员里选：只有本单位的、台账里有已确认工作的人，才能出具。";
        return Err(Error::field("person", Code::NotListed.says(words)));
    };
    let (rows, policy) = work(tx, programme, &new.person, new.days).await?;
    if rows.is_empty() {
        let words = "这段时间没有已确认的协作工作，没有可证明的内容。请改起止日期，或先请对方确认。";
        return Err(Error::field("from", Code::Missing.says(words)));
    }
    give(tx, programme, new, (name.whole(), rows, policy)).await
}

/// Writes one of what was found.
pub(super) async fn give(
    tx: &mut Tx,
    programme: &Programme,
    new: &NewCertificate,
    (person, rows, policy): (&str, Vec<Work>, Option<[String; 3]>),
) -> Result<String> {
    let org = tx.actor().org.clone();
    // Two at once would take the same number.
    registry::lock(tx, &org).await?;
    let (today, year) = (tx.today(), i64::from(tx.today().year()));
    let (last,) = tx.one::<(i64,)>(&data::LAST_PLACE, args![&org, year]).await?;
    let place = last + 1;
    let parcel = Parcel {
        stamp: Stamp::now(tx, programme).await?,
        number: rules::number(year, place),
        org: tx.actor().org_name.clone(),
        person: person.to_owned(),
        from: new.days.from,
        to: new.days.to,
        issued_on: today,
        policy,
        rows,
    };
    let (text, sum) = frozen::text(&parcel)?;
    let (id, code) = (tx.new_id(), codes::code(tx.random()));
    let shows = Shown::join(&new.shows);
    named!(data::INSERT {
        id: &id,
        org: &org,
        person: &new.person,
        year: year,
        place: place,
        from_day: new.days.from,
        to_day: new.days.to,
        shows: &shows,
        parcel: &text,
        digest: &sum,
        code: &code,
        code_digest: digest(&codes::plain(&code)),
        issued_on: today,
    })
    .write(tx)
    .await?;
    let change = json!({ "person": new.person, "number": parcel.number, "digest": sum, "shows": shows });
    review::begun::<CertificateRow>(tx, &id, "issue", change).await?;
    Ok(id)
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<CertificateRow>>> {
    let row = super::find(tx, id).await?;
    review::open(tx, programme, row).await
}

pub async fn withdraw(
    tx: &mut Tx,
    opened: &Loaded<Found<CertificateRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    if reason.is_empty() {
        let words = "请写明为什么作废，核验的人会看到已作废，本单位和本人日后看得到原因。";
        return Err(Error::field("reason", Code::Missing.says(words)));
    }
    let columns = args![tx.today()];
    review::carry_out(tx, &opened.row, next, version, (&data::WITHDRAW, columns), Said::reason(reason)).await
}

pub fn parcel(row: &CertificateRow) -> Result<Parcel> {
    frozen::read(&row.parcel, format_args!("the certificate {}", row.id))
}

/// The certificate that carries a code.
pub async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<CertificateRow>> {
    let plain = codes::plain(code);
    let found = if plain.is_empty() { None } else { tx.maybe(&data::BY_CODE, args![digest(&plain)]).await? };
    Ok(found)
}

/// Which of its rows the ledger tells otherwise today, by their place.
pub async fn changed(tx: &mut Tx, row: &CertificateRow, parcel: &Parcel) -> Result<Vec<usize>> {
    let now = tx.all::<NowRow>(&data::NOW, args![&row.person, row.from_day, row.to_day]).await?;
    let now: HashMap<&str, &NowRow> = now.iter().map(|row| (row.id.as_str(), row)).collect();
    let holds = |work: &Work| work.holds(now.get(work.entry.as_str()).copied());
    Ok(parcel.rows.iter().enumerate().filter(|(_, work)| !holds(work)).map(|(at, _)| at).collect())
}
