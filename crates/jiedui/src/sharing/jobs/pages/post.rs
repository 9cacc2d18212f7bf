//! One post: what it says, and its answer.

use super::posts::PostLine;
use super::{address, graduates, kept_back};
use crate::evidence::majors;
use crate::network::{enterprises, registry};
use crate::shared::review::{Action, Loaded, ReviewView};
use crate::sharing::jobs::actions;
use crate::sharing::jobs::actions::fitting::{self, Fit};
use crate::sharing::jobs::data::VacancyRow;
use crate::sharing::jobs::rules::{REASON, STEPS};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct PostView {
    #[serde(flatten)]
    line: PostLine,
    org: String,
    answerer: Option<String>,
    school: Option<String>,
    /// None where the caller does not see the school, or the enterprise.
    school_href: Option<String>,
    enterprise_href: Option<String>,
    /// As the post names them; "" where any of its category fits.
    majors: String,
    /// None where any major fits.
    supply: Option<SupplyView>,
    reason: Field,
    #[serde(flatten)]
    review: ReviewView,
    errors: Vec<FieldError>,
}

/// Where somebody graduates in what the post asks for.
#[derive(Serialize)]
struct SupplyView {
    year: String,
    rows: Vec<FitLine>,
    /// Where all of the category stand.
    all: String,
    more: bool,
}

#[derive(Serialize)]
struct FitLine {
    school: Link,
    place: String,
    major: String,
    graduates: Figure,
}

async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<VacancyRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

/// The address of what was looked for; none where the caller does not see it.
fn seen<T>(found: Result<T>, href: String) -> Result<Option<String>> {
    match found {
        Ok(_) => Ok(Some(href)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn school_href(ctx: &mut RequestContext, row: &VacancyRow) -> Result<Option<String>> {
    let Some(school) = &row.school else { return Ok(None) };
    if !ctx.can("registry", "read") {
        return Ok(None);
    }
    seen(registry::find(&mut ctx.tx, school).await, format!("/registry/{school}"))
}

async fn enterprise_href(ctx: &mut RequestContext, row: &VacancyRow) -> Result<Option<String>> {
    if !ctx.can("enterprise", "read") {
        return Ok(None);
    }
    let id = &row.enterprise;
    seen(enterprises::find(&mut ctx.tx, id).await, format!("/enterprises/{id}"))
}

async fn supply(ctx: &mut RequestContext, row: &VacancyRow, names: &[String]) -> Result<Option<SupplyView>> {
    if row.major.is_empty() {
        return Ok(None);
    }
    let programme = ctx.programme();
    let smallest = actions::rules_of(&programme)?.smallest_cell;
    let year = majors::asked_year(ctx.today, &programme);
    let found = fitting::fitting(&mut ctx.tx, row, (names, year), smallest).await?;
    let year = year.to_string();
    let line = |one: &Fit| {
        let href = format!("/majors/{}", one.school);
        let number = if one.kept_back {
            kept_back(&href, "毕业生")
        } else {
            graduates(one.graduates, smallest, &href)
        };
        FitLine {
            graduates: number,
            school: Link::new(href, &one.school_name),
            place: one.place.clone(),
            major: one.major.clone(),
        }
    };
    Ok(Some(SupplyView {
        rows: found.iter().take(fitting::SHOWN).map(line).collect(),
        all: address("/employment/cohorts", &[("major", &row.major), ("year", &year)]),
        more: found.len() > fitting::SHOWN,
        year,
    }))
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, opened) = (ctx.programme(), opened(ctx).await?);
    let rules = actions::rules_of(&programme)?;
    let row = &opened.row;
    let names = fitting::majors_of(&mut ctx.tx, row).await?;
    let reason = Field::new("reason", "哪里不对").required().value(ctx.form.values.get("reason"));
    let view = PostView {
        line: PostLine::of(row, rules, ctx.today),
        org: row.org_name.clone(),
        answerer: row.answerer_name.clone(),
        school: row.school_name.clone(),
        school_href: school_href(ctx, row).await?,
        enterprise_href: enterprise_href(ctx, row).await?,
        supply: supply(ctx, row, &names).await?,
        majors: names.join("、"),
        reason: Field { maxlength: Some(REASON), ..reason.error(&errors) },
        review: opened.view(ctx, &STEPS),
        errors: errors.clone(),
    };
    let lead = "到截止日自动失效；招满了或有错的，登记的单位可以撤回。";
    let page = Page::new(row.title.as_str(), lead)
        .clauses(&rules.clauses)
        .back("/employment/posts", "返回岗位")
        .kind("detail");
    Ok(Reply::view("sharing/jobs/post.html", page, &view)?.refused(!errors.is_empty()))
}

fn done(row: &VacancyRow, text: &str) -> Reply {
    Reply::done(format!("/employment/posts/{}", row.id), Flash::done(text))
}

pub async fn confirm(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::confirm(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已确认，有效期里人人看得到。"))
}

pub async fn dispute(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    opened.demand(Action::Return)?;
    let reason = ctx.form.values.get("reason").to_owned();
    match actions::dispute(&mut ctx.tx, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => Ok(done(&opened.row, "已提出异议，登记的一方看得到。改正以后会重新登记。")),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    actions::withdraw(&mut ctx.tx, &opened, version).await?;
    Ok(done(&opened.row, "已撤回，不再计入。"))
}
