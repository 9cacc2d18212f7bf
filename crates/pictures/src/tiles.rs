//! Divisions as equal tiles at their rows and columns, cities outlined and named, pairings as ties between tiles. On a
//! narrow screen the cities stand one below the other.

use crate::mark::Mark;
use jiedui_kernel::{Reported, Unit};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    pub title: String,
    pub unit: Unit,
    /// The classes of the legend, from the least to the most: 没有, 不足一半, 一半以上, 全部. At most [`CLASSES`].
    pub classes: Vec<String>,
    pub tiles: Vec<Tile>,
    pub ties: Vec<Tie>,
}

/// So many classes have a hatch of their own.
pub const CLASSES: usize = 5;
/// Rows and columns are below this.
pub const GRID: u16 = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// What ties name it by: the code of the division.
    pub key: String,
    /// Tiles of one city are outlined together and bear its name.
    pub city: String,
    /// The tile's name and value, and where it opens.
    pub mark: Mark,
    pub row: u16,
    pub column: u16,
    /// Its class in the legend, from 0; none where nothing is known, which is drawn empty.
    pub class: Option<usize>,
}

/// A pairing between two tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    pub from: String,
    pub to: String,
    pub kind: TieKind,
    pub label: String,
    pub href: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieKind {
    /// 牵头: solid.
    Lead,
    /// 配合: dashed.
    Nearby,
}

impl Tiles {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        classes: impl IntoIterator<Item = S>,
    ) -> Self {
        let classes = classes.into_iter().map(Into::into).collect();
        Self { title: title.into(), unit, classes, tiles: Vec::new(), ties: Vec::new() }
    }

    #[must_use]
    pub fn tile(mut self, tile: Tile) -> Self {
        self.tiles.push(tile);
        self
    }

    #[must_use]
    pub fn tie(mut self, tie: Tie) -> Self {
        self.ties.push(tie);
        self
    }
}

impl Tile {
    pub fn new(key: impl Into<String>, label: impl Into<String>, (row, column): (u16, u16)) -> Self {
        let mark = Mark::new(label, Reported::NotApplicable);
        Self { key: key.into(), city: String::new(), mark, row, column, class: None }
    }

    #[must_use]
    pub fn in_city(mut self, city: impl Into<String>) -> Self {
        self.city = city.into();
        self
    }

    /// Its value and the class of the legend to which it belongs.
    #[must_use]
    pub fn value(mut self, value: Reported<i64>, class: Option<usize>) -> Self {
        self.mark.value = value;
        self.class = class;
        self
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.mark = self.mark.opens(href);
        self
    }
}

impl Tie {
    pub fn new(
        kind: TieKind,
        (from, to): (impl Into<String>, impl Into<String>),
        label: impl Into<String>,
    ) -> Self {
        Self { from: from.into(), to: to.into(), kind, label: label.into(), href: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}
