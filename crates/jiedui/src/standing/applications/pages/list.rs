//! All applications visible to the caller; and, for one's own organisation, what can be applied for and what is still lacking.

use crate::evidence::outputs::rules::{section, section_pattern, sections};
use crate::network::registry::{self, like, typical_choices};
use crate::shared::review::State;
use crate::standing::applications::data::{self, CaseRow};
use crate::standing::applications::{self, actions, rules};
use jiedui_kernel::{Result, Unit};
use jiedui_programme::{Application, Programme, Retires as _, eligibility, verdict};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ApplicationLine {
    href: String,
    title: String,
    name: String,
    org_name: String,
    city: String,
    place: String,
    typical_class: String,
    opened_on: String,
    applied_on: Option<String>,
    decided_on: Option<String>,
    state: StateMark,
    /// How the conditions stood when it was handed in.
    eligibility: Option<StateMark>,
    preference: &'static str,
    decider_name: String,
}

fn line(programme: &Programme, row: CaseRow) -> ApplicationLine {
    let kind = programme.application(&row.application);
    let text = |day: Option<jiedui_kernel::Date>| day.map(|day| day.to_string());
    ApplicationLine {
        href: format!("/applications/{}", row.id),
        name: kind.map_or_else(|| "已停用的申报".to_owned(), |kind| kind.name.clone()),
        opened_on: row.opened_on.to_string(),
        applied_on: text(row.applied_on),
        decided_on: text(row.decided_on),
        state: rules::state_mark(row.state),
        eligibility: rules::snapshot(&row).map(|readings| rules::verdict_mark(verdict(&readings))),
        preference: preference_label(&row.preference),
        title: row.title,
        org_name: row.org_name,
        city: row.city,
        place: row.place,
        typical_class: row.typical_class,
        decider_name: row.decider_name,
    }
}

pub fn preference_label(preference: &str) -> &'static str {
    match preference {
        "yes" => "给了倾斜",
        "no" => "没有倾斜",
        _ => "",
    }
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<ApplicationLine>,
    can_apply: bool,
    waiting: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let kinds = programme.applications.iter().map(|kind| Choice::new(&kind.id, &kind.name)).collect();
    let clauses = programme.applications.iter().filter_map(|kind| kind.clauses.first());
    let tasks =
        sections(&programme, clauses.map(String::as_str)).into_iter().filter(|(id, _)| !id.is_empty());
    let states = rules::STATES.map(|(state, name)| (state, state.text(), name));
    let mut list = Listing::at("/applications", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "名称或学校"));
    let task = list.choice("task", "任务", tasks.map(|(id, name)| Choice::new(id, name)).collect());
    let application = list.choice("type", "申报什么", kinds);
    let state = list.one_of_or("未撤回的", "state", "状态", states).map_or("", State::text);
    let city = list.choice("city", "所在市", cities);
    let typical = list.choice("typical", "典型县", typical_choices());
    let (org, waiting) = (list.id("org"), list.flag("waiting", "me"));
    let waits_for = if waiting { ctx.actor.org.clone() } else { String::new() };
    let clause = section_pattern(&programme, &task);
    let call = values!(data::LIST { q, application, clause, state, city, typical, org, waits_for });
    let view = ListView {
        list: list.fetch::<CaseRow>(&mut ctx.tx, &call).await?.map(|row| line(&programme, row)),
        can_apply: ctx.can("application", "apply"),
        waiting,
    };
    let lead = "从准备、推荐、递交到结果，一份申报一行；获批的自动成为建设成果，不再登记。";
    let page = Page::new("申报", lead).clause("G0.3").kind("list");
    Reply::view("standing/applications/list.html", page, &view)
}

#[derive(Serialize)]
struct OpenView {
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    offers: Vec<Offer>,
}

#[derive(Serialize)]
struct Offer {
    href: String,
    name: String,
    about: String,
    verdict: StateMark,
    our_reading: bool,
    authority: String,
    conditions: Vec<rules::CriterionLine>,
    open: bool,
}

/// Each kind of application for one's own organisation, with its conditions item by item.
pub async fn open(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, org) = (ctx.programme(), ctx.actor.org.clone());
    let mut mine: Vec<&Application> = Vec::new();
    for kind in programme.applications.iter().filter(|kind| kind.is_offered_on(ctx.today)) {
        if actions::applies(&mut ctx.tx, kind).await? {
            mine.push(kind);
        }
    }
    let state = applications::state_of(&mut ctx.tx, &programme, &org).await?;
    let clause = |kind: &Application| kind.clauses.first().cloned().unwrap_or_default();
    let offer = |kind: &&Application| {
        let readings = eligibility(&programme, kind, &state);
        Offer {
            href: format!("/applications/new/{}", kind.id),
            name: kind.name.clone(),
            about: kind.about.clone(),
            verdict: rules::verdict_mark(verdict(&readings)),
            our_reading: kind.our_reading,
            authority: rules::authority(kind).to_owned(),
            open: rules::needs_reason(&readings),
            conditions: readings.iter().map(|reading| rules::line(reading, &org)).collect(),
        }
    };
    let all: Vec<String> = mine.iter().map(|kind| clause(kind)).collect();
    let groups = sections(&programme, all.iter().map(String::as_str)).into_iter().map(|(id, name)| {
        let own = mine.iter().filter(|kind| section(&programme, &clause(kind)).0 == id);
        Group { name: name.to_owned(), offers: own.map(offer).collect() }
    });
    let view = OpenView { groups: groups.collect() };
    let lead = "按现有数据逐条对照，缺什么写明缺什么；不符合的也可以写明理由申报，由主管部门决定。";
    let page = Page::new("可以申报什么", lead).back("/applications", "申报").kind("list");
    Reply::view("standing/applications/open.html", page, &view)
}
