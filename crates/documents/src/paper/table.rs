//! One table for a paper and for a workbook: what a sheet holds, as the table of a paper.

use super::{Table, TableColumn};
use crate::cell::Value;
use crate::spec::Column;
use jiedui_kernel::Date;

/// A day as papers write it: 2026年11月9日, without zeros before a month or a day.
pub fn day_words(day: Date) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

impl Table {
    /// The columns and rows of a sheet, the columns as wide against each other as there; what it hides is left out.
    pub fn of(columns: &[Column], rows: &[Vec<Value>]) -> Self {
        let shown = |column: &Column| TableColumn::new(&column.heading, column.width);
        let cells = |row: &Vec<Value>| {
            let seen = columns.iter().zip(row).filter(|(column, _)| !column.hidden);
            seen.map(|(_, value)| words(value)).collect()
        };
        Self {
            columns: columns.iter().filter(|column| !column.hidden).map(shown).collect(),
            rows: rows.iter().map(cells).collect(),
        }
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day_words(*day),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Kind;

    #[test]
    fn a_sheet_is_the_table_of_a_paper_without_what_it_hides() {
        let columns = [
            Column::new("name", "学校", Kind::Text).width(30.0),
            Column::new("id", "标识", Kind::Text).hidden(),
            Column::new("from", "开始", Kind::Date).width(12.0),
            Column::new("share", "比例", Kind::Integer),
        ];
        let day: Date = "2026-11-09".parse().unwrap();
        let row = vec!["甲校".into(), "x1".into(), day.into(), Value::Number(12.5)];
        let table = Table::of(&columns, &[row, vec![Value::Empty]]);
        let headings: Vec<_> = table.columns.iter().map(|column| (&*column.heading, column.width)).collect();
        assert_eq!(headings, [("学校", 30.0), ("开始", 12.0), ("比例", 10.0)]);
        assert_eq!(table.rows, [vec!["甲校", "2026年11月9日", "12.5"], vec![""]]);
    }
}
