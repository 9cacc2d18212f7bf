//! An official table as a Word document: a title, lines above, one table whose headings come again on each page, lines
//! under it. A4 landscape, laid out after GB/T 9704.
//!
//! The parts are written here and not by a library: what was tried could not repeat a heading row nor name a second
//! choice for a font, and both matter in a table that is printed in an office.

use crate::cell::is_forbidden;
use crate::error::Error;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// A document of one table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableDocument {
    /// What stands at the upper left, such as “附件1”; may be "".
    pub mark: String,
    pub title: String,
    pub above: Vec<String>,
    pub columns: Vec<TableColumn>,
    /// The cells, row by row, in the order of the columns; a short row is filled up with empty cells.
    pub rows: Vec<Vec<String>>,
    pub below: Vec<String>,
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq)]
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

/// Twentieths of a point in a millimetre.
const MM: f64 = 56.693;
/// The page and its margins in millimetres: those of GB/T 9704, turned by a quarter.
const PAGE: (f64, f64) = (297.0, 210.0);
const TOP_BOTTOM: (f64, f64) = (28.0, 26.0);
const LEFT_RIGHT: (f64, f64) = (35.0, 37.0);

/// Fonts by what they are for, with those to take where a machine has not got them.
const TITLE: &str = "方正小标宋简体";
const BODY: &str = "仿宋_GB2312";
const HEADING: &str = "黑体";
const FONTS: [(&str, &str); 3] = [
    (TITLE, "方正小标宋_GBK,小标宋体,宋体,SimSun,Noto Serif CJK SC"),
    (BODY, "仿宋,FangSong,华文仿宋,FandolFang,Noto Serif CJK SC"),
    (HEADING, "SimHei,Noto Sans CJK SC"),
];

/// How a text looks: its font, its size in half points (2号 is 44, 3号 32, 小四 24), and where it stands.
#[derive(Clone, Copy)]
struct Look {
    font: &'static str,
    size: u32,
    align: &'static str,
}

const MARK_LOOK: Look = Look { font: HEADING, size: 32, align: "left" };
const TITLE_LOOK: Look = Look { font: TITLE, size: 44, align: "center" };
const LINE_LOOK: Look = Look { font: BODY, size: 28, align: "left" };
const HEADING_LOOK: Look = Look { font: HEADING, size: 24, align: "center" };
const CELL_LOOK: Look = Look { font: BODY, size: 24, align: "left" };

/// Writes the document as docx.
///
/// # Errors
/// [`Error::Spec`] where there is no column or one without width, [`Error::Row`] where a row is longer than the table.
pub fn word(document: &TableDocument) -> Result<Vec<u8>, Error> {
    let columns = &document.columns;
    if columns.is_empty() || columns.iter().any(|column| !(column.width > 0.0 && column.width < 1e6)) {
        return Err(Error::Spec("a table needs columns, each with a width".to_owned()));
    }
    if let Some((row, cells)) = (1_u32..).zip(&document.rows).find(|(_, cells)| cells.len() > columns.len()) {
        let cause = format!("{} values for {} columns", cells.len(), columns.len());
        return Err(Error::Row { sheet: document.title.clone(), row, cause });
    }
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", relations(&[("officeDocument", "word/document.xml")])),
        (
            "word/_rels/document.xml.rels",
            relations(&[
                ("styles", "styles.xml"),
                ("fontTable", "fontTable.xml"),
                ("settings", "settings.xml"),
                ("footer", "footer1.xml"),
                ("footer", "footer2.xml"),
            ]),
        ),
        ("word/document.xml", body(document)),
        ("word/styles.xml", styles()),
        ("word/fontTable.xml", font_table()),
        // Page numbers stand outside: right on odd pages, left on even ones.
        ("word/settings.xml", format!("{HEAD}<w:settings {W}><w:evenAndOddHeaders/></w:settings>")),
        ("word/footer1.xml", footer("right")),
        ("word/footer2.xml", footer("left")),
    ];
    let fault = |cause: &dyn std::fmt::Display| Error::Write(cause.to_string());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).map_err(|cause| fault(&cause))?;
        archive.write_all(text.as_bytes()).map_err(|cause| fault(&cause))?;
    }
    Ok(archive.finish().map_err(|cause| fault(&cause))?.into_inner())
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
const R: &str = "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

fn content_types() -> String {
    const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut xml = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/word/document.xml\" ContentType=\"{WORD}.document.main+xml\"/>"
    );
    for (part, kind) in [
        ("styles", "styles"),
        ("fontTable", "fontTable"),
        ("settings", "settings"),
        ("footer1", "footer"),
        ("footer2", "footer"),
    ] {
        let _ = write!(xml, "<Override PartName=\"/word/{part}.xml\" ContentType=\"{WORD}.{kind}+xml\"/>");
    }
    xml + "</Types>"
}

/// Relations to these parts, with the ids rId1, rId2, … in this order.
fn relations(parts: &[(&str, &str)]) -> String {
    let mut xml = format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    );
    for (id, (kind, target)) in (1..).zip(parts) {
        let _ = write!(
            xml,
            "<Relationship Id=\"rId{id}\" Target=\"{target}\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\"/>"
        );
    }
    xml + "</Relationships>"
}

fn styles() -> String {
    format!(
        "{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/></w:style></w:styles>",
        fonts(BODY)
    )
}

fn font_table() -> String {
    let fonts = FONTS.iter().fold(String::new(), |mut xml, (name, others)| {
        let _ = write!(xml, "<w:font w:name=\"{name}\"><w:altName w:val=\"{others}\"/></w:font>");
        xml
    });
    format!("{HEAD}<w:fonts {W}>{fonts}</w:fonts>")
}

fn fonts(font: &str) -> String {
    // Latin letters and digits in a serif of their own would stand lower than the characters beside them.
    format!(
        "<w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:eastAsia=\"{font}\" w:cs=\"{font}\" w:hint=\"eastAsia\"/>"
    )
}

/// The number of the page between two dashes.
fn footer(align: &str) -> String {
    let font = "<w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"28\"/></w:rPr>";
    format!(
        "{HEAD}<w:ftr {W}><w:p><w:pPr><w:jc w:val=\"{align}\"/></w:pPr><w:r>{font}<w:t xml:space=\"preserve\">— </w:t></w:r>\
         <w:fldSimple w:instr=\" PAGE \"><w:r>{font}<w:t>1</w:t></w:r></w:fldSimple>\
         <w:r>{font}<w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"
    )
}

/// Text as XML takes it, line ends as line breaks.
fn run(text: &str, look: Look) -> String {
    let mut xml = format!("<w:r><w:rPr>{}<w:sz w:val=\"{}\"/></w:rPr>", fonts(look.font), look.size);
    for (at, line) in text.lines().enumerate() {
        let escaped = line.chars().fold(String::new(), |mut escaped, c| {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                // What XML forbids would make the whole document unreadable.
                c if is_forbidden(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}') => escaped.push('□'),
                c => escaped.push(c),
            }
            escaped
        });
        let break_before = if at > 0 { "<w:br/>" } else { "" };
        let _ = write!(xml, "{break_before}<w:t xml:space=\"preserve\">{escaped}</w:t>");
    }
    xml + "</w:r>"
}

/// A paragraph with this much room behind it, in twentieths of a point.
fn paragraph(text: &str, look: Look, after: u32) -> String {
    laid(text, look, after, "")
}

/// The same, on one page with what follows it.
fn kept(text: &str, look: Look, after: u32) -> String {
    laid(text, look, after, "<w:keepNext/>")
}

fn laid(text: &str, look: Look, after: u32, with: &str) -> String {
    format!(
        "<w:p><w:pPr>{with}<w:spacing w:before=\"0\" w:after=\"{after}\"/><w:jc w:val=\"{}\"/></w:pPr>{}</w:p>",
        look.align,
        run(text, look)
    )
}

fn body(document: &TableDocument) -> String {
    let mut xml = format!("{HEAD}<w:document {W} {R}><w:body>");
    if !document.mark.is_empty() {
        xml += &paragraph(&document.mark, MARK_LOOK, 120);
    }
    xml += &paragraph(&document.title, TITLE_LOOK, 240);
    for line in &document.above {
        xml += &paragraph(line, LINE_LOOK, 60);
    }
    table(&mut xml, document);
    // After a table there must be a paragraph, with or without words.
    xml += &kept("", Look { size: 12, ..LINE_LOOK }, 0);
    for (at, line) in document.below.iter().enumerate() {
        let last = at + 1 == document.below.len();
        xml += &if last { paragraph(line, LINE_LOOK, 60) } else { kept(line, LINE_LOOK, 60) };
    }
    let twips = |mm: f64| (mm * MM).round() as u32;
    let _ = write!(
        xml,
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:footerReference w:type=\"even\" r:id=\"rId5\"/>\
         <w:pgSz w:w=\"{}\" w:h=\"{}\" w:orient=\"landscape\"/><w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" \
         w:left=\"{}\" w:header=\"851\" w:footer=\"{}\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
        twips(PAGE.0),
        twips(PAGE.1),
        twips(TOP_BOTTOM.0),
        twips(LEFT_RIGHT.1),
        twips(TOP_BOTTOM.1),
        twips(LEFT_RIGHT.0),
        // The number stands 7 mm under the text.
        twips(TOP_BOTTOM.1 - 12.0),
    );
    xml
}

/// Begins a table of these columns; one that goes on from another has no line of its own above it.
fn open(xml: &mut String, widths: &[u32], first: bool) {
    let edge =
        |name: &str| format!("<w:{name} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    let top = if first { edge("top") } else { String::new() };
    let edges = top + &["left", "bottom", "right", "insideH", "insideV"].map(edge).concat();
    let grid: String = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let _ = write!(
        xml,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{edges}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"85\" w:type=\"dxa\"/>\
         <w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>",
        widths.iter().sum::<u32>()
    );
}

fn table(xml: &mut String, document: &TableDocument) {
    let whole = (PAGE.0 - LEFT_RIGHT.0 - LEFT_RIGHT.1) * MM;
    let shares: f64 = document.columns.iter().map(|column| column.width).sum();
    let widths: Vec<u32> =
        document.columns.iter().map(|column| (column.width / shares * whole) as u32).collect();
    open(xml, &widths, true);
    let headings = document.columns.iter().map(|column| (column.heading.as_str(), HEADING_LOOK));
    row(xml, &widths, Row::Headings, headings);
    let first_kept = document.rows.len().saturating_sub(KEPT_ROWS);
    for (at, cells) in document.rows.iter().enumerate() {
        let texts = cells.iter().map(String::as_str).chain(std::iter::repeat(""));
        let looks = document
            .columns
            .iter()
            .map(|column| if column.centred { Look { align: "center", ..CELL_LOOK } } else { CELL_LOOK });
        let kind = if at >= first_kept { Row::Kept } else { Row::Usual };
        // Some programs keep a whole table with what follows, or nothing: the last rows are a table of their own, behind a
        // gap that nobody sees.
        if at == first_kept && at > 0 {
            xml.push_str("</w:tbl>");
            xml.push_str(GAP);
            open(xml, &widths, false);
        }
        row(xml, &widths, kind, texts.zip(looks));
    }
    xml.push_str("</w:tbl>");
}

/// So many rows at the end of a table stay with what stands under it: a signature alone on a page signs nothing.
const KEPT_ROWS: usize = 3;

const GAP: &str = "<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" \
    w:lineRule=\"exact\"/></w:pPr></w:p>";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Headings,
    Usual,
    /// On one page with what follows.
    Kept,
}

fn row<'a>(xml: &mut String, widths: &[u32], kind: Row, cells: impl Iterator<Item = (&'a str, Look)>) {
    // A row is not torn over two pages; that of the headings comes again on each.
    let repeated = if kind == Row::Headings { "<w:tblHeader/>" } else { "" };
    let _ = write!(
        xml,
        "<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val=\"510\" w:hRule=\"atLeast\"/>{repeated}</w:trPr>"
    );
    for (width, (text, look)) in widths.iter().zip(cells) {
        let _ = write!(
            xml,
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>{}</w:tc>",
            if kind == Row::Kept { kept(text, look, 0) } else { paragraph(text, look, 0) }
        );
    }
    xml.push_str("</w:tr>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn sample() -> TableDocument {
        TableDocument {
            title: "表".to_owned(),
            columns: vec![TableColumn::new("甲", 1.0), TableColumn::new("乙", 2.0).centred()],
            rows: vec![vec!["a & <b>\u{1}\n第二行".to_owned()]],
            ..TableDocument::default()
        }
    }

    #[test]
    fn text_cannot_break_the_document() {
        let xml = part(&word(&sample()).unwrap(), "word/document.xml");
        assert!(xml.contains("a &amp; &lt;b&gt;□</w:t><w:br/>"), "{xml}");
        assert_eq!(xml.matches("<w:tc>").count(), 4, "the short row is filled up");
        assert_eq!(xml.matches("<w:tblHeader/>").count(), 1);
    }

    #[test]
    fn what_stands_under_the_table_stays_with_its_last_rows() {
        let rows = (1..=9).map(|row| vec![row.to_string(), String::new()]).collect();
        let below = vec!["说明".to_owned(), "签字".to_owned()];
        let xml = part(&word(&TableDocument { rows, below, ..sample() }).unwrap(), "word/document.xml");
        // Two cells of three rows, the gaps above and under them, and every line but the last.
        assert_eq!(xml.matches("<w:keepNext/>").count(), 2 * KEPT_ROWS + 3);
        assert_eq!(xml.matches("<w:tbl>").count(), 2);
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        assert_eq!(word(&sample()).unwrap(), word(&sample()).unwrap());
    }

    #[test]
    fn what_cannot_be_laid_out_is_refused() {
        let narrow = TableDocument { columns: Vec::new(), ..sample() };
        assert!(matches!(word(&narrow), Err(Error::Spec(_))));
        let wide = TableDocument { rows: vec![vec![String::new(); 3]], ..sample() };
        assert!(matches!(word(&wide), Err(Error::Row { row: 1, .. })));
    }
}
