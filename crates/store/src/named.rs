//! Parameters by name. Where a statement takes many values, two that changed places are a fault nobody sees: both are
//! text, and the row is written. Such a statement is declared `by name` and written with `:title` instead of `$10`; the
//! compiler turns the names into numbers, and refuses a call that leaves a name out or gives one that is not there.

use crate::args::Arg;
use crate::statement::Statement;
use crate::tx::{Row, Tx};
use jiedui_kernel::Result;

/// A statement with its values in order, made by [`named!`](crate::named!).
#[derive(Debug)]
pub struct Call {
    statement: &'static Statement,
    args: Vec<Arg>,
}

impl Statement {
    /// What [`named!`](crate::named!) makes.
    pub fn call<const N: usize>(&'static self, order: [usize; N], given: [Arg; N]) -> Call {
        Call { statement: self, args: ordered(order, given) }
    }
}

impl Call {
    pub async fn all<T: Row>(self, tx: &mut Tx) -> Result<Vec<T>> {
        tx.all(self.statement, self.args).await
    }

    pub async fn maybe<T: Row>(self, tx: &mut Tx) -> Result<Option<T>> {
        tx.maybe(self.statement, self.args).await
    }

    /// The first row, or `NotFound`.
    pub async fn one<T: Row>(self, tx: &mut Tx) -> Result<T> {
        tx.one(self.statement, self.args).await
    }

    /// The single number that the statement yields; 0 where there is no row.
    pub async fn number(self, tx: &mut Tx) -> Result<i64> {
        tx.number(self.statement, self.args).await
    }

    /// The number of rows touched.
    pub async fn write(self, tx: &mut Tx) -> Result<u64> {
        tx.write(self.statement, self.args).await
    }

    pub async fn write_one(self, tx: &mut Tx) -> Result<()> {
        tx.write_one(self.statement, self.args).await
    }
}

/// `order[n]` says which of the values given comes `n`th.
pub(crate) fn ordered<const N: usize>(order: [usize; N], given: [Arg; N]) -> Vec<Arg> {
    let mut given = given.map(Some);
    order.into_iter().filter_map(|at| given[at].take()).collect()
}

/// A call of a statement declared `by name`:
/// `named!(data::INSERT { id: &id, title, quantity: form.quantity }).write(tx).await?`.
/// Each name once, in any order; a name alone stands for the variable of that name.
///
/// ```
/// jiedui_store::sql! { INSERT: free by name, "INSERT INTO t (a, b) VALUES (:a, :b)" }
/// let b = "two";
/// jiedui_store::named!(INSERT { b, a: "one" });
/// ```
/// A name that is left out does not compile, nor does one that the statement does not have:
/// ```compile_fail
/// jiedui_store::sql! { INSERT: free by name, "INSERT INTO t (a, b) VALUES (:a, :b)" }
/// jiedui_store::named!(INSERT { a: "one" });
/// ```
/// ```compile_fail
/// jiedui_store::sql! { INSERT: free by name, "INSERT INTO t (a, b) VALUES (:a, :b)" }
/// jiedui_store::named!(INSERT { a: "one", b: "two", c: "three" });
/// ```
#[macro_export]
macro_rules! named {
    ($($statement:ident)::+ { $($name:ident $(: $value:expr)?),+ $(,)? }) => {{
        const GIVEN: &[&str] = &[$(stringify!($name)),+];
        const ORDER: [usize; GIVEN.len()] = $crate::parameters::order($($statement)::+.names(), GIVEN);
        $($statement)::+.call(ORDER, [$($crate::named!(@ $name $(, $value)?)),+])
    }};
    (@ $name:ident) => { $crate::Arg::from($name) };
    (@ $name:ident, $value:expr) => { $crate::Arg::from($value) };
}

/// What the compiler does with the text of a statement declared `by name`; only [`sql!`](crate::sql!) and
/// [`named!`](crate::named!) call it.
pub mod parameters {
    /// How many different names a text has.
    pub const fn count(text: &str) -> usize {
        let names: [&str; 64] = collect(text);
        let mut count = 0;
        while count < names.len() && !names[count].is_empty() {
            count += 1;
        }
        count
    }

    /// The names of a text, each once, in the order in which they first appear; empty texts behind the last.
    pub const fn collect<const N: usize>(text: &str) -> [&str; N] {
        let mut names = [""; N];
        let mut found = 0;
        let mut at = 0;
        while let Some((from, to)) = next(text.as_bytes(), at) {
            let name = slice(text, from + 1, to);
            if place(&names, name) == names.len() {
                assert!(found < N, "a statement has at most 64 parameters");
                names[found] = name;
                found += 1;
            }
            at = to;
        }
        names
    }

    /// How long the text becomes once each name is a number.
    pub const fn length(text: &str, names: &[&str], before: usize) -> usize {
        let mut length = text.len();
        let mut at = 0;
        while let Some((from, to)) = next(text.as_bytes(), at) {
            let number = place(names, slice(text, from + 1, to)) + 1 + before;
            length = length - (to - from) + if number > 9 { 3 } else { 2 };
            at = to;
        }
        length
    }

    /// The text with a number for each name; `before` numbers are taken already (by the scope).
    pub const fn numbered<const L: usize>(text: &str, names: &[&str], before: usize) -> [u8; L] {
        let bytes = text.as_bytes();
        let mut out = [0; L];
        let mut written = 0;
        let mut at = 0;
        while at < bytes.len() {
            let (from, to) = match next(bytes, at) {
                Some(found) => found,
                None => (bytes.len(), bytes.len()),
            };
            let between = bytes.split_at(from).0.split_at(at).1;
            out.split_at_mut(written).1.split_at_mut(between.len()).0.copy_from_slice(between);
            written += between.len();
            at = from;
            if from < to {
                let number = place(names, slice(text, from + 1, to)) + 1 + before;
                out[written] = b'$';
                written += 1;
                if number > 9 {
                    out[written] = b'0' + (number / 10) as u8;
                    written += 1;
                }
                out[written] = b'0' + (number % 10) as u8;
                written += 1;
                at = to;
            }
        }
        out
    }

    /// The names with those of a page behind them.
    pub const fn paged<const N: usize>(names: &[&'static str]) -> [&'static str; N] {
        let mut all = [""; N];
        let mut at = 0;
        while at < names.len() {
            all[at] = names[at];
            at += 1;
        }
        all[at] = "limit";
        all[at + 1] = "offset";
        all
    }

    /// Texts, one behind the other.
    pub const fn chained<const L: usize, const N: usize>(texts: [&str; N]) -> [u8; L] {
        let mut out = [0; L];
        let mut rest: &mut [u8] = &mut out;
        let mut which = 0;
        // In whole texts: the compiler takes a byte at a time very slowly.
        while which < N {
            let (place, behind) = { rest }.split_at_mut(texts[which].len());
            place.copy_from_slice(texts[which].as_bytes());
            rest = behind;
            which += 1;
        }
        out
    }

    /// What a text that counts all rows counts them in.
    pub const fn counted(text: &'static str) -> &'static str {
        const COUNTS: &str = "SELECT CAST(COUNT(*) AS BIGINT) ";
        let (head, rest) = text.split_at(COUNTS.len());
        let (head, counts) = (head.as_bytes(), COUNTS.as_bytes());
        let mut at = 0;
        while at < head.len() {
            assert!(head[at] == counts[at], "a count begins with SELECT CAST(COUNT(*) AS BIGINT)");
            at += 1;
        }
        rest
    }

    pub const fn text(bytes: &[u8]) -> &str {
        match core::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => panic!("a statement is UTF-8"),
        }
    }

    /// For each parameter, which of the names given is it.
    pub const fn order<const N: usize>(parameters: &[&str], given: &[&str]) -> [usize; N] {
        let mut order = [0; N];
        let mut at = 0;
        while at < parameters.len() {
            let found = place(given, parameters[at]);
            if found == given.len() {
                panic!("{}", parameters[at]); // Not given: the compiler shows the name.
            }
            order[at] = found;
            at += 1;
        }
        assert!(parameters.len() == N, "a name is given twice, or the statement has no such parameter");
        order
    }

    /// Whether a statement asks for the version of a row.
    pub const fn compares_version(text: &str) -> bool {
        let (bytes, asked) = (text.as_bytes(), b"version = ");
        let mut at = 0;
        while at + asked.len() < bytes.len() {
            let mut alike = 0;
            while alike < asked.len() && bytes[at + alike] == asked[alike] {
                alike += 1;
            }
            if alike == asked.len() && matches!(bytes[at + alike], b'$' | b':') {
                return true;
            }
            at += 1;
        }
        false
    }

    /// The next `:name` from a place on; not `::`, and not inside a text in quotes.
    const fn next(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        let mut at = from;
        let mut quoted = false;
        while at < bytes.len() {
            if bytes[at] == b'\'' {
                quoted = !quoted;
            }
            let starts = bytes[at] == b':' && !quoted && at + 1 < bytes.len();
            if starts && bytes[at + 1].is_ascii_lowercase() && (at == 0 || bytes[at - 1] != b':') {
                let mut to = at + 1;
                while to < bytes.len() && is_of_name(bytes[to]) {
                    to += 1;
                }
                return Some((at, to));
            }
            at += 1;
        }
        None
    }

    const fn is_of_name(byte: u8) -> bool {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
    }

    const fn slice(text: &str, from: usize, to: usize) -> &str {
        text.split_at(to).0.split_at(from).1
    }

    /// Where a name stands among others; their number where it is none of them.
    const fn place(names: &[&str], name: &str) -> usize {
        let mut at = 0;
        while at < names.len() && !same(names[at].as_bytes(), name.as_bytes()) {
            at += 1;
        }
        at
    }

    const fn same(one: &[u8], other: &[u8]) -> bool {
        if one.len() != other.len() {
            return false;
        }
        let mut at = 0;
        while at < one.len() && one[at] == other[at] {
            at += 1;
        }
        at == one.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::sql! { INSERT: free by name, "INSERT INTO t (a, b, c, d) VALUES (:a, :b1, ':no', CAST(:a AS TEXT), :c)" }
    crate::sql! { LIST: scoped by name, concat!("SELECT 1 FROM t WHERE t.x >= $1 AND t.y < $2 AND $3 = :day", " LIMIT :limit") }

    #[test]
    fn names_become_numbers_in_the_order_of_their_first_place() {
        assert_eq!(INSERT.text, "INSERT INTO t (a, b, c, d) VALUES ($1, $2, ':no', CAST($1 AS TEXT), $3)");
        assert_eq!(INSERT.names, ["a", "b1", "c"]);
    }

    #[test]
    fn the_numbers_of_the_scope_are_left_to_it() {
        assert_eq!(LIST.text, "SELECT 1 FROM t WHERE t.x >= $1 AND t.y < $2 AND $3 = $4 LIMIT $5");
    }

    #[test]
    fn values_stand_in_the_order_of_the_statement_whatever_the_order_of_the_call() {
        let b1 = "two";
        let call = named!(INSERT { c: 3_i64, b1, a: "one" });
        let shown: Vec<_> = call.args.iter().map(|arg| format!("{arg:?}")).collect();
        assert_eq!(shown, ["Text(Some(\"one\"))", "Text(Some(\"two\"))", "Int(Some(3))"]);
    }

    #[test]
    fn a_comparison_with_a_version_is_seen() {
        assert!(parameters::compares_version("UPDATE t SET a = 1 WHERE id = $1 AND version = $2"));
        assert!(!parameters::compares_version("UPDATE t SET version = version + 1 WHERE id = $1"));
        assert!(!parameters::compares_version("SELECT version FROM t WHERE version = "));
    }

    #[test]
    fn more_than_nine_parameters_have_two_digits() {
        const TEXT: &str = ":a:b:c:d:e:f:g:h:i:j";
        const NAMES: [&str; parameters::count(TEXT)] = parameters::collect(TEXT);
        const LENGTH: usize = parameters::length(TEXT, &NAMES, 0);
        assert_eq!(
            parameters::text(&parameters::numbered::<LENGTH>(TEXT, &NAMES, 0)),
            "$1$2$3$4$5$6$7$8$9$10"
        );
    }
}
