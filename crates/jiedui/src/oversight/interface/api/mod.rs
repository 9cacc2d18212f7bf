//! The addresses for programs: which right each takes, what it answers with, and which parameters or content it reads.

pub mod fields;
mod figures;
pub mod openapi;
mod rows;
mod sent;
pub mod writes;

use crate::evidence::{ledger, outputs};
use crate::network::{pairings, registry};
use crate::planning::{needs, projects};
use crate::reporting::monthly;
use fields::{Described, Kind, Part, Resource};
use jiedui_kernel::{Code, Error, FieldError, Id, Mistake, Result};
use jiedui_programme::Programme;
use jiedui_store::Keyed;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::Reply;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use serde_json::{Value, json};

/// How much of a resource an address answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    One,
    /// From where a cursor stands.
    Page,
    /// Few enough to be told at once.
    All,
}

/// An address with what it offers.
pub struct Offered {
    pub route: Route,
    /// The name of the resource.
    pub resource: &'static str,
    pub shape: Shape,
    /// The parameters that it reads.
    pub query: &'static [Part],
    /// What is sent to it, where it changes something.
    pub takes: Option<&'static [Part]>,
}

const AFTER: Part =
    Part { name: "after", kind: Kind::Id, about: "上一页给出的 next，不写就从头读" };
const LIMIT: Part =
    Part { name: "limit", kind: Kind::Whole, about: "一页最多几条，不写是五十，最多二百" };
const PAGE: &[Part] = &[AFTER, LIMIT];
const DAY: &[Part] =
    &[Part { name: "day", kind: Kind::Day, about: "哪一天在任的人，不写是今天" }];

/// Rows of a page where nobody says how many, and where somebody does.
const USUAL: i64 = 50;
const MOST: i64 = 200;

fn offer(
    route: Route,
    (resource, shape): (&'static str, Shape),
    (subject, about): (Subject, &'static str),
    query: &'static [Part],
) -> Offered {
    Offered { route: route.about(subject, about), resource, shape, query, takes: None }
}

/// What changes a row, or makes one, and answers with it.
fn write(
    route: Route,
    (resource, subject): (&'static str, Subject),
    about: &'static str,
    takes: &'static [Part],
) -> Offered {
    Offered { takes: Some(takes), ..offer(route, (resource, Shape::One), (subject, about), &[]) }
}

const fn right(resource: &'static str) -> Access {
    Access::Can(resource, "read")
}

/// The pages of a resource.
fn list(route: Route, resource: &'static str, about: &'static str) -> Offered {
    offer(route, (resource, Shape::Page), (Subject::None, about), PAGE)
}

/// One row of a resource; `subject` is what its mechanism calls such a row.
fn one(route: Route, resource: &'static str, subject: &'static str, about: &'static str) -> Offered {
    offer(route, (resource, Shape::One), (Subject::Row(subject), about), &[])
}

/// Everything that programs can ask for.
pub fn offered() -> Vec<Offered> {
    let mut offered = of_rows();
    offered.extend(written());
    offered.extend(computed());
    offered
}

/// What programs do to the ledger.
fn written() -> Vec<Offered> {
    let (claim, answer) = (Access::Can("entry", "claim"), Access::Can("entry", "answer"));
    let (new, one) = (("entry", Subject::None), ("entry", Subject::Row("entry")));
    vec![
        write(
            route!(Post "/api/v1/entries", claim, program writes::claim),
            new,
            "登记一条台账",
            writes::CLAIM,
        ),
        write(
            route!(Post "/api/v1/entries/{id}/answer", answer, program writes::answer),
            one,
            "答复一条台账，或者撤销答复",
            writes::ANSWER,
        ),
        write(
            route!(Post "/api/v1/entries/{id}/correct", claim, program writes::correct),
            one,
            "更正一条台账，写全",
            writes::CORRECTION,
        ),
        write(
            route!(Post "/api/v1/entries/{id}/accept", claim, program writes::accept),
            one,
            "接受对方部分确认的数",
            writes::NOTHING,
        ),
        write(
            route!(Post "/api/v1/entries/{id}/withdraw", claim, program writes::withdraw),
            one,
            "撤回一条台账",
            writes::NOTHING,
        ),
    ]
}

fn of_rows() -> Vec<Offered> {
    let registry = right("registry");
    let (pairing, need, project) = (right("pairing"), right("need"), right("project"));
    let (entry, output, month) = (right("entry"), right("output"), right("month"));
    vec![
        list(route!(Get "/api/v1/schools", registry, program show_schools), "school", "读取院校"),
        one(
            route!(Get "/api/v1/schools/{id}", registry, program show_school),
            "school",
            "county_school",
            "读取一所院校",
        ),
        offer(
            route!(Get "/api/v1/schools/{id}/people", registry, program show_people),
            ("person", Shape::All),
            (Subject::Row("county_school"), "读取一所院校在任的人"),
            DAY,
        ),
        list(route!(Get "/api/v1/pairings", pairing, program show_pairings), "pairing", "读取结对"),
        one(
            route!(Get "/api/v1/pairings/{id}", pairing, program show_pairing),
            "pairing",
            "pairing",
            "读取一组结对",
        ),
        list(route!(Get "/api/v1/needs", need, program show_needs), "need", "读取需求"),
        one(route!(Get "/api/v1/needs/{id}", need, program show_need), "need", "need", "读取一条需求"),
        list(route!(Get "/api/v1/projects", project, program show_projects), "project", "读取项目"),
        one(
            route!(Get "/api/v1/projects/{id}", project, program show_project),
            "project",
            "project",
            "读取一个项目",
        ),
        list(route!(Get "/api/v1/entries", entry, program show_entries), "entry", "读取台账"),
        one(route!(Get "/api/v1/entries/{id}", entry, program show_entry), "entry", "entry", "读取一条台账"),
        list(route!(Get "/api/v1/outputs", output, program show_outputs), "output", "读取成果"),
        one(
            route!(Get "/api/v1/outputs/{id}", output, program show_output),
            "output",
            "output",
            "读取一项成果",
        ),
        list(route!(Get "/api/v1/months", month, program show_months), "month", "读取月调度"),
    ]
}

/// What follows from rows and is told whole.
fn computed() -> Vec<Offered> {
    let (clock, indicator) = (right("clock"), right("indicator"));
    vec![
        offer(
            route!(Get "/api/v1/pairings/{id}/clocks", clock, program figures::clocks),
            ("clock", Shape::All),
            (Subject::Row("pairing"), "读取一组结对的履职进度"),
            &[],
        ),
        offer(
            route!(Get "/api/v1/figures", indicator, program figures::figures),
            ("figure", Shape::All),
            (Subject::None, "读取一个年度的全部指标数"),
            figures::YEAR,
        ),
        offer(
            route!(Get "/api/v1/figures/{id}", indicator, program figures::figure),
            ("figure", Shape::One),
            (Subject::Open, "读取一项指标数，可以只看一部分，也可以看某一天报的数"),
            figures::SLICE,
        ),
        offer(
            route!(Get "/api/v1/targets", indicator, program figures::targets),
            ("target", Shape::All),
            (Subject::None, "读取目标"),
            &[],
        ),
    ]
}

/// Everything that is told, described.
pub fn resources() -> Vec<Described> {
    vec![
        rows::SCHOOL.described(),
        rows::PERSON.described(),
        rows::PAIRING.described(),
        rows::NEED.described(),
        rows::PROJECT.described(),
        rows::ENTRY.described(),
        rows::OUTPUT.described(),
        rows::MONTH.described(),
        figures::CLOCK.described(),
        figures::FIGURE.described(),
        figures::TARGET.described(),
    ]
}

/// What is not read is refused: a filter that somebody mistyped would be left out, and the answer taken for less than it is. Of
/// what is written twice one would be left out too.
fn only(query: &FormValues, read: &[Part]) -> Result<()> {
    let strange = query.given().filter(|name| !read.iter().any(|part| part.name == *name));
    let strange =
        strange.map(|name| FieldError::new(name, Code::NotListed.says("没有这个参数，请对照接口说明。")));
    let twice = read.iter().filter(|part| query.all(part.name).len() > 1);
    let twice = twice.map(|part| FieldError::new(part.name, Code::Faulty.says("这个参数只能写一次。")));
    Error::of(strange.chain(twice).collect())
}

/// Where a page begins and how long it is.
struct Wanted {
    after: String,
    limit: i64,
}

impl Wanted {
    fn of(query: &FormValues) -> Result<Self> {
        only(query, PAGE)?;
        let mut errors = Vec::new();
        let after = query.get("after");
        if !after.is_empty() && Id::parse(after).is_none() {
            errors.push(FieldError::new("after", Code::Faulty.says("请原样写上一页给出的 next。")));
        }
        let limit = if query.get("limit").is_empty() { Some(USUAL) } else { query.whole("limit") };
        let limit = limit.filter(|limit| (1..=MOST).contains(limit));
        if limit.is_none() {
            let words = format!("一页从 1 条到 {MOST} 条。");
            errors.push(FieldError::new("limit", Code::OutOfRange.says(words)));
        }
        Error::of(errors)?;
        Ok(Self { after: after.to_owned(), limit: limit.unwrap_or(USUAL) })
    }

    /// One more than is told: whether there is a further page.
    fn asked(&self) -> i64 {
        self.limit + 1
    }

    fn page<Row: Keyed + 'static>(
        &self,
        of: &Resource<Row>,
        mut rows: Vec<Row>,
        programme: &Programme,
    ) -> Reply {
        let most = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let is_last = rows.len() <= most;
        rows.truncate(most);
        let next = rows.last().filter(|_| !is_last).map(|row| row.key().to_owned());
        Reply::Data(json!({ "items": items(of, &rows, programme), "next": next }))
    }
}

fn items<Row: 'static>(of: &Resource<Row>, rows: &[Row], programme: &Programme) -> Vec<Value> {
    rows.iter().map(|row| of.tell(row, programme)).collect()
}

fn all<Row: 'static>(of: &Resource<Row>, rows: &[Row], programme: &Programme) -> Reply {
    Reply::Data(json!({ "items": items(of, rows, programme), "next": null }))
}

async fn show_schools(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let found = registry::schools_after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    Ok(wanted.page(&rows::SCHOOL, found, &ctx.programme()))
}

async fn show_school(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = registry::find(&mut ctx.tx, &id).await?;
    if found.kind != "school" {
        return Err(Error::NotFound);
    }
    Ok(Reply::Data(rows::SCHOOL.tell(&found, &ctx.programme())))
}

/// Names are those that the holder sees on the school's page without pressing for more: nobody's program asks for the rest.
async fn show_people(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, DAY)?;
    let id = ctx.param("id");
    if registry::find(&mut ctx.tx, &id).await?.kind != "school" {
        return Err(Error::NotFound);
    }
    let day = match ctx.query.get("day") {
        "" => ctx.today,
        text => ctx.query.date("day").ok_or_else(|| Error::field("day", Mistake::no_date(text)))?,
    };
    let mut found = registry::people_at(&mut ctx.tx, &id, day, day).await?;
    for person in &mut found {
        ctx.names.read(&mut person.name, &[&*id]);
    }
    Ok(all(&rows::PERSON, &found, &ctx.programme()))
}

async fn show_pairings(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let found = pairings::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    Ok(wanted.page(&rows::PAIRING, found, &ctx.programme()))
}

async fn show_pairing(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = pairings::find(&mut ctx.tx, &id).await?;
    Ok(Reply::Data(rows::PAIRING.tell(&found, &ctx.programme())))
}

async fn show_needs(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let found = needs::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    Ok(wanted.page(&rows::NEED, found, &ctx.programme()))
}

async fn show_need(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = needs::find(&mut ctx.tx, &id).await?.into_row();
    Ok(Reply::Data(rows::NEED.tell(&found, &ctx.programme())))
}

async fn show_projects(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let found = projects::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    Ok(wanted.page(&rows::PROJECT, found, &ctx.programme()))
}

async fn show_project(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = projects::find(&mut ctx.tx, &id).await?.into_row();
    Ok(Reply::Data(rows::PROJECT.tell(&found, &ctx.programme())))
}

async fn show_entries(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let found = ledger::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    Ok(wanted.page(&rows::ENTRY, found, &ctx.programme()))
}

async fn show_entry(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = ledger::find(&mut ctx.tx, &id).await?.into_row();
    Ok(Reply::Data(rows::ENTRY.tell(&found, &ctx.programme())))
}

async fn show_outputs(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let found = outputs::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    Ok(wanted.page(&rows::OUTPUT, found, &ctx.programme()))
}

async fn show_output(ctx: &mut RequestContext) -> Result<Reply> {
    only(&ctx.query, &[])?;
    let id = ctx.param("id");
    let found = outputs::find(&mut ctx.tx, &id).await?.into_row();
    Ok(Reply::Data(rows::OUTPUT.tell(&found, &ctx.programme())))
}

async fn show_months(ctx: &mut RequestContext) -> Result<Reply> {
    let wanted = Wanted::of(&ctx.query)?;
    let found = monthly::after(&mut ctx.tx, &wanted.after, wanted.asked()).await?;
    Ok(wanted.page(&rows::MONTH, found, &ctx.programme()))
}
