//! One clock with the entries that move it, and what the office may say about it.

use super::super::{self as obligations, Clock, actions};
use crate::evidence::ledger::{self, EntryLine};
use crate::shared::confirmation::State;
use jiedui_kernel::{Code, FieldError, Result};
use jiedui_programme::ClockNote;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::form::Reader;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ShowView {
    clock: Clock,
    rows: Vec<EntryLine>,
    can_claim: bool,
    strip: Strip,
    notes: Vec<String>,
    /// What the office may do about it: give an exemption with its reason, or take it back.
    exempt: Option<Field>,
    restores: bool,
    errors: Vec<FieldError>,
}

/// The period as a line from 0 to 100: where today stands, and the latest feasible day.
#[derive(Serialize)]
struct Strip {
    segments: Vec<Segment>,
    today: Option<i64>,
    latest: Option<i64>,
    label: String,
}

#[derive(Serialize)]
struct Segment {
    x: i64,
    w: i64,
    kind: &'static str,
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
    let strip = strip(&clock, &rows, ctx.today);
    let view = ShowView {
        rows: rows.iter().map(|row| ledger::line(&mut ctx.names, &programme, row)).collect(),
        can_claim: ctx.can("entry", "claim") && ctx.actor.org == clock.reading.helper && clock.running,
        strip,
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

fn strip(clock: &Clock, rows: &[ledger::EntryRow], today: jiedui_kernel::Date) -> Strip {
    let period = clock.reading.period;
    let at = |day: jiedui_kernel::Date| ((day - period.from).num_days() * 100 / period.days()).clamp(0, 100);
    let segments = rows
        .iter()
        .filter_map(|row| {
            period.intersect(jiedui_kernel::Period::new(row.from_day, row.to_day)?).map(|part| (row, part))
        })
        .map(|(row, part)| Segment {
            x: at(part.from),
            w: (part.days() * 100 / period.days()).max(1),
            kind: if row.state == State::Confirmed { "confirmed" } else { "claimed" },
        })
        .collect();
    Strip {
        segments,
        today: period.contains(today).then(|| at(today)),
        latest: clock.reading.latest_start.map(at),
        label: format!("{}内已做的事、今天和最迟日期", clock.reading.period_name),
    }
}
