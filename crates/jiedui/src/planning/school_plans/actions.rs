//! Beginning, saving, proposing and answering a plan, with every check: for the pages and the demonstration.

use super::body::Body;
use super::data::{self, PlanRow, PlanState};
use super::rules;
use crate::network::pairings::PairingRow;
use crate::planning::needs;
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::{Error, Result};
use jiedui_programme::{PlanTemplate, Programme, Signatory};
use jiedui_store::{Found, Tx, args};
use serde_json::json;

const NOT_DRAFTER: &str = "这份方案不由本单位起草。";
const ENDED: &str = "这组结对已经结束，不再起草新的方案；原有的方案仍可查看。";
const OPEN: &str = "已有一版正在起草或征求同意，同一时间只能有一版；请先办完它。";

pub fn template<'a>(programme: &'a Programme, row: &PlanRow) -> Result<&'a PlanTemplate> {
    programme.template(&row.template).ok_or(Error::NotFound)
}

/// Whether a plan hangs on the pairing, or on the county school alone: then no helper is named in it.
pub fn of_pairing(template: &PlanTemplate) -> bool {
    let helper = |of: &Signatory| matches!(of, Signatory::Lead | Signatory::Nearby);
    helper(&template.drafted_by) || template.agreed_by.iter().any(helper)
}

/// The organisation that drafts this plan of a pairing.
pub fn drafting_org(template: &PlanTemplate, pairing: &PairingRow) -> String {
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
pub async fn revise(tx: &mut Tx, programme: &Programme, opened: &Loaded<Found<PlanRow>>) -> Result<String> {
    let row = &opened.row;
    let template = template(programme, row)?;
    if row.newer && row.state != PlanState::Draft {
        return Err(Error::NotNow(OPEN.to_owned()));
    }
    opened.demand(Action::Reopen)?;
    begin_edition(tx, template, &row.org, row.pairing.as_deref()).await
}

async fn begin_edition(
    tx: &mut Tx,
    template: &PlanTemplate,
    org: &str,
    pairing: Option<&str>,
) -> Result<String> {
    let series = super::series_of(tx, &template.id, org, pairing).await?;
    if series.iter().any(|row| matches!(row.state, PlanState::Draft | PlanState::Proposed)) {
        return Err(Error::NotNow(OPEN.to_owned()));
    }
    let held = series.iter().find(|row| row.state == PlanState::Agreed);
    let edition = series.first().map_or(0, |row| row.edition) + 1;
    let body = held.map_or_else(|| Body::default().json(), |row| Ok(row.body.clone()))?;
    let id = tx.new_id();
    let slot = format!("{}/{}/{edition}", template.id, pairing.unwrap_or(org));
    let values = args![&id, &template.id, org, pairing, edition, PlanState::Draft, body, slot];
    if tx.write(&data::INSERT, values).await? == 0 {
        return Err(Error::Conflict(OPEN.to_owned()));
    }
    let change = json!({
        "template": template.id, "school": org, "pairing": pairing, "edition": edition,
        "copy_of": held.map(|row| &row.id),
    });
    review::begun::<PlanRow>(tx, &id, "begin", change).await?;
    Ok(id)
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    Same,
    Kept,
}

/// Saves what the drafter wrote. What was sent back becomes a draft again, and is another revision from then on.
pub async fn save(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<PlanRow>>,
    version: i64,
    body: &Body,
) -> Result<Saved> {
    let row = &opened.row;
    let template = template(programme, row)?;
    let next = opened.demand(Action::Edit)?;
    let needs = needs::of_school(tx, &row.org).await?;
    Error::of(rules::check(body, template, programme, &needs))?;
    let sections = Body::parse(&row.body)?.changed(body, template);
    if sections.is_empty() && version == row.version {
        return Ok(Saved::Same);
    }
    let write = (&data::EDIT, args![body.json()?, next.revision(row.revision)]);
    review::carry_out(tx, row, next, version, write, Said::change(json!({ "sections": sections }))).await?;
    Ok(Saved::Kept)
}

/// Asks the others to agree to what stands there now.
pub async fn submit(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<PlanRow>>,
    version: i64,
) -> Result<()> {
    let row = &opened.row;
    let template = template(programme, row)?;
    let next = opened.demand(Action::Submit)?;
    if let Some(nobody) = rules::asked(row, template).iter().find(|party| party.org.is_empty()) {
        let message = format!("这所学校没有{}，无法征求同意；请联系省办补上隶属关系。", nobody.label);
        return Err(Error::Forbidden(message));
    }
    let body = Body::parse(&row.body)?;
    Error::of(rules::complete(&body, template))?;
    // The log keeps the whole text that the others are asked to agree to.
    let said = Said::change(json!({ "edition": row.edition, "body": body }));
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), said).await
}

/// The answer of one who is asked: agreed, or returned with a reason. Says whether all have now agreed: then the plan is
/// in force from today, and takes the place of the edition before it.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<PlanRow>>,
    answer: (Action, i64, &str),
) -> Result<bool> {
    let (row, settle) = review::answer(tx, programme, opened, answer, &data::MOVE).await?;
    let Some(settle) = settle else { return Ok(false) };
    let today = tx.today();
    let mut replaced = 0;
    if let Some(next) = review::replaced::<PlanRow>(PlanState::Agreed) {
        replaced = tx.change(&row, &data::REPLACE, args![next.to(), next.from()]).await?;
    }
    let said = Said::change(json!({ "edition": row.edition, "agreed_on": today, "replaces": replaced }));
    review::carry_out(tx, &row, settle, row.version, (&data::AGREE, args![today]), said).await?;
    Ok(true)
}
