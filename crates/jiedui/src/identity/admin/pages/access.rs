//! What the security administrator sees: who may do what, which accounts wait after wrong tries, and what programs read: the log
//! has no record of that (docs/decisions/0095).

use super::super::actions;
use super::super::data::{self, AccountRow};
use super::super::rules::split::Split;
use super::super::rules::words;
use crate::identity::accounts::{self, FREE_TRIES, STEPS, passwords};
use chrono::TimeDelta;
use jiedui_kernel::{FieldError, Reported, Result, Unit};
use jiedui_programme::Access;
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::session::{AT_ONCE, IDLE_MINUTES, LONGEST_HOURS};
use jiedui_web::tokens::{self, ReadLine};
use serde::Serialize;

/// Of so many days before today it is shown what programs read; of one account there are more on its own page.
const READ_DAYS: i64 = 6;

#[derive(Serialize)]
struct AccessView {
    roles: Vec<String>,
    rights: Vec<Right>,
    delayed: Vec<Delayed>,
    /// By token and day.
    reads: Vec<ReadLine>,
    /// There may be more of them.
    reads_cut: bool,
    settings: Settings,
    /// The roles that need a second step to sign in.
    second_factor: Vec<String>,
    can_clear: bool,
    /// Whether the caller says which accounts are one person's.
    can_join: bool,
    split: Option<SplitView>,
    errors: Vec<FieldError>,
}

/// Who prepares and who releases.
#[derive(Serialize)]
struct SplitView {
    state: StateMark,
    words: String,
    reason: Option<Field>,
    can_switch_on: bool,
}

/// One line of the permission table.
#[derive(Serialize)]
struct Right {
    id: String,
    resource: &'static str,
    action: &'static str,
    /// For each role in the order of the heading.
    granted: Vec<bool>,
    /// The first line of a thing names it; the others stand below.
    first: bool,
}

#[derive(Serialize)]
struct Delayed {
    id: String,
    login: String,
    name: String,
    until: String,
}

#[derive(Serialize)]
struct Settings {
    tries: Figure,
    shortest: Figure,
    at_once: Figure,
    first: Duration,
    longest_wait: Duration,
    idle: Duration,
    longest: Duration,
}

/// A length of time: `value` as ISO 8601 has it, for machines.
#[derive(Serialize)]
struct Duration {
    value: String,
    text: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

fn split_view(split: &Split, may: bool, errors: &[FieldError]) -> SplitView {
    let Split { prepares, releases, holders, off } = split;
    let (state, words) = match (split.is_on(), holders) {
        (true, _) => (
            StateMark::new("reached", "已分工", "●"),
            format!("{prepares}经办，{releases}放行；{prepares}不能自己放行。"),
        ),
        (false, 0) => (
            StateMark::new("none", "没有审核账号", "–"),
            format!("没有启用的{releases}账号，由{prepares}自己放行。设了{releases}账号就自动分工。"),
        ),
        (false, _) => (StateMark::new("none", "已关闭", "–"), format!("{prepares}自己放行。理由：{off}")),
    };
    let field =
        Field::new("reason", "关闭的理由").required().help("例如：本单位只有一人办理。理由写入审计日志。");
    SplitView {
        state,
        words,
        reason: (may && split.is_on()).then(|| field.error(errors)),
        can_switch_on: may && !off.is_empty(),
    }
}

/// Switches the split off for a reason, or on again.
pub async fn switch_split(ctx: &mut RequestContext) -> Result<Reply> {
    let (given, mut read) = (ctx.form.values.clone(), Reader::default());
    if given.get("on").is_empty() {
        read.required(&given, "reason", "关闭的理由");
    }
    let reason = read.text(&given, "reason", "关闭的理由", 200).to_owned();
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, errors).await;
    }
    actions::switch_split(&mut ctx.tx, &reason).await?;
    let text = if reason.is_empty() {
        "已恢复经办与审核的分工。"
    } else {
        "已关闭经办与审核的分工。"
    };
    Ok(Reply::done("/access", Flash::done(text)))
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let delayed = ctx.tx.all::<AccountRow>(&data::DELAYED, args![ctx.now]).await?;
    let reads = tokens::reads_since(&mut ctx.tx, ctx.today - TimeDelta::days(READ_DAYS)).await?;
    let view = AccessView {
        roles: programme.access.roles.iter().map(|role| role.name.clone()).collect(),
        rights: rights(&programme.access),
        delayed: delayed
            .into_iter()
            .filter_map(|row| {
                Some(Delayed {
                    until: when(row.delayed_until?),
                    id: row.id,
                    login: row.login,
                    name: row.name,
                })
            })
            .collect(),
        reads_cut: reads.len() >= tokens::MOST_READS,
        reads: reads.into_iter().map(|read| ReadLine::of(read, "/access#reads")).collect(),
        settings: settings(),
        second_factor: needed(&programme.access),
        can_clear: ctx.can("lockout", "clear"),
        can_join: ctx.can("access", "persons"),
        split: actions::split(&mut ctx.tx, &programme.access)
            .await?
            .map(|split| split_view(&split, ctx.can("access", "split"), &errors)),
        errors: errors.clone(),
    };
    let lead = "各角色能做什么，登录的规则，哪些账号因输错密码暂缓登录，哪些程序凭密钥读过数据。";
    let page = Page::new("权限与登录", lead).kind("detail");
    Ok(Reply::view("identity/admin/access.html", page, &view)?.refused(!errors.is_empty()))
}

/// Each right once, in the order in which the programme first names it.
fn rights(access: &Access) -> Vec<Right> {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for grant in &access.grants {
        for action in &grant.actions {
            let pair = (grant.resource.as_str(), action.as_str());
            if !pairs.contains(&pair) {
                let after = pairs.iter().rposition(|(resource, _)| *resource == pair.0);
                pairs.insert(after.map_or(pairs.len(), |at| at + 1), pair);
            }
        }
    }
    let granted = |role: &str, (resource, action): (&str, &str)| {
        access.grants.iter().any(|grant| {
            grant.resource == resource
                && grant.actions.iter().any(|one| one == action)
                && grant.roles.iter().any(|one| one == role)
        })
    };
    let mut last = "";
    pairs
        .into_iter()
        .map(|pair| Right {
            id: format!("{}.{}", pair.0, pair.1),
            resource: words::resource_name(pair.0),
            action: words::right_name(pair.1),
            granted: access.roles.iter().map(|role| granted(&role.id, pair)).collect(),
            first: std::mem::replace(&mut last, pair.0) != pair.0,
        })
        .collect()
}

/// The names of the roles that need a second step.
fn needed(access: &Access) -> Vec<String> {
    let needs = |id: &String| access.second_factor.roles.contains(id);
    access.roles.iter().filter(|role| needs(&role.id)).map(|role| role.name.clone()).collect()
}

fn settings() -> Settings {
    let minutes = |n: i64| Duration { value: format!("PT{n}M"), text: format!("{n} 分钟") };
    let seconds = |n: i64| Duration { value: format!("PT{n}S"), text: format!("{n} 秒") };
    let [first, .., last] = STEPS;
    let figure =
        |n: i64, unit: Unit, label: &str| Figure::of(Reported::Value(n), unit, "/access#rules", label);
    Settings {
        tries: figure(FREE_TRIES, Unit::Times, "连续输错密码的次数"),
        at_once: figure(AT_ONCE, Unit::Items, "同时登录的数目"),
        shortest: figure(passwords::SHORTEST as i64, Unit::Items, "密码最少的字符数"),
        first: seconds(first.num_seconds()),
        longest_wait: minutes(last.num_minutes()),
        idle: minutes(IDLE_MINUTES),
        longest: Duration { value: format!("PT{LONGEST_HOURS}H"), text: format!("{LONGEST_HOURS} 小时") },
    }
}

pub async fn unlock(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let account = ctx.tx.one::<AccountRow>(&data::ACCOUNT, args![&id]).await?;
    let otherwise = format!("{}的账号现在没有暂缓登录，没有改动。", account.name);
    let named = accounts::Account { id: &id, login: &account.login };
    accounts::unlock(&mut ctx.tx, named, otherwise).await?;
    let text = format!("已解除，{}可以马上登录；密码没有改变。", account.name);
    Ok(Reply::done("/access", Flash::done(text)))
}
