//! The answer, as it is written into a file.

use crate::instance::{Assigned, Draft, Fixed, Partner, Side, from_json};
use jiedui_kernel::FieldError;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub const FORMAT: &str = "jiedui-matching-result/1";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The objective equals the bound: nothing is better.
    Optimal,
    /// An assignment and a bound, with a gap between them.
    Feasible,
    /// No assignment keeps all the limits, and the certificate proves it.
    Infeasible,
    /// Neither an assignment nor a proof that there is none, within the limit of the search. Not a result: no file has it.
    Undecided,
}

/// Millionths of a point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(pub i64);

impl Price {
    /// A price in points, rounded to a millionth.
    pub fn points(points: f64) -> Self {
        // Saturates far outside of anything a score can reach.
        let points = if points.abs() > 1e9 { points.round() } else { points };
        Self((points * 1e6).round() as i64)
    }

    pub fn as_points(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000_000)
        } else {
            serializer.serialize_f64(self.as_points())
        }
    }
}

impl<'de> Deserialize<'de> for Price {
    /// # Errors
    /// A price beyond 10^12 points or with more than six decimals.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = f64::deserialize(deserializer)?;
        let millionths = points * 1e6;
        if points.abs() > 1e12 {
            return Err(serde::de::Error::custom("a price beyond 1,000,000,000,000 points"));
        }
        if (millionths - millionths.round()).abs() > 1e-6 * millionths.abs().max(1.0) {
            return Err(serde::de::Error::custom("a price with more than six decimals"));
        }
        Ok(Self(millionths.round() as i64))
    }
}

/// Prices of one place at each partner, in the order of the instance; and of a change, where changes are limited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    pub lead_prices: Vec<Price>,
    pub nearby_prices: Vec<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_price: Option<Price>,
}

/// The choice on which a case is split in two: it names one side.
pub type Split = Fixed;

/// A proof by cases: `yes` makes the choice, `no` forbids it, so that nothing is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Node {
    Split { split: Split, yes: Box<Node>, no: Box<Node> },
    Leaf(Leaf),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    pub lead_prices: Vec<Price>,
    pub nearby_prices: Vec<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_price: Option<Price>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<Node>,
}

/// A limit of a partner that is part of a reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub side: Side,
    pub id: String,
    /// True: the least number; false: the most.
    pub least: bool,
    pub places: i64,
}

/// Why there is no assignment: these county schools cannot all be served while these limits and these fixed choices are
/// kept; were one school left unserved, one limit or one fixed choice lifted, the rest could be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub county_schools: Vec<String>,
    /// The ids of [`Reason::limits`], each once.
    pub partners: Vec<String>,
    pub lack: String,
    #[serde(default)]
    pub limits: Vec<Limit>,
    #[serde(default)]
    pub fixed: Vec<Fixed>,
    /// The limit on changes, where it is part of the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_changes: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solution {
    pub format: String,
    pub instance_sha256: String,
    pub status: Status,
    /// In points; none when infeasible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<i64>,
    /// In the order of the instance.
    #[serde(default)]
    pub assignment: Vec<Assigned>,
    #[serde(default)]
    pub certificate: Certificate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infeasible_because: Option<Reason>,
    /// County schools for which another assignment of the same worth chooses otherwise; asked for by [`crate::Options::ties`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<String>,
}

/// Where a solver starts when little has changed: the last answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warm {
    /// By partner id, so that partners may come and go.
    pub lead_prices: Vec<(String, Price)>,
    pub nearby_prices: Vec<(String, Price)>,
    pub change_price: Option<Price>,
    pub assignment: Vec<Assigned>,
}

impl Warm {
    pub fn of(instance: &Draft, solution: &Solution) -> Self {
        let priced = |partners: &[Partner], prices: &[Price]| {
            partners.iter().map(|partner| partner.id.clone()).zip(prices.iter().copied()).collect()
        };
        Self {
            lead_prices: priced(&instance.leads, &solution.certificate.lead_prices),
            nearby_prices: priced(&instance.nearby, &solution.certificate.nearby_prices),
            change_price: solution.certificate.change_price,
            assignment: solution.assignment.clone(),
        }
    }
}

impl Solution {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with its shape, with line and column.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<FieldError>> {
        from_json(bytes)
    }

    pub fn to_json(&self) -> String {
        // A struct of strings and numbers always has a JSON text.
        serde_json::to_string(self).unwrap_or_default()
    }
}
