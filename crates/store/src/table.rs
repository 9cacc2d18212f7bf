//! What a table is to the program: who sees its rows, and how the audit log keeps them.

/// A table of the database, as its owner names it with [`table!`](crate::table!).
///
/// Rows of a scoped one are bounded by scope: a test fails on a statement that names one without the fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub scoped: bool,
    /// How the audit log keeps its rows.
    pub kept: Kept,
    /// The column that names the resource a row belongs to, with the statement that reads the rows of one resource.
    pub of: Option<(&'static str, &'static str)>,
    /// The statement that reads all of it, for the check of every row.
    pub all: &'static str,
    /// The statement that counts its rows, for the manifest of a copy.
    pub count: &'static str,
    /// Columns whose values the log must not show (password hashes, tokens): it keeps their hash instead.
    pub sealed: &'static [&'static str],
    /// Columns outside the log, with the reason.
    pub except: &'static [(&'static str, &'static str)],
    /// It gets rows with every piece of work, for years: a test fails on a page that reads it from end to end.
    pub grows: bool,
}

impl Table {
    /// `table!(scoped "entry" of "id").grows()`.
    #[must_use]
    pub const fn grows(self) -> Self {
        Self { grows: true, ..self }
    }
}

/// How the audit log keeps the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The digest of each row, and what changed from what to what.
    Values,
    /// The digest alone: what the row must be can be computed from other rows.
    Digest,
    /// Nothing, for the reason given.
    Outside(&'static str),
}

/// A table in the list of all tables.
#[derive(Debug)]
pub struct Declared(pub Table);

inventory::collect!(Declared);

/// Every table that the program declares, by name.
pub fn all_tables() -> Vec<Table> {
    let mut tables: Vec<Table> = inventory::iter::<Declared>.into_iter().map(|declared| declared.0).collect();
    tables.sort_unstable_by_key(|table| table.name);
    tables
}

/// Declares a table where its owner lists it:
/// `table!(scoped "entry_person" of "entry")`, `table!(plain "session" sealed ["csrf"] except ["seen_at" = "why"])`,
/// `table!(scoped "figure_row" of "resource" digest)`, `table!(plain "draft" outside "why")`.
#[macro_export]
macro_rules! table {
    ($scope:ident $name:literal $(of $of:literal)? outside $why:literal) => {
        $crate::table!(@ $scope $name [$($of)?] ($crate::Kept::Outside($why)) [] [])
    };
    ($scope:ident $name:literal $(of $of:literal)? digest) => {
        $crate::table!(@ $scope $name [$($of)?] ($crate::Kept::Digest) [] [])
    };
    ($scope:ident $name:literal $(of $of:literal)? $(sealed [$($sealed:literal),+])? $(except [$($column:literal = $why:literal),+])?) => {
        $crate::table!(@ $scope $name [$($of)?] ($crate::Kept::Values) [$($($sealed),+)?] [$($($column = $why),+)?])
    };
    (@ $scope:ident $name:literal [$($of:literal)?] ($kept:expr) [$($sealed:literal),*] [$($column:literal = $why:literal),*]) => {{
        const TABLE: $crate::Table = $crate::Table {
            name: $name,
            scoped: $crate::table!(@scoped $scope),
            kept: $kept,
            of: $crate::table!(@of $name $($of)?),
            all: concat!("SELECT * FROM ", $name),
            count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM ", $name),
            sealed: &[$($sealed),*],
            except: &[$(($column, $why)),*],
            grows: false,
        };
        $crate::inventory::submit! { $crate::Declared(TABLE) }
        TABLE
    }};
    (@scoped scoped) => { true };
    (@scoped plain) => { false };
    (@of $name:literal) => { None };
    (@of $name:literal $of:literal) => {
        Some(($of, concat!("SELECT * FROM ", $name, " WHERE ", $of, " = $1")))
    };
}
