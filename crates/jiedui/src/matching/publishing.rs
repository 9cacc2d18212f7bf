//! Before a scenario is published: what begins, ends and stays, what differs from the programme, and from which day.

use super::act::{self, Opened};
use super::publish::Course;
use super::setting::Setting;
use super::solve::objectives;
use super::studio::org_link;
use super::views::{Head, at, at_school, points, schools};
use crate::http::cx::Cx;
use crate::http::figure::{Figure, Link};
use crate::http::form::{Reader, parse_date};
use crate::http::reply::{Field, Flash, Page, Reply};
use crate::pairings;
use jiedui_kernel::{Date, Error, FieldError, Result};
use jiedui_matching::Assigned;
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    id: String,
    version: i64,
    head: Head,
    starts: Field,
    ready: bool,
    begins: Vec<Pair>,
    ends: Vec<Pair>,
    stays: Vec<Pair>,
    counts: [Figure; 3],
    /// What all choices by hand cost together.
    loss: Option<Figure>,
    by_hand: bool,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Pair {
    school: Link,
    lead: Link,
    nearby: Link,
}

fn pair(opened: &Opened, county: &str, lead: &str, nearby: &str) -> Pair {
    let facts = &opened.setting.facts;
    Pair {
        school: Link::new(at_school(&opened.row.id, county), facts.name(county)),
        lead: org_link(facts, lead),
        nearby: org_link(facts, nearby),
    }
}

pub async fn form(cx: &mut Cx) -> Result<Reply> {
    let id = cx.param("id");
    let opened = act::open(&mut cx.tx, &id).await?;
    page(cx, &opened, Vec::new()).await
}

/// The day after today, unless another was named.
fn starting(cx: &Cx) -> Date {
    let sent = if cx.form.pairs.get("_csrf").is_empty() { &cx.query } else { &cx.form.pairs };
    parse_date(sent.get("starts")).or_else(|| cx.today.succ_opt()).unwrap_or(cx.today)
}

/// What the choices by hand cost: the objective without any of them less the objective with them.
async fn by_hand(setting: &Setting, opened: &Opened) -> Result<Option<i64>> {
    if setting.body.choices.is_empty() {
        return Ok(None);
    }
    let free = setting.with(setting.body.without_choices()).draft();
    let found = objectives(vec![free], opened.answer.warm()).await?;
    let free = found.into_iter().next().flatten();
    Ok(free.zip(opened.answer.objective()).map(|(free, here)| free - here))
}

async fn page(cx: &mut Cx, opened: &Opened, errors: Vec<FieldError>) -> Result<Reply> {
    let starts = starting(cx);
    let rows = pairings::in_scope(&mut cx.tx).await?;
    let course = opened.answer.solution().map(|found| Course::of(found, &rows, starts)).unwrap_or_default();
    let mut told = errors.clone();
    told.extend(course.hindrances(&opened.setting.facts));
    let here = format!("{}/publish", at(&opened.row.id));
    let of = |pairs: &[Assigned]| -> Vec<Pair> {
        pairs.iter().map(|one| pair(opened, &one.county_school, &one.lead, &one.nearby)).collect()
    };
    let ends =
        course.ends.iter().map(|row| pair(opened, &row.county_school, &row.lead, &row.nearby)).collect();
    let count =
        |number: usize, part: &str, label: &str| schools(number as i64, format!("{here}#{part}"), label);
    let loss = by_hand(&opened.setting, opened).await?;
    let view = FormView {
        id: opened.row.id.clone(),
        version: opened.row.version,
        head: Head::of(&opened.row, &opened.setting, &opened.answer),
        starts: Field::new("starts", "新结对从哪一天开始")
            .help("被替换的结对到前一天为止；已有台账全部保留。")
            .required()
            .value(starts.to_string())
            .error(&told),
        ready: opened.is_draft() && opened.answer.objective().is_some(),
        counts: [
            count(course.begins.len(), "begins", "新开始的结对"),
            count(course.ends.len(), "ends", "结束的结对"),
            count(course.stays.len(), "stays", "不变的结对"),
        ],
        begins: of(&course.begins),
        ends,
        stays: of(&course.stays),
        loss: loss.map(|loss| points(loss, at(&opened.row.id), "全部人工决定使总分减少")),
        by_hand: !opened.setting.body.choices.is_empty(),
        errors: told,
    };
    let page =
        Page::new("公布前核对", "公布后方案不能再改；结果、上界、证明和全部人工决定一并存档，各方可以核验。")
            .clause("G1.1")
            .back(at(&opened.row.id), opened.row.name.clone())
            .kind("form");
    Ok(Reply::view("matching/publish.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn publish(cx: &mut Cx) -> Result<Reply> {
    let id = cx.param("id");
    let opened = act::open(&mut cx.tx, &id).await?;
    let pairs = cx.form.pairs.clone();
    let mut read = Reader::default();
    let starts = read.date(&pairs, "starts", "开始日期");
    if let Err(Error::Invalid(errors)) = read.done() {
        return page(cx, &opened, errors).await;
    }
    let (version, starts) = (cx.form_version()?, starts.ok_or(Error::NotFound)?);
    match act::publish(&mut cx.tx, &opened, version, starts).await {
        Ok(()) => {
            let said = "已公布：新的结对已建立，被替换的已写明结束日期。各方在“方案结果”里可以看到理由，也可以自己核验。";
            Ok(Reply::done(at(&id), Flash::done(said)))
        }
        Err(Error::Invalid(errors)) => page(cx, &opened, errors).await,
        Err(other) => Err(other),
    }
}
