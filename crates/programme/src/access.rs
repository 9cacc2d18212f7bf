//! `access.toml`: who may do what.

use serde::{Deserialize, Serialize};

/// `access.toml`: role × thing × action.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    #[serde(rename = "grant")]
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub id: String,
    pub name: String,
    /// Kind of organisation in which one can have it.
    pub at: RoleAt,
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
