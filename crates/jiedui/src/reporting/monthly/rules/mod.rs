//! Who accepts a month, in which order, and until when (S1.3; decisions.md "Meetings and the burden rules").

pub mod parcel;
pub mod restated;
pub mod told;
pub mod unusual;

use super::data::{MonthRow, MonthState};
use crate::shared::contributions::month_of;
pub use crate::shared::contributions::month_title as title;
use crate::shared::review::{
    self, Action, Caller, Condition, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use chrono::Months;
use jiedui_kernel::{Code, Date, Error, FieldError, Period, Result};
use jiedui_programme::Programme;
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;

/// The school may say what troubles it; county, city and province accept one after the other, and each may send it back to
/// the school. Accepting locks what stands below.
pub const LIFE: Life<MonthState> = {
    use Action::{Accept, Comment, Edit, Return};
    use Condition::{Direct, Over};
    use MonthState::{City, Closed, County, Open};
    use Role::{Author, Decider, Recommender, Superior};
    Life {
        resource: "month",
        granted_as: "month",
        proposes: &["begin", "edit"],
        rules: &[
            Rule::new(Author, Edit, "edit", &[Open]).right("problems").renews(),
            Rule::new(Author, Comment, "ask_back", &[County, City]).right("problems"),
            Rule::new(Recommender, Accept, "accept", &[Open]).to(County).when(&[Over]).right("accept"),
            Rule::new(Recommender, Return, "send_back", &[Open]).when(&[Over]).right("accept"),
            Rule::new(Superior, Accept, "accept", &[County]).to(City).when(&[Over]).right("accept"),
            Rule::new(Superior, Accept, "accept", &[Open]).to(City).when(&[Over, Direct]).right("accept"),
            Rule::new(Superior, Return, "send_back", &[County]).to(Open).when(&[Over]).right("accept"),
            Rule::new(Superior, Return, "send_back", &[Open]).when(&[Over, Direct]).right("accept"),
            Rule::new(Decider, Accept, "accept", &[City]).to(Closed).when(&[Over]).right("accept"),
            Rule::new(Decider, Return, "send_back", &[City]).to(Open).when(&[Over]).right("accept"),
        ],
    }
};

pub const STEPS: [(&str, &str); 5] = [
    ("begin", "开始办理"),
    ("edit", "填写问题与诉求或说明"),
    ("ask_back", "申请退回补充"),
    ("accept", "接收"),
    ("send_back", "退回"),
];

impl MonthState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "待县局接收",
            Self::County => "县局已接收，待市局接收",
            Self::City => "市局已接收，待省办接收",
            Self::Closed => "省办已接收",
        }
    }
}

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Month 月调度",
            about: "The month of a county school is complete by itself; county, city and province accept it. The recommender is the \
                    county's bureau, the superior that of the city, the decider the provincial office.",
            begins: MonthState::Open,
            label: MonthState::label,
            words: &STEPS,
        },
    )
}

impl Reviewed for MonthRow {
    type State = MonthState;
    const LIFE: &'static Life<MonthState> = &LIFE;
    const CHANGED: &'static str =
        "这个月的调度刚被别人改动或接收过，您的操作没有写入。请看过现在的内容再定。";

    fn head(&self) -> Head<'_, MonthState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: self.revision }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let actor = caller.actor;
        let releaser = caller.programme.access.released_by("month", "accept");
        let decides = actor.has_role("province") || releaser.is_some_and(|role| actor.has_role(role));
        Standing::default()
            .role(Role::Author, actor.org == self.school)
            .role(Role::Recommender, !self.county.is_empty() && actor.org == self.county)
            .role(Role::Superior, !self.city.is_empty() && actor.org == self.city)
            .role(Role::Decider, decides)
            .holds(Condition::Direct, self.county.is_empty())
            .holds(Condition::Over, days(self.month).is_some_and(|month| month.to < caller.today))
    }

    fn title(&self) -> String {
        title(self.month)
    }

    fn place(&self) -> String {
        format!("{}/schools/{}", self.month, self.school)
    }

    fn refused(action: Action, _why: Refusal) -> Error {
        let words = match action {
            Action::Edit => {
                "问题与诉求和说明由学校自己填写，上级接收以后要先申请退回；省办接收以后的新情况写在下个月。"
            }
            Action::Comment => {
                "下级接收以后、省办接收以前，由学校自己申请退回；省办接收以后的新情况写在下个月。"
            }
            Action::Accept => "现在不等本单位接收：要等这个月过完，并由下级先接收；接收过的不用再接收。",
            _ => "现在不能退回：只有正等本单位接收的才能退回，省办接收以后不再退回。",
        };
        Error::Forbidden(words.to_owned())
    }
}

/// The level that the caller would accept this month for now; none where it waits for somebody else or for nobody.
pub fn accepts(row: &MonthRow, caller: Caller<'_>) -> Option<MonthState> {
    LIFE.apply(row.state, Action::Accept, &row.standing(caller, &[], &[])).ok().map(|next| next.to())
}

/// Why a month is not closed before an earlier one of the same school, and what to do.
pub fn earlier_first(earlier: i64) -> String {
    let earlier = title(earlier);
    format!(
        "这所学校{earlier}的月调度省办还没有接收。各月要按先后接收，更正才只写在一个月里。\
         请先打开{earlier}的月调度：轮到省办的就接收，没有轮到的请县局、市局先接收。"
    )
}

/// So many schools are named in one sentence.
const NAMED: usize = 5;

/// The same of several schools that were picked together.
pub fn earlier_first_of(left: &[(String, i64)]) -> String {
    let named = left.iter().take(NAMED).map(|(name, earlier)| format!("{name}（{}）", title(*earlier)));
    let all = if left.len() > NAMED { format!("等 {} 所学校", left.len()) } else { String::new() };
    format!(
        "{}{all}还有更早的月份省办没有接收，括号里是最早的一个。各月要按先后接收，更正才只写在一个月里：\
         请先接收更早的月份，或这次不勾选这些学校。一所也没有接收。",
        named.collect::<Vec<_>>().join("、")
    )
}

/// What is said of schools that the caller cannot accept, because it worked on their month for another organisation.
pub fn left_to_others(names: &[String]) -> String {
    let all = if names.len() > NAMED { format!("等 {} 所学校", names.len()) } else { String::new() };
    let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、");
    format!("{named}{all}的月调度您已经以别的单位的身份办理过，请由别的经办人接收，没有改动。")
}

/// So many months back the desk looks.
pub const LOOK_BACK: usize = 3;

/// The days of a month written as 202611; none where that is no month.
pub fn days(month: i64) -> Option<Period> {
    let year = i32::try_from(month / 100).ok()?;
    let from = Date::from_ymd_opt(year, u32::try_from(month % 100).ok()?, 1)?;
    let to = from.checked_add_months(Months::new(1))?.pred_opt()?;
    Period::new(from, to)
}

/// The month before.
pub fn before(month: i64) -> i64 {
    if month % 100 == 1 { month - 89 } else { month - 1 }
}

/// The months that are dispatched, the newest first: those that are over by today, since the first one.
pub fn months(programme: &Programme, today: Date, most: usize) -> Vec<i64> {
    let first = programme.calendar.months_since.map_or(0, month_of);
    let mut month = before(month_of(today));
    let mut found = Vec::new();
    while month >= first && found.len() < most && first > 0 {
        found.push(month);
        month = before(month);
    }
    found
}

/// The levels that accept, the lowest first.
pub const LEVELS: [MonthState; 3] = [MonthState::County, MonthState::City, MonthState::Closed];

/// Until when a level accepts a month.
pub fn due(programme: &Programme, level: MonthState, month: i64) -> Option<Date> {
    let at = LEVELS.iter().position(|one| *one == level)?;
    let workdays = *programme.calendar.month_accept_workdays.get(at)?;
    Some(programme.calendar.workdays.after(days(month)?.to, workdays))
}

/// Whether what is unusual is shown to those who accept: the parties see it first, and may add a word.
pub fn points_out(programme: &Programme, row: &MonthRow, today: Date) -> bool {
    let first = programme.calendar.unusual.parties_first_workdays;
    let since = days(row.month).map(|days| programme.calendar.workdays.after(days.to, first));
    !row.word.is_empty() || since.is_none_or(|day| day < today)
}

/// How a month of a school stands.
pub fn mark(state: MonthState) -> StateMark {
    match state {
        MonthState::Open => StateMark::new("pending", state.label(), "○"),
        MonthState::County => StateMark::new("active", state.label(), "◐"),
        MonthState::City => StateMark::new("active", state.label(), "◑"),
        MonthState::Closed => StateMark::new("done", state.label(), "●"),
    }
}

/// The longest reason for which a month is asked back, in characters.
pub const ASKED: u32 = 200;

/// The longest word of a school to what is pointed out, in characters.
pub const WORD: u32 = 100;

/// The longest text of problems, in characters.
pub const PROBLEMS: u32 = 1000;

pub fn check_problems(text: &str) -> Result<()> {
    if text.chars().count() > PROBLEMS as usize {
        let words = "问题与诉求最多写一千个字，请写得短些。";
        return Err(Error::Invalid(vec![FieldError::new("problems", Code::TooLong.says(words))]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_kernel::Actor;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn row() -> MonthRow {
        MonthRow {
            id: "m".to_owned(),
            month: 202_610,
            school: "school".to_owned(),
            county: "county".to_owned(),
            city: "city".to_owned(),
            problems: String::new(),
            asked: String::new(),
            word: String::new(),
            state: MonthState::Open,
            parcel: String::new(),
            digest: String::new(),
            revision: 1,
            version: 1,
        }
    }

    fn actions(row: MonthRow, org: &str, today: &str) -> Vec<Action> {
        let actor = Actor { org: org.to_owned(), ..Actor::public() };
        let caller = Caller { actor: &actor, programme: review::tests::programme(), today: day(today) };
        let history = vec![review::tests::step("school", "begin", 1)];
        review::Loaded::new(row, history, caller).allowed().actions().collect()
    }

    #[test]
    fn each_level_waits_for_the_one_below() {
        let at = |state| MonthRow { state, ..row() };
        assert_eq!(actions(row(), "school", "2026-11-03"), [Action::Edit]);
        assert_eq!(actions(row(), "county", "2026-11-03"), [Action::Accept, Action::Return]);
        assert_eq!(actions(row(), "city", "2026-11-03"), []);
        assert_eq!(actions(at(MonthState::County), "school", "2026-11-03"), [Action::Comment], "it may ask");
        assert_eq!(actions(at(MonthState::Closed), "school", "2026-11-03"), []);
        assert_eq!(actions(at(MonthState::County), "city", "2026-11-03"), [Action::Accept, Action::Return]);
        assert_eq!(actions(at(MonthState::County), "county", "2026-11-03"), []);
        assert_eq!(actions(row(), "county", "2026-10-31"), [], "the month is not over");
        let direct = MonthRow { county: String::new(), ..row() };
        assert_eq!(actions(direct, "city", "2026-11-03"), [Action::Accept, Action::Return]);
    }

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, MonthState::Open);
    }

    #[test]
    fn months_have_days() {
        assert_eq!(days(202_602).unwrap().to, day("2026-02-28"));
        assert_eq!(days(202_613), None);
        assert_eq!(before(202_601), 202_512);
    }

    #[test]
    fn whom_an_earlier_month_keeps_back_is_told_in_one_sentence() {
        let left = |number: usize| vec![("甲校".to_owned(), 202_609); number];
        assert!(earlier_first_of(&left(1)).starts_with("甲校（2026年9月）还有更早的月份"));
        let many = earlier_first_of(&left(80));
        assert!(many.contains("等 80 所学校") && many.matches("甲校").count() == NAMED, "{many}");
    }

    proptest! {
        #[test]
        fn any_sequence_of_actions_leaves_row_and_history_in_accord(tries in review::tests::sequences()) {
            let actors = ["school", "county", "city", "stranger"].map(|org| Actor { org: org.to_owned(), ..Actor::public() });
            let around = (&actors[..], review::tests::programme(), day("2026-11-24"));
            let first = review::tests::step("school", "begin", 1);
            review::tests::any_sequence(row(), around, first, &tries, |row, next, _| {
                row.revision = next.revision(row.revision);
                row.state = next.to();
            });
        }
    }
}
