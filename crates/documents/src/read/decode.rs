//! The parts of an xlsx as UTF-8: most are, some programs write UTF-16 or what their declaration says.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::Range;

/// Bytes in which a declaration stands, if there is one.
const HEAD: u64 = 256;
const PIECE: usize = 64 * 1024;

/// The same in UTF-8, whatever it is written in.
pub(super) fn utf8<'a>(mut part: impl Read + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut head = Vec::new();
    part.by_ref().take(HEAD).read_to_end(&mut head)?;
    let encoding = encoding_of(&head);
    let whole = Cursor::new(head).chain(part);
    let read: Box<dyn BufRead + 'a> = match encoding {
        None => Box::new(BufReader::with_capacity(PIECE, whole)),
        Some(encoding) => {
            let inner = BufReader::with_capacity(PIECE, whole);
            Box::new(Decoded::new(inner, encoding))
        }
    };
    Ok(read)
}

/// The encoding of a part by its first bytes; `None` for UTF-8, with its mark or without.
fn encoding_of(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ => declared(head).filter(|found| ![UTF_8, UTF_16LE, UTF_16BE].contains(found)),
    }
}

/// What the declaration names. One byte for each sign is a matter of course here, so it can be looked for.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(head);
    let (declaration, _) = text.strip_prefix("<?xml")?.split_once("?>")?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = rest.strip_prefix(quote)?.split_once(quote)?;
    Encoding::for_label(name.as_bytes())
}

/// Decodes piece by piece into room of its own: whoever reads may ask for less than one sign takes.
struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    piece: Vec<u8>,
    /// What of the piece was not taken yet.
    rest: Range<usize>,
    done: bool,
}

impl<R: BufRead> Decoded<R> {
    fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { inner, decoder, piece: vec![0; PIECE], rest: 0..0, done: false }
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.rest.is_empty() && !self.done {
            let from = self.inner.fill_buf()?;
            let last = from.is_empty();
            let (result, taken, given, wrong) = self.decoder.decode_to_utf8(from, &mut self.piece, last);
            self.inner.consume(taken);
            // Nothing is guessed: a sign that cannot be read makes the part a broken one.
            if wrong {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
            self.rest = 0..given;
            self.done = last && matches!(result, CoderResult::InputEmpty);
        }
        Ok(self.piece.get(self.rest.clone()).unwrap_or_default())
    }

    fn consume(&mut self, taken: usize) {
        self.rest.start = self.rest.end.min(self.rest.start + taken);
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(into)?;
        self.consume(taken);
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        utf8(bytes)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_encoding_gives_the_same() {
        let plain = format!("<a>{}</a>", "某技工学校𠮷".repeat(9_000));
        assert_eq!(text(plain.as_bytes()).unwrap(), plain);
        let marked = format!("\u{FEFF}{plain}");
        for xml in [&plain, &marked] {
            let little: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = xml.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(text(&little).unwrap(), plain);
            assert_eq!(text(&big).unwrap(), plain);
        }
        let declared = "<?xml version=\"1.0\" encoding = 'gb2312'?><a>技工学校</a>";
        assert_eq!(text(&encoding_rs::GBK.encode(declared).0).unwrap(), declared);
        // What it says is not so: it cannot be UTF-16 where this can be read.
        let wrong = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>技</a>";
        assert_eq!(text(wrong.as_bytes()).unwrap(), wrong);
    }

    #[test]
    fn what_cannot_be_read_is_not_guessed() {
        assert!(text(b"\xFF\xFE<\0\x00\xD8x\0").is_err());
    }
}
