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

/// The tables that hold sums, in the order in which they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SumTable {
    Year,
    Month,
    Reported,
}

impl SumTable {
    const ALL: [Self; 3] = [Self::Year, Self::Month, Self::Reported];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Year => "figure_year",
            Self::Month => "figure_month",
            Self::Reported => "figure_reported",
        }
    }

    /// Where its sums and their rows differ.
    async fn off(self, tx: &mut Tx) -> Result<Vec<SumOff>> {
        let compared = match self {
            Self::Year => &data::YEARS_OFF,
            Self::Month => &data::MONTHS_OFF,
            Self::Reported => &data::REPORTED_OFF,
        };
        tx.all(compared, Vec::new()).await
    }
}

/// What a sum is of. A table that does not tell kinds or months of change apart leaves them empty.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SumKey {
    table: SumTable,
    indicator: String,
    school: String,
    pairing: String,
    kind: String,
    /// A year in the table of years.
    month: i64,
    made: i64,
}

impl SumKey {
    fn of(table: SumTable, row: &ContributionRow, made_on: Option<Date>) -> Self {
        let month = month_of(row.day);
        let by_year = table == SumTable::Year;
        Self {
            table,
            indicator: row.indicator.clone(),
            school: row.school.clone(),
            pairing: row.pairing.clone().unwrap_or_default(),
            kind: if by_year { String::new() } else { row.kind.clone() },
            month: if by_year { month / 100 } else { month },
            made: made_on.map_or(0, month_of),
        }
    }
}

/// What this transaction adds to the sums.
#[derive(Default)]
pub(super) struct Sums(BTreeMap<SumKey, Amounts>);

impl Sums {
    fn add(&mut self, key: SumKey, more: Amounts) {
        for (sum, more) in self.0.entry(key).or_default().iter_mut().zip(more) {
            *sum = sum.saturating_add(more);
        }
    }

    async fn write(self, tx: &mut Tx) -> Result<()> {
        for (key, amounts) in self.0.into_iter().filter(|(_, amounts)| *amounts != [0; 3]) {
            let SumKey { table, indicator, school, pairing, kind, month, made } = key;
            let [number, claimed, confirmed] = amounts;
            let call = match table {
                SumTable::Year => {
                    let year = month;
                    named!(data::ADD_YEAR { indicator, school, pairing, year, number, claimed, confirmed })
                }
                SumTable::Month => named!(data::ADD_MONTH {
                    indicator,
                    school,
                    pairing,
                    kind,
                    month,
                    number,
                    claimed,
                    confirmed,
                }),
                SumTable::Reported => named!(data::ADD_REPORTED {
                    indicator,
                    school,
                    pairing,
                    kind,
                    month,
                    made,
                    claimed,
                    confirmed,
                }),
            };
            call.write(tx).await?;
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
    let sums = tx.unsettled(NAME, Sums::default)?;
    sums.add(SumKey::of(SumTable::Year, of, None), amounts);
    sums.add(SumKey::of(SumTable::Month, of, None), amounts);
    Ok(())
}

/// A line of the journal.
pub(super) fn change(tx: &mut Tx, of: &ContributionRow, [claimed, confirmed]: [i64; 2]) -> Result<()> {
    let key = SumKey::of(SumTable::Reported, of, Some(tx.today()));
    tx.unsettled(NAME, Sums::default)?.add(key, [0, claimed, confirmed]);
    Ok(())
}

/// Where sums are not those of their rows, each with the table it stands in.
pub(super) async fn compare(tx: &mut Tx) -> Result<Vec<(SumTable, SumOff)>> {
    tx.settle().await?;
    let mut all = Vec::new();
    for table in SumTable::ALL {
        all.extend(table.off(tx).await?.into_iter().map(|off| (table, off)));
    }
    Ok(all)
}

/// Puts the sums right: what is off is what is to be added.
pub(super) async fn align(tx: &mut Tx) -> Result<()> {
    let mut sums = Sums::default();
    for (table, off) in compare(tx).await? {
        let SumOff { indicator, school, pairing, kind, month, made, number, claimed, confirmed } = off;
        sums.add(
            SumKey { table, indicator, school, pairing, kind, month, made },
            [number, claimed, confirmed],
        );
    }
    sums.write(tx).await
}
