//! Who acts. There is no handle on the data without a [`Actor`]; the scope it carries bounds every scoped row.

use serde::Serialize;

/// The part of the organisation tree whose rows one may see: all paths `p` with `low <= p < high`.
/// Paths are `/id/id/…/`, so a subtree is one range of texts and one index serves both engines.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Scope {
    pub low: String,
    pub high: String,
}

impl Scope {
    /// The organisation with this path and everything below it.
    pub fn subtree(path: &str) -> Self {
        // '0' is the character after '/': every longer path starts with `path` and sorts below it.
        let high = format!("{}0", path.strip_suffix('/').unwrap_or(path));
        Self { low: path.to_owned(), high }
    }

    /// Everything: background work and the generator of the demonstration.
    pub fn everything() -> Self {
        Self { low: String::new(), high: "\u{10ffff}".to_owned() }
    }

    /// No business row at all: the administrators, the public.
    pub fn nothing() -> Self {
        Self { low: String::new(), high: String::new() }
    }

    /// Whether it holds one city, county or school and what is below: few of all rows.
    pub fn is_narrow(&self) -> bool {
        self.low.matches('/').count() > 2
    }

    pub fn covers(&self, path: &str) -> bool {
        self.low.as_str() <= path && path < self.high.as_str()
    }
}

/// What kind of actor it is, with what the audit log needs to name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActorKind {
    Person {
        account: String,
        /// The other accounts of the same person.
        others: Vec<String>,
        name: String,
    },
    /// A job of our own, by name.
    System {
        job: String,
    },
    Public,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actor {
    pub kind: ActorKind,
    /// The organisation one acts for; "" for jobs and the public.
    pub org: String,
    pub org_name: String,
    /// Role names of `access.toml`.
    pub roles: Vec<String>,
    pub scope: Scope,
}

impl Actor {
    pub fn system(job: &str) -> Self {
        Self {
            kind: ActorKind::System { job: job.to_owned() },
            org: String::new(),
            org_name: String::new(),
            roles: vec!["system".to_owned()],
            scope: Scope::everything(),
        }
    }

    pub fn public() -> Self {
        Self {
            kind: ActorKind::Public,
            org: String::new(),
            org_name: String::new(),
            roles: vec!["public".to_owned()],
            scope: Scope::nothing(),
        }
    }

    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|mine| mine == role)
    }

    /// The account that acts, "" for jobs and the public.
    pub fn account(&self) -> &str {
        match &self.kind {
            ActorKind::Person { account, .. } => account,
            _ => "",
        }
    }

    /// Whether it is this one's account, or another one of the same person. What has no account (a job, the demonstration) is
    /// nobody's.
    pub fn is(&self, account: &str) -> bool {
        let ActorKind::Person { account: own, others, .. } = &self.kind else { return false };
        !account.is_empty() && (own == account || others.iter().any(|other| other == account))
    }

    /// The name that stands behind an action, as shown.
    pub fn name(&self) -> &str {
        match &self.kind {
            ActorKind::Person { name, .. } => name,
            ActorKind::System { job } => job,
            ActorKind::Public => "公众",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_is_itself_and_what_lies_below() {
        let city = Scope::subtree("/a/b/");
        assert!(city.covers("/a/b/"));
        assert!(city.covers("/a/b/c/"));
        assert!(!city.covers("/a/"));
        assert!(!city.covers("/a/bb/"));
        assert!(!city.covers("/a/c/"));
        assert!(!Scope::nothing().covers("/a/"));
        assert!(Scope::everything().covers("/a/"));
    }

    #[test]
    fn one_person_is_all_of_its_accounts() {
        let person = |account: &str, others: &[&str]| Actor {
            kind: ActorKind::Person {
                account: account.to_owned(),
                others: others.iter().map(|&other| other.to_owned()).collect(),
                name: "甲".to_owned(),
            },
            ..Actor::public()
        };
        let two = person("a", &["b"]);
        assert!(two.is("a") && two.is("b") && !two.is("c"));
        assert!(!person("", &[]).is(""), "what has no account is nobody's");
        assert!(!Actor::system("job").is(""));
    }
}
