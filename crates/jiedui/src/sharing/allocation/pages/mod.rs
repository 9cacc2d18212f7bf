//! Pages of allocations, and what they show alike: who got what and why.

pub mod appeal;
pub mod beside;
pub mod list;
pub mod new;
pub mod show;
mod taken;

use super::rules::parcel::{Asked, Claim, Divided, Given, other};
use super::rules::words;
use crate::network::registry;
use jiedui_allocation::Share;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::AllocationBase;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use serde::Serialize;
use std::collections::HashSet;

/// A division as a table: a row for each school, with and without preference, and by the other method.
#[derive(Serialize)]
pub struct DividedView {
    rows: Vec<ShareLine>,
    total: Figure,
    /// What the base is called; "" where all have the same.
    base: String,
    cost: String,
    method: &'static str,
    other: &'static str,
    differing: String,
    rule: RuleView,
    /// What those among whom is divided are, and how one's own is called.
    who: &'static str,
    own: &'static str,
}

#[derive(Serialize)]
struct ShareLine {
    school: Link,
    /// Whether the caller may open its page.
    opens: bool,
    place: String,
    preferred: bool,
    /// The caller's own school.
    own: bool,
    base: Option<Figure>,
    given: Figure,
    without: Figure,
    change: String,
    other: Figure,
    why: String,
}

/// The rule in words.
#[derive(Serialize)]
struct RuleView {
    name: String,
    about: String,
    our_reading: bool,
    among: &'static str,
    base: String,
    preferred: String,
    weight: String,
    floor: String,
    cap: String,
    method: &'static str,
    appeal: String,
}

fn rule(asked: &Asked) -> RuleView {
    let of = &asked.rule;
    RuleView {
        name: of.name.clone(),
        about: of.about.clone(),
        our_reading: of.our_reading,
        among: of.among.label(),
        base: if asked.base.is_empty() { "各家相同".to_owned() } else { asked.base.clone() },
        preferred: asked.preferred.join("、"),
        weight: format!("{} 倍", words::times(of.weight)),
        floor: if of.floor == 0 { "不保底".to_owned() } else { asked.said(of.floor) },
        cap: of.cap.map_or_else(|| "不封顶".to_owned(), |cap| asked.said(cap)),
        method: of.method.label(),
        appeal: format!("{} 个工作日", of.appeal_workdays),
    }
}

/// The organisations whose own pages the caller may open: what is published names more, so that it can be added up.
pub async fn opened_by(ctx: &mut RequestContext) -> Result<HashSet<String>> {
    let mut seen = registry::schools(&mut ctx.tx).await?;
    for kind in ["city_bureau", "county_bureau"] {
        seen.extend(registry::of_kind(&mut ctx.tx, kind).await?);
    }
    Ok(seen.into_iter().map(|org| org.id).collect())
}

/// `own` is the caller's organisation; `href` is where what was given opens, "" where it is only tried.
pub fn divided(
    asked: &Asked,
    divided: &Divided,
    (own, href): (&str, &str),
    opens: &HashSet<String>,
) -> DividedView {
    let unit = asked.rule.unit;
    let line = |(share, given): (&Share, &Given)| {
        let claim = asked.claim(&share.id)?;
        let school = registry::link(&claim.school, &claim.name);
        let to = if href.is_empty() { school.href.clone() } else { href.to_owned() };
        let opens = opens.contains(&claim.school);
        let figure = |value: i64, label: &str| Figure::of(Reported::Value(value), unit, to.as_str(), label);
        Some(ShareLine {
            opens,
            own: claim.school == own,
            preferred: claim.preferred,
            place: claim.place.clone(),
            base: base(asked, claim)
                .map(|figure| if opens { figure } else { Figure { href: to.clone(), ..figure } }),
            given: figure(given.given, "分得"),
            without: figure(given.without, "不倾斜时"),
            change: signed(given.given - given.without, unit),
            other: figure(given.other, "换一种取整"),
            why: words::why(asked, claim, share, &divided.with),
            school,
        })
    };
    let all = divided.given();
    DividedView {
        rows: divided.with.shares.iter().zip(&all).filter_map(line).collect(),
        total: Figure::of(Reported::Value(asked.total), unit, href, "合计"),
        base: asked.base.clone(),
        cost: words::cost(asked, divided),
        method: asked.rule.method.label(),
        other: other(asked.rule.method).label(),
        differing: match words::differing(divided) {
            0 => "两种取整的结果一样。".to_owned(),
            some => format!("有 {some} {}的数不同。", asked.rule.among.counted()),
        },
        rule: rule(asked),
        who: asked.rule.among.who(),
        own: asked.rule.among.own(),
    }
}

/// None where all have the same.
fn base(asked: &Asked, claim: &Claim) -> Option<Figure> {
    let href = match &asked.rule.base {
        AllocationBase::Equal if asked.base.is_empty() => return None,
        AllocationBase::Equal => {
            format!("/registry?city={}&flag=county_school", registry::city_of(&claim.division))
        }
        AllocationBase::Element { .. } if asked.rule.among.sums_schools() => "/profiles".to_owned(),
        AllocationBase::Element { element } => format!("/profiles/{}/elements/{element}", claim.school),
        AllocationBase::Indicator { indicator } => format!("/indicators/{indicator}"),
    };
    let value = claim.base.map_or(Reported::NotReported, Reported::Value);
    Some(Figure::of(value, asked.base_unit, href, asked.base.clone()))
}

/// A difference with its sign; a minus of the length of a plus.
fn signed(difference: i64, unit: Unit) -> String {
    let (number, word) = unit.shown(difference.abs());
    match difference {
        0 => "—".to_owned(),
        1.. => format!("+{number} {word}"),
        _ => format!("−{number} {word}"),
    }
}
