//! What a plan must hold, who drafts it and who agrees to it (G1.3, T1.1, T2.2).

use super::body::{self, Body, Holds, LEVELS, MOST_ROWS, MOST_TEXT, PARTIES, UNITS, columns, field_name};
use super::data::PlanRow;
use crate::planning::needs::NeedRow;
use jiedui_kernel::{Date, FieldError};
use jiedui_programme::{Programme, SectionKind, Signatory, Template};
use jiedui_web::figure::StateMark;
use jiedui_web::history::{self, Consent, HistoryRow, Party};
use serde::Serialize;

pub const STEPS: [(&str, &str); 6] = [
    ("begin", "起草"),
    ("edit", "修改"),
    ("propose", "征求同意"),
    ("agree", "同意"),
    ("send_back", "退回修改"),
    ("settle", "各方都已同意，方案生效"),
];

pub const STATES: [(&str, &str); 5] = [
    ("none", "未起草"),
    ("draft", "起草中"),
    ("proposed", "征求同意中"),
    ("sent_back", "被退回"),
    ("agreed", "已生效"),
];

/// The state under which the list files a plan: one of `STATES`.
pub fn state_key(row: Option<&PlanRow>) -> &'static str {
    match row.map(|row| (row.state.as_str(), row.sent_back)) {
        None => "none",
        Some(("draft", _)) => "draft",
        Some(("proposed", true)) => "sent_back",
        Some(("proposed", false)) => "proposed",
        Some(_) => "agreed",
    }
}

pub fn state(row: Option<&PlanRow>) -> StateMark {
    if row.is_some_and(|row| row.state == "replaced") {
        return StateMark::new("none", "已由新版接替", "–");
    }
    match state_key(row) {
        "draft" => StateMark::new("active", "起草中", "◐"),
        "proposed" => StateMark::new("pending", "征求同意中", "○"),
        "sent_back" => StateMark::new("disputed", "被退回", "◆"),
        "agreed" => StateMark::new("done", "已生效", "●"),
        _ => StateMark::new("none", "未起草", "–"),
    }
}

fn party(row: &PlanRow, signatory: Signatory) -> Party {
    let (label, org, name) = match signatory {
        Signatory::Lead => ("牵头院校", &row.lead, &row.lead_name),
        Signatory::Nearby => ("配合院校", &row.nearby, &row.nearby_name),
        Signatory::CountySchool => ("对口县级院校", &row.org, &row.county_name),
        Signatory::CountyBureau => ("主管人社局", &row.bureau, &row.bureau_name),
    };
    Party { label, org: org.clone(), name: name.clone() }
}

pub fn drafter(row: &PlanRow, template: &Template) -> Party {
    party(row, template.drafted_by)
}

/// Those who are asked to agree.
pub fn asked(row: &PlanRow, template: &Template) -> Vec<Party> {
    template.agreed_by.iter().map(|signatory| party(row, *signatory)).collect()
}

/// Where the drafter and those who are asked stand to the present content.
pub fn consents(row: &PlanRow, template: &Template, history: &[HistoryRow]) -> Vec<Consent> {
    let mut parties = vec![drafter(row, template)];
    parties.extend(asked(row, template));
    history::consents(&parties, history, row.content, "propose")
}

/// What the caller may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct AllowedActions {
    pub edit: bool,
    pub propose: bool,
    pub answer: bool,
    pub revise: bool,
}

/// After a pairing has ended nothing new is drafted for it; what was proposed may be answered for some days.
pub fn may(
    org: &str,
    row: &PlanRow,
    template: &Template,
    history: &[HistoryRow],
    programme: &Programme,
    today: Date,
) -> AllowedActions {
    let drafts = org == drafter(row, template).org && row.pairing_to.is_none_or(|end| today <= end);
    AllowedActions {
        edit: drafts && (row.state == "draft" || (row.state == "proposed" && row.sent_back)),
        propose: drafts && row.state == "draft",
        answer: in_time(row, programme, today) && awaits(row, template, history, org),
        revise: drafts && row.state == "agreed" && !row.newer,
    }
}

/// Whether this organisation's consent to the present content is still missing.
pub fn awaits(row: &PlanRow, template: &Template, history: &[HistoryRow], org: &str) -> bool {
    let asked = asked(row, template);
    row.state == "proposed"
        && !org.is_empty()
        && asked.iter().any(|party| party.org == org)
        && history::consents(&asked, history, row.content, "propose")
            .iter()
            .any(|one| one.org == org && !one.agreed)
}

pub fn in_time(row: &PlanRow, programme: &Programme, today: Date) -> bool {
    crate::network::pairings::rules::answers_still(row.pairing_to, programme, today)
}

/// Whether one may save it: lengths, and that everything it names is there. What is missing may still come.
pub fn check(body: &Body, template: &Template, programme: &Programme, needs: &[NeedRow]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut say =
        |field: String, message: &str| errors.push(FieldError { field, message: message.to_owned() });
    for section in &template.sections {
        let text = body.text.get(&section.id).map_or(0, |text| text.chars().count());
        if section.kind == SectionKind::Text && text > MOST_TEXT {
            say(format!("text-{}", section.id), "这一段最多写四千个字，请写得短些。");
        }
        let rows = body.rows(section.kind);
        if rows.len() > MOST_ROWS {
            say(field_name(section.kind, 0, 0), "这一部分最多六十条，请合并后再保存。");
        }
        for (at, row) in rows.iter().enumerate() {
            for (number, (column, cell)) in columns(section.kind).iter().zip(row).enumerate() {
                if let Some(message) = wrong(column.holds, cell, programme, needs) {
                    say(field_name(section.kind, at, number), message);
                }
            }
        }
    }
    errors
}

fn wrong(holds: Holds, cell: &str, programme: &Programme, needs: &[NeedRow]) -> Option<&'static str> {
    if cell.is_empty() {
        return None;
    }
    let among = |words: &[(&str, &'static str)]| !body::name_in(words, cell).is_empty();
    let known = match holds {
        Holds::Text(most) if cell.chars().count() > most => {
            return Some("写得太长了，请分成几条或写得短些。");
        }
        Holds::Text(_) | Holds::Whole | Holds::Hundredths | Holds::Money | Holds::Day => true,
        Holds::Indicator => programme.indicator(cell).is_some(),
        Holds::Clause => programme.clauses.iter().any(|clause| clause.id == cell),
        Holds::Need => needs.iter().any(|need| need.id == cell),
        Holds::Party => among(&PARTIES),
        Holds::Level => among(&LEVELS),
        Holds::Unit => among(&UNITS),
    };
    (!known).then_some("请从列表里选一项。")
}

/// Whether the others can be asked: rows are whole, and there is something to agree to.
pub fn complete(body: &Body, template: &Template) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for section in &template.sections {
        let rows = body.rows(section.kind);
        let empty = match section.kind {
            SectionKind::Measures => "还没有写措施，至少写一条再征求同意。",
            SectionKind::Gaps => "还没有写条件缺口，至少写一条再征求同意。",
            SectionKind::Milestones => "还没有写时间节点，至少写一条再征求同意。",
            SectionKind::Text | SectionKind::Goals => "",
        };
        if rows.is_empty() && !empty.is_empty() {
            errors.push(FieldError { field: field_name(section.kind, 0, 0), message: empty.to_owned() });
        }
        for (at, row) in rows.iter().enumerate() {
            for (number, (column, cell)) in columns(section.kind).iter().zip(row).enumerate() {
                if column.needed && cell.is_empty() {
                    let message = format!("请补上“{}”的“{}”，或把这一条清空。", section.title, column.label);
                    errors.push(FieldError { field: field_name(section.kind, at, number), message });
                }
            }
        }
    }
    errors
}

/// Open needs that no measure names.
pub fn unanswered<'a>(body: &Body, needs: &'a [NeedRow]) -> Vec<&'a NeedRow> {
    let named = |need: &NeedRow| body.measures.iter().any(|measure| measure.need == need.id);
    needs.iter().filter(|need| need.state == "open" && !named(need)).collect()
}
