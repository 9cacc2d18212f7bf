//! Results as a workbook, for the province's assessment of cities and counties (S4.3): each of the assessed with its figures,
//! and what the county schools of each city and each county came to.

use super::actions;
use super::rules::parcel::{Asked, Outturn, Parcel, Subject};
use super::rules::words;
use crate::shared::papers::day_words;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_programme::Assessed;
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::reply::Reply;
use std::collections::BTreeMap;

/// A whole number that can be reckoned with; one in hundredths as it is printed; the word that says why there is none.
fn value(said: Reported<i64>, unit: Unit) -> Value {
    match said.value() {
        Some(value) if unit.in_hundredths() => unit.format(value).into(),
        Some(value) => Value::Integer(value),
        None => said.label().unwrap_or_default().into(),
    }
}

/// A county and a city are their own places.
fn has_place(asked: &Asked) -> bool {
    !matches!(asked.scheme.assessed, Assessed::Counties | Assessed::Cities)
}

fn columns(asked: &Asked) -> Vec<Column> {
    let mut all = vec![Column::new("name", asked.scheme.assessed.label(), Kind::Text).width(36.0)];
    if has_place(asked) {
        all.push(Column::new("city", "地级以上市", Kind::Text));
        all.push(Column::new("county", "县（市、区）", Kind::Text));
    }
    all.push(Column::new("band", "等次", Kind::Text));
    all.push(Column::new("points", "得分", Kind::Text));
    all.push(Column::new("range", "换权重时的等次", Kind::Text));
    for (at, one) in asked.yardsticks.iter().enumerate() {
        let name = |words: &str| format!("{}·{words}（{}）", one.name, one.unit.label());
        all.push(Column::new(&format!("base-{at}"), &name("基期"), Kind::Integer));
        all.push(Column::new(&format!("value-{at}"), &name("当年"), Kind::Integer));
        all.push(Column::new(&format!("points-{at}"), &format!("{}·得分", one.name), Kind::Text));
    }
    all
}

fn row(asked: &Asked, subject: &Subject, outturn: &Outturn, range: String) -> Vec<Value> {
    let mut cells: Vec<Value> = vec![subject.name.clone().into()];
    if has_place(asked) {
        cells.extend([subject.city.clone().into(), subject.county.clone().into()]);
    }
    cells.extend([words::band(asked, outturn).into(), words::total(outturn).into(), range.into()]);
    let marks = subject.marks(&asked.scheme);
    let measured = asked.scheme.measured.iter().zip(&asked.yardsticks);
    for ((of, yardstick), (figures, mark)) in measured.zip(subject.figures.iter().zip(&marks)) {
        cells.push(value(figures.baseline, yardstick.unit));
        cells.push(value(figures.value, yardstick.unit));
        cells.push(words::given(of, mark).into());
    }
    cells
}

/// How many of each band a place has, in the official order of places.
fn places(parcel: &Parcel, of: impl Fn(&Subject) -> (String, String)) -> Vec<Vec<Value>> {
    let asked = &parcel.asked;
    let mut found: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for outturn in &parcel.outturns {
        let Some(subject) = asked.subject(&outturn.subject) else { continue };
        let results = &asked.scheme.results;
        // The last counts those that cannot be told yet.
        let counts = found.entry(of(subject)).or_insert_with(|| vec![0; results.len() + 1]);
        let band = outturn.band.as_ref().and_then(|id| results.iter().position(|one| one.id == *id));
        if let Some(count) = counts.get_mut(band.unwrap_or(results.len())) {
            *count += 1;
        }
    }
    let line = |((_, name), counts): ((String, String), Vec<i64>)| {
        let mut cells: Vec<Value> = vec![name.into()];
        cells.extend(counts.into_iter().map(Value::Integer));
        cells
    };
    found.into_iter().map(line).collect()
}

fn counted(asked: &Asked, heading: &str) -> Vec<Column> {
    let mut all = vec![Column::new("place", heading, Kind::Text).width(24.0)];
    let band = |(at, name): (usize, &str)| {
        Column::new(&format!("band-{at}"), &format!("{name}（家）"), Kind::Integer)
    };
    all.extend(asked.scheme.results.iter().map(|one| one.name.as_str()).enumerate().map(band));
    all.push(Column::new("open", "暂不能定（家）", Kind::Integer));
    all
}

/// The division of a city stands in the first four digits of that of its counties.
fn city(of: &Subject) -> (String, String) {
    (of.division.chars().take(4).collect(), of.city.clone())
}

fn county(of: &Subject) -> (String, String) {
    (of.division.clone(), format!("{}{}", of.city, of.county))
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let found = actions::find(&mut ctx.tx, &id).await?;
    let text = actions::parcel_text(&mut ctx.tx, &found).await?.ok_or(Error::NotFound)?;
    let parcel = actions::read(&text, &found.id)?;
    let asked = &parcel.asked;
    let stands = match parcel.frozen_on {
        Some(day) => format!("定稿日期：{}", day_words(day)),
        None => format!("核对中，还没有定稿；异议期限：{}", day_words(parcel.object_until)),
    };
    let above = [
        format!("{} {}年度", parcel.title, asked.year),
        format!("考核单位：{}    基期：{}年", parcel.issuer, asked.scheme.baseline(asked.year)),
        stands,
        format!("校验值：{}", found.digest),
    ];
    let sheets = vec![
        Sheet::new("结果", columns(asked)).above(above),
        Sheet::new("各市", counted(asked, "地级以上市")),
        Sheet::new("各县", counted(asked, "县（市、区）")),
    ];
    let spec = Workbook { sheets, ..Workbook::default() };
    let of = parcel.outturns.iter().zip(&parcel.dependences).filter_map(|(outturn, dependence)| {
        let subject = asked.subject(&outturn.subject)?;
        Some(row(asked, subject, outturn, words::range(asked, dependence)))
    });
    let rows: Vec<Vec<Value>> = of.collect();
    let (cities, counties) = (places(&parcel, city), places(&parcel, county));
    let name = format!("考核 {} {}.xlsx", parcel.title, asked.year);
    let make = move || write(&spec, [rows, cities, counties]).map_err(Error::internal);
    Ok(Reply::made(name, XLSX, make))
}
