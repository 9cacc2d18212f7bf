//! How much an xlsx holds, counted while it is unpacked and before it is read. What is empty counts: the reader goes
//! through it all the same, and a few kilobytes unpack to millions of empty cells.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Cells and rows together, at most: the cells that a file may hold, and as many rows as the format has.
pub(super) const BUDGET: usize = super::MAX_CELLS + (1 << 20);
/// Tags for each cell or row at most; a text inside its cell has six.
const TAGS_EACH: usize = 8;
/// Bytes of the parts that name the sheets, as far as they are read.
const MOST_NAMES: u64 = 1024 * 1024;

/// Counts cells and rows in XML that comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Count {
    cells: usize,
    tags: usize,
    /// The local name of the tag in hand, as far as it matters: `c` and `row` are counted.
    tag: Option<Vec<u8>>,
}

/// One sign more than the longest name that is counted.
const LONGEST: usize = 4;

impl Count {
    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let Some(tag) = &mut self.tag else {
                let Some(at) = bytes.iter().position(|byte| *byte == b'<') else { return };
                bytes = &bytes[at + 1..];
                self.tags += 1;
                self.tag = Some(Vec::with_capacity(LONGEST));
                continue;
            };
            match bytes[0] {
                b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>' => {
                    if matches!(tag.as_slice(), b"c" | b"row") {
                        self.cells += 1;
                    }
                    self.tag = None;
                }
                // What stands before is a prefix.
                b':' => tag.clear(),
                // Without its zeros, UTF-16 reads like ASCII as far as this goes.
                0 => {}
                byte if tag.len() < LONGEST => tag.push(byte),
                _ => {}
            }
            bytes = &bytes[1..];
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.cells > BUDGET || self.tags > BUDGET * TAGS_EACH
    }
}

/// The name of the sheet that lies in a part of the archive; "" where that cannot be told.
pub(super) fn sheet_of(archive: &mut ZipArchive<Cursor<&[u8]>>, part: &str) -> String {
    let relations = text_of(archive, "xl/_rels/workbook.xml.rels");
    let lies_there = |tag: &&str| {
        let target = attribute(tag, "Target").unwrap_or_default();
        let target = target.trim_start_matches('/');
        !target.is_empty() && (target == part || part.strip_prefix("xl/") == Some(target))
    };
    let relation = tags(&relations, "Relationship").find(lies_there);
    let Some(id) = relation.and_then(|tag| attribute(tag, "Id")) else { return String::new() };
    let workbook = text_of(archive, "xl/workbook.xml");
    let sheet = tags(&workbook, "sheet").find(|tag| attribute(tag, "id") == Some(id));
    sheet.and_then(|tag| attribute(tag, "name")).map(plain).unwrap_or_default()
}

fn text_of(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> String {
    let mut bytes = Vec::new();
    if let Ok(part) = archive.by_name(name)
        && part.take(MOST_NAMES).read_to_end(&mut bytes).is_err()
    {
        bytes.clear();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What stands between the brackets of tags with this local name.
fn tags<'a>(xml: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let inside = xml.split('<').filter_map(|rest| rest.split('>').next());
    inside.filter(move |tag| {
        let full = tag.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
        full.rsplit(':').next() == Some(name)
    })
}

/// The value of an attribute by its local name.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let (before, behind) = rest.split_once('=')?;
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = behind[1..].split_once(quote)?;
        let full = before.trim_end().rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if full.rsplit(':').next() == Some(name) {
            return Some(value);
        }
        rest = after;
    }
}

fn plain(value: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    pairs.iter().fold(value.to_owned(), |text, (code, sign)| text.replace(code, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(pieces: &[&[u8]]) -> (usize, usize) {
        let mut count = Count::default();
        pieces.iter().for_each(|piece| count.feed(piece));
        (count.cells, count.tags)
    }

    #[test]
    fn cells_and_rows_are_counted_with_content_or_without() {
        let xml =
            b"<sheetData><row r=\"1\"><c/><c r=\"B1\"><v>1</v></c></row><row/><cols/><x:c/></sheetData>";
        assert_eq!(counted(&[xml]), (5, 12));
        let pieces: Vec<&[u8]> = xml.chunks(1).collect();
        assert_eq!(counted(&pieces), (5, 12), "whatever the pieces");
        let wide: Vec<u8> = "<row><c/></row>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(counted(&[&wide]), (2, 3));
    }

    #[test]
    fn other_tags_have_a_budget_too() {
        let over = |cells, tags| (Count { cells, tags, tag: None }).is_over();
        assert!(!over(BUDGET, BUDGET * TAGS_EACH));
        assert!(over(BUDGET + 1, 0) && over(0, BUDGET * TAGS_EACH + 1));
    }

    #[test]
    fn attributes_are_found_by_their_local_name() {
        let tag = "sheet name=\"甲&amp;乙\" sheetId='1' r:id = \"rId7\"/";
        assert_eq!(attribute(tag, "id"), Some("rId7"));
        assert_eq!(attribute(tag, "name").map(plain).as_deref(), Some("甲&乙"));
        assert_eq!(attribute(tag, "state"), None);
    }
}
