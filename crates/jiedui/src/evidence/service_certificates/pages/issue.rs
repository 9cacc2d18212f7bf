//! Giving a certificate: of whom and for which days; what it would say; and what a stranger may read.

use super::WorkLine;
use crate::evidence::service_certificates::actions::{self, NewCertificate};
use crate::evidence::service_certificates::rules::{self, Shown};
use chrono::Datelike as _;
use jiedui_kernel::{Date, FieldError, Period, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct IssueView {
    /// Nobody here has work that could be certified.
    nobody: bool,
    who: Vec<Field>,
    /// Of whom and for which days it is shown what would be said.
    person: String,
    from: String,
    to: String,
    rows: Vec<WorkLine>,
    asked: bool,
    policy: Option<[String; 3]>,
    shows: Field,
    errors: Vec<FieldError>,
}

/// The days of an address or of a form.
fn days(given: &FormValues, today: Date) -> Result<Period, Vec<FieldError>> {
    rules::days(given.date("from"), given.date("to"), today)
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    let asked = !given.get("person").is_empty();
    let errors = if asked { days(&given, ctx.today).err().unwrap_or_default() } else { Vec::new() };
    page(ctx, &given, errors).await
}

/// The page with what is wrong.
async fn refuse(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    Ok(page(ctx, given, errors).await?.refused(true))
}

async fn page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let org = ctx.actor.org.clone();
    let people = actions::people(&mut ctx.tx).await?;
    let person = given.get("person").to_owned();
    let known = people.iter().any(|(id, _)| *id == person);
    let (mut rows, mut policy) = (Vec::new(), None);
    if let (true, Ok(days)) = (known, days(given, today)) {
        let work;
        (work, policy) = actions::work(&mut ctx.tx, &programme, &person, days).await?;
        rows = work.iter().map(|work| WorkLine::of(work, false)).collect();
    }
    let names = &mut ctx.names;
    let choices =
        people.iter().map(|(id, name)| Choice::new(id.as_str(), names.shown(name, &[&org]))).collect();
    let or = |text: &str, other: String| if text.is_empty() { other } else { text.to_owned() };
    let (from, to) = (or(given.get("from"), first_day(today)), or(given.get("to"), today.to_string()));
    let field =
        |name: &str, label: &str, value: &str| Field::new(name, label).required().value(value).error(&errors);
    let view = IssueView {
        nobody: people.is_empty(),
        who: vec![
            field("person", "给谁出具", &person).options(choices),
            field("from", "从哪天", &from),
            field("to", "到哪天", &to),
        ],
        asked: known && errors.is_empty(),
        person,
        from,
        to,
        rows,
        policy,
        shows: shows(&given.all("shows")),
        errors: errors.clone(),
    };
    let lead = "选人和起止日期，内容由台账里双方确认过的记录生成；没有确认的、有异议的不会写进去。";
    let page = Page::new("出具协作经历证明", lead)
        .clause("T4.7")
        .back("/certificates", "返回协作经历证明")
        .kind("form");
    Reply::view("evidence/service_certificates/issue.html", page, &view)
}

fn shows(ticked: &[String]) -> Field {
    let one = |one: Shown| Choice {
        selected: ticked.iter().any(|id| id == one.id()),
        ..Choice::new(one.id(), one.label())
    };
    Field::new("shows", "本人同意核验页显示").options(Shown::ALL.map(one).to_vec()).help(
        "核验页总会显示编号、出具单位、出具日期和是否有效；没有勾选的，核验的人看不到，请对照手里的证明。",
    )
}

/// The beginning of the year: what most ask for.
fn first_day(today: Date) -> String {
    format!("{}-01-01", today.year())
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let given = ctx.form.values.clone();
    let ticked = given.all("shows");
    let shows = Shown::ALL.into_iter().filter(|one| ticked.iter().any(|id| id == one.id())).collect();
    let days = match days(&given, ctx.today) {
        Ok(days) => days,
        Err(errors) => return refuse(ctx, &given, errors).await,
    };
    let new = NewCertificate { person: given.get("person").to_owned(), days, shows };
    match actions::issue(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => Ok(Reply::done(
            format!("/certificates/{id}"),
            Flash::done("已出具。可以下载打印，加盖本单位印章后交给本人。"),
        )),
        Err(errors) => refuse(ctx, &given, errors).await,
    }
}
