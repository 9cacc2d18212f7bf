//! The head that every calendar file of ours has (RFC 5545).

use icalendar::{Calendar, Property};

/// A calendar without events, under the name of what makes it.
pub fn empty(product: &str) -> Calendar {
    // Not `new`, which names the library as the product beside us.
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", format!("-//jiedui//{product}//ZH")));
    calendar
}
