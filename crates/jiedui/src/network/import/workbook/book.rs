//! What all sheets of one import share: the transaction, the schools by name, and the report that grows.

use super::report::Report;
use super::spec::{LINEAGE_SHEET, fold};
use crate::network::registry::{self, Division, OrgRow};
use jiedui_documents::{Read, Record};
use jiedui_kernel::names::near;
use jiedui_kernel::{Date, Result};
use jiedui_store::Tx;
use std::collections::{HashMap, HashSet};

/// Schools among which near names are looked for, at most.
const NEAR_AMONG: usize = 500;

pub struct Book<'a> {
    pub tx: &'a mut Tx,
    pub divisions: Vec<Division>,
    pub report: Report,
    /// What lies before this day is the first load.
    pub in_use_since: Option<Date>,
    /// Schools by folded name.
    live: HashMap<String, OrgRow>,
    ended: HashMap<String, OrgRow>,
    /// Old name → new name, both folded, as this file's lineage has it: other sheets may still use the old one.
    renamed: HashMap<String, String>,
    merged: HashSet<String>,
    moved: Vec<(String, Date)>,
    /// Schools whose own row is wrong: rows that name them are not blamed for it.
    spoiled: HashSet<String>,
    /// Kind and division → the office there.
    bureaus: HashMap<(&'static str, String), Option<String>>,
}

impl<'a> Book<'a> {
    pub async fn open(
        tx: &'a mut Tx,
        divisions: Vec<Division>,
        read: &Read,
        in_use_since: Option<Date>,
    ) -> Result<Self> {
        let schools = registry::schools(tx).await?;
        let mut book = Self {
            tx,
            divisions,
            report: Report::default(),
            in_use_since,
            live: HashMap::new(),
            ended: HashMap::new(),
            renamed: HashMap::new(),
            merged: HashSet::new(),
            moved: Vec::new(),
            spoiled: HashSet::new(),
            bureaus: HashMap::new(),
        };
        for org in schools {
            book.put(org);
        }
        for record in read.sheet(LINEAGE_SHEET) {
            let name = fold(record.text("school"));
            match (record.text("kind"), record.date("day")) {
                ("更名", _) => {
                    book.renamed.insert(name, fold(record.text("new_name")));
                }
                ("并入" | "停办", _) => {
                    book.merged.insert(name);
                }
                (_, Some(day)) => book.moved.push((name, day)),
                _ => {}
            }
        }
        Ok(book)
    }

    /// A name and the names that it has had since, by this file's lineage.
    fn names<'b>(&'b self, name: &str) -> impl Iterator<Item = String> + use<'b, 'a> {
        // Bounded, because a file may say that A became B and B became A.
        std::iter::successors(Some(fold(name)), |name| self.renamed.get(name).cloned())
            .take(self.renamed.len() + 1)
    }

    /// A school that still exists under this very name.
    pub fn live(&self, name: &str) -> Option<&OrgRow> {
        self.live.get(&fold(name))
    }

    /// A school that was merged into another and had this very name.
    pub fn ended(&self, name: &str) -> Option<&OrgRow> {
        self.ended.get(&fold(name))
    }

    /// A school by this name or a later one, one that still exists before one that does not.
    pub fn known(&self, name: &str) -> Option<&OrgRow> {
        let live = self.names(name).find_map(|name| self.live.get(&name));
        live.or_else(|| self.names(name).find_map(|name| self.ended.get(&name)))
    }

    /// The school of a row of sheet 院校, where the registry has it.
    pub fn existing(&self, record: &Record) -> Option<&OrgRow> {
        self.known(record.text("school"))
    }

    /// The school that a cell names. `None` where there is none, which is told unless its own row was already.
    pub fn party(&mut self, record: &Record, key: &str) -> Option<OrgRow> {
        let name = record.text(key);
        if self.names(name).any(|name| self.spoiled.contains(&name)) {
            return None;
        }
        let found = self.known(name).cloned();
        if found.is_none() {
            self.unknown(record, key);
        }
        found
    }

    /// Tells that there is no school of this name, with one whose name holds it or is held by it.
    pub fn unknown(&mut self, record: &Record, key: &str) {
        let wanted = fold(record.text(key));
        let holds = self.live.iter().filter(|(name, _)| name.contains(&wanted) || wanted.contains(*name));
        let held = holds.map(|(_, org)| &org.name).min();
        let help = match held.or_else(|| self.nearly(&wanted).map(|org| &org.name)) {
            Some(name) => format!("是不是“{name}”？请填写库中的全称"),
            None => "请填写库中的全称，或先在“院校”表里登记这所学校".to_owned(),
        };
        self.report.fail(record, key, "不在院校库里，也不在“院校”表里", help);
    }

    /// A school that still exists and is called nearly like this one, perhaps the same with a word more or less.
    pub fn nearly(&self, name: &str) -> Option<&OrgRow> {
        // A table of so many schools is a first load, in which everything would be held against everything.
        if self.live.len() > NEAR_AMONG {
            return None;
        }
        self.live.values().filter(|org| near(&org.name, name)).min_by(|a, b| a.name.cmp(&b.name))
    }

    /// The office of this kind at a division.
    pub async fn bureau(&mut self, kind: &'static str, division: &str) -> Result<Option<String>> {
        let key = (kind, division.to_owned());
        if let Some(found) = self.bureaus.get(&key) {
            return Ok(found.clone());
        }
        let found = registry::bureau(self.tx, kind, division).await?;
        self.bureaus.insert(key, found.clone());
        Ok(found)
    }

    /// Puts a school under its name, new or changed.
    pub fn put(&mut self, org: OrgRow) {
        let key = fold(&org.name);
        if org.ended_on.is_some() {
            self.ended.insert(key, org);
        } else {
            self.live.insert(key, org);
        }
    }

    /// Takes a school out from under its name, before it is put back under another or as ended.
    pub fn take(&mut self, name: &str) {
        self.live.remove(&fold(name));
    }

    pub fn spoil(&mut self, folded: &str) {
        self.spoiled.insert(folded.to_owned());
    }

    pub fn is_spoiled(&self, name: &str) -> bool {
        self.spoiled.contains(&fold(name))
    }

    /// Whether this file says that the school was merged into another.
    pub fn merges(&self, name: &str) -> bool {
        self.merged.contains(&fold(name))
    }

    /// Whether this file moves the school and the registry does not know of it yet.
    pub async fn moves_now(&mut self, org: &OrgRow) -> Result<bool> {
        let is_it = |name: &str| self.known(name).is_some_and(|found| found.id == org.id);
        let days: Vec<Date> =
            self.moved.iter().filter(|(name, _)| is_it(name)).map(|(_, day)| *day).collect();
        if days.is_empty() {
            return Ok(false);
        }
        let past = registry::lineage(self.tx, &org.id).await?;
        Ok(days.iter().any(|day| !past.iter().any(|line| line.kind == "moved" && line.day == *day)))
    }
}
