//! The tags and texts of a part, one after the other. Names are taken without their prefix, because programs choose
//! prefixes as they like; nothing is looked up outside the part, and nothing it declares is expanded.

use super::guard::{Budget, Outcome, Stop, declares_types};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::borrow::Cow;
use std::io::BufRead;

/// Tags inside one another, at most; the deepest of a workbook has a dozen.
const DEPTH: usize = 64;

pub(super) struct Xml<'r> {
    reader: Reader<Box<dyn BufRead + 'r>>,
    buffer: Vec<u8>,
    budget: &'r Budget,
    depth: usize,
}

impl<'r> Xml<'r> {
    pub(super) fn new(part: Box<dyn BufRead + 'r>, budget: &'r Budget) -> Self {
        Self { reader: Reader::from_reader(part), buffer: Vec::new(), budget, depth: 0 }
    }

    pub(super) fn event(&mut self) -> Outcome<Event<'_>> {
        self.buffer.clear();
        let Ok(event) = self.reader.read_event_into(&mut self.buffer) else {
            return Err(self.budget.cause());
        };
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                self.budget.tag()?;
                if self.depth > DEPTH {
                    return Err(Stop::Damaged);
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(declares_types().into()),
            Event::Empty(_) | Event::GeneralRef(_) | Event::Comment(_) | Event::PI(_) | Event::CData(_) => {
                self.budget.tag()?;
            }
            Event::Text(_) | Event::Decl(_) | Event::Eof => {}
        }
        Ok(event)
    }
}

/// The value of an attribute by its local name.
pub(super) fn attribute<'a>(tag: &'a BytesStart<'_>, name: &str) -> Option<Cow<'a, str>> {
    let mut all = tag.attributes();
    let found = all.with_checks(false).flatten().find(|found| found.key.local_name().into_inner() == name)?;
    match found.value {
        Cow::Borrowed(value) => unescape(value).ok(),
        Cow::Owned(value) => unescape(&value).ok().map(|plain| Cow::Owned(plain.into_owned())),
    }
}

/// Whether an attribute says yes.
pub(super) fn is_set(tag: &BytesStart<'_>, name: &str) -> bool {
    matches!(attribute(tag, name).as_deref(), Some("1" | "true" | "on"))
}

/// The sign that a reference stands for: one of the five that XML has, or a number.
pub(super) fn sign(reference: &BytesRef<'_>) -> Outcome<char> {
    let plain = match &**reference {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return reference.resolve_char_ref().ok().flatten().ok_or(Stop::Damaged),
    };
    Ok(plain)
}

/// A text with the signs that XML cannot hold, which Excel writes as `_x000D_`.
pub(super) fn with_signs(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        let (before, behind) = rest.split_at(at);
        plain.push_str(before);
        let code = behind.get(2..6).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = code.filter(|_| behind.get(6..7) == Some("_"));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(found) => {
                plain.push(found);
                rest = &behind[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &behind[2..];
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_by_their_local_name() {
        let tag = BytesStart::from_content("sheet name=\"甲&amp;乙\" sheetId='1' r:id = \"rId7\"", 5);
        assert_eq!(attribute(&tag, "id").as_deref(), Some("rId7"));
        assert_eq!(attribute(&tag, "name").as_deref(), Some("甲&乙"));
        assert_eq!(attribute(&tag, "state"), None);
    }

    #[test]
    fn signs_that_xml_cannot_hold() {
        assert_eq!(with_signs("a_x000D__x000a_b"), "a\r\nb");
        assert_eq!(with_signs("_x005F_x000D_"), "_x000D_");
        for plain in ["_x", "_x12", "_xGGGG_", "_x000D", "甲_x技工学_", "_xD800_"] {
            assert_eq!(with_signs(plain), plain);
        }
    }

    #[test]
    fn what_a_part_declares_is_not_expanded() {
        let budget = Budget::new(u64::MAX);
        let first = |xml: &'static str| {
            let mut xml = Xml::new(Box::new(xml.as_bytes()), &budget);
            loop {
                match xml.event() {
                    Ok(Event::Eof) => return "ok".to_owned(),
                    Ok(Event::GeneralRef(found)) => {
                        return sign(&found)
                            .map_or_else(|stop| stop.fault("").reason, |sign| sign.to_string());
                    }
                    Ok(_) => {}
                    Err(stop) => return stop.fault("").reason,
                }
            }
        };
        assert_eq!(first("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), "文件里有 DOCTYPE 声明，不予读取");
        assert_eq!(first("<a>&b;</a>"), "文件已损坏或不完整，无法打开");
        assert_eq!((first("<a>&#x6280;</a>"), first("<a>&amp;</a>")), ("技".to_owned(), "&".to_owned()));
        assert_eq!(first("<a/>"), "ok");
    }
}
