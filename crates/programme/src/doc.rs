//! TOML with places: each table is read into its type by serde, and any part of it can still be pointed at afterwards.

use crate::problem::Problem;
use crate::translate::{Said, syntax, translate};
use miette::NamedSource;
use serde::de::DeserializeOwned;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// One parsed file.
pub(crate) struct Doc<'t> {
    pub source: Arc<NamedSource<String>>,
    root: DeTable<'t>,
}

/// A table that was read into its type, with its place.
pub(crate) struct Item<'t, T> {
    pub value: T,
    source: Arc<NamedSource<String>>,
    node: Spanned<DeValue<'t>>,
}

pub(crate) fn source(file: &str, text: &str) -> Arc<NamedSource<String>> {
    Arc::new(NamedSource::new(file, text.to_owned()))
}

impl<'t> Doc<'t> {
    /// Reads the text; every syntax error of the file is a problem.
    pub fn parse(file: &str, text: &'t str, problems: &mut Vec<Problem>) -> Option<Self> {
        let source = source(file, text);
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let Said { message, help, .. } = syntax(error.message());
            problems.push(Problem::new(&source, visible(text, span), message, help));
        }
        errors.is_empty().then(|| Self { source, root: root.into_inner() })
    }

    /// Refuses keys at the top of the file that mean nothing there.
    pub fn only(&self, allowed: &[&str], problems: &mut Vec<Problem>) {
        for (key, _) in &self.root {
            if !allowed.contains(&key.get_ref().as_ref()) {
                problems.push(Problem::new(
                    &self.source,
                    key.span(),
                    format!("不认识的项“{}”", key.get_ref()),
                    format!("此文件可用的项：{}", allowed.join("、")),
                ));
            }
        }
    }

    pub fn has(&self, key: &str) -> bool {
        self.root.get(key).is_some()
    }

    /// The `[key]` table. Its absence is a problem.
    pub fn table<T: DeserializeOwned>(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Item<'t, T>> {
        let Some(node) = self.root.get(key) else {
            problems.push(Problem::new(
                &self.source,
                0..0,
                format!("缺少 [{key}]"),
                format!("请补上 [{key}] 这一段"),
            ));
            return None;
        };
        self.read(node, problems)
    }

    /// The `[[key]]` tables, as nodes that are not yet read.
    pub fn tables(&self, key: &str, problems: &mut Vec<Problem>) -> Vec<&Spanned<DeValue<'t>>> {
        match self.root.get(key).map(|node| (node.get_ref(), node.span())) {
            None => Vec::new(),
            Some((DeValue::Array(list), _)) => list.iter().collect(),
            Some((_, span)) => {
                problems.push(Problem::new(
                    &self.source,
                    span,
                    format!("“{key}”应当是一组表"),
                    format!("请写成 [[{key}]]，每段一个"),
                ));
                Vec::new()
            }
        }
    }

    /// Reads a node into its type. What serde refuses is noted and taken out, and the rest is tried again, so that one
    /// pass names every unknown key and every wrong type of the table.
    pub fn read<T: DeserializeOwned>(
        &self,
        node: &Spanned<DeValue<'t>>,
        problems: &mut Vec<Problem>,
    ) -> Option<Item<'t, T>> {
        let mut rest = node.clone();
        let mut removed: Vec<String> = Vec::new();
        loop {
            let error = match T::deserialize(ValueDeserializer::from(rest.clone())) {
                Ok(value) => {
                    let source = Arc::clone(&self.source);
                    return Some(Item { value, source, node: node.clone() });
                }
                Err(error) => error,
            };
            let span = error.span().unwrap_or_else(|| node.span());
            let Said { message, help, missing } = translate(error.message());
            let follows = missing.is_some_and(|key| removed.contains(&key));
            if !follows {
                let shown = visible(self.source.inner(), span.clone());
                problems.push(Problem::new(&self.source, shown, message, help));
            }
            match remove(rest.get_mut(), &span) {
                Some(key) => removed.push(key),
                None => return None,
            }
        }
    }
}

impl<T> Item<'_, T> {
    /// A problem at the value that the dotted path leads to (`field.0.label`), or at the nearest part that exists.
    pub fn problem(&self, path: &str, message: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem::new(&self.source, self.span(path), message, help)
    }

    /// Whether a key was written, which its type cannot tell where there is a default.
    pub fn has(&self, path: &str) -> bool {
        path.split('.').try_fold(&self.node, |node, step| child(node, step)).is_some()
    }

    /// Keys of the table at `path`.
    pub fn keys(&self, path: &str) -> Vec<String> {
        match path.split('.').try_fold(&self.node, |node, step| child(node, step)).map(Spanned::get_ref) {
            Some(DeValue::Table(table)) => table.keys().map(|key| key.get_ref().to_string()).collect(),
            _ => Vec::new(),
        }
    }

    fn span(&self, path: &str) -> Range<usize> {
        let mut at = &self.node;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            match child(at, step) {
                Some(next) => at = next,
                None => break,
            }
        }
        visible(self.source.inner(), at.span())
    }
}

fn child<'a, 't>(node: &'a Spanned<DeValue<'t>>, step: &str) -> Option<&'a Spanned<DeValue<'t>>> {
    match node.get_ref() {
        DeValue::Table(table) => table.get(step),
        DeValue::Array(list) => list.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The text at `key` of a node, where it is one.
pub(crate) fn text_at<'a>(node: &'a Spanned<DeValue<'_>>, key: &str) -> Option<(&'a str, Range<usize>)> {
    let found = child(node, key)?;
    Some((found.get_ref().as_str()?, found.span()))
}

/// Takes out the entry whose key or value stands at `span`; says which key it was.
fn remove(value: &mut DeValue<'_>, span: &Range<usize>) -> Option<String> {
    match value {
        DeValue::Table(table) => {
            let hit = table
                .iter()
                .find(|(key, value)| key.span() == *span || value.span() == *span)
                .map(|(key, _)| key.get_ref().to_string());
            if let Some(key) = hit {
                table.remove(key.as_str());
                return Some(key);
            }
            table.iter_mut().find_map(|(_, value)| remove(value.get_mut(), span))
        }
        DeValue::Array(list) => {
            if list.iter().any(|value| value.span() == *span) {
                let kept = list.iter().filter(|value| value.span() != *span).cloned().collect::<Vec<_>>();
                *list = kept.into_iter().fold(toml::de::DeArray::new(), |mut into, value| {
                    into.push(value);
                    into
                });
                return Some(String::new());
            }
            list.iter_mut().find_map(|value| remove(value.get_mut(), span))
        }
        _ => None,
    }
}

/// A span that lies on character borders and within its first line, so that the caret stands where the reader looks.
fn visible(text: &str, span: Range<usize>) -> Range<usize> {
    let Some(part) = text.get(span.clone()) else { return 0..0 };
    let first = part.split('\n').next().unwrap_or(part);
    span.start..span.start + first.len()
}
