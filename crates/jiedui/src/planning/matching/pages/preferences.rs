//! What each side wishes of the other, as it entered itself or the office was told. A wish is an input of the scoring, with its reason, and
//! ends by a date; nothing is overwritten.

use super::super::data::{self, CallRow, PreferenceRow};
use super::super::rules::facts;
use crate::network::registry;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::earliest_deadline;
use jiedui_store::{Tx, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::history::{self, HistoryEntry};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use serde_json::json;

const CALL_CHANGED: &str = "截止日期刚被同事改过，请重新打开页面看过再定。";

pub const PREFERENCES: [(&str, i64, &str); 5] = [
    ("2", 2, "很希望"),
    ("1", 1, "希望"),
    ("0", 0, "没有意见"),
    ("-1", -1, "不太希望"),
    ("-2", -2, "很不希望"),
];

pub fn word(wish: i64) -> &'static str {
    PREFERENCES.iter().find(|(_, value, _)| *value == wish).map_or("", |(_, _, word)| word)
}

#[derive(Serialize)]
struct ListView {
    rows: Vec<PreferenceLine>,
    form: [Field; 4],
    can_edit: bool,
    /// Until which day schools enter their own.
    last_day: Option<String>,
    open: bool,
    call: Field,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct PreferenceLine {
    id: String,
    org: jiedui_web::figure::Link,
    other: jiedui_web::figure::Link,
    word: &'static str,
    reason: String,
    /// Entered by the school itself.
    own: bool,
    from: String,
    to: Option<String>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let rows = ctx.tx.all::<PreferenceRow>(&data::PREFERENCES, Vec::new()).await?;
    let call = ctx.tx.maybe::<CallRow>(&data::LAST_CALL, Vec::new()).await?;
    let earliest = earliest_deadline(&ctx.programme(), ctx.today).to_string();
    let typed = ctx.form.values.get("last_day").to_owned();
    let programme = ctx.programme();
    let facts = facts::read(&mut ctx.tx, &programme).await?;
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
                own: row.call.is_some(),
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
        open: call.as_ref().is_some_and(|call| call.last_day >= ctx.today),
        last_day: call.map(|call| call.last_day.to_string()),
        call: Field { min: earliest.clone(), ..Field::new("last_day", "各校填报意愿截止日期") }
            .required()
            .value(if typed.is_empty() { earliest } else { typed })
            .error(&errors),
        errors: errors.clone(),
    };
    let page = Page::new(
        "结对意愿",
        "双方愿不愿意结对：各校在期限内自己填，省办也可以按来函或座谈登记；只作为得分的一项，不替代需求。",
    )
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
    let programme = ctx.programme();
    let facts = facts::read(&mut ctx.tx, &programme).await?;
    let sides = [&org, &other].map(|id| (facts.county(id).is_some(), facts.partner(id).is_some()));
    if !matches!(sides, [(true, _), (_, true)] | [(_, true), (true, _)]) {
        read.fail("other", Code::Missing.says("意愿是对口县级院校和协作院校之间的：请各选一所。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    note(&mut ctx.tx, (&org, &other), wish.unwrap_or_default(), &reason, None).await?;
    Ok(Reply::done("/matching/wishes", Flash::done("已登记；草稿方案改用最新数据后就会算进去。")))
}

/// Lets county schools and colleges enter their own wishes until a day, or moves that day.
pub async fn call(ctx: &mut RequestContext) -> Result<Reply> {
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let day = read.date(&pairs, "last_day", "截止日期");
    let earliest = earliest_deadline(&ctx.programme(), ctx.today);
    if day.is_some_and(|day| day < earliest) {
        let words = format!("截止日期最早可以定在 {earliest}：要给各校留足时间。");
        read.fail("last_day", Code::OutOfRange.says(words));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    let (day, today) = (day.ok_or(Error::NotFound)?, ctx.today);
    let open =
        ctx.tx.maybe::<CallRow>(&data::LAST_CALL, Vec::new()).await?.filter(|call| call.last_day >= today);
    let id = match open {
        Some(old) => {
            data::EXTEND_CALL.at(&old.id, old.version, args![day]).write(&mut ctx.tx, CALL_CHANGED).await?;
            old.id
        }
        None => {
            let id = ctx.tx.new_id();
            ctx.tx.write(&data::INSERT_CALL, args![&id, today, day]).await?;
            id
        }
    };
    let change = json!({ "last_day": day });
    let step =
        HistoryEntry { resource: "matching_call", id: &id, kind: "open", reason: "", revision: 1, change };
    history::record(&mut ctx.tx, &step).await?;
    Ok(Reply::done("/matching/wishes", Flash::done("各校的待办事项里已有这一项，到期自动停止填报。")))
}

/// Writes down what one side wishes of the other from today on; the word before it ends. `call` is the one that the school
/// itself answers.
pub async fn note(
    tx: &mut Tx,
    (org, other): (&str, &str),
    wish: i64,
    reason: &str,
    call: Option<&str>,
) -> Result<()> {
    let (id, today) = (tx.new_id(), tx.today());
    tx.write(&data::END_WISH_OF, args![org, other, today.pred_opt().unwrap_or(today)]).await?;
    tx.write(&data::INSERT_PREFERENCE, args![&id, org, other, wish, reason, today, call]).await?;
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
