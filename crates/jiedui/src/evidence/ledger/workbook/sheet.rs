//! The sheet of one activity, as whoever claims it fills it in.

use super::super::actions::claim;
use super::super::actions::offers::{self, Offer};
use crate::network::pairings::PairingRow;
use crate::shared::retired;
use jiedui_documents::{Column, Kind, Sheet, Workbook};
use jiedui_kernel::{Error, Result, Unit};
use jiedui_programme::parts::{Input, PARTS, Part, Takes, inputs};
use jiedui_programme::{Activity, FieldKind, Programme};
use jiedui_store::Tx;
use std::collections::BTreeMap;

pub(super) const YES: &str = "是";

/// What names stand for in the workbook of one activity.
pub(super) struct Names {
    pub(super) pairings: Vec<PairingRow>,
    offers: Vec<(Part, Vec<Offer>)>,
    /// Nobody in particular fills it in: every column is there, and what is chosen from one's own is written as text.
    anybody: bool,
}

impl Names {
    /// Of nobody in particular.
    pub(super) fn of_anybody() -> Self {
        Self { pairings: Vec::new(), offers: Vec::new(), anybody: true }
    }

    pub(super) fn of(&self, part: Part) -> &[Offer] {
        self.offers.iter().find(|(of, _)| *of == part).map_or(&[][..], |(_, offers)| offers)
    }

    /// Whether the workbook has a column for it: what is the same in each row, or cannot be chosen, is left out.
    pub(super) fn asks(&self, part: Part, input: &Input) -> bool {
        match part {
            _ if self.anybody => true,
            Part::Pairing => self.pairings.len() > 1,
            Part::Project => input.required || !self.of(part).is_empty(),
            _ => true,
        }
    }
}

fn sheet_name(activity: &Activity) -> String {
    let fine = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
    activity.name.chars().filter(fine).take(31).collect()
}

pub(super) async fn names(tx: &mut Tx, programme: &Programme, activity: &Activity) -> Result<Names> {
    retired::refuse(activity, tx.today())?;
    let pairings = claim::pairings_for(tx, activity).await?;
    if pairings.is_empty() {
        return Err(Error::Forbidden(format!("本单位现在没有可以登记“{}”的结对。", activity.name)));
    }
    let mut offers = Vec::new();
    for part in PARTS.into_iter().filter(|part| !part.inputs(activity).is_empty()) {
        offers.push((part, offers::offers(tx, part, (programme, activity), &pairings, "").await?));
    }
    Ok(Names { pairings, offers, anybody: false })
}

pub(super) fn spec(activity: &Activity, names: &Names) -> Workbook {
    let asked = || inputs(activity).filter(|(part, input)| names.asks(*part, input));
    let mut lists = BTreeMap::from([(YES.to_owned(), vec![YES.to_owned()])]);
    for (part, input) in asked() {
        match input.takes {
            Takes::One if !names.anybody => {
                lists.insert(input.label, names.of(part).iter().map(|offer| offer.name.clone()).collect());
            }
            Takes::Field(field) if field.kind == FieldKind::Choice => {
                lists.insert(input.label, field.options.iter().map(|option| option.name.clone()).collect());
            }
            _ => {}
        }
    }
    let columns = asked().map(|(part, input)| column(activity, names, (part, &input))).collect();
    Workbook { sheets: vec![Sheet::new(&sheet_name(activity), columns)], lists }
}

/// An input as a column.
fn column(activity: &Activity, names: &Names, (part, input): (Part, &Input)) -> Column {
    let with_unit = |unit: Unit| format!("{}（{}）", input.label, unit.label());
    let (heading, kind) = match &input.takes {
        Takes::Day => (input.label.clone(), Kind::Date),
        Takes::Number(unit) => (with_unit(*unit), number_kind(*unit)),
        Takes::One if !names.anybody => (input.label.clone(), Kind::Choice(input.label.clone())),
        Takes::One | Takes::OnePerson | Takes::People => (input.label.clone(), Kind::Text),
        Takes::Yes => (input.label.clone(), Kind::Choice(YES.to_owned())),
        Takes::Field(field) => (field.unit.map_or(input.label.clone(), with_unit), kind_of(field)),
    };
    let column = Column::new(&input.name, &heading, kind).help(&help(activity, part, input));
    // So that "12人次" is read where what is counted are 人次, and nowhere else.
    let unit = match &input.takes {
        Takes::Number(unit) => Some(*unit),
        Takes::Field(field) => field.unit,
        _ => None,
    };
    let column = match unit {
        Some(unit) => column.unit(unit.label()),
        None => column,
    };
    let column = match input.takes {
        Takes::One | Takes::People => column.width(28.0),
        _ => column,
    };
    if input.required { column.required() } else { column }
}

fn help(activity: &Activity, part: Part, input: &Input) -> String {
    if let Takes::Field(field) = &input.takes
        && let Some(when) = field.condition(&activity.fields)
    {
        return format!("{when}，其余留空。{}", field.help);
    }
    let help = match (part, &input.takes) {
        (_, Takes::Field(field)) => &field.help,
        (Part::Time, _) if input.name == "to" => "这一天也算在内",
        (Part::InTerm, _) => "日期里有学期内的工作日、确在学期内进行时，填“是”；其余留空",
        (Part::Person, _) => "本单位在册人员的姓名；没有的先登记任职",
        (Part::Roster, _) => "学校在册人员的姓名，用顿号隔开，可不填",
        (Part::Joint, _) => "合办只登记一条；对方写明自己的人才计入对方",
        (Part::Again, _) => "与已登记的一条或表里的另一行完全相同、但确实是另一次时，填“是”；其余留空",
        _ => "",
    };
    help.to_owned()
}

/// Numbers with decimals are read as text, because a column holds whole ones.
fn number_kind(unit: Unit) -> Kind {
    if unit.in_hundredths() { Kind::Text } else { Kind::Integer }
}

fn kind_of(field: &jiedui_programme::Field) -> Kind {
    match field.kind {
        FieldKind::Number => number_kind(field.unit.unwrap_or(Unit::Items)),
        FieldKind::Date => Kind::Date,
        FieldKind::Choice => Kind::Choice(field.label.clone()),
        FieldKind::Yes => Kind::Choice(YES.to_owned()),
        _ => Kind::Text,
    }
}
