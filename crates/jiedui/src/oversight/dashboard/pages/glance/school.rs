//! What the schools of a sheet are and lack: gaps to the standard, majors beside the demand of their counties, what was built,
//! and money.

use super::super::drawn;
use super::Subject;
use crate::evidence::{majors, outputs};
use crate::network::registry::OrgRow;
use crate::shared::small_numbers::is_few;
use crate::sharing::funding;
use crate::standing::standards;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_pictures::{Bar, Bars, Goal, Picture};
use jiedui_programme::{Attainment, Meets};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::picture::PictureView;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// So many kinds of what was built stand on the sheet.
const OUTPUTS: usize = 12;

#[derive(Serialize)]
pub struct OutputLine {
    name: String,
    number: Figure,
}

#[derive(Serialize)]
pub struct MoneyLine {
    name: &'static str,
    claimed: Figure,
    confirmed: Figure,
}

/// Whether it attains its standard, and each threshold that judges as a bar.
pub async fn gaps(ctx: &mut RequestContext, school: &OrgRow) -> Result<(StateMark, Option<PictureView>)> {
    let programme = ctx.programme();
    if !ctx.can("standard", "read") {
        return Ok((standards::rules::state(None), None));
    }
    let found = standards::attainment_of(&mut ctx.tx, &programme, &school.id).await?;
    let state = standards::rules::state(found.as_ref());
    let picture = found.map(|found| bars(ctx, &school.id, &found)).filter(|bars| !bars.rows.is_empty());
    Ok((state, picture.map(|bars| drawn("gaps", &Picture::Bars(bars)))))
}

fn bars(ctx: &RequestContext, school: &str, found: &Attainment) -> Bars {
    let programme = ctx.programme();
    let mut picture = Bars::new("与设置标准对照", Unit::Items).each_by_its_goal();
    for reading in found.items.iter().filter(|reading| reading.judges) {
        let Some(threshold) = programme.threshold(&reading.threshold) else { continue };
        let goal = match (reading.at_least, reading.at_most) {
            (Some(least), _) => Goal::at_least("标准要求", least),
            (None, Some(most)) => Goal::at_most("标准要求", most),
            (None, None) => continue,
        };
        let unit = standards::rules::unit(&programme, threshold);
        let mut bar = Bar::new(threshold.name.clone(), reading.value).in_unit(unit).against(goal);
        if let Some(element) = threshold.element.as_ref().filter(|_| reading.value.value().is_some()) {
            bar = bar.opens(format!("/profiles/{school}/elements/{element}"));
        }
        picture = picture.bar(bar);
    }
    picture
}

/// How each of several schools stands to its standard, and of how many of the conditions that judge it it meets how many; nothing
/// of it where the caller may not read standards.
pub async fn standing(
    ctx: &mut RequestContext,
    all: &[Subject],
) -> Result<(Vec<Option<StateMark>>, Option<PictureView>)> {
    if !ctx.can("standard", "read") {
        return Ok((vec![None; all.len()], None));
    }
    let programme = ctx.programme();
    let mut states = Vec::new();
    let mut picture = Bars::new("已达到的标准条数", Unit::Items).each_by_its_goal();
    for of in all {
        let found = standards::attainment_of(&mut ctx.tx, &programme, &of.school.id).await?;
        states.push(Some(standards::rules::state(found.as_ref())));
        let items = found.map(|found| found.items).unwrap_or_default();
        let judging = || items.iter().filter(|reading| reading.judges);
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let asked = number(judging().count());
        if asked > 0 {
            let met = number(judging().filter(|reading| reading.state == Meets::Met).count());
            let bar = Bar::of(of.school.name.clone(), met).against(Goal::at_least("适用的标准", asked));
            picture = picture.bar(bar.opens(format!("/attainment/{}/gaps", of.school.id)));
        }
    }
    let drawn = (!picture.rows.is_empty()).then(|| drawn("gaps", &Picture::Bars(picture)));
    Ok((states, drawn))
}

/// Graduates of the newest year of each school by category, and the categories in which so few graduated at one of them that the
/// caller, who is from elsewhere, may not see how many.
async fn graduated(
    ctx: &mut RequestContext,
    all: &[Subject],
) -> Result<(BTreeMap<String, i64>, BTreeSet<String>)> {
    let smallest = ctx.programme().jobs.as_ref().map(|rules| rules.smallest_cell);
    let (mut graduates, mut few) = (BTreeMap::new(), BTreeSet::new());
    for of in all {
        let elsewhere = !ctx.actor.scope.covers(&of.school.path);
        let offers = majors::offers(&mut ctx.tx, &of.school.id).await?;
        let years = majors::years(&mut ctx.tx, &of.school.id).await?;
        let last = years.iter().map(|row| row.year).max();
        let mut here: BTreeMap<String, i64> = BTreeMap::new();
        for offer in offers {
            let own = years.iter().filter(|row| row.school_major == offer.id && Some(row.year) == last);
            let sum = own.filter_map(|row| row.graduates).fold(0_i64, i64::saturating_add);
            *here.entry(offer.category).or_default() += sum;
        }
        for (category, sum) in here {
            if elsewhere && smallest.is_some_and(|smallest| is_few(sum, smallest)) {
                few.insert(category.clone());
            }
            *graduates.entry(category).or_insert(0) += sum;
        }
    }
    Ok((graduates, few))
}

/// Graduates of the newest year of each school by category, beside the posts of the newest year in its division.
pub async fn majors(ctx: &mut RequestContext, all: &[Subject], href: &str) -> Result<Option<PictureView>> {
    if all.is_empty() || !ctx.can("major", "read") {
        return Ok(None);
    }
    let demand = majors::demand(&mut ctx.tx).await?;
    let (graduates, few) = graduated(ctx, all).await?;
    let divisions: BTreeSet<&str> = all.iter().map(|of| of.school.division.as_str()).collect();
    let mut posts: BTreeMap<&str, i64> = BTreeMap::new();
    for division in divisions {
        let here = || demand.iter().filter(|row| row.division == division);
        let asked = here().map(|row| row.year).max();
        for row in here().filter(|row| Some(row.year) == asked) {
            *posts.entry(row.category.as_str()).or_default() += row.posts;
        }
    }
    let categories: BTreeSet<&str> =
        graduates.keys().map(String::as_str).chain(posts.keys().copied()).collect();
    if categories.is_empty() {
        return Ok(None);
    }
    let mut picture = Bars::new("毕业生与当地岗位", Unit::Persons).each_by_its_goal();
    for category in categories {
        let hides = few.contains(category);
        let told = graduates.get(category).filter(|_| !hides);
        let known = told.map_or(Reported::NotApplicable, |sum| Reported::Value(*sum));
        let label =
            if hides { format!("{category}（人数少，不单列）") } else { category.to_owned() };
        let mut bar = Bar::new(label, known).opens(href);
        if let Some(posts) = posts.get(category) {
            bar = bar.against(Goal::at_least("当地岗位", *posts));
        }
        picture = picture.bar(bar);
    }
    Ok(Some(drawn("majors", &Picture::Bars(picture))))
}

/// What was built at these schools and surely counts today, by kind. `more` narrows the list behind it.
pub async fn outputs(ctx: &mut RequestContext, all: &[Subject], more: &str) -> Result<Vec<OutputLine>> {
    if !ctx.can("output", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for of in all {
        for fact in outputs::facts_of(&mut ctx.tx, &of.school.id).await? {
            if programme.output(&fact.output).is_some_and(|kind| fact.surely_counts(kind, ctx.today)) {
                *sums.entry(fact.output).or_default() += 1;
            }
        }
    }
    let kinds = programme.outputs.iter().filter_map(|kind| Some((kind, *sums.get(kind.id.as_str())?)));
    let line = |(kind, number): (&jiedui_programme::Output, i64)| {
        let href = format!("/outputs?type={}{more}", kind.id);
        OutputLine {
            name: kind.name.clone(),
            number: Figure::of(Reported::Value(number), Unit::Items, href, kind.name.clone()),
        }
    };
    Ok(kinds.map(line).take(OUTPUTS).collect())
}

/// From what was approved to what was paid; nothing where the caller may not see money.
pub async fn money(ctx: &mut RequestContext, all: &[Subject], href: &str) -> Result<Vec<MoneyLine>> {
    if !ctx.can("fund", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let mut sum: Option<jiedui_funding::Balance> = None;
    for of in all {
        if let Some(one) = funding::balance_of(&mut ctx.tx, &programme, &of.school.id).await? {
            sum.get_or_insert_default().merge(&one);
        }
    }
    let Some(of) = sum else { return Ok(Vec::new()) };
    let lines = [("批复和承诺", of.approved), ("到位", of.arrived()), ("支出", of.paid)];
    let figure = |cents: i64, name: &str| Figure::of(Reported::Value(cents), Unit::Yuan, href, name);
    let line = |(name, amount): (&'static str, jiedui_funding::Amount)| MoneyLine {
        name,
        claimed: figure(amount.claimed, name),
        confirmed: figure(amount.confirmed, name),
    };
    Ok(lines.into_iter().map(line).collect())
}
