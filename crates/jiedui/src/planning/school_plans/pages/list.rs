//! The list of plans, drafted or not, and how one begins.

use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, typical_choices};
use crate::planning::school_plans::data::PlanRow;
use crate::planning::school_plans::rules::{self, Listed};
use crate::planning::school_plans::{self, actions};
use crate::shared::review::State as _;
use jiedui_kernel::{Date, Result, Unit};
use jiedui_programme::{PlanTemplate, Programme};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::StateMark;
use jiedui_web::listing::{self, Listing};
use jiedui_web::reply::{Choice, Flash, Page, Reply};
use jiedui_web::sorting::{Key, Orders};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: listing::Listed<PlanLine>,
    /// Templates whose parties the office must still confirm.
    our_reading: Vec<String>,
}

/// A plan of one school, drafted or not.
#[derive(Serialize)]
struct PlanLine {
    pairing: String,
    county_name: String,
    /// In the order of names.
    #[serde(skip)]
    county_key: String,
    #[serde(skip)]
    city_code: String,
    city: String,
    place: String,
    typical: bool,
    template: String,
    template_name: String,
    href: String,
    edition: Option<i64>,
    agreed_on: Option<String>,
    /// The edition in force, where it is not the latest.
    held: Option<String>,
    state: StateMark,
    listed: Listed,
    can_begin: bool,
}

/// What the address asks for.
struct Asked {
    q: String,
    city: String,
    template: String,
    state: Option<Listed>,
    typical: String,
    pairing: String,
}

impl Asked {
    fn pairing(&self, row: &PairingRow, today: Date) -> bool {
        let runs = pairings::rules::runs(row.from_day, row.to_day, today) || row.from_day > today;
        let names = [&row.county_name, &row.lead_name, &row.nearby_name];
        (if self.pairing.is_empty() { runs } else { row.id == self.pairing })
            && names.into_iter().any(|name| name.contains(&self.q))
            && (self.city.is_empty() || row.city_code == self.city)
            && registry::fits_typical(&self.typical, !row.typical_class.is_empty())
    }

    fn line(&self, line: &PlanLine) -> bool {
        (self.template.is_empty() || line.template == self.template)
            && self.state.is_none_or(|state| state == line.listed)
    }
}

impl PlanLine {
    /// Where its state stands among all that the list knows.
    fn standing(&self) -> Option<i64> {
        rules::LISTED.iter().position(|(listed, _)| *listed == self.listed).map(|at| at as i64)
    }
}

fn line(
    ctx: &RequestContext,
    template: &PlanTemplate,
    pairing: &PairingRow,
    plan: Option<&PlanRow>,
) -> PlanLine {
    let running = pairing.to_day.is_none_or(|end| ctx.today <= end);
    PlanLine {
        pairing: pairing.id.clone(),
        county_name: pairing.county_name.clone(),
        county_key: pairing.county_key.clone(),
        city_code: pairing.city_code.clone(),
        city: pairing.city.clone(),
        place: pairing.place.clone(),
        typical: !pairing.typical_class.is_empty(),
        template: template.id.clone(),
        template_name: template.name.clone(),
        href: plan.map(|plan| format!("/plans/{}", plan.id)).unwrap_or_default(),
        edition: plan.map(|plan| plan.edition),
        agreed_on: plan.and_then(|plan| plan.agreed_on).map(|day| day.to_string()),
        held: plan
            .and_then(|plan| plan.held.clone().filter(|held| *held != plan.id))
            .map(|held| format!("/plans/{held}")),
        state: rules::state(plan),
        listed: rules::listed(plan),
        can_begin: plan.is_none()
            && running
            && ctx.can("school_plan", "draft")
            && actions::drafting_org(template, pairing) == ctx.actor.org,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let all = pairings::in_scope(&mut ctx.tx).await?;
    let (list, asked) = asked(ctx, &programme, &all);
    let plans = school_plans::in_scope(&mut ctx.tx).await?;
    let key =
        |plan: &PlanRow| (plan.template.clone(), plan.pairing.clone().unwrap_or_else(|| plan.org.clone()));
    let plans: HashMap<(String, String), &PlanRow> = plans.iter().map(|plan| (key(plan), plan)).collect();
    let mut lines = Vec::new();
    for pairing in all.iter().filter(|row| asked.pairing(row, ctx.today)) {
        for template in &programme.templates {
            let of = if actions::of_pairing(template) { &pairing.id } else { &pairing.county_school };
            let plan = plans.get(&(template.id.clone(), of.clone())).copied();
            lines.push(line(ctx, template, pairing, plan));
        }
    }
    lines.retain(|line| asked.line(line));
    let orders = Orders {
        by: &[
            ("county_school", |line: &PlanLine| Some(line.county_key.as_str().into())),
            ("place", |line| Some(line.city_code.as_str().into())),
            ("scenario", |line| Some(line.template_name.as_str().into())),
            ("edition", |line| line.edition.map(Key::from)),
            ("state", |line| line.standing().map(Key::from)),
            ("effective", |line| line.agreed_on.as_deref().map(Key::from)),
        ],
        unsorted: &[],
    };
    let view = ListView {
        list: list.arrange(lines, &orders),
        our_reading: programme
            .templates
            .iter()
            .filter(|of| of.our_reading)
            .map(|of| of.name.clone())
            .collect(),
    };
    let page = Page::new(
        "协作方案与达标方案",
        "每所县级院校的协作方案和达标方案：谁起草、各方同意到哪一步、现行哪一版。",
    )
    .clause("G1.3")
    .clause("T1.1")
    .clause("T2.2")
    .kind("list");
    Reply::view("planning/school_plans/list.html", page, &view)
}

fn asked(ctx: &RequestContext, programme: &Programme, all: &[PairingRow]) -> (Listing, Asked) {
    let mut cities: Vec<(&str, &str)> =
        all.iter().map(|row| (row.city_code.as_str(), row.city.as_str())).collect();
    cities.sort_unstable();
    cities.dedup();
    let cities = cities.into_iter().map(|(code, city)| Choice::new(code, city)).collect();
    let templates = programme.templates.iter().map(|of| Choice::new(&of.id, &of.name)).collect();
    let states = rules::LISTED.map(|(listed, name)| (listed, listed.text(), name));
    let mut list = Listing::at("/plans", Unit::Entries, &ctx.query);
    let asked = Asked {
        q: list.text("q", "学校名称"),
        city: list.choice("city", "所在市", cities),
        template: list.choice("template", "方案", templates),
        state: list.one_of("state", "状态", states),
        typical: list.choice("typical", "典型县", typical_choices()),
        pairing: list.id("pairing"),
    };
    (list, asked)
}

/// Begins a plan of a pairing, or leads to the edition that is open already.
pub async fn begin(ctx: &mut RequestContext) -> Result<Reply> {
    let (pairing, template) =
        (ctx.form.values.get("pairing").to_owned(), ctx.form.values.get("template").to_owned());
    let pairing = pairings::find(&mut ctx.tx, &pairing).await?;
    let programme = ctx.programme();
    let id = actions::begin(&mut ctx.tx, &programme, &pairing, &template).await?;
    let text = "已开始起草。写好后保存，再征求各方同意；没写完可以随时回来接着写。";
    Ok(Reply::done(format!("/plans/{id}/edit"), Flash::done(text)))
}
