//! What is known already by its name, for the fields of a form that ask for an enterprise or a chain.

use crate::network::{chains, enterprises};
use jiedui_kernel::Result;
use jiedui_programme::Output;
use jiedui_store::Tx;
use jiedui_web::fields::{Offers, name_chains, name_enterprises};
use jiedui_web::reply::Choice;

pub struct Suggested {
    pub enterprises: Vec<Choice>,
    chains: Vec<Choice>,
}

impl Suggested {
    /// What the caller sees of what this form asks for.
    pub async fn of(tx: &mut Tx, kind: &Output) -> Result<Self> {
        let asks = kind.names_enterprise || name_enterprises(&kind.fields);
        let enterprises = if asks { enterprises::names(tx).await? } else { Vec::new() };
        let chains = if name_chains(&kind.fields) { chains::names(tx).await? } else { Vec::new() };
        Ok(Self { enterprises, chains })
    }

    pub fn beside<'a>(&'a self, people: &'a [Choice]) -> Offers<'a> {
        Offers { people, enterprises: &self.enterprises, chains: &self.chains }
    }
}
