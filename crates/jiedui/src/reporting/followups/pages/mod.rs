//! Pages of what is tracked.

pub mod list;
pub mod new;
pub mod show;

use super::data::FollowupRow;
use crate::network::registry;
use crate::reporting::monthly;
use jiedui_web::figure::Link;

/// Where it comes from and what it is about, as far as the caller may open that; else in words.
pub fn about(row: &FollowupRow) -> Vec<(&'static str, Link)> {
    let link =
        |href: String, seen: bool, label: &str| Link::new(if seen { href } else { String::new() }, label);
    let mut found = Vec::new();
    if let Some((id, title)) = row.meeting.as_ref().zip(row.meeting_title.as_ref()) {
        found.push(("会议", link(format!("/meetings/{id}"), row.reach.meeting(), title)));
    }
    if let Some((month, school)) = row.month.zip(row.school.as_ref()) {
        let title = format!("{}的月调度", monthly::rules::title(month));
        found.push((
            "问题与诉求",
            link(format!("/months/{month}/schools/{school}"), row.reach.school(), &title),
        ));
    }
    if let Some((id, name)) = row.school.as_ref().zip(row.school_name.as_ref()) {
        let to = registry::link(id, name);
        found.push(("学校", link(to.href, row.reach.school(), name)));
    }
    if let Some((id, title)) = row.project.as_ref().zip(row.project_title.as_ref()) {
        found.push(("项目", link(format!("/projects/{id}"), row.reach.project(), title)));
    }
    found
}
