//! 建设成果、承诺与记录: lasting things by the types of the programme, with the stages they go through; recorded by one
//! side, confirmed by another where the plan has two, corrected and withdrawn, never erased (T1–T12, S1–S4; G0.3).

mod actions;
mod data;
mod found;
mod pages;
mod papers;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;
mod workbook;

use crate::network::enterprises;
use crate::shared::carriers::{Kind, Section};
use crate::shared::confirmation;
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, count_as, entry};
use jiedui_kernel::Result;
use jiedui_programme::{FormKind, Holds, Only, OutputFact, Programme, counted_as};
use jiedui_store::{Found, Tx, args, table};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use std::collections::{BTreeMap, HashMap};

pub use actions::answer::{respond, take_back};
pub use actions::correct::{correct, move_on, revoke, withdraw};
pub use actions::holders::held_today;
pub use actions::places::{OutputPlace, on_side, places, sides_of};
pub use actions::record::{NewOutput, NewStage, grant, record};
pub use data::{MoneyRow, OutputRow};
pub use pages::list::{OutputLine, line};

const READ: Access = Access::Can("output", "read");
const RECORD: Access = Access::Can("output", "record");
const ANSWER: Access = Access::Can("output", "answer");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/evidence/outputs",
    routes,
    menu: &[entry(600, "成果与申报", "/outputs", "建设成果", ("output", "read"))],
    tables: &[
        table!(scoped "output_thing" of "id"),
        table!(scoped "output_stage" of "resource"),
        table!(scoped "output_helper" of "resource"),
    ],
    steps: &[
        CountedStep { resource: "output", kind: "stage", form: (FormKind::Other, "output-stage") },
        CountedStep { resource: "output", kind: "dispute", form: (FormKind::Other, "reason") },
        CountedStep { resource: "output", kind: "adjudicate", form: (FormKind::Other, "reason") },
    ],
    words: Words {
        actions: &[
            ("output.record", "登记成果"),
            ("output.confirm", "确认成果"),
            ("output.dispute", "对成果提出异议"),
            ("output.take_back", "撤销对成果的答复"),
            ("output.settle", "核定成果"),
            ("output.claim", "登记成果"),
            ("output.adjudicate", "核定成果"),
            ("output.stage", "成果进入新阶段"),
            ("output.correct", "更正成果"),
            ("output.withdraw", "撤回成果"),
            ("output.attach", "在成果下附材料"),
            ("output.detach", "撤回成果下附的材料"),
        ],
        resources: &[("output", "建设成果")],
        rights: &[("record", "登记")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 70, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    recorded: Some(|tx, months| {
        Box::pin(async move { Ok(count_as(FormKind::Output, recorded(tx, months).await?)) })
    }),
    enterprises_changed: Some(|tx, programme, resource| {
        Box::pin(actions::count_again(tx, programme, resource))
    }),
    jobs: &[workbook::EXPORT],
    found: &[found::FOUND],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("output", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| Box::pin(async move { vec![("output", example(tx, pairing).await)] })),
        places: |_| {
            let of = |place, id: &str| (place, id.to_owned());
            vec![
                of("{output}", "master-workshop"),
                of("{notice}", "results-preference"),
                of("{year}", "2026"),
                of("{attachment}", "none"),
            ]
        },
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static OUTPUT: Kind = Kind {
    place: 20,
    word: "建设成果",
    folder: "evidence/outputs",
    test: ("evidence/outputs/tests.rs", "every_type_of_the_programme_goes_its_way"),
};

fn carriers(section: &mut Section<'_>) {
    let outputs = &section.programme.outputs;
    section.items(&OUTPUT, ("output", outputs), |one| {
        (&one.clauses, &one.id, &one.name, format!("/outputs?type={}", one.id))
    });
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/outputs", READ, pages::list::list).about(Subject::None, "建设成果"),
        route!(Get "/outputs/export", READ, workbook::export).about(Subject::None, "导出建设成果"),
        route!(Post "/outputs/export", READ, workbook::queue).about(Subject::None, "在后台导出建设成果"),
        route!(Get "/outputs/new", RECORD, pages::edit::choose).about(Subject::None, "选择要登记的成果"),
        route!(Get "/outputs/new/{output}", RECORD, pages::edit::new)
            .about(Subject::Open, "登记成果")
            .fresh(),
        route!(Post "/outputs/new/{output}", RECORD, pages::edit::create)
            .about(Subject::Open, "提交登记的成果"),
        route!(Get "/outputs/notices/{notice}/{year}", READ, papers::show)
            .about(Subject::None, "一年的通报代拟稿"),
        route!(Get "/outputs/notices/{notice}/{year}/{file}", READ, papers::show)
            .about(Subject::None, "下载通报代拟稿"),
        route!(Get "/outputs/{id}", READ, pages::show::show).about(Subject::Row("output"), "成果详情"),
        route!(Post "/outputs/{id}/answer", ANSWER, pages::show::answer)
            .about(Subject::Row("output"), "确认成果、提出异议或撤销答复"),
        route!(Post "/outputs/{id}/stage", RECORD, pages::show::stage)
            .about(Subject::Row("output"), "登记成果的新阶段"),
        route!(Get "/outputs/{id}/correct", RECORD, pages::edit::correct)
            .about(Subject::Row("output"), "更正成果"),
        route!(Post "/outputs/{id}/correct", RECORD, pages::edit::save)
            .about(Subject::Row("output"), "提交更正的成果"),
        route!(Post "/outputs/{id}/withdraw", RECORD, pages::show::withdraw)
            .about(Subject::Row("output"), "撤回成果"),
        route!(Post "/outputs/{id}/attachments", READ, pages::attach::receive => pages::attach::attach)
            .about(Subject::Row("output"), "在成果下附材料")
            .uploads(),
        route!(Get "/outputs/{id}/attachments/{attachment}", READ, pages::attached::download)
            .about(Subject::Row("output"), "下载成果下附的材料"),
        route!(Get "/outputs/{id}/attachments/{attachment}/view", READ, pages::attached::look)
            .about(Subject::Row("output"), "在页面里看成果下附的材料"),
        route!(Post "/outputs/{id}/attachments/{attachment}/take-back", READ, pages::attach::take_back)
            .about(Subject::Row("output"), "撤回成果下附的材料"),
    ]
}

/// An output visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<OutputRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// The next outputs behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<OutputRow>> {
    tx.all(&data::AFTER, args![after, most]).await
}

/// The titles of those of these that are outputs visible to the caller: a page of them.
pub async fn titles(tx: &mut Tx, ids: impl Iterator<Item = &str>) -> Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    for id in ids {
        let row = tx.maybe::<OutputRow>(&data::SHOW, args![id]).await?;
        found.extend(row.map(|row| (row.id, row.title)));
    }
    Ok(found)
}

/// Every output visible to the caller, as the rules see it, the earliest first.
pub async fn facts(tx: &mut Tx) -> Result<Vec<OutputFact>> {
    facts_at(tx, "").await
}

/// Those that stand at one school (or, without a school, at who recorded them).
pub async fn facts_of(tx: &mut Tx, org: &str) -> Result<Vec<OutputFact>> {
    facts_at(tx, org).await
}

async fn facts_at(tx: &mut Tx, org: &str) -> Result<Vec<OutputFact>> {
    let mut stages: HashMap<String, Vec<data::StageRow>> = HashMap::new();
    for row in tx.all::<data::StageRow>(&data::FACT_STAGES, args![org]).await? {
        stages.entry(row.resource.clone()).or_default().push(row);
    }
    let mut helpers: HashMap<String, Vec<String>> = HashMap::new();
    for row in tx.all::<data::HelperRow>(&data::FACT_HELPERS, args![org]).await? {
        helpers.entry(row.resource).or_default().push(row.org);
    }
    let rows = tx.all::<OutputRow>(&data::FACTS, args![org]).await?;
    let mut earlier = enterprises::earlier(tx, "").await?;
    let one = |row: OutputRow| {
        let (stages, helpers) = (stages.remove(&row.id), helpers.remove(&row.id));
        let earlier = earlier.remove(&row.id).unwrap_or_default();
        OutputFact {
            earlier,
            ..fact(&row.fact_columns(), stages.unwrap_or_default(), helpers.unwrap_or_default())
        }
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The outputs of these forms (between commas) that carry money, at one school or at all that the caller sees, each with what
/// the rules see of it.
pub async fn money(tx: &mut Tx, forms: &str, school: &str) -> Result<Vec<(MoneyRow, OutputFact)>> {
    let mut stages: HashMap<String, Vec<data::StageRow>> = HashMap::new();
    for row in tx.all::<data::StageRow>(&data::MONEY_STAGES, args![forms, school]).await? {
        stages.entry(row.resource.clone()).or_default().push(row);
    }
    let rows = tx.all::<MoneyRow>(&data::MONEY, args![forms, school]).await?;
    let one = |row: MoneyRow| {
        let stages = stages.remove(&row.id).unwrap_or_default();
        let fact = fact(&row.fact_columns(), stages, Vec::new());
        (row, fact)
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The outputs of these forms (between commas) that stand at schools below the caller, at one or at all, as the rules see them.
pub async fn of_forms(tx: &mut Tx, forms: &str, school: &str) -> Result<Vec<OutputFact>> {
    Ok(money(tx, forms, school).await?.into_iter().map(|(_, fact)| fact).collect())
}

/// The one place where rows become what the rules see.
fn fact(columns: &data::FactColumns<'_>, stages: Vec<data::StageRow>, helpers: Vec<String>) -> OutputFact {
    OutputFact {
        id: columns.id.to_owned(),
        output: columns.output.to_owned(),
        org: columns.org.to_owned(),
        county_school: columns.school.map(str::to_owned),
        helpers,
        state: columns.state,
        quantity: columns.quantity,
        achieved: columns.achieved,
        agreed: stages.iter().take_while(|stage| stage.agreed == 1).count(),
        project: columns.project.map(str::to_owned),
        receipts: stages.iter().map(|stage| (stage.from_day, stage.achieved)).collect(),
        stages: stages.into_iter().map(|stage| (stage.stage, stage.from_day)).collect(),
        fields: jiedui_web::fields::facts(&jiedui_web::fields::parse(columns.fields)),
        earlier: Vec::new(),
    }
}

/// An output that was found in scope, as the rules see it.
async fn fact_of(tx: &mut Tx, row: &OutputRow) -> Result<OutputFact> {
    let stages = tx.all::<data::StageRow>(&data::STAGES_OF, args![&row.id]).await?;
    let helpers = helpers(tx, &row.id).await?.into_iter().map(|(org, _)| org).collect();
    let earlier = enterprises::earlier(tx, &row.id).await?.remove(&row.id).unwrap_or_default();
    Ok(OutputFact { earlier, ..fact(&row.fact_columns(), stages, helpers) })
}

/// Ids and names of the joint builders of an output that was found in scope.
async fn helpers(tx: &mut Tx, id: &str) -> Result<Vec<(String, String)>> {
    let rows = tx.all::<data::HelperRow>(&data::HELPERS_OF, args![id]).await?;
    Ok(rows.into_iter().map(|row| (row.org, row.name)).collect())
}

/// The stage in which an output that was found in scope began.
async fn first_stage(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    let stages = tx.all::<data::StageRow>(&data::STAGES_OF, args![id]).await?;
    Ok(stages.into_iter().next().map(|row| row.stage))
}

/// By type, and as conditions take them: how many confirmed things of a school are today in a stage that counts.
pub async fn counts_of(tx: &mut Tx, programme: &Programme, school: &str) -> Result<BTreeMap<String, i64>> {
    let today = tx.today();
    let mut counts = BTreeMap::new();
    let conditions = programme.applications.iter().flat_map(|one| &one.conditions);
    let filtered: BTreeMap<String, (&str, &Only)> = conditions
        .filter_map(|one| match &one.holds {
            Holds::Outputs { output, only: Some(only), .. } => {
                Some((counted_as(output, Some(only)), (output.as_str(), only)))
            }
            _ => None,
        })
        .collect();
    for fact in facts_of(tx, school).await? {
        if rules::counts_on(programme, &fact, today) {
            let taken =
                filtered.iter().filter(|(_, (id, only))| programme.is_output_of(&fact, id, Some(only)));
            for (name, _) in taken {
                *counts.entry(name.clone()).or_insert(0) += 1;
            }
            *counts.entry(fact.output).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

/// What waits for an answer of the caller: its own to answer first, then what only it can adjudicate by now.
pub async fn waiting(tx: &mut Tx, programme: &Programme) -> Result<Vec<OutputRow>> {
    let (actor, today) = (std::sync::Arc::clone(tx.actor()), tx.today());
    let before = confirmation::escalated_before(&actor, &programme.calendar, today);
    let (adjudicates, cutoff) = confirmation::cutoff(before);
    tx.all(&data::WAITING, args![&actor.org, adjudicates, cutoff]).await
}

/// What the caller recorded and the other side disputes.
pub async fn disputed(tx: &mut Tx) -> Result<Vec<OutputRow>> {
    let org = tx.actor().org.clone();
    tx.all(&data::DISPUTED, args![org]).await
}

/// How often each organisation visible to the caller filled one in, by month: organisation, type, month, times.
pub async fn recorded(
    tx: &mut Tx,
    months: &jiedui_kernel::Months,
) -> Result<Vec<(String, String, i64, i64)>> {
    tx.all(&data::RECORDED, months.bounds().into_iter().map(Into::into).collect()).await
}

/// An output of the pairing's county school, recorded by its lead and unanswered, inserted without checks.
#[cfg(test)]
pub async fn example(tx: &mut Tx, pairing: &crate::network::pairings::PairingRow) -> String {
    let id = tx.new_id();
    let (now, day) = (tx.now(), "2026-03-02".parse::<jiedui_kernel::Date>().unwrap());
    let nothing: Option<String> = None;
    let (school, lead) = (&pairing.county_school, &pairing.lead);
    let output = "example";
    jiedui_store::named!(data::INSERT {
        id: &id,
        output,
        kind: "built",
        clause: "T3.1",
        programme: "1",
        org: lead,
        school,
        stands_at: school,
        pairing: &pairing.id,
        title: "数控实训室",
        quantity: 1_i64,
        achieved: 0_i64,
        state: confirmation::State::Claimed.text(),
        stage: "running",
        stage_from: day,
        since: day,
        fields: "{}",
        answerer: school,
        claimed_at: now,
        follows: nothing,
        application: "",
        project: None::<String>,
        project_part: None::<i64>,
    })
    .write(tx)
    .await
    .unwrap();
    let stage = tx.new_id();
    tx.write(&data::INSERT_STAGE, args![stage, &id, "running", day, 0_i64, "", now, "测试"]).await.unwrap();
    tx.write(&data::INSERT_HELPER, args![&id, lead]).await.unwrap();
    id
}
