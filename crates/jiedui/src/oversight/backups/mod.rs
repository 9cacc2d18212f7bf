//! 备份: the whole of the data and the files in one archive, put back beside them and checked at once, so that it is known
//! to be a backup ([0063](../../../../../docs/decisions/0063-a-backup-is-what-was-put-back.md)). By hand from the command
//! line; every night where whoever runs the server named a folder. The system administrator reads when, how long and what
//! came of it, and is told where it failed.
//!
//! | to find | look in |
//! |---|---|
//! | how the database is copied | `jiedui_store::backup` |
//! | what an archive must have, and its names | `rules` |
//! | the archive, written and read | `actions/archive` |
//! | whether what was put back is whole | `actions/check` |
//! | making one, putting one back | `actions/make`, `actions/restore` |
//! | the nightly one | `actions/mod` |

mod actions;
mod data;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words, entry};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::check::{Checking, check};
pub use actions::make::{Made, Source, make};
pub use actions::restore::{Target, restore};
pub use actions::{BACKUP, back_up, last_good, until_next};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/backups",
    routes,
    menu: &[entry(1057, "系统", "/backups", "备份", ("system", "read"))],
    tables: &[table!(plain "backup_run" outside "what came of each backup; the records say it, too")],
    jobs: &[BACKUP],
    words: Words {
        actions: &[("backup.make", "做备份")],
        resources: &[("backup", "备份")],
        jobs: &[("backup", "系统：备份")],
        ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/backups", Access::Can("system", "read"), pages::list)
            .about(Subject::None, "备份")
            .fresh(),
        route!(Post "/backups", Access::Can("system", "repair"), pages::queue)
            .about(Subject::None, "现在就做一次备份"),
    ]
}
