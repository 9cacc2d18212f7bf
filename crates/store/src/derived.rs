//! What a transaction brings up to date before it commits: values kept beside the rows that they follow from.
//!
//! Two transactions that each take several such rows could wait for each other for ever. They do not: nothing is taken
//! before the commit, and then in one order everywhere, that of the kinds' names and within a kind that of its keys.

use crate::tx::Tx;
use jiedui_kernel::{Error, Result};
use std::any::Any;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

/// One kind of derived values, with what has changed of them in this transaction.
pub trait Derived: Any + Send + Sync {
    /// Writes what has changed, in the order of its keys.
    fn settle<'a>(self: Box<Self>, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
}

/// What waits for the commit, by the name of its kind.
pub(crate) type Unsettled = BTreeMap<&'static str, Box<dyn Derived>>;

impl Tx {
    /// What has changed of one kind so far; made from scratch where nothing has.
    ///
    /// # Errors
    /// Where two types have one name: the two stand together in the code of their kind.
    pub fn unsettled<T: Derived>(&mut self, name: &'static str, new: impl FnOnce() -> T) -> Result<&mut T> {
        let held = self.unsettled.entry(name).or_insert_with(|| Box::new(new()));
        let any: &mut dyn Any = held.as_mut();
        any.downcast_mut().ok_or_else(|| Error::internal(format_args!("{name}: two types of one name")))
    }

    /// Brings everything up to date that has changed so far. The commit does; whoever reads derived values in the same
    /// transaction does before it reads.
    pub async fn settle(&mut self) -> Result<()> {
        while let Some((_, kind)) = self.unsettled.pop_first() {
            kind.settle(self).await?;
        }
        Ok(())
    }
}
