//! The screens of the calendar.

pub mod address;
pub mod edit;
pub mod list;
pub mod record;
pub mod show;

use super::data::AnnouncementRow;
use jiedui_kernel::{Date, Result};
use jiedui_programme::Programme;
use jiedui_web::figure::StateMark;
use serde::Serialize;

/// An announcement as lists show it.
#[derive(Serialize)]
pub struct Line {
    pub href: String,
    pub what: String,
    pub helper: String,
    pub school: String,
    pub person: String,
    pub from: String,
    pub to: String,
    /// Whether it takes more than a day.
    pub span: bool,
    pub state: StateMark,
}

pub fn line(programme: &Programme, row: &AnnouncementRow, today: Date) -> Result<Line> {
    Ok(Line {
        href: format!("/calendar/{}", row.id),
        what: activity_name(programme, &row.activity),
        helper: row.org_name.clone(),
        school: row.county_name.clone(),
        person: row.person_name.clone(),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        span: row.from_day != row.to_day,
        state: row.life()?.mark(today),
    })
}

pub fn activity_name(programme: &Programme, id: &str) -> String {
    programme.activity(id).map_or_else(|| "已停用的事项".to_owned(), |activity| activity.name.clone())
}
