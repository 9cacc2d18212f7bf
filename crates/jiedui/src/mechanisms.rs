//! The list of mechanisms, in the order of the work. A new one is one line here; everything that is read from the list
//! finds it there.

#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Listed, Mechanism, Words, entry};
use crate::{evidence, identity, network, oversight, planning, reporting, shared, sharing, standing};

pub const ALL: &[&Mechanism] = &[
    &STORE,
    &SESSIONS,
    &HISTORY,
    &NAMES,
    &CONFIRMATION,
    &shared::contributions::MECHANISM,
    &shared::jobs::MECHANISM,
    &shared::imports::MECHANISM,
    &shared::attachments::MECHANISM,
    &shared::notices::MECHANISM,
    &shared::search::MECHANISM,
    &identity::accounts::MECHANISM,
    &oversight::dashboard::MECHANISM,
    &network::registry::MECHANISM,
    &network::enterprises::MECHANISM,
    &network::chains::MECHANISM,
    &network::pairings::MECHANISM,
    &planning::matching::MECHANISM,
    &network::agreements::MECHANISM,
    &planning::needs::MECHANISM,
    &planning::school_plans::MECHANISM,
    &planning::projects::MECHANISM,
    &planning::handovers::MECHANISM,
    &DRAFTS,
    &VIEWS,
    &COMPONENTS,
    &PROOF,
    &planning::calendar::MECHANISM,
    &evidence::ledger::MECHANISM,
    &evidence::spot_checks::MECHANISM,
    &evidence::service_certificates::MECHANISM,
    &evidence::outputs::MECHANISM,
    &standing::applications::MECHANISM,
    &standing::duties::MECHANISM,
    &standing::obligations::MECHANISM,
    &standing::indicators::MECHANISM,
    &standing::remarks::MECHANISM,
    &reporting::monthly::MECHANISM,
    &reporting::questions::MECHANISM,
    &reporting::years::MECHANISM,
    &reporting::meetings::MECHANISM,
    &reporting::followups::MECHANISM,
    &sharing::allocation::MECHANISM,
    &sharing::assessment::MECHANISM,
    &sharing::funding::MECHANISM,
    &sharing::resources::MECHANISM,
    &sharing::jobs::MECHANISM,
    &sharing::exchange::MECHANISM,
    &sharing::commendations::MECHANISM,
    &evidence::majors::MECHANISM,
    &oversight::burden::MECHANISM,
    &oversight::complaints::MECHANISM,
    &evidence::profiles::MECHANISM,
    &standing::standards::MECHANISM,
    &oversight::clauses::MECHANISM,
    &oversight::versions::MECHANISM,
    &oversight::rechecks::MECHANISM,
    &network::import::MECHANISM,
    &identity::admin::MECHANISM,
    // Before the check of the data: of the two pages that a right opens, this one is told of.
    &oversight::backups::MECHANISM,
    &oversight::invariants::MECHANISM,
    &oversight::metrics::MECHANISM,
    &oversight::boundaries::MECHANISM,
    // Behind those whose rows it tells: of the two addresses of a row, the page is found first.
    &oversight::interface::MECHANISM,
    &oversight::help::MECHANISM,
    &APPLICATION,
];

jiedui_store::inventory::submit! { Listed(ALL) }

/// What the program does to itself, without anybody signed in.
const APPLICATION: Mechanism = Mechanism {
    folder: "crates/jiedui/src",
    words: Words {
        actions: &[("demo.make", "生成示例数据"), ("demo.multiply", "扩充示例台账")],
        jobs: &[("demo", "系统：生成示例")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

// The machinery has no manifest of its own shape: it lies below, and says what it keeps as plain data.

const STORE: Mechanism = Mechanism {
    folder: "crates/store/src",
    tables: jiedui_store::TABLES,
    words: Words {
        resources: &[("setting", "系统设置"), ("log", "审计日志")],
        actions: &[
            ("setting.write", "写入系统设置"),
            ("log.takeover", "日志开始约束已有的数据"),
            ("log.migrate", "升级数据表"),
            ("log.accept", "认定日志之外的改动"),
        ],
        jobs: &[("open", "系统：启动")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

const SESSIONS: Mechanism = Mechanism {
    folder: "crates/web/src",
    tables: jiedui_web::session::TABLES,
    words: Words {
        actions: &[
            ("file.export", "导出文件"),
            ("file.infected", "文件没有通过病毒检查"),
            ("access.refuse", "访问被拒绝"),
        ],
        resources: &[("page", "页面")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

const HISTORY: Mechanism =
    Mechanism { folder: "crates/web/src/history", tables: jiedui_web::history::TABLES, ..Mechanism::EMPTY };

const NAMES: Mechanism = Mechanism {
    folder: "crates/web/src/names",
    routes: jiedui_web::names::routes,
    tables: jiedui_web::names::TABLES,
    words: Words {
        actions: &[("name.unmask", "显示全名")],
        resources: &[("name", "姓名"), ("name_view", "全名显示记录")],
        rights: &[("unmask", "显示全名")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

const DRAFTS: Mechanism = Mechanism {
    folder: "crates/web/src/drafts",
    routes: jiedui_web::drafts::routes,
    tables: jiedui_web::drafts::TABLES,
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{form}", "test-form".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

const VIEWS: Mechanism = Mechanism {
    folder: "crates/web/src/views",
    routes: jiedui_web::views::routes,
    tables: jiedui_web::views::TABLES,
    words: Words {
        actions: &[
            ("view.save", "存下条件"),
            ("view.rename", "给存下的条件改名"),
            ("view.drop", "删除存下的条件"),
        ],
        resources: &[("view", "存下的条件")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

/// The behaviour of what one side claims and the other confirms has no table of its own: it reads the history.
const CONFIRMATION: Mechanism =
    Mechanism { folder: "crates/jiedui/src/shared/confirmation", ..Mechanism::EMPTY };

const PROOF: Mechanism = Mechanism {
    folder: "crates/web/src/proof",
    routes: jiedui_web::proof::routes,
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{resource}", "entry".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

const COMPONENTS: Mechanism = Mechanism {
    folder: "crates/web/src/templates",
    routes: jiedui_web::components::routes,
    menu: &[entry(1055, "系统", "/components", "界面组件", ("component", "read"))],
    words: Words { resources: &[("component", "界面组件")], ..Words::NONE },
    ..Mechanism::EMPTY
};
