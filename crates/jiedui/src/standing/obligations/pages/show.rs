//! One clock with the entries that move it, and what the office may say about it.

use super::super::{self as obligations, Clock, actions};
use crate::evidence::ledger::{self, EntryLine};
use crate::shared::confirmation::State;
use jiedui_kernel::{Code, Date, FieldError, Reported, Result, Unit};
use jiedui_pictures::{
    Goal, Moment, MomentKind, Picture, Semesters, Span, SpanKind, StayRow, Term, Timeline, TimelineRow,
};
use jiedui_programme::ClockNote;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    clock: Clock,
    rows: Vec<EntryLine>,
    can_claim: bool,
    picture: PictureView,
    notes: Vec<String>,
    /// What the office may do about it: give an exemption with its reason, or take it back.
    exempt: Option<Field>,
    restores: bool,
    errors: Vec<FieldError>,
}

/// The clock that the address names, among those visible to the caller.
async fn asked(ctx: &mut RequestContext) -> Result<Clock> {
    let programme = ctx.programme();
    let (obligation, helper) = (ctx.param("obligation"), ctx.param("helper"));
    let (county, period) = (ctx.param("county"), ctx.param("period"));
    obligations::find(&mut ctx.tx, &programme, [&obligation, &helper, &county, &period]).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, clock) = (ctx.programme(), asked(ctx).await?);
    let rows = ledger::rows_of(&mut ctx.tx, &clock.reading.entries).await?;
    let picture = picture(&clock, &rows, ctx.today);
    let view = ShowView {
        rows: rows.iter().map(|row| ledger::line(&mut ctx.names, &programme, row)).collect(),
        can_claim: ctx.can("entry", "claim") && ctx.actor.org == clock.reading.helper && clock.running,
        picture,
        notes: clock.reading.notes.iter().map(obligations::note_words).collect(),
        exempt: (ctx.can("clock", "exempt") && clock.reading.state.is_judged()).then(|| {
            Field::new("reason", "免除的理由")
                .help("一句话写明依据；双方和上级都能看到是谁、为什么免除的。")
                .required()
                .value(ctx.form.values.get("reason"))
                .error(&errors)
        }),
        restores: ctx.can("clock", "exempt") && exempted(&clock),
        errors: errors.clone(),
        clock,
    };
    let title = format!("{}：{} → {}", view.clock.name, view.clock.helper_name, view.clock.county_name);
    let page = Page::new(title, view.clock.about.clone())
        .clause(view.clock.clause.clone())
        .back("/clocks", "履职进度")
        .kind("detail");
    Ok(Reply::view("standing/obligations/show.html", page, &view)?.refused(!errors.is_empty()))
}

fn exempted(clock: &Clock) -> bool {
    clock.reading.notes.iter().any(|note| matches!(note, ClockNote::Exempted { .. }))
}

/// Nothing is owed in this period, for the reason given.
pub async fn exempt(ctx: &mut RequestContext) -> Result<Reply> {
    let clock = asked(ctx).await?;
    let mut read = Reader::default();
    let pairs = ctx.form.values.clone();
    read.required(&pairs, "reason", "免除的理由");
    let reason = read.text(&pairs, "reason", "免除的理由", 200).to_owned();
    if !clock.reading.state.is_judged() {
        read.fail("reason", Code::Unchanged.says("这一项现在没有要求，不用免除。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return show_page(ctx, errors).await;
    }
    actions::exempt(&mut ctx.tx, &clock.reading, &reason).await?;
    Ok(Reply::done(clock.href, Flash::done("已免除；页面上写明了单位和理由。")))
}

/// Takes an exemption back: what was owed is owed again.
pub async fn restore(ctx: &mut RequestContext) -> Result<Reply> {
    let clock = asked(ctx).await?;
    actions::restore(&mut ctx.tx, &clock.reading).await?;
    Ok(Reply::done(clock.href, Flash::done("已撤销免除，这一项恢复要求。")))
}

/// What was done in the period, each piece a link to its entry, with today and the latest feasible day.
fn picture(clock: &Clock, rows: &[ledger::EntryRow], today: Date) -> PictureView {
    let reading = &clock.reading;
    let picture = if clock.owed.unit == Unit::Days.label() {
        let term = Term::new(&reading.period_name, reading.period.from, reading.period.to);
        Picture::Semesters(Semesters::new("已开展的天数", vec![term]).today(today).row(stays(clock, rows)))
    } else {
        let timeline = Timeline::new("已开展的工作", reading.period.from, reading.period.to).today(today);
        Picture::Timeline(timeline.row(visits(clock, rows)))
    };
    PictureView::new("clock", &picture)
}

fn entry_href(row: &ledger::EntryRow) -> String {
    format!("/entries/{}", row.id)
}

fn stays(clock: &Clock, rows: &[ledger::EntryRow]) -> StayRow {
    let reading = &clock.reading;
    let mut row = StayRow::new(&clock.helper_name, Reported::Value(reading.confirmed));
    row.goal = (reading.owed > 0).then(|| Goal::at_least("应做", reading.owed));
    row.latest = reading.latest_start;
    let span = |entry: &ledger::EntryRow| {
        let sure = entry.state == State::Confirmed;
        let kind = if sure { SpanKind::Confirmed } else { SpanKind::Claimed };
        Span::new(kind, (entry.from_day, entry.to_day), &clock.name).opens(entry_href(entry))
    };
    rows.iter().map(span).fold(row, StayRow::span)
}

fn visits(clock: &Clock, rows: &[ledger::EntryRow]) -> TimelineRow {
    let reading = &clock.reading;
    let note = format!("确认 {} / {}{}", reading.confirmed, reading.owed, clock.owed.unit);
    let mut row = TimelineRow::new(&clock.helper_name).note(note);
    let moment = |entry: &ledger::EntryRow| {
        let sure = entry.state == State::Confirmed;
        let kind = if sure { MomentKind::Done } else { MomentKind::Claimed };
        Moment::new(kind, entry.from_day, &clock.name).opens(entry_href(entry))
    };
    row.moments.extend(rows.iter().map(moment));
    row.moments.extend(reading.latest_start.map(|day| Moment::new(MomentKind::Due, day, "最迟开始")));
    row
}
