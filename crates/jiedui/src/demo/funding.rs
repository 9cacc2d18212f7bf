//! Money of the demonstration: of what was promised or granted and came, county schools paid some, and of their own they paid some
//! more; most of it is confirmed, one is disputed, the newest wait.

use super::maker::{Maker, at_home};
use super::rng::{SeededRng, plus};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::sharing::funding::{self, MoveKind, NewMove};
use jiedui_kernel::{Date, Error, Result};
use std::sync::Arc;

/// The source of which a school has money that no promise carries.
const OWN: &str = "s.own";
/// So many days ago the newest was recorded.
const LATELY: i64 = 3;
/// 20 and 12 万元, and a part of it that fits what came.
const CAME: i64 = 20_000_000;
const SPENT: i64 = 12_000_000;
const PART: i64 = 5_000_000;
/// 1 万元 of what an allocation gave, some days after it was published.
const OF_SHARE: i64 = 1_000_000;
const SHARE_CAME: i64 = 15;
const DISPUTE: &str = "发票金额与登记的不一致，请核对。（示例）";

/// How it is answered.
#[derive(Clone, Copy, PartialEq)]
enum Answer {
    Confirmed,
    Disputed,
    Awaited,
}

pub async fn spend(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    if maker.programme.funding.is_none() {
        return Ok(());
    }
    at_home("funding", (rows, code), async |home| spent(maker, rows, home).await).await
}

async fn spent(maker: &mut Maker, rows: &[PairingRow], home: Option<&PairingRow>) -> Result<()> {
    let rng = SeededRng::new(51);
    for row in rows.iter().filter(|row| row.to_day.is_none()) {
        let home = home.is_some_and(|home| home.county_school == row.county_school);
        if home || rng.chance(30) {
            school(maker, &row.county_school, home).await?;
        }
    }
    Ok(())
}

async fn school(maker: &mut Maker, school: &str, home: bool) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let last = maker.last();
    let day = |ago: i64| plus(last, -ago);
    maker.act_as_office(last);
    let offers = funding::offers(&mut maker.tx, &programme, school, MoveKind::Arrived).await?;
    if offers.iter().any(|offer| offer.account.text() == OWN) {
        let came = new(school, (MoveKind::Arrived, OWN), (day(60), CAME), "学校自筹转入（示例）");
        one(maker, &came, Answer::Confirmed).await?;
        let spent = new(school, (MoveKind::Paid, OWN), (day(40), SPENT), "实训耗材（示例）");
        one(maker, &spent, if home { Answer::Disputed } else { Answer::Confirmed }).await?;
    }
    if let Some(share) = offers.iter().find(|offer| offer.share.is_some()) {
        let of = share.account.text();
        let came =
            new(school, (MoveKind::Arrived, &of), (day(SHARE_CAME), OF_SHARE), "协作成效资金到账（示例）");
        one(maker, &came, Answer::Confirmed).await?;
    }
    maker.act_as_office(last);
    let offers = funding::offers(&mut maker.tx, &programme, school, MoveKind::Paid).await?;
    for offer in offers.iter().filter(|offer| offer.output.is_some()).take(2) {
        let of = offer.account.text();
        let paid = new(school, (MoveKind::Paid, &of), (day(LATELY), PART), "设备采购首付款（示例）");
        one(maker, &paid, if home { Answer::Awaited } else { Answer::Confirmed }).await?;
    }
    Ok(())
}

fn new(school: &str, (kind, of): (MoveKind, &str), (day, cents): (Date, i64), words: &str) -> NewMove {
    let (school, of, words) = (school.to_owned(), of.to_owned(), words.to_owned());
    NewMove { school, kind, of, day, cents, words, number: "示例凭证".to_owned() }
}

/// Nothing where so much has not come.
async fn one(maker: &mut Maker, new: &NewMove, answer: Answer) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let by = maker.actor(&new.school).await?;
    maker.act(&by, new.day);
    let id = match funding::record(&mut maker.tx, &programme, new).await {
        Ok(id) => id,
        Err(Error::Invalid(_) | Error::NotNow(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    let Some(bureau) = registry::find(&mut maker.tx, &new.school).await?.parent else { return Ok(()) };
    let by = maker.actor(&bureau).await?;
    maker.act(&by, plus(new.day, 1).min(maker.last()));
    let opened = funding::opened(&mut maker.tx, &programme, &id).await?;
    let version = opened.row.version;
    match answer {
        Answer::Confirmed => funding::confirm(&mut maker.tx, &opened, version).await,
        Answer::Disputed => funding::dispute(&mut maker.tx, &opened, version, DISPUTE).await,
        Answer::Awaited => Ok(()),
    }
}
