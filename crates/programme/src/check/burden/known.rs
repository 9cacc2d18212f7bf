//! What a field is, beside what it is called. A field declares its `element`; `[[known]]` of `known.toml` lists elements,
//! each with the wordings in which people ask for it and with where the system has it. So the same fact under another label
//! is the same fact.

use crate::check::burden::asked::{Form, Kind, Part, Question, key};
use crate::check::{filled, named, reference};
use crate::forms::KnownElement;
use crate::load::RawProgramme;
use crate::problem::Problem;

/// Where the system has something without any further form, and what that is called.
const SYSTEM: [(&str, &str); 4] =
    [("registry", "院校库"), ("profile", "年度基本情况"), ("clock", "履职进度"), ("ledger", "工作台账")];

const HELP: &str = "同一内容只问一次，已有的由系统带出，请删除此项（减负原则：不重复填报）";

pub(super) fn check_tables(plan: &RawProgramme<'_>, problems: &mut Vec<Problem>) {
    for item in &plan.known.items {
        named(item, &item.value.id, problems);
        filled(item, &[("name", &item.value.name), ("held", &item.value.held)], problems);
        if (item.value.held == "profile") != item.value.profile.is_some() {
            let help = "held = \"profile\" 的写 profile = 基本情况项目编号，其余的不写";
            problems.push(item.problem("held", "没有写明是基本情况里的哪一项，或多写了", help));
        }
    }
}

pub(super) fn check_references(plan: &RawProgramme<'_>, asked: &[Question<'_>], problems: &mut Vec<Problem>) {
    for item in &plan.known.items {
        let known = &item.value;
        if let Some(id) = &known.profile {
            reference(item, "profile", "基本情况项目", id, &plan.elements.ids, problems);
        }
        if system(&known.held).is_none() && !is_form(plan, &known.held) {
            let message = format!("“{}”不是系统里的地方，也不是表单编号", known.held);
            let help = "请写 registry（院校库）、profile（年度基本情况）、clock（履职进度）、ledger（工作台账），或问这一项的那张表的编号";
            problems.push(item.problem("held", message, help));
        }
    }
    for one in asked {
        if let Some(problem) = declared(plan, one).or_else(|| undeclared(plan, one)) {
            problems.push(problem);
        }
    }
}

/// What an element is called in the list; "" where it is not in it.
pub(super) fn called<'a>(plan: &'a RawProgramme<'_>, element: &str) -> &'a str {
    let mut known = plan.known.items.iter().map(|item| &item.value);
    known.find(|known| known.id == element).map_or("", |known| known.name.as_str())
}

fn is_form(plan: &RawProgramme<'_>, id: &str) -> bool {
    let sets = [&plan.activities.ids, &plan.outputs.ids, &plan.applications.ids, &plan.forms.ids];
    sets.into_iter().any(|ids| ids.contains(id))
}

fn system(held: &str) -> Option<&'static str> {
    SYSTEM.into_iter().find_map(|(id, name)| (id == held).then_some(name))
}

/// Whether the form is the one that has it, and so the one that may ask.
fn holds(known: &KnownElement, form: Form<'_>) -> bool {
    if form.kind == Kind::Profile { known.held == "profile" } else { known.held == form.id }
}

/// A field that says what it is.
fn declared(plan: &RawProgramme<'_>, one: &Question<'_>) -> Option<Problem> {
    if one.element.is_empty() || one.form.kind == Kind::Profile {
        return None;
    }
    let mut known = plan.known.items.iter().map(|item| &item.value);
    let is = |known: &&KnownElement| known.id == one.element || known.profile.as_deref() == Some(one.element);
    let Some(known) = known.find(is) else {
        // An element of the year-profile may be named by its own id; a second field with it is found elsewhere.
        // A programme from before there was such a list names elements that stand in none.
        let listed = plan.known.items.is_empty() || plan.elements.ids.contains(one.element);
        return (!listed).then(|| {
            let message = format!("“{}”的 element“{}”没有列出", one.label, one.element);
            one.place.saying(message, "请在 known.toml 用 [[known]] 列出它，或改成已列出的编号")
        });
    };
    if one.unit.is_some() && known.unit.is_some() && one.unit != known.unit {
        let message = format!("“{}”与“{}”的单位不同", one.label, known.name);
        return Some(one.place.saying(message, "同一内容只有一个单位，请改 unit 或 element"));
    }
    let taken = one.taken_from == known.held;
    if !one.taken_from.is_empty() && one.form.kind != Kind::ByHand {
        let message = format!("“{}”写了 taken_from，而这张表由条目生成，不带出别处的内容", one.label);
        return Some(one.place.saying(message, "系统里已有的不必再列为栏目，请删除此项"));
    }
    if !one.taken_from.is_empty() && !taken {
        let message = format!("“{}”不从“{}”带出", known.name, one.taken_from);
        let help = format!("taken_from 写它所在的地方：{}", known.held);
        return Some(one.place.saying(message, &help));
    }
    (!taken && !holds(known, one.form)).then(|| already(one, known))
}

/// A field that does not say what it is, and is called what a known element is called.
fn undeclared(plan: &RawProgramme<'_>, one: &Question<'_>) -> Option<Problem> {
    if !one.element.is_empty() || one.part == Part::Person {
        return None;
    }
    let known = plan
        .known
        .items
        .iter()
        .map(|item| &item.value)
        .find(|known| !holds(known, one.form) && (is_called(known, one) || offered(known, one)))?;
    Some(already(one, known))
}

fn already(one: &Question<'_>, known: &KnownElement) -> Problem {
    let place = system(&known.held).unwrap_or("另一张表");
    one.place.saying(format!("“{}”就是“{}”，{place}里已有", one.label, known.name), HELP)
}

/// Another wording of the same kind and unit: 全校在校学生总数 for 在校生.
fn is_called(known: &KnownElement, one: &Question<'_>) -> bool {
    let kind = known.unit.is_some() == one.number && (known.unit == one.unit || one.unit.is_none());
    let asked = [one.key.clone(), bare(one.label)];
    kind && !one.grouped() && wordings(known).any(|word| asked.contains(&word))
}

/// A choice between values of it, or between spans of it: 在校生500人以下.
fn offered(known: &KnownElement, one: &Question<'_>) -> bool {
    let spans = |option: &str| {
        let has_number =
            option.chars().any(|sign| sign.is_numeric() || "一二三四五六七八九十百千".contains(sign));
        known.unit.is_some() && has_number && wordings(known).any(|word| key(option).starts_with(&word))
    };
    let values = one.options.iter().filter(|option| wordings(known).any(|word| word == key(option)));
    values.count() > 1 || one.options.iter().filter(|option| spans(option)).count() > 1
}

/// Not bared: 层次 alone need not be the 学校层次.
fn wordings(known: &KnownElement) -> impl Iterator<Item = String> + '_ {
    std::iter::once(&known.name).chain(&known.words).map(|word| key(word)).filter(|word| !word.is_empty())
}

/// What a label says beside whose it is, when, and that it is a number.
fn bare(label: &str) -> String {
    const BEFORE: [&str; 15] = [
        "本校",
        "我校",
        "学校",
        "院校",
        "全校",
        "现有",
        "现在",
        "目前",
        "当前",
        "截至",
        "请填写",
        "填报",
        "上报",
        "今年",
        "的",
    ];
    const BEHIND: [&str; 12] =
        ["总人数", "人数", "总数", "数量", "合计", "情况", "规模", "是多少", "有多少", "多少", "总", "数"];
    let whole = key(label);
    let mut rest = whole.as_str();
    loop {
        let shorter = BEFORE.iter().find_map(|word| rest.strip_prefix(word));
        match shorter.or_else(|| BEHIND.iter().find_map(|word| rest.strip_suffix(word))) {
            Some(next) if !next.is_empty() => rest = next,
            _ => return rest.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_label_is_bared_of_whose_it_is() {
        for label in ["全校在校学生总数", "学校现有在校学生人数", "在校学生（人）", "目前的在校学生规模"]
        {
            assert_eq!(bare(label), "在校学生", "{label}");
        }
        assert_eq!(bare("参训在校学生人数"), "参训在校学生", "those of a training are others");
        assert_eq!(bare("数"), "数");
    }
}
