//! Certificates of the demonstration: two that the lead college at HOME gave, one of which it took back.

use super::maker::{Maker, only_at_home};
use super::rng::plus;
use crate::evidence::service_certificates::{self, NewCertificate, Shown};
use crate::network::pairings::PairingRow;
use jiedui_kernel::{Error, Period, Result};
use std::sync::Arc;

pub async fn give(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    only_at_home("certificate", (rows, code), async |home| given(maker, home).await).await
}

async fn given(maker: &mut Maker, home: &PairingRow) -> Result<()> {
    let (programme, today) = (Arc::clone(&maker.programme), maker.today);
    let lead = maker.actor(&home.lead).await?;
    maker.act(&lead, plus(today, -6));
    let Some(days) = Period::new(plus(today, -365), plus(today, -6)) else { return Ok(()) };
    let people = service_certificates::people(&mut maker.tx).await?;
    let mut given = 0;
    for (person, _) in people {
        let shows = if given == 0 { Shown::ALL.to_vec() } else { Vec::new() };
        let new = NewCertificate { person, days, shows };
        let id = match service_certificates::issue(&mut maker.tx, &programme, &new).await {
            Ok(id) => id,
            // Of whom nothing is confirmed in these days: there is no work to certify.
            Err(Error::Invalid(_)) => continue,
            Err(error) => return Err(error),
        };
        given += 1;
        if given == 2 {
            let opened = service_certificates::opened(&mut maker.tx, &programme, &id).await?;
            let version = opened.row.version;
            let reason = "起止日期写错，另行出具（示例）";
            service_certificates::withdraw(&mut maker.tx, &opened, version, reason).await?;
            break;
        }
    }
    Ok(())
}
