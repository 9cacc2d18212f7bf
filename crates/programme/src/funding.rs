//! `funding.toml`: by which sources money is told apart, what of the plans, projects, applications and outputs counts to each,
//! when money that lies still is late, and what a pupil costs (S2.1, S2.2, S2.3, T1.3, T9.3). Nothing of it is typed a
//! second time.

use crate::became::chosen;
use crate::facts::{FieldValue, OutputFact};
use crate::fields::{Only, Side};
use crate::model::Programme;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[funding]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundingRules {
    /// How it is counted, in words; shown beside the figures.
    pub about: String,
    pub clauses: Vec<String>,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    /// What came so many months ago and was not paid is late.
    pub late_after_months: u32,
    pub cost_per_pupil: CostPerPupil,
    /// The indicators of what training earns; none where the programme has none.
    pub training: Option<TrainingIncome>,
    /// In the order of the page. What fits several counts to the first.
    #[serde(rename = "source")]
    pub sources: Vec<FundingSource>,
}

/// What was paid from these sources in a year, by a number of the year-profile; and the indicators of what came of it, which stand
/// beside it where it is told of a county, a city and the province.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostPerPupil {
    pub sources: Vec<String>,
    pub element: String,
    #[serde(default)]
    pub beside: Vec<String>,
}

/// What training earned, what of it was paid to teachers, and the share that makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingIncome {
    pub income: String,
    pub pay: String,
    pub share: String,
}

/// `[[funding.source]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundingSource {
    pub id: String,
    pub name: String,
    /// The sources of `plans.toml` from which projects have it.
    #[serde(default)]
    pub budget: Vec<String>,
    /// The level on which a school's plan asks for it: `province`, `city`, `county`, `school`.
    pub plan_level: Option<String>,
    #[serde(default)]
    pub output: Vec<MoneyOutput>,
    #[serde(default)]
    pub application: Vec<MoneyApplication>,
}

/// Outputs that carry money of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyOutput {
    pub output: String,
    /// Who recorded it; whoever it was where nobody is named.
    #[serde(default)]
    pub by: Vec<Side>,
    pub only: Option<Only>,
    /// The field that has the value, where it is not the quantity.
    pub amount: Option<String>,
    /// The field that says until when it was promised.
    pub due: Option<String>,
    /// Equipment or a place: a value, and no money.
    #[serde(default)]
    pub in_kind: bool,
}

/// Applications for money of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneyApplication {
    pub application: String,
    /// The field that has the amount.
    pub amount: String,
    pub only: Option<Only>,
}

/// The levels of a school's plan.
pub(crate) const PLAN_LEVELS: [&str; 4] = ["province", "city", "county", "school"];

impl FundingRules {
    pub fn source(&self, id: &str) -> Option<&FundingSource> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// The source to which a budget source of projects counts.
    pub fn of_budget(&self, budget: &str) -> Option<&FundingSource> {
        self.sources.iter().find(|source| source.budget.iter().any(|id| id == budget))
    }

    /// The source to which a level of a school's plan counts.
    pub fn of_level(&self, level: &str) -> Option<&FundingSource> {
        self.sources.iter().find(|source| source.plan_level.as_deref() == Some(level))
    }

    /// The source to which an application counts, and the field that has its amount.
    pub fn of_application(
        &self,
        application: &str,
        fields: &BTreeMap<String, FieldValue>,
    ) -> Option<(&FundingSource, &MoneyApplication)> {
        let all =
            self.sources.iter().flat_map(|source| source.application.iter().map(move |one| (source, one)));
        { all }.find(|(_, one)| {
            let passes = |only: &Only| only.takes(chosen(None, fields, &only.field));
            one.application == application && one.only.as_ref().is_none_or(passes)
        })
    }

    /// The source to which an output counts, as recorded by this side: the first that takes it.
    pub fn of_output<'f>(
        &'f self,
        programme: &Programme,
        fact: &OutputFact,
        by: Option<Side>,
    ) -> Option<(&'f FundingSource, &'f MoneyOutput)> {
        let all = self.sources.iter().flat_map(|source| source.output.iter().map(move |one| (source, one)));
        { all }.find(|(_, one)| {
            let theirs = one.by.is_empty() || by.is_some_and(|side| one.by.contains(&side));
            theirs && programme.is_output_of(fact, &one.output, one.only.as_ref())
        })
    }
}

impl Programme {
    /// The forms of outputs that carry money, those that became one of them too, between commas, as statements look for one
    /// among them: `,donation,support-funds,`.
    pub fn money_outputs(&self) -> String {
        let rules = self.funding.iter().flat_map(|rules| &rules.sources).flat_map(|source| &source.output);
        let mut ids: Vec<&str> = rules
            .flat_map(|one| {
                let earlier = self.became_output(&one.output).map(|output| output.id.as_str());
                earlier.chain([one.output.as_str()])
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        format!(",{}", ids.iter().map(|id| format!("{id},")).collect::<String>())
    }
}
