//! All scenarios, and how a new one begins.

use super::super::actions::scenario::{self as actions, LoadedScenario, NewScenario};
use super::super::data::{self, ScenarioRow};
use super::super::rules::body::Body;
use super::super::rules::facts;
use super::super::rules::setting::{Rules, Setting};
use super::super::rules::solve::{self, SolveOutcome};
use super::studio;
use super::views::{at, kind_name, points, scenario_mark, schools, status_mark, sum_label};
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::work::{Kind, Prepared};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    rows: Vec<ScenarioLine>,
    can_edit: bool,
}

#[derive(Serialize)]
struct ScenarioLine {
    href: String,
    name: String,
    kind: &'static str,
    state: StateMark,
    status: StateMark,
    objective: Option<Figure>,
    /// What each change has to gain, which the sum is without.
    least_gain: Option<Figure>,
    schools: Figure,
    day: String,
    published_on: Option<String>,
    starts_on: Option<String>,
    compare: Option<String>,
}

fn line(row: &ScenarioRow) -> Result<ScenarioLine> {
    let href = at(&row.id);
    let least = Body::parse(&row.body)?.least_gain.map(|least| least.points);
    let sum = sum_label(least.is_some());
    Ok(ScenarioLine {
        objective: row.objective.map(|total| points(total, &href, sum)),
        least_gain: least.map(|least| points(least, format!("{href}/changes"), "每换一所至少多得")),
        schools: schools(row.schools, &href, "参加的县级院校"),
        name: row.name.clone(),
        kind: if row.kind == "review" { "年度复核" } else { "首次结对" },
        state: scenario_mark(row.state),
        status: status_mark(&row.status),
        day: row.day.to_string(),
        published_on: row.published_on.map(|day| day.to_string()),
        starts_on: row.starts_on.map(|day| day.to_string()),
        compare: row.base.as_ref().map(|base| format!("{href}/compare?with={base}")),
        href,
    })
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let rows = ctx.tx.all::<ScenarioRow>(&data::ALL, Vec::new()).await?;
    let rows = rows.iter().map(line).collect::<Result<Vec<ScenarioLine>>>()?;
    let view = ListView { rows, can_edit: ctx.can("matching", "edit") };
    let page = Page::new(
        "结对测算",
        "给每所对口县级院校选牵头和配合院校：先算出综合得分最高的一组，再讨论、比较、公布。",
    )
    .clause("G0.1")
    .clause("G1.1")
    .kind("list");
    Reply::view("planning/matching/list.html", page, &view)
}

#[derive(Serialize)]
struct NewView {
    name: Field,
    kind: Field,
    base: Field,
    errors: Vec<FieldError>,
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    new_page(ctx, Vec::new()).await
}

async fn new_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let rows = ctx.tx.all::<ScenarioRow>(&data::ALL, Vec::new()).await?;
    let sent = if ctx.form.values.get("_csrf").is_empty() { &ctx.query } else { &ctx.form.values };
    let kind = if sent.get("kind").is_empty() { "review" } else { sent.get("kind") };
    let mut bases = vec![Choice::new("", "不用底稿，按方案规定的权重开始")];
    bases.extend(rows.iter().map(|row| Choice::new(&row.id, &row.name)));
    let kinds = ["review", "first"].map(|kind| Choice::new(kind, kind_name(kind))).to_vec();
    let view = NewView {
        name: Field { maxlength: Some(60), ..Field::new("name", "方案名称") }
            .required()
            .value(sent.get("name"))
            .error(&errors),
        kind: Field::new("kind", "用来做什么").required().options(kinds).value(kind).error(&errors),
        base: Field::new("base", "以哪个方案为底")
            .help("照搬它的权重、名额和人工决定，数据用今天的。")
            .options(bases)
            .value(sent.get("base"))
            .error(&errors),
        errors: errors.clone(),
    };
    let page = Page::new("新建结对测算", "保存后就用今天的院校库、需求、帮扶能力和意愿计算一次。")
        .clause("G0.1")
        .back("/matching", "结对测算")
        .kind("form");
    Ok(Reply::view("planning/matching/new.html", page, &view)?.refused(!errors.is_empty()))
}

/// A new scenario, solved and not yet kept.
pub struct Planned {
    name: String,
    base: Option<String>,
    setting: Setting,
    answer: SolveOutcome,
}

pub async fn read(ctx: &mut RequestContext) -> Result<Prepared<Planned>> {
    let pairs = ctx.form.values.clone();
    let base: Option<LoadedScenario> = match pairs.get("base") {
        "" => None,
        id => Some(actions::open(&mut ctx.tx, id).await?),
    };
    let kind = if pairs.get("kind") == "first" { "first" } else { "review" };
    let body = base.as_ref().map_or_else(Body::default, |base| base.setting.body.clone());
    let name = pairs.get("name").to_owned();
    if name.is_empty() {
        let errors = vec![FieldError::new("name", Code::Missing.says("请填写方案名称。"))];
        return new_page(ctx, errors).await.map(Prepared::Answered);
    }
    let programme = ctx.programme();
    let facts = facts::read(&mut ctx.tx, &programme).await?;
    let setting = Setting::new(facts, Rules::of(&ctx.programme()), kind, body);
    Ok(Prepared::work(Kind::Solving, move || {
        let warm = base.as_ref().and_then(|base| base.answer.warm());
        let answer = solve::answer(setting.draft(), warm, true);
        Ok(Planned { name, base: base.map(|base| base.row.id), setting, answer })
    }))
}

pub async fn create(ctx: &mut RequestContext, planned: Planned) -> Result<Reply> {
    let Planned { name, base, setting, answer } = planned;
    let new = NewScenario { name: &name, setting: &setting, answer: &answer, base: base.as_deref() };
    match actions::create(&mut ctx.tx, &new).await.or_wrong()? {
        Ok(id) => Ok(Reply::done(at(&id), Flash::done(studio::said(&answer)))),
        Err(errors) => new_page(ctx, errors).await,
    }
}
