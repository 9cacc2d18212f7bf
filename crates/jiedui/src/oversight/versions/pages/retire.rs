//! Retiring a kind of thing: nothing new is recorded from a day on, what was stays readable and counted.

use super::super::rules::Edit;
use super::{given_or_next_year, latest, prepare};
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_programme::{Programme, Retires};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: &'static str,
    what: Field,
    day: Field,
    errors: Vec<FieldError>,
}

fn offered<T: Retires>(all: &[T], group: &str, id: impl Fn(&T) -> String) -> Vec<Choice> {
    let lasting = all.iter().filter(|one| one.retired().is_none());
    lasting.map(|one| Choice { group: group.to_owned(), ..Choice::new(id(one), one.name()) }).collect()
}

fn choices(programme: &Programme) -> Vec<Choice> {
    let mut all = vec![Choice::new("", "请选择")];
    all.extend(offered(&programme.activities, "台账事项", |one| format!("activity:{}", one.id)));
    all.extend(offered(&programme.outputs, "成果与记录", |one| format!("output:{}", one.id)));
    all.extend(offered(&programme.applications, "申报", |one| format!("application:{}", one.id)));
    all
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let asked = ctx.query.clone();
    page(ctx, &asked, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let (_, programme) = latest(ctx).await?;
    let day = given_or_next_year(given.get("day"), ctx.today);
    let resource = Field::new("resource", "停用哪一类").required().options(choices(&programme));
    let day = Field::new("day", "自哪一天起").required().value(day);
    let day = day.help("从这一天起不再登记；计它的履职要求到前一天为止。以前登记的照常可看、照常计入。");
    let view = FormView {
        action: "/programme/retire",
        what: resource.value(given.get("resource")).error(&errors),
        day: day.error(&errors),
        errors: errors.clone(),
    };
    let page = Page::new("停用一类事项", "编号和已有的数据都保留，只是不再登记新的。")
        .back("/programme", "方案版本")
        .kind("form");
    Ok(Reply::view("oversight/versions/change.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.form.values.clone();
    let (files, programme) = latest(ctx).await?;
    let mut read = Reader::default();
    let day = read.date(&given, "day", "自哪一天起");
    let all = choices(&programme);
    let resource =
        all.iter().find(|choice| !choice.value.is_empty() && choice.value == given.get("resource"));
    if resource.is_none() {
        read.fail("resource", Code::Missing.says("请选择停用哪一类。"));
    }
    if day.is_some_and(|day| day <= ctx.today) {
        read.fail("day", Code::InPast.says("停用从明天或更晚开始，免得今天登记的无处可去。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &given, errors).await;
    }
    let (Some(resource), Some(day)) = (resource, day) else { return page(ctx, &given, Vec::new()).await };
    let told = format!("{}：自 {day} 起停用", resource.label);
    match prepare(ctx, (&files, &programme), &Edit::Retire { resource: resource.value.clone(), day }, &told)
        .await
        .or_wrong()?
    {
        Ok(id) => Ok(Reply::done(format!("/programme/{id}"), Flash::done("已写好，正在演算。"))),
        Err(errors) => page(ctx, &given, errors).await,
    }
}
