//! `jiedui programme replay NEW` and `jiedui programme activate NEW`: the facts of a data directory under another programme,
//! whose status and which figures it moves; and putting it in use.

use super::{DataLocation, in_words, programme, serve};
use crate::oversight::versions;
use crate::programme_files::programme_toml;
use jiedui_kernel::{Actor, Clock, Date};
use jiedui_programme::{Change, Programme, table};
use jiedui_web::App;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

async fn changes(app: &App, new: &Programme) -> Result<Vec<Change>, String> {
    let (actor, begun) = (Arc::new(Actor::system("replay")), Instant::now());
    let found = versions::effects(&app.db, &actor, &app.programme(), new).await.map_err(in_words)?;
    eprintln!("按两个方案各算一遍用时 {} 毫秒。", begun.elapsed().as_millis());
    let line = |one: versions::Effect| Change {
        clause: one.clause,
        what: one.what,
        before: one.was,
        after: one.becomes,
    };
    Ok(found.into_iter().map(line).collect())
}

fn told(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "没有单位的状态和指标会变化。\n".to_owned();
    }
    format!("有 {} 项状态或指标会变化。\n\n{}\n", changes.len(), table(changes))
}

/// A reader that has seen enough (`| head`) closes the pipe; that is no failure.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// 0 where nothing moves, 1 where something does, 2 where it cannot be played.
pub async fn run(place: &DataLocation, new: &Path, today: Option<Date>) -> ExitCode {
    let played = async {
        let new = programme::load(Some(new))?;
        let clock = today.map_or(Clock::System, Clock::fixed);
        changes(&*serve::open(place, clock, false).await?, &new).await
    };
    match played.await {
        Ok(changes) => {
            say(&told(&changes));
            if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Shows what a programme changes and moves, and puts it in use where that is asked for. A server that runs on the same
/// data follows within seconds.
pub async fn activate(place: &DataLocation, new: &Path, yes: bool) -> Result<(), String> {
    let files = programme_toml(&programme::folder(Some(new))?);
    let programme = programme::read(&files)?;
    let failures = jiedui_programme::run_examples(&programme);
    if let Some(first) = failures.first() {
        return Err(format!("有 {} 个例子的结果与写明的不符，例如 {first}", failures.len()));
    }
    let app = serve::open(place, Clock::System, false).await?;
    let known = versions::held_against(&app.db, &programme).await.map_err(in_words)?;
    say(&match known.as_slice() {
        [] => "内容没有变化。\n".to_owned(),
        changes => format!("与现用的方案有 {} 处不同。\n\n{}\n", changes.len(), table(changes)),
    });
    say(&told(&changes(&app, &programme).await?));
    if !yes {
        say("没有启用。看清以后加 --yes 启用。\n");
        return Ok(());
    }
    versions::choose(&app.db, &files, &programme).await.map_err(in_words)?;
    say("已启用；运行中的服务几秒后按新的一版处理。\n");
    app.db.close().await;
    Ok(())
}
