//! What troubled a school in a month becomes a tracked item: its words are there, who sees to it and until when is chosen.

use crate::network::registry::{self, OrgRow};
use crate::reporting::followups::actions::{self, NewFollowup, Origin};
use crate::reporting::followups::rules;
use crate::reporting::monthly::{self, MonthRow};
use jiedui_kernel::{Error, FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct NewView {
    action: String,
    school: Link,
    problems: String,
    text: Field,
    owner: Field,
    due: Field,
    errors: Vec<FieldError>,
}

/// The month of the address, in which the school wrote something.
async fn asked(ctx: &mut RequestContext) -> Result<(OrgRow, MonthRow)> {
    let (programme, school) = (ctx.programme(), ctx.param("id"));
    let month = monthly::month_of(&ctx.param("month"), &programme, ctx.today)?;
    let school = registry::find(&mut ctx.tx, &school).await?;
    let row = monthly::of_school(&mut ctx.tx, month, &school.id).await?.ok_or(Error::NotFound)?;
    if row.problems.is_empty() {
        return Err(Error::NotFound);
    }
    Ok((school, row.into_row()))
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (school, row) = asked(ctx).await?;
    actions::not_asked_yet(&mut ctx.tx, &row.id).await?;
    let line: String = row.problems.lines().collect::<Vec<_>>().join(" ");
    let text = line.chars().take(rules::TEXT as usize).collect();
    let due = rules::usual(&programme, ctx.today).to_string();
    let given = FormValues::made([("text", text), ("due", due)]);
    page(ctx, (&school, &row), &given, Vec::new()).await
}

async fn page(
    ctx: &mut RequestContext,
    (school, row): (&OrgRow, &MonthRow),
    given: &FormValues,
    errors: Vec<FieldError>,
) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let owners = actions::choices(&mut ctx.tx, &school.id).await?;
    let field =
        |name: &str, label: &str| Field::new(name, label).required().value(given.get(name)).error(&errors);
    let view = NewView {
        action: format!("/followups/new/{}/{}", school.id, row.month),
        text: Field { maxlength: Some(rules::TEXT), width: "long", ..field("text", "办什么") },
        owner: field("owner", "由谁办").options(owners),
        due: Field { min: rules::earliest(&programme, today).to_string(), ..field("due", "办结期限") },
        school: registry::link(&school.id, &school.name),
        problems: row.problems.clone(),
        errors: errors.clone(),
    };
    let title = format!("交办：{}的问题与诉求", school.name);
    let lead = "学校写的已经带出；选由谁办、什么时候办结，就到对方的工作台。";
    let back = format!("/months/{}/schools/{}", row.month, school.id);
    let page = Page::new(title, lead)
        .clause("S1.3")
        .back(back, format!("{}的月调度", monthly::rules::title(row.month)))
        .kind("form");
    Ok(Reply::view("reporting/followups/new.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn create(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let (school, row) = asked(ctx).await?;
    let given = ctx.form.values.clone();
    let new = NewFollowup {
        text: given.get("text").to_owned(),
        owner: given.get("owner").to_owned(),
        due: given.date("due"),
        origin: Origin::Month(row.id.clone()),
        school: Some(school.id.clone()),
        project: None,
        clause: String::new(),
    };
    match actions::assign(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => {
            let text = "已交办，现在在责任单位的工作台上；对方报办结以后请确认。";
            Ok(Reply::done(format!("/followups/{id}"), Flash::done(text)))
        }
        Err(errors) => page(ctx, (&school, &row), &given, errors).await,
    }
}
