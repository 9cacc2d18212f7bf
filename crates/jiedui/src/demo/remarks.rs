//! Remarks of the demonstration at figures of the school at HOME: one that waits for it, one that it answered.

use super::maker::{Maker, only_at_home};
use super::rng::plus;
use super::schools::HOME;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::shared::review::Action;
use crate::standing::indicators::{self, Slice};
use crate::standing::remarks::{self, NewRemark};
use chrono::Datelike as _;
use jiedui_kernel::{Error, Result};
use jiedui_programme::IndicatorOf;
use std::sync::Arc;

const SAID: [&str; 2] = [
    "比去年同期少，是还没有登记，还是没有安排？（示例）",
    "这个数看起来偏高，请对一下是否重复登记。（示例）",
];
const ANSWERED: &str = "逐条对过，没有重复；多出来的是暑期集中培训。（示例）";

pub async fn say(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    only_at_home("remark", (rows, code), async |home| said(maker, home).await).await
}

async fn said(maker: &mut Maker, home: &PairingRow) -> Result<()> {
    let (programme, today) = (Arc::clone(&maker.programme), maker.today);
    maker.act_as_office(plus(today, -5));
    let bureau = registry::bureau(&mut maker.tx, "county_bureau", HOME).await?;
    let bureau = bureau.ok_or_else(|| Error::internal("a remark without its bureau"))?;
    let (county, school) = (maker.actor(&bureau).await?, maker.actor(&home.county_school).await?);
    let counted = programme.indicators.iter().filter(|one| matches!(one.of, IndicatorOf::Entries { .. }));
    for (at, (of, text)) in counted.zip(SAID).enumerate() {
        maker.act(&county, plus(today, -5));
        let cut = Slice { school: home.county_school.clone(), ..Slice::year(today.year()) };
        let new = NewRemark {
            indicator: &of.id,
            cut: &cut.query(),
            label: &indicators::label(&of.name, &home.county_name, &cut),
            about: &home.county_school,
            text,
        };
        let id = remarks::write(&mut maker.tx, &new).await?;
        if at == 1 {
            maker.act(&school, plus(today, -3));
            let opened = remarks::opened(&mut maker.tx, &programme, &id).await?;
            let version = opened.row.version;
            remarks::answer(&mut maker.tx, &opened, version, (Action::Submit, ANSWERED)).await?;
        }
    }
    Ok(())
}
