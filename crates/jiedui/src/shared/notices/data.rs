//! SQL of notices, of what was chosen, and of letters. Every statement is about one account and the unit in which it acts:
//! what a unit is told is told to it alone, so scope does not say who reads it.

use super::rules::Kind;
use super::rules::address::Shape;
use super::rules::letters::State;
use jiedui_kernel::Instant;
use jiedui_store::{list, rows, sql};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct NoticeRow {
    pub id: String,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub resource: String,
    pub resource_id: String,
    pub by_org: String,
    pub words: String,
    pub said: String,
    pub times: i64,
    pub at: Instant,
    /// 1 where the account has read it.
    pub seen: i64,
}

macro_rules! marked_by {
    ($account:literal) => {
        concat!("EXISTS (SELECT 1 FROM notice_read r WHERE r.account = ", $account, " AND r.notice = n.id)")
    };
}

// What a unit was told before the account was made is nothing new to it.
macro_rules! read_by {
    ($account:literal) => {
        concat!(
            "(",
            marked_by!($account),
            " OR n.at < (SELECT a.created_at FROM account a WHERE a.id = ",
            $account,
            "))"
        )
    };
}

macro_rules! columns {
    ($account:literal) => {
        concat!(
            "SELECT n.id, n.kind, n.resource, n.resource_id, n.by_org, n.words, n.said, n.times, n.at, CASE WHEN ",
            read_by!($account),
            " THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS seen FROM notice n "
        )
    };
}

macro_rules! filter {
    () => {
        concat!(
            "WHERE (n.org = :org OR n.account = :account) AND :muted NOT LIKE '%,' || n.kind || ',%' \
             AND (:kind = '' OR n.kind = :kind) AND (:state = '' OR (:state = 'read') = ",
            read_by!(":account"),
            ")"
        )
    };
}

list! { LIST: free,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM notice n ", filter!()),
    rows: concat!(columns!(":account"), filter!()),
    usual: "n.at DESC, n.id DESC",
    tie: "n.id",
    orders: { at: "n.at" },
    unsorted: [what, state, open],
}

// Both halves end at the same number, so that a unit with a thousand unread ones costs no more than one with a hundred.
sql! { UNREAD: free, concat!(
"SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT n.id FROM notice n WHERE n.org = $2 AND n.at >= $3 \
AND n.at >= (SELECT a.created_at FROM account a WHERE a.id = $1) \
AND COALESCE((SELECT c.muted FROM notice_choice c WHERE c.account = $1), $4) NOT LIKE '%,' || n.kind || ',%' AND NOT ",
marked_by!("$1"), " UNION ALL SELECT n.id FROM notice n WHERE n.account = $1 AND n.at >= $3 AND NOT ", marked_by!("$1"), " LIMIT 100) x") }
sql! { SHOW: free, concat!(columns!("$2"), "WHERE n.id = $1 AND (n.org = $3 OR n.account = $2)") }
sql! { MARK: housekeeping("what somebody has read is nobody else's to know"),
"INSERT INTO notice_read (account, notice) SELECT CAST($1 AS TEXT), n.id FROM notice n WHERE n.id = $2 \
AND (n.org = $3 OR n.account = $1) ON CONFLICT (account, notice) DO NOTHING" }
sql! { MARK_ALL: housekeeping("what somebody has read is nobody else's to know"),
"INSERT INTO notice_read (account, notice) SELECT CAST($1 AS TEXT), n.id FROM notice n WHERE n.at >= $2 \
AND (n.org = $3 OR n.account = $1) ON CONFLICT (account, notice) DO NOTHING" }
sql! { MARK_OLD: housekeeping("a demonstration begins with what is new"),
"INSERT INTO notice_read (account, notice) SELECT DISTINCT r.account, n.id FROM notice n JOIN account_role r ON r.org = n.org \
WHERE n.at < $1 ON CONFLICT (account, notice) DO NOTHING" }
sql! { TELL: free by name,
"INSERT INTO notice (id, org, account, kind, resource, resource_id, by_org, words, said, batch, times, at) VALUES (:id, :org, \
:account, :kind, :resource, :resource_id, :by_org, :words, :said, :batch, 1, :at) \
ON CONFLICT (org, kind, batch) WHERE batch <> '' DO UPDATE SET times = notice.times + 1" }
// What a unit was urged about; whether it still waits is asked of the thing.
sql! { URGED: free, concat!(columns!("$2"), "WHERE n.org = $1 AND n.kind = 'urged' AND n.at >= $3 ORDER BY n.at DESC, n.id DESC LIMIT 20") }
sql! { FORGET_READ: housekeeping("what is too old to be looked up"),
"DELETE FROM notice_read WHERE notice IN (SELECT n.id FROM notice n WHERE n.at < $1)" }
sql! { FORGET: housekeeping("what is too old to be looked up"), "DELETE FROM notice WHERE at < $1" }

sql! { ORG: unscoped("whether whoever urges stands above a unit that a thing in scope waits for"), "SELECT path, name FROM org WHERE id = $1" }

sql! { CHOICE: free, "SELECT muted, letters FROM notice_choice WHERE account = $1" }
sql! { CHOOSE: free,
"INSERT INTO notice_choice (account, muted, letters) VALUES ($1, $2, $3) \
ON CONFLICT (account) DO UPDATE SET muted = excluded.muted, letters = excluded.letters" }

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AddressRow {
    pub account: String,
    pub address: String,
    pub asked_at: Instant,
    pub confirmed_at: Option<Instant>,
    pub refused_at: Option<Instant>,
}

sql! { ADDRESS: free,
"SELECT account, address, asked_at, confirmed_at, refused_at FROM mail_address WHERE account = $1" }
sql! { ADDRESS_BY_CODE: free,
"SELECT account, address, asked_at, confirmed_at, refused_at FROM mail_address WHERE code = $1" }
sql! { SET_ADDRESS: free,
"INSERT INTO mail_address (account, address, code, asked_at, confirmed_at, refused_at) VALUES ($1, $2, $3, $4, NULL, NULL) \
ON CONFLICT (account) DO UPDATE SET address = excluded.address, code = excluded.code, asked_at = excluded.asked_at, \
confirmed_at = NULL, refused_at = NULL" }
sql! { CONFIRM_ADDRESS: free,
"UPDATE mail_address SET confirmed_at = $2 WHERE account = $1 AND confirmed_at IS NULL" }
sql! { REFUSE_ADDRESS: free,
"UPDATE mail_address SET confirmed_at = NULL, refused_at = $3 WHERE account = $1 AND address = $2" }
sql! { REMOVE_ADDRESS: free, "DELETE FROM mail_address WHERE account = $1" }

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MessengerRow {
    pub org: String,
    pub account: String,
    #[sqlx(try_from = "String")]
    pub shape: Shape,
    pub address: String,
}

sql! { MESSENGER: free, "SELECT org, account, shape, address FROM messenger WHERE org = $1" }
sql! { MESSENGERS: free, "SELECT org, account, shape, address FROM messenger ORDER BY org" }
sql! { SET_MESSENGER: free,
"INSERT INTO messenger (org, account, shape, address, version) VALUES ($1, $2, $3, $4, 1) \
ON CONFLICT (org) DO UPDATE SET account = excluded.account, shape = excluded.shape, address = excluded.address, \
version = messenger.version + 1" }
sql! { REMOVE_MESSENGER: free, "DELETE FROM messenger WHERE org = $1" }

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LetterRow {
    pub id: String,
    pub account: String,
    pub org: Option<String>,
    pub kind: String,
    pub subject: String,
    pub body: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub attempt: i64,
    pub fault: String,
    pub made_at: Instant,
    pub login: String,
}

macro_rules! letters {
    () => {
        "SELECT l.id, l.account, l.org, l.kind, l.subject, l.body, l.state, l.attempt, l.fault, l.made_at, a.login \
         FROM letter l JOIN account a ON a.id = l.account "
    };
}

rows! { LETTERS: housekeeping("the queue of letters; what each is about has its own records")
letter (id, account, org, kind, day, subject, body, told, state, attempt, due_at, fault, made_at, ended_at) "ON CONFLICT DO NOTHING" }
// Codes go out at any hour: somebody sits there and waits.
sql! { DUE: free, concat!(letters!(),
"WHERE l.state IN ('waiting', 'sending') AND l.due_at <= $1 AND (l.kind = 'code' OR $2) ORDER BY l.due_at, l.id LIMIT 16") }
sql! { CLAIM: housekeeping("that somebody sends it"),
"UPDATE letter SET state = $3, attempt = attempt + 1, due_at = $4 WHERE id = $1 AND attempt = $2 AND state = 'waiting'" }
sql! { WAIT: housekeeping("when a letter is tried again"),
"UPDATE letter SET state = $3, due_at = $4, fault = $5 WHERE id = $1 AND attempt = $2 AND state = 'sending'" }
sql! { END: housekeeping("what became of a letter"),
"UPDATE letter SET state = $3, fault = $4, ended_at = $5, body = '' WHERE id = $1 AND attempt = $2 \
AND state IN ('waiting', 'sending')" }
sql! { LAST_TOLD: free,
"SELECT told, made_at FROM letter WHERE account = $1 AND kind = $2 AND day < $3 AND COALESCE(org, '') = $4 ORDER BY day DESC LIMIT 1" }
sql! { HAS_LETTER: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM letter WHERE account = $1 AND kind = $2 AND day = $3 AND COALESCE(org, '') = $4" }
sql! { CODES_OF_DAY: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM letter WHERE account = $1 AND kind = 'code' AND day = $2" }
sql! { FORGET_LETTERS: housekeeping("letters that were sent or given up long ago"), "DELETE FROM letter WHERE ended_at < $1" }
sql! { TROUBLE: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM letter WHERE state IN ('failed', 'unsure') AND ended_at >= $1" }

list! { LETTER_LIST: free,
    count: "SELECT CAST(COUNT(*) AS BIGINT) FROM letter l WHERE (:state = '' OR l.state = :state)",
    rows: concat!(letters!(), "WHERE (:state = '' OR l.state = :state)"),
    usual: "l.made_at DESC, l.id DESC",
    tie: "l.id",
    orders: { made: "l.made_at", state: "l.state" },
    unsorted: [account, what, fault],
}

/// Somebody who gets letters: confirmed, not disabled, and what was chosen.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReaderRow {
    pub account: String,
    pub org: String,
    pub org_name: String,
    pub muted: Option<String>,
    pub letters: Option<String>,
}

// By unit, in pages: a province has thousands.
sql! { READERS: unscoped("to whom letters go, and in which unit each acts"),
"SELECT DISTINCT m.account, o.id AS org, o.name AS org_name, c.muted, c.letters FROM mail_address m JOIN account a ON a.id = m.account \
JOIN account_role r ON r.account = m.account JOIN org o ON o.id = r.org LEFT JOIN notice_choice c ON c.account = m.account \
WHERE m.confirmed_at IS NOT NULL AND a.disabled = $1 AND m.account IN (SELECT n.account FROM mail_address n WHERE n.account > $2 \
AND n.confirmed_at IS NOT NULL ORDER BY n.account LIMIT 100) ORDER BY m.account, o.id" }
