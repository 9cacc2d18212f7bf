//! An enterprise on one sheet: with which schools and colleges it works, what the year brought, and what was built with it, as far
//! as the caller sees where it is named.

use super::super::drawn;
use crate::network::enterprises::{self, UseRow};
use crate::network::registry;
use chrono::Datelike as _;
use jiedui_kernel::{Period, Reported, Result, Unit};
use jiedui_pictures::{Moment, MomentKind, Picture, Timeline, TimelineRow};
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// So many places where it is named are read, the newest first.
const USES: usize = 200;
/// So many outputs are listed.
const OUTPUTS: usize = 20;

#[derive(Serialize)]
struct EnterpriseView {
    who: Vec<(&'static str, Link)>,
    place: String,
    since: String,
    partners: Vec<PartnerLine>,
    year: Option<PictureView>,
    outputs: Vec<OutputLine>,
    /// It is named more often than is told here.
    cut_short: bool,
    all: String,
}

/// A school or another unit at which it is named.
#[derive(Serialize)]
struct PartnerLine {
    name: String,
    number: Figure,
    last: String,
}

#[derive(Serialize)]
struct OutputLine {
    output: Link,
    kind: String,
    place: String,
    day: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, programme) = (ctx.param("id"), ctx.programme());
    let row = enterprises::find(&mut ctx.tx, &id).await?;
    let most = i64::try_from(USES).unwrap_or(i64::MAX);
    let uses = enterprises::uses(&mut ctx.tx, &id, most).await?;
    let href = format!("/enterprises/{id}");
    let mut who = vec![("企业", Link::new(&href, row.name.clone()))];
    if let (Some(to), Some(name)) = (&row.joined, &row.joined_name) {
        who.push(("已并入", Link::new(format!("/enterprises/{to}"), name.clone())));
    }
    let view = EnterpriseView {
        who,
        place: if row.city == row.place { row.place.clone() } else { format!("{} {}", row.city, row.place) },
        since: row.registered_on.to_string(),
        partners: partners(&uses, &href),
        year: year(&programme, &uses, ctx.today.year()),
        outputs: uses
            .iter()
            .filter(|one| one.kind == "output")
            .take(OUTPUTS)
            .map(|one| output(&programme, one))
            .collect(),
        cut_short: uses.len() >= USES,
        all: href.clone(),
    };
    let lead = "一页看完：与哪些院校合作、今年做了什么、建成了什么；可以直接打印。";
    let page = Page::new(format!("{}一览", row.name), lead).back(href, "返回这家企业");
    let page = page.clause("T6.1").clause("T8.2").kind("detail");
    Reply::view("oversight/dashboard/enterprise.html", page, &view)
}

/// In the order of names: how often is no rank.
fn partners(uses: &[UseRow], href: &str) -> Vec<PartnerLine> {
    let mut names: Vec<&str> =
        uses.iter().map(|one| one.place_name.as_str()).filter(|name| !name.is_empty()).collect();
    names.sort_by_cached_key(|name| registry::rules::sort_key("", name));
    names.dedup();
    let line = |name: &str| {
        let mine = || uses.iter().filter(|one| one.place_name == name);
        let number = i64::try_from(mine().count()).unwrap_or(i64::MAX);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("place", name);
        let href = format!("{href}?{}", query.finish());
        PartnerLine {
            name: name.to_owned(),
            number: Figure::of(Reported::Value(number), Unit::Entries, href, format!("{name}：写到它的登记")),
            last: mine().map(|one| one.day).max().map(|day| day.to_string()).unwrap_or_default(),
        }
    };
    names.into_iter().map(line).collect()
}

fn address(one: &UseRow) -> String {
    let base = if one.kind == "entry" { "/entries" } else { "/outputs" };
    format!("{base}/{}", one.resource)
}

fn kind(programme: &Programme, one: &UseRow) -> String {
    let name = if one.kind == "entry" {
        programme.activity(&one.what).map(|of| of.name.clone())
    } else {
        programme.output(&one.what).map(|of| of.name.clone())
    };
    name.unwrap_or_else(|| one.what.clone())
}

/// The year as one row for each kind of work or output.
fn year(programme: &Programme, uses: &[UseRow], year: i32) -> Option<PictureView> {
    let days = Period::year(year)?;
    let of_year: Vec<&UseRow> = uses.iter().filter(|one| days.contains(one.day)).collect();
    let mut kinds: Vec<(&str, String)> = Vec::new();
    for one in &of_year {
        if !kinds.iter().any(|(what, _)| *what == one.what) {
            kinds.push((one.what.as_str(), kind(programme, one)));
        }
    }
    if kinds.is_empty() {
        return None;
    }
    let mut picture = Timeline::of_year("今年写到它的工作和成果", year)?;
    for (what, name) in kinds {
        let mut row = TimelineRow::new(name);
        for one in of_year.iter().filter(|one| one.what == what) {
            let kind = if one.sure { MomentKind::Done } else { MomentKind::Claimed };
            row = row.moment(Moment::new(kind, one.day, one.place_name.clone()).opens(address(one)));
        }
        picture = picture.row(row);
    }
    Some(drawn("year", &Picture::Timeline(picture)))
}

fn output(programme: &Programme, one: &UseRow) -> OutputLine {
    let kind = kind(programme, one);
    let title = if one.title.is_empty() { &kind } else { &one.title };
    OutputLine {
        output: Link::new(address(one), title.clone()),
        kind,
        place: one.place_name.clone(),
        day: one.day.to_string(),
    }
}
