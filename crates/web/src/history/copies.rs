//! Histories of things of which there shall be many more on other days: for the demonstration multiplied.

use super::data::{self, WholeStep};
use chrono::TimeDelta;
use jiedui_kernel::{Date, Instant, Result};
use jiedui_store::{Tx, args, line};

/// A step that can be said again of another thing.
#[derive(Debug, Clone)]
pub struct StepCopy {
    step: WholeStep,
    /// Where days stand in its change.
    days: Vec<(usize, Date)>,
}

impl StepCopy {
    /// The thing that it is about.
    pub fn resource_id(&self) -> &str {
        &self.step.resource_id
    }

    pub fn at(&self) -> Instant {
        self.step.at
    }

    /// The same about another thing, so many days later.
    pub fn moved(&self, id: &str, days: i64) -> Self {
        let by = TimeDelta::days(days);
        let mut copy = self.clone();
        id.clone_into(&mut copy.step.resource_id);
        copy.step.at += by;
        for (at, day) in &self.days {
            copy.step.change.replace_range(*at..*at + DAY, &(*day + by).to_string());
        }
        copy
    }
}

/// `2026-11-28`
const DAY: usize = 10;

/// The days in a text, each with its place.
fn days(text: &str) -> Vec<(usize, Date)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dash) = text[at..].find('-').map(|dash| at + dash) {
        at = dash + 1;
        let Some(day) = dash.checked_sub(4).and_then(|from| text.get(from..from + DAY)) else { continue };
        if let Ok(day) = day.parse::<Date>() {
            found.push((dash - 4, day));
            at = dash + DAY - 4;
        }
    }
    found
}

/// All steps about things of a kind, each thing's in order.
pub async fn of_kind(tx: &mut Tx, resource: &str) -> Result<Vec<StepCopy>> {
    let steps = tx.all::<WholeStep>(&data::WHOLE, args![resource]).await?;
    Ok(steps.into_iter().map(|step| StepCopy { days: days(&step.change), step }).collect())
}

/// Writes steps about things that were written just now. The audit record is the caller's.
pub async fn add(tx: &mut Tx, steps: Vec<StepCopy>) -> Result<()> {
    let lines = steps.into_iter().map(|StepCopy { step, .. }| {
        line!(data::STEPS {
            id: tx.random().id(step.at),
            resource: step.resource,
            resource_id: step.resource_id,
            at: step.at,
            account: step.account,
            name: step.name,
            org: step.org,
            org_name: step.org_name,
            kind: step.kind,
            reason: step.reason,
            revision: step.revision,
            change: step.change,
            batch: "",
        })
    });
    let lines = lines.collect();
    tx.add_rows(&data::STEPS, lines).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_are_found_between_other_words() {
        let text =
            r#"{"from":"2026-01-05","told":[["日期","2025-02-01 至 2025-02-30","12-34"]],"to":"2026-01-06"}"#;
        let found: Vec<String> = days(text).into_iter().map(|(at, _)| text[at..at + 10].to_owned()).collect();
        assert_eq!(found, ["2026-01-05", "2025-02-01", "2026-01-06"]);
    }
}
