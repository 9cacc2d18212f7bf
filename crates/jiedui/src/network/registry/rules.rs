//! Words and orders of the registry.

pub use jiedui_programme::LEVELS;

use super::data::{FlagRow, LevelRow, RecordRow, TermRow};
use jiedui_kernel::{Code, Date, Error, Mistake, Result};
use std::collections::HashMap;

use pinyin::ToPinyin as _;

pub const OWNERSHIPS: [&str; 3] = ["公办", "民办", "企业办"];
/// Dated flags that the office sets: id and name.
pub const FLAGS: [(&str, &str); 2] = [("county_school", "对口县级院校"), ("high_level", "高水平技师学院")];
/// Kinds of lineage: id and name.
pub const LINEAGE: [(&str, &str); 4] =
    [("merged", "并入"), ("renamed", "更名"), ("moved", "改隶或迁址"), ("closed", "停办")];
/// Posts: id, name, in order of rank.
pub const POSTS: [(&str, &str); 7] = [
    ("head", "校长（院长）"),
    ("party_secretary", "党委（党组织）书记"),
    ("deputy_head", "其他校领导"),
    ("middle_manager", "中层干部"),
    ("backbone_teacher", "骨干教师"),
    ("teacher", "专任教师"),
    ("staff", "其他教职工"),
];

fn name_in(list: &'static [(&'static str, &'static str)], id: &str) -> &'static str {
    list.iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

pub fn flag_name(id: &str) -> &'static str {
    name_in(&FLAGS, id)
}

pub fn lineage_name(id: &str) -> &'static str {
    // Noted when the level is changed, and never typed.
    if id == LEVEL_CHANGED { "层次变更" } else { name_in(&LINEAGE, id) }
}

/// The kind of lineage that keeps a former level.
pub const LEVEL_CHANGED: &str = "level";
const FORMER_LEVEL: &str = "原层次：";

/// How a former level is kept in the lineage.
pub fn former_level(level: &str) -> String {
    format!("{FORMER_LEVEL}{level}")
}

/// Who counts as a county school, and when: the one answer for every list, figure and denominator.
#[derive(Debug, Clone, Default)]
pub struct Population {
    terms: HashMap<String, Vec<(Date, Option<Date>)>>,
    levels: HashMap<String, Vec<(Date, String)>>,
}

impl Population {
    pub fn of(terms: Vec<TermRow>, levels: Vec<LevelRow>) -> Self {
        let mut found = Self::default();
        for row in terms {
            // From the day on which it was merged into another it counts no more.
            let last = row.ended_on.and_then(|day| day.pred_opt());
            let to = row.to_day.into_iter().chain(last).min();
            found.terms.entry(row.org).or_default().push((row.from_day, to));
        }
        for row in levels {
            let level = row.note.strip_prefix(FORMER_LEVEL).unwrap_or(&row.note).to_owned();
            found.levels.entry(row.org).or_default().push((row.day, level));
        }
        found
    }

    /// Whether it is a county school on a day: flagged as one, and not merged into another by then.
    pub fn holds(&self, org: &str, day: Date) -> bool {
        let terms = self.terms.get(org).map(Vec::as_slice).unwrap_or_default();
        terms.iter().any(|(from, to)| *from <= day && to.is_none_or(|to| day <= to))
    }

    /// The county schools of a day, in the order of ids.
    pub fn counted(&self, day: Date) -> Vec<&str> {
        let mut ids: Vec<&str> = self.terms.keys().map(String::as_str).collect();
        ids.retain(|id| self.holds(id, day));
        ids.sort_unstable();
        ids
    }

    /// Whether it was one on any day.
    pub fn knows(&self, org: &str) -> bool {
        self.terms.contains_key(org)
    }

    /// The levels that it had before, each with the first day on which it was no longer so.
    pub fn levels_before(&self, org: &str) -> Vec<(Date, String)> {
        self.levels.get(org).cloned().unwrap_or_default()
    }
}

pub fn post_name(id: &str) -> &'static str {
    name_in(&POSTS, id)
}

/// The id of a post by its Chinese name.
pub fn post_id(name: &str) -> Option<&'static str> {
    POSTS.iter().find(|(_, label)| *label == name).map(|(id, _)| *id)
}

pub fn kind_name(kind: &str) -> &'static str {
    match kind {
        "province_office" => "省领导小组办公室",
        "city_bureau" => "市人社局",
        "county_bureau" => "县（市、区）人社局",
        _ => "院校",
    }
}

/// The first among flags of one kind that shares a day with these days and does not begin with them: one that does is the
/// same flag.
pub fn flag_meets(known: &[FlagRow], (from, to): (Date, Option<Date>)) -> Option<&FlagRow> {
    known.iter().find(|old| {
        old.from_day != from
            && to.is_none_or(|to| old.from_day <= to)
            && old.to_day.is_none_or(|end| from <= end)
    })
}

/// What setting a flag comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlagStep {
    Same,
    /// The flag with this id, which begins on the same day, gets another last day.
    Ends(String),
    New,
}

/// The same beside the flags that an organisation has.
///
/// # Errors
/// Another flag of the kind holds on some of the days.
pub fn flag_step(known: &[FlagRow], flag: &str, (from, to): (Date, Option<Date>)) -> Result<FlagStep> {
    let known: Vec<FlagRow> = known.iter().filter(|old| old.flag == flag).cloned().collect();
    if let Some(other) = flag_meets(&known, (from, to)) {
        let (name, begin) = (flag_name(flag), other.from_day);
        let message = Code::Overlap.says(format!(
            "与从 {begin} 起的“{name}”时间重叠；请填同一起始日期，或先给原来的一段填上终止日期。"
        ));
        return Err(Error::field("from", message));
    }
    Ok(match known.into_iter().find(|old| old.from_day == from) {
        Some(old) if old.to_day == to => FlagStep::Same,
        Some(old) => FlagStep::Ends(old.id),
        None => FlagStep::New,
    })
}

/// Why one record of a person cannot lead to the other. A record leads to one that leads nowhere, so that nobody has to follow
/// more than one step.
pub fn merge_refused(one: &RecordRow, other: &RecordRow) -> Option<Mistake> {
    match () {
        () if one.id == other.id => Some(Code::NotFitting.says("两条选的是同一条记录，请选另一条。")),
        () if one.leads => Some(Code::Duplicate.says("这条记录已经提出合并或已并入别条；要改，请先撤销。")),
        () if other.leads => Some(Code::NotFitting.says("那一条已经提出并入别条，请选它并入的那一条。")),
        () if one.followed => {
            Some(Code::NotFitting.says("已有别的记录并入这一条；请反过来选，或先撤销那次合并。"))
        }
        () => None,
    }
}

/// Division code, then pinyin, then the name itself.
pub fn sort_key(division: &str, name: &str) -> String {
    let mut key = format!("{division} ");
    for (sign, sound) in name.chars().zip(name.to_pinyin()) {
        match sound {
            Some(sound) => key.push_str(sound.plain()),
            None => key.push(sign),
        }
        key.push(' ');
    }
    key.push_str(name);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_leads_one_step_and_never_in_a_circle() {
        let record = |id: &str, leads, followed| RecordRow { id: id.to_owned(), leads, followed };
        assert!(merge_refused(&record("a", false, false), &record("b", false, true)).is_none());
        for (one, other) in [
            (record("a", false, false), record("a", false, false)),
            (record("a", true, false), record("b", false, false)),
            (record("a", false, false), record("b", true, false)),
            (record("a", false, true), record("b", false, false)),
        ] {
            assert!(merge_refused(&one, &other).is_some(), "{one:?} {other:?}");
        }
    }

    #[test]
    fn names_follow_division_then_pinyin() {
        let mut names =
            [("440200", "仁化县"), ("440100", "增城区"), ("440200", "乐昌市"), ("440100", "白云区")];
        names.sort_by_key(|(division, name)| sort_key(division, name));
        assert_eq!(names.map(|(_, name)| name), ["白云区", "增城区", "乐昌市", "仁化县"]);
    }
}
