//! The month of one school: its figures, duties, problems and restatements, and the answer of who accepts it.

use super::told::{self, ProjectLine, TargetLine};
use super::{FigureLine, RestatedLine, figure_line, restated_lines, unit_of};
use crate::network::registry::{self, OrgRow, Population};
use crate::reporting::monthly::data::{MonthRow, MonthState};
use crate::reporting::monthly::rules::parcel::{Amount, Parcel, ParcelClock};
use crate::reporting::monthly::{actions, rules};
use crate::shared::frozen::KeptView;
use crate::shared::review::{self, Action, Loaded, ReviewView};
use crate::shared::settled::Settled;
use crate::standing::indicators::Slice;
use crate::standing::remarks;
use jiedui_kernel::{Actor, Code, Date, Error, FieldError, Reported, Result};
use jiedui_programme::Programme;
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::history::HistoryRow;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

#[derive(Serialize)]
struct SchoolView {
    here: String,
    school: Link,
    place: String,
    helpers: String,
    state: StateMark,
    due: Option<String>,
    /// That day is past.
    late: bool,
    /// That it came back, and nobody accepted it since.
    returned: Option<Returned>,
    /// What stands here was accepted, and will not change.
    closed: bool,
    settled: Settled,
    figures: Vec<FigureLine>,
    restated: Vec<RestatedLine>,
    clocks: Vec<ParcelClock>,
    projects: Vec<ProjectLine>,
    targets: Vec<TargetLine>,
    problems: String,
    problems_field: Option<Field>,
    /// Where the caller may ask somebody to see to what troubles the school, and where that stands.
    assign: Option<String>,
    followups: String,
    /// What the school asks; and the form by which it may ask.
    asked: String,
    ask: Option<Field>,
    /// What is pointed out; to the parties before those who accept see it.
    unusual: Vec<String>,
    word: String,
    word_field: Option<Field>,
    kept: Option<KeptView>,
    may_accept: bool,
    about: Field,
    reason: Field,
    version: i64,
    review: Option<ReviewView>,
    errors: Vec<FieldError>,
}

/// The month and school of an address, among the county schools of that time.
async fn asked(ctx: &mut RequestContext) -> Result<(i64, OrgRow, Population)> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let month = actions::month_of(&ctx.param("month"), &programme, ctx.today)?;
    let school = registry::find(&mut ctx.tx, &id).await?;
    let last = rules::days(month).ok_or(Error::NotFound)?.to;
    let population = registry::population(&mut ctx.tx).await?;
    if population.holds(&school.id, last) { Ok((month, school, population)) } else { Err(Error::NotFound) }
}

#[derive(Serialize)]
struct Returned {
    by: String,
    reason: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

/// What the month says now, which is what was accepted where the province did; and what was accepted last.
async fn said(
    ctx: &mut RequestContext,
    school: &OrgRow,
    row: &MonthRow,
    population: &Population,
) -> Result<(Parcel, Option<Parcel>)> {
    let (programme, kept) = (ctx.programme(), actions::parcel_of(row)?);
    if let Some(parcel) = kept.clone().filter(|_| row.state == MonthState::Closed) {
        return Ok((parcel, kept));
    }
    let of = (row.month, school);
    let now = actions::make(&mut ctx.tx, &programme, of, row.said(), population).await?;
    Ok((now, kept))
}

/// What the province accepted stands as it was; all else may still change.
fn of_school(closed: bool) -> Settled {
    let words = match closed {
        true => "这个月已经由省办接收，数字不再变；以后的更正写在后面的月份。",
        false => "省办接收以前还会变。",
    };
    Settled { accepted: closed, words: words.to_owned(), href: None }
}

fn helpers(parcel: &Parcel) -> String {
    let names = [parcel.school.lead.as_str(), parcel.school.nearby.as_str()];
    names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("、")
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let ((month, school, population), programme) = (asked(ctx).await?, ctx.programme());
    let row = actions::look(&mut ctx.tx, month, &school.id).await?;
    let (now, kept) = said(ctx, &school, &row, &population).await?;
    let (closed, seen) = (row.state == MonthState::Closed, told::seen(ctx).await?);
    let opened = review::open(&mut ctx.tx, &programme, row).await?;
    let (row, may) = (&opened.row, opened.offered(ctx));
    let cut = Slice { school: school.id.clone(), ..Slice::default() };
    let due = next_due(ctx, row.state, month).filter(|_| ctx.actor.scope.covers(&school.path));
    let view = SchoolView {
        here: format!("/months/{month}/schools/{}", school.id),
        school: registry::link(&school.id, &school.name),
        place: school.place.clone(),
        helpers: helpers(&now),
        state: rules::mark(row.state),
        returned: returned(&opened.history, row.state),
        late: due.is_some_and(|day| day < ctx.today) && told_late(&ctx.actor, row),
        due: due.map(|day| day.to_string()),
        closed,
        settled: of_school(closed),
        figures: figures(ctx, &now, kept.as_ref().filter(|_| !closed), &cut),
        restated: restated_lines(&programme, &now.restated, &cut),
        clocks: now.clocks.clone(),
        projects: projects_of(&now, &seen),
        targets: targets_of(&programme, &now, &cut),
        problems_field: may.can(Action::Edit).then(|| problems_field(ctx, &row.problems, &errors)),
        problems: row.problems.clone(),
        followups: format!("/followups?school={}", school.id),
        assign: (ctx.can("followup", "assign") && !row.problems.is_empty())
            .then(|| format!("/followups/new/{}/{month}", school.id)),
        asked: row.asked.clone(),
        ask: may.can(Action::Comment).then(|| ask_field(ctx, &row.asked, &errors)),
        unusual: pointed_out(ctx, &school, row, &now),
        word: row.word.clone(),
        word_field: (may.can(Action::Edit) && !now.unusual.is_empty())
            .then(|| word_field(ctx, &row.word, &errors)),
        kept: kept.as_ref().filter(|one| is_seen(one, &seen)).map(|one| kept_view(row, one)),
        may_accept: may.can(Action::Accept),
        about: about_field(&now),
        reason: Field::new("reason", "哪里需要核对").value(ctx.form.values.get("reason")).error(&errors),
        version: row.version,
        review: row.begun().then(|| opened.view(ctx, &rules::STEPS)),
        errors: errors.clone(),
    };
    let lead = "数字从台账里带出，点开就是每一条；要更正的，在原来的记录上更正。";
    let page = Page::new(format!("{}：{}", rules::title(month), school.name), lead)
        .clause("S1.3")
        .back(format!("/months/{month}"), format!("{}的月调度", rules::title(month)))
        .kind("detail");
    Ok(Reply::view("reporting/monthly/school.html", page, &view)?.refused(!errors.is_empty()))
}

/// That a date is past is told to whoever it waits for and to those above, neither to the school nor to its helpers.
fn told_late(actor: &Actor, row: &MonthRow) -> bool {
    let units = [&row.school, &row.county, &row.city];
    let below = match row.state {
        MonthState::Open => 1,
        MonthState::County => 2,
        MonthState::City | MonthState::Closed => 3,
    };
    !units.into_iter().take(below).any(|org| *org == actor.org)
}

fn projects_of(parcel: &Parcel, seen: &HashSet<String>) -> Vec<ProjectLine> {
    let shown = parcel.projects.iter().filter(|one| seen.contains(&one.pairing));
    shown.map(|one| told::project_line(&parcel.school.name, one)).collect()
}

fn targets_of(programme: &Programme, parcel: &Parcel, cut: &Slice) -> Vec<TargetLine> {
    let cut = cut.in_year(i32::try_from(parcel.month / 100).unwrap_or_default());
    parcel.targets.iter().map(|one| told::target_line(programme, one, &cut, None)).collect()
}

/// Whether the caller sees all of which a parcel tells; only then it is handed out whole.
fn is_seen(parcel: &Parcel, seen: &HashSet<String>) -> bool {
    parcel.projects.iter().all(|one| seen.contains(&one.pairing))
}

/// The school and its helpers see it at once, those who accept some days later.
fn pointed_out(ctx: &RequestContext, school: &OrgRow, row: &MonthRow, now: &Parcel) -> Vec<String> {
    let party = ctx.actor.org == school.id || !ctx.actor.scope.covers(&school.path);
    let shown = party || rules::points_out(&ctx.programme(), row, ctx.today);
    if shown { now.unusual.clone() } else { Vec::new() }
}

/// One press is enough: what is written there already says that somebody looked.
fn word_field(ctx: &RequestContext, word: &str, errors: &[FieldError]) -> Field {
    let known = [ctx.form.values.get("word"), word].into_iter().find(|known| !known.is_empty());
    let word = known.unwrap_or("已核对，登记属实。");
    let field = Field::new("word", "说明一句").value(word).error(errors);
    Field { maxlength: Some(rules::WORD), ..field }
}

fn problems_field(ctx: &RequestContext, problems: &str, errors: &[FieldError]) -> Field {
    // What is wrong may be in another form of the page, which does not carry this one.
    let typed = ctx.form.values.get("problems");
    let field = Field::new("problems", "问题与诉求")
        .help("没有就不用写。写了的，上级在接收时看到。")
        .value(if typed.is_empty() { problems } else { typed })
        .error(errors);
    Field { maxlength: Some(rules::PROBLEMS), ..field }
}

fn ask_field(ctx: &RequestContext, asked: &str, errors: &[FieldError]) -> Field {
    let typed = ctx.form.values.get("asked");
    let field = Field::new("asked", "要补充什么")
        .help("由正等着接收的上级决定；退回以后可以修改问题与诉求，再从县局起接收。")
        .value(if typed.is_empty() { asked } else { typed })
        .error(errors);
    Field { maxlength: Some(rules::ASKED), ..field }
}

/// Who sent it back, and why, until somebody accepts it again.
fn returned(history: &[HistoryRow], state: MonthState) -> Option<Returned> {
    let last = history.iter().rfind(|step| matches!(step.kind.as_str(), "accept" | "send_back"))?;
    let is_back = state == MonthState::Open && last.kind == "send_back";
    is_back.then(|| Returned { by: last.org_name.clone(), reason: last.reason.clone() })
}

fn next_due(ctx: &RequestContext, state: MonthState, month: i64) -> Option<Date> {
    let next = match state {
        MonthState::Open => MonthState::County,
        MonthState::County => MonthState::City,
        MonthState::City | MonthState::Closed => MonthState::Closed,
    };
    let open = state != MonthState::Closed;
    rules::due(&ctx.programme(), next, month).filter(|_| open)
}

/// The figures as they are, beside those of the last acceptance where they moved since.
fn figures(ctx: &RequestContext, now: &Parcel, kept: Option<&Parcel>, cut: &Slice) -> Vec<FigureLine> {
    let programme = ctx.programme();
    let said: HashMap<&str, Amount> = kept
        .map(|parcel| parcel.figures.iter().map(|one| (one.indicator.as_str(), one.month)).collect())
        .unwrap_or_default();
    let line = |figure| {
        let line: FigureLine = figure_line(&programme, now.month, figure, cut);
        let before = said.get(figure.indicator.as_str()).copied().unwrap_or_default();
        let moved = kept.is_some() && before != figure.month;
        let unit = unit_of(&programme, &figure.indicator);
        let accepted = moved.then(|| {
            Figure::of(Reported::Value(before.confirmed), unit, &line.confirmed.href, "上次接收时确认")
                .in_column(unit)
        });
        FigureLine { accepted, ..line }
    };
    let shown = now.figures.iter().filter(|figure| {
        let before = said.get(figure.indicator.as_str()).copied().unwrap_or_default();
        figure.month != Amount::default() || before != figure.month
    });
    shown.map(line).collect()
}

fn kept_view(row: &MonthRow, parcel: &Parcel) -> KeptView {
    let href = format!("/months/{}/schools/{}/parcel", row.month, row.school);
    KeptView::of(&parcel.stamp, (&row.parcel, &row.digest), href, parcel.differing().is_empty())
}

fn about_field(parcel: &Parcel) -> Field {
    let whole =
        [Choice::new("", "整份"), Choice::new("problems", "问题与诉求"), Choice::new("clocks", "履职进度")];
    let figures = parcel.moved().map(|one| Choice::new(one.indicator.clone(), one.name.clone()));
    Field::new("about", "意见针对").options(whole.into_iter().chain(figures).collect())
}

async fn opened(ctx: &mut RequestContext) -> Result<(OrgRow, Loaded<Found<MonthRow>>)> {
    let ((month, school, _), programme) = (asked(ctx).await?, ctx.programme());
    let opened = actions::open(&mut ctx.tx, &programme, month, &school).await?;
    Ok((school, opened))
}

/// The version of the form; 0 where nobody had begun when the page was made, which is that of a new row.
fn version_of(ctx: &RequestContext, row: &MonthRow) -> Result<i64> {
    let version = ctx.form_version()?;
    Ok(if version == 0 && row.state == MonthState::Open && row.revision == 1 { row.version } else { version })
}

pub async fn problems(ctx: &mut RequestContext) -> Result<Reply> {
    let (_, opened) = opened(ctx).await?;
    let version = version_of(ctx, &opened.row)?;
    let text = ctx.form.values.get("problems").to_owned();
    let (month, school) = (opened.row.month, opened.row.school.clone());
    if text == opened.row.problems {
        let to = format!("/months/{month}/schools/{school}");
        return Ok(Reply::done(to, Flash::done("内容没有改动。")));
    }
    match actions::write_problems(&mut ctx.tx, &opened, version, &text).await.or_wrong()? {
        Ok(()) => {
            let text = "已保存。上级接收以前可以修改。";
            Ok(Reply::done(format!("/months/{month}/schools/{school}"), Flash::done(text)))
        }
        Err(errors) => page(ctx, errors).await,
    }
}

/// What the school says to what is pointed out about its month.
pub async fn word(ctx: &mut RequestContext) -> Result<Reply> {
    let (school, opened) = opened(ctx).await?;
    let (version, month) = (version_of(ctx, &opened.row)?, opened.row.month);
    let mut read = Reader::default();
    let text = read.text(&ctx.form.values, "word", "说明一句", rules::WORD as usize).to_owned();
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let to = format!("/months/{month}/schools/{}", school.id);
    if text == opened.row.word {
        return Ok(Reply::done(to, Flash::done("内容没有改动。")));
    }
    actions::write_word(&mut ctx.tx, &opened, version, &text).await?;
    let done = if text.is_empty() {
        "说明已去掉。"
    } else {
        "已附上。上级接收时和提示一起看到。"
    };
    Ok(Reply::done(to, Flash::done(done)))
}

/// What was accepted by a level below is locked for the school; it asks, and the level that has it now decides.
pub async fn ask(ctx: &mut RequestContext) -> Result<Reply> {
    let (school, opened) = opened(ctx).await?;
    let (version, month) = (ctx.form_version()?, opened.row.month);
    let mut read = Reader::default();
    let reason = read.text(&ctx.form.values, "asked", "要补充什么", rules::ASKED as usize).to_owned();
    let acted = match read.done() {
        Ok(()) => actions::ask_back(&mut ctx.tx, &opened, version, &reason).await,
        Err(error) => Err(error),
    };
    match acted.or_wrong()? {
        Ok(()) => {
            let to = format!("/months/{month}/schools/{}", school.id);
            Ok(Reply::done(to, Flash::done("已提出，正等着接收的上级看得到。")))
        }
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, (school, opened)) = (ctx.programme(), opened(ctx).await?);
    let version = version_of(ctx, &opened.row)?;
    let month = opened.row.month;
    let values = ctx.form.values.clone();
    let to = format!("/months/{month}/schools/{}", school.id);
    if values.get("verdict") == "send_back" {
        opened.demand(Action::Return)?;
        let mut read = Reader::default();
        let reason = read.required(&values, "reason", "哪里需要核对").to_owned();
        read.text(&values, "reason", "哪里需要核对", remarks::rules::WORDS as usize);
        if let Err(errors) = read.done().or_wrong()? {
            return page(ctx, errors).await;
        }
        let said = (values.get("about"), reason.as_str());
        actions::send_back(&mut ctx.tx, &programme, &opened, version, said).await?;
        return Ok(Reply::done(to, Flash::done("已退回学校并附上意见；学校核对以后，从县局起重新接收。")));
    }
    if values.get("verdict") != "accept" {
        let words = "请选择接收或退回。";
        return page(ctx, vec![FieldError::new("verdict", Code::Missing.says(words))]).await;
    }
    actions::accept(&mut ctx.tx, &programme, &opened, version, &school).await?;
    Ok(Reply::done(to, Flash::done("已接收。")))
}

/// What was accepted last, byte for byte.
pub async fn parcel(ctx: &mut RequestContext) -> Result<Reply> {
    let (month, school, _) = asked(ctx).await?;
    let row = actions::look(&mut ctx.tx, month, &school.id).await?;
    let parcel = actions::parcel_of(&row)?.ok_or(Error::NotFound)?;
    if !is_seen(&parcel, &told::seen(ctx).await?) {
        return Err(Error::NotFound);
    }
    let name = format!("月调度 {} {}.json", rules::title(month), school.name);
    Ok(Reply::Kept(File { name, mime: "application/json", bytes: row.parcel.into_bytes() }))
}
