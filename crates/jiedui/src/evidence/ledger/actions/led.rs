//! What becomes of entries where two records of one person are one: nothing in them is written again, and who took part counts
//! once.

use super::super::data;
use super::check::takes_the_day;
use crate::shared::contributions;
use crate::shared::mechanism::Led;
use jiedui_kernel::{Error, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use std::sync::Arc;

/// Counts again whatever names the record. Two stays on one day are two people's, or one of them is wrong: such records are not
/// one person's.
pub async fn told(tx: &mut Tx, programme: &Arc<Programme>, led: Led<'_>) -> Result<()> {
    if led.holds {
        apart(tx, programme, led.to).await?;
    }
    for (entry,) in tx.all::<(String,)>(&data::NAMING, args![led.record]).await? {
        if let Some(fact) = super::super::fact_of(tx, &entry).await? {
            contributions::refresh_led(tx, programme, &fact).await?;
        }
    }
    Ok(())
}

async fn apart(tx: &mut Tx, programme: &Programme, person: &str) -> Result<()> {
    let mut stays = tx.all::<data::StayRow>(&data::STAYS_OF_PERSON, args![person]).await?;
    stays.retain(|stay| programme.activity(&stay.activity).is_some_and(takes_the_day));
    let mut longest: Option<data::StayRow> = None;
    for stay in stays {
        if let Some(earlier) = longest.as_ref().filter(|earlier| stay.from_day <= earlier.to_day) {
            let words = format!(
                "两条记录在 {} 这一天各有一笔占整天的工作（{}、{}），不会是同一个人；是登记有误的，请先更正台账。",
                stay.from_day, earlier.county_name, stay.county_name
            );
            // No page of its own shows it: the records lead to each other here already, and nothing of that is kept.
            return Err(Error::NotNow(words));
        }
        longest = Some(stay);
    }
    Ok(())
}
