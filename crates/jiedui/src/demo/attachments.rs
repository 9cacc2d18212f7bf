//! A paper that the college at HOME put beside what is disputed there: one of many disputes, because nobody asks for any.

use super::maker::{Maker, only_at_home};
use super::resources::{kept, pdf};
use super::rng::plus;
use crate::evidence::ledger;
use crate::network::pairings::PairingRow;
use jiedui_kernel::{Error, Result};
use std::sync::Arc;

/// So many days ago: after the dispute, and long enough to be read.
const AGO: i64 = 6;

pub async fn attach(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    only_at_home("attachment", (rows, code), async |home| attached(maker, home).await).await
}

async fn attached(maker: &mut Maker, home: &PairingRow) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    for side in [&home.lead, &home.nearby] {
        let (college, day) = (maker.actor(side).await?, plus(maker.today, -AGO));
        maker.act(&college, day);
        let disputed = ledger::disputed(&mut maker.tx, side).await?;
        let Some(first) = disputed.first() else { continue };
        let entry = ledger::find(&mut maker.tx, &first.id).await?;
        let file = kept(maker, &pdf("Demonstration / SHILI / list"), "参训名单（示例）.pdf")?;
        return ledger::attach(&mut maker.tx, &programme, &entry, &file).await;
    }
    Err(Error::internal("nothing is disputed at home"))
}
