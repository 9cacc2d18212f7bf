//! The page of duties: one line for each organisation and duty, opening the record that fulfils it.

use super::{Owed, debtors, standing};
use crate::network::registry;
use crate::shared::review::{State as _, text_enum};
use jiedui_kernel::{Date, Reported, Result, Unit};
use jiedui_programme::{ClockState, Duty, DutyEvery, MeetingKind, Side, least_words};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, Link, StateMark};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use jiedui_web::sorting::{Key, Orders};
use serde::Serialize;

text_enum! {
    /// Whether it is there: what the filter asks for.
    pub enum Held {
        Has = "has",
        Waits = "waits",
        Lacks = "lacks",
    }
}

const HELD: [(Held, &str); 3] = [(Held::Has, "有"), (Held::Waits, "待确认"), (Held::Lacks, "没有")];

#[derive(Serialize)]
struct DutyLine {
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
    #[serde(flatten)]
    list: Listed<DutyLine>,
    sums: Vec<(StateMark, Figure)>,
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
        ClockState::BeforeUse => StateMark::new("none", "启用前，不计", "–"),
        ClockState::Exempt | ClockState::Undated => StateMark::new("none", "不适用", "–"),
        ClockState::Running if always => StateMark::new("active", "还没有建立", "◐"),
        ClockState::Running => StateMark::new("active", "本期还没有", "◐"),
    }
}

fn held(state: ClockState) -> Held {
    match state {
        ClockState::Met => Held::Has,
        ClockState::Awaiting => Held::Waits,
        _ => Held::Lacks,
    }
}

/// Where a state stands in its column: what is there first.
fn place(state: ClockState) -> i64 {
    match state {
        ClockState::Met => 0,
        ClockState::Awaiting => 1,
        ClockState::Running => 2,
        ClockState::AtRisk => 3,
        ClockState::Missed => 4,
        ClockState::Exempt | ClockState::BeforeUse | ClockState::Undated => 5,
    }
}

/// What is asked in a period that ends on this day, and when that changes.
fn about(duty: &Duty, last: Date) -> String {
    let mut said = vec![duty.about_on(last).to_owned()];
    said.extend(least_words(&duty.changes, None));
    said.join("；")
}

fn line(owed: &Owed<'_>, own: &str, meeting: Option<&MeetingKind>) -> DutyLine {
    let (duty, debtor, reading) = (owed.duty, owed.debtor, &owed.reading);
    let href = format!("/outputs?type={}&school={}", duty.output, debtor.org);
    let newest = reading.rows.last().map(|id| Link::new(format!("/outputs/{id}"), "查看记录"));
    let record = newest.or_else(|| {
        let new = match meeting {
            Some(kind) => Link::new(format!("/meetings?kind={}", kind.id), "去召集"),
            None => Link::new(format!("/outputs/new/{}", duty.output), "去登记"),
        };
        (debtor.org == own).then_some(new)
    });
    DutyLine {
        name: duty.name.clone(),
        about: about(duty, reading.period.to),
        clause: Chip { id: duty.clause.clone() },
        our_reading: duty.our_reading,
        org: registry::link(&debtor.org, &debtor.name),
        side: debtor.side.label(),
        city: debtor.city.clone(),
        place: debtor.place.clone(),
        typical_class: debtor.typical_class.clone(),
        period: Period { value: reading.period.to.to_string(), name: reading.period_name.clone() },
        state: mark(duty.every, reading.state),
        count: (reading.claimed > 0)
            .then(|| Figure::of(Reported::Value(reading.claimed), Unit::Items, href, "登记的记录")),
        record,
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, own) = (ctx.programme(), ctx.actor.org.clone());
    let debtors = debtors(&mut ctx.tx).await?;
    let (list, asked) = asked(ctx).await?;
    let all = standing(&mut ctx.tx, &programme, &debtors, usize::from(asked.last)).await?;
    let fitting: Vec<&Owed<'_>> = all.iter().filter(|owed| asked.fits(owed)).collect();
    let sum = |of: Held, mark: StateMark| {
        let count = fitting.iter().filter(|owed| held(owed.reading.state) == of).count() as i64;
        let href = format!("/duties?{}", ctx.query.with("state", of.text()));
        (mark, Figure::of(Reported::Value(count), Unit::Items, href, mark.label))
    };
    let sums = vec![
        sum(Held::Has, StateMark::new("done", "有", "●")),
        sum(Held::Waits, StateMark::new("pending", "待确认", "○")),
        sum(Held::Lacks, StateMark::new("none", "没有", "–")),
    ];
    let shown = fitting
        .into_iter()
        .filter(|owed| asked.held.is_none_or(|asked| asked == held(owed.reading.state)))
        .collect();
    let orders = Orders {
        by: &[
            ("unit", |owed: &&Owed<'_>| Some(owed.debtor.sort_key.as_str().into())),
            ("typical", |owed| Key::unless_empty(&owed.debtor.typical_class)),
            ("milestone", |owed| Some(owed.duty.clause.as_str().into())),
            ("period", |owed| Some(owed.reading.period.to.into())),
            ("held", |owed| Some(place(owed.reading.state).into())),
            ("record", |owed| Some(owed.reading.claimed).filter(|count| *count > 0).map(Key::from)),
        ],
        unsorted: &["open"],
    };
    let view = ListView {
        sums,
        list: list
            .arrange(shown, &orders)
            .map(|owed| line(owed, &own, programme.meeting_recorded_as(&owed.duty.output))),
    };
    let lead = "领导机制、会议、分管负责人：只看是否已有记录，不打分、不排名；有记录的可以打开看。";
    let page = Page::new("组织保障", lead).clause("S1.2").clause("S1.3").clause("S1.5").kind("list");
    Reply::view("standing/duties/list.html", page, &view)
}

/// What the address asks for.
struct Asked {
    q: String,
    level: String,
    duty: String,
    /// The period before the present one.
    last: bool,
    held: Option<Held>,
    /// The name of a city, as organisations carry it.
    city: Option<String>,
    typical: String,
}

impl Asked {
    /// But for the state, of which the sums above the list tell the parts.
    fn fits(&self, owed: &Owed<'_>) -> bool {
        let (debtor, city) = (owed.debtor, self.city.as_ref());
        (self.level.is_empty() || debtor.side.role() == self.level)
            && (self.duty.is_empty() || owed.duty.id == self.duty)
            && debtor.name.contains(&self.q)
            && city.is_none_or(|city| debtor.city == *city || debtor.place == *city)
            && registry::fits_typical(&self.typical, !debtor.typical_class.is_empty())
    }
}

async fn asked(ctx: &mut RequestContext) -> Result<(Listing, Asked)> {
    let programme = ctx.programme();
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let owes = |side: &Side| programme.duties.iter().any(|duty| duty.owed_by.contains(side));
    let levels =
        Side::ALL.into_iter().filter(owes).map(|side| Choice::new(side.role(), side.label())).collect();
    let duties = programme.duties.iter().map(|duty| Choice::new(&duty.id, &duty.name)).collect();
    let states = HELD.map(|(held, name)| (held, held.text(), name));
    let mut list = Listing::at("/duties", Unit::Items, &ctx.query);
    let asked = Asked {
        q: list.text("q", "单位名称"),
        level: list.choice("level", "哪一级", levels),
        duty: list.choice("duty", "哪一项", duties),
        last: list.choice_or("本期", "period", "时段", vec![Choice::new("last", "上一期")]) == "last",
        held: list.one_of("state", "状态", states),
        city: list.chosen("city", "所在市", cities).map(|choice| choice.label),
        typical: list.choice("typical", "典型县", registry::typical_choices()),
    };
    Ok((list, asked))
}
