//! Everything that any form of the programme asks, with its place.

use crate::doc::Item;
use crate::fields::{Field, FieldKind, Frequency};
use crate::load::RawProgramme;
use crate::problem::Problem;
use crate::profile::ElementKind;
use jiedui_kernel::Unit;

/// One thing that is asked.
pub(super) struct Question<'a> {
    pub place: Problem,
    pub form: Form<'a>,
    pub part: Part,
    pub id: &'a str,
    pub label: &'a str,
    /// In which labels are compared; see [`key`].
    pub key: String,
    /// Fields with the same label under different headings of one form are different things.
    pub group: &'a str,
    pub unit: Option<Unit>,
    pub number: bool,
    pub required: bool,
    /// What it is, "" where it does not say.
    pub element: &'a str,
    /// Why its element is asked once more in the same form, "" where it does not say.
    pub because: &'a str,
    /// Where the answer is taken from, "" where somebody types it.
    pub taken_from: &'a str,
    /// Names of its options.
    pub options: Vec<&'a str>,
    /// Nobody types it.
    pub imported: bool,
    /// What is said of it beside its label: its purpose, its help.
    pub said: Vec<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form<'a> {
    pub kind: Kind,
    pub id: &'a str,
    pub name: &'a str,
    pub frequency: Frequency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Profile,
    Activity,
    Output,
    Application,
    ByHand,
}

/// What of a form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Field,
    Quantity,
    Achieved,
    Person,
}

/// The year-profile first: what it holds, another form need not ask.
pub(super) fn all<'a>(plan: &'a RawProgramme<'_>) -> Vec<Question<'a>> {
    let mut all = Vec::new();
    elements(plan, &mut all);
    for item in &plan.forms.items {
        let form = &item.value;
        let form = Form { kind: Kind::ByHand, id: &form.id, name: &form.name, frequency: form.frequency };
        all.extend(fields(item, form, &item.value.fields));
    }
    // What is retired is asked no more.
    for item in plan.activities.items.iter().filter(|item| item.value.retired.is_none()) {
        let activity = &item.value;
        let form = Form {
            kind: Kind::Activity,
            id: &activity.id,
            name: &activity.name,
            frequency: activity.frequency,
        };
        if let Some(person) = &activity.person {
            all.push(Question::new(item.problem("person.label", "", ""), form, Part::Person, &person.label));
        }
        let quantity = Question::new(
            item.problem("quantity_label", "", ""),
            form,
            Part::Quantity,
            &activity.quantity_label,
        );
        all.extend(Some(quantity.counted(activity.unit)).filter(|asked| !asked.label.is_empty()));
        all.extend(fields(item, form, &activity.fields));
    }
    for item in plan.outputs.items.iter().filter(|item| item.value.retired.is_none()) {
        let output = &item.value;
        let form =
            Form { kind: Kind::Output, id: &output.id, name: &output.name, frequency: output.frequency };
        let parts = [
            ("quantity_label", Part::Quantity, &output.quantity_label),
            ("achieved_label", Part::Achieved, &output.achieved_label),
        ];
        for (path, part, label) in parts.into_iter().filter(|(_, _, label)| !label.trim().is_empty()) {
            all.push(Question::new(item.problem(path, "", ""), form, part, label).counted(output.unit));
        }
        all.extend(fields(item, form, &output.fields));
    }
    for item in &plan.applications.items {
        let of = &item.value;
        let form = Form { kind: Kind::Application, id: &of.id, name: &of.name, frequency: of.frequency };
        all.extend(fields(item, form, &of.fields));
    }
    all
}

fn elements<'a>(plan: &'a RawProgramme<'_>, all: &mut Vec<Question<'a>>) {
    let name = plan.profile.as_ref().map_or("", |item| item.value.name.as_str());
    let form = Form { kind: Kind::Profile, id: "profile", name, frequency: Frequency::Yearly };
    for item in plan.elements.items.iter().filter(|item| item.value.derived.is_none()) {
        let element = &item.value;
        let number = element.kind == ElementKind::Number;
        all.push(Question {
            id: &element.id,
            element: &element.id,
            group: &element.group,
            unit: number.then_some(element.unit),
            number,
            required: element.asked,
            imported: element.imported,
            said: vec![&element.purpose, &element.help],
            ..Question::new(item.problem("name", "", ""), form, Part::Field, &element.name)
        });
    }
}

fn fields<'a, T>(
    item: &'a Item<'_, T>,
    form: Form<'a>,
    fields: &'a [Field],
) -> impl Iterator<Item = Question<'a>> {
    fields.iter().enumerate().map(move |(at, field)| Question {
        id: &field.id,
        group: &field.group,
        unit: field.unit,
        number: field.kind == FieldKind::Number,
        required: field.required,
        element: &field.element,
        because: field.because.trim(),
        taken_from: &field.taken_from,
        options: field.options.iter().map(|option| option.name.as_str()).collect(),
        said: vec![&field.purpose, &field.help],
        ..Question::new(item.problem(&format!("field.{at}.label"), "", ""), form, Part::Field, &field.label)
    })
}

impl<'a> Question<'a> {
    /// Something mandatory that the form asks of itself.
    fn new(place: Problem, form: Form<'a>, part: Part, label: &'a str) -> Self {
        Self {
            place,
            form,
            part,
            id: "",
            label,
            key: key(label),
            group: "",
            unit: None,
            number: false,
            required: true,
            element: "",
            because: "",
            taken_from: "",
            options: Vec::new(),
            imported: false,
            said: Vec::new(),
        }
    }

    /// It is of one row of a table within the form, such as a gap of a plan: never of the school as a whole.
    pub(super) fn grouped(&self) -> bool {
        self.form.kind == Kind::ByHand && self.id.contains('.')
    }

    fn counted(self, unit: Unit) -> Self {
        Self { unit: Some(unit), number: true, ..self }
    }
}

/// A label without blanks, brackets and what stands in them.
pub(super) fn key(label: &str) -> String {
    let mut depth = 0_u32;
    let mut key = String::new();
    for c in label.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 && c.is_alphanumeric() => key.extend(c.to_lowercase()),
            _ => {}
        }
    }
    key
}
