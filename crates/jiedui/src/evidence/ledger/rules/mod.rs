//! Pure decisions of the ledger: how the caller stands to an entry, and what an answer equals.

use super::data::EntryRow;
use crate::shared::confirmation::{Action, AllowedActions, Caller, Confirmation, Parties};
use jiedui_kernel::{Actor, Code, Date, Error, Period, Result};
use jiedui_programme::{Activity, Measure, Post, Programme};

pub fn post_of(text: &str) -> Option<Post> {
    match text {
        "head" => Some(Post::Head),
        "party_secretary" => Some(Post::PartySecretary),
        "deputy_head" => Some(Post::DeputyHead),
        "middle_manager" => Some(Post::MiddleManager),
        "backbone_teacher" => Some(Post::BackboneTeacher),
        "teacher" => Some(Post::Teacher),
        "staff" => Some(Post::Staff),
        _ => None,
    }
}

/// What it is, in a few words.
pub fn title(programme: &Programme, entry: &EntryRow) -> String {
    let name = programme.activity(&entry.activity).map_or("台账", |activity| activity.name.as_str());
    format!("{name}（{}）", entry.county_name)
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryAnswer {
    Confirm,
    /// For stays: all but these days.
    Except(Period),
    /// For numbers: only so many.
    Only(i64),
    Dispute,
}

impl EntryAnswer {
    pub fn action(&self) -> Action {
        match self {
            Self::Confirm => Action::Confirm,
            Self::Except(_) | Self::Only(_) => Action::Part,
            Self::Dispute => Action::Dispute,
        }
    }
}

/// How much of an entry holds, and which days of it do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    pub confirmed: i64,
    pub disputed: Option<Period>,
}

impl Answered {
    pub const NOTHING: Self = Self { confirmed: 0, disputed: None };
}

/// decisions.md "Part confirmation": 12 of 15 is confirmed 12, and 3 disputed until the claimant corrects.
pub fn answered(entry: &EntryRow, activity: &Activity, verdict: &EntryAnswer) -> Result<Answered> {
    let stay =
        Period::new(entry.from_day, entry.to_day).ok_or_else(|| Error::internal("an entry turned round"))?;
    match verdict {
        EntryAnswer::Confirm => Ok(whole(entry)),
        EntryAnswer::Dispute => Ok(Answered::NOTHING),
        EntryAnswer::Except(_) if activity.measure != Measure::Days => Err(Error::field(
            "disputed_from",
            Code::NotFitting.says("这一事项不按天计，不能只确认其中几天。"),
        )),
        EntryAnswer::Except(hole) => {
            let Some(inside) = stay.intersect(*hole).filter(|inside| inside == hole) else {
                return Err(Error::field(
                    "disputed_from",
                    Code::NotInPeriod.says("不予确认的日期要落在登记的起止日期之内。"),
                ));
            };
            let left: i64 = stay.without(inside).iter().map(|period| period.days()).sum();
            if left == 0 {
                return Err(Error::field(
                    "disputed_from",
                    Code::Contradiction.says("全部日期都不认可，请改用“提出异议”。"),
                ));
            }
            Ok(Answered { confirmed: left, disputed: Some(inside) })
        }
        EntryAnswer::Only(_) if activity.measure != Measure::Entered => {
            Err(Error::field("confirmed", Code::NotFitting.says("这一事项不按人数填报，不能部分确认。")))
        }
        EntryAnswer::Only(number) if *number <= 0 || *number >= entry.quantity => Err(Error::field(
            "confirmed",
            Code::OutOfRange.says("部分确认的数要大于零、小于登记的数；全部属实请直接确认。"),
        )),
        EntryAnswer::Only(number) => Ok(Answered { confirmed: *number, disputed: None }),
    }
}

/// All of it.
pub fn whole(entry: &EntryRow) -> Answered {
    Answered { confirmed: entry.quantity, disputed: None }
}

/// How an entry stands to its confirmation. Whether a part of it can be confirmed depends on what it counts, and is told
/// at the field where the part is written.
pub fn confirmation(entry: &EntryRow) -> Confirmation {
    Confirmation { state: entry.state, asked: true, divisible: true, advances: false }
}

/// How the caller stands to an entry. A former partner may still answer, correct or confirm for some days; after that
/// the entry is read only.
pub fn caller(actor: &Actor, entry: &EntryRow, programme: &Programme, today: Date) -> Caller {
    let parties = Parties {
        claimant: &entry.claimant,
        answerer: Some(&entry.answerer),
        path: &entry.county_path,
        claimed_at: entry.claimed_at,
        in_time: crate::network::pairings::rules::answers_still(entry.pairing_to, programme, today),
    };
    Caller::of(actor, &parties, &programme.calendar, today)
}

pub fn allowed(actor: &Actor, entry: &EntryRow, programme: &Programme, today: Date) -> AllowedActions {
    confirmation(entry).allowed(&caller(actor, entry, programme, today))
}

/// The last day on which the answerer may answer before the claim goes one level up.
pub fn answer_due(entry: &EntryRow, programme: &Programme) -> Date {
    jiedui_programme::escalates_on(programme, jiedui_kernel::shanghai_date(entry.claimed_at))
}
