//! `jiedui programme check DIR`, `jiedui programme diff OLD NEW`, `jiedui programme text FILE`, and loading for everybody else.

use super::{DataLocation, blocking, ended, in_words, replay, serve, waited};
use crate::oversight::clauses;
use crate::programme_files::{programme_files, programme_toml};
use clap::Subcommand;
use jiedui_kernel::{Actor, Clock, Date, caused, of_file, remedy};
use jiedui_programme::{Failure, Programme};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Subcommand)]
pub enum ProgrammeCommand {
    /// 检查一个目录，逐条指出文件、行和位置，并运行其中的例子
    Check {
        directory: PathBuf,
        /// 把结果不符的例子改写成现在的结果，并逐条列出
        #[arg(long)]
        accept: bool,
    },
    /// 用近两年的事实预演另一个方案，列出哪些单位的状态会变化；没有变化退出码为 0，有变化为 1，不能预演为 2
    Replay {
        #[command(flatten)]
        place: DataLocation,
        /// 改后的方案目录；现用的方案由 --programme 指定，不写就是内置的
        new: PathBuf,
        /// 站在哪一天看，默认今天
        #[arg(long)]
        today: Option<Date>,
    },
    /// 把改后的方案用到已有的数据上：先列出改了什么、哪些状态和指标会变化；加 --yes 才启用。不能启用的改动逐条指出
    Activate {
        #[command(flatten)]
        place: DataLocation,
        /// 改后的方案目录
        new: PathBuf,
        /// 看清以后启用
        #[arg(long)]
        yes: bool,
    },
    /// 逐条说明两个方案有什么不同；没有不同退出码为 0，有不同为 1，读不了为 2
    Diff {
        /// 原来的方案目录；写 - 表示内置的方案
        old: PathBuf,
        /// 改后的方案目录；写 - 表示内置的方案
        new: PathBuf,
    },
    /// 载入方案原文（每行一个编号和一段原文的 xlsx、csv 或 txt），或移除现用一版的原文；不写入程序，只在数据库里
    Text {
        #[command(flatten)]
        place: DataLocation,
        /// 两列：编号、原文（也认 id、text）
        #[arg(required_unless_present = "remove", conflicts_with = "remove")]
        file: Option<PathBuf>,
        /// 移除现用一版的原文
        #[arg(long)]
        remove: bool,
    },
}

pub fn run(action: ProgrammeCommand) -> ExitCode {
    ended(match action {
        ProgrammeCommand::Check { directory, accept } => check(&directory, accept),
        ProgrammeCommand::Diff { old, new } => return diff(&old, &new),
        ProgrammeCommand::Replay { place, new, today } => {
            return waited(replay::run(&place, &new, today)).unwrap_or_else(|message| {
                eprintln!("{message}");
                ExitCode::from(2)
            });
        }
        ProgrammeCommand::Activate { place, new, yes } => blocking(replay::activate(&place, &new, yes)),
        ProgrammeCommand::Text { place, file, remove: _ } => blocking(text(&place, file.as_deref())),
    })
}

/// Loads the words of the plan; without a file those of the version in use are removed.
async fn text(place: &DataLocation, file: Option<&Path>) -> Result<(), String> {
    let bytes = match file {
        Some(path) => Some((std::fs::read(path).map_err(|cause| of_file("读不到", path, &cause))?, path)),
        None => None,
    };
    let app = serve::open(place, Clock::System, false).await?;
    let programme = app.programme();
    let mut tx = app.db.begin(Arc::new(Actor::system("clause_text"))).await.map_err(in_words)?;
    let words = match bytes {
        Some((bytes, path)) => {
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let report = clauses::load(&mut tx, &programme, (&bytes, &name)).await.map_err(in_words)?;
            if !report.errors.is_empty() {
                report.errors.iter().for_each(|error| eprintln!("{error}"));
                return Err(format!("有 {} 处错误，什么也没有写入。", report.errors.len()));
            }
            report.summary()
        }
        None => {
            let removed = clauses::remove(&mut tx, &programme, &programme.meta.version).await;
            format!("已移除 {} 条原文。", removed.map_err(in_words)?)
        }
    };
    tx.commit().await.map_err(in_words)?;
    println!("{words}");
    Ok(())
}

/// Loads a programme from a directory, or the embedded one. Every problem is printed with file, line and caret.
pub fn load(directory: Option<&Path>) -> Result<Programme, String> {
    let files = folder(directory)?;
    told(jiedui_programme::load_folder(&files))
}

/// The files of a programme from a directory, or the embedded ones.
pub fn folder(directory: Option<&Path>) -> Result<BTreeMap<String, String>, String> {
    programme_files(directory).map_err(|cause| {
        let words = format!("读不到方案目录：{}", remedy(&cause));
        caused(words, cause)
    })
}

/// A programme from its files.
pub fn read(files: &BTreeMap<String, String>) -> Result<Programme, String> {
    told(jiedui_programme::load(files))
}

fn told(loaded: Result<Programme, Vec<jiedui_programme::Problem>>) -> Result<Programme, String> {
    loaded.map_err(|problems| {
        for problem in &problems {
            eprintln!("{:?}", miette::Report::new(problem.clone()));
        }
        format!("方案有 {} 处问题，没有载入。", problems.len())
    })
}

/// Checks a directory. With `accept` the examples are written to expect what the rules say now, each told as it was and
/// is.
pub fn check(directory: &Path, accept: bool) -> Result<(), String> {
    let mut programme = load(Some(directory))?;
    let mut failures = jiedui_programme::run_examples(&programme);
    if accept && !failures.is_empty() {
        accept_results(directory, &failures)?;
        programme = load(Some(directory))?;
        failures = jiedui_programme::run_examples(&programme);
    }
    for failure in &failures {
        eprintln!("{:?}", miette::Report::new(failure.problem.clone()));
    }
    if !failures.is_empty() {
        let count = failures.len();
        return Err(format!(
            "有 {count} 个例子的结果与写明的不符。规则改对了的，用 check --accept 改写预期。"
        ));
    }
    println!(
        "方案“{}”（{}）检查通过：{} 条、{} 个目标、{} 类事项、{} 类成果与记录、{} 项申报、{} 个指标、\
         {} 项履职要求、{} 项职责、{} 份标准、{} 张表单、{} 个例子。",
        programme.meta.title,
        programme.meta.version,
        programme.clauses.len(),
        programme.targets.len(),
        programme.activities.len(),
        programme.outputs.len(),
        programme.applications.len(),
        programme.indicators.len(),
        programme.obligations.len(),
        programme.duties.len(),
        programme.standards.len(),
        programme.register().len(),
        programme.examples.len(),
    );
    Ok(())
}

fn accept_results(directory: &Path, failures: &[Failure]) -> Result<(), String> {
    let files = folder(Some(directory))?;
    let files = programme_toml(&files);
    for (name, text) in jiedui_programme::accepted(&files, failures) {
        if files.get(&name) != Some(&text) {
            let path = directory.join(&name);
            std::fs::write(&path, text).map_err(|cause| of_file("写不进", &path, &cause))?;
        }
    }
    for failure in failures.iter().filter(|failure| failure.accepted.is_some()) {
        println!("已改写 {failure}");
    }
    Ok(())
}

/// What changes from one programme to another. 0 where nothing does, 1 where something does, 2 where one of the two
/// cannot be read.
pub fn diff(old: &Path, new: &Path) -> ExitCode {
    let read = |path: &Path| load((path != Path::new("-")).then_some(path));
    let (old, new) = match (read(old), read(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            for message in [old.err(), new.err()].into_iter().flatten() {
                eprintln!("{message}");
            }
            return ExitCode::from(2);
        }
    };
    let changes = jiedui_programme::diff(&old, &new);
    if changes.is_empty() {
        let same = if old.digest == new.digest {
            "两个方案完全相同。"
        } else {
            "内容没有变化，只有注释、示例或排版不同。"
        };
        println!("{same}");
        return ExitCode::SUCCESS;
    }
    let (from, to) = (&old.meta, &new.meta);
    let count = changes.len();
    let mut text =
        format!("从 {}（{}）到 {}（{}），共 {count} 处变化。\n\n", from.id, from.version, to.id, to.version);
    text.push_str(&jiedui_programme::table(&changes));
    let breaks = jiedui_programme::breaks(&old, &new, Clock::System.today());
    if !breaks.is_empty() {
        let count = breaks.len();
        let said = format!("\n其中 {count} 处会使已有的数据失去依据，在运行中的系统上不能启用：\n\n");
        text.push_str(&said);
        text.push_str(&jiedui_programme::table(&breaks));
    }
    // Whoever pipes it into `head` has seen enough: that is no error.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::FAILURE
}
