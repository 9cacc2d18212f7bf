//! One activity: its two sides, how it is measured, whom it names, what it asks.

use crate::check::{burden, filled, named, repeated};
use crate::doc::Item;
use crate::fields::Side;
use crate::model::{Activity, Confirmer, Measure, PersonRule, Time};
use crate::problem::Problem;
use jiedui_kernel::Unit;

pub(super) fn check(item: &Item<'_, Activity>, problems: &mut Vec<Problem>) {
    let activity = &item.value;
    named(item, &activity.id, problems);
    filled(
        item,
        &[("name", &activity.name), ("action", &activity.action), ("about", &activity.about)],
        problems,
    );
    if activity.clauses.is_empty() {
        problems.push(item.problem("clauses", "没有写明依据哪一条", "请至少写一个条款编号"));
    }
    for at in repeated(&activity.clauses) {
        problems.push(item.problem(&format!("clauses.{at}"), "条款写了两遍", "请删去重复的编号"));
    }
    sides(item, problems);
    measure(item, problems);
    if let Some(person) = &activity.person {
        posts(item, person, problems);
    }
    for (at, field) in activity.fields.iter().enumerate() {
        let paths = ["id", "label", "purpose"].map(|key| format!("field.{at}.{key}"));
        let texts = [&field.id, &field.label, &field.purpose];
        for (path, text) in paths.iter().zip(texts) {
            filled(item, &[(path, text)], problems);
        }
    }
    burden::fields(item, problems);
}

/// Principle 2: whoever claims does not confirm.
fn sides(item: &Item<'_, Activity>, problems: &mut Vec<Problem>) {
    let activity = &item.value;
    if activity.claimed_by.is_empty() {
        problems.push(item.problem("claimed_by", "没有写明由谁登记", "请写 lead、nearby 或 county_school"));
    }
    for at in repeated(&activity.claimed_by) {
        problems.push(item.problem(&format!("claimed_by.{at}"), "登记方写了两遍", "请删去重复的一方"));
    }
    let own = match activity.confirmed_by {
        Confirmer::CountySchool => activity.claimed_by.contains(&Side::CountySchool),
        Confirmer::Helper => activity.claimed_by.iter().any(|side| *side != Side::CountySchool),
        Confirmer::CountyBureau => activity.claimed_by.contains(&Side::County),
    };
    if own {
        let help = "登记与确认须是两方：请改由对方或县局确认";
        problems.push(item.problem("confirmed_by", "登记的一方不能自己确认", help));
    }
}

fn measure(item: &Item<'_, Activity>, problems: &mut Vec<Problem>) {
    let activity = &item.value;
    let mut refuse = |path: &str, message: &str, help: &str| problems.push(item.problem(path, message, help));
    match activity.measure {
        Measure::Days if activity.time != Time::Span => {
            refuse("time", "按天计量的活动须有起止日期", "请改为 time = \"span\"");
        }
        Measure::Days if activity.unit != Unit::Days => {
            refuse("unit", "按天计量的活动，单位须是天", "请改为 unit = \"days\"");
        }
        Measure::Once if activity.unit != Unit::Times => {
            refuse("unit", "一次一计的活动，单位须是次", "请改为 unit = \"times\"");
        }
        Measure::Entered if activity.quantity_label.trim().is_empty() => {
            refuse("measure", "要填数量，却没有写数量叫什么", "请补上 quantity_label，例如“到训人次”");
        }
        _ => {}
    }
    if activity.measure != Measure::Entered && !activity.quantity_label.is_empty() {
        refuse(
            "quantity_label",
            "数量由系统算出，不应再问",
            "请删去 quantity_label，或改为 measure = \"entered\"",
        );
    }
    if activity.measure == Measure::Entered && activity.unit == Unit::BasisPoints {
        refuse("unit", "比率不能逐条填报再相加", "请改为可以相加的单位，例如 person_times");
    }
}

fn posts(item: &Item<'_, Activity>, person: &PersonRule, problems: &mut Vec<Problem>) {
    filled(item, &[("person.label", &person.label)], problems);
    if person.offered.is_empty() {
        let message = if person.exclusive {
            "写了 exclusive，却没有可选的人员"
        } else {
            "没有写明可选哪些人员"
        };
        problems.push(item.problem("person.offered", message, "请写明可选的身份，例如 [\"head\"]"));
    }
    if person.counting.is_empty() {
        let help = "至少一种身份要计入，否则永远不会有数";
        problems.push(item.problem("person.counting", "没有一种身份计入", help));
    }
    for (at, post) in person.counting.iter().enumerate().filter(|(_, post)| !person.offered.contains(post)) {
        let message = format!("计入的身份（{post:?}）不在可选身份里");
        problems.push(item.problem(
            &format!("person.counting.{at}"),
            message,
            "请同时写进 offered，或从 counting 删去",
        ));
    }
}
