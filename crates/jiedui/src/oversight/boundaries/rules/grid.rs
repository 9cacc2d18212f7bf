//! Degrees become whole units of a drawing, and lines as simple as the drawing can show. Neighbours have the same points at
//! their border, and each point goes to the same place for both, so that no gap opens between them.

use super::read::{Area, Position};
use super::{MOST_KEPT, SIZE, Shape};
use jiedui_kernel::{Code, Mistake};

/// Points stand so many units apart: the first that leaves few enough of them.
const STEPS: [u16; 4] = [2, 4, 8, 16];

type Point = (u16, u16);

/// Where degrees lie on the drawing.
struct Frame {
    west: f64,
    north: f64,
    /// A degree to the east is shorter than one to the north.
    squeeze: f64,
    scale: f64,
}

impl Frame {
    fn around(areas: &[Area]) -> Self {
        let points = || areas.iter().flat_map(|area| area.rings.iter().flatten());
        let least = |of: fn(&Position) -> f64| points().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&Position) -> f64| points().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (west, east) = (least(|point| point.0), most(|point| point.0));
        let (south, north) = (least(|point| point.1), most(|point| point.1));
        let squeeze = f64::midpoint(south, north).to_radians().cos();
        let across = ((east - west) * squeeze).max(f64::MIN_POSITIVE);
        let down = (north - south).max(f64::MIN_POSITIVE);
        let scale = (f64::from(SIZE.0) / across).min(f64::from(SIZE.1) / down);
        Self { west, north, squeeze, scale }
    }

    fn at(&self, (east, north): Position, step: u16) -> Point {
        let step = f64::from(step);
        let place = |units: f64| ((units / step).round() * step) as u16;
        (place((east - self.west) * self.squeeze * self.scale), place((self.north - north) * self.scale))
    }
}

pub fn drawn(areas: &[Area]) -> Result<Vec<Shape>, Mistake> {
    let frame = Frame::around(areas);
    for step in STEPS {
        let shapes: Vec<Shape> = areas.iter().map(|area| shape(area, &frame, step)).collect();
        let kept: usize = shapes.iter().flat_map(|shape| &shape.rings).map(Vec::len).sum();
        if kept <= MOST_KEPT {
            return Ok(shapes);
        }
    }
    Err(Code::TooMany.says("边界太碎，简化以后仍然太大。请先用制图软件去掉小岛和碎块，再上传。"))
}

/// What is too small to be seen is left out; a division of which nothing else is left is a small square.
fn shape(area: &Area, frame: &Frame, step: u16) -> Shape {
    let rings = area.rings.iter().map(|ring| simple(ring.iter().map(|point| frame.at(*point, step))));
    let mut rings: Vec<Vec<Point>> = rings.filter(|ring| ring.len() > 2).collect();
    if rings.is_empty() {
        let first = area.rings.iter().flatten().next().copied().unwrap_or_default();
        let (x, y) = frame.at(first, step);
        rings.push(vec![(x, y), (x + step, y), (x + step, y + step), (x, y + step)]);
    }
    let largest = rings.iter().max_by_key(|ring| extent(ring));
    let middle = largest.map(|ring| middle(ring)).unwrap_or_default();
    Shape { code: area.code.clone(), rings, middle }
}

/// Without points that repeat the one before, or lie on the line between their neighbours.
fn simple(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        while let [.., before, last] = kept[..]
            && is_straight(before, last, point)
        {
            kept.pop();
        }
        if kept.last() != Some(&point) {
            kept.push(point);
        }
    }
    if kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    kept
}

fn is_straight(before: Point, last: Point, next: Point) -> bool {
    let from = |to: Point| (i64::from(to.0) - i64::from(before.0), i64::from(to.1) - i64::from(before.1));
    let (one, other) = (from(last), from(next));
    one.0 * other.1 == one.1 * other.0
}

fn ends(numbers: impl Iterator<Item = u16>) -> (u16, u16) {
    numbers.fold((u16::MAX, 0), |(least, most), one| (least.min(one), most.max(one)))
}

/// The room that a ring takes.
fn extent(ring: &[Point]) -> u32 {
    let side = |(least, most): (u16, u16)| u32::from(most.saturating_sub(least));
    side(ends(ring.iter().map(|point| point.0))) * side(ends(ring.iter().map(|point| point.1)))
}

/// A place within, where it is wide: looked for at a few heights.
fn middle(ring: &[Point]) -> Point {
    let (top, bottom) = ends(ring.iter().map(|point| point.1));
    let mut best = (0.0_f64, ring.first().copied().unwrap_or_default());
    for part in [0.5, 0.4, 0.6, 0.3, 0.7] {
        // Between two whole numbers, so that no corner lies on the line.
        let y = f64::from(top) + (f64::from(bottom) - f64::from(top)) * part + 0.25;
        let mut crossed: Vec<f64> = edges(ring).filter_map(|(from, to)| crossing(from, to, y)).collect();
        crossed.sort_by(f64::total_cmp);
        for span in crossed.chunks_exact(2) {
            if let [left, right] = span
                && right - left > best.0
            {
                best = (right - left, (f64::midpoint(*left, *right) as u16, y as u16));
            }
        }
    }
    best.1
}

fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

fn crossing(from: Point, to: Point, y: f64) -> Option<f64> {
    let ((x, from_y), (to_x, to_y)) =
        ((f64::from(from.0), f64::from(from.1)), (f64::from(to.0), f64::from(to.1)));
    ((from_y > y) != (to_y > y)).then(|| x + (y - from_y) * (to_x - x) / (to_y - from_y))
}
