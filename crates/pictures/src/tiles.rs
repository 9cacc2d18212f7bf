//! Divisions as equal tiles at their rows and columns, cities outlined and named, pairings as ties between tiles. On a
//! narrow screen the cities stand one below the other.

mod shapes;

use crate::MOST_ROWS;
use crate::draw::Drawn;
use crate::mark::{Mark, number_said};
use crate::measure::{fit, width};
use crate::sheet::{Area, Ground, Key, Sheet, label, label_around};
use crate::svg::{Node, path, rect};
use crate::table::{Cell, Table};
use jiedui_kernel::{Reported, Unit};
use std::collections::{BTreeMap, BTreeSet};

pub use shapes::TileShape;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    pub title: String,
    pub unit: Unit,
    /// The classes of the legend, from the least to the most: 没有, 不足一半, 一半以上, 全部. At most five.
    pub classes: Vec<String>,
    /// What a tile without a class is: 没有数据, or that nothing is there of which there could be any.
    pub nothing: String,
    pub tiles: Vec<Tile>,
    pub ties: Vec<Tie>,
}

/// So many classes have a hatch of their own.
const CLASSES: usize = 5;
/// Rows and columns are below this.
const GRID: u16 = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// What ties name it by: the code of the division.
    pub key: String,
    /// Tiles of one city are outlined together and bear its name.
    pub city: String,
    /// The tile's name and value, and where it opens.
    pub mark: Mark,
    /// Below 40 each.
    pub row: u16,
    pub column: u16,
    /// Its class in the legend, from 0; none where nothing is known, which is drawn empty.
    pub class: Option<usize>,
    /// Where it lies by official boundaries: the wide drawing then shows these, and not the grid.
    pub shape: Option<TileShape>,
}

/// A pairing between two tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    pub from: String,
    pub to: String,
    pub kind: TieKind,
    pub label: String,
    pub href: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TieKind {
    /// 牵头: solid.
    Lead,
    /// 配合: dashed.
    Nearby,
}

impl Tiles {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        unit: Unit,
        classes: impl IntoIterator<Item = S>,
    ) -> Self {
        let classes = classes.into_iter().map(Into::into).collect();
        let nothing = "没有数据".to_owned();
        Self { title: title.into(), unit, classes, nothing, tiles: Vec::new(), ties: Vec::new() }
    }

    /// What the legend calls a tile without a class.
    #[must_use]
    pub fn nothing(mut self, words: impl Into<String>) -> Self {
        self.nothing = words.into();
        self
    }

    #[must_use]
    pub fn tile(mut self, tile: Tile) -> Self {
        self.tiles.push(tile);
        self
    }

    #[must_use]
    pub fn tie(mut self, tie: Tie) -> Self {
        self.ties.push(tie);
        self
    }

    /// The same for whoever can open nothing of it.
    #[must_use]
    pub fn without_links(mut self) -> Self {
        self.tiles.iter_mut().for_each(|tile| tile.mark.href = None);
        self.ties.iter_mut().for_each(|tie| tie.href = None);
        self
    }
}

impl Tile {
    pub fn new(key: impl Into<String>, label: impl Into<String>, (row, column): (u16, u16)) -> Self {
        let mark = Mark::new(label, Reported::NotApplicable);
        Self { key: key.into(), city: String::new(), mark, row, column, class: None, shape: None }
    }

    /// Drawn as this area.
    #[must_use]
    pub fn shaped(mut self, shape: TileShape) -> Self {
        self.shape = Some(shape);
        self
    }

    #[must_use]
    pub fn in_city(mut self, city: impl Into<String>) -> Self {
        self.city = city.into();
        self
    }

    /// Its value and the class of the legend to which it belongs.
    #[must_use]
    pub fn value(mut self, value: Reported<i64>, class: Option<usize>) -> Self {
        self.mark.value = value;
        self.class = class;
        self
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.mark = self.mark.opens(href);
        self
    }
}

impl Tie {
    pub fn new(
        kind: TieKind,
        (from, to): (impl Into<String>, impl Into<String>),
        label: impl Into<String>,
    ) -> Self {
        Self { from: from.into(), to: to.into(), kind, label: label.into(), href: None }
    }

    #[must_use]
    pub fn opens(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

const GROUNDS: [Ground; CLASSES] =
    [Ground::Empty, Ground::Dotted, Ground::Hatched, Ground::Crossed, Ground::Solid];

/// The room of a tile on the wide map: the name of a city stands in the gap above its first tile.
const PITCH: (i64, i64) = (56, 58);
const GAP: i64 = 18;
/// The same one city below the other: so many across.
const ACROSS: i64 = 5;
const NARROW_PITCH: (i64, i64) = (68, 46);

impl Tile {
    fn ground(&self) -> Option<Ground> {
        self.class.map(|class| GROUNDS[class.min(CLASSES - 1)])
    }

    fn said(&self, tiles: &Tiles) -> String {
        let mut said = format!("{} {}", self.city, self.mark.label);
        if self.mark.value != Reported::NotApplicable {
            said.push_str(&format!("：{}", self.mark.said(tiles.unit)));
        }
        match self.class {
            Some(class) => said.extend(tiles.classes.get(class).map(|class| format!("，{class}"))),
            None => said.push_str(&format!("，{}", tiles.nothing)),
        }
        said
    }

    fn is_on_grid(&self) -> bool {
        self.row < GRID && self.column < GRID
    }

    fn at(&self) -> (i64, i64) {
        (i64::from(self.column), i64::from(self.row))
    }
}

impl TieKind {
    fn class(self) -> &'static str {
        match self {
            Self::Lead => "pic-lead",
            Self::Nearby => "pic-nearby",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Lead => "牵头",
            Self::Nearby => "配合",
        }
    }
}

impl Tiles {
    fn shown(&self) -> impl Iterator<Item = &Tile> {
        self.tiles.iter().take(MOST_ROWS)
    }

    /// Those that the map has room for.
    fn mapped(&self) -> impl Iterator<Item = &Tile> {
        let shaped = self.is_shaped();
        self.shown().filter(move |tile| if shaped { tile.shape.is_some() } else { tile.is_on_grid() })
    }

    /// Ground and link of a tile; its words are drawn later, over ties.
    fn draw_ground(&self, tile: &Tile, area: Area, sheet: &mut Sheet) {
        let mut node = sheet.mark(&tile.said(self), tile.mark.address(), area);
        let shape = match tile.ground() {
            Some(ground) => sheet.filled(area, ground),
            None => rect(area.x, area.y, area.width, area.height).class("pic-nothing"),
        };
        node.push(shape);
        sheet.push(node);
    }

    fn draw_words(&self, tile: &Tile, area: Area, sheet: &mut Sheet) {
        let middle = area.x + area.width / 2;
        let name = fit(&tile.mark.label, area.width - 2);
        let mut words = Node::new("g").class("figure pic-words").attr("aria-hidden", "true");
        words.push(label_around(middle, area.y + 17, &name, sheet).class("pic-over"));
        if let Some(value) = tile.mark.number() {
            let (printed, word) = self.unit.shown(value);
            let full = format!("{printed}{word}");
            let printed = if width(&full) <= area.width { full } else { fit(&printed, area.width) };
            words.push(label_around(middle, area.y + 34, &printed, sheet).class("pic-over"));
        }
        sheet.push(words);
    }

    /// The edges at which one city meets another, or nothing.
    fn outline(&self) -> String {
        let cities: BTreeMap<(i64, i64), &str> =
            self.mapped().map(|tile| (tile.at(), tile.city.as_str())).collect();
        let mut edges = BTreeSet::new();
        for ((column, row), city) in &cities {
            let differs = |at: (i64, i64)| cities.get(&at) != Some(city);
            let (left, top) = (column * PITCH.0 + 1, row * PITCH.1 + 1);
            let (right, bottom) = (left + PITCH.0, top + PITCH.1);
            let sides = [
                ((column - 1, *row), (left, top, left, bottom)),
                ((column + 1, *row), (right, top, right, bottom)),
                ((*column, row - 1), (left, top, right, top)),
                ((*column, row + 1), (left, bottom, right, bottom)),
            ];
            edges.extend(sides.into_iter().filter(|(at, _)| differs(*at)).map(|(_, edge)| edge));
        }
        edges.into_iter().map(|(x, y, to_x, to_y)| format!("M{x} {y}L{to_x} {to_y}")).collect()
    }

    /// Cities in the order of their first tiles, with their tiles.
    fn cities(&self) -> Vec<(&str, Vec<&Tile>)> {
        let mut cities: Vec<(&str, Vec<&Tile>)> = Vec::new();
        for tile in self.shown() {
            match cities.iter_mut().find(|(city, _)| *city == tile.city) {
                Some((_, tiles)) => tiles.push(tile),
                None => cities.push((tile.city.as_str(), vec![tile])),
            }
        }
        cities
    }

    fn draw_map(&self, sheet: &mut Sheet) {
        let area = |tile: &Tile| {
            let (column, row) = tile.at();
            Area::new(column * PITCH.0 + 4, row * PITCH.1 + GAP, PITCH.0 - 6, PITCH.1 - GAP - 2)
        };
        let columns = self.mapped().map(|tile| tile.at().0 + 1).max().unwrap_or(1);
        let rows = self.mapped().map(|tile| tile.at().1 + 1).max().unwrap_or(1);
        sheet.width = (columns * PITCH.0 + 2).max(sheet.width);
        for tile in self.mapped() {
            self.draw_ground(tile, area(tile), sheet);
        }
        let outline = self.outline();
        if !outline.is_empty() {
            sheet.push(path(outline).class("pic-outline"));
        }
        self.draw_ties(&area, sheet);
        for tile in self.mapped() {
            self.draw_words(tile, area(tile), sheet);
        }
        for (city, tiles) in self.cities() {
            let first =
                tiles.iter().filter(|tile| tile.is_on_grid()).min_by_key(|tile| (tile.row, tile.column));
            if let Some(first) = first {
                let (column, row) = first.at();
                let name = fit(city, PITCH.0 - 4);
                let name = label(column * PITCH.0 + 4, row * PITCH.1 + 14, &name);
                sheet.push(name.class("figure pic-city"));
            }
        }
        sheet.height = rows * PITCH.1 + 2;
    }

    fn draw_ties(&self, area: &impl Fn(&Tile) -> Area, sheet: &mut Sheet) {
        let tiles: BTreeMap<&str, &Tile> = self.mapped().map(|tile| (tile.key.as_str(), tile)).collect();
        for tie in self.ties.iter().take(2 * MOST_ROWS) {
            let (Some(from), Some(to)) = (tiles.get(tie.from.as_str()), tiles.get(tie.to.as_str())) else {
                continue;
            };
            let middle = |tile: &Tile| {
                let Area { x, y, width, height } = area(tile);
                format!("{} {}", x + width / 2, y + height / 2)
            };
            let title = Node::new("title").text(&format!("{}：{}", tie.kind.word(), tie.label));
            let drawn = path(format_args!("M{}L{}", middle(from), middle(to)));
            sheet.push(drawn.class(tie.kind.class()).child(title));
        }
    }

    fn draw_list(&self, sheet: &mut Sheet) {
        for (city, tiles) in self.cities() {
            let top = sheet.height;
            let name = fit(city, sheet.width);
            sheet.push(label(0, top + 20, &name).class("figure pic-strong"));
            let (mut at, mut y) = (0, top + 28);
            for tile in tiles {
                if at == ACROSS {
                    (at, y) = (0, y + NARROW_PITCH.1);
                }
                let area = Area::new(at * NARROW_PITCH.0 + 1, y, NARROW_PITCH.0 - 4, NARROW_PITCH.1 - 4);
                self.draw_ground(tile, area, sheet);
                self.draw_words(tile, area, sheet);
                at += 1;
            }
            sheet.height = y + NARROW_PITCH.1 + 4;
        }
        if !self.ties.is_empty() {
            sheet.note("结对关系见下表");
        }
    }

    fn keys(&self, wide: bool) -> Vec<(Key, String)> {
        let classes = self.classes.iter().zip(GROUNDS);
        let mut keys: Vec<_> = classes.map(|(class, ground)| (Key::Area(ground), class.clone())).collect();
        if self.tiles.iter().any(|tile| tile.class.is_none()) {
            keys.push((Key::Stroke("pic-nothing"), self.nothing.clone()));
        }
        if wide && self.is_shaped() {
            keys.push((Key::Stroke("pic-outline"), "市界".to_owned()));
        }
        let kinds: BTreeSet<TieKind> = self.ties.iter().filter(|_| wide).map(|tie| tie.kind).collect();
        keys.extend(kinds.into_iter().map(|kind| (Key::Stroke(kind.class()), kind.word().to_owned())));
        keys
    }
}

impl Drawn for Tiles {
    fn title(&self) -> &str {
        &self.title
    }

    fn size(&self) -> (usize, usize) {
        (self.tiles.len(), MOST_ROWS)
    }

    /// How many there are of each class: who wants names reads them in the table.
    fn clauses(&self) -> Vec<String> {
        let of = |class: Option<usize>| self.tiles.iter().filter(|tile| tile.class == class).count();
        let named = self.classes.iter().enumerate().map(|(at, class)| (class.as_str(), of(Some(at))));
        let all = named.chain([(self.nothing.as_str(), of(None))]);
        all.filter(|(_, count)| *count > 0).map(|(class, count)| format!("{class}：{count}个")).collect()
    }

    fn draw(&self, sheet: &mut Sheet) {
        if sheet.wide && self.is_shaped() {
            self.draw_shapes(sheet);
        } else if sheet.wide {
            self.draw_map(sheet);
        } else {
            self.draw_list(sheet);
        }
        sheet.legend(&self.keys(sheet.wide));
    }

    fn table(&self) -> Table {
        let mut table = Table::new(["城市", "名称", "数值", "类别", "结对"]);
        let mut ties: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for tie in &self.ties {
            let said = format!("{}：{}", tie.kind.word(), tie.label);
            for end in [&tie.from, &tie.to] {
                ties.entry(end).or_default().push(said.clone());
            }
        }
        for tile in &self.tiles {
            let class = tile.class.and_then(|class| self.classes.get(class));
            let value = tile.mark.number().map(|value| number_said(value, self.unit));
            table.rows.push(vec![
                Cell::text(&tile.city),
                Cell::link(&tile.mark.label, tile.mark.href.as_ref()),
                Cell::number(value.unwrap_or_default(), tile.mark.href.as_ref()),
                Cell::text(class.unwrap_or(&self.nothing)),
                Cell::text(ties.remove(tile.key.as_str()).unwrap_or_default().join("；")),
            ]);
        }
        table.without_empty_columns()
    }

    fn addresses(&self) -> Vec<&Option<String>> {
        let ties = self.ties.iter().map(|tie| &tie.href);
        self.tiles.iter().map(|tile| &tile.mark.href).chain(ties).collect()
    }

    fn outside(&self) -> Option<String> {
        let mut keys = BTreeSet::new();
        let mut cells = BTreeSet::new();
        for tile in &self.tiles {
            let on_grid = tile.is_on_grid();
            let classed = tile.class.is_none_or(|class| class < self.classes.len().min(CLASSES));
            if !on_grid || !classed || !cells.insert(tile.at()) || !keys.insert(tile.key.as_str()) {
                return Some(tile.mark.label.clone());
            }
        }
        let loose = |tie: &&Tie| !keys.contains(tie.from.as_str()) || !keys.contains(tie.to.as_str());
        self.ties.iter().find(loose).map(|tie| tie.label.clone())
    }
}
