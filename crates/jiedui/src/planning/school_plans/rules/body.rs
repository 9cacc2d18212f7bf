//! What stands in a plan: texts by section, and rows of goals, measures, milestones and gaps. Each kind of row is a list
//! of columns, so that form, paper and comparison are made from one description.

use jiedui_kernel::{Code, Date, Error, FieldError, Result, typed};
use jiedui_programme::{PlanTemplate, SectionKind};
use jiedui_web::form::{FormValues, parse_date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows of one kind, at most.
pub const MOST_ROWS: usize = 60;
/// Characters of a text section, at most.
pub const MOST_TEXT: usize = 4000;
/// Numbers in a row, at most.
const MOST: i64 = 1_000_000_000;

pub const LEVELS: [(&str, &str); 4] =
    [("province", "省"), ("city", "市"), ("county", "县"), ("school", "校")];
pub const PARTIES: [(&str, &str); 4] = [
    ("lead", "牵头院校"),
    ("nearby", "配合院校"),
    ("county_school", "对口县级院校"),
    ("county_bureau", "主管人社局"),
];
/// Units in which a lack is told.
pub const UNITS: [(&str, &str); 13] = [
    ("square_metres", "平方米"),
    ("square_metres_per_person", "平方米/人"),
    ("mu", "亩"),
    ("persons", "人"),
    ("person_times", "人次"),
    ("training_scale", "人及人次"),
    ("sets", "台套"),
    ("ten_thousand_yuan", "万元"),
    ("books", "册"),
    ("items", "个"),
    ("terms", "期"),
    ("years", "年"),
    ("per_cent", "%"),
];

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    pub text: BTreeMap<String, String>,
    pub goals: Vec<Goal>,
    pub measures: Vec<Measure>,
    pub milestones: Vec<Milestone>,
    pub gaps: Vec<Gap>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Goal {
    pub indicator: String,
    pub baseline: Option<i64>,
    pub wished: Option<i64>,
    pub by: Option<Date>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measure {
    pub clause: String,
    pub need: String,
    pub text: String,
    pub by_party: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Milestone {
    pub what: String,
    pub due: Option<Date>,
    pub owner: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gap {
    pub item: String,
    /// In hundredths of the unit.
    pub have: Option<i64>,
    pub want: Option<i64>,
    pub unit: String,
    pub level: String,
    /// In hundredths of 万元.
    pub money: Option<i64>,
    pub due: Option<Date>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text(usize),
    Whole,
    Hundredths,
    Money,
    Day,
    Indicator,
    Clause,
    Need,
    ConsentParty,
    Level,
    Unit,
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub id: &'static str,
    pub label: &'static str,
    pub holds: Holds,
    /// Asked for before the others are asked to agree.
    pub needed: bool,
}

const fn column(id: &'static str, label: &'static str, holds: Holds, needed: bool) -> Column {
    Column { id, label, holds, needed }
}

const GOALS: [Column; 4] = [
    column("indicator", "指标", Holds::Indicator, true),
    column("baseline", "现在", Holds::Whole, false),
    column("wished", "希望达到", Holds::Whole, true),
    column("by", "完成时限", Holds::Day, true),
];
const MEASURES: [Column; 4] = [
    column("text", "措施", Holds::Text(300), true),
    column("clause", "依据", Holds::Clause, true),
    column("need", "回应的需求", Holds::Need, false),
    column("by_party", "由谁来做", Holds::ConsentParty, true),
];
const MILESTONES: [Column; 3] = [
    column("what", "阶段目标", Holds::Text(150), true),
    column("due", "完成时限", Holds::Day, true),
    column("owner", "负责单位", Holds::ConsentParty, true),
];
const GAPS: [Column; 7] = [
    column("item", "缺什么", Holds::Text(100), true),
    column("have", "现有", Holds::Hundredths, true),
    column("want", "应有", Holds::Hundredths, true),
    column("unit", "单位", Holds::Unit, true),
    column("level", "由哪一级补", Holds::Level, true),
    column("money", "经费", Holds::Money, false),
    column("due", "什么时候补齐", Holds::Day, true),
];

/// The columns of a kind of section; none for texts.
pub fn columns(kind: SectionKind) -> &'static [Column] {
    match kind {
        SectionKind::Text => &[],
        SectionKind::Goals => &GOALS,
        SectionKind::Measures => &MEASURES,
        SectionKind::Milestones => &MILESTONES,
        SectionKind::Gaps => &GAPS,
    }
}

/// The first part of the names of a kind's fields.
pub fn prefix(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Text => "text",
        SectionKind::Goals => "goals",
        SectionKind::Measures => "measures",
        SectionKind::Milestones => "milestones",
        SectionKind::Gaps => "gaps",
    }
}

pub fn name_in(words: &[(&str, &'static str)], id: &str) -> &'static str {
    words.iter().find(|(key, _)| *key == id).map_or("", |(_, name)| name)
}

/// 53.30 → `53.3`, as one types it.
pub fn hundredths(value: i64) -> String {
    match value % 100 {
        0 => (value / 100).to_string(),
        part if part % 10 == 0 => format!("{}.{}", value / 100, part / 10),
        part => format!("{}.{part:02}", value / 100),
    }
}

fn parse_hundredths(text: &str) -> Option<i64> {
    typed::hundredths(text).ok().filter(|value| value / 100 <= MOST)
}

/// 万元 as typed, in hundredths of it.
fn parse_money(text: &str) -> Option<i64> {
    const IN_CENTS: i64 = 10_000;
    let cents = typed::ten_thousand_yuan(text).ok().filter(|cents| cents % IN_CENTS == 0)?;
    Some(cents / IN_CENTS).filter(|value| value / 100 <= MOST)
}

impl Body {
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    pub fn json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// The rows of a kind, each cell as one would type it.
    pub fn rows(&self, kind: SectionKind) -> Vec<Vec<String>> {
        let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let decimal = |value: Option<i64>| value.map(hundredths).unwrap_or_default();
        let day = |value: Option<Date>| value.map(|day| day.to_string()).unwrap_or_default();
        match kind {
            SectionKind::Text => Vec::new(),
            SectionKind::Goals => {
                let row = |goal: &Goal| {
                    vec![goal.indicator.clone(), number(goal.baseline), number(goal.wished), day(goal.by)]
                };
                self.goals.iter().map(row).collect()
            }
            SectionKind::Measures => {
                let row =
                    |of: &Measure| [&of.text, &of.clause, &of.need, &of.by_party].map(String::clone).to_vec();
                self.measures.iter().map(row).collect()
            }
            SectionKind::Milestones => {
                let row = |of: &Milestone| vec![of.what.clone(), day(of.due), of.owner.clone()];
                self.milestones.iter().map(row).collect()
            }
            SectionKind::Gaps => {
                let row = |of: &Gap| {
                    let (have, want, money) = (decimal(of.have), decimal(of.want), decimal(of.money));
                    vec![of.item.clone(), have, want, of.unit.clone(), of.level.clone(), money, day(of.due)]
                };
                self.gaps.iter().map(row).collect()
            }
        }
    }

    /// The sections in which two bodies differ, by their ids.
    pub fn changed(&self, other: &Self, template: &PlanTemplate) -> Vec<String> {
        let differs = |id: &str, kind: SectionKind| match kind {
            SectionKind::Text => {
                let text = |body: &Self| body.text.get(id).cloned().unwrap_or_default();
                text(self) != text(other)
            }
            kind => self.rows(kind) != other.rows(kind),
        };
        let sections = template.sections.iter().filter(|section| differs(&section.id, section.kind));
        sections.map(|section| section.id.clone()).collect()
    }
}

/// A plan as it stands in a form: everything is text yet, and empty rows are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub text: BTreeMap<String, String>,
    rows: BTreeMap<&'static str, Vec<Vec<String>>>,
}

impl Typed {
    pub fn of_body(body: &Body, template: &PlanTemplate) -> Self {
        let mut typed = Self { text: body.text.clone(), ..Self::default() };
        for section in template.sections.iter().filter(|section| section.kind != SectionKind::Text) {
            typed.rows.insert(prefix(section.kind), body.rows(section.kind));
        }
        typed
    }

    pub fn of_pairs(pairs: &FormValues, template: &PlanTemplate) -> Self {
        let mut typed = Self::default();
        for section in &template.sections {
            if section.kind == SectionKind::Text {
                let text = pairs.get(&format!("text-{}", section.id)).to_owned();
                typed.text.insert(section.id.clone(), text);
                continue;
            }
            let (prefix, columns) = (prefix(section.kind), columns(section.kind));
            let cell =
                |at: usize, column: &Column| pairs.get(&format!("{prefix}-{at}-{}", column.id)).to_owned();
            let row = |at: usize| columns.iter().map(|column| cell(at, column)).collect::<Vec<_>>();
            let filled = |row: &Vec<String>| row.iter().any(|cell| !cell.is_empty());
            typed.rows.insert(prefix, (0..MOST_ROWS).map(row).filter(filled).collect());
        }
        typed
    }

    pub fn rows(&self, kind: SectionKind) -> &[Vec<String>] {
        self.rows.get(prefix(kind)).map_or(&[], Vec::as_slice)
    }

    /// The body, and what cannot be read, each at the name of its field.
    pub fn body(&self) -> (Body, Vec<FieldError>) {
        let mut errors = Vec::new();
        let text = self.text.iter().filter(|(_, text)| !text.is_empty());
        let mut body =
            Body { text: text.map(|(id, text)| (id.clone(), text.clone())).collect(), ..Body::default() };
        for (at, row) in self.rows(SectionKind::Goals).iter().enumerate() {
            let mut read = Cells { kind: SectionKind::Goals, at, row, errors: &mut errors };
            let (indicator, baseline) = (read.text(0), read.whole(1));
            body.goals.push(Goal { indicator, baseline, wished: read.whole(2), by: read.day(3) });
        }
        for (at, row) in self.rows(SectionKind::Measures).iter().enumerate() {
            let read = Cells { kind: SectionKind::Measures, at, row, errors: &mut errors };
            let (text, clause) = (read.text(0), read.text(1));
            body.measures.push(Measure { text, clause, need: read.text(2), by_party: read.text(3) });
        }
        for (at, row) in self.rows(SectionKind::Milestones).iter().enumerate() {
            let mut read = Cells { kind: SectionKind::Milestones, at, row, errors: &mut errors };
            body.milestones.push(Milestone { what: read.text(0), due: read.day(1), owner: read.text(2) });
        }
        for (at, row) in self.rows(SectionKind::Gaps).iter().enumerate() {
            let mut read = Cells { kind: SectionKind::Gaps, at, row, errors: &mut errors };
            let (item, have, want) = (read.text(0), read.decimal(1), read.decimal(2));
            let (unit, level) = (read.text(3), read.text(4));
            body.gaps.push(Gap { item, have, want, unit, level, money: read.money(5), due: read.day(6) });
        }
        (body, errors)
    }
}

/// One typed row, being read.
struct Cells<'a> {
    kind: SectionKind,
    at: usize,
    row: &'a [String],
    errors: &'a mut Vec<FieldError>,
}

impl Cells<'_> {
    fn text(&self, column: usize) -> String {
        self.row.get(column).cloned().unwrap_or_default()
    }

    fn parsed<T>(
        &mut self,
        column: usize,
        read: fn(&str) -> Option<T>,
        (code, hint): (Code, &str),
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let value = read(&text);
        if value.is_none() {
            let mistake = code.says(format!("“{text}”{hint}"));
            self.errors.push(FieldError::new(field_name(self.kind, self.at, column), mistake));
        }
        value
    }

    fn whole(&mut self, column: usize) -> Option<i64> {
        let read = |text: &str| typed::whole(text).ok().filter(|value| *value <= MOST);
        self.parsed(column, read, (Code::NoNumber, "不是整数，请只写数字。"))
    }

    fn decimal(&mut self, column: usize) -> Option<i64> {
        self.parsed(column, parse_hundredths, (Code::NoNumber, "不是数，请只写数字，最多两位小数。"))
    }

    fn money(&mut self, column: usize) -> Option<i64> {
        self.parsed(column, parse_money, (Code::NoNumber, "不是金额，请写数字，单位是万元，最多两位小数。"))
    }

    fn day(&mut self, column: usize) -> Option<Date> {
        self.parsed(column, parse_date, (Code::NoDate, "不是日期，请写成 2024-07-26 的样子。"))
    }
}

pub fn field_name(kind: SectionKind, at: usize, column: usize) -> String {
    let id = columns(kind).get(column).map_or("", |column| column.id);
    format!("{}-{at}-{id}", prefix(kind))
}
