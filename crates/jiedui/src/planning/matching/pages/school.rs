//! One county school: why this pair, what the next best would cost in total, and what may be decided by hand.

use super::super::actions::scenario::{self as actions, LoadedScenario};
use super::super::rules::body::{Kind, Stance};
use super::super::rules::facts::{County, Partner};
use super::super::rules::setting::{Setting, side_id, side_name};
use super::super::rules::solve::{SolveOutcome, objectives, solve, with_choice};
use super::hand::{HandLine, hand_lines};
use super::stability::FirmLine;
use super::views::{Move, Trouble, at, at_school, org_link, points};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_matching::{Assigned, Side};
use jiedui_programme::FULL_POINTS;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::{Choice, Field, Page, Reply};
use serde::Serialize;

/// So many alternatives are solved exactly for each place.
const ALTERNATIVES: usize = 5;

#[derive(Serialize)]
struct ShowView {
    id: String,
    county: String,
    version: i64,
    editable: bool,
    place: String,
    stance: &'static str,
    present: Option<[Link; 2]>,
    becomes: Option<StateMark>,
    why: Option<Why>,
    /// Which weight would part the pair, where that was made.
    firm: Option<FirmLine>,
    trouble: Option<Trouble>,
    others: Vec<Others>,
    yielding: Vec<Yielding>,
    stances: Field,
    stance_reason: Field,
    reason: Field,
    /// By hand, one list for each place.
    forms: Vec<HandForm>,
    hand: Vec<HandLine>,
    errors: Vec<FieldError>,
}

/// Why a county school has its pair, out of what its value is made, and which need is covered by whom.
#[derive(Debug, Serialize)]
pub struct Why {
    sum: Figure,
    /// What it would be at most, and the part of it that covers needs.
    full: i64,
    full_cover: i64,
    sides: Vec<SideOf>,
    cover: Figure,
    cover_bar: i64,
    needs: Vec<NeedLine>,
}

#[derive(Debug, Serialize)]
struct SideOf {
    name: &'static str,
    partner: Link,
    place: String,
    sum: Figure,
    full: i64,
    bars: Vec<Bar>,
}

#[derive(Debug, Serialize)]
struct Bar {
    name: String,
    about: String,
    clause: String,
    points: Figure,
    weight: i64,
    adds: Figure,
    /// What it could add at most.
    full: i64,
    /// Of 100.
    bar: i64,
}

#[derive(Debug, Serialize)]
struct NeedLine {
    clause: String,
    titles: Vec<String>,
    weight: Figure,
    by: Vec<String>,
    adds: Figure,
}

impl Why {
    /// `href` is where the figures lead.
    pub fn of(setting: &Setting, county: &County, lead: &Partner, nearby: &Partner, href: &str) -> Self {
        let worth = setting.worth(county, lead, nearby);
        let side = |side: Side, partner: &Partner, sum: i64| SideOf {
            name: side_name(side),
            partner: org_link(&setting.facts, &partner.id),
            place: partner.city.clone(),
            sum: points(sum, href, format!("{}一侧的得分", side_name(side))),
            full: setting.full(side),
            bars: bars(setting, side, county, partner, href),
        };
        Self {
            sum: points(worth.sum(), href, "这一对的得分").big(),
            full: setting.full_pair(),
            full_cover: FULL_POINTS,
            sides: vec![side(Side::Lead, lead, worth.lead), side(Side::Nearby, nearby, worth.nearby)],
            cover: points(worth.cover, href, "需求覆盖的得分"),
            cover_bar: worth.cover * 100 / FULL_POINTS,
            needs: needs(setting, county, [lead, nearby], href),
        }
    }
}

fn bars(setting: &Setting, side: Side, county: &County, partner: &Partner, href: &str) -> Vec<Bar> {
    // What weighs nothing here says nothing about the pair.
    let mut lines = setting.breakdown(side, county, partner);
    lines.retain(|line| line.weight > 0);
    let one = |line: jiedui_programme::ScoreLine| {
        let component = setting.rules.rules.component(&line.component)?;
        Some(Bar {
            name: component.name.clone(),
            about: component.about.clone(),
            clause: component.clause.clone(),
            points: points(line.points, href, "这一项的得分（满分一万）"),
            weight: line.weight,
            adds: points(line.contribution, href, "乘以权重后计入综合得分"),
            full: line.weight * FULL_POINTS / 100,
            bar: line.points * 100 / FULL_POINTS,
        })
    };
    lines.into_iter().filter_map(one).collect()
}

fn needs(setting: &Setting, county: &County, pair: [&Partner; 2], href: &str) -> Vec<NeedLine> {
    let covers = pair.map(|partner| setting.cover(partner));
    let weights = setting.need_weights(county);
    let sentences = setting.rules.sentences.iter().enumerate();
    let one = |(at, sentence): (usize, &String)| {
        let weight = weights.get(at).copied().filter(|weight| *weight > 0)?;
        let of = |cover: &Vec<i64>| cover.get(at).copied().unwrap_or(0);
        let best = covers.iter().map(of).max().unwrap_or(0);
        let by = pair.iter().zip(&covers).filter(|(_, cover)| best > 0 && of(cover) == best);
        let mine = county.needs.iter().filter(|need| need.clause == *sentence);
        Some(NeedLine {
            clause: sentence.clone(),
            titles: mine.map(|need| need.title.clone()).collect(),
            weight: points(weight, href, "这一类需求的分量（合计一百）"),
            by: by.map(|(partner, _)| partner.name.clone()).collect(),
            adds: points(weight * best, href, "覆盖这一类需求的得分"),
        })
    };
    sentences.filter_map(one).collect()
}

/// The next best for one place.
#[derive(Serialize)]
struct Others {
    side: &'static str,
    full: Figure,
    rows: Vec<Other>,
}

#[derive(Serialize)]
struct Other {
    partner: Link,
    place: String,
    score: Figure,
    /// What it would cost in total: so many points more, and it would be chosen.
    loss: Option<Figure>,
    /// It would do as well.
    tie: bool,
}

/// Another partner for one place, and by how much the total would be less with it; none where there would be no pairing.
struct Alternative<'a> {
    side: Side,
    partner: &'a Partner,
    loss: Option<i64>,
}

/// The likeliest alternatives for each place, judged by the prices of the certificate, and then solved exactly.
async fn alternatives<'a>(opened: &'a LoadedScenario, county: &County) -> Result<Vec<Alternative<'a>>> {
    let (setting, answer) = (&opened.setting, &opened.answer);
    let (Some(pair), Some(objective)) = (answer.pair(&county.id), answer.objective()) else {
        return Ok(Vec::new());
    };
    let chosen = [setting.facts.partner(&pair.lead), setting.facts.partner(&pair.nearby)];
    let [Some(lead), Some(nearby)] = chosen else { return Ok(Vec::new()) };
    let mut asked: Vec<(Side, &Partner)> = Vec::new();
    let mut drafts = Vec::new();
    for side in Side::BOTH {
        let mut likely = likely(setting, answer, county, side, (lead, nearby));
        likely.truncate(ALTERNATIVES);
        for partner in likely {
            if let Some(draft) = with_choice(answer.draft(), &county.id, side, &partner.id) {
                drafts.push(draft);
                asked.push((side, partner));
            }
        }
    }
    let found = objectives(drafts, answer.warm()).await?;
    let one = |((side, partner), with): ((Side, &'a Partner), Option<i64>)| Alternative {
        side,
        partner,
        loss: with.map(|with| objective - with),
    };
    Ok(asked.into_iter().zip(found).map(one).collect())
}

async fn others(opened: &LoadedScenario, county: &County) -> Result<Vec<Others>> {
    let setting = &opened.setting;
    let here = at_school(&opened.row.id, &county.id);
    let mut rows: Vec<(Side, Option<i64>, Other)> = Vec::new();
    for Alternative { side, partner, loss } in alternatives(opened, county).await? {
        let other = Other {
            partner: org_link(&setting.facts, &partner.id),
            place: partner.city.clone(),
            score: points(setting.score(side, county, partner), &here, "这一侧的得分"),
            loss: loss.map(|loss| points(loss, &here, "改选它，综合得分减少；它再高出这么多分就轮到它")),
            tie: loss == Some(0),
        };
        rows.push((side, loss, other));
    }
    rows.sort_by_key(|(side, loss, _)| (*side, loss.is_none(), *loss));
    let mut lists: Vec<Others> = Side::BOTH
        .map(|side| Others {
            side: side_name(side),
            full: points(setting.full(side), &here, "这一侧的满分"),
            rows: Vec::new(),
        })
        .into();
    for (side, _, other) in rows {
        lists[usize::from(side == Side::Nearby)].rows.push(other);
    }
    Ok(lists)
}

/// An alternative as the parties of a proposed pair see it: no order among them, and no price.
#[derive(Serialize)]
pub struct Near {
    partner: Link,
    side: &'static str,
    place: String,
    score: Figure,
    /// The most that this side could have.
    full: Figure,
}

/// So many alternatives are shown to the parties of a proposed pair.
const NEAREST: usize = 2;

/// The alternatives of a county school that lack least, in the order of names; `href` is where their figures lead.
pub async fn nearest(opened: &LoadedScenario, county: &County, href: &str) -> Result<Vec<Near>> {
    let setting = &opened.setting;
    let mut found = alternatives(opened, county).await?;
    found.retain(|one| one.loss.is_some());
    found.sort_by_key(|one| one.loss);
    found.truncate(NEAREST);
    found.sort_by_key(|one| setting.facts.partners.iter().position(|partner| partner.id == one.partner.id));
    let near = |one: Alternative<'_>| Near {
        partner: org_link(&setting.facts, &one.partner.id),
        side: side_name(one.side),
        place: one.partner.city.clone(),
        score: points(setting.score(one.side, county, one.partner), href, "这一侧的得分"),
        full: points(setting.full(one.side), href, "这一侧的满分"),
    };
    Ok(found.into_iter().map(near).collect())
}

/// What would have to yield if the school kept its present lead, or got what it wishes for: solved with that choice
/// settled, and held against the answer.
#[derive(Serialize)]
struct Yielding {
    what: &'static str,
    side: &'static str,
    partner: Link,
    loss: Option<Figure>,
    moves: Vec<Yields>,
}

/// Another county school whose pair would change.
#[derive(Serialize)]
struct Yields {
    school: Link,
    before: [Link; 2],
    after: [Link; 2],
}

/// The partners that the school has now or wishes for, and did not get.
fn wanted<'a>(opened: &'a LoadedScenario, county: &County) -> Vec<(&'static str, Side, &'a Partner)> {
    let setting = &opened.setting;
    let Some(pair) = opened.answer.pair(&county.id) else { return Vec::new() };
    let taken = |org: &str| pair.lead == org || pair.nearby == org;
    let present = county
        .present
        .iter()
        .flat_map(|present| Side::BOTH.map(|side| ("保留现有的", side, present.of(side).to_owned())));
    let wished = setting
        .facts
        .bonds
        .iter()
        .filter(|bond| bond.county_school == county.id && bond.facts.wish_of_county > 0);
    let wished = wished.map(|bond| ("按学校的意愿", bond.side, bond.partner.clone()));
    let mut found: Vec<(&'static str, Side, &Partner)> = Vec::new();
    for (what, side, org) in present.chain(wished) {
        let Some(partner) = setting.facts.partner(&org).filter(|_| !taken(&org)) else { continue };
        let known = found.iter().any(|(_, other, one)| *other == side && one.id == org);
        if !known && setting.hindrance(side, county, partner).is_none() {
            found.push((what, side, partner));
        }
    }
    found.truncate(MOST_WANTED);
    found
}

/// So many wishes are followed up: each is a solution of its own.
const MOST_WANTED: usize = 4;

async fn yielding(opened: &LoadedScenario, county: &County) -> Result<Vec<Yielding>> {
    let (setting, answer) = (&opened.setting, &opened.answer);
    let mut rows = Vec::new();
    for (what, side, partner) in wanted(opened, county) {
        let Some(draft) = with_choice(answer.draft(), &county.id, side, &partner.id) else { continue };
        let other = solve(draft, answer.warm(), false).await?;
        let here = at_school(&opened.row.id, &county.id);
        let loss = answer.objective().zip(other.objective()).map(|(now, then)| now - then);
        rows.push(Yielding {
            what,
            side: side_name(side),
            partner: org_link(&setting.facts, &partner.id),
            loss: loss.map(|loss| points(loss, here, "这样改，综合得分减少")),
            moves: moves(opened, county, &other),
        });
    }
    Ok(rows)
}

fn moves(opened: &LoadedScenario, county: &County, other: &SolveOutcome) -> Vec<Yields> {
    let facts = &opened.setting.facts;
    let links = |pair: &Assigned| [org_link(facts, &pair.lead), org_link(facts, &pair.nearby)];
    let pairs = opened.answer.solution().map(|found| found.assignment.as_slice()).unwrap_or_default();
    let changed = pairs.iter().filter(|pair| pair.county_school != county.id).filter_map(|before| {
        let after = other.pair(&before.county_school).filter(|after| *after != before)?;
        let school = &before.county_school;
        let school = Link::new(at_school(&opened.row.id, school), facts.name(school));
        Some(Yields { school, before: links(before), after: links(after) })
    });
    changed.collect()
}

/// Partners that could be chosen for a place instead, the likeliest first.
fn likely<'a>(
    setting: &'a Setting,
    answer: &SolveOutcome,
    county: &County,
    side: Side,
    (lead, nearby): (&Partner, &Partner),
) -> Vec<&'a Partner> {
    let taken = [&lead.id, &nearby.id];
    let allowed = |partner: &&Partner| {
        !taken.contains(&&partner.id) && setting.hindrance(side, county, partner).is_none()
    };
    let value = |partner: &Partner| {
        let worth = match side {
            Side::Lead => setting.worth(county, partner, nearby),
            Side::Nearby => setting.worth(county, lead, partner),
        };
        let price = answer.price(side, &partner.id).map_or(0.0, jiedui_matching::Price::as_points);
        worth.sum() - price.round() as i64
    };
    let mut rated: Vec<(i64, &Partner)> =
        setting.facts.partners.iter().filter(allowed).map(|partner| (value(partner), partner)).collect();
    rated.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    rated.into_iter().map(|(_, partner)| partner).collect()
}

/// One list of partners for a place, with what may be done about each.
#[derive(Serialize)]
struct HandForm {
    side: &'static str,
    name: &'static str,
    partner: Field,
    kinds: Field,
    /// Several may be excluded at once.
    excluded: Field,
}

fn hand_form(opened: &LoadedScenario, county: &County, side: Side, errors: &[FieldError]) -> HandForm {
    let setting = &opened.setting;
    let now =
        opened.answer.pair(&county.id).map(|pair| super::super::rules::solve::chosen(pair, side).to_owned());
    let fits = |partner: &&Partner| {
        setting.body.forbids(&county.id, side, &partner.id)
            || setting.hindrance(side, county, partner).is_none()
    };
    let choice = |partner: &Partner| {
        let label = if now.as_ref() == Some(&partner.id) {
            format!("{}（{}，现在选的）", partner.name, partner.city)
        } else {
            format!("{}（{}）", partner.name, partner.city)
        };
        Choice::new(&partner.id, label)
    };
    let options: Vec<Choice> = setting.facts.partners.iter().filter(fits).map(choice).collect();
    let fixing = Kind::ALL.into_iter().filter(|(kind, ..)| kind.fixes());
    let kinds = fixing.map(|(_, id, name)| Choice::new(id, name)).collect();
    let excluded = Field::new("partner", "排除哪几所").required().options(options.clone()).error(errors);
    HandForm {
        side: side_id(side),
        name: side_name(side),
        partner: Field::new("partner", side_name(side))
            .required()
            .options(options)
            .value(now.unwrap_or_default())
            .error(errors),
        kinds: Field::new("kind", "怎么办").required().options(kinds).error(errors),
        excluded,
    }
}

/// How it may take part: one without a pairing has nothing to keep.
fn stances(school: &County) -> Vec<Choice> {
    let fits = |stance: Stance| school.present.is_some() || matches!(stance, Stance::Free | Stance::Out);
    let all = Stance::ALL.iter().filter(|(stance, ..)| fits(*stance));
    all.map(|(_, id, name)| Choice::new(*id, *name)).collect()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, county) = (ctx.param("id"), ctx.param("county"));
    let opened = actions::open(&mut ctx.tx, &id).await?;
    page(ctx, &opened, &county, Vec::new()).await
}

/// The page of one county school; with what is wrong where a form was refused.
pub async fn page(
    ctx: &mut RequestContext,
    opened: &LoadedScenario,
    county: &str,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let setting = &opened.setting;
    let school = setting.facts.county(county).ok_or(Error::NotFound)?;
    let here = at_school(&opened.row.id, county);
    let pair = opened.answer.pair(county);
    let named = pair
        .and_then(|pair| Some((setting.facts.partner(&pair.lead)?, setting.facts.partner(&pair.nearby)?)));
    let stance = setting.stance(school);
    let editable = opened.is_draft() && ctx.can("matching", "edit");
    let chooses = matches!(stance, Stance::Review | Stance::Free);
    let form = &ctx.form.values;
    let view = ShowView {
        id: opened.row.id.clone(),
        county: county.to_owned(),
        version: opened.row.version,
        editable,
        place: format!("{}{}", school.city, if school.city == school.place { "" } else { &school.place }),
        stance: stance.name(),
        present: school
            .present
            .as_ref()
            .map(|present| [&present.lead, &present.nearby].map(|org| org_link(&setting.facts, org))),
        becomes: pair.map(|pair| Move::of(school, pair).mark()),
        why: named.map(|(lead, nearby)| Why::of(setting, school, lead, nearby, &here)),
        firm: FirmLine::of(opened, county),
        trouble: Trouble::of(&opened.row.id, setting, &opened.answer),
        others: if chooses { others(opened, school).await? } else { Vec::new() },
        yielding: if chooses { yielding(opened, school).await? } else { Vec::new() },
        stances: Field::new("stance", "参加方式")
            .required()
            .options(stances(school))
            .value(stance.id())
            .error(&errors),
        stance_reason: Field::new("stance-reason", "理由")
            .required()
            .value(form.get("stance-reason"))
            .error(&errors),
        reason: Field::new("reason", "理由").required().value(form.get("reason")).error(&errors),
        forms: if chooses {
            Side::BOTH.map(|side| hand_form(opened, school, side, &errors)).into()
        } else {
            Vec::new()
        },
        hand: hand_lines(&opened.row.id, setting).into_iter().filter(|line| line.is_of(county)).collect(),
        errors: errors.clone(),
    };
    let page = Page::new(school.name.clone(), "为什么这样结对，改选别的要付出多少，可以怎样人工决定。")
        .clause("G0.1")
        .clause("G1.1")
        .back(at(&opened.row.id), opened.row.name.clone())
        .kind("detail");
    Ok(Reply::view("planning/matching/school.html", page, &view)?.refused(!errors.is_empty()))
}
