//! `jiedui programme replay NEW`: the facts of a data directory under another programme, and whose status would change.

use super::{DataLocation, programme, serve};
use crate::network::registry;
use crate::standing::duties;
use crate::standing::indicators;
use jiedui_kernel::{Actor, Clock, Date, Result};
use jiedui_programme::{Change, Side, StatusChange, World, replay, table};
use jiedui_store::Tx;
use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// Everything the rules see, and how pages call the organisations.
struct Played {
    world: World,
    bodies: Vec<(Side, String)>,
    names: HashMap<String, String>,
}

async fn facts(tx: &mut Tx) -> Result<Played> {
    let world = indicators::world(tx).await?;
    let debtors = duties::debtors(tx).await?;
    let schools = registry::schools(tx).await?;
    let mut names: HashMap<String, String> =
        schools.into_iter().map(|school| (school.id, school.name)).collect();
    names.extend(debtors.iter().map(|debtor| (debtor.org.clone(), debtor.name.clone())));
    Ok(Played { world, bodies: debtors.into_iter().map(|one| (one.side, one.org)).collect(), names })
}

/// A status of somebody as a line of the table that shows changes of rules, too.
fn line(change: &StatusChange, names: &HashMap<String, String>) -> Change {
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let about = &change.subject;
    let actor = match (about.unit.as_str(), about.towards.as_str()) {
        ("", _) => String::new(),
        (unit, "") => name(unit),
        (unit, towards) => format!("{}对{}", name(unit), name(towards)),
    };
    let word = |status: Option<&'static str>| status.unwrap_or("没有这一项").to_owned();
    let parts = [actor, change.name.clone(), about.period.clone()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Change {
        clause: about.clause.clone(),
        what: parts.join(" "),
        before: word(change.before),
        after: word(change.after),
    }
}

async fn changes(
    place: &DataLocation,
    new: &Path,
    today: Option<Date>,
) -> std::result::Result<Vec<Change>, String> {
    let new = programme::load(Some(new))?;
    let clock = today.map_or(Clock::System, Clock::fixed);
    let app = serve::open(place, clock, false).await?;
    let mut tx = app.db.read(Arc::new(Actor::system("replay"))).await.map_err(|error| error.to_string())?;
    let played = facts(&mut tx).await.map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let found = replay(&app.programme(), &new, &played.world, &played.bodies, tx.today());
    let took = begun.elapsed();
    eprintln!(
        "{} 所县级院校、{} 条台账、{} 项成果和记录、{} 份年度基本情况，按两个方案各算一遍用时 {} 毫秒。",
        played.world.schools.len(),
        played.world.entries.len(),
        played.world.outputs.len(),
        played.world.profiles.len(),
        took.as_millis(),
    );
    Ok(found.iter().map(|change| line(change, &played.names)).collect())
}

/// 0 where nobody's status changes, 1 where somebody's does, 2 where it cannot be played.
pub async fn run(place: &DataLocation, new: &Path, today: Option<Date>) -> ExitCode {
    match changes(place, new, today).await {
        Ok(changes) if changes.is_empty() => {
            println!("没有单位的状态会变化。");
            ExitCode::SUCCESS
        }
        Ok(changes) => {
            let text = format!("有 {} 项状态会变化。\n\n{}\n", changes.len(), table(&changes));
            // A reader that has seen enough (`| head`) closes the pipe; that is no failure.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}
