//! What refers to a row, asked before it goes. The foreign keys have the last word; this says in words what they would only
//! refuse (docs/decisions/0113-a-file-goes-with-its-rows.md).

/// A statement that yields what refers to the row with the id `$1`, in the words given: of each, the tables and columns that may
/// name it. `referring!("台账": "entry" "claimant", "entry" "answerer"; "账号": "account_role" "org";)`.
#[macro_export]
macro_rules! referring {
    ($($what:literal: $($table:literal $column:literal),+;)+) => {
        concat!(
            "SELECT CAST('' AS TEXT) AS what WHERE 1 = 0",
            $($(" UNION ALL SELECT '", $what, "' WHERE EXISTS (SELECT 1 FROM ", $table, " WHERE ", $column, " = $1)",)+)+
        )
    };
}
