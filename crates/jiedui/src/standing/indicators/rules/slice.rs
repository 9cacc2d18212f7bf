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
}

impl Slice {
    pub fn year(year: i32) -> Self {
        Self { year, ..Self::default() }
    }

    /// The cut of an address; without a year the year of `today`. A month stands for its year.
    pub fn of(query: &FormValues, today: Date) -> Self {
        use chrono::Datelike as _;
        let year = query.year("year").filter(|year| (2000..=2100).contains(year));
        let month = query.get("month").replace('-', "").parse::<i64>().ok();
        let month =
            month.filter(|month| (200_001..=210_012).contains(month) && (1..=12).contains(&(month % 100)));
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
        }
    }

    pub fn query(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.append_pair("year", &self.year.to_string());
        for (name, value) in self.parts() {
            if !value.is_empty() {
                out.append_pair(name, &value);
            }
        }
        out.finish()
    }

    /// What narrows it beside the year, by name.
    pub fn parts(&self) -> [(&'static str, String); 7] {
        let month = if self.month == 0 { String::new() } else { month_text(self.month) };
        [
            ("city", self.city.clone()),
            ("county", self.county.clone()),
            ("school", self.school.clone()),
            ("typical", self.typical.clone()),
            ("pairing", self.pairing.clone()),
            ("kind", self.kind.clone()),
            ("month", month),
        ]
    }

    pub fn holds(&self, place: &OrgLocation) -> bool {
        (self.city.is_empty() || place.city == self.city)
            && (self.county.is_empty() || place.county_code == self.county)
            && (self.school.is_empty() || place.id == self.school)
            && registry::fits_typical(&self.typical, !place.typical_class.is_empty())
    }

    /// The year, or where a month is meant that month.
    pub fn window(&self) -> Option<Period> {
        if self.month == 0 {
            return Period::year(self.year);
        }
        let month = u32::try_from(self.month % 100).ok()?;
        let from = Date::from_ymd_opt(self.year, month, 1)?;
        let next = from.checked_add_months(chrono::Months::new(1))?;
        Period::new(from, next.pred_opt()?)
    }

    /// The day at which states (pairings) are looked at: the last day of the year, but not after today.
    pub fn as_of(&self, today: Date) -> Date {
        self.window().map_or(today, |window| window.to.min(today))
    }
}

/// 202611 as an address has it: 2026-11.
pub fn month_text(month: i64) -> String {
    format!("{:04}-{:02}", month / 100, month % 100)
}
