//! The question: who may be paired with whom, what each choice is worth, and how many each partner takes.

use jiedui_kernel::{Code, FieldError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub const FORMAT: &str = "jiedui-matching/1";
/// A file above this is refused before it is read: the nation has about 40 MB.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;
/// |score| at most, in points.
const MAX_SCORE: i64 = 1_000_000;
/// Weights and covers lie in 0..=100.
const MAX_SHARE: i64 = 100;
const MAX_NEEDS: usize = 64;
/// Above this many a list of mistakes helps nobody.
const MAX_ERRORS: usize = 50;

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

/// An instance as it stands in a file, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        check(&draft)?;
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
        check(&draft)?;
        Ok(Self { draft, sha256: fingerprint(bytes) })
    }

    /// SHA-256 of the file, in hex.
    pub fn sha256(&self) -> &str {
        &self.sha256
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

/// What is said of a file that is too large to be read.
pub fn too_large(bytes: u64) -> FieldError {
    let mb = |n: u64| n.div_ceil(1024 * 1024);
    let message =
        format!("文件有 {} MB，超过 {} MB 的上限，没有读取。请拆分后再试。", mb(bytes), mb(MAX_BYTES as u64));
    FieldError::new("", Code::TooLarge.says(message))
}

/// SHA-256 in hex.
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
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

/// The mistakes found so far; no more than a reader can use.
struct Mistakes(Vec<FieldError>);

impl Mistakes {
    fn say(&mut self, place: impl FnOnce() -> String, message: impl FnOnce() -> String) {
        if self.0.len() < MAX_ERRORS {
            self.0.push(FieldError::new(place(), Code::Faulty.says(message())));
        }
    }
}

fn check(draft: &Draft) -> Result<(), Vec<FieldError>> {
    let mut mistakes = Mistakes(Vec::new());
    if draft.format != FORMAT {
        mistakes.say(|| "format".to_owned(), || format!("应为 {FORMAT}，现在是“{}”。", draft.format));
        return Err(mistakes.0);
    }
    check_needs(draft, &mut mistakes);
    check_county_schools(draft, &mut mistakes);
    for side in Side::BOTH {
        check_partners(draft, side, &mut mistakes);
        check_scores(draft, side, &mut mistakes);
    }
    if mistakes.0.is_empty() {
        check_fixed(draft, &mut mistakes);
    }
    if mistakes.0.is_empty() { Ok(()) } else { Err(mistakes.0) }
}

fn check_needs(draft: &Draft, mistakes: &mut Mistakes) {
    if draft.needs.len() > MAX_NEEDS {
        mistakes.say(
            || "needs".to_owned(),
            || format!("需求类别最多 {MAX_NEEDS} 个，现在有 {} 个。", draft.needs.len()),
        );
    }
    unique("needs", draft.needs.iter().map(String::as_str), mistakes);
}

fn unique<'a>(list: &str, ids: impl Iterator<Item = &'a str>, mistakes: &mut Mistakes) {
    let mut seen = BTreeMap::new();
    for (i, id) in ids.enumerate() {
        if id.trim().is_empty() {
            mistakes.say(|| format!("{list}[{i}]"), || "编号不能为空。".to_owned());
        } else if let Some(first) = seen.insert(id, i) {
            mistakes.say(|| format!("{list}[{i}]"), || format!("编号“{id}”与 {list}[{first}] 重复。"));
        }
    }
}

fn shares(list: &str, shares: &[i64], needs: usize, mistakes: &mut Mistakes) {
    if shares.len() != needs {
        mistakes.say(
            || list.to_owned(),
            || format!("应有 {needs} 个数（每个需求类别一个），现在有 {} 个。", shares.len()),
        );
    }
    for (k, share) in shares.iter().enumerate().filter(|(_, share)| !(0..=MAX_SHARE).contains(*share)) {
        mistakes.say(|| format!("{list}[{k}]"), || format!("应在 0 到 {MAX_SHARE} 之间，现在是 {share}。"));
    }
}

fn check_county_schools(draft: &Draft, mistakes: &mut Mistakes) {
    unique("county_schools", draft.county_schools.iter().map(|school| school.id.as_str()), mistakes);
    for (j, school) in draft.county_schools.iter().enumerate() {
        shares(&format!("county_schools[{j}].weights"), &school.weights, draft.needs.len(), mistakes);
    }
}

fn check_partners(draft: &Draft, side: Side, mistakes: &mut Mistakes) {
    let (list, partners) = (side.list(), draft.partners(side));
    unique(list, partners.iter().map(|partner| partner.id.as_str()), mistakes);
    for (i, partner) in partners.iter().enumerate() {
        shares(&format!("{list}[{i}].cover"), &partner.cover, draft.needs.len(), mistakes);
        let (min, max) = (partner.min, partner.max);
        if min < 0 || max > 1_000_000 {
            mistakes
                .say(|| format!("{list}[{i}]"), || format!("“{}”的名额应在 0 到 1000000 之间。", partner.id));
        }
        if min > max {
            let message = || format!("“{}”的最少名额 {min} 大于最多名额 {max}。", partner.id);
            mistakes.say(|| format!("{list}[{i}].min"), message);
        }
    }
    let schools = draft.county_schools.len() as i64;
    let sum = |of: fn(&Partner) -> i64| partners.iter().fold(0_i64, |sum, p| sum.saturating_add(of(p)));
    let (most, least, name) = (sum(|p| p.max), sum(|p| p.min), side.name());
    if most < schools {
        let lack = schools - most;
        mistakes.say(
            || list.to_owned(),
            || format!("{name}的名额合计 {most}，少于 {schools} 所县级院校，还差 {lack} 个。请调高某些院校的最多名额。"),
        );
    }
    if least > schools {
        mistakes.say(
            || list.to_owned(),
            || format!("{name}的最少名额合计 {least}，多于 {schools} 所县级院校。请调低某些院校的最少名额。"),
        );
    }
}

fn check_scores(draft: &Draft, side: Side, mistakes: &mut Mistakes) {
    let (table, rows, wide) = (side.table(), draft.scores(side), draft.partners(side).len());
    if rows.len() != draft.county_schools.len() {
        let (need, have) = (draft.county_schools.len(), rows.len());
        mistakes
            .say(|| table.to_owned(), || format!("应有 {need} 行（每所县级院校一行），现在有 {have} 行。"));
    }
    for (j, row) in rows.iter().enumerate() {
        if row.len() != wide {
            mistakes.say(
                || format!("{table}[{j}]"),
                || format!("应有 {wide} 个分数（每所{}一个），现在有 {} 个。", side.name(), row.len()),
            );
        }
        for (i, score) in row.iter().enumerate() {
            if let Some(score) = score.filter(|score| score.abs() > MAX_SCORE) {
                mistakes.say(
                    || format!("{table}[{j}][{i}]"),
                    || format!("分数应在 −{MAX_SCORE} 到 {MAX_SCORE} 之间，现在是 {score}。"),
                );
            }
        }
    }
}

fn check_fixed(draft: &Draft, mistakes: &mut Mistakes) {
    let places = |ids: &mut dyn Iterator<Item = &String>| -> BTreeMap<String, usize> {
        ids.enumerate().map(|(i, id)| (id.clone(), i)).collect()
    };
    let schools = places(&mut draft.county_schools.iter().map(|school| &school.id));
    let mut settled = BTreeSet::new();
    for (i, fixed) in draft.fixed.iter().enumerate() {
        let Some(&j) = schools.get(&fixed.county_school) else {
            let message = || format!("没有编号为“{}”的县级院校。", fixed.county_school);
            mistakes.say(|| format!("fixed[{i}].county_school"), message);
            continue;
        };
        if fixed.lead.is_none() && fixed.nearby.is_none() {
            mistakes.say(|| format!("fixed[{i}]"), || "既没有写牵头院校，也没有写配合院校。".to_owned());
        }
        if fixed.lead.is_some() && fixed.lead == fixed.nearby {
            mistakes.say(|| format!("fixed[{i}]"), || "同一所学校不能既牵头又配合。".to_owned());
        }
        for (side, id) in [(Side::Lead, &fixed.lead), (Side::Nearby, &fixed.nearby)] {
            let Some(id) = id else { continue };
            let key = if side == Side::Lead { "lead" } else { "nearby" };
            let place = || format!("fixed[{i}].{key}");
            if !settled.insert((j, side)) {
                let message = || format!("“{}”的{}已在前面固定过一次。", fixed.county_school, side.name());
                mistakes.say(place, message);
            }
            match draft.partners(side).iter().position(|partner| partner.id == *id) {
                None => mistakes.say(place, || format!("没有编号为“{id}”的{}。", side.name())),
                Some(at) if draft.scores(side)[j][at].is_none() => mistakes.say(place, || {
                    let table = side.table();
                    format!(
                        "固定了不允许的一对：{table}[{j}][{at}]（“{}”与“{id}”）为空。",
                        fixed.county_school
                    )
                }),
                Some(_) => {}
            }
        }
    }
}
