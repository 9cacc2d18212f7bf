//! SQL of accounts and sessions.

use super::rules::links::Answer;
use jiedui_kernel::Instant;
use jiedui_store::sql;

sql! { INSERT: free,
"INSERT INTO account (id, login, name, password, must_change, failed, disabled, created_at) \
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" }
sql! { ADD_ROLE: free,
"INSERT INTO account_role (account, org, role) VALUES ($1, $2, $3) ON CONFLICT (account, org, role) DO NOTHING" }
sql! { BY_LOGIN: free,
"SELECT id, login, name, password, must_change, failed, locked_until, disabled FROM account WHERE login = $1" }
sql! { FAILED: free, "UPDATE account SET failed = $2, locked_until = $3 WHERE id = $1" }
// Counted in the statement itself, so that tries side by side are all counted.
sql! { COUNT_FAILURE: free, "UPDATE account SET failed = failed + 1 WHERE id = $1" }
sql! { FAILURES: free, "SELECT failed FROM account WHERE id = $1" }
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
sql! { DISABLE: free, "UPDATE account SET disabled = $2 WHERE id = $1" }
sql! { UNLOCK: free,
"UPDATE account SET failed = $2, locked_until = $3 WHERE id = $1 AND locked_until > $4" }

#[derive(Debug, sqlx::FromRow)]
pub struct Account {
    pub id: String,
    pub login: String,
    pub name: String,
    pub password: String,
    pub must_change: bool,
    pub locked_until: Option<Instant>,
    pub disabled: bool,
}

// An account belongs to nobody in the registry but by its unit and its name.
sql! { LOOKED_AT: unscoped("who looked at one's own name"),
"SELECT v.at, v.name, v.org_name, v.title FROM name_view v JOIN person p ON p.id = v.person WHERE p.name = $1 \
AND EXISTS (SELECT 1 FROM person_post q WHERE q.person = p.id AND q.org = $2) ORDER BY v.at DESC, v.id DESC LIMIT 50" }

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
