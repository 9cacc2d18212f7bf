//! What an official decides by hand for one county school: how it takes part, whom to lock, to exclude, or to choose. The
//! loss is the difference of two solved objectives and is kept with the reason.

use super::super::actions::scenario::{self as actions, Change, LoadedScenario};
use super::super::rules::body::{Body, Choice, Kind, Stance};
use super::super::rules::setting::{Setting, side_of};
use super::super::rules::solve::{self, SolveOutcome};
use super::school;
use super::studio::{Resolved, resolve, resolve_with};
use jiedui_kernel::{Code, Error, FieldError, Id, Mistake, Result};
use jiedui_matching::Side;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::work::Prepared;
use serde_json::json;

async fn opened(ctx: &mut RequestContext) -> Result<(LoadedScenario, Id)> {
    let (id, county) = (ctx.param("id"), ctx.param("county"));
    let opened = actions::open(&mut ctx.tx, &id).await?;
    if opened.setting.facts.county(&county).is_none() {
        return Err(Error::NotFound);
    }
    Ok((opened, county))
}

/// The page again with what is wrong, or the scenario to be solved.
async fn put_choice(
    ctx: &mut RequestContext,
    opened: LoadedScenario,
    county: &str,
    errors: Vec<FieldError>,
    done: Option<(Body, Change)>,
) -> Result<Prepared<Resolved>> {
    match done.filter(|_| errors.is_empty()) {
        Some((body, change)) => resolve(ctx, opened, body, change),
        None => school::page(ctx, &opened, county, errors).await.map(Prepared::Answered),
    }
}

pub async fn stance(ctx: &mut RequestContext) -> Result<Prepared<Resolved>> {
    let (opened, county) = opened(ctx).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.required(&pairs, "stance-reason", "理由").to_owned();
    read.text(&pairs, "stance-reason", "理由", 200);
    let chosen = Stance::of(pairs.get("stance"));
    if chosen.is_none() {
        read.fail("stance", Code::Missing.says("请选择参加方式。"));
    }
    let mut body = opened.setting.body.clone();
    if let Some(stance) = chosen {
        body.stances.insert(county.to_string(), stance);
        if matches!(stance, Stance::Keep | Stance::Out) {
            // Nothing is chosen for it any more.
            body.choices.retain(|choice| choice.county_school != county);
        }
    }
    let what = json!({ "county_school": county, "stance": pairs.get("stance") });
    let change = Change { kind: "stance", reason, what };
    put_choice(ctx, opened, &county, read.errors, Some((body, change))).await
}

pub async fn choose(ctx: &mut RequestContext) -> Result<Prepared<Resolved>> {
    let (opened, county) = opened(ctx).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.required(&pairs, "reason", "理由").to_owned();
    read.text(&pairs, "reason", "理由", 200);
    let (side, kind) = (side_of(pairs.get("side")), Kind::of(pairs.get("kind")));
    let (Some(side), Some(kind)) = (side, kind) else {
        read.fail("kind", Code::Missing.says("请选择要保持、排除还是指定。"));
        return put_choice(ctx, opened, &county, read.errors, None).await;
    };
    let (choices, errors) = asked(&opened.setting, &county, (side, kind), (&pairs.all("partner"), &reason));
    read.errors.extend(errors);
    if !read.errors.is_empty() {
        return put_choice(ctx, opened, &county, read.errors, None).await;
    }
    let mut body = opened.setting.body.clone();
    for choice in &choices {
        if let Err(errors) = body.choose(choice.clone()).or_wrong()? {
            return put_choice(ctx, opened, &county, errors, None).await;
        }
    }
    resolve_with(ctx, opened, move |opened| {
        let (mut setting, mut made) = (opened.setting.clone(), Vec::new());
        for choice in choices {
            let (with, choice) = decide(&setting, &opened.answer, choice)?;
            setting = setting.with(with);
            made.push(choice);
        }
        Ok((setting.body, Change { kind: "choose", reason, what: json!(made) }))
    })
}

/// The choices of a form: one partner is kept or chosen, any number is excluded.
fn asked(
    setting: &Setting,
    county: &str,
    (side, kind): (Side, Kind),
    (partners, reason): (&[String], &str),
) -> (Vec<Choice>, Vec<FieldError>) {
    let mut errors = Vec::new();
    if partners.iter().all(String::is_empty) {
        errors.push(FieldError::new("partner", Code::Missing.says("请选择一所院校。")));
    }
    let partners = if kind.fixes() { &partners[..partners.len().min(1)] } else { partners };
    let one = |partner: &String| Choice {
        county_school: county.to_owned(),
        side,
        partner: partner.clone(),
        kind,
        reason: reason.to_owned(),
        loss: None,
    };
    let choices: Vec<Choice> = partners.iter().filter(|partner| !partner.is_empty()).map(one).collect();
    for choice in &choices {
        if let Some(mistake) = refused(setting, county, side, &choice.partner, kind) {
            errors.push(FieldError::new("partner", mistake));
        }
    }
    (choices, errors)
}

/// A scenario's body with one more choice, and the choice with its loss.
///
/// # Errors
/// The same partner is settled for the other place of this county school, or the opposite was said of it.
pub fn decide(setting: &Setting, answer: &SolveOutcome, mut choice: Choice) -> Result<(Body, Choice)> {
    let mut with = setting.body.clone();
    // What stood in this place before makes way: the loss is told against no choice at all here.
    let mut without = with.clone();
    without.choices.retain(|old| {
        !(old.county_school == choice.county_school && old.side == choice.side && old.kind.fixes())
    });
    with.choose(choice.clone())?;
    choice.loss = solve::loss(setting, &without, &with, answer.warm());
    with.lift(&choice.county_school, choice.side, &choice.partner);
    with.choose(choice.clone())?;
    Ok((with, choice))
}

/// Why this partner cannot be chosen or excluded here.
fn refused(setting: &Setting, county: &str, side: Side, partner: &str, kind: Kind) -> Option<Mistake> {
    let (school, found) = (setting.facts.county(county)?, setting.facts.partner(partner));
    let Some(found) = found else { return Some(Code::Missing.says("请选择一所院校。")) };
    if matches!(setting.stance(school), Stance::Keep | Stance::Out) {
        return Some(Code::NotFitting.says("这所学校不参加重选，不用保持或排除；请先改变它的参加方式。"));
    }
    if kind == Kind::Forbid {
        return None;
    }
    let hindrance = setting.hindrance(side, school, found)?;
    Some(Code::NotFitting.says(format!("不能选{}：{hindrance}", found.name)))
}

pub async fn lift(ctx: &mut RequestContext) -> Result<Prepared<Resolved>> {
    let (opened, county) = opened(ctx).await?;
    let pairs = ctx.form.values.clone();
    let side = side_of(pairs.get("side"));
    let mut body = opened.setting.body.clone();
    let partner = pairs.get("partner").to_owned();
    let lifted = side.is_some_and(|side| body.lift(&county, side, &partner));
    let errors = if lifted {
        Vec::new()
    } else {
        vec![FieldError::new("", Code::Unchanged.says("这项决定已经取消，不用再取消。"))]
    };
    let what = json!({ "county_school": county, "side": pairs.get("side"), "partner": partner });
    let change = Change { kind: "lift", reason: String::new(), what };
    put_choice(ctx, opened, &county, errors, Some((body, change))).await
}
