//! 年度基本情况: the year-profile of a school (T1.1). Prefilled from last year or a file, handed in once a year, accepted
//! by the county bureau, then frozen; later changes are corrections, accepted again, with the old value beside the new.

pub mod actions;
mod api;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;
mod workbook;

use crate::network::registry;
use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_kernel::Result;
use jiedui_programme::{FormKind, ProfileFact, ProfileState, Programme};
use jiedui_store::{Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::{BTreeMap, HashMap, HashSet};

pub use actions::{LoadedProfile, open};
pub use api::{ToldProfile, after, find, of_school};
pub use data::{ProfileRow, ProfileStage};
#[cfg(test)]
pub use tests::{Stage, describe};
pub use workbook::description;

const READ: Access = Access::Can("profile", "read");
const EDIT: Access = Access::Can("profile", "edit");
const IMPORT: Access = Access::Can("profile", "import");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/evidence/profiles",
    routes,
    menu: &[entry(900, "达标", "/profiles", "年度基本情况", ("profile", "read"))],
    tables: &[
        table!(scoped "profile" of "id"),
        table!(scoped "profile_value" of "profile"),
        table!(scoped "profile_change" of "profile"),
    ],
    words: Words {
        actions: &[
            ("profile.write", "开始填报年度基本情况"),
            ("profile.edit", "修改年度基本情况"),
            ("profile.import", "由文件导入年度基本情况"),
            ("profile.take_in", "从表格导入年度基本情况"),
            ("profile.same", "年度基本情况沿用上年"),
            ("profile.submit", "提交年度基本情况"),
            ("profile.recall", "收回年度基本情况"),
            ("profile.accept", "接收年度基本情况"),
            ("profile.send_back", "退回年度基本情况"),
            ("profile.correct", "开始更正年度基本情况"),
            ("profile.abandon", "放弃更正年度基本情况"),
        ],
        resources: &[("profile", "年度基本情况")],
        rights: &[("accept", "接收")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 50, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[CountedStep { resource: "profile", kind: "submit", form: (FormKind::Profile, "profile") }],
    carriers,
    imports: &[workbook::FROM_TABLE],
    #[cfg(test)]
    samples: Samples {
        places: |_| vec![("{year}", "2026".to_owned()), ("{element}", "land_area".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static PROFILE: Kind = Kind {
    place: 90,
    word: "年度基本情况",
    folder: "evidence/profiles",
    test: ("evidence/profiles/tests.rs", "told_by_the_school_and_accepted_by_its_bureau"),
};

fn carriers(section: &mut Section<'_>) {
    let profile = &section.programme.profile;
    section.file(&PROFILE, &profile.clauses, ("profile.toml", &profile.name), "/profiles");
}

fn routes() -> Vec<Route> {
    let of = Subject::Row("county_school");
    vec![
        route!(Get "/profiles", READ, pages::list::list).about(Subject::None, "年度基本情况"),
        route!(Get "/profiles/book", READ, workbook::export).about(Subject::None, "年度基本情况导出为表格"),
        route!(Get "/profiles/import", IMPORT, workbook::form).about(Subject::None, "从表格导入年度基本情况"),
        route!(Post "/profiles/import", IMPORT, looking workbook::read => workbook::import)
            .about(Subject::None, "检查并导入年度基本情况")
            .uploads(),
        route!(Get "/profiles/{id}/{year}", READ, pages::show::show).about(of, "一校一年的基本情况"),
        route!(Get "/profiles/{id}/{year}/edit", EDIT, pages::edit::edit)
            .about(of, "填报年度基本情况")
            .fresh(),
        route!(Post "/profiles/{id}/{year}/edit", EDIT, pages::edit::save)
            .about(of, "保存或提交年度基本情况"),
        route!(Post "/profiles/{id}/{year}/same", EDIT, pages::show::repeat)
            .about(of, "与上年相同，直接提交"),
        route!(Post "/profiles/{id}/{year}/recall", EDIT, pages::show::recall)
            .about(of, "收回已提交的基本情况"),
        route!(Post "/profiles/{id}/{year}/correct", EDIT, pages::show::correct)
            .about(of, "更正已接收的基本情况"),
        route!(Post "/profiles/{id}/{year}/abandon", EDIT, pages::show::abandon).about(of, "放弃更正"),
        route!(Post "/profiles/{id}/{year}/answer", Access::Can("profile", "accept"), pages::show::answer)
            .about(of, "接收或退回基本情况"),
        route!(Get "/profiles/{id}/elements/{element}", READ, pages::elements::show)
            .about(of, "一个数的各年情况"),
    ]
}

/// Every year-profile visible to the caller, as the rules see it. While a correction waits, what was
/// accepted holds.
pub async fn facts(tx: &mut Tx) -> Result<Vec<ProfileFact>> {
    let rows = tx.all::<ProfileRow>(&data::ALL, Vec::new()).await?;
    let values = tx.all::<data::ValueRow>(&data::VALUES, Vec::new()).await?;
    Ok(facts_from(&rows, values))
}

/// The same of one year.
pub async fn facts_of_year(tx: &mut Tx, year: i32) -> Result<Vec<ProfileFact>> {
    let rows = tx.all::<ProfileRow>(&data::OF_YEAR, args![i64::from(year)]).await?;
    let values = tx.all::<data::ValueRow>(&data::VALUES_OF_YEAR, args![i64::from(year)]).await?;
    Ok(facts_from(&rows, values))
}

fn facts_from(rows: &[ProfileRow], all: Vec<data::ValueRow>) -> Vec<ProfileFact> {
    let mut values: HashMap<String, BTreeMap<_, _>> = HashMap::new();
    for row in all {
        let answer = rules::ElementAnswer::of(&row.known, row.value);
        values.entry(row.profile).or_default().insert(row.element, answer.fact());
    }
    rows.iter().map(|row| fact(row, values.remove(&row.id).unwrap_or_default())).collect()
}

/// The schools visible to the caller whose profile of a year is handed in, and not with them again.
pub async fn in_hand(tx: &mut Tx, year: i32) -> Result<HashSet<String>> {
    let rows = tx.all::<ProfileRow>(&data::OF_YEAR, args![i64::from(year)]).await?;
    Ok(rows.into_iter().filter(|row| row.state.in_hand()).map(|row| row.org).collect())
}

/// The schools visible to the caller of which a profile of a year is accepted; while a correction waits, it still is.
pub async fn accepted(tx: &mut Tx, year: i32) -> Result<HashSet<String>> {
    let rows = tx.all::<ProfileRow>(&data::OF_YEAR, args![i64::from(year)]).await?;
    Ok(rows.into_iter().filter(|row| row.state.holds()).map(|row| row.org).collect())
}

/// The same of every year.
pub async fn accepted_by_year(tx: &mut Tx) -> Result<HashMap<i32, HashSet<String>>> {
    let mut found: HashMap<i32, HashSet<String>> = HashMap::new();
    for row in tx.all::<ProfileRow>(&data::ALL, Vec::new()).await? {
        if row.state.holds() {
            found.entry(i32::try_from(row.year).unwrap_or(0)).or_default().insert(row.org);
        }
    }
    Ok(found)
}

fn fact(row: &ProfileRow, values: BTreeMap<String, jiedui_kernel::Reported<i64>>) -> ProfileFact {
    let state = rules::fact_state(row);
    let on = match state {
        ProfileState::Accepted => row.accepted_on,
        ProfileState::Submitted => row.submitted_on,
        ProfileState::Draft => None,
    };
    ProfileFact {
        id: row.id.clone(),
        school: row.org.clone(),
        year: i32::try_from(row.year).unwrap_or(0),
        state,
        on: on.unwrap_or(row.as_of),
        values,
    }
}

/// The newest accepted year-profile of a school visible to the caller.
pub async fn accepted_of(tx: &mut Tx, school: &str) -> Result<Option<ProfileFact>> {
    let rows = tx.all::<ProfileRow>(&data::OF_SCHOOL, args![school]).await?;
    let Some(row) = rows.iter().rfind(|row| row.state.holds()) else { return Ok(None) };
    let values = actions::values_of(tx, &row.id).await?;
    let known = values.into_iter().map(|(id, held)| (id, held.answer.fact())).collect();
    Ok(Some(fact(row, known)))
}

/// What waits for the answer of this bureau.
pub async fn to_answer(tx: &mut Tx, bureau: &str) -> Result<Vec<ProfileRow>> {
    tx.all(&data::TO_ANSWER, args![bureau]).await
}

/// What a school has to do: years that are due and not handed in, and what was sent back, newest first.
pub async fn to_tell(
    tx: &mut Tx,
    programme: &Programme,
    school: &str,
) -> Result<Vec<(i32, Option<ProfileRow>)>> {
    let rows = tx.all::<ProfileRow>(&data::OF_SCHOOL, args![school]).await?;
    let year = rules::open_year(programme, tx.today());
    let current = rows.iter().find(|row| row.year == i64::from(year));
    let mut due = Vec::new();
    let population = registry::population(tx).await?;
    let told = year >= rules::first_year(programme)
        && rules::expects(programme, &population, (school, year), tx.today());
    if told && current.is_none_or(|row| row.state.drafted()) {
        due.push((year, current.cloned()));
    }
    let back = |row: &&ProfileRow| {
        row.state == ProfileStage::CorrectionReturned
            || row.state == ProfileStage::Returned && row.year != i64::from(year)
    };
    let back = rows.iter().rev().filter(back);
    due.extend(back.map(|row| (i32::try_from(row.year).unwrap_or(year), Some(row.clone()))));
    Ok(due)
}
