//! A school is raised to one level at a time (T2.3): what the rule says, asked where a promotion begins to count.

use super::super::facts_of;
use crate::network::registry;
use jiedui_kernel::{Date, FieldError, Result};
use jiedui_programme::{Output, Programme, Stage, raised_already};
use jiedui_store::Tx;

pub(super) async fn check(
    tx: &mut Tx,
    (programme, kind): (&Programme, &Output),
    school: &str,
    (stage, day): (&Stage, Date),
    except: &str,
) -> Result<Option<FieldError>> {
    if kind.raises_to.is_none() || !stage.counts {
        return Ok(None);
    }
    // Two at once would both find none.
    registry::lock(tx, school).await?;
    let facts = facts_of(tx, school).await?;
    let found = raised_already(programme, &facts, (&kind.id, day), except);
    Ok(found.map(|found| FieldError::new("since", found.mistake())))
}
