//! What the auditor sees: the log, one leaf with its proof, and the check of all of it.

use super::super::data::{self, LeafRow};
use super::super::rules::{self, midnight, words};
use crate::network::registry::like;
use chrono::Days;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::audit::check::Noted;
use jiedui_store::audit::proofs::{self, Inclusion};
use jiedui_store::audit::{self, Change, Written, rows};
use jiedui_store::{args, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// More faults than this are counted, not listed: the first ones say where to look.
const FAULTS_SHOWN: usize = 50;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<AuditLine>,
    can_verify: bool,
}

#[derive(Serialize)]
struct AuditLine {
    id: String,
    when: String,
    name: String,
    org_name: String,
    action: String,
    action_name: &'static str,
    resource_name: &'static str,
    resource_id: String,
    login: Option<String>,
    /// The number in the tree, counted from 1 as people do.
    number: Option<i64>,
}

impl From<LeafRow> for AuditLine {
    fn from(row: LeafRow) -> Self {
        Self {
            when: when(row.at),
            action_name: words::action_name(&row.action),
            resource_name: words::resource_name(&row.resource),
            number: row.position.map(|position| position + 1),
            id: row.id,
            name: actor(&row.account, row.name),
            login: row.login,
            org_name: row.org_name,
            action: row.action,
            resource_id: row.resource_id,
        }
    }
}

/// Work without an account is a job of our own, kept by its short name, or somebody who is not signed in.
fn actor(account: &str, name: String) -> String {
    match words::job_name(&name) {
        job if account.is_empty() && !job.is_empty() => job.to_owned(),
        _ => name,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let actions = words::actions().map(|(id, name)| Choice::new(*id, *name)).collect();
    let mut list = Listing::at("/audit", Unit::Entries, &ctx.query);
    let (first, last) = list.span(["from", "起始日期"], ["to", "终止日期"]);
    let action = list.choice("action", "动作", actions);
    let q = like(&list.text("q", "人员或单位").to_lowercase());
    let about = list.text("about", "对象：编号、账号，或单位、人员的全名");
    let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let call = values!(data::LEAVES { start: midnight(first), end: midnight(end), action, q, about });
    let view = ListView {
        list: list.fetch::<LeafRow>(&mut ctx.tx, &call).await?.map(AuditLine::from),
        can_verify: ctx.can("audit", "verify"),
    };
    let page =
        Page::new("审计日志", "谁在什么时候做了什么，新的在前。只增不改，改动可以被发现。").kind("list");
    Reply::view("identity/admin/audit.html", page, &view)
}

#[derive(Serialize)]
struct LeafView {
    leaf: AuditLine,
    hash: String,
    facts: Vec<(String, String)>,
    changes: Vec<RowChange>,
    /// All records about the same resource; "" where the record is about none.
    all_href: String,
    /// Who had names shown in full that have to do with it.
    names_href: String,
    proof: Option<Inclusion>,
    proof_state: Option<StateMark>,
}

/// A row that the action wrote.
#[derive(Serialize)]
struct RowChange {
    table: String,
    key: String,
    /// Written for the first time, changed, or deleted.
    how: &'static str,
    /// Column, value before, value after.
    columns: Vec<(String, String, String)>,
    /// The same for what somebody had changed outside the log.
    outside: Vec<(String, String, String)>,
}

impl From<&Written> for RowChange {
    fn from(row: &Written) -> Self {
        let pairs = |changes: &BTreeMap<String, Change>| {
            let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "（空）".to_owned(), plain);
            let named = |name: &String| words::column_name(name).map_or_else(|| name.clone(), str::to_owned);
            changes.iter().map(|(name, (old, new))| (named(name), text(old), text(new))).collect()
        };
        Self {
            table: match words::resource_name(&row.table) {
                "" => row.table.clone(),
                name => name.to_owned(),
            },
            key: row.key.clone(),
            how: match (&row.digest, row.changed.is_empty()) {
                (None, _) => "删除",
                (Some(_), true) => "写入",
                (Some(_), false) => "更改",
            },
            columns: pairs(&row.changed),
            outside: pairs(&row.outside),
        }
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let leaf = audit::leaf(&mut ctx.tx, &id).await?;
    let proof = proofs::inclusion(&mut ctx.tx, &leaf).await?;
    let login = ctx.tx.maybe::<(String,)>(&data::LOGIN, args![&leaf.resource_id]).await?.map(|row| row.0);
    let mut facts = Vec::new();
    match serde_json::from_str::<Value>(&leaf.body) {
        Ok(body) => flatten("", &body, &mut facts),
        // A body that was tampered with may be no JSON any more; it is shown as it lies there.
        Err(_) => facts.push(("body".to_owned(), leaf.body.clone())),
    }
    let view = LeafView {
        proof_state: proof.as_ref().map(|proof| match proof.holds {
            true => StateMark::new("done", "证明成立", "●"),
            false => StateMark::new("missed", "证明不成立", "■"),
        }),
        proof,
        facts,
        all_href: rules::from_beginning("/audit", &leaf.resource_id),
        names_href: rules::from_beginning("/audit/names", &leaf.resource_id),
        changes: leaf.rows().iter().map(RowChange::from).collect(),
        hash: leaf.hash.clone(),
        leaf: AuditLine::from(LeafRow {
            id: leaf.id,
            at: leaf.at,
            account: leaf.account,
            login,
            name: leaf.name,
            org_name: leaf.org_name,
            action: leaf.action,
            resource: leaf.resource,
            resource_id: leaf.resource_id,
            position: leaf.position,
        }),
    };
    let name = if view.leaf.action_name.is_empty() { "其他动作" } else { view.leaf.action_name };
    let page = Page::new(format!("审计记录：{name}"), "这一条记录的内容，以及它确实在日志中的证明。")
        .back("/audit", "审计日志")
        .kind("detail");
    Reply::view("identity/admin/leaf.html", page, &view)
}

/// A body as pairs of path and text: 改动 · 原来 → `claimed`.
fn flatten(path: &str, value: &Value, out: &mut Vec<(String, String)>) {
    let below = |key: &str| {
        let key = words::column_name(key).unwrap_or(key);
        if path.is_empty() { key.to_owned() } else { format!("{path} · {key}") }
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| flatten(&below(key), value, out)),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().for_each(|(at, item)| flatten(&below(&(at + 1).to_string()), item, out));
        }
        Value::Array(items) => {
            out.push((path.to_owned(), items.iter().map(plain).collect::<Vec<_>>().join("、")));
        }
        one => out.push((path.to_owned(), plain(one))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "（空）".to_owned(),
        Value::String(text) if text.is_empty() => "（空）".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        other => other.to_string(),
    }
}

#[derive(Serialize)]
struct VerifyView {
    state: StateMark,
    whole: bool,
    checked_at: String,
    again: String,
    placed: Figure,
    pending: Figure,
    heads: Figure,
    signed: Figure,
    rows: Figure,
    root: String,
    faults: Vec<String>,
    fault_count: Figure,
}

pub async fn verify(ctx: &mut RequestContext) -> Result<Reply> {
    let (verdict, found) = rows::verify(&mut ctx.tx, &Noted::default()).await?;
    let faults = rows::describe(&verdict, &found);
    let figure =
        |n: i64, unit: Unit, href: &str, label: &str| Figure::of(Reported::Value(n), unit, href, label);
    let whole = faults.is_empty();
    let count = faults.len() as i64;
    let view = VerifyView {
        state: if whole {
            StateMark::new("done", "完整", "●")
        } else {
            StateMark::new("missed", "有不一致", "■")
        },
        whole,
        checked_at: when(ctx.now),
        // A new address, so that no page kept from the last check answers in its place.
        again: format!("/audit/verify?at={}", ctx.now.timestamp_millis()),
        placed: figure(verdict.placed, Unit::Entries, "/audit", "已固化的记录"),
        pending: figure(verdict.pending, Unit::Entries, "/audit", "待固化的记录"),
        heads: figure(verdict.heads, Unit::Items, "/audit/verify", "记下的总校验值"),
        root: verdict.root,
        rows: figure(found.rows, Unit::Entries, "/audit/verify", "与日志比对的数据行"),
        signed: figure(verdict.signed, Unit::Items, "/audit/verify", "有签名的总校验值"),
        faults: faults.into_iter().take(FAULTS_SHOWN).collect(),
        fault_count: figure(count, Unit::Items, "/audit/verify#faults", "不一致之处"),
    };
    let page = Page::new(
        "核验审计日志",
        "重新计算每一条记录和每一个总校验值，并把每一行数据与最近一次写入它的记录比对。",
    )
    .back("/audit", "审计日志")
    .kind("detail");
    Reply::view("identity/admin/verify.html", page, &view)
}
