//! The table of who goes with whom, as it is annexed to an order (G1.1): to file and to print.

use jiedui_documents::paper::{Block, Document, Table};
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Date, Error, Result};

/// A county school with its two partners, in the words of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnnexRow {
    pub city: String,
    pub county: String,
    /// Whether the county is a typical one (G0.3).
    pub typical: bool,
    pub county_school: String,
    pub lead: String,
    pub nearby: String,
    /// The first day of the pairing, where it is settled.
    pub starts: Option<Date>,
    pub remark: String,
}

/// The columns, for the workbook and for the paper.
fn columns() -> Vec<Column> {
    let text = |key: &str, heading: &str, width: f64| Column::new(key, heading, Kind::Text).width(width);
    vec![
        Column::new("place", "序号", Kind::Integer).width(8.0),
        text("city", "市", 12.0),
        text("county", "县（市、区）", 20.0),
        text("typical", "典型县", 11.0),
        text("county_school", "对口县级院校", 28.0),
        text("lead", "牵头院校", 28.0),
        text("nearby", "配合院校", 28.0),
        Column::new("starts", "结对开始", Kind::Date).width(23.0),
        text("remark", "备注", 14.0),
    ]
}

/// The rows in the order given, numbered from 1.
fn values(rows: &[AnnexRow]) -> Vec<Vec<Value>> {
    let text = |text: &str| if text.is_empty() { Value::Empty } else { text.into() };
    let row = |(place, row): (i64, &AnnexRow)| {
        vec![
            Value::Integer(place),
            text(&row.city),
            text(&row.county),
            text(if row.typical { "是" } else { "" }),
            text(&row.county_school),
            text(&row.lead),
            text(&row.nearby),
            row.starts.into(),
            text(&row.remark),
        ]
    };
    (1..).zip(rows).map(row).collect()
}

/// What stands around the table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnnexHead {
    /// Such as “附件1”; may be "".
    pub mark: String,
    /// "" for the usual one.
    pub title: String,
    /// Lines above the table, such as “填报单位：…    日期：…”.
    pub above: Vec<String>,
    /// Lines under it, such as remarks on how the table came about. That of the signatures is added.
    pub below: Vec<String>,
    /// The square code under it.
    pub opens: Option<Block>,
}

const TITLE: &str = "结对安排表";
const SIGNATURES: &str =
    "制表人：                审核人：                负责人：                （盖章）        年    月    日";

fn title(head: &AnnexHead) -> &str {
    if head.title.is_empty() { TITLE } else { &head.title }
}

/// The lines under the table, none of them empty.
fn below(head: &AnnexHead) -> Vec<String> {
    let lines = head.below.iter().filter(|line| !line.trim().is_empty()).cloned();
    lines.chain([SIGNATURES.to_owned()]).collect()
}

/// The table as a workbook.
///
/// # Errors
/// [`Error::Internal`] where a line above or under the table is none that a workbook can take.
pub fn annex_book(rows: &[AnnexRow], head: &AnnexHead) -> Result<Vec<u8>> {
    // The title comes first, because the first line is what a workbook sets large; the mark follows it there.
    let above =
        [title(head).to_owned()].into_iter().chain([head.mark.clone()]).chain(head.above.iter().cloned());
    let above = above.filter(|line| !line.trim().is_empty());
    let sheet = Sheet::new(TITLE, columns()).above(above).below(below(head));
    let spec = Workbook { sheets: vec![sheet], ..Workbook::default() };
    write(&spec, [values(rows)]).map_err(Error::internal)
}

/// The same as a paper.
pub fn annex_paper(rows: &[AnnexRow], head: &AnnexHead) -> Document {
    let table = Table::of(&columns(), &values(rows));
    let document = Document::of_table(title(head), &head.above, table, &below(head));
    let mut document = Document { mark: head.mark.clone(), ..document };
    document.blocks.extend(head.opens.clone());
    document
}
