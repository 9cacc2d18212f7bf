//! Rows that are added many at a time: one statement for some dozens of them. A statement for each row costs a round trip
//! each, which for an import of fifty thousand lines, or the log's note of them, is most of the time.

use crate::args::Arg;
use crate::named::ordered;
use crate::statement::Statement;
use crate::tx::Tx;
use jiedui_kernel::Result;

/// What [`rows!`](crate::rows!) declares: the same insertion of many rows, of some, of few, and of one.
#[derive(Debug)]
pub struct Rows {
    /// Each with the number of rows that it takes, the most first.
    pub sizes: [(usize, &'static Statement); 4],
    pub columns: &'static [&'static str],
}

impl Rows {
    /// The values of one row in the order of its columns: what [`line!`](crate::line!) makes.
    pub fn line<const N: usize>(order: [usize; N], given: [Arg; N]) -> Vec<Arg> {
        ordered(order, given)
    }
}

impl Tx {
    /// Adds rows; like every write they belong to the audit record that follows.
    pub async fn add_rows(&mut self, rows: &'static Rows, lines: Vec<Vec<Arg>>) -> Result<u64> {
        let mut lines = lines.into_iter();
        let mut added = 0;
        for (size, statement) in rows.sizes {
            while lines.len() >= size {
                let values = lines.by_ref().take(size).flatten().collect();
                added += self.write(statement, values).await?;
            }
        }
        Ok(added)
    }
}

/// Declares an insertion of rows, a name for each column, and perhaps what stands behind the values:
/// `rows! { NOTES: free note (id, text) }`, `rows! { PEOPLE: unscoped("why") entry_person (entry, person) }`,
/// `rows! { BIND: housekeeping("why") seen (id, at) "ON CONFLICT (id) DO UPDATE SET at = excluded.at" }`.
#[macro_export]
macro_rules! rows {
    ($name:ident : free $($rest:tt)+) => { $crate::rows!(@ $name, $crate::Kind::Free, $($rest)+); };
    ($name:ident : unscoped($why:literal) $($rest:tt)+) => {
        $crate::rows!(@ $name, $crate::Kind::Unscoped($why), $($rest)+);
    };
    ($name:ident : housekeeping($why:literal) $($rest:tt)+) => {
        $crate::rows!(@ $name, $crate::Kind::Housekeeping($why), $($rest)+);
    };
    (@ $name:ident, $kind:expr, $table:ident ($first:ident $(, $column:ident)* $(,)?) $($behind:literal)?) => {
        pub(crate) static $name: $crate::Rows = {
            const COLUMNS: &[&str] = &[stringify!($first) $(, stringify!($column))*];
            const HEAD: &str = concat!(
                "INSERT INTO ", stringify!($table), " (", stringify!($first) $(, ", ", stringify!($column))*, ") VALUES "
            );
            const BEHIND: &str = concat!("" $(, " ", $behind)?);
            $crate::Rows {
                sizes: [
                    // The driver of SQLite hands over 50 rows before it waits for whoever takes them.
                    (48, $crate::rows!(@statement concat!(stringify!($name), ", many"), $kind, 48)),
                    (8, $crate::rows!(@statement concat!(stringify!($name), ", some"), $kind, 8)),
                    (3, $crate::rows!(@statement concat!(stringify!($name), ", few"), $kind, 3)),
                    (1, $crate::rows!(@statement stringify!($name), $kind, 1)),
                ],
                columns: COLUMNS,
            }
        };
    };
    (@statement $label:expr, $kind:expr, $rows:literal) => {{
        const LENGTH: usize = $crate::tuples::length(HEAD, COLUMNS.len(), $rows, BEHIND);
        const BYTES: [u8; LENGTH] = $crate::tuples::text(HEAD, COLUMNS.len(), $rows, BEHIND);
        const TEXT: &str = $crate::parameters::text(&BYTES);
        static STATEMENT: $crate::Statement = $crate::Statement {
            name: $label,
            file: file!(),
            kind: $kind,
            text: TEXT,
            names: COLUMNS,
            recording: {
                const LENGTH: usize = $crate::recording::length(TEXT);
                const BYTES: [u8; LENGTH] = $crate::recording::text(TEXT);
                $crate::parameters::text(&BYTES)
            },
        };
        $crate::inventory::submit! { STATEMENT.listed() }
        &STATEMENT
    }};
}

/// The values of one row, each by the name of its column: `line!(data::NOTES { id, text: "…" })`. One that is left out
/// does not compile.
#[macro_export]
macro_rules! line {
    ($($rows:ident)::+ { $($name:ident $(: $value:expr)?),+ $(,)? }) => {{
        const GIVEN: &[&str] = &[$(stringify!($name)),+];
        const ORDER: [usize; GIVEN.len()] = $crate::parameters::order($($rows)::+.columns, GIVEN);
        $crate::Rows::line(ORDER, [$($crate::named!(@ $name $(, $value)?)),+])
    }};
}

/// The text of an insertion, made while compiling; only [`rows!`](crate::rows!) calls these.
pub mod tuples {
    const fn digits(number: usize) -> usize {
        let (mut rest, mut count) = (number, 1);
        while rest > 9 {
            rest /= 10;
            count += 1;
        }
        count
    }

    /// How long [`text`] becomes.
    pub const fn length(head: &str, columns: usize, rows: usize, behind: &str) -> usize {
        // Two brackets a row; `$` and `, ` a value, but for the last.
        let mut length = head.len() + behind.len() + rows * 2 + columns * rows * 3 - 2;
        let mut number = 1;
        while number <= columns * rows {
            length += digits(number);
            number += 1;
        }
        length
    }

    /// `head ($1, $2), ($3, $4) behind`
    pub const fn text<const L: usize>(head: &str, columns: usize, rows: usize, behind: &str) -> [u8; L] {
        let mut out = [0; L];
        let mut written = copied(&mut out, 0, head);
        let mut number = 1;
        while number <= columns * rows {
            if number % columns == 1 || columns == 1 {
                written = copied(&mut out, written, "(");
            }
            out[written] = b'$';
            let width = digits(number);
            let (mut at, mut rest) = (width, number);
            while at > 0 {
                out[written + at] = b'0' + (rest % 10) as u8;
                rest /= 10;
                at -= 1;
            }
            written += 1 + width;
            if number % columns == 0 {
                written = copied(&mut out, written, ")");
            }
            if number < columns * rows {
                written = copied(&mut out, written, ", ");
            }
            number += 1;
        }
        copied(&mut out, written, behind);
        out
    }

    const fn copied(out: &mut [u8], from: usize, text: &str) -> usize {
        out.split_at_mut(from).1.split_at_mut(text.len()).0.copy_from_slice(text.as_bytes());
        from + text.len()
    }
}

#[cfg(test)]
mod tests {
    crate::rows! { NOTES: free t (a, b) "ON CONFLICT (a) DO NOTHING" }
    crate::rows! { NAMES: free t (a) }

    #[test]
    fn each_size_is_one_constant_text() {
        let [(many, all), (8, some), (3, _few), (1, one)] = NOTES.sizes else { panic!("four sizes") };
        assert_eq!(one.text, "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO NOTHING");
        assert!(some.text.contains("VALUES ($1, $2), ($3, $4), ") && some.text.contains("($15, $16) ON"));
        assert!(all.text.contains(&format!("(${}, ${}) ON", many * 2 - 1, many * 2)));
        assert_eq!(one.writes(), ["t"]);
        assert!(one.recording.ends_with(" RETURNING *") && one.only_adds());
        assert!(NAMES.sizes[1].1.text.ends_with("VALUES ($1), ($2), ($3), ($4), ($5), ($6), ($7), ($8)"));
    }

    #[test]
    fn values_stand_in_the_order_of_the_columns() {
        let b = 2_i64;
        let shown: Vec<_> = line!(NOTES { b, a: "one" }).into_iter().map(|arg| format!("{arg:?}")).collect();
        assert_eq!(shown, ["Text(Some(\"one\"))", "Int(Some(2))"]);
    }
}
