//! A list on its way: handing in, consent, the city's word, filing or return; and what changed from filing to filing.

use super::acts::{self, Opened, Remark};
use super::changes::{self, Change, FIELDS, Filed};
use super::data::{self, FilingRow, ListRow, ProjectRow, RemarkRow};
use super::lists;
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::history;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

/// The list that the address names.
pub async fn opened(ctx: &mut RequestContext) -> Result<Opened> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    acts::open(&mut ctx.tx, &programme, &id).await
}

fn here(ctx: &RequestContext) -> String {
    format!("/lists/{}", ctx.param("id"))
}

/// The list's page once more where an act was refused for what was typed; the redirect where it was done.
async fn answered(ctx: &mut RequestContext, done: Result<()>, text: &str) -> Result<Reply> {
    match done {
        Ok(()) => Ok(Reply::done(here(ctx), Flash::done(text))),
        Err(Error::Invalid(errors)) => lists::page(ctx, errors).await,
        Err(other) => Err(other),
    }
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    let programme = ctx.programme();
    let done = acts::submit(&mut ctx.tx, &programme, &opened, version).await;
    answered(ctx, done, "已提交。配合院校和县级院校都同意后，清单自动转到市局和省办。").await
}

pub async fn recall(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    let done = acts::recall(&mut ctx.tx, &opened, version).await;
    answered(ctx, done, "已收回，可以修改。没有改动就再提交的，已经同意的一方不用再答复。").await
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let content = ctx.form_version()?;
    let programme = ctx.programme();
    let done = match history::read_answer(&ctx.form.values) {
        Ok((verdict, reason)) => {
            acts::answer(&mut ctx.tx, &programme, &opened, content, verdict, &reason).await.map(|()| verdict)
        }
        Err(error) => Err(error),
    };
    let text = match &done {
        Ok("agree") => "已同意。另一方也同意后，清单转到市局和省办。",
        _ => "已退回，牵头院校会看到您写的意见。",
    };
    answered(ctx, done.map(drop), text).await
}

pub async fn comment(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let content = ctx.form_version()?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let words = read.required(&pairs, "words", "意见").to_owned();
    read.text(&pairs, "words", "意见", 500);
    let done = match read.done() {
        Ok(()) => acts::comment(&mut ctx.tx, &opened, content, &words).await,
        Err(error) => Err(error),
    };
    answered(ctx, done, "意见已提交，三方和省办都看得到；省办可以备案了。").await
}

pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let number = read.required(&pairs, "number", "备案编号").to_owned();
    read.text(&pairs, "number", "备案编号", 40);
    let on = read.date(&pairs, "filed_on", "备案日期");
    let done = match (read.done(), on) {
        (Ok(()), Some(on)) => acts::file(&mut ctx.tx, &opened, version, &number, on).await,
        (Err(error), _) => Err(error),
        (Ok(()), None) => Err(Error::field("filed_on", "请选择备案日期。")),
    };
    answered(ctx, done, "已备案。从现在起，写明属于这些项目的台账计入进度。").await
}

/// So many remarks fit on the form at once; more go into the words above them.
const REMARKS: usize = 6;

#[derive(Serialize)]
struct ReturnView {
    id: String,
    version: i64,
    reason: Field,
    rows: Vec<[Field; 3]>,
    errors: Vec<FieldError>,
}

pub async fn return_form(ctx: &mut RequestContext) -> Result<Reply> {
    return_page(ctx, Vec::new()).await
}

async fn return_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    if !opened.may.give_back {
        return Err(Error::Forbidden("只有待备案的清单可以退回。".to_owned()));
    }
    let projects = acts::of_list(&mut ctx.tx, &opened.list.id).await?;
    let given = ctx.form.values.clone();
    let choices = || {
        let mut all = vec![Choice::new("", "整份清单")];
        all.extend(projects.iter().map(|row| Choice::new(&row.id, format!("{}. {}", row.place, row.title))));
        all
    };
    let fields: Vec<Choice> = FIELDS.iter().rev().map(|(id, name)| Choice::new(*id, *name)).collect();
    let rows = (1..=REMARKS).map(|at| {
        let field = |name: &str, label: &str| {
            let name = format!("{name}-{at}");
            Field::new(&name, label).value(given.get(&name)).error(&errors)
        };
        [
            field("project", "项目").options(choices()),
            field("field", "内容").options(fields.clone()),
            Field { width: "wide", ..field("text", "意见") },
        ]
    });
    let view = ReturnView {
        version: opened.list.version,
        reason: Field::new("reason", "退回的原因")
            .required()
            .help("备案不是审批：只因缺件或格式退回，并写明怎样补正。")
            .value(given.get("reason"))
            .error(&errors),
        rows: rows.collect(),
        errors: errors.clone(),
        id: opened.list.id.clone(),
    };
    let page = Page::new("退回清单", "写明缺什么、哪里不对；意见会显示在牵头院校修改的那一栏旁边。")
        .clause("S4.1")
        .back(format!("/lists/{}", opened.list.id), "这份清单")
        .kind("form");
    Ok(Reply::view("planning/projects/return.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn give_back(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    let pairs = ctx.form.values.clone();
    let projects = acts::of_list(&mut ctx.tx, &opened.list.id).await?;
    let mut read = Reader::default();
    let reason = read.required(&pairs, "reason", "退回的原因").to_owned();
    read.text(&pairs, "reason", "退回的原因", 500);
    let mut remarks = Vec::new();
    for at in 1..=REMARKS {
        let (project, field) = (pairs.get(&format!("project-{at}")), pairs.get(&format!("field-{at}")));
        let name = format!("text-{at}");
        let text = read.text(&pairs, &name, "意见", 200).to_owned();
        if text.is_empty() {
            if !project.is_empty() {
                read.fail(&name, "选了项目，请写明意见。");
            }
            continue;
        }
        let known = FIELDS.iter().any(|(id, _)| *id == field);
        let project = projects.iter().find(|row| row.id == project).map(|row| row.id.clone());
        remarks.push(Remark { project, field: if known { field.to_owned() } else { String::new() }, text });
    }
    match read.done() {
        Ok(()) => {
            acts::give_back(&mut ctx.tx, &opened, version, &reason, &remarks).await?;
            Ok(Reply::done(
                here(ctx),
                Flash::done("已退回。牵头院校补正后再提交；内容没有变的，另两方不用再答复。"),
            ))
        }
        Err(Error::Invalid(errors)) => return_page(ctx, errors).await,
        Err(other) => Err(other),
    }
}

/// What the office remarked when it returned the list: project, field, words.
pub async fn remarks(
    ctx: &mut RequestContext,
    list: &ListRow,
    projects: &[ProjectRow],
) -> Result<Vec<(String, &'static str, String)>> {
    let rows = ctx.tx.all::<RemarkRow>(&data::REMARKS, args![&list.id, list.content]).await?;
    let line = |row: RemarkRow| {
        let project = projects.iter().find(|one| Some(&one.id) == row.project.as_ref());
        let title = project.map_or_else(|| "整份清单".to_owned(), |one| one.title.clone());
        let field = FIELDS.iter().find(|(id, _)| *id == row.field).map_or("整个项目", |(_, name)| *name);
        (title, field, row.text)
    };
    Ok(rows.into_iter().map(line).collect())
}

#[derive(Serialize)]
struct ChangesView {
    editions: Vec<Edition>,
}

#[derive(Serialize)]
struct Edition {
    number: String,
    filed_on: String,
    first: bool,
    projects: Vec<(i64, String)>,
    changes: Vec<Change>,
}

/// Every filing of a list, newest first, and what it changed.
pub async fn changes(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let programme = ctx.programme();
    let filings = ctx.tx.all::<FilingRow>(&data::FILINGS, args![&opened.list.id]).await?;
    let mut before: Vec<Filed> = Vec::new();
    let mut editions = Vec::new();
    for filing in filings {
        let filed: Vec<Filed> = serde_json::from_str(&filing.snapshot).map_err(Error::internal)?;
        let first = filing.edition == 1;
        let changed =
            if first { Vec::new() } else { changes::between(&before, &filed, &opened.list, &programme) };
        editions.insert(
            0,
            Edition {
                number: filing.number,
                filed_on: filing.filed_on.to_string(),
                first,
                projects: filed.iter().map(|one| (one.place, one.fields.title.clone())).collect(),
                changes: changed,
            },
        );
        before = filed;
    }
    let page =
        Page::new("历次备案", format!("{}的清单每次备案时的样子，和前一次的差别。", opened.list.county_name))
            .clause("S4.1")
            .back(format!("/lists/{}", opened.list.id), "这份清单")
            .kind("detail");
    Reply::view("planning/projects/changes.html", page, &ChangesView { editions })
}
