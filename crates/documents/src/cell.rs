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

/// Without spaces at both ends, full-width and non-breaking ones included; line ends as `\n`, those that a word
/// processor puts inside a paragraph too.
pub(crate) fn trim(text: &str) -> String {
    text.trim_matches(is_blank).replace("\r\n", "\n").replace(['\r', '\u{B}'], "\n")
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
    // The seconds may have a fraction, as databases write them.
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let parts: Vec<&str> = text.split(':').collect();
    let fits = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(fits)
}

/// Minutes by which our clocks are before those of Greenwich.
const OUR_ZONE: i32 = 8 * 60;

/// A day and the minutes of it that have passed, as ISO 8601 has them: 2024-07-26, 2024-07-26T08:30:00.000. Where a
/// zone is told, it is a moment, and the day is the one that it falls on here: 2024-07-25T16:00:00Z is the 26th.
pub(crate) fn parse_moment(text: &str) -> Option<(Date, u32)> {
    let (date, time) = text.split_once(['T', 't']).unwrap_or((text, ""));
    let mut parts = date.split('-');
    let date = day(parts.next()?, parts.next()?, parts.next()?).filter(|_| parts.next().is_none())?;
    if time.is_empty() {
        return (!text.contains(['T', 't'])).then_some((date, 0));
    }
    let (time, zone) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => (&time[..at], Some(zone(&time[at..])?)),
        None => (time, None),
    };
    let (hours, rest) = time.split_once(':')?;
    let minutes = rest.split(':').next()?;
    let number = |text: &str, most: i32| text.parse::<i32>().ok().filter(|found| (0..=most).contains(found));
    let (hours, minutes) = (number(hours, 23)?, number(minutes, 59)?);
    if !is_time(time) {
        return None;
    }
    let passed = hours * 60 + minutes + zone.map_or(0, |zone| OUR_ZONE - zone);
    let day_of = match passed.div_euclid(24 * 60) {
        0 => Some(date),
        1 => date.succ_opt(),
        -1 => date.pred_opt(),
        _ => None,
    };
    Some((day_of?, u32::try_from(passed.rem_euclid(24 * 60)).ok()?))
}

/// The zone behind a time, in minutes before Greenwich: Z, +08:00, -0530, +08.
fn zone(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = text.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    if !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let minutes = match digits.len() {
        2 => digits.parse::<i32>().ok()? * 60,
        4 => digits[..2].parse::<i32>().ok()? * 60 + digits[2..].parse::<i32>().ok()?,
        _ => return None,
    };
    let minutes = Some(minutes).filter(|minutes| (0..=14 * 60).contains(minutes))?;
    Some(if sign == "-" { -minutes } else { minutes })
}

/// Whether this is how a spreadsheet shortens a long number when it writes text: 1.23E+11. What it stood for is lost.
pub(crate) fn is_exponent(text: &str) -> bool {
    let Some((digits, power)) = text.split_once("E+").or_else(|| text.split_once("e+")) else { return false };
    let digits = digits.trim_start_matches(['-', '+']);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    whole.len() == 1 && all(whole) && all(fraction) && power.len() == 2 && all(power)
}

/// A day written as text: 2024-07-26, 2024/7/26, 2024.7.26, 2024年7月26日 or 20240726, in full-width forms too; a
/// time of day behind it is dropped. `None` for anything else and for days that do not exist; years 1900 to 2199.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let text = half_width(text);
    if let Some((date, _)) = parse_moment(text.trim()) {
        return Some(date);
    }
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
    // What was computed may lie a millionth of a second before midnight; Excel shows the day that begins. In range, so the
    // cast is exact.
    let days = ((serial * 86_400.0).round() / 86_400.0).floor() as i32;
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
    // 1200.0 is whole; nothing is rounded.
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|c| c == b'0') => whole,
        _ => text.as_str(),
    };
    let (sign, digits) = match text.strip_prefix(['-', '−', '+']) {
        Some(rest) if text.starts_with('+') => ("", rest),
        Some(rest) => ("-", rest),
        None => ("", text),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_other_systems() {
        let at = |text: &str| parse_moment(text).map(|(date, minutes)| (date.to_string(), minutes));
        let is = |day: &str, minutes| Some((day.to_owned(), minutes));
        assert_eq!(at("2020-03-01"), is("2020-03-01", 0));
        assert_eq!(at("2020-03-01T00:00:00"), is("2020-03-01", 0));
        assert_eq!(at("2020-03-01T08:30"), is("2020-03-01", 510));
        assert_eq!(at("2020-03-01T00:00:00.000"), is("2020-03-01", 0));
        assert_eq!(at("2020-03-01T00:00:00Z"), is("2020-03-01", 480));
        // Midnight here, as a browser writes it.
        assert_eq!(at("2020-02-29T16:00:00.000Z"), is("2020-03-01", 0));
        assert_eq!(at("2020-03-01T01:00:00+09:00"), is("2020-03-01", 0));
        assert_eq!(at("2020-03-01T00:00:00+0900"), is("2020-02-29", 1380));
        for wrong in [
            "2020-03-01T",
            "2020-03-01T25:00",
            "2020-3-1T8",
            "2020-02-30T00:00",
            "2020-03-01T00:00X",
            "T00:00",
        ] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
        assert_eq!(parse_date("2020-03-01 00:00:00.000").unwrap().to_string(), "2020-03-01");
    }

    #[test]
    fn numbers_that_were_shortened() {
        for shortened in ["1.23E+11", "4.4E+17", "1E+15", "-4.419E+17", "1.2e+10"] {
            assert!(is_exponent(shortened), "{shortened}");
        }
        for other in ["12.3E+11", "E+11", "1.E+11", "1.23E11", "1.23E+1", "AE+11", "1E+999"] {
            assert!(!is_exponent(other), "{other}");
        }
    }

    #[test]
    fn whole_numbers_as_people_write_them() {
        for (text, number) in
            [("1,200", 1_200), ("１，２００", 1_200), ("1200.0", 1_200), ("−3", -3), ("+7", 7)]
        {
            assert_eq!(parse_integer(text), Some(number), "{text}");
        }
        for text in ["1200.5", "1200.", "1,2", "", ".0", "12人次", "1.200,0", "0x10"] {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }
}
