//! SQL of closed years.

use jiedui_kernel::Date;
use jiedui_store::sql;

/// A year that was closed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct YearRow {
    pub year: i64,
    pub host_name: String,
    pub closed_on: Date,
    /// What was kept; "" where only the day is asked.
    pub text: String,
    pub digest: String,
}

macro_rules! columns {
    ($text:literal) => {
        concat!(
            "SELECT y.year, h.name AS host_name, y.closed_on, ",
            $text,
            " AS text, y.digest FROM year_close y JOIN org h ON h.id = y.host"
        )
    };
}

sql! { ALL: unscoped("which years are closed is known to whoever may see the page; what was kept is not in it"),
concat!(columns!("''"), " ORDER BY y.year DESC") }
sql! { KEPT: unscoped("asked by those who see the whole province: the right is theirs alone"),
concat!(columns!("y.text"), " WHERE y.year = $1") }
// Two at once close it once.
sql! { INSERT: unscoped("a new row of the caller's own organisation"),
"INSERT INTO year_close (id, year, host, closed_on, text, digest) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (year) DO NOTHING" }

sql! { KEPT_AFTER: unscoped("the check of the whole, by the system"),
"SELECT id FROM year_close WHERE id > $1 ORDER BY id LIMIT $2" }
sql! { KEPT_TEXT: unscoped("the check of the whole, by the system"), "SELECT text, digest FROM year_close WHERE id = $1" }
