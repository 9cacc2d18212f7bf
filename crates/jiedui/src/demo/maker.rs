//! What the parts of the demonstration share: the one transaction, the day on which something is done, and by whom.

use super::rng::SeededRng;
use super::schools::HOME;
use crate::network::pairings::PairingRow;
use crate::network::registry;
use chrono::{NaiveTime, TimeDelta};
use jiedui_kernel::{Actor, ActorKind, Date, Error, Instant, Result, Scope};
use jiedui_programme::{Programme, RoleAt};
use jiedui_store::Tx;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The whole province is one transaction: it is there, or it is not.
pub struct Maker {
    pub tx: Tx,
    pub programme: Arc<Programme>,
    pub today: Date,
    /// Where files that are handed in lie.
    pub files: PathBuf,
    rng: SeededRng,
    office: Arc<Actor>,
    known: HashMap<String, Arc<Actor>>,
    stamp: i64,
}

impl Maker {
    pub fn new(tx: Tx, programme: Arc<Programme>, files: &Path) -> Self {
        let today = tx.today();
        let office = Arc::clone(tx.actor());
        Self {
            tx,
            programme,
            today,
            files: files.to_owned(),
            rng: SeededRng::new(1),
            office,
            known: HashMap::new(),
            stamp: 0,
        }
    }

    /// The last day on which something was done: today's hours may still lie ahead.
    pub fn last(&self) -> Date {
        super::rng::plus(self.today, -1)
    }

    pub fn office(&self) -> Arc<Actor> {
        Arc::clone(&self.office)
    }

    /// What follows is done by the provincial office, on a day.
    pub fn act_as_office(&mut self, day: Date) {
        let office = Arc::clone(&self.office);
        self.act(&office, day);
    }

    /// The same when the office closes. It takes no dice: what is done later keeps its minutes.
    pub fn close_as_office(&mut self, day: Date) {
        let office = Arc::clone(&self.office);
        self.act_at(&office, day, 8 * 60);
    }

    /// What follows is done by this one, on a day, in office hours.
    pub fn act(&mut self, actor: &Arc<Actor>, day: Date) {
        let minutes = self.rng.between(0, 8 * 60);
        self.act_at(actor, day, minutes);
    }

    /// The same, after noon: of a day on which something was to happen first.
    pub fn act_after_noon(&mut self, actor: &Arc<Actor>, day: Date) {
        let minutes = self.rng.between(4 * 60, 8 * 60);
        self.act_at(actor, day, minutes);
    }

    fn act_at(&mut self, actor: &Arc<Actor>, day: Date, minutes: i64) {
        self.stamp += 1;
        let at = day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(60 + minutes);
        // The milliseconds keep apart, and in order, what happens within one minute.
        let now: Instant = at + TimeDelta::milliseconds(self.stamp % 60_000);
        self.tx.set_now(now);
        self.tx.act_as(Arc::clone(actor));
    }

    /// From now on the provincial office is this account.
    pub async fn name_office(&mut self, org: &str) -> Result<()> {
        self.office = self.actor(org).await?;
        Ok(())
    }

    /// Somebody with an account acts for this organisation from now on.
    pub async fn appoint(&mut self, org: &str, role: &str, account: &str, name: &str) -> Result<()> {
        let actor = self.person(org, role, account, name).await?;
        self.known.insert(org.to_owned(), actor);
        Ok(())
    }

    /// Who acts for an organisation.
    pub async fn actor(&mut self, org: &str) -> Result<Arc<Actor>> {
        if let Some(actor) = self.known.get(org) {
            return Ok(Arc::clone(actor));
        }
        let actor = self.person(org, "", "", "业务经办人（示例）").await?;
        self.known.insert(org.to_owned(), Arc::clone(&actor));
        Ok(actor)
    }

    async fn person(&mut self, org: &str, role: &str, account: &str, name: &str) -> Result<Arc<Actor>> {
        self.tx.act_as(Arc::new(Actor::system("demo")));
        let row = registry::find(&mut self.tx, org).await?;
        let role = match (role, row.kind.as_str()) {
            ("", "province_office") => "province",
            ("", "city_bureau") => "city",
            ("", "county_bureau") => "county",
            ("", _) if row.county_school => "county_school",
            ("", _) if row.high_level => "lead",
            ("", _) => "nearby",
            (role, _) => role,
        };
        let at_system = |role: &str| {
            self.programme.access.roles.iter().any(|known| known.id == role && known.at == RoleAt::System)
        };
        Ok(Arc::new(Actor {
            kind: ActorKind::Person {
                account: account.to_owned(),
                others: Vec::new(),
                name: name.to_owned(),
            },
            org: row.id,
            org_name: row.name,
            scope: if at_system(role) { Scope::nothing() } else { Scope::subtree(&row.path) },
            roles: vec![role.to_owned()],
        }))
    }
}

/// An error with what it was about: nobody sees the form that would show it.
pub fn describe(what: &str, error: Error) -> Error {
    match error {
        Error::Invalid(errors) => {
            let errors: Vec<String> =
                errors.into_iter().map(|e| format!("{}: {}", e.field, e.message)).collect();
            Error::internal(format_args!("demonstration, {what}: {}", errors.join(" ")))
        }
        Error::Forbidden(text) | Error::Conflict(text) | Error::NotNow(text) => {
            Error::internal(format_args!("demonstration, {what}: {text}"))
        }
        other => other,
    }
}

/// The pairing of HOME.
pub fn home_of<'r, 'c>(
    rows: &'r [PairingRow],
    code: impl Fn(&PairingRow) -> &'c str,
) -> Option<&'r PairingRow> {
    rows.iter().find(|row| code(row) == HOME)
}

/// A part of the demonstration, told which pairing is HOME's; its error says which part it was.
pub async fn at_home<'r>(
    what: &str,
    (rows, code): (&'r [PairingRow], impl Fn(&PairingRow) -> &'static str),
    work: impl AsyncFnOnce(Option<&'r PairingRow>) -> Result<()>,
) -> Result<()> {
    work(home_of(rows, code)).await.map_err(|error| describe(what, error))
}

/// The same of a part that is about HOME alone: where HOME is not paired, there is nothing to make.
pub async fn only_at_home<'r>(
    what: &str,
    (rows, code): (&'r [PairingRow], impl Fn(&PairingRow) -> &'static str),
    work: impl AsyncFnOnce(&'r PairingRow) -> Result<()>,
) -> Result<()> {
    match home_of(rows, code) {
        Some(home) => work(home).await.map_err(|error| describe(what, error)),
        None => Ok(()),
    }
}
