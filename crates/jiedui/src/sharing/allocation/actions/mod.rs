//! Drafting, publishing, taking back; objecting and answering. For the pages and the demonstration.

pub mod claims;
pub mod recheck;
pub mod taken;

use super::data::{self, AllocationRow, AppealRow};
use super::rules::parcel::{Asked, Parcel};
use super::rules::{self, TITLE};
use crate::network::registry;
use crate::shared::frozen::{self, Stamp};
use crate::shared::notices::{self, Kind, News};
use crate::shared::objections::{self, ObjectionState, REASON};
use crate::shared::review::{self, Action, Loaded, Said};
use claims::asked;
use jiedui_kernel::{Code, Date, Error, Result};
use jiedui_programme::{AllocationRule, Programme};
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;

/// What an office wants to divide.
#[derive(Debug, Clone)]
pub struct NewAllocation {
    pub rule: String,
    pub title: String,
    pub total: i64,
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<AllocationRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<AllocationRow>>> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

pub fn parcel(row: &AllocationRow) -> Result<Parcel> {
    frozen::read(&row.parcel, format_args!("the allocation {}", row.id))
}

/// The path of the caller's own organisation.
pub async fn own_path(tx: &mut Tx) -> Result<String> {
    let org = tx.actor().org.clone();
    Ok(registry::find(tx, &org).await?.path)
}

/// The rule that a row names, as the programme has it now.
fn rule_of<'p>(programme: &'p Programme, id: &str) -> Result<&'p AllocationRule> {
    programme.allocation(id).ok_or_else(|| {
        let words = "方案里已经没有这条分配规则，不能再按它分。请放弃这一次，按现行规则重新拟定。";
        Error::NotNow(words.to_owned())
    })
}

/// Keeps what is to be divided, in the name of the caller's organisation; returns its id.
pub async fn draft(tx: &mut Tx, programme: &Programme, new: &NewAllocation) -> Result<String> {
    let Some(rule) = programme.allocation(&new.rule) else {
        return Err(Error::field("rule", Code::NotListed.says("请从列出的规则里选一条。")));
    };
    Error::of(objections::check_text("title", "哪一次", &new.title, TITLE).into_iter().collect())?;
    let path = own_path(tx).await?;
    let question = asked(tx, programme, rule, (&path, new.total)).await?;
    question.divide().map_err(Error::Invalid)?;
    let (id, issuer, today) = (tx.new_id(), tx.actor().org.clone(), tx.today());
    named!(data::INSERT {
        id: &id,
        issuer: &issuer,
        rule: &new.rule,
        title: &new.title,
        total: new.total,
        drafted_on: today,
    })
    .write(tx)
    .await?;
    let change = json!({ "rule": new.rule, "title": new.title, "total": new.total });
    review::begun::<AllocationRow>(tx, &id, "draft", change).await?;
    Ok(id)
}

/// Publishes what the rule gives today, with everything from which it follows, and tells every school its share.
pub async fn publish(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<AllocationRow>>,
    version: i64,
) -> Result<()> {
    opened.demand(Action::Submit)?;
    let row = &opened.row;
    let rule = rule_of(programme, &row.rule)?;
    let question = asked(tx, programme, rule, (&row.issuer_path, row.total)).await?;
    put(tx, programme, opened, version, question).await
}

/// Writes what was divided.
pub(super) async fn put(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<AllocationRow>>,
    version: i64,
    question: Asked,
) -> Result<()> {
    let next = opened.demand(Action::Submit)?;
    let row = &opened.row;
    let divided = question.divide().map_err(Error::Invalid)?;
    let today = tx.today();
    let until = programme.calendar.workdays.after(today, question.rule.appeal_workdays);
    let kept = Parcel {
        stamp: Stamp::now(tx, programme).await?,
        issuer: row.issuer_name.clone(),
        title: row.title.clone(),
        published_on: today,
        appeal_until: until,
        given: divided.given(),
        asked: question,
    };
    let (text, digest) = frozen::text(&kept)?;
    let change = json!({ "digest": digest, "total": row.total, "rule": row.rule, "rules": kept.stamp.rules });
    let columns = args![today, until, text, digest];
    review::carry_out(tx, row, next, version, (&data::PUBLISH, columns), Said::change(change)).await?;
    let own = kept.asked.rule.among.own();
    for one in &kept.given {
        let share = tx.new_id();
        tx.change(row, &data::PUT_SHARE, args![share, &one.school, one.given]).await?;
        let words =
            format!("公布了{}：{own}分得{}，{until} 前可以提出异议", row.title, kept.asked.said(one.given));
        tell(tx, &one.school, ("allocation", &row.id), (&words, "")).await?;
    }
    Ok(())
}

async fn tell(
    tx: &mut Tx,
    org: &str,
    (resource, id): (&str, &str),
    (words, said): (&str, &str),
) -> Result<()> {
    notices::tell(tx, org, News { kind: Kind::Decided, resource, id, words, said, batch: "" }).await
}

/// Gives up a draft.
pub async fn discard(tx: &mut Tx, opened: &Loaded<Found<AllocationRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Abandon)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), Said::default()).await
}

/// Takes back what was published, with the reason, and tells every school.
pub async fn withdraw(
    tx: &mut Tx,
    opened: &Loaded<Found<AllocationRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    Error::of(objections::check_text("reason", "为什么撤回", reason, REASON).into_iter().collect())?;
    let row = &opened.row;
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), Said::reason(reason)).await?;
    let words = format!("撤回了{}，分得的数不再有效", row.title);
    for one in parcel(row)?.given {
        tell(tx, &one.school, ("allocation", &row.id), (&words, reason)).await?;
    }
    Ok(())
}

/// What the caller's own school got; none where it has no share.
pub async fn own_share(tx: &mut Tx, row: &AllocationRow) -> Result<Option<i64>> {
    let org = tx.actor().org.clone();
    let found = tx.maybe::<(i64,)>(&data::SHARE_OF, args![&row.id, org]).await?;
    Ok(found.map(|(given,)| given))
}

/// The objections to an allocation that the caller sees, in the order in which they were raised.
pub async fn appeals(tx: &mut Tx, row: &AllocationRow) -> Result<Vec<Found<AppealRow>>> {
    tx.find_all(&data::APPEALS_OF, args![&row.id]).await
}

/// What waits for an answer of the caller's organisation, the oldest first.
pub async fn to_answer(tx: &mut Tx) -> Result<Vec<Found<AppealRow>>> {
    let org = tx.actor().org.clone();
    tx.find_all(&data::TO_ANSWER, args![org, ObjectionState::Raised]).await
}

/// An objection visible to the caller.
pub async fn open_appeal(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<AppealRow>>> {
    let row = tx.find::<AppealRow>(&data::APPEAL, args![id]).await?;
    review::open(tx, programme, row).await
}

/// Objects in the name of the caller's school; returns the id of the objection.
pub async fn raise(tx: &mut Tx, row: &Found<AllocationRow>, reason: &str) -> Result<String> {
    if !rules::is_open(row, tx.today()) {
        let words = "现在不能提出异议：还没有公布、已经撤回，或者过了期限。";
        return Err(Error::NotNow(words.to_owned()));
    }
    if own_share(tx, row).await?.is_none() {
        return Err(Error::Forbidden("只有参加这次分配的单位可以提出异议。".to_owned()));
    }
    let org = tx.actor().org.clone();
    // Two at once would both find none.
    registry::lock(tx, &org).await?;
    let earlier = appeals(tx, row).await?;
    if earlier.iter().any(|one| one.school == org) {
        let words = "本单位对这次分配已经提过异议，请在下面看答复。";
        return Err(Error::NotNow(words.to_owned()));
    }
    Error::of(objections::check_text("reason", "哪里不对", reason, REASON).into_iter().collect())?;
    let (id, today) = (tx.new_id(), tx.today());
    tx.change(row, &data::INSERT_APPEAL, args![&id, &org, reason, today]).await?;
    let change = json!({ "allocation": row.id, "reason": reason });
    review::begun::<AppealRow>(tx, &id, "raise", change).await?;
    let words = format!("对{}提出异议", row.title);
    tell(tx, &row.issuer, ("allocation", &row.id), (&words, reason)).await?;
    Ok(id)
}

/// Answers an objection. What was published stays as it is: where the school is right, it is taken back and divided again.
pub async fn answer(
    tx: &mut Tx,
    opened: &Loaded<Found<AppealRow>>,
    version: i64,
    (action, answer): (Action, &str),
) -> Result<()> {
    let next = opened.demand(action)?;
    Error::of(objections::check_text("answer", "答复", answer, REASON).into_iter().collect())?;
    let (row, today) = (&opened.row, tx.today());
    let columns = args![answer, Some(today)];
    review::carry_out(tx, row, next, version, (&data::MOVE_APPEAL, columns), Said::reason(answer)).await?;
    let verdict = if action == Action::Accept { "认可" } else { "没有认可" };
    let words = format!("{verdict}对{}的异议", row.title);
    tell(tx, &row.school, ("allocation", &row.allocation), (&words, answer)).await
}

/// The school takes its objection back before it is answered.
pub async fn take_back(tx: &mut Tx, opened: &Loaded<Found<AppealRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    let columns = args!["", None::<Date>];
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE_APPEAL, columns), Said::default()).await
}
