//! The list: one's own for everybody, all for the office.

use super::super::Reach;
use super::super::data::{self, ComplaintRow, ComplaintState};
use super::super::rules;
use crate::shared::review::State;
use jiedui_kernel::{Date, Reported, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    list: Listed<ComplaintLine>,
    office: bool,
    answer_within: Figure,
    /// Administrators have no page of the burden.
    sees_burden: bool,
}

/// A complaint as pages show it.
#[derive(Serialize)]
pub struct ComplaintLine {
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

pub fn line(programme: &Programme, row: &ComplaintRow, today: Date) -> ComplaintLine {
    let href = format!("/complaints/{}", row.id);
    let days = programme.calendar.workdays.between(today, row.due_on);
    let left = || Figure {
        unit: "个工作日",
        ..Figure::of(Reported::Value(days), Unit::Items, &href, "距答复期限")
    };
    let form = rules::form_choices(programme).into_iter().find(|choice| choice.value == row.form);
    ComplaintLine {
        kind: rules::kind_name(&row.kind),
        excerpt: row.excerpt(),
        words: row.words.clone(),
        from: from(row),
        state: rules::state_mark(row, today),
        left: (row.state == ComplaintState::Open && row.due_on >= today).then(left),
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
    let (reach, today, programme) = (Reach::of(ctx), ctx.today, ctx.programme());
    let choices = |list: &[(&str, &str)]| list.iter().map(|(id, name)| Choice::new(*id, *name)).collect();
    let mut list = Listing::at("/complaints", Unit::Entries, &ctx.query);
    let kind = list.choice("kind", "类别", choices(&rules::KINDS));
    let state =
        list.one_of("state", "状态", rules::LISTED.map(|(listed, name)| (listed, listed.text(), name)));
    let state = state.map_or("", State::text);
    let form = if reach.all {
        list.choice("form", "涉及表单", rules::form_choices(&programme))
    } else {
        list.passes(&["form"]);
        String::new()
    };
    let (all, org, account) = (reach.all, &reach.org, &reach.account);
    let call = values!(data::LIST { all, org, account, kind, state, today, form });
    let list = list.fetch::<ComplaintRow>(&mut ctx.tx, &call).await?;
    let within = i64::from(programme.burden.answer_workdays);
    let view = View {
        list: list.map(|row| line(&programme, &row, today)),
        office: reach.all,
        sees_burden: ctx.can("burden", "read"),
        answer_within: Figure {
            unit: "个工作日",
            ..Figure::of(Reported::Value(within), Unit::Items, "/complaints", "答复期限")
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
