//! Large workbooks, for `bench/streams.sh`, which takes time and memory of the process:
//! `workbooks make FILE ROWS COLUMNS` writes one as our exports are written, `workbooks save FILE ROWS COLUMNS` as Excel
//! saves it (texts in a table of their own), `workbooks read FILE COLUMNS` reads it as an upload is read.

use jiedui_documents::{Column, Kind, RowWriter, Sheet, Value, Workbook, read};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

const LIST: &str = "类型";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["make", file, rows, columns] => make(file, rows.parse()?, columns.parse()?),
        ["save", file, rows, columns] => save(file, rows.parse()?, columns.parse()?),
        ["read", file, columns] => take(file, columns.parse()?),
        _ => Err("make FILE ROWS COLUMNS | save FILE ROWS COLUMNS | read FILE COLUMNS".into()),
    }
}

/// Columns of all kinds in turn.
fn spec(columns: usize) -> Workbook {
    let kinds =
        [Kind::Text, Kind::Date, Kind::Integer, Kind::Choice(LIST.to_owned()), Kind::Text, Kind::Text];
    let column = |at: usize| Column::new(&format!("c{at}"), &format!("第{at}列"), kinds[at % 6].clone());
    let types = (0..40).map(|at| format!("类型{at}")).collect();
    Workbook {
        sheets: vec![Sheet::new("数据", (0..columns).map(column).collect())],
        lists: BTreeMap::from([(LIST.to_owned(), types)]),
    }
}

/// Half of the texts are said once only.
fn value(row: u32, at: usize) -> Value {
    let number = i64::from(row) * 7 + at as i64;
    match at % 6 {
        1 => jiedui_kernel::Date::from_ymd_opt(2024, 1 + row % 12, 1 + row % 28).into(),
        2 => number.into(),
        3 => format!("类型{}", number % 40).into(),
        4 => format!("某某技工学校{}", number % 1_000).into(),
        _ => format!("第{row}行说明{at}").into(),
    }
}

fn make(file: &str, rows: u32, columns: usize) -> Result<(), Box<dyn Error>> {
    let mut writer = RowWriter::begin(&spec(columns))?;
    for row in 0..rows {
        let values: Vec<Value> = (0..columns).map(|at| value(row, at)).collect();
        writer.row(&values)?;
    }
    Ok(writer.finish(BufWriter::new(File::create(file)?))?)
}

fn save(file: &str, rows: u32, columns: usize) -> Result<(), Box<dyn Error>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.set_name("数据")?;
    for (column, at) in spec(columns).sheets[0].columns.iter().zip(0_u16..) {
        page.write_string(0, at, &column.heading)?;
        for row in 0..rows {
            match value(row, usize::from(at)) {
                Value::Text(text) => page.write_string(row + 1, at, text)?,
                Value::Date(date) => page.write_string(row + 1, at, date.to_string())?,
                Value::Integer(number) => page.write_number(row + 1, at, number as f64)?,
                Value::Number(_) | Value::Empty => page,
            };
        }
    }
    Ok(book.save(file)?)
}

fn take(file: &str, columns: usize) -> Result<(), Box<dyn Error>> {
    let found = read(&spec(columns), &std::fs::read(file)?, file);
    let found = found.map_err(|errors| errors.first().map(ToString::to_string).unwrap_or_default())?;
    println!("{} rows", found.records.len());
    Ok(())
}
