//! Year-profiles of the county schools: told each November, most accepted within days. Last year's are in every state;
//! some schools attain their standard, some do not, of some a figure is not known.

use super::maker::Maker;
use super::rng::{SeededRng, plus};
use super::schools::{HOME, School, Schools};
use crate::evidence::profiles::actions;
use crate::evidence::profiles::rules::{self, Answers, ElementAnswer, Sure};
use crate::network::registry;
use crate::shared::review::Action;
use chrono::Datelike as _;
use jiedui_kernel::{Date, Error, Result, Unit};
use jiedui_programme::{Element, ElementKind};
use std::sync::Arc;

/// What a school is like; its figures follow from it, and grow from year to year.
struct Build {
    students: i64,
    senior: bool,
    land: i64,
    /// Square metres for each student, when it was measured first.
    floor_each: i64,
    practice: i64,
    /// In ten thousand yuan.
    equipment: i64,
    training: i64,
    /// Students for each teacher.
    ratio: i64,
    /// An element that nobody has measured yet.
    unknown: &'static str,
}

fn build(rng: &SeededRng, level: &str) -> Build {
    let (low, high) = match level {
        "高级技工学校" => (1_500, 2_200),
        "国家级重点技工学校" => (1_200, 1_700),
        "省重点技工学校" => (700, 1_400),
        _ => (450, 1_150),
    };
    let senior = level == "高级技工学校";
    let students = rng.between(low, high);
    Build {
        students,
        senior,
        land: if senior { rng.between(620, 980) * 100 } else { rng.between(262, 520) * 100 },
        floor_each: rng.between(19, 29),
        practice: if senior { rng.between(90, 160) * 100 } else { rng.between(44, 96) * 100 },
        equipment: if senior { rng.between(1_200, 2_600) } else { rng.between(240, 900) },
        training: rng.between(620, 1_900),
        ratio: rng.between(16, 23),
        unknown: if rng.chance(30) {
            rng.word(&["floor_area", "equipment_value", "practice_area"])
        } else {
            ""
        },
    }
}

/// The figures of one year; `age` is how many years after the first.
fn tell(rng: &SeededRng, build: &Build, element: &Element, year: i32, age: i64) -> ElementAnswer {
    if element.id == build.unknown {
        return ElementAnswer::Unknown;
    }
    let students = build.students * (100 + 4 * age) / 100;
    let teachers = students / build.ratio;
    let graduates = students * 28 / 100;
    let share = |of: i64, low: i64, high: i64| of * rng.between(low, high) / 100;
    // Only a school of that grade trains above the intermediate level.
    let senior =
        |value: i64| if build.senior { ElementAnswer::Value(value) } else { ElementAnswer::NotApplicable };
    let value = match element.id.as_str() {
        "land_area" => build.land,
        "floor_area" => build.students * build.floor_each + age * 600,
        "practice_area" => build.practice + age * 300,
        "equipment_value" => (build.equipment + age * 40) * 1_000_000,
        "students" => students,
        "students_senior" => return senior(share(students, 38, 62)),
        "year_training" => build.training * (100 + 9 * age) / 100,
        "senior_training" => return senior(rng.between(180, 900)),
        "majors" => 5 + build.students / 160,
        "senior_classes" => return senior(rng.between(2, 9)),
        "technician_classes" => return senior(rng.between(0, 2)),
        "teachers_full_time" => teachers + age,
        "teachers_part_time" => teachers / 6,
        "teachers_technical" => teachers * 78 / 100,
        "teachers_integrated" => teachers * (24 + 4 * age) / 100,
        "teachers_enterprise" => teachers * (15 + 3 * age) / 100,
        "head_experience" => return senior(rng.between(6, 22)),
        "graduates" => graduates,
        "employed_without_study" => graduates * (62 + age).min(90) / 100,
        "employed_with_study" => graduates * (95 + age).min(99) / 100,
        "employed_local" => share(graduates, 25, 46),
        "graduates_certified" => graduates * (76 + 5 * age).min(98) / 100,
        _ => return other(rng, element, year),
    };
    ElementAnswer::Value(value)
}

/// An element that only another programme asks.
fn other(rng: &SeededRng, element: &Element, year: i32) -> ElementAnswer {
    match (element.kind, element.unit) {
        (ElementKind::Date, _) => ElementAnswer::Value(i64::from(year) * 10_000 + 831),
        _ if !element.asked => ElementAnswer::NotApplicable,
        (_, Unit::Yuan) => ElementAnswer::Value(rng.between(100, 900) * 1_000_000),
        _ => ElementAnswer::Value(rng.between(20, 300)),
    }
}

/// How far a school's latest profile is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Far {
    None,
    Draft,
    Submitted,
    Returned,
    Accepted,
}

fn far(at: usize, school: &School) -> Far {
    match at % 10 {
        // The desk of `xianji` has it still to do.
        _ if school.division == HOME => Far::None,
        2 => Far::None,
        4 => Far::Draft,
        6 => Far::Submitted,
        8 => Far::Returned,
        _ => Far::Accepted,
    }
}

pub async fn make(maker: &mut Maker, schools: &Schools) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let rng = SeededRng::new(31);
    let years = rules::first_year(&programme)..=rules::open_year(&programme, maker.today);
    for (at, school) in schools.county.iter().enumerate() {
        let build = build(&rng, school.level);
        for (age, year) in (0_i64..).zip(years.clone()) {
            let far = if year == *years.end() { far(at, school) } else { Far::Accepted };
            let told = plus(rules::as_of(&programme, year), rng.between(3, 15));
            let answers = programme
                .asked_elements()
                .map(|element| (element.id.clone(), tell(&rng, &build, element, year, age)))
                .collect();
            one(maker, school, year, told, far, &answers).await?;
        }
        let before = *years.end() - 1;
        if school.division == HOME && years.contains(&before) {
            correct(maker, school, before).await?;
        }
    }
    Ok(())
}

/// One year of a school, as far as it goes and as time allows.
async fn one(
    maker: &mut Maker,
    school: &School,
    year: i32,
    told: Date,
    far: Far,
    answers: &Answers,
) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    if far == Far::None || told > maker.last() {
        return Ok(());
    }
    let actor = maker.actor(&school.id).await?;
    maker.act(&actor, told);
    let opened = actions::open(&mut maker.tx, &programme, &school.id, year).await?;
    if far == Far::Draft {
        let half = answers.iter().take(answers.len() / 2).map(|(id, answer)| (id.clone(), *answer)).collect();
        actions::save(&mut maker.tx, &programme, &opened, 0, &half).await?;
        return Ok(());
    }
    actions::save(&mut maker.tx, &programme, &opened, 0, answers).await?;
    actions::submit(&mut maker.tx, &programme, &school.id, year, Sure::Always).await?;
    let answered = programme.calendar.workdays.after(told, 3);
    if far == Far::Submitted || answered > maker.last() {
        return Ok(());
    }
    let (action, word) = match far {
        Far::Returned => (Action::Return, "在校生数与学籍系统对不上，请核对后再报。"),
        _ => (Action::Accept, ""),
    };
    answer(maker, school, year, answered, (action, word)).await
}

async fn answer(
    maker: &mut Maker,
    school: &School,
    year: i32,
    day: Date,
    said: (Action, &str),
) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    maker.act_as_office(day);
    let parent = registry::find(&mut maker.tx, &school.id).await?.parent;
    let bureau = parent.ok_or_else(|| Error::internal("a county school under no bureau"))?;
    let actor = maker.actor(&bureau).await?;
    maker.act(&actor, day);
    let opened = actions::open(&mut maker.tx, &programme, &school.id, year).await?;
    actions::answer(&mut maker.tx, &programme, &opened, opened.version(), said).await
}

/// Two corrections of one year: the first accepted, the second waiting for the desk of `xian`.
async fn correct(maker: &mut Maker, school: &School, year: i32) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let Some(element) = programme.asked_elements().find(|element| element.kind == ElementKind::Number) else {
        return Ok(());
    };
    let rounds = [
        (Date::from_ymd_opt(year + 1, 3, 10), "新征的实训楼用地补录。", 1_200, true),
        (Some(plus(maker.today, -6)), "权属证明换发后面积有出入。", 300, false),
    ];
    for (day, reason, more, accepted) in rounds {
        let Some(day) = day.filter(|day| *day <= maker.last() && day.year() > year) else { continue };
        let actor = maker.actor(&school.id).await?;
        maker.act(&actor, day);
        let opened = actions::open(&mut maker.tx, &programme, &school.id, year).await?;
        if !opened.can(Action::Reopen) {
            continue;
        }
        actions::correct(&mut maker.tx, &programme, &opened, opened.version(), reason).await?;
        let opened = actions::open(&mut maker.tx, &programme, &school.id, year).await?;
        let Some(ElementAnswer::Value(value)) = opened.sheet.get(&element.id).map(|held| held.answer) else {
            continue;
        };
        let changed = Answers::from([(element.id.clone(), ElementAnswer::Value(value + more))]);
        actions::save(&mut maker.tx, &programme, &opened, opened.version(), &changed).await?;
        actions::submit(&mut maker.tx, &programme, &school.id, year, Sure::Always).await?;
        let answered = programme.calendar.workdays.after(day, 4);
        if accepted && answered <= maker.last() {
            answer(maker, school, year, answered, (Action::Accept, "")).await?;
        }
    }
    Ok(())
}
