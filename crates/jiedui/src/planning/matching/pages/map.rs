//! The map: county schools and their partners where they stand, drawn on the server. Shapes and dashes carry what colour
//! repeats; each point leads to its row.

use super::super::rules::facts::{County, Partner};
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
    /// A partner that could help and was not chosen: drawn hollow, and no line leads to it.
    idle: bool,
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
        let idle = if paired.is_empty() { Vec::new() } else { idle(setting, answer) };
        let not_chosen = idle.iter().filter_map(|(_, partner)| partner.facts.place);
        let places: Vec<Coordinates> = counties.chain(partners).chain(not_chosen).collect();
        let Some(scale) = Scale::of(&places) else { return Self::default() };
        let map = Self { width: WIDE as i64, height: scale.height as i64, ..Self::default() };
        let mut sketch = Sketch { setting, scale, ring: Ring::default(), known: BTreeMap::new(), map };
        for county in &paired {
            sketch.county(id, county, answer);
        }
        for (side, partner) in idle {
            sketch.point(side, partner, true);
        }
        sketch.labels();
        sketch.map
    }
}

/// Who could help and was not chosen, each on the first side on which it could.
fn idle<'a>(setting: &'a Setting, answer: &SolveOutcome) -> Vec<(Side, &'a Partner)> {
    let draft = answer.draft();
    let could = |side: Side, id: &str| draft.partners(side).iter().any(|asked| asked.id == id);
    let chosen = |id: &str| Side::BOTH.into_iter().any(|side| answer.used(side, id) > 0);
    let free = setting.facts.partners.iter().filter(|partner| !chosen(&partner.id));
    let first = |partner: &'a Partner| {
        let side = Side::BOTH.into_iter().find(|side| could(*side, &partner.id))?;
        Some((side, partner))
    };
    free.filter_map(first).collect()
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
            idle: false,
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
        let at = self.point(side, partner, false)?;
        self.known.insert(key, at);
        Some(at)
    }

    /// Draws a partner; none where nobody knows its place.
    fn point(&mut self, side: Side, partner: &Partner, idle: bool) -> Option<(f64, f64)> {
        let Some(place) = partner.facts.place else {
            if !self.map.missing.contains(&partner.name) {
                self.map.missing.push(partner.name.clone());
            }
            return None;
        };
        let at = self.ring.next(self.scale.at(place));
        self.map.points.push(Point {
            x: at.0.round() as i64,
            y: at.1.round() as i64,
            shape: if side == Side::Lead { "lead" } else { "nearby" },
            changed: false,
            idle,
            href: format!("/registry/{}", partner.id),
            name: if idle { format!("{}：没有选到", partner.name) } else { partner.name.clone() },
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
            let wanted = Label {
                x: mean(|at| at.0).round() as i64,
                y: (top - APART).round() as i64,
                text: city.to_owned(),
            };
            let label = free_place(&self.map, wanted);
            self.map.labels.extend(label);
        }
    }
}

/// Room of a name in the drawing, for each of its signs across, and above and below the line on which it stands: as large as it
/// is drawn on a telephone, with the rim around it, so that there is room everywhere.
const SIGN: i64 = 36;
const ABOVE: i64 = 45;
const BELOW: i64 = 14;
const RIM: i64 = 3;
/// Places are tried so far apart.
const STEP: i64 = 11;
/// A place that covers a school is as good as one so much farther away that does not.
const COVERS: i64 = 40;

/// The room that a label takes: left, top, right, bottom.
fn room(label: &Label) -> [i64; 4] {
    let half = label.text.chars().count() as i64 * SIGN / 2 + RIM;
    [label.x - half, label.y - ABOVE, label.x + half, label.y + BELOW]
}

fn meet(a: [i64; 4], b: [i64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// The label as near to its place as there is room for it inside the drawing, away from other names, and if it can be from
/// schools; none where it has no room at all.
fn free_place(map: &Map, label: Label) -> Option<Label> {
    let taken: Vec<[i64; 4]> = map.labels.iter().map(room).collect();
    let [left, top, right, bottom] = room(&label);
    // Steps that keep it inside.
    let steps = |from: i64, to: i64| -from.div_euclid(STEP)..=to.div_euclid(STEP);
    let across = steps(left, map.width - right).map(|n| n * STEP);
    let places = across.flat_map(|dx| steps(top, map.height - bottom).map(move |n| (dx, n * STEP)));
    let mut best: Option<(i64, i64, i64)> = None;
    for (dx, dy) in places {
        let far = (dx * dx + dy * dy).isqrt();
        let there = [left + dx, top + dy, right + dx, bottom + dy];
        // Farther away than the best found, it cannot be better.
        if best.is_some_and(|best| far > best.0) || taken.iter().any(|one| meet(*one, there)) {
            continue;
        }
        let covered = map.points.iter().filter(|at| meet([at.x, at.y, at.x + 1, at.y + 1], there)).count();
        let cost = (far + COVERS * covered as i64, dy, dx);
        best = Some(best.map_or(cost, |best| best.min(cost)));
    }
    best.map(|(_, dy, dx)| Label { x: label.x + dx, y: label.y + dy, ..label })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    fn named(width: i64, height: i64, at: &[(i64, i64, usize)]) -> Map {
        let mut map = Map { width, height, ..Map::default() };
        for (x, y, signs) in at {
            let label = free_place(&map, Label { x: *x, y: *y, text: "市".repeat(*signs) });
            map.labels.extend(label);
        }
        map
    }

    #[test]
    fn a_name_stands_where_it_belongs_if_there_is_room() {
        let map = named(1000, 600, &[(500, 300, 3), (520, 310, 3), (2, 2, 4)]);
        assert_eq!((map.labels[0].x, map.labels[0].y), (500, 300));
        assert!((map.labels[1].x - 520).abs() + (map.labels[1].y - 310).abs() < 100, "{:?}", map.labels[1]);
        assert!(room(&map.labels[2])[0] >= 0 && room(&map.labels[2])[1] >= 0, "inside");
        // One that does not fit at all is left out.
        assert_eq!(named(100, 30, &[(50, 20, 3)]).labels.len(), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// However near cities lie to each other.
        #[test]
        fn names_never_stand_on_each_other(
            at in prop::collection::vec((0_i64..1000, 0_i64..600, 2_usize..6), 1..30),
        ) {
            let map = named(1000, 600, &at);
            let rooms: Vec<[i64; 4]> = map.labels.iter().map(room).collect();
            for (n, one) in rooms.iter().enumerate() {
                prop_assert!(one[0] >= 0 && one[1] >= 0 && one[2] <= 1000 && one[3] <= 600);
                prop_assert!(rooms[..n].iter().all(|other| !meet(*one, *other)));
            }
            prop_assert_eq!(&rooms, &named(1000, 600, &at).labels.iter().map(room).collect::<Vec<_>>());
        }
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
