//! Drawing a month, looking at what was drawn, letting go of what nobody looked at, and drawing again to compare.

use super::data::{self, CheckRow, DrawRow, StepRow};
use super::rules::{self, Candidate};
use crate::evidence::ledger::{self, rules::EntryAnswer};
use crate::shared::frozen::{self, Stamp};
use crate::shared::notices::{self, Kind, News};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Actor, Code, Error, Mistake, Result};
use jiedui_programme::{Programme, SpotChecks};
use jiedui_store::{AuditRecord, Db, Found, Tx, args, audit, named};
use serde_json::json;
use std::sync::Arc;

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("spot_checks"))
}

/// Draws what is to be drawn by now and lets go of what is over. Whatever was done is not done again, however often this
/// is called and by however many servers.
pub async fn turn(db: &Db, programme: &Programme) -> Result<usize> {
    let mut done = lapse(db, programme).await?;
    let Some(rule) = programme.spot_checks else { return Ok(done) };
    let (today, now) = (db.clock().today(), db.clock().now());
    for month in rules::months(rule, today, now) {
        let known = db.read(system()).await?.maybe::<DrawRow>(&data::DRAW, args![&month]).await?;
        if known.is_none() {
            let mut tx = db.begin(system()).await?;
            done += draw(&mut tx, programme, rule, &month).await?;
            tx.commit().await?;
        }
    }
    Ok(done)
}

/// The candidates of a month, as its steps tell.
async fn candidates(tx: &mut Tx, month: &str) -> Result<Vec<Candidate>> {
    let [from, end] = rules::span(month).ok_or(Error::NotFound)?;
    let steps = tx.all::<StepRow>(&data::STEPS, args![from, end]).await?;
    Ok(rules::candidates(&steps))
}

/// Draws a month; how many entries. Nothing where another server drew it meanwhile.
async fn draw(tx: &mut Tx, programme: &Programme, rule: SpotChecks, month: &str) -> Result<usize> {
    let stamp = Stamp::now(tx, programme).await?;
    let all = candidates(tx, month).await?;
    let (seed, text) = (rules::seed(month, &stamp.log_root), rules::text(&all));
    let (share, most) = (i64::from(rule.share_permille), i64::from(rule.most_per_unit));
    let number = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let digest = frozen::digest(&text);
    let made = named!(data::INSERT_DRAW {
        month,
        seed: &seed,
        log_size: stamp.log_size,
        log_root: &stamp.log_root,
        programme: &stamp.programme,
        share_permille: share,
        most_per_unit: most,
        candidates: text,
        number,
        digest: &digest,
        drawn_at: stamp.taken_at,
    })
    .write(tx)
    .await?;
    if made == 0 {
        return Ok(0);
    }
    let found = rules::drawn(&seed, &all, (share, most));
    let record = AuditRecord { action: "spot_draw.draw", resource: "spot_draw", resource_id: month };
    tx.audit(record, &json!({ "candidates": number, "drawn": found.len() })).await?;
    let due = rules::due(programme, rule, tx.today());
    for one in &found {
        let id = tx.new_id();
        tx.write(&data::INSERT, args![&id, month, &one.entry, &one.unit, due]).await?;
        let change = json!({ "month": month, "entry": one.entry, "unit": one.unit, "due": due });
        review::begun::<CheckRow>(tx, &id, "draw", change).await?;
    }
    Ok(found.len())
}

/// What waits and cannot be looked at any more, with the reason.
async fn lapse(db: &Db, programme: &Programme) -> Result<usize> {
    let over = over(&mut db.read(system()).await?).await?;
    if over.is_empty() {
        return Ok(0);
    }
    let mut tx = db.begin(system()).await?;
    let rows = self::over(&mut tx).await?;
    for row in &rows {
        let opened = review::open(&mut tx, programme, row.clone()).await?;
        let (next, why) = (opened.demand(Action::Finish)?, rules::why(row));
        let said = Said::change(json!({ "why": why }));
        review::carry_out(&mut tx, row, next, row.version, (&data::LAPSE, args![why]), said).await?;
    }
    tx.commit().await?;
    Ok(rows.len())
}

async fn over(tx: &mut Tx) -> Result<Vec<Found<CheckRow>>> {
    named!(data::OVER { account: "" }).find_all(tx).await
}

/// What waits, of all that the caller sees.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<CheckRow>> {
    let account = tx.actor().account().to_owned();
    named!(data::WAITING { account }).all(tx).await
}

/// One that the caller sees, as its account stands to it.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<CheckRow>> {
    let account = tx.actor().account().to_owned();
    named!(data::SHOW { account, id }).find(tx).await
}

pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<CheckRow>>> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// Whether the caller may look at it again, or why not.
pub fn may_look(tx: &Tx, row: &CheckRow) -> Result<()> {
    rules::refusal(row, tx.actor(), tx.today()).map_or(Ok(()), Err)
}

/// It is as it was recorded.
pub async fn hold(tx: &mut Tx, opened: &Loaded<Found<CheckRow>>, version: i64) -> Result<()> {
    may_look(tx, &opened.row)?;
    let next = opened.demand(Action::Accept)?;
    let columns = args![&tx.actor().org, tx.now()];
    review::carry_out(tx, &opened.row, next, version, (&data::LOOK, columns), Said::default()).await
}

/// It differs, in a sentence. The unit that confirmed it takes its answer back and disputes it, in the ledger's own way,
/// so that the claimant corrects it; a bureau tells both sides, of which the unit then does that.
pub async fn differ(
    tx: &mut Tx,
    programme: &Arc<Programme>,
    opened: &Loaded<Found<CheckRow>>,
    version: i64,
    words: &str,
) -> Result<()> {
    let row = &opened.row;
    may_look(tx, row)?;
    let next = opened.demand(Action::Return)?;
    let length = words.chars().count();
    if words.is_empty() {
        let missing = Code::Missing.says("请用一句话写明哪里与记录不符，对方据此更正。");
        return Err(Error::field("reason", missing));
    }
    if length > rules::WORDS as usize {
        return Err(Error::field("reason", Mistake::too_long("哪里不符", rules::WORDS as usize, length)));
    }
    let own = tx.actor().org == row.unit;
    let columns = args![&tx.actor().org, tx.now()];
    review::carry_out(tx, row, next, version, (&data::LOOK, columns), Said::reason(words)).await?;
    if own {
        dispute(tx, programme, &row.entry, words).await?
    }
    tell(tx, programme, row, words).await
}

/// In the ledger's way: the answer is taken back, and another one given.
async fn dispute(tx: &mut Tx, programme: &Arc<Programme>, entry: &str, words: &str) -> Result<()> {
    let found = ledger::find(tx, entry).await?;
    ledger::take_back(tx, programme, &found, found.version).await?;
    let found = ledger::find(tx, entry).await?;
    ledger::respond(tx, programme, &found, found.version, &EntryAnswer::Dispute, words).await
}

/// Both sides are told: the account that confirmed it, of its own unit; by a bureau, both units. To the claimant the
/// ledger said already that its entry is disputed, where the unit looked itself.
async fn tell(tx: &mut Tx, programme: &Programme, row: &CheckRow, said: &str) -> Result<()> {
    let name = programme.activity(&row.activity).map_or("台账", |activity| activity.name.as_str());
    let words = format!("复看抽查，与记录不符：{name}（{}）", row.county_name);
    let news =
        News { kind: Kind::Returned, resource: "spot_check", id: &row.id, words: &words, said, batch: "" };
    if tx.actor().org == row.unit {
        let answered = named!(data::ANSWERED_BY { entry: &row.entry, unit: &row.unit });
        for (account,) in answered.all::<(String,)>(tx).await? {
            notices::tell_person(tx, &account, news).await?;
        }
        return Ok(());
    }
    notices::tell(tx, &row.unit, news).await?;
    notices::tell(tx, &row.claimant, news).await
}

/// A draw that does not come out as it did, and in what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    pub month: String,
    pub words: &'static str,
}

/// Draws every month again, from the log's data and from what was kept. How many months, or the first that differs.
pub async fn verify(tx: &mut Tx) -> Result<std::result::Result<usize, Differs>> {
    let draws = tx.all::<DrawRow>(&data::DRAWS, Vec::new()).await?;
    for draw in &draws {
        if let Some(words) = differs(tx, draw).await? {
            return Ok(Err(Differs { month: draw.month.clone(), words }));
        }
    }
    Ok(Ok(draws.len()))
}

/// In what a draw differs from what it must be.
pub async fn differs(tx: &mut Tx, draw: &DrawRow) -> Result<Option<&'static str>> {
    let kept = rules::read(&draw.candidates);
    if frozen::digest(&draw.candidates) != draw.digest || i64::try_from(kept.len()).ok() != Some(draw.number)
    {
        return Ok(Some("保存的候选名单与它的校验值或条数不一致"));
    }
    let root = match draw.log_size {
        0 => String::new(),
        size => audit::heads::of_size(tx, size).await?.map(|head| head.root).unwrap_or_default(),
    };
    if root != draw.log_root {
        return Ok(Some("日志在那一条数上的总校验值与记下的不一致"));
    }
    if rules::seed(&draw.month, &draw.log_root) != draw.seed {
        return Ok(Some("随机种子不是由月份和总校验值得出的"));
    }
    if candidates(tx, &draw.month).await? != kept {
        return Ok(Some("候选名单与办理记录得出的不一致"));
    }
    let again = rules::drawn(&draw.seed, &kept, (draw.share_permille, draw.most_per_unit));
    let rows = tx.all::<(String, String)>(&data::DRAWN, args![&draw.month]).await?;
    let rows = rows.into_iter().map(|(entry, unit)| Candidate { entry, unit });
    Ok((!rows.eq(again)).then_some("抽中的与重新抽取的不一致"))
}
