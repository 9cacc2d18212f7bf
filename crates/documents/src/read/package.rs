//! The archive that an xlsx is: its parts by name and by how they are related. Programs write names in other letter
//! case, with backslashes, absolute or from where they stand; all of these are one name here.

use super::decode::utf8;
use super::guard::{Budget, Counted, MAX_PARTS, Outcome, Stop, damaged};
use super::not_a_table;
use super::xml::{Xml, attribute};
use quick_xml::events::Event;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufRead, Cursor};
use zip::ZipArchive;

pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Names as [`resolve`] gives them.
    names: HashMap<String, usize>,
    budget: Budget,
}

/// A part that another one names.
pub(super) struct Relation {
    pub(super) id: String,
    /// The end of the address that says what it is, such as `worksheet`: the addresses have two forms.
    pub(super) kind: String,
    pub(super) target: String,
}

impl<'a> Package<'a> {
    /// Opens an archive that states no more than `most` bytes.
    pub(super) fn open(bytes: &'a [u8], most: u64) -> Outcome<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        if archive.len() > MAX_PARTS {
            return Err(Stop::TooLarge);
        }
        let (mut names, mut stated) = (HashMap::new(), 0_u64);
        for index in 0..archive.len() {
            let Ok(entry) = archive.by_index_data(index) else { continue };
            stated = stated.saturating_add(entry.size());
            if stated > most {
                return Err(Stop::TooLarge);
            }
            if let Ok(name) = entry.name() {
                names.entry(resolve("", &name)).or_insert(index);
            }
        }
        Ok(Self { archive, names, budget: Budget::new(most) })
    }

    pub(super) fn budget(&self) -> &Budget {
        &self.budget
    }

    pub(super) fn has(&self, part: &str) -> bool {
        self.names.contains_key(&resolve("", part))
    }

    /// Reads a part; `None` where the archive does not have it.
    pub(super) fn part<T>(
        &self,
        name: &str,
        read: impl FnOnce(&mut Xml<'_>) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        self.within(&self.budget, name, |part| read(&mut Xml::new(part, &self.budget)))
    }

    /// Looks through the bytes of a part, which are UTF-8. That is not counted with what is read: it is the same again.
    pub(super) fn bytes<T>(
        &self,
        name: &str,
        read: impl FnOnce(Box<dyn BufRead + '_>, &Budget) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        let budget = self.budget.again();
        self.within(&budget, name, |part| read(part, &budget))
    }

    fn within<T>(
        &self,
        budget: &Budget,
        name: &str,
        read: impl FnOnce(Box<dyn BufRead + '_>) -> Outcome<T>,
    ) -> Outcome<Option<T>> {
        let Some(index) = self.names.get(&resolve("", name)) else { return Ok(None) };
        // Another reader of the same bytes: a part is opened while another is being read.
        let mut archive = self.archive.clone();
        let inner = archive.by_index(*index).map_err(|_| Stop::Damaged)?;
        let part = utf8(Counted { inner, budget }).map_err(|_| budget.cause())?;
        read(part).map(Some)
    }

    /// What a part names, without what lies outside the file. A part without relations has none, and so has one whose
    /// relations cannot be read: what is needed is then missed by its name.
    pub(super) fn relations(&self, part: &str) -> Outcome<Vec<Relation>> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = format!("{folder}/_rels/{file}.rels");
        match self.part(&name, |xml| relations(xml, folder)) {
            Ok(found) => Ok(found.unwrap_or_default()),
            Err(Stop::Damaged) => Ok(Vec::new()),
            Err(stop) => Err(stop),
        }
    }

    /// The part that is the workbook, and what the file as a whole names.
    pub(super) fn workbook(&self) -> Outcome<(String, Vec<Relation>)> {
        let relations = self.relations("")?;
        let named = relations.iter().filter(|relation| relation.kind == "officedocument");
        let found = named.map(|relation| relation.target.clone()).find(|target| self.has(target));
        match found.or_else(|| self.has(USUAL).then(|| USUAL.to_owned())) {
            Some(part) => Ok((part, relations)),
            None => Err(no_workbook()),
        }
    }
}

/// Where the workbook lies in nearly every file.
const USUAL: &str = "xl/workbook.xml";

pub(super) fn no_workbook() -> Stop {
    not_a_table("这是压缩包或其他文档，不是 Excel 表格").into()
}

fn relations(xml: &mut Xml<'_>, folder: &str) -> Outcome<Vec<Relation>> {
    let mut found = Vec::new();
    loop {
        match xml.event()? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().into_inner() == "Relationship" => {
                let outside = attribute(&tag, "TargetMode").is_some_and(|mode| mode == "External");
                let (id, target) = (attribute(&tag, "Id"), attribute(&tag, "Target"));
                if let Some(target) = target.filter(|_| !outside) {
                    let kind = attribute(&tag, "Type").unwrap_or_default();
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_lowercase();
                    // Who has more sheets than parts lets them be looked for among as many.
                    if found.len() == MAX_PARTS {
                        return Err(Stop::TooLarge);
                    }
                    let id = id.unwrap_or_default().into_owned();
                    found.push(Relation { id, kind, target: resolve(folder, &target) });
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The name of a part as another one in this folder writes it: from the top, with slashes, in small letters, and with the
/// signs that stand for others in an address as those.
fn resolve(folder: &str, target: &str) -> String {
    let target = unescaped(target).replace('\\', "/");
    let whole = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
    let mut names: Vec<&str> = Vec::new();
    for name in whole.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    names.join("/").to_lowercase()
}

/// `%20` is a blank; what is no such sign, or no text then, stays as it is.
fn unescaped(name: &str) -> Cow<'_, str> {
    if !name.contains('%') {
        return Cow::Borrowed(name);
    }
    let (mut bytes, mut rest) = (Vec::with_capacity(name.len()), name.as_bytes());
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let digits = digits.filter(|two| two.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(name), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_for_every_way_to_write_it() {
        let ways = ["worksheets/Sheet1.xml", "/xl/worksheets/sheet1.xml", "\\xl\\worksheets\\sheet1.xml"];
        for way in ways.into_iter().chain(["./worksheets/sheet1.xml", "../xl/worksheets/sheet1.XML"]) {
            assert_eq!(resolve("xl", way), "xl/worksheets/sheet1.xml");
        }
        assert_eq!(resolve("", "../../a.xml"), "a.xml");
        assert_eq!(resolve("xl", "work%20sheets/%E9%99%A2%e6%a0%a1.xml"), "xl/work sheets/院校.xml");
        for plain in ["100%.xml", "%", "%+1", "%ff", "甲%e9"] {
            assert_eq!(resolve("", plain), plain);
        }
    }
}
