//! Bind parameters. Nulls carry their type, which PostgreSQL needs.

use jiedui_kernel::{Date, Id, Instant};

#[derive(Debug, Clone)]
pub enum Arg {
    Text(Option<String>),
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(bool),
    Date(Option<Date>),
    Instant(Option<Instant>),
    Bytes(Vec<u8>),
}

macro_rules! from {
    ($($type:ty => $make:expr),+ $(,)?) => {
        $(impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                let make: fn($type) -> Arg = $make;
                make(value)
            }
        })+
    };
}

from! {
    &str => |v| Arg::Text(Some(v.to_owned())),
    String => |v| Arg::Text(Some(v)),
    &Id => |v| Arg::Text(Some(v.to_string())),
    Id => |v| Arg::Text(Some(v.into())),
    &String => |v| Arg::Text(Some(v.clone())),
    Option<String> => Arg::Text,
    Option<&str> => |v| Arg::Text(v.map(str::to_owned)),
    i64 => |v| Arg::Int(Some(v)),
    Option<i64> => Arg::Int,
    f64 => |v| Arg::Real(Some(v)),
    Option<f64> => Arg::Real,
    bool => Arg::Bool,
    Date => |v| Arg::Date(Some(v)),
    Option<Date> => Arg::Date,
    Instant => |v| Arg::Instant(Some(v)),
    Option<Instant> => Arg::Instant,
    Vec<u8> => Arg::Bytes,
}

/// `args![a, b, c]`: bind parameters in order.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Arg::from($value)),*] };
}
