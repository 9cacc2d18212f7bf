//! The one form by which a school tells where the graduates of a year went: a table of its major categories and the
//! destinations, once a year.

use super::{persons, year_choices};
use crate::evidence::majors;
use crate::sharing::jobs::actions::market::{self, Graduates};
use crate::sharing::jobs::actions::{self, cohorts};
use crate::sharing::jobs::rules::cohort::{Compared, MOST, Sheet, input, sum_input};
use jiedui_kernel::{FieldError, Reported, Result};
use jiedui_programme::JobRules;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct MajorLine {
    major: String,
    /// As the school told them with its majors.
    graduates: Figure,
    inputs: Vec<Field>,
}

/// A sum that the year-profile tells already.
#[derive(Serialize)]
struct SumLine {
    name: String,
    told: Figure,
    field: String,
    error: String,
}

#[derive(Serialize)]
struct TraceView {
    year: i32,
    years: Vec<Choice>,
    version: i64,
    destinations: Vec<String>,
    lines: Vec<MajorLine>,
    sums: Vec<SumLine>,
    errors: Vec<FieldError>,
    conflict: bool,
}

/// The year that is asked for among those that can be told; the newest where it names none.
fn year_of(ctx: &RequestContext, given: &FormValues) -> i32 {
    let newest = majors::asked_year(ctx.today, &ctx.programme());
    given.year("year").filter(|year| (newest - market::BACK..=newest).contains(year)).unwrap_or(newest)
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let year = year_of(ctx, &ctx.query);
    page(ctx, year, None, Vec::new(), 200).await
}

/// What is in an input: as it was typed, or as it was told before. Nobody is left blank.
fn value(given: Option<&FormValues>, name: &str, stored: i64) -> String {
    match given {
        Some(given) => given.get(name).to_owned(),
        None if stored > 0 => stored.to_string(),
        None => String::new(),
    }
}

fn line(
    rules: &JobRules,
    (major, graduates): (&str, Figure),
    sheet: &Sheet,
    (given, errors, conflict): (Option<&FormValues>, &[FieldError], bool),
) -> MajorLine {
    let inputs = rules.destinations.iter().map(|one| {
        let (name, stored) = (input(major, &one.id), sheet.cell(major, &one.id));
        let field = Field::new(&name, &format!("{major}：{}", one.name));
        let field = field.value(value(given, &name, stored)).error(errors);
        let field = Field { unit: "人".to_owned(), width: "short", ..field };
        if conflict { field.theirs(&stored.to_string()) } else { field }
    });
    MajorLine { inputs: inputs.collect(), major: major.to_owned(), graduates }
}

fn sum(one: Compared, errors: &[FieldError], profile: &str) -> SumLine {
    let field = sum_input(&one.element);
    let error = errors.iter().find(|error| error.field == field);
    SumLine {
        told: persons(one.told.map_or(Reported::NotReported, Reported::Value), profile, &one.name),
        error: error.map_or_else(String::new, |error| error.message.clone()),
        name: one.name,
        field,
    }
}

/// What the school told with its majors, by category.
async fn graduates(ctx: &mut RequestContext, year: i32) -> Result<Vec<(String, Graduates)>> {
    let org = ctx.actor.org.clone();
    let supply = market::supply(&mut ctx.tx, year).await?;
    let own = supply.into_iter().filter(|one| one.school == org);
    Ok(own.map(|one| (one.major, one.graduates)).collect())
}

async fn page(
    ctx: &mut RequestContext,
    year: i32,
    given: Option<&FormValues>,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let (programme, org) = (ctx.programme(), ctx.actor.org.clone());
    let rules = actions::rules_of(&programme)?;
    let told = cohorts::of(&mut ctx.tx, &org, year).await?;
    let categories = cohorts::categories(&mut ctx.tx, &programme, &org, (year, &told.sheet)).await?;
    let taught = graduates(ctx, year).await?;
    let known = |major: &str| {
        let found = taught.iter().find(|(name, _)| name == major).map(|(_, of)| *of);
        super::graduates(
            found.unwrap_or_default(),
            rules.smallest_cell,
            &format!("/majors/years?year={year}"),
        )
    };
    let conflict = status == 409;
    let lines = categories
        .iter()
        .map(|major| line(rules, (major, known(major)), &told.sheet, (given, &errors, conflict)));
    let lines: Vec<MajorLine> = lines.collect();
    let profile = format!("/profiles/{org}/{year}");
    let compared = cohorts::compared(&mut ctx.tx, &programme, rules, (&org, year, &told.sheet)).await?;
    let choice = |one: Choice| Choice { selected: one.value == year.to_string(), ..one };
    let view = TraceView {
        year,
        years: year_choices(ctx).into_iter().map(choice).collect(),
        version: told.version(),
        destinations: rules.destinations.iter().map(|one| one.name.clone()).collect(),
        lines,
        sums: compared.into_iter().map(|one| sum(one, &errors, &profile)).collect(),
        errors: errors.clone(),
        conflict,
    };
    let lead = "一年填一次，只填合计数，没有人的空着。各格相加要和年度基本情况一致，不一致的会说出两个数。";
    let page = Page::new("填报毕业去向", lead)
        .clauses(&rules.clauses)
        .back(format!("/employment/cohorts/{org}?year={year}"), "返回本校的毕业去向")
        .kind("form");
    Ok(Reply::view("sharing/jobs/trace.html", page, &view)?.with_status(status))
}

/// What was typed; a blank is nobody.
fn read(rules: &JobRules, categories: &[String], given: &FormValues, reader: &mut Reader) -> Sheet {
    let mut sheet = Sheet::default();
    for major in categories {
        for one in &rules.destinations {
            let name = input(major, &one.id);
            let label = format!("{major}：{}", one.name);
            let typed = !given.get(&name).is_empty();
            let persons = typed.then(|| reader.number(given, &name, &label, 0..=MOST)).flatten();
            sheet.put(major, &one.id, persons.unwrap_or(0));
        }
    }
    sheet
}

/// What was told before of destinations that the programme knows no more stays.
fn keep_unknown(rules: &JobRules, old: &Sheet, sheet: &mut Sheet) {
    for (major, destination, persons) in old.cells() {
        if rules.destination(destination).is_none() {
            sheet.put(major, destination, persons);
        }
    }
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, given) = (ctx.programme(), ctx.form.values.clone());
    let rules = actions::rules_of(&programme)?;
    let (year, org) = (year_of(ctx, &given), ctx.actor.org.clone());
    let old = cohorts::of(&mut ctx.tx, &org, year).await?;
    let categories = cohorts::categories(&mut ctx.tx, &programme, &org, (year, &old.sheet)).await?;
    let mut reader = Reader::default();
    let mut sheet = read(rules, &categories, &given, &mut reader);
    keep_unknown(rules, &old.sheet, &mut sheet);
    if !reader.errors.is_empty() {
        return page(ctx, year, Some(&given), reader.errors, 422).await;
    }
    let href = format!("/employment/cohorts/{org}?year={year}");
    if old.row.is_some() && old.sheet == sheet {
        return Ok(Reply::done(href, Flash::done("和已填的一样，没有要改的。没有变化也不用再报。")));
    }
    let version = given.whole("version").unwrap_or(0);
    let done = cohorts::save(&mut ctx.tx, &programme, (year, version), &sheet).await;
    if let Err(refused) = done.or_refused()? {
        return page(ctx, year, Some(&given), refused.errors, refused.status).await;
    }
    Ok(Reply::done(href, Flash::done("已保存。今年不用再填，有错随时来改。")))
}
