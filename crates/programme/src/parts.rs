//! What an entry is made of. One list, over which its form, the reading of the form, the workbook, the check, the register
//! of what is asked (S1.6) and the way back from an entry to its form all go: a new part is a variant and its place in the
//! list, and the compiler asks each of them what to do with it.

use crate::{Activity, Confirmer, Field, Measure, Time};
use jiedui_kernel::Unit;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The pairing in which it was done.
    Pairing,
    /// The helper that provides it, where the county school says so.
    Helper,
    /// The claimant's person that it is about.
    Person,
    Time,
    /// It was done in term, although it is for the holidays of the school.
    InTerm,
    /// The number that is counted, where it is typed.
    Quantity,
    /// The project that it is part of (S4.1).
    Project,
    /// People of the county school who took part.
    Roster,
    /// The other helper took part too.
    Joint,
    /// The activity's own fields.
    Fields,
    /// It is another one, although the same was claimed before.
    Again,
}

/// In the order in which they are asked, read and checked: a check may look at the parts before its own.
pub const PARTS: [Part; 11] = [
    Part::Pairing,
    Part::Helper,
    Part::Person,
    Part::Time,
    Part::InTerm,
    Part::Quantity,
    Part::Project,
    Part::Roster,
    Part::Joint,
    Part::Fields,
    Part::Again,
];

/// What one input takes.
#[derive(Debug, Clone)]
pub enum Takes {
    Day,
    Number(Unit),
    /// One of what is offered; a workbook names it.
    One,
    /// A person; a workbook has no list of them.
    OnePerson,
    People,
    Yes,
    Field(Box<Field>),
}

/// One input of a part: a field of the form, a column of the workbook.
#[derive(Debug, Clone)]
pub struct Input {
    pub name: String,
    pub label: String,
    pub takes: Takes,
    pub required: bool,
}

impl Input {
    /// As a form and the register ask for it. The heading of a workbook's column is its label, which files in use have.
    pub fn question(&self) -> &str {
        if self.name == "pairing" { "对口县级院校" } else { &self.label }
    }
}

fn input(name: &str, label: &str, takes: Takes) -> Input {
    Input { name: name.to_owned(), label: label.to_owned(), takes, required: true }
}

impl Part {
    /// What is asked for it; nothing where an entry of this activity has no such part.
    pub fn inputs(self, activity: &Activity) -> Vec<Input> {
        let optional = |input: Input| vec![Input { required: false, ..input }];
        match self {
            Self::Pairing => vec![input("pairing", "学校", Takes::One)],
            Self::Helper if activity.confirmed_by == Confirmer::Helper => {
                vec![input("helper", "去了哪所院校", Takes::One)]
            }
            Self::Person => {
                activity.person.iter().map(|rule| input("person", &rule.label, Takes::OnePerson)).collect()
            }
            Self::Time => match activity.time {
                Time::Day => vec![input("from", "日期", Takes::Day)],
                Time::Span => {
                    vec![input("from", "开始日期", Takes::Day), input("to", "结束日期", Takes::Day)]
                }
            },
            Self::InTerm if activity.in_vacations => optional(input("in_term", "确在学期内进行", Takes::Yes)),
            Self::Quantity if activity.measure == Measure::Entered => {
                vec![input("quantity", &activity.quantity_label, Takes::Number(activity.unit))]
            }
            Self::Project => {
                let project = input("project", "属于哪个项目", Takes::One);
                vec![Input { required: activity.of_project, ..project }]
            }
            Self::Roster => {
                let rule = activity.roster.iter();
                rule.flat_map(|rule| optional(input("roster", &rule.label, Takes::People))).collect()
            }
            Self::Joint if activity.joint => optional(input("joint", "两所协作院校合办", Takes::Yes)),
            Self::Fields => activity.fields.iter().map(own).collect(),
            Self::Again => optional(input("again", "确实是另一次", Takes::Yes)),
            Self::Helper | Self::InTerm | Self::Quantity | Self::Joint => Vec::new(),
        }
    }
}

/// A field of the programme.
fn own(field: &Field) -> Input {
    let required = field.required && field.when.is_none();
    Input { required, ..input(&field.id, &field.label, Takes::Field(Box::new(field.clone()))) }
}

/// All inputs of an activity, each with its part.
pub fn inputs(activity: &Activity) -> impl Iterator<Item = (Part, Input)> {
    PARTS.into_iter().flat_map(|part| part.inputs(activity).into_iter().map(move |input| (part, input)))
}
