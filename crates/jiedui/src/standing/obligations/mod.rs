//! 履职进度: what each helper owes each of its county schools, with the latest feasible date (S1.4, S1.6; decisions.md
//! "Visit", "Resident", "First part-year").

mod actions;
mod data;
mod pages;
mod tasks;
#[cfg(test)]
mod tests;

use crate::network::pairings::{self, PairingRow};
use crate::shared::carriers::{Kind, Section};
#[cfg(test)]
use crate::shared::mechanism::Samples;
use crate::shared::mechanism::{Mechanism, Tasks, Words, entry};
use actions::kept::Kept;
use jiedui_kernel::{Date, Error, Reported, Result};
use jiedui_programme::{
    ClockFrame, ClockNote, ClockReading, ClockState, PairingFact, Programme, clock_frames, least_words,
};
use jiedui_store::{Tx, table};
use jiedui_web::figure::{Figure, StateMark};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};
use serde::Serialize;
use std::collections::HashMap;

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/standing/obligations",
    routes,
    menu: &[
        entry(700, "履职", "/clocks", "履职进度", ("clock", "read")),
        entry(710, "履职", "/clocks/semesters", "本校学期", ("clock", "semester")),
    ],
    tables: &[
        table!(plain "clock_exemption" of "id"),
        table!(plain "school_semester" of "id"),
        table!(scoped "clock_work" outside "what entries come to; `jiedui indicators verify` compares it"),
    ],
    words: Words {
        actions: &[
            ("clock.exempt", "免除一项履职要求"),
            ("clock.restore", "撤销免除"),
            ("clock.semester", "写明本校的学期起止"),
            ("clock.rebuild", "重算履职进度"),
        ],
        resources: &[("clock", "履职进度")],
        rights: &[("exempt", "免除"), ("semester", "写明本校学期")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 100, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    entry_changed: Some(actions::kept::entry_changed),
    carriers,
    #[cfg(test)]
    samples: Samples {
        places: |p| {
            vec![
                ("{obligation}", "principal-visit".to_owned()),
                ("{helper}", p.lead.clone()),
                ("{county}", p.xingning.clone()),
                ("{period}", "2026".to_owned()),
            ]
        },
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

static OBLIGATION: Kind = Kind {
    place: 50,
    word: "履职要求",
    folder: "standing/obligations",
    test: ("tests/thread.rs", "a_confirmed_visit_moves_the_clock_and_the_figure"),
};

fn carriers(section: &mut Section<'_>) {
    let obligations = &section.programme.obligations;
    section.items(&OBLIGATION, ("obligation", obligations), |one| {
        (std::slice::from_ref(&one.clause), &one.id, &one.name, format!("/clocks?obligation={}", one.id))
    });
}

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/clocks", Access::Can("clock", "read"), pages::list::list).about(Subject::None, "履职进度"),
        route!(Get "/clocks/{obligation}/{helper}/{county}/{period}", Access::Can("clock", "read"), pages::show::show)
            .about(Subject::Open, "一个履职进度"),
        route!(Post "/clocks/{obligation}/{helper}/{county}/{period}/exempt", Access::Can("clock", "exempt"), pages::show::exempt)
            .about(Subject::Open, "免除一项履职要求"),
        route!(Post "/clocks/{obligation}/{helper}/{county}/{period}/restore", Access::Can("clock", "exempt"), pages::show::restore)
            .about(Subject::Open, "撤销免除"),
        route!(Get "/clocks/semesters", Access::Can("clock", "semester"), pages::semesters::list)
            .about(Subject::None, "本校学期"),
        route!(Post "/clocks/semesters", Access::Can("clock", "semester"), pages::semesters::save)
            .about(Subject::None, "写明本校的学期起止"),
    ]
}

/// The two helpers of each pairing, as the rules see them.
pub fn pairing_facts<'a>(rows: impl IntoIterator<Item = &'a PairingRow>) -> Vec<PairingFact> {
    rows.into_iter().flat_map(PairingRow::facts).collect()
}

/// A clock with the names that pages show.
#[derive(Debug, Clone, Serialize)]
pub struct Clock {
    pub href: String,
    pub name: String,
    pub clause: String,
    pub about: String,
    /// When what is asked changes, or did.
    pub changes: Vec<String>,
    pub our_reading: bool,
    pub activity: String,
    pub action: String,
    pub helper_name: String,
    pub county_name: String,
    /// Both in the order of names.
    #[serde(skip)]
    pub helper_key: String,
    #[serde(skip)]
    pub county_key: String,
    pub county_path: String,
    pub city: String,
    pub typical_class: String,
    pub pairing: String,
    /// `2026`, or the id of the semester.
    pub period: String,
    /// Today lies in its period.
    pub current: bool,
    /// The pairing runs today.
    pub running: bool,
    pub state: StateMark,
    pub owed: Figure,
    pub claimed: Figure,
    pub confirmed: Figure,
    pub left: Option<Figure>,
    pub reading: ClockReading,
}

pub use actions::arrangements;
pub use actions::kept::{WorkOff, compare, ensure, rebuild, repair};
pub use pages::list::STATES;

pub fn state_mark(state: ClockState) -> StateMark {
    match state {
        ClockState::Met => StateMark::new("met", "已达成", "●"),
        ClockState::Awaiting => StateMark::new("waiting", "已开展，待确认", "○"),
        ClockState::Running => StateMark::new("active", "进行中", "◐"),
        ClockState::AtRisk => StateMark::new("at_risk", "有风险", "▲"),
        ClockState::Missed => StateMark::new("missed", "已逾期", "■"),
        ClockState::Exempt => StateMark::new("exempt", "不适用", "–"),
        ClockState::Undated => StateMark::new("undated", "学期未定", "?"),
        ClockState::BeforeUse => StateMark::new("before", "启用前，不计", "–"),
    }
}

/// Why a clock is not that of a whole period, in one sentence.
pub fn note_words(note: &ClockNote) -> String {
    match note {
        ClockNote::Began { day } => format!("结对自 {day} 开始，本期不足一整期。"),
        ClockNote::Ended { day } => {
            format!("结对到 {day} 为止：应做的数按本期内结对的天数折算（舍去零头），之后的事不计入。")
        }
        ClockNote::BeforeUse { since } => {
            format!("本系统自 {since} 启用；这一时期在启用前结束，只列出，不评判。")
        }
        ClockNote::Undated { from } => {
            format!("{from} 以后的学期起止还没有写明，暂不能算应做多少；请省领导小组办公室在方案日历里补上。")
        }
        ClockNote::OwnSemester { by, reason } => format!("起止日期由县级院校另定（{by}）：{reason}"),
        ClockNote::Exempted { by, reason } => format!("已免除（{by}）：{reason}"),
    }
}

impl Clock {
    /// What is still to be done, counting what waits for an answer as done; `None` where nothing is.
    pub fn need(&self) -> Option<Figure> {
        let left = self.reading.owed - self.reading.claimed;
        (left > 0).then(|| Figure {
            value: Some(left.to_string()),
            raw: Some(left),
            label: "待处理".to_owned(),
            ..self.owed.clone()
        })
    }
}

/// Every clock visible to the caller.
pub async fn in_scope(tx: &mut Tx, programme: &Programme) -> Result<Vec<Clock>> {
    let rows = pairings::in_scope(tx).await?;
    of_pairings(tx, programme, &rows).await
}

/// The clocks of pairings that were read already, from the work that is kept of them.
pub async fn of_pairings(tx: &mut Tx, programme: &Programme, rows: &[PairingRow]) -> Result<Vec<Clock>> {
    let (arranged, kept, today) = (arrangements(tx).await?, Kept::read(tx).await?, tx.today());
    let (by_pair, mut clocks) = (by_pair(rows), Vec::new());
    for frame in clock_frames(programme, &pairing_facts(rows), &arranged, today) {
        let Some(row) = by_pair.get(&(frame.helper.as_str(), frame.county_school.as_str())) else { continue };
        let done = match kept.work(programme, &frame) {
            Some(done) => done,
            None => actions::kept::work(tx, programme, &frame).await?,
        };
        clocks.extend(named(programme, row, frame.reading(programme, done, &arranged, today), today));
    }
    Ok(clocks)
}

/// The latest pairing of a helper with a county school: it gives names and place.
fn by_pair(rows: &[PairingRow]) -> HashMap<(&str, &str), &PairingRow> {
    let mut latest = HashMap::new();
    for row in rows {
        latest.insert((row.lead.as_str(), row.county_school.as_str()), row);
        latest.insert((row.nearby.as_str(), row.county_school.as_str()), row);
    }
    latest
}

/// The clocks of one of these pairings, each with the entries that move it, which are not kept with its work.
pub async fn opened(
    tx: &mut Tx,
    programme: &Programme,
    (rows, pairing): (&[PairingRow], &str),
) -> Result<Vec<Clock>> {
    let (arranged, today) = (arrangements(tx).await?, tx.today());
    let (by_pair, mut clocks) = (by_pair(rows), Vec::new());
    for frame in clock_frames(programme, &pairing_facts(rows), &arranged, today) {
        let latest = by_pair.get(&(frame.helper.as_str(), frame.county_school.as_str()));
        let Some(row) = latest.filter(|row| row.id == pairing) else { continue };
        let done = actions::kept::work(tx, programme, &frame).await?;
        clocks.extend(named(programme, row, frame.reading(programme, done, &arranged, today), today));
    }
    Ok(clocks)
}

/// One clock visible to the caller, with the entries that move it.
pub async fn find(
    tx: &mut Tx,
    programme: &Programme,
    [obligation, helper, county_school, period]: [&str; 4],
) -> Result<Clock> {
    let mut rows = pairings::in_scope(tx).await?;
    rows.retain(|row| row.county_school == county_school && (row.lead == helper || row.nearby == helper));
    let row = rows.last().ok_or(Error::NotFound)?;
    let (arranged, today) = (arrangements(tx).await?, tx.today());
    let frames = clock_frames(programme, &pairing_facts(&rows), &arranged, today);
    let named_so = |frame: &&ClockFrame<'_>| {
        frame.obligation.id == obligation && frame.helper == helper && frame.period.id == period
    };
    let frame = frames.iter().find(named_so).ok_or(Error::NotFound)?;
    let done = actions::kept::work(tx, programme, frame).await?;
    named(programme, row, frame.reading(programme, done, &arranged, today), today).ok_or(Error::NotFound)
}

/// The word behind a count of working days, which says where a year's arrangement is not published yet.
pub fn workdays_unit(programme: &Programme, from: Date, to: Date) -> &'static str {
    if programme.calendar.workdays.are_known(from, to) {
        "个工作日"
    } else {
        "个工作日（放假安排未公布，按周末估算）"
    }
}

fn named(
    programme: &Programme,
    row: &PairingRow,
    reading: ClockReading,
    today: jiedui_kernel::Date,
) -> Option<Clock> {
    let obligation = programme.obligations.iter().find(|obligation| obligation.id == reading.obligation)?;
    let activity = programme.activity(&obligation.activity)?;
    let period = reading.period_id.clone();
    let href =
        format!("/clocks/{}/{}/{}/{period}", reading.obligation, reading.helper, reading.county_school);
    let figure = |value: i64, label: &str| Figure::of(Reported::Value(value), obligation.unit, &href, label);
    Some(Clock {
        name: obligation.name.clone(),
        clause: obligation.clause.clone(),
        about: obligation.about_on(reading.period.to).to_owned(),
        changes: least_words(&obligation.changes, Some(obligation.unit)),
        our_reading: obligation.our_reading,
        activity: activity.id.clone(),
        action: activity.action.clone(),
        helper_name: if reading.helper == row.lead { row.lead_name.clone() } else { row.nearby_name.clone() },
        county_name: row.county_name.clone(),
        helper_key: if reading.helper == row.lead { row.lead_key.clone() } else { row.nearby_key.clone() },
        county_key: row.county_key.clone(),
        county_path: row.county_path.clone(),
        city: row.city.clone(),
        typical_class: row.typical_class.clone(),
        pairing: row.id.clone(),
        running: pairings::rules::runs(row.from_day, row.to_day, today),
        state: state_mark(reading.state),
        owed: figure(reading.owed, "应做"),
        claimed: figure(reading.claimed, "登记数（不含有异议的）"),
        confirmed: figure(reading.confirmed, "确认数"),
        left: reading.workdays_left.map(|days| Figure {
            unit: workdays_unit(programme, today, reading.latest_start.unwrap_or(today)),
            ..Figure::of(Reported::Value(days), jiedui_kernel::Unit::Items, &href, "距最迟日期")
        }),
        current: reading.period.contains(today),
        period,
        href,
        reading,
    })
}
