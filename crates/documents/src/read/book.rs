//! The workbook in its archive: its sheets, the texts they share and which numbers are days.

use super::guard::{MAX_PARTS, Outcome, Stop, too_much_text};
use super::merges::Merges;
use super::package::{Package, Relation, no_workbook};
use super::raw::Raw;
use super::sheet::{Rows, Taker, push};
use super::xml::{Xml, attribute, is_set, sign, with_signs};
use super::{MAX_CELLS, MAX_TEXT};
use quick_xml::events::{BytesStart, Event};
use std::cell::OnceCell;
use std::collections::HashMap;

pub(super) struct Book<'a> {
    package: Package<'a>,
    pub(super) sheets: Vec<Tab>,
    pub(super) from_1904: bool,
    /// What the workbook names, and what the file as a whole does.
    relations: Vec<Relation>,
    around: Vec<Relation>,
    texts: OnceCell<Texts>,
    styles: OnceCell<Vec<Style>>,
}

/// A sheet as the workbook lists it.
pub(super) struct Tab {
    pub(super) name: String,
    /// Where it lies; `None` where nothing says so.
    pub(super) part: Option<String>,
    pub(super) hidden: bool,
    /// Whether it has cells: sheets of charts and macros have none.
    pub(super) has_cells: bool,
}

/// What a number of this style is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Number,
    Share,
    /// Shown a thousand times or more smaller: 150 where 1500000 stands.
    Scaled,
    Moment,
}

impl<'a> Book<'a> {
    pub(super) fn open(bytes: &'a [u8], most: u64) -> Outcome<Self> {
        let package = Package::open(bytes, most)?;
        let (part, around) = package.workbook()?;
        let relations = package.relations(&part)?;
        let list = package.part(&part, list_of)?.ok_or(Stop::Damaged)?;
        let mut sheets = Vec::new();
        for (name, id, hidden) in list.sheets {
            let relation = relations.iter().find(|relation| relation.id == id);
            let other = ["chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet"];
            let has_cells = relation.is_none_or(|relation| !other.contains(&relation.kind.as_str()));
            let part = relation.map(|relation| relation.target.clone());
            sheets.push(Tab { name, part, hidden, has_cells });
        }
        let (texts, styles) = (OnceCell::new(), OnceCell::new());
        Ok(Self { package, sheets, from_1904: list.from_1904, relations, around, texts, styles })
    }

    /// Hands over the rows of a sheet as long as they are taken.
    pub(super) fn rows(&self, part: &str, taker: &mut dyn Taker) -> Outcome<()> {
        self.package.part(part, |xml| Rows::new(self).read(xml, taker))?.ok_or(Stop::Damaged)
    }

    pub(super) fn merges(&self, part: &str) -> Outcome<Merges> {
        self.package.bytes(part, Merges::find)?.ok_or(Stop::Damaged)
    }

    pub(super) fn count_cell(&self) -> Outcome<()> {
        self.package.budget().cell()
    }

    /// Where something lies that there is once in a workbook.
    fn place_of(&self, kind: &str, usual: &str) -> Option<String> {
        let named = self.relations.iter().find(|relation| relation.kind == kind);
        let named = named.map(|relation| relation.target.clone());
        named.or_else(|| Some(usual.to_owned())).filter(|part| self.package.has(part))
    }

    /// A text that cells share, by its number.
    pub(super) fn text(&self, number: usize) -> Outcome<Raw> {
        if self.texts.get().is_none() {
            let part = self.place_of("sharedstrings", "xl/sharedStrings.xml").ok_or(Stop::Damaged)?;
            let read = self.package.part(&part, texts_of)?.ok_or(Stop::Damaged)?;
            let _ = self.texts.set(read);
        }
        self.texts.get().ok_or(Stop::Damaged)?.get(number).map(Raw::text)
    }

    /// What a number is by its style; what has no style is a number.
    pub(super) fn style(&self, number: usize) -> Outcome<Style> {
        if self.styles.get().is_none() {
            let read = match self.place_of("styles", "xl/styles.xml") {
                Some(part) => self.package.part(&part, styles_of)?.unwrap_or_default(),
                None => Vec::new(),
            };
            let _ = self.styles.set(read);
        }
        Ok(self.styles.get().and_then(|styles| styles.get(number)).copied().unwrap_or(Style::Number))
    }

    /// The value of a property that a program gave to the file.
    pub(super) fn property(&self, name: &str) -> Option<String> {
        let relation = self.around.iter().find(|relation| relation.kind == "custom-properties")?;
        // What is told about a file is not needed to read it.
        self.package.part(&relation.target, |xml| property_of(xml, name)).ok().flatten().flatten()
    }
}

#[derive(Default)]
struct List {
    /// Name, id of the relation, whether hidden.
    sheets: Vec<(String, String, bool)>,
    from_1904: bool,
}

fn list_of(xml: &mut Xml<'_>) -> Outcome<List> {
    let (mut list, mut begun) = (List::default(), false);
    loop {
        match xml.event()? {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = tag.local_name().into_inner();
                if !begun && name != "workbook" {
                    return Err(no_workbook());
                }
                begun = true;
                match name {
                    // Newer programs write a second one of this name, in an extension, which says nothing of days.
                    "workbookPr" => list.from_1904 |= is_set(&tag, "date1904"),
                    "sheet" if list.sheets.len() == MAX_PARTS => return Err(Stop::TooLarge),
                    "sheet" => list.sheets.push((
                        attribute(&tag, "name").unwrap_or_default().into_owned(),
                        relation_of(&tag),
                        attribute(&tag, "state").is_some_and(|shown| shown != "visible"),
                    )),
                    _ => {}
                }
            }
            Event::Eof if begun => return Ok(list),
            Event::Eof => return Err(Stop::Damaged),
            _ => {}
        }
    }
}

/// The id of the relation of a sheet; its `sheetId` is another.
fn relation_of(tag: &BytesStart<'_>) -> String {
    attribute(tag, "id").unwrap_or_default().into_owned()
}

/// Texts behind one another, and where each ends.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<u32>,
    /// Whether there are more than are kept.
    more: bool,
}

impl Texts {
    fn get(&self, number: usize) -> Outcome<&str> {
        let Some(end) = self.ends.get(number) else {
            // Who needs no more of them is not refused for what others have.
            let too_much = || Stop::Fault(Box::new(too_much_text("")));
            return Err(if self.more { too_much() } else { Stop::Damaged });
        };
        let from =
            number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.text.get(from as usize..*end as usize).ok_or(Stop::Damaged)
    }
}

fn texts_of(xml: &mut Xml<'_>) -> Outcome<Texts> {
    let (mut texts, mut text) = (Texts::default(), String::new());
    let (mut inside, mut phonetic, mut whole) = (false, false, false);
    loop {
        match xml.event()? {
            Event::Start(tag) => match tag.local_name().into_inner() {
                "si" => text.clear(),
                "t" => inside = !phonetic,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().into_inner() == "si" => {
                texts.ends.push(texts.text.len() as u32)
            }
            Event::End(tag) => match tag.local_name().into_inner() {
                "si" => {
                    texts.text.push_str(&with_signs(&text));
                    // At most the limit and one text more, so the cast is exact.
                    texts.ends.push(texts.text.len() as u32);
                }
                "t" => inside = false,
                "rPh" => phonetic = false,
                "sst" => whole = true,
                _ => {}
            },
            Event::Text(more) if inside => push(&mut text, &more),
            Event::CData(more) if inside => push(&mut text, &more),
            Event::GeneralRef(reference) if inside => {
                push(&mut text, sign(&reference)?.encode_utf8(&mut [0; 4]))
            }
            Event::Empty(tag) if tag.local_name().into_inner() == "sst" => whole = true,
            Event::Eof if whole => return Ok(texts),
            Event::Eof => return Err(Stop::Damaged),
            _ => {}
        }
        if texts.text.len() > MAX_TEXT || texts.ends.len() > MAX_CELLS {
            texts.more = true;
            return Ok(texts);
        }
    }
}

fn styles_of(xml: &mut Xml<'_>) -> Outcome<Vec<Style>> {
    let (mut formats, mut styles, mut inside) = (HashMap::new(), Vec::new(), false);
    loop {
        match xml.event()? {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().into_inner() {
                "cellXfs" => inside = true,
                "numFmt" => {
                    let code = attribute(&tag, "formatCode").unwrap_or_default();
                    if let Some(id) = attribute(&tag, "numFmtId") {
                        formats.insert(id.into_owned(), style_of(&code));
                    }
                }
                "xf" if inside => {
                    let id = attribute(&tag, "numFmtId").unwrap_or_default();
                    let style = formats.get(&*id).copied().unwrap_or_else(|| usual_style(&id));
                    styles.push(style);
                }
                _ => {}
            },
            Event::End(tag) if matches!(tag.local_name().into_inner(), "cellXfs" | "styleSheet") => {
                return Ok(styles);
            }
            Event::Eof => return Err(Stop::Damaged),
            _ => {}
        }
        if styles.len() > MAX_CELLS {
            return Err(Stop::TooLarge);
        }
    }
}

/// The formats that every workbook has without saying so; those from 27 to 36 and from 50 to 58 are the Chinese ones.
fn usual_style(id: &str) -> Style {
    match id.parse::<u32>() {
        Ok(9 | 10) => Style::Share,
        Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => Style::Moment,
        _ => Style::Number,
    }
}

/// Whether a format shows a number as a day or a time, or a hundred times as large. Hours beyond a day, such as `[h]:mm`, are a number.
fn style_of(code: &str) -> Style {
    let (mut signs, mut quoted) = (code.chars(), false);
    // A comma between places divides thousands; one behind the last place takes them away.
    let (mut behind_place, mut comma) = (false, false);
    while let Some(c) = signs.next() {
        match c {
            '0' | '#' | '?' if !quoted => {
                (behind_place, comma) = (true, false);
                continue;
            }
            ',' if !quoted && behind_place => {
                comma = true;
                continue;
            }
            _ if comma => return Style::Scaled,
            _ => {}
        }
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            // Behind the first part stand those for other signs of the number.
            ';' => return Style::Number,
            // What follows is no part of the format.
            '\\' | '!' | '_' | '*' => {
                signs.next();
            }
            '[' => {
                let inside: String = signs.by_ref().take_while(|c| *c != ']').collect();
                if !inside.is_empty() && inside.chars().all(|c| "hmsHMS".contains(c)) {
                    return Style::Number;
                }
            }
            '%' => return Style::Share,
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => return Style::Moment,
            _ => {}
        }
    }
    if comma { Style::Scaled } else { Style::Number }
}

fn property_of(xml: &mut Xml<'_>, name: &str) -> Outcome<Option<String>> {
    let (mut inside, mut value) = (false, String::new());
    loop {
        match xml.event()? {
            Event::Start(tag) if tag.local_name().into_inner() == "property" => {
                inside = attribute(&tag, "name").is_some_and(|found| found == name);
            }
            Event::Text(text) if inside => push(&mut value, &text),
            Event::GeneralRef(reference) if inside => {
                push(&mut value, sign(&reference)?.encode_utf8(&mut [0; 4]))
            }
            Event::End(tag) if inside && tag.local_name().into_inner() == "property" => {
                return Ok(Some(value));
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_formats_show_a_day() {
        for day in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"d\"日\"",
            "[$-804]yyyy/m/d;@",
            "h:mm AM/PM",
            "[Red]m-d",
            "mm:ss.0",
        ] {
            assert_eq!(style_of(day), Style::Moment, "{day}");
        }
        for number in [
            "General",
            "G/通用格式",
            "0.00E+00",
            "#,##0.00_);[Red]\\-0",
            "0\"days\"",
            "[h]:mm:ss",
            "@",
            "0_d",
        ] {
            assert_eq!(style_of(number), Style::Number, "{number}");
        }
        assert_eq!((usual_style("14"), usual_style("31")), (Style::Moment, Style::Moment));
        for share in ["0%", "0.00%;[Red]-0.00%", "_ 0.0%"] {
            assert_eq!(style_of(share), Style::Share, "{share}");
        }
        for scaled in ["0,", "#,##0.00,,", "0!.0,\"万\"", "0\\.0,", "#,##0,;-#,##0,", "0,万"] {
            assert_eq!(style_of(scaled), Style::Scaled, "{scaled}");
        }
        for number in
            ["#,##0", "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "#,##0;(#,##0)", "\"0,\"0"]
        {
            assert_eq!(style_of(number), Style::Number, "{number}");
        }
        assert_eq!((style_of("0\"%\""), style_of("0\\%")), (Style::Number, Style::Number));
        assert_eq!((usual_style("9"), usual_style("10")), (Style::Share, Style::Share));
        assert_eq!(
            (usual_style("46"), usual_style("49"), usual_style("x")),
            (Style::Number, Style::Number, Style::Number)
        );
    }
}
