//! What holds for every table: it comes back as it went, the order of the rows does not matter, and nothing that comes in
//! stops the program or is half taken.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_exchange::{
    Column, Fault, Form, Kind, MAX_BYTES, MAX_FAULTS, MAX_ROWS, Row, Schema, Value, Wrong, batches, read,
    sendable, write,
};
use proptest::prelude::*;

fn schema(form: Form) -> Schema {
    let column = |field: &str, kind: Kind, key: bool| Column { field: field.to_owned(), kind, key };
    let levels = [("技工学校", "01"), ("技师学院", "03")];
    let codes = levels.map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned())).to_vec();
    Schema {
        form,
        columns: vec![
            column("xxmc", Kind::Text, true),
            column("xxlb", Kind::Code(codes), false),
            column("zxss", Kind::Number { shift: 0 }, false),
            column("sbzz", Kind::Number { shift: 6 }, false),
        ],
    }
}

fn text(text: &str) -> Option<Value> {
    Some(Value::Text(text.to_owned()))
}

fn of(name: &str, students: i64) -> Row {
    vec![text(name), text("技工学校"), Some(Value::Number(students)), None]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let name = "[甲乙丙丁a-z\",'][甲乙丙丁a-z\",' ]{0,4}[甲乙丙丁]";
    let number = || prop::option::of(any::<i64>().prop_map(Value::Number));
    let level = prop::option::of(prop::sample::select(vec!["技工学校", "技师学院"]));
    let row = (name, level, number(), number())
        .prop_map(|(name, level, students, worth)| vec![text(&name), level.and_then(text), students, worth]);
    prop::collection::vec(row, 0..12)
}

fn forms() -> impl Strategy<Value = Form> {
    prop::sample::select(vec![Form::Csv, Form::Json])
}

fn wrongs(found: &Result<Vec<jiedui_exchange::NumberedRow>, Vec<Fault>>) -> Vec<(usize, &str, Wrong)> {
    let faults = found.as_ref().unwrap_err();
    faults.iter().map(|one| (one.line, one.field.as_str(), one.wrong.clone())).collect()
}

proptest! {
    #[test]
    fn what_goes_out_comes_back(form in forms(), rows in rows()) {
        let schema = schema(form);
        let sendable = sendable(&schema, &rows);
        prop_assert!(sendable.faults.iter().all(|one| one.wrong == Wrong::RepeatedKey));
        prop_assert_eq!(sendable.rows.len() + sendable.faults.len(), rows.len());
        let bytes = write(&schema, &sendable.rows).unwrap();
        if sendable.rows.is_empty() {
            let found = read(&schema, &bytes);
            prop_assert_eq!(wrongs(&found), vec![(0, "", Wrong::Empty)]);
        } else {
            let back: Vec<Row> = read(&schema, &bytes).unwrap().into_iter().map(|line| line.row).collect();
            prop_assert_eq!(back, sendable.rows);
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(form in forms(), rows in rows()) {
        let (schema, mut turned) = (schema(form), rows.clone());
        let first = sendable(&schema, &rows);
        // Which of two rows with one key stays is the first: only without such rows is it all the same.
        prop_assume!(first.faults.is_empty());
        turned.reverse();
        let other = sendable(&schema, &turned);
        prop_assert_eq!(write(&schema, &first.rows).unwrap(), write(&schema, &other.rows).unwrap());
    }

    #[test]
    fn batches_are_the_whole_in_parts(form in forms(), rows in rows(), most in 1_usize..5) {
        let schema = schema(form);
        let rows = sendable(&schema, &rows).rows;
        let mut back = Vec::new();
        for batch in batches(&schema, &rows, most).unwrap() {
            prop_assert!(batch.rows <= most && batch.before == back.len());
            back.extend(read(&schema, &batch.bytes).unwrap().into_iter().map(|line| line.row));
        }
        prop_assert_eq!(back, rows);
    }

    #[test]
    fn whatever_comes_in_is_taken_whole_or_refused(form in forms(), bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Err(faults) = read(&schema(form), &bytes) {
            prop_assert!(!faults.is_empty());
        }
    }

    #[test]
    fn nearly_right_files_are_refused_at_their_place(cut in 0_usize..200, byte in any::<u8>()) {
        let schema = schema(Form::Json);
        let mut bytes = write(&schema, &[of("甲", 1), of("乙", 2)]).unwrap();
        let at = cut % bytes.len();
        bytes[at] = byte;
        let _ = read(&schema, &bytes);
        bytes.truncate(at);
        prop_assert!(read(&schema, &bytes).is_err());
    }
}

#[test]
fn every_fault_is_told_in_one_round() {
    let csv = "xxmc,xxlb,zxss,sbzz\r\n甲,09,x,1.2345678\r\n,01,1,\r\n乙,01,1\r\n丙,01,1,\r\n丙,01,2,\r\n=丁,01,1,\r\n";
    assert_eq!(
        wrongs(&read(&schema(Form::Csv), csv.as_bytes())),
        [
            (2, "xxlb", Wrong::UnknownCode),
            (2, "zxss", Wrong::NoNumber),
            (2, "sbzz", Wrong::TooFine),
            (3, "xxmc", Wrong::NoKey),
            (4, "", Wrong::Width),
            (6, "", Wrong::RepeatedKey),
            (7, "xxmc", Wrong::Characters),
        ]
    );
    let headings = read(&schema(Form::Csv), "xxmc,zxss,zxss,other\r\n甲,1,1,1\r\n".as_bytes());
    assert_eq!(
        wrongs(&headings),
        [
            (1, "zxss", Wrong::RepeatedColumn),
            (1, "other", Wrong::UnknownColumn),
            (1, "xxlb", Wrong::MissingColumn),
            (1, "sbzz", Wrong::MissingColumn),
        ]
    );
    let json = r#"[{"xxmc":"甲","xxlb":null,"zxss":1.5,"sbzz":"0.5"},7,{"xxmc":1,"xxlb":"01","zxss":1,"sbzz":null,"y":0}]"#;
    assert_eq!(
        wrongs(&read(&schema(Form::Json), json.as_bytes())),
        [
            (1, "zxss", Wrong::NoNumber),
            (2, "", Wrong::Shape),
            (3, "y", Wrong::UnknownColumn),
            (3, "xxmc", Wrong::OtherKind),
        ]
    );
}

#[test]
fn there_is_a_limit_to_everything() {
    let schema = schema(Form::Csv);
    assert_eq!(wrongs(&read(&schema, &vec![b'x'; MAX_BYTES + 1])), [(0, "", Wrong::TooLarge)]);
    assert_eq!(wrongs(&read(&schema, b"\xff\xfe")), [(0, "", Wrong::Encoding)]);
    let rows: Vec<Row> = (0..=MAX_ROWS).map(|at| of(&format!("校{at}"), 1)).collect();
    let bytes = write(&schema, &rows).unwrap();
    assert_eq!(wrongs(&read(&schema, &bytes)), [(0, "", Wrong::TooManyRows)]);
    let bad = format!("xxmc,xxlb,zxss,sbzz\r\n{}", "甲,01,x,\r\n".repeat(MAX_FAULTS * 2));
    let found = read(&schema, bad.as_bytes()).unwrap_err();
    assert_eq!((found.len(), found.last().map(|one| one.wrong.clone())), (MAX_FAULTS + 1, Some(Wrong::More)));
    let deep = "[".repeat(100_000);
    let json = Schema { form: Form::Json, ..schema };
    assert_eq!(wrongs(&read(&json, deep.as_bytes())), [(0, "", Wrong::Shape)]);
}

#[test]
fn what_cannot_go_stays_and_says_why() {
    let schema = schema(Form::Csv);
    let rows = [
        of("乙", 2),
        vec![None, None, None, None],
        vec![text("丙"), text("幼儿园"), None, None],
        of("乙", 3),
        vec![text("丁"), None, text("许多"), None],
    ];
    let found = sendable(&schema, &rows);
    let told: Vec<(usize, &str, Wrong)> =
        found.faults.iter().map(|one| (one.line, one.field.as_str(), one.wrong.clone())).collect();
    assert_eq!(
        told,
        [
            (2, "xxmc", Wrong::NoKey),
            (3, "xxlb", Wrong::UnknownCode),
            (4, "", Wrong::RepeatedKey),
            (5, "zxss", Wrong::OtherKind),
        ]
    );
    assert_eq!(found.rows, [of("乙", 2)]);
    let text = String::from_utf8(write(&schema, &found.rows).unwrap()).unwrap();
    assert_eq!(text, "xxmc,xxlb,zxss,sbzz\r\n乙,01,2,\r\n");
}
