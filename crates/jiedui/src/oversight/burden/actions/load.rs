//! What was filled in, as far as visible to the caller, month by month: what is kept of days that are over, and what was counted
//! since.

use super::super::data::{self, KeptRow};
use super::super::rules::Filled;
use super::{Counted, counted, counted_until};
use crate::network::registry::{self, OrgRow};
use jiedui_kernel::{MONTHS, Months, Result};
use jiedui_programme::FormEntry;
use jiedui_store::Arg;
use jiedui_web::context::RequestContext;
use std::collections::{BTreeMap, HashMap};

pub struct Load {
    pub forms: Vec<FormEntry>,
    pub filled: Vec<Filled>,
    /// Every organisation visible to the caller, in the order of names.
    pub orgs: Vec<OrgRow>,
    pub months: Vec<String>,
}

pub async fn read(ctx: &mut RequestContext) -> Result<Load> {
    let (forms, months) = (ctx.programme().register(), Months::up_to(ctx.today));
    let tx = &mut ctx.tx;
    let until = counted_until(tx).await?;
    let sums = counted(tx, &months.clone().since(until)).await?;
    let keys = months.keys();
    let kept = match until {
        Some(_) => tx.all::<KeptRow>(&data::KEPT, keys.iter().map(Arg::from).collect()).await?,
        None => Vec::new(),
    };
    let filled = merged(&forms, sums, kept);
    let orgs = registry::everyone(tx).await?;
    Ok(Load { forms, filled, orgs, months: keys })
}

/// One line for each organisation and form; what no form of the register is counts nowhere.
fn merged(forms: &[FormEntry], sums: Counted, kept: Vec<KeptRow>) -> Vec<Filled> {
    let places = forms.iter().enumerate().map(|(at, form)| ((form.kind.id(), form.id.as_str()), at));
    let places: HashMap<(&str, &str), usize> = places.collect();
    let mut filled: BTreeMap<(String, usize), [i64; MONTHS]> = BTreeMap::new();
    for ((org, kind, id, month), times) in sums {
        let form = places.get(&(kind, id.as_str())).copied();
        if let (Some(form), Ok(month)) = (form, usize::try_from(month)) {
            let months = filled.entry((org, form)).or_default();
            if let Some(sum) = months.get_mut(month) {
                *sum += times;
            }
        }
    }
    for row in kept {
        let (form, times) = (places.get(&(row.kind.as_str(), row.form.as_str())).copied(), row.times());
        if let Some(form) = form {
            let months = filled.entry((row.org, form)).or_default();
            for (sum, more) in months.iter_mut().zip(times) {
                *sum += more;
            }
        }
    }
    filled.into_iter().map(|((org, form), times)| Filled { org, form, times }).collect()
}

impl Load {
    pub fn name(&self, org: &str) -> &str {
        self.orgs.iter().find(|row| row.id == org).map_or("", |row| row.name.as_str())
    }

    /// Where a month stands among the twelve; the newest where it is none of them.
    pub fn month(&self, key: &str) -> usize {
        self.months.iter().position(|month| month == key).unwrap_or(self.months.len().saturating_sub(1))
    }
}
