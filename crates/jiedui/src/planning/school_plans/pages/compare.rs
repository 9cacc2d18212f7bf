//! Two editions of a plan side by side: what was added, left out, changed. Told in words, not by colour.

use super::show::title;
use super::words::{Cell, Words};
use crate::planning::needs;
use crate::planning::school_plans::body::{Body, columns};
use crate::planning::school_plans::data::PlanRow;
use crate::planning::school_plans::{self, actions};
use jiedui_kernel::{Error, Result};
use jiedui_programme::SectionKind;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::reply::{Choice, Filter, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct CompareView {
    old: Side,
    new: Side,
    sections: Vec<Section>,
    filters: Vec<Filter>,
    action: String,
    same: bool,
}

#[derive(Serialize)]
struct Side {
    edition: i64,
    link: Link,
    agreed_on: Option<String>,
}

#[derive(Serialize)]
struct Section {
    title: String,
    lines: Vec<ComparedLine>,
}

#[derive(Serialize)]
struct ComparedLine {
    mark: &'static str,
    old: Option<Vec<Cell>>,
    new: Option<Vec<Cell>>,
}

/// How a row of the one edition stands to the other: places in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    Same(usize, usize),
    Changed(usize, usize),
    Added(usize),
    Removed(usize),
}

impl Pair {
    fn mark(self) -> &'static str {
        match self {
            Self::Same(..) => "未变",
            Self::Changed(..) => "改动",
            Self::Added(_) => "新增",
            Self::Removed(_) => "删除",
        }
    }
}

/// Finds for each new row the old one it came from: the same one; else one with the same first cell, which names it;
/// else one that differs in its first cell alone. In the order of the new edition, what was left out last.
pub fn pairs(old: &[Vec<String>], new: &[Vec<String>]) -> Vec<Pair> {
    let mut free: Vec<usize> = (0..old.len()).collect();
    let mut found: Vec<Option<Pair>> = vec![None; new.len()];
    let same: fn(&[String], &[String]) -> bool = |a, b| a == b;
    let named = |a: &[String], b: &[String]| a.first() == b.first();
    let else_same = |a: &[String], b: &[String]| {
        a.get(1..) == b.get(1..) && a.get(1..).is_some_and(|rest| rest.iter().any(|cell| !cell.is_empty()))
    };
    for (round, fits) in [same, named, else_same].into_iter().enumerate() {
        for (at, row) in new.iter().enumerate() {
            if found[at].is_some() {
                continue;
            }
            if let Some(place) = free.iter().position(|from| fits(&old[*from], row)) {
                let from = free.remove(place);
                found[at] = Some(if round == 0 { Pair::Same(from, at) } else { Pair::Changed(from, at) });
            }
        }
    }
    let kept = found.into_iter().enumerate().map(|(at, pair)| pair.unwrap_or(Pair::Added(at)));
    kept.chain(free.into_iter().map(Pair::Removed)).collect()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let new = school_plans::find(&mut ctx.tx, &id).await?;
    let series = school_plans::series(&mut ctx.tx, &new).await?;
    let wanted = ctx.query.get("with").to_owned();
    let old = if wanted.is_empty() {
        series.iter().find(|row| row.edition < new.edition)
    } else {
        Some(series.iter().find(|row| row.id == wanted && row.id != new.id).ok_or(Error::NotFound)?)
    };
    let Some(old) = old else {
        let flash = Flash::problem("这是第一版，没有更早的可以比较；修订出新的一版以后再来对照。");
        return Ok(Reply::done(format!("/plans/{id}"), flash));
    };
    // The earlier one on the left, whichever was asked for.
    let (old, new) = if old.edition < new.edition { (old, new.as_ref()) } else { (new.as_ref(), old) };
    let programme = ctx.programme();
    let template = actions::template(&programme, new)?;
    let needs = needs::of_school(&mut ctx.tx, &new.org).await?;
    let words = Words::new(&programme, new, &needs);
    let (left, right) = (Body::parse(&old.body)?, Body::parse(&new.body)?);
    let sections: Vec<Section> = template
        .sections
        .iter()
        .map(|section| Section {
            title: section.title.clone(),
            lines: match section.kind {
                SectionKind::Text => text_lines(&left, &right, &section.id),
                kind => row_lines(&words, &left, &right, kind),
            },
        })
        .collect();
    let others = series.iter().filter(|row| row.id != id);
    let view = CompareView {
        old: side(old),
        new: side(new),
        same: sections.iter().all(|section| section.lines.iter().all(|line| line.mark == "未变")),
        sections,
        filters: vec![
            Filter::select(
                "with",
                "与哪一版比较",
                &wanted,
                others.map(|row| Choice::new(&row.id, format!("第{}版", row.edition))).collect(),
            )
            .blank("前一版"),
        ],
        action: format!("/plans/{id}/compare"),
    };
    let page = Page::new(
        format!("{}两版对照", title(new, template)),
        "前一版在前，后一版在后；改动、新增和删除的都标明。",
    )
    .back(format!("/plans/{id}"), "返回方案")
    .kind("detail");
    Reply::view("planning/school_plans/compare.html", page, &view)
}

fn side(row: &PlanRow) -> Side {
    Side {
        edition: row.edition,
        link: Link::new(format!("/plans/{}", row.id), "打开"),
        agreed_on: row.agreed_on.map(|day| day.to_string()),
    }
}

fn text_lines(old: &Body, new: &Body, id: &str) -> Vec<ComparedLine> {
    let text = |body: &Body| body.text.get(id).filter(|text| !text.is_empty()).cloned();
    let (a, b) = (text(old), text(new));
    let mark = match (&a, &b) {
        (None, None) => return Vec::new(),
        (None, Some(_)) => "新增",
        (Some(_), None) => "删除",
        (Some(a), Some(b)) if a == b => "未变",
        _ => "改动",
    };
    vec![ComparedLine {
        mark,
        old: a.map(|text| vec![Cell::said(text)]),
        new: b.map(|text| vec![Cell::said(text)]),
    }]
}

fn row_lines(words: &Words<'_>, old: &Body, new: &Body, kind: SectionKind) -> Vec<ComparedLine> {
    let (a, b) = (old.rows(kind), new.rows(kind));
    let cells = |rows: &[Vec<String>], at: usize| rows.get(at).map(|row| words.cells(columns(kind), row));
    let line = |pair: Pair| {
        let (from, to) = match pair {
            Pair::Same(from, to) | Pair::Changed(from, to) => (Some(from), Some(to)),
            Pair::Added(to) => (None, Some(to)),
            Pair::Removed(from) => (Some(from), None),
        };
        ComparedLine {
            mark: pair.mark(),
            old: from.and_then(|at| cells(&a, at)),
            new: to.and_then(|at| cells(&b, at)),
        }
    };
    pairs(&a, &b).into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[[&str; 3]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn rows_find_what_they_came_from() {
        let old = rows(&[["建专业", "T5.2", "lead"], ["送教", "T4.3", "nearby"], ["派教练", "T7.1", "lead"]]);
        let new = rows(&[
            ["送教", "T4.3", "nearby"],
            ["建专业", "T5.2", "nearby"],
            ["选派教练", "T7.1", "lead"],
            ["共建基地", "T6.2", "lead"],
        ]);
        assert_eq!(
            pairs(&old, &new),
            [Pair::Same(1, 0), Pair::Changed(0, 1), Pair::Changed(2, 2), Pair::Added(3)]
        );
        assert_eq!(pairs(&old, &new[..1]), [Pair::Same(1, 0), Pair::Removed(0), Pair::Removed(2)]);
        assert_eq!(pairs(&[], &[]), []);
    }
}
