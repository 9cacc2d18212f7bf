//! The standards and their thresholds, each with source, words and how sure one is; and the province's checks.

use super::super::data::{self, CheckRow};
use super::super::rules::{self, Wanted};
use jiedui_kernel::{Code, Error, FieldError, Reported, Result, Unit};
use jiedui_programme::{Programme, Standard, Threshold};
use jiedui_store::{AuditRecord, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    rows: Vec<StandardLine>,
}

#[derive(Serialize)]
struct StandardLine {
    href: String,
    name: String,
    level: String,
    state: StateMark,
    from: String,
    to: Option<String>,
    source: String,
    all: Figure,
    judging: Figure,
    waiting: Figure,
}

fn of<'a>(programme: &'a Programme, standard: &Standard) -> impl Iterator<Item = &'a Threshold> {
    let id = standard.id.clone();
    programme.thresholds.iter().filter(move |threshold| threshold.standard == id)
}

fn standard_line(
    programme: &Programme,
    standard: &Standard,
    checks: &[CheckRow],
    ctx: &RequestContext,
) -> StandardLine {
    let href = rules::standard_href(&standard.id);
    let count = |fits: &dyn Fn(&Threshold) -> bool, label: &str| {
        let found = of(programme, standard).filter(|threshold| fits(threshold)).count();
        Figure::of(Reported::Value(found as i64), Unit::Entries, &href, format!("{}：{label}", standard.name))
    };
    let checked = |threshold: &Threshold| rules::holding(checks, &threshold.id).is_some();
    StandardLine {
        all: count(&|_| true, "标准要求"),
        judging: count(&|threshold| threshold.usable || checked(threshold), "用于判定的标准要求"),
        waiting: count(
            &|threshold| threshold.may_be_confirmed() && !checked(threshold),
            "待省办核对的标准要求",
        ),
        name: standard.name.clone(),
        level: standard.level.clone(),
        state: rules::in_force(standard, ctx.today),
        from: standard.from.to_string(),
        to: standard.to.map(|day| day.to_string()),
        source: standard.source.clone(),
        href,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let checks = super::super::checks(&mut ctx.tx).await?;
    let lines = programme.standards.iter().map(|standard| standard_line(&programme, standard, &checks, ctx));
    let view = ListView { rows: lines.collect() };
    let lead = "各层次学校该有什么条件。只有核对过原文的标准要求用于判定；原文待核的和外地的只对照。";
    let page = Page::new("设置标准", lead).clause("T1.1").clause("T2.3").kind("list");
    Reply::view("standing/standards/list.html", page, &view)
}

#[derive(Serialize)]
struct ThresholdLine {
    id: String,
    name: String,
    element: &'static str,
    wanted: Wanted,
    sureness: StateMark,
    judges: bool,
    quote: String,
    source: String,
    jurisdiction: String,
    /// Checks of the province, newest first.
    checks: Vec<CheckRow>,
    holds: bool,
    may_confirm: bool,
    fields: [Field; 2],
    withdrawal: Field,
    open: bool,
}

#[derive(Serialize)]
struct ShowView {
    base: String,
    level: String,
    state: StateMark,
    from: String,
    to: Option<String>,
    source: String,
    rows: Vec<ThresholdLine>,
    errors: Vec<FieldError>,
}

fn standard(ctx: &RequestContext, programme: &Programme) -> Result<Standard> {
    programme.standard(&ctx.param("standard")).cloned().ok_or(Error::NotFound)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

/// Field names carry the threshold, because the page has one form for each.
fn named(threshold: &str, field: &str) -> String {
    format!("{threshold}-{field}")
}

fn line(
    ctx: &RequestContext,
    threshold: &Threshold,
    checks: &[CheckRow],
    errors: &[FieldError],
) -> ThresholdLine {
    let programme = ctx.programme();
    let pairs = &ctx.form.values;
    let sent = pairs.get("threshold") == threshold.id;
    let field = |name: &str, label: &str| {
        let given = if sent { pairs.get(name) } else { "" };
        let field = Field::new(&named(&threshold.id, name), label).required().value(given).error(errors);
        Field { maxlength: Some(300), ..field }
    };
    let mine: Vec<CheckRow> =
        checks.iter().rev().filter(|check| check.threshold == threshold.id).cloned().collect();
    let holds = rules::holding(checks, &threshold.id);
    ThresholdLine {
        element: if threshold.element.is_some() { "" } else { "基本情况里没有这一项" },
        wanted: rules::wanted(&programme, threshold),
        sureness: rules::sureness(threshold, holds),
        judges: threshold.usable || holds.is_some(),
        quote: threshold.quote.clone(),
        source: threshold.source.clone(),
        jurisdiction: threshold.jurisdiction.clone(),
        holds: holds.is_some(),
        checks: mine,
        may_confirm: ctx.can("standard", "confirm") && threshold.may_be_confirmed(),
        fields: [
            field("source", "核对的文件").help("文件名、文号和条款。"),
            field("reason", "核对结果").help("与原文一致，或者说明怎样认定。"),
        ],
        withdrawal: field("withdrawal", "撤回的原因"),
        open: sent && !errors.is_empty(),
        id: threshold.id.clone(),
        name: threshold.name.clone(),
    }
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let standard = standard(ctx, &programme)?;
    let checks = super::super::checks(&mut ctx.tx).await?;
    let view = ShowView {
        base: rules::standard_href(&standard.id),
        level: standard.level.clone(),
        state: rules::in_force(&standard, ctx.today),
        from: standard.from.to_string(),
        to: standard.to.map(|day| day.to_string()),
        source: standard.source.clone(),
        rows: of(&programme, &standard).map(|threshold| line(ctx, threshold, &checks, &errors)).collect(),
        errors,
    };
    let page =
        Page::new(standard.name, "每项标准要求写明出处和核实情况；没有核对过原文的，核对以前不用于判定。")
            .back("/standards", "设置标准")
            .kind("detail")
            .clauses(&standard.clauses);
    let bad = !view.errors.is_empty();
    Ok(Reply::view("standing/standards/show.html", page, &view)?.refused(bad))
}

/// The threshold that the form names, of the standard of the address.
fn asked(ctx: &RequestContext, programme: &Programme) -> Result<Threshold> {
    let standard = standard(ctx, programme)?;
    let threshold = programme.threshold(ctx.form.values.get("threshold"));
    let threshold = threshold.filter(|threshold| threshold.standard == standard.id);
    match threshold {
        Some(threshold) if threshold.may_be_confirmed() => Ok(threshold.clone()),
        _ => Err(Error::field(
            "",
            Code::NotFitting.says("只有原文待核、能与基本情况对照的标准要求可以核对后使用。"),
        )),
    }
}

/// The errors of a form, at the fields of its threshold.
fn at(threshold: &Threshold, errors: Vec<FieldError>) -> Vec<FieldError> {
    let place = |error: FieldError| FieldError { field: named(&threshold.id, &error.field), ..error };
    errors.into_iter().map(place).collect()
}

pub async fn confirm(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let threshold = asked(ctx, &programme)?;
    let pairs = ctx.form.values.clone();
    let (source, reason) = (pairs.get("source"), pairs.get("reason"));
    let errors = rules::check_words(source, reason);
    if !errors.is_empty() {
        return page(ctx, at(&threshold, errors)).await;
    }
    let (id, today) = (ctx.tx.new_id(), ctx.today);
    let by = format!("{}（{}）", ctx.actor.name(), ctx.actor.org_name);
    let values = args![&id, &threshold.id, source, reason, today, by];
    if ctx.tx.write(&data::INSERT, values).await? == 0 {
        return Err(Error::Conflict("这条标准要求刚被同事核对过，没有再写。请重新打开页面看。".to_owned()));
    }
    let body = serde_json::json!({ "threshold": threshold.id, "source": source, "reason": reason });
    ctx.tx
        .audit(
            AuditRecord { action: "threshold.confirm", resource: "threshold", resource_id: &threshold.id },
            &body,
        )
        .await?;
    let text = format!("“{}”从现在起用于判定，各校的达标情况已按它重算。认定有误可以撤回。", threshold.name);
    Ok(Reply::done(rules::threshold_href(&threshold), Flash::done(text)))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let threshold = asked(ctx, &programme)?;
    let reason = ctx.form.values.get("withdrawal").to_owned();
    if !(1..=300).contains(&reason.chars().count()) {
        let message = Code::Missing.says("请写明为什么撤回，最多三百个字。");
        let errors = vec![FieldError::new("withdrawal", message)];
        return page(ctx, at(&threshold, errors)).await;
    }
    let today = ctx.today;
    if ctx.tx.write(&data::WITHDRAW, args![&threshold.id, today, &reason]).await? == 0 {
        return Err(Error::NotNow("这条标准要求现在没有有效的核对，不用撤回。请重新打开页面看。".to_owned()));
    }
    let body = serde_json::json!({ "threshold": threshold.id, "reason": reason });
    ctx.tx
        .audit(
            AuditRecord { action: "threshold.withdraw", resource: "threshold", resource_id: &threshold.id },
            &body,
        )
        .await?;
    let text = format!("“{}”不再用于判定，只作对照；核对记录仍然保留。", threshold.name);
    Ok(Reply::done(rules::threshold_href(&threshold), Flash::done(text)))
}
