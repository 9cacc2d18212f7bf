//! Papers: one model from which Word ([`word`]), PDF ([`pdf`]) and a page come, laid out after GB/T 9704 (domain.md §7.5).
//!
//! A red-head paper is a draft for somebody else to number and to seal (代拟稿): it has neither number nor seal nor code.

pub mod code;
mod flow;
mod fonts;
mod pdf;
mod signs;
mod table;
mod word;

pub use fonts::{Fonts, MissingFonts};
pub use pdf::pdf;
pub use table::day_words;
pub use word::word;

use crate::error::Error;
use serde::Serialize;

/// A paper. Empty texts stand for what it has not got.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Document {
    pub sheet: Sheet,
    /// Who would issue it: its name stands in red above a red line, and 代拟稿 beside it.
    pub issuer: String,
    /// What stands at the upper left, such as “附件1”.
    pub mark: String,
    pub title: String,
    /// 主送机关: the colon behind it is added.
    pub recipients: String,
    pub blocks: Vec<Block>,
}

/// How the page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sheet {
    #[default]
    Portrait,
    /// For wide tables.
    Landscape,
}

/// A part of a paper, from top to bottom.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Block {
    /// Level 1 to 4; numbered here: 一、（一）1.（1）.
    Heading {
        level: u8,
        text: String,
    },
    /// Indented by two characters.
    Paragraph {
        text: String,
    },
    /// From the edge, and smaller: what stands above and under a table.
    Caption {
        text: String,
    },
    /// Names with what they are, two columns without lines.
    Facts {
        rows: Vec<(String, String)>,
    },
    Table(Table),
    /// One place for each who signs: name, and room for seal and day.
    Signatures {
        of: Vec<String>,
    },
    /// Who signs and the day, at the right, four characters from the edge.
    Signed {
        by: String,
        on: String,
    },
    /// Named under the text.
    Attachments {
        names: Vec<String>,
    },
    /// A square code that opens an address, with the words beside it.
    Code {
        address: String,
        text: String,
    },
    PageBreak,
}

/// A table whose headings come again on each page.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Table {
    pub columns: Vec<TableColumn>,
    /// The cells, row by row, in the order of the columns; a short row is filled up with empty cells.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableColumn {
    pub heading: String,
    /// Its share of the width of the page, against the sum of all.
    pub width: f64,
    pub centred: bool,
}

impl TableColumn {
    pub fn new(heading: &str, width: f64) -> Self {
        Self { heading: heading.to_owned(), width, centred: false }
    }

    pub fn centred(mut self) -> Self {
        self.centred = true;
        self
    }
}

impl Document {
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// One wide table with lines above and under it.
    pub fn of_table(title: impl Into<String>, above: &[String], table: Table, below: &[String]) -> Self {
        let line = |text: &String| Block::Caption { text: text.clone() };
        let mut blocks: Vec<Block> = above.iter().map(line).collect();
        blocks.push(Block::Table(table));
        blocks.extend(below.iter().map(line));
        Self { sheet: Sheet::Landscape, blocks, ..Self::new(title) }
    }

    pub fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.blocks.push(Block::Heading { level, text: text.into() });
    }

    /// One paragraph for each line of the text; nothing where it is empty.
    pub fn text(&mut self, text: &str) {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        self.blocks.extend(lines.map(|line| Block::Paragraph { text: line.to_owned() }));
    }

    pub fn caption(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Caption { text: text.into() });
    }

    pub fn facts(&mut self, rows: Vec<(&str, String)>) {
        let rows: Vec<_> = rows.into_iter().filter(|(_, what)| !what.is_empty()).collect();
        if !rows.is_empty() {
            let rows = rows.into_iter().map(|(name, what)| (name.to_owned(), what)).collect();
            self.blocks.push(Block::Facts { rows });
        }
    }

    pub fn table(&mut self, columns: Vec<TableColumn>, rows: Vec<Vec<String>>) {
        self.blocks.push(Block::Table(Table { columns, rows }));
    }

    /// The blocks with the numbers of their headings written out.
    pub fn numbered(&self) -> Vec<Block> {
        let mut counts = [0_usize; 4];
        let mut number = |block: &Block| match block {
            Block::Heading { level, text } => {
                let level = (*level).clamp(1, 4);
                let at = usize::from(level) - 1;
                counts[at] += 1;
                counts[at + 1..].fill(0);
                Block::Heading { level, text: format!("{}{text}", ordinal(level, counts[at])) }
            }
            other => other.clone(),
        };
        self.blocks.iter().map(&mut number).collect()
    }

    /// # Errors
    /// [`Error::Spec`] where a table has no column or one without width, [`Error::Row`] where a row is longer than its table.
    fn check(&self) -> Result<(), Error> {
        for block in &self.blocks {
            let Block::Table(table) = block else { continue };
            let columns = &table.columns;
            if columns.is_empty() || columns.iter().any(|column| !(column.width > 0.0 && column.width < 1e6))
            {
                return Err(Error::Spec("a table needs columns, each with a width".to_owned()));
            }
            let mut rows = (1_u32..).zip(&table.rows);
            if let Some((row, cells)) = rows.find(|(_, cells)| cells.len() > columns.len()) {
                let cause = format!("{} values for {} columns", cells.len(), columns.len());
                return Err(Error::Row { sheet: self.title.clone(), row, cause });
            }
        }
        Ok(())
    }
}

/// 一、（一）1.（1） as GB/T 9704 numbers the levels of a text.
fn ordinal(level: u8, count: usize) -> String {
    match level {
        1 => format!("{}、", chinese(count)),
        2 => format!("（{}）", chinese(count)),
        3 => format!("{count}."),
        _ => format!("（{count}）"),
    }
}

/// A number up to 99 in Chinese; larger ones in digits, which no paper of ours reaches.
pub fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (number / 10, number % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, ones) if tens < 10 => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => number.to_string(),
    }
}

/// The page and its margins in millimetres: those of GB/T 9704 upright, and turned by a quarter.
#[derive(Debug, Clone, Copy)]
struct Margins {
    width: f64,
    height: f64,
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
}

impl Sheet {
    fn margins(self) -> Margins {
        match self {
            Self::Portrait => {
                Margins { width: 210.0, height: 297.0, top: 37.0, bottom: 35.0, left: 28.0, right: 26.0 }
            }
            Self::Landscape => {
                Margins { width: 297.0, height: 210.0, top: 28.0, bottom: 26.0, left: 35.0, right: 37.0 }
            }
        }
    }
}

/// The four faces of an official paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Face {
    /// 小标宋: titles.
    Title,
    /// 仿宋: the text.
    Body,
    /// 黑体: headings of the first level, of tables, marks.
    Heading,
    /// 楷体: headings of the second level.
    Kai,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Centre,
    Right,
}

/// How a text looks: its face, its size in half points (2号 is 44, 3号 32, 小四 24), and where it stands.
#[derive(Debug, Clone, Copy)]
struct Look {
    face: Face,
    size: u32,
    align: Align,
    /// The first line begins so many characters in, all others so many.
    first: u32,
    rest: u32,
    /// It ends so many characters before the right edge.
    right: u32,
    /// Its lines stand as far apart as the standard asks: 22 on a page.
    spaced: bool,
    red: bool,
}

impl Look {
    const fn new(face: Face, size: u32, align: Align) -> Self {
        Self { face, size, align, first: 0, rest: 0, right: 0, spaced: false, red: false }
    }
}

const ISSUER: Look = Look { red: true, ..Look::new(Face::Title, 72, Align::Centre) };
const DRAFT: Look = Look::new(Face::Heading, 32, Align::Right);
const MARK: Look = Look::new(Face::Heading, 32, Align::Left);
const TITLE: Look = Look::new(Face::Title, 44, Align::Centre);
const RECIPIENTS: Look = Look { spaced: true, ..Look::new(Face::Body, 32, Align::Left) };
const PARAGRAPH: Look = Look { first: 2, ..RECIPIENTS };
const ATTACHMENT: Look = Look { first: 2, rest: 5, ..RECIPIENTS };
const LINE: Look = Look::new(Face::Body, 28, Align::Left);
const SIGNED: Look = Look { align: Align::Right, right: 4, ..RECIPIENTS };
const COLUMN: Look = Look::new(Face::Heading, 24, Align::Centre);
const CELL: Look = Look::new(Face::Body, 24, Align::Left);
const FACT: Look = Look::new(Face::Body, 28, Align::Left);

/// The look of a heading: 黑体, 楷体, and 仿宋 for the two below.
const fn heading(level: u8) -> Look {
    let face = match level {
        1 => Face::Heading,
        2 => Face::Kai,
        _ => Face::Body,
    };
    Look { face, ..PARAGRAPH }
}

/// What is signed by hand, in three rows, so that a long name moves nobody's place out of line: the names with room for
/// the seals, the signatures, the days.
fn signatures(of: &[String]) -> [Vec<String>; 3] {
    [
        of.iter().map(|name| format!("{name}（盖章）")).collect(),
        vec!["\n签字：".to_owned(); of.len()],
        vec!["\n　　年　　月　　日".to_owned(); of.len()],
    ]
}

/// The width of the names of facts, in characters: that of the longest, within what leaves room for the facts.
fn longest_name(rows: &[(String, String)]) -> u32 {
    let longest = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    longest.clamp(4, 8) as u32
}

/// So many rows at the end of a table stay with what stands under it: a signature alone on a page signs nothing.
const KEPT_ROWS: usize = 3;

/// So many lines at the end of a paragraph go with what is signed or coded under it.
const KEPT_LINES: usize = 2;

/// Whether a block stays with the one under it: neither a signature nor a code stands alone on a page, nor does what
/// speaks of a table stand at the foot of the page before it.
fn is_kept(block: &Block, next: Option<&Block>) -> bool {
    let Some(next) = next else { return false };
    let signs = matches!(next, Block::Signed { .. } | Block::Signatures { .. } | Block::Code { .. });
    let (caption, table) = (matches!(next, Block::Caption { .. }), matches!(next, Block::Table(_)));
    match block {
        Block::Paragraph { .. } => signs || table,
        Block::Caption { .. } | Block::Signed { .. } => signs || caption || table,
        Block::Facts { .. } | Block::Table(_) => signs || caption,
        _ => false,
    }
}

/// The name of who issues it, as large as the line has room for and the standard takes.
fn issuer(name: &str) -> Look {
    // The text is 156 mm wide, a character as wide as its size in points.
    let room = 156.0 * 72.0 / 25.4 / name.chars().count().max(1) as f64;
    Look { size: ((room * 2.0) as u32).clamp(36, 72), ..ISSUER }
}

fn attachments(names: &[String]) -> Vec<String> {
    let many = names.len() > 1;
    let name = |(at, name): (usize, &String)| {
        let head = if at == 0 { "附件：" } else { "　　　" };
        if many { format!("{head}{}. {name}", at + 1) } else { format!("{head}{name}") }
    };
    names.iter().enumerate().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_numbered_as_the_standard_does() {
        let mut document = Document::new("题");
        for (level, text) in [(1, "甲"), (2, "乙"), (2, "丙"), (3, "丁"), (4, "戊"), (1, "己"), (2, "庚")]
        {
            document.heading(level, text);
        }
        let texts: Vec<String> = document
            .numbered()
            .into_iter()
            .map(|block| match block {
                Block::Heading { text, .. } => text,
                _ => String::new(),
            })
            .collect();
        assert_eq!(texts, ["一、甲", "（一）乙", "（二）丙", "1.丁", "（1）戊", "二、己", "（一）庚"]);
        assert_eq!([10, 11, 20, 99].map(chinese), ["十", "十一", "二十", "九十九"]);
    }

    #[test]
    fn what_cannot_be_laid_out_is_refused() {
        let of = |columns: Vec<TableColumn>, rows| Document {
            blocks: vec![Block::Table(Table { columns, rows })],
            ..Document::new("表")
        };
        assert!(matches!(word(&of(Vec::new(), Vec::new())), Err(Error::Spec(_))));
        let wide = of(vec![TableColumn::new("甲", 1.0)], vec![vec![String::new(); 2]]);
        assert!(matches!(word(&wide), Err(Error::Row { row: 1, .. })));
    }
}
