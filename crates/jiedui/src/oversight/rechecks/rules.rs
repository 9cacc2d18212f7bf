//! What is told of a check: every kind with how many decisions were made again, and what came out otherwise, up to a number.

use crate::shared::kept::{Again, KeptKind, Otherwise};
use serde::{Deserialize, Serialize};

/// More lines than these help nobody: one knows enough.
pub const MOST: usize = 500;

/// A kind of decision, as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    pub kind: String,
    pub name: String,
    /// How many were made again, and of how many something comes out otherwise.
    pub number: i64,
    pub otherwise: i64,
}

/// Something of one decision that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundItem {
    pub kind: String,
    pub id: String,
    pub title: String,
    pub href: String,
    #[serde(flatten)]
    pub what: Otherwise,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    pub kinds: Vec<Looked>,
    pub lines: Vec<FoundItem>,
    /// Lines beyond those that are told.
    pub beyond: i64,
}

impl Findings {
    pub fn begin(&mut self, kind: &KeptKind) {
        let (id, name) = (kind.id.to_owned(), kind.name.to_owned());
        self.kinds.push(Looked { kind: id, name, number: 0, otherwise: 0 });
    }

    /// One decision of the kind that was begun last.
    pub fn add(&mut self, id: &str, again: Again) {
        let Some(looked) = self.kinds.last_mut() else { return };
        looked.number += 1;
        looked.otherwise += i64::from(!again.found.is_empty());
        for what in again.found {
            if self.lines.len() == MOST {
                self.beyond += 1;
                continue;
            }
            let (title, href) = (again.title.clone(), again.href.clone());
            self.lines.push(FoundItem { kind: looked.kind.clone(), id: id.to_owned(), title, href, what });
        }
    }

    /// Decisions that were made again, and those of which something comes out otherwise.
    pub fn totals(&self) -> (i64, i64) {
        self.kinds.iter().fold((0, 0), |sum, one| (sum.0 + one.number, sum.1 + one.otherwise))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_counted_and_lines_have_an_end() {
        let kind = KeptKind {
            id: "month",
            name: "月",
            after: |_, _| Box::pin(async { Ok(Vec::new()) }),
            again: |_, _, _| Box::pin(async { Ok(Again::default()) }),
        };
        let mut found = Findings::default();
        found.begin(&kind);
        found.add("a", Again::default());
        let many = vec![Otherwise::new("x", 1, 2); MOST + 3];
        found.add("b", Again { found: many, ..Again::default() });
        assert_eq!(found.totals(), (2, 1));
        assert_eq!((found.lines.len(), found.beyond), (MOST, 3));
    }
}
