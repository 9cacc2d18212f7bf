//! The address to which letters go: set by its holder, and used when a code that was sent to it came back.

use super::super::data::{self, AddressRow, ReaderRow};
use super::super::rules::address::{self, CODES_A_DAY, OPEN_FOR};
use super::super::rules::letters::State;
use jiedui_kernel::{Code, Date, Error, Instant, Random, Result};
use jiedui_store::{AuditRecord, Tx, args, line};
use jiedui_web::session;

/// What is queued.
#[derive(Debug)]
pub struct NewLetter<'a> {
    pub account: &'a str,
    pub org: Option<&'a str>,
    pub kind: &'static str,
    pub subject: &'a str,
    pub body: &'a str,
    pub told: &'a str,
}

/// Queues a letter; false where the account has one of this kind from today.
pub async fn queue(tx: &mut Tx, new: &NewLetter<'_>) -> Result<bool> {
    let (id, day, now) = (tx.new_id(), tx.today(), tx.now());
    let row = line!(data::LETTERS {
        id,
        account: new.account,
        org: new.org.map(str::to_owned),
        kind: new.kind,
        day,
        subject: new.subject,
        body: new.body,
        told: new.told,
        state: State::Waiting.id(),
        attempt: 0_i64,
        due_at: now,
        fault: "",
        made_at: now,
        ended_at: None::<Instant>,
    });
    Ok(tx.add_rows(&data::LETTERS, vec![row]).await? > 0)
}

/// Whether an account has a letter of this kind from today; `org` is the unit of a message, "" for a letter.
pub async fn has_letter(tx: &mut Tx, account: &str, kind: &str, org: &str) -> Result<bool> {
    let today = tx.today();
    Ok(tx.number(&data::HAS_LETTER, args![account, kind, today, org]).await? > 0)
}

/// What the last letter of this kind before a day kept in mind, and when it was made.
pub async fn told_before(
    tx: &mut Tx,
    account: &str,
    kind: &str,
    day: Date,
    org: &str,
) -> Result<Option<(String, Instant)>> {
    tx.maybe(&data::LAST_TOLD, args![account, kind, day, org]).await
}

/// To whom letters go, behind an account and by account, a page at a time: each unit in which the account acts is a row.
pub async fn readers(tx: &mut Tx, after: &str) -> Result<Vec<ReaderRow>> {
    tx.all(&data::READERS, args![false, after]).await
}

async fn record(tx: &mut Tx, action: &str, account: &str) -> Result<()> {
    // The address itself is sealed: the log says that there is one, not which.
    let record = AuditRecord { action, resource: "account", resource_id: account };
    tx.audit(record, &serde_json::json!({})).await
}

pub async fn of(tx: &mut Tx, account: &str) -> Result<Option<AddressRow>> {
    tx.maybe(&data::ADDRESS, args![account]).await
}

/// Sets the address of the caller and sends a code to it; until the code comes back nothing else is sent. `at` is where
/// the server is reached from outside.
pub async fn set(tx: &mut Tx, random: &Random, at: &str, typed: &str) -> Result<()> {
    let address = address::mail(typed)?;
    let account = tx.actor().account().to_owned();
    let today = tx.today();
    if tx.number(&data::CODES_OF_DAY, args![&account, today]).await? >= CODES_A_DAY {
        let words = "今天已经发过几封确认信，请先看收件箱和垃圾邮件箱，或明天再试。";
        return Err(Error::field("address", Code::TooMany.says(words)));
    }
    let (code, now) = (random.token(), tx.now());
    tx.write(&data::SET_ADDRESS, args![&account, &address, session::digest(&code), now]).await?;
    let body = super::super::papers::code_letter(at, &code);
    let new = NewLetter {
        account: &account,
        org: None,
        kind: "code",
        subject: "结对通：请确认邮箱",
        body: &body,
        told: "",
    };
    queue(tx, &new).await?;
    record(tx, "account.mail", &account).await
}

/// The address whose code this is, where it is the caller's and the code still opens.
pub async fn by_code(tx: &mut Tx, code: &str) -> Result<AddressRow> {
    let row = tx.one::<AddressRow>(&data::ADDRESS_BY_CODE, args![session::digest(code)]).await?;
    let open = row.asked_at + OPEN_FOR > tx.now();
    if row.account == tx.actor().account() && open && row.refused_at.is_none() {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The code came back: letters go there from now on.
pub async fn confirm(tx: &mut Tx, code: &str) -> Result<()> {
    let row = by_code(tx, code).await?;
    let now = tx.now();
    if row.confirmed_at.is_some() {
        return Ok(());
    }
    tx.write_one(&data::CONFIRM_ADDRESS, args![&row.account, now]).await?;
    record(tx, "account.mail_confirmed", &row.account).await
}

pub async fn remove(tx: &mut Tx) -> Result<()> {
    let account = tx.actor().account().to_owned();
    if of(tx, &account).await?.is_none() {
        return Ok(());
    }
    tx.write_one(&data::REMOVE_ADDRESS, args![&account]).await?;
    record(tx, "account.mail_removed", &account).await
}

/// The mail server says that there is no such address: nothing is sent there any more, and its holder is told.
pub async fn refuse(tx: &mut Tx, account: &str, address: &str) -> Result<()> {
    let now = tx.now();
    // Its holder may have given another one, or none, while the letter was under way.
    if of(tx, account).await?.is_none_or(|row| row.address != address) {
        return Ok(());
    }
    tx.write_one(&data::REFUSE_ADDRESS, args![account, address, now]).await?;
    let words = "您留的邮箱被对方邮件服务器拒收，已停止发送。请核对地址后重新填写。";
    super::tell_account(tx, account, "account", words).await?;
    record(tx, "account.mail_refused", account).await
}
