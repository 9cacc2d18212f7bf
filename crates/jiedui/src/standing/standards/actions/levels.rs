//! The level on which a school stands: what is noted of it in the registry, or what it was granted, whichever is higher. The
//! ladder and the conditions of applications read it here, so that they agree.

use super::super::judged;
use crate::evidence::outputs;
use crate::network::registry::{self, OrgRow, Population};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{LEVELS, Output, OutputFact, Programme};
use jiedui_store::Tx;

/// In place of a level that nobody has noted.
pub const NO_LEVEL: &str = "未登记层次";

/// A promotion that was granted: it raises a school from its day, also where nobody has changed the registry yet.
pub struct Raised<'a> {
    fact: OutputFact,
    kind: &'a Output,
    level: &'a str,
}

/// Those of the schools visible to the caller.
pub async fn raised<'a>(tx: &mut Tx, programme: &'a Programme) -> Result<Vec<Raised<'a>>> {
    let one = |fact: OutputFact| {
        let kind = programme.output(&fact.output)?;
        Some(Raised { level: kind.raises_to.as_deref()?, kind, fact })
    };
    Ok(outputs::facts(tx).await?.into_iter().filter_map(one).collect())
}

/// The level of a school on a day.
pub fn level_on(org: &OrgRow, population: &Population, raised: &[Raised<'_>], day: Date) -> &'static str {
    let noted = rung(judged(org, population).level_on(day));
    let mine = raised.iter().filter(|one| one.fact.county_school.as_deref() == Some(org.id.as_str()));
    let granted = mine.filter(|one| one.fact.surely_counts(one.kind, day)).map(|one| rung(one.level));
    granted.chain([noted]).max_by_key(|level| height(level)).unwrap_or(noted)
}

/// The level of one school today, for the conditions of its applications.
pub async fn level_today(tx: &mut Tx, programme: &Programme, org: &OrgRow) -> Result<String> {
    let population = registry::population(tx).await?;
    let level = level_on(org, &population, &raised(tx, programme).await?, tx.today());
    // What is no rung of the ladder is told as it was noted.
    Ok(if level == NO_LEVEL { org.level.clone() } else { level.to_owned() })
}

/// The higher the later among the levels; what is not known stands lowest.
fn height(level: &str) -> usize {
    LEVELS.iter().position(|known| *known == level).map_or(0, |at| at + 1)
}

pub fn rung(level: &str) -> &'static str {
    LEVELS.into_iter().find(|known| *known == level).unwrap_or(NO_LEVEL)
}
