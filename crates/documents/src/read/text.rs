//! CSV: finds out the encoding and what separates the fields, then goes through the records.

use super::collect::{Collector, Flow};
use super::guard::{too_large, too_many_cells};
use super::raw::{Raw, RawRow};
use super::{HEADING_ROWS, MAX_CELLS, MAX_UNPACKED, not_a_table};
use crate::error::{CellError, Fault};
use crate::write::is_risky;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

pub(super) fn read(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Fault> {
    if bytes.len() as u64 > MAX_UNPACKED {
        return Err(too_large());
    }
    let text = decode(bytes).ok_or_else(|| not_a_table("这不是 Excel 或 CSV 表格，或文字编码无法识别"))?;
    // One kind of line end, and one after the last record: the count of rows below relies on it.
    let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let (named, text) = separator_line(&text);
    let delimiter = named.unwrap_or_else(|| delimiter(text));
    if let Some(line) = left_open(text, delimiter) {
        let line = line + u64::from(named.is_some());
        let reason = format!("第 {line} 行有一个引号没有配对，后面的行会被当作这一格的内容");
        return Err(Box::new(CellError::file(reason, "请删除这个引号，或补上另一半，再上传")));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    collector.begin_unnamed();
    let (mut record, mut row, mut line) = (csv::StringRecord::new(), 0_u32, 1_u64);
    let mut fields = 0;
    while reader.read_record(&mut record).map_err(|_| not_a_table("CSV 格式有误，无法读取"))? {
        fields += record.len();
        if fields > MAX_CELLS {
            return Err(too_many_cells(""));
        }
        // The reader passes over empty lines, which Excel counts; a line break inside quotes is none of its rows.
        let end = reader.position().line();
        let inside: usize =
            record.iter().map(|field| field.bytes().filter(|byte| *byte == b'\n').count()).sum();
        let passed = end.saturating_sub(line).saturating_sub(inside as u64).max(1);
        row = row.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        line = end;
        let cells = (0..).zip(record.iter()).filter(|(_, field)| !field.is_empty());
        let cells = cells.map(|(column, field)| (column, Raw::text(&unguard(field)))).collect();
        if collector.row(RawRow { number: row, cells, ..RawRow::default() }) == Flow::Stop {
            break;
        }
    }
    collector.end();
    Ok(())
}

/// The line in which a quotation mark opens a field that nothing ends, so that the field would swallow all rows behind it.
fn left_open(text: &str, separator: u8) -> Option<u64> {
    enum At {
        Start,
        Plain,
        Quoted(u64),
        /// Behind a mark inside of quotes: their end, or the first of two.
        Mark(u64),
    }
    let (mut at, mut line) = (At::Start, 1_u64);
    for byte in text.bytes() {
        let ends = byte == separator || byte == b'\n';
        at = match at {
            At::Start if byte == b'"' => At::Quoted(line),
            At::Quoted(from) if byte == b'"' => At::Mark(from),
            At::Quoted(from) => At::Quoted(from),
            At::Mark(from) if byte == b'"' => At::Quoted(from),
            At::Start | At::Plain | At::Mark(_) if ends => At::Start,
            At::Start | At::Plain | At::Mark(_) => At::Plain,
        };
        line += u64::from(byte == b'\n');
    }
    match at {
        At::Quoted(from) => Some(from),
        At::Start | At::Plain | At::Mark(_) => None,
    }
}

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The separator that a first line `sep=;` names, and the text behind it. Excel shows no row for that line.
fn separator_line(text: &str) -> (Option<u8>, &str) {
    let Some((line, rest)) = text.split_once('\n') else { return (None, text) };
    let line = line.trim_matches(|c: char| matches!(c, '"' | ' '));
    let named = line.get(..4).filter(|head| head.eq_ignore_ascii_case("sep=")).and_then(|_| line.get(4..));
    match named.map(str::as_bytes) {
        Some([separator]) => (Some(*separator), rest),
        // A program that names none means the usual one.
        Some([]) => (Some(b','), rest),
        _ => (None, text),
    }
}

/// What separates the fields: what is there most often in the first line that has one of the three, outside of quotes.
/// A title above the headings need not have any.
fn delimiter(text: &str) -> u8 {
    let count = |line: &str, separator: u8| {
        let mut quoted = false;
        let outside = line.bytes().filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == separator
        });
        outside.count()
    };
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(HEADING_ROWS) {
        let found = SEPARATORS.map(|separator| (count(line, separator), separator));
        // The first of those that are there equally often.
        let most = found.iter().rev().max_by_key(|(times, _)| *times);
        if let Some((_, separator)) = most.filter(|(times, _)| *times > 0) {
            return *separator;
        }
    }
    b','
}

/// Takes off what keeps a field from becoming a number or a formula in a spreadsheet: an apostrophe in front, or `="…"`.
/// One that another answers later quotes a word, unless it is one of those that we put on.
fn unguard(field: &str) -> Cow<'_, str> {
    if let Some(rest) = field.strip_prefix('\'') {
        let is_guard = rest.starts_with('\'') || is_risky(rest) || !rest.contains('\'');
        return Cow::Borrowed(if is_guard { rest } else { field });
    }
    match field.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) if inside.contains("\"\"") => Cow::Owned(inside.replace("\"\"", "\"")),
        Some(inside) => Cow::Borrowed(inside),
        None => Cow::Borrowed(field),
    }
}

/// The text of a file in UTF-8, UTF-16 (with or without its mark) or GBK; `None` where it is none of them.
fn decode(bytes: &[u8]) -> Option<String> {
    let (encoding, rest) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) => (UTF_8, bytes),
        None => (unmarked(bytes), bytes),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(rest)?;
    // No table has a NUL in it; other control characters are reported with their cell.
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Without a mark and not UTF-8: separators and line ends of UTF-16 have a zero on one side; else it is GBK, of which
/// GB 18030 is the larger form.
fn unmarked(bytes: &[u8]) -> &'static Encoding {
    let zeros = |odd: usize| bytes.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) => GB18030,
        (big, little) if big > little => UTF_16BE,
        _ => UTF_16LE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_separates_the_fields() {
        assert_eq!(delimiter("标题\n甲,乙;丙;丁\n"), b';');
        assert_eq!(delimiter("\"甲;乙;丙\",丁\n"), b',');
        assert_eq!((delimiter("甲\t乙\n"), delimiter("甲\n"), delimiter("甲;乙,丙\n")), (b'\t', b',', b','));
        assert_eq!(separator_line("sep=;\n甲"), (Some(b';'), "甲"));
        assert_eq!(separator_line("\"SEP=\t\"\n甲"), (Some(b'\t'), "甲"));
        assert_eq!(separator_line("sep=\n甲"), (Some(b','), "甲"));
        assert_eq!(separator_line("separator\n甲"), (None, "separator\n甲"));
    }

    #[test]
    fn a_field_that_nothing_ends_is_found() {
        for fine in
            ["", "甲,\"乙\"\n", "\"甲\n乙\",丙\n", "甲\"乙,丙\"\n", "\"甲\"\"\",乙\n", "\"甲\" \"乙\n"]
        {
            assert_eq!(left_open(fine, b','), None, "{fine}");
        }
        assert_eq!(left_open("甲,乙\n丙,\"丁\n戊,己\n", b','), Some(2));
        assert_eq!(left_open("甲;\"乙\n\"\"丙\n", b';'), Some(1));
    }

    #[test]
    fn guards_are_taken_off_once() {
        for (field, plain) in [
            ("=\"0101\"", "0101"),
            ("=\"甲\"\"乙\"", "甲\"乙"),
            ("'0101", "0101"),
            ("'=1+1", "=1+1"),
            ("'=\"a\"", "=\"a\""),
            ("''x", "'x"),
            ("=1+1", "=1+1"),
            ("甲'", "甲'"),
            ("'十四五'规划", "'十四五'规划"),
            ("''十四五'规划", "'十四五'规划"),
            ("'=\"a'b\"", "=\"a'b\""),
        ] {
            assert_eq!(unguard(field), plain, "{field}");
        }
    }
}
