//! The check itself: everything is read as the system, compared, and kept with its time.

use super::data::{self, FilingRow, PairingRow, PartRow, SideRow, StateRow, StayRow, StepRow};
use super::rules::{Broken, Invariant, MOST, Span, Torn, counted, fold, gaps, overlaps};
use crate::evidence::outputs;
use crate::shared::background::{JobKind, Task, Work};
use crate::shared::confirmation::State;
use crate::sharing::{funding, resources};
use crate::standing::indicators;
use chrono::{Days, NaiveTime, TimeDelta};
use jiedui_files::Folder;
use jiedui_kernel::{Actor, Date, Error, Instant, Result, shanghai_date};
use jiedui_programme::{OutputFact, Programme};
use jiedui_store::{Db, Tx, args, audit};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Of one invariant no more than this is told: a thousand lines help nobody.
const TOLD: usize = 50;
/// Things that are looked at a time.
const AT_A_TIME: i64 = 2_000;
/// People that are: each may have stayed hundreds of times.
const PEOPLE_AT_A_TIME: i64 = 200;
/// Results are kept for so many days.
const KEPT: u64 = 30;
/// The hour at which it is asked every night.
const HOUR: i64 = 3;

/// Asks everything, and keeps what it found with the time. How many rows are not what the log says is known already:
/// whoever calls compared them just now. `files` is the folder of the library.
pub async fn run(
    db: &Db,
    programme: &Programme,
    (off_the_log, files): (usize, &Path),
) -> Result<Vec<Broken>> {
    let actor = Arc::new(Actor::system("invariants"));
    let mut found = broken(&mut db.read(Arc::clone(&actor)).await?, programme, off_the_log).await?;
    found.extend(lost(db, files).await?);
    let mut tx = db.begin(actor).await?;
    let (id, now) = (tx.new_id(), tx.now());
    let text = serde_json::to_string(&found).map_err(Error::internal)?;
    tx.write(&data::KEEP, args![id, now, text]).await?;
    let long_ago = now.checked_sub_days(Days::new(KEPT)).unwrap_or(now);
    tx.write(&data::FORGET, args![long_ago]).await?;
    tx.commit().await?;
    Ok(found)
}

/// The same at once, for whoever does not want to wait for the night.
pub const CHECK: JobKind = JobKind {
    id: "system.check",
    name: "数据检查",
    right: ("system", "repair"),
    work: Work::Repair(|task| Box::pin(check(task))),
};

async fn check(task: &Task) -> Result<String> {
    task.progress.begin("正在核对数据与审计日志", None);
    let faults = audit::faults(&mut task.app.db.read(Arc::new(Actor::system("invariants"))).await?).await?;
    task.progress.begin("正在核对各项数据", None);
    let what = (faults.len(), task.app.files.as_path());
    let found = run(&task.app.db, &task.app.programme(), what).await?;
    Ok(match found.len() {
        0 => "检查完毕，全部一致。".to_owned(),
        number => format!("检查完毕，有{number}处不一致，见“数据检查”。"),
    })
}

/// How long until the next night's check.
pub fn until_next(now: Instant) -> Duration {
    let today = shanghai_date(now);
    let at = |day: Date| day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(HOUR - 8);
    let next = [at(today), at(today + Days::new(1))].into_iter().find(|next| *next > now);
    next.and_then(|next| (next - now).to_std().ok()).unwrap_or(Duration::from_secs(86_400))
}

/// What of the data does not hold, of all that must.
async fn broken(tx: &mut Tx, programme: &Programme, off_the_log: usize) -> Result<Vec<Broken>> {
    let mut all = Vec::new();
    for invariant in Invariant::ALL {
        all.extend(match invariant {
            Invariant::Log => of_log(off_the_log),
            other => broken_of(tx, programme, other).await?,
        });
    }
    Ok(all)
}

/// What breaks one invariant.
pub async fn broken_of(tx: &mut Tx, programme: &Programme, invariant: Invariant) -> Result<Vec<Broken>> {
    match invariant {
        Invariant::Parties => parties(tx).await,
        Invariant::Pairings => running(tx).await,
        Invariant::Sums => sums(tx, programme).await,
        Invariant::States => states(tx).await,
        Invariant::Projects => parts(tx, programme).await,
        Invariant::Places => places(tx, programme).await,
        Invariant::Numbers => numbers(tx).await,
        Invariant::Leaders => leaders(tx, programme).await,
        Invariant::Sides => sides(tx).await,
        Invariant::Log => Ok(of_log(audit::faults(tx).await?.len())),
        // Takes long and needs no transaction: see `lost`.
        Invariant::Files => Ok(Vec::new()),
    }
}

/// Files that are not what somebody handed in, each read to its end.
async fn lost(db: &Db, files: &Path) -> Result<Vec<Broken>> {
    if files.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let rows = resources::lost(db, &Folder::at(files)).await?;
    let text = |one: resources::LostFile| {
        let begins: String = one.hash.chars().take(12).collect();
        format!("{}的文件（校验值 {begins}…）不在或者坏了，请从备份放回。", one.of)
    };
    Ok(told(Invariant::Files, rows.into_iter().map(text).collect()))
}

/// As many as are told, and how many more there are.
fn told(invariant: Invariant, texts: Vec<String>) -> Vec<Broken> {
    let (more, beyond) = (texts.len().saturating_sub(TOLD), texts.len() > MOST);
    let mut all: Vec<String> = texts.into_iter().take(TOLD).collect();
    let beyond = if beyond { "以上" } else { "" };
    all.extend((more > 0).then(|| format!("另有 {more} 处{beyond}，不再一一列出。")));
    all.into_iter().map(|text| Broken { invariant, text }).collect()
}

async fn parties(tx: &mut Tx) -> Result<Vec<Broken>> {
    let rows = tx.all::<(String, String)>(&data::STRANGE_PARTIES, Vec::new()).await?;
    let text =
        |(id, name): (String, String)| format!("{name}的结对（{id}）：登记的三方与可见范围的三方不同。");
    Ok(told(Invariant::Parties, rows.into_iter().map(text).collect()))
}

async fn running(tx: &mut Tx) -> Result<Vec<Broken>> {
    // Whatever the parties of a pairing are: one without any is a pairing too.
    let rows = tx.all::<PairingRow>(&data::PAIRINGS, Vec::new()).await?;
    let names: HashMap<&str, &str> =
        rows.iter().map(|row| (row.county_school.as_str(), row.name.as_str())).collect();
    let spans = rows.iter().map(|row| Span {
        of: row.county_school.clone(),
        from: row.from_day,
        to: row.to_day,
        id: row.id.clone(),
    });
    let text = |(one, other): (Span, Span)| {
        let name = names.get(one.of.as_str()).copied().unwrap_or_default();
        format!("{name}有两组结对在 {} 重叠（{}，{}）。", other.from, one.id, other.id)
    };
    Ok(told(Invariant::Pairings, overlaps(spans.collect()).into_iter().map(text).collect()))
}

async fn sums(tx: &mut Tx, programme: &Programme) -> Result<Vec<Broken>> {
    let differences = indicators::verify(tx, programme).await?;
    let text = |one: crate::shared::contributions::Difference| {
        let name = programme.indicator(&one.indicator).map_or(one.indicator.as_str(), |of| &of.name);
        let pair = |pair: Option<(i64, i64)>| {
            pair.map_or("无".to_owned(), |(claimed, confirmed)| format!("登记 {claimed}、确认 {confirmed}"))
        };
        format!(
            "指标“{name}”{}（{}）：存的是{}，重算是{}。",
            one.day,
            one.resource,
            pair(one.kept),
            pair(one.found)
        )
    };
    let mut texts: Vec<String> = differences.into_iter().map(text).collect();
    texts.extend(indicators::kept_faults(tx, programme).await?);
    let money = funding::off(tx).await?.into_iter();
    texts.extend(money.map(|school| format!("机构 {school}：经费合计与收支明细不一致")));
    Ok(told(Invariant::Sums, texts))
}

fn kind_name(resource: &str) -> &'static str {
    if resource == "entry" { "台账" } else { "成果" }
}

async fn states(tx: &mut Tx) -> Result<Vec<Broken>> {
    let (mut texts, mut after) = (Vec::new(), String::new());
    loop {
        let rows = tx.all::<StateRow>(&data::STATES, args![&after, AT_A_TIME]).await?;
        let Some(last) = rows.last().map(|row| row.id.clone()) else { break };
        let mut steps: HashMap<String, Vec<String>> = HashMap::new();
        for row in tx.all::<StepRow>(&data::STEPS, args![&after, &last]).await? {
            steps.entry(row.resource_id).or_default().push(row.change);
        }
        texts.extend(rows.into_iter().filter_map(|row| {
            let history = steps.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            state_off(&row, history)
        }));
        after = last;
        if texts.len() > MOST {
            break;
        }
    }
    Ok(told(Invariant::States, texts))
}

async fn sides(tx: &mut Tx) -> Result<Vec<Broken>> {
    let (mut texts, mut after) = (Vec::new(), String::new());
    loop {
        let things = tx.all::<(String,)>(&data::THINGS, args![&after, AT_A_TIME]).await?;
        let Some((last,)) = things.into_iter().next_back() else { break };
        let rows = tx.all::<SideRow>(&data::SIDES, args![&after, &last]).await?;
        texts.extend(rows.into_iter().map(|row| {
            let who = if row.surely {
                "同一个人"
            } else {
                "同名的两个账号，是否同一人请核实："
            };
            format!("{} {who}“{}”先后以“{}”和“{}”的身份办理。", row.resource_id, row.name, row.one, row.other)
        }));
        after = last;
        if texts.len() > MOST {
            break;
        }
    }
    Ok(told(Invariant::Sides, texts))
}

/// What is wrong with a state, by the history of its thing.
fn state_off(row: &StateRow, history: &[String]) -> Option<String> {
    let (kind, id) = (kind_name(&row.resource), &row.id);
    match fold(history.iter().map(String::as_str)) {
        Err(Torn) => Some(format!("{kind} {id}：办理记录前后接不上。")),
        Ok(Some(state)) if state != row.state => {
            let mark = |state: State| crate::shared::confirmation::mark(state).label;
            Some(format!("{kind} {id}：状态是“{}”，办理记录是“{}”。", mark(row.state), mark(state)))
        }
        Ok(_) => None,
    }
}

async fn parts(tx: &mut Tx, programme: &Programme) -> Result<Vec<Broken>> {
    let rows = tx.all::<PartRow>(&data::PARTS, Vec::new()).await?;
    let text = |row: PartRow| {
        let kind = programme.output(&row.output)?;
        let due = if kind.counts_in(&row.stage) { row.quantity } else { 0 };
        let kept = row.project_part.unwrap_or(0);
        (kept != due).then(|| format!("成果 {}：计入项目 {kept}，应为 {due}。", row.id))
    };
    Ok(told(Invariant::Projects, rows.into_iter().filter_map(text).collect()))
}

async fn places(tx: &mut Tx, programme: &Programme) -> Result<Vec<Broken>> {
    let whole = |row: &StayRow| {
        let rule = programme.activity(&row.activity).and_then(|activity| activity.person.as_ref());
        rule.is_some_and(|rule| rule.exclusive)
    };
    let (mut texts, mut after) = (Vec::new(), String::new());
    loop {
        let people = tx.all::<(String,)>(&data::PEOPLE, args![&after, PEOPLE_AT_A_TIME]).await?;
        let Some((last,)) = people.into_iter().next_back() else { break };
        let rows = tx.all::<StayRow>(&data::STAYS, args![&after, &last]).await?;
        let spans = rows.into_iter().filter(whole).map(|row| Span {
            of: row.person,
            from: row.from_day,
            to: Some(row.to_day),
            id: row.entry,
        });
        texts.extend(overlaps(spans.collect()).into_iter().map(|(one, other)| {
            format!("人员 {} 在 {} 登记在两处（台账 {}，{}）。", one.of, other.from, one.id, other.id)
        }));
        after = last;
        if texts.len() > MOST {
            break;
        }
    }
    Ok(told(Invariant::Places, texts))
}

async fn numbers(tx: &mut Tx) -> Result<Vec<Broken>> {
    let rows = tx.all::<FilingRow>(&data::FILINGS, Vec::new()).await?;
    let mut series: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (name, number) in rows.iter().filter_map(|row| counted(&row.number)) {
        series.entry(name).or_default().push(number);
    }
    let mut texts = Vec::new();
    for (name, numbers) in series {
        let missing: Vec<String> = gaps(numbers).iter().map(u32::to_string).collect();
        if !missing.is_empty() {
            texts.push(format!("备案编号“{name}”缺：{}。", missing.join("、")));
        }
    }
    let mut lists: BTreeMap<&str, Vec<&FilingRow>> = BTreeMap::new();
    for row in &rows {
        lists.entry(&row.list).or_default().push(row);
    }
    for (list, filings) in lists {
        let gapless = filings.iter().zip(1..).all(|(row, edition)| row.edition == edition);
        let last = filings.last().is_some_and(|row| row.edition == row.list_edition);
        if !(gapless && last) {
            texts.push(format!("项目清单 {list}：备案的版次不连续。"));
        }
    }
    Ok(told(Invariant::Numbers, texts))
}

/// The spans in which an output counts.
fn counting(programme: &Programme, fact: &OutputFact) -> Vec<(Date, Option<Date>)> {
    let kind = programme.output(&fact.output);
    let counts = |id: &str| kind.is_some_and(|kind| kind.counts_in(id));
    let ends = fact.stages.iter().skip(1).map(|(_, from)| from.pred_opt()).chain([None]);
    let spans = fact.stages.iter().zip(ends).filter(|((stage, _), _)| counts(stage));
    // A stage that ended on the day on which it began took no day.
    spans.map(|((_, from), to)| (*from, to)).filter(|(from, to)| to.is_none_or(|to| *from <= to)).collect()
}

async fn leaders(tx: &mut Tx, programme: &Programme) -> Result<Vec<Broken>> {
    let names: HashMap<String, String> =
        tx.all::<(String, String)>(&data::NAMES, Vec::new()).await?.into_iter().collect();
    let mut texts = Vec::new();
    let facts = outputs::facts(tx).await?;
    for kind in programme.outputs.iter().filter(|kind| kind.holder.is_some()) {
        let mine = facts.iter().filter(|fact| fact.output == kind.id && fact.state != State::Withdrawn);
        let spans = mine.flat_map(|fact| {
            let spans = counting(programme, fact).into_iter();
            spans.map(|(from, to)| Span { of: fact.org.clone(), from, to, id: fact.id.clone() })
        });
        texts.extend(overlaps(spans.collect()).into_iter().map(|(one, other)| {
            let name = names.get(&one.of).map_or("", String::as_str);
            format!("{name}的“{}”从 {} 起有两位（{}，{}）。", kind.name, other.from, one.id, other.id)
        }));
    }
    Ok(told(Invariant::Leaders, texts))
}

/// How many rows are not what the log says. Which they are, and what stands in them, is the audit administrator's to see.
fn of_log(count: usize) -> Vec<Broken> {
    let text = format!("有 {count} 行数据与审计日志不一致，请审计管理员到“核验审计日志”查看。");
    if count == 0 { Vec::new() } else { told(Invariant::Log, vec![text]) }
}
