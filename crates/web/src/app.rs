//! What lives as long as the server: database, programme, templates, and the site that is served.

use crate::cookies::Cookies;
use crate::delay::Addresses;
use crate::gate::Gates;
use crate::guesses::Guesses;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::page_cache::PageCache;
use crate::provider::Provider;
use crate::reads::Reads;
use crate::scan::Scanner;
use crate::shared_cache::SharedCache;
use crate::site::Site;
use crate::templates::Templates;
use crate::trail::Refusals;
use crate::work::SlowWork;
use jiedui_kernel::{Actor, Random};
use jiedui_programme::Programme;
use jiedui_store::Db;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How people are reached who are not looking, as whoever runs the system set it up.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    /// Where the server is reached from outside: `https://jiedui.example.cn`; what is sent leads there.
    pub address: String,
    /// Whether there is a mail server.
    pub mail: bool,
    /// Whether messages may go to addresses inside the network of the server.
    pub inside: bool,
    /// Outside systems with which tables are exchanged, by the exchange for which they are set.
    pub partners: BTreeMap<String, Partner>,
}

/// An outside system, as whoever runs this one set it up.
#[derive(Clone, Default)]
pub struct Partner {
    pub address: String,
    /// What it knows us by; "" where it asks for nothing.
    pub secret: String,
    /// Whether it lies inside the network of the server.
    pub inside: bool,
    /// How long it may take for one answer.
    pub patience: Duration,
}

/// Where the server keeps the backups that it makes by itself.
#[derive(Debug, Clone, Default)]
pub struct Backups {
    /// Empty where it makes none.
    pub folder: PathBuf,
    /// So many of the newest are kept.
    pub keep: usize,
}

impl Backups {
    pub fn is_on(&self) -> bool {
        !self.folder.as_os_str().is_empty()
    }
}

impl std::fmt::Debug for Partner {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.debug_struct("Partner").field("address", &self.address).finish_non_exhaustive()
    }
}

pub struct App {
    pub db: Db,
    pub site: Site,
    pub templates: Templates,
    pub page_cache: PageCache,
    pub shared_cache: SharedCache,
    pub limits: Limits,
    pub gates: Gates,
    pub guesses: Guesses,
    /// Wrong tokens are counted apart: a program that was forgotten keeps nobody behind the same address from checking a paper.
    pub token_guesses: Guesses,
    /// Who tried to sign in of late.
    pub sign_ins: Addresses,
    pub slow_work: SlowWork,
    pub(crate) refusals: Refusals,
    pub(crate) reads: Reads,
    pub random: Random,
    pub cookies: Cookies,
    pub outgoing: Outgoing,
    /// By whom people may sign in beside their passwords; none where nobody was named.
    pub provider: Option<Arc<Provider>>,
    /// The folder in which files that people hand in are kept; empty where there is none.
    pub files: PathBuf,
    /// What looks at uploaded files for viruses; none where whoever runs the server named none.
    pub scanner: Option<Scanner>,
    pub backups: Backups,
    pub metrics: Metrics,
    /// By what a monitoring system asks for them; empty where none may.
    pub metrics_token: String,
    /// A demonstration: the sign-in page lists its accounts.
    pub demo: bool,
    rules: RwLock<Arc<Rules>>,
    /// Whether what one role prepares is released by another (`[[release]]` of `access.toml`).
    split: AtomicBool,
    /// Whether a second step of signing in is asked of the roles that `access.toml` names.
    second_factor: AtomicBool,
}

/// The programme by which the server answers, which may change under way.
struct Rules {
    programme: Arc<Programme>,
    /// role → (resource, action): `access.toml`, turned for asking.
    rights: HashMap<String, HashSet<(String, String)>>,
}

impl Rules {
    fn of(programme: Programme) -> Self {
        let mut rights: HashMap<String, HashSet<(String, String)>> = HashMap::new();
        for grant in &programme.access.grants {
            for role in &grant.roles {
                let mine = rights.entry(role.clone()).or_default();
                mine.extend(grant.actions.iter().map(|action| (grant.resource.clone(), action.clone())));
            }
        }
        Self { programme: Arc::new(programme), rights }
    }
}

impl App {
    pub fn new(db: Db, random: Random, programme: Programme, demo: bool, site: Site) -> Self {
        let limits = Limits::of_this_process();
        Self {
            db,
            templates: Templates::new(site.pages, site.addresses.clause),
            site,
            page_cache: PageCache::default(),
            shared_cache: SharedCache::default(),
            gates: Gates::new(&limits),
            guesses: Guesses::default(),
            token_guesses: Guesses::default(),
            sign_ins: Addresses::default(),
            limits,
            slow_work: SlowWork::default(),
            refusals: Refusals::default(),
            reads: Reads::default(),
            random,
            cookies: Cookies::default(),
            outgoing: Outgoing::default(),
            provider: None,
            files: PathBuf::new(),
            scanner: None,
            backups: Backups::default(),
            metrics: Metrics::default(),
            metrics_token: String::new(),
            demo,
            rules: RwLock::new(Arc::new(Rules::of(programme))),
            split: AtomicBool::new(false),
            second_factor: AtomicBool::new(false),
        }
    }

    /// The same under other limits.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { gates: Gates::new(&limits), limits, ..self }
    }

    /// The same, reaching people in this way.
    pub fn with_outgoing(self, outgoing: Outgoing) -> Self {
        Self { outgoing, ..self }
    }

    /// The same, believing this provider of identities.
    pub fn with_provider(self, provider: Option<Provider>) -> Self {
        Self { provider: provider.map(Arc::new), ..self }
    }

    /// The same, reached through TLS or not.
    pub fn behind_tls(self, behind_tls: bool) -> Self {
        Self { cookies: Cookies { behind_tls }, ..self }
    }

    /// The same, keeping files in this folder.
    pub fn with_files(self, files: PathBuf) -> Self {
        Self { files, ..self }
    }

    /// The same, letting this scanner look at each uploaded file before anything of it is kept.
    pub fn with_scanner(self, scanner: Option<Scanner>) -> Self {
        Self { scanner, ..self }
    }

    /// The same, making backups every night.
    pub fn with_backups(self, backups: Backups) -> Self {
        Self { backups, ..self }
    }

    /// The same, telling what it counts to whoever has this token.
    pub fn with_metrics_token(self, metrics_token: String) -> Self {
        Self { metrics_token, ..self }
    }

    fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn programme(&self) -> Arc<Programme> {
        Arc::clone(&self.rules().programme)
    }

    /// Answers by another programme from now on. Requests under way end by the one with which they began.
    pub fn answer_by(&self, programme: Programme) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Rules::of(programme));
    }

    /// Whether what is prepared waits for another role from now on.
    pub fn split(&self, on: bool) {
        self.split.store(on, Ordering::Relaxed);
    }

    /// Whether a second step is asked of the roles for which the programme wants one. Not in a demonstration.
    pub fn ask_second_factor(&self, on: bool) {
        self.second_factor.store(on, Ordering::Relaxed);
    }

    /// Whether whoever has these roles needs a second step to sign in.
    pub fn needs_second_factor(&self, roles: &[String]) -> bool {
        let rules = self.rules();
        let asked = &rules.programme.access.second_factor.roles;
        self.second_factor.load(Ordering::Relaxed) && asked.iter().any(|role| roles.contains(role))
    }

    /// Whether one of the roles grants this action on this resource.
    pub fn can(&self, actor: &Actor, resource: &str, action: &str) -> bool {
        self.granting(actor, resource, action).any(|waits| !waits)
    }

    /// Whether the roles grant this, but somebody else releases it.
    pub fn is_released_by_another(&self, actor: &Actor, resource: &str, action: &str) -> bool {
        let waits: Vec<bool> = self.granting(actor, resource, action).collect();
        !waits.is_empty() && waits.iter().all(|waits| *waits)
    }

    /// Of each role that grants it, whether it only prepares.
    fn granting<'a>(
        &self,
        actor: &'a Actor,
        resource: &str,
        action: &str,
    ) -> impl Iterator<Item = bool> + use<'a> {
        let wanted = (resource.to_owned(), action.to_owned());
        let (rules, split) = (self.rules(), self.split.load(Ordering::Relaxed));
        let of = rules.programme.access.releases.iter().find(|one| one.is_of(resource, action)).cloned();
        let granting = move |role: &'a String| {
            let waits = split && of.as_ref().is_some_and(|one| one.prepared_by == *role);
            rules.rights.get(role).filter(|mine| mine.contains(&wanted)).map(|_| waits)
        };
        actor.roles.iter().filter_map(granting)
    }
}
