//! What a scenario asks for beyond the facts: who takes part and how, weights that differ from the programme's, limits,
//! and choices made by hand. Everything that differs from the rule stands here with its reason.

use jiedui_kernel::{Code, Error, Result};
use jiedui_matching::Side;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a county school takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// The present pairing stays and takes its places.
    Keep,
    /// Any pair may be chosen; staying together is worth something.
    Review,
    /// Any pair may be chosen, as if there were none now.
    Free,
    /// It takes no part.
    Out,
}

impl Stance {
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Keep, "keep", "保留现有结对"),
        (Self::Review, "review", "重新评议（换人要付代价）"),
        (Self::Free, "free", "全部重选"),
        (Self::Out, "out", "不参加"),
    ];

    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == id).map(|(stance, _, _)| *stance)
    }

    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(stance, _, _)| *stance == self).map_or("", |(_, id, _)| id)
    }

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(stance, _, _)| *stance == self).map_or("", |(_, _, name)| name)
    }
}

/// What an official decided about one county school and one partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The pair that the solver chose shall stay.
    Lock,
    /// This partner is not to be chosen.
    Forbid,
    /// Another partner than the solver's is chosen by hand.
    Override,
}

impl Kind {
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Lock, "lock", "保持"),
        (Self::Forbid, "forbid", "排除"),
        (Self::Override, "override", "指定"),
    ];

    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == id).map(|(kind, _, _)| *kind)
    }

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, _, name)| name)
    }

    pub fn fixes(self) -> bool {
        self != Self::Forbid
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub county_school: String,
    pub side: Side,
    pub partner: String,
    pub kind: Kind,
    pub reason: String,
    /// The difference of two solved objectives: without this choice, and with it.
    pub loss: Option<i64>,
}

/// How many county schools a partner takes, where it is not what the partner declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub side: Side,
    pub partner: String,
    pub min: i64,
    pub max: i64,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    pub value: i64,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    pub on: bool,
    pub reason: String,
}

/// At most so many county schools get another pair than the one they have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MostChanges {
    pub most: i64,
    pub reason: String,
    /// The difference of two solved objectives: without this limit, and with it.
    pub loss: Option<i64>,
}

/// No set of changes is made that does not gain so many points for each of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeastGain {
    pub points: i64,
    pub reason: String,
    /// What the pairs are worth less than without it, before changes are charged.
    pub loss: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// County schools that do not take part as their kind of scenario has it.
    pub stances: BTreeMap<String, Stance>,
    /// By component; only those that differ from the programme's.
    pub weights: BTreeMap<String, Weight>,
    /// Whether the lead must be from another city, where that differs from the programme.
    pub other_city: Option<Switch>,
    pub limits: Vec<Limit>,
    pub choices: Vec<Choice>,
    /// A scenario that was kept before there was such a limit has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_changes: Option<MostChanges>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_gain: Option<LeastGain>,
}

/// Why an official's choice cannot stand beside the others.
pub const SAME_SCHOOL: &str = "同一所学校不能既牵头又配合；请先取消另一项指定。";

const EXCLUDED: &str = "这所院校已被排除；要保持或指定它，请先取消排除。";
const SETTLED_SO: &str = "这所院校已由人工保持或指定；要排除它，请先取消那一项。";

impl Body {
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    pub fn json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// How a county school takes part: as said for it, or as the kind of scenario has it.
    pub fn stance(&self, kind: &str, county_school: &str, paired: bool) -> Stance {
        let usual = match (paired, kind) {
            (false, _) => Stance::Free,
            (true, "review") => Stance::Review,
            (true, _) => Stance::Keep,
        };
        match self.stances.get(county_school) {
            // One that is no longer paired has nothing to keep.
            Some(Stance::Keep | Stance::Review) if !paired => Stance::Free,
            Some(stance) => *stance,
            None => usual,
        }
    }

    pub fn limit(&self, side: Side, partner: &str) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.side == side && limit.partner == partner)
    }

    /// The partner that an official settled for this place.
    pub fn settled(&self, county_school: &str, side: Side) -> Option<&Choice> {
        self.choices.iter().find(|choice| {
            choice.county_school == county_school && choice.side == side && choice.kind.fixes()
        })
    }

    pub fn forbids(&self, county_school: &str, side: Side, partner: &str) -> bool {
        self.choices.iter().any(|choice| {
            choice.kind == Kind::Forbid
                && choice.county_school == county_school
                && choice.side == side
                && choice.partner == partner
        })
    }

    /// Takes a choice in; where it fixes the place, in place of whoever had it. Any number may be excluded.
    ///
    /// # Errors
    /// The same partner is settled for the other place of this county school, or the opposite was said of it here.
    pub fn choose(&mut self, choice: Choice) -> Result<()> {
        let other = if choice.side == Side::Lead { Side::Nearby } else { Side::Lead };
        let twice =
            self.settled(&choice.county_school, other).is_some_and(|old| old.partner == choice.partner);
        if choice.kind.fixes() && twice {
            return Err(Error::field("partner", Code::SameSchool.says(SAME_SCHOOL)));
        }
        let (place, partner) = ((choice.county_school.as_str(), choice.side), choice.partner.as_str());
        // Neither takes the place of the other without a word.
        if choice.kind.fixes() && self.forbids(place.0, place.1, partner) {
            return Err(Error::field("partner", Code::Contradiction.says(EXCLUDED)));
        }
        let settled = self.settled(place.0, place.1).is_some_and(|old| old.partner == partner);
        if choice.kind == Kind::Forbid && settled {
            return Err(Error::field("partner", Code::Contradiction.says(SETTLED_SO)));
        }
        self.choices.retain(|old| {
            let place = old.county_school == choice.county_school && old.side == choice.side;
            !(place && (old.partner == choice.partner || (old.kind.fixes() && choice.kind.fixes())))
        });
        self.choices.push(choice);
        Ok(())
    }

    /// Takes back what was said of a partner; says whether anything was.
    pub fn lift(&mut self, county_school: &str, side: Side, partner: &str) -> bool {
        let before = self.choices.len();
        self.choices.retain(|old| {
            !(old.county_school == county_school && old.side == side && old.partner == partner)
        });
        self.choices.len() != before
    }

    /// Sets a limit; one that says what the partner declared is none.
    pub fn bound(&mut self, limit: Limit, declared: (i64, i64)) {
        self.limits.retain(|old| !(old.side == limit.side && old.partner == limit.partner));
        if (limit.min, limit.max) != declared {
            self.limits.push(limit);
        }
    }

    /// The same without what was decided by hand: whom to choose, how many may change, and what a change must gain.
    pub fn without_choices(&self) -> Self {
        Self { choices: Vec::new(), most_changes: None, least_gain: None, ..self.clone() }
    }

    /// Whether anything is said of changes: only then the question names the present pairs.
    pub fn speaks_of_changes(&self) -> bool {
        self.most_changes.is_some() || self.least_gain.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(side: Side, partner: &str, kind: Kind) -> Choice {
        let county_school = "c".to_owned();
        Choice { county_school, side, partner: partner.to_owned(), kind, reason: String::new(), loss: None }
    }

    #[test]
    fn a_place_is_settled_once_and_forbidding_stands_beside_it() {
        let mut body = Body::default();
        body.choose(choice(Side::Lead, "a", Kind::Lock)).unwrap();
        body.choose(choice(Side::Lead, "b", Kind::Forbid)).unwrap();
        body.choose(choice(Side::Lead, "x", Kind::Override)).unwrap();
        assert_eq!(body.settled("c", Side::Lead).unwrap().partner, "x");
        assert!(body.forbids("c", Side::Lead, "b"));
        assert_eq!(body.choices.len(), 2, "the lock made way");
        body.choose(choice(Side::Lead, "d", Kind::Forbid)).unwrap();
        assert!(body.forbids("c", Side::Lead, "b") && body.forbids("c", Side::Lead, "d"), "several");
        assert!(body.choose(choice(Side::Lead, "b", Kind::Override)).is_err(), "not without lifting");
        assert!(body.choose(choice(Side::Lead, "x", Kind::Forbid)).is_err());
        assert!(body.lift("c", Side::Lead, "b"));
        assert!(!body.lift("c", Side::Lead, "b"));
        body.choose(choice(Side::Lead, "b", Kind::Override)).unwrap();
        assert_eq!(body.settled("c", Side::Lead).unwrap().partner, "b");
    }

    #[test]
    fn one_school_is_not_settled_for_both_places() {
        let mut body = Body::default();
        body.choose(choice(Side::Lead, "a", Kind::Lock)).unwrap();
        assert!(body.choose(choice(Side::Nearby, "a", Kind::Override)).is_err());
        assert!(body.choose(choice(Side::Nearby, "a", Kind::Forbid)).is_ok());
    }

    #[test]
    fn who_is_paired_is_kept_or_reviewed_by_the_kind_of_scenario() {
        let mut body = Body::default();
        assert_eq!(body.stance("first", "c", true), Stance::Keep);
        assert_eq!(body.stance("review", "c", true), Stance::Review);
        assert_eq!(body.stance("review", "c", false), Stance::Free);
        body.stances.insert("c".to_owned(), Stance::Keep);
        assert_eq!(body.stance("review", "c", true), Stance::Keep);
        assert_eq!(body.stance("review", "c", false), Stance::Free, "nothing to keep");
        body.stances.insert("c".to_owned(), Stance::Out);
        assert_eq!(body.stance("first", "c", false), Stance::Out);
    }

    #[test]
    fn a_limit_as_declared_is_none() {
        let mut body = Body::default();
        let limit =
            |max| Limit { side: Side::Lead, partner: "a".to_owned(), min: 0, max, reason: "x".to_owned() };
        body.bound(limit(4), (0, 3));
        assert_eq!(body.limit(Side::Lead, "a").unwrap().max, 4);
        body.bound(limit(3), (0, 3));
        assert!(body.limits.is_empty());
    }
}
