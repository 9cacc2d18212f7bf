//! SQL of the request machinery: who is behind a cookie, or behind the token of a program.

use crate::session::Ending;
use jiedui_kernel::Instant;
use jiedui_store::sql;

sql! { FIND: unscoped("made before there is anybody whose scope could bound it"),
"SELECT s.id, s.account, s.org, s.csrf, s.created_at, s.seen_at, s.ending, a.login, a.name, a.must_change, a.holder, o.name AS org_name, \
o.path, r.role, EXISTS (SELECT 1 FROM second_factor f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL) AS enrolled, \
EXISTS (SELECT 1 FROM saved_view v WHERE v.account = a.id) AS has_views FROM session s JOIN account a ON a.id = s.account JOIN org o ON o.id = s.org \
JOIN account_role r ON r.account = s.account AND r.org = s.org WHERE s.id = $1 AND a.disabled = $2 ORDER BY r.role" }
sql! { ACTOR: unscoped("made before there is anybody whose scope could bound it"),
"SELECT a.name, a.holder, o.name AS org_name, o.path, r.role FROM account a JOIN account_role r ON r.account = a.id \
JOIN org o ON o.id = r.org WHERE a.id = $1 AND o.id = $2 AND a.disabled = $3 ORDER BY r.role" }
sql! { OTHERS: free, "SELECT id FROM account WHERE holder = $1 AND id <> $2 ORDER BY id" }
sql! { OPEN_SESSION: free,
"INSERT INTO session (id, account, org, csrf, created_at, seen_at, browser, ending) VALUES ($1, $2, $3, $4, $5, $5, $6, '')" }
sql! { CLOSE_SESSION: free, "DELETE FROM session WHERE id = $1" }
sql! { CLOSE_OTHERS: free, "DELETE FROM session WHERE account = $1 AND id <> $2" }
sql! { CLOSE_AT: free, "DELETE FROM session WHERE account = $1 AND org = $2" }
sql! { CLOSE_OLD: free, "DELETE FROM session WHERE seen_at < $1" }
// Of those that are not idle already: a browser that was closed without signing out goes before the one at which somebody
// sits since the morning.
sql! { END_UNUSED: free,
"UPDATE session SET ending = $3 WHERE account = $1 AND ending = '' AND seen_at >= $2 AND id NOT IN (SELECT o.id FROM session o \
WHERE o.account = $1 AND o.ending = '' AND o.seen_at >= $2 ORDER BY o.seen_at DESC, o.created_at DESC, o.id LIMIT $4)" }
sql! { OPEN_ONES: unscoped("one's own sessions, wherever one acts in them"),
"SELECT s.id, o.name AS org_name, s.browser, s.created_at, s.seen_at FROM session s JOIN org o ON o.id = s.org \
WHERE s.account = $1 AND s.ending = '' AND s.seen_at >= $2 AND s.created_at >= $3 ORDER BY s.seen_at DESC, s.id" }
sql! { END_ONE: free, "UPDATE session SET ending = $3 WHERE id = $1 AND account = $2 AND ending = ''" }
sql! { END_OTHERS: free, "UPDATE session SET ending = $3 WHERE account = $1 AND id <> $2 AND ending = ''" }
sql! { MOVE_SESSION: free, "UPDATE session SET org = $2 WHERE id = $1" }
sql! { BEGIN_AGAIN: free, "UPDATE session SET created_at = $2, seen_at = $2 WHERE id = $1" }
sql! { TOUCH: housekeeping("when a session was last seen"), "UPDATE session SET seen_at = $2 WHERE id = $1" }

/// One role of an account at an organisation.
#[derive(Debug, sqlx::FromRow)]
pub struct ActorRow {
    pub name: String,
    /// What the accounts of one person have in common; none where there is but one.
    pub holder: Option<String>,
    pub org_name: String,
    pub path: String,
    pub role: String,
}

#[derive(Debug, sqlx::FromRow)]
pub struct Found {
    pub id: String,
    pub account: String,
    pub org: String,
    pub csrf: String,
    pub created_at: Instant,
    pub seen_at: Instant,
    #[sqlx(try_from = "String")]
    pub ending: Ending,
    /// The holder has set up a second step of signing in.
    pub enrolled: bool,
    /// The holder has saved something that is asked of a list.
    pub has_views: bool,
    pub login: String,
    pub name: String,
    pub must_change: bool,
    /// What the accounts of one person have in common; none where there is but one.
    pub holder: Option<String>,
    pub org_name: String,
    pub path: String,
    pub role: String,
}

sql! { SENT: free, "SELECT location FROM submission WHERE id = $1" }
sql! { NOTE_SENT: housekeeping("which forms were sent; what they did has its own records"),
"INSERT INTO submission (id, location, at) VALUES ($1, $2, $3)" }
sql! { FORGET_SENT: housekeeping("which forms were sent; what they did has its own records"),
"DELETE FROM submission WHERE at < $1" }

sql! { ANSWERED: free, "SELECT content, answer FROM program_answer WHERE id = $1 AND at >= $2" }
sql! { NOTE_ANSWER: housekeeping("what programs were answered; what they did has its own records"),
"INSERT INTO program_answer (id, content, answer, at) VALUES ($1, $2, $3, $4)" }
sql! { FORGET_ANSWERS: housekeeping("what programs were answered; what they did has its own records"),
"DELETE FROM program_answer WHERE at < $1" }

// A token is no more than its account: nothing opens by it while the account is disabled, or its password is known to two.
sql! { TOKEN: unscoped("made before there is anybody whose scope could bound it"),
"SELECT t.id, t.name AS token_name, COALESCE(t.writes, $3) AS writes, t.account, t.org, a.name, a.holder, o.name AS org_name, \
o.path, r.role, EXISTS (SELECT 1 FROM second_factor f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL) AS enrolled \
FROM access_token t JOIN account a ON a.id = t.account JOIN org o ON o.id = t.org \
JOIN account_role r ON r.account = t.account AND r.org = t.org WHERE t.digest = $1 AND t.ends_at > $2 AND t.ended_at IS NULL \
AND a.disabled = $3 AND a.must_change = $3 ORDER BY r.role" }
sql! { MAKE_TOKEN: free,
"INSERT INTO access_token (id, digest, account, org, name, made_at, ends_at, writes, ended_at) \
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)" }
sql! { TOKENS_OF: unscoped("one's own tokens, wherever one acts by them"),
"SELECT t.id, t.name, COALESCE(t.writes, $4) AS writes, o.name AS org_name, t.made_at, t.ends_at, t.ended_at FROM access_token t \
JOIN org o ON o.id = t.org WHERE t.account = $1 \
ORDER BY CASE WHEN t.ended_at IS NULL AND t.ends_at > $3 THEN 0 ELSE 1 END, t.made_at DESC, t.id DESC LIMIT $2" }
sql! { TOKENS_OPEN: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM access_token WHERE account = $1 AND ended_at IS NULL AND ends_at > $2" }
sql! { END_TOKEN: free,
"UPDATE access_token SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL AND ends_at > $3" }
sql! { END_TOKENS: free,
"UPDATE access_token SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL AND ends_at > $2" }

sql! { NOTE_READS: housekeeping("how often a program read on a day; a record for each would flood the log"),
"INSERT INTO token_read (token, day, reads, last_at, last_from) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (token, day) \
DO UPDATE SET reads = token_read.reads + excluded.reads, last_at = excluded.last_at, last_from = excluded.last_from" }
sql! { FORGET_READS: housekeeping("how often a program read on a day; a record for each would flood the log"),
"DELETE FROM token_read WHERE day < $1" }
sql! { READS_OF: free,
"SELECT a.login, t.name, r.day, r.reads, r.last_at, r.last_from FROM access_token t JOIN account a ON a.id = t.account \
JOIN token_read r ON r.token = t.id WHERE t.account = $1 ORDER BY r.day DESC, r.last_at DESC, t.id LIMIT $2" }
sql! { READS_SINCE: free,
"SELECT a.login, t.name, r.day, r.reads, r.last_at, r.last_from FROM token_read r JOIN access_token t ON t.id = r.token \
JOIN account a ON a.id = t.account WHERE r.day >= $1 ORDER BY r.day DESC, r.last_at DESC, t.id LIMIT $2" }

/// One role of the account of a token, at the organisation for which it was made.
#[derive(Debug, sqlx::FromRow)]
pub struct HolderRow {
    /// Of the token.
    pub id: String,
    pub token_name: String,
    pub writes: bool,
    pub account: String,
    pub org: String,
    pub name: String,
    /// What the accounts of one person have in common; none where there is but one.
    pub holder: Option<String>,
    pub org_name: String,
    pub path: String,
    pub role: String,
    /// The holder has set up a second step of signing in.
    pub enrolled: bool,
}
