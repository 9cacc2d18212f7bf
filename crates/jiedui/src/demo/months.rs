//! The months of the demonstration: the first one accepted by all, the last one by some.

use super::maker::{Maker, describe};
use super::rng::SeededRng;
use crate::network::registry::{self, OrgRow};
use crate::reporting::monthly::{self, rules};
use jiedui_kernel::{Actor, Date, Result};
use std::sync::Arc;

const PROBLEMS: [&str; 4] = [
    "数控实训设备不足，希望牵头院校协调调剂两台（示例）。",
    "下学期缺两名电子商务专业教师，请帮助安排短期支教（示例）。",
    "当地企业用工信息更新慢，想对接牵头院校的用工平台（示例）。",
    "评价机构备案材料不熟悉，希望派人指导一次（示例）。",
];

/// Of the newest month so many in a hundred are accepted by their county, and of these by their city.
const COUNTY: usize = 80;
const CITY: usize = 60;

pub async fn dispatch(maker: &mut Maker) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    // From the first one on: the province accepts the months of a school in their order.
    let mut months = rules::months(&programme, maker.today, usize::MAX);
    months.reverse();
    let rng = SeededRng::new(15);
    for (at, month) in months.iter().enumerate() {
        let newest = at + 1 == months.len();
        let Some(days) = rules::days(*month) else { continue };
        maker.act_as_office(maker.last());
        for school in registry::county_schools(&mut maker.tx, days.to).await? {
            let levels = match newest {
                false => 3,
                true => usize::from(rng.chance(COUNTY)) * (1 + usize::from(rng.chance(CITY))),
            };
            let says = rng.chance(12).then(|| rng.word(&PROBLEMS));
            one(maker, (*month, days.to), &school, (says, levels)).await?;
        }
    }
    Ok(())
}

async fn one(
    maker: &mut Maker,
    (month, last): (i64, Date),
    school: &OrgRow,
    (says, levels): (Option<&str>, usize),
) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    // What lies ahead has not been done yet: on the first of a month nobody has accepted the month before it.
    let day = |maker: &Maker, workdays| {
        Some(programme.calendar.workdays.after(last, workdays)).filter(|when| *when <= maker.last())
    };
    if let (Some(text), Some(when)) = (says, day(maker, 1)) {
        let actor = maker.actor(&school.id).await?;
        maker.act(&actor, when);
        let opened = monthly::open(&mut maker.tx, &programme, month, school).await?;
        let version = opened.row.version;
        monthly::write_problems(&mut maker.tx, &opened, version, text).await?;
    }
    let office = maker.office();
    let Some(bureau) = school.parent.clone() else { return Ok(()) };
    for (at, workdays) in [3, 6, 9].into_iter().enumerate().take(levels) {
        let Some(when) = day(maker, workdays) else { break };
        // Whoever begins is the bureau above the school; who is next stands in the row.
        let first = maker.actor(&bureau).await?;
        if at == 0 {
            maker.act(&first, when);
        }
        let opened = monthly::open(&mut maker.tx, &programme, month, school).await?;
        let above = [&opened.row.county, &opened.row.city];
        let actor: Arc<Actor> = match above.get(at) {
            Some(org) if org.is_empty() => continue,
            Some(org) => maker.actor(org).await?,
            None => Arc::clone(&office),
        };
        maker.act(&actor, when);
        let opened = monthly::open(&mut maker.tx, &programme, month, school).await?;
        let version = opened.row.version;
        let accepted = monthly::accept(&mut maker.tx, &programme, &opened, version, school).await;
        accepted.map_err(|error| describe("month", error))?;
    }
    Ok(())
}
