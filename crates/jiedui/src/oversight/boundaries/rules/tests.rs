//! Files that are not what they should be, and what is drawn of one that is. The boundaries are squares: no real ones.

use super::grid;
use super::read::MOST_POINTS;
use super::{MOST_KEPT, SIZE, check_approval, shapes};
use jiedui_kernel::{Code, Mistake};
use std::collections::BTreeMap;

fn wanted() -> BTreeMap<String, String> {
    [("440281", "示例甲市"), ("440282", "示例乙市")]
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .into()
}

/// A closed square of one degree.
fn square(east: f64) -> String {
    let (a, b) = (east, east + 1.0);
    format!("[[{a},24],[{b},24],[{b},25],[{a},25],[{a},24]]")
}

fn feature(code: &str, geometry: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"adcode\":{code},\"name\":\"<script>alert(1)</script>\"}},\"geometry\":{geometry}}}"
    )
}

fn polygon(rings: &str) -> String {
    format!("{{\"type\":\"Polygon\",\"coordinates\":[{rings}]}}")
}

fn file(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

fn good() -> [String; 2] {
    [feature("440281", &polygon(&square(113.0))), feature("\"440282\"", &polygon(&square(114.0)))]
}

fn codes(text: &str) -> Vec<Code> {
    let mistakes: Vec<Mistake> = shapes(text.as_bytes(), &wanted()).err().unwrap_or_default();
    mistakes.into_iter().map(|mistake| mistake.code).collect()
}

/// The first division is this one, the second as it should be.
fn with(first: &str) -> Vec<Code> {
    codes(&file(&[feature("440281", first), good()[1].clone()]))
}

#[test]
fn neighbours_meet_and_nothing_of_the_words_is_kept() {
    let made = shapes(format!("\u{feff}{}", file(&good())).as_bytes(), &wanted()).unwrap();
    let kept = serde_json::to_string(&made).unwrap();
    assert!(!kept.contains("script") && !kept.contains("name"), "{kept}");
    let (first, second) = (&made[0], &made[1]);
    assert_eq!((first.rings[0].len(), second.rings[0].len()), (4, 4), "corners alone");
    let east = first.rings[0].iter().map(|point| point.0).max().unwrap();
    let west = second.rings[0].iter().map(|point| point.0).min().unwrap();
    assert_eq!(east, west, "no gap between them");
    assert!(first.middle.0 < east && second.middle.0 > west, "a name stands in its own division");
    for (x, y) in made.iter().flat_map(|shape| shape.rings.iter().flatten()) {
        assert!(*x <= SIZE.0 && *y <= SIZE.1, "{x} {y}");
    }
}

#[test]
fn a_country_before_the_code_and_islands_are_taken() {
    let islands =
        format!("{{\"type\":\"MultiPolygon\",\"coordinates\":[[{}],[{}]]}}", square(113.0), square(116.0));
    let text = file(&[feature("\"156440281\"", &islands), good()[1].clone()]);
    let made = shapes(text.as_bytes(), &wanted()).unwrap();
    assert_eq!((made[0].code.as_str(), made[0].rings.len()), ("440281", 2));
}

#[test]
fn a_file_that_is_none_is_told_so() {
    assert_eq!(codes(""), [Code::Faulty]);
    assert_eq!(codes("{\"type\":\"FeatureCollection\",\"features\":[{}"), [Code::Faulty]);
    assert_eq!(codes("{\"type\":\"FeatureCollection\",\"features\":[]}"), [Code::WrongFile], "empty");
    assert_eq!(codes("{\"type\":\"FeatureCollection\"}"), [Code::WrongFile]);
    assert_eq!(codes("{\"type\":\"Topology\",\"objects\":{},\"arcs\":[]}"), [Code::WrongFile]);
    let way_out = shapes(b"{\"type\":\"Topology\"}", &wanted()).unwrap_err().remove(0).words;
    assert!(way_out.contains("TopoJSON") && way_out.contains("GeoJSON"), "{way_out}");
}

#[test]
fn every_division_stands_in_it_once_and_no_other() {
    let [first, second] = good();
    assert_eq!(codes(&file(&[first.clone(), second.clone()])), []);
    assert_eq!(codes(&file(std::slice::from_ref(&first))), [Code::Missing], "one alone");
    assert_eq!(codes(&file(&[first.clone(), first.clone(), second.clone()])), [Code::Duplicate]);
    let strange = feature("999999", &polygon(&square(113.0)));
    assert_eq!(codes(&file(&[strange, second.clone()])), [Code::NotListed]);
    let nameless = feature("\"<svg onload=x>\"", &polygon(&square(113.0)));
    assert_eq!(codes(&file(&[nameless, second])), [Code::Missing]);
    let many = vec![feature("999999", "null"); 500];
    assert_eq!(codes(&file(&many)).len(), 10, "the first of them");
}

#[test]
fn rings_are_closed_and_lie_in_the_country() {
    assert_eq!(with("null"), [Code::Missing]);
    assert_eq!(with("{\"type\":\"Point\",\"coordinates\":[113,24]}"), [Code::WrongFile]);
    assert_eq!(with(&polygon("")), [Code::Missing]);
    assert_eq!(with(&polygon("[[113,24],[114,24],[114,25],[113,25]]")), [Code::Faulty], "open");
    assert_eq!(with(&polygon("[[113,24],[114,24],[113,24]]")), [Code::TooShort]);
    assert_eq!(with(&polygon("[[113,24],[113,24],[113,24],[113,24]]")), [Code::Faulty], "all in one place");
    assert_eq!(with(&polygon("[[24,113],[24,114],[25,114],[24,113]]")), [Code::OutOfRange], "turned round");
    assert_eq!(
        with(&polygon("[[38500000,2650000],[38600000,2650000],[38600000,2750000],[38500000,2650000]]")),
        [Code::OutOfRange]
    );
    assert_eq!(with(&polygon("[[113],[114,24],[114,25],[113]]")), [Code::Faulty]);
    for number in ["NaN", "1e999", "\"113\""] {
        assert_eq!(
            with(&polygon(&format!("[[{number},24],[114,24],[114,25],[{number},24]]"))),
            [Code::Faulty],
            "{number}"
        );
    }
}

#[test]
fn a_million_points_end_at_their_place() {
    let many = vec!["[113.5,24.5]"; 1_000_000].join(",");
    let [first, _] = good();
    let text = file(&[first, feature("440282", &polygon(&format!("[{many}]")))]);
    let mistakes = shapes(text.as_bytes(), &wanted()).unwrap_err();
    assert_eq!(mistakes[0].code, Code::TooMany);
    assert!(
        mistakes[0].words.contains("第 2 个") && mistakes[0].words.contains(&MOST_POINTS.to_string()),
        "{}",
        mistakes[0].words
    );
    let flat = format!("[{}]", vec!["1"; 1_000_000].join(","));
    assert_eq!(with(&polygon(&flat)), [Code::TooMany], "numbers without lists, too");
}

#[test]
fn a_fine_line_becomes_as_simple_as_the_drawing() {
    let coast: Vec<String> = (0..60_000_u32)
        .map(|at| {
            let turn = f64::from(at) / 60_000.0 * std::f64::consts::TAU;
            let away = 0.45 + 0.02 * (turn * 97.0).sin();
            format!("[{:.7},{:.7}]", 113.5 + away * turn.cos(), 24.5 + away * turn.sin())
        })
        .collect();
    let ring = format!("[{},{}]", coast.join(","), coast[0]);
    let text = file(&[feature("440281", &polygon(&ring)), good()[1].clone()]);
    let made = shapes(text.as_bytes(), &wanted()).unwrap();
    let kept: usize = made.iter().flat_map(|shape| &shape.rings).map(Vec::len).sum();
    assert!(kept > 100 && kept <= MOST_KEPT, "{kept}");
}

#[test]
fn what_is_too_small_to_be_seen_is_a_small_square() {
    let tiny = "[[113.5,24.5],[113.50001,24.5],[113.50001,24.50001],[113.5,24.5]]";
    let text = file(&[feature("440281", &polygon(tiny)), good()[1].clone()]);
    let made = shapes(text.as_bytes(), &wanted()).unwrap();
    assert_eq!((made[0].rings.len(), made[0].rings[0].len()), (1, 4));
    assert!(grid::drawn(&[]).is_ok_and(|shapes| shapes.is_empty()));
}

#[test]
fn an_approval_number_looks_like_one() {
    for good in ["粤S(2024)123号", "粤S〔2024〕005号", "GS(2023)2767号", "GS粤(2023)1234号"] {
        assert_eq!(check_approval(good), None, "{good}");
    }
    for bad in ["", "号", "2024", "粤S(2024)", "<script>", "粤(2024)1号", "粤S1号".repeat(11).as_str()]
    {
        assert!(check_approval(bad).is_some(), "{bad}");
    }
}
