//! What is checked of an xlsx before the reader sees it. The reader trusts what the file says about itself; a file
//! made to hurt would have it fill the memory.

use super::count::{Count, sheet_of};
use super::{MAX_CELLS, MAX_UNPACKED, not_a_table};
use crate::error::{CellError, Fault};
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// Parts in one archive, at most; Excel writes a few dozen.
const MAX_PARTS: usize = 2_000;

/// Refuses an archive that is broken, is no workbook, unpacks to more than [`MAX_UNPACKED`] (by what its directory
/// says, then by what really comes out), claims more shared strings than it can hold, or holds more cells and rows than
/// [`MAX_CELLS`], empty ones included.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    check_within(bytes, MAX_UNPACKED)
}

fn check_within(bytes: &[u8], most: u64) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MAX_PARTS {
        return Err(too_large());
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(not_a_table("这是压缩包或其他文档，不是 Excel 表格"));
    }
    let mut declared: u64 = 0;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|_| damaged())?;
        declared = declared.saturating_add(part.size());
        if declared > most {
            return Err(too_large());
        }
    }
    let mut unpacked: u64 = 0;
    let mut count = Count::default();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let name = part.name().map_err(|_| damaged())?.into_owned();
        let strings = name.to_lowercase().ends_with("sharedstrings.xml");
        let mut part = part.take(most - unpacked + 1);
        if strings {
            let mut xml = Vec::new();
            unpacked += part.read_to_end(&mut xml).map_err(|_| damaged())? as u64;
            check_strings(xml)?;
        } else {
            unpacked += unpack(&mut part, &mut count)?;
        }
        drop(part);
        if count.is_over() {
            return Err(too_many_cells(&sheet_of(&mut archive, &name)));
        }
        if unpacked > most {
            return Err(too_large());
        }
    }
    Ok(())
}

/// Unpacks a part, as far as it holds no more cells than allowed; returns its bytes.
fn unpack(part: &mut impl std::io::Read, count: &mut Count) -> Result<u64, Fault> {
    let (mut bytes, mut piece) = (0, vec![0; 64 * 1024]);
    while !count.is_over() {
        let length = part.read(&mut piece).map_err(|_| damaged())?;
        if length == 0 {
            break;
        }
        count.feed(&piece[..length]);
        bytes += length as u64;
    }
    Ok(bytes)
}

/// The reader sets memory aside for `uniqueCount` strings before it has seen one. A string needs at least the five
/// bytes of `<si/>`, so a larger count is a lie.
fn check_strings(mut xml: Vec<u8>) -> Result<(), Fault> {
    const NAME: &[u8] = b"uniqueCount";
    // Without its zeros, UTF-16 reads like ASCII as far as this check goes.
    xml.retain(|byte| *byte != 0);
    let most = xml.len() / 5;
    let mut rest = xml.as_slice();
    while let Some(at) = rest.windows(NAME.len()).position(|window| window == NAME) {
        rest = &rest[at + NAME.len()..];
        let skipped = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'+');
        let digits = rest.iter().skip_while(skipped).take_while(|byte| byte.is_ascii_digit());
        let count = digits
            .fold(0_usize, |sum, digit| sum.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
        if count > most {
            return Err(damaged());
        }
    }
    Ok(())
}

pub(super) fn damaged() -> Fault {
    Box::new(CellError::file("文件已损坏或不完整，无法打开", "请在 Excel 或 WPS 中重新另存为 .xlsx 后再上传"))
}

/// A sheet with more cells than any table of ours: mostly formats that were applied to whole columns.
pub(super) fn too_many_cells(sheet: &str) -> Fault {
    let reason = format!("单元格和行超过 {} 万个（空的也计算在内）", MAX_CELLS / 10_000);
    let help = "请删除数据以外的空行、空列和格式，或把数据复制到模板中再上传";
    Box::new(CellError::sheet(sheet, reason, help))
}

pub(super) fn too_large() -> Fault {
    let most = MAX_UNPACKED / 1024 / 1024;
    let reason = format!("文件解压后超过 {most} MB，内容过大");
    Box::new(CellError::file(reason, "请拆分成几个文件上传"))
}

#[cfg(test)]
mod tests {
    use super::super::count::BUDGET;
    use super::*;
    use std::io::Write as _;
    use zip::write::SimpleFileOptions;

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn reason(bytes: &[u8], most: u64) -> String {
        check_within(bytes, most).map_or_else(|error| error.reason, |()| "ok".to_owned())
    }

    #[test]
    fn a_bomb_is_seen_in_the_directory() {
        let bytes = archive(&[("xl/workbook.xml", b"x"), ("xl/worksheets/sheet1.xml", &[b' '; 5000])]);
        assert!(bytes.len() < 1000, "the archive itself is small");
        assert_eq!(reason(&bytes, 5001), "ok");
        assert_eq!(reason(&bytes, 5000), "文件解压后超过 200 MB，内容过大");
    }

    #[test]
    fn a_directory_that_lies_does_not_help() {
        let mut bytes = archive(&[("xl/workbook.xml", b"x"), ("xl/worksheets/sheet1.xml", &[b' '; 5000])]);
        // Wherever the size 5000 is written, in the directory and before the part, say 50.
        let places: Vec<usize> =
            (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == 5000_u32.to_le_bytes()).collect();
        assert!(places.len() >= 2);
        places.iter().for_each(|at| bytes[*at..*at + 4].copy_from_slice(&50_u32.to_le_bytes()));
        assert_ne!(reason(&bytes, 4000), "ok");
    }

    #[test]
    fn a_count_of_strings_that_lies_is_refused() {
        let count = |xml: &str| {
            reason(&archive(&[("xl/workbook.xml", b"x"), ("xl/SharedStrings.xml", xml.as_bytes())]), 9999)
        };
        assert_eq!(count("<sst count=\"9\" uniqueCount=\"2\"><si><t>a</t></si><si/></sst>"), "ok");
        assert_ne!(count("<sst uniqueCount=\"1000000000000\"></sst>"), "ok");
        assert_ne!(count("<sst uniqueCount = '99999999999999999999999999'></sst>"), "ok");
        let wide: Vec<u8> =
            "<sst uniqueCount=\"1000000\"/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_ne!(
            reason(&archive(&[("xl/workbook.xml", b"x"), ("xl/sharedStrings.xml", &wide)]), 9999),
            "ok"
        );
    }

    #[test]
    fn empty_cells_and_rows_count() {
        let book = b"<workbook><sheets><sheet name=\"A\" r:id=\"r1\"/><sheet name=\"B\" r:id=\"r2\"/></sheets></workbook>";
        let relations = b"<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>\
            <Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
        let filled = |tag: &str, count: usize| tag.repeat(count);
        for (tag, tags) in [("<c/>", BUDGET + 1), ("<row/>", BUDGET + 1)] {
            let second = filled(tag, tags);
            let bytes = archive(&[
                ("xl/workbook.xml", book),
                ("xl/_rels/workbook.xml.rels", relations),
                ("xl/worksheets/sheet1.xml", b"<sheetData><row><c/></row></sheetData>"),
                ("xl/worksheets/sheet2.xml", second.as_bytes()),
            ]);
            assert!(bytes.len() < 400_000, "the archive itself is small");
            let error = check_within(&bytes, 200 << 20).unwrap_err();
            assert_eq!(
                (error.sheet.as_str(), error.reason.as_str()),
                ("B", "单元格和行超过 400 万个（空的也计算在内）")
            );
        }
        let fine = filled("<row><c/></row>", 100_000);
        assert_eq!(
            reason(&archive(&[("xl/workbook.xml", b"x"), ("a.xml", fine.as_bytes())]), 200 << 20),
            "ok"
        );
    }

    #[test]
    fn other_archives_are_named() {
        assert_eq!(
            reason(&archive(&[("word/document.xml", b"x")]), 9999),
            "这是压缩包或其他文档，不是 Excel 表格"
        );
    }
}
