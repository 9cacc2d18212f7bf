//! One picture of each kind, for the page of components.

use super::PictureView;
use jiedui_kernel::{Date, Reported, Unit};
use jiedui_pictures::{
    Bar, Bars, Funnel, Goal, Heat, HeatRow, Look, Mark, Moment, MomentKind, Multiples, Panel, Picture,
    Semesters, Series, Span, SpanKind, Stack, StackRow, StayRow, Term, Tie, TieKind, Tile, Tiles, Timeline,
    TimelineRow, Trend,
};

/// Where the marks of the samples lead.
const HERE: &str = "/components";

/// The sample of a kind; none where there is no such kind.
pub(crate) fn sample(kind: &str) -> Option<PictureView> {
    let picture = match kind {
        "bars" => Picture::Bars(bars()),
        "stack" => Picture::Stack(stack()),
        "trend" => Picture::Trend(trend()),
        "multiples" => Picture::Multiples(multiples()),
        "timeline" => Picture::Timeline(timeline()?),
        "semesters" => Picture::Semesters(semesters()?),
        "funnel" => Picture::Funnel(funnel()),
        "heat" => Picture::Heat(heat()),
        "tiles" => Picture::Tiles(tiles()),
        "nothing" => Picture::Bars(Bars::new("示例：没有数据", Unit::Persons)),
        _ => return None,
    };
    Some(PictureView::new(&format!("sample-{kind}"), &picture))
}

fn bars() -> Bars {
    let goal = |value: i64| Goal::at_least("标准要求", value);
    Bars::new("示例：达标差距", Unit::Persons)
        .each_by_its_goal()
        .bar(Bar::of("在校生", 1437).opens(HERE).against(goal(1600)))
        .bar(Bar::of("专任教师", 63).opens(HERE).against(goal(60)))
        .bar(Bar::of("每名教师的学生", 23).against(Goal::at_most("标准要求", 20)))
        .bar(Bar::of("社会培训", 300).claimed(420).opens(HERE))
        .bar(Bar::new("校舍面积", Reported::NotReported).in_unit(Unit::SquareMetres).against(goal(26_000)))
}

fn stack() -> Stack {
    let parts = ["省级", "市级", "自筹"];
    let row = |label: &str, values: [i64; 3]| {
        let values = parts.iter().zip(values).map(|(part, value)| Mark::of(*part, value));
        StackRow::new(label, values.collect())
    };
    let mut first = row("示例县技工学校", [200_000_000, 80_000_000, 30_000_000]).opens(HERE);
    first.values[0].href = Some(HERE.to_owned());
    Stack::new("示例：经费来源", Unit::Yuan, parts)
        .row(first)
        .row(row("示例市技工学校", [50_000_000, 120_000_000, 0]))
}

fn trend() -> Trend {
    let points = |values: &[i64]| values.iter().map(|value| Mark::of("", *value)).collect::<Vec<_>>();
    let mut now = points(&[20, 45, 80, 130, 170]);
    now[4].href = Some(HERE.to_owned());
    let before = points(&[10, 30, 50, 90, 120, 150, 160, 160, 210, 260, 290, 300]);
    Trend::by_month("示例：社会培训逐月累计", Unit::PersonTimes)
        .series(Series::new("本年", Look::Main, now))
        .series(Series::new("上年", Look::Before, before))
        .series(Series::path_to("达到目标的进度", 360, 12))
}

fn multiples() -> Multiples {
    let panel = |label: &str, values: [i64; 3]| Panel::new(label, values.map(Reported::Value).to_vec());
    Multiples::new("示例：在校生", Unit::Persons, ["2024年", "2025年", "2026年"])
        .panel(panel("示例甲校", [1200, 1300, 1437]).opens(HERE))
        .panel(panel("示例乙校", [900, 880, 960]))
        .panel(Panel::new("示例丙校", vec![Reported::Value(700), Reported::NotReported]))
}

fn day(month: u32, day: u32) -> Option<Date> {
    Date::from_ymd_opt(2026, month, day)
}

fn timeline() -> Option<Timeline> {
    let plan = Span::new(SpanKind::Planned, (day(3, 1)?, day(9, 30)?), "计划起止");
    let done = Span::new(SpanKind::Confirmed, (day(4, 10)?, day(6, 20)?), "送教上门").opens(HERE);
    let claimed = Span::new(SpanKind::Claimed, (day(7, 1)?, day(7, 20)?), "送教上门");
    let late = Span::new(SpanKind::Late, (day(2, 1)?, day(5, 31)?), "师资培训");
    let due = Moment::new(MomentKind::Due, day(12, 10)?, "总结");
    let first = TimelineRow::new("竞赛教练培养").in_group("示例县").note("已确认 13 / 90人次").opens(HERE);
    let second = TimelineRow::new("师资培训").in_group("示例县").span(late);
    let visits = TimelineRow::new("调研对接")
        .in_group("示例市")
        .moment(Moment::new(MomentKind::Done, day(3, 18)?, "调研").opens(HERE))
        .moment(Moment::new(MomentKind::Coming, day(11, 5)?, "调研"));
    let timeline = Timeline::of_year("示例：年度进度", 2026)?.today(day(10, 15)?);
    let first = first.span(plan).span(done).span(claimed).moment(due);
    Some(timeline.row(first).row(second).row(visits))
}

fn semesters() -> Option<Semesters> {
    let spring = Term::new("2026年春季学期", day(3, 1)?, day(7, 10)?);
    let autumn = Term::new("2026年秋季学期", day(9, 1)?, day(12, 31)?);
    let stay = Span::new(SpanKind::Confirmed, (day(9, 7)?, day(10, 9)?), "常驻").opens(HERE);
    let row = StayRow::new("示例技师学院", Reported::Value(33))
        .opens(HERE)
        .against(Goal::at_least("应驻", 45))
        .span(stay)
        .span(Span::new(SpanKind::Claimed, (day(10, 19)?, day(10, 30)?), "常驻"))
        .begins_by(day(11, 17)?);
    let semesters = Semesters::new("示例：常驻", vec![spring, autumn]).today(day(11, 2)?);
    Some(semesters.row(row).row(StayRow::new("示例职业学院", Reported::NotReported)))
}

fn funnel() -> Funnel {
    Funnel::new("示例：从招生到就业", Unit::Persons)
        .step(Mark::of("招生", 520).opens(HERE))
        .step(Mark::of("毕业", 402))
        .step(Mark::of("就业", 387))
        .other_step(Mark::new("升学", Reported::NotReported))
}

fn heat() -> Heat {
    let row = |label: &str, values: [i64; 3]| {
        HeatRow::new(label, values.iter().map(|value| Mark::of("", *value)).collect())
    };
    let mut first = row("示例甲市", [12, 0, 30]);
    first.cells[2].href = Some(HERE.to_owned());
    first.cells[1].value = Reported::NotReported;
    Heat::new("示例：各市登记", Unit::Entries, ["调研", "培训", "送教"])
        .row(first.opens(HERE))
        .row(row("示例乙市", [3, 18, 9]))
}

fn tiles() -> Tiles {
    let tile = |key: &str, label: &str, at: (u16, u16), value: i64| {
        let class = match value {
            0 => 0,
            1 => 1,
            _ => 2,
        };
        Tile::new(key, label, at).value(Reported::Value(value), Some(class))
    };
    Tiles::new("示例：已结对院校", Unit::Schools, ["没有", "一所", "两所以上"])
        .tile(tile("1", "甲县", (0, 0), 1).in_city("示例甲市").opens(HERE))
        .tile(tile("2", "乙县", (0, 1), 0).in_city("示例甲市"))
        .tile(tile("3", "丙区", (1, 0), 2).in_city("示例甲市"))
        .tile(tile("4", "丁区", (0, 3), 3).in_city("示例乙市").opens(HERE))
        .tile(Tile::new("5", "戊县", (1, 3)).in_city("示例乙市"))
        .tie(Tie::new(TieKind::Lead, ("4", "1"), "示例技师学院与甲县"))
        .tie(Tie::new(TieKind::Nearby, ("4", "3"), "示例技师学院与丙区"))
}
