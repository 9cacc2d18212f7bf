//! Fonts, borders and number formats of what is written.

use crate::spec::{Kind, Sheet};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The default font of Chinese Excel; WPS has it too.
pub(super) const FONT: &str = "等线";

/// Size of the title, in points; everything else has 11.
pub(super) const TITLE_SIZE: f64 = 18.0;

pub(super) struct Formats {
    pub(super) heading: Format,
    pub(super) required: Format,
    pub(super) wrapped: Format,
    /// The first line of a form.
    pub(super) title: Format,
    /// The other lines above and under the table of a form.
    pub(super) line: Format,
    /// Cells of a plain list, and whole columns of any sheet: a border must not go down to the last row of Excel.
    pub(super) plain: Cells,
    /// Cells in the table of a form.
    boxed: Cells,
}

/// The formats of values.
pub(super) struct Cells {
    pub(super) text: Format,
    /// For text that looks like a formula: without the mark, Excel would make it one at the next edit.
    pub(super) quoted: Format,
    pub(super) date: Format,
    pub(super) number: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let plain = || Format::new().set_font_name(FONT).set_font_size(11);
        let boxed =
            || plain().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
        let heading = || {
            let centred =
                plain().set_bold().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
            centred.set_border(FormatBorder::Thin).set_background_color(Color::RGB(0x00DD_EBF7))
        };
        let line = || plain().set_text_wrap().set_align(FormatAlign::VerticalCenter);
        Self {
            heading: heading(),
            required: heading().set_background_color(Color::RGB(0x00FF_E699)),
            wrapped: plain().set_text_wrap().set_align(FormatAlign::Top),
            title: line().set_bold().set_font_size(TITLE_SIZE).set_align(FormatAlign::Center),
            line: line().set_align(FormatAlign::Left),
            plain: Cells::new(plain),
            boxed: Cells::new(boxed),
        }
    }

    /// The formats of the cells of this sheet.
    pub(super) fn of(&self, sheet: &Sheet) -> &Cells {
        if sheet.is_form() { &self.boxed } else { &self.plain }
    }
}

impl Cells {
    pub(super) fn new(base: impl Fn() -> Format) -> Self {
        Self {
            text: base().set_num_format("@"),
            quoted: base().set_num_format("@").set_quote_prefix(),
            date: base().set_num_format("yyyy-mm-dd"),
            number: base(),
        }
    }

    pub(super) fn of(&self, kind: &Kind) -> &Format {
        match kind {
            Kind::Text | Kind::Choice(_) => &self.text,
            Kind::Date => &self.date,
            Kind::Integer => &self.number,
        }
    }
}
