//! Sessions: a random token in a cookie, its digest in the table. Read on every request together with the revision.

use super::data::{self, ActorRow, Found};
use crate::App;
use crate::cookies::Cookie;
use crate::site::Addresses;
use axum::http::HeaderMap;
use chrono::TimeDelta;
use jiedui_kernel::{Actor, ActorKind, Error, Instant, Result, Scope, hex};
use jiedui_programme::RoleAt;
use jiedui_store::{Table, Tx, args, table};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// What is kept of who is signed in, and of the tokens by which programs ask.
pub const TABLES: &[Table] = &[
    table!(plain "session" of "account" sealed ["csrf"] except ["seen_at" = "when somebody was last seen is nobody's deed"]),
    table!(plain "access_token" of "account" sealed ["digest"]),
    table!(plain "submission" outside "which forms were sent; what they did has its own records").grows(),
    table!(plain "token_read" outside "how often a program read on a day; a record for each would flood the log").grows(),
    table!(plain "program_answer" outside "what programs were answered; what they did has its own records")
        .grows(),
];

/// Idle for so long, and one is signed out (GB/T 22239 asks for a time-out; the value is ours, domain.md §7.1).
pub const IDLE_MINUTES: i64 = 30;
/// However busy, one signs in again after this.
pub const LONGEST_HOURS: i64 = 12;
/// So many sessions of one account at a time; the one unused for longest ends where one more is opened.
pub const AT_ONCE: i64 = 3;
/// What programs were answered is kept for so long: none sends again after that.
pub(crate) const ANSWER_DAYS: i64 = 7;
/// When programs read is kept for so long.
const READ_DAYS: i64 = 400;
/// How often the time last seen is written down.
const TOUCH_SECONDS: i64 = 60;

#[derive(Debug, Clone)]
pub struct Session {
    pub id: String,
    pub csrf: String,
    pub login: String,
    pub must_change: bool,
    /// The role needs a second step to sign in, and the holder has set up none.
    pub must_enrol: bool,
    /// The holder has saved what is asked of some list; where not, no list asks for it.
    pub has_views: bool,
    pub seen_at: Instant,
}

impl Session {
    /// What has to be done before this page is shown, and where. An initial password is known to two people, so nothing is
    /// done with it but replacing it; then comes the second step, where the role needs one.
    pub fn comes_first(&self, addresses: &Addresses, path: &str) -> Option<&'static str> {
        let (first, open) = match (self.must_change, self.must_enrol) {
            (true, _) => (addresses.password, addresses.open_with_initial_password),
            (false, true) => (addresses.second_factor, addresses.open_without_second_factor),
            (false, false) => return None,
        };
        (path != first && !open.contains(&path)).then_some(first)
    }

    pub fn wants_touch(&self, now: Instant) -> bool {
        now - self.seen_at > TimeDelta::seconds(TOUCH_SECONDS)
    }
}

/// Why a session ended that its holder did not end there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    NotYet,
    /// More were opened than there can be.
    Crowded,
    /// Its holder ended it from elsewhere.
    Closed,
}

impl Ending {
    const ALL: [Self; 3] = [Self::NotYet, Self::Crowded, Self::Closed];
    /// What is said at the next request.
    pub const WORDS: [&str; 2] = [
        "这里的登录已结束：一个账号最多同时在三处登录，您在别处登录以后，最久没用的一处退出。不是您本人登录的，请登录后马上修改密码。",
        "这里的登录已在别处由您本人结束。不是您本人的操作，请登录后马上修改密码。",
    ];

    fn id(self) -> &'static str {
        match self {
            Self::NotYet => "",
            Self::Crowded => "crowded",
            Self::Closed => "closed",
        }
    }

    pub fn words(self) -> &'static str {
        let [crowded, closed] = Self::WORDS;
        match self {
            Self::NotYet => "",
            Self::Crowded => crowded,
            Self::Closed => closed,
        }
    }
}

impl TryFrom<String> for Ending {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|ending| ending.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("session.ending is “{text}”")))
    }
}

/// What stands behind a request's cookie.
#[derive(Debug, Default)]
pub struct Looked {
    pub signed_in: Option<(Session, Arc<Actor>)>,
    /// There was a session, and it ended in a way that its holder is told.
    pub ended: Option<Ending>,
}

/// What the table keeps of a token.
pub fn digest(token: &str) -> String {
    hex(Sha256::digest(token.as_bytes()))
}

/// The session of a request and the one behind it; `None` where nobody is signed in or time ran out.
pub async fn find(app: &App, tx: &mut Tx, headers: &HeaderMap) -> Result<Looked> {
    let Some(token) = app.cookies.read(headers, Cookie::Session) else { return Ok(Looked::default()) };
    let rows = tx.all::<Found>(&data::FIND, args![digest(token), false]).await?;
    let Some(first) = rows.first() else { return Ok(Looked::default()) };
    let now = tx.now();
    if now - first.seen_at > TimeDelta::minutes(IDLE_MINUTES)
        || now - first.created_at > TimeDelta::hours(LONGEST_HOURS)
    {
        return Ok(Looked::default());
    }
    if first.ending != Ending::NotYet {
        return Ok(Looked { signed_in: None, ended: Some(first.ending) });
    }
    let roles: Vec<String> = rows.iter().map(|row| row.role.clone()).collect();
    let others = others(tx, &first.account, first.holder.as_deref()).await?;
    let actor = Actor {
        kind: ActorKind::Person { account: first.account.clone(), others, name: first.name.clone() },
        org: first.org.clone(),
        org_name: first.org_name.clone(),
        scope: scope_of(app, &roles, &first.path),
        roles,
    };
    let session = Session {
        id: first.id.clone(),
        csrf: first.csrf.clone(),
        login: first.login.clone(),
        must_change: first.must_change,
        must_enrol: !first.enrolled && app.needs_second_factor(&actor.roles),
        has_views: first.has_views,
        seen_at: first.seen_at,
    };
    Ok(Looked { signed_in: Some((session, Arc::new(actor))), ended: None })
}

/// Whom an account is at an organisation, with the roles that it has now; none where it has none there, or is disabled. For
/// work that goes on after somebody left.
pub async fn actor_at(app: &App, tx: &mut Tx, account: &str, org: &str) -> Result<Option<Arc<Actor>>> {
    let rows = tx.all::<ActorRow>(&data::ACTOR, args![account, org, false]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let roles: Vec<String> = rows.iter().map(|row| row.role.clone()).collect();
    let others = others(tx, account, first.holder.as_deref()).await?;
    Ok(Some(Arc::new(Actor {
        kind: ActorKind::Person { account: account.to_owned(), others, name: first.name.clone() },
        org: org.to_owned(),
        org_name: first.org_name.clone(),
        scope: scope_of(app, &roles, &first.path),
        roles,
    })))
}

/// The other accounts of the same person; hardly anybody has any.
pub(crate) async fn others(tx: &mut Tx, account: &str, holder: Option<&str>) -> Result<Vec<String>> {
    let Some(holder) = holder else { return Ok(Vec::new()) };
    let rows = tx.all::<(String,)>(&data::OTHERS, args![holder, account]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Administrators see no business row; everybody else their own organisation and what lies below it.
pub(crate) fn scope_of(app: &App, roles: &[String], path: &str) -> Scope {
    let programme = app.programme();
    let administers =
        programme.access.roles.iter().any(|role| role.at == RoleAt::System && roles.contains(&role.id));
    if administers { Scope::nothing() } else { Scope::subtree(path) }
}

/// Notes that the session is in use.
pub async fn touch(app: &App, session: &Session) -> Result<()> {
    let mut tx = app.db.begin(Arc::new(Actor::system("session"))).await?;
    let now = tx.now();
    tx.write(&data::TOUCH, args![&session.id, now]).await?;
    tx.commit().await
}

/// Begins a session of an account at an organisation, and forgets those that time has ended; also what programs were
/// answered long ago, which would stay where none writes any more. Returns the token for the cookie and the one for
/// forms. `browser` is what the holder is shown of where it is. Who signs in, and that it is recorded, is for the caller.
pub async fn open(tx: &mut Tx, account: &str, org: &str, browser: &str) -> Result<(String, String)> {
    let (token, csrf, now) = (tx.random().token(), tx.random().token(), tx.now());
    tx.write(&data::CLOSE_OLD, args![now - TimeDelta::hours(LONGEST_HOURS)]).await?;
    tx.write(&data::FORGET_ANSWERS, args![now - TimeDelta::days(ANSWER_DAYS)]).await?;
    let today = tx.today();
    tx.write(&data::FORGET_READS, args![today - TimeDelta::days(READ_DAYS)]).await?;
    tx.write(&data::OPEN_SESSION, args![digest(&token), account, org, &csrf, now, browser]).await?;
    Ok((token, csrf))
}

/// Ends the sessions of an account that were unused for longest, beyond those that it may have at a time; says how many.
pub async fn end_unused(tx: &mut Tx, account: &str) -> Result<u64> {
    let alive = tx.now() - TimeDelta::minutes(IDLE_MINUTES);
    tx.write(&data::END_UNUSED, args![account, alive, Ending::Crowded.id(), AT_ONCE]).await
}

/// A session of an account, as its holder sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OwnSession {
    pub id: String,
    pub org_name: String,
    pub browser: String,
    pub created_at: Instant,
    pub seen_at: Instant,
}

/// The open sessions of an account, the one used last first.
pub async fn open_ones(tx: &mut Tx, account: &str) -> Result<Vec<OwnSession>> {
    let now = tx.now();
    let (idle, oldest) = (TimeDelta::minutes(IDLE_MINUTES), TimeDelta::hours(LONGEST_HOURS));
    tx.all(&data::OPEN_ONES, args![account, now - idle, now - oldest]).await
}

/// Its holder ends one from elsewhere; says whether there was such a session.
pub async fn end_one(tx: &mut Tx, account: &str, id: &str) -> Result<bool> {
    Ok(tx.write(&data::END_ONE, args![id, account, Ending::Closed.id()]).await? > 0)
}

/// Its holder ends all others from this one; says how many.
pub async fn end_others(tx: &mut Tx, account: &str, id: &str) -> Result<u64> {
    tx.write(&data::END_OTHERS, args![account, id, Ending::Closed.id()]).await
}

pub async fn close(tx: &mut Tx, id: &str) -> Result<()> {
    tx.write(&data::CLOSE_SESSION, args![id]).await.map(drop)
}

/// Closes all sessions of an account but this one; "" spares none.
pub async fn close_others(tx: &mut Tx, account: &str, id: &str) -> Result<()> {
    tx.write(&data::CLOSE_OTHERS, args![account, id]).await.map(drop)
}

/// Closes the sessions of an account at one organisation.
pub async fn close_at(tx: &mut Tx, account: &str, org: &str) -> Result<()> {
    tx.write(&data::CLOSE_AT, args![account, org]).await.map(drop)
}

/// Goes on as if it had begun at this moment: whoever moved the day of a demonstration on was not away meanwhile.
pub async fn begin_again(tx: &mut Tx, id: &str, at: Instant) -> Result<()> {
    tx.write_one(&data::BEGIN_AGAIN, args![id, at]).await
}

/// Goes on at another organisation.
pub async fn move_to(tx: &mut Tx, id: &str, org: &str) -> Result<()> {
    tx.write_one(&data::MOVE_SESSION, args![id, org]).await
}
