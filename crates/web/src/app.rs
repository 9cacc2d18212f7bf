//! What lives as long as the server: database, programme, templates, and the site that is served.

use crate::gate::Gates;
use crate::limits::Limits;
use crate::page_cache::PageCache;
use crate::shared_cache::SharedCache;
use crate::site::Site;
use crate::templates::Templates;
use crate::trail::Refusals;
use crate::work::SlowWork;
use jiedui_kernel::{Actor, Random};
use jiedui_programme::Programme;
use jiedui_store::Db;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

pub struct App {
    pub db: Db,
    pub site: Site,
    pub templates: Templates,
    pub page_cache: PageCache,
    pub shared_cache: SharedCache,
    pub limits: Limits,
    pub gates: Gates,
    pub slow_work: SlowWork,
    pub(crate) refusals: Refusals,
    pub random: Random,
    /// A demonstration: the sign-in page lists its accounts.
    pub demo: bool,
    rules: RwLock<Arc<Rules>>,
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
            limits,
            slow_work: SlowWork::default(),
            refusals: Refusals::default(),
            random,
            demo,
            rules: RwLock::new(Arc::new(Rules::of(programme))),
        }
    }

    /// The same under other limits.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { gates: Gates::new(&limits), limits, ..self }
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

    /// Whether one of the roles grants this action on this resource.
    pub fn can(&self, actor: &Actor, resource: &str, action: &str) -> bool {
        let wanted = (resource.to_owned(), action.to_owned());
        let rules = self.rules();
        actor.roles.iter().any(|role| rules.rights.get(role).is_some_and(|mine| mine.contains(&wanted)))
    }
}
