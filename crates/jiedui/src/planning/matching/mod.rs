//! 结对测算 (G0.1, G1.1): which lead college and which nearby school each county school gets. The office makes scenarios,
//! argues with them and publishes one; the optimum is proven, and everybody can check it (principle: explainable).

mod actions;
mod data;
mod pages;
mod rules;
mod tasks;
#[cfg(test)]
mod tests;
pub mod workbook;

use crate::shared::carriers::{Kind, ProgrammeItem, Section};
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use jiedui_programme::{FormKind, PartnerRole};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
pub use rules::body;
pub use rules::life::life;

pub use actions::publish::{Publishing, publish};
pub use actions::scenario::{NewScenario, create, open, pose};
pub use pages::choices::decide;
pub use pages::preferences::note;

const READ: Access = Access::Can("matching", "read");
const EDIT: Access = Access::Can("matching", "edit");
const PUBLISH: Access = Access::Can("matching", "publish");
const PROPOSAL: Access = Access::Can("matching_proposal", "read");
const OWN_WISH: Access = Access::Can("matching_wish", "edit");
const RESULT: Access = Access::Can("matching_result", "read");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/planning/matching",
    routes,
    menu: &[
        entry(310, "结对", "/matching", "结对测算", ("matching", "read")),
        entry(315, "结对", "/matching/proposals", "征求意见的结对", ("matching_proposal", "read")),
        entry(317, "结对", "/matching/mine", "结对意愿", ("matching_wish", "edit")),
        entry(320, "结对", "/matching/results", "结对名单", ("matching_result", "read")),
    ],
    tables: &[
        table!(scoped "matching_assignment" of "scenario"),
        table!(scoped "matching_effect" of "scenario"),
        table!(scoped "matching_proposal" of "scenario"),
        table!(scoped "matching_remark" of "id"),
        table!(plain "matching_call" of "id"),
        table!(plain "matching_round" of "scenario"),
        table!(plain "matching_scenario" of "id"),
        table!(plain "matching_result" of "scenario"),
        table!(plain "matching_stability" of "scenario" digest),
        table!(plain "matching_wish" of "org"),
    ],
    words: Words {
        actions: &[
            ("matching_scenario.make", "新建结对测算"),
            ("matching_scenario.weights", "调整方案权重"),
            ("matching_scenario.stance", "改变县级院校的参加方式"),
            ("matching_scenario.choose", "指定、锁定或排除一对"),
            ("matching_scenario.lift", "取消一项人工决定"),
            ("matching_scenario.limit", "调整院校名额"),
            ("matching_scenario.changes", "限定结对测算更换的所数"),
            ("matching_scenario.firmness", "提交结对随权重变化的计算"),
            ("matching_scenario.keep_firmness", "写入结对随权重变化的结果"),
            ("matching_scenario.refresh", "方案改用最新数据"),
            ("matching_scenario.drop", "归档结对测算"),
            ("matching_scenario.consult", "结对测算开始征求意见"),
            ("matching_scenario.close", "结对测算结束征求意见"),
            ("matching_scenario.publish", "公布结对测算"),
            ("matching_scenario.take_back", "撤销公布"),
            ("matching_remark.say", "对拟定的结对提意见"),
            ("matching_call.open", "请各校填报结对意愿"),
            ("matching_wish.write", "登记结对意愿"),
            ("matching_wish.end", "终止结对意愿"),
        ],
        resources: &[
            ("matching", "结对测算"),
            ("matching_scenario", "结对测算"),
            ("matching_result", "结对名单"),
            ("matching_proposal", "征求意见的结对"),
            ("matching_remark", "对结对的意见"),
            ("matching_call", "填报结对意愿的期限"),
            ("matching_wish", "结对意愿"),
        ],
        rights: &[("publish", "公布")],
        ..Words::NONE
    },
    jobs: &[actions::stability::STABILITY],
    tasks: Some(Tasks { place: 15, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    steps: &[
        CountedStep { resource: "matching_wish", kind: "write", form: (FormKind::Other, "wish") },
        CountedStep { resource: "matching_remark", kind: "say", form: (FormKind::Other, "matching-remark") },
    ],
    kept: &[actions::recheck::KEPT],
    carriers,
    #[cfg(test)]
    samples: Samples {
        rows: &[("matching_proposal", Belongs::Pairing)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move { vec![("matching_proposal", tests::example(tx, pairing).await)] })
        }),
        places: |p| vec![("{county}", p.xingning.clone()), ("{file}", "instance.json".to_owned())],
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static COMPONENT: Kind = Kind {
    place: 100,
    word: "匹配分项",
    folder: "planning/matching",
    test: ("planning/matching/tests.rs", "a_scenario_is_solved_proven_and_can_be_checked_by_anybody"),
};
static SCENARIO: Kind = Kind {
    place: 200,
    word: "结对测算",
    folder: "planning/matching",
    test: ("planning/matching/tests.rs", "publishing_makes_the_pairings_and_freezes_the_scenario"),
};

fn carriers(section: &mut Section<'_>) {
    for one in &section.programme.matching.components {
        let side = match one.side {
            PartnerRole::Lead => "牵头",
            PartnerRole::Nearby => "配合",
        };
        let name = format!("{side}院校：{}", one.name);
        let item = ProgrammeItem { section: "component", id: &one.id, name: &name };
        section.item(&COMPONENT, std::slice::from_ref(&one.clause), item, "/matching/results".to_owned());
    }
    section.by_hand(&SCENARIO, "G0.1", "按需求匹配、可核验的结对测算", "/matching/results");
    section.by_hand(&SCENARIO, "G1.1", "结对测算", "/matching/results");
}

fn routes() -> Vec<Route> {
    let mut all = vec![
        route!(Get "/matching", READ, pages::list::list).about(Subject::None, "结对测算"),
        route!(Get "/matching/new", EDIT, pages::list::new).about(Subject::None, "新建结对测算"),
        route!(Post "/matching/new", EDIT, pages::list::read => pages::list::create)
            .about(Subject::None, "保存新的结对测算"),
        route!(Get "/matching/wishes", READ, pages::preferences::list).about(Subject::None, "结对意愿"),
        route!(Post "/matching/wishes", EDIT, pages::preferences::write).about(Subject::None, "登记结对意愿"),
        route!(Post "/matching/wishes/{id}/end", EDIT, pages::preferences::end).about(Subject::Open, "终止结对意愿"),
        route!(Post "/matching/wishes/call", EDIT, pages::preferences::call)
            .about(Subject::None, "请各校填报结对意愿"),
        route!(Get "/matching/mine", OWN_WISH, pages::own_preferences::list)
            .about(Subject::None, "本单位的结对意愿"),
        route!(Post "/matching/mine", OWN_WISH, pages::own_preferences::write)
            .about(Subject::None, "填报本单位的结对意愿"),
        route!(Get "/matching/proposals", PROPOSAL, pages::proposals::list)
            .about(Subject::None, "征求意见的结对"),
        route!(Get "/matching/proposals/{id}", PROPOSAL, pages::proposals::show)
            .about(Subject::Row("matching_proposal"), "一对拟定的结对与理由"),
        route!(Post "/matching/proposals/{id}/remark", Access::Can("matching_proposal", "comment"), pages::proposals::remark)
            .about(Subject::Row("matching_proposal"), "对拟定的结对提意见"),
        route!(Get "/matching/check", RESULT, pages::results::check).about(Subject::None, "怎样核验结对结果"),
        route!(Get "/matching/results", RESULT, pages::results::list).about(Subject::None, "公布的结对结果"),
        route!(Get "/matching/results/{id}", RESULT, pages::results::show)
            .about(Subject::Row("org"), "一所学校的结对结果与理由"),
        route!(Get "/matching/results/{id}/files/{file}", RESULT, pages::results::file)
            .about(Subject::Row("org"), "下载公布结果的文件"),
    ];
    all.extend(routes_of_one());
    all
}

/// Those about one scenario.
fn routes_of_one() -> Vec<Route> {
    vec![
        route!(Get "/matching/{id}", READ, pages::studio::show).about(Subject::Open, "一个结对测算"),
        route!(Post "/matching/{id}/weights", EDIT, pages::studio::weights => pages::studio::keep)
            .about(Subject::Open, "保存方案权重"),
        route!(Post "/matching/{id}/refresh", EDIT, pages::studio::refresh => pages::studio::keep)
            .about(Subject::Open, "方案改用最新数据"),
        route!(Post "/matching/{id}/drop", EDIT, pages::studio::discard).about(Subject::Open, "归档结对测算"),
        route!(Get "/matching/{id}/files/{file}", READ, pages::downloads::of_scenario)
            .about(Subject::Open, "下载方案的文件"),
        route!(Get "/matching/{id}/schools/{county}", READ, pages::school::show)
            .about(Subject::Open, "一所县级院校为什么这样结对"),
        route!(Post "/matching/{id}/schools/{county}/stance", EDIT, pages::choices::stance => pages::studio::keep)
            .about(Subject::Open, "改变县级院校的参加方式"),
        route!(Post "/matching/{id}/schools/{county}/choose", EDIT, pages::choices::choose => pages::studio::keep)
            .about(Subject::Open, "保持、排除或指定一对"),
        route!(Post "/matching/{id}/schools/{county}/lift", EDIT, pages::choices::lift => pages::studio::keep)
            .about(Subject::Open, "取消一项人工决定"),
        route!(Get "/matching/{id}/partners", READ, pages::limits::show).about(Subject::Open, "各院校的名额与代价"),
        route!(Post "/matching/{id}/partners", EDIT, pages::limits::save => pages::studio::keep)
            .about(Subject::Open, "调整一所院校的名额"),
        route!(Get "/matching/{id}/changes", READ, pages::changes::show)
            .about(Subject::Open, "换几所、得多少"),
        route!(Post "/matching/{id}/changes", EDIT, pages::changes::limit => pages::studio::keep)
            .about(Subject::Open, "限定更换的所数"),
        route!(Get "/matching/{id}/stability", READ, pages::stability::show)
            .about(Subject::Open, "权重改多少，结对会变"),
        route!(Post "/matching/{id}/stability", EDIT, pages::stability::ask)
            .about(Subject::Open, "提交结对随权重变化的计算"),
        route!(Get "/matching/{id}/compare", READ, pages::compare::show).about(Subject::Open, "两个方案比较"),
        route!(Get "/matching/{id}/consult", READ, pages::consulting::show).about(Subject::Open, "征求意见的情况"),
        route!(Post "/matching/{id}/consult", EDIT, pages::consulting::open).about(Subject::Open, "开始征求意见"),
        route!(Post "/matching/{id}/consult/close", EDIT, pages::consulting::close)
            .about(Subject::Open, "结束征求意见"),
        route!(Get "/matching/{id}/publish", PUBLISH, pages::publishing::form).about(Subject::Open, "公布前核对"),
        route!(Post "/matching/{id}/publish", PUBLISH, pages::publishing::publish).about(Subject::Open, "公布结对测算"),
        route!(Get "/matching/{id}/take-back", PUBLISH, pages::undoing::form).about(Subject::Open, "撤销公布前核对"),
        route!(Post "/matching/{id}/take-back", PUBLISH, pages::undoing::take_back).about(Subject::Open, "撤销公布"),
    ]
}
