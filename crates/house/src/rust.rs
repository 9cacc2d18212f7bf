//! As much of Rust's grammar as the rules need: which bytes are code, which are comment, which are text in quotes.

/// A text in quotes.
#[derive(Debug, Clone)]
pub struct Literal {
    /// Byte offset of its first character (the quote, or the `r` of a raw one).
    pub start: usize,
    /// Byte offset just behind its closing quote.
    pub end: usize,
    pub line: usize,
    pub value: String,
}

/// A source file taken apart.
#[derive(Debug)]
pub struct Lexed {
    /// The source with comments and the insides of literals blanked; offsets and lines are those of the source.
    pub code: String,
    pub literals: Vec<Literal>,
}

impl Lexed {
    pub fn line(&self, offset: usize) -> usize {
        line(&self.code, offset)
    }

    /// The name of the call or macro whose brackets most closely hold `offset`: `format!`, `push_str`, `from`.
    pub fn enclosing_call(&self, offset: usize) -> Option<&str> {
        let mut depth = 0_usize;
        for (at, byte) in self.code.as_bytes()[..offset].iter().enumerate().rev() {
            match byte {
                b')' | b']' | b'}' => depth += 1,
                b'(' | b'[' | b'{' if depth > 0 => depth -= 1,
                b'(' => return Some(last_name(&self.code[..at])),
                b'[' | b'{' => return None,
                _ => {}
            }
        }
        None
    }
}

fn last_name(before: &str) -> &str {
    let before = before.trim_end();
    let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '!';
    &before[before.trim_end_matches(of_name).len()..]
}

fn line(text: &str, offset: usize) -> usize {
    1 + text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count()
}

/// Takes a source file apart.
pub fn lex(source: &str) -> Lexed {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let in_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        if rest.starts_with(b"//") || rest.starts_with(b"/*") {
            let end = at + comment_length(rest);
            blank(&mut code[at..end]);
            at = end;
        } else if let Some((open, close, length)) = quoted(rest, in_name) {
            let end = at + length;
            let inner = (at + open)..(end - close).max(at + open);
            literals.push(Literal {
                start: at,
                end,
                line: line(source, at),
                value: source[inner.clone()].to_owned(),
            });
            blank(&mut code[inner]);
            at = end;
        } else if rest[0] == b'\'' {
            let length = character_length(rest);
            if length > 2 {
                blank(&mut code[at + 1..at + length - 1]);
            }
            at += length;
        } else {
            at += 1;
        }
    }
    Lexed { code: String::from_utf8_lossy(&code).into_owned(), literals }
}

/// Newlines stay, so that lines keep their numbers.
fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

fn comment_length(rest: &[u8]) -> usize {
    if rest.starts_with(b"//") {
        return rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    }
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// If a text in quotes begins here: the lengths of its opening, its closing, and the whole.
fn quoted(rest: &[u8], in_name: bool) -> Option<(usize, usize, usize)> {
    if rest[0] == b'"' {
        let mut at = 1;
        while at < rest.len() && rest[at] != b'"' {
            at += if rest[at] == b'\\' { 2 } else { 1 };
        }
        return Some((1, 1, (at + 1).min(rest.len())));
    }
    let letters =
        if rest.starts_with(b"br") || rest.starts_with(b"cr") { 2 } else { usize::from(rest[0] == b'r') };
    if letters == 0 || in_name {
        return None;
    }
    let hashes = rest[letters..].iter().take_while(|byte| **byte == b'#').count();
    let open = letters + hashes + 1;
    if rest.get(open - 1) != Some(&b'"') {
        return None;
    }
    let closing = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    let inner = rest[open..].windows(closing.len()).position(|window| window == closing)?;
    Some((open, closing.len(), open + inner + closing.len()))
}

/// The length of a character in quotes, or 1 where the quote opens a lifetime.
fn character_length(rest: &[u8]) -> usize {
    if rest.get(1) == Some(&b'\\') {
        let from = 3.min(rest.len());
        return rest[from..].iter().position(|byte| *byte == b'\'').map_or(1, |more| from + more + 1);
    }
    let width = match rest.get(1) {
        Some(0xF0..) => 4,
        Some(0xE0..) => 3,
        Some(0xC0..) => 2,
        _ => 1,
    };
    if rest.get(1 + width) == Some(&b'\'') { width + 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_blanked_and_lines_kept() {
        let source =
            "a /* x /* y */ \n */ b // c \"no\"\n\"yes\\\"\" r#\"raw \"q\"\"# 'é' '\"' &'a str '\\''";
        let lexed = lex(source);
        let values: Vec<_> = lexed.literals.iter().map(|l| (l.line, l.value.as_str())).collect();
        assert_eq!(values, [(3, "yes\\\""), (3, "raw \"q\"")]);
        assert_eq!(lexed.code.len(), source.len());
        assert!(!lexed.code.contains("no") && !lexed.code.contains('x') && lexed.code.contains("&'a str"));
        assert_eq!(lexed.line(lexed.code.find('b').unwrap()), 2);
    }

    #[test]
    fn the_call_around_a_text() {
        let lexed = lex("write!(out(a), \"one\"); sql.push_str ( \"two\"); let x = [\"three\"];");
        let calls: Vec<_> = lexed.literals.iter().map(|l| lexed.enclosing_call(l.start)).collect();
        assert_eq!(calls, [Some("write!"), Some("push_str"), None]);
    }
}
