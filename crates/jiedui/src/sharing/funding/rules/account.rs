//! Whose money a movement is: of an output, of a project's budget line that no output carries, or of a source by itself. A form
//! names it in one word, so that nobody types source, project and year again.

use super::super::data::{DatedRow, MoveKind};
use super::book::{Book, BudgetLine, Money};
use jiedui_funding::{Refusal, Timed};
use jiedui_kernel::{Code, FieldError, Unit};
use jiedui_programme::{FundingRules, FundingSource};

/// As a form names it, an output and a share alike by their ids: `o.ID`, `o.ID.PROJECT`, `p.PROJECT.SOURCE`, `s.SOURCE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// Of an output or a share, perhaps for a project that has money from the same source.
    Output {
        output: String,
        project: Option<String>,
    },
    Project {
        project: String,
        source: String,
    },
    Source(String),
}

impl Account {
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('.')?;
        let (first, second) = rest.split_once('.').map_or((rest, None), |(one, two)| (one, Some(two)));
        let first = first.to_owned();
        match (kind, second.map(str::to_owned)) {
            ("o", project) => Some(Self::Output { output: first, project }),
            ("p", Some(source)) => Some(Self::Project { project: first, source }),
            ("s", None) => Some(Self::Source(first)),
            _ => None,
        }
    }

    pub fn text(&self) -> String {
        match self {
            Self::Output { output, project: None } => format!("o.{output}"),
            Self::Output { output, project: Some(project) } => format!("o.{output}.{project}"),
            Self::Project { project, source } => format!("p.{project}.{source}"),
            Self::Source(source) => format!("s.{source}"),
        }
    }
}

/// One that a form may offer, with what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub account: Account,
    pub label: String,
    pub source: String,
    pub output: Option<String>,
    pub share: Option<String>,
    pub project: Option<String>,
}

/// A source whose money always comes by an output: what came of it is recorded there.
fn comes_by_outputs(source: &FundingSource) -> bool {
    source.output.iter().any(|one| !one.in_kind)
}

/// What a school's form offers for a kind of movement, in the order of the sources: the moneys that outputs carry, by themselves
/// and for each project that has money from the same source; where no output carries any, the projects; then the source by
/// itself.
pub fn offers(rules: &FundingRules, book: &Book, kind: MoveKind) -> Vec<Offer> {
    let mut found = Vec::new();
    for source in &rules.sources {
        let moneys: Vec<&Money> = book.moneys.iter().filter(|one| is_of(one, source)).collect();
        let lines = || book.lines.iter().filter(|line| line.source == source.id);
        if kind == MoveKind::Arrived {
            // What comes of an output is recorded there; what comes of a share has no other place.
            let shares = moneys.iter().filter(|money| money.share_of.is_some());
            found.extend(shares.map(|money| of_money(money, source, None)));
        }
        if !kind.brings() {
            for money in &moneys {
                found.push(of_money(money, source, None));
                found.extend(lines().map(|line| of_money(money, source, Some(line))));
            }
        }
        if moneys.iter().all(|money| money.share_of.is_some()) || kind == MoveKind::InKind {
            found.extend(lines().map(|line| of_line(line, source)));
        }
        if kind == MoveKind::InKind || !comes_by_outputs(source) {
            found.push(Offer {
                account: Account::Source(source.id.clone()),
                label: format!("{}：没有列入项目的", source.name),
                source: source.id.clone(),
                output: None,
                share: None,
                project: None,
            });
        }
    }
    found
}

fn is_of(money: &Money, source: &FundingSource) -> bool {
    money.source == source.id && !money.in_kind
}

fn of_money(money: &Money, source: &FundingSource, line: Option<&BudgetLine>) -> Offer {
    let id = Some(money.id.clone());
    let (output, share) = if money.share_of.is_some() { (None, id) } else { (id, None) };
    let own = Some(money.project.clone()).filter(|project| !project.is_empty());
    let project = line.map(|line| line.project.clone());
    let use_of = line.map_or_else(String::new, |line| format!("，用于项目“{}”", line.title));
    Offer {
        label: format!("{}：{}{use_of}", source.name, money.title),
        source: source.id.clone(),
        output,
        share,
        project: project.clone().or(own),
        account: Account::Output { output: money.id.clone(), project },
    }
}

fn of_line(line: &BudgetLine, source: &FundingSource) -> Offer {
    Offer {
        account: Account::Project { project: line.project.clone(), source: source.id.clone() },
        label: format!("{}：项目“{}”", source.name, line.title),
        source: source.id.clone(),
        output: None,
        share: None,
        project: Some(line.project.clone()),
    }
}

/// The days of a money: of an output as it says them, of the others as its movements do.
pub fn timed(account: &Account, book: &Book, rows: &[DatedRow]) -> Timed {
    let of = |pick: fn(MoveKind) -> bool| {
        rows.iter().filter(|row| pick(row.kind)).map(|row| (row.day, row.amount)).collect::<Vec<_>>()
    };
    let payments = of(|kind| matches!(kind, MoveKind::Paid | MoveKind::Returned));
    match account {
        Account::Output { output, .. } => {
            let money = book.moneys.iter().find(|one| one.id == *output);
            money.map_or_else(Timed::default, |money| Timed { payments, ..money.timed() })
        }
        Account::Project { project, source } => {
            let mut lines = book.lines.iter();
            let line = lines.find(|line| line.project == *project && line.source == *source);
            let approved = line.map(|line| line.cents);
            Timed { approved, arrivals: of(|kind| kind == MoveKind::Arrived), payments, ..Timed::default() }
        }
        Account::Source(_) => {
            Timed { arrivals: of(|kind| kind == MoveKind::Arrived), payments, ..Timed::default() }
        }
    }
}

/// A refusal at its field, with what to do.
pub fn mistake(why: Refusal) -> FieldError {
    let said = |cents: i64| {
        let (number, unit) = Unit::Yuan.shown(cents);
        format!("{number} {unit}")
    };
    let (field, mistake) = match why {
        Refusal::NotPositive => ("amount", Code::OutOfRange.says("金额应大于零。")),
        Refusal::InFuture => ("day", Code::InFuture.says("日期还没有到：请填实际发生的日期。")),
        Refusal::AboveApproved(0) => {
            ("amount", Code::MoreThanWhole.says("批复或备案的经费已经全部到位，请核对是哪一笔钱。"))
        }
        Refusal::AboveApproved(room) => {
            let words = format!("多于批复或备案的经费：最多还能到位 {}。请核对是哪一笔钱。", said(room));
            ("amount", Code::MoreThanWhole.says(words))
        }
        Refusal::AboveArrived(0) => {
            let words = "到这一天为止，这笔钱没有可用的结余：请先登记到位，或核对日期和是哪一笔钱。";
            ("amount", Code::MoreThanWhole.says(words))
        }
        Refusal::AboveArrived(room) => {
            let words =
                format!("多于到位的钱：这一天最多还能付 {}。请核对金额、日期和是哪一笔钱。", said(room));
            ("amount", Code::MoreThanWhole.says(words))
        }
    };
    FieldError::new(field, mistake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_as_it_is_written() {
        let (output, project) = ("o1".to_owned(), Some("j1".to_owned()));
        for account in [
            Account::Output { output: output.clone(), project: None },
            Account::Output { output, project },
            Account::Project { project: "j1".to_owned(), source: "own".to_owned() },
            Account::Source("helper".to_owned()),
        ] {
            assert_eq!(Account::parse(&account.text()), Some(account));
        }
        assert_eq!((Account::parse("x.1"), Account::parse("p.1"), Account::parse("")), (None, None, None));
    }

    #[test]
    fn each_refusal_stands_at_its_field() {
        let at = |why| {
            let error = mistake(why);
            (error.field, error.code)
        };
        assert_eq!(at(Refusal::NotPositive), ("amount".to_owned(), Code::OutOfRange));
        assert_eq!(at(Refusal::InFuture), ("day".to_owned(), Code::InFuture));
        assert_eq!(at(Refusal::AboveArrived(5)), ("amount".to_owned(), Code::MoreThanWhole));
        assert!(mistake(Refusal::AboveApproved(123_000_000)).message.contains("123 万元"));
    }
}
