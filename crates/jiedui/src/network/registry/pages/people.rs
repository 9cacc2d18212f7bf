//! Persons and their dated posts, kept by the school itself: a name and a post, nothing more.

use super::super::data::{self, OrgRow, PersonAt, RelyingRow};
use super::super::rules;
use super::super::{NewPost, lock};
use super::list::{NamedPerson, is_own, named_people};
use super::merge_lines::{self, MergesView};
use crate::shared::contributions;
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_store::{AuditRecord, Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct PeopleView {
    org: OrgRow,
    people: Vec<NamedPerson>,
    fields: Vec<Field>,
    /// A post about to end on which something depends: asked before it is written.
    ending: Option<Ending>,
    merges: MergesView,
    errors: Vec<FieldError>,
}

/// What depends on a post after the day on which it shall end.
#[derive(Serialize)]
pub struct Ending {
    row: String,
    name: String,
    day: String,
    entries: Vec<Link>,
    projects: Vec<Link>,
    accounts: Vec<String>,
}

impl Ending {
    async fn of(ctx: &mut RequestContext, org: &str, post: &PersonAt, day: Date) -> Result<Option<Self>> {
        let programme = ctx.programme();
        let relying = ctx.tx.all::<RelyingRow>(&data::RELYING, args![&post.id, day]).await?;
        let owned = ctx.tx.all::<(String, String)>(&data::PROJECTS_OWNED, args![&post.id, day]).await?;
        let accounts = ctx.tx.all::<(String,)>(&data::ACCOUNTS_NAMED, args![org, post.name.whole()]).await?;
        let entry = |row: &RelyingRow| {
            let activity = programme.activity(&row.activity).map_or("", |activity| activity.name.as_str());
            let days = if row.from_day == row.to_day {
                row.from_day.to_string()
            } else {
                format!("{} 至 {}", row.from_day, row.to_day)
            };
            Link::new(format!("/entries/{}", row.id), format!("{activity}（{}，{days}）", row.county_name))
        };
        let found = Self {
            row: post.id.clone(),
            name: ctx.names.shown(&post.name, &[org]),
            day: day.to_string(),
            entries: relying.iter().map(entry).collect(),
            projects: owned.iter().map(|(id, title)| Link::new(format!("/projects/{id}"), title)).collect(),
            accounts: accounts.into_iter().map(|(login,)| login).collect(),
        };
        let some = !(found.entries.is_empty() && found.projects.is_empty() && found.accounts.is_empty());
        Ok(some.then_some(found))
    }
}

/// Only one's own school, or one below: a partner's people are read, not written.
pub async fn own_school(ctx: &mut RequestContext) -> Result<Found<OrgRow>> {
    let id = ctx.param("id");
    let org = super::super::found(&mut ctx.tx, &id).await?;
    if org.kind == "school" && is_own(ctx, &id).await? { Ok(org) } else { Err(Error::NotFound) }
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, None, Vec::new()).await
}

pub async fn page(
    ctx: &mut RequestContext,
    ending: Option<Ending>,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let org = own_school(ctx).await?;
    let people = named_people(ctx, &org.id).await?;
    let merges = merge_lines::shown(ctx, &org.id, &errors).await?;
    let pairs = ctx.form.values.clone();
    let field = |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(&errors);
    let posts = rules::POSTS.map(|(id, name)| Choice::new(id, name)).to_vec();
    let view = PeopleView {
        people,
        fields: vec![
            field("name", "姓名").required(),
            field("post", "任职类别").required().options(posts).help("主持工作的也按所主持的职务选。"),
            field("title", "职务全称").help("如“主持工作的副院长”；与类别一致就留空。"),
            field("from", "任职起").required(),
            field("to", "任职止").help("在任就留空。"),
        ],
        ending,
        merges,
        errors: errors.clone(),
        org: org.into_row(),
    };
    let page =
        Page::new(format!("{}的人员任职", view.org.name), "谁是主要负责同志、谁可以常驻，都按任职日期判断。")
            .clause("S1.4")
            .clause("S1.6")
            .back(format!("/registry/{}", view.org.id), "返回院校详情")
            .kind("form");
    let refused = !errors.is_empty() || view.ending.is_some();
    Ok(Reply::view("network/registry/people.html", page, &view)?.refused(refused))
}

pub async fn add(ctx: &mut RequestContext) -> Result<Reply> {
    let org = own_school(ctx).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let name = read.required(&pairs, "name", "姓名").to_owned();
    read.text(&pairs, "name", "姓名", 40);
    if name.contains('*') {
        read.fail("name", Code::Characters.says("姓名里有“*”：这是隐去后的姓名，请填全名。"));
    }
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
        return page(ctx, None, errors).await;
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
        return page(ctx, None, errors).await;
    }
    let row = pairs.get("row").to_owned();
    let posts = ctx.tx.all::<PersonAt>(&data::PEOPLE_OF, args![&org.id]).await?;
    let post = posts.into_iter().find(|post| post.id == row).ok_or(Error::NotFound)?;
    let day = day.ok_or(Error::NotFound)?;
    if day < post.from_day {
        let error = FieldError::new("day", Code::Reversed.says("离任日期不能早于任职起。"));
        return page(ctx, None, vec![error]).await;
    }
    if pairs.get("sure") != "yes"
        && let Some(ending) = Ending::of(ctx, &org.id, &post, day).await?
    {
        return page(ctx, Some(ending), Vec::new()).await;
    }
    // A file that is taken back meanwhile would write over it.
    lock(&mut ctx.tx, &org.id).await?;
    ctx.tx.change_one(&org, &data::END_POST, args![&row, day]).await?;
    contributions::post_changed(&mut ctx.tx, post.name.person()).await?;
    let name = ctx.names.shown(&post.name, &[&org.id]);
    let body = serde_json::json!({ "post": row, "to": day });
    ctx.tx
        .audit(AuditRecord { action: "person.leave", resource: "org", resource_id: &org.id }, &body)
        .await?;
    Ok(Reply::done(format!("/registry/{}/people", org.id), Flash::done(format!("已记下{name}的离任日期。"))))
}
