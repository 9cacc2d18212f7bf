//! A proposed pair as its parties see it: their own part alone, why, what the nearest alternatives are, and what they say.

use super::super::actions::consult::{self, NewRemark};
use super::super::actions::scenario as actions;
use super::super::data::{self, ProposalRow, SpokenRow};
use super::consulting::opinion;
use super::school::{Near, Why, nearest};
use crate::network::registry;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_store::{Found, args};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

const AGREES: &str = "agree";
const DIFFERS: &str = "differ";

#[derive(Serialize)]
struct ListView {
    rows: Vec<ProposalLine>,
}

#[derive(Serialize)]
struct ProposalLine {
    proposal: Link,
    place: String,
    lead: Link,
    nearby: Link,
    state: StateMark,
    closes_on: String,
}

fn state(row: &ProposalRow, today: jiedui_kernel::Date) -> StateMark {
    match row.is_open(today) {
        true => StateMark::new("active", "征求意见", "◐"),
        false => StateMark::new("ended", "已截止", "–"),
    }
}

fn line(row: &ProposalRow, today: jiedui_kernel::Date) -> ProposalLine {
    ProposalLine {
        proposal: Link::new(format!("/matching/proposals/{}", row.id), &row.county_name),
        place: format!("{}{}", row.city, if row.city == row.place { "" } else { &row.place }),
        lead: registry::link(&row.lead, &row.lead_name),
        nearby: registry::link(&row.nearby, &row.nearby_name),
        state: state(row, today),
        closes_on: row.closes_on.to_string(),
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let rows = ctx.tx.all::<ProposalRow>(&data::PROPOSALS, Vec::new()).await?;
    let today = ctx.today;
    let view = ListView { rows: rows.iter().map(|row| line(row, today)).collect() };
    let page = Page::new("征求意见的结对", "与本单位有关的拟定结对：为什么这样结对，有什么意见。")
        .clause("G1.1")
        .kind("list");
    Reply::view("planning/matching/proposals.html", page, &view)
}

#[derive(Serialize)]
struct ShowView {
    id: String,
    line: ProposalLine,
    why: Option<Why>,
    near: Vec<Near>,
    /// What was said of it, as far as the caller sees it.
    said: Vec<Said>,
    form: Option<[Field; 2]>,
    /// Of the remark that the caller's organisation has made, 0 where there is none.
    version: i64,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct Said {
    org: Link,
    state: StateMark,
    text: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = ctx.tx.find::<ProposalRow>(&data::PROPOSAL, args![&id]).await?;
    page(ctx, &row, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, row: &Found<ProposalRow>, errors: Vec<FieldError>) -> Result<Reply> {
    let here = format!("/matching/proposals/{}", row.id);
    let opened = actions::open_any(&mut ctx.tx, &row.scenario).await?;
    let setting = &opened.setting;
    let county = setting.facts.county(&row.county_school);
    let pair = [setting.facts.partner(&row.lead), setting.facts.partner(&row.nearby)];
    let why = match (county, pair) {
        (Some(county), [Some(lead), Some(nearby)]) => Some(Why::of(setting, county, lead, nearby, &here)),
        _ => None,
    };
    let near = match county {
        Some(county) => nearest(&opened, county, &here).await?,
        None => Vec::new(),
    };
    let org = ctx.actor.org.clone();
    let party = row.is_party(&org);
    let spoken = ctx.tx.all::<SpokenRow>(&data::SPOKEN_ON, args![&row.id]).await?;
    let mine = spoken.iter().find(|one| one.org == org);
    let form = &ctx.form.values;
    let chosen = match (form.get("agrees"), mine.and_then(|mine| mine.agrees)) {
        ("", Some(true)) => AGREES.to_owned(),
        ("", Some(false)) => DIFFERS.to_owned(),
        (sent, _) => sent.to_owned(),
    };
    let text = if form.get("_csrf").is_empty() {
        mine.map(|mine| mine.text.clone()).unwrap_or_default()
    } else {
        form.get("text").to_owned()
    };
    let may = party && row.is_open(ctx.today) && ctx.can("matching_proposal", "comment");
    let view = ShowView {
        id: row.id.clone(),
        line: line(row, ctx.today),
        why,
        near,
        version: mine.map_or(0, |mine| mine.version),
        form: may.then(|| {
            let choices = vec![Choice::new(AGREES, "同意"), Choice::new(DIFFERS, "有不同意见")];
            let words = Field { maxlength: Some(500), ..Field::new("text", "意见") };
            [
                Field::new("agrees", "本单位的意见").required().options(choices).value(chosen).error(&errors),
                words.help("有不同意见的，写明希望怎样和为什么。").value(text).error(&errors),
            ]
        }),
        said: spoken.iter().filter(|one| !party || one.org == org).map(said).collect(),
        errors: errors.clone(),
    };
    let page =
        Page::new(format!("{}的拟定结对", row.county_name), "只列与本单位有关的一对；意见截止前可以改。")
            .clause("G0.1")
            .clause("G1.1")
            .back("/matching/proposals", "征求意见的结对")
            .kind("detail");
    Ok(Reply::view("planning/matching/proposal.html", page, &view)?.refused(!errors.is_empty()))
}

fn said(row: &SpokenRow) -> Said {
    Said { org: registry::link(&row.org, &row.org_name), state: opinion(row.agrees), text: row.text.clone() }
}

pub async fn remark(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = ctx.tx.find::<ProposalRow>(&data::PROPOSAL, args![&id]).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let text = read.text(&pairs, "text", "意见", 500).to_owned();
    let agrees = match pairs.get("agrees") {
        AGREES => Some(true),
        DIFFERS => Some(false),
        _ => None,
    };
    if agrees.is_none() {
        read.fail("agrees", Code::Missing.says("请选择同意还是有不同意见。"));
    }
    if agrees == Some(false) && text.is_empty() {
        read.fail("text", Code::Missing.says("有不同意见的，请写明希望怎样和为什么。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return page(ctx, &row, errors).await;
    }
    let new = NewRemark { agrees: agrees.unwrap_or_default(), text: &text, version: ctx.form_version()? };
    consult::remark(&mut ctx.tx, &row, &new).await?;
    Ok(Reply::done(format!("/matching/proposals/{id}"), Flash::done("意见已提交；截止前可以再改。")))
}
