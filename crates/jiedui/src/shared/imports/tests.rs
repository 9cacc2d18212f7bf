//! Tests of reports: what a preview shows, and when none is needed.

use super::report::{Outcome, Report, differences};
use jiedui_documents::{Column, Kind, Read, Sheet, Value, Workbook, read};

fn described() -> Workbook {
    let columns = vec![
        Column::new("name", "名称", Kind::Text).required(),
        Column::new("number", "数量", Kind::Integer),
    ];
    Workbook { sheets: vec![Sheet::new("表", columns)], ..Workbook::default() }
}

fn file(text: &str) -> Read {
    read(&described(), text.as_bytes(), "表.csv").unwrap()
}

#[test]
fn what_only_adds_is_certain_and_what_changes_is_looked_at() {
    let found = file("名称,数量\n甲,1\n乙,2\n");
    let mut report = Report::of(&found);
    assert!(report.is_certain() && !report.writes());
    report.made(&found.records[0], "甲");
    report.left_out(&found.records[1], "乙", "没有填");
    assert!(report.is_certain() && report.writes());
    let before = report.digest().unwrap();
    assert_eq!(before, report.digest().unwrap());
    report.changed(&found.records[1], "乙", vec![["数量", "1", "2"].map(str::to_owned)], "");
    assert!(!report.is_certain());
    assert_ne!(before, report.digest().unwrap(), "something else is shown");
    let order: Vec<Outcome> = report.rows().iter().map(|row| row.outcome).collect();
    assert_eq!(order, [Outcome::LeftOut, Outcome::Changed, Outcome::Made]);
    assert_eq!(report.summary(), "已导入：新增 1 项，修改 1 项，相同 0 项，1 处没有写入。");
}

#[test]
fn what_changes_drafts_needs_no_look_but_a_question_does() {
    let found = file("名称,数量\n甲,1\n");
    let mut report = Report::of_drafts(&found);
    report.changed(&found.records[0], "甲", Vec::new(), "");
    assert!(report.is_certain());
    report.ask(&found.records[0], "甲", "像是复制来的");
    assert!(!report.is_certain());
}

#[test]
fn a_difference_is_named_by_its_heading() {
    let sheet = described().sheets.remove(0);
    let before = [Value::from("甲"), Value::Empty];
    let after = [Value::from("甲"), Value::Integer(3)];
    assert_eq!(differences(&sheet, (&before, &after), &[]), [["数量", "", "3"].map(str::to_owned)]);
    assert!(differences(&sheet, (&before, &after), &["number"]).is_empty());
}
