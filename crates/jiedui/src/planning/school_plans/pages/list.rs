//! The list of plans, drafted or not, and how one begins.

use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, typical_choices};
use crate::planning::school_plans::data::PlanRow;
use crate::planning::school_plans::rules::{self, Listed};
use crate::planning::school_plans::{self, actions};
use crate::shared::review::State as _;
use jiedui_kernel::{Date, Result, Unit};
use jiedui_programme::{Programme, Template};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{PAGE_SIZE, Pager, StateMark};
use jiedui_web::form::FormValues;
use jiedui_web::reply::{Choice, Filter, Flash, Page, Reply};
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    rows: Vec<Line>,
    pager: Pager,
    /// Templates whose parties the office must still confirm.
    our_reading: Vec<String>,
}

/// A plan of one school, drafted or not.
#[derive(Serialize)]
struct Line {
    pairing: String,
    county_name: String,
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

/// Which pairings and plans the list holds, by its address.
struct Wanted<'a> {
    query: &'a FormValues,
}

impl Wanted<'_> {
    fn pairing(&self, row: &PairingRow, today: Date) -> bool {
        let get = |name: &str| self.query.get(name);
        let named = |name: &String| name.contains(get("q"));
        let one = get("pairing");
        let runs = pairings::rules::runs(row.from_day, row.to_day, today) || row.from_day > today;
        (if one.is_empty() { runs } else { row.id == one })
            && (get("q").is_empty()
                || [&row.county_name, &row.lead_name, &row.nearby_name].into_iter().any(named))
            && (get("city").is_empty() || row.city_code == get("city"))
            && registry::fits_typical(get("typical"), !row.typical_class.is_empty())
    }

    fn line(&self, line: &Line) -> bool {
        let fits = |name: &str, value: &str| self.query.get(name).is_empty() || self.query.get(name) == value;
        fits("template", &line.template) && fits("state", line.listed.text())
    }
}

fn line(ctx: &RequestContext, template: &Template, pairing: &PairingRow, plan: Option<&PlanRow>) -> Line {
    let running = pairing.to_day.is_none_or(|end| ctx.today <= end);
    Line {
        pairing: pairing.id.clone(),
        county_name: pairing.county_name.clone(),
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
    let query = ctx.query.clone();
    let all = pairings::in_scope(&mut ctx.tx).await?;
    let plans = school_plans::in_scope(&mut ctx.tx).await?;
    let key =
        |plan: &PlanRow| (plan.template.clone(), plan.pairing.clone().unwrap_or_else(|| plan.org.clone()));
    let plans: HashMap<(String, String), &PlanRow> = plans.iter().map(|plan| (key(plan), plan)).collect();
    let wanted = Wanted { query: &query };
    let mut lines = Vec::new();
    for pairing in all.iter().filter(|row| wanted.pairing(row, ctx.today)) {
        for template in &programme.templates {
            let of = if actions::of_pairing(template) { &pairing.id } else { &pairing.county_school };
            let plan = plans.get(&(template.id.clone(), of.clone())).copied();
            lines.push(line(ctx, template, pairing, plan));
        }
    }
    lines.retain(|line| wanted.line(line));
    let pager = Pager::new("/plans", &query, lines.len() as i64, Unit::Entries);
    let skip = usize::try_from(pager.offset()).unwrap_or(0);
    let view = ListView {
        filters: filters(&programme, &all, &query),
        rows: lines.into_iter().skip(skip).take(PAGE_SIZE as usize).collect(),
        pager,
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

fn filters(programme: &Programme, all: &[PairingRow], query: &FormValues) -> Vec<Filter> {
    let mut cities: Vec<(&str, &str)> =
        all.iter().map(|row| (row.city_code.as_str(), row.city.as_str())).collect();
    cities.sort_unstable();
    cities.dedup();
    let cities = cities.into_iter().map(|(code, city)| Choice::new(code, city)).collect();
    let templates = programme.templates.iter().map(|of| Choice::new(&of.id, &of.name)).collect();
    let states = rules::LISTED.map(|(listed, name)| Choice::new(listed.text(), name)).to_vec();
    let mut filters = vec![
        Filter::text("q", "学校名称", query.get("q")),
        Filter::select("city", "所在市", query.get("city"), cities),
        Filter::select("template", "方案", query.get("template"), templates),
        Filter::select("state", "状态", query.get("state"), states),
        Filter::select("typical", "典型县", query.get("typical"), typical_choices()),
    ];
    if !query.get("pairing").is_empty() {
        filters.push(Filter::hidden("pairing", query.get("pairing")));
    }
    filters
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
