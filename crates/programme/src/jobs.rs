//! `jobs.toml`: posts and graduates (T12.1, T12.2): what kinds of post there are, where graduates go and what of that counts as
//! employed, from which number on a sum is shown to others, and by which indicator the provincial recruitment system is counted.

use crate::fields::Only;
use crate::model::{IndicatorOf, Programme};
use serde::{Deserialize, Serialize};

/// `[jobs]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRules {
    pub clauses: Vec<String>,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    /// How supply and demand are put together, in words; shown on their page.
    pub about: String,
    /// Fewer persons than this are shown to others only as fewer than this.
    pub smallest_cell: i64,
    /// No post stays open for longer without being recorded again.
    pub longest_days: i64,
    /// The element of the year-profile with which the sum of all destinations agrees.
    pub graduates: String,
    /// That of those who are employed; and, where it is told, of those who are employed or study on.
    pub employed: String,
    pub employed_with_study: Option<String>,
    /// The indicator that counts who uses the provincial recruitment system; none where the programme has no such system.
    pub system: Option<String>,
    /// The indicator that counts links with key enterprises (重点企业): whoever such a link is called after is one. None where the
    /// programme has no such links.
    pub key_enterprises: Option<String>,
    /// Indicators that stand by county beside posts and graduates: services on campus, incubators.
    #[serde(default)]
    pub beside: Vec<String>,
    pub occupations: Vec<Occupation>,
    pub destinations: Vec<Destination>,
}

/// What kind of work a post is, and which majors lead to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occupation {
    pub id: String,
    pub name: String,
    /// Major categories that lead to it; each leads to exactly one.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Majors that lead to it though the rest of their category leads elsewhere.
    #[serde(default)]
    pub majors: Vec<String>,
}

/// Where graduates go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    pub id: String,
    pub name: String,
    pub counted_as: CountedAs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedAs {
    Employed,
    Studying,
    Neither,
}

impl JobRules {
    /// A larger cell hides more than it protects.
    pub const MOST_HIDDEN: i64 = 30;
    pub const MOST_DAYS: i64 = 366;

    pub fn occupation(&self, id: &str) -> Option<&Occupation> {
        self.occupations.iter().find(|one| one.id == id)
    }

    /// To which occupation a major leads: by its own name, or else by its category.
    pub fn leads_to(&self, major: &str, category: &str) -> Option<&Occupation> {
        let named = |one: &&Occupation| one.majors.iter().any(|name| name == major);
        let rest = |one: &&Occupation| one.categories.iter().any(|name| name == category);
        self.occupations.iter().find(named).or_else(|| self.occupations.iter().find(rest))
    }

    pub fn destination(&self, id: &str) -> Option<&Destination> {
        self.destinations.iter().find(|one| one.id == id)
    }

    /// The elements of the year-profile with which sums agree, each with what of the destinations it takes.
    pub fn sums(&self) -> Vec<(&str, &'static [CountedAs])> {
        const ALL: &[CountedAs] = &[CountedAs::Employed, CountedAs::Studying, CountedAs::Neither];
        const EMPLOYED: &[CountedAs] = &[CountedAs::Employed];
        const WITH_STUDY: &[CountedAs] = &[CountedAs::Employed, CountedAs::Studying];
        let mut sums = vec![(self.graduates.as_str(), ALL), (self.employed.as_str(), EMPLOYED)];
        sums.extend(self.employed_with_study.as_deref().map(|element| (element, WITH_STUDY)));
        sums
    }

    /// The outputs that say which enterprise is a key enterprise, as a statement looks for one among them: `,one,other,`; ""
    /// where there are none.
    pub fn key_links(&self, programme: &Programme) -> String {
        let found = self.key_enterprises.as_deref().and_then(|id| programme.indicator(id));
        match found.map(|one| &one.of) {
            Some(IndicatorOf::Outputs { output, .. }) => format!(",{},", output.join(",")),
            _ => String::new(),
        }
    }

    /// The outputs that say who uses the recruitment system, and which of them.
    pub fn system<'p>(&self, programme: &'p Programme) -> Option<(&'p [String], Option<&'p Only>)> {
        match &programme.indicator(self.system.as_deref()?)?.of {
            IndicatorOf::Outputs { output, only, .. } => Some((output.as_slice(), only.as_ref())),
            _ => None,
        }
    }
}
