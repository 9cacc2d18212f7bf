//! Recording what was paid or came, answering it, taking it back. For the pages and the demonstration.

mod ledger;

use super::data::{self, DatedRow, MoveKind, MoveRow, MoveState};
use super::rules::account::{self, Account, Offer};
use super::rules::{self, NUMBER, WORDS};
use crate::network::registry::{self, OrgRow};
use crate::shared::review::{self, Action, Loaded, Next, Said};
use chrono::Datelike as _;
use jiedui_funding::{Timed, check};
use jiedui_kernel::{Code, Date, Error, FieldError, Mistake, Result};
use jiedui_programme::{FundingRules, Programme};
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;

pub use ledger::{
    Narrowed, balance_of, book, moneys, moves_by, moves_of, names, off, paid_for_pupils, shares_of,
};

/// What is to be recorded at a school.
#[derive(Debug, Clone)]
pub struct NewMove {
    pub school: String,
    pub kind: MoveKind,
    /// Whose money it is, as the form names it.
    pub of: String,
    pub day: Date,
    pub cents: i64,
    pub words: String,
    pub number: String,
}

/// The programme's rules; not found where it does not follow money.
pub fn rules_of(programme: &Programme) -> Result<&FundingRules> {
    programme.funding.as_ref().ok_or(Error::NotFound)
}

/// Who answers what the caller records at a school: of the school and the bureau above it the other one.
pub fn other_side(school: &OrgRow, org: &str) -> Result<String> {
    if school.kind != "school" {
        return Err(Error::Forbidden("收支按学校登记，请先选一所学校。".to_owned()));
    }
    let Some(bureau) = &school.parent else {
        return Err(Error::NotNow("学校没有主管局，不能登记收支。请先在院校库里设定。".to_owned()));
    };
    match org {
        _ if org == school.id => Ok(bureau.clone()),
        _ if org == bureau => Ok(school.id.clone()),
        _ => Err(Error::Forbidden("收支由学校或它的主管局登记，由另一方确认。".to_owned())),
    }
}

/// What may be chosen for a kind of movement at a school.
pub async fn offers(tx: &mut Tx, programme: &Programme, school: &str, kind: MoveKind) -> Result<Vec<Offer>> {
    let rules = rules_of(programme)?;
    let book = book(tx, programme, Narrowed::school(school)).await?;
    Ok(account::offers(rules, &book, kind))
}

/// The days of one money.
async fn timed(tx: &mut Tx, programme: &Programme, school: &str, of: &Offer) -> Result<Timed> {
    let days = named!(data::DAYS {
        school: school,
        output: of.output.as_deref().or(of.share.as_deref()).unwrap_or_default(),
        source: &of.source,
        project: of.project.as_deref().unwrap_or_default(),
    });
    let rows: Vec<DatedRow> = days.all(tx).await?;
    let book = book(tx, programme, Narrowed::school(school)).await?;
    Ok(account::timed(&of.account, &book, &rows))
}

/// What is wrong with what was written, whatever its amount.
fn texts(new: &NewMove) -> Vec<FieldError> {
    let (words, number) = (new.words.chars().count(), new.number.chars().count());
    let mut wrong = Vec::new();
    if words == 0 {
        wrong.push(FieldError::new("words", Mistake::missing("用途")));
    } else if words > WORDS {
        wrong.push(FieldError::new("words", Mistake::too_long("用途", WORDS, words)));
    }
    if number > NUMBER {
        wrong.push(FieldError::new("number", Mistake::too_long("凭证号或文号", NUMBER, number)));
    }
    wrong
}

/// Records a movement in the name of the caller's organisation; returns its id.
pub async fn record(tx: &mut Tx, programme: &Programme, new: &NewMove) -> Result<String> {
    let (org, today) = (tx.actor().org.clone(), tx.today());
    let school = registry::find(tx, &new.school).await?;
    let answerer = other_side(&school, &org)?;
    // Two payments at once would both find the money there.
    registry::lock(tx, &school.id).await?;
    let offers = offers(tx, programme, &school.id, new.kind).await?;
    let wanted = Account::parse(&new.of);
    let Some(of) = offers.into_iter().find(|offer| Some(&offer.account) == wanted.as_ref()) else {
        let words = "请从列出的里面选是哪一笔钱。";
        return Err(Error::field("of", Code::NotListed.says(words)));
    };
    let mut wrong = texts(new);
    let money = match new.kind {
        // A thing has a value, and uses up no money.
        MoveKind::InKind => Timed::default(),
        _ => timed(tx, programme, &school.id, &of).await?,
    };
    let checked = check(&money, new.kind.brings(), (new.day, new.cents), today);
    wrong.extend(checked.err().map(account::mistake));
    Error::of(wrong)?;
    let id = tx.new_id();
    named!(data::INSERT {
        id: &id,
        school: &school.id,
        org: &org,
        answerer: &answerer,
        kind: new.kind,
        source: &of.source,
        output: of.output.clone(),
        share: of.share.clone(),
        project: of.project.clone(),
        day: new.day,
        amount: new.cents,
        words: &new.words,
        number: &new.number,
    })
    .write(tx)
    .await?;
    let row = find(tx, &id).await?;
    let counts = MoveState::Recorded.counts(new.cents);
    add(tx, &row, (counts.claimed, counts.confirmed)).await?;
    let change = json!({ "kind": new.kind, "of": new.of, "day": new.day, "amount": new.cents });
    review::begun::<MoveRow>(tx, &id, "record", change).await?;
    Ok(id)
}

/// Moves the sums by this much, claimed and confirmed: always in this order, so that no two writers wait for each other.
pub(super) async fn add(tx: &mut Tx, row: &MoveRow, (claimed, confirmed): (i64, i64)) -> Result<()> {
    if (claimed, confirmed) == (0, 0) {
        return Ok(());
    }
    let output = row.output.as_deref().or(row.share.as_deref()).unwrap_or_default();
    let project = row.project.as_deref().unwrap_or_default();
    let (school, source, year) = (&row.school, &row.source, i64::from(row.day.year()));
    let call =
        named!(data::ADD { school, source, output, project, year, kind: row.kind, claimed, confirmed });
    call.write(tx).await?;
    let of = |kind: MoveKind| if row.kind == kind { (claimed, confirmed) } else { (0, 0) };
    let ((arrived, arrived_sure), (paid, paid_sure)) = (of(MoveKind::Arrived), of(MoveKind::Paid));
    let ((returned, returned_sure), (in_kind, in_kind_sure)) = (of(MoveKind::Returned), of(MoveKind::InKind));
    if !output.is_empty() {
        let call = named!(data::ADD_USE {
            school,
            output,
            arrived,
            arrived_sure,
            paid,
            paid_sure,
            returned,
            returned_sure,
        });
        call.write(tx).await?;
    }
    // What came of a share is read with its day, and would be counted twice.
    if !output.is_empty() && row.kind == MoveKind::Arrived {
        return Ok(());
    }
    let call = named!(data::ADD_CUT {
        school,
        project,
        source,
        year,
        arrived,
        arrived_sure,
        paid,
        paid_sure,
        returned,
        returned_sure,
        in_kind,
        in_kind_sure,
    });
    call.write(tx).await.map(drop)
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<MoveRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<MoveRow>>> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// Writes an action, and what it does to the sums, under one audit record.
async fn carry_out(
    tx: &mut Tx,
    row: &Found<MoveRow>,
    next: Next<MoveState>,
    (version, reason): (i64, &str),
) -> Result<()> {
    review::update(tx, row, next, version, (&data::MOVE, Vec::new())).await?;
    let (before, after) = (next.from().counts(row.amount), next.to().counts(row.amount));
    let moved = (after.claimed - before.claimed, after.confirmed - before.confirmed);
    add(tx, row, moved).await?;
    review::record::<MoveRow>(tx, row, next, Said::reason(reason)).await
}

pub async fn confirm(tx: &mut Tx, opened: &Loaded<Found<MoveRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    carry_out(tx, &opened.row, next, (version, "")).await
}

pub async fn dispute(tx: &mut Tx, opened: &Loaded<Found<MoveRow>>, version: i64, reason: &str) -> Result<()> {
    let next = opened.demand(Action::Return)?;
    Error::of(rules::check_reason(reason))?;
    carry_out(tx, &opened.row, next, (version, reason)).await
}

/// Takes a movement back. What came cannot be taken back while payments live on it.
pub async fn withdraw(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<MoveRow>>,
    version: i64,
) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    let row = &opened.row;
    if row.kind == MoveKind::Arrived {
        registry::lock(tx, &row.school).await?;
        let account = match (&row.share, &row.project) {
            (Some(share), _) => Account::Output { output: share.clone(), project: None },
            (None, Some(project)) => {
                Account::Project { project: project.clone(), source: row.source.clone() }
            }
            (None, None) => Account::Source(row.source.clone()),
        };
        let of = Offer {
            account,
            label: String::new(),
            source: row.source.clone(),
            output: row.output.clone(),
            share: row.share.clone(),
            project: row.project.clone(),
        };
        if timed(tx, programme, &row.school, &of).await?.room(row.day) < row.amount {
            let words = "这笔到位的钱已经有支出，不能撤回。请先撤回用它的支出。";
            return Err(Error::NotNow(words.to_owned()));
        }
    }
    carry_out(tx, row, next, (version, "")).await
}

/// The newest of a school.
pub async fn newest(tx: &mut Tx, school: &str) -> Result<Vec<MoveRow>> {
    tx.all(&data::NEWEST, args![school]).await
}

/// What waits for an answer of the caller's organisation, the oldest first.
pub async fn to_answer(tx: &mut Tx) -> Result<Vec<Found<MoveRow>>> {
    let org = tx.actor().org.clone();
    tx.find_all(&data::TO_ANSWER, args![org, MoveState::Recorded]).await
}

/// What the caller's organisation recorded and the other side disputes.
pub async fn disputed(tx: &mut Tx) -> Result<Vec<Found<MoveRow>>> {
    let org = tx.actor().org.clone();
    tx.find_all(&data::DISPUTED, args![org, MoveState::Disputed]).await
}
