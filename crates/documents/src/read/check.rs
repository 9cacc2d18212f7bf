//! One cell against the kind of its column.

use super::MAX_CHARS;
use super::collect::forbidden;
use super::raw::{Raw, percent};
use crate::cell::{
    Value, half_width, is_exponent, parse_date, parse_integer, round_15, serial_date, squeeze, trim, whole,
};
use crate::error::{CellError, Fault};
use crate::spec::{Column, Kind, Workbook};

/// Plain numbers that are taken as days where a date is asked for: 1927 to 2173. Below, they are years or slips.
const SERIALS: std::ops::RangeInclusive<f64> = 10_000.0..=100_000.0;

/// The value of a cell, or what is wrong with it at that place.
pub(super) fn value(
    spec: &Workbook,
    column: &Column,
    raw: Raw,
    from_1904: bool,
    place: &CellError,
) -> Result<Value, Fault> {
    let fault = |value: &str, reason: &str, help: &str| {
        let error = CellError { reason: reason.to_owned(), help: help.to_owned(), ..place.clone() };
        Box::new(error.with_value(value))
    };
    let raw = match raw {
        Raw::Error(text) => return Err(fault(&text, "是公式出错的结果", "请改正公式或直接填写内容")),
        Raw::Uncomputed => {
            return Err(fault("", "公式没有计算结果", "请在 Excel 中打开并保存，或直接填写内容"));
        }
        Raw::Text(text) => {
            let text = trim(&text);
            if text.chars().count() > MAX_CHARS {
                return Err(fault(&text, &format!("超过 {MAX_CHARS} 个字"), "请缩短"));
            }
            if let Some(c) = forbidden(&text) {
                let reason = format!("含有看不见的控制字符（U+{:04X}）", u32::from(c));
                return Err(fault(&text, &reason, "请清空单元格后重新输入"));
            }
            Raw::Text(text)
        }
        other => other,
    };
    if let Some((reason, help)) = lost(column, &raw) {
        return Err(fault(&shown(&raw, from_1904), reason, help));
    }
    match &column.kind {
        Kind::Text => text(raw, from_1904).ok_or_else(|| too_long_number(&fault)).map(Value::Text),
        Kind::Date => date(&raw, from_1904)
            .map(Value::Date)
            .ok_or_else(|| fault(&shown(&raw, from_1904), "不是日期", "请写成 2024-07-26")),
        Kind::Integer => integer(&raw, &column.unit)
            .map(Value::Integer)
            .ok_or_else(|| fault(&shown(&raw, from_1904), "不是整数", &digits_asked(&raw, &column.unit))),
        Kind::Choice(list) => {
            let text = text(raw, from_1904).ok_or_else(|| too_long_number(&fault))?;
            let values = spec.lists.get(list).map_or(&[][..], Vec::as_slice);
            // Nearly all cells hold the value as the list has it; only the others are compared without their blanks.
            let found = values.iter().find(|value| **value == text).or_else(|| {
                let wanted = squeeze(&text);
                values.iter().find(|value| squeeze(value) == wanted)
            });
            found
                .map(|value| Value::Text(value.clone()))
                .ok_or_else(|| fault(&text, &format!("不在代码表“{list}”中"), &offer(values)))
        }
    }
}

/// Why a number is no longer what was typed, and what to do about it.
fn lost(column: &Column, raw: &Raw) -> Option<(&'static str, &'static str)> {
    match raw {
        // 0101 that was typed into a cell for numbers arrives as 101, and nobody sees it.
        Raw::Number(_) | Raw::Share(_) if column.code => {
            Some(("是数字，不是文本", "开头的 0 可能已丢失，请把这一列设为文本格式后重新填写"))
        }
        // Whoever fills in 万元 and sees 150 does not know that 1500000 is there.
        Raw::Scaled(_) => Some((
            "是缩小了显示的数字（如以万为单位），看到的和单元格里的不一样",
            "请把单元格格式改为常规，按标题的单位填写",
        )),
        // 1-2 that was typed becomes the second of January.
        Raw::Moment(_) | Raw::At(..) if column.code => {
            Some(("是日期，不是文本", "编号可能已被自动改成日期，请把这一列设为文本格式后重新填写"))
        }
        Raw::Text(text) if matches!(column.kind, Kind::Text) && is_exponent(text) => {
            Some(("是缩写的数字，后面几位已丢失", "请在原来的表里把这一列设为文本格式，重新填写完整的号码"))
        }
        _ => None,
    }
}

fn too_long_number(fault: &impl Fn(&str, &str, &str) -> Fault) -> Fault {
    fault("", "数字超过 15 位，Excel 已丢失末尾几位", "请把单元格设为文本格式后重新填写")
}

fn offer(values: &[String]) -> String {
    let first: Vec<&str> = values.iter().take(8).map(String::as_str).collect();
    format!("请从 {}{} 中选择", first.join("、"), if values.len() > 8 { " 等" } else { "" })
}

/// A cell as text; `None` for a number with more digits than a cell keeps, which is no longer what was typed.
fn text(raw: Raw, from_1904: bool) -> Option<String> {
    match raw {
        Raw::Number(number) | Raw::Share(number) if number.abs() >= 1e15 => None,
        Raw::Text(text) => Some(text),
        other => Some(shown(&other, from_1904)),
    }
}

fn shown(raw: &Raw, from_1904: bool) -> String {
    match raw {
        Raw::Text(text) | Raw::Error(text) => text.clone(),
        Raw::Number(number) | Raw::Scaled(number) => round_15(*number).to_string(),
        Raw::Share(number) => percent(*number),
        Raw::Moment(serial) => moment(*serial, from_1904),
        Raw::At(date, 0) => date.to_string(),
        Raw::At(date, minutes) => format!("{date} {:02}:{:02}", minutes / 60, minutes % 60),
        Raw::Uncomputed => String::new(),
    }
}

/// A serial number as a day, with the minute where it has one, or as a time of day where it has no day.
fn moment(serial: f64, from_1904: bool) -> String {
    // The minute that has begun: a quarter to midnight is not the midnight before.
    let seconds = (serial.fract().abs() * 86_400.0).round() as u32;
    let minutes = if seconds < 86_400 { seconds / 60 } else { 0 };
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    match serial_date(serial, from_1904) {
        Some(date) if minutes == 0 => date.to_string(),
        Some(date) => format!("{date} {time}"),
        None if (0.0..1.0).contains(&serial) => time,
        None => round_15(serial).to_string(),
    }
}

fn date(raw: &Raw, from_1904: bool) -> Option<jiedui_kernel::Date> {
    match raw {
        Raw::Text(text) => parse_date(text),
        Raw::Moment(serial) => serial_date(*serial, from_1904),
        Raw::At(date, _) => Some(*date),
        Raw::Number(number) if SERIALS.contains(number) => serial_date(*number, from_1904),
        // 20240726 typed as a number.
        Raw::Number(number) => parse_date(&whole(*number)?.to_string()),
        Raw::Share(_) | Raw::Scaled(_) | Raw::Error(_) | Raw::Uncomputed => None,
    }
}

/// A whole number; behind it may stand the unit of its column, and no other: 150万 are not 150.
fn integer(raw: &Raw, unit: &str) -> Option<i64> {
    match raw {
        Raw::Text(text) => {
            let text = half_width(text);
            let text = text.trim();
            let number = Some(text).filter(|_| !unit.is_empty()).and_then(|text| text.strip_suffix(unit));
            parse_integer(number.unwrap_or(text).trim_end())
        }
        Raw::Number(number) => whole(*number),
        Raw::Share(_) | Raw::Scaled(_) | Raw::Moment(_) | Raw::At(..) | Raw::Error(_) | Raw::Uncomputed => {
            None
        }
    }
}

/// What is expected instead of a text that is no whole number.
fn digits_asked(raw: &Raw, unit: &str) -> String {
    let unit = if unit.is_empty() { String::new() } else { format!("（单位：{unit}）") };
    let text = match raw {
        Raw::Text(text) => half_width(text),
        _ => String::new(),
    };
    let digits: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    let words = text[digits.len()..].trim();
    // 12人次 shows what to write; where the words say a thousand or more, the digits alone would be wrong.
    let counts = words.starts_with(['万', '亿', '千', '百', '.', '-', '/', '%', ':']);
    match parse_integer(&digits)
        .filter(|_| !words.is_empty() && !counts && !words.contains(|c: char| c.is_ascii_digit()))
    {
        Some(number) => format!("请只填数字{unit}，如 {number}"),
        None => format!("请只填数字{unit}，如 120"),
    }
}
