//! What becomes of a nomination: the person agrees or does not, one of the office proposes, another confirms; or it is left out.

use super::recheck::Basis;
use super::{days, rules_of, tell};
use crate::evidence::ledger::{self, EntryRow};
use crate::shared::confirmation::left_since;
use crate::shared::frozen::Stamp;
use crate::shared::objections::{REASON, check_text};
use crate::shared::review::{self, Action, Loaded, Said};
use crate::sharing::commendations::data::{self, AgreedHow, NominationRow, NominationState, RoundState};
use crate::sharing::commendations::rules::{self, words};
use jiedui_kernel::{Code, Date, Error, Result};
use jiedui_programme::{NominationFacts, Programme, Requirement};
use jiedui_store::{Found, Tx, args};
use serde_json::json;

pub type LoadedNomination = Loaded<Found<NominationRow>>;

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<NominationRow>> {
    tx.find(&data::NOMINATION, args![id]).await
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<LoadedNomination> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// The entries that were named as reasons, as far as the caller sees them.
pub async fn reasons(tx: &mut Tx, row: &NominationRow) -> Result<Vec<EntryRow>> {
    let all = tx.all::<(String,)>(&data::REASONS_OF, args![&row.id]).await?;
    let ids: Vec<String> = all.into_iter().map(|(id,)| id).collect();
    ledger::rows_of(tx, &ids).await
}

/// What is recorded today of a nomination, as far as requirements are read from it.
async fn facts(tx: &mut Tx, programme: &Programme, row: &NominationRow) -> Result<NominationFacts> {
    let (year, limit) = (days(row.year)?, rules_of(programme)?.disputes);
    let person = row.person.clone().unwrap_or_default();
    let left = left_since(&programme.calendar, tx.today(), limit.open_workdays);
    let work = args![&row.school, year.from, year.to, &person, left];
    let (disputed, recorded) = tx.one::<(i64, i64)>(&data::DISPUTED, work).await?;
    let reasons = tx.all::<(String,)>(&data::REASONS_OF, args![&row.id]).await?.len();
    Ok(NominationFacts {
        pairings: tx.number(&data::PAIRED, args![&row.school, year.from, year.to]).await?,
        posts: tx.number(&data::IN_OFFICE, args![&person, &row.school, year.from, year.to]).await?,
        disputed,
        recorded,
        reasons: i64::try_from(reasons).map_err(Error::internal)?,
        standing: tx.number(&data::STANDING, args![&row.id]).await?,
    })
}

/// What the programme asks of the class of a nomination.
fn requires<'p>(programme: &'p Programme, row: &NominationRow) -> &'p [Requirement] {
    words::class(programme, &row.class).map(|class| class.requires.as_slice()).unwrap_or_default()
}

/// What the programme asks of the class, each with whether it holds by what is recorded today.
pub async fn eligibility(
    tx: &mut Tx,
    programme: &Programme,
    row: &NominationRow,
) -> Result<Vec<(Requirement, bool)>> {
    let required = requires(programme, row);
    if required.is_empty() {
        return Ok(Vec::new());
    }
    let (known, limit) = (facts(tx, programme, row).await?, rules_of(programme)?.disputes);
    Ok(required.iter().map(|what| (*what, what.holds(&known, limit))).collect())
}

/// Nobody goes on who does not meet what is asked: what fails is named. What it rests on comes back, to be kept.
pub async fn demand_eligible(tx: &mut Tx, programme: &Programme, row: &NominationRow) -> Result<Basis> {
    let (known, limit) = (facts(tx, programme, row).await?, rules_of(programme)?.disputes);
    let required = requires(programme, row);
    let failing = required.iter().filter(|what| !what.holds(&known, limit));
    let fails: Vec<&str> = failing.map(|what| what.label()).collect();
    if fails.is_empty() {
        let (class, stamp) = (row.class.clone(), Stamp::now(tx, programme).await?);
        return Ok(Basis { class, on: tx.today(), requires: required.to_vec(), limit, facts: known, stamp });
    }
    let words = format!(
        "{}（{}）现在不符合：{}。请写明理由不列入，或等记录改正以后再办。",
        row.school_name,
        words::class_name(programme, &row.class),
        fails.join("、")
    );
    Err(Error::NotNow(words))
}

/// Nominations are reviewed while the round is open.
fn demand_open(row: &NominationRow) -> Result<()> {
    if row.round_state == RoundState::Open {
        return Ok(());
    }
    Err(Error::NotNow("名单已经公示或撤回，不能再这样办理。".to_owned()))
}

/// Neither agreement nor its withdrawal is asked for once everything is decided or given up.
fn demand_running(row: &NominationRow) -> Result<()> {
    if matches!(row.round_state, RoundState::Open | RoundState::Noticed) {
        return Ok(());
    }
    Err(Error::NotNow("这一年的表扬已经决定或撤回，不用再答复。".to_owned()))
}

/// The person agrees: by its own account today, or on paper, of which its unit states the day.
pub async fn agree(
    tx: &mut Tx,
    opened: &LoadedNomination,
    version: i64,
    on_paper: Option<Date>,
) -> Result<()> {
    let (next, row, today) = (opened.demand(Action::Agree)?, &opened.row, tx.today());
    demand_open(row)?;
    let own = row.is_own(tx.actor());
    let (how, day) = match (own, on_paper) {
        (true, _) => (AgreedHow::Account, today),
        (false, Some(day)) if day <= today => (AgreedHow::Paper, day),
        (false, Some(_)) => {
            let words = "书面同意的日期不能晚于今天。";
            return Err(Error::field("agreed_on", Code::InFuture.says(words)));
        }
        (false, None) => {
            let words = "请填写本人书面同意的日期；本人没有同意的，请选不同意。";
            return Err(Error::field("agreed_on", Code::Missing.says(words)));
        }
    };
    let change = json!({ "own": own, "agreed_on": day });
    let columns = args![how, day];
    review::carry_out(tx, row, next, version, (&data::AGREE, columns), Said::change(change)).await
}

/// The person does not agree, or no longer: its name is taken out at once.
pub async fn decline(tx: &mut Tx, opened: &LoadedNomination, version: i64) -> Result<()> {
    let (next, row) = (opened.demand(Action::Recall)?, &opened.row);
    demand_running(row)?;
    let write = (&data::MOVE_NOMINATION, Vec::new());
    review::carry_out(tx, row, next, version, write, Said::default()).await?;
    let words = format!("不同意{}的提名（{}）", words::title(row.year), row.school_name);
    for org in [&row.nominator, &row.issuer] {
        tell(tx, org, ("commendation_nomination", &row.id), (&words, "")).await?;
    }
    Ok(())
}

/// Whoever nominated takes it back.
pub async fn recall(tx: &mut Tx, opened: &LoadedNomination, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    demand_open(&opened.row)?;
    let write = (&data::MOVE_NOMINATION, Vec::new());
    review::carry_out(tx, &opened.row, next, version, write, Said::default()).await
}

/// One of the office proposes that it be listed.
pub async fn propose(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedNomination,
    version: i64,
) -> Result<()> {
    let (next, row) = (opened.demand(Action::Forward)?, &opened.row);
    demand_open(row)?;
    if !rules::has_agreed(row) {
        return Err(Error::NotNow("本人还没有同意，不能评审。".to_owned()));
    }
    demand_eligible(tx, programme, row).await?;
    let account = tx.actor().account().to_owned();
    review::carry_out(tx, row, next, version, (&data::PROPOSE, args![account]), Said::default()).await
}

/// Another one confirms it: it is on the list.
pub async fn confirm(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedNomination,
    version: i64,
) -> Result<()> {
    let (next, row) = (opened.demand(Action::Accept)?, &opened.row);
    demand_open(row)?;
    demand_eligible(tx, programme, row).await?;
    let write = (&data::MOVE_NOMINATION, Vec::new());
    review::carry_out(tx, row, next, version, write, Said::default()).await
}

/// Back to the first of the two, left out, or looked at once more; the first two with the reason.
pub async fn turn(
    tx: &mut Tx,
    opened: &LoadedNomination,
    version: i64,
    (action, reason): (Action, &str),
) -> Result<()> {
    let (next, row) = (opened.demand(action)?, &opened.row);
    // A name that stands on the list already may still be left out before it is decided.
    match row.state {
        NominationState::Listed => demand_running(row)?,
        _ => demand_open(row)?,
    }
    if action != Action::Reopen {
        Error::of(check_text("reason", "理由", reason, REASON).into_iter().collect())?;
    }
    let write = (&data::PROPOSE, args![""]);
    review::carry_out(tx, row, next, version, write, Said::reason(reason)).await?;
    let words = match action {
        Action::Refuse => "没有列入",
        Action::Reopen => "重新评审",
        _ => return Ok(()),
    };
    let words = format!("{words}{}：{}", words::title(row.year), row.school_name);
    tell(tx, &row.nominator, ("commendation_nomination", &row.id), (&words, reason)).await
}

/// Nominations of people of the caller's own unit that wait for their agreement.
pub async fn to_agree(tx: &mut Tx) -> Result<Vec<Found<NominationRow>>> {
    let org = tx.actor().org.clone();
    tx.find_all(&data::NOMINATIONS_AT, args![org, NominationState::Asked, RoundState::Open]).await
}

/// Nominations in a state that wait for the caller's office.
pub async fn waiting(tx: &mut Tx, state: NominationState) -> Result<Vec<Found<NominationRow>>> {
    let org = tx.actor().org.clone();
    tx.find_all(&data::NOMINATIONS_WAITING, args![org, state, RoundState::Open]).await
}
