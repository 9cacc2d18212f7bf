//! What was filled in, as far as visible to the caller, month by month: what is kept of days that are over, and what was counted
//! since.

use super::super::data::{self, KeptRow};
use super::super::rules::Filled;
use super::{Counted, counted, counted_until};
use crate::network::registry::{self, OrgRow};
use jiedui_kernel::{Months, Result};
use jiedui_programme::FormEntry;
use jiedui_store::args;
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
    let kept = match (until, keys.first()) {
        (Some(_), Some(oldest)) => tx.all::<KeptRow>(&data::KEPT, args![oldest]).await?,
        _ => Vec::new(),
    };
    let filled = merged(&forms, &keys, sums, kept);
    let orgs = registry::everyone(tx).await?;
    Ok(Load { forms, filled, orgs, months: keys })
}

/// One line for each organisation, form and month; what no form of the register is counts nowhere.
fn merged(forms: &[FormEntry], keys: &[String], sums: Counted, kept: Vec<KeptRow>) -> Vec<Filled> {
    let places = forms.iter().enumerate().map(|(at, form)| ((form.kind.id(), form.id.as_str()), at));
    let places: HashMap<(&str, &str), usize> = places.collect();
    let mut filled: BTreeMap<(String, usize, usize), i64> = BTreeMap::new();
    let mut add = |org: String, form: Option<&usize>, month: Option<usize>, times: i64| {
        if let (Some(form), Some(month)) = (form, month) {
            *filled.entry((org, *form, month)).or_default() += times;
        }
    };
    for ((org, kind, form, month), times) in sums {
        add(org, places.get(&(kind, form.as_str())), usize::try_from(month).ok(), times);
    }
    for row in kept {
        let month = keys.iter().position(|key| *key == row.month);
        add(row.org, places.get(&(row.kind.as_str(), row.form.as_str())), month, row.times);
    }
    let line = |((org, form, month), times)| Filled { org, form, month, times };
    filled.into_iter().map(line).collect()
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
