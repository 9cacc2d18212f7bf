//! The list of things, one tab for each kind, with the typical counties in front (G0.3).

use super::super::actions::places;
use super::super::data::{self, Filters, OutputRow};
use super::super::papers;
use super::super::rules::{self, StageMark};
use crate::network::registry::{self, like, typical_choices};
use crate::shared::choices::clause_choices;
use crate::shared::confirmation;
use chrono::Datelike as _;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::{Output, Programme};
use jiedui_store::{ListCall, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::form::FormValues;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

/// An output as lists show it.
#[derive(Serialize)]
pub struct OutputLine {
    pub href: String,
    pub title: String,
    pub name: String,
    pub issued: bool,
    pub place_name: String,
    pub city: String,
    pub place: String,
    pub typical_class: String,
    pub org_name: String,
    pub since: String,
    pub stage: StageMark,
    pub state: StateMark,
    pub quantity: Option<Figure>,
    pub achieved: Option<Figure>,
}

pub fn line(programme: &Programme, row: &OutputRow) -> OutputLine {
    let kind = programme.output(&row.output);
    let href = format!("/outputs/{}", row.id);
    let figure = |label: &str, value: i64, unit: Unit| {
        (!label.is_empty()).then(|| Figure::of(Reported::Value(value), unit, &href, label))
    };
    OutputLine {
        title: row.title.clone(),
        name: kind.map_or_else(|| "已停用的类型".to_owned(), |kind| kind.name.clone()),
        issued: kind.is_none_or(|kind| kind.definition_issued),
        place_name: row.place_name.clone(),
        city: row.city.clone(),
        place: row.place.clone(),
        typical_class: row.typical_class.clone(),
        org_name: row.org_name.clone(),
        since: row.since.to_string(),
        stage: rules::stage_mark(kind, &row.stage),
        state: rules::state_mark(row),
        quantity: kind.and_then(|kind| figure(&kind.quantity_label, row.quantity, kind.unit)),
        achieved: kind.and_then(|kind| figure(&kind.achieved_label, row.achieved, kind.unit)),
        href,
    }
}

/// One of the three tabs, and all.
#[derive(Serialize)]
struct Tab {
    label: &'static str,
    href: String,
    here: bool,
}

#[derive(Serialize)]
struct ListView {
    tabs: Vec<Tab>,
    #[serde(flatten)]
    list: Listed<OutputLine>,
    can_record: bool,
    export: String,
    waiting: bool,
    /// The type that is looked at, where it is one.
    of: Option<Link>,
    /// The paper of the newest year that has any, where the type has one.
    notice: Option<Link>,
    achieved: bool,
}

/// What the address asks for, for the page and for the workbook.
pub async fn asked(ctx: &mut RequestContext) -> Result<(Listing, Filters)> {
    let programme = ctx.programme();
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/outputs", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "名称或学校"));
    let kind = list.word("kind", |word| rules::KINDS.iter().any(|(id, _)| *id == word));
    let tasks = clauses_of(&programme).into_iter().filter(|(id, _)| !id.is_empty());
    let task = list.choice("task", "任务", tasks.map(|(id, name)| Choice::new(id, name)).collect());
    let output = list.choice("type", "类型", types(&programme, &kind));
    let stage = match programme.output(&output) {
        Some(of) => {
            let stages = of.stages.iter().map(|stage| Choice::new(&stage.id, &stage.name)).collect();
            list.choice("stage", "阶段", stages)
        }
        None => {
            list.passes(&["stage"]);
            String::new()
        }
    };
    let state = list.one_of_or("全部在册", "state", "状态", confirmation::choices(false));
    let city = list.choice("city", "所在市", cities);
    let typical = list.choice("typical", "典型县", typical_choices());
    let place = list.id("school");
    let answerer = if list.flag("waiting", "me") { ctx.actor.org.clone() } else { String::new() };
    let clause = rules::section_pattern(&programme, &task);
    Ok((list, Filters { q, kind, output, clause, state, stage, city, typical, place, answerer }))
}

pub fn call(of: &Filters) -> ListCall {
    let Filters { q, kind, output, clause, stage, city, typical, place, answerer, .. } = of;
    let state = of.state();
    values!(data::LIST { q, kind, output, clause, state, stage, city, typical, place, answerer })
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (list, filters) = asked(ctx).await?;
    let (query, programme) = (ctx.query.clone(), ctx.programme());
    let list = list.fetch::<OutputRow>(&mut ctx.tx, &call(&filters)).await?;
    let kind = query.get("kind");
    // A type belongs to one kind, and a stage to one type.
    let across = FormValues::parse(query.without(&["type", "stage"]).as_bytes());
    let tab = |id: &str, label: &'static str| Tab {
        label,
        href: format!("/outputs?{}", across.with("kind", id)),
        here: kind == id,
    };
    let mut tabs = vec![tab("", "全部")];
    tabs.extend(rules::KINDS.iter().map(|(id, name)| tab(id, name)));
    let of = programme.output(query.get("type"));
    // A list of one type offers to record it only where this organisation could.
    let offered = match of {
        Some(kind) => !places::places(&mut ctx.tx, kind).await?.is_empty(),
        None => true,
    };
    let notice = match of {
        Some(kind) => notice(ctx, kind).await?,
        None => None,
    };
    let view = ListView {
        tabs,
        notice,
        can_record: ctx.can("output", "record") && offered,
        export: format!("/outputs/export?{}", query.with("page", "")),
        waiting: query.get("waiting") == "me",
        of: of.map(|kind| Link::new(format!("/outputs/new/{}", kind.id), kind.name.clone())),
        // A list that is sorted by it shows it, whatever stands on this page.
        achieved: query.get("sort") == "achieved"
            || list
                .rows
                .iter()
                .any(|row| programme.output(&row.output).is_some_and(|kind| !kind.achieved_label.is_empty())),
        list: list.map(|row| line(&programme, &row)),
    };
    let lead = "建成的、承诺的、记下来的，都在这里；一项只登记一次，阶段变了接着记，典型县排在前面。";
    let page = Page::new("建设成果", lead).clause("G0.3").kind("list");
    Reply::view("evidence/outputs/list.html", page, &view)
}

/// The paper of this year or of the last one, where something was recorded.
async fn notice(ctx: &mut RequestContext, of: &Output) -> Result<Option<Link>> {
    let Some(words) = &of.notice else { return Ok(None) };
    let now = ctx.today.year();
    for year in [now, now - 1] {
        let rows = papers::of_year(&mut ctx.tx, of, year).await?;
        if !papers::listed(words, rows).is_empty() {
            let href = format!("/outputs/notices/{}/{year}", of.id);
            return Ok(Some(Link::new(href, format!("{year}年通报代拟稿"))));
        }
    }
    Ok(None)
}

/// The types, grouped by task, of the kind that is looked at.
fn types(programme: &Programme, kind: &str) -> Vec<Choice> {
    let fits = |one: &&Output| kind.is_empty() || rules::kind_id(one.kind) == kind;
    let group = |one: &Output| rules::section(programme, one.clauses.first().map_or("", String::as_str)).1;
    let choice = |one: &Output| Choice { group: group(one).to_owned(), ..Choice::new(&one.id, &one.name) };
    let mut found: Vec<Choice> = programme.outputs.iter().filter(fits).map(choice).collect();
    // Options of a group stand together.
    let order: Vec<&str> = clauses_of(programme).into_iter().map(|(_, name)| name).collect();
    found.sort_by_key(|one| order.iter().position(|name| *name == one.group));
    found
}

fn clauses_of(programme: &Programme) -> Vec<(&str, &str)> {
    let clauses = programme.outputs.iter().filter_map(|one| one.clauses.first());
    rules::sections(programme, clauses.map(String::as_str))
}

/// The name of a sentence of the plan, with its id.
pub fn clause_name(programme: &Programme, id: &str) -> String {
    let found = clause_choices(programme).into_iter().find(|choice| choice.value == id);
    found.map_or_else(|| id.to_owned(), |choice| choice.label)
}
