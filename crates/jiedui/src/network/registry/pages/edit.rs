//! The office's forms for a school: flags, categories; its lineage is asked about together with its pairings.

use super::super::data::OrgRow;
use super::super::rules;
use super::categories;
use super::list::{NamedFlag, NamedLineage, named_flags, named_lineage};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_store::AuditRecord;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct EditView {
    org: OrgRow,
    flags: Vec<NamedFlag>,
    lineage: Vec<NamedLineage>,
    flag_fields: Vec<Field>,
    category_form: categories::FormView,
    errors: Vec<FieldError>,
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    edit_page(ctx, Vec::new()).await
}

async fn edit_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::find(&mut ctx.tx, &id).await?;
    if org.kind != "school" {
        return Err(Error::NotFound);
    }
    let pairs = ctx.form.values.clone();
    let field = |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(&errors);
    let flags = rules::FLAGS.map(|(id, name)| Choice::new(id, name)).to_vec();
    let view = EditView {
        flags: named_flags(ctx, &id).await?,
        lineage: named_lineage(ctx, &id).await?,
        flag_fields: vec![
            field("flag", "标记").required().options(flags),
            field("from", "起始日期").required(),
            field("to", "终止日期").help("仍然有效就留空。填同一起始日期可补记终止日期。"),
            field("source", "依据").required().help("文件名或会议，一句话。"),
        ],
        category_form: categories::form(ctx, &org, &errors).await?,
        org,
        errors: errors.clone(),
    };
    let page =
        Page::new(format!("维护：{}", view.org.name), "由省领导小组办公室设定；每一次改动都进入审计日志。")
            .back(format!("/registry/{id}"), "返回院校详情")
            .kind("form");
    Ok(Reply::view("network/registry/edit.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn set_flag(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::find(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let flag = read.required(&pairs, "flag", "标记").to_owned();
    let from = read.date(&pairs, "from", "起始日期");
    let to = read.optional_date(&pairs, "to", "终止日期");
    let source = read.required(&pairs, "source", "依据").to_owned();
    read.text(&pairs, "source", "依据", 200);
    if rules::flag_name(&flag).is_empty() && !flag.is_empty() {
        read.fail("flag", Code::NotListed.says("请从列表中选择标记。"));
    }
    if flag == "high_level" && org.level != "技师学院" {
        read.fail("flag", Code::NotFitting.says("只有技师学院可以标为高水平技师学院；请先核对办学层次。"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        read.fail("to", Code::Reversed.says("终止日期不能早于起始日期。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return edit_page(ctx, errors).await;
    }
    let from = from.ok_or(Error::NotFound)?;
    let set = super::super::ensure_flag(&mut ctx.tx, &id, &flag, from, to, &source).await;
    if let Err(errors) = set.or_wrong()? {
        return edit_page(ctx, errors).await;
    }
    let body = serde_json::json!({ "flag": flag, "from": from, "to": to, "source": source });
    ctx.tx.audit(AuditRecord { action: "registry.flag", resource: "org", resource_id: &id }, &body).await?;
    let text = format!("已为“{}”记下“{}”。", org.name, rules::flag_name(&flag));
    Ok(Reply::done(format!("/registry/{id}"), Flash::done(text)))
}

pub async fn set_categories(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let org = super::super::found(&mut ctx.tx, &id).await?;
    if org.kind != "school" {
        return Err(Error::NotFound);
    }
    let kind = categories::CategoryKind::of(&org);
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let day = read.date(&pairs, "category_day", "日期");
    let source = read.required(&pairs, "category_source", "依据").to_owned();
    read.text(&pairs, "category_source", "依据", 200);
    if day.is_some_and(|day| day > ctx.today) {
        read.fail("category_day", Code::InFuture.says("日期不能晚于今天。"));
    }
    let asked = pairs.all("category");
    let programme = ctx.programme();
    let names = &programme.matching.categories.names;
    if asked.iter().any(|one| !names.contains(one)) {
        read.fail("category", Code::NotListed.says("请从列表中选择。"));
    }
    // In the programme's order, each once.
    let chosen: Vec<String> = names.iter().filter(|name| asked.contains(name)).cloned().collect();
    let (Ok(()), Some(day)) = (Error::of(read.errors.clone()), day) else {
        return edit_page(ctx, read.errors).await;
    };
    match categories::set_categories(&mut ctx.tx, &org, kind, &chosen, (day, &source)).await.or_wrong()? {
        Err(errors) => edit_page(ctx, errors).await,
        Ok(true) => Ok(Reply::done(
            format!("/registry/{}", org.id),
            Flash::done(format!("已为“{}”设定{}。", org.name, kind.name())),
        )),
        Ok(false) => Ok(Reply::done(
            format!("/registry/{}", org.id),
            Flash::done(format!("{}没有变化。", kind.name())),
        )),
    }
}
