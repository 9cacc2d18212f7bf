//! What was filled in, as far as visible to the caller, month by month: asked of each mechanism, counted in no table.

use super::super::rules::Filled;
use crate::network::registry::{self, OrgRow};
use crate::shared::mechanism::{self, Recorded};
use jiedui_kernel::{Months, Result};
use jiedui_programme::{FormEntry, FormKind};
use jiedui_web::context::RequestContext;
use jiedui_web::history;

pub struct Load {
    pub forms: Vec<FormEntry>,
    pub filled: Vec<Filled>,
    /// Every organisation visible to the caller, in the order of names.
    pub orgs: Vec<OrgRow>,
    pub months: Vec<String>,
}

pub async fn read(ctx: &mut RequestContext) -> Result<Load> {
    let (forms, months) = (ctx.programme().register(), Months::up_to(ctx.today));
    let mut filled = Vec::new();
    let mut add = |kind: FormKind, id: &str, (org, month, times): (String, i64, i64)| {
        let form = forms.iter().position(|form| form.kind == kind && form.id == id);
        if let (Some(form), Ok(month)) = (form, usize::try_from(month)) {
            filled.push(Filled { org, form, month, times });
        }
    };
    let tx = &mut ctx.tx;
    for recorder in mechanism::all().filter_map(|one| one.recorded) {
        for Recorded { org, form: (kind, id), month, times } in recorder(tx, &months).await? {
            add(kind, &id, (org, month, times));
        }
    }
    for (org, resource, kind, month, times) in history::recorded(tx, &months).await? {
        let steps = mechanism::all().flat_map(|one| one.steps);
        for step in steps.filter(|step| step.resource == resource && step.kind == kind).take(1) {
            add(step.form.0, step.form.1, (org.clone(), month, times));
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
