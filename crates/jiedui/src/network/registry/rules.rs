//! Words and orders of the registry.

pub use jiedui_programme::LEVELS;

use super::data::FlagRow;
use jiedui_kernel::Date;
use pinyin::ToPinyin as _;

pub const OWNERSHIPS: [&str; 3] = ["公办", "民办", "企业办"];
/// Dated flags that the office sets: id and name.
pub const FLAGS: [(&str, &str); 2] = [("county_school", "对口县级院校"), ("high_level", "高水平技师学院")];
/// Kinds of lineage: id and name.
pub const LINEAGE: [(&str, &str); 3] = [("merged", "并入"), ("renamed", "更名"), ("moved", "改隶或迁址")];
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
    name_in(&LINEAGE, id)
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
    fn names_follow_division_then_pinyin() {
        let mut names =
            [("440200", "仁化县"), ("440100", "增城区"), ("440200", "乐昌市"), ("440100", "白云区")];
        names.sort_by_key(|(division, name)| sort_key(division, name));
        assert_eq!(names.map(|(_, name)| name), ["白云区", "增城区", "乐昌市", "仁化县"]);
    }
}
