//! SQL of jobs.

use super::rules::State;
use jiedui_kernel::Instant;
use jiedui_store::{list, rows, sql};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct JobRow {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub account: String,
    pub name: String,
    pub org: String,
    pub org_name: String,
    pub args: String,
    pub input: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub queued_at: Instant,
    pub attempt: i64,
    pub done: i64,
    pub total: Option<i64>,
    pub step: String,
    pub result: String,
    pub file: String,
    pub bytes: i64,
    pub ended_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub version: i64,
}

macro_rules! columns {
    () => {
        "SELECT j.id, j.kind, j.title, j.account, j.name, j.org, j.org_name, j.args, j.input, j.state, j.queued_at, \
         j.attempt, j.done, j.total, j.step, j.result, j.file, j.bytes, j.ended_at, j.expires_at, j.version FROM job j "
    };
}

macro_rules! filter {
    () => {
        "WHERE (:account = '' OR j.account = :account) AND (:state = '' OR j.state = :state)"
    };
}

list! { LIST: free,
    count: concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM job j ", filter!()),
    rows: concat!(columns!(), filter!()),
    usual: "j.id DESC",
    tie: "j.id",
    orders: { queued: "j.queued_at", state: "j.state" },
    unsorted: [title, by],
}

sql! { SHOW: free, concat!(columns!(), "WHERE j.id = $1") }
sql! { NUMBERS: free, "SELECT j.state, CAST(COUNT(*) AS BIGINT) FROM job j GROUP BY j.state ORDER BY j.state" }
sql! { UNDER_WAY: free,
"SELECT CAST(COUNT(*) AS BIGINT) FROM job j WHERE j.account = $1 AND j.state IN ('queued', 'running')" }
// Those that nobody has a lease on come first, whatever their state.
sql! { DUE: free, concat!(columns!(),
"WHERE j.state IN ('queued', 'running') AND j.due_at <= $1 ORDER BY j.due_at, j.id LIMIT 8") }

sql! { QUEUE: free by name,
"INSERT INTO job (id, kind, title, account, name, org, org_name, args, input, state, queued_at, due_at, worker, attempt, \
done, total, step, result, file, bytes, ended_at, expires_at, version) VALUES (:id, :kind, :title, :account, :name, :org, \
:org_name, :args, :input, :state, :now, :now, '', 0, 0, NULL, '', '', '', 0, NULL, NULL, 1)" }
sql! { CLAIM: versioned free,
"UPDATE job SET state = $3, worker = $4, due_at = $5, done = 0, total = NULL, step = '', attempt = attempt + 1" }
sql! { RETRY: versioned free, "UPDATE job SET state = $3, worker = '', due_at = $4, result = $5" }
sql! { END: versioned free,
"UPDATE job SET state = $3, worker = '', result = $4, file = $5, bytes = $6, ended_at = $7, expires_at = $8" }
// An attempt is one worker's: after another took it up, or it ended, no row is left to write on.
sql! { RENEW: housekeeping("that somebody works on it, and how far it is"),
"UPDATE job SET due_at = $3, done = $4, total = $5, step = $6 WHERE id = $1 AND attempt = $2 AND worker <> ''" }

rows! { PARTS: housekeeping("a file in parts; the record of the job names it") job_part (job, attempt, place, bytes) }
sql! { PART: free, "SELECT bytes FROM job_part WHERE job = $1 AND attempt = $2 AND place = $3" }
sql! { FORGET: housekeeping("files whose time is over, and what unfinished attempts left"),
"DELETE FROM job_part WHERE EXISTS (SELECT 1 FROM job j WHERE j.id = job_part.job AND j.ended_at IS NOT NULL \
AND (j.expires_at IS NULL OR j.expires_at <= $1 OR j.attempt <> job_part.attempt))" }
