//! The statements of a list: how many rows there are, and a page of them in each order that can be asked for. Each order
//! is a constant statement of its own. An `ORDER BY` that decides while it runs could not be read from an index, and the
//! whole table would be sorted for one page.

use crate::args::Arg;
use crate::statement::Statement;
use crate::tx::{Row, Tx};
use jiedui_kernel::{Error, Result};

/// So many rows are counted for a page; that there are more is all that it says of the rest. A list that grows for years
/// would else be read to its end for a number that nobody reads.
pub const COUNTED: i64 = 10_000;

/// What [`list!`](crate::list!) declares.
#[derive(Debug)]
pub struct List {
    pub name: &'static str,
    pub file: &'static str,
    /// How many rows there are, all of them counted.
    pub count: &'static Statement,
    /// The same, counted up to one more than `counted`.
    pub bounded: &'static Statement,
    /// So many are counted for a page: [`COUNTED`], or fewer where even these take long.
    pub counted: i64,
    /// The order that stands when none is asked for.
    pub usual: &'static Statement,
    pub orders: &'static [Order],
    /// Columns that show what the database does not keep: no statement can sort by them.
    pub unsorted: &'static [&'static str],
    /// What is to be given: everything but limit and offset.
    pub names: &'static [&'static str],
    /// It grows without end: in another order than the usual one stand only the first rows of the usual one, as many as are
    /// counted. Else one page would sort all that there is.
    pub long: bool,
}

/// A column by which a list can be sorted, under the key that the column has in the template.
#[derive(Debug)]
pub struct Order {
    pub key: &'static str,
    /// Whether rows may have no value there; they come last in both directions.
    pub nullable: bool,
    pub up: &'static Statement,
    pub down: &'static Statement,
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    pub key: &'static str,
    pub down: bool,
}

/// A list among all lists.
#[derive(Debug)]
pub struct DeclaredList(pub &'static List);

inventory::collect!(DeclaredList);

/// Every list of the program, for the tests that go through all of them.
pub fn all_lists() -> impl Iterator<Item = &'static List> {
    inventory::iter::<DeclaredList>.into_iter().map(|declared| declared.0)
}

/// A list with the values of its filters, made by [`values!`](crate::values!).
#[derive(Debug)]
pub struct ListCall {
    list: &'static List,
    /// In the order of the list's names.
    args: Vec<Arg>,
}

impl ListCall {
    pub fn new<const N: usize>(list: &'static List, order: [usize; N], given: [Arg; N]) -> Self {
        let mut given = given.map(Some);
        let args = order.into_iter().filter_map(|at| given[at].take()).collect();
        Self { list, args }
    }

    pub fn list(&self) -> &'static List {
        self.list
    }

    pub async fn count(&self, tx: &mut Tx) -> Result<i64> {
        tx.number(self.list.count, self.args.clone()).await
    }

    /// How many rows there are, at most as many as are counted, and whether there are more.
    pub async fn number(&self, tx: &mut Tx) -> Result<(i64, bool)> {
        let (found, most) = (tx.number(self.list.bounded, self.args.clone()).await?, self.list.counted);
        Ok((found.min(most), found > most))
    }

    /// So many rows from one on, in the order asked for.
    pub async fn rows<T: Row>(
        &self,
        tx: &mut Tx,
        sort: Option<Sort>,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<T>> {
        let statement = match sort {
            None => self.list.usual,
            Some(sort) => {
                let order = self.list.orders.iter().find(|order| order.key == sort.key);
                let order = order.ok_or_else(|| Error::internal(format_args!("no order {}", sort.key)))?;
                if sort.down { order.down } else { order.up }
            }
        };
        tx.all(statement, self.args_of(statement, limit, offset)).await
    }

    /// Hands out all rows, at most so many at once and so many in all. Returns their number.
    pub async fn in_chunks<T: Row>(
        &self,
        tx: &mut Tx,
        sort: Option<Sort>,
        [chunk, most]: [i64; 2],
        mut take: impl FnMut(Vec<T>) + Send,
    ) -> Result<i64> {
        let mut taken = 0;
        while taken < most {
            let limit = chunk.min(most - taken);
            let rows = self.rows(tx, sort, limit, taken).await?;
            let found = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            taken += found;
            take(rows);
            if found < limit {
                break;
            }
        }
        Ok(taken)
    }

    /// The compiler has seen that each name is there.
    fn args_of(&self, statement: &Statement, limit: i64, offset: i64) -> Vec<Arg> {
        let arg = |name: &&str| match *name {
            "limit" => Some(Arg::from(limit)),
            "offset" => Some(Arg::from(offset)),
            name => {
                let at = self.list.names.iter().position(|other| *other == name)?;
                self.args.get(at).cloned()
            }
        };
        statement.names.iter().filter_map(arg).collect()
    }
}

/// The values of a list, each by its name: `values!(data::LIST { q: like(&q), state })`.
#[macro_export]
macro_rules! values {
    ($($list:ident)::+ { $($name:ident $(: $value:expr)?),+ $(,)? }) => {{
        const GIVEN: &[&str] = &[$(stringify!($name)),+];
        const ORDER: [usize; GIVEN.len()] = $crate::parameters::order($($list)::+.names, GIVEN);
        $crate::ListCall::new(&$($list)::+, ORDER, [$($crate::named!(@ $name $(, $value)?)),+])
    }};
}

/// Declares the statements of a list, all `by name`:
///
/// ```text
/// list! { LIST: scoped,
///     count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM … WHERE ", pairing_in_scope!("p"), filter!()),
///     rows: concat!(columns!(), pairing_in_scope!("p"), filter!()),
///     usual: "e.to_day DESC, e.id DESC",
///     tie: "e.id",
///     orders: { day: "e.to_day", school: "c.sort_key", agreed: "p.agreed_on" nullable },
///     unsorted: [state],
/// }
/// ```
///
/// A list that grows without end says behind `usual` how a page is found without joining what stands before it:
/// `usual: "e.to_day DESC, e.id DESC" among { concat!(columns!(), "FROM ("), concat!("SELECT e.id FROM entry e WHERE ", …),
/// concat!("entry e ", joined!(), "e.id = k.id") }`. The second text picks the rows of the page, from an index and with all
/// filters; the others show them. CROSS JOIN makes SQLite begin with those that were picked. The other orders sort as many of
/// these as are counted, and no more.
///
/// A list whose rows take long to be told apart says behind `unsorted` where counting ends: `counted: (1_000, "1001")`, the
/// second being one more.
///
/// `tie` is unique, so that each row stands on one page. `nullable` writes out NULLS LAST; elsewhere it is left away,
/// because PostgreSQL would not read such an order from a plain index.
#[macro_export]
macro_rules! list {
    ($name:ident : scoped, $($rest:tt)+) => { $crate::list!(@ $name, $crate::Kind::Scoped, 3, $($rest)+); };
    ($name:ident : free, $($rest:tt)+) => { $crate::list!(@ $name, $crate::Kind::Free, 0, $($rest)+); };
    ($name:ident : unscoped($why:literal), $($rest:tt)+) => {
        $crate::list!(@ $name, $crate::Kind::Unscoped($why), 0, $($rest)+);
    };
    (@ $name:ident, $kind:expr, $before:expr, count: $count:expr, rows: $rows:expr, usual: $usual:literal $(among { $shown:expr, $picked:expr, $joined:expr })?, tie: $tie:literal,
        orders: { $($key:ident: $by:literal $($nullable:ident)?),+ $(,)? }, unsorted: [$($not:ident),* $(,)?] $(, counted: ($most:literal, $limit:literal))? $(,)?
    ) => {
        pub(crate) static $name: $crate::List = {
            use $crate::parameters;
            const BEFORE: usize = $before;
            const COUNT_TEXT: &str = $count;
            const COUNT_NAMES: [&str; parameters::count(COUNT_TEXT)] = parameters::collect(COUNT_TEXT);
            const TEXT: &str = $rows;
            const NAMES: [&str; parameters::count(TEXT)] = parameters::collect(TEXT);
            // The number of rows and the rows follow from the same values.
            const _: [usize; NAMES.len()] = parameters::order(&COUNT_NAMES, &NAMES);
            const ALL_NAMES: [&str; NAMES.len() + 2] = parameters::paged(&NAMES);
            const HEAD: &str = $crate::list!(@head $usual, ($($limit)?) $(, $shown, $picked, $joined)?);
            const PAGE: &str = " LIMIT :limit OFFSET :offset";
            const PAGE_LENGTH: usize = parameters::length(PAGE, &["limit", "offset"], BEFORE + NAMES.len());
            const PAGE_BYTES: [u8; PAGE_LENGTH] = parameters::numbered(PAGE, &["limit", "offset"], BEFORE + NAMES.len());
            const PAGED: &str = parameters::text(&PAGE_BYTES);
            $crate::List {
                name: stringify!($name),
                file: file!(),
                count: $crate::list!(@statement concat!(stringify!($name), ", number"), $kind, {
                    const LENGTH: usize = parameters::length(COUNT_TEXT, &COUNT_NAMES, BEFORE);
                    const BYTES: [u8; LENGTH] = parameters::numbered(COUNT_TEXT, &COUNT_NAMES, BEFORE);
                    parameters::text(&BYTES)
                }, &COUNT_NAMES),
                bounded: $crate::list!(@statement concat!(stringify!($name), ", bounded number"), $kind, {
                    const INSIDE: &str = parameters::counted(COUNT_TEXT);
                    const LENGTH: usize = parameters::length(INSIDE, &COUNT_NAMES, BEFORE);
                    const BYTES: [u8; LENGTH] = parameters::numbered(INSIDE, &COUNT_NAMES, BEFORE);
                    const HEAD: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one ";
                    // One more than is counted.
                    const FOOT: &str = concat!(" LIMIT ", $crate::list!(@limit $($limit)?), ") AS counted");
                    const TOGETHER: [u8; HEAD.len() + LENGTH + FOOT.len()] =
                        parameters::chained([HEAD, parameters::text(&BYTES), FOOT]);
                    parameters::text(&TOGETHER)
                }, &COUNT_NAMES),
                counted: $crate::list!(@most $($most)?),
                usual: $crate::list!(@usual concat!(stringify!($name), ", usual"), $kind, $usual $(, $shown, $picked, $joined)?),
                orders: &[$($crate::Order {
                    key: stringify!($key),
                    nullable: $crate::list!(@nullable $($nullable)?),
                    up: $crate::list!(@ordered concat!(stringify!($name), ", ", stringify!($key), " up"), $kind,
                        concat!($by, $crate::list!(@last $($nullable)?), ", ", $tie)),
                    down: $crate::list!(@ordered concat!(stringify!($name), ", ", stringify!($key), " down"), $kind,
                        concat!($by, " DESC", $crate::list!(@last $($nullable)?), ", ", $tie, " DESC")),
                }),+],
                unsorted: &[$(stringify!($not)),*],
                names: &COUNT_NAMES,
                long: $crate::list!(@long $($joined)?),
            }
        };
        $crate::inventory::submit! { $crate::DeclaredList(&$name) }
    };
    (@head $order:literal, ($($limit:literal)?)) => {{
        const LENGTH: usize = parameters::length(TEXT, &NAMES, BEFORE);
        const BYTES: [u8; LENGTH] = parameters::numbered(TEXT, &NAMES, BEFORE);
        parameters::text(&BYTES)
    }};
    // Of a long list as many as are counted, and one more; those are sorted in the order that is asked for.
    (@head $order:literal, ($($limit:literal)?), $shown:expr, $picked:expr, $joined:expr) => {{
        const SHOWN: &str = $shown;
        const PICKED: &str = $picked;
        const LENGTH: usize = parameters::length(PICKED, &NAMES, BEFORE);
        const BYTES: [u8; LENGTH] = parameters::numbered(PICKED, &NAMES, BEFORE);
        const FIRST: &str = concat!(" ORDER BY ", $order, " LIMIT ", $crate::list!(@limit $($limit)?));
        const JOINED: &str = concat!(") k CROSS JOIN ", $joined);
        const TOGETHER: [u8; SHOWN.len() + LENGTH + FIRST.len() + JOINED.len()] =
            parameters::chained([SHOWN, parameters::text(&BYTES), FIRST, JOINED]);
        parameters::text(&TOGETHER)
    }};
    (@long) => { false };
    (@long $joined:expr) => { true };
    (@most) => { $crate::COUNTED };
    (@most $most:literal) => { $most };
    (@limit) => { "10001" };
    (@limit $limit:literal) => { $limit };
    (@nullable) => { false };
    (@nullable nullable) => { true };
    (@last) => { "" };
    (@last nullable) => { " NULLS LAST" };
    (@usual $label:expr, $kind:expr, $order:expr) => { $crate::list!(@ordered $label, $kind, $order) };
    (@usual $label:expr, $kind:expr, $order:expr, $shown:expr, $picked:expr, $joined:expr) => {
        $crate::list!(@statement $label, $kind, {
            const SHOWN: &str = $shown;
            const PICKED: &str = $picked;
            // Both texts follow from the same values.
            const GIVEN: [&str; parameters::count(PICKED)] = parameters::collect(PICKED);
            const _: [usize; NAMES.len()] = parameters::order(&GIVEN, &NAMES);
            const PICKED_LENGTH: usize = parameters::length(PICKED, &NAMES, BEFORE);
            const PICKED_BYTES: [u8; PICKED_LENGTH] = parameters::numbered(PICKED, &NAMES, BEFORE);
            const ORDER: &str = concat!(" ORDER BY ", $order);
            const JOINED: &str = concat!(") k CROSS JOIN ", $joined);
            const BYTES: [u8; SHOWN.len() + PICKED_LENGTH + 2 * ORDER.len() + PAGED.len() + JOINED.len()] =
                parameters::chained([SHOWN, parameters::text(&PICKED_BYTES), ORDER, PAGED, JOINED, ORDER]);
            parameters::text(&BYTES)
        }, &ALL_NAMES)
    };
    (@ordered $label:expr, $kind:expr, $order:expr) => {
        $crate::list!(@statement $label, $kind, {
            const ORDER: &str = concat!(" ORDER BY ", $order);
            const BYTES: [u8; HEAD.len() + ORDER.len() + PAGED.len()] = parameters::chained([HEAD, ORDER, PAGED]);
            parameters::text(&BYTES)
        }, &ALL_NAMES)
    };
    (@statement $label:expr, $kind:expr, $text:expr, $names:expr) => {{
        static STATEMENT: $crate::Statement =
            $crate::Statement { name: $label, file: file!(), kind: $kind, text: $text, names: $names, recording: "" };
        $crate::inventory::submit! { STATEMENT.listed() }
        &STATEMENT
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::list! { LIST: scoped,
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM t WHERE t.x >= $1 AND t.a = :a AND t.b = :b",
        rows: "SELECT t.x FROM t WHERE t.x >= $1 AND t.b = :b AND t.a = :a AND t.c = :b",
        usual: "t.y DESC, t.id",
        tie: "t.id",
        orders: { day: "t.day", agreed: "t.agreed" nullable },
        unsorted: [state],
    }

    crate::list! { LONG: scoped,
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM t WHERE t.x >= $1 AND t.a = :a",
        rows: "SELECT t.x, u.y FROM t JOIN u ON u.id = t.u WHERE t.x >= $1 AND t.a = :a",
        usual: "t.day DESC" among {
            "SELECT t.x, u.y FROM (",
            "SELECT t.id FROM t WHERE t.x >= $1 AND t.a = :a",
            "t JOIN u ON u.id = t.u WHERE t.id = k.id"
        },
        tie: "t.id",
        orders: { day: "t.day" },
        unsorted: [],
    }

    crate::list! { SLOW: free,
        count: "SELECT CAST(COUNT(*) AS BIGINT) FROM t WHERE t.a = :a",
        rows: "SELECT t.x FROM t WHERE t.a = :a",
        usual: "t.id",
        tie: "t.id",
        orders: { day: "t.day" },
        unsorted: [],
        counted: (1_000, "1001"),
    }

    #[test]
    fn a_long_list_picks_its_page_before_it_shows_it_and_counts_to_an_end() {
        let shown = "SELECT t.x, u.y FROM (SELECT t.id FROM t WHERE t.x >= $1 AND t.a = $4 ORDER BY t.day DESC \
                     LIMIT $5 OFFSET $6) k CROSS JOIN t JOIN u ON u.id = t.u WHERE t.id = k.id ORDER BY t.day DESC";
        assert_eq!(LONG.usual.text, shown);
        let counted = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM t WHERE t.x >= $1 AND t.a = $4 \
                       LIMIT 10001) AS counted";
        assert_eq!(LONG.bounded.text, counted);
        assert!(counted.contains(&(COUNTED + 1).to_string()));
        let up = "SELECT t.x, u.y FROM (SELECT t.id FROM t WHERE t.x >= $1 AND t.a = $4 ORDER BY t.day DESC LIMIT 10001) \
                  k CROSS JOIN t JOIN u ON u.id = t.u WHERE t.id = k.id ORDER BY t.day, t.id LIMIT $5 OFFSET $6";
        assert_eq!(LONG.orders[0].up.text, up);
        assert!(LONG.long && !LIST.long && !SLOW.long);
        assert_eq!(LONG.counted, COUNTED);
        assert!(SLOW.bounded.text.ends_with(" LIMIT 1001) AS counted") && SLOW.counted == 1_000);
    }

    #[test]
    fn each_order_is_a_constant_statement_with_a_tie_breaker() {
        const HEAD: &str =
            "SELECT t.x FROM t WHERE t.x >= $1 AND t.b = $4 AND t.a = $5 AND t.c = $4 ORDER BY ";
        let order = |statement: &Statement| statement.text.strip_prefix(HEAD);
        let texts: Vec<_> = LIST.orders.iter().flat_map(|one| [order(one.up), order(one.down)]).collect();
        let wanted = [
            "t.day, t.id LIMIT $6 OFFSET $7",
            "t.day DESC, t.id DESC LIMIT $6 OFFSET $7",
            "t.agreed NULLS LAST, t.id LIMIT $6 OFFSET $7",
            "t.agreed DESC NULLS LAST, t.id DESC LIMIT $6 OFFSET $7",
        ];
        assert_eq!(texts, wanted.map(Some));
        assert_eq!(order(LIST.usual), Some("t.y DESC, t.id LIMIT $6 OFFSET $7"));
        assert_eq!(
            LIST.count.text,
            "SELECT CAST(COUNT(*) AS BIGINT) FROM t WHERE t.x >= $1 AND t.a = $4 AND t.b = $5"
        );
        assert_eq!((LIST.orders[0].up.name, LIST.usual.name), ("LIST, day up", "LIST, usual"));
    }

    #[test]
    fn each_statement_gets_its_values_by_name() {
        let call = values!(LIST { b: "two", a: "one" });
        let shown = |args: Vec<Arg>| args.iter().map(|arg| format!("{arg:?}")).collect::<Vec<_>>();
        assert_eq!(shown(call.args.clone()), ["Text(Some(\"one\"))", "Text(Some(\"two\"))"]);
        let of_rows = call.args_of(LIST.usual, 25, 50);
        let wanted = ["Text(Some(\"two\"))", "Text(Some(\"one\"))", "Int(Some(25))", "Int(Some(50))"];
        assert_eq!(shown(of_rows), wanted);
    }
}
