//! What was filled in within reach, month by month: asked of each mechanism, counted in no table.

use super::rules::{self, Filled};
use crate::http::cx::Cx;
use crate::registry::{self, OrgRow};
use crate::{applications, ledger, outputs, school_plans, steps};
use jiedui_kernel::{Months, Result};
use jiedui_programme::{FormEntry, FormKind};

pub struct Load {
    pub forms: Vec<FormEntry>,
    pub filled: Vec<Filled>,
    /// Every organisation within reach, in the order of names.
    pub orgs: Vec<OrgRow>,
    pub months: Vec<String>,
}

pub async fn read(cx: &mut Cx) -> Result<Load> {
    let (forms, months) = (cx.programme().register(), Months::up_to(cx.today));
    let mut filled = Vec::new();
    let mut add = |kind: FormKind, id: &str, (org, month, times): (String, i64, i64)| {
        let form = forms.iter().position(|form| form.kind == kind && form.id == id);
        if let (Some(form), Ok(month)) = (form, usize::try_from(month)) {
            filled.push(Filled { org, form, month, times });
        }
    };
    let tx = &mut cx.tx;
    for (kind, rows) in [
        (FormKind::Activity, ledger::recorded(tx, &months).await?),
        (FormKind::Output, outputs::recorded(tx, &months).await?),
        (FormKind::Application, applications::recorded(tx, &months).await?),
        (FormKind::Plan, school_plans::recorded(tx, &months).await?),
    ] {
        for (org, id, month, times) in rows {
            add(kind, &id, (org, month, times));
        }
    }
    for (org, thing, kind, month, times) in steps::recorded(tx, &months).await? {
        if let Some((form, id)) = rules::form_of_step(&thing, &kind) {
            add(form, id, (org, month, times));
        }
    }
    let orgs = registry::everyone(tx).await?;
    Ok(Load { forms, filled, orgs, months: months.keys() })
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
