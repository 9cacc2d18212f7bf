//! One project: what was promised, what the ledger says of it, and what came of it.

use super::views::{ProjectLine, line, money};
use crate::evidence::outputs::OutputRow;
use crate::evidence::{ledger, outputs};
use crate::planning::projects;
use crate::planning::projects::actions;
use crate::planning::projects::data::{self, Ended, ProjectRow};
use crate::planning::projects::rules::changes;
use crate::planning::projects::rules::{self, LoadedList};
use crate::shared::confirmation::State;
use crate::shared::review::Action;
use jiedui_kernel::{Error, FieldError, Reported, Result, Unit};
use jiedui_programme::{Activity, Output, Programme, ProjectState, Retires as _, Side, project_state};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::history::{self, TimelineItem};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

pub const WORDS: [(&str, &str); 8] = [
    ("add", "列入清单"),
    ("edit", "修改"),
    ("remove", "删除"),
    ("restore", "恢复"),
    ("close", "结项"),
    ("hand_on", "没有办完的部分交接任院校"),
    ("take_on", "接办前任院校没有办完的部分"),
    ("cease", "随学校变动不再办理"),
];

/// An entry or an output that says that it is part of the project, with as much as it adds.
#[derive(Serialize)]
struct WorkLine {
    href: String,
    what: String,
    claimant: String,
    from: String,
    to: String,
    claimed: Figure,
    confirmed: Figure,
    state: StateMark,
}

impl WorkLine {
    fn of_entry(entry: ledger::EntryLine) -> Self {
        Self {
            href: entry.href,
            what: entry.activity,
            claimant: entry.claimant_name,
            from: entry.from,
            to: entry.to,
            claimed: entry.claimed,
            confirmed: entry.confirmed,
            state: entry.state,
        }
    }

    fn of_output(programme: &Programme, output: &OutputRow, unit: Unit) -> Self {
        let (part, line) = (output.project_part.unwrap_or(0), outputs::line(programme, output));
        let confirmed = if output.state == State::Confirmed { part } else { 0 };
        Self {
            claimed: Figure::of(Reported::Value(part), unit, &line.href, "登记数"),
            confirmed: Figure::of(Reported::Value(confirmed), unit, &line.href, "确认数"),
            href: line.href,
            what: format!("{}：{}", line.name, line.title),
            claimant: line.org_name,
            from: line.since.clone(),
            to: line.since,
            state: line.state,
        }
    }
}

#[derive(Serialize)]
struct ShowView {
    project: ProjectLine,
    list: Link,
    year: i64,
    lead: (String, String),
    nearby: (String, String),
    budget: Vec<(String, Figure)>,
    /// What it goes on from, where the caller may open it.
    carried_from: Option<Link>,
    result: String,
    ended_on: Option<String>,
    /// Field, in force, proposed.
    pending: Vec<(&'static str, String, String)>,
    removing: bool,
    rows: Vec<WorkLine>,
    /// Activities by which one moves it on: label, address.
    claim: Vec<Link>,
    history: Vec<TimelineItem>,
    can_edit: bool,
    can_close: bool,
    close_field: Field,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

fn may_close(ctx: &RequestContext, opened: &LoadedList, row: &ProjectRow) -> bool {
    let party = [&opened.row.lead, &opened.row.county_school].contains(&&ctx.actor.org);
    ctx.can("project", "close") && party && project_state(&row.fact(), ctx.today) == ProjectState::Finished
}

/// The project of last year, or of the pairing before: a new partner may not see what its predecessor had.
async fn carried_from(ctx: &mut RequestContext, row: &ProjectRow) -> Result<Option<Link>> {
    let Some(id) = &row.carried_from else { return Ok(None) };
    let before = ctx.tx.maybe::<ProjectRow>(&data::PROJECT, args![id]).await?;
    Ok(before.map(|before| {
        let own = before.pairing == row.pairing;
        let words = if own { "上一年的项目" } else { "前任院校没有办完的项目" };
        Link::new(format!("/projects/{}", before.id), words)
    }))
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let row = projects::find(&mut ctx.tx, &id).await?;
    let programme = ctx.programme();
    let opened = actions::open(&mut ctx.tx, &programme, &row.list).await?;
    let ids: Vec<(String,)> = ctx.tx.all(&data::ENTRIES, args![&row.id]).await?;
    let ids: Vec<String> = ids.into_iter().map(|(id,)| id).collect();
    let entries = ledger::rows_of(&mut ctx.tx, &ids).await?;
    let built: Vec<(String,)> = ctx.tx.all(&data::OUTPUTS, args![&row.id]).await?;
    let mut rows: Vec<WorkLine> = entries
        .iter()
        .map(|entry| WorkLine::of_entry(ledger::line(&mut ctx.names, &programme, entry)))
        .collect();
    for (id,) in built {
        let output = outputs::find(&mut ctx.tx, &id).await?.into_row();
        rows.push(WorkLine::of_output(&programme, &output, rules::unit_of(&row.unit)));
    }
    let steps = history::of(&mut ctx.tx, &row.id).await?;
    let here = format!("/projects/{}", row.id);
    let fields = row.fields();
    let sources = programme.projects.sources.iter().filter_map(|source| {
        let cents = fields.budget.get(&source.id).copied().filter(|cents| *cents > 0)?;
        Some((source.name.clone(), money(cents, &here, &source.name)))
    });
    let alone = std::slice::from_ref(row.as_ref());
    let (filed, wanted) = (changes::snapshot(alone), changes::wanted(alone));
    let difference = changes::between(&mut ctx.names, &filed, &wanted, &opened.row, &programme);
    let pending = if row.filed { difference.into_iter().next() } else { None };
    let view = ShowView {
        list: Link::new(format!("/lists/{}", row.list), "所在清单"),
        year: row.year,
        lead: (row.lead_name.clone(), row.lead_does.clone()),
        nearby: (row.nearby_name.clone(), row.nearby_does.clone()),
        budget: sources.collect(),
        carried_from: carried_from(ctx, &row).await?,
        result: row.result.clone(),
        ended_on: row.ended_on.map(|day| day.to_string()),
        removing: pending.as_ref().is_some_and(|change| change.what == "撤项"),
        pending: pending.map(|change| change.fields).unwrap_or_default(),
        rows,
        claim: claims(ctx, &row),
        history: history::timeline(&steps, &WORDS),
        can_edit: opened.can(Action::Edit) && ctx.can("project", "draft") && row.ended == Ended::Not,
        can_close: may_close(ctx, &opened, &row),
        close_field: Field::new("result", "办成了什么")
            .required()
            .help("一两句话：留下了什么，学校用得怎样。")
            .value(ctx.form.values.get("result"))
            .error(&errors),
        project: line(&mut ctx.names, &row, ctx.today),
        errors: errors.clone(),
    };
    let page = Page::new(row.title.clone(), "一个协作项目：约定了什么，台账上办到了哪一步。")
        .clause(row.clause.clone())
        .back(format!("/lists/{}", row.list), "所在清单")
        .kind("detail");
    Ok(Reply::view("planning/projects/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// The forms by which the caller can claim work for this project: those that count in its unit.
fn claims(ctx: &RequestContext, row: &ProjectRow) -> Vec<Link> {
    let open = row.filed && row.ended == Ended::Not && ctx.can("entry", "claim");
    let unit = rules::unit_of(&row.unit);
    let programme = ctx.programme();
    let mine = |sides: &[Side]| sides.iter().any(|side| ctx.actor.has_role(side.role()));
    let offered = |activity: &&Activity| activity.is_offered_on(ctx.today);
    let fits = programme.activities.iter().filter(offered).filter(|activity| open && activity.unit == unit);
    let fits = fits.filter(|activity| programme.moves(activity, &row.clause) && mine(&activity.claimed_by));
    let entries = fits.map(|activity| {
        let href = format!("/entries/new/{}?pairing={}&project={}", activity.id, row.pairing, row.id);
        Link::new(href, activity.action.clone())
    });
    let records = row.filed && row.ended == Ended::Not && ctx.can("output", "record");
    let offered = |kind: &&Output| kind.is_offered_on(ctx.today);
    let built = programme.outputs.iter().filter(offered).filter(|kind| records && kind.unit == unit);
    let built = built.filter(|kind| programme.builds(kind, &row.clause) && mine(&kind.recorded_by));
    let outputs = built.map(|kind| {
        let href = format!("/outputs/new/{}?school={}&project={}", kind.id, row.county_school, row.id);
        Link::new(href, kind.action.clone())
    });
    entries.chain(outputs).collect()
}

pub async fn close(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = projects::find(&mut ctx.tx, &id).await?;
    let programme = ctx.programme();
    let opened = actions::open(&mut ctx.tx, &programme, &row.list).await?;
    if !may_close(ctx, &opened, &row) {
        return Err(Error::Forbidden("成果全部确认后，由牵头院校或县级院校结项。".to_owned()));
    }
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let result = read.required(&pairs, "result", "办成了什么").to_owned();
    read.text(&pairs, "result", "办成了什么", 300);
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let version = ctx.form_version()?;
    actions::close(&mut ctx.tx, &row, version, &result).await?;
    let text = "已结项。县级院校可以在需求清单里写明这项需求是否满足。";
    Ok(Reply::done(format!("/projects/{}", row.id), Flash::done(text)))
}
