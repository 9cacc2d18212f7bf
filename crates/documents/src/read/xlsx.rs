//! An xlsx against its description: its sheets one after the other. What is none of ours need not be whole.

use super::MAX_UNPACKED;
use super::book::Book;
use super::collect::{Collector, Flow};
use super::guard::{Outcome, Stop};
use super::merges::Merges;
use super::raw::RawRow;
use super::sheet::Taker;
use crate::error::Fault;

pub(super) fn read(bytes: &[u8], collector: &mut Collector<'_>) -> Result<(), Fault> {
    let book = Book::open(bytes, MAX_UNPACKED).map_err(|stop| stop.fault(""))?;
    collector.announce(book.sheets.iter().map(|sheet| sheet.name.as_str()));
    if let Some(mark) = book.property(crate::mark::PROPERTY) {
        collector.made_from(&mark);
    }
    for sheet in book.sheets.iter().filter(|sheet| sheet.has_cells) {
        if !collector.begin(&sheet.name, sheet.hidden, book.from_1904) {
            continue;
        }
        let done = match &sheet.part {
            Some(part) => {
                book.rows(part, &mut Reading { book: &book, part, collector: &mut *collector, merges: None })
            }
            None => Err(Stop::Damaged),
        };
        match done {
            Ok(()) => collector.end(),
            Err(Stop::Damaged) if !collector.is_ours() => collector.pass_over(),
            Err(stop) => return Err(stop.fault(&sheet.name)),
        }
    }
    Ok(())
}

/// One sheet on its way.
struct Reading<'x, 'c> {
    book: &'x Book<'x>,
    part: &'x str,
    collector: &'x mut Collector<'c>,
    /// Its merged cells, from the headings on: nobody looks for them in a sheet that is none of ours.
    merges: Option<Merges>,
}

impl Taker for Reading<'_, '_> {
    fn hidden_columns(&mut self, first: u32, last: u32) {
        self.collector.hide_columns(first, last);
    }

    fn row(&mut self, mut row: RawRow) -> Outcome<Flow> {
        if let Some(merges) = &mut self.merges {
            merges.apply(&mut row);
        }
        let flow = self.collector.row(row);
        if flow == Flow::Go
            && self.merges.is_none()
            && let Some(headings) = self.collector.heading_row()
        {
            let merges = self.book.merges(self.part)?;
            self.merges = Some(merges.below(headings, |column| self.collector.reads(column)));
        }
        Ok(flow)
    }
}
