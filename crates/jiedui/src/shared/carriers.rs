//! What carries a sentence of the plan: things of the programme by their kind, and what is written by hand. Each mechanism
//! adds its own to a [`Section`].

use jiedui_programme::Programme;

/// A kind of carrier: what it is called, where its code is, and the test that walks it.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Carriers of a lower place stand first.
    pub place: u16,
    pub word: &'static str,
    /// Folder under `crates/jiedui/src`.
    pub folder: &'static str,
    /// Test file under `crates/jiedui/src`, and the function.
    pub test: (&'static str, &'static str),
}

/// One thing that carries a sentence.
#[derive(Debug)]
pub struct Carrier {
    pub kind: &'static Kind,
    /// Id in the programme; "" for what is written by hand.
    pub id: String,
    pub name: String,
    /// File of the programme; "" for what is written by hand.
    pub file: String,
    /// Where it is seen.
    pub href: String,
    /// It measures or holds the sentence; a target that nothing measures says it once more and no more.
    pub holds: bool,
}

/// Collects what carries one sentence.
pub struct Section<'a> {
    pub programme: &'a Programme,
    clause: &'a str,
    pub found: Vec<Carrier>,
}

/// An item of the programme that may carry sentences.
pub struct ProgrammeItem<'a> {
    /// The table of the programme's files that it stands in, and its id there.
    pub section: &'a str,
    pub id: &'a str,
    pub name: &'a str,
}

impl<'a> Section<'a> {
    pub fn new(programme: &'a Programme, clause: &'a str) -> Self {
        Self { programme, clause, found: Vec::new() }
    }

    /// An item of the programme, where the sentence is one of its own.
    pub fn item(&mut self, kind: &'static Kind, clauses: &[String], item: ProgrammeItem<'_>, href: String) {
        if clauses.iter().any(|one| one == self.clause) {
            let ProgrammeItem { section, id, name } = item;
            let file = self.programme.files.get(&format!("{section}:{id}")).cloned().unwrap_or_default();
            let (id, name) = (id.to_owned(), name.to_owned());
            self.found.push(Carrier { kind, id, name, file, href, holds: true });
        }
    }

    /// All items of one table of the programme: `of` gives the sentences, the id, the name and the address of one.
    pub fn items<'i, T>(
        &mut self,
        kind: &'static Kind,
        (section, items): (&str, &'i [T]),
        of: impl Fn(&'i T) -> (&'i [String], &'i str, &'i str, String),
    ) {
        for one in items {
            let (clauses, id, name, href) = of(one);
            self.item(kind, clauses, ProgrammeItem { section, id, name }, href);
        }
    }

    /// A whole file of the programme.
    pub fn file(&mut self, kind: &'static Kind, clauses: &[String], (file, name): (&str, &str), href: &str) {
        if clauses.iter().any(|one| one == self.clause) {
            self.carry(kind, (name, href));
            if let Some(last) = self.found.last_mut() {
                file.clone_into(&mut last.file);
            }
        }
    }

    /// What is written by hand for one sentence: name and page.
    pub fn by_hand(&mut self, kind: &'static Kind, clause: &str, name: &str, href: &str) {
        if clause == self.clause {
            self.carry(kind, (name, href));
        }
    }

    fn carry(&mut self, kind: &'static Kind, (name, href): (&str, &str)) {
        self.found.push(Carrier {
            kind,
            id: String::new(),
            name: name.to_owned(),
            file: String::new(),
            href: href.to_owned(),
            holds: true,
        });
    }
}
