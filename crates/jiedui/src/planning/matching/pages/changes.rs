//! How many schools change hands, and what each further change gains: the best pairing with none, one, two … changes of
//! the present pairs, each proven, up to the best of all (decision by those who would have to part).

use super::super::actions::scenario;
use super::super::rules::setting::Setting;
use super::super::rules::solve::changes;
use super::views::{at, at_school, points, schools};
use jiedui_kernel::Result;
use jiedui_matching::{Assigned, Curve, Solution, Step};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::reply::{Field, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    href: String,
    least: Field,
    rows: Vec<Row>,
    /// Schools that have a pair now.
    paired: Figure,
    /// Why nothing can be said.
    empty: Option<&'static str>,
}

#[derive(Serialize)]
struct Row {
    changes: Figure,
    total: Option<Figure>,
    /// Against the row before.
    gain: Option<Figure>,
    /// Who changes: the county school, the pair it has and the one it gets.
    who: Vec<(Link, String)>,
    /// County schools that cannot stay, where so few changes are not possible.
    cannot: Vec<Link>,
    proven: bool,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = scenario::open(&mut ctx.tx, &id).await?;
    let (setting, href) = (&opened.setting, format!("{}/changes", at(&opened.row.id)));
    let least = ctx.query.whole("least").filter(|least| (0..=1_000_000).contains(least)).unwrap_or(0);
    let draft = setting.draft_of_changes(least);
    let paired = draft.present.len() as i64;
    let curve = if paired == 0 { None } else { changes(draft).await? };
    let rows: Vec<Row> = match &curve {
        Some(curve) => rows(setting, &opened.row.id, &href, curve),
        None => Vec::new(),
    };
    let field = Field::new("least", "每换一所至少多得几分").value(least.to_string());
    let view = ShowView {
        empty: match (paired, rows.is_empty()) {
            (0, _) => Some("参加测算的县级院校现在都没有结对，谈不上更换。"),
            (_, true) => Some("按现在的条件没有可行的结对，先在测算里调整条件。"),
            _ => None,
        },
        paired: schools(paired, &href, "现在有结对的县级院校"),
        least: field.help("不到这个分数的更换不做；填零表示只看得分。"),
        rows,
        href,
    };
    let page = Page::new("换几所，得多少", "从一所也不换开始，每多换几所各自最好的结对，每一行都经过证明。")
        .clause("G1.1")
        .back(at(&opened.row.id), opened.row.name.clone())
        .kind("detail");
    Reply::view("planning/matching/changes.html", page, &view)
}

fn rows(setting: &Setting, id: &str, href: &str, curve: &Curve) -> Vec<Row> {
    let mut before: Option<i64> = None;
    let mut made = Vec::new();
    for step in &curve.steps {
        let row = row(setting, id, href, step, before);
        // What gains nothing is no further choice.
        if before.is_none() || step.solution.objective.is_none() || step.solution.objective > before {
            made.push(row);
        }
        before = step.solution.objective.or(before);
    }
    made
}

fn row(setting: &Setting, id: &str, href: &str, step: &Step, before: Option<i64>) -> Row {
    let solution = &step.solution;
    let gain = solution.objective.zip(before).map(|(now, before)| now - before);
    Row {
        changes: schools(step.at_most, href, "最多更换的县级院校"),
        total: solution.objective.map(|total| points(total, href, "综合得分")),
        gain: gain.map(|gain| points(gain, href, "比少换一些多得")),
        who: who(setting, id, solution),
        cannot: cannot(setting, id, solution),
        proven: solution.objective.is_some() && solution.objective == solution.bound,
    }
}

fn who(setting: &Setting, id: &str, solution: &Solution) -> Vec<(Link, String)> {
    let name = |id: &str| setting.facts.name(id).to_owned();
    let moved = |pair: &Assigned| {
        let present = setting.facts.county(&pair.county_school)?.present.as_ref()?;
        let part = |word: &str, had: &str, gets: &str| {
            (had != gets).then(|| format!("{word} {} → {}", name(had), name(gets)))
        };
        let parts = [part("牵头", &present.lead, &pair.lead), part("配合", &present.nearby, &pair.nearby)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let link = Link::new(at_school(id, &pair.county_school), name(&pair.county_school));
        (!parts.is_empty()).then(|| (link, parts.join("，")))
    };
    solution.assignment.iter().filter_map(moved).collect()
}

fn cannot(setting: &Setting, id: &str, solution: &Solution) -> Vec<Link> {
    let schools = solution.infeasible_because.iter().flat_map(|reason| &reason.county_schools);
    schools.map(|school| Link::new(at_school(id, school), setting.facts.name(school))).collect()
}
