//! How a rule says what is wrong.

/// One breach of a rule: where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    pub path: String,
    /// 0 where the whole file is meant.
    pub line: usize,
    pub what: String,
}

impl Complaint {
    pub fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

/// All complaints as one text, for the message of a failing test.
pub fn report(complaints: &[Complaint]) -> String {
    complaints.iter().map(|c| format!("\n  {}:{}: {}", c.path, c.line, c.what)).collect()
}
