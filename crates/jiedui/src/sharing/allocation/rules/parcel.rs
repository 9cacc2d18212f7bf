//! What is asked of a rule, what comes of it, and what is kept for ever when it is published.

use crate::shared::frozen::Stamp;
use jiedui_allocation::{Allocation, Claimant, Comparison, Refusal, Share, allocate, compare};
use jiedui_kernel::{Code, Date, FieldError, Unit};
use jiedui_programme::{AllocationMethod, AllocationRule};
use serde::{Deserialize, Serialize};

/// A school among those between whom is divided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub school: String,
    pub name: String,
    pub place: String,
    pub division: String,
    /// None where the school has told no such number yet: it has no base, and at most the floor.
    pub base: Option<i64>,
    pub preferred: bool,
}

/// Everything from which a division follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub rule: AllocationRule,
    pub total: i64,
    /// What the base is called, and its unit; "" where all have the same.
    pub base: String,
    pub base_unit: Unit,
    /// Who is preferred, in words.
    pub preferred: Vec<String>,
    pub claims: Vec<Claim>,
}

/// By the rule; without its preference; by the rule with the other method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divided {
    pub with: Allocation,
    pub without: Allocation,
    pub other: Allocation,
}

/// What one school got, and what it would have got otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub school: String,
    pub given: i64,
    pub without: i64,
    pub other: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub stamp: Stamp,
    pub issuer: String,
    pub title: String,
    pub published_on: Date,
    pub appeal_until: Date,
    pub asked: Asked,
    pub given: Vec<Given>,
}

impl Parcel {
    /// Whether what was kept is what follows from the rule and the bases that were kept with it.
    pub fn adds_up(&self, divided: &Divided) -> bool {
        divided.given() == self.given
    }
}

/// The other method, with which a rule is compared.
pub fn other(method: AllocationMethod) -> AllocationMethod {
    match method {
        AllocationMethod::LargestRemainder => AllocationMethod::HighestAverages,
        AllocationMethod::HighestAverages => AllocationMethod::LargestRemainder,
    }
}

impl Asked {
    /// # Errors
    /// Why this total cannot be divided so, at its field.
    pub fn divide(&self) -> Result<Divided, Vec<FieldError>> {
        let method = self.rule.method;
        let told = |wrong: Vec<Refusal>| wrong.iter().map(|one| self.mistake(one)).collect::<Vec<_>>();
        let claimants = self.claimants();
        let Comparison { with, without } =
            compare(self.total, &claimants, &self.rule.bounds(method)).map_err(told)?;
        let other = allocate(self.total, &claimants, &self.rule.bounds(other(method))).map_err(told)?;
        Ok(Divided { with, without, other })
    }

    fn claimants(&self) -> Vec<Claimant> {
        let one = |claim: &Claim| Claimant {
            id: claim.school.clone(),
            division: claim.division.clone(),
            base: claim.base.unwrap_or(0),
            weight: self.rule.weight_of(claim.preferred),
        };
        self.claims.iter().map(one).collect()
    }

    pub fn claim(&self, school: &str) -> Option<&Claim> {
        self.claims.iter().find(|claim| claim.school == school)
    }

    /// The programme was checked when it was loaded, so most of these come of a total that does not fit.
    fn mistake(&self, why: &Refusal) -> FieldError {
        let said = |value: i128| self.said(i64::try_from(value).unwrap_or(i64::MAX));
        let mistake = match why {
            Refusal::NoClaimants => {
                Code::NotFitting.says(format!("您的范围内没有{}，没有可分的对象。", self.rule.among.label()))
            }
            Refusal::NothingToGoBy => Code::Missing
                .says(format!("还没有一所学校有可用的{}，分不了。请先催报，接收以后再分。", self.base)),
            Refusal::LessThanFloors { needed, .. } => Code::OutOfRange.says(format!(
                "总数不够：每{}保底{}，共要{}。请改大总数，或改方案里的保底数。",
                self.rule.among.counted(),
                self.said(self.rule.floor),
                said(*needed)
            )),
            Refusal::MoreThanCaps { room, .. } => Code::OutOfRange.says(format!(
                "总数太多：都到封顶也只分得下{}。请改小总数，或改方案里的封顶数。",
                said(*room)
            )),
            Refusal::Total(_) => Code::OutOfRange.says("总数要大于零，也不能大得离谱，请核对。"),
            _ => Code::Faulty.says("方案里这条规则的数字不能用，请省办核对方案。"),
        };
        FieldError::new("total", mistake)
    }

    /// An amount of what is divided, with its unit.
    pub fn said(&self, value: i64) -> String {
        let (number, unit) = self.rule.unit.shown(value);
        format!(" {number} {unit}")
    }
}

impl Divided {
    /// In the official order.
    pub fn given(&self) -> Vec<Given> {
        let beside = self.without.shares.iter().zip(&self.other.shares);
        let one = |(with, (without, other)): (&Share, (&Share, &Share))| Given {
            school: with.id.clone(),
            given: with.given,
            without: without.given,
            other: other.given,
        };
        self.with.shares.iter().zip(beside).map(one).collect()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use jiedui_programme::{AllocationBase, Among, Preferred};

    /// Places by teachers, one and a half times as many for the preferred.
    pub fn asked(total: i64, claims: &[(&str, Option<i64>, bool)]) -> Asked {
        let rule = AllocationRule {
            id: "places".to_owned(),
            name: "师资培训名额".to_owned(),
            about: "按专任教师分".to_owned(),
            clauses: vec!["T4.6".to_owned()],
            our_reading: true,
            unit: Unit::Persons,
            among: Among::CountySchools,
            base: AllocationBase::Element { element: "teachers_full_time".to_owned() },
            preferred: vec![Preferred::TypicalCounties],
            weight: 1_500,
            floor: 0,
            cap: None,
            method: AllocationMethod::LargestRemainder,
            appeal_workdays: 5,
            taken_up: None,
            examples: Vec::new(),
        };
        let claim = |(name, base, preferred): &(&str, Option<i64>, bool)| Claim {
            school: (*name).to_owned(),
            name: format!("{name}校"),
            place: "某市".to_owned(),
            division: "440000".to_owned(),
            base: *base,
            preferred: *preferred,
        };
        let claims = claims.iter().map(claim).collect();
        Asked {
            rule,
            total,
            base: "专任教师".to_owned(),
            base_unit: Unit::Persons,
            preferred: vec!["典型县的院校".to_owned()],
            claims,
        }
    }

    #[test]
    fn with_and_without_preference_and_by_the_other_method() {
        // A largest remainder may serve who is not preferred: the example of the crate, through the mechanism.
        let asked = asked(3, &[("甲", Some(30), true), ("乙", Some(80), true), ("丙", Some(50), false)]);
        let rows = asked.divide().unwrap().given();
        let numbers = rows.iter().map(|one| (one.school.as_str(), one.given, one.without, one.other));
        assert_eq!(
            numbers.collect::<Vec<_>>(),
            [("丙", 1, 1, 1), ("乙", 2, 1, 1), ("甲", 0, 1, 1)],
            "in the order of ids, which are names here"
        );
    }

    #[test]
    fn a_total_that_does_not_fit_is_refused_at_its_field() {
        let mut question = asked(3, &[("甲", Some(30), true), ("乙", None, false)]);
        question.rule.floor = 2;
        let codes = |asked: &Asked| {
            let wrong = asked.divide().unwrap_err();
            wrong.into_iter().map(|error| (error.field, error.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes(&question), [("total".to_owned(), Code::OutOfRange)]);
        question.claims[0].base = None;
        question.total = 4;
        assert_eq!(codes(&question), [("total".to_owned(), Code::Missing)]);
        question.claims.clear();
        assert_eq!(codes(&question), [("total".to_owned(), Code::NotFitting)]);
    }

    #[test]
    fn what_is_kept_is_held_to_its_rule() {
        let question = asked(5, &[("甲", Some(30), true), ("乙", Some(80), false)]);
        let day = "2026-11-24".parse().unwrap();
        let given = question.divide().unwrap().given();
        let mut parcel = Parcel {
            stamp: Stamp::default(),
            issuer: "省办".to_owned(),
            title: "示例".to_owned(),
            published_on: day,
            appeal_until: day,
            asked: question,
            given,
        };
        let divided = parcel.asked.divide().unwrap();
        assert!(parcel.adds_up(&divided));
        parcel.given[0].given += 1;
        assert!(!parcel.adds_up(&divided));
    }
}
