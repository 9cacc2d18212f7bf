//! What stands in the places of a route's path. It is read before the handler: an address that cannot name anything is
//! answered like one that names nothing, and no handler is given a text that it would have to judge.

use crate::clean::has_invisible;
use crate::form::year_of;
use jiedui_kernel::{Error, Id, Result};

/// The place whose value is a year; every other holds an [`Id`].
const YEAR: &str = "year";

#[derive(Debug, Clone, Default)]
pub struct PathValues {
    ids: Vec<(String, Id)>,
    year: Option<i32>,
}

impl PathValues {
    /// # Errors
    /// `NotFound` where a value is none of its place.
    pub(crate) fn read(values: &[(String, String)]) -> Result<Self> {
        let mut read = Self::default();
        for (name, value) in values {
            if has_invisible(value) {
                return Err(Error::NotFound);
            }
            if name == YEAR {
                read.year = Some(year_of(value).ok_or(Error::NotFound)?);
            } else {
                read.ids.push((name.clone(), Id::parse(value).ok_or(Error::NotFound)?));
            }
        }
        Ok(read)
    }

    /// Empty where the route has no such place: there is nothing of that name.
    pub(crate) fn id(&self, name: &str) -> Id {
        self.ids.iter().find(|(key, _)| key == name).map(|(_, id)| id.clone()).unwrap_or_default()
    }

    /// # Errors
    /// `NotFound` where the route has no year.
    pub fn year(&self) -> Result<i32> {
        self.year.ok_or(Error::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<PathValues> {
        PathValues::read(&[(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn an_address_that_names_nothing_is_not_found() {
        assert_eq!(&*read("id", "T4.2").unwrap().id("id"), "T4.2");
        assert_eq!(read("year", "2026").unwrap().year().unwrap(), 2026);
        for (name, value) in
            [("id", "a b"), ("id", "甲"), ("id", ""), ("year", "26"), ("year", "x"), ("year", "+2026")]
        {
            assert!(matches!(read(name, value), Err(Error::NotFound)), "{name} {value}");
        }
        let none = PathValues::default();
        assert!(none.id("id").is_empty() && matches!(none.year(), Err(Error::NotFound)));
    }
}
