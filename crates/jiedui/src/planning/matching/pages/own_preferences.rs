//! What a county school or a college itself wishes of the other side, until the day that the office set: one line for each
//! school about which it has something to say, and nothing for all others.

use super::super::data::{self, CallRow, CandidateRow, PreferenceRow};
use super::preferences::{PREFERENCES, note, word};
use crate::network::registry;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

/// So many schools may one say something about: more would not be a wish.
const MOST: usize = 5;
const OVER: &str = "现在不在填报意愿的期限内，没有写入。";

#[derive(Serialize)]
struct ListView {
    last_day: Option<String>,
    open: bool,
    rows: Vec<WishLine>,
    form: [Field; 3],
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct WishLine {
    other: Link,
    word: &'static str,
    reason: String,
    from: String,
}

/// The call that is open today.
pub async fn open_call(ctx: &mut RequestContext) -> Result<Option<CallRow>> {
    let last = ctx.tx.maybe::<CallRow>(&data::LAST_CALL, Vec::new()).await?;
    Ok(last.filter(|call| call.last_day >= ctx.today))
}

/// The other side: helpers for a county school, county schools for a helper.
async fn candidates(ctx: &mut RequestContext) -> Result<Vec<CandidateRow>> {
    let (org, today) = (ctx.actor.org.clone(), ctx.today);
    let all = ctx.tx.all::<CandidateRow>(&data::CANDIDATES, args![today]).await?;
    let county = all.iter().any(|one| one.id == org && one.county_school);
    Ok(all.into_iter().filter(|one| one.id != org && one.county_school != county).collect())
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let org = ctx.actor.org.clone();
    let rows = ctx.tx.all::<PreferenceRow>(&data::WISHES_OF, args![&org]).await?;
    let call = open_call(ctx).await?;
    let label = |one: &CandidateRow| format!("{}（{}）", one.name, one.city);
    let mut options = vec![Choice::new("", "请选择")];
    options.extend(candidates(ctx).await?.iter().map(|one| Choice::new(&one.id, label(one))));
    let words = PREFERENCES.map(|(id, _, name)| Choice::new(id, name)).to_vec();
    let form = &ctx.form.values;
    let field = |name: &str, label: &str| Field::new(name, label).value(form.get(name)).error(&errors);
    let view = ListView {
        open: call.is_some(),
        last_day: call.map(|call| call.last_day.to_string()),
        rows: rows
            .into_iter()
            .map(|row| WishLine {
                other: registry::link(&row.other, &row.other_name),
                word: word(row.wish),
                reason: row.reason,
                from: row.from_day.to_string(),
            })
            .collect(),
        form: [
            field("other", "对哪所学校").required().options(options),
            field("wish", "意愿").required().options(words),
            field("reason", "说明").help("想让省办知道的，一句话。"),
        ],
        errors: errors.clone(),
    };
    let lead = "只说有想法的，没有意见的不用填；只作为结对测算的一项得分，省办看得到，别的学校看不到。";
    let page = Page::new("本单位的结对意愿", lead).clause("G0.1").kind("list");
    Ok(Reply::view("planning/matching/own_preferences.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn write(ctx: &mut RequestContext) -> Result<Reply> {
    let Some(call) = open_call(ctx).await? else { return Err(Error::NotNow(OVER.to_owned())) };
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.text(&pairs, "reason", "说明", 200).to_owned();
    let wish = PREFERENCES.iter().find(|(id, ..)| *id == pairs.get("wish")).map(|(_, wish, _)| *wish);
    if wish.is_none() {
        read.fail("wish", Code::Missing.says("请选择意愿。"));
    }
    let other = pairs.get("other").to_owned();
    if !candidates(ctx).await?.iter().any(|one| one.id == other) {
        read.fail("other", Code::NotListed.says("请从列表中选择一所学校。"));
    }
    let org = ctx.actor.org.clone();
    let mine = ctx.tx.all::<PreferenceRow>(&data::WISHES_OF, args![&org]).await?;
    let others = mine.iter().filter(|row| row.wish != 0 && row.other != other).count();
    if wish != Some(0) && others >= MOST {
        let words = format!("最多对 {MOST} 所学校表示意愿，请先把其中一所改为“没有意见”。");
        read.fail("other", Code::TooMany.says(words));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let wish = wish.unwrap_or_default();
    note(&mut ctx.tx, (&org, &other), wish, &reason, Some(&call.id)).await?;
    Ok(Reply::done("/matching/mine", Flash::done("意愿已记下；期限内可以再改。")))
}
