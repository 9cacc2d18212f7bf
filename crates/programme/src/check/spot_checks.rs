//! Looking again stays a small thing: few entries, time enough (principle 8).

use crate::load::RawProgramme;
use crate::problem::Problem;
use crate::spot_checks::SpotChecks;

/// Of a thousand entries no more than so many: what is looked at again more often is confirmed twice.
const SHARE: u32 = 200;
/// Of one unit and month no more than so many.
const PER_UNIT: u32 = 5;
/// Nobody waits longer than this for the end of a month's check.
const WORKDAYS: u32 = 60;

pub(super) fn check(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.spot_checks else { return };
    let SpotChecks { share_permille, most_per_unit, look_workdays, .. } = item.value;
    if !(1..=SHARE).contains(&share_permille) {
        let message = format!("抽查比例是千分之 {share_permille}，不在千分之 1 到 {SHARE} 之间");
        problems.push(item.problem(
            "share_permille",
            message,
            "抽查只看一小部分；不抽查的，删除 [spot_check]",
        ));
    }
    if !(1..=PER_UNIT).contains(&most_per_unit) {
        let message = format!("一个单位一个月 {most_per_unit} 条，不在 1 到 {PER_UNIT} 条之间");
        problems.push(item.problem(
            "most_per_unit",
            message,
            "不增加基层负担：请改小；不抽查的，删除 [spot_check]",
        ));
    }
    if look_workdays > WORKDAYS {
        let message = format!("复看有 {look_workdays} 个工作日，超过 {WORKDAYS} 个工作日");
        problems.push(item.problem("look_workdays", message, "请改短，记录还新的时候才好复看"));
    }
    let least = plan.calendar.as_ref().map_or(0, |calendar| calendar.value.minimum_notice_workdays);
    if look_workdays < least {
        let message = format!("复看只有 {look_workdays} 个工作日，少于最短提前期 {least} 个工作日");
        problems.push(item.problem("look_workdays", message, "请改成不少于最短提前期的工作日数"));
    }
}
