//! What a school sees: its own figures beside those of its last year, and how the duties around it stand. The province's
//! targets are not its own, and do not stand here.

use super::super::compare::{self, Compared};
use super::super::drawn;
use super::columns;
use super::places::{self, ClockSum, Places};
use crate::standing::indicators::{Facts, Slice};
use crate::standing::obligations::{self, Clock};
use chrono::Datelike as _;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_pictures::{Multiples, Panel, Picture};
use jiedui_programme::{Indicator, IndicatorOf, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::listing::{Around, Listing};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

/// So many years are drawn beside each other.
const YEARS: i32 = 4;

#[derive(Serialize)]
struct OwnView {
    #[serde(flatten)]
    around: Around,
    compared: Compared,
    course: Option<PictureView>,
    clocks: Vec<ClockSum>,
    /// Of whoever helps several schools.
    places: Option<Places>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let now = ctx.today.year();
    let years = (2024..=now).rev().map(|year| Choice::new(year.to_string(), format!("{year}年"))).collect();
    let mut list = Listing::at("/overview", Unit::Schools, &ctx.query);
    let cut = Slice::year(list.year_or("本年度", "年度", years).unwrap_or(now));
    let facts = Facts::read(&mut ctx.tx, &programme).await?;
    let clocks = obligations::of_pairings(&mut ctx.tx, &programme, &facts.pairings).await?;
    let current: Vec<&Clock> = clocks.iter().filter(|clock| clock.current).collect();
    let several = facts.schools_of(&cut).count() > 1;
    let is_own = facts.schools_of(&cut).all(|place| place.id == ctx.actor.org);
    let told = compare::told(&programme);
    let view = OwnView {
        around: list.around(),
        compared: compare::compared(&programme, &facts, &cut, &[("", cut.in_year(cut.year - 1))]),
        course: course(&programme, &told, &facts, &cut),
        clocks: places::clock_sums(&programme, &current, &cut),
        places: several
            .then(|| places::places(&programme, &facts, &columns(&programme, |_| true), (&current, &cut))),
    };
    let lead = if is_own {
        "本校的数，与本校上一年放在一起看；点任何一个数，看到它的统计口径和逐条记录。"
    } else {
        "所结对院校的数，与上一年放在一起看；点任何一个数，看到它的统计口径和逐条记录。"
    };
    let page = Page::new("全局概览", lead).clause("S1.4").clause("S1.6").kind("overview");
    Reply::view("oversight/dashboard/own.html", page, &view)
}

/// How many persons it is about, year by year: what the year-profile tells.
fn course(programme: &Programme, told: &[&Indicator], facts: &Facts, cut: &Slice) -> Option<PictureView> {
    let years: Vec<i32> = (cut.year + 1 - YEARS..=cut.year).collect();
    let of_persons =
        |of: &&&Indicator| matches!(of.of, IndicatorOf::Profile { .. }) && of.unit == Unit::Persons;
    let mut picture = Multiples::new("历年人数", Unit::Persons, years.iter().map(|year| format!("{year}年")));
    let mut any = false;
    for of in told.iter().filter(of_persons) {
        let value = |year: &i32| facts.reading(programme, of, &cut.in_year(*year)).confirmed;
        let values: Vec<Reported<i64>> = years.iter().map(value).collect();
        if values.iter().all(|value| value.value().is_none()) {
            continue;
        }
        any = true;
        let href = format!("/indicators/{}?{}", of.id, cut.query());
        picture = picture.panel(Panel::new(of.name.clone(), values).opens(href));
    }
    any.then(|| drawn("course", &Picture::Multiples(picture)))
}
