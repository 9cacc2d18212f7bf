//! Pure decisions: what may be said, who may do what, and what a page shows of it.

use super::ComplaintAnswer;
use super::NewComplaint;
use super::data::{ComplaintRow, ComplaintState};
use crate::shared::review::text_enum;
use jiedui_kernel::{Code, Date, FieldError, Mistake};
use jiedui_programme::Programme;
use jiedui_web::figure::StateMark;
use jiedui_web::reply::Choice;

pub const KINDS: [(&str, &str); 5] = [
    ("duplicate", "重复填报"),
    ("unreasonable", "要求不合理"),
    ("wrong", "数据有误"),
    ("trouble", "系统不好用"),
    ("idea", "建议"),
];

text_enum! {
    /// Where the list files a complaint: what its filter asks for.
    pub enum Listed {
        Open = "open",
        /// Open, and the time for an answer is over.
        Late = "late",
        Answered = "answered",
        Closed = "closed",
    }
}

pub const LISTED: [(Listed, &str); 4] = [
    (Listed::Open, "待答复"),
    (Listed::Late, "超过期限未答复"),
    (Listed::Answered, "已答复"),
    (Listed::Closed, "已办结"),
];

pub fn kind_name(id: &str) -> &'static str {
    KINDS.iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

pub fn state_mark(row: &ComplaintRow, today: Date) -> StateMark {
    match (row.state, row.content_with.as_str()) {
        (ComplaintState::Open, _) if row.due_on < today => StateMark::new("overdue", "超过期限未答复", "■"),
        (ComplaintState::Open, _) if row.round > 1 => StateMark::new("pending", "追问待答复", "○"),
        (ComplaintState::Open, _) => StateMark::new("pending", "待答复", "○"),
        (ComplaintState::Answered, _) => StateMark::new("active", "已答复，待表态", "◐"),
        (ComplaintState::Closed, "yes") => StateMark::new("done", "已办结，满意", "●"),
        (ComplaintState::Closed, _) => StateMark::new("disputed", "已办结，不满意", "◆"),
    }
}

/// What the caller may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct AllowedActions {
    pub answer: bool,
    pub mark: bool,
    pub judge: bool,
    /// Not content with the first answer: the office is asked once more.
    pub insist: bool,
}

pub fn may(row: &ComplaintRow, answers: bool) -> AllowedActions {
    let open = row.state == ComplaintState::Open;
    let judge = row.mine == 1 && row.state == ComplaintState::Answered;
    AllowedActions { answer: answers && open, mark: answers && !open, judge, insist: judge && row.round == 1 }
}

/// The forms of the register, for the office to say which one it is about.
pub fn form_choices(programme: &Programme) -> Vec<Choice> {
    let choice = |form: jiedui_programme::FormEntry| Choice {
        group: form.kind.label().to_owned(),
        ..Choice::new(format!("{}/{}", form.kind.id(), form.id), form.name)
    };
    programme.register().into_iter().map(choice).collect()
}

/// The address of a page of ours; "" for anything else, so that no complaint leads elsewhere.
pub fn page_of(text: &str) -> &str {
    let ours = text.starts_with('/') && !text.starts_with("//") && text.len() <= 200;
    if ours && !text.contains(['\\', '?', '#', '\n', '\r']) { text } else { "" }
}

/// The page as it is kept: one who does not want to be named is not given away by the id of a row.
pub fn page_kept(page: &str, named: bool) -> String {
    let page = page_of(page);
    if named {
        return page.to_owned();
    }
    let id = |part: &str| part.len() >= 20 || part.chars().next().is_some_and(|c| c.is_ascii_digit());
    let parts: Vec<&str> = page.split('/').map(|part| if id(part) { "…" } else { part }).collect();
    parts.join("/")
}

/// What is wrong with a text that must say something.
fn text(field: &str, what: &str, value: &str, least: usize, most: usize) -> Option<FieldError> {
    let length = value.trim().chars().count();
    match length {
        0 if least > 0 => Some(FieldError::new(field, Mistake::missing(what))),
        _ if length < least => Some(FieldError::new(
            field,
            Code::TooShort.says(format!("{what}太短，请说清楚，至少 {least} 个字。")),
        )),
        _ if length > most => Some(FieldError::new(field, Mistake::too_long(what, most, length))),
        _ => None,
    }
}

pub fn check_new(new: &NewComplaint) -> Vec<FieldError> {
    let kind = kind_name(&new.kind)
        .is_empty()
        .then(|| FieldError::new("kind", Code::Missing.says("请选择是哪一类。")));
    kind.into_iter().chain(text("words", "内容", &new.words, 5, 1_000)).collect()
}

pub fn check_answer(answer: &ComplaintAnswer, programme: &Programme) -> Vec<FieldError> {
    let words = text("words", "答复", &answer.words, 5, 1_000);
    words.into_iter().chain(check_mark(&answer.form, &answer.changed, programme)).collect()
}

pub fn check_mark(form: &str, changed: &str, programme: &Programme) -> Vec<FieldError> {
    let known = form.is_empty() || form_choices(programme).iter().any(|choice| choice.value == form);
    let form = (!known)
        .then(|| FieldError::new("form", Code::NotListed.says("报表目录里没有这张表，请从列表里选。")));
    form.into_iter().chain(text("changed", "因此改了什么", changed, 0, 300)).collect()
}

pub fn check_judgement(content: bool, words: &str) -> Vec<FieldError> {
    let least = if content { 0 } else { 5 };
    text("words", "哪里还不满意", words, least, 500).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_one_of_ours_and_gives_nobody_away() {
        assert_eq!(page_of("/needs/unanswered"), "/needs/unanswered");
        for bad in ["", "needs", "//evil.example", "https://x", "/a\\b", "/a?q=1"] {
            assert_eq!(page_of(bad), "", "{bad}");
        }
        let page = "/registry/01a0ebc276607109af6dd90cfc017f31/people";
        assert_eq!(page_kept(page, true), page);
        assert_eq!(page_kept(page, false), "/registry/…/people");
        assert_eq!(page_kept("/clocks/principal-visit/2026", false), "/clocks/principal-visit/…");
    }
}
