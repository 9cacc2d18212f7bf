//! The schematic map: rows of one length, each division once; and beside the table of divisions, none missing and none of
//! which the table does not know.

use crate::check::filled;
use crate::doc::source;
use crate::load::RawProgramme;
use crate::map::{DivisionMap, is_empty_tile};
use crate::problem::Problem;
use std::collections::BTreeSet;

/// Nobody reads tiles smaller than these.
const MOST_ROWS: usize = 40;
const MOST_COLUMNS: usize = 40;
/// Digits of a division's code.
const CODE: usize = 6;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.map else { return };
    filled(item, &[("about", &item.value.about)], problems);
    let rows = &item.value.rows;
    let width = rows.first().map_or(0, |row| row.split_whitespace().count());
    if !(1..=MOST_ROWS).contains(&rows.len()) || !(1..=MOST_COLUMNS).contains(&width) {
        let help = format!("行数在 1 到 {MOST_ROWS} 之间，每行的格数在 1 到 {MOST_COLUMNS} 之间");
        problems.push(item.problem("rows", "示意图的大小不对", help));
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        let path = format!("rows.{at}");
        let words: Vec<&str> = row.split_whitespace().collect();
        if words.len() != width {
            let message = format!("这一行有 {} 格，第一行有 {width} 格", words.len());
            problems.push(item.problem(&path, message, "每行的格数要相同，空的格写成 ......"));
        }
        for word in words.into_iter().filter(|word| !is_empty_tile(word)) {
            if word.len() != CODE || !word.chars().all(|sign| sign.is_ascii_digit()) {
                let message = format!("“{word}”不是区划代码");
                problems.push(item.problem(&path, message, "请写六位区划代码，空的格写成 ......"));
            } else if !seen.insert(word) {
                let message = format!("区划“{word}”在示意图上有两格");
                problems.push(item.problem(&path, message, "一个县（市、区）只占一格，请删除其中一个"));
            }
        }
    }
}

/// The columns of the table of divisions that are needed, and where they stand in a line.
struct Columns {
    code: usize,
    name: usize,
    level: usize,
    parent: usize,
}

impl Columns {
    /// None where the table does not say what is a county: then nothing can be held against it.
    fn of(heading: &str) -> Option<Self> {
        let names: Vec<&str> = heading.split(',').map(str::trim).collect();
        let at = |name: &str| names.iter().position(|other| *other == name);
        Some(Self { code: at("code")?, name: at("name")?, level: at("level")?, parent: at("parent")? })
    }
}

fn cell<'r>(row: &'r [&'r str], at: usize) -> &'r str {
    row.get(at).copied().unwrap_or_default()
}

/// A map beside the table of divisions: every county, and every city without counties, has a tile; no tile is of something
/// that the table does not have as one.
pub(crate) fn against_divisions(
    map: &DivisionMap,
    (file, text): (&str, &str),
    divisions: &str,
) -> Vec<Problem> {
    let mut lines = divisions.lines();
    let Some(columns) = lines.next().and_then(Columns::of) else { return Vec::new() };
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').map(str::trim).collect()).collect();
    let is_county = |row: &Vec<&str>| cell(row, columns.level) == "county";
    let with_counties: BTreeSet<&str> =
        rows.iter().filter(|row| is_county(row)).map(|row| cell(row, columns.parent)).collect();
    let is_alone = |row: &Vec<&str>| {
        cell(row, columns.level) == "city" && !with_counties.contains(cell(row, columns.code))
    };
    let wanted: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| is_county(row) || is_alone(row))
        .map(|row| (cell(row, columns.code), cell(row, columns.name)))
        .collect();
    let tiles: BTreeSet<&str> = map.tiles().map(|tile| tile.code).collect();
    let of_file = source(file, text);
    let mut problems = Vec::new();
    for (code, name) in wanted.iter().filter(|(code, _)| !tiles.contains(code)) {
        let message = format!("“{name}”（{code}）在示意图上没有格");
        let help = "请在 rows 里给它一格，与同市的县（市、区）相连";
        problems.push(Problem::new(&of_file, 0..0, message, help));
    }
    for code in tiles.into_iter().filter(|code| wanted.iter().all(|(known, _)| known != code)) {
        let at = text.find(code).unwrap_or(0);
        let message = format!("区划表里没有县（市、区）“{code}”");
        let help = "请对照区划表改正代码，或删除这一格";
        problems.push(Problem::new(&of_file, at..at + code.len(), message, help));
    }
    problems
}
