//! Files that are no tables, broken files, and files made to hurt: one clear error each, never a panic.

use super::common::*;
use jiedui_documents::{read, template, write};
use jiedui_kernel::Random;
use jiedui_kernel::testing::damaged;
use proptest::prelude::*;
use std::io::{Cursor, Write as _};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const DAMAGED: &str = "文件已损坏或不完整，无法打开，请在 Excel 或 WPS 中重新另存为 .xlsx 后再上传";

#[test]
fn what_is_no_table() {
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01";
    assert_eq!(errors(png, "图.xlsx"), ["文件“图.xlsx”是PNG 图片，不是表格，请上传 .xlsx 或 .csv 文件"]);
    assert_eq!(errors(b"", "空.xlsx"), ["文件“空.xlsx”是空的，请选择填写好的表格"]);
    assert_eq!(errors(b" \r\n", "空.csv"), ["文件“空.csv”是空的，请选择填写好的表格"]);
    let noise = [0x81, 0x20, 0xFF, 0x00, 0x03];
    assert_eq!(errors(&noise, "x").len(), 1);
    let cut = encoding_rs::GBK.encode("院校名称,院校类型").0;
    let odd = "这不是 Excel 或 CSV 表格，或文字编码无法识别，请上传 .xlsx 或 .csv 文件";
    assert_eq!(errors(&cut[..cut.len() - 1], "x.csv"), [odd]);
}

#[test]
fn old_and_locked_workbooks() {
    let ole = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    assert!(errors(&[&ole[..], &[0; 600]].concat(), "x.xls")[0].contains("另存为 .xlsx"));
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = [&ole[..], &[0; 600], &mark].concat();
    assert_eq!(errors(&locked, "x.xlsx"), ["这个 Excel 文件设了打开密码，请先取消密码，再重新上传"]);
}

#[test]
fn truncated_everywhere() {
    let bytes = template(&spec()).unwrap();
    for length in [4, 30, 100, bytes.len() / 2, bytes.len() - 30, bytes.len() - 1] {
        assert_eq!(errors(&bytes[..length], "x.xlsx"), [DAMAGED], "{length} of {}", bytes.len());
    }
}

fn sheet_of(cells: &str) -> Vec<u8> {
    with_part(&schools(&[]), "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("</sheetData>", &format!("{cells}</sheetData>"))
    })
}

#[test]
fn cells_where_none_can_be() {
    let one = |at: &str| format!("<row><c r=\"{at}\"><v>1</v></c></row>");
    // Two corners of a sheet: 17 thousand million cells if it were laid out.
    assert_eq!(errors(&sheet_of(&one("XFD1048576")), "x.xlsx").len(), 3);
    assert_eq!(errors(&sheet_of(&one("A1048577")), "x.xlsx"), [DAMAGED]);
    assert_eq!(errors(&sheet_of(&one("XFE3")), "x.xlsx"), [DAMAGED]);
    assert_eq!(errors(&sheet_of(&one("ZZZZZZZZZZZ3")), "x.xlsx"), [DAMAGED]);
    assert_eq!(errors(&sheet_of(&one("A99999999999999")), "x.xlsx"), [DAMAGED]);
    assert_eq!(errors(&sheet_of(&(one("A9") + &one("A3"))), "x.xlsx"), [DAMAGED]);
}

#[test]
fn one_long_string_in_every_cell() {
    // A hundred bytes a row in the file, six thousand each when taken in.
    let strings = format!("<sst uniqueCount=\"1\"><si><t>{}</t></si></sst>", "长".repeat(2_000));
    let row = |row: usize| {
        let cell = |column: &str| format!("<c r=\"{column}{row}\" t=\"s\"><v>0</v></c>");
        format!("<row r=\"{row}\">{}{}</row>", cell("A"), cell("E"))
    };
    let rows: String = (2..20_000).map(row).collect();
    let mut free = spec();
    free.sheets[0].columns.remove(1);
    let bytes = book("院校", |page| {
        page.write_string(0, 0, "x").unwrap();
    });
    let headings = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>院校名称</t></is></c><c r=\"E1\" t=\"inlineStr\"><is><t>备注</t></is></c></row>";
    let bytes = with_part(&bytes, "xl/sharedStrings.xml", |_| strings.clone());
    let bytes = with_part(&bytes, "xl/worksheets/sheet1.xml", |xml| {
        let (head, _) = xml.split_once("<sheetData>").unwrap();
        format!("{head}<sheetData>{headings}{rows}</sheetData></worksheet>")
    });
    let found = read(&free, &bytes, "x.xlsx").unwrap_err();
    assert_eq!(found[0].to_string(), "“院校”表：文字过多，请拆分成几个文件上传");
}

/// A workbook whose parts were changed one by one, so that the archive around them is whole.
fn mutated(bytes: &[u8], seed: &[(u16, u8)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let count = archive.len();
    for index in 0..count {
        let mut part = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::copy(&mut part, &mut content).unwrap();
        for (at, byte) in seed.iter().filter(|(at, _)| usize::from(*at) % count == index) {
            let at = usize::from(*at / 7) % content.len();
            match byte % 4 {
                0 => content.truncate(at.max(1)),
                1 => drop(content.remove(at.min(content.len() - 1))),
                _ => content[at] = *byte,
            }
            if content.is_empty() {
                break;
            }
        }
        writer.start_file(part.name().unwrap(), SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An archive whose parts are not packed: packing them would be most of the time.
fn unpacked(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Whether it is read; where it is not, somebody is told why.
fn is_read(bytes: &[u8], file_name: &str) -> bool {
    match read(&spec(), bytes, file_name) {
        Ok(_) => true,
        Err(errors) => {
            assert!(!errors.is_empty() && errors.iter().all(|error| !error.to_string().is_empty()));
            false
        }
    }
}

/// The same ones each time, beside those that proptest makes up: parts of a workbook, workbooks, and tables as text.
#[test]
fn thousands_of_damaged_files_are_read_or_refused() {
    const XML: [&str; 10] = [
        "<c r=\"A1048577\"/>",
        "<row r=\"0\">",
        "</row>",
        "</sheetData>",
        "]]>",
        "&#x0;",
        "&amp;",
        "<v>1e309</v>",
        " t=\"s\"",
        "99999999999999999999",
    ];
    let random = Random::seeded(20_261_124);
    let cells = row(&["甲校", "技工学校", "<c><v>12</v></c>", "2024-07-26", "说明"]);
    let whole = parts(&[("院校", "", &(row(&HEADINGS) + &cells))]);
    let whole: Vec<(&str, &[u8])> = whole.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
    let book = unpacked(&whole);
    let csv = format!("{}\n甲校,技工学校,12,2024-07-26,说明\n", HEADINGS.join(","));
    assert!(is_read(&book, "x.xlsx") && is_read(csv.as_bytes(), "x.csv"));
    let mut taken = 0;
    for round in 0..1_000 {
        let at = round % whole.len();
        let part = damaged(&random, whole[at].1, &XML);
        let mut parts = whole.clone();
        parts[at].1 = part.as_slice();
        taken += usize::from(is_read(&unpacked(&parts), "x.xlsx"));
        taken += usize::from(is_read(&damaged(&random, &book, &["PK\u{3}\u{4}"]), "x.xlsx"));
        let text = damaged(&random, csv.as_bytes(), &["\"", ",", "\r\n", "\u{feff}", "\u{0}", "1e309"]);
        taken += usize::from(is_read(&text, "x.csv"));
    }
    assert!((1..3_000).contains(&taken), "{taken} of 3,000 are still right");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600), head in 0usize..5) {
        let heads: [&[u8]; 5] = [b"", b"PK\x03\x04", b"\xFF\xFE", b"\xEF\xBB\xBF", "院校名称,院校类型\n".as_bytes()];
        let _ = read(&spec(), &[heads[head], &bytes].concat(), "x");
    }

    #[test]
    fn random_text(text in "[a甲,\"\n\r\t0-9;'=院校名称类型]{0,200}") {
        let _ = read(&spec(), format!("院校名称,院校类型,举办日期,在校生数\n{text}").as_bytes(), "x.csv");
    }

    #[test]
    fn mutated_archives(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = schools(&[&["甲校", "技工学校", "12", "2024-07-26"]]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&spec(), &bytes, "x.xlsx");
    }

    #[test]
    fn mutated_parts(seed in prop::collection::vec(any::<(u16, u8)>(), 1..12)) {
        let day: jiedui_kernel::Date = "2024-07-26".parse().unwrap();
        let row = vec!["甲校".into(), "技工学校".into(), 12_i64.into(), day.into(), "备注".into()];
        let bytes = write(&spec(), [vec![row.clone(), row], Vec::new()]).unwrap();
        let _ = read(&spec(), &mutated(&bytes, &seed), "x.xlsx");
    }

    #[test]
    fn texts_survive_both_ways(name in "\\PC{1,30}", note in "[=+@'\"a, \n甲-]{0,20}") {
        let expected = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}').to_owned();
        prop_assume!(!expected(&name).is_empty() && !name.contains("_x"));
        let row = vec![name.as_str().into(), "技工学校".into(), Default::default(), Default::default(), note.as_str().into()];
        let csv = jiedui_documents::write_csv(&spec().sheets[0], [row.clone()]).unwrap();
        let xlsx = write(&spec(), [vec![row], Vec::new()]).unwrap();
        for (bytes, file) in [(csv, "x.csv"), (xlsx, "x.xlsx")] {
            let Ok(read) = read(&spec(), &bytes, file) else {
                // Marks that turn the direction of writing are printable and refused.
                let turns = name.chars().any(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'));
                prop_assert!(turns);
                continue;
            };
            prop_assert_eq!(read.records[0].text("name"), expected(&name), "{}", file);
            prop_assert_eq!(read.records[0].text("note"), expected(&note), "{}", file);
        }
    }
}
