//! How many schools change hands, and what each further change gains: the best pairing with none, one, two … changes of
//! the present pairs, each proven, up to the best of all (decision by those who would have to part).

use super::super::actions::scenario::{self, Change, LoadedScenario};
use super::super::rules::body::{Body, LeastGain, MostChanges};
use super::super::rules::setting::Setting;
use super::super::rules::solve::{changes, loss, loss_of_gain};
use super::hand::ChangesLine;
use super::studio::{Resolved, resolve_with};
use super::views::{at, at_school, points, schools};
use jiedui_kernel::{Code, Date, FieldError, Reported, Result, Unit};
use jiedui_matching::{Assigned, Curve, Solution, Step};
use jiedui_pictures::{Look, Mark, Picture, Series, Trend};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::form::Reader;
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Field, Page, Reply};
use jiedui_web::work::Prepared;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct ShowView {
    href: String,
    version: i64,
    editable: bool,
    least: Field,
    rows: Vec<Row>,
    curve: Option<PictureView>,
    /// Schools whose pair runs on the day of the facts.
    paired: Figure,
    /// What the sum is at most.
    full: Figure,
    /// Those whose pair is settled and begins later.
    later: Vec<Later>,
    /// The limit that the scenario has.
    limit: Option<ChangesLine>,
    form: [Field; 3],
    errors: Vec<FieldError>,
    /// Why nothing can be said.
    empty: Option<&'static str>,
}

/// A county school whose pair begins later.
#[derive(Serialize)]
pub struct Later {
    pub school: Link,
    pub from: String,
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

/// Nothing gains more, so that whatever asks for more asks for no change at all.
const MOST_POINTS: i64 = 1_000_000;

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = scenario::open(&mut ctx.tx, &id).await?;
    page(ctx, &opened, Vec::new()).await
}

/// Those who take part and have a pair: whether it runs on the day of the facts, or which day it begins later.
pub fn present(id: &str, setting: &Setting, day: Date) -> (i64, Vec<Later>) {
    let (mut running, mut later) = (0, Vec::new());
    for county in setting.taking_part() {
        let Some(present) = &county.present else { continue };
        if present.from <= day {
            running += 1;
        } else {
            let school = Link::new(at_school(id, &county.id), &county.name);
            later.push(Later { school, from: present.from.to_string() });
        }
    }
    (running, later)
}

async fn page(ctx: &mut RequestContext, opened: &LoadedScenario, errors: Vec<FieldError>) -> Result<Reply> {
    let (setting, href) = (&opened.setting, format!("{}/changes", at(&opened.row.id)));
    let asked = ctx.query.whole("least").filter(|least| (0..=MOST_POINTS).contains(least));
    let least = asked.or(setting.body.least_gain.as_ref().map(|least| least.points)).unwrap_or(0);
    let draft = setting.draft_of_changes(least);
    let some = !draft.present.is_empty();
    let curve = if some { changes(draft).await? } else { None };
    let (paired, later) = present(&opened.row.id, setting, opened.row.day);
    let rows: Vec<Row> = match &curve {
        Some(curve) => rows(setting, &opened.row.id, &href, curve),
        None => Vec::new(),
    };
    let field = Field::new("least", "每换一所至少多得几分").value(least.to_string());
    let view = ShowView {
        empty: match (some, rows.is_empty()) {
            (false, _) => Some("参加测算的县级院校现在都没有结对，谈不上更换。"),
            (_, true) => Some("按现在的条件没有可行的结对，先在测算里调整条件。"),
            _ => None,
        },
        full: points(setting.full_sum(), &href, "满分：每一对的每个分项都得满分时的合计"),
        paired: schools(paired, &href, "现在有结对的县级院校"),
        later,
        version: opened.row.version,
        editable: opened.is_draft() && ctx.can("matching", "edit"),
        limit: ChangesLine::of(setting, &href),
        form: form(ctx, setting, &errors),
        errors: errors.clone(),
        curve: curve_of(&rows),
        least: field.help("不到这个分数的更换不做；填零表示只看得分。"),
        rows,
        href,
    };
    let page = Page::new("换几所，得多少", "从一所也不换开始，每多换几所各自最好的结对，每一行都经过证明。")
        .clause("G1.1")
        .back(at(&opened.row.id), opened.row.name.clone())
        .kind("detail");
    Ok(Reply::view("planning/matching/changes.html", page, &view)?.refused(!errors.is_empty()))
}

fn form(ctx: &RequestContext, setting: &Setting, errors: &[FieldError]) -> [Field; 3] {
    let (sent, body) = (&ctx.form.values, &setting.body);
    let again = !sent.get("_csrf").is_empty();
    let value = |name: &str, kept: Option<String>| {
        if again { sent.get(name).to_owned() } else { kept.unwrap_or_default() }
    };
    let (limit, least) = (body.most_changes.as_ref(), body.least_gain.as_ref());
    let kept = limit.map(|limit| limit.reason.clone()).or(least.map(|least| least.reason.clone()));
    let most = Field::new("most", "最多更换几所").value(value("most", limit.map(|now| now.most.to_string())));
    let most = most.help("按县级院校数，换牵头或换配合都算一所；填零就是一所也不换，空着就是不限定。");
    let gain = value("gain", least.map(|now| now.points.to_string()));
    let gain = Field::new("gain", "这次测算每换一所至少多得几分").value(gain);
    let gain = gain.help("换几所，合起来就要多得这个分数的几倍，不够的不换；空着就是不要求。");
    [
        Field { unit: "所".to_owned(), ..most.error(errors) },
        Field { unit: "分".to_owned(), ..gain.error(errors) },
        Field::new("reason", "理由").value(value("reason", kept)).error(errors),
    ]
}

/// What a scenario is asked to say of changes.
struct Limited {
    most: Option<i64>,
    gain: Option<i64>,
    reason: String,
}

impl Limited {
    fn read(read: &mut Reader, ctx: &RequestContext) -> Self {
        let sent = ctx.form.values.clone();
        let mut number = |name: &str, label: &str, range| {
            if sent.get(name).is_empty() { None } else { read.number(&sent, name, label, range) }
        };
        let most = number("most", "最多更换几所", 0..=9_999);
        let gain = number("gain", "每换一所至少多得几分", 1..=MOST_POINTS);
        let reason = read.text(&sent, "reason", "理由", 200).to_owned();
        let lifted = sent.get("most").is_empty() && sent.get("gain").is_empty();
        if !lifted && reason.is_empty() {
            read.fail(
                "reason",
                Code::Missing.says("限定更换的所数或至少多得的分数要写明理由；公布时理由会一并公开。"),
            );
        }
        Self { most, gain, reason }
    }

    fn is_said_by(&self, body: &Body) -> bool {
        let said = |number: Option<i64>| number.map(|number| (number, self.reason.as_str()));
        let (limit, least) = (body.most_changes.as_ref(), body.least_gain.as_ref());
        said(self.most) == limit.map(|limit| (limit.most, limit.reason.as_str()))
            && said(self.gain) == least.map(|least| (least.points, least.reason.as_str()))
    }

    /// The scenario with it; what each of the two costs beside the other is solved.
    fn body(&self, opened: &LoadedScenario) -> Body {
        let (setting, warm) = (&opened.setting, opened.answer.warm());
        let reason = || self.reason.clone();
        let mut body = Body {
            most_changes: self.most.map(|most| MostChanges { most, reason: reason(), loss: None }),
            least_gain: self.gain.map(|points| LeastGain { points, reason: reason(), loss: None }),
            ..setting.body.clone()
        };
        let unlimited = Body { most_changes: None, ..body.clone() };
        let cheap = Body { least_gain: None, ..body.clone() };
        let of_limit = self.most.and_then(|_| loss(setting, &unlimited, &body, warm.clone()));
        let of_gain = self.gain.and_then(|_| loss_of_gain(setting, &cheap, &body, warm));
        if let Some(limit) = &mut body.most_changes {
            limit.loss = of_limit;
        }
        if let Some(least) = &mut body.least_gain {
            least.loss = of_gain;
        }
        body
    }
}

/// Sets, changes or lifts what is said of changes. What it costs is solved and kept with its reason.
pub async fn limit(ctx: &mut RequestContext) -> Result<Prepared<Resolved>> {
    let id = ctx.param("id");
    let opened = scenario::open(&mut ctx.tx, &id).await?;
    let mut read = Reader::default();
    let limited = Limited::read(&mut read, ctx);
    if read.errors.is_empty() && limited.is_said_by(&opened.setting.body) {
        read.fail("most", Code::Unchanged.says("更换的所数和至少多得的分数都没有变化，不用保存。"));
    }
    if !read.errors.is_empty() {
        return page(ctx, &opened, read.errors).await.map(Prepared::Answered);
    }
    resolve_with(ctx, opened, move |opened| {
        let body = limited.body(opened);
        let what = json!({ "most_changes": body.most_changes, "least_gain": body.least_gain });
        Ok((body, Change { kind: "changes", reason: limited.reason, what }))
    })
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

/// What each further change gains, as a curve over the number of changes; none where there is no choice.
fn curve_of(rows: &[Row]) -> Option<PictureView> {
    let totals = || rows.iter().filter_map(|row| row.total.as_ref()?.raw);
    let (least, most) = (totals().min()?, totals().max()?);
    if least == most {
        return None;
    }
    let point = |row: &Row| {
        let total = row.total.as_ref().and_then(|total| total.raw);
        Mark::new("", total.map_or(Reported::NotApplicable, Reported::Value))
    };
    let step = |row: &Row| format!("{}{}", row.changes.raw.unwrap_or_default(), row.changes.unit);
    let trend = Trend::new("综合得分随更换的所数", Unit::Points, ("最多更换", rows.iter().map(step)))
        .begins_at(least.saturating_sub((most - least) / 2).max(0))
        .series(Series::new("综合得分", Look::Main, rows.iter().map(point).collect()));
    Some(PictureView::new("changes", &Picture::Trend(trend)))
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
