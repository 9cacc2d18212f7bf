//! Recording a post, answering it, taking it back. For the pages and the demonstration.

pub mod cohorts;
pub mod fitting;
pub mod market;
pub mod occupations;
pub mod system;

use super::data::{self, VacancyRow, VacancyState};
use super::rules::{self, NewVacancy, REASON};
use crate::network::enterprises;
use crate::network::registry::{self, OrgRow};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Code, Error, FieldError, Mistake, Result};
use jiedui_programme::{JobRules, Programme};
use jiedui_store::{Found, Tx, args, named};
use jiedui_web::reply::Choice;
use serde_json::json;

/// The programme's rules; not found where it has none.
pub fn rules_of(programme: &Programme) -> Result<&JobRules> {
    programme.jobs.as_ref().ok_or(Error::NotFound)
}

/// Where work can be: counties, and cities that have none, under the names of their cities.
pub async fn county_choices(tx: &mut Tx) -> Result<Vec<Choice>> {
    let divisions = registry::divisions(tx).await?;
    let parents: Vec<&str> = divisions.iter().map(|one| one.parent.as_str()).collect();
    let group = |parent: &str| {
        divisions.iter().find(|one| one.code == parent).map_or_else(String::new, |one| one.name.clone())
    };
    let ends = divisions.iter().filter(|one| {
        one.level == "county" || (one.level == "city" && !parents.contains(&one.code.as_str()))
    });
    let choice = |one: &registry::Division| Choice {
        group: if one.level == "county" { group(&one.parent) } else { one.name.clone() },
        ..Choice::new(one.code.as_str(), one.name.as_str())
    };
    Ok(ends.map(choice).collect())
}

/// The county schools below the caller, to whose graduates a bureau can offer a post.
pub async fn school_choices(tx: &mut Tx) -> Result<Vec<Choice>> {
    let (today, scope) = (tx.today(), tx.actor().scope.clone());
    let schools = registry::county_schools(tx, today).await?;
    let below = schools.into_iter().filter(|school| scope.covers(&school.path));
    Ok(below.map(|school| Choice::new(school.id, school.name)).collect())
}

/// To whose graduates the caller offers it, and who answers.
async fn sides(tx: &mut Tx, own: &OrgRow, wanted: &str) -> Result<(Option<String>, Option<String>)> {
    if own.kind == "school" {
        if !own.county_school {
            let words = "岗位由对口县级院校和它的县局、市局登记。本单位现在没有“对口县级院校”标记，如与实际不符，请联系省领导小组办公室。";
            return Err(Error::Forbidden(words.to_owned()));
        }
        return Ok((Some(own.id.clone()), own.parent.clone()));
    }
    if wanted.is_empty() {
        return Ok((None, None));
    }
    if !school_choices(tx).await?.iter().any(|school| school.value == wanted) {
        let words = "请从列出的县级院校里选一所；面向全部毕业生的不选。";
        return Err(Error::field("school", Code::NotListed.says(words)));
    }
    Ok((Some(wanted.to_owned()), Some(wanted.to_owned())))
}

/// Records a post in the name of the caller's organisation; returns its id. Without another side it holds at once.
pub async fn record(tx: &mut Tx, programme: &Programme, new: &NewVacancy) -> Result<String> {
    let (org, today) = (tx.actor().org.clone(), tx.today());
    let own = registry::find(tx, &org).await?;
    let (school, answerer) = sides(tx, &own, &new.school).await?;
    let mut wrong = rules::check(programme, rules_of(programme)?, new, today);
    if !county_choices(tx).await?.iter().any(|county| county.value == new.county) {
        wrong.push(FieldError::new("county", Mistake::not_chosen("工作地点在哪个县")));
    }
    if new.enterprise.is_empty() {
        wrong.push(FieldError::new("enterprise", Mistake::missing("招人企业全称")));
    }
    let (majors, category) = fitting::named(tx, new, &mut wrong).await?;
    Error::of(wrong)?;
    let Some(days) = new.days else { return Err(Error::field("to", Mistake::not_chosen("到哪天止"))) };
    let enterprise = enterprise(tx, &new.enterprise, school.as_deref().unwrap_or(&org)).await?;
    let state = if answerer.is_some() { VacancyState::Recorded } else { VacancyState::Confirmed };
    let id = tx.new_id();
    named!(data::INSERT {
        id: &id,
        enterprise: &enterprise,
        school: school.clone(),
        org: &org,
        answerer: answerer.clone(),
        division: &new.county,
        title: &new.title,
        occupation: &new.occupation,
        major: &category,
        number: new.number,
        pay_low: new.pay.0,
        pay_high: new.pay.1,
        first_day: days.from,
        last_day: days.to,
        state,
    })
    .write(tx)
    .await?;
    let row = find(tx, programme, &id).await?;
    for name in &majors {
        tx.change(&row, &data::ADD_MAJOR, args![name]).await?;
    }
    let change = json!({
        "enterprise": enterprise, "title": new.title, "school": school, "county": new.county, "major": category, "majors": majors,
        "number": new.number, "from": days.from, "to": days.to,
    });
    review::begun::<VacancyRow>(tx, &id, "record", change).await?;
    Ok(id)
}

/// The registered enterprise of that name; registered now where nobody named it before.
async fn enterprise(tx: &mut Tx, name: &str, home: &str) -> Result<String> {
    let at = |errors: Vec<FieldError>| {
        errors.into_iter().map(|error| FieldError { field: "enterprise".to_owned(), ..error }).collect()
    };
    match enterprises::register_title(tx, name, home).await {
        Ok(Some((_, known))) => Ok(known.enterprise),
        Ok(None) => Err(Error::field("enterprise", Mistake::missing("招人企业全称"))),
        Err(Error::Invalid(errors)) => Err(Error::Invalid(at(errors))),
        Err(other) => Err(other),
    }
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Found<VacancyRow>> {
    let links = rules_of(programme)?.key_links(programme);
    tx.find(&data::SHOW, args![id, links]).await
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<VacancyRow>>> {
    let row = find(tx, programme, id).await?;
    review::open(tx, programme, row).await
}

async fn moved(
    tx: &mut Tx,
    opened: &Loaded<Found<VacancyRow>>,
    (action, version): (Action, i64),
    reason: &str,
) -> Result<()> {
    let next = opened.demand(action)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), Said::reason(reason)).await
}

pub async fn confirm(tx: &mut Tx, opened: &Loaded<Found<VacancyRow>>, version: i64) -> Result<()> {
    moved(tx, opened, (Action::Accept, version), "").await
}

pub async fn dispute(
    tx: &mut Tx,
    opened: &Loaded<Found<VacancyRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    opened.demand(Action::Return)?;
    let wrong = rules::text("哪里不对", reason, REASON).map(|mistake| FieldError::new("reason", mistake));
    Error::of(wrong.into_iter().collect())?;
    moved(tx, opened, (Action::Return, version), reason).await
}

pub async fn withdraw(tx: &mut Tx, opened: &Loaded<Found<VacancyRow>>, version: i64) -> Result<()> {
    moved(tx, opened, (Action::Withdraw, version), "").await
}

/// What waits for an answer of the caller's organisation and is not over, the oldest first.
pub async fn to_answer(tx: &mut Tx) -> Result<Vec<Found<VacancyRow>>> {
    let (org, today) = (tx.actor().org.clone(), tx.today());
    tx.find_all(&data::TO_ANSWER, args![org, VacancyState::Recorded, today]).await
}

/// What the caller's organisation recorded, the other side disputes, and is not over.
pub async fn disputed(tx: &mut Tx) -> Result<Vec<Found<VacancyRow>>> {
    let (org, today) = (tx.actor().org.clone(), tx.today());
    tx.find_all(&data::DISPUTED, args![org, VacancyState::Disputed, today]).await
}
