//! Entries whose days lie outside of their pairing, because it was ended or begun on an earlier day: they are kept and
//! listed, never dropped.

use super::super::data::{self, OutsideRow};
use crate::network::registry::{self, like};
use jiedui_kernel::{Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct OutsideLine {
    entry: Link,
    from: String,
    to: String,
    pairing: Link,
    helpers: [String; 2],
    pairing_from: String,
    pairing_to: Option<String>,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<OutsideLine>,
}

/// How many of them the caller sees.
pub async fn count(ctx: &mut RequestContext) -> Result<i64> {
    let (q, city) = (String::new(), String::new());
    values!(data::OUTSIDE { q, city }).count(&mut ctx.tx).await
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let programme = ctx.programme();
    let mut list = Listing::at("/pairings/outside", Unit::Entries, &ctx.query);
    let q = like(&list.text("q", "学校名称"));
    let city = list.choice("city", "所在市", cities);
    let call = values!(data::OUTSIDE { q, city });
    let line = |row: OutsideRow| {
        let name = programme.activity(&row.activity).map_or(row.activity.as_str(), |one| one.name.as_str());
        OutsideLine {
            entry: Link::new(format!("/entries/{}", row.id), name),
            from: row.from_day.to_string(),
            to: row.to_day.to_string(),
            pairing: Link::new(format!("/pairings/{}", row.pairing), row.county_name),
            helpers: [row.lead_name, row.nearby_name],
            pairing_from: row.pairing_from.to_string(),
            pairing_to: row.pairing_to.map(|day| day.to_string()),
        }
    };
    let view = ListView { list: list.fetch(&mut ctx.tx, &call).await?.map(line) };
    let lead = "结对的起止改到较早的日期以后，日期落在起止之外的台账。它们照旧保留，但履职进度不再计入。";
    let page = Page::new("结对之外的台账", lead).clause("G1.1").back("/pairings", "结对关系").kind("list");
    Reply::view("network/pairings/outside.html", page, &view)
}
