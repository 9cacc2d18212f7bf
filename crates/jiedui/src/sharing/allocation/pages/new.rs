//! Trying a rule with a total: who would get what, with and without preference and by the other method. Nothing is written
//! before it is kept as a draft.

use super::{DividedView, divided};
use crate::sharing::allocation::actions::{self, NewAllocation, claims};
use crate::sharing::allocation::rules::TITLE;
use jiedui_kernel::{Code, FieldError, Result, Unit};
use jiedui_programme::{AllocationRule, Programme};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct NewView {
    /// The programme has no rule.
    none: bool,
    rule: Field,
    total: Field,
    tried: Option<DividedView>,
    title: Field,
    /// What the form that keeps it carries on.
    hidden: BTreeMap<&'static str, String>,
    errors: Vec<FieldError>,
}

/// The total as typed, in the unit of the rule: yuan are kept in cents.
fn total(rule: &AllocationRule, given: &FormValues) -> Result<i64, FieldError> {
    let each = if rule.unit == Unit::Yuan { 100 } else { 1 };
    let number = given.whole("total").filter(|number| *number > 0);
    number.and_then(|number| number.checked_mul(each)).ok_or_else(|| {
        let mistake = if given.get("total").is_empty() {
            Code::Missing.says("请填写一共多少。")
        } else {
            Code::OutOfRange.says("一共多少要填大于零的整数。")
        };
        FieldError::new("total", mistake)
    })
}

/// Rule and total of an address or of a form.
fn read<'p>(
    programme: &'p Programme,
    given: &FormValues,
) -> Result<(&'p AllocationRule, i64), Vec<FieldError>> {
    let Some(rule) = programme.allocation(given.get("rule")) else {
        let words = "请从列出的规则里选一条。";
        return Err(vec![FieldError::new("rule", Code::NotListed.says(words))]);
    };
    total(rule, given).map(|total| (rule, total)).map_err(|error| vec![error])
}

pub async fn form(ctx: &mut RequestContext) -> Result<Reply> {
    let given = ctx.query.clone();
    page(ctx, &given, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, given: &FormValues, mut errors: Vec<FieldError>) -> Result<Reply> {
    let programme = ctx.programme();
    let mut tried = None;
    if !given.get("rule").is_empty() {
        match read(&programme, given) {
            Ok((rule, total)) => {
                let opens = super::opened_by(ctx).await?;
                let path = actions::own_path(&mut ctx.tx).await?;
                let asked = claims::asked(&mut ctx.tx, &programme, rule, (&path, total)).await?;
                match asked.divide() {
                    Ok(found) => tried = Some(divided(&asked, &found, ("", ""), &opens)),
                    Err(wrong) => errors.extend(wrong),
                }
            }
            Err(wrong) => errors.extend(wrong),
        }
    }
    // What the form said already is not said twice.
    errors.dedup_by(|one, other| one.field == other.field);
    let choices = programme.allocations.iter().map(|rule| {
        let unit = if rule.unit == Unit::Yuan { "元" } else { rule.unit.label() };
        Choice::new(rule.id.as_str(), format!("{}（{unit}）", rule.name))
    });
    let field =
        |name: &str, label: &str| Field::new(name, label).required().value(given.get(name)).error(&errors);
    let view = NewView {
        none: programme.allocations.is_empty(),
        rule: field("rule", "分什么").options(choices.collect()),
        total: field("total", "一共多少").help("按左边括号里的单位，填整数。"),
        tried,
        title: Field { maxlength: Some(TITLE), width: "long", ..field("title", "哪一次") }
            .help("学校看到的名称，如“省级师资培训第一期”。"),
        hidden: BTreeMap::from([
            ("rule", given.get("rule").to_owned()),
            ("total", given.get("total").to_owned()),
        ]),
        errors: errors.clone(),
    };
    let lead = "先试算：倾斜前后、换一种取整各是多少。合适了再拟定，公布以前学校看不到。";
    let page =
        Page::new("试算倾斜分配", lead).clause("T4.6").back("/allocations", "返回倾斜分配").kind("form");
    Ok(Reply::view("sharing/allocation/new.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn submit(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, given) = (ctx.programme(), ctx.form.values.clone());
    let (rule, total) = match read(&programme, &given) {
        Ok(read) => read,
        Err(_) => return page(ctx, &given, Vec::new()).await,
    };
    let new = NewAllocation { rule: rule.id.clone(), title: given.get("title").to_owned(), total };
    match actions::draft(&mut ctx.tx, &programme, &new).await.or_wrong()? {
        Ok(id) => Ok(Reply::done(
            format!("/allocations/{id}"),
            Flash::done("已拟定。公布以前学校看不到，公布时按当天的数重新计算。"),
        )),
        Err(errors) => page(ctx, &given, errors).await,
    }
}
