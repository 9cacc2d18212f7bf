//! Lists of a year: all of them, one of them, and how one begins.

use super::views::year_choices;
use super::views::{ProjectLine, line, money};
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::planning::needs::{self, NeedState};
use crate::planning::projects::actions;
use crate::planning::projects::actions::carry::{self, Take};
use crate::planning::projects::data::{self, Ended, ListRow, ListState, ProjectRow, RemarkRow};
use crate::planning::projects::lists_of;
use crate::planning::projects::rules;
use crate::planning::projects::rules::LoadedList;
use crate::planning::projects::rules::changes::{self, Change, FIELDS};
use crate::planning::projects::tasks;
use crate::shared::notices::{self, UrgeView};
use crate::shared::review::{Action, ReviewView};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Error, FieldError, Reported, Result, Unit};
use jiedui_programme::Programme;
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::history::HistoryRow;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::names::Names;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::sorting::{Key, Orders};
use serde::Serialize;

#[derive(Serialize)]
struct AllView {
    #[serde(flatten)]
    list: Listed<ListLine>,
    sums: Vec<(StateMark, Figure)>,
    can_draft: bool,
}

/// A running pairing and its list of the year, or that there is none.
#[derive(Serialize)]
struct ListLine {
    href: String,
    county_name: String,
    city: String,
    typical: bool,
    lead_name: String,
    year: i64,
    state: StateMark,
    projects: Option<Figure>,
    number: String,
    filed_on: Option<String>,
    due: Option<String>,
}

pub async fn all(ctx: &mut RequestContext) -> Result<Reply> {
    let (list, asked) = asked(ctx).await?;
    let year = asked.year;
    let lists = lists_of(&mut ctx.tx, year, "").await?;
    let mut pairings = pairings::in_scope(&mut ctx.tx).await?;
    pairings.sort_by_key(|row| row.typical_class.is_empty());
    let all: Vec<(&PairingRow, Option<&ListRow>)> = pairings
        .iter()
        .filter(|row| has_year(row, year) && asked.fits(row))
        .map(|row| (row, lists.iter().find(|list| list.pairing == row.id)))
        .collect();
    let state_of = |list: &Option<&ListRow>| list.map(|list| list.state);
    let sums = rules::LIST_STATES
        .iter()
        .filter_map(|(state, label)| {
            let count = all.iter().filter(|(_, list)| state_of(list) == *state).count() as i64;
            let href = format!("/lists?{}", ctx.query.with("state", rules::list_key(*state)));
            let mark = rules::list_mark(*state);
            (count > 0).then(|| (mark, Figure::of(Reported::Value(count), Unit::Pairings, href, *label)))
        })
        .collect();
    let shown =
        all.into_iter().filter(|(_, list)| asked.state.is_none_or(|state| state == state_of(list))).collect();
    let orders = Orders {
        by: &[
            ("county_school", |(row, _): &(&PairingRow, Option<&ListRow>)| {
                Some(row.county_key.as_str().into())
            }),
            ("city", |(row, _)| Some(row.city_code.as_str().into())),
            ("lead", |(row, _)| Some(row.lead_key.as_str().into())),
            ("project", |(_, list)| list.map(|list| list.projects.into())),
            ("state", |(_, list)| place(*list).map(Key::from)),
            ("filed", |(_, list)| list.and_then(|list| list.filed_on).map(Key::from)),
        ],
        unsorted: &["year"],
    };
    let view = AllView {
        list: list.arrange(shown, &orders).map(|(row, list)| one(row, list, year)),
        sums,
        can_draft: ctx.can("project", "draft"),
    };
    let page = Page::new("项目清单", "每组结对每年一份：牵头院校拟，三方同意，市局提意见，省办备案。")
        .clause("S4.1")
        .back("/projects", "协作项目")
        .kind("list");
    Reply::view("planning/projects/lists.html", page, &view)
}

/// Whether a pairing ran at some time of the year.
fn has_year(row: &PairingRow, year: i64) -> bool {
    i64::from(row.from_day.year()) <= year && row.to_day.is_none_or(|end| year <= i64::from(end.year()))
}

fn one(row: &PairingRow, list: Option<&ListRow>, year: i64) -> ListLine {
    let href = match list {
        Some(list) => format!("/lists/{}", list.id),
        None => format!("/pairings/{}", row.id),
    };
    let count = |list: &ListRow| Figure::of(Reported::Value(list.projects), Unit::Items, &href, "项目数");
    ListLine {
        county_name: row.county_name.clone(),
        city: row.city.clone(),
        typical: !row.typical_class.is_empty(),
        lead_name: row.lead_name.clone(),
        year,
        state: rules::list_mark(list.map(|list| list.state)),
        projects: list.map(count),
        number: list.map(|list| list.number.clone()).unwrap_or_default(),
        filed_on: list.and_then(|list| list.filed_on).map(|day| day.to_string()),
        due: list
            .filter(|list| list.state == ListState::Submitted)
            .and_then(|list| list.comment_due)
            .map(|day| day.to_string()),
        href,
    }
}

/// Where the state of a list, or that there is none, stands among all.
fn place(list: Option<&ListRow>) -> Option<i64> {
    let state = list.map(|list| list.state);
    rules::LIST_STATES.iter().position(|(one, _)| *one == state).map(|at| at as i64)
}

/// What the address asks for.
struct IndexQuery {
    q: String,
    /// Lists are looked at one year at a time.
    year: i64,
    /// Some of none: those not begun.
    state: Option<Option<ListState>>,
    city: String,
    typical: String,
}

impl IndexQuery {
    /// But for the state, of which the sums above the list tell the parts.
    fn fits(&self, row: &PairingRow) -> bool {
        (row.county_name.contains(&self.q) || row.lead_name.contains(&self.q))
            && (self.city.is_empty() || row.city_code == self.city)
            && registry::fits_typical(&self.typical, !row.typical_class.is_empty())
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<(Listing, IndexQuery)> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let states = rules::LIST_STATES.map(|(state, name)| (state, rules::list_key(state), name));
    let mut list = Listing::at("/lists", Unit::Pairings, &ctx.query);
    let q = list.text("q", "学校名称");
    let year = list.year_or("今年", "年度", year_choices(ctx.today));
    let asked = IndexQuery {
        q,
        year: i64::from(year.unwrap_or(ctx.today.year())),
        state: list.one_of("state", "状态", states),
        city: list.choice("city", "所在市", cities),
        typical: list.choice("typical", "典型县", registry::typical_choices()),
    };
    Ok((list, asked))
}

#[derive(Serialize)]
struct NewView {
    pairing: Field,
    year: Field,
    source: Field,
    errors: Vec<FieldError>,
}

async fn mine(ctx: &mut RequestContext) -> Result<Vec<PairingRow>> {
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let runs = |row: &PairingRow| row.lead == org && pairings::rules::runs(row.from_day, row.to_day, today);
    Ok(pairings::in_scope(&mut ctx.tx).await?.into_iter().filter(runs).collect())
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    new_page(ctx, Vec::new()).await
}

async fn new_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let pairings = mine(ctx).await?;
    let given = |name: &str| match ctx.form.values.get(name) {
        "" => ctx.query.get(name).to_owned(),
        value => value.to_owned(),
    };
    let year = match given("year").as_str() {
        "" => tasks::drawn_up(ctx.today).to_string(),
        year => year.to_owned(),
    };
    let options = pairings.iter().map(|row| Choice::new(&row.id, &row.county_name)).collect();
    let years = (ctx.today.year()..=ctx.today.year() + 1)
        .map(|y| Choice::new(y.to_string(), format!("{y}年")))
        .collect();
    let sources = vec![
        Choice::new("", "空白清单，逐项增加或从表格导入"),
        Choice::new("rest", "从上一年没有完成的项目结转"),
        Choice::new("all", "以上一年的全部项目作底稿"),
    ];
    let view = NewView {
        pairing: Field::new("pairing", "对口县级院校")
            .required()
            .options(options)
            .value(given("pairing"))
            .error(&errors),
        year: Field::new("year", "年度").required().options(years).value(year).error(&errors),
        source: Field::new("source", "从哪里开始")
            .required()
            .options(sources)
            .value(given("source"))
            .error(&errors),
        errors: errors.clone(),
    };
    let page = Page::new("拟新的项目清单", "每组结对每年一份。")
        .clause("S4.1")
        .back("/lists", "项目清单")
        .kind("form");
    Ok(Reply::view("planning/projects/new.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn begin(ctx: &mut RequestContext) -> Result<Reply> {
    let pairings = mine(ctx).await?;
    let Some(pairing) = pairings.into_iter().find(|row| row.id == ctx.form.values.get("pairing")) else {
        let error = FieldError::new("pairing", Code::Missing.says("请选择对口县级院校。"));
        return new_page(ctx, vec![error]).await;
    };
    let year = ctx.form.values.year("year").unwrap_or_default();
    let id = match actions::begin(&mut ctx.tx, &pairing, year).await.or_wrong()? {
        Ok(id) => id,
        Err(errors) => return new_page(ctx, errors).await,
    };
    let take = match ctx.form.values.get("source") {
        "rest" => Some(Take::Rest),
        "all" => Some(Take::All),
        _ => None,
    };
    let mut count = 0;
    if let Some(take) = take {
        let last = lists_of(&mut ctx.tx, i64::from(year) - 1, &pairing.id).await?;
        if let Some(last) = last.first() {
            count = taken(ctx, &id, last, take).await?;
        }
    }
    let text = match (take, count) {
        (None, _) => "清单已建好，请逐项增加项目。".to_owned(),
        (Some(_), 0) => "清单已建好；上一年没有可以引用的项目。".to_owned(),
        (Some(_), count) => format!("清单已建好，引用 {count} 项；请逐项看过再提交。"),
    };
    Ok(Reply::done(format!("/lists/{id}"), Flash::done(text)))
}

async fn taken(ctx: &mut RequestContext, into: &str, from: &ListRow, take: Take) -> Result<usize> {
    let programme = ctx.programme();
    let into = actions::open(&mut ctx.tx, &programme, into).await?;
    let needs = needs::of_school(&mut ctx.tx, &into.row.county_school).await?;
    let open: Vec<_> = needs.into_iter().filter(|need| need.state == NeedState::Open).collect();
    carry::take_over(&mut ctx.tx, &programme, &into, from, take, &open).await
}

/// Carries over or copies from another list: `source` is `rest:ID` or `all:ID`.
pub async fn take(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let programme = ctx.programme();
    let opened = actions::open_to_edit(&mut ctx.tx, &programme, &id).await?;
    let source = ctx.form.values.get("source").to_owned();
    let (take, from) = match source.split_once(':') {
        Some(("rest", from)) => (Take::Rest, from),
        Some(("all", from)) => (Take::All, from),
        _ => return Err(Error::field("source", Code::Missing.says("请选择从哪份清单引用。"))),
    };
    let from = actions::open(&mut ctx.tx, &programme, from).await?.row;
    if take == Take::Rest && (from.pairing != opened.row.pairing || from.year >= opened.row.year) {
        return Err(Error::field("source", Code::NotListed.says("结转只能来自同一组结对以前年度的清单。")));
    }
    let count = taken(ctx, &id, &from, take).await?;
    let text = if count == 0 {
        "那份清单里没有可以引用的项目。".to_owned()
    } else {
        format!("引用 {count} 项；请逐项看过再提交。")
    };
    Ok(Reply::done(format!("/lists/{id}"), Flash::done(text)))
}

#[derive(Serialize)]
struct ShowView {
    id: String,
    year: i64,
    state: StateMark,
    number: String,
    filed_on: Option<String>,
    submitted_on: Option<String>,
    due: Option<String>,
    lead_name: String,
    nearby_name: String,
    county_name: String,
    pairing: String,
    rows: Vec<ProjectLine>,
    budget: Figure,
    changes: Vec<Change>,
    editions: bool,
    #[serde(flatten)]
    review: ReviewView,
    comments: Vec<Comment>,
    silent: bool,
    remarks: Vec<(String, &'static str, String)>,
    returned: String,
    sources: Field,
    file_fields: Vec<Field>,
    urge: Option<UrgeView>,
    /// Somebody else files it.
    waits: bool,
    comment_field: Field,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Comment {
    who: String,
    when: String,
    text: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

/// The list that the address names.
pub async fn opened(ctx: &mut RequestContext) -> Result<LoadedList> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    actions::open(&mut ctx.tx, &programme, &id).await
}

/// One list, once more with what was wrong where an act was refused.
pub async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let opened = opened(ctx).await?;
    let projects = actions::of_list(&mut ctx.tx, &opened.row.id).await?;
    let review = opened.view(ctx, &rules::LIST_STEPS);
    let list = &opened.row;
    let here = format!("/lists/{}", list.id);
    let sum = projects.iter().filter(|row| row.ended != Ended::Removed).map(|row| row.budget_sum).sum();
    let returned = opened.history.iter().rev().find(|step| step.kind == "return");
    let view = ShowView {
        urge: notices::urge_view(ctx, "project_list", &list.id).await?,
        year: list.year,
        state: rules::list_mark(Some(list.state)),
        number: list.number.clone(),
        filed_on: list.filed_on.map(|day| day.to_string()),
        submitted_on: list.submitted_on.map(|day| day.to_string()),
        due: list.comment_due.map(|day| day.to_string()),
        lead_name: list.lead_name.clone(),
        nearby_name: list.nearby_name.clone(),
        county_name: list.county_name.clone(),
        pairing: list.pairing.clone(),
        rows: projects.iter().map(|row| line(&mut ctx.names, row, ctx.today)).collect(),
        budget: money(sum, &here, "经费合计"),
        changes: difference(&mut ctx.names, list, &projects, &programme),
        editions: list.edition > 0,
        comments: comments(&opened),
        silent: list.state == ListState::Submitted
            && rules::comments(&opened).next().is_none()
            && list.comment_due.is_some_and(|due| due < ctx.today),
        remarks: remarks(ctx, list, &projects).await?,
        returned: returned
            .filter(|_| list.state == ListState::Returned)
            .map(|step| step.reason.clone())
            .unwrap_or_default(),
        sources: if review.may.can(Action::Edit) { sources(ctx, list).await? } else { Field::default() },
        waits: list.state == ListState::Submitted && ctx.is_released_by_another("project", "file"),
        file_fields: if review.may.can(Action::Accept) {
            file_fields(ctx, list, &errors).await?
        } else {
            Vec::new()
        },
        comment_field: comment_field(ctx, &errors),
        review,
        errors: errors.clone(),
        id: list.id.clone(),
    };
    let title = format!("{}{}年协作项目清单", list.county_name, list.year);
    let page = Page::new(title, "一组结对一年要办成的事。")
        .clause("S4.1")
        .clause("G0.2")
        .back(format!("/lists?year={}", list.year), "项目清单")
        .kind("detail");
    Ok(Reply::view("planning/projects/show_list.html", page, &view)?.refused(!errors.is_empty()))
}

/// What an amendment would change; nothing before the first filing.
fn difference(
    names: &mut Names,
    list: &ListRow,
    projects: &[ProjectRow],
    programme: &Programme,
) -> Vec<Change> {
    if list.edition == 0 {
        return Vec::new();
    }
    changes::between(names, &changes::snapshot(projects), &changes::wanted(projects), list, programme)
}

fn comment_field(ctx: &RequestContext, errors: &[FieldError]) -> Field {
    Field::new("words", "意见")
        .required()
        .help("没有意见也请写一句“无意见”，省办就不用等。")
        .value(ctx.form.values.get("words"))
        .error(errors)
}

fn comments(opened: &LoadedList) -> Vec<Comment> {
    let one = |step: &HistoryRow| Comment {
        who: step.org_name.clone(),
        when: when(step.at),
        text: step.reason.clone(),
    };
    rules::comments(opened).map(one).collect()
}

/// Lists from which one can carry over or copy: those of the same pairing first.
async fn sources(ctx: &mut RequestContext, list: &ListRow) -> Result<Field> {
    let mut choices = vec![Choice::new("", "请选择")];
    for other in
        lists_of(&mut ctx.tx, 0, "").await?.into_iter().filter(|one| one.id != list.id && one.projects > 0)
    {
        let own = other.pairing == list.pairing;
        if own && other.year < list.year {
            let label = format!("结转{}年没有完成的", other.year);
            choices.insert(1, Choice::new(format!("rest:{}", other.id), label));
        }
        if own || other.lead == ctx.actor.org {
            let label = format!("复制{}{}年的全部项目", other.county_name, other.year);
            choices.push(Choice::new(format!("all:{}", other.id), label));
        }
    }
    Ok(Field::new("source", "从别的清单引用").options(choices))
}

async fn file_fields(ctx: &mut RequestContext, list: &ListRow, errors: &[FieldError]) -> Result<Vec<Field>> {
    let number = match ctx.form.values.get("number") {
        "" => actions::next_number(&mut ctx.tx, list.year).await?,
        number => number.to_owned(),
    };
    let on = match ctx.form.values.get("filed_on") {
        "" => ctx.today.to_string(),
        day => day.to_owned(),
    };
    Ok(vec![
        Field::new("number", "备案编号").required().value(number).error(errors),
        Field { max: ctx.today.to_string(), width: "short", ..Field::new("filed_on", "备案日期") }
            .required()
            .value(on)
            .error(errors),
    ])
}

/// What the office remarked when it returned the list: project, field, words.
async fn remarks(
    ctx: &mut RequestContext,
    list: &ListRow,
    projects: &[ProjectRow],
) -> Result<Vec<(String, &'static str, String)>> {
    let rows = ctx.tx.all::<RemarkRow>(&data::REMARKS, args![&list.id, list.revision]).await?;
    let line = |row: RemarkRow| {
        let project = projects.iter().find(|one| Some(&one.id) == row.project.as_ref());
        let title = project.map_or_else(|| "整份清单".to_owned(), |one| one.title.clone());
        let field = FIELDS.iter().find(|(id, _)| *id == row.field).map_or("整个项目", |(_, name)| *name);
        (title, field, row.text)
    };
    Ok(rows.into_iter().map(line).collect())
}
