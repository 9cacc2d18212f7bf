//! What became of letters, for whoever runs the system: when, to which account, and why not. Not what they say.

use super::super::data::{self, LetterRow};
use super::super::rules::letters::State;
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{StateMark, when};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct LetterLine {
    account: String,
    what: &'static str,
    made: String,
    state: StateMark,
    fault: String,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<LetterLine>,
    /// Whether there is a mail server.
    mail: bool,
}

fn what(kind: &str) -> &'static str {
    match kind {
        "code" => "确认邮箱",
        "digest" => "每日提要",
        _ => "群消息",
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let mut list = Listing::at("/letters", Unit::Items, &ctx.query);
    let states = State::ALL.map(|state| (state, state.id(), state.label()));
    let state = list.one_of("state", "状态", states).map_or("", State::id);
    let call = values!(data::LETTER_LIST { state });
    let list = list.fetch::<LetterRow>(&mut ctx.tx, &call).await?.map(|row| LetterLine {
        account: row.login,
        what: what(&row.kind),
        made: when(row.made_at),
        state: row.state.mark(),
        fault: row.fault,
    });
    let lead = "邮件和群消息发出了没有，没有发出的原因；这里看不到内容。";
    let view = ListView { list, mail: ctx.app.outgoing.mail };
    Reply::view("shared/notices/letters.html", Page::new("邮件与群消息", lead).kind("list"), &view)
}
