//! The addresses for programs: which right each takes, what it answers with, and which parameters or content it reads.

pub mod changes;
pub mod fields;
mod figures;
mod lists;
pub mod openapi;
mod rows;
mod sent;
pub mod writes;

use fields::{Described, Kind, Part, Resource};
use jiedui_kernel::{Code, Error, FieldError, Id, Result};
use jiedui_programme::Programme;
use jiedui_store::Keyed;
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
    /// What changed since a cursor, and where to go on.
    Changes,
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
    let mut offered = of_places();
    offered.extend(of_work());
    offered.extend(written());
    offered.extend(computed());
    offered.push(offer(
        // What is told is asked right by right.
        route!(Get "/api/v1/changes", Access::SignedIn, program changes::changed),
        ("change", Shape::Changes),
        (Subject::None, "读取上一次以后的改动，按写入的先后"),
        changes::SINCE,
    ));
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

/// Schools, people, and who is paired with whom.
fn of_places() -> Vec<Offered> {
    let (registry, profile, pairing) = (right("registry"), right("profile"), right("pairing"));
    vec![
        list(route!(Get "/api/v1/schools", registry, program lists::schools), "school", "读取院校"),
        one(
            route!(Get "/api/v1/schools/{id}", registry, program lists::school),
            "school",
            "county_school",
            "读取一所院校",
        ),
        offer(
            route!(Get "/api/v1/schools/{id}/people", registry, program lists::people),
            ("person", Shape::All),
            (Subject::Row("county_school"), "读取一所院校在任的人"),
            DAY,
        ),
        offer(
            route!(Get "/api/v1/schools/{id}/profiles", profile, program lists::profiles_of_school),
            ("profile", Shape::All),
            (Subject::Row("county_school"), "读取一所院校各年的基本情况"),
            &[],
        ),
        list(
            route!(Get "/api/v1/people", registry, program lists::posts),
            "post",
            "读取任职，也就是各单位的人",
        ),
        one(
            route!(Get "/api/v1/people/{id}", registry, program lists::post),
            "post",
            "person_post",
            "读取一个任职",
        ),
        list(route!(Get "/api/v1/pairings", pairing, program lists::pairings), "pairing", "读取结对"),
        one(
            route!(Get "/api/v1/pairings/{id}", pairing, program lists::pairing),
            "pairing",
            "pairing",
            "读取一组结对",
        ),
    ]
}

/// What is planned, done and reported.
fn of_work() -> Vec<Offered> {
    let (need, project, profile) = (right("need"), right("project"), right("profile"));
    let (entry, output, month, fund) = (right("entry"), right("output"), right("month"), right("fund"));
    let paper = right("service_certificate");
    vec![
        list(route!(Get "/api/v1/needs", need, program lists::needs), "need", "读取需求"),
        one(route!(Get "/api/v1/needs/{id}", need, program lists::need), "need", "need", "读取一条需求"),
        list(route!(Get "/api/v1/projects", project, program lists::projects), "project", "读取项目"),
        one(
            route!(Get "/api/v1/projects/{id}", project, program lists::project),
            "project",
            "project",
            "读取一个项目",
        ),
        list(route!(Get "/api/v1/entries", entry, program lists::entries), "entry", "读取台账"),
        one(
            route!(Get "/api/v1/entries/{id}", entry, program lists::entry),
            "entry",
            "entry",
            "读取一条台账",
        ),
        list(route!(Get "/api/v1/outputs", output, program lists::outputs), "output", "读取成果"),
        one(
            route!(Get "/api/v1/outputs/{id}", output, program lists::output),
            "output",
            "output",
            "读取一项成果",
        ),
        list(route!(Get "/api/v1/profiles", profile, program lists::profiles), "profile", "读取年度基本情况"),
        list(route!(Get "/api/v1/months", month, program lists::months), "month", "读取月调度"),
        list(route!(Get "/api/v1/money", fund, program lists::moneys), "money", "读取经费收支"),
        one(
            route!(Get "/api/v1/money/{id}", fund, program lists::money),
            "money",
            "fund_move",
            "读取一笔经费收支",
        ),
        list(route!(Get "/api/v1/papers", paper, program lists::papers), "paper", "读取已出具的证明"),
        one(
            route!(Get "/api/v1/papers/{id}", paper, program lists::paper),
            "paper",
            "service_certificate",
            "读取一份已出具的证明",
        ),
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
        rows::HELD_POST.described(),
        rows::PAIRING.described(),
        rows::NEED.described(),
        rows::PROJECT.described(),
        rows::ENTRY.described(),
        rows::OUTPUT.described(),
        rows::PROFILE.described(),
        rows::MONTH.described(),
        rows::MONEY.described(),
        rows::PAPER.described(),
        figures::CLOCK.described(),
        figures::FIGURE.described(),
        figures::TARGET.described(),
        changes::CHANGED.described(),
    ]
}

/// What is not read is refused: a filter that somebody mistyped would be left out, and the answer taken for less than it is. Of
/// what is written twice one would be left out too, and one without a value: `after=` reads the first page for ever.
fn only(query: &FormValues, read: &[Part]) -> Result<()> {
    let strange = query.given().filter(|name| !read.iter().any(|part| part.name == *name));
    let strange =
        strange.map(|name| FieldError::new(name, Code::NotListed.says("没有这个参数，请对照接口说明。")));
    let twice = read.iter().filter(|part| query.all(part.name).len() > 1);
    let twice = twice.map(|part| FieldError::new(part.name, Code::Faulty.says("这个参数只能写一次。")));
    let empty = read.iter().filter(|part| query.all(part.name).iter().any(String::is_empty));
    let empty = empty
        .map(|part| FieldError::new(part.name, Code::Missing.says("这个参数没有写值。不用的话，整个去掉。")));
    Error::of(strange.chain(twice).chain(empty).collect())
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
