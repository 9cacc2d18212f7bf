//! What the accounts of the demonstration had to say, and what came of it: one of each state.

use super::maker::Maker;
use super::schools::{HOME, Schools, city_of};
use crate::network::registry;
use crate::oversight::complaints::{self, ComplaintAnswer, NewComplaint, Reach};
use jiedui_kernel::{Actor, Date, Error, Result};
use std::sync::Arc;

/// What follows a complaint, and so many working days after it.
enum Then {
    Nothing,
    Answered(u32),
    /// Answered, and its author is content or not: not content is asked once more.
    Judged(u32, bool),
}

struct SampleComplaint {
    /// Role of the account that says it.
    role: &'static str,
    /// So many working days ago.
    ago: u32,
    kind: &'static str,
    words: &'static str,
    named: bool,
    page: &'static str,
    then: Then,
    answer: (&'static str, &'static str, &'static str),
}

const TOLD: [SampleComplaint; 7] = [
    SampleComplaint {
        role: "county_school",
        ago: 70,
        kind: "duplicate",
        words: "市里另发了一张教师培训统计表，内容和台账里的一样，又要填一遍。",
        named: true,
        page: "/entries",
        then: Then::Judged(4, true),
        answer: (
            "已通知各市：教师培训以台账为准，不再另发统计表；本月起停收。",
            "activity/teacher-training",
            "停用市级教师培训统计表",
        ),
    },
    SampleComplaint {
        role: "lead",
        ago: 44,
        kind: "trouble",
        words: "一次去三所学校，要登记三条，日期和人员都一样，希望能从表格一次登记。",
        named: true,
        page: "/entries/new",
        then: Then::Judged(6, true),
        answer: ("已增加从表格登记，一次可以登记许多条。", "", "台账可以从表格登记"),
    },
    SampleComplaint {
        role: "nearby",
        ago: 30,
        kind: "unreasonable",
        words: "个别县要求每次送教都附照片，系统里并没有这个要求。",
        named: false,
        page: "/entries/new/teacher-training",
        then: Then::Judged(5, false),
        answer: ("照片从来不是必填，也不作为确认的条件；请把要求附照片的通知转给我们。", "", ""),
    },
    SampleComplaint {
        role: "county_school",
        ago: 16,
        kind: "unreasonable",
        words: "年度数字十月底才定，县里九月就催，能不能统一以填报页面写的日子为准？",
        named: true,
        page: "/profiles",
        then: Then::Answered(5),
        answer: ("以页面写明的日子为准，任何一级不得提前催报；已发函说明。", "profile/profile", ""),
    },
    SampleComplaint {
        role: "county",
        ago: 13,
        kind: "wrong",
        words: "名录里有一所学校已经迁到新校区，所在镇还是旧的。",
        named: true,
        page: "/registry",
        then: Then::Nothing,
        answer: ("", "", ""),
    },
    SampleComplaint {
        role: "county_school",
        ago: 4,
        kind: "duplicate",
        words: "招生数在年度基本情况里填过，专业年度数字里又按专业填，合计能不能由系统算？",
        named: false,
        page: "/majors/years",
        then: Then::Nothing,
        answer: ("", "", ""),
    },
    SampleComplaint {
        role: "city",
        ago: 2,
        kind: "idea",
        words: "希望履职进度能按县导出成表，开会时好用。",
        named: true,
        page: "/clocks",
        then: Then::Nothing,
        answer: ("", "", ""),
    },
];

pub async fn say(maker: &mut Maker, schools: &Schools) -> Result<()> {
    for told in &TOLD {
        let day = back(maker, told.ago);
        let actor = author(maker, schools, told.role).await?;
        maker.act(&actor, day);
        let new = NewComplaint {
            kind: told.kind.to_owned(),
            words: told.words.to_owned(),
            named: told.named,
            page: told.page.to_owned(),
        };
        let programme = Arc::clone(&maker.programme);
        let id = complaints::write(&mut maker.tx, &programme, &new).await?;
        match told.then {
            Then::Nothing => {}
            Then::Answered(days) => answer(maker, told, &id, day, days).await?,
            Then::Judged(days, revision) => {
                answer(maker, told, &id, day, days).await?;
                judge(maker, &actor, &id, after(maker, day, days + 2), revision).await?;
            }
        }
    }
    Ok(())
}

/// The working day so many working days before today.
fn back(maker: &Maker, workdays: u32) -> Date {
    let calendar = &maker.programme.calendar.workdays;
    let mut day = maker.last();
    let mut left = workdays;
    while left > 0 || !calendar.is_workday(day) {
        left = left.saturating_sub(u32::from(calendar.is_workday(day)));
        day = super::rng::plus(day, -1);
    }
    day
}

fn after(maker: &Maker, day: Date, workdays: u32) -> Date {
    maker.programme.calendar.workdays.after(day, workdays).min(maker.last())
}

async fn author(maker: &mut Maker, schools: &Schools, role: &str) -> Result<Arc<Actor>> {
    let home = schools.county.iter().find(|school| school.division == HOME);
    let org = match role {
        "city" => registry::bureau(&mut maker.tx, "city_bureau", &city_of(HOME)).await?,
        "county" => registry::bureau(&mut maker.tx, "county_bureau", HOME).await?,
        "lead" => schools.lead.first().map(|school| school.id.clone()),
        "nearby" => {
            let city = city_of(HOME);
            schools.nearby.iter().find(|school| school.division == city).map(|school| school.id.clone())
        }
        _ => home.map(|school| school.id.clone()),
    };
    let org = org.ok_or_else(|| Error::internal(format_args!("nobody complains as {role}")))?;
    maker.actor(&org).await
}

async fn answer(maker: &mut Maker, told: &SampleComplaint, id: &str, day: Date, days: u32) -> Result<()> {
    let on = after(maker, day, days);
    maker.act_as_office(on);
    let reach = Reach::new(maker.tx.actor(), true);
    let row = complaints::find(&mut maker.tx, &reach, id).await?;
    let (words, form, changed) = told.answer;
    let answer =
        ComplaintAnswer { words: words.to_owned(), form: form.to_owned(), changed: changed.to_owned() };
    let programme = Arc::clone(&maker.programme);
    complaints::answer(&mut maker.tx, &programme, &row, row.version, &answer).await
}

async fn judge(maker: &mut Maker, actor: &Arc<Actor>, id: &str, day: Date, revision: bool) -> Result<()> {
    maker.act(actor, day);
    let reach = Reach::new(actor, false);
    let row = complaints::find(&mut maker.tx, &reach, id).await?;
    let words =
        if revision { "" } else { "通知在县里的群里发的，没有文号，照片还是要。" };
    let programme = Arc::clone(&maker.programme);
    complaints::judge(&mut maker.tx, &programme, &row, row.version, (revision, words)).await
}
