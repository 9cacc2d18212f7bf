//! Pages of remarks, and a remark as it stands at its figure.

pub mod list;
pub mod show;

use super::data::RemarkRow;
use jiedui_web::figure::StateMark;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct RemarkLine {
    href: String,
    figure: String,
    figure_href: String,
    text: String,
    author: String,
    about: String,
    made_on: String,
    state: StateMark,
}

pub fn line(row: RemarkRow) -> RemarkLine {
    RemarkLine {
        href: format!("/remarks/{}", row.id),
        figure_href: figure(&row),
        figure: row.label,
        text: row.text,
        author: row.author_name,
        about: row.about_name,
        made_on: row.made_on.to_string(),
        state: row.state.mark(),
    }
}

/// Where the figure opens, in its cut and period.
fn figure(row: &RemarkRow) -> String {
    format!("/indicators/{}?{}", row.indicator, row.cut)
}
