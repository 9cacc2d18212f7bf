//! What may be done to a post, by whom; and what may be written into it and into a cohort.

pub mod cohort;

use super::data::{VacancyRow, VacancyState};
use crate::shared::lives;
use crate::shared::review::{
    self, Action, Caller, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Period};
use jiedui_programme::{JobRules, Programme};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// The longest texts, in characters.
pub const TITLE: u32 = 40;
pub const REASON: u32 = 500;
/// No list of posts is for more at once; more is a typing error.
pub const MOST: i64 = 9_999;
/// Whoever takes more majors than these takes the category.
pub const MOST_MAJORS: usize = 5;

/// Recorded by one of the two, the school or a bureau above it, and answered by the other. Where there is no other side it
/// begins confirmed. Nobody has to end it: its last day does.
pub const LIFE: Life<VacancyState> = {
    use VacancyState::{Confirmed, Disputed, Recorded, Withdrawn};
    Life {
        resource: "vacancy",
        granted_as: "employment",
        proposes: &[],
        rules: &[
            Rule::new(Role::Author, Action::Withdraw, "withdraw", &[Recorded, Disputed, Confirmed])
                .to(Withdrawn)
                .right("record"),
            Rule::new(Role::Decider, Action::Accept, "confirm", &[Recorded, Disputed])
                .to(Confirmed)
                .right("answer"),
            Rule::new(Role::Decider, Action::Return, "dispute", &[Recorded, Confirmed])
                .to(Disputed)
                .right("answer"),
        ],
    }
};

pub const STEPS: [(&str, &str); 4] =
    [("record", "登记"), ("confirm", "确认"), ("dispute", "提出异议"), ("withdraw", "撤回")];

impl VacancyState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Recorded => "待确认",
            Self::Confirmed => "已确认",
            Self::Disputed => "有异议",
            Self::Withdrawn => "已撤回",
        }
    }

    pub fn mark(self) -> StateMark {
        match self {
            Self::Recorded => StateMark::new("claimed", self.label(), "○"),
            Self::Confirmed => StateMark::new("confirmed", self.label(), "●"),
            Self::Disputed => StateMark::new("disputed", self.label(), "◆"),
            Self::Withdrawn => StateMark::new("withdrawn", self.label(), "–"),
        }
    }
}

/// How a post stands on a day: its state, and whether its days have come or are over.
pub fn mark(row: &VacancyRow, today: Date) -> StateMark {
    match row.state {
        VacancyState::Confirmed if row.last_day < today => StateMark::new("withdrawn", "已过期", "–"),
        VacancyState::Confirmed if row.first_day > today => StateMark::new("pending", "还没有开始", "○"),
        VacancyState::Confirmed => StateMark::new("confirmed", "招聘中", "●"),
        state => state.mark(),
    }
}

/// For the drawings in docs/lives.md.
pub fn lives() -> Vec<lives::Life> {
    let drawing = review::Drawing {
        title: "Post 岗位",
        about: "Recorded by a school or a bureau above it (the author), answered by the other of the two; without another side it begins confirmed.",
        begins: VacancyState::Recorded,
        label: VacancyState::label,
        words: &STEPS,
    };
    vec![review::draw(&LIFE, &drawing)]
}

impl Reviewed for VacancyRow {
    type State = VacancyState;
    const LIFE: &'static Life<VacancyState> = &LIFE;
    const CHANGED: &'static str = "这个岗位刚被处理过，您的操作没有写入。请看过现在的情况再定。";

    fn head(&self) -> Head<'_, VacancyState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let org = &caller.actor.org;
        Standing::default()
            .role(Role::Author, *org == self.org)
            .role(Role::Decider, Some(org) == self.answerer.as_ref() && *org != self.org)
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Withdraw => "只有登记的单位可以撤回岗位，撤回过的不能再撤。",
            _ => "只有对方单位可以确认或提出异议，撤回了的不能再答复。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// What is to be recorded of a post.
#[derive(Debug, Clone, Default)]
pub struct NewVacancy {
    /// To whose graduates it is offered; "" for all.
    pub school: String,
    pub enterprise: String,
    pub title: String,
    pub occupation: String,
    /// The major category; "" for any, or for that of `majors`.
    pub major: String,
    /// Of the category; none where all of it fits.
    pub majors: Vec<String>,
    pub county: String,
    pub number: i64,
    pub pay: (Option<i64>, Option<i64>),
    pub days: Option<Period>,
}

/// What is wrong with it, beside its enterprise, its school and its county, which are looked up.
pub fn check(programme: &Programme, rules: &JobRules, new: &NewVacancy, today: Date) -> Vec<FieldError> {
    let listed = |known: bool, what: &str| (!known).then(|| Mistake::not_chosen(what));
    let majors = &programme.matching.categories.names;
    let reversed = matches!(new.pay, (Some(low), Some(high)) if low > high);
    // Without days nothing can be said of them.
    let days = match new.days {
        Some(days) => days_wrong(rules, days, today),
        None => Some(Mistake::not_chosen("到哪天止")),
    };
    let number = (!(1..=MOST).contains(&new.number))
        .then(|| Code::OutOfRange.says(format!("招几人应是 1 到 {MOST} 之间的整数。")));
    let many = (new.majors.len() > MOST_MAJORS)
        .then(|| Code::TooMany.says(format!("最多写 {MOST_MAJORS} 个专业；更多的请只选专业大类。")));
    let pay = reversed.then(|| Code::Reversed.says("月薪的上限不能低于下限，请改其中一个。"));
    // One bound alone would be read as the other.
    let half = (new.pay.0.is_none() && new.pay.1.is_some())
        .then(|| Code::Missing.says("请填写月薪从多少起，或把上限也留空。"));
    let found = [
        ("title", text("岗位名称", &new.title, TITLE)),
        ("occupation", listed(rules.occupation(&new.occupation).is_some(), "岗位类别")),
        ("major", listed(new.major.is_empty() || majors.contains(&new.major), "列出的专业大类")),
        ("majors", many),
        ("number", number),
        ("pay_low", half),
        ("pay_high", pay),
        ("to", days),
    ];
    found.into_iter().filter_map(|(field, mistake)| Some(FieldError::new(field, mistake?))).collect()
}

fn days_wrong(rules: &JobRules, days: Period, today: Date) -> Option<Mistake> {
    let length = days.days();
    if days.to < today {
        return Some(Code::InPast.says("截止日已经过了，这样的岗位没有人能应聘。请写今天或以后的一天。"));
    }
    (length > rules.longest_days).then(|| {
        let most = rules.longest_days;
        let words = format!("一条岗位最多有效 {most} 天，您写的是 {length} 天。到期还招的，再登记一条。");
        Code::OutOfRange.says(words)
    })
}

/// The majors that a field names, each once.
pub fn names(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in text.split(['、', '，', ',', '；', ';', '\n']).map(str::trim).filter(|name| !name.is_empty())
    {
        if found.iter().all(|other| other != name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// What people write may not be missing, nor longer than it can be read.
pub fn text(what: &str, text: &str, most: u32) -> Option<Mistake> {
    let (length, most) = (text.chars().count(), most as usize);
    match length {
        0 => Some(Mistake::missing(what)),
        _ if length > most => Some(Mistake::too_long(what, most, length)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn good() -> NewVacancy {
        NewVacancy {
            title: "数控操作工".to_owned(),
            occupation: "making".to_owned(),
            number: 20,
            pay: (Some(400_000), Some(600_000)),
            days: Period::new(day("2026-11-01"), day("2026-12-31")),
            ..NewVacancy::default()
        }
    }

    fn wrong(new: &NewVacancy) -> Vec<(String, Code)> {
        let programme = review::tests::programme();
        let rules = programme.jobs.as_ref().unwrap();
        let found = check(programme, rules, new, day("2026-11-10"));
        found.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, VacancyState::Recorded);
    }

    #[test]
    fn a_post_is_checked_at_its_fields() {
        assert!(wrong(&good()).is_empty());
        let at = |field: &str, code: Code| vec![(field.to_owned(), code)];
        assert_eq!(wrong(&NewVacancy { number: 0, ..good() }), at("number", Code::OutOfRange));
        let upside = (Some(600_000), Some(400_000));
        assert_eq!(wrong(&NewVacancy { pay: upside, ..good() }), at("pay_high", Code::Reversed));
        assert_eq!(wrong(&NewVacancy { pay: (None, Some(1)), ..good() }), at("pay_low", Code::Missing));
        assert!(wrong(&NewVacancy { pay: (None, None), ..good() }).is_empty());
        let majors = names("数控加工、 模具制造，数控加工；焊接加工;钳加工、机床切削加工\n机械装配");
        assert_eq!((majors.len(), majors[1].as_str()), (6, "模具制造"));
        assert_eq!(wrong(&NewVacancy { majors, ..good() }), at("majors", Code::TooMany));
        let over = Period::new(day("2026-10-01"), day("2026-11-09"));
        assert_eq!(wrong(&NewVacancy { days: over, ..good() }), at("to", Code::InPast));
        let long = Period::new(day("2026-11-10"), day("2027-11-10"));
        assert_eq!(wrong(&NewVacancy { days: long, ..good() }), at("to", Code::OutOfRange));
        let fields: Vec<String> = wrong(&NewVacancy::default()).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["title", "occupation", "number", "to"]);
    }
}
