//! What the system tells people by itself reaches them in working hours, and nobody is pressed (principle 8).

use crate::calendar::Calendar;
use crate::doc::Item;
use crate::load::RawProgramme;
use crate::notices::Notices;
use crate::problem::Problem;

/// The first hour at which something may be sent, and the last.
const DAY: [u32; 2] = [7, 20];

pub(super) fn check(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.notices else { return };
    hours(item, problems);
    if let Some(calendar) = &plan.calendar {
        days(item, &calendar.value, problems);
    }
}

fn hours(item: &Item<'_, Notices>, problems: &mut Vec<Problem>) {
    let Notices { digest_hour, quiet_hour, .. } = item.value;
    for (key, hour) in [("digest_hour", digest_hour), ("quiet_hour", quiet_hour)] {
        if !(DAY[0]..=DAY[1]).contains(&hour) {
            let message = format!("{hour} 点不在 {} 点到 {} 点之间", DAY[0], DAY[1]);
            problems.push(item.problem(key, message, "夜间不打扰：请改成白天的整点，例如 9 和 18"));
        }
    }
    if quiet_hour <= digest_hour {
        let message = format!("{quiet_hour} 点就停止发送，每日提要 {digest_hour} 点才发");
        problems.push(item.problem("quiet_hour", message, "停止发送的时刻要晚于每日提要的时刻"));
    }
}

fn days(item: &Item<'_, Notices>, calendar: &Calendar, problems: &mut Vec<Problem>) {
    let Notices { reminder_workdays, escalation_workdays, urge_workdays, .. } = item.value;
    let least = calendar.minimum_notice_workdays;
    let days = [
        ("reminder_workdays", reminder_workdays, "到期前的提醒"),
        ("escalation_workdays", escalation_workdays, "过期后告诉交办单位"),
        ("urge_workdays", urge_workdays, "两次催办的间隔"),
    ];
    for (key, given, what) in days.into_iter().filter(|(_, given, _)| *given < least) {
        let message = format!("{what}只有 {given} 个工作日，少于最短提前期 {least} 个工作日");
        problems.push(item.problem(key, message, "要给对方留出办理的时间，请改成不少于最短提前期的工作日数"));
    }
}
