//! Where the graduates of one school and year went: its table, as the caller may see it.

use super::{persons, year_choices};
use crate::evidence::majors;
use crate::network::registry;
use crate::shared::small_numbers::{self, Shown};
use crate::sharing::jobs::actions::{self, cohorts};
use crate::sharing::jobs::rules::cohort::{Compared, Sheet};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_pictures::{Funnel, Mark, Picture};
use jiedui_programme::JobRules;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::listing::{Around, Listing};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct RowView {
    major: String,
    cells: Vec<Figure>,
    sum: Figure,
}

#[derive(Serialize)]
struct SumView {
    name: String,
    sum: Figure,
    told: Figure,
    agrees: bool,
}

#[derive(Serialize)]
struct CohortView {
    #[serde(flatten)]
    around: Around,
    address: String,
    destinations: Vec<String>,
    rows: Vec<RowView>,
    told_on: Option<String>,
    /// The sums beside the year-profile: for the school and the bureaus above it.
    sums: Vec<SumView>,
    /// The same sums from graduates to those in work, for the same readers.
    funnel: Option<PictureView>,
    /// Something of it is not shown to the caller.
    hides: bool,
    smallest: Figure,
    /// Where the caller's own school tells it.
    edit: Option<String>,
}

/// The table as the caller sees it, a row of sums below.
fn rows(rules: &JobRules, sheet: &Sheet, (open, href): (bool, &str)) -> (Vec<RowView>, bool) {
    let majors: Vec<&str> = sheet.majors().into_iter().collect();
    let cell = |major: &str| {
        let of = |one: &jiedui_programme::Destination| sheet.cell(major, &one.id);
        rules.destinations.iter().map(of).collect::<Vec<i64>>()
    };
    let cells: Vec<Vec<i64>> = majors.iter().map(|major| cell(major)).collect();
    let seen: Vec<Vec<Shown>> = if open {
        let row = |row: Vec<i64>| row.into_iter().map(Shown::Persons).collect();
        small_numbers::with_sums(&cells).into_iter().map(row).collect()
    } else {
        small_numbers::shown(&cells, rules.smallest_cell)
    };
    let hides = seen.iter().flatten().any(|one| !matches!(one, Shown::Persons(_)));
    let figure = |shown: Shown, label: &str| small_numbers::figure(shown, rules.smallest_cell, href, label);
    let words: Vec<&str> = rules.destinations.iter().map(|one| one.name.as_str()).collect();
    let named = majors.into_iter().chain(["合计"]);
    let row = |(major, row): (&str, Vec<Shown>)| {
        let sum = row.last().copied().unwrap_or(Shown::Persons(0));
        let cells = row.into_iter().zip(&words).map(|(one, word)| figure(one, &format!("{major}：{word}")));
        RowView {
            cells: cells.collect(),
            sum: figure(sum, &format!("{major}：合计")),
            major: major.to_owned(),
        }
    };
    (named.zip(seen).map(row).collect(), hides)
}

fn sum(one: Compared, school: &str, year: i32) -> SumView {
    let agrees = one.agrees();
    let profile = format!("/profiles/{school}/{year}");
    let told = one.told.map_or(Reported::NotReported, Reported::Value);
    SumView {
        sum: persons(
            Reported::Value(one.sum),
            &format!("/employment/cohorts/{school}?year={year}"),
            &one.name,
        ),
        told: persons(told, &profile, &one.name),
        name: one.name,
        agrees,
    }
}

/// How many of the graduates work or study on, and how many work.
fn funnel(rules: &JobRules, sums: &[Compared], href: &str) -> Option<PictureView> {
    let steps = [Some(&rules.graduates), rules.employed_with_study.as_ref(), Some(&rules.employed)];
    let sum_of = |element: &String| sums.iter().find(|one| one.element == *element);
    let marks = steps.into_iter().flatten().filter_map(sum_of);
    let marks = marks.map(|one| Mark::of(&one.name, one.sum).opens(href));
    let funnel = marks.fold(Funnel::new("从毕业到就业", Unit::Persons), Funnel::step);
    (!sums.is_empty()).then(|| PictureView::new("graduates", &Picture::Funnel(funnel)))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let rules = actions::rules_of(&programme)?;
    let school = registry::find(&mut ctx.tx, &id).await?;
    let address = format!("/employment/cohorts/{id}");
    let mut list = Listing::at(&address, Unit::Items, &ctx.query);
    let newest = majors::asked_year(ctx.today, &programme);
    let year = list.year_or("最近一年", "年度", year_choices(ctx)).unwrap_or(newest);
    let told = cohorts::of(&mut ctx.tx, &id, year).await?;
    let (own, above) = (school.id == ctx.actor.org, ctx.actor.scope.covers(&school.path));
    let href = format!("{address}?year={year}");
    let (rows, hides) = rows(rules, &told.sheet, (above, &href));
    let sums = if above && told.row.is_some() {
        cohorts::compared(&mut ctx.tx, &programme, rules, (&id, year, &told.sheet)).await?
    } else {
        Vec::new()
    };
    let view = CohortView {
        around: list.around(),
        address,
        destinations: rules.destinations.iter().map(|one| one.name.clone()).collect(),
        rows: if told.row.is_some() { rows } else { Vec::new() },
        told_on: told.row.as_ref().map(|row| row.told_on.to_string()),
        funnel: funnel(rules, &sums, &href),
        sums: sums.into_iter().map(|one| sum(one, &id, year)).collect(),
        hides,
        smallest: persons(Reported::Value(rules.smallest_cell), &href, "少于多少人不单列"),
        edit: (own && ctx.can("employment", "trace"))
            .then(|| format!("/employment/cohorts/edit?year={year}")),
    };
    let lead = "按专业大类和去向的合计数，由学校填报，与年度基本情况一致；不涉及任何一名学生。";
    let page = Page::new(format!("{}：毕业去向", school.name), lead)
        .clauses(&rules.clauses)
        .back("/employment/cohorts", "返回毕业生")
        .kind("list");
    Reply::view("sharing/jobs/cohort.html", page, &view)
}
