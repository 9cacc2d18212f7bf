//! Who came, and what is left to say: all were invited, so all are ticked; whoever did not come is taken off.

use super::opened;
use crate::reporting::meetings::{actions, rules};
use crate::shared::review::Action;
use jiedui_kernel::{FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct AttendanceView {
    action: String,
    version: i64,
    rows: Vec<Row>,
    minutes: Field,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Row {
    org: String,
    name: String,
    came: bool,
    persons: Field,
}

fn persons(org: &str) -> String {
    format!("persons-{org}")
}

pub async fn edit(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Comment)?;
    let parties = actions::parties(&mut ctx.tx, &opened.row.id).await?;
    let names: Vec<String> = parties.iter().map(|one| persons(&one.org)).collect();
    let mut given = vec![("minutes", opened.row.minutes.clone())];
    for (one, name) in parties.iter().zip(&names) {
        given.push((name, one.persons.clone()));
        given.extend(one.attended.then(|| ("id", one.org.clone())));
    }
    page(ctx, &FormValues::made(given), Vec::new()).await
}

async fn page(ctx: &mut RequestContext, given: &FormValues, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let row = &opened.row;
    let came = given.all("id");
    let parties = actions::parties(&mut ctx.tx, &row.id).await?;
    let line = |one: crate::reporting::meetings::data::PartyRow| {
        let name = persons(&one.org);
        let field =
            Field::new(&name, &format!("{}到会人员", one.name)).value(given.get(&name)).error(&errors);
        Row {
            came: came.contains(&one.org),
            persons: Field { maxlength: Some(rules::PERSONS), ..field },
            org: one.org,
            name: one.name,
        }
    };
    let minutes = Field::new("minutes", "其他要留下的话")
        .help("议定事项以外的；没有就不用写。")
        .value(given.get("minutes"))
        .error(&errors);
    let view = AttendanceView {
        action: format!("/meetings/{}/attendance", row.id),
        version: row.version,
        rows: parties.into_iter().map(line).collect(),
        minutes: Field { maxlength: Some(rules::MINUTES), ..minutes },
        errors: errors.clone(),
    };
    let lead = "请的单位都已勾选，没有到的去掉；谁到会需要时才写，不拍照、不签到。";
    let page = Page::new(format!("到会单位和纪要：{}", row.title), lead)
        .clause("S1.3")
        .back(format!("/meetings/{}", row.id), "返回这次会议")
        .kind("form");
    Ok(Reply::view("reporting/meetings/attendance.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let opened = opened(ctx).await?;
    opened.demand(Action::Comment)?;
    let (version, given) = (ctx.form_version()?, ctx.form.values.clone());
    let came: Vec<_> =
        given.all("id").into_iter().map(|org| (given.get(&persons(&org)).to_owned(), org)).collect();
    let came: Vec<_> = came.into_iter().map(|(who, org)| (org, who)).collect();
    let said = (came.as_slice(), given.get("minutes"));
    match actions::attend(&mut ctx.tx, &opened, version, said).await.or_wrong()? {
        Ok(()) => Ok(Reply::done(format!("/meetings/{}", opened.row.id), Flash::done("已保存。"))),
        Err(errors) => page(ctx, &given, errors).await,
    }
}
