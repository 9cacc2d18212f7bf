//! Spans and moments on an axis of days, as timelines and semesters draw them.

use crate::axis::Axis;
use crate::draw::day_said;
use crate::sheet::{Area, Ground, Key, Sheet, diamond, disc, square};
use crate::svg::path;
use crate::timeline::{Moment, MomentKind, Span, SpanKind};
use jiedui_kernel::Date;
use std::collections::BTreeSet;

/// What is drawn in a band so high, in the middle of it; plans take all of it.
pub(crate) const BAND: i64 = 24;

impl SpanKind {
    fn ground(self) -> Ground {
        match self {
            Self::Planned => Ground::Empty,
            Self::Claimed => Ground::Hatched,
            Self::Confirmed => Ground::Solid,
            Self::Late => Ground::Crossed,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Planned => "计划",
            Self::Claimed => "已登记待确认",
            Self::Confirmed => "已确认",
            Self::Late => "已逾期",
        }
    }
}

impl MomentKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Done => "已完成",
            Self::Claimed => "已登记待确认",
            Self::Coming => "已预告",
            Self::Due => "期限",
        }
    }

    fn key(self) -> Key {
        match self {
            Self::Done => Key::Disc,
            Self::Claimed => Key::Ring,
            Self::Coming => Key::Square,
            Self::Due => Key::Diamond,
        }
    }
}

impl Span {
    /// 常驻，2026年9月1日至2026年9月15日，已确认.
    pub(crate) fn said(&self) -> String {
        let days = format!("{}至{}", day_said(self.from), day_said(self.to));
        format!("{}，{days}，{}", self.label, self.kind.word())
    }
}

impl Moment {
    pub(crate) fn said(&self) -> String {
        format!("{}，{}，{}", self.label, day_said(self.day), self.kind.word())
    }
}

/// Draws a span where a day of it lies on the axis; plans first, so that what was done lies over them.
pub(crate) fn draw_spans(spans: &[&Span], axis: &Axis, y: i64, sheet: &mut Sheet) {
    let mut spans = spans.to_vec();
    spans.sort_by_key(|span| span.kind);
    for span in spans {
        let Some((x, length)) = axis.span(span.from, span.to) else { continue };
        let area = match span.kind {
            SpanKind::Planned | SpanKind::Late => Area::new(x, y + 3, length, BAND - 6),
            SpanKind::Claimed | SpanKind::Confirmed => Area::new(x, y + 7, length, BAND - 14),
        };
        let hit = if length < BAND {
            Area { y, ..Area::around((x + length / 2, y + BAND / 2), sheet) }
        } else {
            Area::new(x, y, length, BAND)
        };
        let mut mark = sheet.mark_where_free(&span.said(), span.href.as_deref(), hit);
        mark.push(sheet.filled(area, span.kind.ground()));
        sheet.push(mark);
    }
}

pub(crate) fn draw_moments(moments: &[&Moment], axis: &Axis, y: i64, sheet: &mut Sheet) {
    for moment in moments.iter().filter(|moment| axis.holds(moment.day)) {
        let (x, middle) = (axis.middle(moment.day).clamp(5, sheet.width - 5), y + BAND / 2);
        let hit = Area { y, ..Area::around((x, middle), sheet) };
        let mut mark = sheet.mark_where_free(&moment.said(), moment.href.as_deref(), hit);
        mark.push(match moment.kind {
            MomentKind::Done => disc(x, middle).class("pic-solid"),
            MomentKind::Claimed => disc(x, middle).class("pic-empty"),
            MomentKind::Coming => square(x, middle).class("pic-empty"),
            MomentKind::Due => diamond(x, middle).class("pic-goal"),
        });
        sheet.push(mark);
    }
}

pub(crate) fn draw_today(today: Option<Date>, axis: &Axis, (top, bottom): (i64, i64), sheet: &mut Sheet) {
    if let Some(today) = today.filter(|today| axis.holds(*today)) {
        let x = axis.middle(today);
        sheet.push(path(format_args!("M{x} {top}L{x} {bottom}")).class("pic-today"));
    }
}

/// The legend of the kinds that occur.
pub(crate) fn keys<'a>(
    spans: impl Iterator<Item = &'a Span>,
    moments: impl Iterator<Item = &'a Moment>,
) -> Vec<(Key, String)> {
    let spans: BTreeSet<SpanKind> = spans.map(|span| span.kind).collect();
    let moments: BTreeSet<MomentKind> = moments.map(|moment| moment.kind).collect();
    let of_spans = spans.into_iter().map(|kind| (Key::Area(kind.ground()), kind.word().to_owned()));
    let of_moments = moments.into_iter().map(|kind| (kind.key(), kind.word().to_owned()));
    of_spans.chain(of_moments).collect()
}
