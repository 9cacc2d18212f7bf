//! The list of needs: a county school ranks its own, everybody else looks over those visible to the caller; and what no project
//! answers yet, by task and by county (T4.3, T5.1).

use super::super::data::{self, NeedRow, NeedState};
use super::super::rules;
use crate::network::registry::{self, like, typical_choices};
use crate::shared::choices;
use crate::shared::review::State;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::listing::Listing;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// A sentence of the plan as pages show it.
#[derive(Debug, Clone, Serialize)]
pub struct Chip {
    id: String,
    title: String,
}

pub fn chip(programme: &Programme, id: &str) -> Chip {
    let title = programme.clauses.iter().find(|clause| clause.id == id).map(|clause| clause.title.clone());
    Chip { id: id.to_owned(), title: title.unwrap_or_default() }
}

/// A need as pages show it.
#[derive(Serialize)]
pub struct Shown {
    pub href: String,
    pub chip: Chip,
    pub state: StateMark,
    /// Its place among the open needs of its school.
    pub place_in: Option<Figure>,
    pub size: Option<Figure>,
    pub answers: Figure,
    pub need: NeedRow,
}

pub fn shown(programme: &Programme, need: NeedRow) -> Shown {
    let href = format!("/needs/{}", need.id);
    let rank = || {
        let list = format!("/needs?org={}", need.org);
        Figure { unit: "", ..Figure::of(Reported::Value(need.rank), Unit::Items, list, "本校排序") }
    };
    let size = need.quantity.zip(rules::unit_of(&need.unit));
    Shown {
        chip: chip(programme, &need.clause),
        state: rules::state_mark(&need),
        place_in: (need.state == NeedState::Open).then(rank),
        size: size.map(|(value, unit)| Figure::of(Reported::Value(value), unit, &href, "需求的数量")),
        answers: Figure::rows(need.projects, Unit::Items, &href, "回应这条需求的项目"),
        href,
        need,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    if ctx.can("need", "edit") { own_list(ctx).await } else { wide_list(ctx).await }
}

async fn wide_list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/needs", Unit::Entries, &ctx.query);
    let q = like(&list.text("q", "学校名称"));
    let city = list.choice("city", "所在市", cities);
    let task = list.choice("task", "任务", choices::task_choices(&programme));
    let state =
        list.one_of("state", "状态", rules::LISTED.map(|(listed, name)| (listed, listed.text(), name)));
    let state = state.map_or("", State::text);
    let typical = list.choice("typical", "典型县", typical_choices());
    // Set by the agenda of a meeting.
    let sentence = list.word("clause", |id| programme.clauses.iter().any(|clause| clause.id == id));
    let org = list.id("org");
    let clause = if sentence.is_empty() { rules::task_pattern(&programme, &task) } else { sentence };
    let call = values!(data::LIST { q, city, clause, state, typical, org });
    let view = list.fetch(&mut ctx.tx, &call).await?.map(|row| shown(&programme, row));
    let lead = "需求由县级院校自己提出、自己排序；典型县排在前面。有备案项目写明回应它的，才算已有项目。";
    let page = Page::new("需求清单", lead).clause("G0.1").clause("G0.3").kind("list");
    Reply::view("planning/needs/list.html", page, &view)
}

#[derive(Serialize)]
struct OwnView {
    open: Vec<Shown>,
    over: Vec<Shown>,
    can_add: bool,
}

/// A county school's own list, in its own order.
async fn own_list(ctx: &mut RequestContext) -> Result<Reply> {
    let org = ctx.actor.org.clone();
    let today = ctx.today;
    let programme = ctx.programme();
    let needs = super::super::of_school(&mut ctx.tx, &org).await?;
    let (open, over): (Vec<_>, Vec<_>) = needs.into_iter().partition(|need| need.state == NeedState::Open);
    let view = OwnView {
        open: open.into_iter().map(|row| shown(&programme, row)).collect(),
        over: over.into_iter().map(|row| shown(&programme, row)).collect(),
        can_add: registry::has_flag(&mut ctx.tx, &org, "county_school", today).await?,
    };
    let lead = "最需要的排在最前面；协作院校按这个顺序来商量项目。顺序由本校自己定，随时可以调整。";
    let page = Page::new("本校的需求清单", lead).clause("G0.1").kind("list");
    Reply::view("planning/needs/own.html", page, &view)
}

#[derive(Serialize)]
struct UnansweredView {
    total: Figure,
    tasks: Vec<TaskLine>,
    schools: Vec<SchoolLine>,
}

#[derive(Serialize)]
struct TaskLine {
    id: String,
    name: String,
    /// The sentences under which needs wait.
    chips: Vec<Chip>,
    count: i64,
    number: Option<Figure>,
}

#[derive(Serialize)]
struct SchoolLine {
    org: String,
    city: String,
    place: String,
    typical_class: String,
    school: Link,
    count: i64,
    number: Option<Figure>,
}

fn waiting(count: i64, filter: &str, value: &str) -> Figure {
    let href = if filter.is_empty() {
        "/needs?state=open".to_owned()
    } else {
        format!("/needs?state=open&{filter}={value}")
    };
    Figure::of(Reported::Value(count), Unit::Entries, href, "没有项目回应的需求")
}

pub async fn unanswered(ctx: &mut RequestContext) -> Result<Reply> {
    let needs = super::super::unanswered(&mut ctx.tx).await?;
    let programme = ctx.programme();
    let view = UnansweredView {
        total: waiting(needs.len() as i64, "", "").big(),
        tasks: by_task(&programme, &needs),
        schools: by_school(&needs),
    };
    let lead = "安排送教上门、专业指导和下一年项目时，先看这里；典型县排在前面。";
    let page = Page::new("没有项目回应的需求", lead)
        .clause("T4.3")
        .clause("T5.1")
        .clause("G0.3")
        .back("/needs", "需求清单")
        .kind("list");
    Reply::view("planning/needs/unanswered.html", page, &view)
}

/// One line for each task, in the order of the plan.
fn by_task(programme: &Programme, needs: &[NeedRow]) -> Vec<TaskLine> {
    let mut lines: Vec<TaskLine> = Vec::new();
    for need in needs {
        let id = choices::task_of(&need.clause).to_owned();
        let at = lines.iter().position(|line| line.id == id).unwrap_or_else(|| {
            let (chips, number) = (Vec::new(), None);
            lines.push(TaskLine {
                id: id.clone(),
                name: choices::task_name(programme, &id).to_owned(),
                chips,
                count: 0,
                number,
            });
            lines.len() - 1
        });
        lines[at].count += 1;
        if lines[at].chips.iter().all(|chip| chip.id != need.clause) {
            lines[at].chips.push(chip(programme, &need.clause));
        }
    }
    let order = |id: &str| programme.clauses.iter().position(|clause| clause.id == id);
    for line in &mut lines {
        line.chips.sort_by_key(|chip| order(&chip.id));
        line.number = Some(waiting(line.count, "task", &line.id));
    }
    lines.sort_by_key(|line| choices::task_place(programme, &line.id));
    lines
}

/// One line for each school, in the order in which the needs come: typical counties first.
fn by_school(needs: &[NeedRow]) -> Vec<SchoolLine> {
    let mut lines: Vec<SchoolLine> = Vec::new();
    for need in needs {
        match lines.last_mut().filter(|line| line.org == need.org) {
            Some(line) => line.count += 1,
            None => lines.push(SchoolLine {
                org: need.org.clone(),
                city: need.city.clone(),
                place: need.place.clone(),
                typical_class: need.typical_class.clone(),
                school: registry::link(&need.org, &need.school),
                count: 1,
                number: None,
            }),
        }
    }
    for line in &mut lines {
        line.number = Some(waiting(line.count, "org", &line.org));
    }
    lines
}
