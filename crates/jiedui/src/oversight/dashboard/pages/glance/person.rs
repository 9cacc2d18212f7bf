//! Somebody in a post on one sheet: what of their work both sides confirmed this year, where they are now and next, and the projects
//! for which they answer. It is there for those alone who see the name in full anyway (docs/decisions/0020-masked-names.md): a
//! masked sheet would tell what somebody does, and by that who it is.

use super::work::{self, Presence, Work};
use crate::evidence::ledger::{self, EntryLine, EntryRow};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, PostRow};
use crate::planning::calendar::AnnouncementRow;
use crate::planning::projects;
use jiedui_kernel::{Error, Reported, Result, Unit};
use jiedui_store::PersonName;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::names::Names;
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// So much of the year's work is listed and drawn.
const MOST: usize = 80;

#[derive(Serialize)]
struct PersonView {
    unit: Link,
    post: String,
    /// The name under which the post was registered, where that record was found to be this one's.
    former: Option<String>,
    from: String,
    to: Option<String>,
    here: Vec<Presence>,
    next: Vec<Presence>,
    sums: Vec<(String, Figure)>,
    year: Option<PictureView>,
    cut_short: bool,
    entries: Vec<EntryLine>,
    projects: Vec<Link>,
    /// Whether the caller may read certificates of such work.
    certificates: bool,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = registry::post(&mut ctx.tx, &id).await?;
    if !ctx.names.shows(&row.name, &[&row.org]) {
        return Err(Error::NotFound);
    }
    let name = ctx.names.shown(&row.name, &[&row.org]);
    let days = work::this_year(ctx);
    let mut done = match ctx.can("entry", "read") {
        true => ledger::of_person(&mut ctx.tx, row.name.person(), days).await?,
        false => Vec::new(),
    };
    let own = ctx.names.concern(&[&row.org]);
    done.retain(|one| own || is_named(&ctx.names, one, row.name.person()));
    let sums = sums(ctx, &done, &id);
    let cut_short = done.len() > MOST;
    // What is read stands in the order of days: the newest are the last.
    done.drain(..done.len().saturating_sub(MOST));
    let coming = coming(ctx, &row, own).await?;
    let (programme, today) = (ctx.programme(), ctx.today);
    let mut projects = match ctx.can("project", "read") {
        true => projects::owned(&mut ctx.tx, (row.name.person(), &row.org), today).await?,
        false => Vec::new(),
    };
    projects.retain(|one| own || shows(&ctx.names, one.owner_name.as_ref(), &one.concerned()));
    let view = PersonView {
        unit: registry::link(&row.org, &row.org_name),
        post: if row.title.is_empty() {
            registry::post_name(&row.post).to_owned()
        } else {
            row.title.clone()
        },
        former: row.former.as_ref().map(|name| ctx.names.shown(name, &[&row.org])),
        from: row.from_day.to_string(),
        to: row.to_day.map(|day| day.to_string()),
        here: named(work::here(ctx, &done), &done),
        next: work::next(ctx, &coming),
        sums,
        cut_short,
        entries: done.iter().rev().map(|one| ledger::line(&mut ctx.names, &programme, one)).collect(),
        year: work::year(ctx, &by_school(done, coming)),
        projects: projects
            .into_iter()
            .map(|one| Link::new(format!("/projects/{}", one.id), one.title))
            .collect(),
        certificates: ctx.can("service_certificate", "read"),
    };
    let lead = "一页看完：今年双方确认过的工作、现在和接下来在哪所学校、负责哪些项目；姓名本来就隐去的人看不到这一页。";
    let page = Page::new(format!("{name}一览"), lead)
        .clause("S1.6")
        .clause("T4.7")
        .back(format!("/registry/{}", row.org), "返回所在院校");
    Reply::view("oversight/dashboard/person.html", page.kind("detail"), &view)
}

fn shows(names: &Names, name: Option<&PersonName>, concerned: &[&str]) -> bool {
    name.is_some_and(|name| names.shows(name, concerned))
}

/// Whether a reader from elsewhere sees in the entry itself that this person is meant: under another post, in a list of
/// those who took part or at the side of another helper the name is masked there, and the sheet would tell it.
fn is_named(names: &Names, entry: &EntryRow, person: &str) -> bool {
    let concerned = entry.concerned();
    let is_theirs = entry.person.as_deref() == Some(person);
    names.concern(&concerned) || (is_theirs && shows(names, entry.person_name.as_ref(), &concerned))
}

/// What is announced of this person at the schools that their own one helps, or at itself.
async fn coming(ctx: &mut RequestContext, row: &PostRow, own: bool) -> Result<Vec<AnnouncementRow>> {
    let today = ctx.today;
    let all = pairings::in_scope(&mut ctx.tx).await?;
    let of_unit = |one: &&PairingRow| {
        [&one.county_school, &one.lead, &one.nearby].contains(&&row.org)
            && pairings::rules::runs(one.from_day, one.to_day, today)
    };
    let mut found = Vec::new();
    for one in all.iter().filter(of_unit) {
        let announced = work::coming(ctx, &one.county_school).await?;
        let is_theirs = |one: &AnnouncementRow| {
            one.person.as_deref() == Some(row.name.person())
                && (own || shows(&ctx.names, one.person_name.as_ref(), &one.concerned()))
        };
        found.extend(announced.into_iter().filter(is_theirs));
    }
    Ok(found)
}

/// By school and in the order in which they come, as the picture of a year has them.
fn by_school(done: Vec<EntryRow>, coming: Vec<AnnouncementRow>) -> Vec<Work> {
    let mut works: Vec<Work> = Vec::new();
    for row in done {
        let at = place_of(&mut works, &row.county_name);
        works[at].done.push(row);
    }
    for row in coming {
        let at = place_of(&mut works, &row.county_name);
        works[at].coming.push(row);
    }
    works
}

fn place_of(works: &mut Vec<Work>, school: &str) -> usize {
    works.iter().position(|work| work.school == school).unwrap_or_else(|| {
        let (planned, done, coming) = (Vec::new(), Vec::new(), Vec::new());
        works.push(Work { school: school.to_owned(), planned, done, coming });
        works.len() - 1
    })
}

/// Where somebody is, by the entries behind it.
fn named(mut here: Vec<Presence>, done: &[EntryRow]) -> Vec<Presence> {
    for line in &mut here {
        if let Some(row) = done.iter().find(|row| line.what.href.ends_with(&row.id)) {
            line.school.clone_from(&row.county_name);
        }
    }
    here
}

/// How many entries of each kind of work there are, in the order of the programme. What they come to is not one person's:
/// many took part in some of it.
fn sums(ctx: &RequestContext, done: &[EntryRow], id: &str) -> Vec<(String, Figure)> {
    let programme = ctx.programme();
    let sum = |activity: &jiedui_programme::Activity| {
        let mine = done.iter().filter(|row| row.activity == activity.id);
        let all = i64::try_from(mine.count()).unwrap_or(i64::MAX);
        let figure = || {
            let href = format!("/people/{id}/glance#work");
            Figure::of(Reported::Value(all), Unit::Entries, href, activity.name.clone())
        };
        (all > 0).then(|| (activity.name.clone(), figure()))
    };
    programme.activities.iter().filter_map(sum).collect()
}
