//! One school: its majors with their figures and the advice on each, and the county's demand beside its supply.

use super::super::data::{OfferRow, OfferState};
use super::super::rules;
use super::seen::{Reader, Seen};
use super::survey::{self, Category, Survey};
use crate::network::registry::{self, OrgRow};
use jiedui_kernel::{Date, Reported, Result, Unit};
use jiedui_programme::{Advice, MajorAdvice, Reason, Signal};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    school: OrgRow,
    majors: Vec<Major>,
    categories: Vec<CategoryLine>,
    missing: Vec<CategoryLine>,
    /// Only majors with this advice are shown.
    only: &'static str,
    our_reading: bool,
    advises: bool,
    own: bool,
    unverified: bool,
    /// Something of it is not shown to the caller.
    hides: bool,
}

/// A major as pages show it.
#[derive(Serialize)]
pub struct Major {
    pub href: String,
    pub name: String,
    pub category: String,
    pub code: String,
    /// What is to be known of its name: not verified, or in no catalogue.
    pub note: &'static str,
    pub state: StateMark,
    pub from_day: Date,
    pub to_day: Option<Date>,
    pub year: Option<i64>,
    pub figures: Vec<Figure>,
    pub advice: Option<StateMark>,
    pub reasons: Vec<Said>,
    pub differs: String,
}

/// A reason: figure, how it stands, bound.
#[derive(Serialize)]
pub struct Said {
    pub name: &'static str,
    /// None where it is not known, or not shown.
    pub value: Option<Figure>,
    pub than: &'static str,
    pub bound: Option<Figure>,
    pub bound_name: &'static str,
    /// Whether it is why the advice is not to keep it.
    pub against: bool,
}

/// `hides`: from the number one could tell what is not shown.
pub fn said(reason: Reason, href: &str, hides: bool) -> Said {
    let known = matches!(reason.value, Reported::Value(_));
    let value = Figure::of(reason.value, reason.unit, href, reason.name);
    // A bound means nothing beside a figure that is not there.
    let bound = reason.bound.filter(|_| known);
    let figure = |bound| Figure::of(Reported::Value(bound), reason.unit, "/majors/rules", reason.bound_name);
    Said {
        name: reason.name,
        value: (known && !hides).then_some(value),
        than: reason.than,
        bound: bound.map(figure),
        bound_name: reason.bound_name,
        against: matches!(reason.signal, Signal::Against | Signal::Weak),
    }
}

pub fn major(survey: &Survey, seen: &Seen, offer: &OfferRow, advice: Option<Advice>) -> Major {
    let href = format!("/majors/offers/{}", offer.id);
    let newest = survey.years(&offer.id).first();
    let planned = offer.state == OfferState::Planned;
    let unknown = if planned { Reported::NotApplicable } else { Reported::NotReported };
    let year = survey.year_of(offer);
    let county = survey.graduates(&offer.division, &offer.category, year);
    let own_hidden = newest.is_some_and(|row| seen.hides(row));
    let county_hidden = seen.county(survey, (&offer.category, year), county).is_some();
    // What is said of the county is a number of persons; rates are of the major alone.
    let hides = |reason: &Reason| own_hidden || (county_hidden && reason.unit == Unit::Persons);
    let told = |reason: Reason| {
        let hides = hides(&reason);
        said(reason, &href, hides)
    };
    let verdict = advice.as_ref().map(|advice| rules::verdict_mark(advice.verdict));
    let reasons = advice.map_or_else(Vec::new, |advice| advice.reasons);
    let note = match (&offer.major, offer.verified) {
        (None, _) => "不在目录里",
        (_, Some(true)) => "",
        _ => "目录未核实",
    };
    Major {
        name: offer.name.clone(),
        category: offer.category.clone(),
        code: offer.code.clone().unwrap_or_default(),
        note,
        state: rules::state_mark(offer.state),
        from_day: offer.from_day,
        to_day: offer.to_day,
        year: newest.map(|row| row.year),
        figures: seen.figures(newest.filter(|_| !planned), unknown, &href),
        advice: verdict,
        reasons: reasons.into_iter().map(told).collect(),
        differs: offer.differs.clone(),
        href,
    }
}

#[derive(Serialize)]
pub struct CategoryLine {
    name: String,
    posts: Figure,
    year: Option<i64>,
    source: String,
    graduates: Figure,
    offered: Figure,
    planned: Figure,
    advice: Option<StateMark>,
    reasons: Vec<Said>,
}

fn category_line(survey: &Survey, seen: &Seen, one: Category, href: &str) -> CategoryLine {
    let shown = seen.county(survey, (&one.name, one.graduated_in), one.graduates);
    let demand = one.demand.as_ref();
    let posts = demand.map_or(Reported::NotReported, |row| Reported::Value(row.posts));
    let count = |value: i64, label: &str| Figure::of(Reported::Value(value), Unit::Items, href, label);
    CategoryLine {
        posts: Figure::of(posts, Unit::Persons, href, format!("{}每年岗位", one.name)),
        year: demand.map(|row| row.year),
        source: demand.map(|row| row.source.clone()).unwrap_or_default(),
        graduates: seen.county_figure(shown, one.graduates, (href, &format!("{}毕业生", one.name))),
        offered: count(one.offered, "本县开设的专业"),
        planned: count(one.planned, "本县拟设的专业"),
        advice: one.advice.as_ref().map(|advice| rules::verdict_mark(advice.verdict)),
        reasons: one
            .advice
            .map(|advice| advice.reasons.into_iter().map(|reason| said(reason, href, false)).collect())
            .unwrap_or_default(),
        name: one.name,
    }
}

/// Who the caller is to a school.
pub fn reader(ctx: &RequestContext, school: &OrgRow) -> Reader {
    if school.id == ctx.actor.org {
        Reader::School
    } else if ctx.actor.scope.covers(&school.path) {
        Reader::Above
    } else {
        Reader::Elsewhere
    }
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (id, programme) = (ctx.param("id"), ctx.programme());
    let school = registry::find(&mut ctx.tx, &id).await?;
    let survey = survey::read(&mut ctx.tx, &id).await?;
    let reader = (reader(ctx, &school), ctx.actor.org.as_str());
    let seen = Seen::of(&survey, &programme, reader, &school.division);
    let rules = programme.majors.as_ref();
    let only = MajorAdvice::ALL.into_iter().find(|verdict| verdict.id() == ctx.query.get("advice"));
    let mut majors = Vec::new();
    for offer in &survey.offers {
        let advice = rules.and_then(|rules| survey.advice(rules, offer));
        if only.is_none_or(|only| advice.as_ref().is_some_and(|advice| advice.verdict == only)) {
            majors.push(major(&survey, &seen, offer, advice));
        }
    }
    let href = format!("/majors/{id}");
    let order = &programme.matching.categories.names;
    let all = survey.categories(rules, &school.division, order);
    let wanted =
        |one: &Category| one.advice.as_ref().is_some_and(|advice| advice.verdict == MajorAdvice::Open);
    let line = |one: Category| category_line(&survey, &seen, one, &href);
    let missing = all.iter().filter(|one| wanted(one)).cloned().map(line).collect();
    let view = View {
        unverified: majors.iter().any(|major| !major.note.is_empty()),
        majors,
        missing,
        categories: all.into_iter().map(line).collect(),
        hides: seen.hides_any(),
        only: only.map_or("", MajorAdvice::label),
        our_reading: rules.is_some_and(|rules| rules.our_reading),
        advises: rules.is_some(),
        own: ctx.actor.org == school.id && ctx.can("major", "edit"),
        school,
    };
    let lead =
        "每个专业的年度数字、建议和理由，旁边是本县产业每年要多少人。学校可以不照建议办，写明原因就行。";
    let page = Page::new(format!("{}的专业", view.school.name), lead)
        .clause("T5.2")
        .clause("T5.3")
        .back("/majors", "专业布局")
        .kind("detail");
    Reply::view("evidence/majors/school.html", page, &view)
}
