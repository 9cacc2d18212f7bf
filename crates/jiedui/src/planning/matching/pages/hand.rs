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

/// The limit on changes, where the scenario has one.
#[derive(Serialize)]
pub struct ChangesLine {
    most: Figure,
    reason: String,
    loss: Option<Figure>,
}

impl ChangesLine {
    /// `href` is where its figures lead.
    pub fn of(setting: &Setting, href: &str) -> Option<Self> {
        let limit = setting.body.most_changes.as_ref()?;
        Some(Self {
            most: schools(limit.most, href, "最多更换的县级院校"),
            reason: limit.reason.clone(),
            loss: limit.loss.map(|loss| points(loss, href, "限定更换的所数使综合得分减少")),
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
