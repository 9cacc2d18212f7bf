//! The life of each kind of thing that goes from hand to hand: which state leads by which action to which other, and whose
//! action it is. Made from the enums by asking what they allow, and drawn into `docs/lives.md`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A state or an action: its name in the code and on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub id: &'static str,
    pub label: &'static str,
}

/// One arrow of the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// `None` where it begins.
    pub from: Option<Name>,
    pub action: Name,
    /// On what it depends, "" on nothing.
    pub when: Cow<'static, str>,
    pub who: &'static str,
    pub to: Name,
}

/// The life of one kind of thing.
#[derive(Debug, Clone)]
pub struct Life {
    /// As the audit log names it.
    pub resource: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub moves: Vec<Move>,
}

impl Life {
    /// The actions of this life, as the history keeps them.
    pub fn actions(&self) -> BTreeSet<&'static str> {
        self.moves.iter().map(|one| one.action.id).collect()
    }

    fn draw(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "\n## {}\n{}\n\n```mermaid\nstateDiagram-v2", self.title, self.about)?;
        let states: BTreeSet<Name> =
            self.moves.iter().flat_map(|one| one.from.into_iter().chain([one.to])).collect();
        for state in states {
            writeln!(out, "    {}: {} {}", node(state), state.id, state.label)?;
        }
        // What leaves the state as it is stands in the table alone: a drawing full of loops shows nothing.
        for one in self.moves.iter().filter(|one| one.from != Some(one.to)) {
            let from = one.from.map_or_else(|| "[*]".to_owned(), node);
            writeln!(out, "    {from} --> {}: {}", node(one.to), one.action.label)?;
        }
        writeln!(out, "```\n\n| state | action | who | when | next |\n|---|---|---|---|---|")?;
        for one in &self.moves {
            let from = one.from.map_or_else(|| "—".to_owned(), cell);
            let (action, next) = (cell(one.action), cell(one.to));
            writeln!(out, "| {from} | {action} | {} | {} | {next} |", one.who, one.when)?;
        }
        Ok(())
    }
}

/// A state as the drawing names it, which knows no slash.
fn node(name: Name) -> String {
    name.id.replace('/', "_")
}

fn cell(name: Name) -> String {
    format!("`{}` {}", name.id, name.label)
}

/// The page with all lives.
pub fn document(lives: &[Life]) -> String {
    let mut out =
        "# Lives\nMade from the code by the test `tests::lives`; `UPDATE_TABLES=1` writes it from scratch. \
                   Everything that no line allows is refused.\n"
            .to_owned();
    for life in lives {
        // Writing into a text does not fail.
        let _ = life.draw(&mut out);
    }
    out
}
