//! What may be wrong with an instance, each mistake with its place as a path into the file.

use super::{Draft, FORMAT, Partner, Side};
use jiedui_kernel::{Code, FieldError};
use std::collections::{BTreeMap, BTreeSet};

/// |score| at most, in points.
const MAX_SCORE: i64 = 1_000_000;
/// Weights and covers lie in 0..=100.
const MAX_SHARE: i64 = 100;
const MAX_NEEDS: usize = 64;
/// Above this many a list of mistakes helps nobody.
const MAX_ERRORS: usize = 50;

/// The mistakes found so far; no more than a reader can use.
struct Mistakes(Vec<FieldError>);

impl Mistakes {
    fn say(&mut self, place: impl FnOnce() -> String, message: impl FnOnce() -> String) {
        if self.0.len() < MAX_ERRORS {
            self.0.push(FieldError::new(place(), Code::Faulty.says(message())));
        }
    }
}

pub(super) fn all(draft: &Draft) -> Result<(), Vec<FieldError>> {
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
        check_changes(draft, &mut mistakes);
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

/// A partner of a present pair may have left: then that pair cannot be kept. A county school that is not in the list is a
/// mistake.
fn check_changes(draft: &Draft, mistakes: &mut Mistakes) {
    let schools: BTreeSet<&str> = draft.county_schools.iter().map(|school| school.id.as_str()).collect();
    for (i, row) in draft.present.iter().enumerate().filter(|(_, row)| !schools.contains(&*row.county_school))
    {
        let message = || format!("没有编号为“{}”的县级院校。", row.county_school);
        mistakes.say(|| format!("present[{i}].county_school"), message);
    }
    unique("present", draft.present.iter().map(|row| row.county_school.as_str()), mistakes);
    if let Some(most) = draft.at_most_changes.filter(|most| *most < 0) {
        mistakes.say(|| "at_most_changes".to_owned(), || format!("变动数目不能小于 0，现在是 {most}。"));
    }
    if let Some(gain) = draft.least_gain.filter(|gain| !(0..=MAX_SCORE).contains(gain)) {
        let message = || format!("每处变动至少提高的分数应在 0 到 {MAX_SCORE} 之间，现在是 {gain}。");
        mistakes.say(|| "least_gain".to_owned(), message);
    }
}
