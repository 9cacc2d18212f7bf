//! Applications in every state: begun, asked, recommended, returned, handed in, granted, refused, withdrawn.

use super::deeds::told;
use super::maker::Maker;
use super::rng::{SeededRng, plus};
use super::{names, outputs::values};
use crate::network::pairings::PairingRow;
use crate::shared::review;
use crate::standing::applications::{self as cases, CaseRow, Decision, NewCase};
use jiedui_kernel::{Date, Period, Result};
use jiedui_programme::{Application, Side};

/// How far an application has come.
const FATES: [&str; 8] =
    ["granted", "applied", "preparing", "asked", "returned", "refused", "recommended", "withdrawn"];

/// Each kind of application by some of the schools, so that every state occurs.
pub async fn apply(maker: &mut Maker, rows: &[PairingRow]) -> Result<()> {
    let rng = SeededRng::new(32);
    let programme = std::sync::Arc::clone(&maker.programme);
    let mut fate = 0;
    for kind in programme.applications.iter().filter(|kind| kind.applicant.contains(&Side::CountySchool)) {
        for row in rows.iter().filter(|row| row.to_day.is_none()) {
            if rng.chance(9) {
                let end = FATES.get(fate % FATES.len()).copied().unwrap_or("preparing");
                fate += 1;
                one(maker, &rng, kind, (row, end)).await?;
            }
        }
    }
    Ok(())
}

async fn one(
    maker: &mut Maker,
    rng: &SeededRng,
    kind: &Application,
    (row, end): (&PairingRow, &str),
) -> Result<()> {
    let last = maker.last();
    // What is decided began long ago; what is under way, lately.
    let begun = match end {
        "granted" | "refused" => Period::new(row.from_day.max(super::day(10, 8)), plus(last, -90)),
        _ => Period::new(plus(last, -60), plus(last, -30)),
    };
    let Some(window) = begun else { return Ok(()) };
    let start = rng.day(window);
    let school = maker.actor(&row.county_school).await?;
    maker.act(&school, start);
    let fields = values(maker, rng, &kind.fields, (&row.county_school, start)).await?;
    let new = NewCase { title: format!("{}{}（示例）", row.place, kind.name), fields };
    let programme = std::sync::Arc::clone(&maker.programme);
    let id = cases::begin(&mut maker.tx, &programme, kind, &new).await.map_err(|e| told(&kind.id, e))?;
    let case = found(maker, &id).await?;
    let mut steps: Vec<(&str, &str)> = Vec::new();
    let needs = case.recommender.is_some();
    match end {
        "preparing" => {}
        "withdrawn" => steps.push(("withdraw", &row.county_school)),
        "asked" | "returned" | "recommended" if !needs => {}
        _ => {
            if let Some(recommender) = case.recommender.as_deref() {
                steps.push(("ask", &row.county_school));
                match end {
                    "asked" => {}
                    "returned" => steps.push(("send_back", recommender)),
                    _ => steps.push(("recommend", recommender)),
                }
            }
            if matches!(end, "applied" | "granted" | "refused") {
                steps.push(("apply", &row.county_school));
            }
            if matches!(end, "granted" | "refused") {
                steps.push((end, &case.decider));
            }
        }
    }
    let mut day = start;
    for (what, org) in steps {
        day = plus(day, rng.between(2, if matches!(what, "granted" | "refused") { 60 } else { 8 })).min(last);
        step(maker, rng, kind, (&id, what, org), day).await?;
    }
    Ok(())
}

async fn found(maker: &mut Maker, id: &str) -> Result<CaseRow> {
    let day = maker.tx.today();
    maker.act_as_office(day);
    cases::find(&mut maker.tx, id).await
}

async fn step(
    maker: &mut Maker,
    rng: &SeededRng,
    kind: &Application,
    (id, what, org): (&str, &str, &str),
    day: Date,
) -> Result<()> {
    let case = found(maker, id).await?;
    let by = maker.actor(org).await?;
    maker.act(&by, day);
    let programme = std::sync::Arc::clone(&maker.programme);
    let case = review::open(&mut maker.tx, &programme, case).await?;
    let (tx, version) = (&mut maker.tx, case.row.version);
    let tilted = kind.tilt && rng.chance(60);
    let decision = Decision {
        granted: what == "granted",
        on: day,
        number: String::new(),
        words: if what == "refused" {
            "本年度名额已满，建议补齐条件后再报。".to_owned()
        } else {
            String::new()
        },
        tilt: kind.tilt.then_some(tilted),
        tilt_words: if tilted {
            "名额单列，优先安排典型县（示例）".to_owned()
        } else {
            String::new()
        },
    };
    let done = match what {
        "withdraw" => cases::withdraw(tx, &case, version, "今年先不申报，明年再议。").await,
        "ask" => cases::submit(tx, &programme, &case, version).await,
        "recommend" => cases::recommend(tx, &case, version, "").await,
        "send_back" => cases::return_to_submitter(tx, &case, version, names::return_word(rng)).await,
        "apply" => cases::forward(tx, &programme, &case, version, "条件年内补齐，请先予考虑（示例）").await,
        _ => cases::decide(tx, &programme, &case, version, &decision).await,
    };
    done.map_err(|e| told(&kind.id, e))
}
