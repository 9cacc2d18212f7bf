//! From an exchange of the programme to the schema of its files.

use jiedui_exchange::{Column, Form, Kind, Schema};
use jiedui_kernel::{Error, Result, Unit};
use jiedui_programme::{Exchange, ExchangeColumn, ExchangeForm, Programme};

/// What files of this exchange look like.
pub fn schema(programme: &Programme, exchange: &Exchange) -> Result<Schema> {
    let form = match exchange.form {
        ExchangeForm::Csv => Form::Csv,
        ExchangeForm::Json => Form::Json,
    };
    let columns = exchange.columns.iter().map(|column| {
        let kind = kind(programme, column)?;
        Ok(Column { field: column.field.clone(), kind, key: column.key })
    });
    Ok(Schema { form, columns: columns.collect::<Result<_>>()? })
}

fn kind(programme: &Programme, column: &ExchangeColumn) -> Result<Kind> {
    if let Some(shift) = column.unit(programme).map(|unit| column.shift(unit)) {
        let wrong = || Error::internal(format_args!("{}: per is no power of ten", column.field));
        return Ok(Kind::Number { shift: shift.ok_or_else(wrong)? });
    }
    if column.codes.is_empty() {
        return Ok(Kind::Text);
    }
    Ok(Kind::Code(column.codes.iter().map(|code| (code.ours.clone(), code.theirs.clone())).collect()))
}

/// What stands in a column, for whoever writes or reads such a file.
pub fn kind_words(programme: &Programme, column: &ExchangeColumn) -> String {
    let Some(unit) = column.unit(programme) else {
        return if column.codes.is_empty() { "文字" } else { "代码" }.to_owned();
    };
    let decimals = column.shift(unit).is_some_and(|shift| shift > 0);
    let ours = if column.per == 1 { unit.label().to_owned() } else { scaled(unit, column.per) };
    format!("{}，单位是{ours}", if decimals { "可以带小数的数" } else { "整数" })
}

fn scaled(unit: Unit, per: i64) -> String {
    let word = match per {
        10 => "十",
        100 => "百",
        1_000 => "千",
        _ => "万",
    };
    format!("{word}{}", unit.label())
}
