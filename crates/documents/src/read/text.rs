//! CSV: finds out the encoding, then goes through the records.

use super::collect::{Collector, Flow, Raw};
use super::guard::{too_large, too_many_cells};
use super::{HEADING_ROWS, MAX_CELLS, MAX_UNPACKED, not_a_table};
use crate::error::Fault;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

pub(super) fn read(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Fault> {
    if bytes.len() as u64 > MAX_UNPACKED {
        return Err(too_large());
    }
    let text = decode(bytes).ok_or_else(|| not_a_table("这不是 Excel 或 CSV 表格，或文字编码无法识别"))?;
    // One kind of line end, and one after the last record: the count of rows below relies on it.
    let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    // A title above the headings need not have separators behind it.
    let looked_at = if collector.may_have_lines_above() { HEADING_ROWS } else { 1 };
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(looked_at);
    let first = lines.find(|line| line.contains([',', '\t'])).unwrap_or_default();
    // Excel's “Unicode 文本” separates by tabs.
    let delimiter = if first.contains('\t') && !first.contains(',') { b'\t' } else { b',' };
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
        let cells = cells.map(|(column, field)| (column, Raw::text(unguard(field)))).collect();
        if collector.row(row, cells) == Flow::Stop {
            break;
        }
    }
    collector.end();
    Ok(())
}

/// Takes off the apostrophe that our own CSV puts before what a spreadsheet would take for a formula.
fn unguard(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if crate::write::is_risky(rest) => rest,
        _ => field,
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
