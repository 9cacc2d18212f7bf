//! `jiedui programme check DIR`, and loading for everybody else.

use crate::app::{programme_files, programme_toml};
use jiedui_programme::Programme;
use std::path::Path;

/// Loads a programme from a directory, or the embedded one. Every problem is printed with file, line and caret.
pub fn load(directory: Option<&Path>) -> Result<Programme, String> {
    let files = programme_files(directory).map_err(|cause| format!("读不到方案目录：{cause}"))?;
    jiedui_programme::load(&programme_toml(&files)).map_err(|problems| {
        for problem in &problems {
            eprintln!("{:?}", miette::Report::new(problem.clone()));
        }
        format!("方案有 {} 处问题，没有载入。", problems.len())
    })
}

pub fn check(directory: &Path) -> Result<(), String> {
    let programme = load(Some(directory))?;
    let failures = jiedui_programme::run_examples(&programme);
    for failure in &failures {
        eprintln!("{:?}", miette::Report::new(failure.problem.clone()));
    }
    if !failures.is_empty() {
        return Err(format!("有 {} 个例子的结果与写明的不符。", failures.len()));
    }
    println!(
        "方案“{}”（{}）检查通过：{} 条、{} 个目标、{} 类事项、{} 个指标、{} 项履约要求、{} 个例子。",
        programme.meta.title,
        programme.meta.version,
        programme.clauses.len(),
        programme.targets.len(),
        programme.activities.len(),
        programme.indicators.len(),
        programme.obligations.len(),
        programme.examples.len(),
    );
    Ok(())
}
