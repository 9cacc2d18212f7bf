//! The page of all targets, or of those that stand in one state, and of all indicators by the part of the plan that they belong to.

use super::super::{Facts, Slice, is_state, pair, told_figures};
use super::leading;
use super::parts;
use super::targets::{TargetLine, states, target_line};
use crate::network::registry;
use chrono::Datelike as _;
use jiedui_kernel::{Result, Unit};
use jiedui_programme::{Indicator, Programme, Target};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::listing::{Around, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct TargetsView {
    #[serde(flatten)]
    around: Around,
    targets: Vec<TargetLine>,
    groups: Vec<Group>,
}

/// The indicators of one part of the plan.
#[derive(Serialize)]
struct Group {
    name: String,
    /// The first of its indicators, so that a closed group says what it holds.
    about: String,
    indicators: Vec<IndicatorLine>,
}

#[derive(Serialize)]
struct IndicatorLine {
    name: String,
    href: String,
    clause: String,
    undefined: Option<StateMark>,
    claimed: Figure,
    confirmed: Figure,
    single: bool,
    /// How many schools told, and how many there are.
    told: (Figure, Figure),
}

/// What the targets go by, target by target.
pub fn counted(programme: &Programme) -> Vec<&Indicator> {
    let of = |target: &Target| programme.indicator(target.indicator.as_deref()?);
    programme.targets.iter().filter_map(of).collect()
}

pub async fn targets(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let mut list = Listing::at("/targets", Unit::Items, &ctx.query);
    let marks = states().into_iter().map(|mark| Choice::new(mark.label, mark.label));
    let state = list.choice("state", "目标状态", marks.collect());
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let cities = cities.into_iter().map(|city| Choice::new(&city.label, &city.label)).collect();
    let within = Slice {
        city: list.choice("city", "所在市", cities),
        typical: list.choice("typical", "典型县", registry::typical_choices()),
        ..Slice::default()
    };
    let mut facts = Facts::read(&mut ctx.tx, &programme).await?;
    facts.open(&mut ctx.tx, &counted(&programme)).await?;
    let targets = if state.is_empty() {
        let one = |target| target_line(ctx, &programme, target, (&facts, &within));
        programme.targets.iter().map(one).collect()
    } else {
        // A state is asked of those that the overview counts.
        leading::in_state(leading::leading_lines(ctx, &programme, &facts, &within), &state)
    };
    let groups = groups(&programme, &facts, &within.in_year(ctx.today.year()));
    let view = TargetsView { around: list.around(), targets, groups };
    let page = Page::new(
        "目标与指标",
        "方案提出的目标和走势，以及各项任务现在能够计量的指标；没有下达的、还没有数据的，各按其实写明。",
    )
    .clause("G2.2")
    .clause("G3.2")
    .kind("overview");
    Reply::view("standing/indicators/targets.html", page, &view)
}

fn groups(programme: &Programme, facts: &Facts, cut: &Slice) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut indicators: Vec<&Indicator> = programme.indicators.iter().collect();
    let place = |of: &Indicator| programme.clauses.iter().position(|clause| clause.id == of.clause);
    indicators.sort_by_key(|of| place(of));
    for of in indicators {
        let reading = facts.reading(programme, of, cut);
        let (claimed, confirmed) = pair(of, &reading, cut);
        let line = IndicatorLine {
            told: told_figures(of, facts, &reading, cut),
            name: of.name.clone(),
            href: format!("/indicators/{}?{}", of.id, cut.query()),
            clause: of.clause.clone(),
            undefined: parts::undefined(programme, of),
            claimed,
            confirmed,
            single: is_state(of),
        };
        let name = part_of(programme, &of.clause);
        match groups.last_mut().filter(|group| group.name == name) {
            Some(group) => group.indicators.push(line),
            None => groups.push(Group { name, about: String::new(), indicators: vec![line] }),
        }
    }
    for group in &mut groups {
        let names: Vec<&str> = group.indicators.iter().take(3).map(|line| line.name.as_str()).collect();
        let more = if group.indicators.len() > names.len() { "等" } else { "" };
        group.about = format!("{}{more}", names.join("、"));
    }
    groups
}

/// The heading under which a sentence's indicators stand: its task or safeguard.
fn part_of(programme: &Programme, clause: &str) -> String {
    let task = programme.task(clause).filter(|task| !task.id.starts_with('G'));
    task.map_or_else(|| "总体目标".to_owned(), |task| task.name.clone())
}
