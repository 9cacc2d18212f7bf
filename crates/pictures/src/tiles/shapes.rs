//! The same map by official boundaries: each division is an area, with its name where that fits and a link around its middle.

use super::{Tile, Tiles};
use crate::measure::width;
use crate::sheet::{Area, Sheet, label_around};
use crate::svg::{Node, path};
use std::collections::{BTreeMap, BTreeSet};

type Point = (u16, u16);
type Piece = (Point, Point);

/// Where a division lies on the drawing, in whole units of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileShape {
    /// Each is closed by itself; what lies in two of them is a hole.
    pub rings: Vec<Vec<(u16, u16)>>,
    /// A place within, for its name and its link.
    pub middle: (u16, u16),
}

impl TileShape {
    fn middle(&self) -> (i64, i64) {
        (i64::from(self.middle.0), i64::from(self.middle.1))
    }

    fn points(&self) -> impl Iterator<Item = (i64, i64)> {
        self.rings.iter().flatten().map(|(x, y)| (i64::from(*x), i64::from(*y)))
    }

    /// From its westernmost to its easternmost place.
    fn across(&self) -> i64 {
        let (least, most) = (self.points().map(|(x, _)| x).min(), self.points().map(|(x, _)| x).max());
        most.unwrap_or(0) - least.unwrap_or(0)
    }

    fn outline(&self) -> String {
        let mut text = String::new();
        for ring in &self.rings {
            let mut sign = 'M';
            for (x, y) in ring {
                text.push_str(&format!("{sign}{x} {y}"));
                sign = 'L';
            }
            text.push('Z');
        }
        text
    }
}

fn common(a: u16, b: u16) -> u16 {
    if b == 0 { a } else { common(b, a % b) }
}

/// The edges of a ring, each ending at the next corner that any division has: a division may leave out a point on a straight line
/// at which two of its neighbours meet.
fn pieces(ring: &[Point], corners: &BTreeSet<Point>) -> Vec<Piece> {
    let mut found = Vec::new();
    for (from, to) in ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)) {
        // So many places with whole numbers lie on the way.
        let steps = common(from.0.abs_diff(to.0), from.1.abs_diff(to.1));
        let along = |from: u16, to: u16, step: u16| {
            let far = from.abs_diff(to) / steps * step;
            if from < to { from + far } else { from - far }
        };
        let mut last = from;
        for step in 1..=steps {
            let at = (along(from.0, to.0, step), along(from.1, to.1, step));
            if step == steps || corners.contains(&at) {
                found.push((last, at));
                last = at;
            }
        }
    }
    found
}

/// The same from whichever end one comes.
fn either_way((from, to): Piece) -> Piece {
    (from.min(to), from.max(to))
}

impl Tiles {
    /// The borders of cities: what only one division of a city has of its edges. Neighbours have the same points at their border.
    fn city_borders(&self) -> String {
        let points = self.shaped().flat_map(|(_, shape)| shape.rings.iter().flatten().copied());
        let corners: BTreeSet<Point> = points.collect();
        let mut cities: BTreeMap<&str, Vec<Vec<Piece>>> = BTreeMap::new();
        for (tile, shape) in self.shaped() {
            let rings = shape.rings.iter().map(|ring| pieces(ring, &corners));
            cities.entry(tile.city.as_str()).or_default().extend(rings);
        }
        let mut drawn = BTreeSet::new();
        let mut text = String::new();
        for rings in cities.values() {
            let mut uses: BTreeMap<Piece, usize> = BTreeMap::new();
            for piece in rings.iter().flatten() {
                *uses.entry(either_way(*piece)).or_default() += 1;
            }
            for ring in rings {
                let mut pen = None;
                for (from, to) in ring {
                    let piece = either_way((*from, *to));
                    // Where two cities meet, one line is enough.
                    if uses.get(&piece) != Some(&1) || !drawn.insert(piece) {
                        continue;
                    }
                    if pen != Some(*from) {
                        text.push_str(&format!("M{} {}", from.0, from.1));
                    }
                    text.push_str(&format!("L{} {}", to.0, to.1));
                    pen = Some(*to);
                }
            }
        }
        text
    }

    /// Whether the divisions lie where they are, and not on a grid.
    pub(super) fn is_shaped(&self) -> bool {
        self.tiles.iter().any(|tile| tile.shape.is_some())
    }

    fn shaped(&self) -> impl Iterator<Item = (&Tile, &TileShape)> {
        self.shown().filter_map(|tile| Some((tile, tile.shape.as_ref()?)))
    }

    pub(super) fn draw_shapes(&self, sheet: &mut Sheet) {
        let points = || self.shaped().flat_map(|(_, shape)| shape.points());
        sheet.width = (points().map(|(x, _)| x).max().unwrap_or(0) + 2).max(sheet.width);
        sheet.height = points().map(|(_, y)| y).max().unwrap_or(0) + 2;
        for (tile, shape) in self.shaped() {
            let around = Area::around(shape.middle(), sheet);
            // Those of a city lie close: where two links would meet, the second opens from the table.
            let mut node = sheet.mark_where_free(&tile.said(self), tile.mark.address(), around);
            let drawn = path(shape.outline()).attr("fill-rule", "evenodd");
            let drawn = match tile.ground() {
                Some(ground) => sheet.filling(drawn, ground),
                None => drawn.class("pic-nothing"),
            };
            node.push(drawn);
            sheet.push(node);
        }
        let borders = self.city_borders();
        if !borders.is_empty() {
            sheet.push(path(borders).class("pic-outline"));
        }
        let at = |tile: &Tile| {
            let (x, y) = tile.shape.as_ref().map_or((0, 0), TileShape::middle);
            Area::new(x, y, 0, 0)
        };
        self.draw_ties(&at, sheet);
        for (tile, shape) in self.shaped().filter(|(tile, shape)| width(&tile.mark.label) <= shape.across()) {
            let (x, y) = shape.middle();
            let mut words = Node::new("g").class("figure pic-words").attr("aria-hidden", "true");
            words.push(label_around(x, y + 5, &tile.mark.label, sheet).class("pic-over"));
            sheet.push(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Picture, Tie, TieKind};
    use jiedui_kernel::{Reported, Unit};

    fn square(key: &str, label: &str, left: u16) -> Tile {
        let ring = vec![(left, 10), (left + 100, 10), (left + 100, 90), (left, 90)];
        let shape = TileShape { rings: vec![ring], middle: (left + 50, 50) };
        let at = if left == 0 { 0 } else { 1 };
        Tile::new(key, label, (0, at)).value(Reported::Value(1), Some(1)).opens("/x?a=1&b=2").shaped(shape)
    }

    #[test]
    fn divisions_lie_where_they_are_with_links_and_escaped_names() {
        let tiles = Tiles::new("示例", Unit::Schools, ["没有", "有"])
            .tile(square("1", "<b>甲", 0))
            .tile(square("2", "乙县", 100))
            .tie(Tie::new(TieKind::Lead, ("1", "2"), "甲牵头乙"));
        let picture = Picture::Tiles(tiles.clone());
        assert!(picture.check().is_ok());
        let text = picture.svg("m");
        assert!(
            text.contains("d=\"M0 10L100 10L100 90L0 90Z\"") && text.contains("d=\"M50 50L150 50\""),
            "{text}"
        );
        // Both are of one city, which is outlined as one.
        assert!(text.contains("d=\"M0 10L100 10M100 90L0 90L0 10M100 10L200 10L200 90L100 90\""), "{text}");
        assert!(!text.contains("<b>") && text.contains("href=\"/x?a=1&amp;b=2\""));
        assert!(!Picture::Tiles(tiles.without_links()).svg("m").contains("href="));
    }

    #[test]
    fn a_city_is_outlined_where_another_begins() {
        let two = Tiles::new("示例", Unit::Schools, ["没有", "有"])
            .tile(square("1", "甲县", 0).in_city("一市"))
            .tile(square("2", "乙县", 100).in_city("二市"));
        let once = "M0 10L100 10L100 90L0 90L0 10M100 10L200 10L200 90L100 90";
        assert_eq!(two.city_borders(), once, "a border of two cities is drawn once");
        // The large one has no point where the two small ones meet at its side.
        let ring = |points: [Point; 4]| TileShape { rings: vec![points.to_vec()], middle: (0, 0) };
        let tile = |key: &str, points| Tile::new(key, key, (0, 0)).in_city("一市").shaped(ring(points));
        let one = Tiles::new("示例", Unit::Schools, ["没有"])
            .tile(tile("a", [(0, 0), (10, 0), (10, 20), (0, 20)]))
            .tile(tile("b", [(10, 0), (20, 0), (20, 8), (10, 8)]))
            .tile(tile("c", [(10, 8), (20, 8), (20, 20), (10, 20)]));
        assert!(!one.city_borders().contains("L10 8"), "{}", one.city_borders());
    }
}
