//! What the rows that a record wrote may mean to a program, before it is known what the caller sees. No database here.

use jiedui_store::audit::Written;
use serde_json::Value;
use std::collections::BTreeMap;

/// Of more rows of a kind in one record the resource is told as a whole.
const MANY: usize = 200;
/// The resources that are told, each with the right that it takes.
pub const TOLD: [(&str, &str); 13] = [
    ("school", "registry"),
    ("post", "registry"),
    ("pairing", "pairing"),
    ("need", "need"),
    ("project", "project"),
    ("entry", "entry"),
    ("output", "output"),
    ("profile", "profile"),
    ("month", "month"),
    ("money", "fund"),
    ("paper", "service_certificate"),
    ("clock", "clock"),
    ("figure", "indicator"),
];

/// What organisations that are paired see of each other while they are.
const REACHED: [&str; 8] = ["school", "post", "need", "output", "profile", "month", "money", "figure"];
/// Of a pairing, that others see its parties now; of an account, that it sees otherwise.
pub const REACH: &str = "reach";
pub const ROLE: &str = "role";

/// The resources that are told as a whole under a name.
pub fn under(name: &'static str) -> Vec<&'static str> {
    match name {
        REACH => REACHED.to_vec(),
        ROLE => TOLD.iter().map(|(resource, _)| *resource).collect(),
        resource => vec![resource],
    }
}

/// What a row of the log may mean to a program, before it is known what the caller sees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touched {
    /// A row that a resource tells, or that another one is made of.
    Row(&'static str, String),
    /// A row that belongs to another, which the log names.
    Part(&'static str, String),
    /// What a thing adds to an indicator.
    Added {
        indicator: String,
        source: String,
    },
    All(&'static str),
}

impl Touched {
    /// What is told where there are too many of its kind.
    fn at_large(&self) -> &'static str {
        match self {
            Self::Row("plan", _) => "pairing",
            Self::Row("person", _) => "post",
            Self::Row(resource, _) | Self::All(resource) => resource,
            Self::Part(..) => "school",
            Self::Added { .. } => "figure",
        }
    }
}

/// The tables of rows that are told by themselves, under the names by which they are looked up.
const TABLES: [(&str, &str); 11] = [
    ("person", "person"),
    ("person_post", "post"),
    ("school_plan", "plan"),
    ("need", "need"),
    ("project", "project"),
    ("entry", "entry"),
    ("output_thing", "output"),
    ("profile", "profile"),
    ("month_report", "month"),
    ("fund_move", "money"),
    ("service_certificate", "paper"),
];

/// What is told as a whole where a row is gone, as with the file that brought it: whoever saw it, nobody can say any more.
fn removed(table: &str) -> &'static [&'static str] {
    match table {
        "org" | "org_flag" => &["school", "figure"],
        "person_post" => &["post"],
        // Its parties no longer see each other.
        "pairing" => &["pairing", "clock", REACH],
        _ => &[],
    }
}

/// What a written row means.
fn of_row(row: &Written) -> Vec<Touched> {
    if row.digest.is_none() && !removed(&row.table).is_empty() {
        return removed(&row.table).iter().copied().map(Touched::All).collect();
    }
    let key = || row.key.clone();
    // What a row was part of before is another now, too.
    let before = |column: &str, resource: &'static str| {
        let was = row.changed.get(column).and_then(|(was, _)| was.as_ref()).and_then(Value::as_str);
        was.filter(|id| !id.is_empty()).map(|id| Touched::Row(resource, id.to_owned()))
    };
    let part_of = |resource: &'static str| -> Vec<Touched> {
        row.key.split('|').next().map(|id| Touched::Row(resource, id.to_owned())).into_iter().collect()
    };
    let moved = |columns: &[&str]| columns.iter().any(|column| row.changed.contains_key(*column));
    match row.table.as_str() {
        "org" => {
            let mut touched = vec![Touched::Row("school", key())];
            // Scopes are paths: others see it from now on, with everything that is its own.
            if moved(&["parent", "path"]) {
                touched.extend(under(ROLE).into_iter().map(Touched::All));
            }
            touched
        }
        "pairing" => {
            let mut touched = vec![Touched::Row("pairing", key())];
            touched.extend(moved(&["from_day", "to_day"]).then(|| Touched::Row(REACH, key())));
            touched
        }
        "pairing_party" => part_of(REACH),
        "account_role" => part_of(ROLE),
        // Entries and papers name the person to whom the record leads.
        "person_merge" => {
            vec![Touched::Row("person", key()), Touched::All("entry"), Touched::All("paper")]
        }
        "entry_helper" | "entry_part" | "entry_person" => part_of("entry"),
        "org_flag" => vec![Touched::Part("org_flag", key())],
        "profile_value" => part_of("profile"),
        "figure_row" => added(&row.key).into_iter().collect(),
        "clock_exemption" | "school_semester" => vec![Touched::All("clock")],
        "threshold_check" => vec![Touched::All("figure")],
        "division" => vec![Touched::All("school"), Touched::All("figure")],
        "programme_version" => under(ROLE).into_iter().map(Touched::All).collect(),
        table => {
            let own = TABLES.iter().find(|(name, _)| *name == table);
            let Some((_, resource)) = own else { return Vec::new() };
            let mut touched = vec![Touched::Row(resource, key())];
            touched.extend(before("project", "project"));
            touched.extend(before("need", "need"));
            touched
        }
    }
}

/// Indicator, thing and day are the key of what a thing adds.
fn added(key: &str) -> Option<Touched> {
    let mut parts = key.split('|');
    let (indicator, source) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    Some(Touched::Added { indicator, source })
}

/// What a record means, each once, in an order that is the same each time; too many of a kind as one.
pub fn touched(rows: &[Written]) -> Vec<Touched> {
    let mut all: Vec<Touched> = rows.iter().flat_map(of_row).collect();
    all.sort();
    all.dedup();
    let mut number: BTreeMap<&'static str, usize> = BTreeMap::new();
    for one in &all {
        *number.entry(one.at_large()).or_default() += 1;
    }
    let many = |one: &Touched| number.get(one.at_large()).is_some_and(|number| *number > MANY);
    let mut told: Vec<Touched> = all.iter().filter(|one| !many(one)).cloned().collect();
    let whole = number.iter().filter(|(_, number)| **number > MANY);
    told.extend(whole.map(|(resource, _)| Touched::All(resource)));
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(table: &str, key: &str, changed: Value) -> Written {
        serde_json::from_value(json!({ "t": table, "k": key, "d": "0", "c": changed })).unwrap()
    }

    #[test]
    fn a_written_row_says_what_may_be_another() {
        let rows = [
            row("entry", "e1", json!({ "project": ["p1", "p2"] })),
            row("figure_row", "visits|e1|2026-11-24", json!({})),
            row("profile_value", "f1|land_area", json!({})),
            row("session", "s1", json!({})),
        ];
        let found = touched(&rows);
        assert_eq!(
            found,
            [
                Touched::Row("entry", "e1".to_owned()),
                Touched::Row("profile", "f1".to_owned()),
                Touched::Row("project", "p1".to_owned()),
                Touched::Added { indicator: "visits".to_owned(), source: "e1".to_owned() },
            ]
        );
    }

    /// What one sees changes with pairings, places and roles, without a row of what is seen being written.
    #[test]
    fn who_sees_otherwise_is_told_as_a_whole() {
        let of = |table: &str, key: &str, changed: Value| touched(&[row(table, key, changed)]);
        let reach = Touched::Row(REACH, "p1".to_owned());
        assert_eq!(of("pairing_party", "p1|lead", json!({})), std::slice::from_ref(&reach));
        assert!(of("pairing", "p1", json!({ "to_day": [null, "2026-11-24"] })).contains(&reach));
        assert!(!of("pairing", "p1", json!({ "agreed_on": [null, "2026-11-24"] })).contains(&reach));
        assert_eq!(of("account_role", "a1|o1|lead", json!({})), [Touched::Row(ROLE, "a1".to_owned())]);
        let everything = under(ROLE).into_iter().map(Touched::All).collect::<Vec<_>>();
        let placed = of("org", "o1", json!({ "path": ["/a/b/", "/a/c/"] }));
        assert!(everything.iter().all(|all| placed.contains(all)), "{placed:?}");
        assert_eq!(
            of("org", "o1", json!({ "name": ["甲", "乙"] })),
            [Touched::Row("school", "o1".to_owned())]
        );
    }

    #[test]
    fn what_hangs_on_an_entry_or_a_person_is_told_with_them() {
        let of = |table: &str, key: &str| touched(&[row(table, key, json!({}))]);
        assert_eq!(of("entry_part", "e1|o1"), [Touched::Row("entry", "e1".to_owned())]);
        let person = Touched::Row("person", "n1".to_owned());
        let merged = [person, Touched::All("entry"), Touched::All("paper")];
        assert_eq!(of("person_merge", "n1"), merged);
    }

    #[test]
    fn what_went_with_its_file_is_told_as_a_whole() {
        let removed = |table: &str| {
            let row = json!({ "t": table, "k": "x", "d": null });
            touched(&[serde_json::from_value::<Written>(row).unwrap()])
        };
        assert_eq!(removed("person_post"), [Touched::All("post")]);
        assert!(removed("org").contains(&Touched::All("school")));
        assert!(removed("pairing").contains(&Touched::All("clock")));
        assert_eq!(removed("entry_part"), [Touched::Row("entry", "x".to_owned())]);
    }

    #[test]
    fn too_many_of_a_kind_are_told_as_a_whole() {
        let mut rows: Vec<Written> =
            (0..=MANY).map(|number| row("person_post", &format!("p{number}"), json!({}))).collect();
        rows.push(row("need", "n1", json!({})));
        assert_eq!(touched(&rows), [Touched::Row("need", "n1".to_owned()), Touched::All("post")]);
    }
}
