//! What all sheets of one import share: the transaction, which only reads, what the registry and the pairings will be after the
//! rows before, and the report and the plan that grow.

use super::plan::{Act, Plan};
use super::report::Report;
use super::spec::{LINEAGE_SHEET, fold};
use crate::network::pairings::{self, Judged, PairingTerms};
use crate::network::registry::{self, Division, FlagRow, LineageRow, NewOrg, OrgRow};
use jiedui_documents::{Read, Record};
use jiedui_kernel::names::near;
use jiedui_kernel::{Date, Result};
use jiedui_store::Tx;
use std::collections::{HashMap, HashSet};

/// Schools among which near names are looked for, at most.
const NEAR_AMONG: usize = 500;

pub struct Book<'a> {
    /// Nothing is written on it: what a row makes is kept here for the rows behind it, and in the plan.
    pub tx: &'a mut Tx,
    pub divisions: Vec<Division>,
    pub report: Report,
    pub plan: Plan,
    /// What lies before this day is the first load.
    pub in_use_since: Option<Date>,
    /// Schools by folded name.
    live: HashMap<String, OrgRow>,
    ended: HashMap<String, OrgRow>,
    /// All of them by id.
    orgs: HashMap<String, OrgRow>,
    /// Ids of those that the file brings.
    made: HashSet<String>,
    /// By school, of those that were asked about.
    flags: HashMap<String, Vec<FlagRow>>,
    lineage: HashMap<String, Vec<LineageRow>>,
    /// All pairings, when one was asked about.
    pairings: Option<Vec<PairingTerms>>,
    /// Schools to which something open of another one goes over.
    took_over: HashSet<String>,
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
            plan: Plan::default(),
            in_use_since,
            live: HashMap::new(),
            ended: HashMap::new(),
            orgs: HashMap::new(),
            made: HashSet::new(),
            flags: HashMap::new(),
            lineage: HashMap::new(),
            pairings: None,
            took_over: HashSet::new(),
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
        self.orgs.insert(org.id.clone(), org.clone());
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
        let past = self.lineage(&org.id).await?;
        Ok(days.iter().any(|day| !past.iter().any(|line| line.kind == "moved" && line.day == *day)))
    }

    /// What a school is called.
    pub fn name(&self, id: &str) -> &str {
        self.orgs.get(id).map_or("", |org| org.name.as_str())
    }

    /// The name of a division.
    pub fn place(&self, code: &str) -> String {
        let found = self.divisions.iter().find(|division| division.code == code);
        found.map_or_else(String::new, |division| division.name.clone())
    }

    /// Whether the file brings this school: nothing is kept of it yet.
    pub fn is_made(&self, id: &str) -> bool {
        self.made.contains(id)
    }

    /// Takes up a school that is new.
    pub fn make(&mut self, new: &NewOrg) -> OrgRow {
        let org = OrgRow {
            id: self.tx.new_id(),
            kind: new.kind.to_owned(),
            name: new.name.clone(),
            division: new.division.clone(),
            place: self.place(&new.division),
            city: None,
            typical_class: String::new(),
            parent: new.parent.clone(),
            parent_name: None,
            path: String::new(),
            level: new.level.clone(),
            ownership: new.ownership.clone(),
            credit_code: new.credit_code.clone(),
            source: new.source.clone(),
            demo: new.demo,
            ended_on: None,
            version: 1,
            sort_key: String::new(),
            county_school: false,
            high_level: false,
        };
        self.made.insert(org.id.clone());
        self.plan.schools.push((org.id.clone(), new.clone()));
        self.put(org.clone());
        org
    }

    /// The flags of a school.
    pub async fn flags(&mut self, org: &str) -> Result<&mut Vec<FlagRow>> {
        if !self.flags.contains_key(org) {
            let known = if self.is_made(org) { Vec::new() } else { registry::flags(self.tx, org).await? };
            self.flags.insert(org.to_owned(), known);
        }
        Ok(self.flags.entry(org.to_owned()).or_default())
    }

    /// Whether a school has a flag on a day, and is not merged into another by then.
    pub async fn has_flag(&mut self, org: &str, flag: &str, day: Date) -> Result<bool> {
        let ended = self.orgs.get(org).and_then(|org| org.ended_on);
        let holds =
            |row: &FlagRow| row.flag == flag && row.from_day <= day && row.to_day.is_none_or(|to| day <= to);
        Ok(ended.is_none_or(|ended| ended > day) && self.flags(org).await?.iter().any(holds))
    }

    /// What happened to a school.
    pub async fn lineage(&mut self, org: &str) -> Result<&mut Vec<LineageRow>> {
        if !self.lineage.contains_key(org) {
            let known = if self.is_made(org) { Vec::new() } else { registry::lineage(self.tx, org).await? };
            self.lineage.insert(org.to_owned(), known);
        }
        Ok(self.lineage.entry(org.to_owned()).or_default())
    }

    /// Adds something that happened to a school.
    pub async fn note(
        &mut self,
        org: &str,
        (kind, other): (&'static str, Option<&str>),
        day: Date,
        note: &str,
    ) -> Result<()> {
        let (other, note) = (other.map(str::to_owned), note.to_owned());
        let line = LineageRow {
            kind: kind.to_owned(),
            other: other.clone(),
            other_name: None,
            day,
            note: note.clone(),
        };
        self.lineage(org).await?.push(line);
        self.plan.acts.push(Act::Lineage { org: org.to_owned(), kind, other, day, note });
        Ok(())
    }

    /// All pairings.
    pub async fn pairings(&mut self) -> Result<&mut Vec<PairingTerms>> {
        if self.pairings.is_none() {
            let rows = pairings::in_scope(self.tx).await?;
            self.pairings = Some(rows.iter().map(PairingTerms::from).collect());
        }
        Ok(self.pairings.get_or_insert_with(Vec::new))
    }

    /// The pairings of a school, on whichever side, that run on a day or later.
    pub async fn running(&mut self, school: &str, day: Date) -> Result<Vec<PairingTerms>> {
        Ok(self.pairings().await?.iter().filter(|row| runs(row, school, day)).cloned().collect())
    }

    /// Ends what runs of a school before a day; says how it stood.
    pub async fn end_pairings(&mut self, school: &str, day: Date, reason: &str) -> Result<Vec<PairingTerms>> {
        let mut ended = Vec::new();
        for row in self.pairings().await?.iter_mut().filter(|row| runs(row, school, day)) {
            ended.push(row.clone());
            row.to = Some(day.pred_opt().unwrap_or(day).max(row.from));
            reason.clone_into(&mut row.end_reason);
        }
        if !ended.is_empty() {
            let (org, reason) = (school.to_owned(), reason.to_owned());
            self.plan.acts.push(Act::EndPairings { org, day, reason });
        }
        Ok(ended)
    }

    /// Takes up what a row of sheet 结对 came to.
    pub fn keep(&mut self, found: Judged) {
        if found.outcome == pairings::Outcome::Same {
            return;
        }
        let known = self.pairings.get_or_insert_with(Vec::new);
        match known.iter_mut().find(|one| one.id == found.now.id) {
            Some(one) => one.clone_from(&found.now),
            None => known.push(found.now.clone()),
        }
        self.plan.pairings.push(found);
    }

    /// Remembers that something open goes over to a school.
    pub fn hand_over(&mut self, to: &str) {
        self.took_over.insert(to.to_owned());
    }

    /// Whether a row before had something open go over to this school.
    pub fn took_over(&self, org: &str) -> bool {
        self.took_over.contains(org)
    }
}

fn runs(row: &PairingTerms, school: &str, day: Date) -> bool {
    let of = [&row.county_school, &row.lead, &row.nearby].into_iter().any(|id| id == school);
    of && row.to.is_none_or(|to| to >= day)
}
