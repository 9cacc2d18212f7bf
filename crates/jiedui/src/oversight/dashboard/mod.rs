//! 工作台、全局概览与一览: what I must do, by when and why; what those who lead have to decide, with the figures of the whole,
//! each of which opens; a pairing, a school, a county, a city, a helper, an enterprise, a person on one sheet. What is new on a
//! desk goes out once a working day. A screen on a wall shows the overview of a unit by a link that ends.

mod actions;
mod data;
mod pages;
mod papers;
mod rules;
mod tasks;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use tasks::{Digests, turn};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/dashboard",
    routes,
    menu: &[
        entry(100, "工作台", "/", "我的工作台", ("desk", "read")),
        entry(330, "结对", "/readiness", "推进情况", ("project", "read")),
        entry(800, "指标", "/overview", "全局概览", ("indicator", "read")),
    ],
    phone_menu: &[entry(10, "desk", "/", "工作台", ("desk", "read"))],
    tables: &[table!(plain "wall_link" of "id" sealed ["digest"])],
    words: Words {
        actions: &[
            ("wall_link.make", "生成大屏链接"),
            ("wall_link.revoke", "停用大屏链接"),
            ("wall_link.first", "第一次打开大屏链接"),
        ],
        resources: &[("desk", "工作台"), ("wall", "大屏"), ("wall_link", "大屏链接")],
        rights: &[("read", "查看"), ("make", "生成")],
        ..Words::NONE
    },
    #[cfg(test)]
    samples: Samples {
        places: |_| vec![("{token}", "0".repeat(64))],
        rows: &[("person_post", Belongs::School)],
        lay_out: Some(|tx, pairing| {
            Box::pin(
                async move { vec![("person_post", tests::teacher_of(tx, &pairing.county_school).await)] },
            )
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

const WALL: Access = Access::Can("wall", "make");

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/", Access::Can("desk", "read"), pages::desk::show).about(Subject::None, "工作台"),
        route!(Get "/overview", Access::Can("indicator", "read"), pages::overview::show)
            .about(Subject::None, "全局概览"),
        route!(Get "/overview/export", Access::Can("indicator", "read"), pages::overview::export)
            .about(Subject::None, "全局概览导出为表格"),
        route!(Post "/overview/agenda", Access::Can("meeting", "convene"), pages::overview::put)
            .about(Subject::None, "从概览把一项列入议程"),
        route!(Get "/wall", WALL, pages::walls::list).about(Subject::None, "大屏链接"),
        route!(Post "/wall", WALL, pages::walls::make).about(Subject::None, "生成大屏链接"),
        route!(Post "/wall/revoke", WALL, pages::walls::revoke).about(Subject::None, "停用大屏链接"),
        route!(Get "/wall/{token}", Access::Public, pages::overview::screen)
            .about(Subject::Open, "大屏")
            .fresh(),
        route!(Get "/pairings/{id}/glance", Access::Can("pairing", "read"), pages::glance::pairing)
            .about(Subject::Row("pairing"), "一组结对的一览"),
        route!(Get "/schools/{id}/glance", Access::Can("registry", "read"), pages::glance::school)
            .about(Subject::Row("county_school"), "一所学校的一览"),
        route!(Get "/areas/{id}/glance", Access::Can("registry", "read"), pages::glance::area)
            .about(Subject::Row("org"), "一个县或一个市的一览"),
        route!(Get "/enterprises/{id}/glance", Access::Can("enterprise", "read"), pages::glance::enterprise)
            .about(Subject::Row("enterprise"), "一家企业的一览"),
        route!(Get "/people/{id}/glance", Access::Can("registry", "read"), pages::glance::person)
            .about(Subject::Row("person_post"), "一位任职人员的一览"),
        route!(Get "/pairings/{id}/sheet", Access::Can("pairing", "read"), papers::show)
            .about(Subject::Row("pairing"), "走访前一页纸"),
        route!(Get "/pairings/{id}/sheet/{file}", Access::Can("pairing", "read"), papers::show)
            .about(Subject::Row("pairing"), "下载走访前一页纸"),
        route!(Get "/readiness", Access::Can("project", "read"), pages::readiness::show)
            .about(Subject::None, "结对推进情况"),
    ]
}
