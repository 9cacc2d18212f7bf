//! How a text breaks into lines: between any two Chinese characters, not inside a Latin word, no line that begins with a
//! closing mark or ends with an opening one.

use std::ops::Range;

/// A line of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    pub range: Range<usize>,
    /// How far in it begins.
    pub indent: f32,
    pub width: f32,
}

/// Marks that may not begin a line; where there is room they hang over its end.
const CLOSING: &str = "，。、；：？！）》〉」』”’】〕％%,.;:?!)]}·…—～";
/// Marks that may not end one.
const OPENING: &str = "（《〈「『“‘【〔([{";

/// The room for a text: its width, how far in the first and all other lines begin, and whether a mark may hang over the
/// end of a line: not in a cell, where it would stand on its edge.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    pub width: f32,
    pub first: f32,
    pub rest: f32,
    pub hangs: bool,
}

/// Whether a line may not be broken between these two.
fn holds(before: char, after: char) -> bool {
    let latin =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '@' | '%' | '+' | '#');
    (latin(before) && latin(after)) || CLOSING.contains(after) || OPENING.contains(before)
}

/// The lines of a text; line ends in it are kept. `width_of` says how wide a character is.
pub fn lines(text: &str, room: Room, width_of: impl Fn(char) -> f32) -> Vec<TextLine> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in text.split('\n') {
        broken(text, at..at + part.len(), room, &width_of, &mut found);
        at += part.len() + 1;
    }
    found
}

fn broken(
    text: &str,
    part: Range<usize>,
    room: Room,
    width_of: &impl Fn(char) -> f32,
    found: &mut Vec<TextLine>,
) {
    let mut indent = room.first;
    let (mut start, mut width) = (part.start, 0.0);
    // The last place in the line where it may be broken, and its width up to there.
    let mut may: Option<(usize, f32)> = None;
    let mut before: Option<char> = None;
    for (offset, c) in text.get(part.clone()).unwrap_or_default().char_indices() {
        let (at, wide) = (part.start + offset, width_of(c));
        if before.is_some_and(|before| !holds(before, c)) {
            may = Some((at, width));
        }
        let over = |width: f32, indent: f32| width > room.width - indent + 0.01;
        // A closing mark hangs over the edge, but not a whole row of them. What was carried over may be too long again.
        let hangs = room.hangs && CLOSING.contains(c);
        while over(width + wide, indent) && at > start && (!hangs || over(width, indent)) {
            let (cut, upto) = may.filter(|(cut, _)| *cut > start).unwrap_or((at, width));
            found.push(TextLine { range: start..cut, indent, width: upto });
            (start, width, indent, may) = (cut, width - upto, room.rest, None);
        }
        width += wide;
        before = Some(c);
    }
    found.push(TextLine { range: start..part.end, indent, width });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A Chinese character is ten wide, all others five.
    fn of(text: &str, width: f32) -> Vec<String> {
        within(text, width, true)
    }

    fn within(text: &str, width: f32, hangs: bool) -> Vec<String> {
        let room = Room { width, first: 0.0, rest: 0.0, hangs };
        lines(text, room, wide).into_iter().map(|line| text[line.range].to_owned()).collect()
    }

    fn wide(c: char) -> f32 {
        if c.is_ascii() { 5.0 } else { 10.0 }
    }

    #[test]
    fn chinese_breaks_anywhere_words_and_marks_do_not() {
        assert_eq!(of("一二三四五", 30.0), ["一二三", "四五"]);
        assert_eq!(of("一二三，四五", 30.0), ["一二三，", "四五"]);
        assert_eq!(
            within("一二三，四五", 30.0, false),
            ["一二", "三，四", "五"],
            "none on the edge of a cell"
        );
        assert_eq!(of("一二（三四", 30.0), ["一二", "（三四"]);
        assert_eq!(of("一二2026-11年", 50.0), ["一二", "2026-11年"]);
        assert_eq!(of("一\n\n二", 30.0), ["一", "", "二"]);
        assert_eq!(of("abcdefghij", 20.0), ["abcd", "efgh", "ij"], "a word longer than a line");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_much_too_long(text in "[一-三a-c，（ \n]{0,80}", width in 10_u8..80) {
            let width = f32::from(width);
            let room = Room { width, first: 0.0, rest: 0.0, hangs: true };
            let found = lines(&text, room, wide);
            let all: String = found.iter().map(|line| &text[line.range.clone()]).collect();
            prop_assert_eq!(all, text.replace('\n', ""));
            for line in &found {
                // One mark may hang over; a first character that is wider than the line cannot be helped.
                prop_assert!(line.width <= width + 10.01, "{line:?}");
            }
        }
    }
}
