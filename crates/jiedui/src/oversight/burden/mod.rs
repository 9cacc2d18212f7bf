//! 报表减负、报表目录: what is asked of whom and what it costs, computed from the register's declared minutes and what
//! was recorded, never from watching people (principle 7; decisions.md "Meetings and the burden rules").

mod actions;
mod api;
mod data;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{keep, recount};

const READ: Access = Access::Can("burden", "read");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/burden",
    routes,
    menu: &[
        entry(1010, "系统", "/forms", "报表目录", ("burden", "read")),
        entry(1020, "系统", "/burden", "报表减负", ("burden", "read")),
    ],
    tables: &[
        table!(plain "form_month" outside "sums of steps of days that are over; made again from them"),
        table!(plain "form_turn" outside "up to which day they are added up"),
    ],
    words: Words { resources: &[("burden", "报表减负")], ..Words::NONE },
    #[cfg(test)]
    samples: Samples { places: |_| vec![("{kind}", "activity".to_owned())], ..Samples::NONE },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/burden", READ, pages::show).about(Subject::None, "报表减负"),
        route!(Get "/burden/units", READ, pages::units).about(Subject::None, "各单位的报表减负"),
        route!(Get "/burden/units/{id}", READ, pages::unit).about(Subject::Row("org"), "一个单位的报表减负"),
        route!(Get "/forms", READ, pages::forms::list).about(Subject::None, "报表目录"),
        route!(Get "/forms/{kind}/{id}", READ, pages::forms::show).about(Subject::Open, "一张表单"),
        route!(Get "/forms/{kind}/{id}/schema.json", READ, api::schema::json)
            .about(Subject::Open, "表单的 JSON Schema"),
        route!(Get "/forms/{kind}/{id}/template.xlsx", READ, api::schema::workbook)
            .about(Subject::Open, "表单的表格模板"),
    ]
}
