//! What is wrong with a row or a file.

/// One fault, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In CSV as an editor counts, the heading being the first; in JSON the object, from 1. 0 where the file is meant.
    pub line: usize,
    /// By what the row is known again, as far as it says; "" where the file or its heading is meant.
    pub key: String,
    /// As the other side calls the column; "" where the whole line is meant.
    pub field: String,
    pub wrong: Wrong,
}

impl Fault {
    /// Of the file as a whole.
    pub(crate) fn file(wrong: Wrong) -> Self {
        Self { line: 0, key: String::new(), field: String::new(), wrong }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    Empty,
    /// More bytes than [`crate::MAX_BYTES`].
    TooLarge,
    /// More rows than [`crate::MAX_ROWS`].
    TooManyRows,
    /// Not UTF-8.
    Encoding,
    /// Neither the table nor the list of objects that it should be.
    Shape,
    MissingColumn,
    UnknownColumn,
    RepeatedColumn,
    /// A line with more or fewer places than the heading.
    Width,
    /// A part of the key is not there.
    NoKey,
    /// A row before it has the same key.
    RepeatedKey,
    TooLong,
    /// Control characters, or a beginning that spreadsheets take for a formula.
    Characters,
    NoNumber,
    /// More decimals than our unit has.
    TooFine,
    OutOfRange,
    UnknownCode,
    /// A text where a number stands in our table, or the other way round: a fault of the one who drew it.
    OtherKind,
    /// There are more faults than are listed.
    More,
}
