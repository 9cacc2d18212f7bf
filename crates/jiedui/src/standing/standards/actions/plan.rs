//! From the gaps to the conditions plan (T1.1): each threshold that is not reached becomes a row in which the school
//! then writes who closes it, with what money, by when.

use super::super::pages::gaps::{standards, stood};
use crate::network::pairings;
use crate::planning::school_plans::{self, Body, PlanRow, PlanState, body};
use crate::shared::review::{self, Loaded};
use jiedui_kernel::{Error, Result, Unit};
use jiedui_programme::{Programme, Threshold, ThresholdReading, attainment};
use jiedui_store::Found;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Flash, Reply};

/// The template of the plan that closes gaps: the one with a section for them.
fn template(programme: &Programme) -> Option<&jiedui_programme::PlanTemplate> {
    let gaps = |of: &&jiedui_programme::Section| of.kind == jiedui_programme::SectionKind::Gaps;
    programme.templates.iter().find(|template| template.sections.iter().any(|of| gaps(&of)))
}

/// A value in hundredths of the plan's unit, and that unit.
pub fn in_plan(unit: Unit, value: i64) -> (i64, &'static str) {
    match unit {
        Unit::SquareMetres => (value.saturating_mul(100), "square_metres"),
        Unit::SquareMetresPerPerson => (value, "square_metres_per_person"),
        Unit::Persons => (value.saturating_mul(100), "persons"),
        Unit::PersonTimes => (value.saturating_mul(100), "person_times"),
        Unit::TrainingScale => (value.saturating_mul(100), "training_scale"),
        // Cents to hundredths of 万元.
        Unit::Yuan => (value / 10_000, "ten_thousand_yuan"),
        Unit::BasisPoints => (value, "per_cent"),
        Unit::Terms => (value.saturating_mul(100), "terms"),
        Unit::Years => (value.saturating_mul(100), "years"),
        _ => (value.saturating_mul(100), "items"),
    }
}

fn row(programme: &Programme, threshold: &Threshold, reading: &ThresholdReading) -> Option<body::Gap> {
    let element = threshold.element.as_ref().and_then(|id| programme.element(id));
    let unit = threshold.unit.or_else(|| element.map(|element| element.unit))?;
    let want = reading.at_least.or(reading.at_most)?;
    let (want, name) = in_plan(unit, want);
    let (have, _) = in_plan(unit, reading.value.value()?);
    Some(body::Gap {
        item: threshold.name.chars().take(100).collect(),
        have: Some(have),
        want: Some(want),
        unit: name.to_owned(),
        ..body::Gap::default()
    })
}

/// The school's plan that may be written in now, begun where there is none.
async fn draft(
    ctx: &mut RequestContext,
    programme: &Programme,
    school: &str,
) -> Result<Loaded<Found<PlanRow>>> {
    let template = template(programme).ok_or(Error::NotFound)?.id.clone();
    let plans = school_plans::in_scope(&mut ctx.tx).await?;
    let open = plans.iter().find(|plan| plan.org == school && plan.template == template);
    let id = match open {
        Some(plan) if plan.state == PlanState::Draft || plan.sent_back => plan.id.clone(),
        Some(plan) if plan.state == PlanState::Proposed => {
            return Err(Error::NotNow(
                "达标方案正在征求同意，现在不能改。等主管人社局答复后再带入缺口。".to_owned(),
            ));
        }
        Some(plan) => {
            let plan = school_plans::find(&mut ctx.tx, &plan.id).await?;
            let plan = review::open(&mut ctx.tx, programme, plan).await?;
            school_plans::revise(&mut ctx.tx, programme, &plan).await?
        }
        None => {
            let today = ctx.today;
            let pairings = pairings::in_scope(&mut ctx.tx).await?;
            let mut mine = pairings.iter().filter(|row| row.county_school == school);
            let running = mine.rfind(|row| row.to_day.is_none_or(|end| today <= end));
            let Some(pairing) = running else {
                let message = "本校还没有结对，达标方案要在结对以后起草。缺口清单可以先用。";
                return Err(Error::NotNow(message.to_owned()));
            };
            school_plans::begin(&mut ctx.tx, programme, pairing, &template).await?
        }
    };
    let plan = school_plans::find(&mut ctx.tx, &id).await?;
    review::open(&mut ctx.tx, programme, plan).await
}

/// Brings the rows into the body: a gap that is there already keeps what the school wrote, with today's figures.
pub fn merge(body: &mut Body, rows: Vec<body::Gap>) -> (usize, usize) {
    let (mut added, mut renewed) = (0, 0);
    for row in rows {
        match body.gaps.iter_mut().find(|gap| gap.item == row.item) {
            Some(gap) if (gap.have, gap.want, &gap.unit) == (row.have, row.want, &row.unit) => {}
            Some(gap) => {
                (gap.have, gap.want, gap.unit) = (row.have, row.want, row.unit);
                renewed += 1;
            }
            None => {
                body.gaps.push(row);
                added += 1;
            }
        }
    }
    body.gaps.truncate(body::MOST_ROWS);
    (added, renewed)
}

pub async fn carry(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let stood = stood(ctx).await?;
    let school = stood.org.id.clone();
    if ctx.actor.org != school {
        return Err(Error::Forbidden("达标方案由县级院校自己起草，本单位只能查看。".to_owned()));
    }
    let back = format!("/attainment/{school}/gaps");
    let (Some(standard), _) = standards(&programme, &stood, ctx.today) else {
        return Ok(Reply::done(back, Flash::problem("这个层次没有现行的标准，没有缺口可以带入。")));
    };
    let found = attainment(&programme, standard, &stood.values(), &stood.confirmed, ctx.today);
    let short = found.items.iter().filter(|item| item.judges && item.gap.is_some());
    let rows: Vec<body::Gap> =
        short.filter_map(|item| row(&programme, programme.threshold(&item.threshold)?, item)).collect();
    if rows.is_empty() {
        return Ok(Reply::done(back, Flash::problem("没有未达到的标准要求，没有缺口可以带入。")));
    }
    let plan = draft(ctx, &programme, &school).await?;
    let mut body = Body::parse(&plan.row.body)?;
    let (added, renewed) = merge(&mut body, rows);
    if added + renewed > 0 {
        school_plans::save(&mut ctx.tx, &programme, &plan, plan.row.version, &body).await?;
    }
    let text = match (added, renewed) {
        (0, 0) => "缺口都已经在方案里了。请写明由哪一级补、多少经费、什么时候补齐。".to_owned(),
        _ => {
            format!("已带入：新增 {added} 条，更新 {renewed} 条。请写明由哪一级补、多少经费、什么时候补齐。")
        }
    };
    Ok(Reply::done(format!("/plans/{}/edit", plan.row.id), Flash::done(text)))
}
