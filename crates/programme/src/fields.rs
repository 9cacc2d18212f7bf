//! Fields of forms, the same for every kind of thing that the programme describes, and who fills them. Forms, lists,
//! workbooks, schemas and the burden register are all made from these.

use crate::model::Confirmer;
use jiedui_kernel::{Date, Unit};
use serde::{Deserialize, Deserializer, Serialize};

/// A side of the plan that acts. The ids are those of the roles in `access.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 省办 and the provincial committees for which it records.
    Province,
    City,
    County,
    /// 牵头院校.
    Lead,
    /// 配合院校.
    Nearby,
    /// 对口县级院校.
    CountySchool,
}

impl Side {
    /// From the province down to the county school.
    pub const ALL: [Self; 6] =
        [Self::Province, Self::City, Self::County, Self::Lead, Self::Nearby, Self::CountySchool];

    /// The role of `access.toml` that acts for this side.
    pub fn role(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Lead => "lead",
            Self::Nearby => "nearby",
            Self::CountySchool => "county_school",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Province => "省办",
            Self::City => "市局",
            Self::County => "县局",
            Self::Lead => "牵头院校",
            Self::Nearby => "配合院校",
            Self::CountySchool => "县级院校",
        }
    }
}

/// How often a form is filled (burden register).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Only when something happened; nothing is owed where nothing did.
    #[default]
    PerOccasion,
    Yearly,
    EachSemester,
    Once,
}

impl Frequency {
    pub fn label(self) -> &'static str {
        match self {
            Self::PerOccasion => "有事才记",
            Self::Yearly => "每年一次",
            Self::EachSemester => "每学期一次",
            Self::Once => "只填一次",
        }
    }
}

/// One thing that a form asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub label: String,
    pub kind: FieldKind,
    /// Of a number. Persons and person-times are different units.
    pub unit: Option<Unit>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub help: String,
    /// Why it is asked (burden register).
    pub purpose: String,
    /// Heading under which it stands; fields of one group follow each other.
    #[serde(default)]
    pub group: String,
    /// `short`, `medium` or `long`; by its kind where it is left out.
    #[serde(default)]
    pub width: String,
    /// Of a choice.
    #[serde(default, rename = "option")]
    pub options: Vec<FieldOption>,
    /// Table or report that it makes needless (burden register).
    #[serde(default)]
    pub replaces: String,
    /// Asked only where a choice of the same form says so.
    pub when: Option<Only>,
    /// After this day it is no longer asked unless renewed; that of the programme where it is left out.
    pub sunset: Option<Date>,
    /// What it is, whatever it is called: one of `[[known]]` in `known.toml`, or an element of the year-profile. The same
    /// element is asked once in the whole programme. Programmes in use call it `fact`.
    #[serde(default, alias = "fact")]
    pub element: String,
    /// Why the same element is asked a second time in one form, where it is.
    #[serde(default)]
    pub because: String,
    /// Where the system takes the answer from, for the person only to look at: what the element is `held` by.
    #[serde(default)]
    pub taken_from: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line, at most 200 characters.
    Text,
    /// At most 2,000 characters.
    LongText,
    /// A whole number of its unit, from zero on; yuan and rates with up to two decimals.
    Number,
    Date,
    /// One of its options.
    Choice,
    /// Yes, or nothing said.
    Yes,
    /// A person of the recording organisation, by dated post.
    Person,
    /// An enterprise by its name, or several; whatever way it is written, one enterprise is kept under one name.
    Enterprise,
    /// A chain 产教评技能生态链 by its name; within a city one name, whatever way it is written, is one chain.
    Chain,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    pub id: String,
    pub name: String,
    /// Only these sides may choose it; any that fills the form where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Side>,
    /// From this day on it is no longer offered; answers that chose it stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Date>,
    /// Of an entry: who answers what chose it, where that is not whom its activity says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<Confirmer>,
}

/// Takes out the answers that are not for any of these sides.
pub fn keep_offered_to(fields: &mut [Field], sides: &[Side]) {
    for field in fields {
        field
            .options
            .retain(|option| option.by.is_empty() || option.by.iter().any(|side| sides.contains(side)));
    }
}

impl Field {
    /// Whether a form asks it, given what is chosen in its fields ("" for nothing). A choice that is not asked itself says
    /// nothing.
    pub fn is_asked<'a>(&self, fields: &[Self], chosen: &impl Fn(&str) -> &'a str) -> bool {
        self.asked_within(fields, chosen, fields.len())
    }

    fn asked_within<'a>(&self, fields: &[Self], chosen: &impl Fn(&str) -> &'a str, steps: usize) -> bool {
        let Some(when) = &self.when else { return true };
        let Some(choice) = fields.iter().find(|other| other.id == when.field).filter(|_| steps > 0) else {
            return false;
        };
        let answer = if choice.asked_within(fields, chosen, steps - 1) { chosen(&choice.id) } else { "" };
        when.takes(answer)
    }

    /// When it is asked, in words: the choice and its options; `None` where always.
    pub fn condition(&self, fields: &[Self]) -> Option<String> {
        let when = self.when.as_ref()?;
        let choice = fields.iter().find(|other| other.id == when.field)?;
        let names = when.named(fields);
        let label = &choice.label;
        Some(match (names.is_empty(), when.blank) {
            (true, _) => format!("“{label}”不选时填写"),
            (false, true) => format!("“{label}”为{names}，或者不选时填写"),
            (false, false) => format!("“{label}”为{names}时填写"),
        })
    }
}

/// What each form costs, and until when it may be asked: `[burden]` of `programme.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burden {
    /// Fields without a day of their own are asked until this one.
    pub sunset: Date,
    /// The public ceiling: declared minutes per unit and month.
    pub ceiling_minutes: u32,
    /// Working days within which a complaint is answered.
    pub answer_workdays: u32,
}

/// A filter by a choice field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Only {
    pub field: String,
    #[serde(deserialize_with = "one_or_many")]
    pub is: Vec<String>,
    /// Those that say nothing, too: what is usual need not be chosen.
    #[serde(default)]
    pub blank: bool,
}

impl Only {
    /// Whether this answer, "" for none, passes.
    pub fn takes(&self, answer: &str) -> bool {
        if answer.is_empty() { self.blank } else { self.is.iter().any(|option| option == answer) }
    }

    /// The options that pass, by their names.
    pub fn named(&self, fields: &[Field]) -> String {
        let options = fields.iter().find(|field| field.id == self.field).map(|field| &field.options);
        let named = options.into_iter().flatten().filter(|option| self.is.contains(&option.id));
        named.map(|option| option.name.as_str()).collect::<Vec<_>>().join("、")
    }
}

/// A list that may be written as one word where it has one.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Either::deserialize(from)? {
        Either::One(one) => vec![one],
        Either::Many(many) => many,
    })
}

pub(crate) fn yes() -> bool {
    true
}
