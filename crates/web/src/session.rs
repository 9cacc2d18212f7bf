//! Sessions: a random token in a cookie, its digest in the table. Read on every request together with the revision.

use super::data::{self, ActorRow, Found};
use crate::App;
use crate::site::Addresses;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use chrono::TimeDelta;
use jiedui_kernel::{Actor, ActorKind, Instant, Result, Scope, hex};
use jiedui_programme::RoleAt;
use jiedui_store::{Table, Tx, args, table};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// What is kept of who is signed in.
pub const TABLES: &[Table] = &[
    table!(plain "session" of "account" sealed ["csrf"] except ["seen_at" = "when somebody was last seen is nobody's deed"]),
    table!(plain "submission" outside "which forms were sent; what they did has its own records"),
];

pub const COOKIE_NAME: &str = "jiedui";
pub const VISITOR_COOKIE: &str = "jiedui_visitor";
/// Idle for so long, and one is signed out (GB/T 22239 asks for a time-out; the value is ours, domain.md §7.1).
pub const IDLE_MINUTES: i64 = 30;
/// However busy, one signs in again after this.
pub const LONGEST_HOURS: i64 = 12;
/// How often the time last seen is written down.
const TOUCH_SECONDS: i64 = 60;

#[derive(Debug, Clone)]
pub struct Session {
    pub id: String,
    pub csrf: String,
    pub login: String,
    pub must_change: bool,
    pub seen_at: Instant,
}

impl Session {
    /// Whether an initial password has to be changed before this page is shown: it is known to two people, so nothing
    /// is done with it but replacing it.
    pub fn must_change_first(&self, addresses: &Addresses, path: &str) -> bool {
        self.must_change
            && path != addresses.password
            && !addresses.open_with_initial_password.contains(&path)
    }

    pub fn wants_touch(&self, now: Instant) -> bool {
        now - self.seen_at > TimeDelta::seconds(TOUCH_SECONDS)
    }
}

/// The value of one cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// What the table keeps of a token.
pub fn digest(token: &str) -> String {
    hex(Sha256::digest(token.as_bytes()))
}

/// The session of a request and the one behind it; `None` where nobody is signed in or time ran out.
pub async fn find(app: &App, tx: &mut Tx, headers: &HeaderMap) -> Result<Option<(Session, Arc<Actor>)>> {
    let Some(token) = cookie(headers, COOKIE_NAME) else { return Ok(None) };
    let rows = tx.all::<Found>(&data::FIND, args![digest(token), false]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let now = tx.now();
    if now - first.seen_at > TimeDelta::minutes(IDLE_MINUTES)
        || now - first.created_at > TimeDelta::hours(LONGEST_HOURS)
    {
        return Ok(None);
    }
    let roles: Vec<String> = rows.iter().map(|row| row.role.clone()).collect();
    let actor = Actor {
        kind: ActorKind::Person {
            account: first.account.clone(),
            person: String::new(),
            name: first.name.clone(),
        },
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
        seen_at: first.seen_at,
    };
    Ok(Some((session, Arc::new(actor))))
}

/// Whom an account is at an organisation, with the roles that it has now; none where it has none there, or is disabled. For
/// work that goes on after somebody left.
pub async fn actor_at(app: &App, tx: &mut Tx, account: &str, org: &str) -> Result<Option<Arc<Actor>>> {
    let rows = tx.all::<ActorRow>(&data::ACTOR, args![account, org, false]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let roles: Vec<String> = rows.iter().map(|row| row.role.clone()).collect();
    Ok(Some(Arc::new(Actor {
        kind: ActorKind::Person {
            account: account.to_owned(),
            person: String::new(),
            name: first.name.clone(),
        },
        org: org.to_owned(),
        org_name: first.org_name.clone(),
        scope: scope_of(app, &roles, &first.path),
        roles,
    })))
}

/// Administrators see no business row; everybody else their own organisation and what lies below it.
fn scope_of(app: &App, roles: &[String], path: &str) -> Scope {
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

/// Begins a session of an account at an organisation, and forgets those that time has ended. Returns the token for the
/// cookie and the one for forms. Who signs in, and that it is recorded, is for the caller.
pub async fn open(tx: &mut Tx, account: &str, org: &str) -> Result<(String, String)> {
    let (token, csrf, now) = (tx.random().token(), tx.random().token(), tx.now());
    tx.write(&data::CLOSE_OLD, args![now - TimeDelta::hours(LONGEST_HOURS)]).await?;
    tx.write(&data::OPEN_SESSION, args![digest(&token), account, org, &csrf, now]).await?;
    Ok((token, csrf))
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

/// Goes on at another organisation.
pub async fn move_to(tx: &mut Tx, id: &str, org: &str) -> Result<()> {
    tx.write_one(&data::MOVE_SESSION, args![id, org]).await
}
