//! From an official file to areas on a drawing. Of the file only codes and numbers are taken: its names and everything else
//! that it says is passed over, so that nothing of it reaches a page.

mod grid;
mod read;
#[cfg(test)]
mod tests;

use jiedui_kernel::{Code, Mistake};
use jiedui_pictures::TileShape;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many units the drawing is wide at most, and so many high.
pub const SIZE: (u16, u16) = (960, 900);
/// More points would make a page too heavy.
pub const MOST_KEPT: usize = 6_000;
/// Signs of an approval number.
const LONGEST: usize = 40;

/// A division as it is drawn and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    pub code: String,
    rings: Vec<Vec<(u16, u16)>>,
    middle: (u16, u16),
}

impl Shape {
    /// By its code.
    pub fn named(self) -> (String, TileShape) {
        (self.code, TileShape { rings: self.rings, middle: self.middle })
    }
}

/// What is drawn of a file, or all that is wrong with it. `wanted` are the divisions that the map has, by their codes: no other
/// may stand in the file, and none may be missing.
pub fn shapes(bytes: &[u8], wanted: &BTreeMap<String, String>) -> Result<Vec<Shape>, Vec<Mistake>> {
    let areas = read::areas(bytes, wanted)?;
    grid::drawn(&areas).map_err(|mistake| vec![mistake])
}

/// What is wrong with an approval number: 粤S(2024)123号, GS(2023)2767号.
pub fn check_approval(text: &str) -> Option<Mistake> {
    let signs = text.chars().count();
    if signs == 0 {
        return Some(Mistake::missing("审图号"));
    }
    if signs > LONGEST {
        return Some(Mistake::too_long("审图号", LONGEST, signs));
    }
    let fits = text.contains('S') && text.ends_with('号') && text.chars().any(|sign| sign.is_ascii_digit());
    (!fits).then(|| Code::Faulty.says("审图号印在标准地图上，形如“粤S(2024)123号”“GS(2023)2767号”，请照抄。"))
}
