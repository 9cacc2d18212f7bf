//! 开放接口: what other programs read of the records and write into the ledger, by a token that stands for the account of its holder
//! ([0077](../../../../../docs/decisions/0077-an-interface-of-resources.md)). Resources of its own, not the views of pages: those
//! change with every page. Rows come from the front doors of their mechanisms, bounded by the holder's scope as on pages.
//!
//! | to find | look in |
//! |---|---|
//! | the addresses, and which right each takes | `api/mod` |
//! | how fields are written once for answer, schema and reference | `api/fields` |
//! | the fields of rows: schools, their people, pairings, needs, projects, entries, outputs, months | `api/rows` |
//! | figures, targets and clocks, which are computed | `api/figures` |
//! | what programs write, and how it is read as a form would be | `api/writes`, `api/sent` |
//! | the description for programs (`docs/openapi.json`) | `api/openapi` |
//! | how a request finds its caller, and how errors are told | `jiedui_web::bearer`, `jiedui_web::tokens` |
//! | how what is sent twice is done once ([0078](../../../../../docs/decisions/0078-programs-write-as-forms-do.md)) | `jiedui_web::sent_by_program` |

mod actions;
mod api;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::{NewToken, make};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/interface",
    routes,
    words: Words {
        actions: &[("token.make", "新建接口密钥"), ("token.end", "停用接口密钥")], ..Words::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    let mut routes = vec![
        route!(Get "/my/tokens", Access::SignedIn, pages::tokens::list)
            .about(Subject::None, "我的接口密钥")
            .fresh(),
        route!(Post "/my/tokens", Access::SignedIn, pages::tokens::make).about(Subject::None, "新建接口密钥"),
        route!(Post "/my/tokens/end", Access::SignedIn, pages::tokens::end)
            .about(Subject::None, "停用接口密钥"),
        route!(Get "/api", Access::SignedIn, pages::reference::show).about(Subject::None, "开放接口说明"),
        // Nothing in it is secret: it is the same for everybody, and tools that read it have no token.
        route!(Get "/api/v1/openapi.json", Access::Public, probe api::openapi::answer)
            .about(Subject::None, "接口描述文件"),
    ];
    routes.extend(api::offered().into_iter().map(|one| one.route));
    routes
}
