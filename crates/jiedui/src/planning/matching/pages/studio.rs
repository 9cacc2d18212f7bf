//! One scenario: map and table side by side, weights whose effect shows at once, what no pair covers.

use super::super::actions::scenario::{self as actions, Change, LoadedScenario};
use super::super::data::ScenarioState;
use super::super::rules::body::{Body, Switch, Weight};
use super::super::rules::facts::{self, County};
use super::super::rules::setting::{Rules, Setting, side_name};
use super::super::rules::solve::{self, SolveOutcome};
use super::downloads;
use super::hand::{ChangesLine, HandLine, hand_lines};
use super::map::Map;
use super::views::{
    Head, Move, Trouble, at, at_school, hand_mark, kind_name, partner_link, points, scenario_mark, schools,
};
use crate::network::pairings::rules::undo_until as undo_until_of;
use jiedui_kernel::{Code, FieldError, Reported, Result, Unit};
use jiedui_matching::{Assigned, Side};
use jiedui_programme::{Component, PartnerRole, WEIGHTS};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{self, TimelineItem};
use jiedui_web::reply::{Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;
use serde_json::json;

pub const WORDS: [(&str, &str); 14] = [
    ("make", "新建方案"),
    ("weights", "调整权重"),
    ("stance", "改变参加方式"),
    ("choose", "人工决定"),
    ("lift", "取消人工决定"),
    ("limit", "调整名额"),
    ("refresh", "改用最新数据"),
    ("drop", "归档"),
    ("consult", "征求意见"),
    ("close", "结束征求意见"),
    ("publish", "公布"),
    ("take_back", "撤销公布"),
    ("changes", "限定更换"),
    ("firmness", "计算权重改多少结对会变"),
];

#[derive(Serialize)]
struct ShowView {
    id: String,
    name: String,
    version: i64,
    state: StateMark,
    kind: &'static str,
    day: String,
    starts_on: Option<String>,
    /// Until which day the publication can be undone.
    undo_until: Option<String>,
    editable: bool,
    edits: bool,
    publishes: bool,
    /// Somebody else publishes it.
    waits: bool,
    /// Shown, not saved: weights in the address differ from the saved ones.
    preview: bool,
    stale: bool,
    head: Head,
    /// County schools whose pair is another than the saved one: sums under different weights are not compared.
    moved: Option<Figure>,
    /// A pairing was found, so that something can be published.
    solved: bool,
    trouble: Option<Trouble>,
    sliders: Vec<Slider>,
    other_city: bool,
    differs: Vec<Differs>,
    hand: Vec<HandLine>,
    most_changes: Option<ChangesLine>,
    map: Map,
    lines: Vec<PairLine>,
    changed: Figure,
    uncovered: Vec<Uncovered>,
    history: Vec<TimelineItem>,
    files: Vec<Link>,
    errors: Vec<FieldError>,
    reason: String,
}

#[derive(Serialize)]
struct Slider {
    name: String,
    label: String,
    side: &'static str,
    value: i64,
    usual: i64,
    about: String,
    clause: String,
}

/// A weight or switch that is not the programme's.
#[derive(Serialize)]
struct Differs {
    label: String,
    usual: String,
    here: String,
    reason: String,
}

#[derive(Serialize)]
struct PairLine {
    id: String,
    school: Link,
    city: String,
    place: String,
    /// The class of need of the county school; "" where it has none.
    need: String,
    lead: Link,
    nearby: Link,
    value: Figure,
    becomes: StateMark,
    /// Another pair would do as well.
    tie: bool,
    hand: Vec<String>,
}

/// A need that neither partner of its school covers.
#[derive(Serialize)]
struct Uncovered {
    school: Link,
    clause: String,
    rank: i64,
    title: String,
    href: String,
}

pub fn said(answer: &SolveOutcome) -> &'static str {
    match answer.status() {
        "optimal" => "已算出综合得分最高的结对，并证明没有更好的。",
        "feasible" => "已算出一组结对；还没有证明是最好的，页面上写着与理论最高分的差距。",
        "undecided" => "在规定的步数内没有算出结果；请减少参加的学校或放宽名额后再试。",
        "infeasible" => "按现在的条件没有可行的结对；页面上写着原因和可以调整的地方。",
        _ => "条件不全，还不能计算；页面上写着缺什么。",
    }
}

/// The saved body with the weights and the switch of a form or an address; what is the programme's is left out.
fn weighed(setting: &Setting, sent: &FormValues, reason: &str) -> Result<Body> {
    let mut body = setting.body.clone();
    let mut read = Reader::default();
    read.text(sent, "reason", "理由", 200);
    for component in &setting.rules.rules.components {
        let field = format!("w-{}", component.id);
        if sent.get(&field).is_empty() {
            continue;
        }
        let Some(value) = read.number(sent, &field, &component.name, WEIGHTS) else { continue };
        let old = body.weights.get(&component.id);
        if value == component.weight {
            body.weights.remove(&component.id);
        } else if old.is_none_or(|old| old.value != value) {
            body.weights.insert(component.id.clone(), Weight { value, reason: reason.to_owned() });
        }
    }
    let on = match sent.get("other-city") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if let Some(on) = on.filter(|on| *on != setting.other_city()) {
        let usual = setting.rules.rules.lead_other_city;
        body.other_city = (on != usual).then(|| Switch { on, reason: reason.to_owned() });
    }
    read.done()?;
    Ok(body)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let query = ctx.query.clone();
    show_page(ctx, &opened, &query, Vec::new()).await
}

/// A scenario under other weights than the saved ones, solved but not kept; none where the address asks for nothing else.
async fn preview(opened: &LoadedScenario, sent: &FormValues) -> Result<Option<(Setting, SolveOutcome)>> {
    let Some(body) = weighed(&opened.setting, sent, "").ok().filter(|body| *body != opened.setting.body)
    else {
        return Ok(None);
    };
    if !opened.is_draft() {
        return Ok(None);
    }
    let setting = opened.setting.with(body);
    let answer = solve::solve(setting.draft(), opened.answer.warm(), false).await?;
    Ok(Some((setting, answer)))
}

async fn show_page(
    ctx: &mut RequestContext,
    opened: &LoadedScenario,
    sent: &FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let shown = preview(opened, sent).await?;
    let stale = opened.is_draft() && shown.is_none() && is_stale(ctx, opened).await?;
    let history = history::of(&mut ctx.tx, &opened.row.id).await?;
    let bad = !errors.is_empty();
    let editable = opened.is_draft() && ctx.can("matching", "edit");
    let view = ShowView {
        edits: ctx.can("matching", "edit"),
        publishes: opened.is_draft() && ctx.can("matching", "publish"),
        waits: opened.is_draft() && ctx.is_released_by_another("matching", "publish"),
        editable,
        stale,
        undo_until: undo_until(ctx, opened),
        history: history::timeline(&history, &WORDS),
        reason: sent.get("reason").to_owned(),
        errors,
        ..view(opened, shown.as_ref())
    };
    let page =
        Page::new(opened.row.name.clone(), "地图和表格说的是同一组结对；点一所学校看它为什么这样结对。")
            .clause("G0.1")
            .clause("G0.3")
            .clause("G1.1")
            .back("/matching", "结对测算")
            .kind("overview");
    Ok(Reply::view("planning/matching/studio.html", page, &view)?.refused(bad))
}

/// How many county schools get another pair than in the saved answer.
fn moved(answer: &SolveOutcome, saved: &SolveOutcome) -> i64 {
    let pairs = answer.solution().map(|found| found.assignment.as_slice()).unwrap_or_default();
    pairs.iter().filter(|pair| saved.pair(&pair.county_school) != Some(*pair)).count() as i64
}

/// What follows from the scenario alone.
fn view(opened: &LoadedScenario, shown: Option<&(Setting, SolveOutcome)>) -> ShowView {
    let saved = (&opened.setting, &opened.answer);
    let (setting, answer) = shown.map_or(saved, |(setting, answer)| (setting, answer));
    let (row, preview) = (&opened.row, shown.is_some());
    let lines = lines(&row.id, setting, answer);
    let changed = lines.iter().filter(|(moved, _)| moved.changes()).count() as i64;
    let moved = (preview && answer.objective().is_some()).then(|| moved(answer, &opened.answer));
    ShowView {
        id: row.id.clone(),
        name: row.name.clone(),
        version: row.version,
        state: scenario_mark(row.state),
        kind: kind_name(&row.kind),
        day: row.day.to_string(),
        starts_on: row.starts_on.map(|day| day.to_string()),
        undo_until: None,
        editable: false,
        edits: false,
        publishes: false,
        waits: false,
        preview,
        stale: false,
        head: Head::of(row, setting, answer),
        moved: moved
            .map(|count| schools(count, format!("{}#pairs", at(&row.id)), "与已保存的结对不同的县级院校")),
        solved: answer.objective().is_some(),
        trouble: Trouble::of(&row.id, setting, answer),
        sliders: sliders(setting),
        other_city: setting.other_city(),
        differs: differs(setting),
        hand: hand_lines(&row.id, setting),
        most_changes: ChangesLine::of(setting, &format!("{}/changes", at(&row.id))),
        map: Map::of(&row.id, setting, answer),
        changed: Figure::of(
            if answer.objective().is_some() { Reported::Value(changed) } else { Reported::NotApplicable },
            Unit::Schools,
            format!("{}#pairs", at(&row.id)),
            "与现有结对不同的县级院校",
        ),
        lines: lines.into_iter().map(|(_, line)| line).collect(),
        uncovered: uncovered(&row.id, setting, answer),
        files: if preview { Vec::new() } else { downloads::links(opened, &at(&row.id)) },
        history: Vec::new(),
        errors: Vec::new(),
        reason: String::new(),
    }
}

/// Until which day somebody who may can undo the publication; what rests on it is told on the page that asks.
fn undo_until(ctx: &RequestContext, opened: &LoadedScenario) -> Option<String> {
    let published = opened.row.published_on.filter(|_| opened.row.state == ScenarioState::Published)?;
    let until = undo_until_of(&ctx.programme(), published);
    (ctx.can("matching", "publish") && ctx.today <= until).then(|| until.to_string())
}

/// Whether registry, needs, capacities or the programme say something else by now.
async fn is_stale(ctx: &mut RequestContext, opened: &LoadedScenario) -> Result<bool> {
    let programme = ctx.programme();
    let now = facts::read(&mut ctx.tx, &programme).await?;
    Ok(now.json()? != opened.result.facts || Rules::of(&ctx.programme()).json()? != opened.result.rules)
}

fn sliders(setting: &Setting) -> Vec<Slider> {
    let one = |component: &Component| Slider {
        name: format!("w-{}", component.id),
        label: component.name.clone(),
        side: match component.side {
            PartnerRole::Lead => side_name(Side::Lead),
            PartnerRole::Nearby => side_name(Side::Nearby),
        },
        value: setting.weight(component),
        usual: component.weight,
        about: component.about.clone(),
        clause: component.clause.clone(),
    };
    setting.rules.rules.components.iter().map(one).collect()
}

fn differs(setting: &Setting) -> Vec<Differs> {
    let components = setting.rules.rules.components.iter().filter_map(|component| {
        let weight = setting.body.weights.get(&component.id)?;
        Some(Differs {
            label: component.name.clone(),
            usual: component.weight.to_string(),
            here: weight.value.to_string(),
            reason: weight.reason.clone(),
        })
    });
    let word = |on: bool| if on { "必须来自外市" } else { "不限" }.to_owned();
    let switch = setting.body.other_city.as_ref().map(|switch| Differs {
        label: "牵头院校来自外市".to_owned(),
        usual: word(setting.rules.rules.lead_other_city),
        here: word(switch.on),
        reason: switch.reason.clone(),
    });
    components.chain(switch).collect()
}

/// The pairs in the order of names.
fn lines(id: &str, setting: &Setting, answer: &SolveOutcome) -> Vec<(Move, PairLine)> {
    let ties = answer.solution().map(|solution| solution.ties.as_slice()).unwrap_or_default();
    let one = |county: &County| {
        let pair = answer.pair(&county.id)?;
        let moved = Move::of(county, pair);
        Some((moved, line(id, setting, county, pair, (moved, ties.contains(&county.id)))?))
    };
    setting.taking_part().filter_map(one).collect()
}

fn line(
    id: &str,
    setting: &Setting,
    county: &County,
    pair: &Assigned,
    (moved, tie): (Move, bool),
) -> Option<PairLine> {
    let (lead, nearby) = (setting.facts.partner(&pair.lead)?, setting.facts.partner(&pair.nearby)?);
    let href = at_school(id, &county.id);
    let need = setting.rules.rules.class_of(county.facts.lacks);
    Some(PairLine {
        id: county.id.clone(),
        school: Link::new(&href, &county.name),
        city: county.city.clone(),
        place: county.place.clone(),
        need: need.map(|class| class.name.clone()).unwrap_or_default(),
        lead: partner_link(Some(lead), &pair.lead),
        nearby: partner_link(Some(nearby), &pair.nearby),
        value: points(setting.worth(county, lead, nearby).sum(), href, "这一对的得分"),
        becomes: moved.mark(),
        tie,
        hand: hand_mark(setting, county),
    })
}

fn uncovered(id: &str, setting: &Setting, answer: &SolveOutcome) -> Vec<Uncovered> {
    let mut rows = Vec::new();
    for county in setting.taking_part() {
        let Some(pair) = answer.pair(&county.id) else { continue };
        let covers = [&pair.lead, &pair.nearby]
            .map(|org| setting.facts.partner(org).map(|partner| setting.cover(partner)).unwrap_or_default());
        for need in &county.needs {
            let at = setting.rules.sentences.iter().position(|sentence| *sentence == need.clause);
            let best = at.map(|at| covers.iter().filter_map(|cover| cover.get(at)).max().copied());
            if best.flatten().unwrap_or(0) == 0 {
                rows.push(Uncovered {
                    school: Link::new(at_school(id, &county.id), &county.name),
                    clause: need.clause.clone(),
                    rank: need.rank,
                    title: need.title.clone(),
                    href: format!("/needs/{}", need.id),
                });
            }
        }
    }
    rows
}

/// Takes the weights of the form in, with the reason for those that are not the programme's.
pub async fn weights(ctx: &mut RequestContext) -> Result<Prepared<Resolved>> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.text(&pairs, "reason", "理由", 200).to_owned();
    let body = match weighed(&opened.setting, &pairs, &reason).or_wrong()? {
        Ok(body) => body,
        Err(errors) => {
            return show_page(ctx, &opened, &pairs, errors).await.map(Prepared::Answered);
        }
    };
    let back = body.weights.is_empty() && body.other_city.is_none();
    if reason.is_empty() && !back {
        read.fail("reason", Code::Missing.says("权重与方案规定的不同时，请写明理由；公布时理由会一并公开。"));
    }
    if body == opened.setting.body {
        read.fail("", Code::Unchanged.says("权重没有变化，不用保存。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return show_page(ctx, &opened, &pairs, errors).await.map(Prepared::Answered);
    }
    let what = json!({ "weights": body.weights, "other_city": body.other_city });
    resolve(ctx, opened, body, Change { kind: "weights", reason, what })
}

/// A scenario with another setting, solved and not yet kept.
pub struct Resolved {
    opened: LoadedScenario,
    version: i64,
    setting: Setting,
    answer: SolveOutcome,
    change: Change,
}

/// Solves a scenario with another body.
pub fn resolve(
    ctx: &RequestContext,
    opened: LoadedScenario,
    body: Body,
    change: Change,
) -> Result<Prepared<Resolved>> {
    resolve_with(ctx, opened, move |_| Ok((body, change)))
}

/// Solves a scenario with a body that is made on the way, because making it is as slow.
pub fn resolve_with(
    ctx: &RequestContext,
    opened: LoadedScenario,
    make: impl FnOnce(&LoadedScenario) -> Result<(Body, Change)> + Send + 'static,
) -> Result<Prepared<Resolved>> {
    let version = ctx.form_version()?;
    Ok(Prepared::work(Kind::Solving, move || {
        let (body, change) = make(&opened)?;
        let setting = opened.setting.with(body);
        let answer = solve::answer(setting.draft(), opened.answer.warm(), true);
        Ok(Resolved { opened, version, setting, answer, change })
    }))
}

/// Keeps what was solved.
pub async fn keep(ctx: &mut RequestContext, resolved: Resolved) -> Result<Reply> {
    let Resolved { opened, version, setting, answer, change } = resolved;
    actions::change(&mut ctx.tx, &opened, version, &setting, &answer, change).await?;
    Ok(Reply::done(at(&opened.row.id), Flash::done(said(&answer))))
}

/// Takes the facts and the programme's rules of today.
pub async fn refresh(ctx: &mut RequestContext) -> Result<Prepared<Resolved>> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let version = ctx.form_version()?;
    let programme = ctx.programme();
    let facts = facts::read(&mut ctx.tx, &programme).await?;
    let rules = Rules::of(&ctx.programme());
    Ok(Prepared::work(Kind::Solving, move || {
        let setting = Setting::new(facts, rules, &opened.row.kind, opened.setting.body.clone());
        let answer = solve::answer(setting.draft(), opened.answer.warm(), true);
        let what = json!({ "before": opened.row.day });
        let change = Change { kind: "refresh", reason: String::new(), what };
        Ok(Resolved { opened, version, setting, answer, change })
    }))
}

pub async fn discard(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let version = ctx.form_version()?;
    actions::discard(&mut ctx.tx, &opened, version).await?;
    Ok(Reply::done("/matching", Flash::done("已归档这次测算；它的办理记录仍留在日志里。")))
}
