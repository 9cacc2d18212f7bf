//! All schools visible to the caller: how many majors each offers and what is advised on them. In the order of names, never of
//! anything that could be read as a rank.

use super::super::rules;
use super::survey::{self, Survey};
use crate::network::registry::{self, SchoolFilter};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_programme::{MajorAdvice, MajorRules, Programme, advice};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use jiedui_web::sorting::{Key, Orders};
use serde::Serialize;

#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    list: Listed<OfferLine>,
    sums: Vec<(StateMark, Figure)>,
    advises: bool,
    our_reading: bool,
    can_add: bool,
    can_ask: bool,
    can_import: bool,
    own: String,
}

#[derive(Serialize)]
struct OfferLine {
    school: Link,
    city: String,
    place: String,
    typical_class: String,
    offered: Figure,
    /// In the order of [`MajorAdvice::ALL`].
    advice: Vec<Figure>,
}

/// A school with what was counted of it.
struct Counted {
    school: registry::OrgRow,
    offered: i64,
    /// In the order of [`MajorAdvice::ALL`].
    advice: [i64; 5],
}

/// How often each piece of advice is given to a school: on its majors, and on categories that nobody offers.
fn counts(survey: &Survey, rules: &MajorRules, programme: &Programme, org: &str, division: &str) -> [i64; 5] {
    let mine = survey.offers.iter().filter(|offer| offer.org == org);
    let on_majors = mine.filter_map(|offer| Some(survey.advice(rules, offer)?.verdict));
    let order = &programme.matching.categories.names;
    let missing = survey.categories(Some(rules), division, order);
    // What is not offered and not asked for much needs no word.
    let on_missing = missing.iter().filter_map(|one| Some(one.advice.as_ref()?.verdict));
    let said: Vec<MajorAdvice> =
        on_majors.chain(on_missing.filter(|verdict| *verdict == MajorAdvice::Open)).collect();
    MajorAdvice::ALL.map(|verdict| said.iter().filter(|one| **one == verdict).count() as i64)
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, today) = (ctx.programme(), ctx.today);
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/majors", Unit::Schools, &ctx.query);
    let fitting = SchoolFilter::read(&mut list, cities);
    let verdicts = MajorAdvice::ALL.map(|verdict| Choice::new(verdict.id(), verdict.label())).to_vec();
    let advice = list.choice("advice", "建议", verdicts);
    let survey = survey::read(&mut ctx.tx, "").await?;
    let wanted = MajorAdvice::ALL.iter().position(|verdict| verdict.id() == advice);
    let mut lines = Vec::new();
    let mut sums = [0; 5];
    for school in registry::schools(&mut ctx.tx).await? {
        if !school.county_school || school.ended_on.is_some() || !fitting.fits(&school) {
            continue;
        }
        let found = programme
            .majors
            .as_ref()
            .map_or([0; 5], |rules| counts(&survey, rules, &programme, &school.id, &school.division));
        if wanted.is_some_and(|at| found.get(at).is_none_or(|count| *count == 0)) {
            continue;
        }
        for (sum, count) in sums.iter_mut().zip(found) {
            *sum += count;
        }
        let runs = |one: &&super::super::OfferRow| {
            one.org == school.id && rules::is_offered(one.state, one.from_day, one.to_day, today)
        };
        let offered = survey.offers.iter().filter(runs).count() as i64;
        lines.push(Counted { school, offered, advice: found });
    }
    // Typical counties first (G0.3); within them the order of names stays.
    lines.sort_by_key(|line| line.school.typical_class.is_empty());
    let orders = Orders {
        by: &[
            ("county_school", |line: &Counted| Some(line.school.sort_key.as_str().into())),
            ("place", |line| Some(line.school.division.as_str().into())),
            ("typical", |line| Key::unless_empty(&line.school.typical_class)),
            ("majors", |line| Some(line.offered.into())),
        ],
        unsorted: &["advice"],
    };
    let view = View {
        list: list.arrange(lines, &orders).map(line),
        sums: MajorAdvice::ALL.into_iter().zip(sums).map(sum).collect(),
        advises: programme.majors.is_some(),
        our_reading: programme.majors.as_ref().is_some_and(|rules| rules.our_reading),
        can_add: ctx.can("major", "edit"),
        can_ask: ctx.can("major", "demand"),
        can_import: ctx.can("major", "import"),
        own: ctx.actor.org.clone(),
    };
    let lead = "各校开设的专业，同本县产业用工和就业放在一起看。建议只供参考，不计分、不排名，由学校自己定。";
    let page = Page::new("专业布局", lead).clause("T5.2").clause("T5.3").clause("G0.3").kind("list");
    Reply::view("evidence/majors/list.html", page, &view)
}

fn sum((verdict, count): (MajorAdvice, i64)) -> (StateMark, Figure) {
    let (href, mark) = (format!("/majors?advice={}", verdict.id()), rules::verdict_mark(verdict));
    (mark, Figure::of(Reported::Value(count), Unit::Items, href, mark.label))
}

fn line(Counted { school, offered, advice }: Counted) -> OfferLine {
    let href = format!("/majors/{}", school.id);
    let figure = |(verdict, count): (MajorAdvice, i64)| {
        let href = format!("{href}?advice={}", verdict.id());
        Figure::of(Reported::Value(count), Unit::Items, href, verdict.label())
    };
    OfferLine {
        school: Link::new(&href, &school.name),
        city: school.city.unwrap_or_default(),
        place: school.place,
        typical_class: school.typical_class,
        offered: Figure::of(Reported::Value(offered), Unit::Items, &href, "现在开设的专业"),
        advice: MajorAdvice::ALL.into_iter().zip(advice).map(figure).collect(),
    }
}

#[derive(Serialize)]
struct RulesView {
    about: String,
    our_reading: bool,
    bounds: Vec<Bound>,
    examples: Vec<(String, StateMark)>,
}

#[derive(Serialize)]
struct Bound {
    name: &'static str,
    about: &'static str,
    figure: Figure,
}

/// From what the advice comes about, with worked examples.
pub async fn rules_page(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let Some(rules) = &programme.majors else { return Err(jiedui_kernel::Error::NotFound) };
    let bound = |name, about, value, unit| {
        let figure = Figure::of(Reported::Value(value), unit, "/majors/rules", name);
        Bound { name, about, figure }
    };
    let rate = Unit::BasisPoints;
    let view = RulesView {
        about: rules.about.clone(),
        our_reading: rules.our_reading,
        bounds: vec![
            bound("就业率要求", "就业人数除以毕业人数，不低于它为好", rules.employment_good, rate),
            bound("就业率下限", "低于它，又供过于求，才建议停招", rules.employment_poor, rate),
            bound("对口就业率要求", "对口就业人数除以就业人数，低于它建议调整", rules.in_field_poor, rate),
            bound(
                "毕业生对岗位的上限",
                "本县同类毕业生占每年岗位的比例，超过算供过于求",
                rules.graduates_per_posts,
                rate,
            ),
            bound("招生降幅", "一年降这么多，建议调整", rules.enrolment_fall, rate),
            bound(
                "新设的下限",
                "每年岗位达到它、本县没有学校开设，建议开设",
                rules.posts_to_open,
                Unit::Persons,
            ),
        ],
        examples: rules
            .examples
            .iter()
            .map(|one| (one.about.clone(), rules::verdict_mark(advice(rules, &one.facts).verdict)))
            .collect(),
    };
    let page = Page::new(
        "专业建议的统计口径",
        "建议由各专业的年度数字对照下面的标准值得出；标准值写在方案数据里，省办可以调整。",
    )
    .clause("T5.2")
    .back("/majors", "专业布局")
    .kind("detail");
    Reply::view("evidence/majors/rules.html", page, &view)
}
