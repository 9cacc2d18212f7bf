//! The pairings of the demonstration: two helpers for each county school, most of them since July 2024.

use super::maker::Maker;
use super::rng::plus;
use super::schools::{COUNTIES, School, Schools, city_of};
use crate::network::pairings::{self, Ending, NewPairing, PairingRow};
use jiedui_kernel::{Date, Error, Result};
use std::collections::HashMap;

/// What is out of the ordinary about a county school's pairing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The first pairing ended so many days ago; the index is its lead college.
    Ended { days_ago: i64, lead: usize, other_nearby: bool },
    /// The three parties agreed to end it so many days from now.
    Ending { days_ahead: i64 },
    /// It began later, and its agreement was signed or not.
    Late { from: (i32, u32, u32), signed: bool },
    /// It runs, but the agreement is not signed yet.
    Unsigned,
}

/// By county code.
const TURNS: [(&str, Turn); 9] = [
    ("441781", Turn::Ended { days_ago: 60, lead: 3, other_nearby: false }),
    ("441422", Turn::Ended { days_ago: 200, lead: 6, other_nearby: true }),
    ("441621", Turn::Ending { days_ahead: 12 }),
    ("440823", Turn::Ending { days_ahead: 18 }),
    ("445281", Turn::Ending { days_ahead: 24 }),
    ("440224", Turn::Late { from: (2024, 10, 15), signed: true }),
    ("440512", Turn::Late { from: (2025, 3, 3), signed: true }),
    ("441823", Turn::Late { from: (2025, 9, 8), signed: false }),
    ("445322", Turn::Unsigned),
];

pub fn turn_of(code: &str) -> Option<Turn> {
    TURNS.iter().find(|(county, _)| *county == code).map(|(_, turn)| *turn)
}

/// Makes all pairings, ends those that ended, and reads them back in the order of names.
pub async fn pair(maker: &mut Maker, schools: &Schools) -> Result<Vec<PairingRow>> {
    let mut places: HashMap<&str, Vec<&School>> = HashMap::new();
    for school in &schools.nearby {
        places.entry(school.division).or_default().push(school);
    }
    for (at, county) in COUNTIES.iter().enumerate() {
        let (Some(lead), Some(school)) = (county.lead, schools.county.get(at)) else { continue };
        let city = city_of(county.code);
        let near = places.get(city.as_str()).cloned().unwrap_or_default();
        let full = near.len() > 1 && county.code == "441427";
        let nearby = near.get(usize::from(full)).or_else(|| near.first());
        let nearby = nearby.ok_or_else(|| Error::internal(format_args!("no nearby school in {city}")))?;
        let three = Three { county: school, lead: of(&schools.lead, lead)?, nearby };
        match turn_of(county.code) {
            Some(Turn::Ended { days_ago, lead, other_nearby }) => {
                let former_nearby =
                    if other_nearby { near.last().copied().unwrap_or(nearby) } else { nearby };
                let former = Three { county: school, lead: of(&schools.lead, lead)?, nearby: former_nearby };
                ended(maker, &former, &three, days_ago).await?;
            }
            turn => running(maker, &three, at, turn).await?,
        }
    }
    let day = maker.last();
    maker.act_as_office(day);
    pairings::in_scope(&mut maker.tx).await
}

struct Three<'a> {
    county: &'a School,
    lead: &'a School,
    nearby: &'a School,
}

fn of(schools: &[School], at: usize) -> Result<&School> {
    schools.get(at).ok_or_else(|| Error::internal(format_args!("no school at {at}")))
}

/// The two days on which most agreements were signed.
fn signing_day(at: usize) -> Date {
    let day = if at.is_multiple_of(2) { 26 } else { 29 };
    Date::from_ymd_opt(2024, 7, day).unwrap_or_default()
}

async fn running(maker: &mut Maker, three: &Three<'_>, at: usize, turn: Option<Turn>) -> Result<()> {
    let usual = signing_day(at);
    let (from, agreed) = match turn {
        Some(Turn::Late { from: (year, month, day), signed }) => {
            let planned = Date::from_ymd_opt(year, month, day).unwrap_or(usual);
            let from = planned.min(plus(maker.today, -45)).max(usual);
            (from, signed.then_some(from))
        }
        Some(Turn::Unsigned) => (usual, None),
        _ => (usual, Some(usual)),
    };
    make(maker, three, from, agreed).await?;
    if let Some(Turn::Ending { days_ahead }) = turn {
        let end = plus(maker.today, days_ahead);
        let told = plus(maker.today, -20).max(plus(from, 1));
        end_pairing(maker, three, from, (told, end), "县级院校与当地职教园区整合，三方商定提前结束（示例）")
            .await?;
    }
    Ok(())
}

/// The former pairing and the one that took its place on the day after.
async fn ended(maker: &mut Maker, former: &Three<'_>, next: &Three<'_>, days_ago: i64) -> Result<()> {
    let from = signing_day(0);
    let earliest = Date::from_ymd_opt(2024, 10, 10).unwrap_or(from);
    let end = plus(maker.today, -days_ago).max(earliest);
    make(maker, former, from, Some(from)).await?;
    end_pairing(
        maker,
        former,
        from,
        (plus(end, -12), end),
        "牵头院校专业布局调整，经省办同意改由他校牵头（示例）",
    )
    .await?;
    let start = plus(end, 1);
    make(maker, next, start, Some(start)).await
}

async fn make(maker: &mut Maker, three: &Three<'_>, from: Date, agreed: Option<Date>) -> Result<()> {
    maker.act_as_office(from);
    let new = NewPairing {
        county_school: three.county.id.clone(),
        lead: three.lead.id.clone(),
        nearby: three.nearby.id.clone(),
        agreed_on: agreed,
        from,
        source: "示例".to_owned(),
        ..NewPairing::default()
    };
    pairings::ensure(&mut maker.tx, &new, None).await.map(drop)
}

async fn end_pairing(
    maker: &mut Maker,
    three: &Three<'_>,
    from: Date,
    (told, end): (Date, Date),
    reason: &str,
) -> Result<()> {
    maker.act_as_office(told);
    let rows = pairings::in_scope(&mut maker.tx).await?;
    let row = rows.iter().find(|row| row.county_school == three.county.id && row.from_day == from);
    let row = row.ok_or_else(|| Error::internal("a pairing just made is not there"))?;
    let row = pairings::found(&mut maker.tx, &row.id).await?;
    pairings::end_on(&mut maker.tx, &row, row.version, Ending { to: end, reason, scheme: "" }).await
}
