//! SQL fragments over the `state` of an entry or output, beside the scope fragment: no statement spells a state out. The
//! argument is the alias of the table. And the history that one person wrote at once.

use jiedui_store::sql;

/// It was not withdrawn.
macro_rules! stands {
    ($alias:literal) => {
        concat!($alias, ".state <> 'withdrawn'")
    };
}

/// It counts as a whole.
macro_rules! confirmed {
    ($alias:literal) => {
        concat!($alias, ".state = 'confirmed'")
    };
}

/// It waits for an answer.
macro_rules! waits {
    ($alias:literal) => {
        concat!($alias, ".state = 'claimed'")
    };
}

/// The other side disputes it, wholly or in part.
macro_rules! contested {
    ($alias:literal) => {
        concat!($alias, ".state IN ('disputed', 'part')")
    };
}

/// Nobody disputes any of it.
macro_rules! undisputed {
    ($alias:literal) => {
        concat!($alias, ".state IN ('claimed', 'confirmed')")
    };
}

pub(crate) use {confirmed, contested, stands, undisputed, waits};

// Taking an answer back is allowed as long as nothing has happened since.
// COALESCE keeps the engines from taking all that the unit ever did.
sql! { BATCH: unscoped("what one's own unit did, which the scope of the things allowed when it was done"),
"SELECT s.resource_id FROM step s WHERE s.batch = $1 AND COALESCE(s.org, '') = $2 AND s.resource = $3 \
AND NOT EXISTS (SELECT 1 FROM step b WHERE b.resource_id = s.resource_id AND b.id > s.id \
AND b.kind NOT IN ('urge', 'reply', 'attach', 'detach')) ORDER BY s.resource_id" }
// With what a thing was claimed together; '' where it was claimed by itself.
sql! { CLAIMED_WITH: unscoped("of a thing that was found in scope"),
"SELECT s.batch FROM step s WHERE s.resource_id = $1 ORDER BY s.id LIMIT 1" }
// What stands in the way of taking all of it back.
sql! { BATCH_TOUCHED: unscoped("what one's own unit did, which the scope of the things allowed when it was done"),
"SELECT s.resource_id FROM step s WHERE s.batch = $1 AND COALESCE(s.org, '') = $2 AND s.resource = $3 \
AND EXISTS (SELECT 1 FROM step b WHERE b.resource_id = s.resource_id AND b.id > s.id \
AND b.kind NOT IN ('urge', 'reply', 'attach', 'detach')) ORDER BY s.resource_id" }
