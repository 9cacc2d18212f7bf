//! What statements ask of a review alike.

/// Of a row under this alias, in SQL: while it waits, somebody sent the present revision back and has not agreed since.
// COALESCE keeps SQLite from looking for a thing's few steps among all those of an organisation.
macro_rules! sent_back {
    ($alias:literal, $waits:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM step s WHERE s.resource_id = ",
            $alias,
            ".id AND s.revision = ",
            $alias,
            ".revision \
             AND s.kind = 'send_back' AND ",
            $alias,
            ".state = '",
            $waits,
            "' AND NOT EXISTS (SELECT 1 FROM step t \
             WHERE t.resource_id = ",
            $alias,
            ".id AND COALESCE(t.org, '') = s.org AND t.revision = ",
            $alias,
            ".revision \
             AND t.kind = 'agree' AND t.id > s.id))"
        )
    };
}
pub(crate) use sent_back;
