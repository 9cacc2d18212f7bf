//! Pictures of figures, from data to an SVG text. No I/O, no clock, no font: the same data gives the same picture for ever.
//!
//! What holds for all of them: each mark with an address is a link that opens its rows, and says its name and value to a
//! reader; a shape or hatch stands besides colour, so that a print in black and white tells the same; months and units are
//! written; texts are escaped and addresses are paths on this site; no script and no style attribute (the content policy
//! refuses both), only classes of the style sheet. [`Picture::svg`] writes two drawings of the same data, one for wide and
//! one for narrow screens, of which the style sheet shows one. [`Picture::table`] is the same data as a table.
//!
//! ```
//! use jiedui_pictures::{Bar, Bars, Goal, Picture};
//! use jiedui_kernel::Unit;
//!
//! let bars = Bars::new("达标差距", Unit::Persons)
//!     .bar(Bar::of("在校生", 1437).opens("/standards/1").against(Goal::at_least("标准要求", 1600)));
//! let picture = Picture::Bars(bars);
//! assert!(picture.check().is_ok());
//! assert!(picture.svg("gaps").contains("href=\"/standards/1\""));
//! ```
//!
//! | to show | take |
//! |---|---|
//! | values against a target or a standard | [`Bars`] |
//! | what a whole is made of: claimed and confirmed, sources of money | [`Stack`] |
//! | a year by month with last year and the path to the target; any curve | [`Trend`] |
//! | the same few values of many: one small panel each | [`Multiples`] |
//! | what lies when in a year, planned and done | [`Timeline`] |
//! | days on site against the days of a term | [`Semesters`] |
//! | how many remain from step to step | [`Funnel`] |
//! | rows by columns | [`Heat`] |
//! | divisions as tiles, grouped by city, with pairings | [`Tiles`] |

mod axis;
mod bars;
mod draw;
mod funnel;
mod heat;
mod mark;
mod measure;
mod multiples;
mod semesters;
mod sheet;
mod spans;
mod stack;
mod svg;
mod table;
mod tiles;
mod timeline;
mod trend;

use draw::Drawn;

pub use bars::{Bar, Bars};
pub use funnel::{Funnel, FunnelStep};
pub use heat::{Heat, HeatRow};
pub use mark::{Goal, Mark};
pub use multiples::{Multiples, Panel};
pub use semesters::{Semesters, StayRow, Term};
pub use stack::{Stack, StackRow};
pub use table::{Cell, Table};
pub use tiles::{Tie, TieKind, Tile, TileShape, Tiles};
pub use timeline::{Moment, MomentKind, Span, SpanKind, Timeline, TimelineRow};
pub use trend::{Look, Series, Trend};

/// More rows, bars, panels or tiles than this nobody tells apart: what is beyond is left out of the drawing, which says so,
/// and stands in the table.
pub const MOST_ROWS: usize = 200;
/// More columns, months or spans of a row than this, likewise.
pub const MOST_COLUMNS: usize = 36;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picture {
    Bars(Bars),
    Stack(Stack),
    Trend(Trend),
    Multiples(Multiples),
    Timeline(Timeline),
    Semesters(Semesters),
    Funnel(Funnel),
    Heat(Heat),
    Tiles(Tiles),
}

/// Why a picture is not drawn as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// More than can be told apart.
    TooMany { given: usize, most: usize },
    /// An address that is no path on this site: its mark is drawn without a link.
    Astray(String),
    /// Something of a row that has no column, a day outside the days drawn, a tie to a tile that is not there.
    Outside(String),
}

impl Picture {
    /// Two drawings, wide and narrow, of which the style sheet shows one. `id` stands before every id within, so that
    /// several pictures on a page do not share one: letters, digits and hyphens; anything else is left out of it.
    pub fn svg(&self, id: &str) -> String {
        draw::picture(self, id)
    }

    /// The same data as a table.
    pub fn table(&self) -> Table {
        self.drawn().table()
    }

    pub fn title(&self) -> &str {
        self.drawn().title()
    }

    /// Whether everything given is drawn as it was given. `svg` refuses nothing: a picture with a row left out, which says
    /// so, is better than a page without one.
    pub fn check(&self) -> Result<(), Fault> {
        draw::check(self.drawn())
    }

    fn drawn(&self) -> &dyn Drawn {
        match self {
            Self::Bars(picture) => picture,
            Self::Stack(picture) => picture,
            Self::Trend(picture) => picture,
            Self::Multiples(picture) => picture,
            Self::Timeline(picture) => picture,
            Self::Semesters(picture) => picture,
            Self::Funnel(picture) => picture,
            Self::Heat(picture) => picture,
            Self::Tiles(picture) => picture,
        }
    }
}
