//! The page of duties: one line for each organisation and duty, opening the record that fulfils it.

use super::{Owed, debtors, standing};
use crate::network::registry;
use jiedui_kernel::{Known, Result, Unit};
use jiedui_programme::{ClockState, DutyEvery, Side};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, PAGE_SIZE, Pager, StateMark};
use jiedui_web::reply::{Choice, Filter, Page, Reply};
use serde::Serialize;

/// How a duty stands: the words of the filter.
const STATES: [(&str, &str); 3] = [("has", "有"), ("waits", "待确认"), ("lacks", "没有")];

#[derive(Serialize)]
struct Line {
    name: String,
    about: String,
    clause: Chip,
    our_reading: bool,
    org: Link,
    side: &'static str,
    city: String,
    place: String,
    typical_class: String,
    period: Period,
    state: StateMark,
    count: Option<Figure>,
    record: Option<Link>,
}

#[derive(Serialize)]
struct Chip {
    id: String,
}

#[derive(Serialize)]
struct Period {
    value: String,
    name: String,
}

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    sums: Vec<(StateMark, Figure)>,
    rows: Vec<Line>,
    pager: Pager,
}

/// Held or not held; standing or not. Nothing in between is a mark for somebody.
fn mark(every: DutyEvery, state: ClockState) -> StateMark {
    let always = every == DutyEvery::Standing;
    match state {
        ClockState::Met if always => StateMark::new("done", "已建立", "●"),
        ClockState::Met => StateMark::new("done", "已开展", "●"),
        ClockState::Awaiting => StateMark::new("pending", "已登记，待确认", "○"),
        ClockState::AtRisk => StateMark::new("risk", "临近期末，还没有", "▲"),
        ClockState::Missed => StateMark::new("missed", "当期没有", "■"),
        ClockState::Exempt => StateMark::new("none", "不适用", "–"),
        ClockState::Running if always => StateMark::new("active", "还没有建立", "◐"),
        ClockState::Running => StateMark::new("active", "本期还没有", "◐"),
    }
}

fn class(state: ClockState) -> &'static str {
    match state {
        ClockState::Met => "has",
        ClockState::Awaiting => "waits",
        _ => "lacks",
    }
}

fn line(owed: &Owed<'_>, own: &str) -> Line {
    let (duty, debtor, reading) = (owed.duty, owed.debtor, &owed.reading);
    let href = format!("/outputs?type={}&school={}", duty.output, debtor.org);
    let newest = reading.rows.last().map(|id| Link::new(format!("/outputs/{id}"), "查看记录"));
    let record = newest.or_else(|| {
        let new = format!("/outputs/new/{}", duty.output);
        (debtor.org == own).then(|| Link::new(new, "去登记"))
    });
    Line {
        name: duty.name.clone(),
        about: duty.about.clone(),
        clause: Chip { id: duty.clause.clone() },
        our_reading: duty.our_reading,
        org: registry::link(&debtor.org, &debtor.name),
        side: debtor.side.word(),
        city: debtor.city.clone(),
        place: debtor.place.clone(),
        typical_class: debtor.typical_class.clone(),
        period: Period { value: reading.period.to.to_string(), name: reading.period_name.clone() },
        state: mark(duty.every, reading.state),
        count: (reading.claimed > 0)
            .then(|| Figure::of(Known::Value(reading.claimed), Unit::Items, href, "登记的记录")),
        record,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (query, programme, own) = (ctx.query.clone(), ctx.programme(), ctx.actor.org.clone());
    let debtors = debtors(&mut ctx.tx).await?;
    let back = usize::from(query.get("period") == "last");
    let all = standing(&mut ctx.tx, &programme, &debtors, back).await?;
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let city =
        cities.iter().find(|choice| choice.value == query.get("city")).map(|choice| choice.label.clone());
    let fits = |owed: &&Owed<'_>| {
        let (level, duty, q) = (query.get("level"), query.get("duty"), query.get("q"));
        (level.is_empty() || owed.debtor.side.role() == level)
            && (duty.is_empty() || owed.duty.id == duty)
            && (q.is_empty() || owed.debtor.name.contains(q))
            && city.as_ref().is_none_or(|city| owed.debtor.city == *city || owed.debtor.place == *city)
            && registry::fits_typical(query.get("typical"), !owed.debtor.typical_class.is_empty())
    };
    let asked: Vec<&Owed<'_>> = all.iter().filter(fits).collect();
    let state = query.get("state");
    let shown: Vec<&Owed<'_>> =
        asked.iter().copied().filter(|owed| state.is_empty() || class(owed.reading.state) == state).collect();
    let total = i64::try_from(shown.len()).unwrap_or(i64::MAX);
    let pager = Pager::new("/duties", &query, total, Unit::Items);
    let (from, size) =
        (usize::try_from(pager.offset()).unwrap_or(0), usize::try_from(PAGE_SIZE).unwrap_or(25));
    let sum = |id: &str, mark: StateMark| {
        let count = asked.iter().filter(|owed| class(owed.reading.state) == id).count() as i64;
        let href = format!("/duties?{}", query.with("state", id));
        (mark, Figure::of(Known::Value(count), Unit::Items, href, mark.label))
    };
    let view = ListView {
        filters: filters(&programme, &query, cities),
        sums: vec![
            sum("has", StateMark::new("done", "有", "●")),
            sum("waits", StateMark::new("pending", "待确认", "○")),
            sum("lacks", StateMark::new("none", "没有", "–")),
        ],
        rows: shown.into_iter().skip(from).take(size).map(|owed| line(owed, &own)).collect(),
        pager,
    };
    let lead = "领导机制、会议、分管负责人：只看有没有，不打分、不排名；每一行都能打开那一条记录。";
    let page = Page::new("组织保障", lead).clause("S1.2").clause("S1.3").clause("S1.5").kind("list");
    Reply::view("standing/duties/list.html", page, &view)
}

fn filters(
    programme: &jiedui_programme::Programme,
    query: &jiedui_web::form::FormValues,
    cities: Vec<Choice>,
) -> Vec<Filter> {
    let owes = |side: &Side| programme.duties.iter().any(|duty| duty.owed_by.contains(side));
    let levels =
        Side::ALL.into_iter().filter(owes).map(|side| Choice::new(side.role(), side.word())).collect();
    let duties = programme.duties.iter().map(|duty| Choice::new(&duty.id, &duty.name)).collect();
    vec![
        Filter::text("q", "单位名称", query.get("q")),
        Filter::select("level", "哪一级", query.get("level"), levels),
        Filter::select("duty", "哪一项", query.get("duty"), duties),
        Filter::select("period", "时段", query.get("period"), vec![Choice::new("last", "上一期")])
            .blank("本期"),
        Filter::select(
            "state",
            "有没有",
            query.get("state"),
            STATES.map(|(id, name)| Choice::new(id, name)).to_vec(),
        ),
        Filter::select("city", "所在市", query.get("city"), cities),
        Filter::select("typical", "典型县", query.get("typical"), registry::typical_choices()),
    ]
}
