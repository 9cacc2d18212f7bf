//! SQL of accounts and sessions.

use super::rules::links::Answer;
use jiedui_kernel::Instant;
use jiedui_store::{person_records, same_person, sql};

sql! { INSERT: free,
"INSERT INTO account (id, login, name, password, must_change, disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)" }
sql! { ADD_ROLE: free,
"INSERT INTO account_role (account, org, role) VALUES ($1, $2, $3) ON CONFLICT (account, org, role) DO NOTHING" }
sql! { COUNT: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM account" }
sql! { BY_LOGIN: free,
"SELECT id, login, name, password, must_change, disabled FROM account WHERE login = $1" }

// Counted and compared in one statement, so that tries side by side are all counted; no row where the wait is not over. The
// numbers are those of `delay::FREE_TRIES`, the waits those of `delay::STEPS`. A wait that ends later than any wait can (`beyond`)
// comes of a clock that was set back, and holds nobody.
sql! { COUNT_TRY: housekeeping("tries are counted before anything is checked; what is refused has a record of its own") by name,
"INSERT INTO sign_in_try (id, account, kind, failed, tried_at, next_at) VALUES (:id, :account, :kind, 1, :now, :now) \
ON CONFLICT (id) DO UPDATE SET failed = sign_in_try.failed + 1, tried_at = excluded.tried_at, next_at = CASE \
WHEN sign_in_try.failed < 4 THEN excluded.next_at WHEN sign_in_try.failed = 4 THEN :first \
WHEN sign_in_try.failed = 5 THEN :second WHEN sign_in_try.failed = 6 THEN :third ELSE :last END \
WHERE sign_in_try.next_at <= excluded.tried_at OR sign_in_try.next_at > :beyond" }
sql! { FORGET_TRIES: housekeeping("tries of long ago"),
"UPDATE sign_in_try SET failed = 0 WHERE id = $1 AND tried_at < $2" }
sql! { WAS_RIGHT: housekeeping("the try that was counted was right"),
"UPDATE sign_in_try SET failed = 0, next_at = tried_at WHERE id = $1" }
sql! { IS_KNOWN: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM sign_in_try WHERE id = $1 AND kind = $2" }
sql! { KNOW_BROWSER: housekeeping("a browser in which the holder signed in has a counter of its own"),
"INSERT INTO sign_in_try (id, account, kind, failed, tried_at, next_at) VALUES ($1, $2, $3, 0, $4, $4) \
ON CONFLICT (id) DO UPDATE SET failed = 0, tried_at = excluded.tried_at, next_at = excluded.next_at" }
sql! { FORGET_BROWSERS: housekeeping("browsers in which nobody signed in for long"),
"DELETE FROM sign_in_try WHERE account = $1 AND kind = $2 AND tried_at < $3" }
sql! { FORGET_ALL: housekeeping("the holder has set another password by a code"),
"DELETE FROM sign_in_try WHERE account = $1" }

sql! { FACTOR: free, "SELECT secret, confirmed_at, last_step FROM second_factor WHERE account = $1" }
// One that is in use is not replaced.
sql! { NEW_FACTOR: free,
"INSERT INTO second_factor (account, secret, made_at, confirmed_at, last_step) VALUES ($1, $2, $3, NULL, 0) \
ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at, last_step = 0 \
WHERE second_factor.confirmed_at IS NULL" }
sql! { CONFIRM_FACTOR: free,
"UPDATE second_factor SET confirmed_at = $2, last_step = $3 WHERE account = $1 AND confirmed_at IS NULL" }
sql! { USE_STEP: free,
"UPDATE second_factor SET last_step = $2 WHERE account = $1 AND last_step < $2 AND confirmed_at IS NOT NULL" }
sql! { DROP_FACTOR: free, "DELETE FROM second_factor WHERE account = $1" }
sql! { ADD_CODE: free, "INSERT INTO recovery_code (id, account, digest, used_at) VALUES ($1, $2, $3, NULL)" }
sql! { USE_CODE: free,
"UPDATE recovery_code SET used_at = $3 WHERE digest = $1 AND account = $2 AND used_at IS NULL" }
sql! { CODES_LEFT: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM recovery_code WHERE account = $1 AND used_at IS NULL" }
sql! { DROP_CODES: free, "DELETE FROM recovery_code WHERE account = $1" }
sql! { BEGIN_PENDING: housekeeping("a sign-in half done; what comes of it has its record"),
"INSERT INTO sign_in_pending (id, account, made_at) VALUES ($1, $2, $3)" }
sql! { PENDING: free,
"SELECT a.id, a.login, a.name, a.password, a.must_change, a.disabled FROM sign_in_pending p JOIN account a ON a.id = p.account \
WHERE p.id = $1 AND p.made_at >= $2" }
sql! { END_PENDING: housekeeping("a sign-in half done; what comes of it has its record"),
"DELETE FROM sign_in_pending WHERE account = $1 OR made_at < $2" }
sql! { SEATS: unscoped("one's own roles, wherever they are"),
"SELECT r.org, o.name AS org_name, r.role FROM account_role r JOIN org o ON o.id = r.org WHERE r.account = $1 \
ORDER BY o.sort_key, r.role" }
sql! { PASSWORD: free, "SELECT password FROM account WHERE id = $1" }
sql! { SET_PASSWORD: free, "UPDATE account SET password = $2, must_change = $3 WHERE id = $1" }

sql! { REMOVE_ROLE: free, "DELETE FROM account_role WHERE account = $1 AND org = $2 AND role = $3" }
sql! { ROLES_AT: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM account_role WHERE account = $1 AND org = $2" }
// Two administrators who disable each other at once come one after the other: the update is the lock that both engines
// know.
sql! { LOCK_ROLE: housekeeping("a lock; changes nothing"), "UPDATE account_role SET role = role WHERE role = $1" }
// The accounts of one person have one holder; none of an account that nobody said has others beside it.
sql! { HOLDER: free, "SELECT holder FROM account WHERE id = $1" }
sql! { LOCK_HOLDERS: housekeeping("a lock; changes nothing"),
"UPDATE account SET holder = holder WHERE id = $1 OR id = $2 \
OR holder IN (SELECT h.holder FROM account h WHERE (h.id = $1 OR h.id = $2) AND h.holder IS NOT NULL)" }
sql! { SET_HOLDER: free, "UPDATE account SET holder = $2 WHERE id = $1" }
sql! { MOVE_HOLDERS: free, "UPDATE account SET holder = $2 WHERE holder = $1" }
sql! { ROLES_OF_PERSON: free, concat!(
"SELECT DISTINCT r.role FROM account_role r WHERE ", same_person!("r.account", "$1"), " ORDER BY r.role") }
sql! { DISABLE: free, "UPDATE account SET disabled = $2 WHERE id = $1" }
sql! { UNLOCK: free,
"UPDATE sign_in_try SET failed = 0, next_at = tried_at WHERE account = $1 AND next_at > $2" }

#[derive(Debug, sqlx::FromRow)]
pub struct Account {
    pub id: String,
    pub login: String,
    pub name: String,
    pub password: String,
    pub must_change: bool,
    pub disabled: bool,
}

/// The second step of an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FactorRow {
    pub secret: String,
    /// In use since.
    pub confirmed_at: Option<Instant>,
    pub last_step: i64,
}

sql! { OUTSIDE_OF: free, "SELECT issuer, shown, linked_at FROM outside_account WHERE account = $1" }
sql! { BY_OUTSIDE: free,
"SELECT a.id, a.login, a.name, a.password, a.must_change, a.disabled FROM outside_account x JOIN account a ON a.id = x.account \
WHERE x.digest = $1" }
// Nothing where somebody was quicker, or the account outside opens another one here.
sql! { LINK_OUTSIDE: free,
"INSERT INTO outside_account (account, digest, issuer, shown, linked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING" }
sql! { UNLINK_OUTSIDE: free, "DELETE FROM outside_account WHERE account = $1" }

/// An account outside that opens one here.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OutsideRow {
    pub issuer: String,
    pub shown: String,
    pub linked_at: Instant,
}

// An account belongs to nobody in the registry but by its unit and its name.
macro_rules! own_record {
    () => {
        concat!(
            "x.name = $1 AND EXISTS (SELECT 1 FROM person_post q WHERE q.person IN ",
            person_records!("x.id"),
            " AND q.org = $2)"
        )
    };
}
// Under its record, under the one to which that leads, and under those that lead to it.
sql! { LOOKED_AT: unscoped("who looked at one's own name"), concat!(
"SELECT v.at, v.name, v.org_name, v.title FROM name_view v WHERE v.person IN (SELECT x.id FROM person x WHERE ", own_record!(),
" UNION ALL SELECT m.leads_to FROM person x JOIN person_merge m ON m.id = x.id WHERE m.agreed_on IS NOT NULL AND ", own_record!(),
" UNION ALL SELECT m.id FROM person x JOIN person_merge m ON m.leads_to = x.id WHERE m.agreed_on IS NOT NULL AND ", own_record!(),
") ORDER BY v.at DESC, v.id DESC LIMIT 50") }

/// Somebody who had the caller's name shown in full.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LookedAt {
    pub at: Instant,
    pub name: String,
    pub org_name: String,
    pub title: String,
}

/// A link that opens once.
#[derive(Debug, sqlx::FromRow)]
pub struct LinkRow {
    pub account: String,
    pub login: String,
    pub name: String,
    pub disabled: bool,
    pub reset: bool,
    pub made_at: Instant,
    pub asked_name: String,
    pub made_name: String,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    #[sqlx(try_from = "String")]
    pub answer: Answer,
    /// Where the account acts first.
    pub org: String,
    pub org_name: String,
}

macro_rules! links {
    () => {
        "SELECT k.account, a.login, a.name, a.disabled, k.reset, k.made_at, k.asked_name, k.made_name, k.expires_at, k.used_at, \
         k.answer, o.id AS org, o.name AS org_name FROM account_link k JOIN account a ON a.id = k.account \
         JOIN account_role r ON r.account = a.id JOIN org o ON o.id = r.org "
    };
}

sql! { LINK: unscoped("whoever has the secret of a link sees whose it is"),
concat!(links!(), "WHERE k.digest = $1 ORDER BY o.sort_key, o.id LIMIT 1") }
sql! { LINK_OF: unscoped("the link of one's own account"),
concat!(links!(), "WHERE k.account = $1 ORDER BY o.sort_key, o.id LIMIT 1") }
sql! { SET_LINK: free by name,
"INSERT INTO account_link (account, request, digest, reset, made_at, asked_name, made_name, expires_at, used_at, answer, \
answered_at, denied_at, denied_asked, denied_made) VALUES (:account, :request, :digest, :reset, :now, :asked_name, :made_name, \
:expires, NULL, '', NULL, NULL, '', '') \
ON CONFLICT (account) DO UPDATE SET request = excluded.request, digest = excluded.digest, reset = excluded.reset, \
made_at = excluded.made_at, asked_name = excluded.asked_name, made_name = excluded.made_name, \
expires_at = excluded.expires_at, used_at = NULL, answer = '', answered_at = NULL" }
// Also where the password is set otherwise: nobody may have a use for the code any more.
sql! { USE_LINK: free, "UPDATE account_link SET used_at = $2 WHERE account = $1 AND used_at IS NULL" }
sql! { ANSWER_LINK: free,
"UPDATE account_link SET answer = $2, answered_at = $3 WHERE account = $1 AND answered_at IS NULL AND reset" }
// Kept when another code is made: a warning is not taken back by those whom it warns of.
sql! { DENY_LINK: free,
"UPDATE account_link SET denied_at = $2, denied_asked = asked_name, denied_made = made_name WHERE account = $1" }
sql! { DENIED: free,
"SELECT a.id, a.login, a.name, k.denied_asked AS asked_name, k.denied_made AS made_name, k.denied_at AS at FROM account_link k \
JOIN account a ON a.id = k.account WHERE k.denied_at >= $1 ORDER BY k.denied_at DESC, a.id LIMIT 50" }

/// A reset that the holder of the account did not want.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DeniedRow {
    pub id: String,
    pub login: String,
    pub name: String,
    pub asked_name: String,
    pub made_name: String,
    pub at: Instant,
}

/// A role at an organisation.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct Seat {
    pub org: String,
    pub org_name: String,
    pub role: String,
}
