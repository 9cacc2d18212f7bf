//! 调度通报: what a month brought in the province or a city, and where help is needed, in the order of divisions and without
//! any ranking. Accepted and provisional months are kept apart.

use super::told::{self, ProjectLine, TargetLine};
use super::{FigureLine, RestatedLine, figure_line, restated_lines, total, unit_of};
use crate::reporting::monthly::actions;
use crate::reporting::monthly::data::MonthState;
use crate::reporting::monthly::rules;
use crate::reporting::monthly::rules::parcel::{FORMAT, Parcel, ParcelFigure, Restated};
use crate::shared::papers;
use crate::shared::settled::Settled;
use crate::standing::indicators::{self, Slice};
use jiedui_documents::paper::{Document, Table, TableColumn};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct BulletinView {
    month: i64,
    title: String,
    schools: Figure,
    accepted: Figure,
    closed: Figure,
    settled: Settled,
    figures: Vec<FigureLine>,
    restated: Vec<RestatedLine>,
    /// Those that were finished in the month, and those that are late by their plan.
    projects: Vec<ProjectLine>,
    /// Of which so many more open.
    more: Option<Figure>,
    targets: Vec<TargetLine>,
    help: Vec<HelpLine>,
    missing: Vec<String>,
    root: Option<RootLine>,
}

/// Of which school the root was taken when its month was accepted: each month has one of its own.
#[derive(Serialize)]
struct RootLine {
    school: String,
    href: String,
    root: String,
}

#[derive(Serialize)]
struct HelpLine {
    school: String,
    href: String,
    place: String,
    text: String,
}

/// What the bulletin is made of: the months that a bureau accepted, and the schools of which none did.
struct Gathered {
    month: i64,
    parcels: Vec<Parcel>,
    closed: usize,
    missing: Vec<String>,
}

async fn gathered(ctx: &mut RequestContext) -> Result<Gathered> {
    let programme = ctx.programme();
    let month = actions::month_of(&ctx.param("month"), &programme, ctx.today)?;
    let mut found = Gathered { month, parcels: Vec::new(), closed: 0, missing: Vec::new() };
    let seen = told::seen(ctx).await?;
    for one in actions::schools(&mut ctx.tx, month).await? {
        match actions::parcel_of(&one.row)?.filter(|_| one.row.state != MonthState::Open) {
            Some(mut parcel) => {
                parcel.projects.retain(|one| seen.contains(&one.pairing));
                found.closed += usize::from(one.row.state == MonthState::Closed);
                found.parcels.push(parcel);
            }
            None => found.missing.push(one.school.name.clone()),
        }
    }
    Ok(found)
}

/// The figures of the bulletin are settled once the province accepted every school of it.
fn settled(found: &Gathered) -> Settled {
    let accepted =
        !found.parcels.is_empty() && found.missing.is_empty() && found.closed == found.parcels.len();
    let words = match accepted {
        true => "省办已全部接收，数字不再变；以后的更正写在后面的月份。",
        false => "还没有由省办接收的学校，退回核对以后数字还会变。",
    };
    Settled { accepted, words: words.to_owned(), href: None }
}

/// Whether these are all schools of the caller's part, and each of them says what it adds to the targets.
fn is_whole(found: &Gathered) -> bool {
    found.missing.is_empty() && found.parcels.iter().all(|parcel| parcel.format >= FORMAT)
}

/// What all of them had added to the targets. How a target stands is said where the whole province is added up: while a school
/// is missing, what lacks may be its part.
fn targets(ctx: &RequestContext, found: &Gathered) -> Vec<TargetLine> {
    let programme = ctx.programme();
    let last = rules::days(found.month).map(|days| days.to);
    let judged = last.filter(|_| indicators::sees_all(ctx, &programme) && is_whole(found));
    let cut = Slice::year(i32::try_from(found.month / 100).unwrap_or_default());
    let all = told::targets_total(&programme, &found.parcels);
    all.iter().map(|one| told::target_line(&programme, one, &cut, judged)).collect()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, found) = (ctx.programme(), gathered(ctx).await?);
    let month = found.month;
    let schools = |number: usize, query: &str, label: &str| {
        Figure::of(Reported::Value(count(number)), Unit::Schools, format!("/months/{month}{query}"), label)
    };
    let (projects, more) = told::worth_telling(&found.parcels, most(ctx));
    let restated: Vec<_> = found.parcels.iter().flat_map(|parcel| parcel.restated.clone()).collect();
    let view = BulletinView {
        month,
        title: title(month),
        schools: schools(found.parcels.len() + found.missing.len(), "", "县级院校"),
        accepted: schools(found.parcels.len(), "?state=county", "已接收"),
        closed: schools(found.closed, "?state=closed", "省办已接收"),
        settled: settled(&found),
        figures: total(&programme, &found.parcels)
            .iter()
            .map(|figure| figure_line(&programme, month, figure, &Slice::default()))
            .collect(),
        restated: restated_lines(&programme, &gather(restated), &Slice::default()),
        projects,
        more: (more > 0).then(|| {
            let href = format!("/months/{month}/bulletin?projects=all");
            Figure::of(Reported::Value(count(more)), Unit::Items, href, "没有列出的项目")
        }),
        targets: targets(ctx, &found),
        help: help(&found),
        missing: found.missing.clone(),
        root: newest(&found).map(|parcel| RootLine {
            school: parcel.school.name.clone(),
            href: address(parcel),
            root: parcel.stamp.log_root.clone(),
        }),
    };
    let lead = "只汇总已经接收的学校，未接收的列在最后；按区划排列，不排名次。";
    let page = Page::new(title(month), lead)
        .clause("S1.3")
        .back(format!("/months/{month}"), format!("{}的月调度", rules::title(month)))
        .kind("detail");
    Reply::view("reporting/monthly/bulletin.html", page, &view)
}

/// How many projects the page shows; all of them where that was asked for.
fn most(ctx: &RequestContext) -> usize {
    if ctx.query.get("projects") == "all" { usize::MAX } else { told::MOST }
}

fn title(month: i64) -> String {
    format!("{}协作工作调度通报", rules::title(month))
}

fn address(parcel: &Parcel) -> String {
    format!("/months/{}/schools/{}", parcel.month, parcel.school.id)
}

/// The month that was accepted last of those here: its root covers the log when all the others were accepted.
fn newest(found: &Gathered) -> Option<&Parcel> {
    let rooted = found.parcels.iter().filter(|parcel| !parcel.stamp.log_root.is_empty());
    rooted.max_by_key(|parcel| parcel.stamp.taken_at)
}

/// One line for each figure that was restated, whatever the number of schools.
fn gather(all: Vec<Restated>) -> Vec<Restated> {
    let mut found: Vec<Restated> = Vec::new();
    for one in all {
        match found.iter_mut().find(|other| other.month == one.month && other.indicator == one.indicator) {
            Some(other) => (other.was, other.is) = (other.was.plus(one.was), other.is.plus(one.is)),
            None => found.push(one),
        }
    }
    found.sort_by_key(|one| one.month);
    found
}

fn help(found: &Gathered) -> Vec<HelpLine> {
    let told = found.parcels.iter().filter(|parcel| !parcel.problems.is_empty());
    told.map(|parcel| HelpLine {
        school: parcel.school.name.clone(),
        href: address(parcel),
        place: parcel.school.place.clone(),
        text: parcel.problems.clone(),
    })
    .collect()
}

/// The same as a paper, to file and to print.
pub async fn file(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, found) = (ctx.programme(), gathered(ctx).await?);
    let amount =
        |of: &ParcelFigure, value: i64| papers::amount_in_column(value, unit_of(&programme, &of.indicator));
    let rows = total(&programme, &found.parcels);
    let rows = rows.iter().enumerate().map(|(at, one)| {
        vec![
            (at + 1).to_string(),
            one.name.clone(),
            amount(one, one.month.claimed),
            amount(one, one.month.confirmed),
            amount(one, one.year.confirmed),
        ]
    });
    let columns = vec![
        TableColumn::new("序号", 6.0).centred(),
        TableColumn::new("指标", 34.0),
        TableColumn::new("本月登记", 14.0).centred(),
        TableColumn::new("本月确认", 14.0).centred(),
        TableColumn::new("本年累计确认", 16.0).centred(),
    ];
    let above = format!(
        "本范围 {} 所县级院校，已接收 {} 所（其中省办接收 {} 所）。数字为已接收学校的合计。",
        found.parcels.len() + found.missing.len(),
        found.parcels.len(),
        found.closed
    );
    let above = [above, settled(&found).line()];
    let table = Table { columns, rows: rows.collect() };
    let mut document = Document::of_table(title(found.month), &above, table, &below(&found));
    let opened = papers::opens(&ctx.app.outgoing.address, &format!("/months/{}/bulletin", found.month));
    let (projects, more) = told::worth_telling(&found.parcels, told::MOST);
    told::write(&mut document, (&projects, more), &targets(ctx, &found));
    document.blocks.extend(opened);
    papers::file(document, &ctx.param(papers::FILE))
}

fn below(found: &Gathered) -> Vec<String> {
    let mut lines = Vec::new();
    for line in help(found) {
        lines.push(format!("需要帮助：{}（{}）：{}", line.school, line.place, line.text));
    }
    if !found.missing.is_empty() {
        lines.push(format!("还没有接收的学校：{}。", found.missing.join("、")));
    }
    if let Some(parcel) = newest(found) {
        lines.push(format!(
            "日志总校验值（最后接收的{}{}月调度接收时，日志 {} 条）：{}",
            parcel.school.name,
            rules::title(parcel.month),
            parcel.stamp.log_size,
            parcel.stamp.log_root
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::monthly::rules::parcel::ParcelSchool;
    use crate::shared::frozen::Stamp;

    #[test]
    fn a_target_is_judged_once_every_school_has_told() {
        let told = Parcel { format: FORMAT, ..Parcel::default() };
        let of = |parcels: &[Parcel], missing: &[&str]| Gathered {
            month: 202_610,
            parcels: parcels.to_vec(),
            closed: parcels.len(),
            missing: missing.iter().map(|&name| name.to_owned()).collect(),
        };
        let all = of(std::slice::from_ref(&told), &[]);
        assert!(is_whole(&all) && settled(&all).accepted);
        let some = of(std::slice::from_ref(&told), &["甲校"]);
        assert!(!is_whole(&some) && !settled(&some).accepted, "what lacks may be its part");
        let earlier = of(&[told, Parcel { format: 1, ..Parcel::default() }], &[]);
        assert!(!is_whole(&earlier) && settled(&earlier).accepted, "it says nothing of targets");
        assert!(!settled(&of(&[], &[])).accepted, "without a school nothing is accepted");
    }

    /// Each month was accepted at a moment of its own, under the log as it stood then.
    #[test]
    fn the_root_is_that_of_the_school_accepted_last_and_says_so() {
        let parcel = |name: &str, at: &str, log_size: i64, root: &str| Parcel {
            month: 202_610,
            school: ParcelSchool { name: name.to_owned(), ..ParcelSchool::default() },
            stamp: Stamp {
                taken_at: at.parse().unwrap(),
                log_size,
                log_root: root.to_owned(),
                ..Stamp::default()
            },
            ..Parcel::default()
        };
        let parcels = vec![
            parcel("甲校", "2026-11-05T02:00:00Z", 10, "aaa"),
            parcel("乙校", "2026-11-09T02:00:00Z", 30, "bbb"),
            parcel("丙校", "2026-11-06T02:00:00Z", 20, "ccc"),
        ];
        let mut found = Gathered { month: 202_610, parcels, closed: 3, missing: Vec::new() };
        let told = below(&found);
        let words = "日志总校验值（最后接收的乙校2026年10月月调度接收时，日志 30 条）：bbb";
        assert_eq!(told, [words], "not that of the last name in the list");
        found.parcels.iter_mut().for_each(|parcel| parcel.stamp.log_root.clear());
        assert!(below(&found).is_empty(), "before the first head of the log there is none");
    }
}
