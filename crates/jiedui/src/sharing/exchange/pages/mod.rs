//! The screens of exchanges.

pub mod list;
pub mod run;
pub mod show;
pub mod systems;

use super::data::RunRow;
use jiedui_kernel::{Reported, Unit};
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;

/// A transfer as lists show it.
#[derive(Serialize)]
pub struct RunLine {
    href: String,
    by: String,
    means: &'static str,
    began_on: String,
    state: StateMark,
    total: Figure,
    refused: Figure,
}

impl RunLine {
    pub fn of(row: &RunRow) -> Self {
        let href = format!("/exchange-runs/{}", row.id);
        Self {
            by: row.org_name.clone(),
            means: means(row.by_file),
            began_on: row.began_on.to_string(),
            state: row.state.mark(),
            total: rows(row.total, &href, "一共"),
            refused: rows(row.refused, &href, "没有收下"),
            href,
        }
    }
}

pub fn means(by_file: bool) -> &'static str {
    if by_file { "文件" } else { "联网" }
}

/// A number of rows, which opens where they are listed.
pub fn rows(number: i64, href: &str, label: &str) -> Figure {
    Figure::of(Reported::Value(number), Unit::Entries, href, label)
}
