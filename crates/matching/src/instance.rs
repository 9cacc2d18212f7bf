//! The question: who may be paired with whom, what each choice is worth, and how many each partner takes.

mod check;

use jiedui_kernel::{Code, FieldError, hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub const FORMAT: &str = "jiedui-matching/1";
/// A file above this is refused before it is read: the nation has about 40 MB.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// The two places at a county school that a partner can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 牵头院校
    Lead,
    /// 配合院校
    Nearby,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountySchool {
    pub id: String,
    /// How much each need matters to it, 0..=100, in the order of [`Draft::needs`].
    pub weights: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    pub id: String,
    /// How many county schools it takes at least and at most.
    pub min: i64,
    pub max: i64,
    /// How far it can cover each need, 0..=100, in the order of [`Draft::needs`].
    pub cover: Vec<i64>,
}

/// A choice that is settled beforehand, for one side or both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    pub county_school: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearby: Option<String>,
}

/// The pair of a county school, present or chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    pub county_school: String,
    pub lead: String,
    pub nearby: String,
}

/// An instance as it stands in a file, not yet checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub format: String,
    pub needs: Vec<String>,
    pub county_schools: Vec<CountySchool>,
    pub leads: Vec<Partner>,
    pub nearby: Vec<Partner>,
    /// For each county school a row, for each lead a score in points; none = not allowed.
    pub lead_scores: Vec<Vec<Option<i64>>>,
    pub nearby_scores: Vec<Vec<Option<i64>>>,
    #[serde(default)]
    pub fixed: Vec<Fixed>,
    /// The pair that a county school has at present. One that is not named here has none, and is never said to change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<Assigned>,
    /// At most so many county schools get another pair than their present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most_changes: Option<i64>,
    /// What each change costs, in points: no set of changes gains less than this for each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_gain: Option<i64>,
}

/// A checked instance, with the hash of the bytes it was read from (or would be written as).
#[derive(Debug, Clone)]
pub struct Instance {
    draft: Draft,
    sha256: String,
}

impl std::ops::Deref for Instance {
    type Target = Draft;
    fn deref(&self) -> &Draft {
        &self.draft
    }
}

impl Instance {
    /// Checks what was put together in memory.
    ///
    /// # Errors
    /// Every mistake, with its place as a path into the file.
    pub fn new(draft: Draft) -> Result<Self, Vec<FieldError>> {
        check::all(&draft)?;
        let sha256 = fingerprint(draft.to_json().as_bytes());
        Ok(Self { draft, sha256 })
    }

    /// Reads a file.
    ///
    /// # Errors
    /// One mistake where the text is no JSON of this shape (with line and column), otherwise all mistakes of content.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<FieldError>> {
        if bytes.len() > MAX_BYTES {
            return Err(vec![too_large(bytes.len() as u64)]);
        }
        let draft: Draft = from_json(bytes)?;
        check::all(&draft)?;
        Ok(Self { draft, sha256: fingerprint(bytes) })
    }

    /// SHA-256 of the file, in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The same question with another limit on changes.
    pub fn at_most(&self, changes: Option<i64>) -> Self {
        let draft = Draft { at_most_changes: changes, ..self.draft.clone() };
        let sha256 = fingerprint(draft.to_json().as_bytes());
        Self { draft, sha256 }
    }

    /// The county schools of an assignment that have another pair than their present one, in its order.
    pub fn changed<'a>(&self, assignment: &'a [Assigned]) -> Vec<&'a str> {
        let present: BTreeMap<&str, &Assigned> =
            self.draft.present.iter().map(|row| (row.county_school.as_str(), row)).collect();
        let changed = |row: &&Assigned| present.get(row.county_school.as_str()).is_some_and(|had| had != row);
        assignment.iter().filter(changed).map(|row| row.county_school.as_str()).collect()
    }

    /// What an assignment is worth to this question, whether it keeps the limits or not; none where a pair is not allowed
    /// or somebody is not known.
    pub fn worth(&self, assignment: &[Assigned]) -> Option<i64> {
        let paid = self.changed(assignment).len() as i64 * self.draft.least_gain.unwrap_or(0);
        let schools: BTreeMap<&str, usize> = places(self.draft.county_schools.iter().map(|one| &one.id));
        let [leads, nearby] =
            Side::BOTH.map(|side| places(self.draft.partners(side).iter().map(|one| &one.id)));
        let of = |row: &Assigned| {
            let j = *schools.get(row.county_school.as_str())?;
            let (l, n) = (*leads.get(row.lead.as_str())?, *nearby.get(row.nearby.as_str())?);
            let covers = self.draft.leads[l].cover.iter().zip(&self.draft.nearby[n].cover);
            let weights = self.draft.county_schools[j].weights.iter();
            let cover: i64 = weights.zip(covers).map(|(weight, (a, b))| weight * a.max(b)).sum();
            Some(self.draft.lead_scores[j][l]? + self.draft.nearby_scores[j][n]? + cover)
        };
        let worth: Option<i64> = assignment.iter().map(of).sum();
        Some(worth? - paid)
    }

    pub fn into_draft(self) -> Draft {
        self.draft
    }
}

impl Draft {
    /// The file as this house writes it; its hash is that of an instance made by [`Instance::new`].
    pub fn to_json(&self) -> String {
        // A struct of strings and integers always has a JSON text.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn partners(&self, side: Side) -> &[Partner] {
        match side {
            Side::Lead => &self.leads,
            Side::Nearby => &self.nearby,
        }
    }

    pub fn scores(&self, side: Side) -> &[Vec<Option<i64>>] {
        match side {
            Side::Lead => &self.lead_scores,
            Side::Nearby => &self.nearby_scores,
        }
    }
}

impl Side {
    pub const BOTH: [Self; 2] = [Self::Lead, Self::Nearby];

    fn list(self) -> &'static str {
        match self {
            Self::Lead => "leads",
            Self::Nearby => "nearby",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Lead => "lead_scores",
            Self::Nearby => "nearby_scores",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Lead => "牵头院校",
            Self::Nearby => "配合院校",
        }
    }
}

fn places<'a>(ids: impl Iterator<Item = &'a String>) -> BTreeMap<&'a str, usize> {
    ids.enumerate().map(|(at, id)| (id.as_str(), at)).collect()
}

/// What is said of a file that is too large to be read.
pub fn too_large(bytes: u64) -> FieldError {
    let mb = |n: u64| n.div_ceil(1024 * 1024);
    let message =
        format!("文件有 {} MB，超过 {} MB 的上限，没有读取。请拆分后再试。", mb(bytes), mb(MAX_BYTES as u64));
    FieldError::new("", Code::TooLarge.says(message))
}

/// SHA-256 in hex.
pub fn fingerprint(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

/// Reads JSON; a mistake is told with its path, line and column.
pub(crate) fn from_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Vec<FieldError>> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        vec![unreadable(if path == "." { String::new() } else { path }, error.inner())]
    })?;
    reader.end().map_err(|error| vec![unreadable(String::new(), &error)])?;
    Ok(value)
}

fn unreadable(field: String, error: &serde_json::Error) -> FieldError {
    let what = match error.classify() {
        serde_json::error::Category::Data => "内容与格式不符",
        serde_json::error::Category::Eof => "文件不完整，在此中断",
        _ => "不是合法的 JSON",
    };
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let message = format!("第 {} 行第 {} 列：{what}（{said}）", error.line(), error.column());
    FieldError::new(field, Code::Faulty.says(message))
}
