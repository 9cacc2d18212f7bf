//! A paper as a Word file.
//!
//! The parts are written here and not by a library: what was tried could not repeat a heading row nor name a second
//! choice for a font, and both matter in a paper that is printed in an office.

use super::code::picture;
use super::{Align, Block, Document, Face, KEPT_ROWS, Look, Margins, Table};
use crate::cell::is_forbidden;
use crate::error::Error;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// Twentieths of a point in a millimetre.
const MM: f64 = 56.693;

/// Fonts by what they are for, with those to take where a machine has not got them.
const FONTS: [(Face, &str, &str); 4] = [
    (Face::Title, "方正小标宋简体", "方正小标宋_GBK,小标宋体,宋体,SimSun,Noto Serif CJK SC"),
    (Face::Body, "仿宋_GB2312", "仿宋,FangSong,华文仿宋,FandolFang,Noto Serif CJK SC"),
    (Face::Heading, "黑体", "SimHei,Noto Sans CJK SC"),
    (Face::Kai, "楷体_GB2312", "楷体,KaiTi,华文楷体,FandolKai,Noto Serif CJK SC"),
];

/// Writes the paper as docx.
///
/// # Errors
/// [`Error::Spec`] where a table has no column or one without width, [`Error::Row`] where a row is longer than its table.
pub fn word(document: &Document) -> Result<Vec<u8>, Error> {
    document.check()?;
    let mut writer = Writer { xml: String::new(), margins: document.sheet.margins(), codes: Vec::new() };
    writer.body(document)?;
    let mut relations_of = vec![
        ("styles", "styles.xml".to_owned()),
        ("fontTable", "fontTable.xml".to_owned()),
        ("settings", "settings.xml".to_owned()),
        ("footer", "footer1.xml".to_owned()),
        ("footer", "footer2.xml".to_owned()),
    ];
    relations_of.extend((1..=writer.codes.len()).map(|at| ("image", format!("media/code{at}.bmp"))));
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", relations(&[("officeDocument", "word/document.xml".to_owned())])),
        ("word/_rels/document.xml.rels", relations(&relations_of)),
        ("word/document.xml", writer.xml),
        ("word/styles.xml", styles()),
        ("word/fontTable.xml", font_table()),
        // Page numbers stand outside: right on odd pages, left on even ones.
        ("word/settings.xml", format!("{HEAD}<w:settings {W}><w:evenAndOddHeaders/></w:settings>")),
        ("word/footer1.xml", footer("right")),
        ("word/footer2.xml", footer("left")),
    ];
    let fault = |cause: &dyn std::fmt::Display| Error::Write(cause.to_string());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let codes = (1..).zip(writer.codes).map(|(at, bytes)| (format!("word/media/code{at}.bmp"), bytes));
    let texts = parts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes()));
    for (name, bytes) in texts.chain(codes) {
        archive.start_file(name, SimpleFileOptions::default()).map_err(|cause| fault(&cause))?;
        archive.write_all(&bytes).map_err(|cause| fault(&cause))?;
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
         <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"bmp\" ContentType=\"image/bmp\"/>\
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
fn relations(parts: &[(&str, String)]) -> String {
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

/// Without room of its own between a character and a digit: 28 stand on a line, as in the PDF.
fn styles() -> String {
    format!(
        "{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/></w:style></w:styles>",
        fonts(Face::Body)
    )
}

fn font_table() -> String {
    let fonts = FONTS.iter().fold(String::new(), |mut xml, (_, name, others)| {
        let _ = write!(xml, "<w:font w:name=\"{name}\"><w:altName w:val=\"{others}\"/></w:font>");
        xml
    });
    format!("{HEAD}<w:fonts {W}>{fonts}</w:fonts>")
}

fn fonts(face: Face) -> String {
    let font = FONTS.iter().find(|(of, ..)| *of == face).map_or("", |(_, name, _)| name);
    // Latin letters and digits in a serif of their own would stand lower than the characters beside them.
    format!(
        "<w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:eastAsia=\"{font}\" w:cs=\"{font}\" w:hint=\"eastAsia\"/>"
    )
}

/// The number of the page between two dashes, a character from the edge.
fn footer(align: &str) -> String {
    let font = "<w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"28\"/></w:rPr>";
    format!(
        "{HEAD}<w:ftr {W}><w:p><w:pPr><w:ind w:left=\"280\" w:right=\"280\"/><w:jc w:val=\"{align}\"/></w:pPr><w:r>{font}<w:t xml:space=\"preserve\">— </w:t></w:r>\
         <w:fldSimple w:instr=\" PAGE \"><w:r>{font}<w:t>1</w:t></w:r></w:fldSimple>\
         <w:r>{font}<w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"
    )
}

/// Text as XML takes it, line ends as line breaks.
fn run(text: &str, look: Look) -> String {
    let colour = if look.red { "<w:color w:val=\"FF0000\"/>" } else { "" };
    let mut xml = format!("<w:r><w:rPr>{}{colour}<w:sz w:val=\"{}\"/></w:rPr>", fonts(look.face), look.size);
    for (at, line) in text.lines().enumerate() {
        let escaped = line.chars().fold(String::new(), |mut escaped, c| {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                // What XML forbids would make the whole paper unreadable.
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

/// What is special about a paragraph.
#[derive(Clone, Copy, Default)]
struct Set {
    /// Room behind it, in twentieths of a point.
    after: u32,
    /// On one page with what follows it.
    kept: bool,
    /// A red line under it.
    ruled: bool,
}

fn paragraph(text: &str, look: Look, set: Set) -> String {
    laid(&run(text, look), look, set)
}

fn laid(runs: &str, look: Look, set: Set) -> String {
    let with = if set.kept { "<w:keepNext/>" } else { "" };
    let ruled = if set.ruled {
        "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"18\" w:space=\"8\" w:color=\"FF0000\"/></w:pBdr>"
    } else {
        ""
    };
    // A character is as wide as its size: half points times ten are twentieths of a point.
    let (first, rest) = (look.first * look.size * 10, look.rest * look.size * 10);
    let right = look.right * look.size * 10;
    let indent = match first >= rest {
        true => format!("<w:ind w:left=\"{rest}\" w:right=\"{right}\" w:firstLine=\"{}\"/>", first - rest),
        false => format!("<w:ind w:left=\"{rest}\" w:right=\"{right}\" w:hanging=\"{}\"/>", rest - first),
    };
    // 22 lines on 225 mm.
    let line = if look.spaced { " w:line=\"580\" w:lineRule=\"exact\"" } else { "" };
    let align = match look.align {
        Align::Left => "left",
        Align::Centre => "center",
        Align::Right => "right",
    };
    // A paragraph without words is as high as its mark.
    format!(
        "<w:p><w:pPr>{with}{ruled}<w:spacing w:before=\"0\" w:after=\"{}\"{line}/>{indent}<w:jc w:val=\"{align}\"/>\
         <w:rPr><w:sz w:val=\"{}\"/></w:rPr></w:pPr>{runs}</w:p>",
        set.after, look.size
    )
}

struct Writer {
    xml: String,
    margins: Margins,
    /// Pictures of the codes, in the order of their relations from rId6.
    codes: Vec<Vec<u8>>,
}

const FIRST_PICTURE: usize = 6;

impl Writer {
    fn put(&mut self, text: &str, look: Look, after: u32) {
        self.xml += &paragraph(text, look, Set { after, ..Set::default() });
    }

    fn body(&mut self, document: &Document) -> Result<(), Error> {
        self.xml = format!("{HEAD}<w:document {W} {R}><w:body>");
        if !document.issuer.is_empty() {
            self.put("代拟稿", super::DRAFT, 240);
            let look = super::issuer(&document.issuer);
            self.xml += &paragraph(&document.issuer, look, Set { after: 480, ruled: true, kept: false });
        }
        if !document.mark.is_empty() {
            self.put(&document.mark, super::MARK, 120);
        }
        self.put(&document.title, super::TITLE, 240);
        if !document.recipients.is_empty() {
            self.put(&format!("{}：", document.recipients), super::RECIPIENTS, 0);
        }
        let blocks = document.numbered();
        for (at, block) in blocks.iter().enumerate() {
            self.block(block, blocks.get(at + 1))?;
        }
        self.section();
        Ok(())
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) -> Result<(), Error> {
        let kept = super::is_kept(block, next);
        match block {
            Block::Heading { level, text } => {
                self.xml += &paragraph(text, super::heading(*level), Set { kept: true, ..Set::default() });
            }
            Block::Paragraph { text } => {
                self.xml += &paragraph(text, super::PARAGRAPH, Set { kept, ..Set::default() });
            }
            Block::Caption { text } => {
                // Lines under a table hold together, and with its last rows.
                self.xml += &paragraph(text, super::LINE, Set { after: 60, kept, ruled: false });
            }
            Block::Facts { rows } => self.facts(rows, kept),
            Block::Table(table) => self.table(table, kept),
            Block::Signatures { of } => self.signatures(of),
            Block::Signed { by, on } => {
                self.xml += &paragraph("", super::SIGNED, Set { kept: true, ..Set::default() });
                self.xml += &paragraph(by, super::SIGNED, Set { kept: true, ..Set::default() });
                self.xml += &paragraph(on, super::SIGNED, Set { kept, ..Set::default() });
            }
            Block::Attachments { names } => {
                self.put("", super::PARAGRAPH, 0);
                for name in super::attachments(names) {
                    self.put(&name, super::ATTACHMENT, 0);
                }
            }
            Block::Code { address, text } => self.code(address, text)?,
            Block::PageBreak => self.xml += "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>",
        }
        Ok(())
    }

    /// The width of the text in twentieths of a point.
    fn width(&self) -> f64 {
        (self.margins.width - self.margins.left - self.margins.right) * MM
    }

    /// After a table there must be a paragraph, with or without words.
    fn gap(&mut self, kept: bool) {
        let look = Look { size: 12, ..super::LINE };
        self.xml += &paragraph("", look, Set { kept, ..Set::default() });
    }

    fn facts(&mut self, rows: &[(String, String)], kept: bool) {
        let name = super::FACT.size * 10 * super::longest_name(rows) + 2 * CELL_ROOM;
        let widths = [name, self.width() as u32 - name];
        open(&mut self.xml, &widths, &[]);
        for (at, (label, what)) in rows.iter().enumerate() {
            let cells = [(label.as_str(), super::FACT), (what.as_str(), super::FACT)];
            let kind = if kept && at + 1 == rows.len() { Row::Kept } else { Row::Usual };
            row(&mut self.xml, &widths, kind, cells.into_iter());
        }
        self.xml += "</w:tbl>";
        self.gap(kept);
    }

    fn signatures(&mut self, of: &[String]) {
        let each = (self.width() / of.len().max(1) as f64) as u32;
        let widths = vec![each; of.len()];
        self.xml += &paragraph("", super::LINE, Set { kept: true, ..Set::default() });
        open(&mut self.xml, &widths, &[]);
        for texts in &super::signatures(of) {
            row(&mut self.xml, &widths, Row::Kept, texts.iter().map(|text| (text.as_str(), super::FACT)));
        }
        self.xml += "</w:tbl>";
        self.gap(false);
    }

    fn table(&mut self, table: &Table, kept: bool) {
        let shares: f64 = table.columns.iter().map(|column| column.width).sum();
        let whole = self.width();
        let widths: Vec<u32> =
            table.columns.iter().map(|column| (column.width / shares * whole) as u32).collect();
        let xml = &mut self.xml;
        open(xml, &widths, &EDGES);
        let headings = table.columns.iter().map(|column| (column.heading.as_str(), super::COLUMN));
        row(xml, &widths, Row::Headings, headings);
        let kept_rows = if kept { KEPT_ROWS } else { 0 };
        let first_kept = table.rows.len().saturating_sub(kept_rows);
        for (at, cells) in table.rows.iter().enumerate() {
            let texts = cells.iter().map(String::as_str).chain(std::iter::repeat(""));
            let looks = table.columns.iter().map(|column| match column.centred {
                true => Look { align: Align::Centre, ..super::CELL },
                false => super::CELL,
            });
            let kind = if at >= first_kept { Row::Kept } else { Row::Usual };
            row(xml, &widths, kind, texts.zip(looks));
        }
        xml.push_str("</w:tbl>");
        self.gap(kept);
    }

    fn code(&mut self, address: &str, text: &str) -> Result<(), Error> {
        self.codes.push(picture(address)?);
        let at = self.codes.len();
        let id = FIRST_PICTURE + at - 1;
        // 25 mm, in the units of drawings.
        const SIDE: u32 = 25 * 36_000;
        const A: &str = "http://schemas.openxmlformats.org/drawingml/2006";
        let drawing = format!(
            "<w:r><w:drawing><wp:inline xmlns:wp=\"{A}/wordprocessingDrawing\" distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">\
             <wp:extent cx=\"{SIDE}\" cy=\"{SIDE}\"/><wp:docPr id=\"{at}\" name=\"code{at}\"/>\
             <a:graphic xmlns:a=\"{A}/main\"><a:graphicData uri=\"{A}/picture\"><pic:pic xmlns:pic=\"{A}/picture\">\
             <pic:nvPicPr><pic:cNvPr id=\"{at}\" name=\"code{at}\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"rId{id}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{SIDE}\" cy=\"{SIDE}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>\
             </w:drawing></w:r>"
        );
        self.xml += &laid(&drawing, super::LINE, Set { kept: true, ..Set::default() });
        self.put(text, super::LINE, 0);
        Ok(())
    }

    fn section(&mut self) {
        let twips = |mm: f64| (mm * MM).round() as u32;
        let of = self.margins;
        let turned = if of.width > of.height { " w:orient=\"landscape\"" } else { "" };
        let _ = write!(
            self.xml,
            "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:footerReference w:type=\"even\" r:id=\"rId5\"/>\
             <w:pgSz w:w=\"{}\" w:h=\"{}\"{turned}/><w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" \
             w:left=\"{}\" w:header=\"851\" w:footer=\"{}\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
            twips(of.width),
            twips(of.height),
            twips(of.top),
            twips(of.right),
            twips(of.bottom),
            twips(of.left),
            // The number stands 7 mm under the text.
            twips(of.bottom - 12.0),
        );
    }
}

/// What a cell leaves free at either side, in twentieths of a point.
const CELL_ROOM: u32 = 85;

const EDGES: [&str; 6] = ["top", "left", "bottom", "right", "insideH", "insideV"];

/// Begins a table of these columns with lines at these edges.
fn open(xml: &mut String, widths: &[u32], edges: &[&str]) {
    let edge =
        |name: &&str| format!("<w:{name} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    let edges: String = edges.iter().map(edge).collect();
    let grid: String = widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let _ = write!(
        xml,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{edges}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"{CELL_ROOM}\" w:type=\"dxa\"/>\
         <w:right w:w=\"{CELL_ROOM}\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>",
        widths.iter().sum::<u32>()
    );
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    /// On one page with the first row.
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
            paragraph(text, look, Set { kept: kind != Row::Usual, ..Set::default() })
        );
    }
    xml.push_str("</w:tr>");
}

#[cfg(test)]
mod tests {
    use super::super::{Sheet, TableColumn};
    use super::*;
    use std::io::Read as _;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn sample(rows: Vec<Vec<String>>, below: &[String]) -> Document {
        let columns = vec![TableColumn::new("甲", 1.0), TableColumn::new("乙", 2.0).centred()];
        Document::of_table("表", &[], Table { columns, rows }, below)
    }

    #[test]
    fn text_cannot_break_the_document() {
        let sample = sample(vec![vec!["a & <b>\u{1}\n第二行".to_owned()]], &[]);
        let xml = part(&word(&sample).unwrap(), "word/document.xml");
        assert!(xml.contains("a &amp; &lt;b&gt;□</w:t><w:br/>"), "{xml}");
        assert_eq!(xml.matches("<w:tc>").count(), 4, "the short row is filled up");
        assert_eq!(xml.matches("<w:tblHeader/>").count(), 1);
    }

    #[test]
    fn what_stands_under_the_table_stays_with_its_last_rows() {
        let rows = (1..=9).map(|row| vec![row.to_string(), String::new()]).collect();
        let below = ["说明".to_owned(), "签字".to_owned()];
        let xml = part(&word(&sample(rows, &below)).unwrap(), "word/document.xml");
        // Two cells of the headings and of three rows, the gap under them, and every line but the last.
        assert_eq!(xml.matches("<w:keepNext/>").count(), 2 + 2 * KEPT_ROWS + 2);
        assert_eq!(xml.matches("<w:tbl>").count(), 1, "rows on the next page stand under the headings");
    }

    #[test]
    fn the_same_paper_gives_the_same_bytes() {
        let sample = sample(vec![vec!["一".to_owned()]], &[]);
        assert_eq!(word(&sample).unwrap(), word(&sample).unwrap());
    }

    #[test]
    fn a_code_is_a_picture_of_its_own() {
        let mut document = Document { sheet: Sheet::Portrait, ..Document::new("证明") };
        document
            .blocks
            .push(Block::Code {
                address: "https://example.gov.cn/p/1".to_owned(), text: "核验".to_owned()
            });
        let bytes = word(&document).unwrap();
        assert!(
            part(&bytes, "word/_rels/document.xml.rels").contains("Id=\"rId6\" Target=\"media/code1.bmp\"")
        );
        assert!(part(&bytes, "word/document.xml").contains("r:embed=\"rId6\""));
    }
}
