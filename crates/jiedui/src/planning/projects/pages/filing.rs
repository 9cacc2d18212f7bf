//! A list on its way: handing in, consent, the city's word, filing or return; and what changed from filing to filing.

use super::lists::{self, opened};
use crate::planning::projects::actions::{self, Remark};
use crate::planning::projects::data::{self, FilingRow};
use crate::planning::projects::rules::changes::{self, Change, FIELDS, Filed};
use crate::shared::review::{self, Action};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

fn here(ctx: &RequestContext) -> String {
    format!("/lists/{}", ctx.param("id"))
}

/// The list's page once more where an act was refused for what was typed; the redirect where it was done.
async fn answered(ctx: &mut RequestContext, done: Result<()>, text: &str) -> Result<Reply> {
    match done.or_wrong()? {
        Ok(()) => Ok(Reply::done(here(ctx), Flash::done(text))),
        Err(errors) => lists::page(ctx, errors).await,
    }
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    let programme = ctx.programme();
    let done = actions::submit(&mut ctx.tx, &programme, &opened, version).await;
    answered(ctx, done, "已提交。配合院校和县级院校都同意后，清单自动转到市局和省办。").await
}

pub async fn recall(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    let done = actions::recall(&mut ctx.tx, &opened, version).await;
    answered(ctx, done, "已收回，可以修改。没有改动就再提交的，已经同意的一方不用再答复。").await
}

pub async fn answer(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let revision = ctx.form_version()?;
    let programme = ctx.programme();
    let (action, reason) = match review::read_answer(&ctx.form.values).or_wrong()? {
        Ok(answer) => answer,
        Err(errors) => return lists::page(ctx, errors).await,
    };
    let done = actions::answer(&mut ctx.tx, &programme, &opened, (action, revision, &reason)).await;
    let text = match action {
        Action::Agree => "已同意。另一方也同意后，清单转到市局和省办。",
        _ => "已退回，牵头院校会看到您写的意见。",
    };
    answered(ctx, done, text).await
}

pub async fn comment(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let (programme, revision) = (ctx.programme(), ctx.form_version()?);
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let words = read.required(&pairs, "words", "意见").to_owned();
    read.text(&pairs, "words", "意见", 500);
    let done = match read.done() {
        Ok(()) => {
            let answer = (Action::Comment, revision, words.as_str());
            actions::answer(&mut ctx.tx, &programme, &opened, answer).await
        }
        Err(error) => Err(error),
    };
    answered(ctx, done, "意见已提交，三方和省办都看得到；省办可以备案了。").await
}

pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, programme) = (opened(ctx).await?, ctx.programme());
    let version = ctx.form_version()?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let number = read.required(&pairs, "number", "备案编号").to_owned();
    read.text(&pairs, "number", "备案编号", 40);
    let on = read.date(&pairs, "filed_on", "备案日期");
    let done = match (read.done(), on) {
        (Ok(()), Some(on)) => actions::file(&mut ctx.tx, &programme, &opened, version, (&number, on)).await,
        (Err(error), _) => Err(error),
        (Ok(()), None) => Err(Error::field("filed_on", Code::Missing.says("请选择备案日期。"))),
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
    opened.demand(Action::Return)?;
    let projects = actions::of_list(&mut ctx.tx, &opened.row.id).await?;
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
        version: opened.row.version,
        reason: Field::new("reason", "退回的原因")
            .required()
            .help("备案不是审批：只因缺件或格式退回，并写明怎样补正。")
            .value(given.get("reason"))
            .error(&errors),
        rows: rows.collect(),
        errors: errors.clone(),
        id: opened.row.id.clone(),
    };
    let page = Page::new("退回清单", "写明缺什么、哪里不对；意见会显示在牵头院校修改的那一栏旁边。")
        .clause("S4.1")
        .back(format!("/lists/{}", opened.row.id), "这份清单")
        .kind("form");
    Ok(Reply::view("planning/projects/return.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn return_to_submitter(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let version = ctx.form_version()?;
    let pairs = ctx.form.values.clone();
    let projects = actions::of_list(&mut ctx.tx, &opened.row.id).await?;
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
                read.fail(&name, Code::Missing.says("选了项目，请写明意见。"));
            }
            continue;
        }
        let known = FIELDS.iter().any(|(id, _)| *id == field);
        let project = projects.iter().find(|row| row.id == project).map(|row| row.id.clone());
        remarks.push(Remark { project, field: if known { field.to_owned() } else { String::new() }, text });
    }
    match read.done().or_wrong()? {
        Ok(()) => {
            actions::return_to_submitter(&mut ctx.tx, &opened, version, &reason, &remarks).await?;
            Ok(Reply::done(
                here(ctx),
                Flash::done("已退回。牵头院校补正后再提交；内容没有变的，另两方不用再答复。"),
            ))
        }
        Err(errors) => return_page(ctx, errors).await,
    }
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
    let filings = ctx.tx.all::<FilingRow>(&data::FILINGS, args![&opened.row.id]).await?;
    let mut before: Vec<Filed> = Vec::new();
    let mut editions = Vec::new();
    for filing in filings {
        let filed: Vec<Filed> = serde_json::from_str(&filing.snapshot).map_err(Error::internal)?;
        let first = filing.edition == 1;
        let changed = if first {
            Vec::new()
        } else {
            changes::between(&mut ctx.names, &before, &filed, &opened.row, &programme)
        };
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
        Page::new("历次备案", format!("{}的清单每次备案时的样子，和前一次的差别。", opened.row.county_name))
            .clause("S4.1")
            .back(format!("/lists/{}", opened.row.id), "这份清单")
            .kind("detail");
    Reply::view("planning/projects/changes.html", page, &ChangesView { editions })
}
