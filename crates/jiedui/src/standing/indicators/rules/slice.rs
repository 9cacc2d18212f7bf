//! Which part of the province, and which time, a figure is about. It stands in the figure's address.

use crate::network::registry;
use crate::shared::contributions::OrgLocation;
use jiedui_kernel::{Date, Period};
use jiedui_web::form::FormValues;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slice {
    pub year: i32,
    /// A city's name, or "".
    pub city: String,
    /// A county's division code, or "".
    pub county: String,
    /// A county school's id, or "".
    pub school: String,
    /// "typical", "other" or "".
    pub typical: String,
    /// A pairing's id, or "".
    pub pairing: String,
    /// An activity's or output's id, or "".
    pub kind: String,
    /// 202611, or 0.
    pub month: i64,
    /// The last of several months of one year, of which `month` is the first; 0 where there is one, or none.
    pub until: i64,
    /// The day as of whose end it is told; none where it is told as it is known now.
    pub asof: Option<Date>,
}

impl Slice {
    pub fn year(year: i32) -> Self {
        Self { year, ..Self::default() }
    }

    /// The cut of an address; without a year the year of `today`. A month stands for its year. What was told on a day is
    /// asked for by the page.
    pub fn of(query: &FormValues, today: Date) -> Self {
        use chrono::Datelike as _;
        let year = query.year("year").filter(|year| (2000..=2100).contains(year));
        let month = month_in(query.get("month"));
        let later = |last: &i64| month.is_some_and(|first| first < *last && first / 100 == last / 100);
        let of_month = month.and_then(|month| i32::try_from(month / 100).ok());
        Self {
            year: of_month.or(year).unwrap_or(today.year()),
            city: query.get("city").to_owned(),
            county: query.get("county").to_owned(),
            school: query.get("school").to_owned(),
            typical: query.get("typical").to_owned(),
            pairing: query.get("pairing").to_owned(),
            kind: query.get("kind").to_owned(),
            month: month.unwrap_or(0),
            until: month_in(query.get("until")).filter(later).unwrap_or(0),
            asof: None,
        }
    }

    /// The same part of the province in another year, as a whole.
    pub fn in_year(&self, year: i32) -> Self {
        Self { year, month: 0, until: 0, ..self.clone() }
    }

    /// Whether it is less than everything that the caller sees.
    pub fn is_narrowed(&self) -> bool {
        self.parts().iter().any(|(_, value)| !value.is_empty())
    }

    pub fn query(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.append_pair("year", &self.year.to_string());
        for (name, value) in self.parts() {
            if !value.is_empty() {
                out.append_pair(name, &value);
            }
        }
        if let Some(day) = self.asof {
            out.append_pair("asof", &day.to_string());
        }
        out.finish()
    }

    /// What narrows it beside the year, by name.
    pub fn parts(&self) -> [(&'static str, String); 8] {
        let month = |month: i64| if month == 0 { String::new() } else { month_text(month) };
        [
            ("city", self.city.clone()),
            ("county", self.county.clone()),
            ("school", self.school.clone()),
            ("typical", self.typical.clone()),
            ("pairing", self.pairing.clone()),
            ("kind", self.kind.clone()),
            ("month", month(self.month)),
            ("until", month(self.until)),
        ]
    }

    pub fn holds(&self, place: &OrgLocation) -> bool {
        (self.city.is_empty() || place.city == self.city)
            && (self.county.is_empty() || place.county_code == self.county)
            && (self.school.is_empty() || place.id == self.school)
            && registry::fits_typical(&self.typical, !place.typical_class.is_empty())
    }

    /// The first and the last of its months; none where the whole year is meant.
    pub fn months(&self) -> Option<(i64, i64)> {
        (self.month != 0).then(|| (self.month, self.until.max(self.month)))
    }

    /// The year, or where months are meant these.
    pub fn window(&self) -> Option<Period> {
        let Some((first, last)) = self.months() else { return Period::year(self.year) };
        let first_day = |month: i64| Date::from_ymd_opt(self.year, u32::try_from(month % 100).ok()?, 1);
        let next = first_day(last)?.checked_add_months(chrono::Months::new(1))?;
        Period::new(first_day(first)?, next.pred_opt()?)
    }

    /// The day at which states (pairings) are looked at: the last day of the year, but not after today.
    pub fn as_of(&self, today: Date) -> Date {
        self.window().map_or(today, |window| window.to.min(today))
    }
}

/// 2026-11 as the tables have it: 202611.
fn month_in(text: &str) -> Option<i64> {
    let month = text.replace('-', "").parse::<i64>().ok()?;
    ((200_001..=210_012).contains(&month) && (1..=12).contains(&(month % 100))).then_some(month)
}

/// 202611 as an address has it: 2026-11.
pub fn month_text(month: i64) -> String {
    format!("{:04}-{:02}", month / 100, month % 100)
}

/// 202611 in words, without its year: a digit on a page is a figure.
pub fn chinese_month(month: i64) -> String {
    const WORDS: [&str; 12] =
        ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"];
    let at = usize::try_from(month % 100 - 1).unwrap_or(0);
    WORDS.get(at).map_or_else(String::new, |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(address: &str) -> Slice {
        Slice::of(&FormValues::parse(address.as_bytes()), "2026-11-24".parse().unwrap())
    }

    #[test]
    fn months_are_read_from_an_address_and_written_back() {
        let spring = slice("month=2026-01&until=2026-03");
        assert_eq!((spring.year, spring.months()), (2026, Some((202_601, 202_603))));
        let window = spring.window().unwrap();
        assert_eq!(
            (window.from.to_string(), window.to.to_string()),
            ("2026-01-01".into(), "2026-03-31".into())
        );
        assert_eq!(slice(&spring.query()), spring);
        let one = slice("month=2026-02").window().unwrap();
        assert_eq!((one.from.to_string(), one.to.to_string()), ("2026-02-01".into(), "2026-02-28".into()));
    }

    #[test]
    fn a_day_as_of_which_it_is_told_goes_into_the_address_and_narrows_nothing() {
        let then = Slice { asof: "2026-06-30".parse().ok(), ..Slice::year(2026) };
        assert_eq!(then.query(), "year=2026&asof=2026-06-30");
        assert!(!then.is_narrowed());
    }

    #[test]
    fn a_span_that_is_none_is_its_first_month() {
        for address in
            ["month=2026-03&until=2026-01", "month=2025-11&until=2026-02", "month=2026-03&until=2026-13"]
        {
            assert_eq!(slice(address).until, 0, "{address}");
        }
        assert_eq!(slice("until=2026-03").months(), None);
    }
}
