//! How far a project list has come, and on which days each step of it was done.

use super::plan::back;
use super::rng::SeededRng;
use super::schools::HOME;
use chrono::Datelike as _;
use jiedui_kernel::Date;
use jiedui_programme::Calendar;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Nearby,
    County,
}

/// Something done to a list, or to the project at this place in its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// By the lead college, with all its projects.
    Begin,
    Submit,
    Agree(Side),
    /// By the county school.
    SendBack(&'static str),
    /// By the city.
    Comment(&'static str),
    File,
    /// By the provincial office.
    Return,
    /// The lead college changes a project, in a list that was sent back or that is in force.
    Mend,
    Close(usize, &'static str),
    /// The county school closes the need that the project answered.
    Met(usize, &'static str, &'static str),
}

/// Where a list of these days stands; the others went their way in spring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Usual,
    Draft,
    SentBack,
    Agreeing,
    HalfAgreed,
    Submitted,
    Commented,
    /// The city said nothing, and its time is over.
    Silent,
    Returned,
    Amending,
    AmendAgreeing,
    /// Filed, amended, and filed again.
    Amended,
}

/// The lists of the present year that did not simply go their way.
const PRESENT: [(&str, Stage); 9] = [
    ("440282", Stage::Commented),
    ("440881", Stage::Silent),
    ("441625", Stage::SentBack),
    ("445122", Stage::HalfAgreed),
    ("441721", Stage::Commented),
    ("445322", Stage::Agreeing),
    ("440784", Stage::Amending),
    ("441523", Stage::AmendAgreeing),
    ("441427", Stage::Amended),
];

/// Those of HOME's lead college: one to mend, one to finish, one about which its city has to speak. From autumn on these
/// are next year's.
const OF_LEAD: [(&str, Stage); 4] = [
    ("441324", Stage::Returned),
    ("441424", Stage::Submitted),
    ("441882", Stage::Draft),
    ("441403", Stage::HalfAgreed),
];

/// The lists of next year that were begun already.
const NEXT: [(&str, Stage); 3] =
    [(HOME, Stage::Agreeing), ("440281", Stage::Submitted), ("440981", Stage::HalfAgreed)];

fn of(stages: &[(&str, Stage)], code: &str) -> Option<Stage> {
    stages.iter().find(|(county, _)| *county == code).map(|(_, stage)| *stage)
}

/// From autumn on, next year's lists are drafted.
fn autumn(today: Date) -> bool {
    today.month() >= 9
}

pub fn present(code: &str, today: Date) -> Stage {
    let of_lead = of(&OF_LEAD, code).filter(|_| !autumn(today));
    of_lead.or_else(|| of(&PRESENT, code)).unwrap_or(Stage::Usual)
}

pub fn next(code: &str, today: Date) -> Option<Stage> {
    let stage = of(&OF_LEAD, code).or_else(|| of(&NEXT, code));
    stage.filter(|_| autumn(today) || code == HOME)
}

const WORDS: [&str; 4] = [
    "无意见。",
    "同意报送，请牵头院校按月更新进度。",
    "项目与县里产业对得上，建议把企业一方写进责任单位。",
    "建议把培训班安排在农闲时节，其他无意见。",
];
const SENT_BACK: [&str; 2] = [
    "实训设备项目的经费还没有和县局商定，请改后再报。",
    "跟岗安排在毕业考核周，教师抽不出来，请调整起止日期。",
];

pub struct Days<'a> {
    pub rng: &'a SeededRng,
    pub calendar: &'a Calendar,
    pub today: Date,
}

impl Days<'_> {
    /// What was done to a list, each step on a later working day than the one before it.
    pub fn of(&self, stage: Stage, begin: Date) -> Vec<(Date, Act)> {
        match stage {
            Stage::Usual => self.usual(begin),
            Stage::Amending => self.amended(begin, &[(5, Act::Mend)]),
            Stage::AmendAgreeing => self.amended(begin, &[(9, Act::Mend), (5, Act::Submit)]),
            Stage::Amended => self.amended(
                begin,
                &[
                    (60, Act::Mend),
                    (57, Act::Submit),
                    (55, Act::Agree(Side::Nearby)),
                    (53, Act::Agree(Side::County)),
                    (51, Act::Comment("同意变更。")),
                    (49, Act::File),
                ],
            ),
            stage => self.on_its_way(stage),
        }
    }

    fn usual(&self, begin: Date) -> Vec<(Date, Act)> {
        let mut acts = vec![(begin, Act::Begin)];
        let mut at = begin;
        let mut then = |least: i64, most: i64, act: Act| {
            at = self.calendar.workdays.after(at, u32::try_from(self.rng.between(least, most)).unwrap_or(1));
            acts.push((at, act));
        };
        then(4, 9, Act::Submit);
        let roll = self.rng.below(100);
        if roll < 12 {
            then(1, 3, Act::Agree(Side::Nearby));
            then(1, 3, Act::SendBack(self.rng.word(&SENT_BACK)));
            then(1, 3, Act::Mend);
            then(1, 2, Act::Submit);
        }
        then(1, 3, Act::Agree(Side::Nearby));
        then(1, 3, Act::Agree(Side::County));
        if (12..20).contains(&roll) {
            then(1, 3, Act::Return);
            then(1, 3, Act::Submit);
        }
        if self.rng.chance(14) {
            // After the city's five working days.
            then(6, 8, Act::File);
        } else {
            then(1, 4, Act::Comment(self.rng.word(&WORDS)));
            then(1, 3, Act::File);
        }
        acts
    }

    /// Filed in spring, and changed so many working days ago.
    fn amended(&self, begin: Date, later: &[(u32, Act)]) -> Vec<(Date, Act)> {
        let mut acts = self.usual(begin);
        let filed = acts.last().map_or(begin, |(day, _)| *day);
        acts.extend(self.ago(later).into_iter().filter(|(day, _)| *day > filed));
        acts
    }

    fn on_its_way(&self, stage: Stage) -> Vec<(Date, Act)> {
        let agreed = [Act::Begin, Act::Submit, Act::Agree(Side::Nearby), Act::Agree(Side::County)];
        let comment = Act::Comment(self.rng.word(&WORDS));
        let days: &[u32] = match stage {
            Stage::Draft => &[6],
            Stage::SentBack => &[12, 7, 5],
            Stage::Agreeing => &[9, 3],
            Stage::HalfAgreed => &[10, 4, 2],
            Stage::Submitted => &[14, 6, 4, 2],
            Stage::Commented => &[20, 10, 8, 6],
            Stage::Silent => &[22, 14, 12, 9],
            _ => &[25, 16, 14, 12],
        };
        let mut steps: Vec<(u32, Act)> = days.iter().copied().zip(agreed).collect();
        match stage {
            Stage::SentBack => steps.push((3, Act::SendBack(SENT_BACK[0]))),
            Stage::Commented => steps.push((3, comment)),
            Stage::Returned => steps.extend([(9, comment), (6, Act::Return)]),
            _ => {}
        }
        self.ago(&steps)
    }

    fn ago(&self, steps: &[(u32, Act)]) -> Vec<(Date, Act)> {
        steps.iter().map(|(workdays, act)| (back(self.calendar, self.today, *workdays), *act)).collect()
    }
}
