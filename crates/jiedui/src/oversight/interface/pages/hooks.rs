//! Where programs of one's own are told that something changed, and what came of each try.

use super::super::actions::hooks;
use super::super::data::{self, HookRow, TryRow};
use super::super::rules::NAME_LENGTH;
use super::super::rules::hooks::why;
use crate::shared::outside::Reachable;
use jiedui_kernel::{FieldError, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{StateMark, when};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;
use std::cmp::Reverse;

const HERE: &str = "/my/hooks";
/// Of so many the tries are shown.
const WITH_TRIES: usize = 5;

#[derive(Serialize)]
struct HooksView {
    rows: Vec<HookLine>,
    tries: Vec<TryLine>,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct HookLine {
    id: String,
    name: String,
    address: String,
    made: String,
    state: StateMark,
    /// Why nothing is told any more, or since when nothing arrives.
    since: Option<String>,
    open: bool,
}

#[derive(Serialize)]
struct TryLine {
    name: String,
    at: String,
    state: StateMark,
    fault: String,
}

impl HookLine {
    fn of(row: HookRow) -> Self {
        let state = match (row.ended_at, row.failing_since) {
            (Some(_), _) => StateMark::new("none", why(&row.ended_why), "–"),
            (None, Some(_)) => StateMark::new("at_risk", "送不到，还在重试", "▲"),
            (None, None) => StateMark::new("active", "可用", "●"),
        };
        Self {
            state,
            open: row.ended_at.is_none(),
            since: row.ended_at.or(row.failing_since).map(when),
            made: when(row.made_at),
            id: row.id,
            name: row.name,
            address: row.address,
        }
    }
}

impl TryLine {
    fn of(name: &str, row: TryRow) -> Self {
        let state = match (row.fault.is_empty(), row.attempt) {
            (true, 1) => StateMark::new("met", "已送到", "●"),
            (true, _) => StateMark::new("met", "重试后送到", "●"),
            (false, _) => StateMark::new("at_risk", "没有送到", "▲"),
        };
        Self { name: name.to_owned(), at: when(row.at), state, fault: row.fault }
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    let rows = hooks::of_account(&mut ctx.tx, &account).await?;
    let tries = tries_of(ctx, &rows).await?;
    let typed = |name: &str| ctx.form.values.get(name);
    let name = Field::new("name", "用途").required().help("写明哪个系统收。").value(typed("name"));
    let address = Field::new("address", "接收地址").required().value(typed("address"));
    let address = address.help("https:// 开头，互联网上能到的地址；内部网络的要请系统管理员放开。");
    let bad = !errors.is_empty();
    let view = HooksView {
        rows: rows.into_iter().map(HookLine::of).collect(),
        tries,
        fields: vec![
            Field { maxlength: u32::try_from(NAME_LENGTH).ok(), ..name.error(&errors) },
            address.error(&errors),
        ],
        errors,
    };
    let lead = "您看得到的数据有改动时，告诉您的系统哪几种变了；内容不发送，由它凭接口密钥来读。";
    let page = Page::new("变更通知", lead).back("/my/tokens", "我的接口密钥").kind("detail");
    Ok(Reply::view("oversight/interface/hooks.html", page, &view)?.refused(bad))
}

/// The newest tries of those that are told, and of what ended last.
async fn tries_of(ctx: &mut RequestContext, hooks: &[HookRow]) -> Result<Vec<TryLine>> {
    let mut tries: Vec<(&str, TryRow)> = Vec::new();
    for hook in hooks.iter().take(WITH_TRIES) {
        let found = ctx.tx.all::<TryRow>(&data::TRIES_OF, args![&hook.id]).await?;
        tries.extend(found.into_iter().map(|row| (hook.name.as_str(), row)));
    }
    tries.sort_by_key(|(_, row)| Reverse(row.at));
    Ok(tries.into_iter().map(|(name, row)| TryLine::of(name, row)).collect())
}

pub async fn register(ctx: &mut RequestContext) -> Result<Reply> {
    let reachable = Reachable { inside: ctx.app.outgoing.inside };
    let name = ctx.form.values.get("name").to_owned();
    let address = ctx.form.values.get("address").to_owned();
    match hooks::register(&mut ctx.tx, reachable, &name, &address).await.or_wrong()? {
        Ok(secret) => Ok(Reply::done(HERE, Flash::done("已登记变更通知。").once(secret))),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.form.values.get("hook").to_owned();
    hooks::end(&mut ctx.tx, &id).await?;
    Ok(Reply::done(HERE, Flash::done("已停用；以后不再通知。")))
}
