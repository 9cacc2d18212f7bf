//! The partners of a scenario: how many county schools each takes, what one more place would be worth, and who nearly
//! came. Both are differences of solved objectives.

use super::super::actions::scenario::{self as actions, Change, LoadedScenario};
use super::super::rules::body::Limit;
use super::super::rules::facts::Partner;
use super::super::rules::setting::{Setting, side_id, side_name, side_of};
use super::super::rules::solve::{SolveOutcome, objectives, with_choice, with_place};
use super::studio::{Resolved, resolve};
use super::views::{at, at_school, org_link, points, schools};
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_matching::{Draft, Side};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;
use serde_json::json;

/// So many prices and near misses are solved for one page; a big instance shows the dearest.
const MOST: usize = 16;

#[derive(Serialize)]
struct ShowView {
    id: String,
    version: i64,
    editable: bool,
    sides: Vec<SideView>,
    form: [Field; 5],
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct SideView {
    name: &'static str,
    rows: Vec<Row>,
    /// Partners that nobody was given.
    idle: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    partner: Link,
    city: String,
    min: Figure,
    max: Figure,
    used: Figure,
    full: bool,
    #[serde(skip)]
    idle: bool,
    /// What one more place would add to the sum.
    price: Option<Figure>,
    /// The county school that nearly came, and what it lacked.
    near: Option<(Link, Figure)>,
    differs: Option<String>,
    edit: String,
}

/// A partner as the question has it.
struct AskedLimit<'a> {
    side: Side,
    partner: &'a Partner,
    min: i64,
    max: i64,
    used: i64,
}

impl AskedLimit<'_> {
    fn full(&self) -> bool {
        self.used >= self.max
    }
}

fn asked<'a>(setting: &'a Setting, answer: &SolveOutcome) -> Vec<AskedLimit<'a>> {
    let draft = answer.draft();
    let of = |side: Side| {
        // In the order of names, which is that of the facts.
        setting.facts.partners.iter().filter_map(move |partner| {
            let asked = draft.partners(side).iter().find(|asked| asked.id == partner.id)?;
            let used = answer.used(side, &partner.id);
            Some(AskedLimit { side, partner, min: asked.min, max: asked.max, used })
        })
    };
    of(Side::Lead).chain(of(Side::Nearby)).collect()
}

/// What one more place is worth, by the certificate: never less than what it really is.
fn upper(answer: &SolveOutcome, asked: &AskedLimit<'_>) -> f64 {
    let gap = answer.solution().and_then(|solution| Some(solution.bound? - solution.objective?)).unwrap_or(0);
    let price = answer.price(asked.side, &asked.partner.id).map_or(0.0, jiedui_matching::Price::as_points);
    price.max(0.0) + gap as f64
}

/// Prices of one more place at the partners that are full, by their place in the list.
async fn prices(draft: &Draft, answer: &SolveOutcome, all: &[AskedLimit<'_>]) -> Result<Vec<(usize, i64)>> {
    let Some(objective) = answer.objective() else { return Ok(Vec::new()) };
    let mut full: Vec<usize> = (0..all.len()).filter(|at| all[*at].full()).collect();
    full.sort_by(|a, b| upper(answer, &all[*b]).total_cmp(&upper(answer, &all[*a])));
    full.truncate(MOST);
    let asked = full
        .iter()
        .filter_map(|at| with_place(draft, all[*at].side, &all[*at].partner.id).map(|draft| (*at, draft)));
    let (at, drafts): (Vec<usize>, Vec<Draft>) = asked.unzip();
    let found = objectives(drafts, answer.warm()).await?;
    Ok(at.into_iter().zip(found).filter_map(|(at, more)| Some((at, more? - objective))).collect())
}

/// For each full partner the county school that lacks least, judged by the certificate and then solved.
async fn near(
    setting: &Setting,
    draft: &Draft,
    answer: &SolveOutcome,
    all: &[AskedLimit<'_>],
) -> Result<Vec<(usize, String, i64)>> {
    let Some(objective) = answer.objective() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let mut drafts = Vec::new();
    for (at, asked) in all.iter().enumerate().filter(|(_, asked)| asked.full() && asked.max > 0) {
        if drafts.len() >= MOST {
            break;
        }
        let nearest = candidates(setting, answer, asked).into_iter().next();
        let Some(county) = nearest else { continue };
        if let Some(draft) = with_choice(draft, &county, asked.side, &asked.partner.id) {
            drafts.push(draft);
            found.push((at, county));
        }
    }
    let solved = objectives(drafts, answer.warm()).await?;
    let lacks = found.into_iter().zip(solved);
    Ok(lacks.filter_map(|((at, county), with)| Some((at, county, objective - with?))).collect())
}

/// County schools that were not given this partner, those first that lose least by taking it.
fn candidates(setting: &Setting, answer: &SolveOutcome, asked: &AskedLimit<'_>) -> Vec<String> {
    let mut rated: Vec<(i64, String)> = Vec::new();
    for county in setting.taking_part() {
        let Some(pair) = answer.pair(&county.id) else { continue };
        let mine = super::super::rules::solve::chosen(pair, asked.side);
        let other = if asked.side == Side::Lead { &pair.nearby } else { &pair.lead };
        let blocked = mine == asked.partner.id || *other == asked.partner.id;
        if blocked || setting.hindrance(asked.side, county, asked.partner).is_some() {
            continue;
        }
        let both = [setting.facts.partner(&pair.lead), setting.facts.partner(&pair.nearby)];
        let [Some(lead), Some(nearby)] = both else { continue };
        let now = setting.worth(county, lead, nearby).sum();
        let then = match asked.side {
            Side::Lead => setting.worth(county, asked.partner, nearby),
            Side::Nearby => setting.worth(county, lead, asked.partner),
        };
        rated.push((now - then.sum(), county.id.clone()));
    }
    rated.sort();
    rated.into_iter().map(|(_, county)| county).collect()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    page(ctx, &opened, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, opened: &LoadedScenario, errors: Vec<FieldError>) -> Result<Reply> {
    let (setting, answer) = (&opened.setting, &opened.answer);
    let draft = answer.draft();
    let all = asked(setting, answer);
    let prices = prices(draft, answer, &all).await?;
    let near = near(setting, draft, answer, &all).await?;
    let here = format!("{}/partners", at(&opened.row.id));
    let row = |(place, asked): (usize, &AskedLimit<'_>)| {
        let price = prices.iter().find(|(at, _)| *at == place).map(|(_, worth)| *worth);
        let near = near.iter().find(|(at, ..)| *at == place).map(|(_, county, lack)| {
            let there = at_school(&opened.row.id, county);
            let lack = points(*lack, &there, "距入选的分差");
            (Link::new(&there, setting.facts.name(county)), lack)
        });
        (asked.side, one(opened, &here, asked, price, near))
    };
    let rows: Vec<(Side, Row)> = all.iter().enumerate().map(row).collect();
    let mut sides: Vec<SideView> =
        Side::BOTH.map(|side| SideView { name: side_name(side), rows: Vec::new(), idle: Vec::new() }).into();
    for (side, row) in rows {
        let list = &mut sides[usize::from(side == Side::Nearby)];
        if row.idle { list.idle.push(row) } else { list.rows.push(row) }
    }
    let view = ShowView {
        id: opened.row.id.clone(),
        version: opened.row.version,
        editable: opened.is_draft() && ctx.can("matching", "edit"),
        sides,
        form: form(ctx, setting, &errors),
        errors: errors.clone(),
    };
    let page =
        Page::new("各院校的名额", "每所院校最少、最多帮几所，用了几个；多给一个名额，综合得分能多多少。")
            .clause("G1.1")
            .back(at(&opened.row.id), opened.row.name.clone())
            .kind("list");
    Ok(Reply::view("planning/matching/partners.html", page, &view)?.refused(!errors.is_empty()))
}

fn one(
    opened: &LoadedScenario,
    here: &str,
    asked: &AskedLimit<'_>,
    price: Option<i64>,
    near: Option<(Link, Figure)>,
) -> Row {
    let limit = opened.setting.body.limit(asked.side, &asked.partner.id);
    // With room left one more place changes nothing that the certificate would show.
    let idle = (!asked.full() && upper(&opened.answer, asked) < 1.0).then_some(0);
    let edit = format!("{here}?side={}&partner={}#limits", side_id(asked.side), asked.partner.id);
    Row {
        id: asked.partner.id.clone(),
        partner: org_link(&opened.setting.facts, &asked.partner.id),
        city: asked.partner.city.clone(),
        min: schools(asked.min, &edit, "最少名额"),
        max: schools(asked.max, &edit, "最多名额"),
        used: schools(asked.used, at(&opened.row.id), "已用名额"),
        full: asked.full() && asked.max > 0,
        idle: asked.used == 0 && limit.is_none(),
        price: price.or(idle).map(|worth| points(worth, &edit, "多一个名额，综合得分增加")),
        near,
        differs: limit.map(|limit| limit.reason.clone()),
        edit,
    }
}

fn form(ctx: &RequestContext, setting: &Setting, errors: &[FieldError]) -> [Field; 5] {
    let sent = if ctx.form.values.get("_csrf").is_empty() { &ctx.query } else { &ctx.form.values };
    let side = side_of(sent.get("side")).unwrap_or(Side::Lead);
    let partner = setting.facts.partner(sent.get("partner"));
    let now = partner.map(|partner| setting.limits(side, partner));
    let number = |name: &str, known: Option<i64>| {
        let typed = sent.get(name);
        if typed.is_empty() { known.map(|n| n.to_string()).unwrap_or_default() } else { typed.to_owned() }
    };
    let sides = Side::BOTH.map(|side| Choice::new(side_id(side), side_name(side))).to_vec();
    let fits = |partner: &&Partner| partner.facts.high_level || side == Side::Nearby;
    let mut options = vec![Choice::new("", "请选择")];
    let named = setting.facts.partners.iter().filter(fits);
    options.extend(
        named.map(|partner| Choice::new(&partner.id, format!("{}（{}）", partner.name, partner.city))),
    );
    let field = |name: &str, label: &str, value: String| {
        Field::new(name, label).required().value(value).error(errors)
    };
    let count = |name: &str, label: &str, known: Option<i64>| Field {
        unit: "所".to_owned(),
        ..field(name, label, number(name, known))
    };
    [
        field("side", "作为", side_id(side).to_owned()).options(sides),
        field("partner", "院校", sent.get("partner").to_owned()).options(options),
        count("min", "最少", now.map(|now| now.0)),
        count("max", "最多", now.map(|now| now.1)),
        field("reason", "理由", sent.get("reason").to_owned()),
    ]
}

pub async fn save(ctx: &mut RequestContext) -> Result<Prepared<Resolved>> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let min = read.number(&pairs, "min", "最少名额", 0..=999);
    let max = read.number(&pairs, "max", "最多名额", 0..=999);
    let reason = read.required(&pairs, "reason", "理由").to_owned();
    read.text(&pairs, "reason", "理由", 200);
    let side = side_of(pairs.get("side"));
    let partner = opened.setting.facts.partner(pairs.get("partner"));
    if partner.is_none() || side.is_none() {
        read.fail("partner", Code::Missing.says("请选择一所院校。"));
    }
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        read.fail("min", Code::MoreThanWhole.says("最少名额大于最多名额，请核对。"));
    }
    if let (Some(side), Some(partner), Some(min), Some(max), true) =
        (side, partner, min, max, read.errors.is_empty())
    {
        let mut body = opened.setting.body.clone();
        let limit = Limit { side, partner: partner.id.clone(), min, max, reason: reason.clone() };
        let what = json!(limit);
        body.bound(limit, opened.setting.declared(side, partner));
        return resolve(ctx, opened, body, Change { kind: "limit", reason, what });
    }
    page(ctx, &opened, read.errors).await.map(Prepared::Answered)
}
