//! What was done and what was said about it: each deed is claimed, answered, corrected or settled through the very
//! functions that the pages use, on the day and by the one it falls to.

use super::maker::Maker;
use crate::ledger::{self, NewEntry, rules::Verdict};
use jiedui_kernel::{Date, Error, Result};

/// One entry of the ledger, with everything that will be said about it.
pub struct Deed {
    pub activity: &'static str,
    pub claimant: String,
    pub new: NewEntry,
    pub claimed: Date,
    pub steps: Vec<(Date, Act)>,
}

pub enum Act {
    /// By the side that answers.
    Answer(Verdict, &'static str),
    /// By the claimant.
    Correct(Mend),
    Withdraw,
    /// By the county bureau.
    Settle(Verdict, &'static str),
}

#[derive(Debug, Clone, Copy)]
pub enum Mend {
    Until(Date),
    Quantity(i64),
}

pub async fn carry_out(maker: &mut Maker, deed: Deed) -> Result<()> {
    let programme = std::sync::Arc::clone(&maker.programme);
    let told = |error: Error| match error {
        Error::Invalid(errors) => {
            let errors: Vec<String> =
                errors.into_iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
            Error::internal(format_args!("demonstration, {}: {}", deed.activity, errors.join(" ")))
        }
        other => other,
    };
    let activity = programme
        .activity(deed.activity)
        .ok_or_else(|| Error::internal(format_args!("no activity {}", deed.activity)))?;
    let claimant = maker.who(&deed.claimant).await?;
    maker.act(&claimant, deed.claimed);
    let id = ledger::claim(&mut maker.tx, &programme, activity, &deed.new).await.map_err(told)?;
    for (day, act) in &deed.steps {
        maker.act(&claimant, *day);
        let entry = ledger::find(&mut maker.tx, &id).await?;
        let by = match act {
            Act::Answer(..) => maker.who(&entry.answerer).await?,
            Act::Settle(..) => maker.who(&deed.new.pairing.county_bureau).await?,
            Act::Correct(_) | Act::Withdraw => std::sync::Arc::clone(&claimant),
        };
        maker.act(&by, *day);
        let tx = &mut maker.tx;
        let done = match act {
            Act::Answer(verdict, reason) => {
                ledger::respond(tx, &programme, &entry, entry.version, verdict, reason).await
            }
            Act::Settle(verdict, reason) => {
                ledger::settle_for(tx, &programme, &entry, entry.version, verdict, reason).await
            }
            Act::Correct(mend) => {
                let new = mended(&deed.new, *mend);
                ledger::correct(tx, &programme, &entry, entry.version, &new).await.map(drop)
            }
            Act::Withdraw => ledger::withdraw_own(tx, &programme, &entry, entry.version).await,
        };
        done.map_err(told)?;
    }
    Ok(())
}

fn mended(new: &NewEntry, mend: Mend) -> NewEntry {
    match mend {
        Mend::Until(to) => NewEntry { to: Some(to), ..new.clone() },
        Mend::Quantity(quantity) => NewEntry { quantity: Some(quantity), ..new.clone() },
    }
}
