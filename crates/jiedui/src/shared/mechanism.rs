//! What a mechanism tells the rest of the house about itself, as one value in its `mod.rs`. Router, menus, scoped tables,
//! the words of the audit log, the desk, the count of filled-in forms, the carriers of sentences and the rows of the tests
//! that ask every route are all read from the list of these values. Whoever reads the list stands below it: it is handed
//! down by `mechanisms.rs`, as statements are, so that nobody has to look upward.

use crate::shared::background::JobKind;
use crate::shared::carriers::Section;
use crate::shared::finding::Findable;
use crate::shared::kept::KeptKind;
use crate::shared::left_open::{LeftBy, LeftOpen, LeftThing};
use crate::shared::taken_back::ImportKind;
use crate::shared::tasks::Task;
use crate::shared::waits::Waits;
use jiedui_kernel::{Months, Result};
use jiedui_programme::{EntryFact, FormKind, Programme};
use jiedui_store::{Table, Tx};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::route::Route;
use jiedui_web::site::MenuEntry;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

#[cfg(test)]
pub use crate::testing::samples::{Belongs, Samples};

pub type Promise<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Made as `Mechanism { folder: "…", routes, ..Mechanism::EMPTY }`: what it does not name it does not have.
#[derive(Debug, Clone, Copy)]
pub struct Mechanism {
    /// Where its code is, from the root of the tree: statements are told apart by it.
    pub folder: &'static str,
    pub routes: fn() -> Vec<Route>,
    pub menu: &'static [Entry],
    /// The bar at the foot of a telephone; the group of an entry is the name of its icon.
    pub phone_menu: &'static [Entry],
    /// The tables that are its own: nobody else writes them.
    pub tables: &'static [Table],
    pub words: Words,
    pub tasks: Option<Tasks>,
    /// Steps of its histories that are the filling-in of a form.
    pub steps: &'static [CountedStep],
    /// What else was filled in, counted from its own tables.
    pub recorded: Option<Recorder>,
    /// Told of each entry that was written, in its transaction: what is kept above entries follows at the commit.
    pub entry_changed: Option<EntryChanged>,
    /// Told of a row that names an enterprise which has become another one, or no longer is: what it adds to the figures
    /// follows. Rows that are not its own it passes over.
    pub enterprises_changed: Option<EnterprisesChanged>,
    /// Told of two records of one person of which the one leads to the other now, or no longer does: what it adds to the figures
    /// follows. It refuses what cannot be one person's.
    pub person_led: Option<PersonLed>,
    /// What it says beside the form of an activity or an output.
    pub beside_form: Option<BesideForm>,
    /// What of it somebody who leads should know of, and may put on an agenda.
    pub raises: Option<Raiser>,
    /// What of it a school leaves open that is no more, and what becomes of that.
    pub left_open: Option<LeftOpen>,
    /// Up to which month all that it accepts by the month is accepted.
    pub settled: Option<SettledUntil>,
    /// Work that it does in the background.
    pub jobs: &'static [JobKind],
    /// Things of it that wait for somebody, who may be urged.
    pub waits: &'static [Waits],
    /// What of it the search finds.
    pub found: &'static [Findable],
    /// Decisions that it keeps, which can be held against the running code.
    pub kept: &'static [KeptKind],
    /// Files that it takes in, each with the way back from one as a whole.
    pub imports: &'static [ImportKind],
    /// Adds what of it carries a sentence of the plan.
    pub carriers: fn(&mut Section<'_>),
    #[cfg(test)]
    pub samples: Samples,
}

impl Mechanism {
    pub const EMPTY: Self = Self {
        folder: "",
        routes: Vec::new,
        menu: &[],
        phone_menu: &[],
        tables: &[],
        words: Words::NONE,
        tasks: None,
        steps: &[],
        recorded: None,
        entry_changed: None,
        enterprises_changed: None,
        person_led: None,
        beside_form: None,
        raises: None,
        left_open: None,
        settled: None,
        jobs: &[],
        waits: &[],
        found: &[],
        kept: &[],
        imports: &[],
        carriers: |_| {},
        #[cfg(test)]
        samples: Samples::NONE,
    };

    /// What the generated tables call it: `evidence/ledger`, or for the machinery `web/history`.
    pub fn name(&self) -> String {
        let inside = self.folder.strip_prefix("crates/jiedui/src/").unwrap_or(self.folder);
        inside.trim_start_matches("crates/").replace("/src", "")
    }
}

/// A place in a menu. Entries stand in the order of their places, whichever mechanism they are of; a group stands where
/// its first entry does. The numbers are spread so that a new entry finds room.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub place: u16,
    pub entry: MenuEntry,
}

/// `entry(510, "台账", "/entries", "工作台账", ("entry", "read"))`: the last are the right that it takes.
pub const fn entry(
    place: u16,
    group: &'static str,
    href: &'static str,
    label: &'static str,
    (resource, action): (&'static str, &'static str),
) -> Entry {
    Entry { place, entry: MenuEntry { group, href, label, resource, action } }
}

/// A short name that is kept, and what pages call it.
pub type Word = (&'static str, &'static str);

/// What pages call the short names that the log and `access.toml` keep.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// Everything of it that leaves an audit record.
    pub actions: &'static [Word],
    /// Its resources, in `access.toml` and in the log.
    pub resources: &'static [Word],
    /// Its rights. The same right is called the same everywhere and named by one mechanism only.
    pub rights: &'static [Word],
    /// Work that nobody signed in for.
    pub jobs: &'static [Word],
}

impl Words {
    pub const NONE: Self = Self { actions: &[], resources: &[], rights: &[], jobs: &[] };
}

/// What it wants from the caller at the desk.
#[derive(Debug, Clone, Copy)]
pub struct Tasks {
    /// Among tasks of the same urgency, those of a lower place stand first.
    pub place: u16,
    pub list: for<'a> fn(&'a mut RequestContext) -> Promise<'a, Result<Vec<Task>>>,
}

/// A step of a history under which a form is registered: filling it in, not correcting, agreeing or moving it.
#[derive(Debug, Clone, Copy)]
pub struct CountedStep {
    pub resource: &'static str,
    pub kind: &'static str,
    /// The form in the register.
    pub form: (FormKind, &'static str),
}

/// How often one organisation filled in one form in one month.
#[derive(Debug)]
pub struct Recorded {
    pub org: String,
    pub form: (FormKind, String),
    /// From 0, the oldest.
    pub month: i64,
    pub times: i64,
}

pub type Recorder = for<'a> fn(&'a mut Tx, &'a Months) -> Promise<'a, Result<Vec<Recorded>>>;

pub type EntryChanged = fn(&mut Tx, &Arc<Programme>, &EntryFact) -> Result<()>;

pub type EnterprisesChanged = for<'a> fn(&'a mut Tx, &'a Arc<Programme>, &'a str) -> Promise<'a, Result<()>>;

/// A record of a person, and the one to which it leads, or led until now.
#[derive(Debug, Clone, Copy)]
pub struct Led<'a> {
    pub record: &'a str,
    pub to: &'a str,
    /// Whether it does so from now on.
    pub holds: bool,
}

pub type PersonLed = for<'a> fn(&'a mut Tx, &'a Arc<Programme>, Led<'a>) -> Promise<'a, Result<()>>;

/// A sentence beside a form, and where it is told in full.
#[derive(Debug, Serialize)]
pub struct FormNote {
    pub link: Link,
    pub words: String,
}

/// Of an activity or an output, by its id, to whoever fills in the form.
pub type BesideForm = for<'a> fn(&'a mut RequestContext, &'a str) -> Promise<'a, Result<Vec<FormNote>>>;

/// Something that the records offer for an agenda by themselves, with the names behind it.
#[derive(Debug, Clone)]
pub struct Raised {
    /// What it is about, in few words.
    pub kind: &'static str,
    /// What it is for as long as it is there: an agenda keeps it.
    pub source: &'static str,
    pub title: String,
    /// Where its rows stand.
    pub href: String,
    pub clause: String,
    /// Each with the county school that it is about.
    pub names: Vec<(Link, String)>,
}

pub type Raiser = for<'a> fn(&'a mut Tx, &'a Programme) -> Promise<'a, Result<Vec<Raised>>>;

/// The last month that, like all before it, was accepted for every school of the caller; 0 where none was.
pub type SettledUntil = for<'a> fn(&'a mut Tx, &'a Programme) -> Promise<'a, Result<i64>>;

/// The same of the mechanism that accepts months; none where none does.
pub async fn settled_until(tx: &mut Tx, programme: &Programme) -> Result<Option<i64>> {
    match all().find_map(|one| one.settled) {
        Some(until) => until(tx, programme).await.map(Some),
        None => Ok(None),
    }
}

/// What all mechanisms raise that the caller may read.
pub async fn raised(tx: &mut Tx, programme: &Programme) -> Result<Vec<Raised>> {
    let mut found = Vec::new();
    for raises in all().filter_map(|one| one.raises) {
        found.extend(raises(tx, programme).await?);
    }
    Ok(found)
}

/// What a school leaves open that is no more, at all mechanisms; each did with it as was said.
pub async fn left_open(tx: &mut Tx, of: LeftBy<'_>) -> Result<Vec<LeftThing>> {
    let mut found = Vec::new();
    for settles in all().filter_map(|one| one.left_open) {
        found.extend(settles(tx, of).await?);
    }
    Ok(found)
}

/// What all mechanisms say beside a form.
pub async fn beside_form(ctx: &mut RequestContext, kind: &str) -> Result<Vec<FormNote>> {
    let mut found = Vec::new();
    for notes in all().filter_map(|one| one.beside_form) {
        found.extend(notes(ctx, kind).await?);
    }
    Ok(found)
}

/// Tells all mechanisms of a row whose enterprise counts otherwise now.
pub async fn tell_enterprises(tx: &mut Tx, programme: &Arc<Programme>, resource: &str) -> Result<()> {
    for told in all().filter_map(|one| one.enterprises_changed) {
        told(tx, programme, resource).await?;
    }
    Ok(())
}

/// Tells all mechanisms of two records of one person.
pub async fn tell_led(tx: &mut Tx, programme: &Arc<Programme>, led: Led<'_>) -> Result<()> {
    for told in all().filter_map(|one| one.person_led) {
        told(tx, programme, led).await?;
    }
    Ok(())
}

/// Tells all mechanisms of an entry as it was, or is now.
pub fn tell_entry(tx: &mut Tx, programme: &Arc<Programme>, fact: &EntryFact) -> Result<()> {
    all().filter_map(|one| one.entry_changed).try_for_each(|told| told(tx, programme, fact))
}

/// Rows as the statements that count by month give them (organisation, form, month, times), of forms of one kind.
pub fn count_as(kind: FormKind, rows: Vec<(String, String, i64, i64)>) -> Vec<Recorded> {
    rows.into_iter().map(|(org, id, month, times)| Recorded { org, form: (kind, id), month, times }).collect()
}

/// The list as it is handed down.
pub struct Listed(pub &'static [&'static Mechanism]);

jiedui_store::inventory::collect!(Listed);

/// Every mechanism, in the order of the work.
pub fn all() -> impl Iterator<Item = &'static Mechanism> {
    jiedui_store::inventory::iter::<Listed>.into_iter().flat_map(|listed| listed.0.iter().copied())
}
