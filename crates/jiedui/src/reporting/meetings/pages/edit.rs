//! Announcing a meeting, and changing when, where and with whom it is held.

use super::opened;
use crate::reporting::meetings::actions::{self, NewMeeting};
use crate::reporting::meetings::rules;
use crate::shared::review::Action;
use crate::standing::duties::Debtor;
use jiedui_kernel::{Date, Error, FieldError, Result};
use jiedui_programme::{DutyEvery, MeetingKind};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: String,
    /// None where it is a new one.
    version: Option<i64>,
    title: Option<Field>,
    on: Field,
    at: Field,
    place: Field,
    invited: Field,
    /// Whether those of the later periods of the year are announced with it; none where there are no such.
    series: Option<Field>,
    about: String,
    submit: &'static str,
    errors: Vec<FieldError>,
}

fn kind_of(ctx: &RequestContext) -> Result<MeetingKind> {
    let (programme, id) = (ctx.programme(), ctx.param("kind"));
    let actor = std::sync::Arc::clone(&ctx.actor);
    let found = rules::held_by(&programme, |role| actor.has_role(role)).find(|kind| kind.id == *id).cloned();
    found.ok_or(Error::NotFound)
}

/// The first day that leaves everybody the minimum notice.
fn usual_day(ctx: &RequestContext) -> Date {
    let calendar = &ctx.programme().calendar;
    calendar.workdays.after(ctx.today, calendar.minimum_notice_workdays)
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let kind = kind_of(ctx)?;
    let all = actions::invited_by_default(&mut ctx.tx, &kind).await?;
    let last = actions::pack::last(&mut ctx.tx, &ctx.actor.org.clone(), &kind.id, ctx.today).await?;
    // The place and the hour of the meeting before are likely those of this one.
    let mut given = vec![("on", usual_day(ctx).to_string())];
    given.extend(last.iter().flat_map(|row| [("at", row.at_time.clone()), ("place", row.place.clone())]));
    given.extend(all.iter().map(|one| ("org", one.org.clone())));
    new_page(ctx, &kind, &FormValues::made(given), Vec::new()).await
}

async fn new_page(
    ctx: &mut RequestContext,
    kind: &MeetingKind,
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let all = actions::invited_by_default(&mut ctx.tx, kind).await?;
    let view = FormView {
        action: format!("/meetings/new/{}", kind.id),
        version: None,
        title: None,
        about: kind.about.clone(),
        series: series(kind, given),
        submit: "召集",
        ..form(given, choices(&all, &[]), &errors)
    };
    let lead = "名称、议题和材料由系统备好；请谁参加已经选好，不请的去掉。";
    let page = Page::new(format!("召集{}", kind.name), lead)
        .clauses(&kind.clauses)
        .back("/meetings", "会议")
        .kind("form");
    Ok(Reply::view("reporting/meetings/form.html", page, &view)?.refused(!errors.is_empty()))
}

fn series(kind: &MeetingKind, given: &FormValues) -> Option<Field> {
    let all = match kind.every {
        DutyEvery::Month => "到那一年年底，每个月一次",
        DutyEvery::Quarter => "到那一年年底，每个季度一次",
        DutyEvery::CalendarYear | DutyEvery::Standing => return None,
    };
    let choices = vec![Choice::new("", "只召集这一次"), Choice::new("year", all)];
    let field = Field::new("series", "召集几次").options(choices).value(given.get("series"));
    Some(field.help("各次的时间可以以后单独改；已经召集过的那一期不再召集。"))
}

fn choices(all: &[Debtor], also: &[(String, String)]) -> Vec<Choice> {
    let known = all
        .iter()
        .map(|one| Choice { group: one.side.label().to_owned(), ..Choice::new(&one.org, &one.name) });
    let others = also.iter().filter(|(org, _)| all.iter().all(|one| one.org != *org));
    known.chain(others.map(|(org, name)| Choice::new(org, name))).collect()
}

fn form(given: &FormValues, orgs: Vec<Choice>, errors: &[FieldError]) -> FormView {
    let chosen = given.all("org");
    let mut orgs = orgs;
    for choice in &mut orgs {
        choice.selected = chosen.contains(&choice.value);
    }
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(errors);
    let mut invited = Field::new("org", "请哪些单位").required().error(errors);
    invited.options = orgs;
    FormView {
        action: String::new(),
        version: None,
        title: None,
        on: field("on", "哪一天").required(),
        at: Field { width: "short", ..field("at", "几点") }.help("写进日历的开始时间，用二十四小时制。"),
        place: Field { maxlength: Some(rules::TITLE), ..field("place", "在哪里") },
        invited,
        series: None,
        about: String::new(),
        submit: "",
        errors: errors.to_vec(),
    }
}

fn read(given: &FormValues) -> NewMeeting {
    NewMeeting {
        on: given.date("on"),
        at: given.get("at").to_owned(),
        place: given.get("place").to_owned(),
        invited: given.all("org"),
    }
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let (kind, programme, given) = (kind_of(ctx)?, ctx.programme(), ctx.form.values.clone());
    let new = read(&given);
    let made = if given.get("series") == "year" {
        actions::announce_series(&mut ctx.tx, &programme, &kind, &new).await
    } else {
        actions::announce(&mut ctx.tx, &programme, &kind, &new).await.map(|id| vec![id])
    };
    match made.or_wrong()? {
        Ok(ids) => {
            let text = match ids.len() {
                1 => "已召集，参加的单位在工作台上看到；下面选议题。".to_owned(),
                number => format!("已召集 {number} 次，参加的单位在工作台上看到；下面是第一次，请选议题。"),
            };
            let first = ids.into_iter().next().ok_or(Error::NotFound)?;
            Ok(Reply::done(format!("/meetings/{first}"), Flash::done(text)))
        }
        Err(errors) => new_page(ctx, &kind, &given, errors).await,
    }
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Edit)?;
    let row = &opened.row;
    let parties = actions::parties(&mut ctx.tx, &row.id).await?;
    let mut given = vec![
        ("title", row.title.clone()),
        ("on", row.on_day.to_string()),
        ("at", row.at_time.clone()),
        ("place", row.place.clone()),
    ];
    given.extend(parties.iter().map(|one| ("org", one.org.clone())));
    edit_page(ctx, &FormValues::made(given), Vec::new()).await
}

async fn edit_page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let row = &opened.row;
    let all = match programme.meeting(&row.kind) {
        Some(kind) => actions::invited_by_default(&mut ctx.tx, kind).await?,
        None => Vec::new(),
    };
    let parties = actions::parties(&mut ctx.tx, &row.id).await?;
    let also: Vec<_> = parties.into_iter().map(|one| (one.org, one.name)).collect();
    let view = FormView {
        action: format!("/meetings/{}/edit", row.id),
        version: Some(row.version),
        title: Some(
            Field { maxlength: Some(rules::TITLE), width: "long", ..Field::new("title", "名称") }
                .required()
                .value(given.get("title"))
                .error(&errors),
        ),
        submit: "保存",
        ..form(given, choices(&all, &also), &errors)
    };
    let lead = "改过以后，参加的单位在工作台和日历里看到新的时间和地点。";
    let page = Page::new(format!("修改：{}", row.title), lead)
        .clause("S1.3")
        .back(format!("/meetings/{}", row.id), "返回这次会议")
        .kind("form");
    Ok(Reply::view("reporting/meetings/form.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme, given) = (opened(ctx).await?, ctx.programme(), ctx.form.values.clone());
    opened.demand(Action::Edit)?;
    let version = ctx.form_version()?;
    let new = (given.get("title"), &read(&given));
    match actions::edit(&mut ctx.tx, &programme, &opened, version, new).await.or_wrong()? {
        Ok(()) => Ok(Reply::done(format!("/meetings/{}", opened.row.id), Flash::done("已保存。"))),
        Err(errors) => edit_page(ctx, &given, errors).await,
    }
}
