//! How something that one side claims stands with the other side: the one list of states, and their texts in a database.

use serde::{Deserialize, Serialize};

/// The state of an entry or an output, derived from its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// 待确认.
    Claimed,
    /// 已确认.
    Confirmed,
    /// 部分确认: a part counts, the rest is disputed until the claimant corrects.
    Part,
    /// 有异议.
    Disputed,
    /// 已撤回 by the claimant.
    Withdrawn,
}

impl EntryState {
    pub const ALL: [Self; 5] = [Self::Claimed, Self::Confirmed, Self::Part, Self::Disputed, Self::Withdrawn];

    /// The other side objects to it, or to a part of it.
    pub const fn is_contested(self) -> bool {
        matches!(self, Self::Part | Self::Disputed)
    }

    /// The text under which it is stored.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Confirmed => "confirmed",
            Self::Part => "part",
            Self::Disputed => "disputed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A stored text that is no state. What it belongs to is named by whoever reads the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownState(pub String);

impl std::fmt::Display for UnknownState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "“{}” is no state of an entry or output", self.0)
    }
}

impl std::error::Error for UnknownState {}

impl TryFrom<String> for EntryState {
    type Error = UnknownState;

    fn try_from(text: String) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.text() == text).ok_or(UnknownState(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back_and_nothing_else_does() {
        for state in EntryState::ALL {
            assert_eq!(EntryState::try_from(state.text().to_owned()), Ok(state));
        }
        assert_eq!(EntryState::try_from("open".to_owned()), Err(UnknownState("open".to_owned())));
    }
}
