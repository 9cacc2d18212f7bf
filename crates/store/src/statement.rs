//! Statements as constants that register themselves.

/// How a statement stands to the scope of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Carries the scope fragment; `$1`, `$2` are the scope's bounds, `$3` is today.
    Scoped,
    /// Names no scoped table.
    Free,
    /// Names a scoped table without the fragment, for the reason given.
    Unscoped(&'static str),
    /// A technical write that leaves no audit leaf (time a session was last seen), for the reason given.
    Housekeeping(&'static str),
}

#[derive(Debug)]
pub struct Statement {
    pub name: &'static str,
    pub file: &'static str,
    pub kind: Kind,
    pub text: &'static str,
}

impl Statement {
    /// The scoped tables that the statement reads or writes.
    pub fn scoped_tables(&self) -> Vec<&'static str> {
        scoped_tables_in(self.text)
    }
}

fn scoped_tables_in(text: &str) -> Vec<&'static str> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let leads =
        |word: &str| matches!(word.to_ascii_uppercase().as_str(), "FROM" | "JOIN" | "INTO" | "UPDATE");
    let named: Vec<&str> = words.windows(2).filter(|pair| leads(pair[0])).map(|pair| pair[1]).collect();
    SCOPED_TABLES.into_iter().filter(|table| named.contains(table)).collect()
}

/// A statement in the list of all statements.
#[derive(Debug)]
pub struct Listed(pub &'static Statement);

inventory::collect!(Listed);

/// Every statement of the program, for the tests that read or prepare all of them.
pub fn all_statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<Listed>.into_iter().map(|listed| listed.0)
}

/// Tables whose rows are bounded by scope. A test fails on a statement that names one of them without the fragment.
pub const SCOPED_TABLES: [&str; 37] = [
    "org",
    "org_flag",
    "org_category",
    "org_lineage",
    "person",
    "person_post",
    "pairing",
    "pairing_party",
    "entry",
    "entry_helper",
    "entry_person",
    "step",
    "need",
    "capacity",
    "agreement",
    "agreement_file",
    "school_plan",
    "project_list",
    "project",
    "project_remark",
    "project_filing",
    "matching_assignment",
    "complaint",
    "complaint_word",
    "school_major",
    "school_major_year",
    "industry_demand",
    "output_thing",
    "output_stage",
    "output_helper",
    "application_case",
    "profile",
    "profile_value",
    "profile_change",
    "figure_row",
    "figure_change",
    "figure_person",
];

/// Declares a statement:
/// `sql! { LIST: scoped, concat!("SELECT … WHERE ", pairing_in_scope!("p")) }`.
#[macro_export]
macro_rules! sql {
    ($name:ident : scoped, $text:expr) => { $crate::sql!(@ $name, $crate::Kind::Scoped, $text); };
    ($name:ident : free, $text:expr) => { $crate::sql!(@ $name, $crate::Kind::Free, $text); };
    ($name:ident : unscoped($why:literal), $text:expr) => { $crate::sql!(@ $name, $crate::Kind::Unscoped($why), $text); };
    ($name:ident : housekeeping($why:literal), $text:expr) => {
        $crate::sql!(@ $name, $crate::Kind::Housekeeping($why), $text);
    };
    (@ $name:ident, $kind:expr, $text:expr) => {
        pub(crate) static $name: $crate::Statement =
            $crate::Statement { name: stringify!($name), file: file!(), kind: $kind, text: $text };
        $crate::inventory::submit! { $crate::Listed(&$name) }
    };
}

/// The one fragment by which rows that hang on a pairing are bounded: one of its three parties lies in the scope. The
/// list of pairings does not depend on the row, so an engine makes it once and not for each entry.
/// The argument is the alias of the `pairing` table.
#[macro_export]
macro_rules! pairing_in_scope {
    ($alias:literal) => {
        concat!(
            $alias,
            ".id IN (SELECT sp.pairing FROM pairing_party sp JOIN org so ON so.id = sp.org ",
            "WHERE so.path >= $1 AND so.path < $2) AND CAST($3 AS DATE) IS NOT NULL"
        )
    };
}

/// Which of the twelve months of `kernel::Months` an instant lies in, from 0: for scoped statements whose own arguments
/// are the beginnings of those months, from `$4` on. They also bound the rows: `AND column >= $4`. Neither engine needs
/// a date function for it.
#[macro_export]
macro_rules! month_in {
    ($column:literal) => {
        concat!(
            "CAST(CASE WHEN ",
            $column,
            " < $5 THEN 0 WHEN ",
            $column,
            " < $6 THEN 1 WHEN ",
            $column,
            " < $7 THEN 2 WHEN ",
            $column,
            " < $8 THEN 3 WHEN ",
            $column,
            " < $9 THEN 4 WHEN ",
            $column,
            " < $10 THEN 5 WHEN ",
            $column,
            " < $11 THEN 6 WHEN ",
            $column,
            " < $12 THEN 7 WHEN ",
            $column,
            " < $13 THEN 8 WHEN ",
            $column,
            " < $14 THEN 9 WHEN ",
            $column,
            " < $15 THEN 10 ELSE 11 END AS BIGINT)"
        )
    };
}

/// The one fragment by which organisations are bounded: the subtree, and the partners of a pairing that runs today.
/// The argument is the alias of the `org` table.
#[macro_export]
macro_rules! org_in_scope {
    ($alias:literal) => {
        concat!(
            "((",
            $alias,
            ".path >= $1 AND ",
            $alias,
            ".path < $2) OR EXISTS (SELECT 1 FROM pairing_party op JOIN pairing oq ON oq.id = op.pairing ",
            "JOIN pairing_party om ON om.pairing = op.pairing JOIN org oo ON oo.id = om.org WHERE op.org = ",
            $alias,
            ".id AND oo.path >= $1 AND oo.path < $2 AND oq.from_day <= $3 AND (oq.to_day IS NULL OR oq.to_day >= $3)))"
        )
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_of_table_names_sees_what_it_should() {
        assert_eq!(
            scoped_tables_in("SELECT 1 FROM entry e JOIN org o ON o.id = e.claimant"),
            ["org", "entry"]
        );
        assert_eq!(scoped_tables_in("UPDATE person SET version = 1"), ["person"]);
        assert!(scoped_tables_in("SELECT org FROM account_role").is_empty());
    }
}
