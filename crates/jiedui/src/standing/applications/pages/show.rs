//! One application: what is applied for, how the conditions stand, what each side did, and what comes next.

use super::list::preference_label;
use crate::network::registry;
use crate::shared::review::{self, Loaded, ReviewView};
use crate::standing::applications;
use crate::standing::applications::actions::{self, Decision};
use crate::standing::applications::data::{CaseRow, CaseState};
use crate::standing::applications::rules;
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::{ConditionReading, verdict};
use jiedui_store::Found;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::fields::{self, Shown};
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Forms {
    reason: Field,
    /// Why to apply although a condition fails.
    against: Field,
    on: Field,
    number: Field,
    /// How much was granted, where what comes of it has an amount.
    amount: Option<Field>,
    words: Field,
    preference: Field,
    preference_words: Field,
}

#[derive(Serialize)]
struct ShowView {
    id: String,
    href: String,
    title: String,
    name: String,
    state: StateMark,
    org: Link,
    where_: String,
    typical_class: String,
    recommender: String,
    decider: String,
    authority: String,
    dates: Vec<(&'static str, String)>,
    shown: Vec<Shown>,
    conditions: Vec<rules::CriterionLine>,
    verdict: StateMark,
    /// As they stood when it was handed in, not as they stand today.
    as_of: Option<String>,
    our_reading: bool,
    needs_reason: bool,
    reason: String,
    /// Why it was returned, while it is.
    returned: String,
    prefers: bool,
    preference: &'static str,
    preference_words: String,
    decision: String,
    number: String,
    result: Option<Link>,
    #[serde(flatten)]
    review: ReviewView,
    forms: Forms,
    sent: &'static str,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, "", Vec::new()).await
}

/// The application that the address names.
pub async fn opened(ctx: &mut RequestContext) -> Result<Loaded<Found<CaseRow>>> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let case = applications::find(&mut ctx.tx, &id).await?;
    review::open(&mut ctx.tx, &programme, case).await
}

async fn show_page(ctx: &mut RequestContext, sent: &'static str, errors: Vec<FieldError>) -> Result<Reply> {
    let opened = opened(ctx).await?;
    let kind = ctx.programme().application(&opened.row.application).cloned();
    let clauses = kind.map(|kind| kind.clauses).unwrap_or_default();
    let view = view(ctx, &opened, sent, errors).await?;
    let refused = !view.errors.is_empty();
    let title = format!("{}：{}", view.name, view.org.label);
    let page = Page::new(title, "一份申报：条件、推荐、递交和结果都在这里。")
        .back("/applications", "申报")
        .kind("detail")
        .clauses(&clauses);
    Ok(Reply::view("standing/applications/show.html", page, &view)?.refused(refused))
}

async fn view(
    ctx: &mut RequestContext,
    opened: &Loaded<Found<CaseRow>>,
    sent: &'static str,
    errors: Vec<FieldError>,
) -> Result<ShowView> {
    let (programme, case) = (ctx.programme(), &opened.row);
    let kind = programme.application(&case.application);
    let href = format!("/applications/{}", case.id);
    let (readings, as_of) = conditions(ctx, case).await?;
    let returned = opened.history.iter().rfind(|step| step.kind == "return");
    let returned = returned.filter(|_| case.state == CaseState::Returned).map(|step| step.reason.clone());
    let nobody = BTreeMap::new();
    let shown = kind.map(|kind| fields::shown(&kind.fields, &fields::parse(&case.fields), &href, &nobody));
    let forms = forms(ctx, case, &errors);
    Ok(ShowView {
        title: case.title.clone(),
        name: kind.map_or_else(|| "已停用的申报".to_owned(), |kind| kind.name.clone()),
        state: rules::state_mark(case.state),
        org: registry::link(&case.org, &case.org_name),
        where_: where_it_is(case),
        typical_class: case.typical_class.clone(),
        recommender: case.recommender_name.clone().unwrap_or_default(),
        decider: case.decider_name.clone(),
        authority: kind.map(|kind| kind.decided_outside.clone()).unwrap_or_default(),
        dates: dates(case),
        shown: shown.unwrap_or_default(),
        verdict: rules::verdict_mark(verdict(&readings)),
        needs_reason: rules::needs_reason(&readings),
        conditions: readings.iter().map(|reading| rules::line(reading, &case.org)).collect(),
        as_of,
        our_reading: kind.is_some_and(|kind| kind.our_reading),
        reason: case.reason.clone(),
        returned: returned.unwrap_or_default(),
        prefers: kind.is_some_and(|kind| kind.preference),
        preference: preference_label(&case.preference),
        preference_words: case.preference_words.clone(),
        decision: case.decision.clone(),
        number: case.number.clone(),
        result: case
            .result
            .as_ref()
            .zip(case.result_title.as_ref())
            .map(|(id, title)| Link::new(format!("/outputs/{id}"), title)),
        review: opened.view(ctx, &rules::STEPS),
        forms,
        sent,
        errors,
        id: case.id.clone(),
        href,
    })
}

/// How the conditions stand: as they stood when it was handed in, with that day, else as they stand today.
async fn conditions(
    ctx: &mut RequestContext,
    case: &CaseRow,
) -> Result<(Vec<ConditionReading>, Option<String>)> {
    let handed_in = matches!(case.state, CaseState::Applied | CaseState::Granted | CaseState::Refused);
    if let Some(kept) = rules::snapshot(case).filter(|_| handed_in) {
        return Ok((kept, case.applied_on.map(|day| day.to_string())));
    }
    let programme = ctx.programme();
    let Some(kind) = programme.application(&case.application) else { return Ok((Vec::new(), None)) };
    Ok((applications::readings(&mut ctx.tx, &programme, kind, &case.org).await?, None))
}

fn where_it_is(case: &CaseRow) -> String {
    if case.city == case.place { case.city.clone() } else { format!("{} {}", case.city, case.place) }
}

fn dates(case: &CaseRow) -> Vec<(&'static str, String)> {
    let all = [
        ("开始准备", Some(case.opened_on)),
        ("提请推荐", case.asked_on),
        ("推荐", case.recommended_on),
        ("递交", case.applied_on),
        ("决定", case.decided_on),
    ];
    all.into_iter().filter_map(|(label, day)| Some((label, day?.to_string()))).collect()
}

fn forms(ctx: &RequestContext, case: &CaseRow, errors: &[FieldError]) -> Forms {
    let pairs = &ctx.form.values;
    let field = |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(errors);
    let long = |field: Field| Field { maxlength: Some(500), width: "long", ..field };
    let min = case.applied_on.map(|day| day.to_string()).unwrap_or_default();
    let on = field("on", "决定的日期").required();
    let preference = field("preference", "有没有给予适当倾斜");
    Forms {
        reason: long(field("reason", "理由")),
        against: long(field("reason", "理由").required()),
        on: Field { min, max: ctx.today.to_string(), width: "short", ..on },
        number: Field { maxlength: Some(60), ..field("number", "文号") },
        amount: amount(ctx, case, errors),
        words: long(field("words", "决定的说明")).help("没有获批的要写一句原因。"),
        preference: preference.options(vec![Choice::new("yes", "给了倾斜"), Choice::new("no", "没有倾斜")]),
        preference_words: Field {
            maxlength: Some(200),
            width: "long",
            ..field("preference_words", "倾斜体现在哪里")
        },
    }
}

/// The amount of what comes of it; what was applied for stands in it at first.
fn amount(ctx: &RequestContext, case: &CaseRow, errors: &[FieldError]) -> Option<Field> {
    let programme = ctx.programme();
    let (kind, label) = actions::result_of(&programme, programme.application(&case.application)?)?;
    let asked = fields::parse(&case.fields).get("amount").and_then(serde_json::Value::as_i64);
    let typed = ctx.form.values.get("amount");
    let value = match asked {
        Some(asked) if typed.is_empty() => kind.unit.format(asked),
        _ => typed.to_owned(),
    };
    let field = Field { unit: kind.unit.label().to_owned(), width: "short", ..Field::new("amount", label) };
    (!label.is_empty()).then(|| field.help("没有获批的不填。").value(&value).error(errors))
}

/// How much was granted, where what comes of it has an amount.
fn granted_amount(ctx: &RequestContext, case: &CaseRow, read: &mut Reader) -> Option<i64> {
    let programme = ctx.programme();
    let (kind, label) = actions::result_of(&programme, programme.application(&case.application)?)?;
    let typed = ctx.form.values.get("amount");
    if label.is_empty() { None } else { fields::read_number(read, "amount", label, kind.unit, typed, 1) }
}

/// Where the act went through, on to the page with what comes next; else the page once more with what was wrong.
async fn after(
    ctx: &mut RequestContext,
    case: &CaseRow,
    sent: &'static str,
    done: Result<()>,
    text: &str,
) -> Result<Reply> {
    match done.or_wrong()? {
        Ok(()) => Ok(Reply::done(format!("/applications/{}", case.id), Flash::done(text))),
        Err(errors) => show_page(ctx, sent, errors).await,
    }
}

/// What the applicant does with it.
pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let case = &opened.row;
    if ctx.actor.org != case.org {
        return Err(Error::Forbidden("申报由申报单位自己递交，本单位只能查看和答复。".to_owned()));
    }
    let (programme, reason) = (ctx.programme(), ctx.form.values.get("reason").to_owned());
    let tx = &mut ctx.tx;
    let (done, sent, text) = match ctx.form.values.get("act") {
        "ask" => {
            let text = "已提请推荐；推荐单位会在工作台看到。需要改动时可以收回。";
            (actions::submit(tx, &programme, &opened, version).await, "ask", text)
        }
        "apply" => {
            let text = "已递交；当时的条件情况已一并留存。结果由主管部门登记，需要改动时可以收回。";
            (actions::forward(tx, &programme, &opened, version, &reason).await, "apply", text)
        }
        "recall" => {
            let text = "已收回，可以修改后再交出去。";
            (actions::recall(tx, &opened, version).await, "", text)
        }
        "withdraw" => {
            let text = "已撤回，不再办理；办理记录都保留。";
            (actions::withdraw(tx, &opened, version, &reason).await, "withdraw", text)
        }
        _ => (Err(Error::field("", Code::Missing.says("请选择要怎样处理这份申报。"))), "", ""),
    };
    after(ctx, case, sent, done, text).await
}

pub async fn recommend(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let case = &opened.row;
    if case.recommender.as_deref() != Some(&ctx.actor.org) {
        return Err(Error::Forbidden("这份申报不由本单位推荐。".to_owned()));
    }
    let reason = ctx.form.values.get("reason").to_owned();
    let tx = &mut ctx.tx;
    let (done, sent, text) = match ctx.form.values.get("verdict") {
        "recommend" => {
            let text = "已推荐；由申报单位递交。";
            (actions::recommend(tx, &opened, version, &reason).await, "send_back", text)
        }
        "send_back" => {
            let text = "已退回；申报单位会看到意见，改好后再提请推荐。";
            (actions::return_to_submitter(tx, &opened, version, &reason).await, "send_back", text)
        }
        _ => (Err(Error::field("", Code::Missing.says("请选择推荐还是退回。"))), "", ""),
    };
    after(ctx, case, sent, done, text).await
}

pub async fn decide(ctx: &mut RequestContext) -> Result<Reply> {
    let (opened, version) = (opened(ctx).await?, ctx.form_version()?);
    let case = &opened.row;
    if case.decider != ctx.actor.org {
        return Err(Error::Forbidden("这份申报的结果不由本单位登记。".to_owned()));
    }
    let (programme, pairs) = (ctx.programme(), ctx.form.values.clone());
    let reason = pairs.get("reason");
    match pairs.get("verdict") {
        "send_back" => {
            let done = actions::return_to_submitter(&mut ctx.tx, &opened, version, reason).await;
            after(ctx, case, "send_back", done, "已退回；申报单位会看到意见。").await
        }
        "reopen" => {
            let done = actions::reopen(&mut ctx.tx, &programme, &opened, version, reason).await;
            after(
                ctx,
                case,
                "reopen",
                done,
                "已撤销登记的结果，这份申报重新等待决定；由它形成的成果一并撤回。",
            )
            .await
        }
        "granted" | "refused" => {
            let granted = pairs.get("verdict") == "granted";
            let mut read = Reader::default();
            let on = read.date(&pairs, "on", "决定的日期");
            let Some(on) = on else { return show_page(ctx, "decide", read.errors).await };
            let preference = match pairs.get("preference") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            let text = |name: &str| pairs.get(name).to_owned();
            let amount = if granted { granted_amount(ctx, case, &mut read) } else { None };
            if !read.errors.is_empty() {
                return show_page(ctx, "decide", read.errors).await;
            }
            let decision = Decision {
                amount,
                granted,
                on,
                number: text("number"),
                words: text("words"),
                preference,
                preference_words: text("preference_words"),
            };
            let done = actions::decide(&mut ctx.tx, &programme, &opened, version, &decision).await;
            let text = if granted {
                "已登记获批；有对应成果的，已自动登记为建设成果。登记错了可以撤销。"
            } else {
                "已登记未获批，申报单位会看到原因。登记错了可以撤销。"
            };
            after(ctx, case, "decide", done, text).await
        }
        _ => show_page(ctx, "", vec![FieldError::new("", Code::Missing.says("请选择结果。"))]).await,
    }
}
