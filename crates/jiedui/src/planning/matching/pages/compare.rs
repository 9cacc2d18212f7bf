//! Two scenarios, or a scenario and what runs now: who changes, what each county school gains or loses, and the sums. Both
//! pairs are valued by the weights and facts of the first, so that the difference is one of pairs alone.

use super::super::actions::scenario::{self as actions, LoadedScenario};
use super::super::data::{self, ScenarioRow};
use super::super::rules::facts::County;
use super::super::rules::setting::Setting;
use super::views::{Move, at, at_school, org_link, points, schools};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::reply::{Choice, Filter, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    id: String,
    filters: Vec<Filter>,
    here: Link,
    there: Link,
    rows: Vec<ComparedLine>,
    same: Figure,
    /// What one pair is worth at most, under the weights of the first.
    full: Figure,
    sums: [Option<Figure>; 3],
    /// Schools that only one of the two pairs.
    only: Vec<Link>,
}

#[derive(Serialize)]
struct ComparedLine {
    school: Link,
    becomes: StateMark,
    here: [Link; 2],
    there: [Link; 2],
    values: [Figure; 2],
    gain: Figure,
    /// Sign of the gain, in words.
    word: &'static str,
}

/// A pair, as ids.
type Pair = (String, String);

fn pair_in(opened: &LoadedScenario, county: &str) -> Option<Pair> {
    opened.answer.pair(county).map(|pair| (pair.lead.clone(), pair.nearby.clone()))
}

fn running(county: &County) -> Option<Pair> {
    county.present.as_ref().map(|present| (present.lead.clone(), present.nearby.clone()))
}

/// What a pair is worth here, allowed or not; none where a school of it is no longer known.
fn worth(setting: &Setting, county: &County, pair: &Pair) -> Option<i64> {
    let (lead, nearby) = (setting.facts.partner(&pair.0)?, setting.facts.partner(&pair.1)?);
    Some(setting.worth(county, lead, nearby).sum())
}

fn line(
    opened: &LoadedScenario,
    county: &County,
    here: &Pair,
    there: &Pair,
) -> Option<(i64, i64, ComparedLine)> {
    let setting = &opened.setting;
    let values = (worth(setting, county, here)?, worth(setting, county, there)?);
    let link = |pair: &Pair| [org_link(&setting.facts, &pair.0), org_link(&setting.facts, &pair.1)];
    let href = at_school(&opened.row.id, &county.id);
    let gain = values.0 - values.1;
    let moved = Move::between(Some((&there.0, &there.1)), (&here.0, &here.1));
    let line = ComparedLine {
        school: Link::new(&href, &county.name),
        becomes: moved.mark(),
        here: link(here),
        there: link(there),
        values: [
            points(values.0, &href, "按本方案的得分"),
            points(values.1, &href, "按本方案的权重，换成对方的结对时的得分"),
        ],
        gain: points(gain.abs(), &href, "这所学校得分的差别"),
        word: match gain.signum() {
            1 => "多",
            -1 => "少",
            _ => "相同",
        },
    };
    Some((values.0, values.1, line))
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    let with = ctx.query.get("with").to_owned();
    let other = match with.as_str() {
        "" | "present" => None,
        with => Some(actions::open(&mut ctx.tx, with).await?),
    };
    let (mut rows, mut only, mut same, mut sums) = (Vec::new(), Vec::new(), 0, (0, 0));
    for county in &opened.setting.facts.counties {
        let here = pair_in(&opened, &county.id);
        let there = other.as_ref().map_or_else(|| running(county), |other| pair_in(other, &county.id));
        match (here, there) {
            (Some(here), Some(there)) => {
                let Some((mine, theirs, line)) = line(&opened, county, &here, &there) else { continue };
                sums = (sums.0 + mine, sums.1 + theirs);
                if here == there {
                    same += 1;
                } else {
                    rows.push(line);
                }
            }
            (None, None) => {}
            _ => only.push(Link::new(at_school(&id, &county.id), &county.name)),
        }
    }
    let href = format!("{}#pairs", at(&id));
    let sum = |value: i64, label: &str| Some(points(value, href.as_str(), label));
    let view = ShowView {
        id: id.to_string(),
        filters: vec![
            Filter::select("with", "与哪个比较", &with, choices(ctx, &id).await?).blank("现有结对"),
        ],
        here: Link::new(at(&id), &opened.row.name),
        there: other.as_ref().map_or_else(
            || Link::new("/pairings?state=running", "现有结对"),
            |other| Link::new(at(&other.row.id), &other.row.name),
        ),
        rows,
        same: schools(same, href.as_str(), "两边相同的县级院校"),
        full: points(opened.setting.full_pair(), href.as_str(), "一对的满分：每个分项都得满分"),
        sums: [
            sum(sums.0, "本方案的综合得分（两边都有的学校）"),
            sum(sums.1, "对方的结对按本方案权重的综合得分"),
            sum(sums.0 - sums.1, "综合得分之差"),
        ],
        only,
    };
    let page =
        Page::new("比较两组结对", "谁换、换成谁、每所学校多得或少得多少；得分都按本方案的权重和数据。")
            .clause("G1.1")
            .back(at(&id), opened.row.name.clone())
            .kind("list");
    Reply::view("planning/matching/compare.html", page, &view)
}

async fn choices(ctx: &mut RequestContext, id: &str) -> Result<Vec<Choice>> {
    let rows = ctx.tx.all::<ScenarioRow>(&data::ALL, Vec::new()).await?;
    Ok(rows.iter().filter(|row| row.id != id).map(|row| Choice::new(&row.id, &row.name)).collect())
}
