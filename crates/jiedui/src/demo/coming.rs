//! What is announced: at HOME one of each state, past, today and to come; elsewhere a little of what comes.

use super::maker::Maker;
use super::rng::{SeededRng, plus};
use super::schools::HOME;
use crate::evidence::ledger;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::planning::calendar::{self, NewAnnouncement, rules};
use jiedui_kernel::{Date, Error, Period, Result};
use jiedui_programme::Time;
use std::sync::Arc;

/// What is said of an announcement at HOME.
struct SampleAnnouncement {
    lead: bool,
    activity: &'static str,
    /// First and last day, counted from today.
    days: (i64, i64),
    visitors: &'static str,
    number: Option<i64>,
    purpose: &'static str,
    then: Then,
}

enum Then {
    Nothing,
    /// The county school would rather have it so many days later.
    Proposed(i64, &'static str),
    NotHeld(&'static str),
    Cancelled(&'static str),
}

const ANNOUNCED: [SampleAnnouncement; 8] = [
    SampleAnnouncement {
        lead: true,
        activity: "joint-teaching",
        days: (-16, -16),
        visitors: "数控教研室三人",
        number: None,
        purpose: "与机电系一起备课（示例）",
        then: Then::NotHeld("当天停课，改到下学期。"),
    },
    SampleAnnouncement {
        lead: true,
        activity: "major-guidance",
        days: (-2, -2),
        visitors: "汽车工程系两位专业带头人",
        number: None,
        purpose: "看新能源汽车专业的实训室布置（示例）",
        then: Then::Nothing,
    },
    SampleAnnouncement {
        lead: true,
        activity: "joint-teaching",
        days: (0, 0),
        visitors: "数控教研室三人",
        number: None,
        purpose: "数控车工一体化课程集体备课，请准备一间有投影的教室（示例）",
        then: Then::Nothing,
    },
    SampleAnnouncement {
        lead: true,
        activity: "visit",
        days: (5, 5),
        visitors: "招生就业处主任、办公室一人",
        number: None,
        purpose: "商量明年的项目清单（示例）",
        then: Then::Nothing,
    },
    SampleAnnouncement {
        lead: true,
        activity: "residency",
        days: (8, 36),
        visitors: "",
        number: None,
        purpose: "常驻机电系，带一门课；请安排住处（示例）",
        then: Then::Nothing,
    },
    SampleAnnouncement {
        lead: false,
        activity: "teacher-training",
        days: (6, 7),
        visitors: "培训处四人",
        number: Some(40),
        purpose: "一体化课程开发培训，请通知各系教师（示例）",
        then: Then::Proposed(7, "那两天是技能等级认定考试，教室和老师都排满了。"),
    },
    SampleAnnouncement {
        lead: false,
        activity: "major-guidance",
        days: (13, 13),
        visitors: "现代服务系一人",
        number: None,
        purpose: "粤菜师傅专业的课程表（示例）",
        then: Then::Nothing,
    },
    SampleAnnouncement {
        lead: false,
        activity: "joint-teaching",
        days: (9, 9),
        visitors: "",
        number: None,
        purpose: "语文组线上备课（示例）",
        then: Then::Cancelled("改为线上，不到校。"),
    },
];

pub async fn announce<'a>(
    maker: &mut Maker,
    rows: &[PairingRow],
    code: impl Fn(&PairingRow) -> &'a str,
) -> Result<()> {
    let rng = SeededRng::new(41);
    for row in rows.iter().filter(|row| row.to_day.is_none()) {
        if code(row) == HOME {
            entered(maker, row).await?;
            for told in &ANNOUNCED {
                tell(maker, row, told).await?;
            }
        } else if rng.chance(40) {
            let helper = if rng.chance(50) { &row.lead } else { &row.nearby };
            let activity = rng.word(&["visit", "joint-teaching", "teacher-training", "major-guidance"]);
            let from = workday(maker, plus(maker.today, rng.between(1, 40)));
            let new = said(from, from, ("", None, "（示例）"));
            one(maker, row, helper, activity, (plus(maker.today, -3), &new)).await?;
        }
    }
    Ok(())
}

/// The next working day, this one included.
fn workday(maker: &Maker, day: Date) -> Date {
    let calendar = &maker.programme.calendar.workdays;
    day.iter_days().find(|day| calendar.is_workday(*day)).unwrap_or(day)
}

fn said(from: Date, to: Date, (visitors, number, purpose): (&str, Option<i64>, &str)) -> NewAnnouncement {
    NewAnnouncement {
        from,
        to,
        person: None,
        visitors: visitors.to_owned(),
        place: String::new(),
        quantity: number,
        purpose: purpose.to_owned(),
    }
}

/// Announced by a helper some days before; `None` where the pairing did not run then.
async fn one(
    maker: &mut Maker,
    row: &PairingRow,
    helper: &str,
    activity: &str,
    (on, new): (Date, &NewAnnouncement),
) -> Result<Option<String>> {
    let programme = Arc::clone(&maker.programme);
    let Some(activity) = programme.activity(activity) else { return Ok(None) };
    let runs = |day| pairings::rules::runs(row.from_day, row.to_day, day);
    if !rules::announces(activity, row, helper) || !runs(on) || !runs(new.from) {
        return Ok(None);
    }
    let actor = maker.actor(helper).await?;
    maker.act(&actor, on);
    let mut new = new.clone();
    if let Some(rule) = activity.person.as_ref().filter(|_| new.person.is_none()) {
        let people = registry::people_at(&mut maker.tx, helper, maker.today, maker.today).await?;
        let fits =
            |post: &str| ledger::rules::post_of(post).is_some_and(|post| rule.counting.contains(&post));
        new.person = people.into_iter().find(|at| fits(&at.post)).map(|at| at.id);
    }
    if activity.time == Time::Day {
        new.to = new.from;
    }
    calendar::announce(&mut maker.tx, activity, row, &new).await.map(Some)
}

async fn tell(maker: &mut Maker, row: &PairingRow, told: &SampleAnnouncement) -> Result<()> {
    let helper = if told.lead { &row.lead } else { &row.nearby };
    let (from, to) = (plus(maker.today, told.days.0), plus(maker.today, told.days.1));
    let new = said(from, to, (told.visitors, told.number, told.purpose));
    let on = plus(from.min(maker.today), -4);
    let Some(id) = one(maker, row, helper, told.activity, (on, &new)).await? else { return Ok(()) };
    let later = plus(on, 2).min(maker.last());
    let (who, day) = match told.then {
        Then::Nothing => return Ok(()),
        Then::Proposed(..) => (&row.county_school, later),
        Then::Cancelled(_) => (helper, later),
        Then::NotHeld(_) => (helper, plus(to, 1).min(maker.last())),
    };
    let actor = maker.actor(who).await?;
    maker.act(&actor, day);
    let found = calendar::find(&mut maker.tx, &id).await?;
    let end = |action, reason| (action, (reason, None));
    let (action, (reason, entry)) = match told.then {
        Then::Proposed(days, reason) => {
            let days =
                Period::new(plus(from, days), plus(to, days)).ok_or_else(|| Error::internal("days"))?;
            return calendar::propose(&mut maker.tx, &found, 1, days, reason).await;
        }
        Then::NotHeld(reason) => end(rules::Action::NotHeld, reason),
        Then::Cancelled(reason) => end(rules::Action::Cancel, reason),
        Then::Nothing => return Ok(()),
    };
    calendar::finish(&mut maker.tx, &found, 1, action, (reason, entry)).await
}

/// What the lead college entered lately and had announced before: it points to its entries.
async fn entered(maker: &mut Maker, row: &PairingRow) -> Result<()> {
    let actor = maker.actor(&row.lead).await?;
    maker.act(&actor, maker.last());
    let programme = Arc::clone(&maker.programme);
    let entries = ledger::unanswered(&mut maker.tx, &row.lead).await?;
    for entry in entries.into_iter().filter(|entry| entry.pairing == row.id).take(4) {
        let Some(activity) = programme.activity(&entry.activity) else { continue };
        let new = said(entry.from_day, entry.to_day, ("", None, "（示例）"));
        let new = NewAnnouncement { person: entry.person.clone(), ..new };
        let on = (plus(entry.from_day, -6), &new);
        if let Some(id) = one(maker, row, &row.lead, &entry.activity, on).await? {
            maker.act(&actor, maker.last());
            let found = calendar::find(&mut maker.tx, &id).await?;
            calendar::hold(&mut maker.tx, &programme, activity, &found, 1).await?;
        }
    }
    Ok(())
}
