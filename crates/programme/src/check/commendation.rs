//! The yearly commendation: classes for which somebody else nominates, reasons that are work and no publicity, time enough for
//! each step, and a record in which the notice finds the name.

use crate::check::{became, filled, form, output, reference, repeated};
use crate::commendations::{CommendationClass, CommendationRules, Commended, Requirement};
use crate::doc::Item;
use crate::fields::Side;
use crate::load::RawProgramme;
use crate::problem::Problem;

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.commendations else { return };
    let rules = &item.value;
    filled(item, &[("about", &rules.about)], problems);
    if rules.classes.is_empty() {
        problems.push(item.problem("classes", "没有写表扬谁", "请至少写一类：协作院校、县级院校或个人"));
    }
    let ids: Vec<&str> = rules.classes.iter().map(|class| class.id.as_str()).collect();
    for at in repeated(&ids) {
        let message = format!("表扬类别的编号“{}”重复", ids[at]);
        problems.push(item.problem(&format!("classes.{at}.id"), message, "请换一个编号，或删除重复的一类"));
    }
    for (at, class) in rules.classes.iter().enumerate() {
        of_class(item, (at, class), problems);
    }
    times(plan, item, problems);
}

fn of_class(
    item: &Item<'_, CommendationRules>,
    (at, class): (usize, &CommendationClass),
    problems: &mut Vec<Problem>,
) {
    let path = |key: &str| format!("classes.{at}.{key}");
    let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.');
    if class.id.is_empty() || !class.id.chars().all(plain) {
        let help = "编号只用英文字母、数字、点、短横线和下划线";
        problems.push(item.problem(&path("id"), "编号写得不对", help));
    }
    filled(item, &[(&path("name"), &class.name)], problems);
    let most = CommendationRules::MOST_NAMED;
    if !(1..=most).contains(&class.most) {
        let message = format!("每个单位最多提名 {} 个，不在 1 到 {most} 之间", class.most);
        problems.push(item.problem(&path("most"), message, "请写一个单位一年最多提名几个"));
    }
    nominators(item, (at, class), problems);
    for key in ["reasons", "requires"] {
        let missing = if key == "reasons" { class.reasons.is_empty() } else { class.requires.is_empty() };
        if missing {
            let help = "理由写台账事项的编号；条件写 paired、in_office、undisputed、reasons_stand";
            problems.push(item.problem(&path(key), "没有写凭什么表扬", help));
        }
    }
    for number in repeated(&class.reasons) {
        problems.push(item.problem(&path(&format!("reasons.{number}")), "理由写了两遍", "请删除重复的一项"));
    }
    for number in repeated(&class.requires) {
        let place = path(&format!("requires.{number}"));
        problems.push(item.problem(&place, "条件写了两遍", "请删除重复的一项"));
    }
    let in_office = class.requires.iter().position(|one| *one == Requirement::InOffice);
    if let Some(number) = in_office.filter(|_| !class.commended.is_person()) {
        let place = path(&format!("requires.{number}"));
        problems.push(item.problem(&place, "学校没有任职", "in_office 只用于个人，学校请写 paired"));
    }
}

/// Somebody else nominates; whoever reviews does not.
fn nominators(
    item: &Item<'_, CommendationRules>,
    (at, class): (usize, &CommendationClass),
    problems: &mut Vec<Problem>,
) {
    let path = format!("classes.{at}.nominated_by");
    form::sides(item, &path, &class.nominated_by, "提名", problems);
    if let Some(number) = class.nominated_by.iter().position(|side| *side == Side::Province) {
        let help = "省办评审，不提名；请写市局、县局或结对的另一方";
        problems.push(item.problem(&format!("{path}.{number}"), "评审的一方不能提名", help));
    }
    let own = match class.commended {
        Commended::Lead => Some(Side::Lead),
        Commended::Nearby => Some(Side::Nearby),
        Commended::CountySchool => Some(Side::CountySchool),
        Commended::Person => None,
    };
    let only_own = class.nominated_by.iter().all(|side| Some(*side) == own);
    if !class.itself && !class.nominated_by.is_empty() && only_own {
        let help = "请加上市局、县局或结对的另一方；要让本单位自荐的写 itself = true";
        problems.push(item.problem(&path, "只有本单位能提名，而本单位不得提名自己", help));
    }
}

/// Each step is given time, and comes to its end.
fn times(plan: &RawProgramme<'_>, item: &Item<'_, CommendationRules>, problems: &mut Vec<Problem>) {
    let rules = &item.value;
    let least = plan.calendar.as_ref().map_or(0, |calendar| calendar.value.minimum_notice_workdays);
    let most = CommendationRules::MOST_WORKDAYS;
    for (path, what, days) in [
        ("nominate_workdays", "提名", rules.nominate_workdays),
        ("notice_workdays", "公示", rules.notice_workdays),
        ("reply_workdays", "答复异议", rules.reply_workdays),
        ("disputes.open_workdays", "了结台账异议", rules.disputes.open_workdays),
    ] {
        if days < least || days > most {
            let message = format!("{what}的时间是 {days} 个工作日，不在 {least} 到 {most} 个之间");
            let help = "不能短于最短提前期，也不能一直定不下来";
            problems.push(item.problem(path, message, help));
        }
    }
    let percent = rules.disputes.spared_percent;
    if percent > 100 {
        let message = format!("不影响表扬的异议占 {percent}%，不在 0 到 100 之间");
        let help = "请写当年台账的百分之几；写 0 就只看条数";
        problems.push(item.problem("disputes.spared_percent", message, help));
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    let Some(item) = &plan.commendations else { return };
    let rules = &item.value;
    form::clauses(plan, item, &rules.clauses, problems);
    if rules.clauses.is_empty() {
        problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
    }
    for (at, class) in rules.classes.iter().enumerate() {
        for (number, activity) in class.reasons.iter().enumerate() {
            let path = format!("classes.{at}.reasons.{number}");
            reference(item, &path, "台账事项", activity, &plan.activities.ids, problems);
        }
    }
    record(plan, item, problems);
}

/// The record is one of which a notice is made, and the notice has a place for each class.
fn record(plan: &RawProgramme<'_>, item: &Item<'_, CommendationRules>, problems: &mut Vec<Problem>) {
    let rules = &item.value;
    let Some(id) = &rules.output else {
        if let Some(at) = rules.classes.iter().position(|class| class.option.is_some()) {
            let help = "请写 output = 通报所用的记录，或删除 option";
            problems.push(item.problem(&format!("classes.{at}.option"), "没有写明记在哪里", help));
        }
        return;
    };
    reference(item, "output", "成果或记录", id, &plan.outputs.ids, problems);
    let Some(found) = output::found(plan, id) else { return };
    let Some(notice) = &found.notice else {
        let help = "请写一种有 [output.notice] 的记录，通报稿从那里来";
        problems.push(item.problem("output", format!("“{}”没有通报稿", found.name), help));
        return;
    };
    for (at, class) in rules.classes.iter().enumerate() {
        let path = format!("classes.{at}.option");
        let listed = |option: &String| {
            became::offers(&found.fields, &notice.by, option)
                && notice.groups.iter().any(|group| group.option == *option)
        };
        match &class.option {
            Some(option) if listed(option) => {}
            Some(option) => {
                let help = "请写 [[output.notice.group]] 里列出的一个选项";
                problems.push(item.problem(&path, format!("通报稿里没有“{option}”一类"), help));
            }
            None => {
                let help = "请写 option = 通报稿里的一类，决定以后名单才列得进去";
                problems.push(item.problem(&format!("classes.{at}.id"), "没有写明列在通报稿的哪一类", help));
            }
        }
    }
}
