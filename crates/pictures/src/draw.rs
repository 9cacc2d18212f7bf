//! What every kind of picture answers, and the frame around its drawing.

use crate::mark::astray;
use crate::sheet::Sheet;
use crate::table::Table;
use crate::{Fault, MOST_COLUMNS, Picture};
use chrono::Datelike as _;
use jiedui_kernel::Date;

pub(crate) trait Drawn {
    fn title(&self) -> &str;
    /// How many rows were given, and how many of them are drawn at most.
    fn size(&self) -> (usize, usize);
    /// What each row says, for readers.
    fn clauses(&self) -> Vec<String>;
    fn draw(&self, sheet: &mut Sheet);
    fn table(&self) -> Table;
    fn addresses(&self) -> Vec<&Option<String>>;
    /// How much the fullest row holds, of which [`MOST_COLUMNS`] are drawn.
    fn fullest(&self) -> usize {
        0
    }
    /// What was given and has nowhere to be drawn.
    fn outside(&self) -> Option<String> {
        None
    }
}

const NOTHING: &str = "没有数据";
/// So many rows are said in the description; all stand in the table.
const MOST_SAID: usize = 12;

pub(crate) fn picture(picture: &Picture, id: &str) -> String {
    let drawn = picture.drawn();
    let said = sentence(drawn);
    let mut text = String::new();
    for wide in [true, false] {
        let mut sheet = Sheet::new(id, wide);
        let (given, most) = drawn.size();
        if given == 0 {
            sheet.note(NOTHING);
        } else {
            drawn.draw(&mut sheet);
        }
        if given > most {
            sheet.note(&format!("只画出前{most}项，共{given}项，其余见下表"));
        }
        if given > 0 && drawn.fullest() > MOST_COLUMNS {
            sheet.note(&format!("一行里只画出前{MOST_COLUMNS}项，其余见下表"));
        }
        sheet.finish(drawn.title(), &said).write(&mut text);
    }
    text
}

fn sentence(drawn: &dyn Drawn) -> String {
    let clauses = drawn.clauses();
    if clauses.is_empty() {
        return NOTHING.to_owned();
    }
    let said = clauses.iter().take(MOST_SAID).map(String::as_str).collect::<Vec<_>>().join("；");
    let rest = clauses.len().saturating_sub(MOST_SAID);
    if rest == 0 { format!("{said}。") } else { format!("{said}；另有{rest}项见下表。") }
}

/// A day as sentences have it.
pub(crate) fn day_said(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

pub(crate) fn check(drawn: &dyn Drawn) -> Result<(), Fault> {
    let (given, most) = drawn.size();
    if given > most {
        return Err(Fault::TooMany { given, most });
    }
    if let Some(href) = astray(drawn.addresses().into_iter()) {
        return Err(Fault::Astray(href));
    }
    drawn.outside().map_or(Ok(()), |what| Err(Fault::Outside(what)))
}
