//! The catalogue of majors as it is in the programme's folder, marked as unverified, and what the county schools of the
//! demonstration offer; what their counties ask for. All figures are invented.

use super::maker::Maker;
use super::rng::{SeededRng, plus};
use super::schools::{HOME, School, Schools};
use crate::evidence::majors::{self, NewOffer, OfferState, Year};
use crate::network::registry;
use crate::programme_files::programme_files;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Error, Result};
use std::sync::Arc;

const FILE: &str = "registry/majors.csv";

/// Majors that county schools usually have, with their category: names of the catalogue.
const USUAL: [(&str, &str); 12] = [
    ("计算机应用与维修", "信息类"),
    ("汽车维修", "交通类"),
    ("幼儿教育", "其他"),
    ("数控加工（数控车工）", "机械类"),
    ("电子商务", "财经商贸类"),
    ("烹饪（中式烹调）", "服务类"),
    ("电气自动化设备安装与维修", "电工电子类"),
    ("工业机器人应用与维护", "电工电子类"),
    ("焊接加工", "机械类"),
    ("会计", "财经商贸类"),
    ("平面设计", "文化艺术类"),
    ("建筑施工", "建筑类"),
];
/// How a major stands, taken in turn: pupils, share of graduates employed and in their field in per cent, change of
/// enrolment in per cent a year.
const COURSES: [(i64, i64, i64, i64); 7] = [
    (52, 96, 78, 4),
    (44, 93, 66, 0),
    (60, 62, 40, -12),
    (38, 91, 34, 2),
    (70, 97, 82, 8),
    (36, 84, 60, -4),
    (30, 92, 70, -36),
];

pub async fn make(maker: &mut Maker, schools: &Schools) -> Result<()> {
    catalogue(maker).await?;
    let rng = SeededRng::new(11);
    for (at, school) in schools.county.iter().enumerate() {
        // Two of them have written down nothing yet.
        if at % 17 != 13 {
            offer(maker, &rng, school, at).await?;
        }
        if at % 7 != 6 {
            demand(maker, &rng, school, at).await?;
        }
    }
    Ok(())
}

async fn catalogue(maker: &mut Maker) -> Result<()> {
    let files = programme_files(None).map_err(Error::internal)?;
    let Some(text) = files.get(FILE) else { return Ok(()) };
    maker.act_as_office(super::day(7, 4));
    let programme = Arc::clone(&maker.programme);
    let of = ("技工院校专业目录（示例，原文待核）", "原文待核");
    let done = majors::import(&mut maker.tx, &programme, of, (text.as_bytes(), "majors.csv")).await?;
    done.map(drop)
        .map_err(|errors| Error::internal(errors.first().map_or_else(String::new, ToString::to_string)))
}

async fn offer(maker: &mut Maker, rng: &SeededRng, school: &School, at: usize) -> Result<()> {
    let actor = maker.actor(&school.id).await?;
    let programme = Arc::clone(&maker.programme);
    let count = rng.below(3) + 4;
    for turn in 0..count {
        let Some((name, category)) = USUAL.get((at * 5 + turn * 7) % USUAL.len()) else { continue };
        let course = COURSES.get((at * 3 + turn) % COURSES.len()).copied().unwrap_or(COURSES[0]);
        maker.act(&actor, plus(super::day(9, 9), rng.between(0, 16)));
        if maker.tx.today() > maker.last() {
            return Ok(());
        }
        let began = 2015 + i32::try_from(rng.below(8)).unwrap_or(0);
        let planned = turn == 4 && at.is_multiple_of(3);
        let new = NewOffer {
            major: majors::named_in_catalogue(&mut maker.tx, name).await?,
            name: (*name).to_owned(),
            category: (*category).to_owned(),
            state: Some(if planned { OfferState::Planned } else { OfferState::Open }),
            from: Date::from_ymd_opt(if planned { 2027 } else { began }, 9, 1),
            to: None,
            differs: if course.1 < 70 && at.is_multiple_of(2) {
                "已与园区企业谈妥订单，改造实训内容后再看一年。".to_owned()
            } else {
                String::new()
            },
        };
        let id = majors::add(&mut maker.tx, &programme, &new).await?;
        if !planned {
            years(maker, rng, school, &id, course).await?;
        }
    }
    Ok(())
}

/// The figures of each year since, in the November after it was asked for.
async fn years(
    maker: &mut Maker,
    rng: &SeededRng,
    school: &School,
    id: &str,
    (pupils, employed, in_field, change): (i64, i64, i64, i64),
) -> Result<()> {
    let actor = maker.actor(&school.id).await?;
    let mut enrolled = pupils + rng.between(-4, 6);
    for year in 2024..=maker.today.year() {
        let on = Date::from_ymd_opt(year, 11, 4).map(|day| plus(day, rng.between(0, 9)));
        let graduates = (enrolled * 9 / 10).max(1);
        let working = graduates * employed / 100;
        let figures = Year {
            enrolled: Some(enrolled),
            graduates: Some(graduates),
            employed: Some(working),
            in_field: Some(working * in_field / 100),
        };
        enrolled = (enrolled * (100 + change) / 100).max(8);
        // The home school has this year's still to write; its desk says so.
        let late = school.division == HOME && year == majors::asked_year(maker.today, &maker.programme);
        let Some(on) = on.filter(|on| *on <= maker.last() && !late) else { continue };
        maker.act(&actor, on);
        let rows = majors::offers(&mut maker.tx, &school.id).await?;
        if let Some(row) = rows.iter().find(|row| row.id == *id) {
            let row = majors::find(&mut maker.tx, &row.id).await?;
            majors::report(&mut maker.tx, &row, year, 0, &figures).await?;
        }
    }
    Ok(())
}

/// What the county asks for, as its bureau knows it: some of what is offered, and something that is not.
async fn demand(maker: &mut Maker, rng: &SeededRng, school: &School, at: usize) -> Result<()> {
    let bureau = registry::bureau(&mut maker.tx, "county_bureau", school.division).await?;
    let Some(bureau) = bureau else { return Ok(()) };
    let actor = maker.actor(&bureau).await?;
    let names = maker.programme.matching.categories.names.clone();
    for year in 2024..=maker.today.year() {
        let on = Date::from_ymd_opt(year, 10, 12).map(|day| plus(day, rng.between(0, 12)));
        let Some(on) = on.filter(|on| *on <= maker.last()) else { continue };
        for (place, name) in names.iter().enumerate() {
            if (place + at) % 4 == 3 {
                continue;
            }
            let posts = match (place * 3 + at) % 5 {
                0 => rng.between(8, 20),
                1 | 2 => rng.between(60, 160),
                _ => rng.between(30, 60),
            };
            maker.act(&actor, on);
            majors::ask(&mut maker.tx, (name, year), 0, posts, "园区用工登记（示例）").await?;
        }
    }
    Ok(())
}
