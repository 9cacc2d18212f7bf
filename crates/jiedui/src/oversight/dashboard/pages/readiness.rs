//! How far each county school has come (G1.1 to G1.3, S4.1): paired, signed, planned, listed, filed; and what is missing
//! where. One page of county schools in the order of names, typical counties first; no ranking.

use crate::network::pairings::{self, PairingRow};
use crate::network::registry::{self, OrgRow};
use crate::planning::projects::{self, ListRow};
use crate::planning::school_plans::{self, PlanRow, PlanState};
use chrono::Datelike as _;
use jiedui_kernel::{Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::form::FormValues;
use jiedui_web::listing::{Around, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ReadyView {
    #[serde(flatten)]
    around: Around,
    year: i64,
    stats: Vec<Step>,
    rows: Vec<Row>,
    unanswered: bool,
}

/// One of the five steps: how many schools have come so far, and how many have not.
#[derive(Serialize)]
struct Step {
    name: &'static str,
    have: Figure,
    lack: Figure,
}

#[derive(Serialize)]
struct Row {
    county: String,
    href: String,
    city: String,
    typical: bool,
    signed: Option<String>,
    plan: StateMark,
    plan_href: String,
    list: StateMark,
    list_href: String,
    number: String,
    /// Ids of the steps that are done.
    #[serde(skip)]
    done: Vec<&'static str>,
    lacks: Vec<&'static str>,
}

/// In the order in which they follow each other: id, what it is, what is said where it is missing.
const STEPS: [(&str, &str, &str); 5] = [
    ("paired", "已结对", "未结对"),
    ("signed", "已签协议", "协议未签或未三方确认"),
    ("planned", "已定协作方案", "协作方案未定"),
    ("listed", "已拟项目清单", "项目清单未拟"),
    ("filed", "清单已备案", "清单未备案"),
];

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let (list, asked) = asked(ctx).await?;
    let year = asked.year;
    let mut kept = rows(ctx, year).await?;
    kept.retain(|row| asked.fits(row));
    let stats = STEPS.iter().map(|(id, name, _)| step(&kept, id, name, year, &ctx.query)).collect();
    let (have, lack) = (asked.have.as_str(), asked.lack.as_str());
    let shown = kept.into_iter().filter(|row| {
        (have.is_empty() || row.done.contains(&have)) && (lack.is_empty() || !row.done.contains(&lack))
    });
    let view = ReadyView {
        around: list.around(),
        year,
        stats,
        rows: shown.collect(),
        unanswered: ctx.can("need", "read") && !ctx.can("need", "edit"),
    };
    let lead = "每所对口县级院校走到哪一步、还缺什么；典型县在前，按区划排列，不排名。";
    let page = Page::new("推进情况", lead)
        .clause("G1.1")
        .clause("G1.2")
        .clause("G1.3")
        .clause("S4.1")
        .kind("overview");
    Reply::view("oversight/dashboard/readiness.html", page, &view)
}

fn step(rows: &[Row], id: &'static str, name: &'static str, year: i64, query: &FormValues) -> Step {
    let have = rows.iter().filter(|row| row.done.contains(&id)).count() as i64;
    let lack = rows.len() as i64 - have;
    let href = |key: &str| {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.append_pair("year", &year.to_string());
        for name in ["q", "city", "typical"].into_iter().filter(|name| !query.get(name).is_empty()) {
            out.append_pair(name, query.get(name));
        }
        out.append_pair(key, id);
        format!("/readiness?{}", out.finish())
    };
    Step {
        name,
        have: Figure::rows(have, Unit::Schools, href("have"), name).big(),
        lack: Figure::rows(lack, Unit::Schools, href("lack"), format!("还没有：{name}")),
    }
}

/// What the address asks for.
struct Asked {
    q: String,
    year: i64,
    /// A step that the schools listed have come to.
    have: String,
    /// A step that they have not come to.
    lack: String,
    /// The name of a city: as this list knows it.
    city: String,
    typical: String,
}

impl Asked {
    /// But for the steps, of which the numbers above the list tell.
    fn fits(&self, row: &Row) -> bool {
        row.county.contains(&self.q)
            && (self.city.is_empty() || row.city == self.city)
            && registry::fits_typical(&self.typical, row.typical)
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<(Listing, Asked)> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let cities = cities.into_iter().map(|city| Choice::new(&city.label, &city.label)).collect();
    let lacks = STEPS.map(|(id, _, words)| Choice::new(id, words)).to_vec();
    let mut list = Listing::at("/readiness", Unit::Schools, &ctx.query);
    let q = list.text("q", "学校名称");
    let year = list.year_or("今年", "清单年度", projects::year_choices(ctx.today));
    let asked = Asked {
        q,
        year: i64::from(year.unwrap_or(ctx.today.year())),
        have: list.word("have", |word| STEPS.iter().any(|(id, ..)| *id == word)),
        lack: list.choice("lack", "还缺什么", lacks),
        city: list.choice("city", "所在市", cities),
        typical: list.choice("typical", "典型县", registry::typical_choices()),
    };
    Ok((list, asked))
}

/// Every county school visible to the caller that is one today, with its running pairing, where it has one.
async fn rows(ctx: &mut RequestContext, year: i64) -> Result<Vec<Row>> {
    let today = ctx.today;
    let schools = registry::county_schools(&mut ctx.tx, today).await?;
    let pairings = pairings::in_scope(&mut ctx.tx).await?;
    let plans = school_plans::in_scope(&mut ctx.tx).await?;
    let lists = projects::lists_of(&mut ctx.tx, year, "").await?;
    let divisions = registry::divisions(&mut ctx.tx).await?;
    let city = |school: &OrgRow| {
        let own = divisions.iter().find(|d| d.code == school.division);
        let above = own.filter(|d| d.level == "county").map(|d| d.parent.as_str());
        let city = divisions.iter().find(|d| Some(d.code.as_str()) == above).or(own);
        city.map(|d| d.name.clone()).unwrap_or_default()
    };
    let typical =
        |school: &OrgRow| divisions.iter().any(|d| d.code == school.division && !d.typical_class.is_empty());
    let mut rows: Vec<Row> = schools
        .iter()
        .map(|school| {
            let runs = |row: &&PairingRow| {
                row.county_school == school.id && pairings::rules::runs(row.from_day, row.to_day, today)
            };
            let pairing = pairings.iter().find(runs);
            let plan = pairing
                .and_then(|pairing| plans.iter().find(|plan| plan.pairing.as_ref() == Some(&pairing.id)));
            let list = pairing.and_then(|pairing| lists.iter().find(|list| list.pairing == pairing.id));
            one(school, city(school), typical(school), pairing, plan, list)
        })
        .collect();
    rows.sort_by_key(|row| !row.typical);
    Ok(rows)
}

fn one(
    school: &OrgRow,
    city: String,
    typical: bool,
    pairing: Option<&PairingRow>,
    plan: Option<&PlanRow>,
    list: Option<&ListRow>,
) -> Row {
    let signed = pairing.and_then(|pairing| pairing.agreed_on);
    let planned = pairing.is_some_and(|pairing| pairing.planned_on.is_some());
    let done: Vec<&'static str> = [
        ("paired", pairing.is_some()),
        ("signed", signed.is_some()),
        ("planned", planned),
        ("listed", list.is_some()),
        ("filed", list.is_some_and(|list| list.edition > 0)),
    ]
    .into_iter()
    .filter(|(_, is)| *is)
    .map(|(id, _)| id)
    .collect();
    let missing = STEPS.iter().filter(|(id, ..)| !done.contains(id));
    let id = pairing.map(|pairing| pairing.id.clone()).unwrap_or_default();
    Row {
        county: school.name.clone(),
        href: match pairing {
            Some(pairing) => format!("/pairings/{}", pairing.id),
            None => format!("/registry/{}", school.id),
        },
        city,
        typical,
        signed: signed.map(|day| day.to_string()),
        plan: plan_mark(planned, plan),
        plan_href: plan.map_or_else(|| format!("/plans?pairing={id}"), |plan| format!("/plans/{}", plan.id)),
        list: projects::rules::list_mark(list.map(|list| list.state)),
        list_href: list.map(|list| format!("/lists/{}", list.id)).unwrap_or_default(),
        number: list.map(|list| list.number.clone()).unwrap_or_default(),
        // Without a pairing, nothing else can be there: one word is enough.
        lacks: match pairing {
            None => vec!["未结对"],
            Some(_) => missing.map(|(.., words)| *words).collect(),
        },
        done,
    }
}

fn plan_mark(planned: bool, plan: Option<&PlanRow>) -> StateMark {
    match plan.map(|plan| plan.state) {
        _ if planned => StateMark::new("done", "已定", "●"),
        Some(PlanState::Proposed) => StateMark::new("pending", "征求同意", "○"),
        Some(_) => StateMark::new("active", "起草中", "◐"),
        None => StateMark::new("none", "未起草", "–"),
    }
}
