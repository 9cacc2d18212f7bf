//! Cells and rows as a file has them, before anything is known of what they mean.

use super::MAX_CHARS;
use crate::cell::{parse_integer, round_15, trim};
use jiedui_kernel::Date;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Text(String),
    Number(f64),
    /// A number that is shown as a share: 0.96 where one reads 96%.
    Share(f64),
    /// A number that is shown smaller than it is, in thousands perhaps.
    Scaled(f64),
    /// A date or a time: an Excel serial number.
    Moment(f64),
    /// A day, and the minutes of it that have passed.
    At(Date, u32),
    /// A formula that ended in an error, such as #N/A.
    Error(String),
    /// A formula without a result.
    Uncomputed,
}

/// The cells of one row that are there, from left to right.
#[derive(Debug, Clone, Default)]
pub(super) struct RawRow {
    /// From 1 as in Excel.
    pub(super) number: u32,
    /// Columns count from 0.
    pub(super) cells: Vec<(u32, Raw)>,
    pub(super) hidden: bool,
    /// Merged ranges that begin in this row and go down one column, each with that column.
    pub(super) down: Vec<(u32, String)>,
    /// Merged ranges that reach over more than one column, or out of the headings.
    pub(super) across: Vec<String>,
}

impl Raw {
    /// As a heading.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Text(text) => trim(&text),
            Self::Number(number) | Self::Scaled(number) | Self::Moment(number) => number.to_string(),
            Self::Share(number) => percent(number),
            Self::At(date, _) => date.to_string(),
            Self::Error(text) => text,
            Self::Uncomputed => "公式".to_owned(),
        }
    }

    /// Keeps no more of a text than is needed to see that it is too long.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(match text.char_indices().nth(MAX_CHARS * 2) {
            Some((end, _)) => text[..end].to_owned(),
            None => text.to_owned(),
        })
    }

    /// The name of an error, whatever program made it up.
    pub(super) fn error(name: &str) -> Self {
        Self::Error(name.chars().take(MAX_CHARS).collect())
    }

    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if trim(text).is_empty())
    }

    /// Whether it is a number, or a formula that may have been one.
    pub(super) fn counts(&self) -> bool {
        match self {
            Self::Number(_) | Self::Share(_) | Self::Scaled(_) | Self::Error(_) | Self::Uncomputed => true,
            Self::Text(text) => {
                let text = trim(text);
                parse_integer(&text).is_some() || text.parse::<f64>().is_ok_and(f64::is_finite)
            }
            Self::Moment(_) | Self::At(..) => false,
        }
    }
}

/// A share as it is shown.
pub(super) fn percent(number: f64) -> String {
    format!("{}%", round_15(number * 100.0))
}

/// Whether a row sums up the others: its first words say so, and a number stands behind them.
pub(super) fn is_total(cells: &[(u32, Raw)]) -> bool {
    const WORDS: [&str; 6] = ["合计", "总计", "小计", "共计", "累计", "本页合计"];
    let words = cells.iter().enumerate().find_map(|(at, (_, raw))| match raw {
        Raw::Text(text) if !raw.counts() => Some((at, crate::cell::squeeze(text))),
        _ => None,
    });
    let Some((at, words)) = words else { return false };
    let head = words.split(['(', ':']).next().unwrap_or_default();
    WORDS.contains(&head) && cells.iter().enumerate().any(|(other, (_, raw))| other != at && raw.counts())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_totals() {
        let row = |cells: &[Raw]| is_total(&(0_u32..).zip(cells.iter().cloned()).collect::<Vec<_>>());
        let text = Raw::text;
        assert!(row(&[text("合　计"), Raw::Number(3.0)]));
        assert!(row(&[Raw::Number(7.0), text("总计（人次）："), Raw::Uncomputed]));
        assert!(row(&[text("小计"), text("3 所"), text("1,200")]));
        assert!(!row(&[text("合计"), text("见附件")]));
        assert!(!row(&[text("合计示例学校"), Raw::Number(3.0)]));
        assert!(!row(&[text("甲校"), text("合计"), Raw::Number(3.0)]));
        assert!(!row(&[Raw::Number(1.0), Raw::Number(3.0)]));
    }
}
