//! `resources.toml`: what is taken into the library of teaching resources (T5.5, S3.3): which kinds of resource, which types
//! of file and how large, and under which licences they are given.

use serde::{Deserialize, Serialize};

/// `[resources]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRules {
    pub clauses: Vec<String>,
    /// True where the office must still confirm our reading; shown on screen.
    #[serde(default)]
    pub our_reading: bool,
    /// What the library is for, in words; shown on its page.
    pub about: String,
    pub kinds: Vec<ResourceKind>,
    pub types: Vec<ResourceType>,
    pub licences: Vec<Licence>,
}

/// What a resource is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceKind {
    pub id: String,
    pub name: String,
    /// The output as which a model of this kind is recorded; none where there are no models of it. A nomination names one
    /// that is recorded, so that it is counted there and nowhere else.
    pub model: Option<String>,
}

/// A type of file, by the ending of its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceType {
    pub id: String,
    pub most_megabytes: u32,
}

/// What others may do with a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    pub id: String,
    pub name: String,
    pub about: String,
}

impl ResourceRules {
    /// The endings of types that the program tells by their content; no other can be taken in.
    pub const TYPES: [&str; 8] = ["pdf", "jpg", "png", "docx", "xlsx", "pptx", "mp3", "mp4"];
    /// No upload is read that is larger.
    pub const MOST_MEGABYTES: u32 = 20;

    pub fn kind(&self, id: &str) -> Option<&ResourceKind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    pub fn licence(&self, id: &str) -> Option<&Licence> {
        self.licences.iter().find(|licence| licence.id == id)
    }
}
