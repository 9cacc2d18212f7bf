//! One element of the year-profile over the years: what it is, what each year said, and what corrections changed.

use super::show::{Cell, cell, change_cells};
use crate::evidence::profiles::actions;
use crate::evidence::profiles::data::{self, ChangeRow, Outcome, ProfileRow, ProfileStage};
use crate::evidence::profiles::rules;
use crate::network::registry;
use jiedui_kernel::{Error, Reported, Result};
use jiedui_programme::{Element, with_derived};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    school: Link,
    name: String,
    unit: &'static str,
    help: String,
    purpose: String,
    formula: String,
    clause: ClauseId,
    imported: bool,
    years: Vec<YearLine>,
    changes: Vec<ChangeLine>,
}

#[derive(Serialize)]
struct ClauseId {
    id: String,
}

#[derive(Serialize)]
struct YearLine {
    year: i64,
    href: String,
    value: Cell,
    state: StateMark,
    source: &'static str,
}

#[derive(Serialize)]
struct ChangeLine {
    year: i64,
    old: Cell,
    new: Cell,
    reason: String,
    outcome: StateMark,
    settled_on: Option<String>,
    /// Not handed in yet: the school's own business.
    #[serde(skip)]
    open: bool,
}

fn outcome(change: &ChangeRow) -> StateMark {
    match change.outcome {
        Outcome::Accepted => StateMark::new("done", "已接收", "●"),
        Outcome::Abandoned => StateMark::new("none", "已放弃", "–"),
        Outcome::Open => StateMark::new("active", "更正中", "◐"),
    }
}

/// What one year says of the element, newest change first.
async fn tell(
    ctx: &mut RequestContext,
    element: &Element,
    row: &ProfileRow,
) -> Result<(YearLine, Vec<ChangeLine>)> {
    let programme = ctx.programme();
    let href = format!("/profiles/{}/{}", row.org, row.year);
    let sheet = actions::values_of(&mut ctx.tx, &row.id).await?;
    let held = sheet.get(&element.id).copied();
    let facts = sheet.iter().map(|(id, held)| (id.clone(), held.answer.fact())).collect();
    let known = with_derived(&programme, &facts).get(&element.id).copied().unwrap_or(Reported::NotReported);
    let year = YearLine {
        year: row.year,
        value: cell(element, known, held.map(|held| held.answer), &href),
        state: rules::state(Some(row)),
        source: match (&element.derived, held) {
            (Some(_), _) => "由系统算出",
            (None, Some(held)) => rules::source_name(held.source),
            (None, None) => "",
        },
        href: href.clone(),
    };
    let differs = |change: &&ChangeRow| {
        change.element == element.id && (&change.old_known, change.old_value) != (&change.known, change.value)
    };
    let made = ctx.tx.all::<ChangeRow>(&data::CHANGES_OF, args![&row.id]).await?;
    let line = |change: &ChangeRow| {
        let (old, new) = change_cells(element, change, &href);
        ChangeLine {
            year: row.year,
            old,
            new,
            reason: change.reason.clone(),
            outcome: outcome(change),
            settled_on: change.settled_on.map(|day| day.to_string()),
            open: change.outcome == Outcome::Open && row.state != ProfileStage::CorrectionSubmitted,
        }
    };
    Ok((year, made.iter().rev().filter(differs).map(line).collect()))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let element = programme.element(&ctx.param("element")).ok_or(Error::NotFound)?.clone();
    let org = registry::find(&mut ctx.tx, &id).await?;
    let rows = ctx.tx.all::<ProfileRow>(&data::OF_SCHOOL, args![&id]).await?;
    let told = registry::population(&mut ctx.tx).await?.knows(&org.id) || !rows.is_empty();
    if org.kind != "school" || !told {
        return Err(Error::NotFound);
    }
    let own = org.id == ctx.actor.org;
    let (mut years, mut changes) = (Vec::new(), Vec::new());
    // Nobody but the school sees numbers that were never handed in.
    for row in rows.iter().rev().filter(|row| own || row.state.in_hand()) {
        let (year, made) = tell(ctx, &element, row).await?;
        years.push(year);
        changes.extend(made.into_iter().filter(|line| own || !line.open));
    }
    let view = ShowView {
        school: registry::link(&org.id, &org.name),
        unit: rules::unit_word(&element),
        help: element.help.clone(),
        purpose: element.purpose.clone(),
        formula: rules::formula(&programme, &element),
        clause: ClauseId { id: element.clause.clone() },
        imported: element.imported,
        name: element.name.clone(),
        years,
        changes,
    };
    let back = format!("/attainment/{id}/gaps");
    let page = Page::new(element.name.clone(), "年度基本情况里的一个数：各年是多少，从哪里来，改过几回。")
        .clause(element.clause)
        .back(back, "达标情况")
        .kind("detail");
    Reply::view("evidence/profiles/element.html", page, &view)
}
