//! Sums kept above the rows and the journal, so that a figure is read from few rows however many things stand behind it.
//! They are raised and lowered with the rows, at the commit, and compared with them as the rows are with the facts.

use super::data::{self, ContributionRow, SumOff};
use super::month_of;
use jiedui_kernel::{Date, Result};
use jiedui_store::{Derived, Tx, named};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

const NAME: &str = "figure sums";

/// How many rows, and what of them is claimed and confirmed.
type Amounts = [i64; 3];
/// Indicator, school, pairing.
type SumAt = (String, String, String);

/// What this transaction adds to the sums.
#[derive(Default)]
pub(super) struct Sums {
    years: BTreeMap<(SumAt, i64), Amounts>,
    /// By kind and month.
    months: BTreeMap<(SumAt, String, i64), Amounts>,
    /// By kind, month, and the month of the change.
    reported: BTreeMap<(SumAt, String, i64, i64), Amounts>,
}

fn place(of: &ContributionRow) -> SumAt {
    (of.indicator.clone(), of.school.clone(), of.pairing.clone().unwrap_or_default())
}

fn add(sum: &mut Amounts, more: Amounts) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum = sum.saturating_add(more);
    }
}

impl Sums {
    fn row(&mut self, of: &ContributionRow, amounts: Amounts) {
        let month = month_of(of.day);
        add(self.years.entry((place(of), month / 100)).or_default(), amounts);
        add(self.months.entry((place(of), of.kind.clone(), month)).or_default(), amounts);
    }

    fn change(&mut self, of: &ContributionRow, made_on: Date, [claimed, confirmed]: [i64; 2]) {
        let key = (place(of), of.kind.clone(), month_of(of.day), month_of(made_on));
        add(self.reported.entry(key).or_default(), [0, claimed, confirmed]);
    }

    /// What is off, as what is to be added to put it right.
    fn of_differences([years, months, reported]: [Vec<SumOff>; 3]) -> Self {
        let place = |off: &SumOff| (off.indicator.clone(), off.school.clone(), off.pairing.clone());
        let amounts = |off: &SumOff| [off.number, off.claimed, off.confirmed];
        Self {
            years: years.iter().map(|off| ((place(off), off.month), amounts(off))).collect(),
            months: months
                .iter()
                .map(|off| ((place(off), off.kind.clone(), off.month), amounts(off)))
                .collect(),
            reported: reported
                .iter()
                .map(|off| ((place(off), off.kind.clone(), off.month, off.made), amounts(off)))
                .collect(),
        }
    }

    async fn write(self, tx: &mut Tx) -> Result<()> {
        let nothing = |amounts: &Amounts| *amounts == [0; 3];
        for (((indicator, school, pairing), year), amounts) in self.years {
            if !nothing(&amounts) {
                let [number, claimed, confirmed] = amounts;
                let call =
                    named!(data::ADD_YEAR { indicator, school, pairing, year, number, claimed, confirmed });
                call.write(tx).await?;
            }
        }
        for (((indicator, school, pairing), kind, month), amounts) in self.months {
            if !nothing(&amounts) {
                let [number, claimed, confirmed] = amounts;
                named!(data::ADD_MONTH {
                    indicator,
                    school,
                    pairing,
                    kind,
                    month,
                    number,
                    claimed,
                    confirmed
                })
                .write(tx)
                .await?;
            }
        }
        for (((indicator, school, pairing), kind, month, made), amounts) in self.reported {
            if !nothing(&amounts) {
                let [_, claimed, confirmed] = amounts;
                named!(data::ADD_REPORTED {
                    indicator,
                    school,
                    pairing,
                    kind,
                    month,
                    made,
                    claimed,
                    confirmed
                })
                .write(tx)
                .await?;
            }
        }
        Ok(())
    }
}

impl Derived for Sums {
    fn settle<'a>(self: Box<Self>, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin((*self).write(tx))
    }
}

/// A row that came, changed or went: what it adds to the number, the claimed and the confirmed.
pub(super) fn row(tx: &mut Tx, of: &ContributionRow, amounts: Amounts) -> Result<()> {
    tx.unsettled(NAME, Sums::default)?.row(of, amounts);
    Ok(())
}

/// A line of the journal.
pub(super) fn change(tx: &mut Tx, of: &ContributionRow, amounts: [i64; 2]) -> Result<()> {
    let made_on = tx.today();
    tx.unsettled(NAME, Sums::default)?.change(of, made_on, amounts);
    Ok(())
}

async fn off(tx: &mut Tx) -> Result<[Vec<SumOff>; 3]> {
    tx.settle().await?;
    Ok([
        tx.all(&data::YEARS_OFF, Vec::new()).await?,
        tx.all(&data::MONTHS_OFF, Vec::new()).await?,
        tx.all(&data::REPORTED_OFF, Vec::new()).await?,
    ])
}

/// Where sums are not those of their rows, each with the table it stands in.
pub(super) async fn compare(tx: &mut Tx) -> Result<Vec<(&'static str, SumOff)>> {
    let tables = ["figure_year", "figure_month", "figure_reported"];
    let named = tables.into_iter().zip(off(tx).await?);
    Ok(named.flat_map(|(table, found)| found.into_iter().map(move |off| (table, off))).collect())
}

/// Puts the sums right; says how many were not.
pub(super) async fn align(tx: &mut Tx) -> Result<usize> {
    let found = off(tx).await?;
    let wrong = found.iter().map(Vec::len).sum();
    Sums::of_differences(found).write(tx).await?;
    Ok(wrong)
}
