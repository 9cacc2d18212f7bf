//! What papers cost, as rows of a Markdown table, for `bench/figures.sh`: `papers` makes 57 bulletins of a county and one list of
//! forty pages as PDF, with the fonts of this machine, and says how many pages the list really has.

use jiedui_documents::paper::{Document, Fonts, Table, TableColumn, pdf};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

const BULLETINS: usize = 57;
/// Figures of one month in a county, and schools that say what troubles them.
const FIGURES: usize = 60;
const TROUBLED: usize = 6;
/// So many rows fill forty pages of a landscape sheet.
const ROWS: usize = 400;

fn table(columns: &[(&str, f64)], rows: usize, cell: impl Fn(usize, usize) -> String) -> Table {
    Table {
        columns: columns.iter().map(|(name, width)| TableColumn::new(name, *width)).collect(),
        rows: (0..rows).map(|row| (0..columns.len()).map(|at| cell(row, at)).collect()).collect(),
    }
}

fn bulletin(county: usize) -> Document {
    let columns =
        [("序号", 6.0), ("指标", 34.0), ("本月登记", 14.0), ("本月确认", 14.0), ("本年累计确认", 16.0)];
    let cell = |row: usize, at: usize| match at {
        0 => (row + 1).to_string(),
        1 => format!("示例指标第{row}项（牵头院校和配合院校合计）"),
        _ => format!("{} 人次", (county * 31 + row * 7 + at) % 997),
    };
    let help =
        |at: usize| format!("需要帮助：示例县第{at}技工学校（示例县）：实训设备不足，请协调工位和师资。");
    Document::of_table(
        "2026年10月协作工作调度通报",
        &["本范围 6 所县级院校，已接收 6 所（其中省办接收 6 所）。数字为已接收学校的合计。".to_owned()],
        table(&columns, FIGURES, cell),
        &(0..TROUBLED).map(help).collect::<Vec<_>>(),
    )
}

fn list() -> Document {
    let columns = [
        ("序号", 6.0),
        ("项目名称", 30.0),
        ("任务", 16.0),
        ("牵头院校", 18.0),
        ("县级院校", 18.0),
        ("年度目标", 12.0),
    ];
    let cell = |row: usize, at: usize| match at {
        0 => (row + 1).to_string(),
        1 => format!("示例项目{row}：共建数控加工实训基地并开展师资培训"),
        2 => "专业建设与课程改革".to_owned(),
        3 => format!("示例第{}技师学院", row % 38),
        4 => format!("示例县第{}技工学校", row % 57),
        _ => format!("{} 人次", row % 400),
    };
    Document::of_table("协作项目清单", &[], table(&columns, ROWS, cell), &[])
}

/// Leaves of the tree of pages; the tree itself is called Pages.
fn pages(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let kinds = text.split("/Type").skip(1).map(str::trim_start);
    kinds.filter(|kind| kind.strip_prefix("/Page").is_some_and(|rest| !rest.starts_with('s'))).count()
}

fn main() -> Result<(), Box<dyn Error>> {
    let folders: Vec<PathBuf> = vec!["/usr/local/share/fonts".into(), "/usr/share/fonts".into()];
    let begun = Instant::now();
    for county in 0..BULLETINS {
        // As for a request: fonts are looked for each time.
        pdf(&bulletin(county), &Fonts::find(&folders)?)?;
    }
    let bulletins = begun.elapsed();
    let begun = Instant::now();
    let bytes = pdf(&list(), &Fonts::find(&folders)?)?;
    let taken = begun.elapsed();
    println!("| {BULLETINS} bulletins of a county as PDF | {:.2} s | ≤ 10 s |", bulletins.as_secs_f64());
    println!("| a list of {} pages as PDF | {:.2} s | 40 pages ≤ 3 s |", pages(&bytes), taken.as_secs_f64());
    Ok(())
}
