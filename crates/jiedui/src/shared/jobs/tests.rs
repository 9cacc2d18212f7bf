//! Jobs are done once, whoever is killed, and their files reach whoever asked for them and nobody else.

use super::actions::work::Worker;
use super::data::{self, JobRow};
use super::rules::{Action, KEPT, LEASE, MOST_ATTEMPTS, MOST_OF_ONE, State};
use super::{NewJob, queue};
use crate::both_engines;
use crate::shared::background::{JobKind, Made, Output, Task, Work, Wrote};
use crate::shared::mechanism::{Listed, Mechanism};
use crate::testing::{Province, World};
use chrono::TimeDelta;
use jiedui_documents::{Column, Kind, Sheet, Workbook, read_grids};
use jiedui_kernel::{Code, Error, Result};
use jiedui_store::{Tx, args, settings};
use proptest::prelude::*;
use std::collections::HashSet;
use std::io::Read as _;
use std::sync::Mutex;
use std::time::Duration;

/// Kinds for these tests. What they do their arguments say: `hang TOKEN` never ends the first time it is taken up.
const KINDS: Mechanism = Mechanism {
    jobs: &[
        JobKind {
            id: "test.write",
            name: "测试写入",
            right: ("entry", "read"),
            work: Work::Write(|task| Box::pin(write(task))),
        },
        JobKind {
            id: "test.make",
            name: "测试文件",
            right: ("entry", "read"),
            work: Work::Make(|task, output| Box::pin(make(task, output))),
        },
        JobKind {
            id: "test.forbidden",
            name: "测试权限",
            right: ("registry", "import"),
            work: Work::Write(|task| Box::pin(write(task))),
        },
    ],
    ..Mechanism::EMPTY
};

static LISTED: &[&Mechanism] = &[&KINDS];

jiedui_store::inventory::submit! { Listed(LISTED) }

/// Jobs that were taken up before.
static SEEN: Mutex<Option<HashSet<String>>> = Mutex::new(None);

fn seen_before(args: &str) -> bool {
    !SEEN.lock().unwrap().get_or_insert_default().insert(args.to_owned())
}

async fn reached(args: &str) {
    while !SEEN.lock().unwrap().get_or_insert_default().contains(args) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn as_told(args: &str) -> Result<()> {
    if args.starts_with("hang") && !seen_before(args) {
        std::future::pending::<()>().await;
    }
    match args {
        "fault" => Err(Error::internal("a fault that may pass")),
        "wrong" => Err(Error::field("file", Code::Faulty.says("第二行不对。"))),
        _ => Ok(()),
    }
}

async fn write(task: &Task) -> Result<Wrote> {
    let mut tx = task.begin().await?;
    let before = written(&mut tx, &task.args).await;
    settings::write(&mut tx, &key(&task.args), &(before + 1).to_string()).await?;
    as_told(&task.args).await?;
    Ok(Wrote { tx, words: "写好了。".to_owned() })
}

/// Under each argument it is counted how often it was done.
fn key(args: &str) -> String {
    format!("test {args}")
}

async fn written(tx: &mut Tx, args: &str) -> i64 {
    settings::read(tx, &key(args)).await.unwrap().map_or(0, |text| text.parse().unwrap())
}

async fn make(task: &Task, output: Output) -> Result<Made> {
    let column = Column::new("a", "列", Kind::Text);
    let stream =
        output.workbook(Workbook { sheets: vec![Sheet::new("表", vec![column])], ..Workbook::default() });
    stream.rows(vec![vec!["一".into()]]).await?;
    task.progress.begin("正在读取", Some(2));
    task.progress.add(1);
    as_told(&task.args).await?;
    stream.rows(vec![vec!["二".into()]]).await?;
    stream.finish().await?;
    Ok(Made { file: "表.xlsx".to_owned(), words: "共两行。".to_owned() })
}

async fn queued(world: &World, p: &Province, kind: &'static str, args: &str) -> String {
    let mut tx = world.app.db.begin(world.person(&p.lead, "lead").await).await.unwrap();
    let new = NewJob { kind, title: "一项任务", args: args.to_owned(), input: None };
    let id = queue(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn job(world: &World, id: &str) -> JobRow {
    world.tx().await.one::<JobRow>(&data::SHOW, args![id]).await.unwrap()
}

async fn count(world: &World, args: &str) -> i64 {
    written(&mut world.tx().await, args).await
}

fn token(world: &World) -> String {
    format!("hang {}", world.app.random.token())
}

async fn work_off(worker: &Worker) -> usize {
    let mut turns = 0;
    while worker.turn().await.unwrap() {
        turns += 1;
    }
    turns
}

/// The rows of a workbook of one sheet, its headings among them.
pub fn rows(book: &[u8]) -> usize {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut sheet = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    sheet.matches("<row ").count()
}

both_engines! {
    async fn two_workers_do_each_job_once(world: World, p: Province) {
        let mut ids = Vec::new();
        for args in ["a", "b", "c", "d"] {
            ids.push((args, queued(&world, &p, "test.write", args).await));
        }
        let (one, other) = (Worker::new(&world.app), Worker::new(&world.app));
        let (mine, theirs) = tokio::join!(work_off(&one), work_off(&other));
        assert_eq!(mine + theirs, 4);
        for (args, id) in ids {
            assert_eq!(count(&world, args).await, 1, "{args}");
            let job = job(&world, &id).await;
            assert_eq!((job.state, job.attempt, job.result.as_str()), (State::Done, 1, "写好了。"));
        }
        assert!(jiedui_store::audit::faults(&mut world.tx().await).await.unwrap().is_empty());
    }

    /// Both find it due at the same instant; on PostgreSQL neither sees the other's claim before it commits.
    async fn one_job_is_claimed_by_one_of_two(world: World, p: Province) {
        let id = queued(&world, &p, "test.write", "").await;
        let (one, other) = (Worker::new(&world.app), Worker::new(&world.app));
        let (mine, theirs) = tokio::join!(one.turn(), other.turn());
        assert!(mine.unwrap() ^ theirs.unwrap());
        assert_eq!((job(&world, &id).await.attempt, count(&world, "").await), (1, 1));
    }

    async fn what_a_killed_worker_wrote_is_gone_and_the_job_is_done_once(world: World, p: Province) {
        let args = token(&world);
        let id = queued(&world, &p, "test.write", &args).await;
        let (killed, other) = (Worker::new(&world.app), Worker::new(&world.app));
        tokio::select! {
            _ = killed.turn() => panic!("it hangs"),
            () = reached(&args) => {}
        }
        assert_eq!((job(&world, &id).await.state, count(&world, &args).await), (State::Running, 0));
        assert!(!other.turn().await.unwrap(), "until its lease ends it is the other's");
        world.clock().advance(LEASE);
        assert!(other.turn().await.unwrap());
        let done = job(&world, &id).await;
        assert_eq!((done.state, done.attempt, count(&world, &args).await), (State::Done, 2, 1));
        assert!(!killed.turn().await.unwrap());
    }

    async fn a_worker_that_is_late_changes_nothing(world: World, p: Province) {
        let args = token(&world);
        let id = queued(&world, &p, "test.make", &args).await;
        let (late, other) = (Worker::new(&world.app), Worker::new(&world.app));
        let meanwhile = async {
            reached(&args).await;
            world.clock().advance(LEASE);
            assert!(other.turn().await.unwrap());
        };
        // The late one finds out when it next says that it is at work.
        let (turned, ()) = tokio::join!(late.turn(), meanwhile);
        assert!(turned.unwrap());
        let done = job(&world, &id).await;
        assert_eq!((done.state, done.attempt), (State::Done, 2));
        let agent = world.agent(&p.lead, "lead").await;
        let file = agent.get(&format!("/jobs/{id}/file")).await;
        assert_eq!(read_grids(&file.bytes, &["表"]).unwrap()[0].rows.len(), 3);
    }

    async fn one_that_kills_its_workers_fails_in_the_end(world: World, p: Province) {
        let id = queued(&world, &p, "test.write", "").await;
        let worker = Worker::new(&world.app);
        for _ in 0..MOST_ATTEMPTS {
            worker.claim().await.unwrap().unwrap();
            world.clock().advance(LEASE);
        }
        assert!(worker.turn().await.unwrap());
        let failed = job(&world, &id).await;
        assert_eq!((failed.state, count(&world, "").await), (State::Failed, 0));
        assert!(failed.result.contains("中断"), "{}", failed.result);
    }

    async fn a_fault_is_tried_again_later_and_not_for_ever(world: World, p: Province) {
        let id = queued(&world, &p, "test.write", "fault").await;
        let worker = Worker::new(&world.app);
        for attempt in 1..=MOST_ATTEMPTS {
            assert!(worker.turn().await.unwrap(), "attempt {attempt}");
            assert!(!worker.turn().await.unwrap(), "not at once");
            world.clock().advance(TimeDelta::minutes(5));
        }
        let failed = job(&world, &id).await;
        assert_eq!((failed.state, failed.attempt, count(&world, "fault").await), (State::Failed, MOST_ATTEMPTS, 0));
        assert!(!worker.turn().await.unwrap());
    }

    /// What trying again cannot mend is told at once, in its own words.
    async fn a_mistake_is_told_and_what_is_forbidden_is_not_done(world: World, p: Province) {
        let (wrong, forbidden) =
            (queued(&world, &p, "test.write", "wrong").await, queued(&world, &p, "test.forbidden", "").await);
        assert_eq!(work_off(&Worker::new(&world.app)).await, 2);
        let told = job(&world, &wrong).await;
        assert_eq!((told.state, told.attempt, told.result.as_str()), (State::Failed, 1, "第二行不对。"));
        assert_eq!(job(&world, &forbidden).await.state, State::Failed);
        assert_eq!(count(&world, "wrong").await, 0);
        assert!(world.agent(&p.lead, "lead").await.get(&format!("/jobs/{wrong}")).await.says("第二行不对"));
    }

    async fn one_account_does_not_fill_the_queue(world: World, p: Province) {
        for _ in 0..MOST_OF_ONE {
            queued(&world, &p, "test.write", "").await;
        }
        let lead = world.agent(&p.lead, "lead").await;
        assert!(lead.post("/entries/export", &[]).await.refuses(Code::TooMany));
        assert_eq!(world.agent(&p.nearby, "nearby").await.post("/entries/export", &[]).await.status, 303);
    }

    async fn its_owner_or_the_administrator_cancels_it_and_nobody_else(world: World, p: Province) {
        let args = token(&world);
        let id = queued(&world, &p, "test.make", &args).await;
        let path = format!("/jobs/{id}/cancel");
        let stranger = world.agent(&p.nearby, "nearby").await;
        assert_eq!(stranger.post(&path, &[]).await.status, 404);
        assert_eq!(stranger.get(&format!("/jobs/{id}")).await.status, 404);
        let admin = world.agent(&p.office, "sysadmin").await;
        let worker = Worker::new(&world.app);
        let cancelled = async {
            reached(&args).await;
            assert_eq!(admin.post(&path, &[]).await.status, 303);
        };
        let (turned, ()) = tokio::join!(worker.turn(), cancelled);
        assert!(turned.unwrap());
        assert_eq!(job(&world, &id).await.state, State::Cancelled);
        assert!(!worker.turn().await.unwrap());
        let own = queued(&world, &p, "test.write", "").await;
        let lead = world.agent(&p.lead, "lead").await;
        assert_eq!(lead.post(&format!("/jobs/{own}/cancel"), &[]).await.status, 303);
        assert_eq!(lead.post(&format!("/jobs/{own}/cancel"), &[]).await.status, 409, "it is over");
        assert!(!worker.turn().await.unwrap());
        assert_eq!(count(&world, "").await, 0);
    }

    async fn the_ledger_is_made_in_the_background_and_taken_down(world: World, p: Province) {
        let lead = world.agent(&p.lead, "lead").await;
        let id = lead.post("/entries/export?activity=visit", &[]).await.made();
        let (page, path) = (format!("/jobs/{id}"), format!("/jobs/{id}/file"));
        let waiting = lead.get(&page).await;
        assert!(waiting.says("排队中") && !waiting.attributes("meta[http-equiv=refresh]", "content").is_empty());
        assert_eq!(lead.get(&path).await.status, 404, "nothing is there yet");
        let worker = Worker::new(&world.app);
        assert_eq!(work_off(&worker).await, 1);
        let done = lead.get(&page).await;
        assert!(done.says("已完成") && done.attributes("meta[http-equiv=refresh]", "content").is_empty());
        let file = lead.get(&path).await;
        let now = lead.get("/entries/export?activity=visit").await;
        assert_eq!(rows(&file.bytes), rows(&now.bytes), "as while one waits");
        assert!(rows(&file.bytes) > 1, "the visits of the province");
        let (stranger, admin) =
            (world.agent(&p.nearby, "nearby").await, world.agent(&p.office, "sysadmin").await);
        assert_eq!((stranger.get(&page).await.status.as_u16(), stranger.get(&path).await.status.as_u16()), (404, 404));
        assert!(admin.get("/jobs").await.says("导出工作台账") && !stranger.get("/jobs").await.says("导出工作台账"));
        assert_eq!((admin.get(&page).await.status.as_u16(), admin.get(&path).await.status.as_u16()), (200, 404));
        world.clock().advance(KEPT);
        let later = world.agent(&p.lead, "lead").await;
        assert_eq!(later.get(&path).await.status, 404);
        assert!(later.get(&page).await.says("已过期"));
        worker.forget().await.unwrap();
        let part = world.tx().await.maybe::<(Vec<u8>,)>(&data::PART, args![&id, 1_i64, 0_i64]).await.unwrap();
        assert!(part.is_none());
    }
}

proptest! {
    /// What has ended stays so, and whatever is done ends after a claim.
    #[test]
    fn what_has_ended_stays_so(steps in prop::collection::vec(0_usize..5, 0..20)) {
        let mut state = State::Queued;
        for step in steps {
            let next = state.apply(Action::ALL[step]);
            if state.has_ended() {
                prop_assert!(next.is_err());
            }
            if next == Ok(State::Done) {
                prop_assert_eq!(state, State::Running);
            }
            state = next.unwrap_or(state);
        }
    }
}
