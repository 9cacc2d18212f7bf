//! 经办与审核: what one prepares another releases, while somebody holds the releasing role and nobody switched it off.

use jiedui_programme::Access;

/// How the split stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The names of the two roles.
    pub prepares: String,
    pub releases: String,
    /// Accounts that can release.
    pub holders: i64,
    /// Why the office does without it; "" where it does not.
    pub off: String,
}

impl Split {
    pub fn is_on(&self) -> bool {
        self.holders > 0 && self.off.is_empty()
    }
}

/// The ids of the two roles; none where the programme splits nothing.
pub fn roles(access: &Access) -> Option<(&str, &str)> {
    let first = access.releases.first()?;
    Some((&first.prepared_by, &first.released_by))
}
