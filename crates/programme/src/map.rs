//! `map.toml`: where each division of the county level stands on the schematic map. Tiles of one size, laid out by hand so that
//! the cities hang together and lie roughly where they lie: no border is drawn, so that no approval number is needed.

use serde::{Deserialize, Serialize};

/// `[map]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DivisionMap {
    /// What it is, in words; shown below it.
    pub about: String,
    /// From north to south, each from west to east: codes of divisions, and dots where nothing stands.
    pub rows: Vec<String>,
}

/// A division on the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DivisionTile<'m> {
    pub code: &'m str,
    /// Both from 0.
    pub row: usize,
    pub column: usize,
}

/// A place of a row at which nothing stands.
pub(crate) fn is_empty_tile(word: &str) -> bool {
    word.chars().all(|sign| sign == '.')
}

impl DivisionMap {
    /// The tiles in the order of the rows.
    pub fn tiles(&self) -> impl Iterator<Item = DivisionTile<'_>> {
        self.rows.iter().enumerate().flat_map(|(row, words)| {
            let words = words.split_whitespace().enumerate().filter(|(_, word)| !is_empty_tile(word));
            words.map(move |(column, code)| DivisionTile { code, row, column })
        })
    }
}
