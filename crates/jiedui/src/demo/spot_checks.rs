//! What was drawn of the months behind: most of it looked at already, some of it waiting, one that differs.

use super::rng::SeededRng;
use crate::evidence::spot_checks::{self, CheckRow};
use crate::network::registry;
use jiedui_kernel::{Actor, ActorKind, Result, Scope};
use jiedui_store::{Tx, audit};
use jiedui_web::App;
use std::sync::Arc;

const DIFFERS: &str = "现场签到的日期比登记的晚一天，请核对后更正（示例）。";
/// Of a hundred so many were looked at.
const LOOKED: usize = 70;
/// So many wait in any case, so that whoever tries it finds some.
const LEFT: usize = 2;

/// A draw needs the root of the log, which is there once the province is: it has transactions of its own. The months that a
/// server would have drawn are drawn now, and lapse in their time.
pub async fn look(app: &App) -> Result<()> {
    while audit::sequence(&app.db).await? > 0 {}
    let programme = app.programme();
    spot_checks::turn(&app.db, &programme).await?;
    let mut tx = app.db.begin(Arc::new(Actor::system("demo"))).await?;
    let (rng, mut referred) = (SeededRng::new(43), false);
    for (at, row) in spot_checks::waiting(&mut tx).await?.into_iter().enumerate() {
        if at < LEFT || !rng.chance(LOOKED) {
            continue;
        }
        // The bureau above finds one to differ, of a school with one account: so the ledger is left as it is.
        let refers = !referred && row.is_alone() && !row.above.is_empty() && row.above != row.claimant;
        let who = actor(&mut tx, &row, refers).await?;
        tx.act_as(who);
        let opened = spot_checks::open(&mut tx, &programme, &row.id).await?;
        let version = opened.row.version;
        if refers {
            spot_checks::differ(&mut tx, &programme, &opened, version, DIFFERS).await?;
            referred = true;
        } else {
            spot_checks::hold(&mut tx, &opened, version).await?;
        }
    }
    tx.commit().await
}

/// Somebody of the unit that confirmed it, or of the bureau above.
async fn actor(tx: &mut Tx, row: &CheckRow, above: bool) -> Result<Arc<Actor>> {
    tx.act_as(Arc::new(Actor::system("demo")));
    let org = registry::find(tx, if above { &row.above } else { &row.unit }).await?;
    let name = "复看人（示例）".to_owned();
    Ok(Arc::new(Actor {
        kind: ActorKind::Person { account: String::new(), others: Vec::new(), name },
        scope: Scope::subtree(&org.path),
        org: org.id.clone(),
        org_name: org.name.clone(),
        roles: Vec::new(),
    }))
}
