//! Every class of error, with sheet, row and column, in the words that users see.

use super::common::*;
use jiedui_documents::{MAX_ERRORS, Record, read_all};
use rust_xlsxwriter::{Format, Formula, Workbook as Book};

#[test]
fn cells_of_the_wrong_kind() {
    let bytes = schools(&[
        &["甲校", "技工学校", "一百", "2024-13-01"],
        &["乙校", "大学", "12.5", "2024"],
        &["丙校", "技工学校", "1,2", "2023-02-29"],
    ]);
    assert_eq!(
        errors(&bytes, "x.xlsx"),
        [
            "“院校”表第 2 行 C 列（在校生数）：“一百”不是整数，请只填数字，如 120",
            "“院校”表第 2 行 D 列（举办日期）：“2024-13-01”不是日期，请写成 2024-07-26",
            "“院校”表第 3 行 B 列（院校类型）：“大学”不在代码表“院校类型”中，请从 技工学校、高级技工学校、技师学院 中选择",
            "“院校”表第 3 行 C 列（在校生数）：“12.5”不是整数，请只填数字，如 120",
            "“院校”表第 3 行 D 列（举办日期）：“2024”不是日期，请写成 2024-07-26",
            "“院校”表第 4 行 C 列（在校生数）：“1,2”不是整数，请只填数字，如 120",
            "“院校”表第 4 行 D 列（举办日期）：“2023-02-29”不是日期，请写成 2024-07-26",
        ]
    );
}

#[test]
fn numbers_of_the_wrong_kind() {
    let format = Format::new().set_num_format("yyyy-mm-dd");
    let bytes = book("院校", |page| {
        page.write_row(0, 0, HEADINGS).unwrap();
        page.write_number(1, 0, 441_900_199_001_010_014_i64 as f64).unwrap();
        page.write_string(1, 1, "技工学校").unwrap();
        page.write_number(1, 2, 1.5).unwrap();
        page.write_number(1, 3, 2024).unwrap();
        page.write_row(2, 0, ["乙校", "技工学校"]).unwrap();
        page.write_number_with_format(2, 2, 45_499, &format).unwrap();
        page.write_number_with_format(2, 3, 0.5, &format).unwrap();
    });
    assert_eq!(
        errors(&bytes, "x.xlsx"),
        [
            "“院校”表第 2 行 A 列（院校名称）：数字超过 15 位，Excel 已丢失末尾几位，请把单元格设为文本格式后重新填写",
            "“院校”表第 2 行 C 列（在校生数）：“1.5”不是整数，请只填数字，如 120",
            "“院校”表第 2 行 D 列（举办日期）：“2024”不是日期，请写成 2024-07-26",
            "“院校”表第 3 行 C 列（在校生数）：“2024-07-26”不是整数，请只填数字，如 120",
            "“院校”表第 3 行 D 列（举办日期）：“12:00”不是日期，请写成 2024-07-26",
        ]
    );
}

#[test]
fn missing_values() {
    let bytes = schools(&[&["", "技工学校"], &["乙校", "　"]]);
    assert_eq!(
        errors(&bytes, "x.xlsx"),
        [
            "“院校”表第 2 行 A 列（院校名称）：没有填写，此列必填",
            "“院校”表第 3 行 B 列（院校类型）：没有填写，此列必填",
        ]
    );
}

#[test]
fn wrong_headings_and_what_else_is_wrong() {
    let bytes = book("院校", |page| {
        page.write_row(0, 0, ["院校名称", "校长", "备注", "备 注"]).unwrap();
        page.write_row(1, 0, ["", "", "", "", "x"]).unwrap();
    });
    assert_eq!(
        errors(&bytes, "x.xlsx"),
        [
            "“院校”表第 1 行 B 列：“校长”不是模板中的列，请删除这一列，或改成模板中的标题",
            "“院校”表第 1 行 D 列：“备 注”这个标题出现了两次，请只保留一列",
            "“院校”表第 1 行“院校类型”列：缺少这一列，此列必填，请从模板重新填写",
            "“院校”表第 2 行 E 列：这一列没有标题，却填了内容，请补上标题或清空这一列",
            "“院校”表第 2 行 A 列（院校名称）：没有填写，此列必填",
        ]
    );
}

/// Rows in which nothing is wrong are there for whoever checks further, the others beside them.
#[test]
fn what_can_be_read_of_a_wrong_file_is_read() {
    let bytes = schools(&[&["甲校", "大学"], &["乙校", "技工学校"]]);
    let read = read_all(&spec(), &bytes, "x.xlsx").unwrap();
    let names = |records: &[Record]| -> Vec<String> {
        records.iter().map(|record| record.text("name").to_owned()).collect()
    };
    assert_eq!(
        (names(&read.records), names(&read.faulty)),
        (vec!["乙校".to_owned()], vec!["甲校".to_owned()])
    );
    assert_eq!(read.errors.len(), 1);
    assert_eq!(read.faulty[0].text("type"), "");
    let bytes = book("院校", |page| {
        page.write_row(0, 0, ["院校名称", "类型"]).unwrap();
        page.write_row(1, 0, ["甲校", "大学"]).unwrap();
    });
    assert_eq!(read_all(&spec(), &bytes, "x.xlsx").unwrap_err().len(), 2, "no row can be taken as it is");
}

#[test]
fn content_without_heading_and_sheet_without_content() {
    let bytes = schools(&[&["甲校", "技工学校", "", "", "", "多余"]]);
    assert_eq!(
        errors(&bytes, "x.xlsx"),
        ["“院校”表第 2 行 F 列：这一列没有标题，却填了内容，请补上标题或清空这一列"]
    );
    let bytes = book("教师", |_| {});
    assert_eq!(errors(&bytes, "x.xlsx"), ["“教师”表：没有列标题，请从模板重新填写"]);
}

#[test]
fn hidden_characters_and_long_texts() {
    let long = "长".repeat(2_001);
    let csv = format!(
        "院校名称,院校类型,备注\n甲\u{7}校,技工学校,\n乙校,技工学校,{long}\n丙\u{202E}校,技工学校,a\tb\n"
    );
    assert_eq!(
        errors(csv.as_bytes(), "x.csv"),
        [
            "“院校”表第 2 行 A 列（院校名称）：“甲□校”含有看不见的控制字符（U+0007），请清空单元格后重新输入"
                .to_owned(),
            format!("“院校”表第 3 行 C 列（备注）：“{}…”超过 2000 个字，请缩短", "长".repeat(40)),
            "“院校”表第 4 行 A 列（院校名称）：“丙□校”含有看不见的控制字符（U+202E），请清空单元格后重新输入"
                .to_owned(),
        ]
    );
}

#[test]
fn formulas_without_a_good_result() {
    let bytes = book("院校", |page| {
        page.write_row(0, 0, HEADINGS).unwrap();
        page.write_row(1, 0, ["甲校", "技工学校"]).unwrap();
        page.write_formula(1, 2, Formula::new("=VLOOKUP(1,A:B,2,0)").set_result("#N/A")).unwrap();
    });
    assert_eq!(
        errors(&bytes, "x.xlsx"),
        ["“院校”表第 2 行 C 列（在校生数）：“#N/A”是公式出错的结果，请改正公式或直接填写内容"]
    );
    let bytes = with_part(&bytes, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("<v>#N/A</v>", "").replace(" t=\"e\"", "")
    });
    assert_eq!(
        errors(&bytes, "x.xlsx"),
        ["“院校”表第 2 行 C 列（在校生数）：公式没有计算结果，请在 Excel 中打开并保存，或直接填写内容"]
    );
}

#[test]
fn all_sheets_are_reported_and_the_list_ends() {
    let mut book = Book::new();
    for (name, headings) in [("教师", ["姓名", "任职日期"]), ("院校", ["院校名称", "院校类型"])]
    {
        let page = book.add_worksheet().set_name(name).unwrap();
        page.write_row(0, 0, headings).unwrap();
        page.write_row(1, 0, ["x", "y"]).unwrap();
    }
    let found = errors(&book.save_to_buffer().unwrap(), "x.xlsx");
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("“教师”表第 2 行 B 列") && found[1].starts_with("“院校”表第 2 行 B 列"));
    let csv = "姓名,任职日期\n".to_owned() + &"x,y\n".repeat(MAX_ERRORS + 5);
    let found = errors(csv.as_bytes(), "x.csv");
    assert_eq!(found.len(), MAX_ERRORS + 1);
    assert_eq!(found[MAX_ERRORS], "问题超过 1000 处，其余没有列出，请先改正以上问题");
    let exact = "姓名,任职日期\n".to_owned() + &"x,y\n".repeat(MAX_ERRORS);
    assert_eq!(errors(exact.as_bytes(), "x.csv").len(), MAX_ERRORS);
}

#[test]
fn nothing_that_is_ours() {
    let unknown = "没有找到“院校”“教师”表，第一行应是列标题，如 院校名称、院校类型、在校生数；请从模板填写";
    assert_eq!(errors(&book("Sheet1", |page| drop(page.write_string(0, 0, "您好"))), "x.xlsx"), [unknown]);
    assert_eq!(errors(&book("Sheet1", |_| {}), "x.xlsx"), [unknown]);
    assert_eq!(errors("您好,世界\n".as_bytes(), "x.csv"), [unknown]);
}
