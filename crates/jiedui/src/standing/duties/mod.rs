//! 组织保障: what each organisation owes that a dated record fulfils: leading mechanisms, meetings, a leader in charge
//! (S1.2, S1.3, S1.5). Held or not held, never scored, never ranked.

mod pages;
mod tasks;
#[cfg(test)]
mod tests;

use crate::evidence::outputs;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, OrgRow};
use crate::shared::carriers::{Kind, Section};
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::{
    ClockState, Duty, DutyEvery, DutyReading, OutputFact, Programme, Side, duty_periods, duty_reading,
};
use jiedui_store::Tx;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::{BTreeMap, HashMap};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/standing/duties",
    routes,
    menu: &[entry(620, "成果与申报", "/duties", "组织保障", ("duty", "read"))],
    words: Words { resources: &[("duty", "组织保障")], ..Words::NONE },
    tasks: Some(Tasks { place: 90, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    carriers,
    ..Mechanism::EMPTY
};

static DUTY: Kind = Kind {
    place: 60,
    word: "组织责任",
    folder: "standing/duties",
    test: ("standing/duties/tests.rs", "a_record_fulfils_a_duty"),
};

fn carriers(section: &mut Section<'_>) {
    let duties = &section.programme.duties;
    section.items(&DUTY, ("duty", duties), |one| {
        (std::slice::from_ref(&one.clause), &one.id, &one.name, format!("/duties?duty={}", one.id))
    });
}

fn routes() -> Vec<Route> {
    vec![route!(Get "/duties", Access::Can("duty", "read"), pages::list).about(Subject::None, "组织保障")]
}

/// An organisation that owes something, with where it stands.
#[derive(Debug, Clone)]
pub struct Debtor {
    pub org: String,
    pub name: String,
    pub side: Side,
    pub place: String,
    pub city: String,
    pub typical_class: String,
    /// In the order of names.
    pub sort_key: String,
}

/// What an organisation owes, and how that stands.
pub struct Owed<'a> {
    pub duty: &'a Duty,
    pub debtor: &'a Debtor,
    pub reading: DutyReading,
}

/// The organisations visible to the caller, by the side on which they owe: bureaus that have a county school below them, helpers
/// and county schools of pairings that run today.
pub async fn debtors(tx: &mut Tx) -> Result<Vec<Debtor>> {
    let (today, actor) = (tx.today(), std::sync::Arc::clone(tx.actor()));
    let rows = pairings::in_scope(tx).await?;
    let running: Vec<PairingRow> =
        rows.into_iter().filter(|row| pairings::rules::runs(row.from_day, row.to_day, today)).collect();
    let all = registry::schools(tx).await?;
    let population = registry::population(tx).await?;
    let schools: Vec<&OrgRow> = all.iter().filter(|school| population.holds(&school.id, today)).collect();
    let mut found = Vec::new();
    for (side, kind) in
        [(Side::Province, "province_office"), (Side::City, "city_bureau"), (Side::County, "county_bureau")]
    {
        for bureau in registry::of_kind(tx, kind).await? {
            let below = schools.iter().find(|school| school.path.starts_with(&bureau.path));
            if side == Side::Province || below.is_some() {
                let typical =
                    below.filter(|_| side == Side::County).map(|school| school.typical_class.clone());
                found.push(Debtor { typical_class: typical.unwrap_or_default(), ..debtor(&bureau, side) });
            }
        }
    }
    for (side, party) in
        [(Side::Lead, (|row| &row.lead) as fn(&PairingRow) -> &String), (Side::Nearby, |row| &row.nearby)]
    {
        let helps = |school: &&OrgRow| running.iter().any(|row| *party(row) == school.id);
        found.extend(all.iter().filter(helps).map(|school| debtor(school, side)));
    }
    found.extend(schools.iter().map(|school| debtor(school, Side::CountySchool)));
    // Whoever sees nothing of an organisation's records does not say that it has none.
    found.retain(|one| {
        actor.org == one.org || all.iter().any(|org| org.id == one.org) || one.side <= Side::County
    });
    Ok(found)
}

fn debtor(org: &OrgRow, side: Side) -> Debtor {
    Debtor {
        org: org.id.clone(),
        name: org.name.clone(),
        side,
        place: org.place.clone(),
        city: org.city.clone().filter(|_| !org.division.ends_with("00")).unwrap_or_else(|| org.place.clone()),
        typical_class: org.typical_class.clone(),
        sort_key: org.sort_key.clone(),
    }
}

/// How all of them stand, in the order of duties and then of names; `back` is how many periods ago, 0 for the present.
/// A duty without a period so long ago says nothing.
pub async fn standing<'a>(
    tx: &mut Tx,
    programme: &'a Programme,
    debtors: &'a [Debtor],
    back: usize,
) -> Result<Vec<Owed<'a>>> {
    let mut records: HashMap<String, Vec<OutputFact>> = HashMap::new();
    let facts = outputs::facts(tx).await?;
    for fact in outputs::held_today(tx, programme, facts).await? {
        records.entry(fact.org.clone()).or_default().push(fact);
    }
    let (today, none) = (tx.today(), Vec::new());
    let mut found = Vec::new();
    for duty in &programme.duties {
        let periods = duty_periods(programme, duty, today);
        let Some(period) = periods.iter().rev().nth(back) else { continue };
        let owing = debtors.iter().filter(|debtor| duty.owed_by.contains(&debtor.side));
        found.extend(owing.map(|debtor| {
            let own = records.get(&debtor.org).unwrap_or(&none);
            let reading = duty_reading(programme, duty, &debtor.org, own, period, today);
            Owed { duty, debtor, reading }
        }));
    }
    Ok(found)
}

/// For the desk of the one who owes: what is not there yet and soon late, by duty; `true` where it must stand always.
pub async fn open_of_own(tx: &mut Tx, programme: &Programme) -> Result<Vec<(String, String, bool)>> {
    let own = tx.actor().org.clone();
    let mut debtors = debtors(tx).await?;
    debtors.retain(|debtor| debtor.org == own);
    let open = |owed: &&Owed<'_>| match owed.reading.state {
        ClockState::AtRisk => true,
        ClockState::Running => owed.duty.every == DutyEvery::Standing,
        _ => false,
    };
    // One who owes on two sides does it once.
    let mut found: BTreeMap<&str, (String, String, bool)> = BTreeMap::new();
    let standing = standing(tx, programme, &debtors, 0).await?;
    for owed in standing.iter().filter(open) {
        let (id, duty) = (owed.duty.id.as_str(), owed.duty);
        found.insert(id, (duty.name.clone(), duty.output.clone(), duty.every == DutyEvery::Standing));
    }
    Ok(found.into_values().collect())
}
