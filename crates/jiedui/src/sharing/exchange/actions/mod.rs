//! Having a table sent, taking one in, giving up. For the pages, the jobs and the demonstration.

pub mod fetch;
pub mod receipt;
pub mod send;
pub mod table;

use super::data::{self, RefusalRow, RunRow, RunState, ValueRow};
use super::rules::schema::schema;
use super::rules::{BATCH, words};
use crate::shared::frozen;
use crate::shared::jobs::{self, NewJob};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_exchange::{Fault, NumberedRow, Row, Value, batches, sendable, write};
use jiedui_kernel::{Code, Error, Result};
use jiedui_programme::{Exchange, ExchangeOf, Programme, Way};
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A transfer, by its id.
    New(String),
    /// Nothing was done: the last transfer had the same content.
    Same(String),
}

/// The exchange of this name that goes this way.
pub fn exchange<'p>(programme: &'p Programme, id: &str, way: Way) -> Result<&'p Exchange> {
    programme.exchange(id).filter(|one| one.way == way).ok_or(Error::NotFound)
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<RunRow>> {
    tx.find(&data::SHOW, args![id]).await
}

pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<RunRow>>> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// The last transfers of an exchange, the newest first.
pub async fn runs(tx: &mut Tx, exchange: &str) -> Result<Vec<Found<RunRow>>> {
    tx.find_all(&data::RUNS, args![exchange]).await
}

/// Those that the caller's own organisation began and that are not answered to the end.
pub async fn under_way(tx: &mut Tx) -> Result<Vec<Found<RunRow>>> {
    let org = tx.actor().org.clone();
    tx.find_all(&data::UNDER_WAY, args![org, RunState::UnderWay]).await
}

/// The last that was not given up, for whoever runs the system as well.
pub async fn last(tx: &mut Tx, exchange: &str) -> Result<Option<RunRow>> {
    tx.maybe(&data::LAST, args![exchange]).await
}

pub async fn refusals(tx: &mut Tx, run: &Found<RunRow>) -> Result<Vec<RefusalRow>> {
    tx.all(&data::REFUSALS, args![&run.id]).await
}

pub async fn values(tx: &mut Tx, run: &Found<RunRow>) -> Result<Vec<ValueRow>> {
    tx.all(&data::VALUES, args![&run.id]).await
}

/// The file of today, and of the rows that cannot stand in it, why.
pub async fn file(tx: &mut Tx, programme: &Programme, exchange: &Exchange) -> Result<(Vec<u8>, Vec<Fault>)> {
    let schema = schema(programme, exchange)?;
    let rows: Vec<Row> =
        table::drawn(tx, programme, exchange).await?.into_iter().map(|(_, row)| row).collect();
    let sendable = sendable(&schema, &rows);
    let bytes = write(&schema, &sendable.rows).map_err(Error::internal)?;
    Ok((bytes, sendable.faults))
}

/// Has the table of today sent, in the background, or has it written down as handed over in one file. What goes is kept as it
/// is: whoever sends a part again sends the same.
pub async fn begin(
    tx: &mut Tx,
    programme: &Programme,
    exchange: &Exchange,
    by_file: bool,
) -> Result<Outcome> {
    let schema = schema(programme, exchange)?;
    let rows: Vec<Row> =
        table::drawn(tx, programme, exchange).await?.into_iter().map(|(_, row)| row).collect();
    let sendable = sendable(&schema, &rows);
    if sendable.rows.is_empty() {
        let words = "现在没有一所学校的数可以送出。请先看栏目对照和名录。";
        return Err(Error::field("", Code::Missing.says(words)));
    }
    let whole = write(&schema, &sendable.rows).map_err(Error::internal)?;
    let digest = digest(&whole)?;
    let number = match next(tx, exchange, &digest).await? {
        Ok(number) => number,
        Err(same) => return Ok(Outcome::Same(same)),
    };
    let faults: Vec<Refusal> = sendable.faults.iter().map(Refusal::here).collect();
    let (total, refused) = (rows.len() as i64, lines(&faults));
    let run = insert(tx, exchange, NewRun { by_file, number, digest: &digest, total, refused }).await?;
    let most = if by_file { sendable.rows.len() } else { BATCH };
    let parts = batches(&schema, &sendable.rows, most).map_err(Error::internal)?;
    for (batch, place) in parts.into_iter().zip(1_i64..) {
        let content = String::from_utf8(batch.bytes).map_err(Error::internal)?;
        let values = args![place, batch.before as i64, batch.rows as i64, content];
        tx.change(&run, &data::ADD_BATCH, values).await?;
    }
    refuse(tx, &run, 0, &faults).await?;
    let change = json!({ "exchange": exchange.id, "digest": digest, "total": total, "refused": refused });
    review::begun::<RunRow>(tx, &run.id, "begin", change).await?;
    if !by_file {
        queue(tx, exchange, &run.id).await?;
    }
    Ok(Outcome::New(run.id.clone()))
}

/// Sends on what is not answered yet: the job that did so has given up.
pub async fn send_on(tx: &mut Tx, exchange: &Exchange, opened: &Loaded<Found<RunRow>>) -> Result<String> {
    opened.demand(Action::Finish)?;
    if opened.row.by_file {
        let words = "这一次是用文件交出的，不能联网接着送。请上传对方的答复，或者放弃。";
        return Err(Error::NotNow(words.to_owned()));
    }
    queue(tx, exchange, &opened.row.id).await
}

async fn queue(tx: &mut Tx, exchange: &Exchange, run: &str) -> Result<String> {
    let title = format!("{}：{}", send::SEND.name, exchange.name);
    let new = NewJob { kind: send::SEND.id, title: &title, args: run.to_owned(), input: None };
    jobs::queue(tx, &new).await
}

/// Gives up what was begun; what the other side has taken so far it keeps.
pub async fn give_up(tx: &mut Tx, opened: &Loaded<Found<RunRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Abandon)?;
    end(tx, opened, next, version).await
}

/// Ends a transfer with what was answered.
async fn end(
    tx: &mut Tx,
    opened: &Loaded<Found<RunRow>>,
    next: review::Next<RunState>,
    version: i64,
) -> Result<()> {
    let row = &opened.row;
    let accepted = tx.number(&data::ACCEPTED, args![&row.id]).await?;
    finish(tx, row, next, version, accepted).await
}

async fn finish(
    tx: &mut Tx,
    row: &Found<RunRow>,
    next: review::Next<RunState>,
    version: i64,
    accepted: i64,
) -> Result<()> {
    let refused = tx.number(&data::REFUSED, args![&row.id]).await?;
    let today = tx.today();
    let change = json!({ "accepted": accepted, "refused": refused });
    let columns = args![accepted, refused, today];
    review::carry_out(tx, row, next, version, (&data::MOVE, columns), Said::change(change)).await
}

/// A file that came and was read whole.
#[derive(Debug)]
pub struct Came {
    pub by_file: bool,
    /// SHA-256 of its bytes.
    pub digest: String,
    pub lines: Vec<NumberedRow>,
}

/// Keeps what the other side says of each school, beside what is ours. Rows of schools that are none of the exchange are not
/// taken, and said.
pub async fn take_in(
    tx: &mut Tx,
    programme: &Programme,
    exchange: &Exchange,
    came: &Came,
) -> Result<Outcome> {
    let number = match next(tx, exchange, &came.digest).await? {
        Ok(number) => number,
        Err(same) => return Ok(Outcome::Same(same)),
    };
    let schema = schema(programme, exchange)?;
    let mut ours = BTreeMap::new();
    for (school, row) in table::drawn(tx, programme, exchange).await? {
        if let Some(key) = schema.key(&row) {
            ours.insert(key, school.id);
        }
    }
    let found = |line: &NumberedRow| schema.key(&line.row).and_then(|key| ours.get(&key));
    let unknown = came.lines.iter().filter(|line| found(line).is_none()).map(|line| Refusal {
        line: line.line as i64,
        known_by: schema.key_words(&line.row),
        field: String::new(),
        words: words::UNKNOWN_SCHOOL.to_owned(),
    });
    let unknown: Vec<Refusal> = unknown.collect();
    let (total, refused) = (came.lines.len() as i64, lines(&unknown));
    let new = NewRun { by_file: came.by_file, number, digest: &came.digest, total, refused };
    let run = insert(tx, exchange, new).await?;
    for (line, school) in came.lines.iter().filter_map(|line| Some((line, found(line)?))) {
        for (column, value) in exchange.columns.iter().zip(&line.row) {
            if let (false, Some(Value::Number(number))) = (is_text(&column.of), value) {
                tx.change(&run, &data::ADD_VALUE, args![school, &column.field, *number]).await?;
            }
        }
    }
    refuse(tx, &run, 0, &unknown).await?;
    let change =
        json!({ "exchange": exchange.id, "digest": came.digest, "total": total, "refused": refused });
    review::begun::<RunRow>(tx, &run.id, "take", change).await?;
    let opened = open(tx, programme, &run.id).await?;
    let next = opened.demand(Action::Finish)?;
    finish(tx, &opened.row, next, opened.row.version, total - refused).await?;
    Ok(Outcome::New(run.id.clone()))
}

fn is_text(of: &ExchangeOf) -> bool {
    matches!(of, ExchangeOf::School(_))
}

fn digest(bytes: &[u8]) -> Result<String> {
    Ok(frozen::digest(std::str::from_utf8(bytes).map_err(Error::internal)?))
}

/// The number of the next transfer; or the last one, where it had this content.
async fn next(tx: &mut Tx, exchange: &Exchange, digest: &str) -> Result<Result<i64, String>> {
    let Some(last) = last(tx, &exchange.id).await? else { return Ok(Ok(1)) };
    match last.state {
        RunState::UnderWay if last.by_file => {
            let words = "上一次交出的文件还没有登记答复。请打开那一次，上传对方的答复或者放弃，再重新开始。";
            Err(Error::NotNow(words.to_owned()))
        }
        RunState::UnderWay => {
            let words = "上一次还没有送完。请打开那一次，接着送或者放弃，再重新开始。";
            Err(Error::NotNow(words.to_owned()))
        }
        _ if last.digest == digest => Ok(Err(last.id)),
        _ => Ok(Ok(last.number + 1)),
    }
}

struct NewRun<'a> {
    by_file: bool,
    number: i64,
    digest: &'a str,
    total: i64,
    refused: i64,
}

async fn insert(tx: &mut Tx, exchange: &Exchange, new: NewRun<'_>) -> Result<Found<RunRow>> {
    let (id, org, today) = (tx.new_id(), tx.actor().org.clone(), tx.today());
    named!(data::INSERT {
        id: &id,
        exchange: &exchange.id,
        org: &org,
        incoming: exchange.way == Way::In,
        by_file: new.by_file,
        number: new.number,
        digest: new.digest,
        total: new.total,
        refused: new.refused,
        began_on: today,
    })
    .write(tx)
    .await?;
    find(tx, &id).await
}

/// A row that was not taken.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub line: i64,
    pub known_by: String,
    pub field: String,
    pub words: String,
}

impl Refusal {
    fn here(fault: &Fault) -> Self {
        Self {
            line: fault.line as i64,
            known_by: fault.key.clone(),
            field: fault.field.clone(),
            words: words::kept_back(fault),
        }
    }
}

fn lines(refusals: &[Refusal]) -> i64 {
    refusals.iter().map(|one| one.line).collect::<BTreeSet<_>>().len() as i64
}

/// Keeps why rows were not taken; of several reasons at one place the first.
pub(super) async fn refuse(tx: &mut Tx, run: &Found<RunRow>, place: i64, all: &[Refusal]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for one in all.iter().filter(|one| seen.insert((one.line, one.field.as_str()))) {
        let values = args![place, one.line, &one.known_by, &one.field, &one.words];
        tx.change(run, &data::ADD_REFUSAL, values).await?;
    }
    Ok(())
}
