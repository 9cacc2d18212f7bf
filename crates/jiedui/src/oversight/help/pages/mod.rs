//! Help as one reads it.

pub mod practice;

use super::rules::first_day::VISITS;
use super::rules::words::{self, TERMS};
use super::rules::{self, HELP, Right, Topic};
use crate::network::registry;
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

/// What belongs to no group of the menu.
const OTHERS: &str = "其他";

fn may(ctx: &RequestContext, (resource, action): Right) -> bool {
    ctx.can(resource, action)
}

/// What the caller may do there; where that is nothing, the caller is not told of it.
pub fn tasks(ctx: &RequestContext, topic: &Topic) -> Vec<&'static str> {
    topic.steps.iter().filter(|step| may(ctx, step.right)).map(|step| step.task).collect()
}

#[derive(Serialize)]
struct IndexView {
    groups: Vec<GroupView>,
    practice: bool,
    units: UnitsView,
}

#[derive(Serialize)]
struct GroupView {
    label: &'static str,
    topics: Vec<TopicLine>,
}

#[derive(Serialize)]
struct TopicLine {
    link: Link,
    /// What one does there.
    tasks: String,
}

pub async fn index(ctx: &mut RequestContext) -> Result<Reply> {
    let units = units(ctx).await?;
    let view = IndexView { groups: groups(ctx), practice: ctx.app.demo, units };
    let lead = "按要办的事找。每一页最上面的“帮助”直接打开那一页的说明。";
    Reply::view("oversight/help/index.html", Page::new("帮助", lead).kind("list"), &view)
}

/// What there is for the caller, in the order and in the groups of the menu.
fn groups(ctx: &RequestContext) -> Vec<GroupView> {
    let menu = &ctx.app.site.menu;
    let place = |topic: &Topic| {
        let entry = menu.iter().enumerate().find(|(_, entry)| entry.href == topic.opens());
        entry.map_or((menu.len(), OTHERS), |(at, entry)| (at, entry.group))
    };
    let mut told: Vec<((usize, &'static str), &Topic)> =
        rules::all().map(|topic| (place(topic), topic)).collect();
    told.sort_by_key(|((at, _), _)| *at);
    let mut groups: Vec<GroupView> = Vec::new();
    for ((_, label), topic) in told {
        let tasks = tasks(ctx, topic);
        if tasks.is_empty() {
            continue;
        }
        let line = TopicLine { link: Link::new(topic.href(), topic.title), tasks: tasks.join("；") };
        match groups.iter_mut().find(|group| group.label == label) {
            Some(group) => group.topics.push(line),
            None => groups.push(GroupView { label, topics: vec![line] }),
        }
    }
    groups
}

#[derive(Serialize)]
struct TopicView {
    steps: Vec<StepView>,
    next: &'static str,
    words: Vec<TermView>,
    units: UnitsView,
}

#[derive(Serialize)]
struct StepView {
    link: Link,
    text: &'static str,
}

#[derive(Serialize)]
struct TermView {
    word: &'static str,
    means: &'static str,
}

impl TermView {
    fn of(term: &words::Term) -> Self {
        Self { word: term.word, means: term.means }
    }
}

pub async fn topic(ctx: &mut RequestContext) -> Result<Reply> {
    let topic = rules::topic(&ctx.param("topic")).ok_or(Error::NotFound)?;
    let own = topic.steps.iter().filter(|step| may(ctx, step.right));
    let steps = own.map(|step| StepView { link: Link::new(step.href, step.task), text: step.text }).collect();
    let words = topic.words.iter().filter_map(|word| words::find(word)).map(TermView::of).collect();
    let view = TopicView { steps, next: topic.next, words, units: units(ctx).await? };
    let page = Page::new(format!("帮助：{}", topic.title), topic.about).back(HELP, "帮助").kind("detail");
    Reply::view("oversight/help/topic.html", page, &view)
}

#[derive(Serialize)]
struct WordsView {
    words: Vec<TermView>,
}

pub async fn words(_: &mut RequestContext) -> Result<Reply> {
    let view = WordsView { words: TERMS.iter().map(TermView::of).collect() };
    let page = Page::new("名词解释", "页面上常见的词是什么意思。").back(HELP, "帮助").kind("detail");
    Reply::view("oversight/help/words.html", page, &view)
}

#[derive(Serialize)]
struct FirstDayView {
    visits: Vec<VisitView>,
    /// Whether what is tried is tried on invented data.
    demo: bool,
}

#[derive(Serialize)]
struct VisitView {
    link: Link,
    look: &'static str,
    /// The help of that page.
    help: String,
}

pub async fn first_day(ctx: &mut RequestContext) -> Result<Reply> {
    let own = VISITS.iter().filter(|visit| may(ctx, visit.right));
    let visits = own.map(|visit| VisitView {
        link: Link::new(visit.href, visit.title),
        look: visit.look,
        help: rules::address_of(path_of(visit.href)),
    });
    let view = FirstDayView { visits: visits.collect(), demo: ctx.app.demo };
    let page =
        Page::new("第一天", "大约十分钟，从上往下，一页一页打开看。").back(HELP, "帮助").kind("detail");
    Reply::view("oversight/help/first_day.html", page, &view)
}

fn path_of(href: &str) -> &str {
    href.split_once('?').map_or(href, |(path, _)| path)
}

/// Whom to ask.
#[derive(Serialize)]
struct UnitsView {
    /// Above the caller's own, the nearest first.
    above: Vec<String>,
    /// Where the administrators sit.
    office: String,
    /// Whether the caller can say something about the system.
    complains: bool,
}

async fn units(ctx: &mut RequestContext) -> Result<UnitsView> {
    let org = ctx.actor.org.clone();
    let mut above = registry::names_above(&mut ctx.tx, &org).await?;
    let office = above.last().cloned().unwrap_or_else(|| ctx.actor.org_name.clone());
    // What is nobody's business of work asks nobody above it.
    if !ctx.can("entry", "read") {
        above.clear();
    }
    Ok(UnitsView { above, office, complains: ctx.can("complaint", "create") })
}
