//! 申报: what the plan wants applied for; whether the conditions are met item by item with what is lacking, the
//! recommendation, the decision, whether a preference was given, and the output that it becomes (T1.3, T2, T3, T5, T10, T12, S2).

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::evidence::{outputs, profiles};
use crate::network::registry;
use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, count_as, entry};
use crate::standing::{indicators, standards};
use chrono::Months;
use jiedui_kernel::{Period, Result};
use jiedui_programme::{
    Application, Attained, ConditionReading, FormKind, Programme, SchoolState, attainment, eligibility,
    with_derived,
};
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::{BTreeMap, HashMap};

pub use actions::{
    Decision, NewCase, applies, begin, decide, forward, recall, recommend, reopen, return_to_submitter,
    submit, withdraw,
};
pub use data::{CaseRow, CaseState, HandedInRow};

const READ: Access = Access::Can("application", "read");
const APPLY: Access = Access::Can("application", "apply");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/standing/applications",
    routes,
    menu: &[entry(610, "成果与申报", "/applications", "申报", ("application", "read"))],
    tables: &[table!(scoped "application_case" of "id")],
    steps: &[
        CountedStep {
            resource: "application",
            kind: "recommend",
            form: (FormKind::Other, "application-step"),
        },
        CountedStep { resource: "application", kind: "return", form: (FormKind::Other, "application-step") },
        CountedStep { resource: "application", kind: "decide", form: (FormKind::Other, "application-step") },
    ],
    words: Words {
        actions: &[
            ("application.begin", "开始申报"),
            ("application.edit", "修改申报"),
            ("application.ask", "提请推荐"),
            ("application.recall", "收回申报"),
            ("application.recommend", "推荐申报"),
            ("application.return", "退回申报"),
            ("application.apply", "递交申报"),
            ("application.decide", "登记申报结果"),
            ("application.reopen", "撤销申报结果"),
            ("application.withdraw", "撤回申报"),
        ],
        resources: &[("application", "申报")],
        rights: &[("apply", "申报"), ("recommend", "推荐"), ("decide", "登记结果")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 80, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    recorded: Some(|tx, months| {
        Box::pin(async move { Ok(count_as(FormKind::Application, recorded(tx, months).await?)) })
    }),
    kept: &[actions::recheck::KEPT],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("application", Belongs::School)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("application", example(tx, pairing).await)] })
        }),
        places: |_| vec![("{application}", "training-base".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static APPLICATION: Kind = Kind {
    place: 30,
    word: "申报",
    folder: "standing/applications",
    test: ("standing/applications/tests.rs", "every_application_of_the_programme_goes_its_way"),
};

fn carriers(section: &mut Section<'_>) {
    let applications = &section.programme.applications;
    section.items(&APPLICATION, ("application", applications), |one| {
        (&one.clauses, &one.id, &one.name, format!("/applications?type={}", one.id))
    });
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/applications", READ, pages::list::list).about(Subject::None, "申报"),
        route!(Get "/applications/open", READ, pages::list::open).about(Subject::None, "可以申报什么，还缺什么"),
        route!(Get "/applications/new/{application}", APPLY, pages::edit::new)
            .about(Subject::Open, "准备申报")
            .fresh(),
        route!(Post "/applications/new/{application}", APPLY, pages::edit::create).about(Subject::Open, "保存新的申报"),
        route!(Get "/applications/{id}", READ, pages::show::show).about(Subject::Row("application"), "申报详情"),
        route!(Get "/applications/{id}/edit", APPLY, pages::edit::edit).about(Subject::Row("application"), "修改申报"),
        route!(Post "/applications/{id}/edit", APPLY, pages::edit::save).about(Subject::Row("application"), "提交修改的申报"),
        route!(Post "/applications/{id}/hand", APPLY, pages::show::submit)
            .about(Subject::Row("application"), "提请推荐、递交、收回或撤回申报"),
        route!(Post "/applications/{id}/recommend", Access::Can("application", "recommend"), pages::show::recommend)
            .about(Subject::Row("application"), "推荐或退回申报"),
        route!(Post "/applications/{id}/decide", Access::Can("application", "decide"), pages::show::decide)
            .about(Subject::Row("application"), "登记申报结果、退回或撤销结果"),
    ]
}

/// An application visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<CaseRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// What was handed in and not withdrawn, by one applicant or by all that the caller sees.
pub async fn handed_in(tx: &mut Tx, org: &str) -> Result<Vec<HandedInRow>> {
    tx.all(&data::HANDED_IN, args![org]).await
}

/// What is known today of an organisation visible to the caller: the registry, its newest accepted year-profile, what that comes
/// to against each standard, its confirmed outputs, and its confirmed figures of the last twelve months.
pub async fn state_of(tx: &mut Tx, programme: &Programme, org: &str) -> Result<SchoolState> {
    let row = registry::find(tx, org).await?;
    let profile = profiles::accepted_of(tx, org).await?.map(|fact| fact.values).unwrap_or_default();
    let confirmed = standards::confirmed(tx).await?;
    let mut attained = BTreeMap::new();
    let today = tx.today();
    for standard in &programme.standards {
        match attainment(programme, standard, &profile, &confirmed, today).state {
            Attained::Met => drop(attained.insert(standard.id.clone(), true)),
            Attained::NotMet => drop(attained.insert(standard.id.clone(), false)),
            Attained::Unknown => {}
        }
    }
    let year_ago = today.checked_sub_months(Months::new(12)).and_then(|day| day.succ_opt());
    let figures = match year_ago.and_then(|from| Period::new(from, today)) {
        Some(window) => indicators::school_figures(tx, programme, org, window).await?,
        None => HashMap::new(),
    };
    Ok(SchoolState {
        level: standards::level_today(tx, programme, &row).await?,
        typical: !row.typical_class.is_empty(),
        profile: with_derived(programme, &profile),
        attained,
        outputs: outputs::counts_of(tx, programme, org).await?,
        figures: figures.into_iter().collect(),
    })
}

/// The conditions of an application as they stand today for an applicant visible to the caller.
pub async fn readings(
    tx: &mut Tx,
    programme: &Programme,
    application: &Application,
    org: &str,
) -> Result<Vec<ConditionReading>> {
    let state = state_of(tx, programme, org).await?;
    Ok(eligibility(programme, application, &state))
}

/// What waits for the caller: to recommend, to decide, to mend or to hand in.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<CaseRow>> {
    let org = tx.actor().org.clone();
    tx.all(&data::WAITING, args![org]).await
}

/// How often each organisation visible to the caller filled one in, by month: organisation, type, month, times.
pub async fn recorded(
    tx: &mut Tx,
    months: &jiedui_kernel::Months,
) -> Result<Vec<(String, String, i64, i64)>> {
    tx.all(&data::RECORDED, months.bounds().into_iter().map(Into::into).collect()).await
}

/// An application of the pairing's county school, asked of the county bureau, inserted without checks.
#[cfg(test)]
pub async fn example(tx: &mut Tx, pairing: &crate::network::pairings::PairingRow) -> String {
    let id = tx.new_id();
    let office = crate::network::registry::bureau(tx, "province_office", "440000").await.unwrap().unwrap();
    let (school, bureau, day) = (&pairing.county_school, &pairing.county_bureau, tx.today());
    jiedui_store::named!(data::INSERT {
        id: &id,
        application: "example",
        clause: "T3.1",
        programme: "1",
        org: school,
        title: "数控技能大师工作室",
        fields: "{}",
        recommender: bureau,
        decider: office,
        opened_on: day,
    })
    .write(tx)
    .await
    .unwrap();
    let case = find(tx, &id).await.unwrap();
    data::ASK.at(&case, 1, args![CaseState::Asked, day, bureau]).write(tx, "").await.unwrap();
    id
}
