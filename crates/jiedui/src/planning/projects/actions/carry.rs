//! From one list to another: carrying over what was not finished, copying what may serve as a start.

use super::{add, of_list};
use crate::planning::needs::NeedRow;
use crate::planning::projects::data::{Ended, ListRow};
use crate::planning::projects::rules::{Fields, LoadedList};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Result};
use jiedui_programme::Programme;
use jiedui_store::Tx;

/// What of a list goes over into another: the rest of what was not finished, or everything as a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    Rest,
    All,
}

/// Takes projects over from another list visible to the caller; says how many.
pub async fn take_over(
    tx: &mut Tx,
    programme: &Programme,
    into: &LoadedList,
    from: &ListRow,
    take: Take,
    needs: &[NeedRow],
) -> Result<usize> {
    let taken: Vec<Option<String>> =
        of_list(tx, &into.row.id).await?.into_iter().map(|project| project.carried_from).collect();
    let mut count = 0;
    for project in of_list(tx, &from.id).await? {
        let rest = take == Take::Rest;
        let unfinished =
            project.filed && project.ended == Ended::Not && project.fact().confirmed < project.quantity;
        if (rest && (!unfinished || taken.contains(&Some(project.id.clone()))))
            || project.ended == Ended::Removed
        {
            continue;
        }
        let mut fields = moved(project.fields(), &into.row, from, needs);
        if rest {
            fields.quantity = project.quantity - project.confirmed;
        }
        add(tx, programme, into, &fields, rest.then_some(project.id.as_str()), false).await?;
        count += 1;
    }
    Ok(count)
}

/// The same project in another year, or at another school: then its need is that school's first one under the same
/// sentence, and nobody in person answers for it yet.
fn moved(mut fields: Fields, into: &ListRow, from: &ListRow, needs: &[NeedRow]) -> Fields {
    let year = i32::try_from(into.year).unwrap_or_default();
    let to_year =
        |day: Date| day.with_year(year).unwrap_or_else(|| Date::from_ymd_opt(year, 2, 28).unwrap_or(day));
    (fields.from, fields.to) = (to_year(fields.from), to_year(fields.to));
    if into.pairing != from.pairing {
        fields.owner_org = match &fields.owner_org {
            org if *org == from.lead => into.lead.clone(),
            org if *org == from.nearby => into.nearby.clone(),
            _ => into.county_school.clone(),
        };
        fields.owner = None;
        fields.need = None;
    }
    if fields.basis == "need" && fields.need.as_ref().is_none_or(|id| needs.iter().all(|need| need.id != *id))
    {
        fields.need = needs.iter().find(|need| need.clause == fields.clause).map(|need| need.id.clone());
    }
    fields
}
