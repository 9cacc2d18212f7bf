//! The name of a natural person, as it is read from the database: masked wherever it is written out, until something that
//! knows the reader opens it (docs/decisions/0020-masked-names.md).

use serde::{Serialize, Serializer};
use sqlx::{Database, Decode, Type};
use std::fmt::{Debug, Display, Formatter};

/// Stands for everything after the first character: how long a name is tells whose it is.
const MASK: &str = "**";

/// A person with the post under which the row names them. Selected by [`person_name!`](crate::person_name!).
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName {
    person: String,
    post: String,
    name: String,
    open: bool,
}

impl PersonName {
    pub fn new(person: impl Into<String>, post: impl Into<String>, name: impl Into<String>) -> Self {
        Self { person: person.into(), post: post.into(), name: name.into(), open: false }
    }

    /// The person's id.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The post under which the row names the person; "" where it names none.
    pub fn post(&self) -> &str {
        &self.post
    }

    /// Written out in full from here on: for whoever decided that the reader may see it.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// The name itself, whoever reads: for comparing, and for what one chooses from. A test lists where.
    pub fn whole(&self) -> &str {
        &self.name
    }
}

impl Display for PersonName {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        if self.open {
            return to.write_str(&self.name);
        }
        match self.name.chars().next() {
            Some(first) => write!(to, "{first}{MASK}"),
            None => Ok(()),
        }
    }
}

impl Debug for PersonName {
    fn fmt(&self, to: &mut Formatter<'_>) -> std::fmt::Result {
        Display::fmt(self, to)
    }
}

impl Serialize for PersonName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<DB: Database> Type<DB> for PersonName
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }

    fn compatible(found: &DB::TypeInfo) -> bool {
        String::compatible(found)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for PersonName
where
    String: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let text = String::decode(value)?;
        let mut parts = text.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(person), Some(post), Some(name)) => Ok(Self::new(person, post, name)),
            _ => Err("a person's name is selected by person_name!".into()),
        }
    }
}

/// A column with a person's name, from the alias of the table `person` and what the row has for the post:
/// `person_name!("pe", "e.post")`. Nothing where there is no person.
#[macro_export]
macro_rules! person_name {
    ($person:literal, $post:expr) => {
        concat!($person, ".id || '/' || ", $post, " || '/' || ", $person, ".name")
    };
}

/// The person whom a record of a person is read as: itself, or the one to whom it leads since two were found to be one
/// (docs/decisions/0092-two-records-of-one-person.md): `person_led_to!("e.person")`.
#[macro_export]
macro_rules! person_led_to {
    ($person:expr) => {
        concat!(
            "COALESCE((SELECT lm.leads_to FROM person_merge lm WHERE lm.id = ",
            $person,
            " AND lm.agreed_on IS NOT NULL), ",
            $person,
            ")"
        )
    };
}

/// The records that are read as one person, in brackets, for `IN`: its own and those that lead to it. Of a record that leads
/// elsewhere there is but itself.
#[macro_export]
macro_rules! person_records {
    ($person:expr) => {
        concat!(
            "(SELECT rp.id FROM person rp WHERE rp.id = ",
            $person,
            " UNION ALL SELECT rm.id FROM person_merge rm WHERE rm.leads_to = ",
            $person,
            " AND rm.agreed_on IS NOT NULL)"
        )
    };
}

/// The foremost post that a person has at an organisation on a day, where the row itself names none; '' where there is
/// none.
#[macro_export]
macro_rules! foremost_post {
    ($person:literal, $org:literal, $day:literal) => {
        concat!(
            "COALESCE((SELECT fp.post FROM person_post fp WHERE fp.person IN ",
            $crate::person_records!($crate::person_led_to!($person)),
            " AND fp.org = ",
            $org,
            " AND fp.from_day <= ",
            $day,
            " AND (fp.to_day IS NULL OR fp.to_day >= ",
            $day,
            ") ORDER BY CASE fp.post WHEN 'head' THEN 1 WHEN 'party_secretary' THEN 2 WHEN 'deputy_head' THEN 3 ELSE 4 END, \
             fp.id LIMIT 1), '')"
        )
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_masked_until_it_is_opened() {
        let mut name = PersonName::new("p1", "teacher", "欧阳志远");
        assert_eq!((name.to_string(), format!("{name:?}")), ("欧**".to_owned(), "欧**".to_owned()));
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"欧**\"");
        name.open();
        assert_eq!(name.to_string(), "欧阳志远");
        assert_eq!(PersonName::new("", "", "").to_string(), "");
    }
}
