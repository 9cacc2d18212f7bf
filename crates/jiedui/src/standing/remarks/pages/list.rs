//! Remarks visible to the caller: those about one's own figures, and those one made.

use super::line;
use crate::network::registry::like;
use crate::shared::review::State as _;
use crate::standing::remarks::data::{self, RemarkState};
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::listing::Listing;
use jiedui_web::reply::{Choice, Page, Reply};

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let mut list = Listing::at("/remarks", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "意见、数字或单位"));
    let sides = vec![Choice::new("mine", "对本单位的数"), Choice::new("said", "本单位提的")];
    let side = list.choice("side", "哪些", sides);
    let states = RemarkState::ALL.iter().map(|one| Choice::new(one.text(), one.label())).collect();
    let state = list.choice("state", "状态", states);
    let own = ctx.actor.org.clone();
    let view = list.fetch(&mut ctx.tx, &values!(data::LIST { q, side, own, state })).await?.map(line);
    let lead = "意见写在一个数上，也在那个数的页面上找得到；数有出入的在原来的记录上更正，不用另报。";
    let page = Page::new("对数字的意见", lead).clause("S1.3").kind("list");
    Reply::view("standing/remarks/list.html", page, &view)
}
