//! The sheet of the certificate that says which weight would part each pair.

use super::{Names, Parting};
use jiedui_documents::{Page, Slot};

const SHEET: &str = "权重改多少会变";
const HEADINGS: [&str; 6] = ["县级院校", "哪一项权重", "从", "改到", "换成：牵头院校", "换成：配合院校"];
const NOTE: &str = "一次只改一项权重、别的不动；列的是离现在的权重最近的改动。改到这个数，最好的结对里不再有这一对，差一步还有。";

/// None where nobody had it made.
pub(super) fn page(names: &Names) -> Option<Page<'_>> {
    if names.weights.is_empty() {
        return None;
    }
    let head = HEADINGS.iter().map(|heading| Slot::heading(*heading)).collect();
    let rows = std::iter::once(head).chain(names.weights.iter().map(line));
    let note = [Vec::new(), vec![Slot::Prose(NOTE.to_owned())]];
    Some(Page {
        name: SHEET.to_owned(),
        widths: vec![32.0, 32.0, 8.0, 8.0, 32.0, 32.0],
        frozen: (1, 1),
        rows: Box::new(rows.chain(note)),
    })
}

fn line(one: &Parting) -> Vec<Slot> {
    let Some((from, to)) = one.moved else {
        return vec![Slot::value(one.county_school.as_str()), Slot::value("怎么改都不变")];
    };
    vec![
        Slot::value(one.county_school.as_str()),
        Slot::value(one.weight.as_str()),
        Slot::value(from),
        Slot::value(to),
        Slot::value(one.lead.as_str()),
        Slot::value(one.nearby.as_str()),
    ]
}
