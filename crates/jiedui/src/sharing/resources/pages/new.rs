//! Sharing a file: what it is, under which licence, and by what others find it.

use super::receive;
use crate::shared::choices::task_choices;
use crate::shared::handed_in::{Sent, described};
use crate::sharing::resources::actions;
use crate::sharing::resources::rules::{self, ABOUT, LINE, NewItem, TITLE};
use jiedui_kernel::{FieldError, Result};
use jiedui_programme::{Programme, ResourceRules};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;

#[derive(Serialize)]
struct LicenceView {
    name: String,
    about: String,
}

#[derive(Serialize)]
struct NewView {
    file: Field,
    title: Field,
    kind: Field,
    licence: Field,
    licences: Vec<LicenceView>,
    holder: Field,
    major: Field,
    task: Field,
    about: Field,
    /// Each type with how large it may be.
    types: Vec<String>,
    errors: Vec<FieldError>,
}

fn read(given: &FormValues) -> NewItem {
    let text = |name: &str| given.get(name).to_owned();
    NewItem {
        title: text("title"),
        kind: text("kind"),
        licence: text("licence"),
        holder: text("holder"),
        major: text("major"),
        task: text("task"),
        about: text("about"),
    }
}

fn with_blank(blank: &str, choices: Vec<Choice>) -> Vec<Choice> {
    [vec![Choice::new("", blank)], choices].concat()
}

fn view(programme: &Programme, rules: &ResourceRules, given: &FormValues, errors: &[FieldError]) -> NewView {
    let field = |name: &str, label: &str| Field::new(name, label).value(given.get(name)).error(errors);
    let text = |name: &str, label: &str, most: u32| Field {
        maxlength: Some(most),
        width: "long",
        ..field(name, label)
    };
    let kinds = rules.kinds.iter().map(|kind| Choice::new(&kind.id, &kind.name));
    let licences = rules.licences.iter().map(|one| Choice::new(&one.id, &one.name));
    let majors = programme.matching.categories.names.iter().map(|name| Choice::new(name, name));
    NewView {
        file: Field::new("file", "文件")
            .required()
            .error(errors)
            .help("按内容辨认类型；和文件名对不上的不收。"),
        title: text("title", "资源标题", TITLE).required(),
        kind: field("kind", "资源种类").required().options(with_blank("请选择", kinds.collect())),
        licence: field("licence", "使用许可").required().options(with_blank("请选择", licences.collect())),
        licences: rules
            .licences
            .iter()
            .map(|one| LicenceView { name: one.name.clone(), about: one.about.clone() })
            .collect(),
        holder: text("holder", "权利人", LINE).help("属于本校的不用填；别人的要先得到许可。"),
        major: field("major", "专业大类").options(with_blank("不分专业", majors.collect())),
        task: field("task", "对应任务").options(with_blank("不对应哪项任务", task_choices(programme))),
        about: text("about", "内容简介", ABOUT).help("几句话，别校打开以前就知道合不合用。"),
        types: described(&rules.types),
        errors: errors.to_vec(),
    }
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, &[])
}

fn page(ctx: &RequestContext, errors: &[FieldError]) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::library(&programme)?;
    let view = view(&programme, rules, &ctx.form.values, errors);
    let lead = "上传以后全省技工院校都能找到。写明别校可以怎样用；内容相同的文件只存一份。";
    let page = Page::new("上传资源", lead).clause("T5.5").back("/resources", "返回资源库").kind("form");
    Ok(Reply::view("sharing/resources/new.html", page, &view)?.refused(!errors.is_empty()))
}

/// The file is kept where everything else of the form can be taken.
pub async fn receive_new(ctx: &mut RequestContext) -> Result<Prepared<Sent>> {
    let programme = ctx.programme();
    let wrong = rules::check_item(&programme, actions::library(&programme)?, &read(&ctx.form.values));
    receive(ctx, wrong.is_empty())
}

pub async fn submit(ctx: &mut RequestContext, sent: Sent) -> Result<Reply> {
    let (programme, new) = (ctx.programme(), read(&ctx.form.values));
    let file = match sent {
        Ok(file) => file,
        Err(error) => {
            let others = rules::check_item(&programme, actions::library(&programme)?, &new);
            return page(ctx, &[vec![error], others].concat());
        }
    };
    match actions::share(&mut ctx.tx, &programme, &new, &file).await.or_wrong()? {
        Ok(id) => {
            let done = Flash::done("已上传，别校现在就能找到。用上了的学校会登记，您会收到消息。");
            Ok(Reply::done(format!("/resources/{id}"), done))
        }
        Err(errors) => page(ctx, &errors),
    }
}
