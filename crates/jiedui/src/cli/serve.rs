//! `serve` and `demo`: the server, its sequencer, and an orderly end.

use super::{Companions, DataLocation, Nightly, Outgoing, in_words, log, programme};
use crate::demo;
use crate::evidence::spot_checks;
use crate::identity::{accounts, admin};
use crate::oversight::interface::Hooks;
use crate::oversight::{backups, burden, dashboard, help, invariants, versions};
use crate::programme_files::{programme_files, programme_toml};
use crate::seeds;
use crate::shared::jobs::Worker;
use crate::shared::notices::{MailServer, Sender, Ways};
use crate::shared::outside::Reachable;
use crate::shared::search;
use crate::sharing::{exchange, resources};
use crate::site;
use crate::standing::{indicators, obligations};
use jiedui_kernel::{Actor, Clock, Date, Error, Random, caused, of_file, remedy};
use jiedui_store::audit::heads::LogKey;
use jiedui_store::{Db, audit};
use jiedui_web::{App, Backups, Provider, Scanner, reads};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long the database may take to close at the end.
const CLOSING: Duration = Duration::from_secs(5);
/// How often kept clocks are looked over.
const CLOCKS_EVERY: Duration = Duration::from_secs(30);
/// How often the programme in use is looked up.
const PROGRAMME_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether somebody moved the clock on.
const MOVED_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked whether a month is to be drawn, or the time of something drawn is over.
const SPOT_CHECKS_EVERY: Duration = Duration::from_secs(3600);
/// Nobody guesses a token of this length.
const SHORTEST_TOKEN: usize = 24;
/// More differences than this are counted at the start, not named.
const FAULTS_NAMED: usize = 20;

fn read_key(file: &Path) -> Result<LogKey, String> {
    let text = std::fs::read_to_string(file).map_err(|cause| of_file("读不到", file, &cause))?;
    let words = format!("{} 不是签名密钥，请用 jiedui audit key 新建一个。", file.display());
    LogKey::from_pem(&text).map_err(|cause| caused(words, cause))
}

fn read_token(file: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|cause| of_file("读不到", file, &cause))?;
    let token = text.trim();
    if token.len() < SHORTEST_TOKEN {
        return Err(format!("{} 里的密钥太短，至少 {SHORTEST_TOKEN} 个字符。", file.display()));
    }
    Ok(token.to_owned())
}

/// Opens everything that a command needs.
pub async fn open(place: &DataLocation, clock: Clock, is_demo: bool) -> Result<Arc<App>, String> {
    open_with(place, clock, is_demo, Given::default()).await
}

/// What a server is given beside its data.
#[derive(Default)]
struct Given {
    key: Option<LogKey>,
    outgoing: jiedui_web::Outgoing,
    backups: Backups,
    metrics_token: String,
    behind_tls: bool,
    provider: Option<Provider>,
    scanner: Option<Scanner>,
    /// The replica that pages are read from.
    replica: Option<String>,
}

async fn open_with(
    place: &DataLocation,
    clock: Clock,
    is_demo: bool,
    Given { key, outgoing, backups, metrics_token, behind_tls, provider, scanner, replica }: Given,
) -> Result<Arc<App>, String> {
    log::start();
    let db = Db::open(&place.location(), clock, Random::System).await.map_err(in_words)?;
    let chosen = match place.programme {
        None => versions::chosen(&db).await.map_err(in_words)?,
        Some(_) => None,
    };
    let programme = match chosen {
        Some(files) => programme::read(&files)?,
        None => programme::load(place.programme.as_deref())?,
    };
    let db = match key {
        Some(key) => db.signed_with(key),
        None => db,
    };
    let db = match replica {
        Some(url) => db.reading_from(&url).await.map_err(in_words)?,
        None => db,
    };
    seeds::found(&db, place.programme.as_deref(), &programme).await.map_err(in_words)?;
    let app = App::new(db, Random::System, programme, is_demo, site::site());
    let outgoing = jiedui_web::Outgoing { partners: partners(place.exchanges.as_deref())?, ..outgoing };
    let app = app.with_outgoing(outgoing).with_files(place.files()).with_backups(backups);
    let app = app.with_metrics_token(metrics_token).with_provider(provider).with_scanner(scanner);
    Ok(Arc::new(app.behind_tls(behind_tls)))
}

/// Said at the start rather than in the night.
fn backups_in(nightly: &Nightly) -> Result<Backups, String> {
    let folder = nightly.backup_dir.clone().unwrap_or_default();
    if nightly.backup_dir.is_some() && !folder.is_dir() {
        return Err(format!("备份目录 {} 不在，请先建好（或挂载好）再启动。", folder.display()));
    }
    Ok(Backups { folder, keep: nightly.backup_keep.get() })
}

/// The outside systems that may be spoken to, as the file names them.
fn partners(file: Option<&Path>) -> Result<BTreeMap<String, jiedui_web::Partner>, String> {
    let Some(file) = file else { return Ok(BTreeMap::new()) };
    let text = std::fs::read_to_string(file).map_err(|cause| of_file("读不到", file, &cause))?;
    exchange::partners(&text).map_err(|words| format!("{}：{words}", file.display()))
}

/// The provider of identities, as its file names it. The secret lies in a file of its own.
fn provider(file: Option<&Path>, address: &str) -> Result<Option<Provider>, String> {
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file).map_err(|cause| of_file("读不到", file, &cause))?;
    let told = |words: String| format!("{}：{words}", file.display());
    let named = accounts::provider_file(&text).map_err(told)?;
    let secret = file.parent().unwrap_or(Path::new("")).join(&named.secret_file);
    let secret = std::fs::read_to_string(&secret).map_err(|cause| of_file("读不到", &secret, &cause))?;
    named.provider(&secret, address).map(Some).map_err(told)
}

/// Takes up the programme, where it is another than the one by which the data were made so far. Commands that only look do
/// not.
async fn activate(app: &App, place: &DataLocation) -> Result<(), String> {
    let files = || Ok(programme_toml(&programme_files(place.programme.as_deref())?));
    let changes = versions::take_up(&app.db, files, &app.programme()).await;
    let changes = changes.map_err(in_words)?;
    search::take_up(&app.db).await.map_err(in_words)?;
    if !changes.is_empty() {
        tracing::info!(changes = changes.len(), "another version of the programme is in use from now on");
    }
    Ok(())
}

/// The mail server and what else is sent by, as the options say.
fn ways(outgoing: &Outgoing) -> Result<Ways, String> {
    let password = outgoing.smtp_password.as_ref().map(|file| {
        let text = std::fs::read_to_string(file);
        let text = text.map_err(|cause| of_file("读不到", file, &cause))?;
        Ok::<String, String>(text.trim_end_matches(['\r', '\n']).to_owned())
    });
    let password = password.transpose()?;
    let mail = match (&outgoing.smtp, &outgoing.mail_from) {
        (Some(smtp), Some(from)) => Some(MailServer::read(smtp, password, from)?),
        (None, None) => None,
        _ => return Err("--smtp 和 --mail-from 要一起写。".to_owned()),
    };
    if mail.is_some() && outgoing.url.is_none() {
        return Err("发信要写明用户打开本系统的地址：--url https://…".to_owned());
    }
    Ok(Ways { mail, reachable: Reachable { inside: outgoing.messages_inside } })
}

pub async fn serve(
    place: &DataLocation,
    listen: &str,
    companions: &Companions,
    (outgoing, nightly): (&Outgoing, &Nightly),
) -> Result<(), String> {
    let (key, ways) = (companions.log_key.as_deref().map(read_key).transpose()?, ways(outgoing)?);
    let told = told_of(outgoing, &ways, listen);
    let given = Given {
        key,
        provider: provider(companions.oidc.as_deref(), &told.address)?,
        outgoing: told,
        backups: backups_in(nightly)?,
        metrics_token: companions.metrics_token.as_deref().map(read_token).transpose()?.unwrap_or_default(),
        behind_tls: behind_tls(outgoing, listen),
        scanner: companions.scan.as_deref().map(Scanner::at).transpose()?,
        replica: companions.database_read.clone(),
    };
    let app = open_with(place, Clock::System, false, given).await?;
    if demo::is_here(&app).await.map_err(in_words)? {
        only_here(listen)?;
    } else {
        app.ask_second_factor(true);
    }
    activate(&app, place).await?;
    listen_on(app, listen, ways).await
}

/// Whether people reach the server through TLS, as far as the options say. Beyond the machine it is taken for granted, so that
/// nobody's session travels in plain text by mistake.
fn behind_tls(outgoing: &Outgoing, listen: &str) -> bool {
    outgoing.behind_tls.unwrap_or_else(|| {
        let secure_url = outgoing.url.as_ref().is_some_and(|url| url.starts_with("https://"));
        let local = listen.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback());
        secure_url || !local
    })
}

/// What pages say of the ways.
fn told_of(outgoing: &Outgoing, ways: &Ways, listen: &str) -> jiedui_web::Outgoing {
    let address = outgoing.url.clone().unwrap_or_else(|| format!("http://{listen}"));
    let address = address.trim_end_matches('/').to_owned();
    jiedui_web::Outgoing {
        address,
        mail: ways.mail.is_some(),
        inside: ways.reachable.inside,
        ..Default::default()
    }
}

/// Works on jobs beside the servers, until it is stopped or, where that is asked for, until nothing waits any more.
pub async fn work(place: &DataLocation, once: bool, nightly: &Nightly) -> Result<(), String> {
    let given = Given { backups: backups_in(nightly)?, ..Given::default() };
    let app = open_with(place, Clock::System, false, given).await?;
    activate(&app, place).await?;
    let worker = Worker::new(&app);
    if once {
        while worker.turn().await.map_err(in_words)? {}
    } else {
        println!("正在等待后台任务。");
        tokio::select! { () = worker.run() => {}, () = asked_to_stop() => {} }
    }
    if tokio::time::timeout(CLOSING, app.db.close()).await.is_err() {
        tracing::warn!("the database did not let go in time");
    }
    Ok(())
}

/// The accounts and the password of a demonstration are public.
fn only_here(listen: &str) -> Result<(), String> {
    let address: SocketAddr =
        listen.parse().map_err(|_| format!("监听地址“{listen}”不对，应像 127.0.0.1:8080。"))?;
    if address.ip().is_loopback() {
        return Ok(());
    }
    Err("这是示例数据，账号和密码是公开的，只能监听本机地址（127.0.0.1）。".to_owned())
}

pub async fn demo(
    place: &DataLocation,
    listen: &str,
    (today, oidc): (Option<Date>, Option<&Path>),
    (entries, no_serve): (Option<u32>, bool),
) -> Result<(), String> {
    only_here(listen)?;
    let clock = today.map_or_else(Clock::movable, Clock::starting);
    let given = Given { provider: provider(oidc, &format!("http://{listen}"))?, ..Given::default() };
    let app = open_with(place, clock, true, given).await?;
    if today.is_none() {
        help::take_up_day(&app).await.map_err(in_words)?;
    }
    activate(&app, place).await?;
    let made = demo::ensure(&app).await.map_err(in_words)?;
    if made {
        tracing::info!("the demonstration province was generated");
    }
    if let Some(entries) = entries {
        let told = |done: usize, of: usize| eprintln!("台账：{done} / {of}");
        let added = demo::multiply(&app, entries.into(), told).await;
        tracing::info!(added = added.map_err(in_words)?, "the ledger was multiplied");
    }
    if no_serve {
        while audit::sequence(&app.db).await.map_err(in_words)? > 0 {}
        app.db.close().await;
        return Ok(());
    }
    listen_on(app, listen, Ways::default()).await
}

async fn listen_on(app: Arc<App>, listen: &str, ways: Ways) -> Result<(), String> {
    let moved = indicators::ensure(&app.db, &app.programme()).await.map_err(in_words)?;
    if moved > 0 {
        tracing::info!(moved, "the figures were brought in line with the programme");
    }
    obligations::ensure(&app.db, &app.programme()).await.map_err(in_words)?;
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(|cause| {
        let words = format!("无法监听 {listen}：{}地址和端口可用 --listen 改。", remedy(&cause));
        caused(words, cause)
    })?;
    println!("结对通已启动：http://{listen}/");
    let sequencer = tokio::spawn(run_sequencer(Arc::clone(&app)));
    let check = tokio::spawn(check_data(Arc::clone(&app)));
    let clocks = tokio::spawn(keep_clocks(Arc::clone(&app)));
    let spot_checks = tokio::spawn(draw_spot_checks(Arc::clone(&app)));
    let programme = tokio::spawn(follow_programme(Arc::clone(&app)));
    let worker = tokio::spawn(Worker::new(&app).run());
    let reads = tokio::spawn(note_reads(Arc::clone(&app)));
    let hooks = tokio::spawn(Hooks::new(&app, ways.reachable).run());
    let sender = tokio::spawn(Sender::new(&app, ways).run());
    let digests = tokio::spawn(dashboard::Digests::new(&app).run());
    let nightly = tokio::spawn(back_up_nightly(Arc::clone(&app)));
    let provider = tokio::spawn(accounts::follow_provider(Arc::clone(&app)));
    jiedui_web::serve(Arc::clone(&app), listener, asked_to_stop()).await;
    provider.abort();
    nightly.abort();
    digests.abort();
    sender.abort();
    hooks.abort();
    reads.abort();
    worker.abort();
    programme.abort();
    spot_checks.abort();
    sequencer.abort();
    clocks.abort();
    check.abort();
    reads::write_waiting(&app).await;
    if tokio::time::timeout(CLOSING, app.db.close()).await.is_err() {
        tracing::warn!("the database did not let go in time");
    }
    Ok(())
}

/// What programs read and was not noted at once.
async fn note_reads(app: Arc<App>) {
    loop {
        tokio::time::sleep(reads::LOOK_EVERY).await;
        reads::write_waiting(&app).await;
    }
}

/// Every night, where a folder for them was named.
async fn back_up_nightly(app: Arc<App>) {
    while app.backups.is_on() {
        tokio::time::sleep(backups::until_next(app.db.clock().now())).await;
        match backups::back_up(&app).await {
            Ok(run) if run.fault.is_empty() => {
                tracing::info!(file = run.file, "a backup was made and put back")
            }
            Ok(_) => {}
            Err(cause) => tracing::error!(%cause, "what came of the backup could not be kept"),
        }
    }
}

/// At the start and every night: every row against the log, and what must hold over the data, for the page of the system
/// administrator.
async fn check_data(app: Arc<App>) {
    loop {
        if let Err(cause) = check_once(&app).await {
            tracing::warn!(%cause, "the data could not be checked");
        }
        let clock = app.db.clock();
        pass(clock, invariants::until_next(clock.now())).await;
    }
}

/// Lets so much time pass by the clock of the data. Where its day is moved on meanwhile, it is over sooner: what is done in the
/// night is done then.
async fn pass(clock: &Clock, time: Duration) {
    if !clock.can_move() {
        return tokio::time::sleep(time).await;
    }
    let until = clock.now() + time;
    while clock.now() < until {
        tokio::time::sleep(MOVED_EVERY).await;
    }
}

/// What was changed while the server was down is named at once, and not when somebody happens to look.
async fn check_once(app: &App) -> Result<(), Error> {
    let actor = Arc::new(Actor::system("audit"));
    let faults = audit::faults(&mut app.db.read(actor).await?).await?;
    if faults.is_empty() {
        tracing::info!("the data agree with the audit log");
    } else {
        faults.iter().take(FAULTS_NAMED).for_each(|fault| tracing::error!("{fault}"));
        eprintln!("数据与审计日志有 {} 处不一致，请运行 jiedui audit verify 查看。", faults.len());
    }
    let cleared = resources::clear_old(app).await?;
    if cleared > 0 {
        tracing::info!(cleared, "files that nothing named were cleared away");
    }
    let found = invariants::run(&app.db, &app.programme(), (faults.len(), &app.files)).await?;
    if found.is_empty() {
        tracing::info!("the data hold together");
    } else {
        found
            .iter()
            .take(FAULTS_NAMED)
            .for_each(|one| tracing::error!("{}: {}", one.invariant.name(), one.text));
        eprintln!("数据检查发现 {} 处不一致，请系统管理员看“数据检查”页。", found.len());
    }
    // What 报表减负 adds up is kept of each day that is over.
    burden::keep(&app.db).await
}

/// Gives audit leaves their places, within a second of their being written.
async fn run_sequencer(app: Arc<App>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        // A few hundred at a time, so that whoever enters something waits for one turn of it and not for all.
        loop {
            match audit::sequence(&app.db).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(cause) => {
                    tracing::warn!(%cause, "the sequencer will try again");
                    break;
                }
            }
        }
    }
}

/// Computes kept clocks again where a pairing, a semester or the programme changed under them; until then each reader
/// computes those by itself.
async fn keep_clocks(app: Arc<App>) {
    loop {
        tokio::time::sleep(CLOCKS_EVERY).await;
        if let Err(cause) = obligations::ensure(&app.db, &app.programme()).await {
            tracing::warn!(%cause, "the clocks will be computed again");
        }
    }
}

/// At the start and every hour: what of the months that are over is looked at again.
async fn draw_spot_checks(app: Arc<App>) {
    loop {
        match spot_checks::turn(&app.db, &app.programme()).await {
            Ok(0) => {}
            Ok(moved) => tracing::info!(moved, "entries were drawn to be looked at again, or let go"),
            Err(cause) => tracing::warn!(%cause, "spot checks will be drawn later"),
        }
        pass(app.db.clock(), SPOT_CHECKS_EVERY).await;
    }
}

/// Answers by the programme in use, and by how the office is split, soon after somebody changed either, here or at another
/// server. Looks only where something was written.
async fn follow_programme(app: Arc<App>) {
    let mut seen = None;
    loop {
        match follow_since(&app, seen).await {
            Ok(revision) => seen = Some(revision),
            Err(cause) => tracing::warn!(%cause, "the programme in use will be taken up later"),
        }
        tokio::time::sleep(PROGRAMME_EVERY).await;
    }
}

async fn follow_since(app: &App, seen: Option<i64>) -> Result<i64, Error> {
    let revision = app.db.read(Arc::new(Actor::system("programme"))).await?.revision().await?;
    if seen != Some(revision) {
        admin::follow_split(app).await?;
        if versions::follow(app).await? {
            tracing::info!("another version of the programme is in use from now on");
        }
    }
    Ok(revision)
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
        }
        Err(_) => drop(interrupt.await),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_machine_tls_is_taken_for_granted() {
        let said = |url: Option<&str>, behind_tls| Outgoing {
            url: url.map(str::to_owned),
            behind_tls,
            ..Outgoing::default()
        };
        assert!(!behind_tls(&said(None, None), "127.0.0.1:8080"));
        assert!(!behind_tls(&said(Some("http://10.0.0.7"), None), "[::1]:8080"));
        assert!(behind_tls(&said(Some("https://jiedui.example"), None), "127.0.0.1:8080"));
        assert!(behind_tls(&said(None, None), "0.0.0.0:8080"));
        assert!(behind_tls(&said(None, None), "jiedui.example:80"), "a name may lie anywhere");
        assert!(!behind_tls(&said(Some("https://jiedui.example"), Some(false)), "0.0.0.0:8080"));
    }

    /// Whoever waits for the night goes on when the day was moved behind it.
    #[tokio::test]
    async fn a_wait_ends_when_the_day_is_moved_on() {
        let clock = Clock::movable();
        let night = pass(&clock, Duration::from_secs(80_000));
        let both = async { tokio::join!(night, async { clock.move_on(1) }) };
        let ((), moved) = tokio::time::timeout(Duration::from_secs(60), both).await.unwrap();
        assert!(moved);
    }
}
