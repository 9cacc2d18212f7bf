//! What became of what was published: given, taken up and left, of everybody that the reader sees.

use crate::network::registry;
use crate::sharing::allocation::actions::taken::{self, Counted, Taken};
use crate::sharing::allocation::data::{AllocationRow, AllocationState, GivenRow};
use crate::sharing::{commendations, funding};
use chrono::Datelike as _;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::{AllocationRule, TakenUp};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
pub struct TakenView {
    lines: Vec<TakenLine>,
    who: &'static str,
    /// Where it is counted.
    of: Link,
    /// The year of which everything given by the rule is counted; none of money, of which each share is followed by itself.
    year: Option<String>,
    /// Places by which one may nominate.
    honours: bool,
}

#[derive(Serialize)]
struct TakenLine {
    org: Link,
    given: Figure,
    claimed: Figure,
    confirmed: Figure,
    left: Figure,
    /// More was taken up than was given.
    over: bool,
}

/// None of a draft, of what was taken back, and where the rule does not say what takes it up.
pub async fn view(ctx: &mut RequestContext, row: &AllocationRow) -> Result<Option<TakenView>> {
    let programme = ctx.programme();
    let published = row.published_on.filter(|_| row.state == AllocationState::Published);
    let Some((rule, day)) = programme.allocation(&row.rule).zip(published) else { return Ok(None) };
    let found = match (taken::counted(&programme, rule), &rule.taken_up) {
        (Some(by), _) if ctx.can("indicator", "read") => by_indicator(ctx, (rule, by), day.year()).await?,
        (None, Some(TakenUp::Source(source))) if ctx.can("fund", "read") => {
            by_money(ctx, row, source).await?
        }
        (None, Some(TakenUp::Honours(class))) if ctx.can("commendation", "read") => {
            by_honours(ctx, (rule, class), day.year()).await?
        }
        _ => return Ok(None),
    };
    Ok(Some(found).filter(|view| !view.lines.is_empty()))
}

async fn by_indicator(
    ctx: &mut RequestContext,
    (rule, by): (&AllocationRule, Counted<'_>),
    year: i32,
) -> Result<TakenView> {
    let (programme, of) = (ctx.programme(), by.of);
    let all = format!("/allocations?rule={}", rule.id);
    let line = |one: &Taken| {
        let href = format!("/indicators/{}?{}", of.id, one.slice.query());
        // Of things that are counted one by one, the page that opens adds up what they say and not how many they are.
        let figure = |value: i64, which: &str| {
            let label = format!("{}（{which}）", of.name);
            if by.each {
                amount(value, rule.unit, &href, &label)
            } else {
                Figure::rows(value, rule.unit, &href, label)
            }
        };
        TakenLine {
            org: registry::link(&one.given.org, &one.given.name),
            given: amount(one.given.given, rule.unit, &all, "本年度分得"),
            claimed: figure(one.claimed, "登记"),
            confirmed: figure(one.confirmed, "确认"),
            left: left((one.given.given, one.claimed), rule.unit, &href),
            over: one.claimed > one.given.given,
        }
    };
    let found = taken::of_all(&mut ctx.tx, &programme, (rule, by), year).await?;
    Ok(TakenView {
        lines: found.iter().map(line).collect(),
        who: rule.among.who(),
        of: Link::new(format!("/indicators/{}?year={year}", of.id), &of.name),
        year: Some(year.to_string()),
        honours: false,
    })
}

async fn by_honours(
    ctx: &mut RequestContext,
    (rule, class): (&AllocationRule, &str),
    year: i32,
) -> Result<TakenView> {
    let programme = ctx.programme();
    let all = format!("/allocations?rule={}", rule.id);
    let line = |(row, (named, commended)): &(GivenRow, (i64, i64))| {
        let href = commendations::named_href(&row.org, class, year);
        let decided = commendations::commended_href(&row.org, class, year);
        TakenLine {
            org: registry::link(&row.org, &row.name),
            given: amount(row.given, rule.unit, &all, "本年度分得"),
            claimed: amount(*named, rule.unit, &href, "提名（登记）"),
            confirmed: amount(*commended, rule.unit, &decided, "表扬（确认）"),
            left: left((row.given, *named), rule.unit, &href),
            over: *named > row.given,
        }
    };
    let found = taken::of_honours(&mut ctx.tx, (rule, class), year).await?;
    Ok(TakenView {
        lines: found.iter().map(line).collect(),
        who: rule.among.who(),
        of: Link::new(
            format!("/commendations?class={class}"),
            format!("通报表扬（{}）", commendations::class_name(&programme, class)),
        ),
        year: Some(year.to_string()),
        honours: true,
    })
}

async fn by_money(ctx: &mut RequestContext, row: &AllocationRow, source: &str) -> Result<TakenView> {
    let programme = ctx.programme();
    let schools = registry::schools(&mut ctx.tx).await?;
    let names: HashMap<&str, &str> =
        schools.iter().map(|school| (school.id.as_str(), school.name.as_str())).collect();
    let shares = funding::shares_of(&mut ctx.tx, &row.id).await?;
    let line = |share: &funding::ShareSum| {
        let href = funding::came_href(&share.id);
        let own = format!("/funding/schools/{}", share.school);
        Some(TakenLine {
            org: Link::new(own.clone(), *names.get(share.school.as_str())?),
            given: amount(share.given, Unit::Yuan, &own, "分得"),
            claimed: amount(share.claimed, Unit::Yuan, &href, "到位（登记）"),
            confirmed: amount(share.confirmed, Unit::Yuan, &href, "到位（确认）"),
            left: left((share.given, share.claimed), Unit::Yuan, &href),
            over: share.claimed > share.given,
        })
    };
    let found = programme.funding.as_ref().and_then(|rules| rules.source(source));
    let name = found.map(|source| source.name.clone());
    Ok(TakenView {
        lines: shares.iter().filter_map(line).collect(),
        who: "学校",
        of: Link::new(format!("/funding?source={source}"), name.unwrap_or_default()),
        year: None,
        honours: false,
    })
}

fn amount(value: i64, unit: Unit, href: &str, label: &str) -> Figure {
    Figure::of(Reported::Value(value), unit, href, label)
}

/// What is left, or by how much more was taken up than was given.
fn left((given, taken): (i64, i64), unit: Unit, href: &str) -> Figure {
    let label = if taken > given { "超出" } else { "余下" };
    amount(given.saturating_sub(taken).saturating_abs(), unit, href, label)
}
