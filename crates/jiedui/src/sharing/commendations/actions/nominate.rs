//! Nominating: who may name whom, for which work.

use super::{days, rules_of, tell};
use crate::evidence::outputs::sides_of;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::shared::objections::check_text;
use crate::shared::review;
use crate::sharing::commendations::data::{self, NamedRow, NominationRow, ReasonRow, RoundRow};
use crate::sharing::commendations::rules::{self, SENTENCE, words};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Error, FieldError, Period, Result};
use jiedui_programme::{AllocationRule, CommendationClass, Commended, Programme};
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// Whom somebody nominates, and for which entries of the ledger.
#[derive(Debug, Clone, Default)]
pub struct NewNomination {
    pub class: String,
    /// The school, or the unit of the person.
    pub school: String,
    /// Of the person as it was typed; "" for a school.
    pub name: String,
    pub sentence: String,
    pub reasons: Vec<String>,
}

/// The classes for which the caller may nominate.
pub fn classes<'p>(tx: &Tx, programme: &'p Programme) -> Vec<&'p CommendationClass> {
    let all = programme.commendations.iter().flat_map(|rules| &rules.classes);
    all.filter(|class| !sides_of(tx.actor(), &class.nominated_by).is_empty()).collect()
}

/// Whether the caller, with the right, may nominate for anything.
pub fn may(has_right: bool, tx: &Tx, programme: &Programme) -> bool {
    has_right && !classes(tx, programme).is_empty()
}

/// The schools that the caller may name in a class: those with which it was paired in that year or, for a bureau, of the
/// pairings of its own county schools. Nobody names itself, unless the programme says so.
pub async fn schools(tx: &mut Tx, class: &CommendationClass, year: Period) -> Result<Vec<(String, String)>> {
    let actor = Arc::clone(tx.actor());
    if sides_of(&actor, &class.nominated_by).is_empty() {
        return Ok(Vec::new());
    }
    let mine = |row: &PairingRow| {
        [&row.county_school, &row.lead, &row.nearby].contains(&&actor.org)
            || actor.scope.covers(&row.county_path)
    };
    let ran = |row: &PairingRow| row.from_day <= year.to && row.to_day.is_none_or(|end| end >= year.from);
    let mut found: Vec<(String, String)> = Vec::new();
    for row in pairings::in_scope(tx).await?.iter().filter(|row| mine(row) && ran(row)) {
        let lead = (&row.lead, &row.lead_name);
        let nearby = (&row.nearby, &row.nearby_name);
        let county = (&row.county_school, &row.county_name);
        let named = match class.commended {
            Commended::Lead => vec![lead],
            Commended::Nearby => vec![nearby],
            Commended::CountySchool => vec![county],
            Commended::Person => vec![lead, nearby, county],
        };
        for (id, name) in named {
            let own = *id == actor.org && !class.itself;
            if !own && found.iter().all(|(known, _)| known != id) {
                found.push((id.clone(), name.clone()));
            }
        }
    }
    Ok(found)
}

/// The id of the person of that name who had a post at a unit in that year.
pub async fn person(tx: &mut Tx, unit: &str, name: &str, year: Period) -> Result<Option<String>> {
    let people = registry::people_at(tx, unit, year.from, year.to).await?;
    Ok(people.into_iter().find(|one| data::is_called(&one.name, name)).map(|one| one.id))
}

/// The confirmed entries of that year, visible to the caller, that may be a reason to commend a school or a person.
pub async fn reasons(
    tx: &mut Tx,
    class: &CommendationClass,
    (school, person): (&str, &str),
    year: Period,
) -> Result<Vec<ReasonRow>> {
    tx.all(&data::REASONS, args![words::listed(class), year.from, year.to, school, person]).await
}

/// How many of a class the caller may name, and how many it has named.
#[derive(Clone, Copy)]
pub struct Room<'p> {
    pub most: i64,
    pub named: i64,
    /// The rule by which the caller was given more than the class gives to everybody (S4.4).
    pub by: Option<&'p AllocationRule>,
}

impl Room<'_> {
    pub fn left(&self) -> i64 {
        self.most.saturating_sub(self.named).max(0)
    }
}

/// What leaves more. Two rounds may begin in one year: whoever used up its places in the first may still name in the second as
/// many as everybody.
fn wider<'p>(usual: Room<'p>, places: Room<'p>) -> Room<'p> {
    if usual.left() > places.left() { usual } else { places }
}

/// As many as the class says in a round; or, where more places were given to the caller in the year in which the round began,
/// as many as those, in all rounds that began in it.
pub async fn room<'p>(
    tx: &mut Tx,
    programme: &'p Programme,
    (round, class): (&RoundRow, &CommendationClass),
) -> Result<Room<'p>> {
    let own = tx.actor().org.clone();
    let named = tx.number(&data::NAMED, args![&round.id, &class.id, &own]).await?;
    let usual = Room { most: class.most, named, by: None };
    if let Some((rule, year)) = programme.places_for(&class.id).zip(Period::year(round.opened_on.year())) {
        let given = tx.number(&data::PLACES, args![&own, &rule.id, year.from, year.to]).await?;
        if given > class.most {
            let named = tx.number(&data::OWN_NAMED, args![&class.id, year.from, year.to, own]).await?;
            return Ok(wider(usual, Room { most: given, named, by: Some(rule) }));
        }
    }
    Ok(usual)
}

/// Of everybody whom the caller sees: how many names it put forward for a class in the rounds that began in these days, and how
/// many of them were commended.
pub async fn put_forward(tx: &mut Tx, class: &str, began: Period) -> Result<HashMap<String, (i64, i64)>> {
    let rows = tx.all::<NamedRow>(&data::NAMED_BY, args![class, began.from, began.to]).await?;
    Ok(rows.into_iter().map(|row| (row.nominator, (row.named, row.commended))).collect())
}

/// What is wrong with the words and the number of a nomination.
async fn check_rest(
    tx: &mut Tx,
    programme: &Programme,
    (round, class): (&RoundRow, &CommendationClass),
    (new, person): (&NewNomination, Option<&str>),
    errors: &mut Vec<FieldError>,
) -> Result<()> {
    errors.extend(check_text("sentence", "表扬什么", &new.sentence, SENTENCE));
    let year = days(round.year)?;
    let offered = reasons(tx, class, (&new.school, person.unwrap_or_default()), year).await?;
    let known = |id: &String| offered.iter().any(|one| one.id == *id);
    if new.reasons.is_empty() {
        let words = "请从列出的台账里至少选一条；没有列出的，先请对方确认。";
        errors.push(FieldError::new("reasons", Code::Missing.says(words)));
    } else if !new.reasons.iter().all(known) {
        let words = "理由只能从列出的已确认台账里选。";
        errors.push(FieldError::new("reasons", Code::NotListed.says(words)));
    }
    let twin = args![&round.id, &class.id, &new.school, person.unwrap_or_default()];
    if tx.number(&data::TWIN, twin).await? > 0 {
        let words = "这一年已经有单位提名，不用再提名。";
        errors.push(FieldError::new("school", Code::Duplicate.says(words)));
    }
    let room = room(tx, programme, (round, class)).await?;
    if room.left() == 0 {
        let words = match room.by {
            Some(_) => format!("这一类分给本单位的名额是 {} 个，已经提满。", room.most),
            None => format!("这一类一个单位最多提名 {} 个，已经提满。", room.most),
        };
        errors.push(FieldError::new("class", Code::TooMany.says(words)));
    }
    Ok(())
}

/// Everything that may be wrong with a nomination, at once; the person where it names one.
async fn check(
    tx: &mut Tx,
    programme: &Programme,
    (round, class): (&RoundRow, &CommendationClass),
    new: &NewNomination,
) -> Result<Option<String>> {
    let (mut errors, year) = (Vec::new(), days(round.year)?);
    if schools(tx, class, year).await?.iter().all(|(id, _)| *id != new.school) {
        let own = new.school == tx.actor().org;
        let mistake = match own {
            true => Code::NotFitting.says("不能提名本单位，由结对的另一方或主管局提名。"),
            false => Code::NotListed.says("请从列出的学校里选：只能提名当年有结对关系的学校。"),
        };
        return Err(Error::field("school", mistake));
    }
    let mut found = None;
    if class.commended.is_person() {
        found = person(tx, &new.school, &new.name, year).await?;
        if new.name.is_empty() {
            errors.push(FieldError::new("name", Code::Missing.says("请填写被提名人的姓名。")));
        } else if found.is_none() {
            let words = "这个单位当年没有这个人，请核对姓名和单位。";
            errors.push(FieldError::new("name", Code::NotListed.says(words)));
        }
    }
    if errors.is_empty() {
        check_rest(tx, programme, (round, class), (new, found.as_deref()), &mut errors).await?;
    }
    Error::of(errors)?;
    Ok(found)
}

/// Nominates in the name of the caller's organisation; returns the id. A person is asked first.
pub async fn nominate(
    tx: &mut Tx,
    programme: &Programme,
    round: &Found<RoundRow>,
    new: &NewNomination,
) -> Result<String> {
    if !rules::takes_nominations(round, tx.today()) {
        return Err(Error::NotNow("现在不能提名：还没有开始，或者已经截止。".to_owned()));
    }
    let Some(class) = rules_of(programme)?.class(&new.class) else {
        return Err(Error::field("class", Code::NotListed.says("请从列出的类别里选一类。")));
    };
    if sides_of(tx.actor(), &class.nominated_by).is_empty() {
        let words = format!("“{}”由{}提名，本单位不能提名。", class.name, words::nominators(class));
        return Err(Error::Forbidden(words));
    }
    // Two at once would both find no twin.
    registry::lock(tx, &round.issuer).await?;
    let person = check(tx, programme, (round, class), new).await?;
    let (actor, id, today) = (Arc::clone(tx.actor()), tx.new_id(), tx.today());
    named!(data::INSERT_NOMINATION {
        id: &id,
        class: &class.id,
        nominator: &actor.org,
        nominated_by: actor.account(),
        school: &new.school,
        person: person.clone(),
        sentence: &new.sentence,
        nominated_on: today,
        state: rules::begins(person.as_deref()),
    })
    .write(tx, round)
    .await?;
    let row = tx.find::<NominationRow>(&data::NOMINATION, args![&id]).await?;
    for entry in &new.reasons {
        tx.change(&row, &data::ADD_REASON, args![entry]).await?;
    }
    let change = json!({
        "round": round.id, "class": class.id, "school": new.school, "person": person, "reasons": new.reasons,
    });
    review::begun::<NominationRow>(tx, &id, "nominate", change).await?;
    let asks = if person.is_some() { "，请本人决定是否同意" } else { "" };
    let words = format!("提名了{}的{}（{}）{asks}", words::title(round.year), class.name, row.school_name);
    tell(tx, &new.school, ("commendation_nomination", &id), (&words, &new.sentence)).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_are_used_up_take_nothing_from_what_everybody_has() {
        let programme = review::tests::programme();
        let by = programme.places_for("county-school");
        assert!(by.is_some());
        let room = |used: i64, in_this_round: i64| {
            let usual = Room { most: 1, named: in_this_round, by: None };
            let room = wider(usual, Room { most: 3, named: used, by });
            (room.left(), room.by.is_some())
        };
        assert_eq!(room(0, 0), (3, true));
        assert_eq!(room(3, 3), (0, true), "one round");
        assert_eq!(room(3, 0), (1, false), "a second one in the same year");
        assert_eq!(room(4, 1), (0, true), "and no more");
    }
}
