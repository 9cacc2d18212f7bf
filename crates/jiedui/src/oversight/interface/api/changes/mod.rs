//! What changed since a program asked last: which resources, in the order in which they were written, and nothing of what they
//! say. The log says which rows a transaction wrote; a row is told where the caller sees it now, and with it what follows from
//! it: figures and clocks ([0095](../../../../../../../docs/decisions/0095-changes-by-revision.md)).

mod touched;

use super::fields::{Kind, Part, Resource, told};
use super::only;
use crate::evidence::service_certificates::{self, CertificateState};
use crate::evidence::{ledger, outputs, profiles};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::planning::projects::Ended;
use crate::planning::{needs, projects, school_plans};
use crate::reporting::monthly;
use crate::shared::confirmation::State;
use crate::sharing::funding::{self, MoveState};
use jiedui_kernel::{Code, Error, Result};
use jiedui_store::Tx;
use jiedui_store::audit::changes::{self, RecordOf};
use jiedui_web::App;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::Reply;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use touched::{REACH, ROLE, TOLD, Touched, touched, under};

pub const SINCE: &[Part] = &[Part {
    name: "since",
    kind: Kind::Id,
    about: "上一次给出的 next；不写就只回答现在的 next，从它开始跟",
}];

/// Records that are read for an answer, and rows that are looked at for it.
const RECORDS: i64 = 200;
const LOOKED: usize = 200;
/// Whoever is further behind reads the lists sooner than what became of them.
const FARTHEST: i64 = 100_000;

/// A resource that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    revision: i64,
    resource: &'static str,
    /// None where all of it may be another.
    id: Option<String>,
    gone: bool,
}

const RESOURCE: Kind = Kind::OneOf(|| TOLD.iter().map(|(resource, _)| *resource).collect());

pub const CHANGED: Resource<Changed> = Resource {
    name: "change",
    about: "改动",
    fields: told! { Changed;
        "revision": Kind::Whole, "哪一次写入，后写的数大", |row, _| row.revision;
        "resource": RESOURCE, "哪一种数据；履职进度写的是结对的编号，指标数写的是指标的编号", |row, _| row.resource;
        "id": Kind::Maybe(&Kind::Id), "哪一条；没有就是这一种都可能变了，请重新读取", |row, _| row.id.as_deref();
        "gone": Kind::Yes, "是不是已经撤回、撤下或作废，不再计入", |row, _| row.gone;
    },
};

/// The record that a program was told last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cursor {
    revision: i64,
    ordinal: i64,
    /// How many of its rows were looked at; 0 where all of them were.
    rows: usize,
    mark: String,
}

impl Cursor {
    fn behind(record: &RecordOf, rows: usize) -> Self {
        Self { revision: record.revision, ordinal: record.ordinal, rows, mark: record.mark().to_owned() }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let revision = parts.next()?.parse().ok()?;
        let ordinal = parts.next()?.parse().ok()?;
        let rows = parts.next()?.parse().ok()?;
        let mark = parts.next().filter(|mark| !mark.is_empty())?.to_owned();
        Some(Self { revision, ordinal, rows, mark })
    }

    fn text(&self) -> String {
        format!("{}.{}.{}.{}", self.revision, self.ordinal, self.rows, self.mark)
    }

    fn is_at(&self, record: &RecordOf) -> bool {
        (self.revision, self.ordinal, self.mark.as_str()) == (record.revision, record.ordinal, record.mark())
    }
}

/// A row that the caller sees, and what changes with it.
#[derive(Debug, Default)]
struct Seen {
    gone: bool,
    /// Other resources, by their ids; None for all of them.
    with: Vec<(&'static str, Option<String>)>,
    /// The county school whose clocks it moves.
    clocks_of: Option<String>,
}

/// For whom it is looked: whom the transaction stands for.
struct Looking<'a> {
    app: &'a App,
    tx: &'a mut Tx,
}

impl Looking<'_> {
    fn may_read(&self, resource: &str) -> bool {
        let right = TOLD.iter().find(|(told, _)| *told == resource);
        right.is_some_and(|(_, right)| self.app.can(self.tx.actor(), right, "read"))
    }
}

fn there<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(row) => Ok(Some(row)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn named(resource: &'static str, id: Option<&String>) -> Vec<(&'static str, Option<String>)> {
    id.map(|id| (resource, Some(id.clone()))).into_iter().collect()
}

/// The row as the caller sees it; none where it is out of scope.
async fn seen(tx: &mut Tx, resource: &str, id: &str) -> Result<Option<Seen>> {
    let figures = || vec![("figure", None)];
    Ok(match resource {
        "school" => there(registry::find(tx, id).await)?.filter(|row| row.kind == "school").map(|row| Seen {
            gone: row.ended_on.is_some(),
            with: figures(),
            ..Seen::default()
        }),
        "post" => there(registry::held_post(tx, id).await)?.map(|_| Seen::default()),
        "pairing" => there(pairings::find(tx, id).await)?.map(|row| Seen {
            gone: row.is_void(),
            with: figures(),
            clocks_of: Some(row.county_school),
        }),
        "need" => there(needs::find(tx, id).await)?
            .map(|row| Seen { gone: row.state == needs::NeedState::Dropped, ..Seen::default() }),
        "project" => there(projects::find(tx, id).await)?.map(|row| Seen {
            gone: row.ended == Ended::Removed,
            with: named("need", row.need.as_ref()),
            ..Seen::default()
        }),
        "entry" => there(ledger::find(tx, id).await)?.map(|row| Seen {
            gone: row.state == State::Withdrawn,
            with: named("project", row.project.as_ref()),
            clocks_of: Some(row.county_school.clone()),
        }),
        "output" => there(outputs::find(tx, id).await)?.map(|row| Seen {
            gone: row.state == State::Withdrawn,
            with: named("project", row.project.as_ref()),
            ..Seen::default()
        }),
        "profile" => {
            there(profiles::find(tx, id).await)?.map(|_| Seen { with: figures(), ..Seen::default() })
        }
        "month" => there(monthly::find(tx, id).await)?.map(|_| Seen::default()),
        "money" => there(funding::find(tx, id).await)?
            .map(|row| Seen { gone: row.state == MoveState::Withdrawn, ..Seen::default() }),
        "paper" => there(service_certificates::find(tx, id).await)?
            .map(|row| Seen { gone: row.state == CertificateState::Withdrawn, ..Seen::default() }),
        _ => None,
    })
}

/// What is told in one answer.
#[derive(Default)]
struct Collected {
    changes: Vec<Changed>,
    /// Where each stands in it: of what changed twice the last time is told.
    places: HashMap<(&'static str, Option<String>), usize>,
    /// Whether things are seen, as they were looked up.
    looked: HashMap<String, bool>,
    /// The pairings that the caller sees, once somebody asked for them.
    pairings: Option<Vec<PairingRow>>,
}

impl Collected {
    fn tell(&mut self, by: &Looking<'_>, change: Changed) {
        if !by.may_read(change.resource) {
            return;
        }
        let place = (change.resource, change.id.clone());
        match self.places.get(&place).copied() {
            Some(at) => self.changes[at] = change,
            None => {
                self.places.insert(place, self.changes.len());
                self.changes.push(change);
            }
        }
    }

    /// Tells resources as a whole.
    fn whole(&mut self, by: &Looking<'_>, revision: i64, name: &'static str) {
        for resource in under(name) {
            self.tell(by, Changed { revision, resource, id: None, gone: false });
        }
    }

    async fn look(&mut self, by: &mut Looking<'_>, revision: i64, touched: &Touched) -> Result<()> {
        match touched {
            Touched::All(resource) => {
                self.whole(by, revision, resource);
                Ok(())
            }
            Touched::Row(REACH, id) => {
                // Whoever sees the whole province saw the parties before.
                if by.tx.actor().scope.is_narrow() && there(pairings::find(by.tx, id).await)?.is_some() {
                    self.whole(by, revision, REACH);
                }
                Ok(())
            }
            Touched::Row(ROLE, account) => {
                if by.tx.actor().account() == account {
                    self.whole(by, revision, ROLE);
                }
                Ok(())
            }
            Touched::Row("plan", id) => {
                let plan = there(school_plans::find(by.tx, id).await)?;
                match plan.and_then(|plan| plan.pairing.clone()) {
                    Some(pairing) => self.row(by, revision, ("pairing", pairing.as_str())).await,
                    None => Ok(()),
                }
            }
            Touched::Row("person", id) => {
                for post in registry::posts_of_person(by.tx, id).await? {
                    self.tell(by, Changed { revision, resource: "post", id: Some(post.id), gone: false });
                }
                Ok(())
            }
            Touched::Row(resource, id) => self.row(by, revision, (resource, id.as_str())).await,
            Touched::Part(table, key) => match changes::belongs_to(by.tx, table, key).await? {
                Some(org) => self.row(by, revision, ("school", org.as_str())).await,
                None => Ok(()),
            },
            Touched::Added { indicator, source } => {
                if self.sees(by, source).await? {
                    let id = Some(indicator.clone());
                    self.tell(by, Changed { revision, resource: "figure", id, gone: false });
                }
                Ok(())
            }
        }
    }

    async fn row(
        &mut self,
        by: &mut Looking<'_>,
        revision: i64,
        (resource, id): (&'static str, &str),
    ) -> Result<()> {
        let found = seen(by.tx, resource, id).await?;
        self.looked.insert(id.to_owned(), found.is_some());
        let Some(found) = found else { return Ok(()) };
        self.tell(by, Changed { revision, resource, id: Some(id.to_owned()), gone: found.gone });
        for (resource, id) in found.with {
            self.beside(by, revision, resource, id).await?;
        }
        if let Some(school) = found.clocks_of {
            self.clocks(by, revision, &school).await?;
        }
        Ok(())
    }

    /// What is told beside a row: whether it is seen is asked where it is named.
    async fn beside(
        &mut self,
        by: &mut Looking<'_>,
        revision: i64,
        resource: &'static str,
        id: Option<String>,
    ) -> Result<()> {
        let found = match &id {
            Some(id) => seen(by.tx, resource, id).await?,
            None => Some(Seen::default()),
        };
        if let Some(found) = found {
            self.tell(by, Changed { revision, resource, id, gone: found.gone });
        }
        Ok(())
    }

    /// A helper that comes again goes on: its clocks at a county school are told under the latest pairing.
    async fn clocks(&mut self, by: &mut Looking<'_>, revision: i64, school: &str) -> Result<()> {
        if self.pairings.is_none() {
            self.pairings = Some(pairings::in_scope(by.tx).await?);
        }
        let rows = self.pairings.iter().flatten().filter(|row| row.county_school == school);
        let ids: Vec<String> = rows.map(|row| row.id.clone()).collect();
        for id in ids {
            self.tell(by, Changed { revision, resource: "clock", id: Some(id), gone: false });
        }
        Ok(())
    }

    /// Whether the caller sees a thing that adds to a figure. Who is covered as a person stands in no row of its own; that
    /// an indicator moved says nothing of whom.
    async fn sees(&mut self, by: &mut Looking<'_>, source: &str) -> Result<bool> {
        if source.starts_with("person:") {
            return Ok(true);
        }
        if let Some(sees) = self.looked.get(source) {
            return Ok(*sees);
        }
        let mut sees = false;
        for resource in ["entry", "output", "profile"] {
            sees = sees || seen(by.tx, resource, source).await?.is_some();
        }
        self.looked.insert(source.to_owned(), sees);
        Ok(sees)
    }
}

/// The cursor as it was sent; one that this log does not know is refused with the way out.
fn cursor_of(text: &str, newest: &RecordOf) -> Result<Cursor> {
    let wrong = || Error::field("since", Code::Faulty.says("请原样写上一次给出的 next。"));
    let cursor = Cursor::parse(text).ok_or_else(wrong)?;
    if cursor.revision < 0 || cursor.ordinal < 0 {
        return Err(wrong());
    }
    if newest.revision - cursor.revision > FARTHEST {
        return Err(gone());
    }
    Ok(cursor)
}

fn gone() -> Error {
    let words = "从这里开始的改动不再提供：隔得太久，或者数据库由备份恢复过。请先不带 since 读一次，记下 next，\
再把各个清单重新读一遍，以后从这个 next 继续。";
    Error::Gone(words.to_owned())
}

async fn newest(tx: &mut Tx) -> Result<RecordOf> {
    let newest = changes::newest(tx).await?;
    newest.ok_or_else(|| Error::NotNow("系统里还没有任何记录。".to_owned()))
}

/// The cursor of now, and its revision.
pub async fn now(tx: &mut Tx) -> Result<(String, i64)> {
    let newest = newest(tx).await?;
    Ok((Cursor::behind(&newest, 0).text(), newest.revision))
}

/// What somebody is told without having asked: that something is new, and of which resources.
#[derive(Debug)]
pub struct News {
    pub resources: BTreeSet<&'static str>,
    /// From where it goes on.
    pub next: String,
    /// Up to which revision everything was looked at.
    pub seen: i64,
    pub more: bool,
}

/// The news since a cursor for whom the transaction stands for. Where it is too old everything may be new.
pub async fn news(app: &App, tx: &mut Tx, since: &str) -> Result<News> {
    let (newest, mut told) = (newest(tx).await?, Collected::default());
    let last = Cursor::behind(&newest, 0);
    let mut by = Looking { app, tx };
    let walked = match cursor_of(since, &newest) {
        Ok(cursor) => walk(&mut by, cursor, &mut told).await,
        Err(error) => Err(error),
    };
    let at = match walked {
        Err(Error::Gone(_)) => {
            let resources = TOLD.iter().map(|(resource, _)| *resource).filter(|one| by.may_read(one));
            let resources = resources.collect();
            return Ok(News { resources, next: last.text(), seen: last.revision, more: false });
        }
        walked => walked?,
    };
    let (more, resources) = (at != last, told.changes.iter().map(|change| change.resource).collect());
    // Of a transaction that is told in part the rest is still to come.
    let seen = if more { at.revision - 1 } else { at.revision };
    Ok(News { resources, next: at.text(), seen, more })
}

pub async fn changed(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, SINCE)?;
    let newest = newest(&mut ctx.tx).await?;
    let (mut told, last) = (Collected::default(), Cursor::behind(&newest, 0));
    let since = ctx.query.get("since").to_owned();
    let at = if since.is_empty() {
        last.clone()
    } else {
        let app = Arc::clone(&ctx.app);
        let mut by = Looking { app: &app, tx: &mut ctx.tx };
        walk(&mut by, cursor_of(&since, &newest)?, &mut told).await?
    };
    // What changed twice is told by its last record.
    told.changes.sort_by_key(|change| change.revision);
    let programme = ctx.programme();
    let items: Vec<Value> = told.changes.iter().map(|row| CHANGED.tell(row, &programme)).collect();
    let day = ctx.today.to_string();
    Ok(Reply::Data(json!({ "items": items, "next": at.text(), "more": at != last, "day": day })))
}

/// Looks at what was written behind a cursor, and says how far it came.
async fn walk(by: &mut Looking<'_>, from: Cursor, told: &mut Collected) -> Result<Cursor> {
    let records = changes::since(by.tx, (from.revision, from.ordinal), RECORDS).await?;
    let Some(first) = records.first().filter(|record| from.is_at(record)) else { return Err(gone()) };
    let mut looked = 0;
    let mut at = Cursor::behind(first, from.rows);
    for (number, record) in records.iter().enumerate() {
        let skipped = match (number, from.rows) {
            (0, 0) => continue,
            (0, rows) => rows,
            _ => 0,
        };
        for (place, one) in touched(&record.rows()).iter().enumerate().skip(skipped) {
            if looked == LOOKED {
                return Ok(if place == 0 { at } else { Cursor::behind(record, place) });
            }
            looked += 1;
            told.look(by, record.revision, one).await?;
        }
        at = Cursor::behind(record, 0);
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oversight::interface::api::offered;
    use jiedui_web::route::Access;

    /// The right stands here and at the addresses: neither is forgotten where the other changes.
    #[test]
    fn a_resource_takes_one_right_at_its_addresses_and_here() {
        let offered = offered();
        for (resource, right) in TOLD {
            let read: Vec<Access> = offered
                .iter()
                .filter(|one| one.resource == resource && one.takes.is_none())
                .map(|one| one.route.access)
                .collect();
            assert!(!read.is_empty(), "{resource} has no address");
            assert!(read.iter().all(|access| *access == Access::Can(right, "read")), "{resource}: {read:?}");
        }
    }

    #[test]
    fn a_cursor_is_read_as_it_was_given() {
        let cursor = Cursor { revision: 7, ordinal: 2, rows: 3, mark: "0f1e".to_owned() };
        assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        for text in ["", "7", "7.2.3", "7.2.3.", "a.2.3.0f", "7.2.-1.0f"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
