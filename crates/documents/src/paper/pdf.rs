//! A paper as PDF: laid out here, written by `krilla`, with the parts of the fonts that it uses inside.

use super::flow::{self, Room, TextLine};
use super::fonts::{Fonts, Mark};
use super::{Align, Block, Document, Face, KEPT_LINES, KEPT_ROWS, Look, Margins, Table, code, signs};
use crate::error::Error;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

#[cfg(test)]
mod tests;

/// Points in a millimetre.
const MM: f32 = 2.834_646;
/// GB/T 9704: 22 lines on 225 mm.
const LEADING: f32 = 225.0 * MM / 22.0 / 16.0;
/// Tables and notes stand closer.
const CLOSE: f32 = 1.35;
const CELL_ROOM: f32 = 4.0;
const RULE: f32 = 0.5;
const RED: (u8, u8, u8) = (255, 0, 0);
const BLACK: (u8, u8, u8) = (0, 0, 0);

/// Writes the paper as PDF.
///
/// # Errors
/// As [`super::word`]; [`Error::Write`] where the file cannot be put together.
pub fn pdf(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    document.check()?;
    let document = &signs::told(document, |c| fonts.has(c));
    let (pages, ink) = laid_out(document, fonts)?;
    write(document, document.sheet.margins(), &pages, &ink)
}

/// What stands on each page.
fn laid_out<'a>(document: &Document, fonts: &'a Fonts) -> Result<(Vec<Vec<Item>>, Ink<'a>), Error> {
    let margins = document.sheet.margins();
    let mut layout = Layout { ink: Ink { fonts, marks: RefCell::default() }, margins, pieces: Vec::new() };
    layout.document(document)?;
    let room = layout.height();
    let Layout { ink, pieces, .. } = layout;
    Ok((paginate(pieces, room), ink))
}

/// What is drawn, measured from the upper left of the text.
#[derive(Clone)]
enum Item {
    Text {
        x: f32,
        base: f32,
        face: Face,
        size: f32,
        red: bool,
        text: String,
    },
    /// A filled rectangle: lines of tables, squares of codes.
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        red: bool,
    },
}

impl Item {
    fn down(&self, by: f32) -> Self {
        let mut moved = self.clone();
        match &mut moved {
            Self::Text { base, .. } => *base += by,
            Self::Fill { y, .. } => *y += by,
        }
        moved
    }
}

/// What stands on one page as a whole.
struct Piece {
    height: f32,
    items: Vec<Item>,
    /// On one page with what follows.
    kept: bool,
    /// What comes again above it where it begins a page: the headings of its table.
    head: Option<Rc<Piece>>,
    new_page: bool,
}

impl Piece {
    fn new(height: f32, items: Vec<Item>) -> Self {
        Self { height, items, kept: false, head: None, new_page: false }
    }
}

/// The glyphs of characters, each looked up once.
struct Ink<'a> {
    fonts: &'a Fonts,
    marks: RefCell<HashMap<(Face, char), Mark>>,
}

impl Ink<'_> {
    fn mark(&self, face: Face, c: char) -> Mark {
        let mut marks = self.marks.borrow_mut();
        *marks.entry((face, c)).or_insert_with(|| self.fonts.mark(face, c).1)
    }

    fn width(&self, look: Look, text: &str) -> f32 {
        text.chars().map(|c| self.mark(look.face, c).advance).sum::<f32>() * size(look)
    }
}

fn size(look: Look) -> f32 {
    look.size as f32 / 2.0
}

struct Layout<'a> {
    ink: Ink<'a>,
    margins: Margins,
    pieces: Vec<Piece>,
}

impl Layout<'_> {
    fn width(&self) -> f32 {
        (self.margins.width - self.margins.left - self.margins.right) as f32 * MM
    }

    fn height(&self) -> f32 {
        (self.margins.height - self.margins.top - self.margins.bottom) as f32 * MM
    }

    fn document(&mut self, document: &Document) -> Result<(), Error> {
        if !document.issuer.is_empty() {
            self.text("代拟稿", super::DRAFT, LEADING, false);
            self.text(&document.issuer, super::issuer(&document.issuer), CLOSE, true);
            let rule = Item::Fill { x: 0.0, y: 8.0, width: self.width(), height: 1.4, red: true };
            self.pieces.push(Piece::new(40.0, vec![rule]));
        }
        if !document.mark.is_empty() {
            self.text(&document.mark, super::MARK, LEADING, false);
        }
        self.text(&document.title, super::TITLE, 1.6, true);
        self.pieces.push(Piece::new(12.0, Vec::new()));
        if !document.recipients.is_empty() {
            self.text(&format!("{}：", document.recipients), super::RECIPIENTS, LEADING, false);
        }
        let blocks = document.numbered();
        for (at, block) in blocks.iter().enumerate() {
            self.block(block, blocks.get(at + 1))?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) -> Result<(), Error> {
        let kept = super::is_kept(block, next);
        match block {
            Block::Heading { level, text } => self.text(text, super::heading(*level), LEADING, true),
            Block::Paragraph { text } => {
                let begun = self.pieces.len();
                self.text(text, super::PARAGRAPH, LEADING, false);
                let lines = self.pieces.iter_mut().skip(begun).rev();
                lines.take(KEPT_LINES).for_each(|line| line.kept = kept);
            }
            Block::Caption { text } => self.text(text, super::LINE, 1.55, kept),
            Block::Facts { rows } => self.facts(rows, kept),
            Block::Table(table) => self.table(table, kept),
            Block::Signatures { of } => self.signatures(of),
            Block::Signed { by, on } => {
                self.pieces
                    .push(Piece { kept: true, ..Piece::new(size(super::SIGNED) * LEADING, Vec::new()) });
                self.text(by, super::SIGNED, LEADING, true);
                self.text(on, super::SIGNED, LEADING, kept);
            }
            Block::Attachments { names } => {
                self.pieces.push(Piece::new(size(super::PARAGRAPH) * LEADING, Vec::new()));
                for name in super::attachments(names) {
                    self.text(&name, super::ATTACHMENT, LEADING, false);
                }
            }
            Block::Code { address, text } => self.code(address, text)?,
            Block::PageBreak => self.pieces.push(Piece { new_page: true, ..Piece::new(0.0, Vec::new()) }),
        }
        Ok(())
    }

    fn broken(&self, text: &str, look: Look, width: f32, hangs: bool) -> Vec<TextLine> {
        let size = size(look);
        let width = width - look.right as f32 * size;
        let room = Room { width, first: look.first as f32 * size, rest: look.rest as f32 * size, hangs };
        flow::lines(text, room, |c| self.ink.mark(look.face, c).advance * size)
    }

    /// Draws a line so that its text stands in the middle of its height.
    fn drawn(
        &self,
        text: &str,
        line: &TextLine,
        look: Look,
        (x, top): (f32, f32),
        (width, height): (f32, f32),
    ) -> Item {
        let shift = match look.align {
            Align::Left => line.indent,
            Align::Centre => (width - line.width) / 2.0,
            Align::Right => width - line.width - look.right as f32 * size(look),
        };
        let (size, text) = (size(look), text.get(line.range.clone()).unwrap_or_default().to_owned());
        // Chinese faces stand 0.88 of their size above the base and 0.12 under it.
        let base = top + (height - size) / 2.0 + size * 0.88;
        Item::Text { x: x + shift.max(0.0), base, face: look.face, size, red: look.red, text }
    }

    /// One piece for each line.
    fn text(&mut self, text: &str, look: Look, leading: f32, kept: bool) {
        let (width, height) = (self.width(), size(look) * leading);
        for line in self.broken(text, look, width, true) {
            let item = self.drawn(text, &line, look, (0.0, 0.0), (width, height));
            self.pieces.push(Piece { kept, ..Piece::new(height, vec![item]) });
        }
    }

    /// A row of cells; one that is higher than a page goes on on the next.
    fn row(&self, cells: &[(&str, Look)], widths: &[f32], ruled: bool) -> Vec<Piece> {
        let leading = |look: Look| size(look) * CLOSE;
        let texts: Vec<Vec<TextLine>> = cells
            .iter()
            .zip(widths)
            .map(|((text, look), width)| {
                self.broken(text, *look, (width - 2.0 * CELL_ROOM).max(size(*look)), false)
            })
            .collect();
        let high = cells.iter().map(|(_, look)| leading(*look)).fold(1.0, f32::max);
        let most = ((self.height() * 0.7 / high) as usize).max(1);
        let parts = texts.iter().map(|lines| lines.len().div_ceil(most)).max().unwrap_or(1).max(1);
        let part = |at: usize| {
            let slice =
                |lines: &[TextLine]| lines.iter().skip(at * most).take(most).cloned().collect::<Vec<_>>();
            let shown: Vec<Vec<TextLine>> = texts.iter().map(|lines| slice(lines)).collect();
            let count = shown.iter().map(Vec::len).max().unwrap_or(0);
            let height = (count as f32 * high + 2.0 * CELL_ROOM).max(if ruled { 25.5 } else { 0.0 });
            self.cells(cells, widths, &shown, height, ruled)
        };
        (0..parts).map(part).collect()
    }

    fn cells(
        &self,
        cells: &[(&str, Look)],
        widths: &[f32],
        shown: &[Vec<TextLine>],
        height: f32,
        ruled: bool,
    ) -> Piece {
        let (mut items, mut x) = (Vec::new(), 0.0);
        for (((text, look), width), lines) in cells.iter().zip(widths).zip(shown) {
            let leading = size(*look) * CLOSE;
            let top = (height - lines.len() as f32 * leading) / 2.0;
            for (at, line) in lines.iter().enumerate() {
                let place = (x + CELL_ROOM, top + at as f32 * leading);
                items.push(self.drawn(text, line, *look, place, (width - 2.0 * CELL_ROOM, leading)));
            }
            if ruled {
                items.push(Item::Fill { x, y: 0.0, width: RULE, height, red: false });
            }
            x += width;
        }
        if ruled {
            items.push(Item::Fill { x, y: 0.0, width: RULE, height, red: false });
            for y in [0.0, height] {
                items.push(Item::Fill { x: 0.0, y, width: x + RULE, height: RULE, red: false });
            }
        }
        Piece::new(height, items)
    }

    fn table(&mut self, table: &Table, kept: bool) {
        let shares: f64 = table.columns.iter().map(|column| column.width).sum();
        let whole = f64::from(self.width());
        let widths: Vec<f32> =
            table.columns.iter().map(|column| (column.width / shares * whole) as f32).collect();
        let headings: Vec<_> =
            table.columns.iter().map(|column| (column.heading.as_str(), super::COLUMN)).collect();
        let head = self.row(&headings, &widths, true).into_iter().next().map(Rc::new);
        if let Some(head) = &head {
            self.pieces.push(Piece { kept: true, ..Piece::new(head.height, head.items.clone()) });
        }
        let kept_rows = if kept { KEPT_ROWS } else { 0 };
        let first_kept = table.rows.len().saturating_sub(kept_rows);
        for (at, cells) in table.rows.iter().enumerate() {
            let texts = cells.iter().map(String::as_str).chain(std::iter::repeat(""));
            let looks = table.columns.iter().map(|column| match column.centred {
                true => Look { align: Align::Centre, ..super::CELL },
                false => super::CELL,
            });
            let row: Vec<_> = texts.zip(looks).collect();
            for piece in self.row(&row, &widths, true) {
                self.pieces.push(Piece { kept: at >= first_kept, head: head.clone(), ..piece });
            }
        }
        self.pieces.push(Piece { kept, ..Piece::new(6.0, Vec::new()) });
    }

    fn facts(&mut self, rows: &[(String, String)], kept: bool) {
        let name = size(super::FACT) * super::longest_name(rows) as f32 + 2.0 * CELL_ROOM;
        let widths = [name, self.width() - name];
        for (label, what) in rows {
            let cells = [(label.as_str(), super::FACT), (what.as_str(), super::FACT)];
            let pieces = self.row(&cells, &widths, false);
            self.pieces.extend(pieces);
        }
        if let Some(last) = self.pieces.last_mut().filter(|_| !rows.is_empty()) {
            last.kept = kept;
        }
        self.pieces.push(Piece { kept, ..Piece::new(6.0, Vec::new()) });
    }

    fn signatures(&mut self, of: &[String]) {
        let widths = vec![self.width() / of.len().max(1) as f32; of.len()];
        self.pieces.push(Piece { kept: true, ..Piece::new(20.0, Vec::new()) });
        for texts in &super::signatures(of) {
            let cells: Vec<_> = texts.iter().map(|text| (text.as_str(), super::FACT)).collect();
            let pieces = self.row(&cells, &widths, false);
            self.pieces.extend(pieces.into_iter().map(|piece| Piece { kept: true, ..piece }));
        }
        // Nothing stays with it that stands under it.
        self.pieces.push(Piece::new(0.0, Vec::new()));
    }

    fn code(&mut self, address: &str, text: &str) -> Result<(), Error> {
        let (count, dark) = code::squares(address)?;
        let side = 25.0 * MM / count as f32;
        let mut items = Vec::new();
        for (at, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let (x, y) = ((at % count) as f32 * side, (at / count) as f32 * side);
            // A hair wider, so that no white shows between two squares.
            items.push(Item::Fill { x, y, width: side + 0.02, height: side + 0.02, red: false });
        }
        self.pieces.push(Piece { kept: true, ..Piece::new(25.0 * MM + 6.0, items) });
        self.text(text, super::LINE, 1.55, false);
        Ok(())
    }
}

/// Puts the pieces onto pages: those that hold together onto one, where one page can hold them.
fn paginate(pieces: Vec<Piece>, room: f32) -> Vec<Vec<Item>> {
    let mut pages = vec![Vec::new()];
    let mut y = 0.0;
    for at in 0..pieces.len() {
        let (Some(piece), Some(rest)) = (pieces.get(at), pieces.get(at..)) else { break };
        let run = rest.iter().position(|piece| !piece.kept).map_or(rest.len(), |end| end + 1);
        let needs: f32 = rest.iter().take(run).map(|piece| piece.height).sum();
        let head = piece.head.as_ref().map_or(0.0, |head| head.height);
        // Within a run that was begun on this page there is room for all of it, unless no page has room for it.
        let full = y + if needs + head <= room { needs } else { piece.height } > room + 0.1;
        if (piece.new_page || full) && y > 0.0 {
            pages.push(Vec::new());
            y = 0.0;
            if let Some((head, page)) = piece.head.as_ref().filter(|_| full).zip(pages.last_mut()) {
                page.extend(head.items.iter().cloned());
                y = head.height;
            }
        }
        if let Some(page) = pages.last_mut() {
            page.extend(piece.items.iter().map(|item| item.down(y)));
        }
        y += piece.height;
    }
    pages
}

fn write(
    document: &Document,
    margins: Margins,
    pages: &[Vec<Item>],
    ink: &Ink<'_>,
) -> Result<Vec<u8>, Error> {
    let points = |mm: f64| mm as f32 * MM;
    let fault = |cause: &str| Error::Write(cause.to_owned());
    let mut file = krilla::Document::new();
    file.set_metadata(Metadata::new().title(document.title.clone()).language("zh-CN".to_owned()));
    for (at, items) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(points(margins.width), points(margins.height));
        let mut page = file.start_page_with(settings.ok_or_else(|| fault("no page"))?);
        let mut surface = page.surface();
        let origin = (points(margins.left), points(margins.top));
        for item in items.iter().chain(std::iter::once(&number(at + 1, margins, ink))) {
            draw(&mut surface, item, origin, ink);
        }
        surface.finish();
        page.finish();
    }
    file.finish().map_err(|cause| Error::Write(format!("{cause:?}")))
}

/// The number of the page between two dashes, outside: right on odd pages, left on even ones, 7 mm under the text.
fn number(page: usize, margins: Margins, ink: &Ink<'_>) -> Item {
    let look = Look::new(Face::Title, 28, Align::Left);
    let text = format!("— {page} —");
    let width = (margins.width - margins.left - margins.right) as f32 * MM;
    let x = match page % 2 {
        1 => width - ink.width(look, &text) - size(look),
        _ => size(look),
    };
    let base = (margins.height - margins.top - margins.bottom) as f32 * MM + 7.0 * MM + size(look) * 0.88;
    Item::Text { x, base, face: Face::Body, size: size(look), red: false, text }
}

fn fill(surface: &mut Surface<'_>, (r, g, b): (u8, u8, u8)) {
    let paint = rgb::Color::new(r, g, b).into();
    surface.set_fill(Some(Fill { paint, opacity: NormalizedF32::ONE, ..Fill::default() }));
}

fn draw(surface: &mut Surface<'_>, item: &Item, origin: (f32, f32), ink: &Ink<'_>) {
    match item {
        Item::Text { x, base, face, size, red, text } => {
            fill(surface, if *red { RED } else { BLACK });
            words(surface, text, (*face, *size), (origin.0 + x, origin.1 + base), ink);
        }
        Item::Fill { x, y, width, height, red } => {
            fill(surface, if *red { RED } else { BLACK });
            let mut path = PathBuilder::new();
            let rect = Rect::from_xywh(origin.0 + x, origin.1 + y, *width, *height);
            rect.into_iter().for_each(|rect| path.push_rect(rect));
            path.finish().iter().for_each(|path| surface.draw_path(path));
        }
    }
}

/// Draws a text in runs of one font each.
fn words(
    surface: &mut Surface<'_>,
    text: &str,
    (face, size): (Face, f32),
    (mut x, y): (f32, f32),
    ink: &Ink<'_>,
) {
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let (font, first) = ink.fonts.mark(face, c);
        let mut glyphs = vec![glyph(first, 0..c.len_utf8())];
        let mut end = start + c.len_utf8();
        while let Some((_, c)) = chars.peek() {
            let (other, mark) = ink.fonts.mark(face, *c);
            if !std::sync::Arc::ptr_eq(font, other) {
                break;
            }
            glyphs.push(glyph(mark, end - start..end - start + c.len_utf8()));
            end += c.len_utf8();
            chars.next();
        }
        let part = text.get(start..end).unwrap_or_default();
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font.font.clone(), part, size, false);
        x += glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * size;
    }
}

fn glyph(mark: Mark, text_range: std::ops::Range<usize>) -> KrillaGlyph {
    KrillaGlyph {
        glyph_id: GlyphId::new(mark.glyph.to_u32()),
        text_range,
        x_advance: mark.advance,
        x_offset: 0.0,
        y_offset: 0.0,
        y_advance: 0.0,
        location: None,
    }
}
