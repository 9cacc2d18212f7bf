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

mod bars;
mod funnel;
mod heat;
mod mark;
mod multiples;
mod semesters;
mod stack;
mod table;
mod tiles;
mod timeline;
mod trend;

pub use bars::{Bar, Bars};
pub use funnel::{Funnel, FunnelStep};
pub use heat::{Heat, HeatRow};
pub use mark::{Goal, Mark};
pub use multiples::{Multiples, Panel};
pub use semesters::{Semesters, StayRow, Term};
pub use stack::{Stack, StackRow};
pub use table::{Cell, Table};
pub use tiles::{Tie, TieKind, Tile, Tiles};
pub use timeline::{Moment, MomentKind, Span, SpanKind, Timeline, TimelineRow};
pub use trend::{Look, Series, Trend};

/// More marks than this nobody tells apart: what is beyond is left out of the drawing, which says so, and stands in the
/// table.
pub const MOST_MARKS: usize = 400;
/// The same for rows, panels and bars.
pub const MOST_ROWS: usize = 200;

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
        match self {
            Self::Bars(picture) => picture.table(),
            Self::Stack(picture) => picture.table(),
            Self::Trend(picture) => picture.table(),
            Self::Multiples(picture) => picture.table(),
            Self::Timeline(picture) => picture.table(),
            Self::Semesters(picture) => picture.table(),
            Self::Funnel(picture) => picture.table(),
            Self::Heat(picture) => picture.table(),
            Self::Tiles(picture) => picture.table(),
        }
    }

    pub fn title(&self) -> &str {
        match self {
            Self::Bars(Bars { title, .. })
            | Self::Stack(Stack { title, .. })
            | Self::Trend(Trend { title, .. })
            | Self::Multiples(Multiples { title, .. })
            | Self::Timeline(Timeline { title, .. })
            | Self::Semesters(Semesters { title, .. })
            | Self::Funnel(Funnel { title, .. })
            | Self::Heat(Heat { title, .. })
            | Self::Tiles(Tiles { title, .. }) => title,
        }
    }

    /// Whether everything given is drawn as it was given. What is amiss is never refused by `svg`: a picture with a row
    /// left out, which says so, is better than a page without one.
    pub fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Bars(picture) => picture.check(),
            Self::Stack(picture) => picture.check(),
            Self::Trend(picture) => picture.check(),
            Self::Multiples(picture) => picture.check(),
            Self::Timeline(picture) => picture.check(),
            Self::Semesters(picture) => picture.check(),
            Self::Funnel(picture) => picture.check(),
            Self::Heat(picture) => picture.check(),
            Self::Tiles(picture) => picture.check(),
        }
    }
}
