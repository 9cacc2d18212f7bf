//! Certificates of the demonstration: two that the lead college at HOME gave, one of which it took back.

use super::maker::{Maker, describe};
use super::rng::plus;
use super::schools::HOME;
use crate::evidence::service_certificates::{self, NewCertificate, Shown};
use crate::network::pairings::PairingRow;
use jiedui_kernel::{Period, Result};
use std::sync::Arc;

pub async fn give(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    let Some(row) = rows.iter().find(|row| code(row) == HOME) else { return Ok(()) };
    let (programme, today) = (Arc::clone(&maker.programme), maker.today);
    let lead = maker.actor(&row.lead).await?;
    maker.act(&lead, plus(today, -6));
    let Some(days) = Period::new(plus(today, -365), plus(today, -6)) else { return Ok(()) };
    let people = service_certificates::people(&mut maker.tx).await?;
    for (at, (person, _)) in people.into_iter().take(2).enumerate() {
        let shows = if at == 0 { Shown::ALL.to_vec() } else { Vec::new() };
        let new = NewCertificate { person, days, shows };
        let id = service_certificates::issue(&mut maker.tx, &programme, &new)
            .await
            .map_err(|error| describe("certificate", error))?;
        if at == 1 {
            let opened = service_certificates::opened(&mut maker.tx, &programme, &id).await?;
            let version = opened.row.version;
            let reason = "起止日期写错，另行出具（示例）";
            service_certificates::withdraw(&mut maker.tx, &opened, version, reason).await?;
        }
    }
    Ok(())
}
