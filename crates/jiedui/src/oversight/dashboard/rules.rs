//! What of a desk is told in the letter of the day: what is newly there, what falls due soon, what is overdue; each once.

pub mod walls;

use jiedui_kernel::{Date, Workdays, hex};
use jiedui_programme::Notices;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// So many lines a letter has of each stage; the rest stands on the desk.
const LINES: usize = 12;
/// So many lines of a desk are kept in mind.
const TOLD: usize = 400;

/// A line of a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskLine {
    pub href: String,
    pub words: String,
    /// How many stand behind it.
    pub number: i64,
    pub due: Option<Date>,
    pub is_late: bool,
}

/// How a line stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Late,
    Soon,
    New,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Late, Self::Soon, Self::New];

    fn title(self) -> &'static str {
        match self {
            Self::Late => "已过期限",
            Self::Soon => "将到期",
            Self::New => "新到的事项",
        }
    }

    fn of(line: &DeskLine, (workdays, notices): (&Workdays, Notices), today: Date) -> Self {
        let soon = |due: Date| workdays.between(today, due) <= i64::from(notices.reminder_workdays);
        if line.is_late || line.due.is_some_and(|due| due < today) {
            Self::Late
        } else if line.due.is_some_and(soon) {
            Self::Soon
        } else {
            Self::New
        }
    }
}

fn key(line: &DeskLine, stage: Stage) -> String {
    let digest = Sha256::digest(format!("{}\n{}\n{stage:?}", line.href, line.words));
    hex(digest).chars().take(16).collect()
}

fn read(told: &str) -> BTreeMap<&str, i64> {
    let pairs = told.split(' ').filter_map(|one| one.split_once(':'));
    pairs.filter_map(|(key, number)| Some((key, number.parse().ok()?))).collect()
}

/// What is told of a desk today, under a heading each, and what to keep in mind so that it is told once. `told` is what was
/// kept in mind with the letter before.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct DayDigest {
    pub parts: Vec<(String, Vec<String>)>,
    pub told: String,
}

pub fn told(lines: &[DeskLine], rules: (&Workdays, Notices), today: Date, before: &str) -> DayDigest {
    let known = read(before);
    let mut news: BTreeMap<Stage, Vec<String>> = BTreeMap::new();
    let mut kept = Vec::new();
    for line in lines {
        let stage = Stage::of(line, rules, today);
        let key = key(line, stage);
        if known.get(key.as_str()).is_none_or(|number| *number < line.number) {
            news.entry(stage).or_default().push(line.words.clone());
        }
        if kept.len() < TOLD {
            kept.push(format!("{key}:{}", line.number));
        }
    }
    let part = |stage: Stage| {
        let mut lines = news.remove(&stage)?;
        let more = lines.len().saturating_sub(LINES);
        lines.truncate(LINES);
        if more > 0 {
            lines.push(format!("其余 {more} 项在工作台上"));
        }
        Some((stage.title().to_owned(), lines))
    };
    DayDigest { parts: Stage::ALL.into_iter().filter_map(part).collect(), told: kept.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn line(href: &str, due: Option<&str>) -> DeskLine {
        DeskLine {
            href: href.to_owned(),
            words: href.to_owned(),
            number: 1,
            due: due.map(day),
            is_late: false,
        }
    }

    fn at(lines: &[DeskLine], today: &str, before: &str) -> DayDigest {
        told(lines, (&Workdays::default(), Notices::default()), day(today), before)
    }

    fn titles(told: &DayDigest) -> Vec<&str> {
        told.parts.iter().map(|(title, _)| title.as_str()).collect()
    }

    #[test]
    fn each_stage_of_a_line_is_told_once() {
        let lines = [line("/a", Some("2026-12-31"))];
        let first = at(&lines, "2026-11-24", "");
        assert_eq!(titles(&first), ["新到的事项"]);
        assert!(at(&lines, "2026-11-25", &first.told).parts.is_empty(), "nothing new, no letter");
        let soon = at(&lines, "2026-12-24", &first.told);
        assert_eq!(titles(&soon), ["将到期"], "five working days before");
        assert!(at(&lines, "2026-12-25", &soon.told).parts.is_empty());
        let late = at(&lines, "2027-01-04", &soon.told);
        assert_eq!(titles(&late), ["已过期限"]);
        assert!(at(&lines, "2027-01-05", &late.told).parts.is_empty(), "nobody is told every day");
    }

    #[test]
    fn more_behind_a_line_is_new_and_less_is_not() {
        let of = |number: i64| [DeskLine { number, ..line("/entries", None) }];
        let first = at(&of(2), "2026-11-24", "");
        assert!(at(&of(1), "2026-11-25", &first.told).parts.is_empty());
        assert_eq!(titles(&at(&of(3), "2026-11-25", &first.told)), ["新到的事项"]);
    }

    #[test]
    fn a_letter_is_no_list_of_everything() {
        let lines: Vec<DeskLine> = (0..500).map(|at| line(&format!("/{at}"), None)).collect();
        let told = at(&lines, "2026-11-24", "");
        assert_eq!(told.parts[0].1.len(), LINES + 1);
        assert!(told.told.split(' ').count() == TOLD && told.parts[0].1[LINES].contains("488"));
    }
}
