//! The files of a scenario: question and answer byte for byte, the same as workbooks, and the table for an order.

use super::super::actions::scenario::{self as actions, LoadedScenario};
use super::super::rules::facts::County;
use super::super::rules::setting::{Setting, side_name};
use super::super::rules::solve::SolveOutcome;
use super::super::workbook::{
    AnnexHead, AnnexRow, Decision, Named, Names, Parting, annex_book, annex_paper, certificate_book,
    instance_book,
};
use super::stability::called as component_name;
use super::views::Move;
use crate::shared::papers;
use jiedui_documents::paper::Block;
use jiedui_kernel::{Date, Error, Result};
use jiedui_matching::{Instance, Solution};
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::download::{DOCX, JSON, PDF, XLSX};
use jiedui_web::figure::Link;
use jiedui_web::reply::Reply;

/// By the last part of the address: what it is called, and its kind.
const FILES: [(&str, &str, &str); 7] = [
    ("annex.xlsx", "结对安排表（表格）", XLSX),
    ("annex.docx", "结对安排表（公文附件）", DOCX),
    ("annex.pdf", "结对安排表（打印稿）", PDF),
    ("certificate.xlsx", "证明（可重算理论最高分的表格）", XLSX),
    ("instance.xlsx", "测算条件（表格）", XLSX),
    ("instance.json", "测算条件文件", JSON),
    ("result.json", "结果文件", JSON),
];

/// What can be had of a scenario; `at` is where the files lie.
pub fn links(opened: &LoadedScenario, at: &str) -> Vec<Link> {
    let paired = opened.answer.objective().is_some();
    let has = |name: &str| paired || name.starts_with("instance");
    let link = |(name, label, _): &(&str, &str, &str)| Link::new(format!("{at}/files/{name}"), *label);
    FILES.iter().filter(|(name, ..)| has(name)).map(link).collect()
}

pub async fn of_scenario(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let opened = actions::open(&mut ctx.tx, &id).await?;
    file(ctx, opened)
}

/// The file that the address names.
pub fn file(ctx: &RequestContext, opened: LoadedScenario) -> Result<Reply> {
    let wanted = ctx.param("file");
    let (name, label, mime) = FILES.iter().find(|(name, ..)| *name == wanted).ok_or(Error::NotFound)?;
    let (_, ending) = name.rsplit_once('.').ok_or(Error::NotFound)?;
    let title = format!("{}-{label}.{ending}", called(&opened));
    let names = names(&opened, &ctx.programme());
    let opens = opens(ctx, &opened);
    Ok(Reply::made(title, mime, move || bytes(&wanted, &opened, (&names, opens))))
}

/// The published list, which the annex of an order opens; a draft is for nobody to look up.
fn opens(ctx: &RequestContext, opened: &LoadedScenario) -> Option<Block> {
    let (page, _) = ctx.path.split_once("/files/")?;
    opened.row.published_on.and_then(|_| papers::opens(&ctx.app.outgoing.address, page))
}

/// What the files are called: the office's working name is for its drafts alone.
fn called(opened: &LoadedScenario) -> String {
    opened.row.published_on.map_or_else(|| opened.row.name.clone(), |day| format!("{day}公布的结对名单"))
}

fn bytes(name: &str, opened: &LoadedScenario, (names, opens): (&Names, Option<Block>)) -> Result<Vec<u8>> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match name {
        "instance.json" => Ok(opened.result.instance.clone().into_bytes()),
        "instance.xlsx" => instance_book(instance(opened)?, names),
        _ if opened.answer.objective().is_none() => Err(Error::NotFound),
        "result.json" => Ok(opened.result.result.clone().into_bytes()),
        "certificate.xlsx" => {
            let (instance, solution) = solved(opened)?;
            certificate_book(instance, solution, names)
        }
        "annex.docx" | "annex.pdf" => papers::made(&annex_paper(&rows(opened), &head(opened, opens)), ending),
        _ => annex_book(&rows(opened), &head(opened, None)),
    }
}

fn solved(opened: &LoadedScenario) -> Result<(&Instance, &Solution)> {
    match &opened.answer {
        SolveOutcome::Solved(instance, solution) => Ok((instance, solution)),
        SolveOutcome::Invalid(..) => Err(Error::NotFound),
    }
}

fn instance(opened: &LoadedScenario) -> Result<&Instance> {
    opened.answer.instance().ok_or(Error::NotFound)
}

fn names(opened: &LoadedScenario, programme: &Programme) -> Names {
    let facts = &opened.setting.facts;
    let clauses = programme.clauses.iter();
    let named = |name: &String, place: &String| Named { name: name.clone(), place: place.clone() };
    let counties = facts.counties.iter().map(|one| (one.id.clone(), named(&one.name, &one.place)));
    let partners = facts.partners.iter().map(|one| (one.id.clone(), named(&one.name, &one.place)));
    Names {
        needs: clauses.map(|clause| (clause.id.clone(), format!("{} {}", clause.id, clause.title))).collect(),
        schools: counties.chain(partners).collect(),
        weights: partings(opened),
        decisions: decisions(&opened.setting),
    }
}

/// Which weight would part each pair, as the certificate lists it: the least firm first.
fn partings(opened: &LoadedScenario) -> Vec<Parting> {
    let Some(made) = opened.firmness.made() else { return Vec::new() };
    let facts = &opened.setting.facts;
    let name = |id: &str| facts.name(id).to_owned();
    let going = made.going().into_iter().map(|(county, goes)| {
        let (side, weight) = component_name(&opened.setting, &goes.component);
        Parting {
            county_school: name(county),
            weight: format!("{side}：{weight}"),
            moved: Some((goes.from, goes.to)),
            lead: name(&goes.lead),
            nearby: name(&goes.nearby),
        }
    });
    let staying = made.staying().map(|county| Parting { county_school: name(county), ..Parting::default() });
    going.chain(staying).collect()
}

fn rows(opened: &LoadedScenario) -> Vec<AnnexRow> {
    let facts = &opened.setting.facts;
    let row = |county: &County| {
        let pair = opened.answer.pair(&county.id)?;
        let moved = Move::of(county, pair);
        Some(AnnexRow {
            city: county.city.clone(),
            county: county.place.clone(),
            county_school: county.name.clone(),
            typical: county.facts.typical,
            starts: starts(opened, county, moved),
            lead: facts.name(&pair.lead).to_owned(),
            nearby: facts.name(&pair.nearby).to_owned(),
            remark: if moved.changes() { moved.mark().label.to_owned() } else { String::new() },
        })
    };
    opened.setting.taking_part().filter_map(row).collect()
}

/// The first day of a pair: what goes on has its own, what begins has that of the publication.
fn starts(opened: &LoadedScenario, county: &County, moved: Move) -> Option<Date> {
    let kept = county.present.as_ref().filter(|_| !moved.changes()).map(|present| present.from);
    kept.or(opened.row.starts_on)
}

/// What stands around the table of an order: nothing of how it was computed, which has its own files.
fn head(opened: &LoadedScenario, opens: Option<Block>) -> AnnexHead {
    let draft =
        if opened.row.published_on.is_none() { Some("草稿，尚未公布".to_owned()) } else { None };
    let note = "各方可在系统的“结对名单”里查看理由、自行核验。".to_owned();
    AnnexHead {
        mark: "附件".to_owned(),
        title: String::new(),
        above: draft.into_iter().collect(),
        below: vec![note],
        opens,
    }
}

/// What people decided, as the certificate lists it.
fn decisions(setting: &Setting) -> Vec<Decision> {
    let facts = &setting.facts;
    let choices = setting.body.choices.iter().map(|choice| Decision {
        county_school: facts.name(&choice.county_school).to_owned(),
        what: format!("{}：{}", side_name(choice.side), choice.kind.name()),
        partner: facts.name(&choice.partner).to_owned(),
        reason: choice.reason.clone(),
        loss: choice.loss,
    });
    let stances = setting.body.stances.iter().map(|(county, stance)| Decision {
        county_school: facts.name(county).to_owned(),
        what: format!("参加方式：{}", stance.name()),
        ..Decision::default()
    });
    let limits = setting.body.limits.iter().map(|limit| Decision {
        what: format!("{}名额：{} 至 {} 所", side_name(limit.side), limit.min, limit.max),
        partner: facts.name(&limit.partner).to_owned(),
        reason: limit.reason.clone(),
        ..Decision::default()
    });
    let changes = setting.body.most_changes.iter().map(|limit| Decision {
        what: format!("最多更换 {} 所", limit.most),
        reason: limit.reason.clone(),
        loss: limit.loss,
        ..Decision::default()
    });
    let gains = setting.body.least_gain.iter().map(|least| Decision {
        what: format!("每换一所至少多得 {} 分", least.points),
        reason: least.reason.clone(),
        loss: least.loss,
        ..Decision::default()
    });
    let weights = setting.rules.rules.components.iter().filter_map(|component| {
        let weight = setting.body.weights.get(&component.id)?;
        let (side, name) = component_name(setting, &component.id);
        Some(Decision {
            what: format!("{side}：{name}的权重从 {} 改为 {}", component.weight, weight.value),
            reason: weight.reason.clone(),
            ..Decision::default()
        })
    });
    let switch = setting.body.other_city.iter().map(|switch| Decision {
        what: if switch.on { "牵头院校必须来自外市" } else { "牵头院校不限外市" }.to_owned(),
        reason: switch.reason.clone(),
        ..Decision::default()
    });
    choices.chain(stances).chain(limits).chain(changes).chain(gains).chain(weights).chain(switch).collect()
}
