//! What is kept for the search follows the rows: told of each that is written, it is brought up to date when the transaction
//! commits. Searching, comparing with the rows, and making all of it again.

use super::data::{self, KeptRow};
use crate::shared::finding::{Described, FoundBy, Indexed};
use crate::shared::mechanism;
use crate::shared::terms::{self, MOST, of_search};
use jiedui_kernel::{Actor, Result};
use jiedui_store::{Arg, AuditRecord, Db, Derived, Follower, Tx, args, line, named, settings};
use std::collections::{BTreeSet, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// What waits for the commit stands under this name.
const NAME: &str = "search";
/// Where it is noted that the rows of before are in the index, and by which terms.
const MADE_WITH: &str = "search";
const TERMS: &str = "1";
/// Rows that are compared at a time.
const PART: i64 = 500;
/// So many terms are counted for one search.
const COUNTED: usize = 3 * MOST;

/// The kinds whose terms are kept.
fn kept() -> impl Iterator<Item = &'static Indexed> {
    mechanism::all().flat_map(|one| one.found).filter_map(|kind| match &kind.by {
        FoundBy::Terms(indexed) => Some(indexed),
        FoundBy::Itself(_) => None,
    })
}

/// Rows that were written in a transaction, by table and id.
#[derive(Debug, Default)]
struct Written(BTreeSet<(&'static str, String)>);

impl Derived for Written {
    fn settle<'a>(self: Box<Self>, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        let Self(written) = *self;
        Box::pin(async move {
            let mut new = New::default();
            for (table, id) in written {
                for of in kept().filter(|of| of.table == table) {
                    follow(tx, of, &id, &mut new).await?;
                }
            }
            new.write(tx).await
        })
    }
}

jiedui_store::inventory::submit! { Follower(note) }

fn note(tx: &mut Tx, table: &'static str, id: &str) -> Result<()> {
    if kept().any(|of| of.table == table) {
        tx.unsettled(NAME, Written::default)?.0.insert((table, id.to_owned()));
    }
    Ok(())
}

/// Leaves out of the index what was written so far: rows that are made to measure and that nobody looks for.
pub fn pass_over(tx: &mut Tx) -> Result<()> {
    tx.unsettled(NAME, Written::default).map(|written| written.0.clear())
}

fn row(of: &Described, id: &str) -> KeptRow {
    let mut found = terms::of_item(&of.title, &[]);
    found.extend(terms::of_id(id));
    let terms: Vec<String> = found.into_iter().collect();
    KeptRow { pairing: of.pairing.clone(), org: of.org.clone(), terms: terms.join(" ") }
}

fn terms_of(row: Option<&KeptRow>) -> BTreeSet<&str> {
    row.map(|row| row.terms.split(' ').collect()).unwrap_or_default()
}

fn keyed(of: &Indexed, term: &str) -> String {
    format!("{}:{term}", of.table)
}

/// What is kept of a row, and what must be.
async fn compared(tx: &mut Tx, of: &Indexed, id: &str) -> Result<(Option<KeptRow>, Option<KeptRow>)> {
    let wanted = (of.describe)(tx, id).await?.map(|described| row(&described, id));
    let kept = tx.maybe::<KeptRow>(&data::THING, args![of.table, id]).await?;
    Ok((kept, wanted))
}

/// What is to be kept of rows, written for many of them at once: a table of teachers brings thousands.
#[derive(Default)]
struct New {
    terms: Vec<Vec<Arg>>,
    things: Vec<Vec<Arg>>,
}

impl New {
    async fn write(self, tx: &mut Tx) -> Result<()> {
        tx.add_rows(&data::ADD_TERMS, self.terms).await?;
        tx.add_rows(&data::PUT, self.things).await.map(drop)
    }
}

/// Brings what is kept of one row up to date, but for what comes to it: that is written with others. Each row once.
async fn follow(tx: &mut Tx, of: &Indexed, id: &str, more: &mut New) -> Result<()> {
    let (kept, wanted) = compared(tx, of, id).await?;
    if kept == wanted {
        return Ok(());
    }
    let (old, new) = (terms_of(kept.as_ref()), terms_of(wanted.as_ref()));
    for term in old.difference(&new) {
        tx.write(&data::DROP_TERM, args![keyed(of, term), id]).await?;
    }
    let added = new.difference(&old).map(|term| line!(data::ADD_TERMS { term: keyed(of, term), id }));
    more.terms.extend(added);
    match &wanted {
        Some(row) => more.things.push(line!(data::PUT {
            kind: of.table,
            id,
            pairing: &row.pairing,
            org: &row.org,
            terms: &row.terms,
        })),
        None => drop(tx.write(&data::DROP_THING, args![of.table, id]).await?),
    }
    Ok(())
}

/// The ids of a kind that a search finds, the newest first, as far as the caller's scope is known to the index.
pub async fn ids(tx: &mut Tx, of: &Indexed, text: &str) -> Result<Vec<String>> {
    let Some([t1, t2, t3, t4, t5, t6, t7, t8]) = wanted(tx, of, text).await? else { return Ok(Vec::new()) };
    let call = named!(data::SEARCH { kind: of.table, t1, t2, t3, t4, t5, t6, t7, t8 });
    let rows = call.all::<(String,)>(tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The terms that a search asks for, the rarest first and "" behind the last; none where one of its parts finds nothing.
async fn wanted(tx: &mut Tx, of: &Indexed, text: &str) -> Result<Option<[String; MOST]>> {
    let parts = of_search(text);
    let mut asked: Vec<&String> = Vec::new();
    for term in parts.iter().flatten().flatten() {
        if !asked.contains(&term) && asked.len() < COUNTED {
            asked.push(term);
        }
    }
    let mut counts: HashMap<&str, i64> = HashMap::new();
    for some in asked.chunks(MOST) {
        let term = |at: usize| some.get(at).map_or_else(String::new, |term| keyed(of, term));
        let values = args![term(0), term(1), term(2), term(3), term(4), term(5), term(6), term(7)];
        let (a, b, c, d, e, f, g, h) = tx.one::<data::Counts>(&data::COUNTS, values).await?;
        counts.extend(some.iter().map(|term| term.as_str()).zip([a, b, c, d, e, f, g, h]));
    }
    // Of a long text the first terms are counted, and those find it: what was not counted is not asked for.
    let count = |term: &String| counts.get(term.as_str()).copied();
    let mut chosen: Vec<(i64, &str)> = Vec::new();
    for part in &parts {
        let Some(reading) = part.iter().find(|reading| reading.iter().all(|term| count(term) != Some(0)))
        else {
            return Ok(None);
        };
        chosen.extend(reading.iter().filter_map(|term| Some((count(term)?, term.as_str()))));
    }
    chosen.sort_unstable();
    chosen.dedup();
    let mut found: [String; MOST] = Default::default();
    for (place, (_, term)) in found.iter_mut().zip(chosen) {
        *place = keyed(of, term);
    }
    Ok(Some(found))
}

async fn ids_after(tx: &mut Tx, of: &Indexed, id: &str) -> Result<Vec<String>> {
    let rows = tx.all::<(String,)>(of.after, args![id, PART]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Where what is kept is not what the rows say, a line each.
pub async fn verify(tx: &mut Tx) -> Result<Vec<String>> {
    let (mut off, mut terms) = (Vec::new(), 0);
    for of in kept() {
        let mut after = String::new();
        loop {
            let ids = ids_after(tx, of, &after).await?;
            let Some(last) = ids.last() else { break };
            for id in &ids {
                let (kept, wanted) = compared(tx, of, id).await?;
                terms += i64::try_from(terms_of(wanted.as_ref()).len()).unwrap_or(i64::MAX);
                if kept != wanted {
                    off.push(format!("{} {id} 与搜索目录不一致", of.table));
                }
            }
            after.clone_from(last);
        }
        off.extend(gone(tx, of).await?);
    }
    let kept = tx.number(&data::TERMS_KEPT, Vec::new()).await?;
    if kept != terms {
        off.push(format!("搜索目录有 {kept} 个词条，应有 {terms} 个"));
    }
    Ok(off)
}

/// What is kept of rows that are there no more.
async fn gone(tx: &mut Tx, of: &Indexed) -> Result<Vec<String>> {
    let (mut off, mut after) = (Vec::new(), String::new());
    loop {
        let ids = tx.all::<(String,)>(&data::KEPT, args![of.table, &after, PART]).await?;
        let Some((last,)) = ids.last() else { return Ok(off) };
        for (id,) in &ids {
            if (of.describe)(tx, id).await?.is_none() {
                off.push(format!("{} {id} 在搜索目录里，数据里没有", of.table));
            }
        }
        after.clone_from(last);
    }
}

/// Makes all of it from the rows; says of how many.
pub async fn rebuild(tx: &mut Tx) -> Result<i64> {
    tx.write(&data::CLEAR_TERMS, Vec::new()).await?;
    tx.write(&data::CLEAR_THINGS, Vec::new()).await?;
    let mut made = 0;
    for of in kept() {
        let mut after = String::new();
        loop {
            let ids = ids_after(tx, of, &after).await?;
            let Some(last) = ids.last() else { break };
            let mut new = New::default();
            for id in &ids {
                follow(tx, of, id, &mut new).await?;
                made += 1;
            }
            new.write(tx).await?;
            after.clone_from(last);
        }
    }
    let record = AuditRecord { action: "search.rebuild", resource: "search", resource_id: "" };
    tx.audit(record, &serde_json::json!({ "things": made })).await?;
    Ok(made)
}

/// Takes the rows of before into the index, once: where a database comes from a version without it, or with other terms.
pub async fn take_up(db: &Db) -> Result<()> {
    let actor = || Arc::new(Actor::system("search"));
    if settings::read(&mut db.read(actor()).await?, MADE_WITH).await?.is_some_and(|terms| terms == TERMS) {
        return Ok(());
    }
    let mut tx = db.begin(actor()).await?;
    let made = rebuild(&mut tx).await?;
    settings::write(&mut tx, MADE_WITH, TERMS).await?;
    tx.commit().await?;
    tracing::info!(made, "what the search finds was taken into its index");
    Ok(())
}
