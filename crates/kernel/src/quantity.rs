//! Numbers with their unit. There is no `+` for quantities: adding asks for the same unit and says so where it differs.
//! Persons 人 and person-times 人次 are different units (principle 6).

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 次: occasions.
    Times,
    /// 天: calendar days.
    Days,
    /// 人: persons.
    Persons,
    /// 人次: person-times.
    PersonTimes,
    /// 人及人次: the size of a school as the standards name it, its pupils and the person-times of its training year
    /// taken together. The one sum of unlike units there is, and therefore a unit of its own (see `Derived`).
    TrainingScale,
    /// 人天: person-days.
    PersonDays,
    /// 学时: teaching hours.
    Hours,
    /// 所: schools.
    Schools,
    /// 组: pairings.
    Pairings,
    /// 条: entries.
    Entries,
    /// 个: classes and other countable things.
    Items,
    /// 平方米.
    SquareMetres,
    /// 平方米每人, kept in hundredths.
    SquareMetresPerPerson,
    /// 家: enterprises.
    Enterprises,
    /// 期: terms of a course.
    Terms,
    /// 年, as a span.
    Years,
    /// 元, kept in cents.
    Yuan,
    /// 百分之一百分点: a rate in 1/100 of a per cent, so that 96.00 % is 9600.
    BasisPoints,
    /// 分: points of the matching; a score, never a mark for somebody's work.
    Points,
}

impl Unit {
    /// The Chinese unit word, as printed behind the number.
    pub fn label(self) -> &'static str {
        match self {
            Self::Times => "次",
            Self::Days => "天",
            Self::Persons => "人",
            Self::PersonTimes => "人次",
            Self::TrainingScale => "人及人次",
            Self::PersonDays => "人天",
            Self::Hours => "学时",
            Self::Schools => "所",
            Self::Pairings => "组",
            Self::Entries => "条",
            Self::Items => "个",
            Self::SquareMetres => "平方米",
            Self::SquareMetresPerPerson => "平方米/人",
            Self::Enterprises => "家",
            Self::Terms => "期",
            Self::Years => "年",
            Self::Yuan => "元",
            Self::BasisPoints => "%",
            Self::Points => "分",
        }
    }

    /// Whether a value is kept in hundredths of what is printed.
    pub fn in_hundredths(self) -> bool {
        matches!(self, Self::Yuan | Self::BasisPoints | Self::SquareMetresPerPerson)
    }

    /// How a value of this unit reads on a page, and the unit word behind it: money from ten thousand yuan on in 万元,
    /// as officials write it. An amount that two decimals of 万元 do not hold stays in yuan.
    pub fn shown(self, value: i64) -> (String, &'static str) {
        const TEN_THOUSAND_YUAN: u64 = 1_000_000;
        const HUNDRED_YUAN: i64 = 10_000;
        if self != Self::Yuan || value.unsigned_abs() < TEN_THOUSAND_YUAN || value % HUNDRED_YUAN != 0 {
            return (self.format(value), self.label());
        }
        let text = self.format(value / HUNDRED_YUAN);
        let short = if text.contains('.') { text.trim_end_matches('0') } else { &text };
        (short.to_owned(), "万元")
    }

    /// The same in a column, where amounts are compared at a glance: money always in 万元, to the cent.
    pub fn shown_in_column(self, value: i64) -> (String, &'static str) {
        const TEN_THOUSAND_YUAN: u64 = 1_000_000;
        if self != Self::Yuan {
            return self.shown(value);
        }
        let (sign, cents) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
        let text = format!("{sign}{}.{:06}", cents / TEN_THOUSAND_YUAN, cents % TEN_THOUSAND_YUAN);
        (text.trim_end_matches('0').trim_end_matches('.').to_owned(), "万元")
    }

    /// How a value of this unit is printed, without the unit word.
    pub fn format(self, value: i64) -> String {
        match self {
            _ if self.in_hundredths() => {
                let sign = if value < 0 { "-" } else { "" };
                let (whole, part) = (value.unsigned_abs() / 100, value.unsigned_abs() % 100);
                if part == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:02}") }
            }
            _ => value.to_string(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    pub value: i64,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("不能把{}与{}相加", left.label(), right.label())]
pub struct UnitMismatch {
    pub left: Unit,
    pub right: Unit,
}

impl Quantity {
    pub fn new(value: i64, unit: Unit) -> Self {
        Self { value, unit }
    }

    /// The sum, where the units are the same.
    pub fn plus(self, other: Self) -> Result<Self, UnitMismatch> {
        if self.unit == other.unit {
            Ok(Self { value: self.value.saturating_add(other.value), unit: self.unit })
        } else {
            Err(UnitMismatch { left: self.unit, right: other.unit })
        }
    }
}

/// A value that may be absent for different reasons, each of them shown as what it is (principle 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported<T> {
    Value(T),
    /// 未下达: the authority has not issued it.
    NotIssued,
    /// 未填报: nobody has told us yet.
    NotReported,
    /// 不适用.
    NotApplicable,
    /// 待定: asked for, an answer is on its way.
    Pending,
}

impl<T> Reported<T> {
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The word shown in place of a number; `None` where there is a value.
    pub fn label(&self) -> Option<&'static str> {
        match self {
            Self::Value(_) => None,
            Self::NotIssued => Some("未下达"),
            Self::NotReported => Some("未填报"),
            Self::NotApplicable => Some("不适用"),
            Self::Pending => Some("待定"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_and_person_times_do_not_add_up() {
        let persons = Quantity::new(3, Unit::Persons);
        assert_eq!(persons.plus(Quantity::new(4, Unit::Persons)), Ok(Quantity::new(7, Unit::Persons)));
        let refused = persons.plus(Quantity::new(4, Unit::PersonTimes)).unwrap_err();
        assert_eq!(refused.to_string(), "不能把人与人次相加");
    }

    #[test]
    fn hundredths_are_printed_only_where_there_are_any() {
        assert_eq!(Unit::BasisPoints.format(9600), "96");
        assert_eq!(Unit::Yuan.format(-1205), "-12.05");
        assert_eq!(Unit::Yuan.shown(999_900), ("9999".to_owned(), "元"));
        assert_eq!(Unit::Yuan.shown(508_000_000), ("508".to_owned(), "万元"));
        assert_eq!(Unit::Yuan.shown(-1_230_000), ("-1.23".to_owned(), "万元"));
        assert_eq!(Unit::Yuan.shown(23_900_000), ("23.9".to_owned(), "万元"));
        assert_eq!(Unit::Yuan.shown(1_250_050), ("12500.50".to_owned(), "元"));
        assert_eq!(Unit::Persons.shown(50_000), ("50000".to_owned(), "人"));
        let column = [0, 1, 999_900, 1_250_050, -23_900_000, 508_000_000];
        let texts = column.map(|cents| Unit::Yuan.shown_in_column(cents));
        assert_eq!(
            texts.map(|(text, unit)| format!("{text}{unit}")),
            ["0万元", "0.000001万元", "0.9999万元", "1.25005万元", "-23.9万元", "508万元"]
        );
        assert_eq!(Unit::Persons.shown_in_column(50_000), ("50000".to_owned(), "人"));
        assert_eq!(Unit::Times.format(12), "12");
    }
}
