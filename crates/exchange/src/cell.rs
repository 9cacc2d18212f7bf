//! One place of a table, from ours to theirs and back.

use crate::MAX_CHARS;
use crate::decimal::{print, scan};
use crate::fault::Wrong;
use crate::schema::{Kind, Value};

/// What a value is on the other side.
pub(crate) fn theirs(kind: &Kind, value: &Value) -> Result<String, Wrong> {
    match (kind, value) {
        (Kind::Text, Value::Text(text)) => checked(text).map(str::to_owned),
        (Kind::Number { shift }, Value::Number(number)) => Ok(print(*number, *shift)),
        (Kind::Code(codes), Value::Text(text)) => {
            let found = codes.iter().find(|(ours, _)| ours == text);
            found.map(|(_, theirs)| theirs.clone()).ok_or(Wrong::UnknownCode)
        }
        _ => Err(Wrong::OtherKind),
    }
}

/// What a text from the other side is here; none where nothing stands there.
pub(crate) fn ours(kind: &Kind, text: &str) -> Result<Option<Value>, Wrong> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let value = match kind {
        Kind::Text => Value::Text(checked(text)?.to_owned()),
        Kind::Number { shift } => Value::Number(scan(text, *shift)?),
        Kind::Code(codes) => {
            let found = codes.iter().find(|(_, theirs)| theirs == text);
            Value::Text(found.map(|(ours, _)| ours.clone()).ok_or(Wrong::UnknownCode)?)
        }
    };
    Ok(Some(value))
}

/// A text that may stand in a file: short, without control characters, and no formula to a spreadsheet.
fn checked(text: &str) -> Result<&str, Wrong> {
    if text.chars().count() > MAX_CHARS {
        return Err(Wrong::TooLong);
    }
    if text.chars().any(char::is_control) || text.starts_with(['=', '+', '-', '@']) {
        return Err(Wrong::Characters);
    }
    Ok(text)
}
