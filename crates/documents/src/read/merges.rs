//! Merged cells of a sheet. Excel keeps what they say in the first cell of the range and leaves the others empty, so a
//! row below would lose it without a word.

use super::guard::{Budget, Outcome, Stop};
use super::raw::{Raw, RawRow};
use super::xml::attribute;
use crate::cell::letters;
use crate::error::CellError;
use quick_xml::events::BytesStart;
use std::io::{BufRead, Read as _};

/// Merged ranges that are looked at in one sheet.
const MAX_MERGES: usize = 100_000;
/// Bytes of the longest tag that can be one.
const LONGEST: u64 = 1_024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    /// Rows from 1, columns from 0.
    rows: (u32, u32),
    columns: (u32, u32),
}

/// The merged ranges below the headings, those that begin first before the others.
#[derive(Debug, Default)]
pub(super) struct Merges {
    coming: Vec<Range>,
    next: usize,
    /// The row of the headings.
    headings: u32,
    /// Last row, column and value of the ranges that reach down into the row in hand, one for each column at most.
    held: Vec<(u32, u32, Option<Raw>)>,
}

impl Merges {
    /// Finds all merged ranges of a sheet. They stand behind its rows, so it is gone through once before those are read.
    pub(super) fn find(mut part: Box<dyn BufRead + '_>, budget: &Budget) -> Outcome<Self> {
        let (mut coming, mut tag) = (Vec::new(), Vec::new());
        while part.skip_until(b'<').map_err(|_| budget.cause())? > 0 {
            tag.clear();
            let mut limited = part.by_ref().take(LONGEST);
            limited.read_until(b'>', &mut tag).map_err(|_| budget.cause())?;
            let Some(range) = range_of(&tag) else { continue };
            if coming.len() == MAX_MERGES {
                let error = CellError::file("合并的单元格太多", "请取消合并，逐行填写后再上传");
                return Err(Stop::Fault(Box::new(error)));
            }
            coming.push(range);
        }
        coming.sort_by_key(|range| range.rows);
        Ok(Self { coming, ..Self::default() })
    }

    /// Only those that reach below the headings in this row, in columns that are read.
    pub(super) fn below(mut self, headings: u32, is_read: impl Fn(u32) -> bool) -> Self {
        self.coming
            .retain(|range| range.rows.1 > headings && (range.columns.0..=range.columns.1).any(&is_read));
        self.headings = headings;
        self
    }

    /// Gives a row what it has from the rows above it, and takes what it passes on.
    pub(super) fn apply(&mut self, row: &mut RawRow) {
        self.held.retain(|(last, ..)| *last >= row.number);
        let is_held = |column: &u32| self.held.iter().any(|(_, held, _)| held == column);
        let own = row.cells.iter().any(|(column, raw)| !raw.is_blank() && !is_held(column));
        row.cells.retain(|(column, _)| !is_held(column));
        if own {
            // A row that holds nothing else is no row, or a tall last cell would be made into many.
            let values = self.held.iter().filter_map(|(_, column, raw)| Some((*column, raw.clone()?)));
            row.cells.extend(values);
            row.cells.sort_by_key(|(column, _)| *column);
        }
        while let Some(range) = self.coming.get(self.next).filter(|range| range.rows.0 <= row.number).copied()
        {
            self.next += 1;
            if range.rows.1 < row.number {
                continue;
            }
            if range.columns.0 < range.columns.1 || range.rows.0 <= self.headings {
                row.across.push(range.name());
                continue;
            }
            let begins = range.rows.0 == row.number;
            let raw = row.cells.iter().find(|(column, raw)| *column == range.columns.0 && !raw.is_blank());
            let raw = raw.filter(|_| begins).map(|(_, raw)| raw.clone());
            if raw.is_some() && range.rows.0 < range.rows.1 {
                row.down.push((range.columns.0, range.name()));
            }
            self.held.retain(|(_, column, _)| *column != range.columns.0);
            self.held.push((range.rows.1, range.columns.0, raw));
        }
    }
}

impl Range {
    /// As Excel writes it.
    fn name(&self) -> String {
        let (first, last) = (letters(self.columns.0), letters(self.columns.1));
        format!("{first}{}:{last}{}", self.rows.0, self.rows.1)
    }
}

/// The range of a tag, without its first bracket, that names one.
fn range_of(tag: &[u8]) -> Option<Range> {
    let text = std::str::from_utf8(tag.strip_suffix(b">")?).ok()?;
    let text = text.trim_end_matches('/');
    let name = text.split(|c: char| c.is_ascii_whitespace()).next()?;
    if name.rsplit(':').next() != Some("mergeCell") {
        return None;
    }
    let tag = BytesStart::from_content(text, name.len());
    let cells = attribute(&tag, "ref")?;
    let (first, last) = cells.split_once(':')?;
    let ((first_row, first_column), (last_row, last_column)) = (place(first)?, place(last)?);
    let range = Range {
        rows: (first_row.min(last_row) + 1, first_row.max(last_row) + 1),
        columns: (first_column.min(last_column), first_column.max(last_column)),
    };
    (range.rows.0 < range.rows.1 || range.columns.0 < range.columns.1).then_some(range)
}

/// Row and column of a cell, both from 0, out of a name such as `B3`; `None` where the format has no such cell.
pub(super) fn place(name: &str) -> Option<(u32, u32)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (column, row) = name.split_at(digits);
    let column = column.trim_end_matches('$').trim_start_matches('$');
    if column.is_empty() || column.len() > 3 || row.len() > 7 {
        return None;
    }
    let mut at = 0;
    for letter in column.bytes() {
        if !letter.is_ascii_alphabetic() {
            return None;
        }
        at = at * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    }
    let row: u32 = row.parse().ok()?;
    ((1..=1 << 20).contains(&row) && at <= 1 << 14).then(|| (row - 1, at - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(xml: &str) -> Merges {
        Merges::find(Box::new(xml.as_bytes()), &Budget::new(u64::MAX)).unwrap()
    }

    fn row(number: u32, cells: &[(u32, &str)]) -> RawRow {
        let cells = cells.iter().map(|(column, text)| (*column, Raw::text(text))).collect();
        RawRow { number, cells, ..RawRow::default() }
    }

    fn texts(row: RawRow) -> Vec<(u32, String)> {
        row.cells.into_iter().map(|(column, raw)| (column, raw.shown())).collect()
    }

    #[test]
    fn cells_by_their_names() {
        assert_eq!(place("A1"), Some((0, 0)));
        assert_eq!(place("xfd1048576"), Some(((1 << 20) - 1, (1 << 14) - 1)));
        for none in ["", "A", "1", "A0", "XFE1", "A1048577", "ZZZZ1", "A99999999999", "A1B", "甲1"] {
            assert_eq!(place(none), None, "{none}");
        }
    }

    #[test]
    fn a_range_holds_for_all_its_rows() {
        let xml =
            "<x:mergeCells><x:mergeCell ref=\"B2:B4\"/><mergeCell  ref='C3:D3' /><mergeCell ref=\"A1:C1\"/>";
        let mut merges = find(xml).below(1, |column| column < 4);
        let mut second = row(2, &[(0, "甲"), (1, "省级")]);
        merges.apply(&mut second);
        assert_eq!((second.down.as_slice(), second.across.len()), (&[(1, "B2:B4".to_owned())][..], 0));
        let mut third = row(3, &[(0, "乙"), (1, " "), (2, "跨列")]);
        merges.apply(&mut third);
        assert_eq!(third.across, ["C3:D3"]);
        assert_eq!(texts(third), [(0, "乙".into()), (1, "省级".into()), (2, "跨列".into())]);
        let mut empty = row(4, &[(1, "")]);
        merges.apply(&mut empty);
        assert!(empty.cells.is_empty());
        let mut after = row(5, &[(0, "丁")]);
        merges.apply(&mut after);
        assert_eq!(texts(after), [(0, "丁".into())]);
    }

    #[test]
    fn what_reaches_out_of_the_headings_is_told() {
        let mut merges =
            find("<mergeCell ref=\"A1:A2\"/><mergeCell ref=\"F1:F9\"/>").below(1, |column| column < 2);
        let mut first = row(2, &[(1, "甲")]);
        merges.apply(&mut first);
        assert_eq!(first.across, ["A1:A2"]);
    }
}
