//! docs/lives.md draws what each kind of thing goes through, from the code that decides it.

use super::access::compare;
use crate::planning::calendar;
use crate::shared::{confirmation, lives};

#[test]
fn the_drawing_is_what_the_code_allows() {
    let all = [confirmation::lives(), calendar::rules::lives()].concat();
    compare("docs/lives.md", &lives::document(&all));
}
