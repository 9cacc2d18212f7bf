//! The money of one school: each with how far it has come, what was paid lately, what a pupil costs, and what of its training
//! income is paid to teachers.

use super::moves::MoveLine;
use super::{BalanceView, Query, late, money_view, months, source_name, yuan};
use crate::evidence::profiles;
use crate::network::registry;
use crate::sharing::funding::actions::{self, Narrowed};
use crate::sharing::funding::data::SchoolSumRow;
use crate::sharing::funding::rules::book::Book;
use crate::standing::indicators::{self, Slice};
use chrono::Datelike as _;
use jiedui_funding::{Amount, Balance, Flow, Late, Step, each, total};
use jiedui_kernel::{Date, Period, Reported, Result, Unit};
use jiedui_programme::{FundingRules, Programme, with_derived};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct SchoolView {
    total: BalanceView,
    moneys: Vec<SourceLine>,
    projects: Vec<SourceLine>,
    others: Vec<SourceLine>,
    moves: Vec<MoveLine>,
    all_moves: String,
    cost: Option<CostView>,
    training: Option<TrainingView>,
    months: Figure,
    /// Where the caller records something of this school; none where it is not its to record.
    record: Option<String>,
}

/// A money with the source it is of.
#[derive(Serialize)]
struct SourceLine {
    source: String,
    #[serde(flatten)]
    balance: BalanceView,
}

/// What a pupil costs, with what it is computed from.
#[derive(Serialize)]
struct CostView {
    year: String,
    sources: String,
    element: String,
    paid: Figure,
    pupils: Figure,
    each: Figure,
}

#[derive(Serialize)]
struct TrainingView {
    year: String,
    income: Figure,
    pay: Figure,
    share: Figure,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let rules = actions::rules_of(&programme)?;
    let school = registry::find(&mut ctx.tx, &id).await?;
    let book = actions::book(&mut ctx.tx, &programme, Narrowed::school(&school.id)).await?;
    let sums = actions::moves_of(&mut ctx.tx, &school.id).await?;
    let query = Query::default().with("school", &school.id);
    let mut flows = book.flows();
    flows.extend(sums.iter().map(|(_, flow)| flow.clone()));
    let own = Link::new(format!("/funding/schools/{}", school.id), "合计");
    let moneys = book.moneys.iter().map(|money| SourceLine {
        source: source_name(rules, &money.source),
        balance: money_view(money, rules, ctx.today),
    });
    let moves = actions::newest(&mut ctx.tx, &school.id).await?;
    let records = ctx.can("fund", "record") && actions::other_side(&school, &ctx.actor.org).is_ok();
    let view = SchoolView {
        total: BalanceView::of(own, &total(&flows), late(&book, rules, ctx.today, |_| true), &query),
        moneys: moneys.collect(),
        projects: of_projects(&book, &sums).lines(rules, &book, &query),
        others: of_own(&sums).lines(rules, &book, &query),
        moves: moves.iter().map(|row| MoveLine::of(row, rules)).collect(),
        all_moves: query.moves(""),
        cost: cost(ctx, &programme, (&school.id, &sums), &query).await?,
        training: training(ctx, &programme, &school.id).await?,
        months: months(rules),
        record: records.then(|| format!("/funding/new?school={}", school.id)),
    };
    let lead = "每笔钱从批复到支出走到哪一步。到位在承诺和资助里更新，支出在这里登记，由另一方确认。";
    let page = Page::new(format!("{}的经费", school.name), lead)
        .clauses(&rules.clauses)
        .back("/funding", "返回经费")
        .kind("detail");
    Reply::view("sharing/funding/school.html", page, &view)
}

/// What adds up under a source and a project, "" for none, in the order in which it was first met.
#[derive(Default)]
struct Sums(Vec<(String, String, Balance)>);

impl Sums {
    fn add(&mut self, (source, project): (&str, &str), step: Step, amount: Amount) {
        let met = self.0.iter_mut().find(|(of, on, _)| of == source && on == project);
        if let Some((.., balance)) = met {
            return balance.add(step, amount);
        }
        let mut balance = Balance::default();
        balance.add(step, amount);
        self.0.push((source.to_owned(), project.to_owned(), balance));
    }

    fn lines(&self, rules: &FundingRules, book: &Book, query: &Query) -> Vec<SourceLine> {
        let line = |(source, project, balance): &(String, String, Balance)| {
            let query = query.with("source", source).with("project", project);
            let title = book.lines.iter().find(|line| line.project == *project);
            let part = match project.as_str() {
                "" => Link::new(query.moves(""), "没有列入项目的"),
                id => Link::new(format!("/projects/{id}"), title.map_or("项目", |line| &line.title)),
            };
            SourceLine {
                source: source_name(rules, source),
                balance: BalanceView::of(part, balance, Late::default(), &query),
            }
        };
        self.0.iter().map(line).collect()
    }
}

/// Plan against payment, project by project, whoever's money it was.
fn of_projects(book: &Book, sums: &[(SchoolSumRow, Flow)]) -> Sums {
    let mut found = Sums::default();
    for line in &book.lines {
        found.add((&line.source, &line.project), Step::Planned, Amount::sure(line.cents));
    }
    for (row, flow) in sums.iter().filter(|(row, _)| !row.project.is_empty()) {
        found.add((&row.source, &row.project), flow.step, flow.amount);
    }
    found
}

/// What came and went that no output carries.
fn of_own(sums: &[(SchoolSumRow, Flow)]) -> Sums {
    let mut found = Sums::default();
    for (row, flow) in sums.iter().filter(|(row, _)| row.output.is_empty()) {
        found.add((&row.source, &row.project), flow.step, flow.amount);
    }
    found
}

/// By the newest year-profile that was accepted; none where there is none.
async fn cost(
    ctx: &mut RequestContext,
    programme: &Programme,
    (school, sums): (&str, &[(SchoolSumRow, Flow)]),
    query: &Query,
) -> Result<Option<CostView>> {
    let all = actions::rules_of(programme)?;
    let rules = &all.cost_per_pupil;
    let Some(profile) = profiles::accepted_of(&mut ctx.tx, school).await? else { return Ok(None) };
    let element = programme.element(&rules.element);
    let pupils = with_derived(programme, &profile.values).get(&rules.element).copied();
    let pupils = pupils.unwrap_or(Reported::NotReported);
    let counted = sums.iter().map(|(_, flow)| flow).filter(|flow| {
        flow.year == profile.year && flow.step == Step::Paid && rules.sources.contains(&flow.source)
    });
    let paid = total(counted).paid.confirmed;
    let each = match pupils {
        Reported::Value(number) => each(paid, number).map_or(Reported::NotApplicable, Reported::Value),
        _ => Reported::NotReported,
    };
    let names = rules.sources.iter().map(|id| source_name(all, id));
    let href = format!("/profiles/{school}/elements/{}", rules.element);
    let element = element.map_or_else(|| rules.element.clone(), |element| element.name.clone());
    let year = profile.year.to_string();
    let moves = query.with("year", &year).moves("paid");
    Ok(Some(CostView {
        sources: names.collect::<Vec<_>>().join("、"),
        paid: yuan(paid, &moves, "这些来源的支出（确认）"),
        pupils: Figure::of(pupils, Unit::Persons, href, element.clone()),
        each: Figure::of(each, Unit::Yuan, moves, "培养成本"),
        element,
        year,
    }))
}

/// What the school earned by training in the last whole year, and what of it went to teachers.
async fn training(
    ctx: &mut RequestContext,
    programme: &Programme,
    school: &str,
) -> Result<Option<TrainingView>> {
    let Some(of) = &actions::rules_of(programme)?.training else { return Ok(None) };
    let year = ctx.today.year() - 1;
    let day = |month, day| Date::from_ymd_opt(year, month, day);
    let Some(window) = day(1, 1).zip(day(12, 31)).and_then(|(from, to)| Period::new(from, to)) else {
        return Ok(None);
    };
    let figures = indicators::school_figures(&mut ctx.tx, programme, school, window).await?;
    let slice = Slice { school: school.to_owned(), ..Slice::year(year) };
    let figure = |id: &str| {
        let found = programme.indicator(id);
        let (name, unit) = found.map_or((id, Unit::Yuan), |of| (of.name.as_str(), of.unit));
        let value = figures.get(id).copied().unwrap_or(Reported::NotReported);
        Figure::of(value, unit, format!("/indicators/{id}?{}", slice.query()), name)
    };
    Ok(Some(TrainingView {
        year: year.to_string(),
        income: figure(&of.income),
        pay: figure(&of.pay),
        share: figure(&of.share),
    }))
}
