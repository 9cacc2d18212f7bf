//! What offices of the demonstration were asked for at short notice: one question of the province, one of a city that also
//! asks the schools that lack something, and one of a county about some months.

use super::maker::{Maker, describe};
use super::rng::plus;
use super::schools::{HOME, city_of};
use crate::evidence::profiles::rules::{first_year, open_year};
use crate::network::registry;
use crate::reporting::questions::rules::Asked;
use crate::reporting::questions::{self, Split};
use jiedui_kernel::{Actor, Date, Error, Result};
use std::sync::Arc;

/// So many days ago the province asked, so that its answer is another now.
const PROVINCE_AGO: i64 = 20;
const OTHERS_AGO: i64 = 2;

pub async fn ask(maker: &mut Maker) -> Result<()> {
    asked(maker).await.map_err(|error| describe("question", error))
}

async fn asked(maker: &mut Maker) -> Result<()> {
    let missing = || Error::internal("a question without its office");
    let programme = Arc::clone(&maker.programme);
    // In the first autumn no year is over, and no school told anything.
    if open_year(&programme, plus(maker.today, -PROVINCE_AGO)) < first_year(&programme) {
        return Ok(());
    }
    let asked = |day: Date, title: &str, figures: &[&str], split: Split| Asked {
        title: title.to_owned(),
        figures: figures.iter().map(|id| (*id).to_owned()).collect(),
        year: open_year(&programme, day),
        months: (0, 0),
        split,
        as_of: None,
    };
    let (office, day) = (maker.office(), plus(maker.today, -PROVINCE_AGO));
    let figures = ["visits", "shadowing-days", "enrolment"];
    one(maker, &office, day, &asked(day, "人大代表建议答复用（示例）", &figures, Split::City)).await?;
    maker.act_as_office(maker.last());
    let city = registry::bureau(&mut maker.tx, "city_bureau", &city_of(HOME)).await?.ok_or_else(missing)?;
    let county = registry::bureau(&mut maker.tx, "county_bureau", HOME).await?.ok_or_else(missing)?;
    let (city, county) = (maker.actor(&city).await?, maker.actor(&county).await?);
    let day = plus(maker.today, -OTHERS_AGO);
    let figures = ["full-time-teachers", "graduates"];
    let id =
        one(maker, &city, day, &asked(day, "市政府专题会汇报用（示例）", &figures, Split::School)).await?;
    request(maker, &id, day).await?;
    let of_county = asked(day, "县里简报用（示例）", &["visits", "resident-days"], Split::School);
    let january = i64::from(of_county.year) * 100 + 1;
    one(maker, &county, day, &Asked { months: (january, january + 5), ..of_county }).await.map(drop)
}

async fn one(maker: &mut Maker, host: &Arc<Actor>, day: Date, asked: &Asked) -> Result<String> {
    let programme = Arc::clone(&maker.programme);
    maker.act(host, day);
    questions::save(&mut maker.tx, &programme, asked).await
}

/// Asks the schools that lack something, where any does.
async fn request(maker: &mut Maker, id: &str, day: Date) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let row = questions::find(&mut maker.tx, id).await?;
    let version = row.version;
    let due = programme.calendar.workdays.after(day, programme.calendar.minimum_notice_workdays + 5);
    match questions::ask(&mut maker.tx, &programme, &row, version, Some(due)).await {
        Ok(_) | Err(Error::NotNow(_)) => Ok(()),
        Err(other) => Err(other),
    }
}
