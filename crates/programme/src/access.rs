//! `access.toml`: who may do what.

use crate::model::Post;
use serde::{Deserialize, Serialize};

/// `access.toml`: role × thing × action.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    #[serde(rename = "grant")]
    pub grants: Vec<Grant>,
    #[serde(default)]
    pub names: NameRules,
    #[serde(default)]
    pub second_factor: SecondFactor,
    /// What one prepares and another releases, where the office is split so.
    #[serde(default, rename = "release")]
    pub releases: Vec<Release>,
}

/// `[second_factor]`: the roles that sign in with a second step.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactor {
    pub roles: Vec<String>,
}

/// `[[release]]`: 经办 prepares, 审核 releases (decision "One person, one side"). While somebody holds the releasing role and
/// the split was not switched off, these acts are not those of the role that prepares.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub resource: String,
    pub actions: Vec<String>,
    pub prepared_by: String,
    pub released_by: String,
}

impl Access {
    /// Whether one of the roles may do this, whoever else releases it.
    pub fn grants_to(&self, resource: &str, action: &str, has_role: impl Fn(&str) -> bool) -> bool {
        let fits =
            |grant: &&Grant| grant.resource == resource && grant.actions.iter().any(|one| one == action);
        self.grants.iter().filter(fits).any(|grant| grant.roles.iter().any(|role| has_role(role)))
    }

    /// The role that releases an act which another prepares.
    pub fn released_by(&self, resource: &str, action: &str) -> Option<&str> {
        let of = self.releases.iter().find(|one| one.is_of(resource, action))?;
        Some(&of.released_by)
    }
}

impl Release {
    pub fn is_of(&self, resource: &str, action: &str) -> bool {
        self.resource == resource && self.actions.iter().any(|one| one == action)
    }
}

/// Whose names are no secret.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRules {
    /// Posts whose holders are public: their names are never masked where they are named under such a post.
    pub public_posts: Vec<Post>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub id: String,
    pub name: String,
    /// Kind of organisation in which one can have it.
    pub at: RoleAt,
    /// Whoever has only such roles is told nothing by itself until asking for it: teachers, and those who only look.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleAt {
    Province,
    City,
    County,
    School,
    /// Administrators: attached to the province, without sight of business rows.
    System,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub resource: String,
    pub actions: Vec<String>,
    pub roles: Vec<String>,
}
