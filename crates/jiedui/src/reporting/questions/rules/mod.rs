//! What may be asked for, how its period is called, what is missing of it, and whom one may ask for that.

pub mod answer;

use super::data::{QuestionRow, RequestRow, Split};
use crate::evidence::profiles::rules::{first_year, open_year};
use crate::reporting::followups::rules::{earliest, latest};
use crate::shared::contributions::OrgLocation;
use crate::shared::review::{State as _, text_enum};
use crate::standing::indicators::{Slice, chinese_month, has_months, is_kept};
use chrono::Datelike as _;
use jiedui_kernel::{Code, Date, FieldError, Mistake, Reported};
use jiedui_programme::{Indicator, IndicatorOf, ProfileFact, ProfileState, Programme, with_derived};
use jiedui_web::figure::StateMark;
use jiedui_web::form::FormValues;

/// The longest title: one line that says who wants it, and what for.
pub const TITLE: u32 = 60;
/// Figures of one question: what takes more is a report, and no question.
pub const FIGURES: usize = 6;

impl Split {
    pub fn label(self) -> &'static str {
        match self {
            Self::Whole => "只要合计",
            Self::City => "分市",
            Self::County => "分县（市、区）",
            Self::School => "分学校",
        }
    }

    /// What the first column is called.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Whole => "范围",
            Self::City => "所在市",
            Self::County => "县（市、区）",
            Self::School => "学校",
        }
    }

    /// In how many ways an office can divide its own part of the province.
    pub fn offered(host_kind: &str) -> &'static [Self] {
        match host_kind {
            "county_bureau" => &[Self::Whole, Self::School],
            "city_bureau" => &[Self::Whole, Self::County, Self::School],
            _ => Self::ALL,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub title: String,
    /// Ids of indicators, each once, in the order in which they were chosen.
    pub figures: Vec<String>,
    pub year: i32,
    /// 202601 and 202610; 0 and 0 where the whole year is meant.
    pub months: (i64, i64),
    pub split: Split,
    /// As they were reported at the end of this day; none: as they are when one looks.
    pub as_of: Option<Date>,
}

impl Asked {
    pub fn of(row: &QuestionRow) -> Self {
        let figures = row.figures.split(',').filter(|id| !id.is_empty());
        Self {
            title: row.title.clone(),
            figures: figures.map(str::to_owned).collect(),
            year: i32::try_from(row.year).unwrap_or_default(),
            months: (row.first_month, row.last_month),
            split: row.split,
            as_of: row.as_of,
        }
    }

    /// As the table keeps them: ",visits,enrolment,".
    pub fn kept_figures(&self) -> String {
        format!(",{},", self.figures.join(","))
    }

    /// Those that the programme has, in their order.
    pub fn indicators<'p>(&self, programme: &'p Programme) -> Vec<&'p Indicator> {
        self.figures.iter().filter_map(|id| programme.indicator(id)).collect()
    }

    /// 2026年度, 2026年一月至十月.
    pub fn period(&self) -> String {
        match self.months {
            (0, _) => format!("{}年度", self.year),
            (first, last) if first == last => format!("{}年{}", self.year, chinese_month(first)),
            (first, last) => format!("{}年{}至{}", self.year, chinese_month(first), chinese_month(last)),
        }
    }

    /// Its period, in a part of the province.
    pub fn slice(&self, area: Slice) -> Slice {
        let (month, last) = self.months;
        Slice { year: self.year, month, until: if last == month { 0 } else { last }, ..area }
    }
}

/// The part of the province that an office asks about: its own.
pub fn area(host: Option<&OrgLocation>, kind: &str) -> Slice {
    match (host, kind) {
        (Some(place), "city_bureau") => Slice { city: place.city.clone(), ..Slice::default() },
        (Some(place), "county_bureau") => Slice { county: place.county_code.clone(), ..Slice::default() },
        _ => Slice::default(),
    }
}

/// What a form asks for. A figure is typed by its name, as the list suggests it.
pub fn read(programme: &Programme, given: &FormValues, today: Date) -> (Asked, Vec<FieldError>) {
    let mut errors = Vec::new();
    let mut figures: Vec<String> = given.all("figure");
    figures.extend(given.get("figures").split(',').map(str::to_owned));
    let added = given.get("add").trim();
    match programme.indicators.iter().find(|one| one.name == added || one.id == added) {
        Some(one) => figures.push(one.id.clone()),
        None if added.is_empty() => {}
        None => {
            let words = format!("方案里没有叫“{added}”的数；请从列出的里面选。要新的数，请先改方案。");
            errors.push(FieldError::new("add", Code::NotListed.says(words)));
        }
    }
    figures.retain(|id| programme.indicator(id).is_some());
    let mut seen = std::collections::BTreeSet::new();
    figures.retain(|id| seen.insert(id.clone()));
    let year = given.year("year").unwrap_or_else(|| today.year());
    let month = |name: &str| given.whole(name).filter(|month| (1..=12).contains(month));
    let first = month("from").or(month("to"));
    let last = month("to").or(first);
    let at = |month: Option<i64>| month.map_or(0, |month| i64::from(year) * 100 + month);
    let as_of = given.date("asof");
    if as_of.is_none() && !given.get("asof").is_empty() {
        errors.push(FieldError::new("asof", Mistake::no_date(given.get("asof"))));
    }
    let asked = Asked {
        title: given.get("title").trim().to_owned(),
        figures,
        year,
        months: (at(first), at(last)),
        split: Split::of(given.get("split")).unwrap_or(Split::Whole),
        // What is asked for until today is what one sees when one looks.
        as_of: as_of.filter(|day| *day != today),
    };
    (asked, errors)
}

fn names(found: &[&&Indicator]) -> String {
    found.iter().map(|of| format!("“{}”", of.name)).collect()
}

/// What is wrong with it, but for its title.
pub fn check(programme: &Programme, asked: &Asked, host_kind: &str, today: Date) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let figures = asked.indicators(programme);
    if figures.is_empty() {
        let words = "请选要哪些数：在框里输入名称中的几个字，从列出的里面选一个。";
        errors.push(FieldError::new("add", Code::Missing.says(words)));
    } else if figures.len() > FIGURES {
        let words =
            format!("一次最多要 {FIGURES} 个数，现在选了 {} 个；请去掉几个，或分两次要。", figures.len());
        errors.push(FieldError::new("add", Code::TooMany.says(words)));
    }
    if !Split::offered(host_kind).contains(&asked.split) {
        errors.push(FieldError::new("split", Code::NotListed.says("请从列出的里面选怎样分列。")));
    }
    errors.extend(check_year(programme, asked.year, &figures, today));
    errors.extend(check_months(programme, asked.months, &figures, today));
    errors.extend(check_day(programme, asked, &figures, today));
    errors
}

fn check_year(programme: &Programme, year: i32, figures: &[&Indicator], today: Date) -> Option<FieldError> {
    let first = first_year(programme);
    if !(first..=today.year()).contains(&year) {
        let words = format!("请选 {first} 年到 {} 年之间的年度。", today.year());
        return Some(FieldError::new("year", Code::OutOfRange.says(words)));
    }
    let newest = open_year(programme, today);
    let told: Vec<_> = figures.iter().filter(|of| !needs(programme, of).elements.is_empty()).collect();
    (year > newest && !told.is_empty()).then(|| {
        let which = names(&told);
        let words = format!(
            "{which}来自学校的年度基本情况，{year} 年的还没有到填报的时候，最近可以要 {newest} 年的。"
        );
        FieldError::new("year", Code::InFuture.says(words))
    })
}

fn check_months(
    programme: &Programme,
    (first, last): (i64, i64),
    figures: &[&Indicator],
    today: Date,
) -> Option<FieldError> {
    if first == 0 {
        return None;
    }
    let now = i64::from(today.year()) * 100 + i64::from(today.month());
    let whole: Vec<_> = figures.iter().filter(|of| !has_months(programme, of)).collect();
    let mistake = if first > last {
        Code::Reversed.says("“从几月”晚于“到几月”；请对调，或都改成全年。")
    } else if first > now {
        Code::InFuture.says("这个月还没有到；请选已经开始的月份，或改成全年。")
    } else if !whole.is_empty() {
        Code::NotFitting.says(format!("{}只有全年的数，不能按月份要；请改成全年，或去掉。", names(&whole)))
    } else {
        return None;
    };
    Some(FieldError::new("from", mistake))
}

fn check_day(
    programme: &Programme,
    asked: &Asked,
    figures: &[&Indicator],
    today: Date,
) -> Option<FieldError> {
    let day = asked.as_of?;
    let begins = asked.slice(Slice::default()).window().map(|window| window.from);
    let only_now: Vec<_> = figures.iter().filter(|of| !is_kept(programme, of)).collect();
    let mistake = if day > today {
        Code::InFuture.says("截止日期不能晚于今天；不填就是打开时的当天。")
    } else if begins.is_some_and(|begins| day < begins) {
        Code::Reversed.says("截止日期早于所要的时期；请改截止日期，或改时期。")
    } else if !only_now.is_empty() {
        let which = names(&only_now);
        Code::NotFitting
            .says(format!("{which}没有留下以前每天报的数，只能答当天的；请不填截止日期，或去掉这些数。"))
    } else {
        return None;
    };
    Some(FieldError::new("asof", mistake))
}

/// What is wrong with the line that says who wants it.
pub fn check_title(title: &str) -> Option<FieldError> {
    let length = title.chars().count();
    let mistake = if length == 0 {
        Code::Missing.says("请用一行写明谁要、作什么用，以后好找到。")
    } else if length > TITLE as usize {
        Mistake::too_long("谁要、作什么用", TITLE as usize, length)
    } else if title.contains(['\n', '\r']) {
        Code::Characters.says("只写一行。")
    } else {
        return None;
    };
    Some(FieldError::new("title", mistake))
}

/// What a figure takes from the year-profiles of schools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    pub elements: Vec<String>,
    /// The profile as a whole, because a standard is judged by it.
    pub whole: bool,
}

impl Needs {
    pub fn is_nothing(&self) -> bool {
        self.elements.is_empty() && !self.whole
    }

    fn and(mut self, other: Self) -> Self {
        self.elements.extend(other.elements);
        Self { whole: self.whole || other.whole, ..self }
    }
}

pub fn needs(programme: &Programme, of: &Indicator) -> Needs {
    match &of.of {
        IndicatorOf::Profile { element } => Needs { elements: vec![element.clone()], whole: false },
        IndicatorOf::Attained { .. } => Needs { elements: Vec::new(), whole: true },
        IndicatorOf::Ratio { numerator, denominator } => {
            let parts = [numerator, denominator].into_iter().filter_map(|id| programme.indicator(id));
            // A share of shares does not load.
            let plain = parts.filter(|part| !matches!(part.of, IndicatorOf::Ratio { .. }));
            plain.fold(Needs::default(), |all, part| all.and(needs(programme, part)))
        }
        _ => Needs::default(),
    }
}

pub fn needs_of(programme: &Programme, figures: &[&Indicator]) -> Needs {
    figures.iter().fold(Needs::default(), |all, of| all.and(needs(programme, of)))
}

/// The year whose profile is asked for: that of the period, or the newest that may be told.
pub fn profile_year(programme: &Programme, year: i32, today: Date) -> i32 {
    year.min(open_year(programme, today))
}

text_enum! {
    /// Why a figure lacks a school.
    pub enum Why {
        NotBegun = "not_begun",
        NotSubmitted = "not_submitted",
        /// The school said that it does not know.
        Unknown = "unknown",
        /// It was told, and is not accepted.
        Waiting = "waiting",
    }
}

impl Why {
    pub fn mark(self) -> StateMark {
        match self {
            Self::NotBegun => StateMark::new("none", "还没有填", "–"),
            Self::NotSubmitted => StateMark::new("active", "填了没有提交", "◐"),
            Self::Unknown => StateMark::new("none", "学校写明不知道", "–"),
            Self::Waiting => StateMark::new("pending", "已提交，待主管人社局接收", "○"),
        }
    }

    /// Whether the school can do anything about it. What it has said is not asked once more.
    pub fn is_with_school(self) -> bool {
        matches!(self, Self::NotBegun | Self::NotSubmitted)
    }
}

/// Why these figures lack a school whose profile of the year is this; none where they lack nothing.
pub fn lacks(programme: &Programme, needs: &Needs, profile: Option<&ProfileFact>) -> Option<Why> {
    let Some(fact) = profile else { return Some(Why::NotBegun) };
    if fact.state == ProfileState::Draft {
        return Some(Why::NotSubmitted);
    }
    let values = with_derived(programme, &fact.values);
    let told =
        |element: &String| matches!(values.get(element), Some(Reported::Value(_) | Reported::NotApplicable));
    if !needs.elements.iter().all(told) {
        return Some(Why::Unknown);
    }
    (fact.state == ProfileState::Submitted).then_some(Why::Waiting)
}

/// How a school stands that was asked for what it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    Open,
    Late,
    Reported,
    Cancelled,
}

impl RequestState {
    /// It was handed in before or after the day, and whoever cancelled what was handed in changed nothing.
    pub fn of(row: &RequestRow, in_hand: bool, today: Date) -> Self {
        match () {
            () if in_hand => Self::Reported,
            () if row.cancelled_on.is_some() => Self::Cancelled,
            () if row.due < today => Self::Late,
            () => Self::Open,
        }
    }

    pub fn is_owed(self) -> bool {
        matches!(self, Self::Open | Self::Late)
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Open => StateMark::new("pending", "待补报", "○"),
            Self::Late => StateMark::new("late", "已过期限", "■"),
            Self::Reported => StateMark::new("done", "已补报", "●"),
            Self::Cancelled => StateMark::new("none", "不用补报了", "–"),
        }
    }
}

/// What is wrong with the day by which schools are asked: nobody is asked sooner than the programme allows.
pub fn check_due(programme: &Programme, today: Date, due: Option<Date>) -> Option<FieldError> {
    let (first, last) = (earliest(programme, today), latest(today));
    let days = programme.calendar.minimum_notice_workdays;
    let mistake = match due {
        None => Code::Missing.says("请选择最晚哪天补报。"),
        Some(day) if day < first => {
            Code::OutOfRange.says(format!("至少要给学校 {days} 个工作日，最早是 {first}。"))
        }
        Some(day) if day > last => Code::OutOfRange.says(format!("最晚是 {last}；更远的到时再请。")),
        Some(_) => return None,
    };
    Some(FieldError::new("due", mistake))
}

/// The day that schools which were asked have still time until; nobody is asked again before.
pub fn asked_until(row: &QuestionRow, today: Date) -> Option<Date> {
    row.asked_until.filter(|day| *day >= today)
}

#[cfg(test)]
mod tests;
