//! What a person is asked about before a file is taken in: it is read, or left out, but never without a word.

use super::common::*;
use jiedui_documents::{Read, read};

fn names(read: &Read) -> Vec<&str> {
    read.records.iter().map(|record| record.text("name")).collect()
}

/// What is told to somebody who cannot be asked.
fn refusals(read: Read) -> Vec<String> {
    let errors = read.plain().errors;
    assert!(!errors.is_empty(), "nothing is asked");
    errors.iter().map(ToString::to_string).collect()
}

fn two_rows() -> String {
    row(&HEADINGS) + &row(&["甲校", "技工学校"]) + &row(&["乙校", "技工学校"])
}

#[test]
fn hidden_rows_are_read_and_told() {
    let rows = two_rows().replacen(
        "<row><c t=\"inlineStr\"><is><t>乙校",
        "<row hidden=\"1\"><c t=\"inlineStr\"><is><t>乙校",
        1,
    );
    let read = read_ok(&packed(&parts(&[("院校", "", &rows)])), "x.xlsx");
    assert_eq!((names(&read), kinds(&read)), (vec!["甲校", "乙校"], vec![("hidden-row", 3)]));
    assert_eq!(read.notes[0].text, "“院校”表第 3 行是隐藏的，也读入了");
    assert_eq!(
        refusals(read),
        ["“院校”表第 3 行：这一行是隐藏的，请取消隐藏或筛选，核对后再上传，不要的行请删除"]
    );
}

#[test]
fn a_hidden_sheet_is_told() {
    let read = read_ok(&packed(&parts(&[("院校", "state=\"veryHidden\"", &two_rows())])), "x.xlsx");
    assert_eq!((names(&read).len(), kinds(&read)), (2, vec![("hidden-sheet", 0)]));
    assert_eq!(refusals(read), ["“院校”表：这张表是隐藏的，请取消隐藏，核对后再上传，不要的表请删除"]);
    // Without data in it, nothing is hidden.
    let empty = read_ok(&packed(&parts(&[("院校", "state=\"hidden\"", &row(&HEADINGS))])), "x.xlsx");
    assert!(empty.notes.is_empty());
}

#[test]
fn hidden_columns_with_data_are_told() {
    let cols = "<cols><col min=\"3\" max=\"5\" hidden=\"1\"/></cols>";
    let rows = row(&HEADINGS) + &row(&["甲校", "技工学校", "12"]) + &row(&["乙校", "技工学校", "13"]);
    let xml = format!("{cols}<sheetData>{rows}</sheetData>");
    let bytes = packed(&parts(&[("院校", "", &xml)]));
    let found = read_ok(&bytes, "x.xlsx");
    assert_eq!(kinds(&found), [("hidden-column", 0)]);
    assert_eq!(found.notes[0].text, "“院校”表 C 列（在校生数）是隐藏的，里面的内容也读入了");
    // What the template itself hides is not told.
    let mut ours = spec();
    ours.sheets[0].columns[2].hidden = true;
    assert!(read(&ours, &bytes, "x.xlsx").unwrap().notes.is_empty());
}

#[test]
fn a_second_sheet_with_the_same_columns_is_told() {
    let more = row(&HEADINGS) + &row(&["丙校", "技工学校"]);
    for sheets in [
        [("院校", "", two_rows()), ("院校 (2)", "", more.clone())],
        [("复件", "", more.clone()), ("院校", "", two_rows())],
        [("院校", "", two_rows()), ("院 校", "", more.clone())],
    ] {
        let [first, second] = &sheets;
        let read = read_ok(
            &packed(&parts(&[(first.0, first.1, &first.2), (second.0, second.1, &second.2)])),
            "x.xlsx",
        );
        assert_eq!(
            (names(&read), kinds(&read)),
            (vec!["甲校", "乙校"], vec![("second-sheet", 0)]),
            "{sheets:?}"
        );
        assert!(refusals(read)[0].ends_with("另有一张表也是同样的列，请把数据放在一张表里，不要的表请删除"));
    }
    let empty =
        read_ok(&packed(&parts(&[("院校", "", &two_rows()), ("空白", "", &row(&HEADINGS))])), "x.xlsx");
    assert!(empty.notes.is_empty());
    assert_eq!(empty.ignored, ["空白"]);
}

#[test]
fn totals_are_left_out_and_told() {
    let rows = two_rows() + &row(&["合　计", "", "<c><f>SUM(C2:C3)</f></c>"]);
    let read = read_ok(&packed(&parts(&[("院校", "", &rows)])), "x.xlsx");
    assert_eq!((names(&read), kinds(&read)), (vec!["甲校", "乙校"], vec![("total-row", 4)]));
    assert_eq!(read.notes[0].text, "“院校”表第 4 行是合计，没有读入");
    let csv = "院校名称,院校类型,在校生数\n甲校,技工学校,12\n总计,,12\n";
    assert_eq!(kinds(&read_ok(csv.as_bytes(), "x.csv")), [("total-row", 3)]);
}

#[test]
fn a_title_above_the_headings_is_passed_over_and_told() {
    let rows = row(&["某省院校名单"]) + &row(&[]) + &row(&["填报单位：某处", "", "年度：2026"]) + &two_rows();
    let read = read_ok(&packed(&parts(&[("院校", "", &rows)])), "x.xlsx");
    assert_eq!(
        (names(&read), kinds(&read)),
        (vec!["甲校", "乙校"], vec![("title-row", 1), ("title-row", 3)])
    );
    assert_eq!(read.notes[0].text, "“院校”表第 1 行“某省院校名单”在列标题上面，没有读入");
    assert_eq!(read.records[0].row, 5);
    // It is no reason to refuse the file.
    assert!(read.plain().errors.is_empty());
    let csv = "名单\n院校名称,院校类型\n甲校,技工学校\n";
    assert_eq!(kinds(&read_ok(csv.as_bytes(), "x.csv")), [("title-row", 1)]);
    // A heading that was lost is reported at its row, and nobody is advised to delete the column of the title.
    let lost = row(&["名单"]) + &row(&["院校名称", "类型"]) + &row(&["甲校", "技工学校"]);
    assert_eq!(
        errors(&packed(&parts(&[("院校", "", &lost)])), "x.xlsx"),
        [
            "“院校”表第 2 行 B 列：“类型”不是模板中的列，请删除这一列，或改成模板中的标题",
            "“院校”表第 2 行“院校类型”列：缺少这一列，此列必填，请从模板重新填写",
        ]
    );
    let none = row(&["名单"]) + &row(&["甲校", "技工学校"]);
    let headless = errors(&packed(&parts(&[("院校", "", &none)])), "x.xlsx");
    assert!(headless[0].starts_with("“院校”表：前 10 行中没有找到列标题"), "{headless:?}");
}

#[test]
fn the_same_row_twice_is_told() {
    let rows = two_rows()
        + &row(&["甲校", "技工学校"])
        + &row(&["甲校", "技工学校", "1"])
        + &row(&["甲校 ", "技工学校"]);
    let read = read_ok(&packed(&parts(&[("院校", "", &rows)])), "x.xlsx");
    assert_eq!((names(&read).len(), kinds(&read)), (5, vec![("same-row", 4), ("same-row", 6)]));
    assert_eq!(read.notes[0].text, "“院校”表第 4 行与第 2 行完全相同，两行都读入了");
    assert_eq!(refusals(read).len(), 2);
    // Every row is compared with the first of its kind, however many there are.
    let csv = "院校名称,院校类型\n".to_owned() + &"甲校,技工学校\n".repeat(3_000);
    let read = read_ok(csv.as_bytes(), "x.csv");
    assert_eq!((read.records.len(), read.notes.len()), (3_000, 1_001));
    assert_eq!(read.notes[1_000].text, "同样的提醒超过 1000 处，其余没有列出");
}

fn merged(ranges: &[&str], rows: &str) -> Vec<u8> {
    let ranges: String = ranges.iter().map(|range| format!("<mergeCell ref=\"{range}\"/>")).collect();
    let xml = format!("<sheetData>{}{rows}</sheetData><mergeCells>{ranges}</mergeCells>", row(&HEADINGS));
    packed(&parts(&[("院校", "", &xml)]))
}

#[test]
fn a_merged_cell_holds_for_all_its_rows() {
    let rows = row(&["甲校", "技工学校", "9", "", "省级"])
        + &row(&["乙校", "", "8"])
        + &row(&["丙校", "", "7"])
        + &row(&["丁校", "技工学校"]);
    let read = read_ok(&merged(&["B2:B4", "E2:E4"], &rows), "x.xlsx");
    let told: Vec<_> = read.records.iter().map(|record| (record.text("type"), record.text("note"))).collect();
    let first = ("技工学校", "省级");
    assert_eq!(told, [first, first, first, ("技工学校", "")]);
    assert_eq!(kinds(&read), [("merged-cells", 2), ("merged-cells", 2)]);
    assert_eq!(read.notes[0].text, "“院校”表第 2 行起的单元格 B2:B4 是合并的，内容用于其中每一行");
    assert!(read.plain().errors.is_empty());
    // A row that has nothing of its own is none.
    let tall = row(&["甲校", "技工学校"]) + &row(&["", ""]);
    assert_eq!(read_ok(&merged(&["A2:A3", "B2:B3"], &tall), "x.xlsx").records.len(), 1);
}

/// What a number comes to when it is taken for each row, nobody knows but a person.
#[test]
fn a_merged_number_is_asked_about() {
    let rows = row(&["甲校", "技工学校", "<c><v>90</v></c>", "", "90"])
        + &row(&["乙校", "技工学校"])
        + &row(&["丙校", "技工学校"]);
    let read = read_ok(&merged(&["C2:C4", "E2:E3"], &rows), "x.xlsx");
    let told: Vec<_> = read.records.iter().map(|record| record.integer("students")).collect();
    assert_eq!(told, [Some(90); 3]);
    assert_eq!(kinds(&read), [("merged-number", 2), ("merged-number", 2)]);
    let all = refusals(read);
    assert_eq!(all[0], "“院校”表第 2 行：合并的单元格里是数字，请取消合并，逐行填写");
}

#[test]
fn remarks_that_matter_are_not_crowded_out() {
    let rows: String = (0..1_100)
        .map(|at| {
            row(&[&format!("{at}号校"), "技工学校", "", "", "同上"])
                + &row(&[&format!("{at}号分校"), "技工学校"])
        })
        .collect();
    let rows = rows + &row(&["合计", "", "12"]);
    let ranges: Vec<String> = (0..1_100).map(|at| format!("E{}:E{}", at * 2 + 2, at * 2 + 3)).collect();
    let ranges: Vec<&str> = ranges.iter().map(String::as_str).collect();
    let read = read_ok(&merged(&ranges, &rows), "x.xlsx");
    assert_eq!(kinds(&read).last(), Some(&("total-row", 2_202)));
    assert_eq!(refusals(read).len(), 1);
}

#[test]
fn cells_merged_over_columns_are_refused_by_name() {
    let rows = row(&["甲校", "技工学校"]) + &row(&["乙校", "技工学校", "12"]) + &row(&["合计", "", "12"]);
    assert_eq!(
        errors(&merged(&["C3:E3", "A4:B4"], &rows), "x.xlsx"),
        ["“院校”表第 3 行：单元格 C3:E3 合并在一起，分不清各列的内容，请取消合并，逐格填写"]
    );
    // Out of the headings into the data, too.
    assert_eq!(
        errors(&merged(&["A1:A2"], &rows), "x.xlsx"),
        ["“院校”表第 2 行：单元格 A1:A2 合并在一起，分不清各列的内容，请取消合并，逐格填写"]
    );
    // Beside the table, nothing of ours is merged.
    assert_eq!(read_ok(&merged(&["G2:J9", "A1:E1"], &rows), "x.xlsx").records.len(), 2);
}

#[test]
fn columns_that_are_absent_are_told_from_empty_ones() {
    let csv = "院校名称,院校类型,备注\n甲校,技工学校,\n";
    let read = read_ok(csv.as_bytes(), "x.csv");
    let record = &read.records[0];
    assert!(record.has("note") && record.text("note").is_empty());
    assert!(!record.has("students") && !record.has("nothing") && record.has("name"));
}
