//! The chains that the caller sees.

use super::super::data::{self, ChainRow};
use crate::network::registry::{self, like};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::listing::Listing;
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ChainLine {
    link: Link,
    city: String,
    trade: String,
    since: String,
    by: String,
    uses: Figure,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let programme = ctx.programme();
    let trades = programme.matching.categories.names.iter().map(|name| Choice::new(name, name)).collect();
    let mut list = Listing::at("/chains", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "链的名称"));
    let city = list.choice("city", "所在市", cities);
    let trade = list.choice("trade", "面向的大类", trades);
    let call = values!(data::LIST { q, city, trade });
    let line = |row: ChainRow| {
        let href = format!("/chains/{}", row.id);
        ChainLine {
            city: row.city,
            trade: row.trade,
            since: row.registered_on.to_string(),
            by: row.registered_name,
            uses: Figure::of(Reported::Value(row.uses), Unit::Entries, &href, "写明在这条链上的登记"),
            link: Link::new(href, row.name),
        }
    };
    let view = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let lead = "登记企业、院校、标准和培训时写到的产教评技能生态链，写过一次就在这里，不用另外填报；同一个市里名称相同的是一条。";
    let page = Page::new("生态链", lead).clause("G0.4").clause("T8.2").kind("list");
    Reply::view("network/chains/list.html", page, &view)
}
