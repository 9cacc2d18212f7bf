//! 达标: the standards by school level, how each county school stands to its own, what it lacks, and what it would need
//! for the next level (T1.1, T2.3). What comes from memory judges once the province has checked it, and not before.

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::evidence::{outputs, profiles};
use crate::network::registry::{self, OrgRow, Population};
use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{
    Attainment, LEVELS, Output, OutputFact, Programme, SchoolFact, attainment, standard_for,
};
use jiedui_store::{Tx, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::HashMap;

pub use data::CheckRow;

const READ: Access = Access::Can("standard", "read");
const CONFIRM: Access = Access::Can("standard", "confirm");
const EDIT: Access = Access::Can("registry", "edit");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/standing/standards",
    routes,
    menu: &[
        entry(910, "达标", "/attainment", "达标情况", ("standard", "read")),
        entry(915, "达标", "/ladder", "梯次结构", ("standard", "read")),
        entry(920, "达标", "/standards", "设置标准", ("standard", "read")),
    ],
    tables: &[table!(plain "threshold_check")],
    words: Words {
        actions: &[("threshold.confirm", "核对一条标准要求"), ("threshold.withdraw", "撤回对标准要求的核对")],
        resources: &[("standard", "设置标准"), ("threshold", "标准的标准要求")],
        rights: &[("confirm", "核对")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 85, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    carriers,
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{standard}", "technical-school".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

static STANDARD: Kind = Kind {
    place: 80,
    word: "设置标准",
    folder: "standing/standards",
    test: ("standing/standards/tests.rs", "a_school_attains_by_what_was_accepted"),
};

static LADDER: Kind = Kind {
    place: 85,
    word: "梯次结构",
    folder: "standing/standards",
    test: ("standing/standards/tests.rs", "the_ladder_opens_down_to_names"),
};

fn carriers(section: &mut Section<'_>) {
    let standards = &section.programme.standards;
    section.by_hand(&LADDER, "G3.1", "各层次的县级院校，逐年", "/ladder");
    section.items(&STANDARD, ("standard", standards), |one| {
        (&one.clauses, &one.id, &one.name, "/standards".to_owned())
    });
}

fn routes() -> Vec<Route> {
    let of = Subject::Row("county_school");
    vec![
        route!(Get "/standards", READ, pages::show::list).about(Subject::None, "设置标准"),
        route!(Get "/standards/{standard}", READ, pages::show::show)
            .about(Subject::None, "一项标准的各条标准要求"),
        route!(Post "/standards/{standard}/confirm", CONFIRM, pages::show::confirm)
            .about(Subject::None, "核对一条标准要求"),
        route!(Post "/standards/{standard}/withdraw", CONFIRM, pages::show::withdraw)
            .about(Subject::None, "撤回对一条标准要求的核对"),
        route!(Get "/ladder", READ, pages::ladder::show).about(Subject::None, "梯次结构"),
        route!(Get "/ladder/levels", EDIT, pages::levels::list)
            .about(Subject::None, "院校库里还没有更新的获批层次"),
        route!(Post "/ladder/{id}/level", EDIT, actions::levels::take_over)
            .about(of, "把获批的层次更新到院校库"),
        route!(Get "/attainment", READ, pages::list::list).about(Subject::None, "达标情况"),
        route!(Get "/attainment/{id}/gaps", READ, pages::gaps::show)
            .about(of, "一所学校的达标缺口与升格条件"),
        route!(Get "/attainment/{id}/whatif", READ, pages::whatif::show)
            .about(of, "试算：改几个数看达标结果"),
        route!(Post "/attainment/{id}/plan", Access::Can("school_plan", "draft"), actions::plan::carry)
            .about(of, "把缺口带入达标方案"),
    ]
}

/// Every check by the province, withdrawn ones too, oldest first.
pub async fn checks(tx: &mut Tx) -> Result<Vec<CheckRow>> {
    tx.all(&data::ALL, Vec::new()).await
}

/// Thresholds that judge because the province has checked them.
pub async fn confirmed(tx: &mut Tx) -> Result<Vec<String>> {
    let standing = checks(tx).await?.into_iter().filter(|check| check.withdrawn_on.is_none());
    Ok(standing.map(|check| check.threshold).collect())
}

/// How a school visible to the caller stands to the standard of its own level, by its newest accepted year-profile; `None` where
/// no standard for its level is in force.
pub async fn attainment_of(tx: &mut Tx, programme: &Programme, school: &str) -> Result<Option<Attainment>> {
    let org = registry::find(tx, school).await?;
    let fact = profiles::accepted_of(tx, school).await?;
    let population = registry::population(tx).await?;
    let today = tx.today();
    let Some(standard) = standard_for(programme, &judged(&org, &population), fact.as_ref(), today) else {
        return Ok(None);
    };
    let values = fact.map(|fact| fact.values).unwrap_or_default();
    let confirmed = confirmed(tx).await?;
    Ok(Some(attainment(programme, standard, &values, &confirmed, today)))
}

/// A school as the rules of attainment see it.
pub fn judged(org: &OrgRow, population: &Population) -> SchoolFact {
    SchoolFact {
        id: org.id.clone(),
        level: org.level.clone(),
        levels_before: population.levels_before(&org.id),
        typical: !org.typical_class.is_empty(),
    }
}

/// In place of a level that nobody has noted.
pub const NO_LEVEL: &str = "未登记层次";

/// A promotion that was granted: it raises a school from its day, also where nobody has changed the registry yet.
pub struct Raised<'a> {
    fact: OutputFact,
    kind: &'a Output,
    level: &'a str,
}

/// Those of the schools visible to the caller.
pub async fn raised<'a>(tx: &mut Tx, programme: &'a Programme) -> Result<Vec<Raised<'a>>> {
    let one = |fact: OutputFact| {
        let kind = programme.output(&fact.output)?;
        Some(Raised { level: kind.raises_to.as_deref()?, kind, fact })
    };
    Ok(outputs::facts(tx).await?.into_iter().filter_map(one).collect())
}

/// A school whose granted level is higher than the one that the registry has.
pub struct UnrecordedLevel<'p> {
    pub org: OrgRow,
    /// The level that was granted.
    pub level: &'p str,
    /// The promotion that says so, and the first day on which it counts.
    pub output: String,
    pub since: Option<Date>,
}

/// Those of the schools visible to the caller, one or all for "", in the order of names.
pub async fn behind<'p>(
    tx: &mut Tx,
    programme: &'p Programme,
    school: &str,
) -> Result<Vec<UnrecordedLevel<'p>>> {
    let raising = programme.outputs.iter().filter(|kind| kind.raises_to.is_some());
    let forms: String = raising.map(|kind| format!(",{}", kind.id)).collect();
    if forms.is_empty() {
        return Ok(Vec::new());
    }
    let today = tx.today();
    let mut granted: HashMap<String, (&'p str, String, Option<Date>)> = HashMap::new();
    for fact in outputs::of_forms(tx, &format!("{forms},"), school).await? {
        let Some(kind) = programme.output(&fact.output) else { continue };
        let (Some(level), Some(org)) = (kind.raises_to.as_deref(), fact.county_school.clone()) else {
            continue;
        };
        let higher = granted.get(&org).is_none_or(|(other, ..)| height(other) < height(level));
        if higher && fact.surely_counts(kind, today) {
            let first = fact.stages.iter().find(|(stage, _)| kind.counts_in(stage));
            let since = first.map(|(_, day)| *day);
            granted.insert(org, (level, fact.id, since));
        }
    }
    if granted.is_empty() {
        return Ok(Vec::new());
    }
    let one = |org: OrgRow| {
        let (level, output, since) = granted.remove(&org.id)?;
        let lower = org.ended_on.is_none() && height(&org.level) < height(level);
        lower.then_some(UnrecordedLevel { org, level, output, since })
    };
    Ok(registry::schools(tx).await?.into_iter().filter_map(one).collect())
}

/// The level of a school on a day.
pub fn level_on(org: &OrgRow, population: &Population, raised: &[Raised<'_>], day: Date) -> &'static str {
    let noted = rung(judged(org, population).level_on(day));
    let mine = raised.iter().filter(|one| one.fact.county_school.as_deref() == Some(org.id.as_str()));
    let granted = mine.filter(|one| one.fact.surely_counts(one.kind, day)).map(|one| rung(one.level));
    granted.chain([noted]).max_by_key(|level| height(level)).unwrap_or(noted)
}

/// The level of one school today, for the conditions of its applications.
pub async fn level_today(tx: &mut Tx, programme: &Programme, org: &OrgRow) -> Result<String> {
    let population = registry::population(tx).await?;
    let level = level_on(org, &population, &raised(tx, programme).await?, tx.today());
    // What is no rung of the ladder is told as it was noted.
    Ok(if level == NO_LEVEL { org.level.clone() } else { level.to_owned() })
}

/// The higher the later among the levels; what is not known stands lowest.
fn height(level: &str) -> usize {
    LEVELS.iter().position(|known| *known == level).map_or(0, |at| at + 1)
}

pub fn rung(level: &str) -> &'static str {
    LEVELS.into_iter().find(|known| *known == level).unwrap_or(NO_LEVEL)
}
