//! Whatever the data: well-formed, nothing outside the drawing, as many marks as values, and no markup out of a text.

#![expect(clippy::unwrap_used, reason = "a test stops where something is amiss")]

use jiedui_kernel::{Date, Reported, Unit};
use jiedui_pictures::{
    Bar, Bars, Fault, Funnel, Goal, Heat, HeatRow, Look, MOST_ROWS, Mark, Moment, MomentKind, Multiples,
    Panel, Picture, Semesters, Series, Span, SpanKind, Stack, StackRow, StayRow, Term, Tie, TieKind, Tile,
    Tiles, Timeline, TimelineRow, Trend,
};
use proptest::prelude::*;

/// An element as it opens: its name and its attributes, each as it stands.
type Element = (String, Vec<(String, String)>);

/// Reads what is written as strictly as XML asks, as far as it can occur here, and returns the elements of each drawing.
fn read(text: &str) -> Vec<Vec<Element>> {
    let mut drawings: Vec<Vec<Element>> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        is_text(&rest[..at]);
        assert!(!open.is_empty() || rest[..at].is_empty(), "text outside a drawing");
        let end = at + rest[at..].find('>').unwrap();
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (tag, is_closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let element = element(tag);
        if open.is_empty() {
            drawings.push(Vec::new());
        }
        if !is_closed {
            open.push(element.0.clone());
        }
        drawings.last_mut().unwrap().push(element);
    }
    assert!(rest.is_empty() && open.is_empty());
    drawings
}

fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    assert!(name.chars().all(|sign| sign.is_ascii_alphabetic()), "{name}");
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let (name, value) = rest.trim_start().split_once("=\"").unwrap();
        let (value, after) = value.split_once('"').unwrap();
        is_text(value);
        assert!(attributes.iter().all(|(other, _)| other != name), "{name} twice");
        attributes.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
    (name.to_owned(), attributes)
}

/// No sign that begins markup, and none that no XML may hold.
fn is_text(text: &str) {
    assert!(!text.contains(['<', '>', '"', '\'']) && !text.contains(char::is_control), "{text:?}");
    for (at, _) in text.match_indices('&') {
        let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
        assert!(known.iter().any(|sign| text[at..].starts_with(sign)), "{text:?}");
    }
}

fn get<'a>((_, attributes): &'a Element, name: &str) -> Option<&'a str> {
    attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn number(element: &Element, name: &str) -> i64 {
    get(element, name).map_or(0, |value| value.parse().unwrap())
}

/// The largest numbers across and down that an element reaches.
fn reach(element: &Element) -> Vec<(i64, i64)> {
    let of = |name: &str| number(element, name);
    match element.0.as_str() {
        "rect" => vec![(of("x"), of("y")), (of("x") + of("width"), of("y") + of("height"))],
        "circle" => vec![(of("cx") - of("r"), of("cy") - of("r")), (of("cx") + of("r"), of("cy") + of("r"))],
        "text" => vec![(of("x"), of("y"))],
        "path" => {
            let d = get(element, "d").unwrap();
            let numbers: Vec<i64> = d
                .split(|sign: char| sign.is_ascii_uppercase() || sign == ' ')
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().unwrap())
                .collect();
            assert_eq!(numbers.len() % 2, 0, "{d}");
            numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()
        }
        _ => Vec::new(),
    }
}

/// Both drawings, looked at; returns how many links each has.
fn looked_at(picture: &Picture) -> Vec<usize> {
    let text = picture.svg("p-1");
    assert_eq!(text, picture.svg("p-1"), "the same data gives the same picture");
    let drawings = read(&text);
    assert_eq!(drawings.len(), 2);
    let mut ids = std::collections::BTreeSet::new();
    for drawing in &drawings {
        let svg = &drawing[0];
        let (width, height) = (number(svg, "width"), number(svg, "height"));
        assert_eq!(get(svg, "viewBox"), Some(format!("0 0 {width} {height}").as_str()));
        for element in drawing {
            for (name, value) in &element.1 {
                assert!(name != "style" && !name.starts_with("on"), "{name}");
                let local = value.starts_with('/') && !value.starts_with("//");
                assert!(name != "href" || local, "{value}");
                assert!(name != "id" || ids.insert(value.clone()), "{value} twice");
            }
            for (x, y) in reach(element) {
                assert!(
                    (0..=width).contains(&x) && (0..=height).contains(&y),
                    "{element:?} in {width}×{height}"
                );
            }
        }
    }
    drawings.iter().map(|drawing| drawing.iter().filter(|element| element.0 == "a").count()).collect()
}

fn day(of: i64) -> Date {
    Date::from_num_days_from_ce_opt(739_617 + i32::try_from(of).unwrap()).unwrap()
}

/// Texts that would like to be markup, Chinese names, and anything.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("</text><script>alert(1)</script>".to_owned()),
        Just("\" onload=\"x".to_owned()),
        Just("仁化县技工学校&amp;".to_owned()),
        Just(String::new()),
        any::<String>(),
    ]
}

fn hrefs() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None::<String>),
        Just(Some("/entries?a=1&b=2".to_owned())),
        Just(Some("//evil.example".to_owned())),
        Just(Some("javascript:alert(1)".to_owned())),
        texts().prop_map(Some),
    ]
}

fn values() -> impl Strategy<Value = Reported<i64>> {
    prop_oneof![
        4 => (-10..100_000_i64).prop_map(Reported::Value),
        1 => any::<i64>().prop_map(Reported::Value),
        1 => Just(Reported::NotReported),
        1 => Just(Reported::NotIssued),
    ]
}

fn marks() -> impl Strategy<Value = Mark> {
    (texts(), values(), hrefs()).prop_map(|(label, value, href)| Mark { label, value, href })
}

fn units() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::Persons), Just(Unit::Yuan), Just(Unit::BasisPoints)]
}

fn many<T: std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(of, 0..16)
}

fn bars() -> impl Strategy<Value = Picture> {
    let goal = (texts(), any::<i64>(), any::<bool>());
    let goal = goal.prop_map(|(label, value, at_most)| Goal { label, value, at_most });
    let bar = (marks(), prop::option::of(any::<i64>()), prop::option::of(goal), prop::option::of(units()));
    let bar = bar.prop_map(|(mark, claimed, goal, unit)| Bar { mark, claimed, goal, unit });
    (texts(), units(), any::<bool>(), many(bar))
        .prop_map(|(title, unit, apart, rows)| Picture::Bars(Bars { title, unit, apart, rows }))
}

fn stacks() -> impl Strategy<Value = Picture> {
    let row = (texts(), hrefs(), many(marks()));
    let row = row.prop_map(|(label, href, values)| StackRow { label, href, values });
    (texts(), units(), many(texts()), many(row))
        .prop_map(|(title, unit, parts, rows)| Picture::Stack(Stack { title, unit, parts, rows }))
}

fn trends() -> impl Strategy<Value = Picture> {
    let looks = prop_oneof![Just(Look::Main), Just(Look::Before), Just(Look::Path)];
    let series = (texts(), looks, many(marks()));
    let series = series.prop_map(|(name, look, points)| Series { name, look, points });
    (texts(), units(), many(texts()), any::<i64>(), many(series)).prop_map(
        |(title, unit, ticks, floor, series)| {
            Picture::Trend(Trend { title, unit, steps: "月份".to_owned(), ticks, floor, series })
        },
    )
}

fn multiples() -> impl Strategy<Value = Picture> {
    let panel = (texts(), hrefs(), many(values()));
    let panel = panel.prop_map(|(label, href, values)| Panel { label, href, values });
    (texts(), units(), many(texts()), many(panel))
        .prop_map(|(title, unit, ticks, panels)| Picture::Multiples(Multiples { title, unit, ticks, panels }))
}

fn spans() -> impl Strategy<Value = Span> {
    let kinds = [SpanKind::Planned, SpanKind::Claimed, SpanKind::Confirmed, SpanKind::Late];
    (0..800_i64, -5..200_i64, prop::sample::select(kinds.to_vec()), texts(), hrefs()).prop_map(
        |(from, length, kind, label, href)| Span {
            from: day(from),
            to: day(from + length),
            kind,
            label,
            href,
        },
    )
}

fn timelines() -> impl Strategy<Value = Picture> {
    let kinds = [MomentKind::Done, MomentKind::Claimed, MomentKind::Coming, MomentKind::Due];
    let moment = (0..800_i64, prop::sample::select(kinds.to_vec()), texts(), hrefs());
    let moment = moment.prop_map(|(at, kind, label, href)| Moment { day: day(at), kind, label, href });
    let words = (prop::option::of(texts()), texts(), prop::option::of(texts()));
    let row = (words, hrefs(), many(spans()), many(moment));
    let row = row.prop_map(|((group, label, note), href, spans, moments)| TimelineRow {
        group,
        label,
        href,
        note,
        spans,
        moments,
    });
    (texts(), 0..600_i64, -1..900_i64, 0..800_i64, many(row)).prop_map(
        |(title, from, length, today, rows)| {
            let (from, to) = (day(from), day(from + length));
            Picture::Timeline(Timeline { title, from, to, today: Some(day(today)), rows })
        },
    )
}

fn semesters() -> impl Strategy<Value = Picture> {
    let term = (texts(), 0..600_i64, -1..200_i64);
    let term = term.prop_map(|(label, from, length)| Term::new(label, day(from), day(from + length)));
    let row = (texts(), hrefs(), many(spans()), values(), prop::option::of(any::<i64>()), 0..800_i64);
    let row = row.prop_map(|(label, href, spans, days, goal, latest)| StayRow {
        label,
        href,
        spans,
        days,
        goal: goal.map(|goal| Goal::at_least("应驻", goal)),
        latest: Some(day(latest)),
    });
    (texts(), prop::collection::vec(term, 0..6), many(row)).prop_map(|(title, terms, rows)| {
        Picture::Semesters(Semesters { title, terms, today: Some(day(90)), rows })
    })
}

fn funnels() -> impl Strategy<Value = Picture> {
    (texts(), units(), many(marks())).prop_map(|(title, unit, marks)| {
        Picture::Funnel(marks.into_iter().fold(Funnel::new(title, unit), Funnel::step))
    })
}

fn heats() -> impl Strategy<Value = Picture> {
    let row = (texts(), hrefs(), many(marks()));
    let row = row.prop_map(|(label, href, cells)| HeatRow { label, href, cells });
    (texts(), units(), many(texts()), many(row))
        .prop_map(|(title, unit, columns, rows)| Picture::Heat(Heat { title, unit, columns, rows }))
}

fn tiles() -> impl Strategy<Value = Picture> {
    let tile = (0..20_u8, texts(), marks(), 0..70_u16, 0..70_u16, prop::option::of(0..9_usize));
    let tile = tile.prop_map(|(key, city, mark, row, column, class)| Tile {
        key: format!("4402{key}"),
        city,
        mark,
        row,
        column,
        class,
        shape: None,
    });
    let tie = (0..25_u8, 0..25_u8, any::<bool>(), texts());
    let tie = tie.prop_map(|(from, to, lead, label)| {
        let kind = if lead { TieKind::Lead } else { TieKind::Nearby };
        Tie::new(kind, (format!("4402{from}"), format!("4402{to}")), label)
    });
    (texts(), units(), many(texts()), many(tile), many(tie)).prop_map(
        |(title, unit, classes, tiles, ties)| {
            let nothing = "没有数据".to_owned();
            Picture::Tiles(Tiles { title, unit, classes, nothing, tiles, ties })
        },
    )
}

fn pictures() -> impl Strategy<Value = Picture> {
    let some = prop_oneof![bars(), stacks(), trends(), multiples(), timelines()];
    let others = prop_oneof![semesters(), funnels(), heats(), tiles()];
    prop_oneof![some, others]
}

proptest! {
    #[test]
    fn whatever_is_asked_for_is_drawn_within_its_bounds(picture in pictures()) {
        looked_at(&picture);
        let table = picture.table();
        prop_assert!(table.rows.iter().all(|row| row.len() == table.headings.len()));
        let hrefs = table.rows.iter().flatten().filter_map(|cell| cell.href.as_deref());
        for href in hrefs {
            prop_assert!(href.starts_with('/') && !href.starts_with("//"));
        }
    }

    #[test]
    fn every_value_has_its_mark(count in 0..12_usize, columns in 1..13_usize) {
        let mark = |at: usize| Mark::of(format!("第{at}"), 7).opens(format!("/rows/{at}"));
        let bars = (0..count).fold(Bars::new("甲", Unit::Persons), |bars, at| {
            bars.bar(Bar::of("乙", 5).opens(format!("/rows/{at}")))
        });
        prop_assert_eq!(looked_at(&Picture::Bars(bars)), [count, count]);
        let funnel = (0..count).map(mark).fold(Funnel::new("甲", Unit::Persons), Funnel::step);
        prop_assert_eq!(looked_at(&Picture::Funnel(funnel)), [count, count]);
        let heat = Heat::new("甲", Unit::Persons, (0..columns).map(|at| format!("列{at}")));
        let heat = (0..count).fold(heat, |heat, _| heat.row(HeatRow::new("乙", (0..columns).map(mark).collect())));
        let cells = count * columns;
        prop_assert_eq!(looked_at(&Picture::Heat(heat)), [cells, cells]);
        let trend = Trend::by_month("甲", Unit::Persons)
            .series(Series::new("本年", Look::Main, (0..columns.min(12)).map(mark).collect()));
        prop_assert_eq!(looked_at(&Picture::Trend(trend)), [columns.min(12), columns.min(12)]);
        let tiles = (0..count).fold(Tiles::new("甲", Unit::Persons, ["有"]), |tiles, at| {
            let column = u16::try_from(at).unwrap();
            tiles.tile(Tile::new(format!("{at}"), "乙", (0, column)).in_city("丙").opens(format!("/rows/{at}")))
        });
        prop_assert_eq!(looked_at(&Picture::Tiles(tiles)), [count, count]);
    }
}

#[test]
fn nothing_is_said_to_be_nothing() {
    for picture in [
        Picture::Bars(Bars::new("甲", Unit::Persons)),
        Picture::Trend(Trend::by_month("甲", Unit::Persons).series(Series::new(
            "本年",
            Look::Main,
            vec![Mark::new("", Reported::NotReported)],
        ))),
        Picture::Tiles(Tiles::new("甲", Unit::Persons, ["有"])),
        Picture::Semesters(Semesters::new("甲", Vec::new()).row(StayRow::new("乙", Reported::Value(1)))),
    ] {
        looked_at(&picture);
        assert!(picture.svg("p").contains("没有数据"));
        assert_eq!(picture.check(), Ok(()));
    }
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let bars = |count: usize| {
        let bars = Bars::new("甲", Unit::Persons);
        Picture::Bars((0..count).fold(bars, |bars, _| bars.bar(Bar::of("乙", 1))))
    };
    assert_eq!(bars(MOST_ROWS).check(), Ok(()));
    assert_eq!(bars(MOST_ROWS + 1).check(), Err(Fault::TooMany { given: MOST_ROWS + 1, most: MOST_ROWS }));
    assert!(bars(MOST_ROWS + 1).svg("p").contains("只画出前200项，共201项"));
    assert_eq!(bars(MOST_ROWS + 1).table().rows.len(), MOST_ROWS + 1);
    let astray = Bars::new("甲", Unit::Persons).bar(Bar::of("乙", 1).opens("https://evil.example"));
    assert_eq!(Picture::Bars(astray).check(), Err(Fault::Astray("https://evil.example".to_owned())));
    let twice = Tiles::new("甲", Unit::Persons, ["有"]).tile(Tile::new("1", "乙", (0, 0))).tile(Tile::new(
        "2",
        "丙",
        (0, 0),
    ));
    assert_eq!(Picture::Tiles(twice).check(), Err(Fault::Outside("丙".to_owned())));
    let loose = Tiles::new("甲", Unit::Persons, ["有"]).tile(Tile::new("1", "乙", (0, 0))).tie(Tie::new(
        TieKind::Lead,
        ("1", "9"),
        "丁",
    ));
    assert_eq!(Picture::Tiles(loose).check(), Err(Fault::Outside("丁".to_owned())));
    let outside = Timeline::of_year("甲", 2026).unwrap().row(TimelineRow::new("乙").moment(Moment::new(
        MomentKind::Due,
        day(3650),
        "期限",
    )));
    assert_eq!(Picture::Timeline(outside).check(), Err(Fault::Outside("乙".to_owned())));
}

#[test]
fn a_row_that_holds_too_much_says_so() {
    let visits = |count: i64| {
        let row = (0..count).fold(TimelineRow::new("乙"), |row, at| {
            row.moment(Moment::new(MomentKind::Done, day(at), "调研"))
        });
        Picture::Timeline(Timeline::new("甲", day(0), day(364)).row(row))
    };
    assert!(!visits(36).svg("p").contains("其余见下表"));
    assert!(visits(37).svg("p").contains("一行里只画出前36项，其余见下表"));
    assert_eq!(visits(37).table().rows.len(), 37);
}

#[test]
fn links_never_lie_over_one_another() {
    let same_day = (0..3).fold(TimelineRow::new("乙"), |row, at| {
        row.moment(Moment::new(MomentKind::Done, day(30), format!("第{at}次")).opens(format!("/visits/{at}")))
    });
    let timeline = Picture::Timeline(Timeline::new("甲", day(0), day(364)).row(same_day));
    assert_eq!(looked_at(&timeline), [1, 1], "the others open from the table");
    assert_eq!(timeline.table().rows.iter().flatten().filter(|cell| cell.href.is_some()).count(), 3);
}

#[test]
fn time_is_drawn_on_the_axis_of_time_and_quantity_is_written() {
    let row = |note: &str| {
        let span = Span::new(SpanKind::Planned, (day(0), day(181)), "计划期");
        TimelineRow::new("竞赛教练培养").note(note).span(span)
    };
    let drawn = |note: &str| {
        let timeline = Timeline::new("项目进度", day(0), day(364)).row(row(note));
        let drawings = read(&Picture::Timeline(timeline).svg("p"));
        drawings[0].iter().filter(|element| element.0 == "rect").cloned().collect::<Vec<_>>()
    };
    assert_eq!(drawn("已确认 13 / 90人次"), drawn("已确认 90 / 90人次"));
}
