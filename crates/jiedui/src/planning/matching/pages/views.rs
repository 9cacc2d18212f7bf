//! What the screens of the studio share: figures in points, states in words, names with links, and the reason why there
//! is no pairing.

use super::super::data::{ScenarioRow, ScenarioState};
use super::super::rules::body::Stance;
use super::super::rules::facts::{County, Facts, Partner};
use super::super::rules::setting::{Setting, side_name};
use super::super::rules::solve::SolveOutcome;
use crate::network::registry;
use jiedui_kernel::{Reported, Unit};
use jiedui_matching::{Assigned, Reason, Side};
use jiedui_web::figure::{Figure, Link, StateMark};
use serde::Serialize;

pub fn points(value: i64, href: impl Into<String>, label: impl Into<String>) -> Figure {
    Figure::of(Reported::Value(value), Unit::Points, href, label)
}

pub fn schools(value: i64, href: impl Into<String>, label: impl Into<String>) -> Figure {
    Figure::of(Reported::Value(value), Unit::Schools, href, label)
}

/// The registry's page of a school of a scenario.
pub fn org_link(facts: &Facts, id: &str) -> Link {
    registry::link(id, facts.name(id))
}

pub fn kind_name(kind: &str) -> &'static str {
    match kind {
        "review" => "年度复核：全部县级院校重新评议",
        _ => "首次结对：只为还没有结对的县级院校选",
    }
}

pub fn scenario_mark(state: ScenarioState) -> StateMark {
    match state {
        ScenarioState::Published => StateMark::new("done", "已公布", "●"),
        ScenarioState::Draft => StateMark::new("active", "草稿", "◐"),
        ScenarioState::Consulting => StateMark::new("pending", "征求意见", "○"),
        ScenarioState::TakenBack => StateMark::new("ended", "公布已撤销", "–"),
        ScenarioState::Dropped => StateMark::new("ended", "已归档", "–"),
    }
}

/// How far the answer is proven.
pub fn status_mark(status: &str) -> StateMark {
    match status {
        "optimal" => StateMark::new("done", "已证明最优", "●"),
        "feasible" => StateMark::new("active", "可行，与理论最高分还有差距", "◐"),
        "infeasible" => StateMark::new("late", "没有可行的结对", "■"),
        "undecided" => StateMark::new("unknown", "还没有算出结果", "?"),
        _ => StateMark::new("unknown", "条件不全，还不能计算", "?"),
    }
}

pub fn at(id: &str) -> String {
    format!("/matching/{id}")
}

pub fn at_school(id: &str, county_school: &str) -> String {
    format!("/matching/{id}/schools/{county_school}")
}

/// What the sum of a scenario is; `least`: where each change has to gain something.
pub fn sum_label(least: bool) -> &'static str {
    if least {
        "综合得分：各对得分之和，每换一所减去要求的分数"
    } else {
        "综合得分：各对得分之和"
    }
}

/// Objective, bound and how far it is proven.
#[derive(Serialize)]
pub struct Head {
    status: StateMark,
    objective: Figure,
    bound: Figure,
    gap: Option<Figure>,
    schools: Figure,
    /// The most that the sum could be under these weights, if every pair were perfect.
    full: Figure,
    /// The same of one pair.
    full_pair: Figure,
}

impl Head {
    pub fn of(row: &ScenarioRow, setting: &Setting, answer: &SolveOutcome) -> Self {
        let here = at(&row.id);
        let known = |value: Option<i64>| value.map_or(Reported::NotApplicable, Reported::Value);
        let (objective, bound) = (answer.objective(), answer.solution().and_then(|found| found.bound));
        let gap = objective.zip(bound).map(|(objective, bound)| bound - objective).filter(|gap| *gap != 0);
        let count = setting.taking_part().count() as i64;
        let table = format!("{here}#pairs");
        let sum = sum_label(setting.body.least_gain.is_some());
        Self {
            status: status_mark(answer.status()),
            objective: Figure::of(known(objective), Unit::Points, &table, sum).big(),
            bound: Figure::of(
                known(bound),
                Unit::Points,
                "/matching/check",
                "理论最高分：任何一组结对都不会超过它",
            ),
            gap: gap.map(|gap| points(gap, "/matching/check", "综合得分与理论最高分的差距")),
            schools: schools(count, &table, "参加的县级院校"),
            full: points(setting.full_sum(), &table, "满分：每一对的每个分项都得满分时的合计"),
            full_pair: points(setting.full_pair(), &table, "一对的满分：每个分项都得满分"),
        }
    }
}

/// How a pair stands to the one that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Same,
    Lead,
    Nearby,
    Both,
    New,
}

impl Move {
    pub fn between(before: Option<(&str, &str)>, now: (&str, &str)) -> Self {
        match before {
            None => Self::New,
            Some(old) => match (old.0 == now.0, old.1 == now.1) {
                (true, true) => Self::Same,
                (false, true) => Self::Lead,
                (true, false) => Self::Nearby,
                (false, false) => Self::Both,
            },
        }
    }

    pub fn of(county: &County, pair: &Assigned) -> Self {
        let before = county.present.as_ref().map(|present| (present.lead.as_str(), present.nearby.as_str()));
        Self::between(before, (&pair.lead, &pair.nearby))
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Same => StateMark::new("none", "不变", "–"),
            Self::Lead => StateMark::new("risk", "换牵头院校", "▲"),
            Self::Nearby => StateMark::new("risk", "换配合院校", "▲"),
            Self::Both => StateMark::new("risk", "两所都换", "▲"),
            Self::New => StateMark::new("pending", "新结对", "○"),
        }
    }

    pub fn changes(self) -> bool {
        self != Self::Same
    }
}

pub fn partner_link(partner: Option<&Partner>, id: &str) -> Link {
    partner.map_or_else(|| Link::new("", "（已不在名录中）"), |partner| registry::link(id, &partner.name))
}

/// Why there is no pairing, in words; each named thing leads to where it can be changed.
#[derive(Debug, Default, Serialize)]
pub struct Trouble {
    text: String,
    schools: Vec<Link>,
    limits: Vec<LimitLine>,
    fixed: Vec<Link>,
    /// Complaints about the question itself.
    errors: Vec<String>,
    partners_href: String,
    /// The limit on changes, where it is part of the reason.
    changes: Option<Figure>,
    changes_href: String,
}

#[derive(Debug, Serialize)]
struct LimitLine {
    link: Link,
    side: &'static str,
    word: &'static str,
    places: Figure,
}

impl Trouble {
    /// None where there is a pairing.
    pub fn of(id: &str, setting: &Setting, answer: &SolveOutcome) -> Option<Self> {
        let partners_href = format!("{}/partners", at(id));
        match answer {
            SolveOutcome::Invalid(_, errors) => {
                let errors =
                    super::super::rules::solve::named(setting, errors).into_iter().map(|error| error.message);
                Some(Self { errors: errors.collect(), partners_href, ..Self::default() })
            }
            SolveOutcome::Solved(_, solution)
                if solution.assignment.is_empty() && setting.taking_part().next().is_some() =>
            {
                let reason = solution.infeasible_because.as_ref();
                Some(reason.map_or_else(
                    || Self { partners_href: partners_href.clone(), ..Self::default() },
                    |reason| Self::because(id, setting, reason),
                ))
            }
            SolveOutcome::Solved(..) => None,
        }
    }

    fn because(id: &str, setting: &Setting, reason: &Reason) -> Self {
        let school = |org: &String| Link::new(at_school(id, org), setting.facts.name(org));
        let (partners_href, changes_href) =
            (format!("{}/partners", at(id)), format!("{}/changes#limit", at(id)));
        let limits = reason.limits.iter().map(|limit| LimitLine {
            link: Link::new(format!("{partners_href}#{}", limit.id), setting.facts.name(&limit.id)),
            side: side_name(limit.side),
            word: if limit.least { "最少" } else { "最多" },
            places: schools(limit.places, &partners_href, "名额"),
        });
        let fixed = reason.fixed.iter().map(|fixed| {
            let name = |org: &Option<String>| org.as_ref().map(|org| setting.facts.name(org).to_owned());
            let chosen: Vec<String> =
                [name(&fixed.lead), name(&fixed.nearby)].into_iter().flatten().collect();
            let label = format!("{} — {}", setting.facts.name(&fixed.county_school), chosen.join("、"));
            Link::new(at_school(id, &fixed.county_school), label)
        });
        Self {
            text: super::super::rules::solve::with_names(setting, &reason.lack),
            schools: reason.county_schools.iter().map(school).collect(),
            limits: limits.collect(),
            fixed: fixed.collect(),
            errors: Vec::new(),
            partners_href,
            changes: reason.at_most_changes.map(|most| schools(most, &changes_href, "最多更换的县级院校")),
            changes_href,
        }
    }
}

/// What was done by hand at a place: shown beside the pair.
pub fn hand_mark(setting: &Setting, county: &County) -> Vec<String> {
    let by_hand = |side: Side| {
        let choice = setting.body.settled(&county.id, side)?;
        Some(format!("{}{}", side_name(side), choice.kind.name()))
    };
    let kept = (setting.stance(county) == Stance::Keep).then(|| "保留".to_owned());
    kept.into_iter().chain(Side::BOTH.into_iter().filter_map(by_hand)).collect()
}
