//! An entry as lists show it. Other mechanisms use it for the rows behind their figures.

use super::data::EntryRow;
use super::rules;
use jiedui_kernel::Unit;
use jiedui_programme::Programme;
use jiedui_web::figure::{Figure, StateMark};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct EntryLine {
    pub id: String,
    pub href: String,
    /// `id:version`, as the list's checkboxes send it.
    pub key: String,
    pub activity: String,
    pub county_name: String,
    pub typical_class: String,
    pub claimant_name: String,
    pub person: String,
    pub from: String,
    pub to: String,
    pub claimed: Figure,
    pub confirmed: Figure,
    pub state: StateMark,
    pub answered_by: String,
}

pub fn line(programme: &Programme, row: &EntryRow) -> EntryLine {
    let activity = programme.activity(&row.activity);
    let unit = activity.map_or(Unit::Items, |activity| activity.unit);
    let href = format!("/entries/{}", row.id);
    EntryLine {
        key: format!("{}:{}", row.id, row.version),
        activity: activity.map_or_else(|| row.activity.clone(), |activity| activity.name.clone()),
        county_name: row.county_name.clone(),
        typical_class: row.typical_class.clone(),
        claimant_name: row.claimant_name.clone(),
        person: row.person_name.clone().unwrap_or_default(),
        from: row.from_day.to_string(),
        to: row.to_day.to_string(),
        claimed: Figure::of(jiedui_kernel::Known::Value(row.quantity), unit, &href, "登记数"),
        confirmed: Figure::of(jiedui_kernel::Known::Value(row.confirmed), unit, &href, "确认数"),
        state: rules::state_mark(&row.state),
        answered_by: row.answered_by.clone(),
        id: row.id.clone(),
        href,
    }
}
