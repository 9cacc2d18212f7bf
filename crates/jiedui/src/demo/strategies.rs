//! 协作方案与达标方案 of the demonstration: the collaboration plan of nearly every pairing, the conditions plan of every second
//! county school; written, proposed, answered and revised through the functions that the pages use.

use super::maker::{Maker, describe};
use super::plan::back;
use super::rng::{SeededRng, plus};
use super::schools::HOME;
use super::wants::Wants;
use crate::evidence::profiles;
use crate::network::pairings::PairingRow;
use crate::planning::school_plans::body::{Body, Gap, Goal, Measure, Milestone};
use crate::planning::school_plans::{self, PlanRow};
use crate::shared::review::{self, Action, Loaded};
use jiedui_kernel::{Date, Result};
use jiedui_programme::{ProfileFact, newest_accepted};
use jiedui_store::Found;
use std::sync::Arc;

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Agreed,
    /// Agreed, and agreed to from scratch a year later.
    Revised,
    Draft,
    Proposed,
    HalfAgreed,
    /// By the last who is asked.
    SentBack,
}

const COLLABORATION: [(&str, Standing); 8] = [
    (HOME, Standing::Revised),
    ("441403", Standing::Proposed),
    ("441424", Standing::SentBack),
    ("441882", Standing::Draft),
    ("441721", Standing::HalfAgreed),
    ("440282", Standing::Revised),
    ("445322", Standing::Draft),
    ("441823", Standing::HalfAgreed),
];
const CONDITIONS: [(&str, Standing); 4] = [
    (HOME, Standing::Proposed),
    ("441424", Standing::Agreed),
    ("441625", Standing::Draft),
    ("440881", Standing::SentBack),
];

fn of(standings: &[(&str, Standing)], code: &str) -> Option<Standing> {
    standings.iter().find(|(county, _)| *county == code).map(|(_, standing)| *standing)
}

/// Writes all plans; `code` gives the county of a pairing.
pub async fn write(
    maker: &mut Maker,
    rows: &[PairingRow],
    wants: &Wants,
    code: impl Fn(&PairingRow) -> &'static str,
) -> Result<()> {
    let rng = SeededRng::new(9);
    // Reading takes no dice: what is done next keeps its minutes.
    let office = maker.office();
    maker.tx.act_as(office);
    let told = profiles::facts(&mut maker.tx).await?;
    for (at, row) in rows.iter().enumerate() {
        let former = row.to_day.is_some_and(|end| end < maker.today);
        let usual = Some(Standing::Agreed);
        let standing = if former { usual } else { of(&COLLABORATION, code(row)).or(usual) };
        if let Some(standing) = standing {
            one(maker, &rng, row, (wants, &told), ("collaboration", standing)).await?;
        }
        let half = at.is_multiple_of(2).then_some(Standing::Agreed);
        if let Some(standing) = of(&CONDITIONS, code(row)).or(half).filter(|_| !former) {
            one(maker, &rng, row, (wants, &told), ("conditions", standing)).await?;
        }
    }
    Ok(())
}

async fn one(
    maker: &mut Maker,
    rng: &SeededRng,
    row: &PairingRow,
    (wants, told): (&Wants, &[ProfileFact]),
    (template, standing): (&'static str, Standing),
) -> Result<()> {
    let collaboration = template == "collaboration";
    let (drafter, asked) = if collaboration {
        (&row.lead, vec![&row.nearby, &row.county_school])
    } else {
        (&row.county_school, vec![&row.county_bureau])
    };
    let calendar = &Arc::clone(&maker.programme).calendar;
    let after =
        |day, least, most| calendar.workdays.after(day, u32::try_from(rng.between(least, most)).unwrap_or(1));
    let wait = if collaboration { rng.between(36, 80) } else { rng.between(130, 260) };
    let settled = matches!(standing, Standing::Agreed | Standing::Revised);
    let begun = if settled { plus(row.from_day, wait) } else { back(calendar, maker.today, 14) };
    let begun = after(begun, 1, 1);
    let latest = row.to_day.unwrap_or(Date::MAX).min(maker.last());
    if begun > latest || begun < row.from_day {
        return Ok(());
    }
    let goal =
        if collaboration { collaborate(rng, row, wants, begun) } else { conditions(rng, row, told, begun) };
    let id = draft(maker, row, template, drafter, (begun, &goal)).await?;
    let mut day = after(begun, 3, 6);
    if standing == Standing::Draft || day > latest {
        return Ok(());
    }
    propose(maker, drafter, &id, day).await?;
    for (at, org) in asked.iter().enumerate() {
        day = if settled { after(day, 1, 6) } else { day.max(back(calendar, maker.today, 5)) };
        let last = at + 1 == asked.len();
        let action = match standing {
            _ if day > latest => return Ok(()),
            Standing::Agreed | Standing::Revised => Action::Agree,
            Standing::HalfAgreed | Standing::SentBack if !last => Action::Agree,
            Standing::SentBack => Action::Return,
            _ => return Ok(()),
        };
        let day = if settled { day } else { back(calendar, maker.today, 5 - u32::from(last) * 2) };
        answer(maker, org, &id, day, action).await?;
    }
    let done = if settled { with_payers(maker, template, &id, (day, latest)).await? } else { Some(day) };
    let Some(day) = done else { return Ok(()) };
    let again = after(plus(day, 370), 1, 9);
    if standing == Standing::Revised && plus(again, 60) < latest {
        revise(maker, row, (drafter, &asked), &id, again, goal).await?;
    }
    Ok(())
}

async fn draft(
    maker: &mut Maker,
    row: &PairingRow,
    template: &str,
    drafter: &str,
    (day, body): (Date, &Body),
) -> Result<String> {
    let programme = Arc::clone(&maker.programme);
    let actor = maker.actor(drafter).await?;
    maker.act(&actor, day);
    let begun = school_plans::begin(&mut maker.tx, &programme, row, template).await;
    let id = begun.map_err(|error| describe(template, error))?;
    save(maker, &id, body).await?;
    Ok(id)
}

async fn save(maker: &mut Maker, id: &str, body: &Body) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let plan = school_plans::find(&mut maker.tx, id).await?;
    let plan = review::open(&mut maker.tx, &programme, plan).await?;
    let saved = school_plans::save(&mut maker.tx, &programme, &plan, plan.row.version, body).await;
    saved.map(drop).map_err(|error| describe("plan", error))
}

async fn opened(maker: &mut Maker, org: &str, id: &str, day: Date) -> Result<Loaded<Found<PlanRow>>> {
    let actor = maker.actor(org).await?;
    maker.act(&actor, day);
    let programme = Arc::clone(&maker.programme);
    let plan = school_plans::find(&mut maker.tx, id).await?;
    review::open(&mut maker.tx, &programme, plan).await
}

async fn propose(maker: &mut Maker, drafter: &str, id: &str, day: Date) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let plan = opened(maker, drafter, id, day).await?;
    let proposed = school_plans::submit(&mut maker.tx, &programme, &plan, plan.row.version).await;
    proposed.map_err(|error| describe("plan", error))
}

async fn answer(maker: &mut Maker, org: &str, id: &str, day: Date, action: Action) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let plan = opened(maker, org, id, day).await?;
    let reason = if action == Action::Agree {
        ""
    } else {
        "时间安排和本校学期冲突，补齐期限也写得太紧，请改。"
    };
    let answered =
        school_plans::answer(&mut maker.tx, &programme, &plan, (action, plan.row.revision, reason)).await;
    answered.map(drop).map_err(|error| describe("plan", error))
}

/// Where the template asks payers, the province agrees as the last: each of these plans has a gap that it makes up for. The day on
/// which all have agreed; none where that is still to come.
async fn with_payers(
    maker: &mut Maker,
    template: &str,
    id: &str,
    (day, latest): (Date, Date),
) -> Result<Option<Date>> {
    let programme = Arc::clone(&maker.programme);
    if programme.template(template).is_none_or(|of| !of.payers_agree) {
        return Ok(Some(day));
    }
    let day = programme.calendar.workdays.after(day, 3);
    if day > latest {
        return Ok(None);
    }
    maker.close_as_office(day);
    let plan = school_plans::find(&mut maker.tx, id).await?;
    let plan = review::open(&mut maker.tx, &programme, plan).await?;
    let said = (Action::Agree, plan.row.revision, "");
    let answered = school_plans::answer(&mut maker.tx, &programme, &plan, said).await;
    answered.map(|_| Some(day)).map_err(|error| describe("plan", error))
}

/// A second edition: one measure more, and a goal set higher.
async fn revise(
    maker: &mut Maker,
    row: &PairingRow,
    (drafter, asked): (&String, &[&String]),
    id: &str,
    day: Date,
    mut body: Body,
) -> Result<()> {
    let programme = Arc::clone(&maker.programme);
    let plan = opened(maker, drafter, id, day).await?;
    let begun = school_plans::revise(&mut maker.tx, &programme, &plan).await;
    let id = begun.map_err(|error| describe("plan", error))?;
    for goal in &mut body.goals {
        goal.wished = goal.wished.map(|wished| wished + wished / 5);
        goal.by = Date::from_ymd_opt(2027, 12, 31);
    }
    body.measures.push(Measure {
        clause: "T8.4".to_owned(),
        need: String::new(),
        text: "与产业链上的企业联合招生，先办一个学徒班。".to_owned(),
        by_party: "lead".to_owned(),
    });
    save(maker, &id, &body).await?;
    propose(maker, drafter, &id, plus(day, 12)).await?;
    for (at, org) in asked.iter().enumerate() {
        let day = plus(day, 16 + i64::try_from(at).unwrap_or(0) * 3);
        answer(maker, org, &id, day.min(row.to_day.unwrap_or(Date::MAX)), Action::Agree).await?;
    }
    Ok(())
}

fn goal(indicator: &str, baseline: i64, wished: i64) -> Goal {
    Goal {
        indicator: indicator.to_owned(),
        baseline: Some(baseline),
        wished: Some(wished),
        by: Date::from_ymd_opt(2027, 7, 31),
    }
}

fn milestone(what: &str, due: Date, owner: &str) -> Milestone {
    Milestone { what: what.to_owned(), due: Some(due), owner: owner.to_owned() }
}

const SITUATIONS: [&str; 3] = [
    "学校现有 5 个专业，在校生近千人；专任教师偏少，一半是近五年新进的，工学一体化课程刚起步。实训设备多为十年前购置。当地以农产品加工和小家电为主，企业用工缺口大。",
    "学校以汽修、数控、电商三个专业为主，双师型教师不足，实训场地分散在两处。县里正建产业园，需要大量技能工人，学校还接不上。",
    "学校近两年由职业中学转来，技工教育经验少，教材和课程多沿用旧的。本县是劳务输出县，返乡创业的人逐年增多，社会培训需求大。",
];
const SAFEGUARDS: [&str; 2] = [
    "三方各定一名联络人，每月通一次气，每学期开一次联席会；经费从三方年度预算列支，使用情况每年公开。",
    "牵头院校由一名副院长分管，配合院校和县级院校各由教务负责人承担；驻校教师食宿由县级院校安排。",
];

/// What the helpers do, need by need; and by when there is something to see.
fn collaborate(rng: &SeededRng, row: &PairingRow, wants: &Wants, day: Date) -> Body {
    let mut body = Body::default();
    body.text.insert("situation".to_owned(), rng.word(&SITUATIONS).to_owned());
    body.text.insert("safeguards".to_owned(), rng.word(&SAFEGUARDS).to_owned());
    body.goals = vec![
        goal("trained-teachers", 0, rng.between(8, 20) * 10),
        goal("social-training", rng.between(2, 6) * 10, rng.between(12, 30) * 10),
    ];
    let mine = wants.all.iter().filter(|want| want.org == row.county_school && want.written < day);
    for want in mine.take(4) {
        let Some(theme) = wants.themes.get(want.theme).filter(|theme| !theme.activity.is_empty()) else {
            continue;
        };
        body.measures.push(Measure {
            clause: theme.clause.clone(),
            need: want.id.clone(),
            text: format!("{}：{}；{}。", theme.project, theme.lead, theme.nearby),
            by_party: if rng.chance(75) { "lead" } else { "nearby" }.to_owned(),
        });
    }
    if body.measures.is_empty() {
        body.measures.push(Measure {
            clause: "T4.2".to_owned(),
            need: String::new(),
            text: "教师分批轮训。".to_owned(),
            by_party: "lead".to_owned(),
        });
    }
    body.milestones = vec![
        milestone("互派教师名单确定，第一批教师到校", plus(day, 120), "lead"),
        milestone("特色专业的课程资源上线使用", plus(day, 420), "nearby"),
        milestone("学校能独立承担社会培训和评价", plus(day, 780), "county_school"),
    ];
    body
}

/// What the school lacks by its newest profile, and who makes up for it; amounts in hundredths.
fn conditions(rng: &SeededRng, row: &PairingRow, told: &[ProfileFact], day: Date) -> Body {
    let profile = newest_accepted(told, day).get(row.county_school.as_str()).copied();
    let known = |element: &str| profile.and_then(|fact| fact.values.get(element)?.value());
    let gap = |item: &str, unit: &str, (have, want): (i64, i64), level: &str, money: i64, days: i64| Gap {
        item: item.to_owned(),
        have: Some(have * 100),
        want: Some(want * 100),
        unit: unit.to_owned(),
        level: level.to_owned(),
        money: (money > 0).then_some(money * 100),
        due: Some(plus(day, days)),
    };
    let mut body = Body::default();
    let usual = rng.between(6, 16) * 100;
    let students = known("students").unwrap_or(usual);
    let about = students / 100 * 100;
    body.text.insert(
        "development".to_owned(),
        "立足本县产业办学，做强两个特色专业，控制专业总数；先达到设置标准，再申请升格。".to_owned(),
    );
    let (floor, for_floor) = (rng.between(8, 14) * 1000, rng.between(8, 20) * 100);
    let (sets, for_sets) = (rng.between(60, 180), rng.between(2, 6) * 100);
    let teachers = rng.between(35, 60);
    // As many as the profile has, and as its pupils ask for: 20 square metres each, one teacher for 20.
    let floor = known("floor_area").map_or((floor, 18_000), |have| (have, students * 20));
    let teachers = known("teachers_full_time").map_or((teachers, 75), |have| (have, (students + 19) / 20));
    let staff =
        if teachers.0 < teachers.1 { "专任教师和高级职称教师都" } else { "高级职称教师" };
    body.text.insert(
        "situation".to_owned(),
        format!("占地不足，校舍部分租用；在校生约 {about} 人，{staff}低于设置标准，图书和实训设备陈旧。"),
    );
    body.gaps = vec![
        gap("校舍建筑面积", "square_metres", floor, "county", for_floor, 700),
        gap("实训设备", "sets", (sets, 300), "province", for_sets, 430),
        gap("专任教师", "persons", teachers, "county", 0, 600),
    ];
    body.gaps.retain(|row| row.have < row.want);
    if rng.chance(50) {
        body.gaps.push(gap(
            "适用图书",
            "books",
            (rng.between(8, 18) * 1000, 30_000),
            "school",
            rng.between(10, 30),
            300,
        ));
    }
    body.goals = vec![goal("social-training", rng.between(2, 6) * 10, rng.between(12, 30) * 10)];
    body.milestones = vec![
        milestone("校舍扩建立项", plus(day, 150), "county_bureau"),
        milestone("新进教师到岗", plus(day, 330), "county_school"),
        milestone("逐条自查达标", plus(day, 700), "county_school"),
    ];
    body
}
