//! `jiedui programme check DIR`, `jiedui programme diff OLD NEW`, and loading for everybody else.

use crate::programme_files::{programme_files, programme_toml};
use jiedui_kernel::{Clock, caused, of_file, remedy};
use jiedui_programme::{Failure, Programme};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

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
