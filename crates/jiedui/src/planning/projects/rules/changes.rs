//! What changed between two filings, and what an amendment would change: field by field, in words.

use super::Fields;
use crate::planning::projects::data::{Ended, ListRow, ProjectRow};
use jiedui_programme::Programme;
use jiedui_store::PersonName;
use jiedui_web::names::Names;
use serde::{Deserialize, Serialize};

/// A project as it was filed. Names stand beside ids, because they may change later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    pub id: String,
    pub place: i64,
    pub fields: Fields,
    pub need_title: String,
    pub owner_name: String,
    pub owner_org_name: String,
}

impl Filed {
    fn of(row: &ProjectRow, fields: Fields) -> Self {
        // Names of what is in force; a proposed other owner or need is named by the page that knows it.
        let same_owner = fields.owner == row.owner && fields.owner_org == row.owner_org;
        let same_need = fields.need == row.need;
        Self {
            id: row.id.clone(),
            place: row.place,
            need_title: if same_need {
                row.need_title.clone().unwrap_or_default()
            } else {
                "另一项需求".to_owned()
            },
            owner_name: if same_owner {
                // What is filed is kept whole; whoever reads it is shown it like any other name.
                row.owner_name.as_ref().map(|name| name.whole().to_owned()).unwrap_or_default()
            } else {
                OTHER.to_owned()
            },
            owner_org_name: row.owner_org_name.clone(),
            fields,
        }
    }
}

/// What a list has in force.
pub fn snapshot(rows: &[ProjectRow]) -> Vec<Filed> {
    let inside = |row: &&ProjectRow| row.filed && row.ended != Ended::Removed;
    rows.iter().filter(inside).map(|row| Filed::of(row, row.fields())).collect()
}

/// What a list will have once it is filed as it stands.
pub fn wanted(rows: &[ProjectRow]) -> Vec<Filed> {
    let inside = |row: &&ProjectRow| row.ended != Ended::Removed;
    rows.iter().filter(inside).filter_map(|row| Some(Filed::of(row, row.wanted()?))).collect()
}

/// One project that differs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub id: String,
    pub title: String,
    /// 新增, 撤项, 改动.
    pub what: &'static str,
    /// Field, before, after.
    pub fields: Vec<(&'static str, String, String)>,
}

/// Who is proposed as another owner, whom the row does not name.
const OTHER: &str = "另一位";
const OWNER: &str = "责任人";

pub const FIELDS: [(&str, &str); 13] = [
    ("title", "项目名称"),
    ("clause", "依据条目"),
    ("basis", "回应的需求"),
    ("outcome", "年底成果"),
    ("quantity", "数量"),
    ("owner_org", "责任单位"),
    ("owner", OWNER),
    ("from", "开始日期"),
    ("to", "结束日期"),
    ("lead_does", "牵头院校做什么"),
    ("nearby_does", "配合院校做什么"),
    ("budget", "经费（万元）"),
    ("", "整个项目"),
];

/// The values of a project in words, in the order of `FIELDS` but the last.
fn words(filed: &Filed, list: &ListRow, programme: &Programme) -> Vec<String> {
    let fields = &filed.fields;
    let clause = programme.clauses.iter().find(|clause| clause.id == fields.clause);
    let org = match &fields.owner_org {
        org if *org == list.lead => &list.lead_name,
        org if *org == list.nearby => &list.nearby_name,
        org if *org == list.county_school => &list.county_name,
        _ => &filed.owner_org_name,
    };
    let budget = programme.projects.sources.iter().filter_map(|source| {
        let cents = fields.budget.get(&source.id).copied().filter(|cents| *cents > 0)?;
        Some(format!("{} {}", source.name, super::ten_thousands(cents)))
    });
    vec![
        fields.title.clone(),
        clause.map_or_else(|| fields.clause.clone(), |clause| format!("{} {}", clause.id, clause.title)),
        match fields.basis.as_str() {
            "highlight" => "特色亮点".to_owned(),
            "duty" => "组织领导职责".to_owned(),
            _ => filed.need_title.clone(),
        },
        fields.outcome.clone(),
        format!("{} {}", fields.quantity, fields.unit.label()),
        org.clone(),
        filed.owner_name.clone(),
        fields.from.to_string(),
        fields.to.to_string(),
        fields.lead_does.clone(),
        fields.nearby_does.clone(),
        budget.collect::<Vec<_>>().join("，"),
    ]
}

/// What differs, in the order of the list; projects that are the same are left out.
pub fn between(
    names: &mut Names,
    before: &[Filed],
    after: &[Filed],
    list: &ListRow,
    programme: &Programme,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for new in after {
        let Some(old) = before.iter().find(|old| old.id == new.id) else {
            let mut fields = named(&[], &words(new, list, programme));
            show_owner(names, list, (None, new), &mut fields);
            changes.push(Change {
                id: new.id.clone(),
                title: new.fields.title.clone(),
                what: "新增",
                fields,
            });
            continue;
        };
        let mut fields = named(&words(old, list, programme), &words(new, list, programme));
        show_owner(names, list, (Some(old), new), &mut fields);
        if !says_the_same(old, new) {
            changes.push(Change {
                id: new.id.clone(),
                title: new.fields.title.clone(),
                what: "改动",
                fields,
            });
        }
    }
    for old in before.iter().filter(|old| after.iter().all(|new| new.id != old.id)) {
        changes.push(Change {
            id: old.id.clone(),
            title: old.fields.title.clone(),
            what: "撤项",
            fields: Vec::new(),
        });
    }
    changes
}

/// Whether nothing differs but under which record the person in charge stands: of two records of one person the old one leads
/// to the new (docs/decisions/0092-two-records-of-one-person.md). At one unit one name is one person.
fn says_the_same(old: &Filed, new: &Filed) -> bool {
    let same_name = old.owner_name == new.owner_name && old.owner_name != OTHER;
    let owner = if same_name { &old.fields.owner } else { &new.fields.owner };
    old.fields == Fields { owner: owner.clone(), ..new.fields.clone() }
}

/// The persons in charge as the reader may see them: those of the three parties in full.
fn show_owner(
    names: &mut Names,
    list: &ListRow,
    (old, new): (Option<&Filed>, &Filed),
    fields: &mut [(&'static str, String, String)],
) {
    let Some((_, before, after)) = fields.iter_mut().find(|(name, ..)| *name == OWNER) else { return };
    let mut shown = |filed: &Filed| {
        let Some(person) = filed.fields.owner.as_ref().filter(|_| filed.owner_name != OTHER) else {
            return filed.owner_name.clone();
        };
        let name = PersonName::new(person, "", &filed.owner_name);
        names.shown(&name, &[&list.lead, &list.nearby, &list.county_school])
    };
    *before = old.map_or_else(String::new, &mut shown);
    *after = shown(new);
}

fn named(before: &[String], after: &[String]) -> Vec<(&'static str, String, String)> {
    let at = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
    FIELDS
        .iter()
        .enumerate()
        .map(|(index, (_, name))| (*name, at(before, index), at(after, index)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_kernel::Unit;
    use std::collections::BTreeMap;

    fn day(text: &str) -> jiedui_kernel::Date {
        text.parse().unwrap()
    }

    fn filed(owner: &str, name: &str) -> Filed {
        let fields = Fields {
            title: "师资培训".to_owned(),
            clause: "S4.2".to_owned(),
            basis: "highlight".to_owned(),
            need: None,
            outcome: "教师轮训一遍".to_owned(),
            quantity: 30,
            unit: Unit::Items,
            owner_org: "lead".to_owned(),
            owner: Some(owner.to_owned()),
            from: day("2026-01-01"),
            to: day("2026-12-31"),
            lead_does: String::new(),
            nearby_does: String::new(),
            budget: BTreeMap::new(),
        };
        let [id, owner_name, need_title, owner_org_name] = ["p", name, "", ""].map(str::to_owned);
        Filed { id, place: 1, fields, need_title, owner_name, owner_org_name }
    }

    #[test]
    fn another_record_of_the_same_person_is_no_change() {
        assert!(says_the_same(&filed("old", "主任甲"), &filed("new", "主任甲")));
        assert!(!says_the_same(&filed("old", "主任甲"), &filed("new", "主任乙")));
        assert!(!says_the_same(&filed("old", OTHER), &filed("new", OTHER)), "whom nobody named");
        let mut more = filed("new", "主任甲");
        more.fields.quantity = 31;
        assert!(!says_the_same(&filed("old", "主任甲"), &more));
    }
}
