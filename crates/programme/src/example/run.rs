//! What the rules make of an example, beside what it expects.

use super::world::{ORG, facts, outputs, pairings, values, world};
use super::written::{Expect, Subject, Written, span};
use crate::model::{PairingRole, Programme};
use crate::rules::{
    attainment, clock, counts, duty_periods, duty_reading, eligibility, evaluate, periods, relations,
};
use crate::state::EntryState;
use toml::{Table, Value};

pub(super) fn run(programme: &Programme, example: &Written) -> Result<(), Off> {
    let found = match example.subject() {
        Some(Subject::Activity(id)) => {
            let facts = facts(programme, example, id);
            let counted = facts.iter().filter(|fact| counts(programme, fact)).count();
            Some(Expect { counted: Some(counted), ..Expect::default() })
        }
        Some(Subject::Indicator(id)) => read_indicator(programme, example, id),
        Some(Subject::Obligation(id)) => read_clock(programme, example, id),
        Some(Subject::Output(id)) => read_output(programme, example, id),
        Some(Subject::Application(id)) => read_application(programme, example, id),
        Some(Subject::Standard(id)) => read_standard(programme, example, id),
        Some(Subject::Duty(id)) => read_duty(programme, example, id),
        None => None,
    };
    let Some(found) = found else {
        let message = "没有得出结果：此时尚无此项要求，或时期不存在".to_owned();
        return Err(Off { message, accepted: None });
    };
    let (wanted, found) = (table(&example.expect), table(&found));
    let (mut differences, mut accepted) = (Vec::new(), Table::new());
    compare("", &wanted, &found, &mut differences, &mut accepted);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Off { message: differences.join("；"), accepted: Some(written(&Value::Table(accepted))) })
}

/// What is not as an example expects.
pub(super) struct Off {
    pub message: String,
    /// What it would have to expect, as a file has it; none where nothing came out.
    pub accepted: Option<String>,
}

/// What is expected, or came out, by its keys; what is not said is left out.
fn table(expect: &Expect) -> Table {
    Table::try_from(expect).unwrap_or_default()
}

/// Key by key of what is expected; `accepted` gets what came out in its place.
fn compare(path: &str, wanted: &Table, found: &Table, differences: &mut Vec<String>, accepted: &mut Table) {
    for (key, wanted) in wanted {
        let found = found.get(key);
        if let (Value::Table(wanted), Some(Value::Table(found))) = (wanted, found) {
            let mut inner = Table::new();
            compare(&format!("{path}{key}."), wanted, found, differences, &mut inner);
            accepted.insert(key.clone(), Value::Table(inner));
            continue;
        }
        if found != Some(wanted) {
            differences.push(differs(&format!("{path}{key}"), wanted, found));
        }
        accepted.extend(found.map(|found| (key.clone(), found.clone())));
    }
}

/// A difference in the words of the file.
pub(super) fn differs(name: &str, wanted: &Value, found: Option<&Value>) -> String {
    let shown = found.map_or_else(|| "无".to_owned(), written);
    format!("{name} 预期 {}，得到 {shown}", written(wanted))
}

/// A value as a file of the programme has it, on one line.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Integer(number) => number.to_string(),
        Value::Table(table) if table.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let parts: Vec<String> =
                table.iter().map(|(key, one)| format!("{key} = {}", written(one))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Boolean(yes) => yes.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Datetime(day) => day.to_string(),
        Value::Array(list) => format!("[{}]", list.iter().map(written).collect::<Vec<_>>().join(", ")),
    }
}

fn read_indicator(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let measured = programme.indicator(id)?;
    let window = span(example.window.as_deref()?)?;
    let reading = evaluate(programme, measured, &world(programme, example, &measured.of), window);
    Some(Expect {
        claimed: reading.claimed.value(),
        confirmed: reading.confirmed.value(),
        rows: Some(reading.rows.len()),
        ..Expect::default()
    })
}

fn read_clock(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let obligation = programme.obligation(id)?;
    let today = example.today?;
    let wanted = example.period.as_deref()?;
    let period =
        periods(programme, obligation.every, today).into_iter().find(|period| period.id == wanted)?;
    let relation = relations(&pairings(example), &[PairingRole::Lead]).into_iter().next()?;
    let facts = facts(programme, example, &obligation.activity);
    let reading = clock(programme, obligation, &relation, &facts.iter().collect::<Vec<_>>(), &period, today)?;
    Some(Expect {
        state: Some(reading.state),
        owed: Some(reading.owed),
        claimed: Some(reading.claimed),
        confirmed: Some(reading.confirmed),
        latest_start: reading.latest_start,
        workdays_left: reading.workdays_left,
        rows: Some(reading.entries.len()),
        ..Expect::default()
    })
}

/// How many of the outputs count on the day: not withdrawn, and in a stage that counts.
fn read_output(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let kind = programme.output(id)?;
    let on = example.on?;
    let counting = |stage: &str| kind.stages.iter().any(|other| other.id == stage && other.counts);
    let outputs = outputs(example, id);
    let standing = outputs.iter().filter(|fact| fact.state != EntryState::Withdrawn);
    let counted = standing.filter(|fact| fact.stage_on(on).is_some_and(counting)).count();
    Some(Expect { counted: Some(counted), ..Expect::default() })
}

fn read_application(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let application = programme.application(id)?;
    let readings = eligibility(programme, application, &example.school.as_ref()?.state(programme));
    let conditions = readings.into_iter().map(|reading| (reading.condition, reading.state)).collect();
    Some(Expect { conditions, ..Expect::default() })
}

fn read_standard(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let standard = programme.standard(id)?;
    let on = example.on.or(example.today).unwrap_or(standard.from);
    let confirmed = &example.confirmed_thresholds;
    let found = attainment(programme, standard, &values(&example.profile), confirmed, on);
    Some(Expect { attainment: Some(found.state), ..Expect::default() })
}

/// Periods are written `2026`, `2026-Q3` and `2026-07`; what must stand at any time is read in its one period.
fn read_duty(programme: &Programme, example: &Written, id: &str) -> Option<Expect> {
    let duty = programme.duties.iter().find(|duty| duty.id == id)?;
    let today = example.today?;
    let wanted = example.period.as_deref()?;
    let periods = duty_periods(programme, duty, today);
    let period =
        periods.iter().find(|period| wanted == "standing" || period.id.eq_ignore_ascii_case(wanted))?;
    let org = example.outputs.iter().find_map(|output| output.org.as_deref()).unwrap_or(ORG);
    let reading = duty_reading(programme, duty, org, &outputs(example, &duty.output), period, today);
    Some(Expect {
        state: Some(reading.state),
        owed: Some(reading.owed),
        claimed: Some(reading.claimed),
        confirmed: Some(reading.confirmed),
        rows: Some(reading.rows.len()),
        ..Expect::default()
    })
}
