//! Signs that no font of a paper has, such as emoji: told in words, so that whoever reads the paper sees that there was one,
//! and mostly which.

use super::{Block, Document};
use std::fmt::Write as _;

/// What the usual ones are called.
const NAMES: [(char, &str); 24] = [
    ('👍', "赞"),
    ('👎', "不赞成"),
    ('👏', "鼓掌"),
    ('🙏', "致谢"),
    ('💪', "加油"),
    ('👌', "好"),
    ('🤝', "握手"),
    ('😀', "笑"),
    ('😁', "笑"),
    ('😂', "笑"),
    ('😄', "笑"),
    ('😊', "笑"),
    ('🙂', "笑"),
    ('😭', "哭"),
    ('❤', "心"),
    ('🌹', "花"),
    ('🌸', "花"),
    ('🎉', "庆祝"),
    ('✅', "已办"),
    ('❌', "叉"),
    ('⚠', "注意"),
    ('❗', "注意"),
    ('🔥', "火"),
    ('📞', "电话"),
];

/// What all others are called.
const UNNAMED: &str = "表情";

/// The paper with such signs in words; `has` says what can be shown.
pub fn told(document: &Document, has: impl Fn(char) -> bool) -> Document {
    let mut told = document.clone();
    for text in texts(&mut told) {
        if let Some(words) = in_words(text, &has) {
            *text = words;
        }
    }
    told
}

fn texts(document: &mut Document) -> Vec<&mut String> {
    let Document { sheet: _, issuer, mark, title, recipients, blocks } = document;
    let mut found = vec![issuer, mark, title, recipients];
    found.extend(blocks.iter_mut().flat_map(texts_of));
    found
}

fn texts_of(block: &mut Block) -> Vec<&mut String> {
    match block {
        Block::Heading { text, .. }
        | Block::Paragraph { text }
        | Block::Caption { text }
        | Block::Code { text, .. } => vec![text],
        Block::Facts { rows } => rows.iter_mut().flat_map(|(name, what)| [name, what]).collect(),
        Block::Table(table) => {
            let headings = table.columns.iter_mut().map(|column| &mut column.heading);
            headings.chain(table.rows.iter_mut().flatten()).collect()
        }
        Block::Signatures { of: names } | Block::Attachments { names } => names.iter_mut().collect(),
        Block::Signed { by, on } => vec![by, on],
        Block::PageBreak => Vec::new(),
    }
}

/// A letter or a character that is missing stays what it is, a box: it has no name that would help.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}')
}

/// What only says how the sign before it looks, or that the next one is a part of it.
fn is_beside(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{20e3}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// None where everything can be shown.
fn in_words(text: &str, has: &impl Fn(char) -> bool) -> Option<String> {
    let lacks = |c: char| is_sign(c) && !has(c);
    if !text.chars().any(|c| is_beside(c) || lacks(c)) {
        return None;
    }
    let mut words = String::with_capacity(text.len());
    let mut unnamed = false;
    for c in text.chars().filter(|c| !is_beside(*c)) {
        if !lacks(c) {
            words.push(c);
            unnamed = false;
            continue;
        }
        let name = NAMES.iter().find(|(sign, _)| *sign == c).map(|(_, name)| *name);
        // One that is made of several, and several without a name, are told once.
        if name.is_some() || !unnamed {
            let _ = write!(words, "〔{}〕", name.unwrap_or(UNNAMED));
        }
        unnamed = name.is_none();
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_told_once_and_by_its_name() {
        let told = |text: &str| in_words(text, &|_| false);
        assert_eq!(told("已到校👍🏽，谢谢🙏").as_deref(), Some("已到校〔赞〕，谢谢〔致谢〕"));
        assert_eq!(
            told("一家👨\u{200d}👩\u{200d}👧来了").as_deref(),
            Some("一家〔表情〕来了"),
            "one of three"
        );
        assert_eq!(told("❤\u{fe0f}").as_deref(), Some("〔心〕"));
        assert_eq!(told("1\u{fe0f}\u{20e3}").as_deref(), Some("1"));
        assert_eq!(
            told("张𬭎 12 人次，●"),
            Some("张𬭎 12 人次，〔表情〕".to_owned()),
            "names stay as they are"
        );
        assert_eq!(in_words("●◐", &|_| true), None, "what can be shown is shown");
    }

    #[test]
    fn every_text_of_a_paper_is_looked_at() {
        let mut document = Document { issuer: "👍".to_owned(), ..Document::new("👍") };
        document.heading(1, "👍");
        document.text("👍");
        document.caption("👍");
        document.facts(vec![("👍", "👍".to_owned())]);
        document.table(vec![super::super::TableColumn::new("👍", 1.0)], vec![vec!["👍".to_owned()]]);
        document.blocks.push(Block::Signed { by: "👍".to_owned(), on: "👍".to_owned() });
        document.blocks.push(Block::Signatures { of: vec!["👍".to_owned()] });
        document.blocks.push(Block::Attachments { names: vec!["👍".to_owned()] });
        let shown = format!("{:?}", told(&document, |_| false));
        assert!(!shown.contains('👍') && shown.matches("〔赞〕").count() == 13, "{shown}");
    }
}
