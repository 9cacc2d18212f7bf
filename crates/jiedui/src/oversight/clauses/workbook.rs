//! The words of the plan as a table: an id and a text for each sentence.

use jiedui_documents::{Column, Kind, Sheet, Workbook};

pub const SHEET: &str = "方案原文";
/// The same with the headings of `clauses.csv`, for a file that a program made.
const PLAIN: &str = "text";

fn sheet(name: &str, [id, text]: [&str; 2]) -> Sheet {
    let columns = vec![
        Column::new("clause", id, Kind::Text).required().code().help("行动方案条目的编号，如 S1.4"),
        Column::new("text", text, Kind::Text)
            .required()
            .width(90.0)
            .help("这一条在正式文本里的原话；没有的条目可以不写"),
    ];
    Sheet::new(name, columns)
}

/// What is read.
pub fn description() -> Workbook {
    let sheets = vec![sheet(SHEET, ["编号", "原文"]), sheet(PLAIN, ["id", "text"])];
    Workbook { sheets, ..Workbook::default() }
}

/// What is handed out to be filled in.
pub fn form() -> Workbook {
    Workbook { sheets: vec![sheet(SHEET, ["编号", "原文"])], ..Workbook::default() }
}
