//! Allocations of the demonstration: training places that were published, with an objection that was answered, a draft of the
//! next ones, money for results, and places on the list of those who are commended. Of the training places some schools have used
//! up more than theirs and some less; of the money some has come (`funding`); of the places on the list some bureaus of cities
//! have used one (`commendations`).

use super::maker::{Maker, at_home};
use super::rng::plus;
use crate::network::pairings::PairingRow;
use crate::shared::review::Action;
use crate::sharing::allocation::{self, NewAllocation};
use jiedui_kernel::{Date, Error, Result};
use std::sync::Arc;

const PLACES: &str = "training-places";
const MONEY: &str = "results-money";
const HONOURS: &str = "honour-places";
/// 300 万元.
const CENTS: i64 = 300_000_000;
/// So many days ago: the time for objections is over.
const PUBLISHED_AGO: i64 = 20;
const DRAFTED_AGO: i64 = 2;
const OBJECTION: &str = "今年新进的教师没有算进去，专任教师应多一人，请核对。（示例）";
const ANSWER: &str = "名额按已接收的年度基本情况分；新进的教师明年填报以后计入。（示例）";

pub async fn divide(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    at_home("allocation", (rows, code), async |home| divided(maker, home).await).await
}

async fn divided(maker: &mut Maker, home: Option<&PairingRow>) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let day = plus(maker.today, -PUBLISHED_AGO);
    let money = draft(maker, day, (MONEY, "年度协作成效资金（示例）", CENTS)).await?;
    let places = draft(maker, day, (PLACES, "省级师资培训第一期（示例）", 1_100)).await?;
    let honours = draft(maker, day, (HONOURS, "年度通报表扬县级院校推荐名额（示例）", 60)).await?;
    for id in money.iter().chain(&places).chain(&honours) {
        let opened = allocation::opened(&mut maker.tx, &programme, id).await?;
        allocation::publish(&mut maker.tx, &programme, &opened, opened.row.version).await?;
    }
    let Some(id) = places else { return Ok(()) };
    if let Some(row) = home {
        let school = maker.actor(&row.county_school).await?;
        maker.act(&school, plus(day, 1));
        let opened = allocation::opened(&mut maker.tx, &programme, &id).await?;
        let objection = allocation::raise(&mut maker.tx, &opened.row, OBJECTION).await?;
        maker.act_as_office(plus(day, 3));
        let opened = allocation::opened_appeal(&mut maker.tx, &programme, &objection).await?;
        let version = opened.row.version;
        allocation::answer(&mut maker.tx, &opened, version, (Action::Refuse, ANSWER)).await?;
    }
    let day = plus(maker.today, -DRAFTED_AGO);
    draft(maker, day, (PLACES, "省级师资培训第二期（示例）", 180)).await.map(drop)
}

/// None where no school has told by what is divided yet, in the first autumn, and where the programme divides nothing so.
async fn draft(
    maker: &mut Maker,
    day: Date,
    (rule, title, total): (&str, &str, i64),
) -> Result<Option<String>> {
    let programme = Arc::clone(&maker.programme);
    if programme.allocation(rule).is_none() {
        return Ok(None);
    }
    maker.act_as_office(day);
    let new = NewAllocation { rule: rule.to_owned(), title: title.to_owned(), total };
    match allocation::draft(&mut maker.tx, &programme, &new).await {
        Ok(id) => Ok(Some(id)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
