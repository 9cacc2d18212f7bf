//! The generated form of an application, new and changed, with how its conditions stand beside it.

use super::show::opened;
use crate::shared::retired;
use crate::shared::review::{Action, Loaded};
use crate::standing::applications::actions::{self, NewCase};
use crate::standing::applications::data::CaseRow;
use crate::standing::applications::{self, rules};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_programme::Application;
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::drafts::{self, Draft};
use jiedui_web::fields::{self, Drawn};
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::history::{Saved, saved_last};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct FormView {
    action: String,
    submit: &'static str,
    draft: Draft,
    version: Option<i64>,
    fields: Vec<Drawn>,
    conditions: Vec<rules::CriterionLine>,
    our_reading: bool,
    authority: String,
    recommender: &'static str,
    errors: Vec<FieldError>,
    saved: Option<Saved>,
}

fn kind_of(ctx: &RequestContext, id: &str) -> Result<Application> {
    ctx.programme().application(id).cloned().ok_or(Error::NotFound)
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let mut application = kind_of(ctx, &ctx.param("application"))?;
    retired::refuse(&application, ctx.today)?;
    ctx.programme().keep_asked(&mut application.fields, ctx.today);
    if !actions::applies(&mut ctx.tx, &application).await? {
        return Err(Error::Forbidden(format!("“{}”不由本单位申报。", application.name)));
    }
    let fresh = ctx.query.clone();
    let (draft, given) = drafts::take_up(ctx, &draft_key(&application), fresh).await?;
    page(ctx, &application, (None, draft), &given, (Vec::new(), None)).await
}

/// The name under which the draft of a new application is kept.
fn draft_key(application: &Application) -> String {
    format!("application-{}", application.id)
}

async fn page(
    ctx: &mut RequestContext,
    application: &Application,
    (case, draft): (Option<&CaseRow>, Draft),
    given: &FormValues,
    (errors, saved): (Vec<FieldError>, Option<Saved>),
) -> Result<Reply> {
    let org = ctx.actor.org.clone();
    let programme = ctx.programme();
    let readings = applications::readings(&mut ctx.tx, &programme, application, &org).await?;
    let title = Field::new("title", "申报的是哪一项").value(given.get("title")).error(&errors);
    let help = "例如拟建的工作室、基地或专业的名称；不填就用申报的名称。";
    let title = Field { maxlength: Some(60), ..title.help(help) };
    let mut drawn = vec![Drawn::new("text", title)];
    drawn.extend(fields::draw(&application.fields, given, &errors, fields::Offers::default()));
    let stale = saved.is_some();
    let (back, label) = case.map_or_else(
        || ("/applications/open".to_owned(), "可以申报什么"),
        |case| (format!("/applications/{}", case.id), "返回这份申报"),
    );
    let view = FormView {
        action: case.map_or_else(
            || format!("/applications/new/{}", application.id),
            |case| format!("/applications/{}/edit", case.id),
        ),
        submit: if case.is_some() { "保存修改" } else { "保存，继续准备" },
        draft,
        version: case.map(|case| case.version),
        fields: drawn,
        conditions: readings.iter().map(|reading| rules::line(reading, &org)).collect(),
        our_reading: application.our_reading,
        authority: rules::authority(application).to_owned(),
        recommender: application.recommended_by.map_or("", jiedui_programme::Side::label),
        errors,
        saved,
    };
    let page = Page::new(application.name.clone(), application.about.clone())
        .back(back, label)
        .kind("form")
        .clauses(&application.clauses);
    let refused = !view.errors.is_empty();
    let reply = Reply::view("standing/applications/form.html", page, &view)?.refused(refused);
    Ok(if stale { reply.with_status(409) } else { reply })
}

fn read(application: &Application, pairs: &FormValues) -> Result<NewCase, Vec<FieldError>> {
    let mut read = Reader::default();
    let title = match pairs.get("title") {
        "" => application.name.clone(),
        title => title.to_owned(),
    };
    let fields = fields::read(&application.fields, pairs, &mut read);
    if read.errors.is_empty() { Ok(NewCase { title, fields }) } else { Err(read.errors) }
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let mut application = kind_of(ctx, &ctx.param("application"))?;
    retired::refuse(&application, ctx.today)?;
    ctx.programme().keep_asked(&mut application.fields, ctx.today);
    let (programme, given) = (ctx.programme(), ctx.form.values.clone());
    if !actions::applies(&mut ctx.tx, &application).await? {
        return Err(Error::Forbidden(format!("“{}”不由本单位申报。", application.name)));
    }
    let made = match read(&application, &given) {
        Ok(new) => actions::begin(&mut ctx.tx, &programme, &application, &new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match made.or_wrong()? {
        Ok(id) => {
            drafts::forget(ctx, &draft_key(&application)).await?;
            let next = application.recommended_by.map_or("递交", |_| "提请推荐");
            let text = format!("申报已保存，现在只有本单位在准备；核对无误后请点“{next}”。");
            Ok(Reply::done(format!("/applications/{id}"), Flash::done(text)))
        }
        Err(errors) => {
            let draft = Draft::none(draft_key(&application));
            page(ctx, &application, (None, draft), &given, (errors, None)).await
        }
    }
}

async fn mine(ctx: &mut RequestContext) -> Result<(Loaded<Found<CaseRow>>, Application)> {
    let opened = opened(ctx).await?;
    if ctx.actor.org != opened.row.org {
        return Err(Error::Forbidden("申报由申报单位自己修改，本单位只能查看和答复。".to_owned()));
    }
    if !opened.can(Action::Edit) {
        return Err(Error::NotNow("这份申报已经交出去了。要修改，请先收回。".to_owned()));
    }
    let application = kind_of(ctx, &opened.row.application)?;
    Ok((opened, application))
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, application) = mine(ctx).await?;
    let case = &opened.row;
    let values = fields::typed(&application.fields, &fields::parse(&case.fields));
    let own = [("title", case.title.clone()), ("version", case.version.to_string())];
    let rest = values.iter().map(|(name, value)| (name.as_str(), value.clone()));
    let given = FormValues::made(own.into_iter().chain(rest));
    page(ctx, &application, (Some(case), Draft::none("")), &given, (Vec::new(), None)).await
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, application) = mine(ctx).await?;
    let (version, given) = (ctx.form_version()?, ctx.form.values.clone());
    let done = match read(&application, &given) {
        Ok(new) => actions::edit(&mut ctx.tx, &application, &opened, version, &new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match done.or_refused()? {
        Ok(()) => {
            let flash = Flash::done("修改已保存，还没有交出去。");
            Ok(Reply::done(format!("/applications/{}", opened.row.id), flash))
        }
        Err(refused) => {
            let (opened, application) = mine(ctx).await?;
            let saved =
                if refused.by_other() { saved_last(&mut ctx.tx, &opened.row.id).await? } else { None };
            let shown = (Some(opened.row.as_ref()), Draft::none(""));
            page(ctx, &application, shown, &given, (refused.errors, saved)).await
        }
    }
}
