//! What the office did in the matching studio: one scenario published, which gives the county school without helpers its
//! pair, and a yearly review that it is still thinking about.

use super::maker::Maker;
use super::rng::plus;
use crate::planning::matching::body::{Body, Choice, Kind};
use crate::planning::matching::{self, NewScenario, Publishing};
use jiedui_kernel::Result;
use jiedui_matching::Side;
use std::sync::Arc;

pub async fn ponder(maker: &mut Maker) -> Result<()> {
    publish(maker).await?;
    review(maker).await
}

async fn publish(maker: &mut Maker) -> Result<()> {
    maker.act_as_office(plus(maker.today, -9));
    let programme = Arc::clone(&maker.programme);
    let (setting, answer) = matching::pose(&mut maker.tx, &programme, "first", Body::default()).await?;
    let new =
        NewScenario {
            name: "补选未结对的县级院校（示例）", setting: &setting, answer: &answer, base: None
        };
    let id = matching::create(&mut maker.tx, &new).await?;
    maker.act_as_office(plus(maker.today, -6));
    let opened = matching::open(&mut maker.tx, &id).await?;
    let publishing = Publishing { starts: plus(maker.today, 30), reason: "示例" };
    matching::publish(&mut maker.tx, &programme, &opened, opened.row.version, publishing).await
}

/// A draft with a wish of a county school, and one choice by hand: to leave a pair as it is where the optimum would
/// change its lead college.
async fn review(maker: &mut Maker) -> Result<()> {
    maker.act_as_office(plus(maker.today, -4));
    let programme = Arc::clone(&maker.programme);
    let (setting, answer) = matching::pose(&mut maker.tx, &programme, "review", Body::default()).await?;
    let changed = setting.facts.counties.iter().find_map(|county| {
        let (present, pair) = (county.present.as_ref()?, answer.pair(&county.id)?);
        let same = present.nearby != pair.lead && present.lead != pair.nearby && present.lead != pair.lead;
        same.then(|| (county.id.clone(), present.lead.clone()))
    });
    let (mut setting, mut answer) = (setting, answer);
    if let Some((county, lead)) = changed {
        let reason = "学校来函，希望继续由现在的牵头院校帮扶（示例）";
        matching::note(&mut maker.tx, (&county, &lead), 2, reason, None).await?;
        (setting, answer) = matching::pose(&mut maker.tx, &programme, "review", Body::default()).await?;
        let choice = Choice {
            county_school: county,
            side: Side::Lead,
            partner: lead,
            kind: Kind::Override,
            reason: "两校的跟岗安排正在进行，本年度不换（示例）".to_owned(),
            loss: None,
        };
        let (body, _) = matching::decide(&setting, &answer, choice)?;
        (setting, answer) = matching::pose(&mut maker.tx, &programme, "review", body).await?;
    }
    let new =
        NewScenario { name: "年度复核（示例）", setting: &setting, answer: &answer, base: None };
    matching::create(&mut maker.tx, &new).await.map(drop)
}
