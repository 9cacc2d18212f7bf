//! What a school is and lacks: its gaps to the standard, its majors beside the demand of its county, what was built, its money.

use super::super::drawn;
use crate::evidence::{majors, outputs};
use crate::network::registry::OrgRow;
use crate::sharing::funding;
use crate::standing::standards;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_pictures::{Bar, Bars, Goal, Picture};
use jiedui_programme::Attainment;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::picture::PictureView;
use serde::Serialize;
use std::collections::BTreeMap;

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

/// Graduates of the newest year by category, beside the posts of the newest year in the division.
pub async fn majors(ctx: &mut RequestContext, school: &OrgRow) -> Result<Option<PictureView>> {
    if !ctx.can("major", "read") {
        return Ok(None);
    }
    let offers = majors::offers(&mut ctx.tx, &school.id).await?;
    let years = majors::years(&mut ctx.tx, &school.id).await?;
    let demand = majors::demand(&mut ctx.tx).await?;
    let last = years.iter().map(|row| row.year).max();
    let mut graduates: BTreeMap<&str, i64> = BTreeMap::new();
    for offer in &offers {
        let own = years.iter().filter(|row| row.school_major == offer.id && Some(row.year) == last);
        let sum = own.filter_map(|row| row.graduates).fold(0_i64, i64::saturating_add);
        *graduates.entry(offer.category.as_str()).or_default() += sum;
    }
    let here = || demand.iter().filter(|row| row.division == school.division);
    let asked = here().map(|row| row.year).max();
    let posts: BTreeMap<&str, i64> =
        here().filter(|row| Some(row.year) == asked).map(|row| (row.category.as_str(), row.posts)).collect();
    let mut categories: Vec<&str> = graduates.keys().chain(posts.keys()).copied().collect();
    categories.sort_unstable();
    categories.dedup();
    if categories.is_empty() {
        return Ok(None);
    }
    let mut picture = Bars::new("毕业生与当地岗位", Unit::Persons).each_by_its_goal();
    for category in categories {
        let known = graduates.get(category).map_or(Reported::NotApplicable, |sum| Reported::Value(*sum));
        let mut bar = Bar::new(category, known).opens(format!("/majors/{}", school.id));
        if let Some(posts) = posts.get(category) {
            bar = bar.against(Goal::at_least("当地岗位", *posts));
        }
        picture = picture.bar(bar);
    }
    Ok(Some(drawn("majors", &Picture::Bars(picture))))
}

/// What was built at the school and surely counts today, by kind.
pub async fn outputs(ctx: &mut RequestContext, school: &OrgRow) -> Result<Vec<OutputLine>> {
    if !ctx.can("output", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let facts = outputs::facts_of(&mut ctx.tx, &school.id).await?;
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for fact in &facts {
        if programme.output(&fact.output).is_some_and(|kind| fact.surely_counts(kind, ctx.today)) {
            *sums.entry(fact.output.as_str()).or_default() += 1;
        }
    }
    let kinds = programme.outputs.iter().filter_map(|kind| Some((kind, *sums.get(kind.id.as_str())?)));
    let line = |(kind, number): (&jiedui_programme::Output, i64)| {
        let href = format!("/outputs?type={}&school={}", kind.id, school.id);
        OutputLine {
            name: kind.name.clone(),
            number: Figure::of(Reported::Value(number), Unit::Items, href, kind.name.clone()),
        }
    };
    Ok(kinds.map(line).take(OUTPUTS).collect())
}

/// From what was approved to what was paid; nothing where the caller may not see money.
pub async fn money(ctx: &mut RequestContext, school: &OrgRow) -> Result<Vec<MoneyLine>> {
    if !ctx.can("fund", "read") {
        return Ok(Vec::new());
    }
    let programme = ctx.programme();
    let Some(of) = funding::balance_of(&mut ctx.tx, &programme, &school.id).await? else {
        return Ok(Vec::new());
    };
    let href = format!("/funding/schools/{}", school.id);
    let lines = [("批复和承诺", of.approved), ("到位", of.arrived()), ("支出", of.paid)];
    let figure = |cents: i64, name: &str| Figure::of(Reported::Value(cents), Unit::Yuan, &href, name);
    let line = |(name, amount): (&'static str, jiedui_funding::Amount)| MoneyLine {
        name,
        claimed: figure(amount.claimed, name),
        confirmed: figure(amount.confirmed, name),
    };
    Ok(lines.into_iter().map(line).collect())
}
