//! The map: county schools and their partners where they stand, drawn on the server. Shapes and dashes carry what colour
//! repeats; each point leads to its row.

use super::super::rules::facts::County;
use super::super::rules::setting::Setting;
use super::super::rules::solve::SolveOutcome;
use super::views::{Move, at_school};
use jiedui_matching::Side;
use jiedui_programme::Coordinates;
use serde::Serialize;
use std::collections::BTreeMap;

/// Units of the drawing across; its height follows from the land.
const WIDE: f64 = 1000.0;
const EDGE: f64 = 40.0;
/// Schools of one place stand around it, so far apart.
const APART: f64 = 15.0;

#[derive(Debug, Default, Serialize)]
pub struct Map {
    pub width: i64,
    pub height: i64,
    lines: Vec<Stroke>,
    points: Vec<Point>,
    labels: Vec<Label>,
    /// Schools whose place nobody knows.
    missing: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Stroke {
    x1: i64,
    y1: i64,
    x2: i64,
    y2: i64,
    /// lead, nearby.
    side: &'static str,
    changed: bool,
}

#[derive(Debug, Serialize)]
struct Point {
    x: i64,
    y: i64,
    /// county, lead, nearby.
    shape: &'static str,
    changed: bool,
    href: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Label {
    x: i64,
    y: i64,
    text: String,
}

/// From degrees to units of the drawing.
struct Scale {
    west: f64,
    north: f64,
    wide: f64,
    high: f64,
    height: f64,
}

impl Scale {
    fn of(places: &[Coordinates]) -> Option<Self> {
        let edge =
            |of: fn(&Coordinates) -> f64, pick: fn(f64, f64) -> f64| places.iter().map(of).reduce(pick);
        let (west, east) = (edge(|p| p.lon, f64::min)?, edge(|p| p.lon, f64::max)?);
        let (south, north) = (edge(|p| p.lat, f64::min)?, edge(|p| p.lat, f64::max)?);
        // A degree of longitude is shorter than one of latitude, the more so the farther north.
        let narrow = ((south + north) / 2.0).to_radians().cos();
        let wide = (WIDE - 2.0 * EDGE) / (east - west).max(0.5);
        let high = wide / narrow;
        Some(Self { west, north, wide, high, height: (north - south).max(0.3) * high + 2.0 * EDGE })
    }

    fn at(&self, place: Coordinates) -> (f64, f64) {
        (EDGE + (place.lon - self.west) * self.wide, EDGE + (self.north - place.lat) * self.high)
    }
}

/// Schools in one place, moved apart in a ring; the first stands on it.
#[derive(Default)]
struct Ring(BTreeMap<(i64, i64), usize>);

impl Ring {
    fn next(&mut self, (x, y): (f64, f64)) -> (f64, f64) {
        let count = self.0.entry((x.round() as i64, y.round() as i64)).or_default();
        let at = *count;
        *count += 1;
        if at == 0 {
            return (x, y);
        }
        let (ring, turn) = ((at - 1) / 6 + 1, (at - 1) % 6);
        let angle = turn as f64 * std::f64::consts::TAU / 6.0;
        (x + APART * ring as f64 * angle.cos(), y + APART * ring as f64 * angle.sin())
    }
}

struct Sketch<'a> {
    setting: &'a Setting,
    scale: Scale,
    ring: Ring,
    known: BTreeMap<String, (f64, f64)>,
    map: Map,
}

impl Map {
    pub fn of(id: &str, setting: &Setting, answer: &SolveOutcome) -> Self {
        let paired: Vec<&County> =
            setting.taking_part().filter(|county| answer.pair(&county.id).is_some()).collect();
        let counties = paired.iter().filter_map(|county| county.facts.place);
        let partner = |org: &String| setting.facts.partner(org)?.facts.place;
        let pairs = paired.iter().filter_map(|county| answer.pair(&county.id));
        let partners = pairs.flat_map(|pair| [partner(&pair.lead), partner(&pair.nearby)]).flatten();
        let places: Vec<Coordinates> = counties.chain(partners).collect();
        let Some(scale) = Scale::of(&places) else { return Self::default() };
        let map = Self { width: WIDE as i64, height: scale.height as i64, ..Self::default() };
        let mut sketch = Sketch { setting, scale, ring: Ring::default(), known: BTreeMap::new(), map };
        for county in &paired {
            sketch.county(id, county, answer);
        }
        sketch.labels();
        sketch.map
    }
}

impl Sketch<'_> {
    fn county(&mut self, id: &str, county: &County, answer: &SolveOutcome) {
        let Some(pair) = answer.pair(&county.id) else { return };
        let Some(place) = county.facts.place else {
            self.map.missing.push(county.name.clone());
            return;
        };
        let moved = Move::of(county, pair);
        let here = self.ring.next(self.scale.at(place));
        for (side, org, changed) in [
            (Side::Lead, &pair.lead, matches!(moved, Move::Lead | Move::Both)),
            (Side::Nearby, &pair.nearby, matches!(moved, Move::Nearby | Move::Both)),
        ] {
            if let Some(there) = self.partner(side, org) {
                let side = if side == Side::Lead { "lead" } else { "nearby" };
                let [x1, y1, x2, y2] = [here.0, here.1, there.0, there.1].map(|unit| unit.round() as i64);
                self.map.lines.push(Stroke { x1, y1, x2, y2, side, changed });
            }
        }
        let name = format!(
            "{}：牵头 {}，配合 {}",
            county.name,
            self.setting.facts.name(&pair.lead),
            self.setting.facts.name(&pair.nearby)
        );
        let href = at_school(id, &county.id);
        self.map.points.push(Point {
            x: here.0.round() as i64,
            y: here.1.round() as i64,
            shape: "county",
            changed: moved.changes(),
            href,
            name,
        });
    }

    /// Where a partner stands; drawn when it is first met. One that stands on both sides has two signs.
    fn partner(&mut self, side: Side, org: &str) -> Option<(f64, f64)> {
        let key = format!("{side:?} {org}");
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        let partner = self.setting.facts.partner(org)?;
        let Some(place) = partner.facts.place else {
            if !self.map.missing.contains(&partner.name) {
                self.map.missing.push(partner.name.clone());
            }
            return None;
        };
        let at = self.ring.next(self.scale.at(place));
        self.known.insert(key, at);
        self.map.points.push(Point {
            x: at.0.round() as i64,
            y: at.1.round() as i64,
            shape: if side == Side::Lead { "lead" } else { "nearby" },
            changed: false,
            href: format!("/registry/{org}"),
            name: partner.name.clone(),
        });
        Some(at)
    }

    /// The cities, each at the mean of the county schools and partners that stand in it.
    fn labels(&mut self) {
        let mut cities: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for county in self.setting.taking_part() {
            let Some(place) = county.facts.place else { continue };
            cities.entry(&county.city).or_default().push(self.scale.at(place));
        }
        for (city, at) in cities.into_iter().filter(|(city, _)| !city.is_empty()) {
            let mean = |of: fn(&(f64, f64)) -> f64| at.iter().map(of).sum::<f64>() / at.len() as f64;
            let top = at.iter().map(|at| at.1).fold(f64::MAX, f64::min);
            let (x, y) = (mean(|at| at.0).round() as i64, (top - APART).max(EDGE / 2.0).round() as i64);
            let label = free_place(&self.map.labels, Label { x, y, text: city.to_owned() });
            self.map.labels.push(label);
        }
    }
}

/// A name takes so much room in the drawing, across and down.
const NAME: (i64, i64) = (64, 18);

/// The label a little lower where another one stands in its place already.
fn free_place(placed: &[Label], mut label: Label) -> Label {
    let meets = |label: &Label| {
        placed.iter().any(|one| (one.x - label.x).abs() < NAME.0 && (one.y - label.y).abs() < NAME.1)
    };
    for _ in 0..placed.len() {
        if !meets(&label) {
            break;
        }
        label.y += NAME.1;
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_land_keeps_its_shape() {
        let at = |lon: f64, lat: f64| Coordinates { lon, lat };
        let scale = Scale::of(&[at(110.0, 21.0), at(117.0, 25.0), at(113.0, 23.0)]).unwrap();
        assert_eq!(scale.at(at(110.0, 25.0)), (EDGE, EDGE));
        let (x, y) = scale.at(at(117.0, 21.0));
        assert!((x - (WIDE - EDGE)).abs() < 0.01);
        // Four degrees of latitude are longer than four of longitude.
        assert!(y - EDGE > (WIDE - 2.0 * EDGE) * 4.0 / 7.0);
        assert!(Scale::of(&[]).is_none());
    }

    #[test]
    fn names_do_not_stand_on_each_other() {
        let label = |x, y| Label { x, y, text: String::new() };
        let placed = [label(100, 50), label(130, 60)];
        assert_eq!(free_place(&placed, label(110, 55)).y, 91);
        assert_eq!(free_place(&placed, label(400, 55)).y, 55);
    }

    #[test]
    fn schools_of_one_place_stand_apart() {
        let mut ring = Ring::default();
        let first = ring.next((10.0, 10.0));
        let second = ring.next((10.0, 10.0));
        let third = ring.next((10.0, 10.0));
        assert_eq!(first, (10.0, 10.0));
        assert!(second != first && third != first && second != third);
    }
}
