//! Applications in every state: begun, asked, recommended, returned, handed in, granted, refused, withdrawn.

use super::maker::{Maker, describe};
use super::rng::{SeededRng, plus};
use super::{names, outputs::values};
use crate::network::pairings::PairingRow;
use crate::shared::review::{self, Action};
use crate::standing::applications::{self as cases, CaseRow, CaseState, Decision, NewCase};
use jiedui_kernel::{Date, Period, Result};
use jiedui_programme::{Application, Side};
use jiedui_store::Found;

/// How far an application has come.
const FATES: [CaseState; 8] = [
    CaseState::Granted,
    CaseState::Applied,
    CaseState::Preparing,
    CaseState::Asked,
    CaseState::Returned,
    CaseState::Refused,
    CaseState::Recommended,
    CaseState::Withdrawn,
];

/// Each kind of application by some of the schools, so that every state occurs.
pub async fn apply(maker: &mut Maker, rows: &[PairingRow]) -> Result<()> {
    let rng = SeededRng::new(32);
    let programme = std::sync::Arc::clone(&maker.programme);
    let mut fate = 0;
    for kind in programme.applications.iter().filter(|kind| kind.applicant.contains(&Side::CountySchool)) {
        for row in rows.iter().filter(|row| row.to_day.is_none()) {
            if rng.chance(9) {
                let end = FATES[fate % FATES.len()];
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
    (row, end): (&PairingRow, CaseState),
) -> Result<()> {
    let last = maker.last();
    // What is decided began long ago; what is under way, lately.
    let begun = match end {
        CaseState::Granted | CaseState::Refused => {
            Period::new(row.from_day.max(super::day(10, 8)), plus(last, -90))
        }
        _ => Period::new(plus(last, -60), plus(last, -30)),
    };
    let Some(window) = begun else { return Ok(()) };
    let start = rng.day(window);
    let school = maker.actor(&row.county_school).await?;
    maker.act(&school, start);
    let fields = values(maker, rng, &kind.fields, (&row.county_school, start)).await?;
    let new = NewCase { title: format!("{}{}（示例）", row.place, kind.name), fields };
    let programme = std::sync::Arc::clone(&maker.programme);
    let id = cases::begin(&mut maker.tx, &programme, kind, &new).await.map_err(|e| describe(&kind.id, e))?;
    let case = found(maker, &id).await?;
    let mut day = start;
    for (action, org, most) in way(&case, end) {
        day = plus(day, rng.between(2, most)).min(last);
        step(maker, rng, kind, (&id, action, org), day).await?;
    }
    Ok(())
}

/// What is done to come to this end, by whom, and how many days it takes at most.
fn way(case: &CaseRow, end: CaseState) -> Vec<(Action, &str, i64)> {
    use CaseState::{Applied, Granted, Preparing, Recommended, Refused, Returned, Withdrawn};
    let (org, decider, recommender) = (&*case.org, &*case.decider, case.recommender.as_deref());
    let mut way = Vec::new();
    match (end, recommender) {
        (Withdrawn, _) => way.push((Action::Withdraw, org, 8)),
        (Preparing, _) | (_, None) => {}
        _ => way.push((Action::Submit, org, 8)),
    }
    match (end, recommender) {
        (Returned, Some(recommender)) => way.push((Action::Return, recommender, 8)),
        (Recommended | Applied | Granted | Refused, Some(recommender)) => {
            way.push((Action::Accept, recommender, 8));
        }
        _ => {}
    }
    if matches!(end, Applied | Granted | Refused) {
        way.push((Action::Forward, org, 8));
    }
    match end {
        Granted => way.push((Action::Accept, decider, 60)),
        Refused => way.push((Action::Refuse, decider, 60)),
        _ => {}
    }
    way
}

async fn found(maker: &mut Maker, id: &str) -> Result<Found<CaseRow>> {
    let day = maker.tx.today();
    maker.act_as_office(day);
    cases::find(&mut maker.tx, id).await
}

async fn step(
    maker: &mut Maker,
    rng: &SeededRng,
    kind: &Application,
    (id, action, org): (&str, Action, &str),
    day: Date,
) -> Result<()> {
    let case = found(maker, id).await?;
    let by = maker.actor(org).await?;
    maker.act(&by, day);
    let programme = std::sync::Arc::clone(&maker.programme);
    let case = review::open(&mut maker.tx, &programme, case).await?;
    let (tx, version) = (&mut maker.tx, case.row.version);
    let preferred = kind.preference && rng.chance(60);
    let decision = Decision {
        granted: action == Action::Accept,
        on: day,
        number: String::new(),
        words: if action == Action::Refuse {
            "本年度名额已满，建议补齐条件后再报。".to_owned()
        } else {
            String::new()
        },
        amount: (action == Action::Accept)
            .then(|| SeededRng::about(32, &[&case.row.title]).between(8, 260) * 1_000_000),
        preference: kind.preference.then_some(preferred),
        preference_words: if preferred {
            "名额单列，优先安排典型县（示例）".to_owned()
        } else {
            String::new()
        },
    };
    let done = match action {
        Action::Withdraw => cases::withdraw(tx, &case, version, "今年先不申报，明年再议。").await,
        Action::Submit => cases::submit(tx, &programme, &case, version).await,
        Action::Return => cases::return_to_submitter(tx, &case, version, names::return_word(rng)).await,
        Action::Forward => {
            cases::forward(tx, &programme, &case, version, "条件年内补齐，请先予考虑（示例）").await
        }
        Action::Accept if case.row.state == CaseState::Asked => {
            cases::recommend(tx, &case, version, "").await
        }
        _ => cases::decide(tx, &programme, &case, version, &decision).await,
    };
    done.map_err(|e| describe(&kind.id, e))
}
