//! One element of the year-profile over the years: what it is, what each year said, and what corrections changed.

use super::data::{self, ChangeRow, ProfileRow};
use super::pages::{Cell, cell, change_cells};
use super::{acts, rules};
use crate::http::cx::Cx;
use crate::http::figure::{Link, StateMark};
use crate::http::reply::{Page, Reply};
use crate::registry;
use jiedui_kernel::{Error, Known, Result};
use jiedui_programme::with_derived;
use jiedui_store::args;
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
}

fn outcome(change: &ChangeRow) -> StateMark {
    match change.outcome.as_str() {
        "accepted" => StateMark::new("done", "已接收", "●"),
        "abandoned" => StateMark::new("none", "已放弃", "–"),
        _ => StateMark::new("active", "更正中", "◐"),
    }
}

pub async fn show(cx: &mut Cx) -> Result<Reply> {
    let (programme, id) = (cx.programme(), cx.param("id"));
    let element = programme.element(&cx.param("element")).ok_or(Error::NotFound)?.clone();
    let org = registry::find(&mut cx.tx, &id).await?;
    let rows = cx.tx.all::<ProfileRow>(&data::OF_SCHOOL, args![&id]).await?;
    if org.kind != "school" || !(org.county_school || !rows.is_empty()) {
        return Err(Error::NotFound);
    }
    let (mut years, mut changes) = (Vec::new(), Vec::new());
    for row in rows.iter().rev() {
        // Nobody but the school sees numbers that were never handed in.
        if matches!(row.state.as_str(), "draft" | "returned") && org.id != cx.who.org {
            continue;
        }
        let href = format!("/profiles/{}/{}", row.org, row.year);
        let sheet = acts::values_of(&mut cx.tx, &row.id).await?;
        let held = sheet.get(&element.id).copied();
        let facts = sheet.iter().map(|(id, held)| (id.clone(), held.answer.fact())).collect();
        let known = with_derived(&programme, &facts).get(&element.id).copied().unwrap_or(Known::NotReported);
        years.push(YearLine {
            year: row.year,
            value: cell(&element, known, held.map(|held| held.answer), &href),
            state: rules::state(Some(row)),
            source: match (&element.derived, held) {
                (Some(_), _) => "由系统算出",
                (None, Some(held)) => rules::source_name(held.source),
                (None, None) => "",
            },
            href: href.clone(),
        });
        let made = cx.tx.all::<ChangeRow>(&data::CHANGES_OF, args![&row.id]).await?;
        let differs = |change: &&ChangeRow| {
            change.element == element.id
                && (&change.old_known, change.old_value) != (&change.known, change.value)
        };
        for change in made.iter().rev().filter(differs) {
            let (old, new) = change_cells(&element, change, &href);
            changes.push(ChangeLine {
                year: row.year,
                old,
                new,
                reason: change.reason.clone(),
                outcome: outcome(change),
                settled_on: change.settled_on.map(|day| day.to_string()),
            });
        }
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
    Reply::view("profiles/element.html", page, &view)
}
