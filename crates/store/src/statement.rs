//! Statements as constants that register themselves.

/// How a statement stands to the scope of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Carries the scope fragment; `$1`, `$2` are the scope's bounds, `$3` is today.
    Scoped,
    /// Names no scoped table.
    Free,
    /// Names a scoped table without the fragment and shows the caller its own rows alone, for the reason given.
    Own(&'static str),
    /// Names a scoped table without the fragment, for the reason given.
    Unscoped(&'static str),
    /// Writes on a row that was found in scope, or on what hangs on it; `$1` is its id.
    OnFound,
    /// A technical write that leaves no audit leaf (time a session was last seen), for the reason given.
    Housekeeping(&'static str),
}

#[derive(Debug)]
pub struct Statement {
    pub name: &'static str,
    pub file: &'static str,
    pub kind: Kind,
    pub text: &'static str,
    /// The names of its parameters, where it is declared `by name`.
    pub names: &'static [&'static str],
    /// A write's text with the rows it wrote as its answer, for the audit log; "" for what only reads.
    pub recording: &'static str,
}

impl Statement {
    pub const fn of(statement: Self) -> Self {
        statement
    }

    /// As one of all statements.
    pub const fn listed(&'static self) -> Listed {
        Listed(self)
    }

    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }

    /// What stands where a table is read. Names of the statement's own (of a `WITH`) are among them.
    pub fn reads(&self) -> Vec<&'static str> {
        named_in(self.text, &["FROM", "JOIN"])
    }

    /// What stands where a table is written.
    pub fn writes(&self) -> Vec<&'static str> {
        named_in(self.text, &["INTO", "UPDATE", "DELETE"])
    }
}

impl Statement {
    /// The columns that a write gives values to, where it changes rows that are there.
    pub(crate) fn set_columns(&self) -> Vec<&'static str> {
        let Some((_, set)) = self.text.rsplit_once(" SET ").or_else(|| self.text.rsplit_once("\nSET "))
        else {
            return Vec::new();
        };
        let mut depth = 0_i32;
        let mut columns = Vec::new();
        let mut start = 0;
        for (at, sign) in set.char_indices().chain([(set.len(), ',')]) {
            match sign {
                '(' => depth += 1,
                ')' => depth -= 1,
                ',' if depth == 0 => {
                    columns.extend(set[start..at].split('=').next().map(str::trim));
                    start = at + 1;
                }
                _ => {}
            }
        }
        columns
    }

    /// Whether it adds rows, or where they are there already perhaps updates them.
    pub(crate) fn adds(&self) -> bool {
        self.text.trim_start().starts_with("INSERT")
    }

    /// Whether it can only add rows: what it wrote was not there before.
    pub(crate) fn only_adds(&self) -> bool {
        self.adds() && !self.text.contains("DO UPDATE")
    }

    /// Whether it takes a row and leaves it as it is.
    pub(crate) fn only_locks(&self) -> bool {
        self.text.starts_with("UPDATE ") && self.text.contains(" SET version = version WHERE ")
    }

    pub(crate) fn takes_away(&self) -> bool {
        self.text.trim_start().starts_with("DELETE")
    }
}

/// A write's text with ` RETURNING *` behind it; only [`sql!`](crate::sql!) calls these, while compiling.
pub mod recording {
    const RETURNING: &str = " RETURNING *";

    const fn is_write(text: &str) -> bool {
        let bytes = text.as_bytes();
        starts(bytes, b"INSERT ") || starts(bytes, b"UPDATE ") || starts(bytes, b"DELETE ")
    }

    const fn starts(bytes: &[u8], with: &[u8]) -> bool {
        if bytes.len() < with.len() {
            return false;
        }
        let mut at = 0;
        while at < with.len() {
            if bytes[at] != with[at] {
                return false;
            }
            at += 1;
        }
        true
    }

    pub const fn length(text: &str) -> usize {
        if is_write(text) { text.len() + RETURNING.len() } else { 0 }
    }

    pub const fn text<const L: usize>(text: &str) -> [u8; L] {
        if L == 0 { [0; L] } else { crate::parameters::chained([text, RETURNING, ""]) }
    }
}

/// The words that follow these, `DELETE FROM t` read as `DELETE t` and as nothing else.
fn named_in<'a>(text: &'a str, leads: &[&str]) -> Vec<&'a str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let mut found = Vec::new();
    let mut lead = String::new();
    for word in words {
        let capital = word.to_ascii_uppercase();
        if lead == "DELETE" && capital == "FROM" {
            continue;
        }
        // `DO UPDATE SET` goes on about the table of the `INTO`.
        if leads.contains(&lead.as_str()) && capital != "SET" {
            found.push(word);
        }
        lead = capital;
    }
    found
}

/// A statement in the list of all statements.
#[derive(Debug)]
pub struct Listed(pub(crate) &'static Statement);

inventory::collect!(Listed);

/// Every statement of the program, for the tests that read or prepare all of them.
pub fn all_statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<Listed>.into_iter().map(|listed| listed.0)
}

/// Declares a statement:
/// `sql! { LIST: scoped, concat!("SELECT … WHERE ", pairing_in_scope!("p")) }`. With `by name` after its kind it has
/// parameters like `:title` and is called by [`named!`](crate::named!); one that takes more than eight values must.
/// `sql! { SET_RANK: on NeedRow, "UPDATE need SET rank = $2 WHERE id = $1" }` is a write on a row that was found in scope
/// ([`Found`](crate::Found)).
///
/// A change of one row at the version it was read at is `versioned`, and its text ends before the version:
/// `sql! { MOVE: versioned on PlanRow, "UPDATE plan SET state = $3", and "state <> 'agreed'" }`. `$1` is the id and `$2`
/// the version (`:version` by name); [`Versioned`](crate::Versioned) writes it. The table is that of a row that was found
/// in scope, or none that is scoped: `versioned free`. `locked on` takes the row and changes nothing. No other statement
/// may compare a version:
/// ```compile_fail
/// jiedui_store::sql! { MOVE: free, "UPDATE t SET a = $3 WHERE id = $1 AND version = $2" }
/// ```
/// ```compile_fail
/// # struct Need;
/// jiedui_store::sql! { MOVE: on Need, "UPDATE need SET a = $3 WHERE id = $1 AND version = $2" }
/// ```
#[macro_export]
macro_rules! sql {
    ($name:ident : scoped by name, $text:expr) => {
        $crate::sql!(@named $name, $crate::Bounded, $crate::Kind::Scoped, 3, $text);
    };
    ($name:ident : own($why:literal) by name, $text:expr) => {
        $crate::sql!(@named $name, $crate::Bounded, $crate::Kind::Own($why), 0, $text);
    };
    ($name:ident : on $row:ident by name, $text:expr) => {
        $crate::sql!(@named $name, $crate::OnFound<$row>, $crate::Kind::OnFound, 1, $text);
    };
    ($name:ident : free by name, $text:expr) => {
        $crate::sql!(@named $name, $crate::Statement, $crate::Kind::Free, 0, $text);
    };
    ($name:ident : unscoped($why:literal) by name, $text:expr) => {
        $crate::sql!(@named $name, $crate::Statement, $crate::Kind::Unscoped($why), 0, $text);
    };
    ($name:ident : housekeeping($why:literal) by name, $text:expr) => {
        $crate::sql!(@named $name, $crate::Statement, $crate::Kind::Housekeeping($why), 0, $text);
    };
    ($name:ident : scoped, $text:expr) => { $crate::sql!(@ $name, $crate::Bounded, $crate::Kind::Scoped, $text, &[]); };
    ($name:ident : own($why:literal), $text:expr) => {
        $crate::sql!(@ $name, $crate::Bounded, $crate::Kind::Own($why), $text, &[]);
    };
    ($name:ident : on $row:ident, $text:expr) => {
        $crate::sql!(@ $name, $crate::OnFound<$row>, $crate::Kind::OnFound, $text, &[]);
    };
    ($name:ident : free, $text:expr) => { $crate::sql!(@ $name, $crate::Statement, $crate::Kind::Free, $text, &[]); };
    ($name:ident : unscoped($why:literal), $text:expr) => {
        $crate::sql!(@ $name, $crate::Statement, $crate::Kind::Unscoped($why), $text, &[]);
    };
    ($name:ident : housekeeping($why:literal), $text:expr) => {
        $crate::sql!(@ $name, $crate::Statement, $crate::Kind::Housekeeping($why), $text, &[]);
    };
    (@named $name:ident, $type:ty, $kind:expr, $before:expr, $text:expr) => {
        $crate::sql!(@ $name, $type, $kind, $crate::sql!(@text $before, $text), $crate::sql!(@names $text));
    };
    (@text $before:expr, $text:expr) => {{
        const TEXT: &str = $text;
        const NAMES: [&str; $crate::parameters::count(TEXT)] = $crate::parameters::collect(TEXT);
        const LENGTH: usize = $crate::parameters::length(TEXT, &NAMES, $before);
        const BYTES: [u8; LENGTH] = $crate::parameters::numbered(TEXT, &NAMES, $before);
        $crate::parameters::text(&BYTES)
    }};
    (@names $text:expr) => {{
        const TEXT: &str = $text;
        const NAMES: [&str; $crate::parameters::count(TEXT)] = $crate::parameters::collect(TEXT);
        &NAMES
    }};
    ($name:ident : versioned on $row:ident by name, $text:literal) => {
        $crate::sql!(@listed $name, $crate::Versioned<$crate::Found<$row>>, $crate::Kind::OnFound,
            $crate::sql!(@text 1, concat!($text, ", version = version + 1 WHERE id = $1 AND version = :version")),
            $crate::sql!(@names concat!($text, ", version = :version")));
    };
    ($name:ident : versioned on $row:ident, $text:literal $(, and $and:literal)?) => {
        $crate::sql!(@versioned $name, $crate::Found<$row>, $crate::Kind::OnFound, $text $(, $and)?);
    };
    ($name:ident : versioned free, $text:literal $(, and $and:literal)?) => {
        $crate::sql!(@versioned $name, str, $crate::Kind::Free, $text $(, $and)?);
    };
    ($name:ident : locked on $row:ident, $table:literal) => {
        $crate::sql!(@listed $name, $crate::Versioned<$crate::Found<$row>>, $crate::Kind::OnFound,
            concat!("UPDATE ", $table, " SET version = version WHERE id = $1 AND version = $2"), &[]);
    };
    (@versioned $name:ident, $target:ty, $kind:expr, $text:literal $(, $and:literal)?) => {
        $crate::sql!(@listed $name, $crate::Versioned<$target>, $kind,
            concat!($text, ", version = version + 1 WHERE id = $1 AND version = $2" $(, " AND ", $and)?), &[]);
    };
    (@ $name:ident, $type:ty, $kind:expr, $text:expr, $names:expr) => {
        const _: () = assert!(!$crate::parameters::compares_version($text), "declare it `versioned`");
        $crate::sql!(@listed $name, $type, $kind, $text, $names);
    };
    (@listed $name:ident, $type:ty, $kind:expr, $text:expr, $names:expr) => {
        pub(crate) static $name: $type = <$type>::of($crate::Statement {
            name: stringify!($name),
            file: file!(),
            kind: $kind,
            text: $text,
            names: $names,
            recording: {
                const TEXT: &str = $text;
                const LENGTH: usize = $crate::recording::length(TEXT);
                const BYTES: [u8; LENGTH] = $crate::recording::text(TEXT);
                $crate::parameters::text(&BYTES)
            },
        });
        $crate::inventory::submit! { $name.listed() }
    };
}

/// The one fragment by which rows that hang on a pairing are bounded: one of its three parties lies in the scope. The
/// list of pairings does not depend on the row, so an engine makes it once and not for each entry: PostgreSQL because of the
/// `DISTINCT`, without which it looks the parties up again for each row.
/// The argument is the alias of the `pairing` table.
#[macro_export]
macro_rules! pairing_in_scope {
    ($alias:literal) => {
        concat!(
            $alias,
            ".id IN (SELECT DISTINCT sp.pairing FROM pairing_party sp JOIN org so ON so.id = sp.org ",
            "WHERE so.path >= $1 AND so.path < $2) AND CAST($3 AS DATE) IS NOT NULL"
        )
    };
}

/// Which of the twelve months of `kernel::Months` an instant lies in, from 0: for scoped statements whose own arguments
/// are the bounds of those months, from `$4` on. They also bound the rows: `AND column >= $4 AND column < $16`. Neither
/// engine needs a date function for it.
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

    const fn statement(text: &'static str) -> Statement {
        Statement { name: "", file: "", kind: Kind::Free, text, names: &[], recording: "" }
    }

    #[test]
    fn the_reader_of_table_names_sees_what_it_should() {
        let joined = statement("SELECT 1 FROM entry e JOIN org o ON o.id = e.claimant");
        assert_eq!((joined.reads(), joined.writes()), (vec!["entry", "org"], Vec::new()));
        let moved = statement("UPDATE person SET version = 1 WHERE id IN (SELECT person FROM person_post)");
        assert_eq!((moved.reads(), moved.writes()), (vec!["person_post"], vec!["person"]));
        let gone = statement("DELETE FROM session WHERE id = $1");
        assert_eq!((gone.reads(), gone.writes()), (Vec::new(), vec!["session"]));
        let kept =
            statement("INSERT INTO setting (key) VALUES ($1) ON CONFLICT (key) DO UPDATE SET value = 1");
        assert_eq!((kept.reads(), kept.writes()), (Vec::new(), vec!["setting"]));
        assert_eq!(statement("SELECT org FROM account_role").reads(), ["account_role"]);
    }

    crate::sql! { MOVE: free, "UPDATE t SET a = $2, b = COALESCE($3, b), c = CASE WHEN a = $1 THEN 1 ELSE 2 END WHERE id = $1" }
    crate::sql! { KEEP: free, "INSERT INTO t (id, a) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET a = excluded.a" }
    crate::sql! { READ: free, "SELECT a FROM t" }

    #[test]
    fn a_write_says_what_it_sets_and_answers_with_its_rows() {
        assert_eq!(MOVE.set_columns(), ["a", "b", "c"]);
        assert!(MOVE.recording.ends_with("WHERE id = $1 RETURNING *"));
        assert_eq!(KEEP.set_columns(), ["a"]);
        assert!(!KEEP.only_adds());
        assert_eq!(READ.recording, "");
    }
}
