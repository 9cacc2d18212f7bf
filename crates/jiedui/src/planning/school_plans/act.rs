//! Beginning, saving, proposing and answering a plan, with every check: for the pages and the demonstration.

use super::body::Body;
use super::data::{self, PlanRow};
use super::rules;
use crate::network::pairings::PairingRow;
use crate::planning::needs;
use jiedui_kernel::{Error, Result};
use jiedui_programme::{Programme, Signatory, Template};
use jiedui_store::{Tx, args};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::{Value, json};

pub const FASTER: &str = "这份方案刚被别人改动或答复过，您的操作没有写入。请重新打开页面，看过新内容再定。";
pub const NOT_YOURS: &str = "这份方案现在不能由本单位改动：由起草的单位修改，征求同意期间要等有一方退回。";
pub const NOT_ASKED: &str = "这份方案现在不等本单位答复：由征求同意的各方答复，同意过的不用再答。";
const NOT_DRAFTER: &str = "这份方案不由本单位起草。";
const ENDED: &str = "这组结对已经结束，不再起草新的方案；原有的方案仍可查看。";
const OPEN: &str = "已有一版正在起草或征求同意，同一时间只能有一版；请先办完它。";

pub fn template<'a>(programme: &'a Programme, row: &PlanRow) -> Result<&'a Template> {
    programme.template(&row.template).ok_or(Error::NotFound)
}

fn step<'a>(
    row: &'a PlanRow,
    kind: &'static str,
    reason: &'a str,
    content: i64,
    change: Value,
) -> HistoryEntry<'a> {
    HistoryEntry { thing: "school_plan", id: &row.id, kind, reason, content, change }
}

/// Whether a plan hangs on the pairing, or on the county school alone: then no helper is named in it.
pub fn of_pairing(template: &Template) -> bool {
    let helper = |of: &Signatory| matches!(of, Signatory::Lead | Signatory::Nearby);
    helper(&template.drafted_by) || template.agreed_by.iter().any(helper)
}

/// The organisation that drafts this plan of a pairing.
pub fn drafting_org(template: &Template, pairing: &PairingRow) -> String {
    match template.drafted_by {
        Signatory::Lead => pairing.lead.clone(),
        Signatory::Nearby => pairing.nearby.clone(),
        Signatory::CountySchool => pairing.county_school.clone(),
        Signatory::CountyBureau => pairing.county_bureau.clone(),
    }
}

/// Begins a plan of this template, by the one who drafts it: empty, or a copy of what is in force. Returns its id.
pub async fn begin(
    tx: &mut Tx,
    programme: &Programme,
    pairing: &PairingRow,
    template: &str,
) -> Result<String> {
    let template = programme.template(template).ok_or(Error::NotFound)?;
    if drafting_org(template, pairing) != tx.actor().org {
        return Err(Error::Forbidden(NOT_DRAFTER.to_owned()));
    }
    if pairing.to_day.is_some_and(|end| end < tx.today()) {
        return Err(Error::Forbidden(ENDED.to_owned()));
    }
    let of = of_pairing(template).then_some(pairing.id.as_str());
    begin_edition(tx, template, &pairing.county_school, of).await
}

/// Begins the next edition of an agreed plan as its copy; the old one stays in force until the new one is agreed to.
pub async fn revise(tx: &mut Tx, programme: &Programme, row: &PlanRow) -> Result<String> {
    let template = template(programme, row)?;
    if row.newer && row.state != "draft" {
        return Err(Error::Conflict(OPEN.to_owned()));
    }
    if !rules::may(&tx.actor().org, row, template, &[], programme, tx.today()).revise {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    begin_edition(tx, template, &row.org, row.pairing.as_deref()).await
}

async fn begin_edition(tx: &mut Tx, template: &Template, org: &str, pairing: Option<&str>) -> Result<String> {
    let series = super::series_of(tx, &template.id, org, pairing).await?;
    if series.iter().any(|row| matches!(row.state.as_str(), "draft" | "proposed")) {
        return Err(Error::Conflict(OPEN.to_owned()));
    }
    let held = series.iter().find(|row| row.state == "agreed");
    let edition = series.first().map_or(0, |row| row.edition) + 1;
    let body = held.map_or_else(|| Body::default().json(), |row| Ok(row.body.clone()))?;
    let id = tx.new_id();
    let slot = format!("{}/{}/{edition}", template.id, pairing.unwrap_or(org));
    let values = args![&id, &template.id, org, pairing, edition, "draft", body, slot];
    if tx.write(&data::INSERT, values).await? == 0 {
        return Err(Error::Conflict(OPEN.to_owned()));
    }
    let change = json!({
        "template": template.id, "school": org, "pairing": pairing, "edition": edition,
        "copy_of": held.map(|row| &row.id),
    });
    let step = HistoryEntry { thing: "school_plan", id: &id, kind: "begin", reason: "", content: 1, change };
    history::record(tx, &step).await?;
    Ok(id)
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Somebody saved between opening and saving; nothing was written.
    Faster,
    Same,
    Kept,
}

/// Saves what the drafter wrote. What was sent back becomes a draft again, and is another content from then on.
pub async fn save(
    tx: &mut Tx,
    programme: &Programme,
    row: &PlanRow,
    version: i64,
    body: &Body,
) -> Result<Saved> {
    let template = template(programme, row)?;
    if !rules::may(&tx.actor().org, row, template, &[], programme, tx.today()).edit {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    let needs = needs::of_school(tx, &row.org).await?;
    let errors = rules::check(body, template, programme, &needs);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    if version != row.version {
        return Ok(Saved::Faster);
    }
    let sections = Body::parse(&row.body)?.changed(body, template);
    if sections.is_empty() {
        return Ok(Saved::Same);
    }
    let content = row.content + i64::from(row.state == "proposed");
    if tx.write(&data::EDIT, args![&row.id, version, body.json()?, content]).await? == 0 {
        return Ok(Saved::Faster);
    }
    history::record(tx, &step(row, "edit", "", content, json!({ "sections": sections }))).await?;
    Ok(Saved::Kept)
}

/// Asks the others to agree to what stands there now.
pub async fn propose(tx: &mut Tx, programme: &Programme, row: &PlanRow, version: i64) -> Result<()> {
    let template = template(programme, row)?;
    if !rules::may(&tx.actor().org, row, template, &[], programme, tx.today()).propose {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    if let Some(nobody) = rules::asked(row, template).iter().find(|party| party.org.is_empty()) {
        let message = format!("这所学校没有{}，无法征求同意；请联系省办补上隶属关系。", nobody.label);
        return Err(Error::Forbidden(message));
    }
    let body = Body::parse(&row.body)?;
    let errors = rules::complete(&body, template);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    if tx.write(&data::PROPOSE, args![&row.id, version]).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    // The log keeps the whole text that the others are asked to agree to.
    let change = json!({ "edition": row.edition, "body": body });
    history::record(tx, &step(row, "propose", "", row.content, change)).await
}

/// The answer of one who is asked: `agree`, or `send_back` with a reason. Says whether all have now agreed: then the
/// plan is in force from today, and takes the place of the edition before it.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    row: &PlanRow,
    version: i64,
    verdict: &'static str,
    reason: &str,
) -> Result<bool> {
    let template = template(programme, row)?;
    let (org, today) = (tx.actor().org.clone(), tx.today());
    let history = history::of(tx, &row.id).await?;
    if !rules::may(&org, row, template, &history, programme, today).answer {
        return Err(Error::Forbidden(NOT_ASKED.to_owned()));
    }
    if tx.write(&data::HOLD, args![&row.id, version]).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    // Read again under the lock: a colleague in the same house may have answered meanwhile.
    if !rules::awaits(row, template, &history::of(tx, &row.id).await?, &org) {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    history::record(tx, &step(row, verdict, reason, row.content, Value::Null)).await?;
    let history = history::of(tx, &row.id).await?;
    if !history::all_agreed(&rules::consents(row, template, &history)) {
        return Ok(false);
    }
    tx.write_one(&data::AGREE, args![&row.id, version, today]).await?;
    let pairing = row.pairing.clone().unwrap_or_default();
    let replaced = tx.write(&data::REPLACE, args![&row.template, &row.org, pairing, &row.id]).await?;
    let change = json!({ "edition": row.edition, "agreed_on": today, "replaces": replaced });
    history::record(tx, &step(row, "settle", "", row.content, change)).await?;
    Ok(true)
}
