//! The sheet of the certificate that lists what people decided: the proof holds under these, and no further.

use super::{Decision, Names};
use jiedui_documents::{Page, Slot};
use jiedui_matching::{Fixed, Instance};

const SHEET: &str = "人工决定";
const HEADINGS: [&str; 5] = ["县级院校", "决定", "院校", "理由", "综合得分减少"];

pub(super) fn page<'a>(instance: &Instance, names: &Names) -> Page<'a> {
    let mut decisions = names.decisions.clone();
    if decisions.is_empty() {
        decisions = instance.fixed.iter().flat_map(|fixed| settled(fixed, names)).collect();
    }
    let mut rows = vec![HEADINGS.iter().map(|heading| Slot::heading(*heading)).collect()];
    rows.extend(decisions.iter().map(line));
    if decisions.is_empty() {
        rows.push(vec![Slot::value("没有人工决定：每一对都由计算选出。")]);
    }
    Page {
        name: SHEET.to_owned(),
        widths: vec![32.0, 20.0, 32.0, 60.0, 14.0],
        frozen: (1, 1),
        rows: Box::new(rows.into_iter()),
    }
}

fn line(decision: &Decision) -> Vec<Slot> {
    let texts = [&decision.county_school, &decision.what, &decision.partner, &decision.reason];
    let cell = |text: &String| if text.is_empty() { Slot::Empty } else { Slot::value(text.as_str()) };
    texts.into_iter().map(cell).chain([decision.loss.map_or(Slot::Empty, Slot::value)]).collect()
}

/// What a question has settled, where nobody says why.
fn settled(fixed: &Fixed, names: &Names) -> Vec<Decision> {
    let one = |what: &str, partner: &Option<String>| {
        partner.as_ref().map(|partner| Decision {
            county_school: names.school(&fixed.county_school).to_owned(),
            what: what.to_owned(),
            partner: names.school(partner).to_owned(),
            ..Decision::default()
        })
    };
    [one("牵头院校已定", &fixed.lead), one("配合院校已定", &fixed.nearby)].into_iter().flatten().collect()
}
