//! Which entries are drawn, and who may look at one again.

use super::data::{CheckRow, CheckState, StepRow, Why};
use crate::shared::confirmation::{self, Action as Answer, State as EntryState};
use crate::shared::contributions::{month_of, month_title};
use crate::shared::frozen;
use crate::shared::review::{
    self, Action, Caller, Condition, Consent, Head, Life, Refusal, Reviewed, Role, Rule, Standing,
};
use chrono::{Months, NaiveTime, TimeDelta};
use jiedui_kernel::{Date, Error, Instant};
use jiedui_programme::{Programme, SpotChecks};
use jiedui_web::figure::StateMark;
use jiedui_web::history::HistoryRow;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// One who did not handle the entry says that it holds, or that it differs; else it lapses.
pub const LIFE: Life<CheckState> = {
    use CheckState::{Differs, Held, Lapsed, Waiting};
    Life {
        resource: "spot_check",
        granted_as: "spot_check",
        proposes: &[],
        rules: &[
            Rule::new(Role::Decider, Action::Accept, "hold", &[Waiting]).to(Held).right("look"),
            Rule::new(Role::Decider, Action::Return, "differ", &[Waiting]).to(Differs).right("look"),
            Rule::new(Role::Superior, Action::Accept, "hold", &[Waiting]).to(Held).right("look"),
            Rule::new(Role::Superior, Action::Return, "refer", &[Waiting]).to(Differs).right("look"),
            Rule::new(Role::System, Action::Finish, "lapse", &[Waiting]).to(Lapsed).when(&[Condition::Over]),
        ],
    }
};

pub const STEPS: [(&str, &str); 5] = [
    ("draw", "抽中"),
    ("hold", "复看：与记录一致"),
    ("differ", "复看：与记录不符"),
    ("refer", "上级复看：与记录不符"),
    ("lapse", "未复看"),
];

/// The longest sentence, in characters.
pub const WORDS: u32 = 500;

/// A draw waits so long after the end of its month: what was begun before is written by then.
const SETTLED: TimeDelta = TimeDelta::hours(1);

/// So many months back is drawn: those in which no server ran.
const LOOK_BACK: usize = 3;

impl CheckState {
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待复看",
            Self::Held => "与记录一致",
            Self::Differs => "与记录不符",
            Self::Lapsed => "未复看",
        }
    }
}

impl Why {
    /// Why nobody looked, for whoever reads it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Late => "到期没有复看；不算谁的过失，也不计入任何统计。",
            Self::Alone => "本单位没有没经手的另一个人可以复看（一人的几个账号算一个人）；不算谁的过失。",
            Self::Changed => "抽取以后记录又有变动，不用复看了。",
        }
    }
}

/// For the drawing in docs/lives.md.
pub fn life() -> crate::shared::lives::Life {
    review::draw(
        &LIFE,
        &review::Drawing {
            title: "Spot check 抽查",
            about: "The system draws it (the author). The decider is an account of the unit that confirmed the entry and that did not \
                    handle it; the superior, the bureau above a unit that has no such account.",
            begins: CheckState::Waiting,
            label: CheckState::label,
            words: &STEPS,
        },
    )
}

/// Why this one does not look at it again, in words that say what to do; none where it may.
pub fn refusal(row: &CheckRow, actor: &jiedui_kernel::Actor, today: Date) -> Option<Error> {
    let not_now = |words: &str| Some(Error::NotNow(words.to_owned()));
    match row.state {
        CheckState::Held | CheckState::Differs => return not_now("这一条已经有人复看过了，没有再写入。"),
        CheckState::Lapsed => return not_now("这一条已注明“未复看”，不用再看；不算谁的过失。"),
        CheckState::Waiting => {}
    }
    if row.entry_state != EntryState::Confirmed {
        return not_now("抽取以后这条记录又有变动，不用复看了。");
    }
    if row.due < today {
        return not_now("已过复看期限，这一条注明“未复看”；不算谁的过失。");
    }
    let forbidden = |words: &str| Some(Error::Forbidden(words.to_owned()));
    if actor.org == row.unit {
        return match (row.is_handled(), row.is_alone()) {
            (false, _) => None,
            (true, false) => forbidden("这一条是您办理或确认的，请由本单位另一个人复看。"),
            (true, true) => forbidden(
                "这一条是您办理或确认的，而本单位没有没经手的另一个人（一人的几个账号算一个人）；可以由上级人社局复看，到期没有复看也不算过失。",
            ),
        };
    }
    if actor.org == row.above && actor.org != row.claimant && row.is_alone() {
        return row.is_handled().then(|| Error::Forbidden("这一条您办理过，请由别的账号复看。".to_owned()));
    }
    forbidden("复看由确认这一条的单位来做，本单位只能查看。")
}

impl Reviewed for CheckRow {
    type State = CheckState;
    const LIFE: &'static Life<CheckState> = &LIFE;
    const CHANGED: &'static str = "这一条刚被别人复看过，您的操作没有写入。";

    fn head(&self) -> Head<'_, CheckState> {
        Head { id: &self.id, state: self.state, version: self.version, revision: 1 }
    }

    fn standing(&self, caller: Caller<'_>, _consents: &[Consent], _history: &[HistoryRow]) -> Standing {
        let may = refusal(self, caller.actor, caller.today).is_none();
        let own = caller.actor.org == self.unit;
        let over = self.due < caller.today || self.entry_state != EntryState::Confirmed;
        Standing::default()
            .role(Role::Decider, may && own)
            .role(Role::Superior, may && !own)
            .role(Role::System, caller.actor.has_role("system"))
            .holds(Condition::Over, over)
    }

    fn refused(_action: Action, _why: Refusal) -> Error {
        Error::Forbidden("现在不能复看这一条。".to_owned())
    }
}

/// Why it lapses.
pub fn why(row: &CheckRow) -> Why {
    match row.entry_state {
        EntryState::Confirmed if row.is_alone() => Why::Alone,
        EntryState::Confirmed => Why::Late,
        _ => Why::Changed,
    }
}

pub fn mark(state: CheckState) -> StateMark {
    match state {
        CheckState::Waiting => StateMark::new("pending", state.label(), "○"),
        CheckState::Held => StateMark::new("done", state.label(), "●"),
        CheckState::Differs => StateMark::new("disputed", state.label(), "◆"),
        CheckState::Lapsed => StateMark::new("none", state.label(), "–"),
    }
}

/// 2026年11月, of a month as rows keep it.
pub fn title(month: &str) -> String {
    month.parse().map_or_else(|_| month.to_owned(), month_title)
}

/// The first day of a month as rows keep it, and of the month behind it.
fn first_days(month: &str) -> Option<[Date; 2]> {
    let (year, number) = month.split_at_checked(4)?;
    let from = Date::from_ymd_opt(year.parse().ok()?, number.parse().ok()?, 1)?;
    Some([from, from.checked_add_months(Months::new(1))?])
}

/// From when to when a month lasts.
pub fn span(month: &str) -> Option<[Instant; 2]> {
    let midnight = |day: Date| day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
    first_days(month).map(|days| days.map(midnight))
}

/// The months from which is drawn by now, the oldest first.
pub fn months(rule: SpotChecks, today: Date, now: Instant) -> Vec<String> {
    let first = month_of(rule.from);
    let back = |count: u32| today.checked_sub_months(Months::new(count)).map(month_of);
    let months = (1..=LOOK_BACK as u32).rev().filter_map(back).filter(|month| *month >= first);
    let over = |month: &String| span(month).is_some_and(|[_, end]| end + SETTLED <= now);
    months.map(|month| month.to_string()).filter(over).collect()
}

/// Until when an entry that is drawn on a day is looked at.
pub fn due(programme: &Programme, rule: SpotChecks, drawn: Date) -> Date {
    programme.calendar.workdays.after(drawn, rule.look_workdays)
}

/// An entry that the other side confirmed, with the unit that did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    pub entry: String,
    pub unit: String,
}

/// The entries that stood confirmed by the other side when a month ended, in the order of their ids: the month's steps
/// of those that were confirmed in it, folded. What a bureau adjudicated nobody of the other side looked at.
pub fn candidates(steps: &[StepRow]) -> Vec<Candidate> {
    let mut found: BTreeMap<&str, (&str, Option<EntryState>)> = BTreeMap::new();
    for step in steps {
        let (unit, state) = found.entry(&step.entry).or_default();
        let is = |answer: Answer| step.kind == answer.kind().text;
        if is(Answer::Confirm) || is(Answer::Part) {
            *unit = &step.org;
        } else if is(Answer::Adjudicate(confirmation::Ruling::Confirm)) {
            *unit = "";
        }
        let change: serde_json::Value = serde_json::from_str(&step.change).unwrap_or_default();
        if let Some(after) = change.pointer("/state/after") {
            *state = serde_json::from_value(after.clone()).ok();
        }
    }
    let stands = |(entry, (unit, state)): (&str, (&str, Option<EntryState>))| {
        let confirmed = state == Some(EntryState::Confirmed) && !unit.is_empty();
        confirmed.then(|| Candidate { entry: entry.to_owned(), unit: unit.to_owned() })
    };
    found.into_iter().filter_map(stands).collect()
}

/// As they are kept: a line for each.
pub fn text(candidates: &[Candidate]) -> String {
    candidates.iter().map(|one| format!("{} {}\n", one.entry, one.unit)).collect()
}

/// What was kept, read again.
pub fn read(text: &str) -> Vec<Candidate> {
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs.map(|(entry, unit)| Candidate { entry: entry.to_owned(), unit: unit.to_owned() }).collect()
}

/// The seed of a month: nobody knows it before the log stands as it does.
pub fn seed(month: &str, root: &str) -> String {
    frozen::digest(&format!("{month} {root}"))
}

/// The lot of an entry: the first eight bytes of SHA-256 of seed and id.
fn lot(seed: &str, entry: &str) -> u64 {
    let digest = Sha256::digest(format!("{seed} {entry}").as_bytes());
    digest.iter().take(8).fold(0, |lot, byte| (lot << 8) | u64::from(*byte))
}

/// Those that are drawn, in the order of their ids: whose lot lies below the share, and of each unit the lowest alone.
/// Neither the order of the candidates nor those of another unit matter.
pub fn drawn(seed: &str, candidates: &[Candidate], (share, most): (i64, i64)) -> Vec<Candidate> {
    let bound = u128::from(share.unsigned_abs()) << 64;
    let mut lots: BTreeMap<&str, Vec<(u64, &Candidate)>> = BTreeMap::new();
    for one in candidates {
        let lot = lot(seed, &one.entry);
        if u128::from(lot) * 1000 < bound {
            lots.entry(&one.unit).or_default().push((lot, one));
        }
    }
    let most = usize::try_from(most).unwrap_or_default();
    let lowest = |mut of_unit: Vec<(u64, &Candidate)>| {
        of_unit.sort_unstable();
        of_unit.into_iter().take(most).map(|(_, one)| one.clone()).collect::<Vec<_>>()
    };
    let mut found: Vec<Candidate> = lots.into_values().flat_map(lowest).collect();
    found.sort_unstable();
    found
}

/// The share that held of those that were looked at, in basis points, rounded half up as every share is shown; none
/// where nobody looked.
pub fn share(held: i64, looked: i64) -> Option<i64> {
    (looked > 0).then(|| (held * 20_000 + looked) / (looked * 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOT: &str = "3b4c1d";

    fn of(unit: &str, count: usize) -> Vec<Candidate> {
        (0..count).map(|at| Candidate { entry: format!("{unit}-{at}"), unit: unit.to_owned() }).collect()
    }

    fn step(kind: &str, org: &str, after: &str) -> StepRow {
        let change = format!("{{\"state\":{{\"before\":null,\"after\":\"{after}\"}}}}");
        StepRow { entry: "e".to_owned(), kind: kind.to_owned(), org: org.to_owned(), change }
    }

    fn stands(steps: &[StepRow]) -> bool {
        let found = candidates(steps);
        assert!(found.iter().all(|one| one.unit == "school"));
        !found.is_empty()
    }

    #[test]
    fn the_life_is_sound() {
        review::tests::is_sound(&LIFE, CheckState::Waiting);
    }

    /// The numbers that the page of a month says how to come to; made with `sha256sum`.
    #[test]
    fn a_seed_and_a_lot_are_what_anybody_computes() {
        assert_eq!(seed("202610", "abc"), frozen::digest("202610 abc"));
        let digest = frozen::digest(&format!("{} e1", seed("202610", "abc")));
        assert_eq!(format!("{:016x}", lot(&seed("202610", "abc"), "e1")), digest[..16]);
    }

    #[test]
    fn what_the_other_side_confirmed_and_stands_is_drawn_from() {
        let confirm = || step("confirm", "school", "confirmed");
        assert!(stands(&[step("claim", "lead", "claimed"), confirm()]));
        assert!(!stands(&[confirm(), step("take_back", "school", "claimed")]));
        assert!(!stands(&[confirm(), step("correct", "lead", "claimed")]), "what counts was changed");
        assert!(stands(&[confirm(), step("correct", "lead", "confirmed")]), "a word more does not hide it");
        let part = || step("part", "school", "part");
        assert!(!stands(&[part()]));
        assert!(stands(&[part(), step("accept", "lead", "confirmed")]), "nor does confirming a part first");
        let adjudged = step("adjudicate", "county", "confirmed");
        assert!(!stands(&[confirm(), step("take_back", "school", "claimed"), adjudged]));
        let beside = StepRow { change: "null".to_owned(), ..step("reply", "lead", "") };
        assert!(stands(&[confirm(), beside]));
    }

    #[test]
    fn a_month_is_drawn_when_it_is_over_and_not_before_the_first() {
        let rule = SpotChecks {
            share_permille: 50,
            most_per_unit: 2,
            look_workdays: 20,
            from: "2026-09-15".parse().unwrap(),
        };
        let at = |now: &str| {
            let now: Instant = now.parse().unwrap();
            months(rule, jiedui_kernel::shanghai_date(now), now)
        };
        assert_eq!(at("2026-11-24T04:00:00Z"), ["202609", "202610"]);
        assert_eq!(at("2026-10-31T15:59:00Z"), ["202609"]);
        assert_eq!(at("2026-10-31T16:30:00Z"), ["202609"], "what was begun before midnight is written first");
        assert_eq!(at("2026-10-31T17:00:00Z"), ["202609", "202610"]);
        assert_eq!(at("2027-05-31T04:00:00Z"), ["202702", "202703", "202704"]);
        assert_eq!(title("202609"), "2026年9月");
    }

    #[test]
    fn a_share_is_rounded_as_others_are_and_none_is_no_share() {
        assert_eq!((share(0, 0), share(2, 3), share(1, 3)), (None, Some(6_667), Some(3_333)));
        assert_eq!((share(7, 7), share(0, 4)), (Some(10_000), Some(0)));
    }

    /// Five standard deviations on either side of the share, of many entries of many units.
    #[test]
    fn so_many_are_drawn_as_the_share_says() {
        let all: Vec<Candidate> = (0..20_000).flat_map(|unit| of(&format!("u{unit}"), 1)).collect();
        for share in [10, 50, 200] {
            for month in ["202609", "202610", "202611"] {
                let found = drawn(&seed(month, ROOT), &all, (share, 2)).len() as i64;
                let (mean, variance) = (20 * share, 20 * share * (1000 - share) / 1000);
                assert!((found - mean).pow(2) <= 25 * variance, "{share}: {found}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_order_of_the_candidates_does_not_matter(
            all in Just([of("a", 40), of("b", 30), of("c", 3)].concat()).prop_shuffle(),
            root in "[0-9a-f]{8}",
        ) {
            let seed = seed("202610", &root);
            let found = drawn(&seed, &all, (300, 2));
            let sorted = [of("a", 40), of("b", 30), of("c", 3)].concat();
            prop_assert_eq!(&found, &drawn(&seed, &sorted, (300, 2)), "and it comes out the same again");
            prop_assert_eq!(read(&text(&all)), all);
        }

        #[test]
        fn what_another_unit_confirmed_moves_nobody_elses_draw(more in 0_usize..200, root in "[0-9a-f]{8}") {
            let seed = seed("202610", &root);
            let alone = drawn(&seed, &of("a", 60), (200, 2));
            let beside = drawn(&seed, &[of("b", more), of("a", 60)].concat(), (200, 2));
            let of_a: Vec<Candidate> = beside.iter().filter(|one| one.unit == "a").cloned().collect();
            prop_assert_eq!(of_a, alone);
            prop_assert!(beside.len() <= 4, "never more than the most of each");
        }

        #[test]
        fn of_a_unit_the_lowest_lots_are_drawn(count in 0_usize..80, most in 1_i64..6) {
            let seed = seed("202610", ROOT);
            let all = of("a", count);
            let found = drawn(&seed, &all, (200, most));
            let every = drawn(&seed, &all, (200, i64::MAX));
            prop_assert_eq!(found.len(), every.len().min(most as usize));
            let highest = found.iter().map(|one| lot(&seed, &one.entry)).max().unwrap_or_default();
            let left = every.iter().filter(|one| !found.contains(one));
            prop_assert!(left.map(|one| lot(&seed, &one.entry)).all(|lot| lot > highest));
        }
    }
}
