//! Writing a handover down, and changing it while the other one has not agreed.

use super::pairing::note_field;
use super::show::opened;
use super::{COURSE, Group, course_field, groups, pairing};
use crate::planning::handovers::data::{HandoverRow, SuccessionRow};
use crate::planning::handovers::rules::{self, Course, Item, NewHandover};
use crate::planning::handovers::{actions, of_pairing};
use crate::shared::review::Action;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// What was typed: the courses of items, and the note. What is not open any more is left out where it is written down.
fn read(values: &FormValues) -> Result<NewHandover> {
    let mut courses = Vec::new();
    for id in values.given().filter_map(|name| name.strip_prefix(COURSE)) {
        let text = values.get(&course_field(id));
        if text.is_empty() {
            continue;
        }
        let unknown = || Error::field(&course_field(id), Code::NotListed.says("请从三种办法里选一种。"));
        courses.push((id.to_owned(), Course::of(text).ok_or_else(unknown)?));
    }
    Ok(NewHandover { courses, note: values.get("note").to_owned() })
}

/// The succession that the form is about.
async fn asked(ctx: &mut RequestContext) -> Result<SuccessionRow> {
    let (id, values) = (ctx.param("id"), ctx.form.values.clone());
    let (earlier, leaving) = (values.get("earlier"), values.get("leaving"));
    let rows = of_pairing(&mut ctx.tx, &id).await?;
    rows.into_iter().find(|row| row.pairing == earlier && row.leaving == leaving).ok_or(Error::NotFound)
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let (of, programme) = (asked(ctx).await?, ctx.programme());
    actions::may_propose(&ctx.actor.org, &of, &programme, ctx.today)?;
    let values = ctx.form.values.clone();
    let new = match read(&values).or_wrong()? {
        Ok(new) => new,
        Err(errors) => return pairing::page(ctx, Some((&values, &NewHandover::default())), errors).await,
    };
    match actions::propose(&mut ctx.tx, &programme, &of, &new).await.or_wrong()? {
        Ok(id) => {
            let text = "已提出交接，请对方确认；确认前可以修改或撤回。";
            Ok(Reply::done(format!("/handovers/{id}"), Flash::done(text)))
        }
        Err(errors) => pairing::page(ctx, Some((&values, &new)), errors).await,
    }
}

#[derive(Serialize)]
struct FormView {
    action: String,
    version: i64,
    groups: Vec<Group>,
    note: Field,
    errors: Vec<FieldError>,
}

/// The items as they are open now, each with what the row said of it.
async fn items_now(
    ctx: &mut RequestContext,
    row: &HandoverRow,
    new: Option<&NewHandover>,
) -> Result<Vec<Item>> {
    let programme = ctx.programme();
    let open = actions::open_of(&mut ctx.tx, &programme, row).await?;
    let said = match new {
        Some(new) => new.clone(),
        None => {
            let one = |item: &Item| item.course().map(|course| (item.id.clone(), course));
            let courses = rules::items_of(row)?.iter().filter_map(one).collect();
            NewHandover { courses, note: row.note.clone() }
        }
    };
    Ok(rules::items(open, &said))
}

async fn page(
    ctx: &mut RequestContext,
    row: &HandoverRow,
    typed: Option<&NewHandover>,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let items = items_now(ctx, row, typed).await?;
    let view = FormView {
        action: format!("/handovers/{}/edit", row.id),
        version: row.version,
        groups: groups(&items, row.reach, true),
        note: note_field(typed.map_or(&row.note, |new| &new.note), &errors),
        errors: errors.clone(),
    };
    let title = format!("修改交接：{}", row.county_name);
    let lead = "各项照现在的记录重新列出；改过以后，对方要重新确认。";
    let page = Page::new(title, lead)
        .clause("G1.1")
        .back(format!("/handovers/{}", row.id), "返回这份交接")
        .kind("form");
    Ok(Reply::view("planning/handovers/form.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Edit)?;
    page(ctx, &opened.row, None, Vec::new()).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    opened.demand(Action::Edit)?;
    let version = ctx.form_version()?;
    let values = ctx.form.values.clone();
    let new = match read(&values).or_wrong()? {
        Ok(new) => new,
        Err(errors) => return page(ctx, &opened.row, None, errors).await,
    };
    match actions::edit(&mut ctx.tx, &programme, &opened, version, &new).await.or_wrong()? {
        Ok(()) => {
            let text = "已保存，对方要按新的内容重新确认。";
            Ok(Reply::done(format!("/handovers/{}", opened.row.id), Flash::done(text)))
        }
        Err(errors) => page(ctx, &opened.row, Some(&new), errors).await,
    }
}
