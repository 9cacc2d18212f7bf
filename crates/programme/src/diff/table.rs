//! Changes as a table of plain text, for a terminal or a page in a file.

use super::Change;
use std::fmt::Write as _;

/// Columns that one line of a terminal has room for.
const LINE: usize = 110;

/// Sentence, what, before and after. What is too long for its line stands below, one line each.
pub fn table(changes: &[Change]) -> String {
    let clause = changes.iter().map(|change| width(&change.clause)).max().unwrap_or(0).max(4);
    let what = changes.iter().map(|change| width(&change.what)).filter(|wide| *wide <= LINE / 2).max();
    let what = what.unwrap_or(0).max(4);
    let mut text = format!("{}  {}  原来 → 改后\n", padded("条款", clause), padded("内容", what));
    for change in changes {
        let sentence = if change.clause.is_empty() { "—" } else { &change.clause };
        let line = format!("{} → {}", one_line(&change.before), one_line(&change.after));
        let head = format!("{}  {}", padded(sentence, clause), padded(&change.what, what));
        // Writing into a String cannot fail.
        let _ = if width(&head) + 2 + width(&line) <= LINE {
            writeln!(text, "{head}  {line}")
        } else {
            let gap = " ".repeat(clause + 2);
            let (before, after) = (one_line(&change.before), one_line(&change.after));
            writeln!(text, "{}\n{gap}原来：{before}\n{gap}改后：{after}", head.trim_end())
        };
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn padded(text: &str, wide: usize) -> String {
    format!("{text}{}", " ".repeat(wide.saturating_sub(width(text))))
}

/// Columns of a terminal: Chinese characters and their punctuation take two, quotes, dashes and arrows one.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c < '\u{2e80}' { 1 } else { 2 }).sum()
}
