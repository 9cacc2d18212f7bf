//! Sheets laid out as official forms: title and facts above, notes and signatures below, and still data.

use super::common::*;
use jiedui_documents::{
    CellError, Column, Error, Kind, MAX_ROWS, Read, Sheet, Value, Workbook, read, template, write, write_csv,
};
use rust_xlsxwriter::{Workbook as Book, Worksheet};

const TITLE: &str = "技工院校基本情况表";
const FACTS: &str = "填报单位：某省人力资源社会保障厅    年度：2026";
const NOTE: &str = "注：院校名称与公章一致。";
const SIGNED: &str = "填报人：      审核人：";
const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The schools as a form, with a hidden number of ours in front, and the staff as a plain list.
fn form() -> Workbook {
    let mut spec = spec();
    let schools = &mut spec.sheets[0];
    schools.columns.insert(0, Column::new("id", "编号", Kind::Text).hidden());
    schools.columns[4] = Column::new("held", "举办日期", Kind::Date).required();
    spec.sheets[0] = schools.clone().above([TITLE, FACTS]).below([NOTE, SIGNED]);
    spec
}

fn school(id: &str, name: &str) -> Vec<Value> {
    let held: jiedui_kernel::Date = "2024-07-26".parse().unwrap();
    vec![id.into(), name.into(), "技师学院".into(), Value::Empty, held.into(), "=1+1".into()]
}

fn read_form(bytes: &[u8], file_name: &str) -> Read {
    read(&form(), bytes, file_name).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn errors_of(bytes: &[u8], file_name: &str) -> Vec<String> {
    let errors = read(&form(), bytes, file_name).unwrap_err();
    errors.iter().map(CellError::to_string).collect()
}

fn names(read: &Read) -> Vec<(u32, &str, &str)> {
    read.records.iter().map(|record| (record.row, record.text("id"), record.text("name"))).collect()
}

const FORM_HEADINGS: [&str; 6] = ["编号", "院校名称", "院校类型", "在校生数", "举办日期", "备注"];

/// A sheet with these rows of text, the first in row 1.
fn typed(name: &str, rows: &[&[&str]]) -> Vec<u8> {
    book(name, |page| put(page, rows))
}

fn put(page: &mut Worksheet, rows: &[&[&str]]) {
    for (row, values) in (0..).zip(rows) {
        page.write_row(row, 0, values.iter().copied()).unwrap();
    }
}

#[test]
fn a_form_reads_back() {
    let bytes = write(&form(), [vec![school("x1", "甲校"), school("x2", "乙校")], Vec::new()]).unwrap();
    let read = read_form(&bytes, "x.xlsx");
    assert_eq!(names(&read), [(4, "x1", "甲校"), (5, "x2", "乙校")]);
    let first = &read.records[0];
    assert_eq!((first.text("type"), first.text("note")), ("技师学院", "=1+1"));
    assert_eq!(first.date("held"), Some("2024-07-26".parse().unwrap()));
    assert_eq!((first.integer("students"), first.letter("name")), (None, "B"));
    assert!(read.ignored.is_empty());
}

#[test]
fn a_form_looks_like_one() {
    let bytes = write(&form(), [vec![school("x1", "甲校")], Vec::new()]).unwrap();
    let sheet = part(&bytes, SHEET);
    for wanted in [
        "<mergeCell ref=\"A1:F1\"/><mergeCell ref=\"A2:F2\"/><mergeCell ref=\"A5:F5\"/><mergeCell ref=\"A6:F6\"/>",
        "<pane ySplit=\"3\" topLeftCell=\"A4\"",
        "<printOptions horizontalCentered=\"1\"/>",
        "<pageSetup paperSize=\"9\" fitToHeight=\"0\" orientation=\"landscape\"",
        "<oddFooter>&amp;C第&amp;P页 共&amp;N页</oddFooter>",
        "<pageSetUpPr fitToPage=\"1\"/>",
        // Excel fits the height of the rows to their text, but not that of merged cells.
        "<row r=\"1\" spans=\"1:6\" ht=\"30\" customHeight=\"1\"",
        "<row r=\"4\" spans=\"1:6\">",
    ] {
        assert!(sheet.contains(wanted), "{wanted} in {sheet}");
    }
    // The empty cell has a border, too: it is written.
    assert!(sheet.contains("<c r=\"D4\" s="), "{sheet}");
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("<b/><sz val=\"18\"/>") && styles.contains("wrapText=\"1\""), "{styles}");
    assert!(part(&bytes, "xl/workbook.xml").contains("院校!$1:$3"));
    // The plain sheet beside it has none of this.
    let plain = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(plain.contains("<pane ySplit=\"1\"") && !plain.contains("mergeCell"), "{plain}");
    assert!(!plain.contains("landscape") && !plain.contains("oddFooter"), "{plain}");
    // Only lines below: the headings stay in row 1.
    let mut below = spec();
    below.sheets[1] = below.sheets[1].clone().below([NOTE]);
    let bytes = template(&below).unwrap();
    assert!(part(&bytes, "xl/worksheets/sheet2.xml").contains("<mergeCell ref=\"A22:C22\"/>"));
    assert!(read(&below, &bytes, "x.xlsx").unwrap().records.is_empty());
}

#[test]
fn long_lines_get_room() {
    let mut long = form();
    long.sheets[0].below[0] = format!("注：{}", "很长的说明".repeat(40));
    let sheet = part(&write(&long, [Vec::new(), Vec::new()]).unwrap(), SHEET);
    let height = |row: &str| -> f64 {
        let (_, rest) = sheet.split_once(&format!("<row r=\"{row}\" spans=\"1:6\" ht=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    assert!(height("4") > 3.0 * height("5"), "{sheet}");
}

#[test]
fn a_form_of_one_column() {
    let sheet = Sheet::new("名单", vec![Column::new("name", "姓名", Kind::Text).required()]);
    let spec = Workbook {
        sheets: vec![sheet.above(["名单表"]).below(["注：一人一行", "本表一式两份"])],
        ..Workbook::default()
    };
    let row = |name: &str| vec![Value::from(name)];
    let bytes = write(&spec, [vec![row("张三"), row("注某"), row("本表")]]).unwrap();
    let read = read(&spec, &bytes, "x.xlsx").unwrap();
    let names: Vec<_> = read.records.iter().map(|record| (record.row, record.text("name"))).collect();
    assert_eq!(names, [(3, "张三"), (4, "注某"), (5, "本表")]);
}

#[test]
fn a_template_of_a_form_is_filled_in() {
    let bytes = template(&form()).unwrap();
    assert!(read_form(&bytes, "x.xlsx").records.is_empty());
    let sheet = part(&bytes, SHEET);
    // The list to choose from reaches from under the headings to the lines below, which stay free.
    assert!(sheet.contains("sqref=\"C4:C23\"") && sheet.contains("<mergeCell ref=\"A24:F24\"/>"), "{sheet}");
    assert!(part(&bytes, "xl/comments1.xml").contains("ref=\"B3\""));
    // Filled in as Excel does it: into the cells that are there.
    let filled = with_part(&bytes, SHEET, |mut xml| {
        for (at, text) in [("B4", "甲校"), ("C4", "技工学校"), ("E4", "2024-07-26"), ("B5", "乙校")] {
            let (head, rest) = xml.split_once(&format!("<c r=\"{at}\" ")).unwrap();
            let (style, tail) = rest.split_once("/>").unwrap();
            let cell = format!("<c r=\"{at}\" {style} t=\"inlineStr\"><is><t>{text}</t></is></c>");
            xml = format!("{head}{cell}{tail}");
        }
        xml
    });
    assert_eq!(
        errors_of(&filled, "x.xlsx"),
        [
            "“院校”表第 5 行 C 列（院校类型）：没有填写，此列必填",
            "“院校”表第 5 行 E 列（举办日期）：没有填写，此列必填",
        ]
    );
    let filled = with_part(&filled, SHEET, |xml| xml.replace("<t>乙校</t>", "<t></t>"));
    assert_eq!(names(&read_form(&filled, "x.xlsx")), [(4, "", "甲校")]);
    // Without lines below, what is chosen is checked as far down as rows are read.
    let mut open = form();
    open.sheets[0].below.clear();
    let sheet = part(&template(&open).unwrap(), SHEET);
    assert!(sheet.contains(&format!("sqref=\"C4:C{}\"", MAX_ROWS + 3)), "{sheet}");
}

#[test]
fn errors_name_the_row_of_excel() {
    let wrong = ["x1", "甲校", "大学", "", "2024-07-26"];
    let bytes = typed("院校", &[&[TITLE], &[], &[FACTS], &FORM_HEADINGS, &wrong, &["", "乙校"], &[NOTE]]);
    let expected = [
        "“院校”表第 5 行 C 列（院校类型）：“大学”不在代码表“院校类型”中，请从 技工学校、高级技工学校、技师学院 中选择",
        "“院校”表第 6 行 C 列（院校类型）：没有填写，此列必填",
        "“院校”表第 6 行 E 列（举办日期）：没有填写，此列必填",
    ];
    assert_eq!(errors_of(&bytes, "x.xlsx"), expected);
    // Two of three required headings make it the heading row, and the third is missed by name.
    let lost = ["编号", "院校名称", "类型", "在校生数", "举办日期"];
    assert_eq!(
        errors_of(&typed("院校", &[&[TITLE], &lost, &wrong]), "x.xlsx"),
        [
            "“院校”表第 2 行 C 列：“类型”不是模板中的列，请删除这一列，或改成模板中的标题",
            "“院校”表第 2 行“院校类型”列：缺少这一列，此列必填，请从模板重新填写",
        ]
    );
    let long = vec![Value::from("x"); 7];
    let error = write(&form(), [vec![school("x1", "甲校"), long], Vec::new()]).unwrap_err();
    assert_eq!(error.to_string(), "sheet 院校, row 5: 7 values for 6 columns");
    let full = school("x2", &"长".repeat(40_000));
    let error = write(&form(), [vec![school("x1", "甲校"), full], Vec::new()]).unwrap_err();
    assert!(error.to_string().starts_with("sheet 院校, row 5: "), "{error}");
}

#[test]
fn lines_below_are_no_data() {
    let good = ["x1", "甲校", "技工学校", "", "2024-07-26"];
    let rows: [&[&str]; 7] = [
        &[TITLE],
        &FORM_HEADINGS,
        &good,
        &["注: 改过的说明"],
        // Moved by a column, filled in, and with a row of data under it.
        &["", "填 报 人：张三   审核人：李四"],
        &["x2", "乙校", "技工学校", "", "2024-07-26"],
        &["填报人：      审核人："],
    ];
    assert_eq!(names(&read_form(&typed("院校", &rows), "x.xlsx")), [(3, "x1", "甲校"), (6, "x2", "乙校")]);
    // With something beside it, or saying something else, it is a row like any other.
    let rows: [&[&str]; 5] =
        [&FORM_HEADINGS, &good, &["填报人：张三", "丙校"], &["填报人"], &["复核人：王五"]];
    let found = errors_of(&typed("院校", &rows), "x.xlsx");
    let rows = ["第 3 行", "第 4 行", "第 5 行"];
    assert!(rows.iter().all(|row| found.iter().any(|error| error.contains(row))), "{found:?}");
}

#[test]
fn the_title_may_be_deleted() {
    let good = ["x1", "甲校", "技工学校", "", "2024-07-26"];
    let bytes = typed("院校", &[&FORM_HEADINGS, &good, &[SIGNED]]);
    assert_eq!(names(&read_form(&bytes, "x.xlsx")), [(2, "x1", "甲校")]);
}

#[test]
fn headings_are_looked_for_in_ten_rows() {
    let good = ["x1", "甲校", "技工学校", "", "2024-07-26"];
    let remark: &[&str] = &["随便写写"];
    let mut rows = vec![remark; 9];
    rows.extend([&FORM_HEADINGS[..], &good]);
    assert_eq!(names(&read_form(&typed("院校", &rows), "x.xlsx")), [(11, "x1", "甲校")]);
    let missing = [
        "“院校”表：前 10 行中没有找到列标题，请补上模板中的标题行（编号、院校名称、院校类型 等），或从模板重新填写",
    ];
    rows.insert(0, remark);
    assert_eq!(errors_of(&typed("院校", &rows), "x.xlsx"), missing);
    // A file that ends before the tenth row; one of three required headings is not enough.
    let few: [&[&str]; 3] = [&[TITLE], &["院校名称", "校长"], &good];
    assert_eq!(errors_of(&typed("院校", &few), "x.xlsx"), missing);
    let empty = book("院校", |_| {});
    assert_eq!(errors_of(&empty, "x.xlsx"), ["“院校”表：没有列标题，请从模板重新填写"]);
}

#[test]
fn a_renamed_form_is_known_by_its_headings() {
    let good = ["x1", "甲校", "技工学校", "", "2024-07-26"];
    let mut book = Book::new();
    put(book.add_worksheet().set_name("草稿").unwrap(), &[&["随便写写"], &["院校名称"]]);
    put(book.add_worksheet().set_name("Sheet2").unwrap(), &[&[TITLE], &[FACTS], &FORM_HEADINGS, &good]);
    put(book.add_worksheet().set_name("教师").unwrap(), &[&["姓名", "任职日期"]]);
    let read = read_form(&book.save_to_buffer().unwrap(), "x.xlsx");
    assert_eq!(names(&read), [(4, "x1", "甲校")]);
    assert_eq!(read.ignored, ["草稿"]);
    // A plain list begins with its headings, or a title was put above them, which is told.
    let staff = typed("Sheet1", &[&["名单"], &["姓名", "任职日期"]]);
    for (bytes, file) in [(staff.as_slice(), "x.xlsx"), ("名单\n姓名,任职日期\n".as_bytes(), "x.csv")]
    {
        let read = read_form(bytes, file);
        assert_eq!((read.records.len(), read.notes.len()), (0, 1), "{file}");
        assert_eq!(read.notes[0].kind.as_str(), "title-row");
    }
    let unknown =
        "没有找到“院校”“教师”表，前 10 行中应有一行列标题，如 编号、院校名称、院校类型；请从模板填写";
    assert_eq!(errors_of(&typed("Sheet1", &[&["名单"], &["姓名", "日期"]]), "x.xlsx"), [unknown]);
    assert_eq!(errors_of("名单\n名字,日期\n".as_bytes(), "x.csv"), [unknown]);
}

#[test]
fn a_form_as_csv() {
    let csv = write_csv(&form().sheets[0], [school("x1", "甲校")]).unwrap();
    assert!(!String::from_utf8_lossy(&csv).contains(TITLE));
    assert_eq!(names(&read_form(&csv, "x.csv")), [(2, "x1", "甲校")]);
    // As Excel saves it: with the lines, and in its other format without separators behind the title.
    let headings = FORM_HEADINGS.join(",");
    let text =
        format!("{TITLE},,,,,\n{FACTS},,,,,\n{headings}\nx1,甲校,技工学校,,2024/7/26,\n{SIGNED},,,,,\n");
    assert_eq!(names(&read_form(text.as_bytes(), "x.csv")), [(4, "x1", "甲校")]);
    let tabs = text.replace(",,,,,", "").replace(',', "\t");
    assert_eq!(names(&read_form(tabs.as_bytes(), "x.txt")), [(4, "x1", "甲校")]);
    let wrong = text.replace("技工学校", "大学");
    assert!(errors_of(wrong.as_bytes(), "x.csv")[0].starts_with("“院校”表第 4 行 C 列（院校类型）：“大学”"));
}

#[test]
fn a_hidden_column_is_written_and_read() {
    let mut plain = form();
    plain.sheets[0].above.clear();
    plain.sheets[0].below.clear();
    let bytes = write(&plain, [vec![school("x1", "甲校")], Vec::new()]).unwrap();
    let sheet = part(&bytes, SHEET);
    assert_eq!(sheet.matches("hidden=\"1\"").count(), 1, "{sheet}");
    assert!(sheet.contains("<col min=\"1\" max=\"1\"") && !sheet.contains("<mergeCell"), "{sheet}");
    let read = read(&plain, &bytes, "x.xlsx").unwrap();
    assert_eq!(names(&read), [(2, "x1", "甲校")]);
    // Nobody is told how to fill it in: the eight columns that are seen stand under the headings of the help.
    let help = part(&template(&plain).unwrap(), "xl/worksheets/sheet3.xml");
    assert!(help.contains("<row r=\"9\"") && !help.contains("<row r=\"10\""), "{help}");
    let sheet = part(&template(&spec()).unwrap(), SHEET);
    assert!(
        !sheet.contains("<col min=\"1\" max=\"1\" hidden") && !sheet.contains(" hidden=\"1\""),
        "{sheet}"
    );
}

#[test]
fn a_large_form_is_spooled() {
    let rows: Vec<_> = (0..10_001).map(|i| school(&format!("x{i}"), "甲校")).collect();
    let bytes = write(&form(), [rows, Vec::new()]).unwrap();
    let sheet = part(&bytes, SHEET);
    assert!(
        sheet.contains("<mergeCell ref=\"A1:F1\"/>") && sheet.contains("<mergeCell ref=\"A10005:F10005\"/>")
    );
    assert!(sheet.contains("<row r=\"1\"") && sheet.contains("ht=\"30\""));
    let read = read_form(&bytes, "x.xlsx");
    assert_eq!(read.records.len(), 10_001);
    assert_eq!(names(&read)[10_000], (10_004, "x10000", "甲校"));
}

#[test]
fn lines_that_cannot_be_told_apart_are_refused() {
    let cause = |sheet: Sheet| match template(&Workbook { sheets: vec![sheet], ..Workbook::default() }) {
        Err(Error::Spec(cause)) => cause,
        other => panic!("{other:?}"),
    };
    let sheet = || Sheet::new("名单", vec![Column::new("name", "姓名", Kind::Text)]);
    assert_eq!(cause(sheet().above(["姓　名"])), "sheet 名单: line 姓　名 above reads like its headings");
    assert_eq!(cause(sheet().above(vec!["表"; 10])), "sheet 名单: 10 lines above are too many");
    assert_eq!(cause(sheet().above([" "])), "sheet 名单: line “ ” does not begin with words");
    assert_eq!(cause(sheet().below(["：张三"])), "sheet 名单: line “：张三” does not begin with words");
}
