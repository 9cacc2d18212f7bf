//! Persons and their dated posts, kept by the school itself: a name and a post, nothing more.

use super::super::NewPost;
use super::super::data::{self, OrgRow, PersonAt};
use super::super::rules;
use super::list::{NamedPerson, is_own};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_store::{AuditRecord, Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct PeopleView {
    org: OrgRow,
    people: Vec<NamedPerson>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
}

/// Only one's own school, or one below: a partner's people are read, not written.
async fn own_school(ctx: &mut RequestContext) -> Result<Found<OrgRow>> {
    let id = ctx.param("id");
    let org = super::super::found(&mut ctx.tx, &id).await?;
    if org.kind == "school" && is_own(ctx, &id).await? { Ok(org) } else { Err(Error::NotFound) }
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let org = own_school(ctx).await?;
    let rows = ctx.tx.all::<PersonAt>(&data::PEOPLE_OF, args![&org.id]).await?;
    let pairs = ctx.form.values.clone();
    let field = |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(&errors);
    let posts = rules::POSTS.map(|(id, name)| Choice::new(id, name)).to_vec();
    let view = PeopleView {
        people: rows
            .into_iter()
            .map(|row| NamedPerson { post_name: rules::post_name(&row.post), row })
            .collect(),
        fields: vec![
            field("name", "姓名").required(),
            field("post", "任职类别").required().options(posts).help("主持工作的也按所主持的职务选。"),
            field("title", "职务全称").help("如“主持工作的副院长”；与类别一致就留空。"),
            field("from", "任职起").required(),
            field("to", "任职止").help("在任就留空。"),
        ],
        errors: errors.clone(),
        org: org.into_row(),
    };
    let page =
        Page::new(format!("{}的人员任职", view.org.name), "谁是主要负责同志、谁可以常驻，都按任职日期判断。")
            .clause("S1.4")
            .clause("S1.6")
            .back(format!("/registry/{}", view.org.id), "返回院校详情")
            .kind("form");
    Ok(Reply::view("network/registry/people.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn add(ctx: &mut RequestContext) -> Result<Reply> {
    let org = own_school(ctx).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let name = read.required(&pairs, "name", "姓名").to_owned();
    read.text(&pairs, "name", "姓名", 40);
    let post = read.required(&pairs, "post", "任职类别").to_owned();
    let title = read.text(&pairs, "title", "职务全称", 40).to_owned();
    let from = read.date(&pairs, "from", "任职起");
    let to = read.optional_date(&pairs, "to", "任职止");
    if rules::post_name(&post).is_empty() && !post.is_empty() {
        read.fail("post", Code::NotListed.says("请从列表中选择任职类别。"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        read.fail("to", Code::Reversed.says("任职止不能早于任职起。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let from = from.ok_or(Error::NotFound)?;
    let new = NewPost { org: &org.id, name: &name, post: &post, title: &title, from, to, demo: org.demo };
    let fresh = super::super::ensure_post(&mut ctx.tx, &new).await?;
    let to_page = format!("/registry/{}/people", org.id);
    if !fresh {
        return Ok(Reply::done(to_page, Flash::done("这条任职已经登记过，没有重复写入。")));
    }
    let body = serde_json::json!({ "name": name, "post": post, "from": from, "to": to });
    ctx.tx.audit(AuditRecord { action: "person.post", resource: "org", resource_id: &org.id }, &body).await?;
    Ok(Reply::done(to_page, Flash::done(format!("已登记{name}的任职。"))))
}

pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let org = own_school(ctx).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let day = read.date(&pairs, "day", "离任日期");
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let row = pairs.get("row").to_owned();
    let posts = ctx.tx.all::<PersonAt>(&data::PEOPLE_OF, args![&org.id]).await?;
    let post = posts.into_iter().find(|post| post.id == row).ok_or(Error::NotFound)?;
    let day = day.ok_or(Error::NotFound)?;
    if day < post.from_day {
        let error = FieldError::new("day", Code::Reversed.says("离任日期不能早于任职起。"));
        return page(ctx, vec![error]).await;
    }
    ctx.tx.change_one(&org, &data::END_POST, args![&row, day]).await?;
    let body = serde_json::json!({ "post": row, "to": day });
    ctx.tx
        .audit(AuditRecord { action: "person.leave", resource: "org", resource_id: &org.id }, &body)
        .await?;
    Ok(Reply::done(
        format!("/registry/{}/people", org.id),
        Flash::done(format!("已记下{}的离任日期。", post.name)),
    ))
}
