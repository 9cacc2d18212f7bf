//! Every check of a claim in one place, part by part, for the form, for corrections, for workbooks and for the
//! demonstration.

use super::super::{data, rules};
use super::new_entry::NewEntry;
use super::{projects, twins};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use jiedui_kernel::{Actor, Code, Date, Error, FieldError, Mistake, Period, Result, Unit};
use jiedui_programme::parts::{PARTS, Part};
use jiedui_programme::{Activity, Confirmer, Measure, PersonOf, Programme, Side, Time};
use jiedui_store::{Tx, args};
use std::collections::BTreeMap;

/// Of a long span of term so many weeks are named.
const RUNS_NAMED: usize = 4;

/// A claim that passed every check.
#[derive(Debug, Clone)]
pub struct Checked {
    pub period: Period,
    pub person: Option<String>,
    pub post: String,
    pub quantity: i64,
    pub project: Option<String>,
    /// In the order of their ids.
    pub roster: Vec<String>,
    pub helpers: Vec<(String, i64)>,
    pub answerer: String,
}

/// The side on which somebody stands to a pairing: one of its three parties, or an authority above its county school.
pub fn side_of(pairing: &PairingRow, actor: &Actor) -> Option<Side> {
    let org = actor.org.as_str();
    match org {
        _ if org == pairing.lead => Some(Side::Lead),
        _ if org == pairing.nearby => Some(Side::Nearby),
        _ if org == pairing.county_school => Some(Side::CountySchool),
        _ if !actor.scope.covers(&pairing.county_path) => None,
        _ if actor.has_role("province") => Some(Side::Province),
        _ if actor.has_role("city") => Some(Side::City),
        _ if actor.has_role("county") => Some(Side::County),
        _ => None,
    }
}

/// Checks a claim of `claimant`. `except` is the entry that a correction replaces ("" for a new one).
pub async fn check(
    tx: &mut Tx,
    programme: &Programme,
    activity: &Activity,
    claimant: &str,
    new: &NewEntry,
    except: &str,
) -> Result<Checked> {
    let side = side_of(&new.pairing, tx.actor()).filter(|side| activity.claimed_by.contains(side));
    let Some(side) = side else {
        return Err(Error::Invalid(vec![FieldError::new(
            "pairing",
            Code::NotFitting.says(format!("“{}”不由本单位登记。", activity.name)),
        )]));
    };
    // Two at once would both find the day free, or nothing alike. Before the person's row, so that two files of one
    // organisation never wait for each other.
    if tx.may_write() {
        registry::lock(tx, claimant).await?;
    }
    let mut check = Check {
        programme,
        activity,
        claimant,
        side,
        new,
        except,
        period: period_of(activity, new),
        helpers: Vec::new(),
        post: String::new(),
        quantity: 0,
        project: None,
        roster: Vec::new(),
        errors: Vec::new(),
    };
    for part in PARTS {
        check.part(tx, part).await?;
    }
    match (check.errors.is_empty(), check.period) {
        (true, Some(period)) => Ok(Checked {
            period,
            person: new.person.clone().filter(|_| activity.person.is_some()),
            post: check.post,
            quantity: check.quantity,
            project: check.project,
            roster: check.roster,
            answerer: answerer(activity, side, new, &check.helpers),
            helpers: check.helpers,
        }),
        _ => Err(Error::Invalid(check.errors)),
    }
}

/// A claim on its way through the checks of its parts: each leaves what it found for the parts after it.
struct Check<'a> {
    programme: &'a Programme,
    activity: &'a Activity,
    claimant: &'a str,
    side: Side,
    new: &'a NewEntry,
    except: &'a str,
    period: Option<Period>,
    helpers: Vec<(String, i64)>,
    post: String,
    quantity: i64,
    project: Option<String>,
    roster: Vec<String>,
    errors: Vec<FieldError>,
}

impl Check<'_> {
    async fn part(&mut self, tx: &mut Tx, part: Part) -> Result<()> {
        let (activity, new, errors) = (self.activity, self.new, &mut self.errors);
        match part {
            // Whose pairing it is was asked before anything else; who shares in it goes with the helpers.
            Part::Pairing | Part::Joint => {}
            Part::Helper => self.helpers = providers(activity, self.side, self.claimant, new, errors),
            Part::Person => {
                let at = match activity.person.as_ref().map(|rule| rule.of) {
                    Some(PersonOf::CountySchool) => Some(new.pairing.county_school.clone()),
                    Some(PersonOf::Helper) => self.helpers.first().map(|(org, _)| org.clone()),
                    None => None,
                };
                if let (Some(org), Some(period)) = (at, self.period) {
                    let at = (org.as_str(), period, self.except);
                    let rules = (self.programme, activity);
                    self.post = check_person(tx, rules, new.person.as_deref(), at, errors).await?;
                }
            }
            Part::Time => check_period(activity, new, tx.today(), self.except.is_empty(), errors),
            Part::InTerm => {
                if let Some(period) = self.period.filter(|_| activity.in_vacations && !new.in_term) {
                    errors.extend(in_term(self.programme, activity, period));
                }
            }
            Part::Quantity => self.quantity = quantity_of(activity, new, self.period, errors),
            Part::Project => {
                let (rules, new) = ((self.programme, activity), (new, self.except));
                self.project = check_project(tx, rules, new, &self.post, errors).await?;
            }
            Part::Roster => {
                if let Some(period) = self.period {
                    self.roster = check_roster(tx, activity, new, period, self.quantity, errors).await?;
                }
            }
            Part::Fields => errors.extend(impossible(self.programme, activity, new, self.quantity)),
            Part::Again => self.again(tx).await?,
        }
        Ok(())
    }

    /// What was claimed before: once a day and school, or alike in all that is said.
    async fn again(&mut self, tx: &mut Tx) -> Result<()> {
        let (activity, new) = (self.activity, self.new);
        let Some(period) = self.period.filter(|_| self.errors.is_empty()) else { return Ok(()) };
        if activity.measure == Measure::Once {
            let key = args![&new.pairing.id, &activity.id, self.claimant, period.from, self.except];
            let there = tx.all::<(String,)>(&data::TWINS, key).await?;
            // What only gets recorded (another leader's visit) does not stand in the way of what counts.
            if there.iter().any(|(old,)| counts(activity, old) || !counts(activity, &self.post)) {
                self.errors.push(FieldError::new("from", once_a_day(period.from)));
                return Ok(());
            }
        }
        if !new.again {
            let what = (period, self.quantity, self.except);
            self.errors.extend(twins::twin(tx, activity, self.claimant, new, what).await?);
        }
        Ok(())
    }
}

/// A second of what is counted once a day and school.
pub(super) fn once_a_day(day: Date) -> Mistake {
    Code::Duplicate.says(format!("本单位在 {day} 对这所学校已登记过一次；多人同行只记一次。"))
}

/// The days that a claim names; none where it ends before it begins.
fn period_of(activity: &Activity, new: &NewEntry) -> Option<Period> {
    let from = new.from?;
    let to = match activity.time {
        Time::Day => from,
        Time::Span => new.to?,
    };
    Period::new(from, to)
}

/// Whether it counts with a person in this post.
pub(super) fn counts(activity: &Activity, post: &str) -> bool {
    let fits = |rule: &jiedui_programme::PersonRule| {
        rules::post_of(post).is_some_and(|post| rule.counting.contains(&post))
    };
    activity.person.as_ref().is_none_or(fits)
}

fn check_period(
    activity: &Activity,
    new: &NewEntry,
    today: Date,
    is_new: bool,
    errors: &mut Vec<FieldError>,
) {
    let Some(Period { from, to }) = period_of(activity, new) else {
        if new.from.is_some() && new.to.is_some() {
            errors.push(FieldError::new("to", Mistake::reversed()));
        }
        return;
    };
    let last = if activity.time == Time::Day { "from" } else { "to" };
    if to > today {
        errors.push(FieldError::new(
            last,
            Code::InFuture.says("还没有发生的事不能登记；请等结束后再记，或把结束日期改到今天以前。"),
        ));
    }
    if period_of(activity, new).is_some_and(|period| period.days() > 366) {
        errors.push(FieldError::new("to", Code::OutOfRange.says("一条记录最长一年，请分开登记。")));
    }
    if from < new.pairing.from_day {
        errors.push(FieldError::new(
            "from",
            Code::NotInPeriod.says(format!("这组结对从 {} 开始，更早的事不计入。", new.pairing.from_day)),
        ));
    }
    match new.pairing.to_day {
        // A former partner creates nothing, but corrects what there is.
        Some(end) if is_new && end < today => errors.push(FieldError::new(
            "pairing",
            Code::NotInPeriod.says(format!("这组结对已在 {end} 结束，不能再登记新的事项。")),
        )),
        Some(end) if to > end => errors.push(FieldError::new(
            last,
            Code::NotInPeriod.says(format!("这组结对在 {end} 结束，之后的日子不计入。")),
        )),
        _ => {}
    }
}

/// Days of term of what is for the holidays. Asked about and never refused: the calendar is the programme's, and a school
/// may begin its holidays on another day.
fn in_term(programme: &Programme, activity: &Activity, period: Period) -> Option<FieldError> {
    let runs = programme.calendar.taught(period);
    if runs.is_empty() {
        return None;
    }
    let days = |run: &Period| match *run {
        Period { from, to } if from == to => from.to_string(),
        Period { from, to } => format!("{from} 至 {to}"),
    };
    let named: Vec<String> = runs.iter().take(RUNS_NAMED).map(days).collect();
    let words = format!(
        "“{}”在寒暑假进行，而 {}{}按日历是学期内的工作日，没有登记。日期写错的请改正；确在学期内进行的，请注明后再提交。",
        activity.name,
        named.join("、"),
        if runs.len() > RUNS_NAMED { "等" } else { " " },
    );
    Some(FieldError::new("in_term", Code::Unlikely.says(words)))
}

/// Who provided it: the claiming helper, or the one that the county school names; both with half each where joint.
fn providers(
    activity: &Activity,
    side: Side,
    claimant: &str,
    new: &NewEntry,
    errors: &mut Vec<FieldError>,
) -> Vec<(String, i64)> {
    let pairing = &new.pairing;
    let other = |org: &str| if org == pairing.lead { pairing.nearby.clone() } else { pairing.lead.clone() };
    match side {
        Side::Lead | Side::Nearby if new.joint => vec![(claimant.to_owned(), 50), (other(claimant), 50)],
        Side::Lead | Side::Nearby => vec![(claimant.to_owned(), 100)],
        Side::CountySchool if activity.confirmed_by == Confirmer::Helper => match &new.helper {
            Some(org) if *org == pairing.lead || *org == pairing.nearby => vec![(org.clone(), 100)],
            _ => {
                errors.push(FieldError::new("helper", Code::Missing.says("请选择去了哪一所协作院校。")));
                Vec::new()
            }
        },
        Side::CountySchool | Side::County | Side::City | Side::Province => Vec::new(),
    }
}

fn answerer(activity: &Activity, side: Side, new: &NewEntry, helpers: &[(String, i64)]) -> String {
    match activity.confirmer(|field| new.fields.get(field)?.as_str()) {
        Confirmer::CountySchool => new.pairing.county_school.clone(),
        Confirmer::CountyBureau => new.pairing.county_bureau.clone(),
        Confirmer::Receiver if side == Side::CountySchool => new.pairing.county_bureau.clone(),
        Confirmer::Receiver => new.pairing.county_school.clone(),
        Confirmer::Helper => helpers.first().map(|(org, _)| org.clone()).unwrap_or_default(),
    }
}

fn quantity_of(
    activity: &Activity,
    new: &NewEntry,
    period: Option<Period>,
    errors: &mut Vec<FieldError>,
) -> i64 {
    match activity.measure {
        Measure::Once => 1,
        Measure::Days => period.map_or(0, Period::days),
        Measure::Entered => match new.quantity {
            Some(number) if (1..=jiedui_web::fields::most(activity.unit)).contains(&number) => number,
            _ => {
                errors.push(FieldError::new(
                    "quantity",
                    Code::OutOfRange.says(format!("{}应大于零，且不超出常理。", activity.quantity_label)),
                ));
                0
            }
        },
    }
}

/// The projects of a pairing that an entry of this activity can be part of: those in force that count in its unit and are
/// about what it is for. `named` is the one it names already.
pub async fn projects_for(
    tx: &mut Tx,
    (programme, activity): (&Programme, &Activity),
    pairing: &str,
    named: Option<&str>,
) -> Result<Vec<data::ProjectRow>> {
    let rows = projects::in_unit(tx, activity.unit, pairing, named.unwrap_or_default()).await?;
    Ok(rows.into_iter().filter(|row| programme.moves(activity, &row.clause)).collect())
}

/// The project that an entry is part of. What only gets recorded (a visit by another leader) moves no project.
async fn check_project(
    tx: &mut Tx,
    (programme, activity): (&Programme, &Activity),
    (new, except): (&NewEntry, &str),
    post: &str,
    errors: &mut Vec<FieldError>,
) -> Result<Option<String>> {
    let Some(project) = new.project.as_deref().filter(|project| !project.is_empty()) else {
        if activity.of_project {
            errors.push(FieldError::new("project", Code::Missing.says("请选择属于哪一个已备案的项目。")));
        }
        return Ok(None);
    };
    // One that was closed meanwhile stays possible for what names it already, and for nothing else.
    let kept = tx.maybe::<(Option<String>,)>(&data::PROJECT_OF, args![except]).await?;
    let kept = kept.and_then(|(project,)| project).unwrap_or_default();
    let known = projects::in_unit(tx, activity.unit, &new.pairing.id, &kept).await?;
    let mistake = match known.iter().find(|row| row.id == project) {
        None => Some(Code::NotListed.says("这组结对里没有这个已备案、按同一单位计数的项目，请重新选择。")),
        Some(row) if !programme.moves(activity, &row.clause) => {
            Some(super::super::of_another_task(programme, &activity.name, (&row.title, &row.clause)))
        }
        // Work of another year moves no project.
        Some(row) if new.to.or(new.from).is_some_and(|day| day < row.from_day) => Some(
            Code::NotInPeriod
                .says(format!("这个项目从 {} 开始，在此之前的工作不能算进它；请不选项目。", row.from_day)),
        ),
        Some(_) => None,
    };
    errors.extend(mistake.map(|mistake| FieldError::new("project", mistake)));
    if errors.is_empty() && !counts(activity, post) {
        errors.push(FieldError::new(
            "project",
            Code::NotFitting.says("这个人的任职只作记录、不计数，不能算进项目；请不选项目。"),
        ));
    }
    Ok(Some(project.to_owned()))
}

/// Whether it takes the person's whole day: nobody is elsewhere on it, and it is no second thing beside another.
pub(super) fn takes_the_day(activity: &Activity) -> bool {
    activity.person.as_ref().is_some_and(|rule| rule.exclusive)
}

/// Numbers that cannot be beside each other: more awards than entrants.
fn impossible(programme: &Programme, activity: &Activity, new: &NewEntry, quantity: i64) -> Vec<FieldError> {
    let mut values: BTreeMap<&str, i64> =
        new.fields.iter().filter_map(|(id, value)| Some((id.as_str(), value.as_i64()?))).collect();
    values.insert("quantity", quantity);
    let broken = programme.broken_relations(&activity.id, &values, &BTreeMap::new(), 0);
    broken.iter().map(|one| FieldError::new(one.field.clone(), one.mistake())).collect()
}

/// The person's post on the first day; "" with an error where the person cannot be the one meant.
pub(super) async fn check_person(
    tx: &mut Tx,
    (programme, activity): (&Programme, &Activity),
    person: Option<&str>,
    (org, period, except): (&str, Period, &str),
    errors: &mut Vec<FieldError>,
) -> Result<String> {
    let Some(rule) = &activity.person else { return Ok(String::new()) };
    let Some(person) = person.filter(|person| !person.is_empty()) else {
        errors.push(FieldError::new("person", Mistake::not_chosen(&rule.label)));
        return Ok(String::new());
    };
    let people = registry::people_at(tx, org, period.from, period.from).await?;
    let offered = |post: &str| rules::post_of(post).is_some_and(|post| rule.offered.contains(&post));
    let Some(found) = people.iter().find(|at| at.id == person && offered(&at.post)) else {
        errors.push(FieldError::new(
            "person",
            Code::NoPost.says(format!("这个人在 {} 没有合适的任职，请先到院校资料里登记任职。", period.from)),
        ));
        return Ok(String::new());
    };
    if rule.exclusive {
        if tx.may_write() {
            registry::lock_person(tx, person).await?;
        }
        let stays =
            tx.all::<data::StayRow>(&data::STAYS_OF, args![person, period.from, period.to, except]).await?;
        let elsewhere = |id: &str| programme.activity(id).filter(|other| takes_the_day(other));
        let found_stay = stays.iter().find_map(|stay| Some((stay, elsewhere(&stay.activity)?)));
        if let Some((stay, other)) = found_stay {
            let message = Code::Overlap.says(format!(
                "{}在 {} 至 {} 已登记在“{}”（{}），同一天不能在两处，也不能算两件事；请核对日期。",
                found.name, stay.from_day, stay.to_day, stay.county_name, other.name
            ));
            errors.push(FieldError::new("person", message));
        }
    }
    Ok(found.post.clone())
}

/// The people named: each was at the county school in a fitting post, and they are no more than those counted.
async fn check_roster(
    tx: &mut Tx,
    activity: &Activity,
    new: &NewEntry,
    period: Period,
    quantity: i64,
    errors: &mut Vec<FieldError>,
) -> Result<Vec<String>> {
    let Some(rule) = activity.roster.as_ref().filter(|_| !new.roster.is_empty()) else {
        return Ok(Vec::new());
    };
    let people = registry::people_at(tx, &new.pairing.county_school, period.from, period.to).await?;
    let fits = |id: &String| {
        let posts = people.iter().filter(|at| at.id == *id).filter_map(|at| rules::post_of(&at.post));
        posts.into_iter().any(|post| rule.posts.contains(&post))
    };
    if !new.roster.iter().all(fits) {
        let message = Code::NoPost
            .says(format!("名单里有人在 {} 至 {} 没有合适的任职，请重新勾选。", period.from, period.to));
        errors.push(FieldError::new("roster", message));
    }
    let mut roster = new.roster.clone();
    roster.sort_unstable();
    roster.dedup();
    let counts_people = matches!(activity.unit, Unit::Persons | Unit::PersonTimes);
    if counts_people && i64::try_from(roster.len()).is_ok_and(|named| named > quantity) {
        errors
            .push(FieldError::new("roster", Code::MoreThanWhole.says("勾选的人数多于填写的数量，请核对。")));
    }
    Ok(roster)
}
