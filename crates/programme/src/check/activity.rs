//! One activity: its two sides, how it is measured, whom it names, what it asks.

use crate::check::{filled, form, named};
use crate::doc::Item;
use crate::model::{Activity, Measure, PersonRule, Time};
use crate::problem::Problem;
use jiedui_kernel::Unit;

/// What every form of an entry asks or carries by itself.
const OWN: [&str; 13] = [
    "activity", "pairing", "school", "helper", "from", "to", "in_term", "person", "quantity", "joint",
    "roster", "project", "version",
];

pub(super) fn check(item: &Item<'_, Activity>, problems: &mut Vec<Problem>) {
    let activity = &item.value;
    named(item, &activity.id, problems);
    filled(
        item,
        &[("name", &activity.name), ("action", &activity.action), ("about", &activity.about)],
        problems,
    );
    form::declared(item, &activity.clauses, activity.minutes, problems);
    form::fields(item, &activity.fields, form::Written::InFull, problems);
    form::reserved(item, &activity.fields, &OWN, problems);
    form::sides(item, "claimed_by", &activity.claimed_by, "登记", problems);
    form::options_by(item, &activity.fields, &activity.claimed_by, problems);
    form::options_confirmed(item, &activity.fields, Some(&activity.claimed_by), problems);
    form::two_sides(item, &activity.claimed_by, activity.confirmed_by, problems);
    measure(item, problems);
    if let Some(person) = &activity.person {
        posts(item, person, problems);
    }
    if let Some(roster) = &activity.roster {
        filled(item, &[("roster.label", &roster.label)], problems);
        if roster.posts.is_empty() {
            let help = "请写明可点名的身份，例如 [\"teacher\"]";
            problems.push(item.problem("roster.posts", "名单没有写可点哪些人", help));
        }
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
            "请删除 quantity_label，或改为 measure = \"entered\"",
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
        let message = format!("计入的身份“{}”不在可选身份里", post.id());
        problems.push(item.problem(
            &format!("person.counting.{at}"),
            message,
            "请同时写进 offered，或从 counting 删除",
        ));
    }
}
