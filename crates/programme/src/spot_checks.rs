//! How many confirmed entries are looked at again: `[spot_check]` of `programme.toml`.

use jiedui_kernel::Date;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpotChecks {
    /// Of a thousand confirmed entries of a month so many are drawn.
    pub share_permille: u32,
    /// No unit looks at more of one month.
    pub most_per_unit: u32,
    /// So many working days it has for that.
    pub look_workdays: u32,
    /// The first month from which is drawn, by any of its days.
    pub from: Date,
}
