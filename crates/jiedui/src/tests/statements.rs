//! Every statement of the program, on both engines.

use crate::both_engines;
use crate::mechanisms::ALL;
use jiedui_kernel::MONTHS;
use jiedui_store::{Kind, Statement, all_statements, month_in};

both_engines! {
    /// The one text parses and plans on this engine.
    async fn every_statement_can_be_prepared(world: World) {
        assert!(all_statements().count() > 60, "statements register themselves");
        for statement in all_statements() {
            // One transaction each: on PostgreSQL a failed statement spoils the rest.
            let mut tx = world.tx().await;
            if let Err(cause) = tx.prepare(statement).await {
                panic!("{} in {}: {cause}\n{}", statement.name, statement.file, statement.text);
            }
        }
    }
}

/// The scoped tables that a statement reads or writes.
fn scoped_tables(statement: &'static Statement) -> Vec<&'static str> {
    let scoped = ALL.iter().flat_map(|one| one.tables).filter(|table| table.scoped).map(|table| table.name);
    let named = [statement.reads(), statement.writes()].concat();
    scoped.filter(|table| named.contains(table)).collect()
}

/// The scoped tables that a statement writes.
pub fn scoped_writes(statement: &Statement) -> Vec<&'static str> {
    let scoped = ALL.iter().flat_map(|one| one.tables).filter(|table| table.scoped).map(|table| table.name);
    let written = statement.writes();
    scoped.filter(|table| written.contains(table)).collect()
}

#[test]
fn a_statement_on_scoped_tables_carries_the_scope_or_says_why_not() {
    for statement in all_statements() {
        let scoped = scoped_tables(statement);
        match statement.kind {
            Kind::Scoped => {
                assert!(
                    statement.text.contains(".path >= $1 AND "),
                    "{} has no scope fragment",
                    statement.name
                );
            }
            Kind::Free | Kind::Housekeeping(_) => {
                assert!(
                    scoped.is_empty(),
                    "{} in {} names {scoped:?} without scope",
                    statement.name,
                    statement.file
                );
            }
            Kind::OnFound => {
                assert!(
                    !scoped.is_empty(),
                    "{} in {} writes no scoped table",
                    statement.name,
                    statement.file
                );
            }
            Kind::Unscoped(why) | Kind::Own(why) => {
                assert!(why.len() > 10, "{} gives no reason", statement.name);
                assert!(!scoped.is_empty(), "{} need not be marked unscoped", statement.name);
            }
        }
    }
}

/// What somebody types are letters, and no wildcards.
#[test]
fn every_pattern_says_how_wildcards_are_written() {
    let mut asked = 0;
    for statement in all_statements() {
        for rest in statement.text.split(" LIKE $").skip(1) {
            let rest = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
            assert!(rest.starts_with(" ESCAPE '!'"), "{} in {}", statement.name, statement.file);
            asked += 1;
        }
    }
    assert!(asked > 20, "{asked}");
}

/// How many values a statement takes by their place alone. A list in order is one value: ids in `IN (…)`, and the
/// bounds of the months.
fn positional(statement: &Statement) -> usize {
    if !statement.names.is_empty() {
        return 0;
    }
    let lists = statement.text.split(" IN (").skip(1).filter_map(|rest| rest.split_once(')'));
    let in_lists = lists.map(|(list, _)| list.matches('$').count().saturating_sub(1)).sum::<usize>();
    let of_scope = if statement.kind == Kind::Scoped { 3 } else { 0 };
    let of_months = if statement.text.contains(month_in!("s.at")) { MONTHS } else { 0 };
    let numbers = statement.text.split('$').skip(1);
    let highest = numbers.filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    highest.max().unwrap_or_default().saturating_sub(of_scope + of_months + in_lists)
}

/// Two texts that changed places are a fault that nobody sees.
#[test]
fn a_statement_with_more_than_eight_values_takes_them_by_name() {
    let many: Vec<_> = all_statements()
        .filter(|statement| positional(statement) > 8)
        .map(|statement| format!("{} in {}: {}", statement.name, statement.file, positional(statement)))
        .collect();
    assert!(many.is_empty(), "declare it `by name`:\n{}", many.join("\n"));
}

both_engines! {
    /// Writing without an audit record is refused at the commit, and nothing is kept.
    async fn a_write_without_a_leaf_is_refused(world: World) {
        let mut tx = world.tx().await;
        let now = tx.now();
        let values = jiedui_store::args!["x", "x", "x", "x", false, false, now];
        let insert = all_statements().find(|s| s.name == "INSERT" && s.file.ends_with("accounts/data.rs")).unwrap();
        tx.write(insert, values).await.unwrap();
        assert!(tx.commit().await.unwrap_err().to_string().contains("without an audit record"));
        let mut tx = world.tx().await;
        let find = all_statements().find(|s| s.name == "PASSWORD" && s.file.ends_with("accounts/data.rs")).unwrap();
        assert!(tx.maybe::<(String,)>(find, jiedui_store::args!["x"]).await.unwrap().is_none());
    }
}

both_engines! {
    /// A page that only reads cannot write.
    async fn a_read_transaction_cannot_write(world: World) {
        let mut tx = world.app.db.read(std::sync::Arc::new(jiedui_kernel::Actor::system("test"))).await.unwrap();
        let insert = all_statements().find(|s| s.name == "CLOSE_SESSION").unwrap();
        assert!(tx.write(insert, jiedui_store::args!["x"]).await.is_err());
    }
}
