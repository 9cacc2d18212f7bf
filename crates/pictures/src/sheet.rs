//! The sheet on which a picture is drawn, once wide and once narrow: links, hatches, the legend, and the frame that says to
//! a reader what is to be seen.

use crate::mark::is_local;
use crate::measure::{FONT, fit, lines, width};
use crate::svg::{Node, path, rect};
use std::collections::BTreeSet;

pub(crate) const WIDE: i64 = 720;
pub(crate) const NARROW: i64 = 340;
/// A link is at least so wide and high, that a finger meets it and no other.
const LEAST: i64 = 24;
/// The height of a line of text.
pub(crate) const ROW: i64 = 22;

/// How an area is filled, so that it is told from others without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ground {
    Solid,
    Hatched,
    Dotted,
    Crossed,
    Upright,
    Empty,
}

/// What the legend explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Area(Ground),
    /// A stroke of this class.
    Stroke(&'static str),
    Disc,
    Ring,
    Square,
    Diamond,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
}

impl Area {
    pub(crate) fn new(x: i64, y: i64, width: i64, height: i64) -> Self {
        Self { x, y, width, height }
    }

    /// A square that a finger meets, around a point and within the sheet.
    pub(crate) fn around((x, y): (i64, i64), sheet: &Sheet) -> Self {
        let half = LEAST / 2;
        let (most_x, most_y) = (sheet.width - LEAST, (sheet.height - LEAST).max(0));
        Self::new((x - half).clamp(0, most_x), (y - half).clamp(0, most_y), LEAST, LEAST)
    }

    pub(crate) fn meets(&self, other: &Self) -> bool {
        let apart =
            |from: i64, length: i64, other: i64, of: i64| from + length <= other || other + of <= from;
        !apart(self.x, self.width, other.x, other.width) && !apart(self.y, self.height, other.y, other.height)
    }
}

pub(crate) struct Sheet {
    id: String,
    pub(crate) wide: bool,
    pub(crate) width: i64,
    /// How far down something has been drawn.
    pub(crate) height: i64,
    nodes: Vec<Node>,
    grounds: BTreeSet<Ground>,
    taken: Vec<Area>,
    links: bool,
}

impl Sheet {
    pub(crate) fn new(id: &str, wide: bool) -> Self {
        let own: String = id.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '-').collect();
        Self {
            id: format!("{own}-{}", if wide { "wide" } else { "narrow" }),
            wide,
            width: if wide { WIDE } else { NARROW },
            height: 0,
            nodes: Vec::new(),
            grounds: BTreeSet::new(),
            taken: Vec::new(),
            links: false,
        }
    }

    pub(crate) fn by_size<T>(&self, wide: T, narrow: T) -> T {
        if self.wide { wide } else { narrow }
    }

    pub(crate) fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// An area filled so that it is told from others.
    pub(crate) fn filled(&mut self, area: Area, ground: Ground) -> Node {
        self.filling(rect(area.x, area.y, area.width, area.height), ground)
    }

    pub(crate) fn filling(&mut self, shape: Node, ground: Ground) -> Node {
        match ground {
            Ground::Solid => shape.class("pic-solid"),
            Ground::Empty => shape.class("pic-empty"),
            drawn => {
                self.grounds.insert(drawn);
                let name = format!("url(#{})", self.ground_id(drawn));
                shape.class("pic-drawn").attr("fill", name)
            }
        }
    }

    fn ground_id(&self, ground: Ground) -> String {
        let name = match ground {
            Ground::Solid => "solid",
            Ground::Hatched => "hatched",
            Ground::Dotted => "dotted",
            Ground::Crossed => "crossed",
            Ground::Upright => "upright",
            Ground::Empty => "empty",
        };
        format!("{}-{name}", self.id)
    }

    /// A mark over an area: a link where it has an address and the area is large enough to be met, otherwise a group.
    pub(crate) fn mark(&mut self, said: &str, href: Option<&str>, area: Area) -> Node {
        let large = area.width >= LEAST && area.height >= LEAST;
        let href = href.filter(|href| large && is_local(href));
        let title = Node::new("title").text(said);
        let Some(href) = href else {
            let group = Node::new("g").class("figure pic-mark").attr("role", "img");
            return group.attr("aria-label", said).child(title);
        };
        self.links = true;
        let link = Node::new("a").class("figure pic-mark").attr("href", href).attr("aria-label", said);
        let hit = rect(area.x, area.y, area.width, area.height).class("pic-hit").attr("fill-opacity", 0);
        link.child(title).child(hit)
    }

    /// The same where marks may come close: two links never lie over one another, the second opens from the table alone.
    pub(crate) fn mark_where_free(&mut self, said: &str, href: Option<&str>, area: Area) -> Node {
        let free = !self.taken.iter().any(|taken| taken.meets(&area));
        if href.is_some() && free {
            self.taken.push(area);
        }
        self.mark(said, href.filter(|_| free), area)
    }

    /// What the drawing uses, explained below it.
    pub(crate) fn legend(&mut self, keys: &[(Key, String)]) {
        if keys.is_empty() {
            return;
        }
        let (mut x, mut y) = (0, self.height + ROW);
        for (key, text) in keys {
            let text = fit(text, self.width - 36);
            let needs = 32 + width(&text);
            if x > 0 && x + needs > self.width {
                (x, y) = (0, y + ROW);
            }
            self.key(*key, (x, y));
            self.push(label(x + 30, y, &text).class("figure pic-soft"));
            x += needs + 20;
        }
        self.height = y + 8;
    }

    fn key(&mut self, key: Key, (x, y): (i64, i64)) {
        let (middle, centre) = (y - 5, x + 12);
        let node = match key {
            Key::Area(ground) => self.filled(Area::new(x + 1, y - 11, 22, 12), ground),
            Key::Stroke(class) => path(format_args!("M{x} {middle}L{} {middle}", x + 24)).class(class),
            Key::Disc => disc(centre, middle).class("pic-solid"),
            Key::Ring => disc(centre, middle).class("pic-empty"),
            Key::Square => square(centre, middle).class("pic-empty"),
            Key::Diamond => diamond(centre, middle).class("pic-goal"),
        };
        self.push(node);
    }

    /// A sentence below the drawing.
    pub(crate) fn note(&mut self, text: &str) {
        for line in lines(text, self.width) {
            self.height += ROW;
            self.push(label(0, self.height, &line).class("figure pic-soft"));
        }
        self.height += 8;
    }

    /// The whole drawing. Links are controls and lie in no image; without links it is one image for a reader.
    pub(crate) fn finish(self, title: &str, said: &str) -> Node {
        let Self { ref id, width, height, links, .. } = self;
        let (title_id, said_id) = (format!("{id}-title"), format!("{id}-said"));
        let mut svg = Node::new("svg")
            .class(if self.wide { "pic pic-wide" } else { "pic pic-narrow" })
            .attr("viewBox", format_args!("0 0 {width} {height}"))
            .attr("width", width)
            .attr("height", height)
            .attr("font-size", FONT)
            .attr("role", if links { "group" } else { "img" })
            .attr("aria-labelledby", &title_id)
            .attr("aria-describedby", &said_id)
            .child(Node::new("title").attr("id", &title_id).text(title))
            .child(Node::new("desc").attr("id", &said_id).class("figure words").text(said));
        if !self.grounds.is_empty() {
            let hatches =
                self.grounds.iter().map(|ground| hatch(*ground).attr("id", self.ground_id(*ground)));
            svg.push(hatches.fold(Node::new("defs"), Node::child));
        }
        self.nodes.into_iter().fold(svg, Node::child)
    }
}

/// A text whose baseline is at `y`.
pub(crate) fn label(x: i64, y: i64, text: &str) -> Node {
    Node::new("text").attr("x", x).attr("y", y).text(text)
}

/// The same, ending at `x`.
pub(crate) fn label_to(x: i64, y: i64, text: &str) -> Node {
    label(x, y, text).attr("text-anchor", "end")
}

/// The same, around `x`, moved so that it lies within the sheet.
pub(crate) fn label_around(x: i64, y: i64, text: &str, sheet: &Sheet) -> Node {
    let half = (width(text) + 1) / 2;
    let x = x.clamp(half.min(sheet.width / 2), (sheet.width - half).max(sheet.width / 2));
    label(x, y, text).attr("text-anchor", "middle")
}

pub(crate) fn disc(x: i64, y: i64) -> Node {
    Node::new("circle").attr("cx", x).attr("cy", y).attr("r", 4)
}

pub(crate) fn square(x: i64, y: i64) -> Node {
    rect(x - 4, y - 4, 8, 8)
}

pub(crate) fn diamond(x: i64, y: i64) -> Node {
    let (left, right, above, below) = (x - 5, x + 5, y - 5, y + 5);
    path(format_args!("M{x} {above}L{right} {y}L{x} {below}L{left} {y}Z"))
}

fn hatch(ground: Ground) -> Node {
    let pattern =
        Node::new("pattern").attr("patternUnits", "userSpaceOnUse").attr("width", 6).attr("height", 6);
    let paper = rect(0, 0, 6, 6).class("pic-paper");
    let ink = match ground {
        Ground::Hatched => path("M0 6L6 0").class("pic-ink"),
        Ground::Dotted => rect(2, 2, 2, 2).class("pic-dot"),
        Ground::Crossed => path("M0 6L6 0M0 0L6 6").class("pic-ink"),
        Ground::Upright => path("M3 0L3 6").class("pic-ink"),
        Ground::Solid | Ground::Empty => return pattern.child(paper),
    };
    pattern.child(paper).child(ink)
}
