//! The enterprises that the caller sees.

use super::super::data::{self, EnterpriseRow};
use crate::network::registry::{self, like};
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link};
use jiedui_web::listing::Listing;
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct EnterpriseLine {
    link: Link,
    place: String,
    since: String,
    by: String,
    uses: Figure,
}

/// Where it is: city and county, a city alone where it was named for a college.
pub fn place(row: &EnterpriseRow) -> String {
    if row.city == row.place { row.city.clone() } else { format!("{}{}", row.city, row.place) }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let mut list = Listing::at("/enterprises", Unit::Enterprises, &ctx.query);
    let q = like(&list.text("q", "企业名称"));
    let city = list.choice("city", "所在市", cities);
    let call = values!(data::LIST { q, city });
    let line = |row: EnterpriseRow| {
        let href = format!("/enterprises/{}", row.id);
        EnterpriseLine {
            place: place(&row),
            since: row.registered_on.to_string(),
            by: row.registered_name,
            uses: Figure::of(Reported::Value(row.uses), Unit::Entries, &href, "登记里写到的次数"),
            link: Link::new(href, row.name),
        }
    };
    let view = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let lead = "登记工作和成果时写到的企业，写过一次就在这里，不用另外填报；写法不同的同一家只列一家。";
    let page = Page::new("企业库", lead).clause("T6.1").clause("T8.2").kind("list");
    Reply::view("network/enterprises/list.html", page, &view)
}
