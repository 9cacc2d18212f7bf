//! How the county schools visible to the caller stand to the standards of their levels.

use super::super::rules;
use crate::evidence::profiles;
use crate::network::registry::{self, OrgRow, SchoolFilter, city_choices};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::{
    Attained, Attainment, NeedClass, Programme, Standard, Values, attainment, newest_accepted, standard_for,
};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use jiedui_web::sorting::{Key, Orders};
use serde::Serialize;

#[derive(Serialize)]
struct StandardLine {
    school: Link,
    city: String,
    place: String,
    typical_class: String,
    level: String,
    standard: Option<Link>,
    /// The year of the newest accepted profile.
    year: Option<i32>,
    profile: String,
    state: StateMark,
    because: Vec<String>,
    lacking: Option<Figure>,
    /// The class of need; "" where nothing is known of it.
    need: String,
}

#[derive(Serialize)]
struct Stat {
    name: &'static str,
    figure: Figure,
    state: StateMark,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<StandardLine>,
    stats: Vec<Stat>,
}

/// A school with what was found about it.
struct Found<'a> {
    org: &'a OrgRow,
    standard: Option<&'a Standard>,
    attainment: Option<Attainment>,
    year: Option<i32>,
}

impl Found<'_> {
    /// Where its state stands among all.
    fn place(&self) -> Option<i64> {
        rules::STATES.iter().position(|(state, _)| *state == self.state()).map(|at| at as i64)
    }

    fn state(&self) -> Option<Attained> {
        self.attainment.as_ref().map(|found| found.state)
    }

    /// How many requirements it falls short of.
    fn lacking(&self) -> Option<i64> {
        let items = &self.attainment.as_ref()?.items;
        Some(items.iter().filter(|item| item.judges && item.gap.is_some()).count() as i64)
    }

    /// Of whom nothing was accepted yet, or not enough is known to judge, nobody knows what it needs.
    fn class<'p>(&self, programme: &'p Programme) -> Option<&'p NeedClass> {
        let known = self.year.is_some() && self.state() != Some(Attained::Unknown);
        programme.matching.class_of(self.lacking().filter(|_| known))
    }
}

fn line(programme: &Programme, found: &Found<'_>) -> StandardLine {
    let org = found.org;
    let href = format!("/attainment/{}/gaps", org.id);
    let lacking = found
        .lacking()
        .map(|count| Figure::of(Reported::Value(count), Unit::Items, &href, "没有达到的标准要求"));
    StandardLine {
        school: Link::new(href, org.name.clone()),
        city: org.city.clone().unwrap_or_default(),
        place: org.place.clone(),
        typical_class: org.typical_class.clone(),
        level: org.level.clone(),
        standard: found.standard.map(|of| Link::new(rules::standard_href(&of.id), of.name.clone())),
        year: found.year,
        profile: found.year.map(|year| format!("/profiles/{}/{year}", org.id)).unwrap_or_default(),
        state: rules::state(found.attainment.as_ref()),
        because: found.attainment.as_ref().map(|of| rules::because(programme, of)).unwrap_or_default(),
        lacking,
        need: found.class(programme).map(|class| class.name.clone()).unwrap_or_default(),
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let cities = city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/attainment", Unit::Schools, &ctx.query);
    let fitting = SchoolFilter::read(&mut list, cities);
    let states = rules::STATES.map(|(state, id)| (state, id, rules::state_mark(state).label));
    let asked = list.one_of("state", "结果", states);
    let classes = programme.matching.classes.iter();
    let choices = classes.map(|one| Choice::new(one.id.as_str(), one.name.as_str()));
    let need = list.choice("need", "需求分类", choices.collect());
    let schools = registry::county_schools(&mut ctx.tx, today).await?;
    let population = registry::population(&mut ctx.tx).await?;
    let facts = profiles::facts(&mut ctx.tx).await?;
    let newest = newest_accepted(&facts, today);
    let confirmed = super::super::confirmed(&mut ctx.tx).await?;
    let nothing = Values::new();
    let found: Vec<Found<'_>> = schools
        .iter()
        .filter(|org| fitting.fits(org))
        .map(|org| {
            let fact = newest.get(org.id.as_str()).copied();
            let judged = super::super::judged(org, &population);
            let standard = standard_for(&programme, &judged, fact, today);
            let values = fact.map_or(&nothing, |fact| &fact.values);
            let attainment =
                standard.map(|standard| attainment(&programme, standard, values, &confirmed, today));
            Found { org, standard, attainment, year: fact.map(|fact| fact.year) }
        })
        .filter(|one| need.is_empty() || one.class(&programme).is_some_and(|class| class.id == need))
        .collect();
    let stats = states.into_iter().filter_map(|(of, id, name)| {
        let count = found.iter().filter(|one| one.state() == of).count();
        // Nobody needs to read that no school is without a standard.
        if of.is_none() && count == 0 {
            return None;
        }
        let href = format!("/attainment?{}", ctx.query.with("state", id));
        let figure = Figure::of(Reported::Value(count as i64), Unit::Schools, href, name);
        let state = if count == 0 { StateMark::new("none", name, "–") } else { rules::state_mark(of) };
        Some(Stat { name, figure, state })
    });
    let stats = stats.collect();
    let shown = found.into_iter().filter(|one| asked.is_none_or(|state| state == one.state())).collect();
    let orders = Orders {
        by: &[
            ("county_school", |one: &Found<'_>| Some(one.org.sort_key.as_str().into())),
            ("place", |one| Some(one.org.division.as_str().into())),
            ("typical", |one| Key::unless_empty(&one.org.typical_class)),
            ("tier", |one| Key::unless_empty(&one.org.level)),
            ("basis", |one| one.year.map(|year| i64::from(year).into())),
            ("result", |one| one.place().map(Key::from)),
            ("failed", |one| one.lacking().map(Key::from)),
        ],
        unsorted: &["why"],
    };
    let view = ListView { stats, list: list.arrange(shown, &orders).map(|one| line(&programme, &one)) };
    let lead = "每所县级院校按本层次的设置标准，用最近一年已接收的基本情况判定；缺数的写明缺哪一项。";
    let clauses = ["T1.1", "G2.2", "G0.1", "G0.3"].map(str::to_owned);
    let page = Page::new("达标情况", lead).clauses(&clauses).kind("overview");
    Reply::view("standing/standards/attainment.html", page, &view)
}
