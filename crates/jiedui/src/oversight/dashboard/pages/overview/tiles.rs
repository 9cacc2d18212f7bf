//! The map: one tile for each division of the county level, or its area where official boundaries are in use, one measure at a
//! time. A tile leads from the province to its city, and from there to its schools.

use super::super::drawn;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::Division;
use crate::oversight::boundaries::Boundary;
use crate::planning::needs::NeedRow;
use crate::standing::indicators::{Facts, Slice};
use crate::standing::obligations::Clock;
use jiedui_kernel::{Reported, Unit};
use jiedui_pictures::{Picture, Tie, TieKind, Tile, Tiles};
use jiedui_programme::{ClockState, DivisionMap, IndicatorOf, Programme};
use jiedui_web::picture::PictureView;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What the tiles show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileMeasure {
    Paired,
    Signed,
    Due,
    Needs,
    Attained,
}

impl TileMeasure {
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Paired, "paired", "已结对"),
        (Self::Signed, "signed", "已签协议"),
        (Self::Due, "due", "还没有完成的履职"),
        (Self::Needs, "needs", "没有项目回应的需求"),
        (Self::Attained, "attained", "办学条件达标"),
    ];

    fn label(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(.., label)| label)
    }

    fn unit(self) -> Unit {
        match self {
            Self::Paired | Self::Signed | Self::Attained => Unit::Schools,
            Self::Due | Self::Needs => Unit::Items,
        }
    }

    /// The classes of the legend: how far all have come, or what state is the gravest. No number is better than another's.
    fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Paired | Self::Signed | Self::Attained => &["还没有", "有一部分", "全部"],
            Self::Due => &["没有", "进行中", "有风险", "已逾期"],
            Self::Needs => &["没有", "一项", "两项", "三项以上"],
        }
    }
}

#[derive(Serialize)]
pub struct MapView {
    about: String,
    /// 审图号, where the divisions lie by official boundaries.
    approval: Option<String>,
    picture: PictureView,
}

/// What the tiles are made of.
pub struct Ground<'a> {
    pub map: &'a DivisionMap,
    pub boundary: Option<&'a Boundary>,
    pub divisions: &'a [Division],
    pub facts: &'a Facts,
    pub cut: &'a Slice,
    pub clocks: &'a [&'a Clock],
    pub needs: &'a [NeedRow],
    /// The indicator whose rows are the schools of a division.
    pub paired: &'a str,
}

/// The value of a tile, and its class.
type Shown = (Reported<i64>, Option<usize>);

pub fn map(programme: &Programme, ground: &Ground<'_>, measure: TileMeasure) -> MapView {
    let picture = picture(programme, ground, measure);
    let approval = ground.boundary.map(|boundary| boundary.approval.clone());
    MapView { about: ground.map.about.clone(), approval, picture: drawn("map", &Picture::Tiles(picture)) }
}

pub fn picture(programme: &Programme, ground: &Ground<'_>, measure: TileMeasure) -> Tiles {
    let values = Values::of(programme, ground, measure);
    let by_code: HashMap<&str, &Division> =
        ground.divisions.iter().map(|division| (division.code.as_str(), division)).collect();
    let cities: BTreeSet<&str> =
        ground.facts.schools_of(ground.cut).map(|place| place.city.as_str()).collect();
    let mut picture = Tiles::new(measure.label(), measure.unit(), measure.classes().iter().copied())
        .nothing("没有对口县级院校");
    for tile in ground.map.tiles() {
        let Some(division) = by_code.get(tile.code) else { continue };
        let city = by_code.get(division.parent.as_str()).filter(|_| division.level == "county");
        let city = city.map_or(division.name.as_str(), |city| city.name.as_str());
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        let (value, class) = values.at(tile.code);
        let made = Tile::new(tile.code, short(&division.name), (place(tile.row), place(tile.column)));
        let made = made.in_city(city).value(value, class);
        let made = match ground.boundary.and_then(|boundary| boundary.shape(tile.code)) {
            Some(shape) => made.shaped(shape.clone()),
            None => made,
        };
        picture = picture.tile(match opens(ground, &cities, division, city) {
            Some(href) => made.opens(href),
            None => made,
        });
    }
    for tie in ties(ground, measure) {
        picture = picture.tie(tie);
    }
    picture
}

/// A name that fits: without what every division has at its end, where two signs are left.
fn short(name: &str) -> String {
    let signs = name.chars().count();
    if name.ends_with("自治县") {
        return name.chars().take(2).collect();
    }
    name.chars().take(if signs > 2 { signs - 1 } else { signs }).collect()
}

/// The schools of each division, and what the measure says of them.
struct Values<'a> {
    measure: TileMeasure,
    schools: HashMap<&'a str, Vec<&'a str>>,
    have: HashSet<String>,
    numbers: HashMap<&'a str, i64>,
    gravest: HashMap<&'a str, usize>,
}

impl<'a> Values<'a> {
    fn of(programme: &Programme, ground: &Ground<'a>, measure: TileMeasure) -> Self {
        let mut schools: HashMap<&str, Vec<&str>> = HashMap::new();
        for place in ground.facts.schools_of(ground.cut) {
            schools.entry(place.county_code.as_str()).or_default().push(place.id.as_str());
        }
        let wanted = |of: &IndicatorOf| match measure {
            TileMeasure::Paired => matches!(of, IndicatorOf::Paired),
            TileMeasure::Signed => matches!(of, IndicatorOf::Signed),
            TileMeasure::Attained => matches!(of, IndicatorOf::Attained { .. }),
            TileMeasure::Due | TileMeasure::Needs => false,
        };
        let of = programme.indicators.iter().find(|of| wanted(&of.of));
        let reading = of.map(|of| ground.facts.reading(programme, of, ground.cut));
        let have = reading.into_iter().flat_map(|reading| reading.rows).map(|row| row.school).collect();
        let mut numbers: HashMap<&str, i64> = HashMap::new();
        let mut gravest: HashMap<&str, usize> = HashMap::new();
        for clock in ground.clocks.iter().filter(|_| measure == TileMeasure::Due) {
            if let Some(class) = due(clock) {
                let school = clock.reading.county_school.as_str();
                *numbers.entry(school).or_default() += 1;
                let worst = gravest.entry(school).or_default();
                *worst = (*worst).max(class);
            }
        }
        for need in ground.needs.iter().filter(|_| measure == TileMeasure::Needs) {
            *numbers.entry(need.org.as_str()).or_default() += 1;
        }
        Self { measure, schools, have, numbers, gravest }
    }

    fn at(&self, code: &str) -> Shown {
        let Some(schools) = self.schools.get(code) else { return (Reported::NotApplicable, None) };
        let sum: i64 = schools.iter().filter_map(|school| self.numbers.get(school)).sum();
        let class = match self.measure {
            TileMeasure::Due => {
                schools.iter().filter_map(|school| self.gravest.get(school)).max().copied().unwrap_or(0)
            }
            TileMeasure::Needs => usize::try_from(sum).unwrap_or(0).min(3),
            _ => {
                let have = schools.iter().filter(|school| self.have.contains(**school)).count();
                let class = if have == schools.len() { 2 } else { usize::from(have > 0) };
                return (Reported::Value(i64::try_from(have).unwrap_or(i64::MAX)), Some(class));
            }
        };
        (Reported::Value(sum), Some(class))
    }
}

/// The class of a duty that is not done; none of what is done or not asked.
fn due(clock: &Clock) -> Option<usize> {
    match clock.reading.state {
        ClockState::Running => Some(1),
        ClockState::AtRisk => Some(2),
        ClockState::Missed => Some(3),
        ClockState::Met
        | ClockState::Awaiting
        | ClockState::Exempt
        | ClockState::Undated
        | ClockState::BeforeUse => None,
    }
}

/// From the province to the city; within a city to its one school, or to the schools of the division. Whoever sees one city
/// alone begins there. Nothing opens where nothing is: `cities` are those with schools.
fn opens(ground: &Ground<'_>, cities: &BTreeSet<&str>, division: &Division, city: &str) -> Option<String> {
    let cut = ground.cut;
    if !cities.contains(city) {
        return None;
    }
    if cut.city.is_empty() && cities.len() > 1 {
        let inner = Slice { city: city.to_owned(), ..cut.clone() };
        return Some(format!("/overview?{}", inner.query()));
    }
    let mut schools = ground.facts.schools_of(cut).filter(|place| place.county_code == division.code);
    match (schools.next(), schools.next()) {
        (Some(one), None) => Some(super::school_href(ground.facts, &one.id)),
        (Some(_), Some(_)) => {
            let inner = Slice { county: division.code.clone(), ..cut.clone() };
            Some(format!("/indicators/{}?{}", ground.paired, inner.query()))
        }
        (None, _) => None,
    }
}

/// The pairings as lines, where they are few enough to follow: of a part of the province, or where pairings are the measure.
fn ties(ground: &Ground<'_>, measure: TileMeasure) -> Vec<Tie> {
    // A month is no part of the province.
    if !ground.cut.in_year(ground.cut.year).is_narrowed() && measure != TileMeasure::Paired {
        return Vec::new();
    }
    let codes: HashSet<&str> = ground.map.tiles().map(|tile| tile.code).collect();
    let place = |org: &str| {
        let code = ground.facts.place(org)?.county_code.as_str();
        // A college that stands under a city has no division of its own: it is drawn at the first of that city.
        let within = code.get(..4)?;
        let first = || codes.iter().filter(|other| other.starts_with(within)).min().copied();
        codes.get(code).copied().or_else(first).map(str::to_owned)
    };
    let today = ground.facts.today;
    let runs = |row: &&PairingRow| pairings::rules::runs(row.from_day, row.to_day, today);
    let mut found = Vec::new();
    for row in ground.facts.pairings_of(ground.cut).filter(runs) {
        let Some(to) = place(&row.county_school) else { continue };
        for (kind, org, name, word) in [
            (TieKind::Lead, &row.lead, &row.lead_name, "牵头"),
            (TieKind::Nearby, &row.nearby, &row.nearby_name, "配合"),
        ] {
            let Some(from) = place(org).filter(|from| *from != to) else { continue };
            let label = format!("{name}{word}{}", row.county_name);
            found.push(Tie::new(kind, (from, to.clone()), label).opens(format!("/pairings/{}", row.id)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_has_room_for_two_or_three_signs() {
        let shown = ["兴宁市", "乳源瑶族自治县", "城区", "连山壮族瑶族自治县", "东莞市"].map(short);
        assert_eq!(shown, ["兴宁", "乳源", "城区", "连山", "东莞"]);
    }

    #[test]
    fn every_measure_has_a_name_and_a_legend() {
        for (measure, id, label) in TileMeasure::ALL {
            assert!(!id.is_empty() && measure.label() == label);
            assert!((3..=5).contains(&measure.classes().len()), "{id}");
        }
    }
}
