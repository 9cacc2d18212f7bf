//! The same fact is asked once, and what can be figured is not asked at all (principle 7).

use crate::check::burden::asked::{Kind, Part, Question, key};
use crate::fields::Frequency;
use crate::load::RawProgramme;
use crate::model::{Indicator, IndicatorOf, OutputSum};
use crate::problem::Problem;
use jiedui_kernel::Unit;

const ONCE: &str = "同一内容只问一次，请删除其中一项（减负原则：不重复填报）";

/// Twice in one form: under one label, or as one element under whatever label and heading. The second may say why.
pub(super) fn within(asked: &[Question<'_>], problems: &mut Vec<Problem>) {
    for (at, one) in asked.iter().enumerate().filter(|(_, one)| !one.key.is_empty()) {
        let before = asked[..at].iter().filter(|other| other.form == one.form);
        let called = |other: &Question<'_>| {
            other.key == one.key && (other.group == one.group || one.form.kind == Kind::Profile)
        };
        let twin = |other: &Question<'_>| !one.element.is_empty() && other.element == one.element;
        match before.clone().find(|other| called(other) || (twin(other) && one.because.is_empty())) {
            Some(other) if called(other) => {
                problems.push(one.place.saying(format!("栏目“{}”问了两次", one.label), ONCE));
            }
            Some(other) => {
                let message =
                    format!("“{}”与“{}”问的是同一件（element“{}”）", one.label, other.label, one.element);
                let help = format!("{ONCE}；确需在这张表里分开问的，用 because 写明为什么");
                problems.push(one.place.saying(message, &help));
            }
            None if !one.because.is_empty() && !before.clone().any(twin) => {
                let help = "because 只写在同一张表里第二次问同一个 element 的栏目上，请删除";
                problems.push(one.place.saying(format!("“{}”没有再问一次，不用写 because", one.label), help));
            }
            None => {}
        }
    }
}

/// What another form holds: by the element, by what the year-profile has, and between forms that are filled
/// without an occasion by label and unit.
pub(super) fn across(asked: &[Question<'_>], problems: &mut Vec<Problem>) {
    for (at, one) in asked.iter().enumerate() {
        let holder = asked[..at]
            .iter()
            .filter(|other| other.form != one.form || one.form.kind == Kind::Profile)
            .find(|other| {
                // Elements that are listed are found by `known`, which says where they are.
                let element = other.form.kind == Kind::Profile && one.element == other.element;
                element || (one.form != other.form && same(one, other))
            });
        if let Some(other) = holder {
            let message = format!("“{}”已在“{}”的“{}”里问过", one.label, other.form.name, other.label);
            let help = format!("{ONCE}；已有的数由系统带出");
            problems.push(one.place.saying(message, &help));
        }
    }
}

fn same(one: &Question<'_>, other: &Question<'_>) -> bool {
    if one.key.is_empty() || one.key != other.key {
        return false;
    }
    let lasting = |asked: &Question<'_>| asked.form.frequency != Frequency::PerOccasion;
    let by_hand = one.form.kind == Kind::ByHand || other.form.kind == Kind::ByHand;
    other.form.kind == Kind::Profile
        || (one.unit.is_some() && one.unit == other.unit && !by_hand && (lasting(one) || lasting(other)))
}

/// What follows from something else: the name of an indicator, a rate.
pub(super) fn derivable(plan: &RawProgramme<'_>, asked: &[Question<'_>], problems: &mut Vec<Problem>) {
    let indicators: Vec<(String, &Indicator)> =
        plan.indicators.items.iter().map(|item| (key(&item.value.name), &item.value)).collect();
    for one in asked.iter().filter(|one| !one.imported) {
        let share = ["率", "占比", "比例"].iter().any(|word| one.key.ends_with(word));
        let rate = matches!(one.unit, Some(Unit::BasisPoints | Unit::SquareMetresPerPerson));
        if rate || (one.number && share) {
            let help = "请只问分子和分母（例如人数），比率由系统算出（减负原则：能算出的不再填）";
            problems.push(one.place.saying(format!("“{}”可以由两个数算出", one.label), help));
            continue;
        }
        let named = indicators
            .iter()
            .find(|(name, indicator)| one.number && *name == one.key && !made_of(&indicator.of, one));
        if let Some((_, indicator)) = named {
            let message = format!("“{}”就是指标“{}”，由系统算出", one.label, indicator.name);
            let help = "请删除此项（减负原则：能算出的不再填）；如果另有所指，请换一个名称";
            problems.push(one.place.saying(message, help));
        }
    }
}

/// Whether the indicator is made of just this answer, which may then well have its name.
fn made_of(of: &IndicatorOf, one: &Question<'_>) -> bool {
    match of {
        IndicatorOf::Entries { activity, field, .. } => {
            let summed = match field {
                Some(field) => one.part == Part::Field && one.id == field,
                None => one.part == Part::Quantity,
            };
            one.form.kind == Kind::Activity && activity.iter().any(|id| id == one.form.id) && summed
        }
        IndicatorOf::Outputs { output, sum, .. } => {
            let part = match sum {
                OutputSum::Number => return false,
                OutputSum::Quantity => Part::Quantity,
                OutputSum::Achieved => Part::Achieved,
            };
            one.form.kind == Kind::Output && output.iter().any(|id| id == one.form.id) && one.part == part
        }
        IndicatorOf::Profile { element } => one.form.kind == Kind::Profile && one.id == element,
        _ => false,
    }
}
