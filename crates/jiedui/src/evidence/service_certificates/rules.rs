//! What a certificate says, who gives it and takes it back, and what a stranger may read of it.

use super::data::{CertificateRow, CertificateState, NowRow};
use crate::shared::frozen::Stamp;
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Code, Date, Error, FieldError, Period, Unit};
use jiedui_programme::EntryState;
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;
use serde::{Deserialize, Serialize};

/// Given, and perhaps taken back: it never says something else.
pub const LIFE: Life<CertificateState> = {
    use CertificateState::{Issued, Withdrawn};
    Life {
        resource: "service_certificate",
        granted_as: "service_certificate",
        proposes: &[],
        rules: &[Rule::new(Role::Author, Action::Withdraw, "withdraw", &[Issued])
            .to(Withdrawn)
            .right("issue")],
    }
};

pub const STEPS: [(&str, &str); 2] = [("issue", "出具"), ("withdraw", "作废")];

impl CertificateState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Issued => "有效",
            Self::Withdrawn => "已作废",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Issued => StateMark::new("done", self.label(), "●"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Certificate of collaboration work 协作经历证明",
            about: "Given by the school of the teacher (the author) from the ledger; taken back where it should not be used any more.",
            begins: CertificateState::Issued,
            label: CertificateState::label,
            words: &STEPS,
        },
    )
}

impl Reviewed for CertificateRow {
    type State = CertificateState;
    const LIFE: &'static Life<CertificateState> = &LIFE;
    const CHANGED: &'static str = "这份证明刚被同事处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, CertificateState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        Standing::default().role(Role::Author, caller.actor.org == self.org)
    }

    fn title(&self) -> String {
        number(self.year, self.place)
    }

    fn refused(_action: Action, _why: Refusal) -> Error {
        Error::Forbidden("只有出具的单位可以作废，作废以后不能恢复，可以重新出具一份。".to_owned())
    }
}

/// How papers and pages name it.
pub fn number(year: i64, place: i64) -> String {
    format!("{year} 年第 {place} 号")
}

/// What the teacher may let the public page show, beside number, issuer, day and whether it is genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Name,
    Work,
}

impl Shown {
    pub const ALL: [Self; 2] = [Self::Name, Self::Work];

    pub fn id(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Work => "work",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "姓名",
            Self::Work => "协作的学校、事项和日期",
        }
    }

    /// As the row keeps them.
    pub fn join(of: &[Self]) -> String {
        of.iter().map(|one| one.id()).collect::<Vec<_>>().join(",")
    }

    pub fn is_in(self, kept: &str) -> bool {
        kept.split(',').any(|one| one == self.id())
    }
}

/// What stands on the paper, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub stamp: Stamp,
    pub number: String,
    pub org: String,
    pub person: String,
    pub from: Date,
    pub to: Date,
    pub issued_on: Date,
    /// The policy on which the rows that count by it can be used in a title review, with its number, and what it allows.
    pub policy: Option<[String; 3]>,
    pub rows: Vec<Work>,
}

/// One entry, as both sides have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    pub entry: String,
    pub what: String,
    pub school: String,
    pub from: Date,
    pub to: Date,
    /// How much of it counts; none where the person took part in what somebody else did.
    pub amount: Option<(i64, Unit)>,
    /// Of the entry, to tell whether it changed since.
    pub confirmed: i64,
    pub by: String,
    pub on: Option<Date>,
    /// Whether the policy of the certificate is about such work and was in force when it was done.
    #[serde(default)]
    pub counts: bool,
}

/// What marks a row that counts by the policy, on the paper and on pages.
pub const COUNTS: &str = "●";

impl Work {
    /// Whether the ledger says the same today.
    pub fn holds(&self, now: Option<&NowRow>) -> bool {
        now.is_some_and(|now| {
            (now.from_day, now.to_day, now.confirmed) == (self.from, self.to, self.confirmed)
                && matches!(now.state, EntryState::Confirmed | EntryState::Part)
        })
    }
}

/// The days of which a certificate may speak: none that are still to come.
pub fn days(from: Option<Date>, to: Option<Date>, today: Date) -> Result<Period, Vec<FieldError>> {
    let mut errors = Vec::new();
    let missing = |name: &str, label: &str| {
        FieldError::new(name, Code::Missing.says(format!("请填写{label}，格式如 {today}。")))
    };
    if from.is_none() {
        errors.push(missing("from", "从哪天"));
    }
    if to.is_none() {
        errors.push(missing("to", "到哪天"));
    }
    if to.is_some_and(|to| to > today) {
        errors.push(FieldError::new("to", Code::OutOfRange.says("只能证明已经过去的日子，请填今天或更早。")));
    }
    match (from, to) {
        (Some(from), Some(to)) if errors.is_empty() => Period::new(from, to)
            .ok_or_else(|| vec![FieldError::new("to", Code::Reversed.says("“到哪天”不能早于“从哪天”。"))]),
        _ => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn it_speaks_of_what_has_been() {
        let today = day("2026-11-24");
        assert!(days(Some(day("2026-01-01")), Some(today), today).is_ok());
        assert_eq!(days(None, None, today).unwrap_err().len(), 2);
        assert_eq!(days(Some(today), Some(day("2026-11-25")), today).unwrap_err()[0].field, "to");
        assert_eq!(days(Some(today), Some(day("2026-11-23")), today).unwrap_err()[0].field, "to");
    }

    #[test]
    fn what_is_shown_is_what_was_agreed_to() {
        let kept = Shown::join(&[Shown::Work]);
        assert!(Shown::Work.is_in(&kept) && !Shown::Name.is_in(&kept));
        assert!(!Shown::ALL.iter().any(|one| one.is_in("")));
    }

    #[test]
    fn a_row_holds_while_the_ledger_says_the_same() {
        let (from, to) = (day("2026-03-02"), day("2026-03-06"));
        let work = Work {
            entry: "e".to_owned(),
            what: "常驻".to_owned(),
            school: "县校".to_owned(),
            from,
            to,
            amount: Some((5, Unit::Days)),
            confirmed: 5,
            by: "县校".to_owned(),
            on: Some(to),
            counts: false,
        };
        let now =
            |confirmed, state| NowRow { id: "e".to_owned(), from_day: from, to_day: to, confirmed, state };
        assert!(work.holds(Some(&now(5, EntryState::Confirmed))));
        assert!(
            !work.holds(Some(&now(4, EntryState::Part)))
                && !work.holds(Some(&now(5, EntryState::Withdrawn)))
                && !work.holds(None)
        );
    }

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, CertificateState::Issued);
    }
}
