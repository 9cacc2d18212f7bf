//! What was built, promised and recorded in two years, of every type of the programme; and applications in every state.
//! Everything goes through the functions that the pages use, on the day and by the one it falls to.

use super::deeds::describe;
use super::maker::Maker;
use super::names;
use super::rng::{SeededRng, plus};
use crate::evidence::outputs::{self, NewOutput, NewStage, OutputRow};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::shared::confirmation::{Ruling, State};
use jiedui_kernel::{Date, Period, Result, Unit};
use jiedui_programme::{Field, FieldKind, Output, OutputKind, Side};
use jiedui_store::Found;
use jiedui_web::fields::{Values, decides};
use std::collections::HashSet;

/// Of a hundred schools, so many have a output of a type.
const BUILT: usize = 18;
const PROMISED: usize = 30;
const OTHERS: usize = 7;

/// In the years so far: for each school with helpers, things of the types that belong to schools.
pub async fn build(maker: &mut Maker, rows: &[PairingRow]) -> Result<()> {
    let programme = std::sync::Arc::clone(&maker.programme);
    for row in rows {
        let first = row.from_day.max(super::day(9, 2));
        let last = row.to_day.map_or(maker.last(), |end| end.min(maker.last()));
        let Some(window) = Period::new(first, plus(last, -2)) else { continue };
        let there = |kind: &&Output| kind.retired.is_none_or(|day| last < day);
        for kind in programme.outputs.iter().filter(|kind| kind.of_school).filter(there) {
            let likely = match kind.kind {
                OutputKind::Commitment => PROMISED,
                OutputKind::Built if !kind.recorded_by.contains(&Side::Province) => BUILT,
                _ => OTHERS,
            };
            // Dice of its own, for each of its kinds: a form that comes or goes leaves the others as they were.
            for variant in variants(kind) {
                let words = [row.county_name.as_str(), &row.from_day.to_string(), &kind.id, variant.dice];
                let rng = SeededRng::about(31, &words[..if variant.dice.is_empty() { 3 } else { 4 }]);
                if rng.chance(likely) {
                    let start = rng.day(window);
                    one(maker, &rng, kind, (row, variant), (start, last)).await?;
                }
            }
        }
    }
    records(maker, rows).await
}

/// One of the kinds of a form; the first one on the dice that the form had before it had kinds.
#[derive(Clone, Copy)]
struct Variant<'a> {
    dice: &'a str,
    /// The choice that decides, and its option.
    chosen: Option<(&'a str, &'a str)>,
}

fn variants(kind: &Output) -> Vec<Variant<'_>> {
    let choice = kind.fields.iter().find(|field| decides(&kind.fields, &field.id));
    let options =
        choice.iter().flat_map(|field| field.options.iter().map(|option| (&*field.id, &*option.id)));
    let mut found: Vec<Variant<'_>> = options
        .enumerate()
        .map(|(at, chosen)| Variant { dice: if at == 0 { "" } else { chosen.1 }, chosen: Some(chosen) })
        .collect();
    if found.is_empty() {
        found.push(Variant { dice: "", chosen: None });
    }
    found
}

/// The organisation that records a output of this type for the school of the pairing.
async fn recorder(
    maker: &mut Maker,
    rng: &SeededRng,
    kind: &Output,
    row: &PairingRow,
) -> Result<Option<String>> {
    let school = registry::find(&mut maker.tx, &row.county_school).await?;
    let Some(side) = rng.pick(&kind.recorded_by) else { return Ok(None) };
    Ok(match side {
        Side::Lead => Some(row.lead.clone()),
        Side::Nearby => Some(row.nearby.clone()),
        side => {
            let root = maker.programme.meta.division.clone();
            outputs::on_side(&mut maker.tx, &school, *side, &root).await?
        }
    })
}

async fn one(
    maker: &mut Maker,
    rng: &SeededRng,
    kind: &Output,
    (row, variant): (&PairingRow, Variant<'_>),
    (start, last): (Date, Date),
) -> Result<()> {
    maker.act_as_office(start);
    let Some(org) = recorder(maker, rng, kind, row).await? else { return Ok(()) };
    let by = maker.actor(&org).await?;
    maker.act(&by, start);
    let joint = kind.joint && rng.chance(45);
    let other = if org == row.nearby { &row.lead } else { &row.nearby };
    let own = kind.own.iter().any(|side| !outputs::sides_of(&by, &[*side]).is_empty());
    if own && outputs::facts_of(&mut maker.tx, &org).await?.iter().any(|fact| fact.output == kind.id) {
        return Ok(());
    }
    let words = [row.county_name.as_str(), &kind.id, variant.dice];
    let fields = SeededRng::about(31, if variant.dice.is_empty() { &words[..2] } else { &words });
    let mut fields = values(maker, &fields, &kind.fields, (&org, start)).await?;
    if let Some((field, option)) = variant.chosen {
        fields.insert(field.to_owned(), option.into());
    }
    let must = kind.confirmed_by == Some(jiedui_programme::Confirmer::Helper);
    let new = NewOutput {
        school: Some(if own { org.clone() } else { row.county_school.clone() }),
        title: match kind.names_enterprise {
            true => names::enterprise_at(&row.place, &SeededRng::about(37, &words)),
            false if own => names::title(kind, &by.org_name),
            false => names::title(kind, &row.place),
        },
        since: Some(start),
        quantity: (!kind.quantity_label.is_empty()).then(|| amount(rng, kind.unit)),
        helpers: if !own && (joint || must) { vec![other.clone()] } else { Vec::new() },
        fields,
        ..NewOutput::default()
    };
    let programme = std::sync::Arc::clone(&maker.programme);
    let id =
        outputs::record(&mut maker.tx, &programme, kind, &new).await.map_err(|e| describe(&kind.id, e))?;
    answer(maker, rng, &id, (start, last)).await?;
    advance(maker, rng, kind, (&id, &org), (start, last)).await
}

fn amount(rng: &SeededRng, unit: Unit) -> i64 {
    match unit {
        // In steps of ten thousand yuan, kept in cents.
        Unit::Yuan => rng.between(8, 260) * 1_000_000,
        Unit::SquareMetres => rng.between(6, 40) * 100,
        Unit::Persons | Unit::PersonTimes => rng.between(8, 48),
        _ => rng.between(1, 6),
    }
}

/// Values for what a form asks; what is optional is often left out, as people do.
pub async fn values(
    maker: &mut Maker,
    rng: &SeededRng,
    fields: &[Field],
    (org, day): (&str, Date),
) -> Result<Values> {
    let mut values = Values::new();
    for field in fields {
        if !field.required && rng.chance(35) {
            continue;
        }
        let value: Option<serde_json::Value> = match field.kind {
            FieldKind::Text | FieldKind::LongText => Some(names::text(&field.id, rng).into()),
            FieldKind::Enterprise => Some(names::enterprise(rng).into()),
            FieldKind::Number => Some(amount(rng, field.unit.unwrap_or(Unit::Items)).into()),
            FieldKind::Date => Some(plus(day, rng.between(90, 500)).to_string().into()),
            FieldKind::Yes => Some(true.into()),
            FieldKind::Choice => rng.pick(&field.options).map(|option| option.id.clone().into()),
            FieldKind::Person => {
                let people = registry::people_at(&mut maker.tx, org, day, day).await?;
                // Leaders first: who is in charge must be one, and any other field may name one.
                let leads = |at: &&registry::PersonAt| {
                    ["head", "party_secretary", "deputy_head"].contains(&at.post.as_str())
                };
                let leaders: Vec<_> = people.iter().filter(leads).collect();
                match rng.pick(&leaders) {
                    Some(leader) => Some(leader.id.clone().into()),
                    None => rng.pick(&people).map(|person| person.id.clone().into()),
                }
            }
        };
        if let Some(value) = value {
            values.insert(field.id.clone(), value);
        }
    }
    Ok(values)
}

/// The other side answers within some weeks, mostly with yes; what is fresh may still wait.
async fn answer(maker: &mut Maker, rng: &SeededRng, id: &str, (from, last): (Date, Date)) -> Result<()> {
    let output = found(maker, id).await?;
    let (Some(answerer), State::Claimed) = (output.answerer.clone(), output.state) else { return Ok(()) };
    let day = plus(from, rng.between(1, 9));
    if day > last || rng.chance(4) {
        return Ok(());
    }
    let by = maker.actor(&answerer).await?;
    maker.act(&by, day);
    let programme = std::sync::Arc::clone(&maker.programme);
    let (ruling, reason) = if rng.chance(4) {
        (
            Ruling::Dispute,
            rng.word(&["数量与文件不一致，请核对。", "还没有正式投入使用。", "日期早了，请按文件写。"]),
        )
    } else {
        (Ruling::Confirm, "")
    };
    let done = outputs::respond(&mut maker.tx, &programme, &output, output.version, ruling, reason).await;
    done.map_err(|e| describe(&output.output, e))
}

/// A output, as the office sees it.
async fn found(maker: &mut Maker, id: &str) -> Result<Found<OutputRow>> {
    let day = maker.tx.today();
    maker.act_as_office(day);
    outputs::find(&mut maker.tx, id).await
}

/// The stages that it has reached since: most things come into use, few end; of a promise a part has come.
async fn advance(
    maker: &mut Maker,
    rng: &SeededRng,
    kind: &Output,
    (id, org): (&str, &str),
    (start, last): (Date, Date),
) -> Result<()> {
    let programme = std::sync::Arc::clone(&maker.programme);
    let mut day = start;
    for stage in kind.stages.iter().skip(1) {
        let likely = if stage.ends { 5 } else { 70 };
        day = plus(day, rng.between(25, 170));
        let output = found(maker, id).await?;
        if day > last || !rng.chance(likely) || output.state == State::Disputed {
            continue;
        }
        let by = maker.actor(org).await?;
        maker.act(&by, day);
        let part = output.quantity - output.achieved;
        let complete =
            !stage.ends && kind.stages.iter().rfind(|one| !one.ends).is_some_and(|one| one.id == stage.id);
        let more = if complete && rng.chance(60) { part } else { part / 100 * rng.between(15, 70) };
        let new = NewStage {
            stage: stage.id.clone(),
            from: day,
            achieved: (!kind.achieved_label.is_empty())
                .then(|| if stage.ends { output.achieved } else { output.achieved + more.max(0) }),
            note: if rng.chance(30) { names::note(stage.ends, rng).to_owned() } else { String::new() },
        };
        let done = outputs::move_on(&mut maker.tx, &programme, &output, output.version, &new).await;
        done.map_err(|e| describe(&kind.id, e))?;
        answer(maker, rng, id, (day, last)).await?;
        if stage.ends {
            break;
        }
    }
    Ok(())
}

/// Records of organisations: what stands always once for each, what recurs in each of its periods.
async fn records(maker: &mut Maker, rows: &[PairingRow]) -> Result<()> {
    let programme = std::sync::Arc::clone(&maker.programme);
    let last = maker.last();
    maker.act_as_office(last);
    let owing = crate::standing::duties::debtors(&mut maker.tx).await?;
    // One record that stands may fulfil several duties.
    let mut made: HashSet<(&str, &str)> = HashSet::new();
    for duty in &programme.duties {
        let Some(kind) = programme.output(&duty.output) else { continue };
        let rng = &SeededRng::about(31, &[&duty.id]);
        let periods = jiedui_programme::duty_periods(&programme, duty, last);
        let always = duty.every == jiedui_programme::DutyEvery::Standing;
        for debtor in owing.iter().filter(|debtor| duty.owed_by.contains(&debtor.side)) {
            if always && !(rng.chance(86) && made.insert((&duty.output, &debtor.org))) {
                continue;
            }
            let first = rows.iter().map(|row| row.from_day).min().unwrap_or(last);
            for named in &periods {
                let begin = named.period.from.max(plus(first, 10));
                let end = if always { plus(begin, 120) } else { named.period.to }.min(last);
                // A quarter or a month may pass without one; the present one may still come.
                if let Some(window) = Period::new(begin, end).filter(|_| always || rng.chance(88)) {
                    let day = rng.day(window);
                    record(maker, rng, kind, (&debtor.org, &debtor.place), day).await?;
                }
            }
        }
    }
    let owed = |kind: &Output| programme.duties.iter().any(|duty| duty.output == kind.id);
    for kind in programme.outputs.iter().filter(|kind| !kind.of_school && !owed(kind)) {
        let rng = &SeededRng::about(31, &[&kind.id]);
        for debtor in owing.iter().filter(|debtor| kind.recorded_by.contains(&debtor.side)) {
            if rng.chance(if debtor.side == Side::Province { 95 } else { 9 }) {
                let window = Period::new(super::day(10, 8), plus(last, -1));
                let day = window.map_or(last, |window| rng.day(window));
                record(maker, rng, kind, (&debtor.org, &debtor.place), day).await?;
            }
        }
    }
    Ok(())
}

async fn record(
    maker: &mut Maker,
    rng: &SeededRng,
    kind: &Output,
    (org, city): (&str, &str),
    day: Date,
) -> Result<()> {
    let by = maker.actor(org).await?;
    maker.act(&by, day);
    // An office with several sides records on the one that its account has.
    if outputs::sides_of(&by, &kind.recorded_by).is_empty() {
        return Ok(());
    }
    let stage = kind.stages.iter().find(|stage| stage.counts).or_else(|| kind.stages.first());
    let new = NewOutput {
        title: names::title(kind, city),
        since: Some(day),
        stage: stage.map(|stage| stage.id.clone()),
        quantity: (!kind.quantity_label.is_empty()).then(|| amount(rng, kind.unit)),
        fields: values(maker, rng, &kind.fields, (org, day)).await?,
        ..NewOutput::default()
    };
    let programme = std::sync::Arc::clone(&maker.programme);
    let done = outputs::record(&mut maker.tx, &programme, kind, &new).await;
    done.map_err(|e| describe(&kind.id, e)).map(drop)
}
