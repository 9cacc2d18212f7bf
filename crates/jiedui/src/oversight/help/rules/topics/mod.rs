//! The texts. A number in them would be one that no figure opens: they have none.

mod evidence;
mod figures;
mod network;
mod planning;
mod reporting;
mod sharing;
mod system;

use super::Topic;

/// In the order of the menu.
pub const TOPICS: &[&[Topic]] = &[
    network::TOPICS,
    planning::TOPICS,
    evidence::TOPICS,
    figures::TOPICS,
    reporting::TOPICS,
    sharing::TOPICS,
    system::TOPICS,
];
