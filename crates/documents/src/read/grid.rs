//! Sheets without a description, cell by cell: matrices, whose headings are data. As hostile as any other file.

use super::book::Book;
use super::collect::{Flow, forbidden};
use super::guard::{Outcome, Stop, damaged};
use super::raw::{Raw, RawRow};
use super::sheet::Taker;
use super::{Content, MAX_CHARS, MAX_ERRORS, MAX_TEXT, MAX_UNPACKED, locked, not_a_table, sniff};
use crate::cell::{Value, letters, round_15, squeeze, trim, whole};
use crate::error::{CellError, Fault};

/// One sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    pub name: String,
    /// Rows that hold something, from top to bottom.
    pub rows: Vec<GridRow>,
}

/// The cells of one row that hold something, from left to right: text, whole numbers, and numbers with decimals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GridRow {
    /// From 1, as in Excel.
    pub row: u32,
    /// Columns count from 0.
    pub cells: Vec<(u32, Value)>,
}

impl GridRow {
    pub fn get(&self, column: u32) -> Option<&Value> {
        let at = self.cells.binary_search_by_key(&column, |(at, _)| *at).ok()?;
        self.cells.get(at).map(|(_, value)| value)
    }
}

/// A cell as Excel names it: column from 0, row from 1.
pub fn cell_name(column: u32, row: u32) -> String {
    format!("{}{row}", letters(column))
}

/// Reads those sheets of an xlsx that have one of these names, in the order of the file.
///
/// # Errors
/// All problems found: the file as a whole, or cells that hold a date, an error, a formula without its result, too long
/// a text or hidden characters.
pub fn read_grids(bytes: &[u8], names: &[&str]) -> Result<Vec<Grid>, Vec<CellError>> {
    match sniff(bytes) {
        Content::Zip => {}
        Content::Ole if super::holds_utf16(bytes, "EncryptedPackage") => return Err(vec![*locked()]),
        _ => return Err(vec![*not_a_table("这不是 .xlsx 表格")]),
    }
    let mut taken = Taken::default();
    match read_sheets(bytes, names, &mut taken) {
        Err(fault) => Err(vec![*fault]),
        Ok(()) if taken.errors.is_empty() => Ok(taken.grids),
        Ok(()) => Err(taken.errors),
    }
}

#[derive(Default)]
struct Taken {
    grids: Vec<Grid>,
    errors: Vec<CellError>,
    text: usize,
}

fn read_sheets(bytes: &[u8], names: &[&str], taken: &mut Taken) -> Result<(), Fault> {
    let book = Book::open(bytes, MAX_UNPACKED).map_err(|stop| stop.fault(""))?;
    for sheet in book.sheets.iter().filter(|sheet| sheet.has_cells) {
        let wanted = squeeze(&sheet.name);
        let Some(name) = names.iter().find(|name| squeeze(name) == wanted) else { continue };
        if taken.grids.iter().any(|grid| grid.name == **name) {
            return Err(Box::new(CellError::sheet(name, "出现了两次", "请只保留一张")));
        }
        taken.grids.push(Grid { name: (*name).to_owned(), rows: Vec::new() });
        let part = sheet.part.as_ref().ok_or_else(damaged)?;
        book.rows(part, taken).map_err(|stop| stop.fault(name))?;
    }
    Ok(())
}

impl Taker for Taken {
    fn row(&mut self, row: RawRow) -> Outcome<Flow> {
        let Some(grid) = self.grids.last_mut() else { return Ok(Flow::Stop) };
        let mut cells = Vec::with_capacity(row.cells.len());
        for (column, raw) in row.cells {
            if let Raw::Text(text) = &raw {
                self.text += text.len();
            }
            if self.text > MAX_TEXT {
                return Err(Stop::Fault(Box::new(CellError::file(
                    "文字过多，表格装不下",
                    "请改用 JSON 文件",
                ))));
            }
            match plain(raw) {
                Ok(Value::Empty) => {}
                Ok(value) => cells.push((column, value)),
                Err((value, reason, help)) if self.errors.len() < MAX_ERRORS => {
                    let place = CellError::sheet(&grid.name, reason, help);
                    let place = CellError { row: row.number, letter: letters(column), ..place };
                    self.errors.push(place.with_value(&value));
                }
                Err(_) => {}
            }
        }
        if !cells.is_empty() {
            grid.rows.push(GridRow { row: row.number, cells });
        }
        Ok(Flow::Go)
    }
}

/// The value, or what stands there, what is wrong with it and what to do.
fn plain(raw: Raw) -> Result<Value, (String, String, &'static str)> {
    Ok(match raw {
        Raw::Text(text) => {
            let text = trim(&text);
            if text.chars().count() > MAX_CHARS {
                return Err((text, format!("超过 {MAX_CHARS} 个字"), "请缩短"));
            }
            if forbidden(&text).is_some() {
                return Err((text, "含有看不见的控制字符".to_owned(), "请清空单元格后重新输入"));
            }
            if text.is_empty() { Value::Empty } else { Value::Text(text) }
        }
        Raw::Number(number) | Raw::Share(number) | Raw::Scaled(number) => {
            whole(number).map_or(Value::Number(round_15(number)), Value::Integer)
        }
        Raw::Moment(_) | Raw::At(..) => {
            return Err((String::new(), "是日期或时间".to_owned(), "请改为数字或文字"));
        }
        Raw::Error(text) => return Err((text, "是公式出错的结果".to_owned(), "请改正公式或直接填写内容")),
        Raw::Uncomputed => {
            let help = "请在 Excel 中打开并保存，或直接填写内容";
            return Err((String::new(), "公式没有计算结果".to_owned(), help));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::pages::{Page, Slot, write_pages};

    fn book(rows: Vec<Vec<Slot>>) -> Vec<u8> {
        let page = Page {
            name: "得分".to_owned(),
            widths: vec![20.0],
            frozen: (1, 1),
            rows: Box::new(rows.into_iter()),
        };
        write_pages(vec![page]).unwrap()
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = book(vec![
            vec![Slot::Title("题".to_owned()), Slot::Empty, Slot::heading("=1+1")],
            vec![],
            vec![
                Slot::value(-7),
                Slot::Value(Value::Number(0.25)),
                Slot::Formula("A3*2".to_owned(), -14.0),
                Slot::TextFormula("C1".to_owned(), "=1+1".to_owned()),
            ],
        ]);
        let grids = read_grids(&bytes, &["别的", "得分"]).unwrap();
        let rows = vec![
            GridRow { row: 1, cells: vec![(0, "题".into()), (2, "=1+1".into())] },
            GridRow {
                row: 3,
                cells: vec![
                    (0, Value::Integer(-7)),
                    (1, Value::Number(0.25)),
                    (2, Value::Integer(-14)),
                    (3, "=1+1".into()),
                ],
            },
        ];
        assert_eq!(grids, [Grid { name: "得分".to_owned(), rows }]);
        assert_eq!(read_grids(&bytes, &["别的"]).unwrap(), []);
        assert_eq!(cell_name(27, 3), "AB3");
    }

    #[test]
    fn a_date_is_told_at_its_cell() {
        let day = jiedui_kernel::Date::from_ymd_opt(2024, 7, 26).unwrap();
        let errors = read_grids(&book(vec![vec![Slot::Empty, Slot::value(day)]]), &["得分"]).unwrap_err();
        assert_eq!(errors[0].to_string(), "“得分”表第 1 行 B 列：是日期或时间，请改为数字或文字");
    }

    #[test]
    fn other_files_are_refused() {
        for bytes in [&b""[..], b"{}", b"PK\x03\x04broken"] {
            assert_eq!(read_grids(bytes, &["得分"]).unwrap_err().len(), 1);
        }
    }
}
