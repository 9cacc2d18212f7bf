//! What was built, promised and recorded in two years, of every type of the programme; and applications in every state.
//! Everything goes through the functions that the pages use, on the day and by the one it falls to.

use super::deeds::Deed;
use super::forms::{self, Variant};
use super::maker::{Maker, describe};
use super::names;
use super::rng::{SeededRng, plus};
use crate::evidence::outputs::{self, NewOutput, NewStage, OutputRow};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::shared::confirmation::{Ruling, State};
use jiedui_kernel::{Date, Error, Period, Result, Unit};
use jiedui_programme::{
    Duty, Field, FieldKind, FieldValue, Only, Output, OutputFact, OutputKind, Side, keep_offered_to,
};
use jiedui_store::Found;
use jiedui_web::fields::Values;
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
        // What came into another form goes on being told, in that form.
        let there = |kind: &&Output| kind.became.is_some() || kind.retired.is_none_or(|day| last < day);
        for kind in programme.outputs.iter().filter(|kind| kind.of_school).filter(there) {
            let likely = match kind.kind {
                OutputKind::Commitment => PROMISED,
                OutputKind::Built if !kind.recorded_by.contains(&Side::Province) => BUILT,
                _ => OTHERS,
            };
            // Dice of its own, for each of its kinds: a form that comes or goes leaves the others as they were.
            for variant in forms::variants(&programme, kind) {
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

/// The organisation that records a output of this type for the school of the pairing.
async fn recorder(
    maker: &mut Maker,
    rng: &SeededRng,
    sides: &[Side],
    row: &PairingRow,
) -> Result<Option<String>> {
    let school = registry::find(&mut maker.tx, &row.county_school).await?;
    let Some(side) = rng.pick(sides) else { return Ok(None) };
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
    let Some(org) = recorder(maker, rng, &forms::sides(kind, variant), row).await? else { return Ok(()) };
    let by = maker.actor(&org).await?;
    maker.act(&by, start);
    let joint = kind.joint && rng.chance(45);
    let other = if org == row.nearby { &row.lead } else { &row.nearby };
    let own = kind.own.iter().any(|side| !outputs::sides_of(&by, &[*side]).is_empty());
    let programme = std::sync::Arc::clone(&maker.programme);
    let said = forms::on(&programme, kind, start);
    let wanted: Vec<(&str, &str)> = variant.chosen.into_iter().chain(said.is).collect();
    let chosen = |fact: &OutputFact, (field, option): (&str, &str)| {
        fact.fields.get(field) == Some(&FieldValue::Text(option.to_owned()))
    };
    let same = |fact: &OutputFact| {
        let alike = || wanted.iter().all(|one| chosen(fact, *one));
        (kind.became.is_some() && fact.output == kind.id) || (fact.output == said.form.id && alike())
    };
    if own && outputs::facts_of(&mut maker.tx, &org).await?.iter().any(same) {
        return Ok(());
    }
    let words = [row.county_name.as_str(), &kind.id, variant.dice];
    let fields = SeededRng::about(31, if variant.dice.is_empty() { &words[..2] } else { &words });
    let asked = forms::own_fields(&programme, kind);
    let mut fields = values(maker, &fields, &asked, (&org, start)).await?;
    fields.retain(|id, _| said.form.fields.iter().any(|field| field.id == *id));
    fields.extend(wanted.iter().map(|(field, option)| ((*field).to_owned(), (*option).into())));
    let counts = kind.stages.first().is_some_and(|stage| stage.counts);
    let stage = said.form.stages.iter().find(|stage| stage.counts == counts);
    let must = kind.confirmed_by == Some(jiedui_programme::Confirmer::Helper);
    let new = NewOutput {
        school: Some(if own { org.clone() } else { row.county_school.clone() }),
        title: match kind.names_enterprise {
            true => names::enterprise_at(&row.place, &SeededRng::about(37, &words)),
            false if own => names::title(kind, &by.org_name),
            false => names::title(kind, &row.place),
        },
        since: Some(start),
        stage: stage.map(|stage| stage.id.clone()),
        quantity: (!kind.quantity_label.is_empty()).then(|| amount(rng, kind.unit)),
        helpers: if !own && (joint || must) { vec![other.clone()] } else { Vec::new() },
        fields,
        ..NewOutput::default()
    };
    let made = outputs::record(&mut maker.tx, &programme, said.form, &new).await;
    let id = made.map_err(|e| describe(&kind.id, e))?;
    answer(maker, rng, &id, (start, last)).await?;
    advance(maker, rng, said.form, (&id, &org), (start, last)).await
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
            FieldKind::Chain => Some(names::text("chain", rng).into()),
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
    let begun = found(maker, id).await?.stage.clone();
    for stage in kind.stages.iter().skip_while(|stage| stage.id != begun).skip(1) {
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
                    record(maker, rng, (kind, duty.only.as_ref()), (&debtor.org, &debtor.place), day).await?;
                }
            }
        }
    }
    // What fulfils a duty was told above, in whatever form.
    let became = |kind: &Output, duty: &Duty| {
        let (Some(became), Some(only)) = (&kind.became, &duty.only) else { return false };
        became.into == duty.output && became.fields.get(&only.field).is_some_and(|one| only.is.contains(one))
    };
    let owed =
        |kind: &Output| programme.duties.iter().any(|duty| duty.output == kind.id || became(kind, duty));
    for kind in programme.outputs.iter().filter(|kind| !kind.of_school && !owed(kind)) {
        let rng = &SeededRng::about(31, &[&kind.id]);
        for debtor in owing.iter().filter(|debtor| kind.recorded_by.contains(&debtor.side)) {
            if rng.chance(if debtor.side == Side::Province { 95 } else { 9 }) {
                let window = Period::new(super::day(10, 8), plus(last, -1));
                let day = window.map_or(last, |window| rng.day(window));
                record(maker, rng, (kind, None), (&debtor.org, &debtor.place), day).await?;
            }
        }
    }
    Ok(())
}

async fn record(
    maker: &mut Maker,
    rng: &SeededRng,
    (kind, only): (&Output, Option<&Only>),
    (org, city): (&str, &str),
    day: Date,
) -> Result<()> {
    let programme = std::sync::Arc::clone(&maker.programme);
    let kind = only.map_or(kind, |only| forms::then(&programme, kind, only, day));
    let said = forms::on(&programme, kind, day);
    let by = maker.actor(org).await?;
    maker.act(&by, day);
    // An office with several sides records on the one that its account has.
    let sides = outputs::sides_of(&by, &said.form.recorded_by);
    if sides.is_empty() {
        return Ok(());
    }
    let stage = said.form.stages.iter().find(|stage| stage.counts).or_else(|| said.form.stages.first());
    let mut asked = forms::own_fields(&programme, kind);
    keep_offered_to(&mut asked, &sides);
    let mut fields = values(maker, rng, &asked, (org, day)).await?;
    fields.retain(|id, _| said.form.fields.iter().any(|field| field.id == *id));
    let of_duty = only.filter(|_| said.is.is_empty() && kind.became.is_none());
    let of_duty = of_duty.and_then(|only| Some((only.field.as_str(), only.is.first()?.as_str())));
    let chosen: Vec<(&str, &str)> = said.is.iter().copied().chain(of_duty).collect();
    fields.extend(chosen.iter().map(|(field, option)| ((*field).to_owned(), (*option).into())));
    let new = NewOutput {
        title: names::record(kind, chosen.first().copied(), city),
        since: Some(day),
        stage: stage.map(|stage| stage.id.clone()),
        quantity: (!kind.quantity_label.is_empty()).then(|| amount(rng, kind.unit)),
        fields,
        ..NewOutput::default()
    };
    let done = outputs::record(&mut maker.tx, &programme, said.form, &new).await;
    done.map_err(|e| describe(&kind.id, e)).map(drop)
}

/// What results of projects are recorded as that have no form of their own.
const RESULT: (&str, &str, &str) = ("training-system", "what", "other");

/// What was built under a project, one by one, by the actor and on the day that are set; their ids, divided by commas.
pub async fn of_project(maker: &mut Maker, deed: &Deed) -> Result<String> {
    let programme = std::sync::Arc::clone(&maker.programme);
    let (id, field, option) = RESULT;
    let kind = programme.output(id).ok_or_else(|| Error::internal(format_args!("no output {id}")))?;
    let what = deed.new.fields.get("what").and_then(serde_json::Value::as_str).unwrap_or_default();
    let stage = kind.stages.iter().find(|stage| stage.counts);
    let number = deed.new.quantity.unwrap_or(1);
    let mut made = Vec::new();
    for at in 1..=number {
        let which = if number == 1 { String::new() } else { format!("之{at}") };
        let new = NewOutput {
            school: Some(deed.new.pairing.county_school.clone()),
            title: format!("{what}{which}（示例）"),
            since: deed.new.to,
            stage: stage.map(|stage| stage.id.clone()),
            fields: std::iter::once((field.to_owned(), option.into())).collect(),
            project: deed.new.project.clone(),
            ..NewOutput::default()
        };
        let done = outputs::record(&mut maker.tx, &programme, kind, &new).await;
        made.push(done.map_err(|e| describe(id, e))?);
    }
    Ok(made.join(","))
}

/// Confirms all that `of_project` recorded.
pub async fn confirm_all(maker: &mut Maker, ids: &str, day: Date) -> Result<()> {
    let programme = std::sync::Arc::clone(&maker.programme);
    for id in ids.split(',') {
        let output = found(maker, id).await?;
        let Some(answerer) = output.answerer.clone() else { continue };
        let by = maker.actor(&answerer).await?;
        maker.act(&by, day);
        let (tx, version) = (&mut maker.tx, output.version);
        let done = outputs::respond(tx, &programme, &output, version, Ruling::Confirm, "").await;
        done.map_err(|e| describe(&output.output, e))?;
    }
    Ok(())
}
