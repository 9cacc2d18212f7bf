//! 开放接口: what other programs read of the records and write into the ledger, by a token that stands for the account of its holder
//! ([0077](../../../../../docs/decisions/0077-an-interface-of-resources.md)). Resources of its own, not the views of pages: those
//! change with every page. Rows come from the front doors of their mechanisms, bounded by the holder's scope as on pages.
//!
//! | to find | look in |
//! |---|---|
//! | the addresses, and which right each takes | `api/mod` |
//! | how fields are written once for answer, schema and reference | `api/fields` |
//! | the fields of rows: schools, people, pairings, needs, projects, entries, outputs, profiles, months, money, papers | `api/rows` |
//! | how they are found, one by one and in pages | `api/lists` |
//! | what changed since a cursor ([0095](../../../../../docs/decisions/0095-changes-by-revision.md)) | `api/changes` |
//! | where programs are told that something changed (decision 0096) | `actions/hooks`, `actions/send`, `rules/hooks` |
//! | how often programs read, by token and day | `jiedui_web::reads` |
//! | figures, targets and clocks, which are computed | `api/figures` |
//! | what programs write, and how it is read as a form would be | `api/writes`, `api/sent` |
//! | the description for programs (`docs/openapi.json`) | `api/openapi` |
//! | how a request finds its caller, and how errors are told | `jiedui_web::bearer`, `jiedui_web::tokens` |
//! | how what is sent twice is done once ([0078](../../../../../docs/decisions/0078-programs-write-as-forms-do.md)) | `jiedui_web::sent_by_program` |

mod actions;
mod api;
mod data;
mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::shared::mechanism::{Mechanism, Words};
use jiedui_store::table;
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use actions::hooks::{end as end_hook, note_try, of_account as hooks_of, register as register_hook};
pub use actions::send::Hooks;
pub use actions::{NewToken, make};

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/oversight/interface",
    routes,
    tables: &[
        table!(plain "web_hook" of "account" sealed ["address", "secret"] except [
            "told" = "how far it was told is nobody's deed",
            "seen" = "how far it was told is nobody's deed",
            "attempt" = "how often it was tried, again and again",
            "due_at" = "when it is looked at again is nobody's deed",
            "failing_since" = "whether somebody else's server answers is nobody's deed"
        ]),
        table!(plain "web_hook_try" outside "each try of a message; what is told has its own records")
            .grows(),
    ],
    words: Words {
        actions: &[
            ("token.make", "新建接口密钥"),
            ("token.end", "停用接口密钥"),
            ("hook.make", "登记变更通知"),
            ("hook.end", "停用变更通知"),
            ("hook.fail", "变更通知由系统停用"),
        ],
        resources: &[("hook", "变更通知")],
        rights: &[("notify", "登记和停用")],
        jobs: &[("hooks", "系统：发送变更通知")],
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
        route!(Get "/my/hooks", Access::Can("hook", "read"), pages::hooks::list)
            .about(Subject::None, "变更通知")
            .fresh(),
        route!(Post "/my/hooks", Access::Can("hook", "notify"), pages::hooks::register)
            .about(Subject::None, "登记变更通知"),
        route!(Post "/my/hooks/end", Access::Can("hook", "notify"), pages::hooks::end)
            .about(Subject::None, "停用变更通知"),
        route!(Get "/api", Access::SignedIn, pages::reference::show).about(Subject::None, "开放接口说明"),
        // Nothing in it is secret: it is the same for everybody, and tools that read it have no token.
        route!(Get "/api/v1/openapi.json", Access::Public, probe api::openapi::answer)
            .about(Subject::None, "接口描述文件"),
    ];
    routes.extend(api::offered().into_iter().map(|one| one.route));
    routes
}
