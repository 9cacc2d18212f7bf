//! 协作方案与达标方案: the collaboration plan of a pairing (G1.3) and the conditions plan of a county school (T1.1, T2.2). The
//! programme says which sections a plan has, who drafts it and who agrees; a plan is in force when all have agreed, and
//! a revision is a new edition beside which the old one stays.

mod actions;
mod data;
mod pages;
mod papers;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Tasks, Words, count_as, entry};
use jiedui_kernel::Result;
use jiedui_programme::{FormKind, Programme};
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{Saved, answer, begin, revise, save, submit};
pub use data::{InForceRow, PlanRow, PlanState};
pub use rules::body::{self, Body};
#[cfg(test)]
pub use tests::example;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/planning/school_plans",
    routes,
    menu: &[entry(420, "需求与项目", "/plans", "协作方案与达标方案", ("school_plan", "read"))],
    tables: &[table!(scoped "school_plan" of "id")],
    words: Words {
        actions: &[
            ("school_plan.begin", "起草方案"),
            ("school_plan.edit", "修改方案"),
            ("school_plan.propose", "方案征求同意"),
            ("school_plan.agree", "同意方案"),
            ("school_plan.send_back", "退回方案"),
            ("school_plan.settle", "方案生效"),
        ],
        resources: &[("school_plan", "协作方案和达标方案")],
        rights: &[("draft", "起草")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 30, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    recorded: Some(|tx, months| {
        Box::pin(async move { Ok(count_as(FormKind::Plan, recorded(tx, months).await?)) })
    }),
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("school_plan", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("school_plan", example(tx, pairing).await)] })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static TEMPLATE: Kind = Kind {
    place: 40,
    word: "协作方案与达标方案",
    folder: "planning/school_plans",
    test: ("planning/school_plans/tests.rs", "a_plan_is_in_force_when_all_have_agreed"),
};

fn carriers(section: &mut Section<'_>) {
    let templates = &section.programme.templates;
    section.items(&TEMPLATE, ("template", templates), |one| {
        (&one.clauses, &one.id, &one.name, format!("/plans?template={}", one.id))
    });
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/plans", Access::Can("school_plan", "read"), pages::list::list)
            .about(Subject::None, "协作方案与达标方案"),
        route!(Post "/plans/begin", Access::Can("school_plan", "draft"), pages::list::begin)
            .about(Subject::None, "起草方案"),
        route!(Get "/plans/{id}", Access::Can("school_plan", "read"), pages::show::show)
            .about(Subject::Row("school_plan"), "方案全文"),
        route!(Get "/plans/{id}/paper", Access::Can("school_plan", "read"), papers::show)
            .about(Subject::Row("school_plan"), "方案打印稿"),
        route!(Get "/plans/{id}/paper/{file}", Access::Can("school_plan", "read"), papers::show)
            .about(Subject::Row("school_plan"), "下载方案打印稿"),
        route!(Get "/plans/{id}/edit", Access::Can("school_plan", "draft"), pages::edit::edit)
            .about(Subject::Row("school_plan"), "修改方案")
            .fresh(),
        route!(Post "/plans/{id}/edit", Access::Can("school_plan", "draft"), pages::edit::save)
            .about(Subject::Row("school_plan"), "保存方案"),
        route!(Post "/plans/{id}/propose", Access::Can("school_plan", "draft"), pages::edit::submit)
            .about(Subject::Row("school_plan"), "方案征求同意"),
        route!(Post "/plans/{id}/answer", Access::Can("school_plan", "answer"), pages::show::answer)
            .about(Subject::Row("school_plan"), "同意或退回方案"),
        route!(Post "/plans/{id}/revise", Access::Can("school_plan", "draft"), pages::show::revise)
            .about(Subject::Row("school_plan"), "修订方案，另起一版"),
        route!(Get "/plans/{id}/compare", Access::Can("school_plan", "read"), pages::compare::show)
            .about(Subject::Row("school_plan"), "两版方案对照"),
    ]
}

/// A plan visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<PlanRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// The latest edition of each plan visible to the caller, in the order of names.
pub async fn in_scope(tx: &mut Tx) -> Result<Vec<PlanRow>> {
    tx.all(&data::LATEST, Vec::new()).await
}

/// The plans of schools alone that are in force, of one school or of all that the caller sees.
pub async fn in_force(tx: &mut Tx, school: &str) -> Result<Vec<InForceRow>> {
    tx.all(&data::IN_FORCE, args![school]).await
}

/// All editions of one plan, newest first.
async fn series(tx: &mut Tx, row: &Found<PlanRow>) -> Result<Vec<PlanRow>> {
    series_of(tx, &row.template, &row.org, row.pairing.as_deref()).await
}

async fn series_of(tx: &mut Tx, template: &str, org: &str, pairing: Option<&str>) -> Result<Vec<PlanRow>> {
    tx.all(&data::SERIES, args![template, org, pairing.unwrap_or_default()]).await
}

/// What waits for this organisation's answer and may still be answered.
pub async fn to_answer(tx: &mut Tx, programme: &Programme, org: &str) -> Result<Vec<PlanRow>> {
    let rows = tx.all::<PlanRow>(&data::UNANSWERED, args![org]).await?;
    let today = tx.today();
    let asked = |row: &PlanRow| {
        let of = |template| rules::asked(row, template).iter().any(|party| party.org == org);
        programme.template(&row.template).is_some_and(of) && rules::in_time(row, programme, today)
    };
    Ok(rows.into_iter().filter(asked).collect())
}

/// What this organisation drafted and another party sent back.
pub async fn sent_back(tx: &mut Tx, org: &str) -> Result<Vec<PlanRow>> {
    tx.all(&data::SENT_BACK, args![org]).await
}

/// How often each organisation visible to the caller filled one in, by month: organisation, template, month, times.
pub async fn recorded(
    tx: &mut Tx,
    months: &jiedui_kernel::Months,
) -> Result<Vec<(String, String, i64, i64)>> {
    tx.all(&data::RECORDED, months.bounds().into_iter().map(Into::into).collect()).await
}
