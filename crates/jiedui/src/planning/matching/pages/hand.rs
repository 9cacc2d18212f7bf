//! What was decided by hand, as the studio and the page of a school list it.

use super::super::rules::body::Choice;
use super::super::rules::setting::{Setting, side_id, side_name};
use super::views::{at_school, org_link, points, schools};
use jiedui_web::figure::{Figure, Link};
use serde::Serialize;

/// A choice by hand as the studio lists it.
#[derive(Serialize)]
pub struct HandLine {
    county: String,
    school: Link,
    side: &'static str,
    side_id: &'static str,
    partner: Link,
    partner_id: String,
    kind: &'static str,
    reason: String,
    loss: Option<Figure>,
}

impl HandLine {
    pub fn is_of(&self, county_school: &str) -> bool {
        self.county == county_school
    }
}

/// What the scenario says of changes, where it says anything.
#[derive(Serialize)]
pub struct ChangesLine {
    most: Option<Figure>,
    loss: Option<Figure>,
    /// What each change has to gain at least, and what that costs.
    gain: Option<Figure>,
    gain_loss: Option<Figure>,
    /// One for both: they are set together.
    reason: String,
}

impl ChangesLine {
    /// `href` is where its figures lead.
    pub fn of(setting: &Setting, href: &str) -> Option<Self> {
        let (limit, least) = (setting.body.most_changes.as_ref(), setting.body.least_gain.as_ref());
        let reason = limit.map(|limit| &limit.reason).or(least.map(|least| &least.reason))?;
        let loss = |loss: Option<i64>, label: &str| loss.map(|loss| points(loss, href, label));
        Some(Self {
            most: limit.map(|limit| schools(limit.most, href, "最多更换的县级院校")),
            loss: loss(limit.and_then(|limit| limit.loss), "限定更换的所数使综合得分减少"),
            gain: least.map(|least| points(least.points, href, "每换一所至少多得")),
            gain_loss: loss(least.and_then(|least| least.loss), "要求每换一所至少多得，使各对得分合计减少"),
            reason: reason.clone(),
        })
    }
}

pub fn hand_lines(id: &str, setting: &Setting) -> Vec<HandLine> {
    let one = |choice: &Choice| HandLine {
        county: choice.county_school.clone(),
        school: Link::new(at_school(id, &choice.county_school), setting.facts.name(&choice.county_school)),
        side: side_name(choice.side),
        side_id: side_id(choice.side),
        partner: org_link(&setting.facts, &choice.partner),
        partner_id: choice.partner.clone(),
        kind: choice.kind.name(),
        reason: choice.reason.clone(),
        loss: choice
            .loss
            .map(|loss| points(loss, at_school(id, &choice.county_school), "这项决定使综合得分减少")),
    };
    setting.body.choices.iter().map(one).collect()
}
