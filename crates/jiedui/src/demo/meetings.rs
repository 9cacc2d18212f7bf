//! The meetings of the demonstration: one of the province, closed, with what it decided in every state; one of a city and
//! one of a county; and the province's next one, announced with its agenda.

use super::maker::{Maker, describe};
use super::rng::plus;
use super::schools::{HOME, Schools, city_of};
use crate::network::{pairings, registry};
use crate::reporting::followups;
use crate::reporting::meetings::{self, NewDecision, NewMeeting};
use jiedui_kernel::{Actor, Date, Error, Result};
use std::sync::Arc;

/// What becomes of a decision.
#[derive(Clone, Copy)]
enum Then {
    Open,
    Noted(&'static str),
    Reported(&'static str),
    Closed(&'static str),
}

struct Sample {
    /// Whose it is: the place in the list of those at HOME.
    owner: usize,
    text: &'static str,
    /// So many working days it has.
    due: u32,
    then: Then,
}

const CITY: usize = 0;
const COUNTY: usize = 1;
const SCHOOL: usize = 2;
const LEAD: usize = 3;

const OF_PROVINCE: [Sample; 4] = [
    Sample {
        owner: CITY,
        text: "摸清本市对口县级院校实训设备缺口，提出调剂办法（示例）",
        due: 30,
        then: Then::Closed("已逐校摸清，调剂办法已发各县（示例）。"),
    },
    Sample {
        owner: LEAD,
        text: "安排两名教师到结对学校短期支教（示例）",
        due: 40,
        then: Then::Reported("两名教师已到校任教（示例）。"),
    },
    Sample {
        owner: COUNTY,
        text: "落实结对学校的用工信息对接人（示例）",
        due: 35,
        then: Then::Noted("已与三家企业商定，正在确认人选（示例）。"),
    },
    Sample { owner: CITY, text: "汇总各县明年的协作打算（示例）", due: 75, then: Then::Open },
];

const OF_CITY: [Sample; 2] = [
    Sample {
        owner: COUNTY,
        text: "与结对学校商定下学期跟岗名单（示例）",
        due: 12,
        then: Then::Closed("名单已商定（示例）。"),
    },
    Sample {
        owner: SCHOOL, text: "列出急需的实训设备型号（示例）", due: 35, then: Then::Open
    },
];

const OF_COUNTY: [Sample; 2] = [
    Sample {
        owner: SCHOOL,
        text: "整理用工企业名单，交牵头院校对接（示例）",
        due: 6,
        then: Then::Closed("名单已交牵头院校（示例）。"),
    },
    Sample { owner: COUNTY, text: "协调一处校外实训场地（示例）", due: 25, then: Then::Open },
];

struct Held {
    kind: &'static str,
    /// So many days ago.
    ago: i64,
    topic: &'static str,
    lines: &'static [Sample],
    minutes: &'static str,
}

const HELD: [(usize, Held); 3] = [
    (
        usize::MAX,
        Held {
            kind: "quarterly",
            ago: 75,
            topic: "下一阶段协作安排（示例）",
            lines: &OF_PROVINCE,
            minutes: "会议要求各市分头抓好落实，不另报材料（示例）。",
        },
    ),
    (
        CITY,
        Held {
            kind: "local", ago: 30, topic: "本市结对学校的困难（示例）", lines: &OF_CITY, minutes: ""
        },
    ),
    (
        COUNTY,
        Held {
            kind: "local",
            ago: 12,
            topic: "本县结对学校的用工对接（示例）",
            lines: &OF_COUNTY,
            minutes: "",
        },
    ),
];

/// So many topics are taken from what the records offer.
const TAKEN: usize = 2;

pub async fn meet(maker: &mut Maker, schools: &Schools) -> Result<()> {
    let home = at_home(maker, schools).await?;
    for (host, held) in &HELD {
        let host = match home.get(*host) {
            Some(org) => maker.actor(org).await?,
            None => maker.office(),
        };
        one(maker, &host, held, &home).await.map_err(|error| describe("meeting", error))?;
    }
    next(maker).await.map_err(|error| describe("meeting", error))
}

/// The bureaus, the school and the lead college at HOME.
async fn at_home(maker: &mut Maker, schools: &Schools) -> Result<[String; 4]> {
    let missing = || Error::internal("a meeting without its parties");
    maker.act_as_office(maker.last());
    let city = registry::bureau(&mut maker.tx, "city_bureau", &city_of(HOME)).await?.ok_or_else(missing)?;
    let county = registry::bureau(&mut maker.tx, "county_bureau", HOME).await?.ok_or_else(missing)?;
    let school = schools.county.iter().find(|school| school.division == HOME).ok_or_else(missing)?;
    let rows = pairings::of_county_school(&mut maker.tx, &school.id).await?;
    let lead = rows.last().map(|row| row.lead.clone()).ok_or_else(missing)?;
    Ok([city, county, school.id.clone(), lead])
}

async fn announced(maker: &mut Maker, kind: &str, on: Date) -> Result<String> {
    let programme = Arc::clone(&maker.programme);
    let kind = programme.meeting(kind).ok_or(Error::NotFound)?;
    let invited = meetings::invited_by_default(&mut maker.tx, kind).await?;
    let new = NewMeeting {
        on: Some(on),
        at: "09:30".to_owned(),
        place: "三楼会议室（示例）".to_owned(),
        invited: invited.into_iter().map(|one| one.org).collect(),
    };
    let id = meetings::announce(&mut maker.tx, &programme, kind, &new).await?;
    take(maker, &id).await?;
    Ok(id)
}

/// Puts the first of what is offered on the agenda.
async fn take(maker: &mut Maker, id: &str) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let offers = meetings::offers(&mut maker.tx, &programme, None).await?;
    for topic in offers.moved.iter().take(TAKEN) {
        let opened = meetings::opened(&mut maker.tx, &programme, id).await?;
        let version = opened.row.version;
        meetings::take(&mut maker.tx, &opened, version, topic).await?;
    }
    Ok(())
}

async fn one(maker: &mut Maker, host: &Arc<Actor>, held: &Held, home: &[String; 4]) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let on = plus(maker.today, -held.ago);
    maker.act(host, plus(on, -9));
    let id = announced(maker, held.kind, on).await?;
    let opened = meetings::opened(&mut maker.tx, &programme, &id).await?;
    let version = opened.row.version;
    meetings::write_topic(&mut maker.tx, &opened, version, held.topic).await?;
    maker.act_after_noon(host, on);
    let topic = meetings::last_topic(&mut maker.tx, &id).await?;
    for line in held.lines {
        let new = NewDecision {
            text: line.text.to_owned(),
            owner: home[line.owner].clone(),
            due: Some(programme.calendar.workdays.after(on, line.due)),
            school: Some(home[SCHOOL].clone()),
            project: None,
            clause: "S1.3".to_owned(),
        };
        let opened = meetings::opened(&mut maker.tx, &programme, &id).await?;
        let version = opened.row.version;
        meetings::decide(&mut maker.tx, &programme, &opened, version, (&topic, &new)).await?;
    }
    if !held.minutes.is_empty() {
        let opened = meetings::opened(&mut maker.tx, &programme, &id).await?;
        let version = opened.row.version;
        let came: Vec<(String, String)> = meetings::invited(&mut maker.tx, &id).await?;
        // One could not come.
        let came = came.into_iter().skip(1).collect::<Vec<_>>();
        meetings::attend(&mut maker.tx, &opened, version, (&came, held.minutes)).await?;
    }
    let opened = meetings::opened(&mut maker.tx, &programme, &id).await?;
    let version = opened.row.version;
    meetings::close(&mut maker.tx, &programme, &opened, version).await?;
    for (row, line) in followups::of_meeting(&mut maker.tx, &id).await?.iter().zip(held.lines) {
        follow(maker, host, (&row.id, line), on).await?;
    }
    Ok(())
}

async fn follow(maker: &mut Maker, host: &Arc<Actor>, (id, line): (&str, &Sample), on: Date) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let (done, words) = match line.then {
        Then::Open => return Ok(()),
        Then::Noted(words) => (false, words),
        Then::Reported(words) | Then::Closed(words) => (true, words),
    };
    maker.act_as_office(on);
    let owner = followups::find(&mut maker.tx, id).await?.owner.clone();
    let owner = maker.actor(&owner).await?;
    let told = programme.calendar.workdays.after(on, line.due.saturating_sub(3)).min(maker.last());
    maker.act(&owner, told);
    let opened = followups::open(&mut maker.tx, &programme, id).await?;
    followups::report(&mut maker.tx, &opened, 1, (done, words)).await?;
    if matches!(line.then, Then::Closed(_)) {
        maker.act(host, programme.calendar.workdays.after(told, 1).min(maker.last()));
        let opened = followups::open(&mut maker.tx, &programme, id).await?;
        followups::accept(&mut maker.tx, &opened, 2).await?;
    }
    Ok(())
}

/// The next meeting of the province.
async fn next(maker: &mut Maker) -> Result<()> {
    let on = maker.programme.calendar.workdays.after(maker.today, 8);
    maker.act_as_office(maker.last());
    announced(maker, "quarterly", on).await.map(drop)
}
