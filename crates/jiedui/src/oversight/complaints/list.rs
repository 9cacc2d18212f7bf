//! The list: one's own for everybody, all for the office.

use super::data::{self, ComplaintRow};
use super::{Reach, rules};
use jiedui_kernel::{Date, Known, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, PAGE_SIZE, Pager, StateMark};
use jiedui_web::reply::{Choice, Filter, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    filters: Vec<Filter>,
    rows: Vec<Line>,
    pager: Pager,
    office: bool,
    answer_within: Figure,
    /// Administrators have no page of the burden.
    sees_burden: bool,
}

/// A complaint as pages show it.
#[derive(Serialize)]
pub struct Line {
    pub href: String,
    pub kind: &'static str,
    pub words: String,
    pub excerpt: String,
    /// Organisation and person, or that its author does not want to be named.
    pub from: String,
    pub state: StateMark,
    /// Working days left, where an answer is due.
    pub left: Option<Figure>,
    pub opened_on: Date,
    pub due_on: Date,
    pub mine: bool,
    pub form: String,
    pub form_href: String,
}

pub fn line(programme: &Programme, row: &ComplaintRow, today: Date) -> Line {
    let href = format!("/complaints/{}", row.id);
    let days = programme.calendar.workdays.between(today, row.due_on);
    let left = || Figure {
        unit: "个工作日",
        ..Figure::of(Known::Value(days), Unit::Items, &href, "距答复期限")
    };
    let form = rules::form_choices(programme).into_iter().find(|choice| choice.value == row.form);
    Line {
        kind: rules::kind_name(&row.kind),
        excerpt: row.excerpt(),
        words: row.words.clone(),
        from: from(row),
        state: rules::state_mark(row, today),
        left: (row.state == "open" && row.due_on >= today).then(left),
        opened_on: row.opened_on,
        due_on: row.due_on,
        mine: row.mine == 1,
        form_href: form.as_ref().map_or_else(String::new, |choice| format!("/forms/{}", choice.value)),
        form: form.map_or_else(String::new, |choice| choice.label),
        href,
    }
}

fn from(row: &ComplaintRow) -> String {
    match &row.org_name {
        Some(org) if row.author.is_empty() => org.clone(),
        Some(org) => format!("{org} {}", row.author),
        None if row.mine == 1 => "匿名（只有您知道是您提的）".to_owned(),
        None => "匿名".to_owned(),
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (query, reach, today) = (ctx.query.clone(), Reach::of(ctx), ctx.today);
    let bound = || {
        let get = |name: &str| query.get(name).to_owned();
        args![reach.all, &reach.org, &reach.account, get("kind"), get("state"), today, get("form")]
    };
    let total = ctx.tx.number(&data::COUNT, bound()).await?;
    let pager = Pager::new("/complaints", &query, total, Unit::Entries);
    let mut values = bound();
    values.extend(args![PAGE_SIZE, pager.offset()]);
    let rows = ctx.tx.all::<ComplaintRow>(&data::LIST, values).await?;
    let programme = ctx.programme();
    let choices = |list: &[(&str, &str)]| list.iter().map(|(id, name)| Choice::new(*id, *name)).collect();
    let mut filters = vec![
        Filter::select("kind", "类别", query.get("kind"), choices(&rules::KINDS)),
        Filter::select("state", "状态", query.get("state"), choices(&rules::STATES)),
    ];
    if reach.all {
        filters.push(Filter::select("form", "涉及表单", query.get("form"), rules::form_choices(&programme)));
    }
    let within = i64::from(programme.burden.answer_workdays);
    let view = View {
        filters,
        rows: rows.iter().map(|row| line(&programme, row, today)).collect(),
        pager,
        office: reach.all,
        sees_burden: ctx.can("burden", "read"),
        answer_within: Figure {
            unit: "个工作日",
            ..Figure::of(Known::Value(within), Unit::Items, "/complaints", "答复期限")
        },
    };
    let lead = if reach.all {
        "各单位和个人提的意见，先答最急的；哪张表的问题、改了什么，一并写明。"
    } else {
        "您和本单位署名提的意见，以及省办的答复。每一页的页脚都可以提。"
    };
    let page = Page::new("投诉建议", lead).kind("list");
    Reply::view("oversight/complaints/list.html", page, &view)
}
