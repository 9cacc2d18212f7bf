//! Commendations of the demonstration: last year's, nominated, objected to, decided, so that its notice has names; and this
//! year's, in which nominations stand in several states and somebody has not agreed yet.

use super::maker::{Maker, at_home};
use super::people::Rosters;
use super::rng::plus;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::shared::review::Action;
use crate::sharing::commendations::{self, NewNomination};
use chrono::Datelike as _;
use jiedui_kernel::{Actor, ActorKind, Date, Error, Result};
use jiedui_programme::{CommendationClass, CommendationRules, Commended};
use std::sync::Arc;

/// So many days ago, in the order in which last year's went on: holidays lie between.
const OPENED_AGO: i64 = 130;
const NOMINATED_AGO: i64 = 125;
const AGREED_AGO: i64 = 120;
const PROPOSED_AGO: i64 = 115;
const CONFIRMED_AGO: i64 = 110;
const NOTICED_AGO: i64 = 80;
const OBJECTED_AGO: i64 = 79;
const ANSWERED_AGO: i64 = 77;
const DECIDED_AGO: i64 = 50;
/// This year's: nominations are still taken.
const BEGUN_AGO: i64 = 10;
const NAMED_AGO: i64 = 6;
const LOOKED_AT_AGO: i64 = 4;
/// Of so many other county schools.
const OTHERS: usize = 3;
const SENTENCE: &str = "常驻和送教都按约定做到，县级院校的课开起来了。（示例）";
const OBJECTION: &str = "作为理由的一次送教由两校合办，请写明另一方。（示例）";
const ANSWER: &str = "合办的另一方已在台账里写明，名单不变。（示例）";
const LEFT_OUT: &str = "当年的台账还有异议没有了结，了结以后再提名。（示例）";

pub async fn commend(
    maker: &mut Maker,
    rows: &[PairingRow],
    rosters: &Rosters,
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let Some(rules) = &programme.commendations else { return Ok(()) };
    at_home("commendation", (rows, code), async |home| commended(maker, rules, (rows, rosters), home).await)
        .await
}

async fn commended(
    maker: &mut Maker,
    rules: &CommendationRules,
    (rows, rosters): (&[PairingRow], &Rosters),
    home: Option<&PairingRow>,
) -> Result<()> {
    let of_home = |row: &PairingRow| home.is_some_and(|home| home.county_school == row.county_school);
    let near = |row: &PairingRow| {
        rows.iter().any(|one| of_home(one) && (one.lead == row.lead || one.nearby == row.nearby))
    };
    let running = || rows.iter().filter(|row| row.to_day.is_none());
    let others: Vec<&PairingRow> = running().filter(|row| !near(row)).take(OTHERS).collect();
    let chosen: Vec<&PairingRow> =
        running().filter(|row| of_home(row)).chain(others.iter().copied()).collect();
    last_year(maker, rules, (&chosen, rosters)).await?;
    this_year(maker, rules, (&others, rosters)).await
}

/// Somebody else in the office than whoever proposes.
fn second(maker: &Maker) -> Arc<Actor> {
    let kind =
        ActorKind::Person {
            account: String::new(), others: Vec::new(), name: "审核（示例）".to_owned()
        };
    Arc::new(Actor { kind, roles: vec!["reviewer".to_owned()], ..(*maker.office()).clone() })
}

/// Who names whom.
struct Named<'a> {
    by: String,
    class: &'a CommendationClass,
    school: &'a str,
    /// Id and name of a person; "" for a school.
    person: (&'a str, &'a str),
}

/// Of one pairing: the bureau names the lead college, the county school the nearby one and somebody at the lead college, the
/// bureau of the city the county school, out of the places that the city was given.
async fn named<'a>(
    maker: &mut Maker,
    rules: &'a CommendationRules,
    (row, rosters): (&'a PairingRow, &'a Rosters),
    year: i64,
) -> Result<Vec<Named<'a>>> {
    maker.act_as_office(maker.last());
    let bureau = registry::find(&mut maker.tx, &row.county_school).await?.parent;
    let city = match &bureau {
        Some(bureau) => registry::find(&mut maker.tx, bureau).await?.parent,
        None => None,
    };
    let mut found = Vec::new();
    let school = row.county_school.clone();
    for (by, of, school) in [
        (bureau, Commended::Lead, row.lead.as_str()),
        (Some(school.clone()), Commended::Nearby, row.nearby.as_str()),
        (city, Commended::CountySchool, row.county_school.as_str()),
    ] {
        let class = rules.classes.iter().find(|class| class.commended == of);
        if let (Some(by), Some(class)) = (by, class) {
            found.push(Named { by, class, school, person: ("", "") });
        }
    }
    let Some(class) = rules.classes.iter().find(|class| class.commended.is_person()) else {
        return Ok(found);
    };
    let days = commendations::days(year)?;
    for member in rosters.get(&row.lead).into_iter().flatten() {
        let of = (row.lead.as_str(), member.id.as_str());
        if !commendations::reasons(&mut maker.tx, class, of, days).await?.is_empty() {
            let person = (member.id.as_str(), member.name.as_str());
            found.push(Named { by: school, class, school: &row.lead, person });
            break;
        }
    }
    Ok(found)
}

/// None where the ledger has no reason, or somebody else named the same.
async fn nominate(
    maker: &mut Maker,
    (round, year): (&str, i64),
    one: &Named<'_>,
    day: Date,
) -> Result<Option<String>> {
    let programme = Arc::clone(&maker.programme);
    let by = maker.actor(&one.by).await?;
    maker.act(&by, day);
    let (id, name) = one.person;
    let days = commendations::days(year)?;
    let reasons = commendations::reasons(&mut maker.tx, one.class, (one.school, id), days).await?;
    let new = NewNomination {
        class: one.class.id.clone(),
        school: one.school.to_owned(),
        name: name.to_owned(),
        sentence: SENTENCE.to_owned(),
        reasons: reasons.into_iter().take(2).map(|reason| reason.id).collect(),
    };
    let opened = commendations::opened(&mut maker.tx, &programme, round).await?;
    match commendations::nominate(&mut maker.tx, &programme, &opened.row, &new).await {
        Ok(id) => Ok(Some(id)),
        Err(Error::Invalid(_) | Error::Forbidden(_) | Error::NotNow(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The unit of a person states that it agreed on paper.
async fn agree(maker: &mut Maker, (id, unit): (&str, &str), day: Date) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let unit = maker.actor(unit).await?;
    maker.act(&unit, day);
    let opened = commendations::opened_nomination(&mut maker.tx, &programme, id).await?;
    commendations::agree(&mut maker.tx, &opened, opened.row.version, Some(day)).await
}

/// Proposed, or left out with the reason where something does not hold; says whether it goes on.
async fn propose(maker: &mut Maker, id: &str, day: Date) -> Result<bool> {
    let programme = Arc::clone(&maker.programme);
    maker.act_as_office(day);
    let opened = commendations::opened_nomination(&mut maker.tx, &programme, id).await?;
    let version = opened.row.version;
    match commendations::propose(&mut maker.tx, &programme, &opened, version).await {
        Ok(()) => Ok(true),
        Err(Error::NotNow(_)) => {
            commendations::turn(&mut maker.tx, &opened, version, (Action::Refuse, LEFT_OUT)).await?;
            Ok(false)
        }
        Err(other) => Err(other),
    }
}

async fn confirm(maker: &mut Maker, id: &str, day: Date) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let second = second(maker);
    maker.act(&second, day);
    let opened = commendations::opened_nomination(&mut maker.tx, &programme, id).await?;
    commendations::confirm(&mut maker.tx, &programme, &opened, opened.row.version).await
}

/// Begins a year's round, where the ledger has a reason to commend anybody in it.
async fn begin(
    maker: &mut Maker,
    rules: &CommendationRules,
    (rows, rosters): (&[&PairingRow], &Rosters),
    (year, day): (i32, Date),
) -> Result<Option<String>> {
    let programme = Arc::clone(&maker.programme);
    let days = commendations::days(i64::from(year))?;
    for row in rows {
        for one in named(maker, rules, (row, rosters), i64::from(year)).await? {
            maker.act_as_office(day);
            let of = (one.school, one.person.0);
            if !commendations::reasons(&mut maker.tx, one.class, of, days).await?.is_empty() {
                return commendations::draft(&mut maker.tx, &programme, year).await.map(Some);
            }
        }
    }
    Ok(None)
}

async fn last_year(
    maker: &mut Maker,
    rules: &CommendationRules,
    (rows, rosters): (&[&PairingRow], &Rosters),
) -> Result<()> {
    let (year, today) = (maker.today.year() - 1, maker.today);
    let day = |ago: i64| plus(today, -ago);
    let opened = begin(maker, rules, (rows, rosters), (year, day(OPENED_AGO))).await?;
    let Some(round) = opened else { return Ok(()) };
    let mut listed = Vec::new();
    for row in rows {
        for one in named(maker, rules, (row, rosters), i64::from(year)).await? {
            let made = nominate(maker, (&round, i64::from(year)), &one, day(NOMINATED_AGO)).await?;
            let Some(id) = made else { continue };
            if !one.person.0.is_empty() {
                agree(maker, (&id, one.school), day(AGREED_AGO)).await?;
            }
            if propose(maker, &id, day(PROPOSED_AGO)).await? {
                confirm(maker, &id, day(CONFIRMED_AGO)).await?;
                listed.push(id);
            }
        }
    }
    match listed.first() {
        Some(first) => show(maker, rows, (&round, first)).await,
        None => Ok(()),
    }
}

/// The list is shown, somebody objects to the first of it and is answered, and it is decided.
async fn show(maker: &mut Maker, rows: &[&PairingRow], (round, first): (&str, &str)) -> Result<()> {
    let (programme, today) = (Arc::clone(&maker.programme), maker.today);
    let second = second(maker);
    maker.act(&second, plus(today, -NOTICED_AGO));
    let opened = commendations::opened(&mut maker.tx, &programme, round).await?;
    commendations::publish(&mut maker.tx, &programme, &opened, opened.row.version).await?;
    if let Some(row) = rows.last() {
        let by = maker.actor(&row.county_school).await?;
        maker.act(&by, plus(today, -OBJECTED_AGO));
        let opened = commendations::opened_nomination(&mut maker.tx, &programme, first).await?;
        let objection = commendations::raise(&mut maker.tx, &opened.row, OBJECTION).await?;
        maker.act_as_office(plus(today, -ANSWERED_AGO));
        let opened = commendations::opened_objection(&mut maker.tx, &programme, &objection).await?;
        let version = opened.row.version;
        commendations::answer(&mut maker.tx, &opened, version, (Action::Refuse, ANSWER)).await?;
    }
    maker.act(&second, plus(today, -DECIDED_AGO));
    let opened = commendations::opened(&mut maker.tx, &programme, round).await?;
    commendations::decide(&mut maker.tx, &programme, &opened, opened.row.version).await
}

/// Of the first pairing one is on the list and one waits for the second of the office, persons have not agreed yet; of the
/// others all wait for the first.
async fn this_year(
    maker: &mut Maker,
    rules: &CommendationRules,
    (rows, rosters): (&[&PairingRow], &Rosters),
) -> Result<()> {
    let (year, today) = (maker.today.year(), maker.today);
    let day = plus(today, -BEGUN_AGO);
    // In the first days of a year there is nothing yet to commend.
    if day.year() < year {
        return Ok(());
    }
    let Some(round) = begin(maker, rules, (rows, rosters), (year, day)).await? else { return Ok(()) };
    let mut proposed = 0;
    for row in rows {
        for one in named(maker, rules, (row, rosters), i64::from(year)).await? {
            let made = nominate(maker, (&round, i64::from(year)), &one, plus(today, -NAMED_AGO)).await?;
            let Some(id) = made.filter(|_| one.person.0.is_empty() && proposed < 2) else { continue };
            if propose(maker, &id, plus(today, -LOOKED_AT_AGO)).await? {
                proposed += 1;
                if proposed == 1 {
                    confirm(maker, &id, plus(today, -LOOKED_AT_AGO)).await?;
                }
            }
        }
    }
    Ok(())
}
