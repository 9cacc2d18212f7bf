//! What we write reads back, and what people make of it does, too.

use super::common::*;
use jiedui_documents::{RowWriter, Value, Workbook, read, template, write, write_csv};
use jiedui_kernel::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook as Book};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_template_reads_back_empty() {
    let bytes = template(&spec()).unwrap();
    let read = read_ok(&bytes, "模板.xlsx");
    assert!(read.records.is_empty() && read.ignored.is_empty());
}

#[test]
fn a_template_helps_to_fill_it_in() {
    let bytes = template(&spec()).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<dataValidation type=\"list\""), "{sheet}");
    assert!(sheet.contains("代码表") && sheet.contains("$A$2:$A$4"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\""));
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("yyyy-mm-dd") && styles.contains("等线"));
    let notes = part(&bytes, "xl/comments1.xml");
    assert!(notes.contains("必填") && notes.contains("与公章一致"));
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("填写说明") && book.contains("代码表"));
}

fn rows() -> Vec<Vec<Vec<Value>>> {
    vec![
        vec![
            vec![
                "甲技工学校".into(),
                "技师学院".into(),
                12_345_i64.into(),
                date("2024-07-26").into(),
                "=1+1".into(),
            ],
            vec!["乙校".into(), "技工学校".into(), Value::Empty, Value::Empty, "-12,\"引号\"\n第二行".into()],
            vec!["001".into(), "技工学校".into(), (-3_i64).into(), date("1999-12-31").into(), "'@x".into()],
        ],
        vec![vec!["张三".into(), date("2030-01-01").into(), "441900199001010014".into()]],
    ]
}

fn assert_schools(read: &jiedui_documents::Read) {
    let schools: Vec<_> = read.sheet("院校").collect();
    assert_eq!(schools.iter().map(|record| record.row).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(schools[0].text("name"), "甲技工学校");
    assert_eq!(schools[0].text("type"), "技师学院");
    assert_eq!(schools[0].integer("students"), Some(12_345));
    assert_eq!(schools[0].date("held"), Some(date("2024-07-26")));
    assert_eq!(schools[0].text("note"), "=1+1");
    assert_eq!((schools[1].integer("students"), schools[1].date("held")), (None, None));
    assert_eq!(schools[1].text("note"), "-12,\"引号\"\n第二行");
    assert_eq!(schools[2].text("name"), "001");
    assert_eq!(schools[2].integer("students"), Some(-3));
    assert_eq!(schools[2].text("note"), "'@x");
}

#[test]
fn an_export_reads_back() {
    let bytes = write(&spec(), rows()).unwrap();
    let read = read_ok(&bytes, "导出.xlsx");
    assert_schools(&read);
    let staff: Vec<_> = read.sheet("教师").collect();
    assert_eq!(staff[0].date("since"), Some(date("2030-01-01")));
    assert_eq!(staff[0].text("note"), "441900199001010014");
    // Text that looks like a formula is text, and stays so when it is edited.
    assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"));
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn csv_reads_back() {
    let bytes = write_csv(&spec().sheets[0], rows().swap_remove(0)).unwrap();
    assert!(bytes.starts_with("\u{FEFF}院校名称,".as_bytes()));
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(",'=1+1\r\n") && text.contains(",''@x\r\n"), "{text}");
    let read = read_ok(&bytes, "x.csv");
    assert_schools(&read);
}

#[test]
fn rows_that_do_not_fit_are_refused() {
    let spec = spec();
    let long = vec![vec![vec![Value::Empty; 6]], vec![]];
    assert!(write(&spec, long).is_err());
    assert!(write(&spec, vec![Vec::<Vec<Value>>::new()]).is_err());
    assert!(write(&spec, vec![Vec::<Vec<Value>>::new(); 3]).is_err());
    let mut twice = spec.clone();
    twice.sheets[1].name = "院 校".to_owned();
    assert!(template(&twice).is_err());
    let without = Workbook { lists: Default::default(), ..spec };
    assert!(template(&without).is_err());
}

const CSV: &str = "备注,院校名称,院校类型,举办日期\r\n第一,甲校,技师学院,2024/7/26 0:00\r\n\r\n,,,\r\n\"两\n行\",乙校,技工学校,2024年7月26日\r\n三,丙校,技工学校,";

fn assert_csv(bytes: &[u8]) {
    let read = read_ok(bytes, "院校.csv");
    let rows: Vec<_> = read.records.iter().map(|record| (record.row, record.text("name"))).collect();
    assert_eq!(rows, [(2, "甲校"), (5, "乙校"), (6, "丙校")]);
    assert_eq!(read.records[0].date("held"), Some(date("2024-07-26")));
    assert_eq!(read.records[1].date("held"), Some(date("2024-07-26")));
    assert_eq!(read.records[1].text("note"), "两\n行");
}

#[test]
fn csv_in_every_encoding() {
    assert_csv(CSV.as_bytes());
    assert_csv(format!("\u{FEFF}{CSV}").as_bytes());
    let gbk = encoding_rs::GBK.encode(CSV).0.into_owned();
    assert!(std::str::from_utf8(&gbk).is_err());
    assert_csv(&gbk);
    let little: Vec<u8> = format!("\u{FEFF}{CSV}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_csv(&little);
    assert_csv(&little[2..]);
    let big: Vec<u8> = format!("\u{FEFF}{CSV}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_csv(&big);
    assert_csv(&big[2..]);
    assert_csv(CSV.replace(',', "\t").as_bytes());
    assert_csv(CSV.replace("\r\n", "\n").as_bytes());
}

#[test]
fn csv_of_two_sheets_is_told_apart() {
    let staff = "姓名,任职日期,备注\n张三,20240901,\n";
    assert_eq!(read_ok(staff.as_bytes(), "x.csv").records[0].sheet, "教师");
    let error = errors("备注\n一\n".as_bytes(), "教师名单.csv");
    assert_eq!(error[0], "“教师”表第 1 行“姓名”列：缺少这一列，此列必填，请从模板重新填写");
}

#[test]
fn headings_in_any_order_and_shape() {
    let bytes = book(" 院校 ", |page| {
        page.write_row(1, 2, [" 院校\n类型", "院校　名称", "备注 ", "在校生数\u{A0}"]).unwrap();
        page.write_row(4, 2, [" 技师学院\u{3000}", "\u{A0}甲校 ", "　"]).unwrap();
        page.write_string(4, 5, " １，２００ ").unwrap();
        page.write_row(5, 2, ["  ", "", "\t"]).unwrap();
    });
    let read = read_ok(&bytes, "x.xlsx");
    assert_eq!(read.records.len(), 1);
    let record = &read.records[0];
    assert_eq!((record.row, record.text("name"), record.text("type")), (5, "甲校", "技师学院"));
    assert_eq!(record.integer("students"), Some(1200));
    assert_eq!((record.letter("name"), record.text("note")), ("D", ""));
    let error = record.error("name", "不在院校库中", "请核对名称").to_string();
    assert_eq!(error, "“院校”表第 5 行 D 列（院校名称）：“甲校”不在院校库中，请核对名称");
    let error = record.error("note", "不能为空", "").to_string();
    assert_eq!(error, "“院校”表第 5 行：不能为空");
}

#[test]
fn every_way_to_write_a_day() {
    let written = [
        "2024-07-26",
        "2024/7/26",
        "2024.7.26",
        "2024年7月26日",
        "20240726",
        "２０２４－０７－２６",
        "2024-07-26 08:30:00",
    ];
    let format = Format::new().set_num_format("yyyy/m/d");
    let bytes = book("院校", |page| {
        page.write_row(0, 0, HEADINGS).unwrap();
        for row in 1..=11 {
            page.write_row(row, 0, ["校", "技工学校"]).unwrap();
        }
        for (row, text) in (1..).zip(written) {
            page.write_string(row, 3, text).unwrap();
        }
        let day = ExcelDateTime::from_ymd(2024, 7, 26).unwrap();
        page.write_datetime_with_format(8, 3, day, &format).unwrap();
        page.write_number(9, 3, 45_499).unwrap();
        page.write_number(10, 3, 20_240_726).unwrap();
        page.write_number_with_format(11, 3, 45_499.75, &format).unwrap();
    });
    let read = read_ok(&bytes, "x.xlsx");
    assert_eq!(read.records.len(), 11);
    for record in &read.records {
        assert_eq!(record.date("held"), Some(date("2024-07-26")), "row {}", record.row);
    }
}

#[test]
fn numbers_and_days_in_text_columns() {
    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let bytes = book("院校", |page| {
        page.write_row(0, 0, HEADINGS).unwrap();
        page.write_number(1, 0, 441_900).unwrap();
        page.write_string(1, 1, "技工学校").unwrap();
        page.write_number(1, 2, 12.000000000000002).unwrap();
        page.write_number_with_format(1, 4, 45_499.75, &format).unwrap();
        page.write_number(2, 0, 0.1 + 0.2).unwrap();
        page.write_string(2, 1, "技工学校").unwrap();
        page.write_boolean(2, 4, true).unwrap();
    });
    let read = read_ok(&bytes, "x.xlsx");
    let texts: Vec<_> =
        read.records.iter().map(|record| (record.text("name"), record.text("note"))).collect();
    assert_eq!(texts, [("441900", "2024-07-26 18:00"), ("0.3", "TRUE")]);
    assert_eq!(read.records[0].integer("students"), Some(12));
}

#[test]
fn other_sheets_are_passed_over_and_named() {
    let mut book = Book::new();
    book.add_worksheet().set_name("草稿").unwrap().write_string(0, 0, "随便写写").unwrap();
    book.add_worksheet().set_name("空的").unwrap();
    let renamed = book.add_worksheet().set_name("Sheet3").unwrap();
    renamed.write_row(0, 0, ["姓名", "任职日期"]).unwrap();
    renamed.write_row(1, 0, ["张三", "2024-09-01"]).unwrap();
    let read = read_ok(&book.save_to_buffer().unwrap(), "x.xlsx");
    assert_eq!(read.ignored, ["草稿"]);
    assert_eq!(read.records[0].sheet, "教师");
}

#[test]
fn formulas_give_their_results() {
    let bytes = book("院校", |page| {
        page.write_row(0, 0, HEADINGS).unwrap();
        page.write_row(1, 0, ["甲校", "技工学校"]).unwrap();
        page.write_formula(1, 2, rust_xlsxwriter::Formula::new("=SUM(1,2)").set_result("3")).unwrap();
        page.write_formula(1, 4, rust_xlsxwriter::Formula::new("=\"a\"&\"b\"").set_result("ab")).unwrap();
        page.write_row(2, 0, ["乙校", "技工学校"]).unwrap();
        page.write_formula(2, 3, rust_xlsxwriter::Formula::new("=\"\"").set_result("~")).unwrap();
    });
    // A formula that ends in an empty text is an empty cell, not one that was never computed.
    let bytes = with_part(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>~</v>", "<v></v>"));
    let read = read_ok(&bytes, "x.xlsx");
    assert_eq!(read.records[1].date("held"), None);
    assert_eq!(read.records[0].integer("students"), Some(3));
    assert_eq!(read.records[0].text("note"), "ab");
}

#[test]
fn fifty_thousand_rows() {
    let rows = |n: i64| -> Vec<Vec<Value>> {
        (0..n)
            .map(|i| {
                vec![
                    format!("第{i}校").into(),
                    "技工学校".into(),
                    i.into(),
                    date("2024-07-26").into(),
                    "备注".into(),
                ]
            })
            .collect()
    };
    let bytes = write(&spec(), [rows(50_000), Vec::new()]).unwrap();
    let full = read_ok(&bytes, "x.xlsx");
    assert_eq!(full.records.len(), 50_000);
    let last = &full.records[49_999];
    assert_eq!(
        (last.row, last.integer("students"), last.date("held")),
        (50_001, Some(49_999), Some(date("2024-07-26")))
    );
    let over = write_csv(&spec().sheets[0], rows(50_001)).unwrap();
    assert_eq!(
        read(&spec(), &over, "x.csv").unwrap_err()[0].to_string(),
        "“院校”表：数据超过 50000 行，请拆分成几个文件上传"
    );
}

#[test]
fn rows_written_as_they_come_read_back() {
    let one = Workbook { sheets: vec![spec().sheets.swap_remove(0)], ..spec() };
    let mut writer = RowWriter::begin(&one).unwrap();
    rows().swap_remove(0).iter().for_each(|row| writer.row(row).unwrap());
    assert!(writer.row(&vec![Value::Empty; 6]).is_err(), "longer than the sheet");
    let mut bytes = Vec::new();
    writer.finish(&mut bytes).unwrap();
    assert_schools(&read_ok(&bytes, "x.xlsx"));
    assert!(!part(&bytes, "xl/worksheets/sheet1.xml").contains("<f>"));
    assert!(RowWriter::begin(&spec()).is_err(), "two sheets");
    let form = Workbook { sheets: vec![one.sheets[0].clone().above(["标题"])], ..one };
    assert!(RowWriter::begin(&form).is_err(), "a form");
}
