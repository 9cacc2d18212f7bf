//! The screens of the calendar.

pub mod address;
pub mod edit;
pub mod list;
pub mod record;
pub mod show;

use super::data::AnnouncementRow;
use super::rules::Standing;
use jiedui_kernel::{Actor, Date, Result};
use jiedui_programme::Programme;
use jiedui_web::figure::StateMark;
use jiedui_web::names::Names;
use serde::Serialize;

/// An announcement as lists show it.
#[derive(Serialize)]
pub struct AnnouncementLine {
    pub href: String,
    pub what: String,
    pub helper: String,
    pub school: String,
    /// The parties that the reader is not, and who comes.
    pub who: String,
    pub person: String,
    pub from: String,
    pub to: String,
    /// Whether it takes more than a day.
    pub span: bool,
    pub state: StateMark,
}

pub fn line(
    names: &mut Names,
    programme: &Programme,
    row: &AnnouncementRow,
    actor: &Actor,
    today: Date,
) -> Result<AnnouncementLine> {
    let parties = match row.standing(actor) {
        Standing::Announcer => format!("到{}", row.county_name),
        Standing::CountySchool => row.org_name.clone(),
        Standing::Onlooker => format!("{} → {}", row.org_name, row.county_name),
    };
    let person = names.shown_if_any(row.person_name.as_ref(), &row.concerned());
    let who: Vec<&str> = [parties.as_str(), &person].into_iter().filter(|name| !name.is_empty()).collect();
    Ok(AnnouncementLine {
        href: format!("/calendar/{}", row.id),
        what: activity_name(programme, &row.activity),
        helper: row.org_name.clone(),
        school: row.county_name.clone(),
        who: who.join(" · "),
        person,
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        span: row.from_day != row.to_day,
        state: row.life()?.mark(today),
    })
}

pub fn activity_name(programme: &Programme, id: &str) -> String {
    programme.activity(id).map_or_else(|| "已停用的事项".to_owned(), |activity| activity.name.clone())
}
