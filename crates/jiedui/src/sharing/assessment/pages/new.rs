//! Trying a scheme on a year: the results. Nothing is written before it is kept as a draft; what depends on the weights is
//! computed then, in the background.

use super::CLAUSE;
use super::table::{TableView, table};
use crate::sharing::assessment::actions::{self, NewAssessment, asked, weighing};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct NewView {
    /// The programme has no scheme.
    none: bool,
    scheme: Field,
    year: Field,
    tried: Option<TableView>,
    /// What the form that keeps it carries on.
    hidden: BTreeMap<&'static str, String>,
    errors: Vec<FieldError>,
}

/// Scheme and year of an address or of a form.
fn read(programme: &Programme, given: &FormValues) -> Result<NewAssessment, Vec<FieldError>> {
    let mut errors = Vec::new();
    let scheme = given.get("scheme").to_owned();
    if programme.assessment(&scheme).is_none() {
        let words = "请从列出的考核办法里选一个。";
        errors.push(FieldError::new("scheme", Code::NotListed.says(words)));
    }
    let year = given.year("year").filter(|year| (2000..=2100).contains(year));
    if year.is_none() {
        errors.push(FieldError::new("year", Code::OutOfRange.says("请填写四位数的年份。")));
    }
    match year {
        Some(year) if errors.is_empty() => Ok(NewAssessment { scheme, year }),
        _ => Err(errors),
    }
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    page(ctx, &given, Vec::new()).await
}

/// What the scheme gives for the year, or why it gives nothing.
async fn tried(
    ctx: &mut RequestContext,
    programme: &Programme,
    new: &NewAssessment,
) -> Result<Result<TableView, Vec<FieldError>>> {
    if let Some(error) = actions::check_year(programme, new.year, ctx.today) {
        return Ok(Err(vec![error]));
    }
    let scheme = actions::scheme_of(programme, &new.scheme)?;
    let asked = asked::asked(&mut ctx.tx, programme, scheme, new.year).await?;
    Ok(asked.outturns().map(|outturns| table(&asked, (&outturns, None), &[])))
}

async fn page(ctx: &mut RequestContext, given: &FormValues, mut errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let mut found = None;
    if !given.get("scheme").is_empty() {
        match read(&programme, given) {
            Ok(new) => match tried(ctx, &programme, &new).await? {
                Ok(table) => found = Some(table),
                Err(wrong) => errors.extend(wrong),
            },
            Err(wrong) => errors.extend(wrong),
        }
    }
    // What the form said already is not said twice.
    errors.dedup_by(|one, other| one.field == other.field);
    let choices = programme.assessments.iter().map(|one| Choice::new(one.id.as_str(), one.name.as_str()));
    let asked_year = match given.get("year") {
        "" => (ctx.today.year() - 1).to_string(),
        typed => typed.to_owned(),
    };
    let scheme = Field::new("scheme", "按什么办法").required().value(given.get("scheme"));
    let year = Field::new("year", "考核哪一年").required().value(asked_year).error(&errors);
    let view = NewView {
        none: programme.assessments.is_empty(),
        scheme: scheme.options(choices.collect()).error(&errors),
        year: year.help("已经过完的一年。"),
        tried: found,
        hidden: BTreeMap::from([
            ("scheme", given.get("scheme").to_owned()),
            ("year", given.get("year").to_owned()),
        ]),
        errors: errors.clone(),
    };
    let lead =
        "先试算：等次是多少。合适了再拟定：换权重会不会变，拟定以后在后台算；送核对以前被考核单位看不到。";
    let page = Page::new("试算考核", lead).clause(CLAUSE).back("/assessments", "返回考核").kind("form");
    Ok(Reply::view("sharing/assessment/new.html", page, &view)?.refused(!errors.is_empty()))
}

/// Drafts it, and has computed what of it depends on the weights.
async fn kept(ctx: &mut RequestContext, programme: &Programme, new: &NewAssessment) -> Result<String> {
    let id = actions::draft(&mut ctx.tx, programme, new).await?;
    let row = actions::find(&mut ctx.tx, &id).await?;
    weighing::begin(&mut ctx.tx, &row).await?;
    Ok(id)
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, given) = (ctx.programme(), ctx.form.values.clone());
    let done = match read(&programme, &given) {
        Ok(new) => kept(ctx, &programme, &new).await,
        Err(wrong) => Err(Error::Invalid(wrong)),
    };
    match done.or_wrong()? {
        Ok(id) => Ok(Reply::done(
            format!("/assessments/{id}"),
            Flash::done("已拟定。送核对以前被考核单位看不到，送的时候按当天的数重新计算。"),
        )),
        // An empty form has tried nothing, so what is missing is told here.
        Err(errors) => page(ctx, &given, errors).await,
    }
}
