//! The list of pairings.

use super::super::data::{self, PairingRow};
use super::show::{Shown, shown};
use crate::network::registry::{self, like, typical_choices};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<Shown>,
    can_import: bool,
    /// Entries whose days lie outside of their pairing; none where there are none.
    outside: Option<Figure>,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let states =
        [("running", "结对中"), ("unsigned", "协议待签"), ("ended", "已结束"), ("taken_back", "已撤销")];
    let mut list = Listing::at("/pairings", Unit::Pairings, &ctx.query);
    let q = like(&list.text("q", "学校名称"));
    let city = list.choice("city", "所在市", cities);
    let typical = list.choice("typical", "典型县", typical_choices());
    let state = list.choice("state", "状态", states.map(|(id, name)| Choice::new(id, name)).to_vec());
    let call = values!(data::LIST { q, city, typical, state });
    let today = ctx.today;
    let list = list.fetch::<PairingRow>(&mut ctx.tx, &call).await?.map(|row| shown(row, today));
    let outside = if ctx.can("entry", "read") { super::outside::count(ctx).await? } else { 0 };
    let view = ListView {
        list,
        can_import: ctx.can("pairing", "import"),
        outside: (outside > 0).then(|| {
            let value = Reported::Value(outside);
            Figure::of(value, Unit::Entries, "/pairings/outside", "日期不在结对起止之内的台账")
        }),
    };
    let lead = "一所牵头院校加一所配合院校，帮助一所对口县级院校；典型县排在前面。";
    let page = Page::new("结对关系", lead).clause("G1.1").clause("G1.2").kind("list");
    Reply::view("network/pairings/list.html", page, &view)
}
