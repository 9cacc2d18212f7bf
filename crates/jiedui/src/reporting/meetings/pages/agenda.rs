//! Putting something on the agenda, and what is decided on one topic of it.

use super::show::page;
use super::{AgendaLine, agenda_lines, opened};
use crate::network::registry;
use crate::reporting::followups;
use crate::reporting::meetings::actions::{self, NewDecision, agenda, pack};
use crate::reporting::meetings::data::{MeetingRow, TopicRow};
use crate::reporting::meetings::rules;
use crate::shared::choices;
use crate::shared::review::Action;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

/// One press: what is offered goes on the agenda, what stands there comes off, or something is written down.
pub async fn take(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    opened.demand(Action::Complete)?;
    let (version, given) = (ctx.form_version()?, ctx.form.values.clone());
    let row = &opened.row;
    let (acted, text) = match (given.get("remove"), given.get("source")) {
        ("", "") => {
            let written = agenda::write_topic(&mut ctx.tx, &opened, version, given.get("title")).await;
            (written, "已列入议程。")
        }
        ("", source) => {
            let last = pack::before_it(&mut ctx.tx, row).await?;
            let offers = actions::backlog::offers(&mut ctx.tx, &programme, last.as_ref()).await?;
            let gone = "这一项刚被列入议程，或者已经不用研究了。请看过现在的内容再定。";
            let topic = offers.find(source).ok_or_else(|| Error::Conflict(gone.to_owned()))?;
            (agenda::take(&mut ctx.tx, &opened, version, topic).await, "已列入议程。")
        }
        (id, _) => (agenda::remove(&mut ctx.tx, &opened, version, id).await, "已移出议程。"),
    };
    match acted.or_wrong()? {
        Ok(()) => Ok(Reply::done(format!("/meetings/{}", row.id), Flash::done(text))),
        Err(errors) => page(ctx, errors).await,
    }
}

#[derive(Serialize)]
struct TopicView {
    action: String,
    version: i64,
    line: AgendaLine,
    text: Field,
    owner: Field,
    due: Field,
    school: Field,
    project: Option<Field>,
    clause: Field,
    errors: Vec<FieldError>,
}

pub async fn topic(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    opened.demand(Action::Complete)?;
    let asked = ctx.param("topic");
    let of = agenda::topic(&mut ctx.tx, &opened.row.id, &asked).await?;
    let due = followups::rules::usual(&programme, ctx.today.max(opened.row.on_day));
    let given = FormValues::made([
        ("due", due.to_string()),
        ("school", of.school.unwrap_or_default()),
        ("project", of.project.unwrap_or_default()),
        ("clause", of.clause),
    ]);
    topic_page(ctx, &given, Vec::new()).await
}

async fn topic_page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let (row, asked) = (&opened.row, ctx.param("topic"));
    let of = agenda::topic(&mut ctx.tx, &row.id, &asked).await?;
    let lines = agenda_lines(ctx, row).await?;
    let line = lines.into_iter().find(|line| line.topic == of.id).ok_or(Error::NotFound)?;
    let owners = owners(ctx, row, &of).await?;
    let schools = registry::county_schools(&mut ctx.tx, ctx.today).await?;
    let schools = schools.iter().map(|school| Choice::new(&school.id, &school.name)).collect();
    let projects = match given.get("school") {
        "" => Vec::new(),
        school => followups::projects_of(&mut ctx.tx, school).await?,
    };
    let projects: Vec<_> = projects.iter().map(|one| Choice::new(&one.id, &one.title)).collect();
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(&errors);
    let blank = |choices: Vec<Choice>| [vec![Choice::new("", "不限")], choices].concat();
    let said = rules::said(row, &opened.history, ctx.today);
    let first = followups::rules::earliest(&programme, said);
    let view = TopicView {
        action: format!("/meetings/{}/topics/{}", row.id, of.id),
        version: row.version,
        line,
        text: Field {
            maxlength: Some(followups::rules::TEXT),
            width: "long",
            ..field("text", "议定什么").required()
        },
        owner: field("owner", "由谁办").required().options(owners),
        due: Field { min: first.to_string(), ..field("due", "办结期限").required() },
        school: field("school", "关于哪所学校").options(blank(schools)),
        project: (!projects.is_empty()).then(|| field("project", "关于哪个项目").options(blank(projects))),
        clause: field("clause", "依据方案哪一条").options(blank(choices::clause_choices(&programme))),
        errors: errors.clone(),
    };
    let lead = "一行写一件：办什么、由谁办、什么时候办结。学校和行动方案条目已按议题带出。";
    let page = Page::new(of.title, lead)
        .clause("S1.3")
        .back(format!("/meetings/{}", row.id), "返回这次会议")
        .kind("form");
    Ok(Reply::view("reporting/meetings/topic.html", page, &view)?.refused(!errors.is_empty()))
}

/// Who may be asked: the host, whoever was invited, and those around the school of the topic.
async fn owners(ctx: &mut RequestContext, row: &MeetingRow, of: &TopicRow) -> Result<Vec<Choice>> {
    let mut found =
        vec![Choice::new("", "请选择"), Choice::new(&row.host, format!("{}（本单位）", row.host_name))];
    if let Some(school) = &of.school {
        found.extend(followups::choices(&mut ctx.tx, school).await?);
    }
    let parties = actions::parties(&mut ctx.tx, &row.id).await?;
    found.extend(parties.into_iter().map(|one| Choice::new(one.org, one.name)));
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|choice| seen.insert(choice.value.clone()));
    Ok(found)
}

pub async fn decide(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    opened.demand(Action::Complete)?;
    let (version, given, topic) = (ctx.form_version()?, ctx.form.values.clone(), ctx.param("topic"));
    let to = format!("/meetings/{}/topics/{topic}", opened.row.id);
    if !given.get("remove").is_empty() {
        agenda::undecide(&mut ctx.tx, &opened, version, given.get("remove")).await?;
        return Ok(Reply::done(to, Flash::done("已去掉这一条议定事项。")));
    }
    let text = |name: &str| Some(given.get(name).to_owned()).filter(|value| !value.is_empty());
    let new = NewDecision {
        text: given.get("text").to_owned(),
        owner: given.get("owner").to_owned(),
        due: given.date("due"),
        school: text("school"),
        project: text("project"),
        clause: given.get("clause").to_owned(),
    };
    match agenda::decide(&mut ctx.tx, &programme, &opened, version, (&topic, &new)).await.or_wrong()? {
        Ok(()) => Ok(Reply::done(to, Flash::done("已记下；会议归档后到责任单位的工作台。"))),
        Err(errors) => topic_page(ctx, &given, errors).await,
    }
}
