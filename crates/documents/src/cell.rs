//! The values of cells, and the many ways in which people write dates and numbers.

use jiedui_kernel::Date;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    Date(Date),
    Integer(i64),
    /// A number with decimals, for exports; reading never gives one.
    Number(f64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Whether a character may not stand in a cell: control characters but tab and newline, and the marks that turn the
/// direction of writing, with which a name can be made to look like another.
pub(crate) fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\t' && c != '\n')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

/// Without spaces at both ends, full-width and non-breaking ones included; line ends as `\n`.
pub(crate) fn trim(text: &str) -> String {
    text.trim_matches(is_blank).replace("\r\n", "\n").replace('\r', "\n")
}

/// Full-width forms (１，Ａ，／) as the ordinary ones.
pub(crate) fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// A heading as it is compared: half-width and without any space.
pub(crate) fn squeeze(text: &str) -> String {
    half_width(text).chars().filter(|c| !is_blank(*c)).collect()
}

/// The width of a text in characters of the default font, a Chinese one counting two.
pub(crate) fn shown_width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum()
}

/// The letters of a column, from its number counted from 0: A, B, …, Z, AA, …
pub(crate) fn letters(column: u32) -> String {
    let (mut rest, mut letters) = (u64::from(column) + 1, Vec::new());
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

fn day(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |text: &str, most: usize| {
        let digits = !text.is_empty() && text.len() <= most && text.bytes().all(|c| c.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = number(year, 4).filter(|year| (1900..=2199).contains(year))?;
    Date::from_ymd_opt(i32::try_from(year).ok()?, number(month, 2)?, number(day, 2)?)
}

/// Whether this is a time of day as Excel puts it behind a date: 0:00, 08:30:00.
fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let fits = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(fits)
}

/// A day written as text: 2024-07-26, 2024/7/26, 2024.7.26, 2024年7月26日 or 20240726, in full-width forms too; a
/// time of day behind it is dropped. `None` for anything else and for days that do not exist; years 1900 to 2199.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let text = half_width(text);
    let mut words = text.split_whitespace();
    let (date, time) = (words.next()?, words.next());
    if words.next().is_some() || time.is_some_and(|time| !is_time(time)) {
        return None;
    }
    if date.len() == 8 && date.bytes().all(|c| c.is_ascii_digit()) {
        return day(&date[..4], &date[4..6], &date[6..]);
    }
    if let Some((year, rest)) = date.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        return day(year, month, rest.strip_suffix(['日', '号'])?);
    }
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = date.split(separator).map(str::to_owned);
    let (year, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = matches!(separator, '-' | '/' | '.') && year.len() == 4 && parts.next().is_none();
    if fits { day(&year, &month, &last) } else { None }
}

/// 1899-12-30 and 1904-01-01, as days since the beginning of year 1.
const DAY_1900: i32 = 693_594;
const DAY_1904: i32 = 695_056;

/// The day of an Excel serial number: days since the end of 1899, or since 1904-01-01 where the workbook says so. The
/// 29th of February 1900, which Excel has and the calendar has not, is none.
pub(crate) fn serial_date(serial: f64, from_1904: bool) -> Option<Date> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    // In range, so the cast is exact.
    let days = serial.floor() as i32;
    let start = match (from_1904, days) {
        (true, _) => DAY_1904,
        (false, 0 | 60) => return None,
        (false, 1..60) => DAY_1900 + 1,
        (false, _) => DAY_1900,
    };
    Date::from_num_days_from_ce_opt(start + days)
}

/// The Excel serial number of a day, for workbooks with the usual epoch; right from 1900-03-01 on.
pub(crate) fn date_serial(date: Date) -> Option<f64> {
    let start = Date::from_num_days_from_ce_opt(DAY_1900)?;
    let days = date.signed_duration_since(start).num_days();
    (61..2_958_466).contains(&days).then_some(days as f64)
}

/// A number as Excel shows it: rounded to the 15 digits that a cell keeps.
pub(crate) fn round_15(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// A whole number written as text: signs, full-width digits and thousands separators are understood.
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    let text = half_width(text);
    let (sign, digits) = match text.strip_prefix(['-', '−', '+']) {
        Some(rest) if text.starts_with('+') => ("", rest),
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let mut groups = digits.split(',');
    let first = groups.next()?;
    let grouped = digits.contains(',');
    let fits = (!grouped || (1..=3).contains(&first.len())) && groups.all(|group| group.len() == 3);
    let plain = digits.replace(',', "");
    if !fits || plain.is_empty() || !plain.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    format!("{sign}{plain}").parse().ok()
}

/// A whole number out of a number cell; `None` where it has decimals or more digits than a cell keeps.
pub(crate) fn whole(number: f64) -> Option<i64> {
    let number = round_15(number);
    // Below 10^15 every whole number is exact, so the cast is too.
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}
