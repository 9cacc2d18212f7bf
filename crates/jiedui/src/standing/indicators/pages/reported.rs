//! What was reported on a day, beside what is known now, and each thing that made the difference: a correction does not
//! overwrite what was said, it stands beside it.

use super::super::Facts;
use super::super::Slice;
use super::super::pair;
use super::parts::kind_name;
use crate::shared::contributions::{self, ChangeRow, ContributionFilter};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Reported, Result};
use jiedui_programme::{Indicator, IndicatorOf, PROFILE, Programme, Reading, ratio, span};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::listing::{Around, Listed, Listing};
use serde::Serialize;

#[derive(Serialize)]
pub struct AsOf {
    /// The day asked for, and its field in the form.
    pub day: String,
    /// Names and values that the form carries on.
    pub hidden: Vec<(String, String)>,
    pub error: &'static str,
    pub then: Option<Then>,
}

#[derive(Serialize)]
pub struct Then {
    claimed: Figure,
    confirmed: Figure,
    /// `None` where it has no rows of its own.
    changes: Option<Listed<Change>>,
    /// Back to the rows as they are now.
    now: String,
}

impl Then {
    /// What the page draws around the rows that are shown.
    pub fn around(&self, list: &Listing) -> Around {
        self.changes.as_ref().map_or_else(|| list.clone().around(), |changes| changes.around.clone())
    }
}

#[derive(Serialize)]
struct Change {
    made_on: String,
    what: String,
    href: String,
    school: String,
    claimed: (Figure, Figure),
    confirmed: (Figure, Figure),
    why: &'static str,
}

/// `None` for an indicator that is not kept: it follows from dated facts, and is read for the day it is asked for.
pub async fn reported(
    ctx: &mut RequestContext,
    programme: &Programme,
    of: &Indicator,
    facts: &Facts,
    cut: &Slice,
    list: &Listing,
) -> Result<Option<AsOf>> {
    let ratio = matches!(of.of, IndicatorOf::Ratio { .. });
    let Some(window) = cut.window() else { return Ok(None) };
    if span(&of.of, window).is_none() && !ratio {
        return Ok(None);
    }
    let asked = ctx.query.get("asof").to_owned();
    let day = ctx.query.date("asof").filter(|day| *day <= ctx.today);
    let mut hidden = vec![("year".to_owned(), cut.year.to_string())];
    hidden.extend(cut.parts().into_iter().map(|(name, value)| (name.to_owned(), value)));
    hidden.retain(|(_, value)| !value.is_empty());
    let error =
        if !asked.is_empty() && day.is_none() { "请选一个不晚于今天的日期。" } else { "" };
    let then = match day {
        Some(day) => Some(then(ctx, programme, of, facts, cut, list, day).await?),
        None => None,
    };
    Ok(Some(AsOf { day: asked, hidden, error, then }))
}

async fn then(
    ctx: &mut RequestContext,
    programme: &Programme,
    of: &Indicator,
    facts: &Facts,
    cut: &Slice,
    list: &Listing,
    day: Date,
) -> Result<Then> {
    let reading = read_then(ctx, programme, of, facts, cut, day).await?;
    let (mut claimed, mut confirmed) = pair(of, &reading, cut);
    // What was said then does not open to the rows of now.
    (claimed.rows, confirmed.rows) = (false, false);
    let here = format!("/indicators/{}", of.id);
    let changes = match which(of, cut, ctx.today) {
        Some(which) => {
            let call = contributions::changed(&which, day);
            let found = list.clone().fetch::<ChangeRow>(&mut ctx.tx, &call).await?;
            Some(found.map(|row| change(programme, of, &row)))
        }
        None => None,
    };
    Ok(Then {
        claimed: claimed.big(),
        confirmed: confirmed.big(),
        changes,
        now: format!("{here}?{}", cut.query()),
    })
}

async fn read_then(
    ctx: &mut RequestContext,
    programme: &Programme,
    of: &Indicator,
    facts: &Facts,
    cut: &Slice,
    day: Date,
) -> Result<Reading> {
    let today = ctx.today;
    let mut kept = async |of: &Indicator| -> Result<Reading> {
        let cells = contributions::cells_reported(&mut ctx.tx, &of.id, today, day).await?;
        Ok(facts.of_cells(of, &cells, cut))
    };
    let IndicatorOf::Ratio { numerator, denominator } = &of.of else { return kept(of).await };
    match (programme.indicator(numerator), programme.indicator(denominator)) {
        (Some(above), Some(below)) => Ok(ratio(of.unit, above, &kept(above).await?, &kept(below).await?)),
        _ => Ok(Reading::unknown(of.unit)),
    }
}

/// The rows behind a figure; `None` where it has none of its own.
pub fn which<'a>(of: &'a Indicator, cut: &'a Slice, today: Date) -> Option<ContributionFilter<'a>> {
    let window = cut.window()?;
    let all = span(&of.of, window)?;
    // One month of what stands is what came in it.
    let mut span = if cut.month == 0 { all } else { window };
    span.to = span.to.min(today).max(span.from);
    Some(ContributionFilter {
        indicator: &of.id,
        span,
        city: &cut.city,
        county: &cut.county,
        school: &cut.school,
        typical: &cut.typical,
        pairing: &cut.pairing,
        kind: &cut.kind,
        // Several months are their days.
        month: if cut.until == 0 { cut.month } else { 0 },
    })
}

fn change(programme: &Programme, of: &Indicator, row: &ChangeRow) -> Change {
    let href = href(programme, &row.kind, &row.resource, &row.school, row.day);
    let figure =
        |value: i64, label: &str| Figure::of(Reported::Value(value), of.unit, href.clone(), label.to_owned());
    Change {
        made_on: row.made_on.to_string(),
        what: kind_name(programme, &row.kind),
        school: row.school_name.clone(),
        claimed: (figure(row.old_claimed, "当时的登记数"), figure(row.new_claimed, "现在的登记数")),
        confirmed: (figure(row.old_confirmed, "当时的确认数"), figure(row.new_confirmed, "现在的确认数")),
        why: why(row),
        href,
    }
}

/// Where a thing stands. Who a person is, the registry shows to those who may see it.
pub fn href(programme: &Programme, kind: &str, resource: &str, school: &str, day: Date) -> String {
    if kind == PROFILE {
        format!("/profiles/{school}/{}", day.year())
    } else if programme.activity(kind).is_some() {
        format!("/entries/{resource}")
    } else if programme.output(kind).is_some() {
        format!("/outputs/{resource}")
    } else {
        format!("/registry/{school}")
    }
}

/// The last change says why; what was not there then is new, whatever became of it since.
fn why(row: &ChangeRow) -> &'static str {
    let fresh = row.old_claimed == 0 && row.old_confirmed == 0 && row.new_claimed != 0;
    match row.cause.as_str() {
        "confirmed" if fresh => "新登记，已确认",
        "unconfirmed" | "corrected" | "moved" if fresh => "新登记，后有更正",
        "new" => "新登记",
        "confirmed" => "得到确认",
        "unconfirmed" => "确认被撤销，或提出异议",
        "corrected" => "更正数量",
        "moved" => "更正日期或单位",
        "ended" => "不再处于计数的阶段",
        "gone" => "撤回，或更正后不再计入",
        "merged" => "同一个人的两条记录合并，或撤销合并",
        _ => "统计口径调整或重建",
    }
}
