//! Assessments of the demonstration: one of the county schools that was objected to, looked at once more and frozen, and one of
//! the cities that is being looked at.

use super::maker::{Maker, at_home};
use super::rng::plus;
use crate::network::pairings::PairingRow;
use crate::shared::review::Action;
use crate::sharing::assessment::{self, NewAssessment};
use chrono::Datelike as _;
use jiedui_kernel::{Date, Error, Result};
use std::sync::Arc;

const SCHOOLS: &str = "county-schools";
const CITIES: &str = "cities";
/// So many days ago: the time for objections is over.
const PRESENTED_AGO: i64 = 24;
const FROZEN_AGO: i64 = 5;
/// Its time to object still runs.
const RUNNING_AGO: i64 = 2;
const OBJECTION: &str = "专任教师的基期应少两人，当时两位教师已经调离，请核对。（示例）";
const ANSWER: &str = "基期以当年接收的年度基本情况为准；要改的请先更正那一年的基本情况。（示例）";

pub async fn assess(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    at_home("assessment", (rows, code), async |home| assessed(maker, home).await).await
}

async fn assessed(maker: &mut Maker, home: Option<&PairingRow>) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let day = plus(maker.today, -PRESENTED_AGO);
    if let Some(id) = presented(maker, day, SCHOOLS).await? {
        if let Some(row) = home {
            object(maker, (&id, &row.county_school), day).await?;
        }
        maker.act_as_office(plus(maker.today, -FROZEN_AGO));
        let opened = assessment::opened(&mut maker.tx, &programme, &id).await?;
        assessment::freeze(&mut maker.tx, &programme, &opened, opened.row.version).await?;
    }
    let day = plus(maker.today, -RUNNING_AGO);
    presented(maker, day, CITIES).await.map(drop)
}

/// The school of HOME objects on the day after, and is answered two days later.
async fn object(maker: &mut Maker, (assessment, school): (&str, &str), day: Date) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let actor = maker.actor(school).await?;
    maker.act(&actor, plus(day, 1));
    let sheets = assessment::sheets(&mut maker.tx, assessment).await?;
    let Some(own) = sheets.iter().find(|sheet| sheet.unit == school) else { return Ok(()) };
    let (sheet, _) = assessment::sheet(&mut maker.tx, &own.id).await?;
    let objection = assessment::raise(&mut maker.tx, &sheet, OBJECTION).await?;
    maker.act_as_office(plus(day, 3));
    let opened = assessment::opened_objection(&mut maker.tx, &programme, &objection).await?;
    let version = opened.row.version;
    assessment::answer(&mut maker.tx, &opened, version, (Action::Refuse, ANSWER)).await
}

/// None where nobody could be assessed by then, and where the programme has no such scheme.
async fn presented(maker: &mut Maker, day: Date, scheme: &str) -> Result<Option<String>> {
    let programme = Arc::clone(&maker.programme);
    if programme.assessment(scheme).is_none() {
        return Ok(None);
    }
    maker.act_as_office(day);
    let new = NewAssessment { scheme: scheme.to_owned(), year: day.year() - 1 };
    let id = match assessment::draft(&mut maker.tx, &programme, &new).await {
        Ok(id) => id,
        Err(Error::Invalid(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let opened = assessment::opened(&mut maker.tx, &programme, &id).await?;
    let seen = assessment::weigh(&mut maker.tx, &programme, &opened.row).await?;
    assessment::present(&mut maker.tx, &programme, &opened, opened.row.version, &seen).await?;
    Ok(Some(id))
}
