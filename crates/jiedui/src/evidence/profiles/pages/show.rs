//! One school's profile of one year with its history, and what the school and its bureau do with it.

use super::edit::{base, named, submitted};
use crate::evidence::profiles::actions::{self, LoadedProfile};
use crate::evidence::profiles::data::{ChangeRow, ProfileStage};
use crate::evidence::profiles::rules::{self, ElementAnswer};
use crate::shared::review::{Action, Allowed, read_answer};
use jiedui_kernel::{FieldError, Reported, Result};
use jiedui_programme::{Element, ElementKind, Programme, with_derived};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::history::{self, TimelineItem};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

/// A value as a page shows it: exactly one of the three is there.
#[derive(Debug, Serialize)]
pub struct Cell {
    figure: Option<Figure>,
    date: Option<String>,
    word: &'static str,
}

pub fn cell(element: &Element, known: Reported<i64>, asked: Option<ElementAnswer>, href: &str) -> Cell {
    let empty = Cell { figure: None, date: None, word: "" };
    match (known, asked) {
        (Reported::Value(value), _) if element.kind == ElementKind::Date => {
            Cell { date: rules::day_of(value).map(|day| day.to_string()), ..empty }
        }
        (Reported::Value(_), _) => {
            Cell { figure: Some(Figure::of(known, element.unit, href, element.name.clone())), ..empty }
        }
        // The school said that it does not know; that is not the same as having said nothing.
        (_, Some(ElementAnswer::Unknown)) => Cell { word: "未知", ..empty },
        (other, _) => Cell { word: other.label().unwrap_or("未填报"), ..empty },
    }
}

#[derive(Serialize)]
struct ProfileLine {
    id: String,
    /// A heading where a new group begins, else "".
    group: String,
    name: String,
    href: String,
    now: Cell,
    before: Cell,
    /// What the open correction would make of it.
    proposed: Option<Cell>,
    source: &'static str,
    changed: bool,
}

#[derive(Serialize)]
struct ShowView {
    base: String,
    school: Link,
    place: String,
    typical_class: String,
    level: String,
    state: StateMark,
    year: i32,
    as_of: String,
    submitted_on: Option<String>,
    accepted_on: Option<String>,
    version: i64,
    /// Nobody but the school sees numbers that were never handed in.
    hidden: bool,
    lines: Vec<ProfileLine>,
    correcting: bool,
    reason: String,
    may: Allowed,
    can_same: bool,
    reason_field: Field,
    history: Vec<TimelineItem>,
    errors: Vec<FieldError>,
    standing: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = named(ctx).await?;
    page(ctx, opened, Vec::new(), 200).await
}

fn known(programme: &Programme, sheet: &rules::Sheet) -> BTreeMap<String, Reported<i64>> {
    let facts = sheet.iter().map(|(id, held)| (id.clone(), held.answer.fact())).collect();
    with_derived(programme, &facts)
}

/// `whole`: with what the open correction would make of it.
fn lines(programme: &Programme, opened: &LoadedProfile, whole: bool) -> Vec<ProfileLine> {
    let now = known(programme, &opened.sheet);
    let sheet = if whole { opened.wanted() } else { opened.sheet.clone() };
    let wanted = known(programme, &sheet);
    let before = opened.before.as_ref().map(|(_, sheet)| sheet.clone()).unwrap_or_default();
    let then = known(programme, &before);
    let mut last = String::new();
    let at =
        |of: &BTreeMap<String, Reported<i64>>, id: &str| of.get(id).copied().unwrap_or(Reported::NotReported);
    let mut lines = Vec::new();
    for element in &programme.elements {
        let id = &element.id;
        let href = format!("/profiles/{}/elements/{id}", opened.org.id);
        let held = opened.sheet.get(id);
        let group = if element.group == last { String::new() } else { element.group.clone() };
        last.clone_from(&element.group);
        let proposed = at(&wanted, id) != at(&now, id);
        let asked = sheet.get(id).map(|held| held.answer);
        lines.push(ProfileLine {
            id: id.clone(),
            group,
            name: element.name.clone(),
            now: cell(element, at(&now, id), held.map(|held| held.answer), &href),
            before: cell(element, at(&then, id), before.get(id).map(|held| held.answer), &href),
            proposed: proposed.then(|| cell(element, at(&wanted, id), asked, &href)),
            source: match (&element.derived, held) {
                (Some(_), _) => "由系统算出",
                (None, Some(held)) => rules::source_name(held.source),
                (None, None) => "",
            },
            changed: opened.before.is_some() && !opened.sheet.is_empty() && at(&now, id) != at(&then, id),
            href,
        });
    }
    lines
}

async fn page(
    ctx: &mut RequestContext,
    opened: LoadedProfile,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let programme = ctx.programme();
    let (org, row) = (&opened.org, opened.row.as_ref());
    let history = match row {
        Some(row) => history::timeline(&history::of(&mut ctx.tx, &row.id).await?, &rules::STEPS),
        None => Vec::new(),
    };
    let may = opened.review.offered(ctx);
    let day = |day: jiedui_kernel::Date| day.to_string();
    let told = row.is_some_and(|row| row.state.in_hand());
    let own = org.id == ctx.actor.org;
    // What was not handed in, draft or correction, is the school's own business.
    let whole = own || row.is_some_and(|row| row.state == ProfileStage::CorrectionSubmitted);
    let reason = ctx.form.values.get("reason");
    let view = ShowView {
        base: base(&opened),
        school: crate::network::registry::link(&org.id, &org.name),
        place: org.place.clone(),
        typical_class: org.typical_class.clone(),
        level: org.level.clone(),
        state: rules::state(row.map(AsRef::as_ref)),
        year: opened.year,
        as_of: day(rules::as_of(&programme, opened.year)),
        submitted_on: row.and_then(|row| row.submitted_on).map(day),
        accepted_on: row.and_then(|row| row.accepted_on).map(day),
        version: opened.version(),
        hidden: !told && !own,
        lines: if told || own { lines(&programme, &opened, whole) } else { Vec::new() },
        correcting: opened.correcting() && whole,
        reason: row.filter(|_| whole).map(|row| row.reason.clone()).unwrap_or_default(),
        can_same: may.can(Action::Repeat) && opened.before.is_some(),
        may,
        reason_field: Field { maxlength: Some(200), ..Field::new("reason", "更正的原因") }
            .required()
            .value(reason)
            .error(&errors),
        history,
        errors,
        standing: format!("/attainment/{}/gaps", org.id),
    };
    let page = Page::new(
        format!("{}的年度基本情况", org.name),
        "一校一年一份：每个数从哪里来、与上年差多少、谁接收的，都在这里。",
    )
    .clause("T1.1")
    .back("/profiles", "年度基本情况")
    .kind("detail");
    Ok(Reply::view("evidence/profiles/show.html", page, &view)?.with_status(status))
}

pub async fn repeat(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (named(ctx).await?, ctx.programme());
    let version = ctx.form_version()?;
    match actions::repeat(&mut ctx.tx, &programme, &opened, version).await.or_wrong()? {
        Ok(true) => Ok(Reply::done(base(&opened), submitted(&opened))),
        Ok(false) => {
            let text = "已带出上年的数。毕业与就业等本年才有的数不沿用，请补填后提交。";
            Ok(Reply::done(format!("{}/edit", base(&opened)), Flash::done(text)))
        }
        Err(mut errors) => {
            // The fields to mend stand in the form; this page only says which.
            errors.iter_mut().for_each(|error| error.field.clear());
            page(ctx, opened, errors, 422).await
        }
    }
}

pub async fn recall(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (named(ctx).await?, ctx.programme());
    // Undo of what was just sent carries no version: what it takes back is what waits now.
    let version = match ctx.form.values.get("version") {
        "" => opened.version(),
        _ => ctx.form_version()?,
    };
    actions::recall(&mut ctx.tx, &programme, &opened, version).await?;
    let text = "已收回，可以接着改；改好后再提交。";
    Ok(Reply::done(format!("{}/edit", base(&opened)), Flash::done(text)))
}

pub async fn correct(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (named(ctx).await?, ctx.programme());
    let version = ctx.form_version()?;
    let reason = ctx.form.values.get("reason").to_owned();
    match actions::correct(&mut ctx.tx, &programme, &opened, version, &reason).await.or_wrong()? {
        Ok(()) => {
            let text = "已开始更正。改好有出入的数再提交；接收之前，原来的数照旧有效。";
            Ok(Reply::done(format!("{}/edit", base(&opened)), Flash::done(text)))
        }
        Err(errors) => page(ctx, opened, errors, 422).await,
    }
}

pub async fn abandon(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (named(ctx).await?, ctx.programme());
    let version = ctx.form_version()?;
    actions::abandon(&mut ctx.tx, &programme, &opened, version).await?;
    Ok(Reply::done(base(&opened), Flash::done("已放弃更正，原来接收的数照旧有效。")))
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (named(ctx).await?, ctx.programme());
    let version = ctx.form_version()?;
    let (action, reason) = match read_answer(&ctx.form.values).or_wrong()? {
        // One alone answers here: its agreement is the acceptance.
        Ok((Action::Agree, reason)) => (Action::Accept, reason),
        Ok(answer) => answer,
        Err(errors) => return page(ctx, opened, errors, 422).await,
    };
    actions::answer(&mut ctx.tx, &programme, &opened, version, (action, &reason)).await?;
    let text = match (action, opened.correcting()) {
        (Action::Accept, false) => "已接收并定稿；达标情况和指标按这些数计算，以后的改动由学校更正、再接收。",
        (Action::Accept, true) => "更正已接收，新数从现在起有效，原来的数保留在办理记录里。",
        _ => "已退回，学校会在工作台看到您写的意见，改好后再提交。",
    };
    Ok(Reply::done(base(&opened), Flash::done(text)))
}

/// A change of a value by a correction, as the page of an element shows it.
pub fn change_cells(element: &Element, change: &ChangeRow, href: &str) -> (Cell, Cell) {
    let of = |known: &str, value: Option<i64>| {
        let answer = ElementAnswer::of(known, value);
        cell(element, answer.fact(), Some(answer), href)
    };
    (of(&change.old_known, change.old_value), of(&change.known, change.value))
}
