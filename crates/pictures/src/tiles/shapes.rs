//! The same map by official boundaries: each division is an area, with its name where that fits and a link around its middle.
//! The name of a city stands in the midst of its divisions.

use super::{Tile, Tiles};
use crate::measure::width;
use crate::sheet::{Area, Sheet, label, label_around};
use crate::svg::{Node, path};
use std::collections::{BTreeMap, BTreeSet};

type Point = (u16, u16);
type Piece = (Point, Point);

/// The room of a name from above to below.
const LINE: i64 = 18;
/// How far a name moves aside at a time, where another one stands.
const ASIDE: i64 = 20;

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

    /// Whether a place lies within: a line from it to the east crosses the edges an odd number of times.
    fn encloses(&self, (x, y): (i64, i64)) -> bool {
        let crossed = self.rings.iter().flat_map(|ring| edges(ring)).filter(|(from, to)| {
            let (from_x, from_y) = (i64::from(from.0), i64::from(from.1));
            let (to_x, to_y) = (i64::from(to.0), i64::from(to.1));
            let side = (x - from_x) * (to_y - from_y) - (y - from_y) * (to_x - from_x);
            let is_west = if to_y > from_y { side < 0 } else { side > 0 };
            (from_y > y) != (to_y > y) && is_west
        });
        crossed.count() % 2 == 1
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

/// The edges of a ring, from corner to corner.
fn edges(ring: &[Point]) -> impl Iterator<Item = Piece> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// The midst of some areas: that of the frame around each ring, a large one weighing more than an island.
fn midst(shapes: &[&TileShape]) -> Option<(i64, i64)> {
    let (mut across, mut down, mut whole) = (0_i64, 0_i64, 0_i64);
    for ring in shapes.iter().flat_map(|shape| &shape.rings) {
        let (least_x, most_x) = ends(ring.iter().map(|point| point.0))?;
        let (least_y, most_y) = ends(ring.iter().map(|point| point.1))?;
        let weight = (most_x - least_x) * (most_y - least_y);
        across += weight * (least_x + most_x) / 2;
        down += weight * (least_y + most_y) / 2;
        whole += weight;
    }
    (whole > 0).then(|| (across / whole, down / whole))
}

/// The least and the greatest.
fn ends(of: impl Iterator<Item = u16> + Clone) -> Option<(i64, i64)> {
    Some((i64::from(of.clone().min()?), i64::from(of.max()?)))
}

/// The room of a name around a place.
fn room(name: &str, (x, y): (i64, i64)) -> Area {
    let across = width(name);
    Area::new(x - across / 2, y - LINE / 2, across, LINE)
}

/// Where the name of a city stands: in the midst of what it covers, or as near as it meets no other name and lies on the city.
fn place(name: &str, shapes: &[&TileShape], taken: &[Area], sheet: &Sheet) -> Option<(i64, i64)> {
    let (x, y) = midst(shapes)?;
    let steps = || [0_i64, -1, 1, -2, 2, -3, 3].into_iter();
    let mut places =
        steps().flat_map(|aside| steps().map(move |below| (x + aside * ASIDE, y + below * LINE)));
    places.find(|at| {
        let area = room(name, *at);
        let is_inside = area.x >= 0
            && area.y >= 0
            && area.x + area.width <= sheet.width
            && area.y + area.height <= sheet.height;
        is_inside
            && !taken.iter().any(|other| other.meets(&area))
            && shapes.iter().any(|shape| shape.encloses(*at))
    })
}

/// The edges of a ring, each ending at the next corner that any division has: a division may leave out a point on a straight line
/// at which two of its neighbours meet.
fn pieces(ring: &[Point], corners: &BTreeSet<Point>) -> Vec<Piece> {
    let mut found = Vec::new();
    for (from, to) in edges(ring) {
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
        let mut taken = Vec::new();
        for (tile, shape) in self.shaped().filter(|(tile, shape)| width(&tile.mark.label) <= shape.across()) {
            let (x, y) = shape.middle();
            let mut words = Node::new("g").class("figure pic-words").attr("aria-hidden", "true");
            words.push(label_around(x, y + 5, &tile.mark.label, sheet).class("pic-over"));
            sheet.push(words);
            taken.push(room(&tile.mark.label, (x, y)));
        }
        self.draw_city_names(taken, sheet);
    }

    /// `taken` is where names of divisions stand. A city that has no room for its own is named at each of its marks and in the
    /// table.
    fn draw_city_names(&self, mut taken: Vec<Area>, sheet: &mut Sheet) {
        let mut cities: BTreeMap<&str, Vec<(&Tile, &TileShape)>> = BTreeMap::new();
        for (tile, shape) in self.shaped() {
            cities.entry(tile.city.as_str()).or_default().push((tile, shape));
        }
        for (city, divisions) in cities {
            // A city without counties is one division, which bears its name.
            let is_named =
                matches!(divisions.as_slice(), [(only, _)] if city.starts_with(only.mark.label.as_str()));
            if city.is_empty() || is_named {
                continue;
            }
            let shapes: Vec<&TileShape> = divisions.iter().map(|(_, shape)| *shape).collect();
            let Some((x, y)) = place(city, &shapes, &taken, sheet) else { continue };
            taken.push(room(city, (x, y)));
            let name = label(x, y + 5, city).attr("text-anchor", "middle");
            sheet.push(name.class("figure pic-city pic-over"));
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

    #[test]
    fn the_name_of_a_city_stands_amid_its_divisions_and_on_no_other_name() {
        let map = Tiles::new("示例", Unit::Schools, ["没有", "有"])
            .tile(square("1", "甲县", 0).in_city("一市"))
            .tile(square("2", "乙县", 100).in_city("一市"))
            .tile(square("3", "丙县", 200).in_city("二市"))
            .tile(square("4", "丁", 300).in_city("丁市"));
        let text = Picture::Tiles(map).svg("m");
        let named = |x: i64, y: i64, city: &str| {
            let class = "class=\"figure pic-city pic-over\"";
            text.contains(&format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" {class}>{city}</text>"))
        };
        assert!(named(100, 55, "一市"), "in the midst of both: {text}");
        assert!(named(250, 37, "二市"), "above the name of its one division: {text}");
        assert_eq!(text.matches("pic-city pic-over").count(), 2, "丁市 is named by its division");
    }

    #[test]
    fn a_hole_is_no_part_of_an_area() {
        let ring = |from: u16, to: u16| vec![(from, from), (to, from), (to, to), (from, to)];
        let shape = TileShape { rings: vec![ring(0, 90), ring(30, 60)], middle: (10, 10) };
        assert!(shape.encloses((10, 45)) && shape.encloses((75, 45)));
        assert!(!shape.encloses((45, 45)) && !shape.encloses((95, 45)) && !shape.encloses((45, 95)));
    }
}
