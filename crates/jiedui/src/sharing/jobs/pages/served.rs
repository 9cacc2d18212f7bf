//! Services on campus and incubators by county, beside posts and graduates (T12.3, T12.4): read from the figures that count
//! them where they were recorded, and asked from nobody here.

use crate::network::registry::city_of;
use crate::standing::indicators::{self, Facts, Slice};
use jiedui_kernel::Result;
use jiedui_programme::{Indicator, JobRules, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub struct ServedView {
    columns: Vec<[String; 3]>,
    rows: Vec<CountyLine>,
}

#[derive(Serialize)]
struct CountyLine {
    place: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    key: String,
    claimed: Figure,
    confirmed: Figure,
}

fn key(at: usize) -> String {
    format!("i{at}")
}

/// A county's figures; none where nothing was recorded there.
fn line(
    facts: &Facts,
    programme: &Programme,
    of: &[&Indicator],
    (slice, place): (&Slice, &str),
) -> Option<CountyLine> {
    let mut cells = Vec::with_capacity(of.len());
    let mut some = false;
    for (at, one) in of.iter().enumerate() {
        let reading = facts.reading(programme, one, slice);
        some |= reading.claimed.value().is_some_and(|value| value != 0);
        let (claimed, confirmed) = indicators::pair(one, &reading, slice);
        cells.push(Cell { key: key(at), claimed, confirmed });
    }
    some.then(|| CountyLine { place: place.to_owned(), cells })
}

/// In the order of divisions; none where the programme names nothing to stand there.
pub async fn view(
    ctx: &mut RequestContext,
    rules: &JobRules,
    (year, city, county): (i32, &str, &str),
) -> Result<Option<ServedView>> {
    let programme = ctx.programme();
    let of: Vec<&Indicator> = rules.beside.iter().filter_map(|id| programme.indicator(id)).collect();
    if of.is_empty() || !ctx.can("indicator", "read") {
        return Ok(None);
    }
    let facts = Facts::about(&mut ctx.tx, &programme, &of, None).await?;
    let (whole, mut places) = (Slice::year(year), BTreeMap::new());
    for place in facts.schools_of(&whole) {
        let code = place.county_code.as_str();
        if (city.is_empty() || city_of(code) == city) && (county.is_empty() || code == county) {
            places.insert(code, place.county.as_str());
        }
    }
    let of_county = |(code, place): (&str, &str)| {
        let slice = Slice { county: code.to_owned(), ..Slice::year(year) };
        line(&facts, &programme, &of, (&slice, place))
    };
    let mut columns = vec![["place".to_owned(), "县（市、区）".to_owned(), String::new()]];
    columns.extend(of.iter().enumerate().map(|(at, one)| [key(at), one.name.clone(), "num".to_owned()]));
    Ok(Some(ServedView { columns, rows: places.into_iter().filter_map(of_county).collect() }))
}
