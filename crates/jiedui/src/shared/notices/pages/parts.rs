//! What other pages show of notices: a sentence, where it leads, and the box in which one urges.

use super::super::actions::{self, Urging};
use super::super::data::NoticeRow;
use super::super::rules::LINE;
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::proof;
use jiedui_web::reply::Field;
use jiedui_web::route::{Access, Method};
use jiedui_web::site::Site;
use serde::Serialize;

/// The page of a thing, by the kind under which routes name it; that of the list where it is about several.
pub fn address_of(site: &Site, resource: &str, id: &str, several: bool) -> String {
    let shows = |route: &&jiedui_web::route::Route| proof::subject_of(route) == Some(resource);
    match site.routes.iter().find(shows) {
        // What is told of an account is told to its holder, who has it on these pages.
        None if resource == "account" => "/my/notices".to_owned(),
        None if resource == "outside" => "/my/outside".to_owned(),
        Some(route) if several => route.path.trim_end_matches("/{id}").to_owned(),
        Some(route) => route.path.replace("{id}", id),
        // Without a page of its own it stands behind the list of its kind.
        None => listed(site, resource).map_or_else(
            || "/my/notices".to_owned(),
            |list| if several || !id.contains('/') { list.to_owned() } else { format!("{list}/{id}") },
        ),
    }
}

/// The page that lists the things of a kind.
fn listed(site: &Site, resource: &str) -> Option<&'static str> {
    let lists = |route: &&jiedui_web::route::Route| {
        let reads = matches!(route.access, Access::Can(of, "read") if of == resource);
        route.method == Method::Get && reads && !route.path.contains('{')
    };
    site.routes.iter().find(lists).map(|route| route.path)
}

/// A notice as one reads it without a page.
pub fn sentence(row: &NoticeRow) -> String {
    let times = if row.times > 1 { format!("，共 {} 条", row.times) } else { String::new() };
    let said = if row.said.is_empty() { String::new() } else { format!("：{}", row.said) };
    format!("{}{}{times}{said}", row.by_org, row.words)
}

/// The box in which the caller urges whoever a thing waits for.
#[derive(Debug, Serialize)]
pub struct UrgeView {
    action: String,
    line: Field,
    /// When it was urged last.
    last: Option<String>,
    /// From when on it may be urged again; none where it may be now.
    from: Option<String>,
}

/// None where the caller has nobody to urge about this thing.
pub async fn urge_view(
    ctx: &mut RequestContext,
    resource: &'static str,
    id: &str,
) -> Result<Option<UrgeView>> {
    let Some(waits) = actions::waits(resource) else { return Ok(None) };
    let urging = actions::urging(ctx, waits, id).await?;
    let view = |Urging { last, from, .. }| UrgeView {
        action: format!("/urge/{resource}/{id}"),
        line: Field { maxlength: Some(LINE), width: "long", ..Field::new("line", "捎一句话") },
        last: last.map(|day| day.to_string()),
        from: from.map(|day| day.to_string()),
    };
    Ok(urging.map(view))
}
