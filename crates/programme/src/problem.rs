//! What is wrong with a programme, where, and what to do about it. Messages are Chinese: an official reads them.

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One thing that keeps a programme from being loaded.
#[derive(Clone)]
pub struct Problem {
    /// File name relative to the programme directory.
    pub file: String,
    pub message: String,
    /// What to do.
    pub help: String,
    /// Bytes of the file that the caret points at.
    pub span: Range<usize>,
    source: Arc<NamedSource<String>>,
}

impl Problem {
    /// `source` is the file's text under its name, shared by all problems of that file.
    pub(crate) fn new(
        source: &Arc<NamedSource<String>>,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            file: source.name().to_owned(),
            message: message.into(),
            help: help.into(),
            span,
            source: Arc::clone(source),
        }
    }

    /// Something else about the same place.
    pub(crate) fn saying(&self, message: String, help: &str) -> Self {
        Self { message, help: help.to_owned(), ..self.clone() }
    }

    /// Line and column in characters, both from 1.
    pub fn position(&self) -> (usize, usize) {
        let text = self.source.inner();
        let before = text.get(..self.span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
        (line, column)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.position();
        write!(f, "{}:{line}:{column}: {}（{}）", self.file, self.message, self.help)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.source.inner().is_empty()).then_some(&*self.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.source.inner().is_empty() {
            return None;
        }
        Some(Box::new(std::iter::once(LabeledSpan::underline(self.span.clone()))))
    }
}
