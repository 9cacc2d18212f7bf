//! What the industries of a county ask for, category by category, as its bureau knows it: once a year.

use super::super::data::{self, DemandRow};
use super::super::rules;
use crate::network::registry::{self, OrgRow};
use chrono::Datelike as _;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::{FormValues, Reader};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

const BACK: i32 = 2;

#[derive(Serialize)]
struct View {
    place: String,
    year: i32,
    years: Vec<Choice>,
    lines: Vec<DemandLine>,
    source: Field,
    errors: Vec<FieldError>,
    conflict: bool,
}

#[derive(Serialize)]
struct DemandLine {
    category: String,
    seen: String,
    version: i64,
    input: Field,
}

async fn bureau(ctx: &mut RequestContext) -> Result<OrgRow> {
    let org = ctx.actor.org.clone();
    registry::find(&mut ctx.tx, &org).await
}

fn year_of(ctx: &RequestContext, given: &FormValues) -> i32 {
    let now = ctx.today.year();
    given.year("year").filter(|year| (now - BACK..=now).contains(year)).unwrap_or(now)
}

/// The categories of the programme in their order, each with what is known of it.
async fn known(
    ctx: &mut RequestContext,
    division: &str,
    year: i32,
) -> Result<Vec<(String, Option<DemandRow>)>> {
    let mut found = Vec::new();
    for name in &ctx.programme().matching.categories.names {
        let values = args![division, name, i64::from(year)];
        found.push((name.clone(), ctx.tx.maybe::<DemandRow>(&data::DEMAND_OF, values).await?));
    }
    Ok(found)
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let year = year_of(ctx, &ctx.query);
    page(ctx, year, None, Vec::new(), 200).await
}

async fn page(
    ctx: &mut RequestContext,
    year: i32,
    given: Option<&FormValues>,
    errors: Vec<FieldError>,
    status: u16,
) -> Result<Reply> {
    let org = bureau(ctx).await?;
    let rows = known(ctx, &org.division, year).await?;
    let line = |(at, (category, row)): (usize, &(String, Option<DemandRow>))| {
        let name = format!("posts-{at}");
        let stored = row.as_ref().map(|row| row.posts.to_string()).unwrap_or_default();
        let value = given.map_or_else(|| stored.clone(), |given| given.get(&name).to_owned());
        let field = Field::new(&name, category).value(value).error(&errors);
        let field = Field { unit: "人".to_owned(), width: "short", ..field };
        DemandLine {
            category: category.clone(),
            seen: format!("seen-{at}"),
            version: row.as_ref().map_or(0, |row| row.version),
            input: if status == 409 { field.theirs(&stored) } else { field },
        }
    };
    let said = rows.iter().find_map(|(_, row)| Some(row.as_ref()?.source.clone())).unwrap_or_default();
    let source = given.map_or(said, |given| given.get("source").to_owned());
    let source = Field::new("source", "数字从哪里来").required().value(source).error(&errors);
    let now = ctx.today.year();
    let choice =
        |one: i32| Choice { selected: one == year, ..Choice::new(one.to_string(), format!("{one}年")) };
    let view = View {
        place: org.place,
        year,
        years: (now - BACK..=now).rev().map(choice).collect(),
        lines: rows.iter().enumerate().map(line).collect(),
        source: Field {
            maxlength: Some(200),
            ..source.help("如“园区用工登记”“重点企业走访”，供看的人判断可靠不可靠。")
        },
        errors: errors.clone(),
        conflict: status == 409,
    };
    let lead = "本县产业一年大约要多少人，按专业大类填；一年一次，不知道的留空，不算零。";
    let page = Page::new("产业用工需求", lead).clause("T5.2").back("/majors", "专业布局").kind("form");
    Ok(Reply::view("evidence/majors/demand.html", page, &view)?.with_status(status))
}

pub async fn save(ctx: &mut RequestContext) -> Result<Reply> {
    let pairs = ctx.form.values.clone();
    let year = year_of(ctx, &pairs);
    let org = bureau(ctx).await?;
    let rows = known(ctx, &org.division, year).await?;
    let mut reader = Reader::default();
    let mut changed = Vec::new();
    for (at, (category, row)) in rows.iter().enumerate() {
        let name = format!("posts-{at}");
        if pairs.get(&name).is_empty() {
            if row.is_some() {
                reader.fail(
                    &name,
                    Code::Missing.says(format!("{category}已经填过；没有用工就写 0，不能清空。")),
                );
            }
            continue;
        }
        let posts = reader.number(&pairs, &name, category, 0..=rules::MOST);
        let version = pairs.whole(&format!("seen-{at}")).unwrap_or(0);
        let source = pairs.get("source");
        let same = |row: &DemandRow| Some(row.posts) == posts && row.source == source;
        if let Some(posts) = posts.filter(|_| row.as_ref().is_none_or(|row| !same(row))) {
            changed.push((category.clone(), version, posts));
        }
    }
    let source = reader.text(&pairs, "source", "数字的来源", 200).to_owned();
    if source.is_empty() {
        reader.fail("source", Code::Missing.says("请写明数字从哪里来。"));
    }
    if changed.is_empty() && reader.errors.is_empty() && rows.iter().all(|(_, row)| row.is_none()) {
        reader.fail("posts-0", Code::Missing.says("还没有填任何一类；本县确实没有用工的类别写 0。"));
    }
    if !reader.errors.is_empty() {
        return page(ctx, year, Some(&pairs), reader.errors, 422).await;
    }
    for (category, version, posts) in &changed {
        let done = super::super::ask(&mut ctx.tx, (category, year), *version, *posts, &source).await;
        if let Err(refused) = done.or_refused()? {
            return page(ctx, year, Some(&pairs), refused.errors, refused.status).await;
        }
    }
    let text = "已保存。本县学校的专业建议按新的需求重新得出；一年一次，平时不用再报。";
    Ok(Reply::done("/majors", Flash::done(text)))
}
