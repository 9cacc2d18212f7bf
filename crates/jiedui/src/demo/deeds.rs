//! What was done and what was said about it: each deed is claimed, answered, corrected or settled through the very
//! functions that the pages use, on the day and by the one it falls to.

use super::maker::{Maker, describe};
use crate::evidence::ledger::{self, NewEntry, rules::EntryAnswer};
use crate::shared::confirmation::Ruling;
use jiedui_kernel::{Date, Error, Result};
use jiedui_programme::{Activity, Measure};

/// One entry of the ledger, with everything that will be said about it.
pub struct Deed {
    pub activity: String,
    pub measure: Measure,
    pub claimant: String,
    pub new: NewEntry,
    pub claimed: Date,
    pub steps: Vec<(Date, Act)>,
    pub part: Part,
}

pub enum Act {
    /// By the side that answers.
    Answer(EntryAnswer, &'static str),
    /// By the claimant.
    Correct(Mend),
    Withdraw,
    /// By the county bureau.
    Adjudicate(Ruling, &'static str),
}

#[derive(Debug, Clone, Copy)]
pub enum Mend {
    Until(Date),
    Quantity(i64),
}

/// What of the yearly projects a deed is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    No,
    /// Of one that counts such entries, where there is one.
    Any,
    /// Of this one of this list; without it there is nothing to claim.
    Of {
        list: usize,
        slot: usize,
    },
}

/// What a deed comes to.
pub struct Done {
    pub activity: String,
    pub to: Date,
    pub claimed: Date,
    pub quantity: i64,
    pub confirmed: i64,
}

impl Deed {
    /// How much was claimed at first.
    pub fn quantity(&self) -> i64 {
        let days = self.new.from.zip(self.new.to).map_or(0, |(from, to)| (to - from).num_days() + 1);
        match self.measure {
            Measure::Once => 1,
            Measure::Days => days,
            Measure::Entered => self.new.quantity.unwrap_or(0),
        }
    }

    pub fn done(&self) -> Done {
        let (mut quantity, mut confirmed) = (self.quantity(), 0);
        for (_, act) in &self.steps {
            match act {
                Act::Answer(EntryAnswer::Confirm, _) | Act::Adjudicate(Ruling::Confirm, _) => {
                    confirmed = quantity
                }
                Act::Answer(verdict, _) => confirmed = kept(quantity, verdict),
                Act::Adjudicate(Ruling::Dispute, _) => confirmed = 0,
                Act::Correct(mend) => {
                    let new = mended(&self.new, *mend);
                    let days = new.from.zip(new.to).map_or(0, |(from, to)| (to - from).num_days() + 1);
                    quantity = new.quantity.unwrap_or(days);
                    confirmed = 0;
                }
                Act::Withdraw => (quantity, confirmed) = (0, 0),
            }
        }
        let to = self.new.to.unwrap_or(self.claimed);
        Done { activity: self.activity.clone(), to, claimed: self.claimed, quantity, confirmed }
    }
}

/// How much of a claim an answer leaves.
pub fn kept(quantity: i64, verdict: &EntryAnswer) -> i64 {
    match verdict {
        EntryAnswer::Confirm => quantity,
        EntryAnswer::Except(hole) => quantity - hole.days(),
        EntryAnswer::Only(kept) => *kept,
        EntryAnswer::Dispute => 0,
    }
}

/// Claims it, on its day; returns the entry's id.
pub async fn claim(maker: &mut Maker, deed: &Deed) -> Result<String> {
    let programme = std::sync::Arc::clone(&maker.programme);
    let activity = programme
        .activity(&deed.activity)
        .ok_or_else(|| Error::internal(format_args!("no activity {}", deed.activity)))?;
    let claimant = maker.actor(&deed.claimant).await?;
    maker.act(&claimant, deed.claimed);
    if built(activity, deed) {
        return super::outputs::of_project(maker, deed).await;
    }
    let claimed = ledger::claim(&mut maker.tx, &programme, activity, &deed.new).await;
    claimed.map_err(|error| describe(&deed.activity, error))
}

/// Whether it is said no more in the ledger: what is built under a project is recorded as what it is.
fn built(activity: &Activity, deed: &Deed) -> bool {
    activity.became.is_none() && activity.retired.is_some_and(|day| day <= deed.claimed)
}

/// What was said about it next.
pub async fn advance(maker: &mut Maker, deed: &Deed, id: &str, (day, act): &(Date, Act)) -> Result<()> {
    let programme = std::sync::Arc::clone(&maker.programme);
    if programme.activity(&deed.activity).is_some_and(|activity| built(activity, deed)) {
        return super::outputs::confirm_all(maker, id, *day).await;
    }
    let claimant = maker.actor(&deed.claimant).await?;
    maker.act(&claimant, *day);
    let entry = ledger::find(&mut maker.tx, id).await?;
    let by = match act {
        Act::Answer(..) => maker.actor(&entry.answerer).await?,
        Act::Adjudicate(..) => maker.actor(&deed.new.pairing.county_bureau).await?,
        Act::Correct(_) | Act::Withdraw => claimant,
    };
    maker.act(&by, *day);
    let tx = &mut maker.tx;
    let done = match act {
        Act::Answer(verdict, reason) => {
            ledger::respond(tx, &programme, &entry, entry.version, verdict, reason).await
        }
        Act::Adjudicate(ruling, reason) => {
            ledger::adjudicate(tx, &programme, &entry, entry.version, *ruling, reason).await
        }
        Act::Correct(mend) => {
            let new = within(&programme, &deed.activity, mended(&deed.new, *mend));
            ledger::correct(tx, &programme, &entry, entry.version, (&new, "已按对方意见核对更正。"))
                .await
                .map(drop)
        }
        Act::Withdraw => ledger::withdraw(tx, &programme, &entry, entry.version).await,
    };
    done.map_err(|error| describe(&deed.activity, error))
}

/// Parts of a corrected amount are no more than it is now, as the programme says of this activity.
fn within(programme: &jiedui_programme::Programme, activity: &str, mut new: NewEntry) -> NewEntry {
    for relation in programme.relations.iter().filter(|one| one.activity == activity) {
        let number = |id: &String| match id.as_str() {
            "quantity" => new.quantity,
            id => new.fields.get(id).and_then(serde_json::Value::as_i64),
        };
        let Some(whole) = relation.whole.iter().map(number).sum::<Option<i64>>() else { continue };
        if relation.part.iter().map(number).sum::<Option<i64>>().is_none_or(|parts| parts <= whole) {
            continue;
        }
        let most = whole / i64::try_from(relation.part.len()).unwrap_or(1).max(1);
        for id in &relation.part {
            if let Some(value) = new.fields.get(id).and_then(serde_json::Value::as_i64) {
                new.fields.insert(id.clone(), value.min(most).into());
            }
        }
    }
    new
}

fn mended(new: &NewEntry, mend: Mend) -> NewEntry {
    match mend {
        Mend::Until(to) => NewEntry { to: Some(to), ..new.clone() },
        Mend::Quantity(quantity) => {
            let mut less = NewEntry { quantity: Some(quantity), ..new.clone() };
            // A part of the whole is no more than what is left of it.
            let whole = new.quantity.unwrap_or(0);
            for value in less.fields.values_mut() {
                if let Some(part) = value.as_i64().filter(|part| (quantity..=whole).contains(part)) {
                    *value = part.min(quantity).into();
                }
            }
            less
        }
    }
}
