//! What is wrong with one input: a code for programs and tests, and a sentence for the reader. The sentence may be bettered
//! at any time; the code stays.

use serde::{Serialize, Serializer};

/// What kind of mistake it is. Few, so that one knows them all; which one of its kind it is, the field says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Code {
    /// Nothing is there where something must be.
    Missing,
    TooLong,
    TooShort,
    /// A file beyond its size.
    TooLarge,
    /// More rows or things than are taken at once.
    TooMany,
    NoNumber,
    NoDate,
    /// A number or a span of days outside of what can be.
    OutOfRange,
    /// A part that is more than its whole.
    MoreThanWhole,
    /// A later day before an earlier one.
    Reversed,
    /// A day that is still to come.
    InFuture,
    /// A day that has passed.
    InPast,
    /// Days outside of those for which it holds: of a pairing, a list, an entry.
    NotInPeriod,
    /// It meets something else in time.
    Overlap,
    /// It is there already.
    Duplicate,
    /// Nothing would change.
    Unchanged,
    /// It is none of the things to choose from, or there is nothing of that name.
    NotListed,
    /// There are several of that name.
    Ambiguous,
    /// One school in two places of a pairing.
    SameSchool,
    /// Not for this kind of thing, of organisation or of role.
    NotFitting,
    /// The person held no fitting post on the day.
    NoPost,
    /// Two answers that cannot be given together.
    Contradiction,
    /// Two inputs that must be the same are not.
    NoMatch,
    /// A password that is guessed too easily.
    Weak,
    /// Signs that may not stand there.
    Characters,
    /// A file of another kind.
    WrongFile,
    /// A form or a file that did not come whole.
    Incomplete,
    /// A file that does not keep to its format, or contradicts itself; the place in it says where.
    #[default]
    Faulty,
    /// Somebody else wrote first.
    Changed,
    /// A hardly likely figure, to be confirmed or mended.
    Unlikely,
    /// A relation of the programme, by its id.
    Relation(String),
}

impl Code {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Missing => "missing",
            Self::TooLong => "too_long",
            Self::TooShort => "too_short",
            Self::TooLarge => "too_large",
            Self::TooMany => "too_many",
            Self::NoNumber => "no_number",
            Self::NoDate => "no_date",
            Self::OutOfRange => "out_of_range",
            Self::MoreThanWhole => "more_than_whole",
            Self::Reversed => "reversed",
            Self::InFuture => "in_future",
            Self::InPast => "in_past",
            Self::NotInPeriod => "not_in_period",
            Self::Overlap => "overlap",
            Self::Duplicate => "duplicate",
            Self::Unchanged => "unchanged",
            Self::NotListed => "not_listed",
            Self::Ambiguous => "ambiguous",
            Self::SameSchool => "same_school",
            Self::NotFitting => "not_fitting",
            Self::NoPost => "no_post",
            Self::Contradiction => "contradiction",
            Self::NoMatch => "no_match",
            Self::Weak => "weak",
            Self::Characters => "characters",
            Self::WrongFile => "wrong_file",
            Self::Incomplete => "incomplete",
            Self::Faulty => "faulty",
            Self::Changed => "changed",
            Self::Unlikely => "unlikely",
            Self::Relation(id) => id,
        }
    }

    /// A mistake of this kind in these words.
    pub fn says(self, words: impl Into<String>) -> Mistake {
        Mistake { code: self, words: words.into() }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// What is wrong, before it is known at which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub code: Code,
    pub words: String,
}

impl Mistake {
    /// Nothing was written where `what` is asked.
    pub fn missing(what: &str) -> Self {
        Code::Missing.says(format!("请填写{what}。"))
    }

    /// Nothing was chosen where `what` is asked.
    pub fn not_chosen(what: &str) -> Self {
        Code::Missing.says(format!("请选择{what}。"))
    }

    /// `what` has `found` characters, of at most `most`.
    pub fn too_long(what: &str, most: usize, found: usize) -> Self {
        Code::TooLong.says(format!("{what}最多 {most} 个字，现有 {found} 个。"))
    }

    pub fn no_date(text: &str) -> Self {
        Code::NoDate.says(format!("“{text}”不是日期，请写成 2024-07-26 的样子。"))
    }

    /// None of the answers that `what` offers.
    pub fn not_offered(what: &str, text: &str) -> Self {
        Code::NotListed.says(format!("{what}没有“{text}”这一项，请从列表里选。"))
    }

    /// A span that ends before it begins.
    pub fn reversed() -> Self {
        Code::Reversed.says("结束日期早于开始日期，两个日期可能写反了。")
    }

    /// Of the thing named: `what` stands before the words.
    pub fn of(self, what: &str) -> Self {
        Self { words: format!("{what}{}", self.words), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_mistakes_name_what_is_meant_and_how_to_mend_it() {
        let said = |mistake: Mistake| (mistake.code, mistake.words);
        assert_eq!(said(Mistake::missing("名称")), (Code::Missing, "请填写名称。".to_owned()));
        assert_eq!(said(Mistake::not_chosen("日期")), (Code::Missing, "请选择日期。".to_owned()));
        assert_eq!(
            said(Mistake::too_long("说明", 200, 231)),
            (Code::TooLong, "说明最多 200 个字，现有 231 个。".to_owned())
        );
        assert!(Mistake::no_date("昨天").words.contains("“昨天”不是日期"));
        assert!(Mistake::not_offered("方式", "x").words.contains("方式没有“x”这一项"));
        assert!(Mistake::reversed().words.contains("写反"));
        assert_eq!(Code::NoNumber.says("应是数字。").of("人数").words, "人数应是数字。");
    }

    #[test]
    fn a_code_is_one_stable_word() {
        assert_eq!(Code::NotInPeriod.as_str(), "not_in_period");
        assert_eq!(Code::Relation("rel-awards".to_owned()).as_str(), "rel-awards");
    }
}
