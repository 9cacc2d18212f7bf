//! What each side wishes of the other, as the office was told. A wish is an input of the scoring, with its reason, and
//! ends by a date; nothing is overwritten.

use super::super::data::{self, PreferenceRow};
use super::super::rules::facts;
use crate::network::registry;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_store::{Tx, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::history::{self, HistoryEntry};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use serde_json::json;

const PREFERENCES: [(&str, i64, &str); 5] = [
    ("2", 2, "很希望"),
    ("1", 1, "希望"),
    ("0", 0, "没有意见"),
    ("-1", -1, "不太希望"),
    ("-2", -2, "很不希望"),
];

fn word(wish: i64) -> &'static str {
    PREFERENCES.iter().find(|(_, value, _)| *value == wish).map_or("", |(_, _, word)| word)
}

#[derive(Serialize)]
struct ListView {
    rows: Vec<PreferenceLine>,
    form: [Field; 4],
    can_edit: bool,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct PreferenceLine {
    id: String,
    org: jiedui_web::figure::Link,
    other: jiedui_web::figure::Link,
    word: &'static str,
    reason: String,
    from: String,
    to: Option<String>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let rows = ctx.tx.all::<PreferenceRow>(&data::PREFERENCES, Vec::new()).await?;
    let facts = facts::read(&mut ctx.tx).await?;
    let county = facts
        .counties
        .iter()
        .map(|one| Choice { group: "对口县级院校".to_owned(), ..Choice::new(&one.id, &one.name) });
    let partner = facts
        .partners
        .iter()
        .map(|one| Choice { group: "协作院校".to_owned(), ..Choice::new(&one.id, &one.name) });
    let mut options = vec![Choice::new("", "请选择")];
    options.extend(county.chain(partner));
    let words = PREFERENCES.map(|(id, _, name)| Choice::new(id, name)).to_vec();
    let field = |name: &str, label: &str| {
        Field::new(name, label).required().value(ctx.form.values.get(name)).error(&errors)
    };
    let view = ListView {
        rows: rows
            .into_iter()
            .map(|row| PreferenceLine {
                org: registry::link(&row.org, &row.org_name),
                other: registry::link(&row.other, &row.other_name),
                word: word(row.wish),
                reason: row.reason,
                from: row.from_day.to_string(),
                to: row.to_day.map(|day| day.to_string()),
                id: row.id,
            })
            .collect(),
        form: [
            field("org", "哪所学校").options(options.clone()),
            field("other", "对哪所学校").options(options),
            field("wish", "意愿").options(words),
            field("reason", "依据").help("例如来函日期、座谈记录。"),
        ],
        can_edit: ctx.can("matching", "edit"),
        errors: errors.clone(),
    };
    let page =
        Page::new("结对意愿", "双方愿不愿意结对，由省办按来函或座谈登记；只作为得分的一项，不替代需求。")
            .clause("G0.1")
            .back("/matching", "结对测算")
            .kind("list");
    Ok(Reply::view("planning/matching/preferences.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn write(ctx: &mut RequestContext) -> Result<Reply> {
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let reason = read.required(&pairs, "reason", "依据").to_owned();
    read.text(&pairs, "reason", "依据", 200);
    let wish = PREFERENCES.iter().find(|(id, ..)| *id == pairs.get("wish")).map(|(_, wish, _)| *wish);
    if wish.is_none() {
        read.fail("wish", Code::Missing.says("请选择意愿。"));
    }
    let (org, other) = (pairs.get("org").to_owned(), pairs.get("other").to_owned());
    let facts = facts::read(&mut ctx.tx).await?;
    let sides = [&org, &other].map(|id| (facts.county(id).is_some(), facts.partner(id).is_some()));
    if !matches!(sides, [(true, _), (_, true)] | [(_, true), (true, _)]) {
        read.fail("other", Code::Missing.says("意愿是对口县级院校和协作院校之间的：请各选一所。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    note(&mut ctx.tx, (&org, &other), wish.unwrap_or_default(), &reason).await?;
    Ok(Reply::done("/matching/wishes", Flash::done("已登记；草稿方案改用最新数据后就会算进去。")))
}

/// Writes down what one side wishes of the other from today on; the word before it ends.
pub async fn note(tx: &mut Tx, (org, other): (&str, &str), wish: i64, reason: &str) -> Result<()> {
    let (id, today) = (tx.new_id(), tx.today());
    tx.write(&data::END_WISH_OF, args![org, other, today.pred_opt().unwrap_or(today)]).await?;
    tx.write(&data::INSERT_PREFERENCE, args![&id, org, other, wish, reason, today]).await?;
    let change = json!({ "org": org, "other": other, "wish": wish });
    let step =
        HistoryEntry { resource: "matching_wish", id: &id, kind: "write", reason, revision: 1, change };
    history::record(tx, &step).await
}

pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, today) = (ctx.param("id"), ctx.today);
    ctx.tx.write_one(&data::END_PREFERENCE, args![&id, today]).await?;
    let change = json!({ "to": today });
    let step =
        HistoryEntry { resource: "matching_wish", id: &id, kind: "end", reason: "", revision: 1, change };
    history::record(&mut ctx.tx, &step).await?;
    Ok(Reply::done("/matching/wishes", Flash::done("这条意愿从明天起不再计入。")))
}
