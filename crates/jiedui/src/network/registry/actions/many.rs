//! Many rows of the registry at once, as a file brings them: few statements, however many rows there are. What a file may do
//! was found out before; here it is written.

use super::super::{NewOrg, data, rules};
use jiedui_kernel::{Date, Result};
use jiedui_store::{Tx, args, line};
use std::collections::HashMap;

/// Lets nobody else change who is in the registry, with which flags and posts, until the transaction ends.
pub async fn lock_all(tx: &mut Tx) -> Result<()> {
    tx.lock(&data::LOCK_ALL, Vec::new()).await
}

/// Puts organisations into the registry, each under the id that its maker gave it.
pub async fn insert_many(tx: &mut Tx, new: &[(String, NewOrg)]) -> Result<()> {
    let mut above: HashMap<&str, String> = HashMap::new();
    let mut lines = Vec::with_capacity(new.len());
    for (id, org) in new {
        let parent = org.parent.as_deref().unwrap_or_default();
        let is_asked = parent.is_empty() || above.contains_key(parent);
        if !is_asked {
            let (path,) = tx.one::<(String,)>(&data::PATH, args![parent]).await?;
            above.insert(parent, path);
        }
        lines.push(line!(data::INSERT {
            id,
            kind: org.kind,
            name: &org.name,
            division: &org.division,
            parent: org.parent.clone(),
            path: format!("{}{id}/", above.get(parent).map_or("/", String::as_str)),
            level: &org.level,
            ownership: &org.ownership,
            credit_code: &org.credit_code,
            source: &org.source,
            demo: org.demo,
            sort_key: rules::sort_key(&org.division, &org.name),
            version: 1_i64,
        }));
    }
    tx.add_rows(&data::INSERT, lines).await.map(drop)
}

/// A dated flag that nobody has set yet.
#[derive(Debug, Clone)]
pub struct NewFlag {
    pub id: String,
    pub org: String,
    pub flag: String,
    pub from: Date,
    pub to: Option<Date>,
    pub source: String,
}

/// Sets flags that were held against those that are there (`flag_step`).
pub async fn insert_flags(tx: &mut Tx, new: &[NewFlag]) -> Result<()> {
    let lines = new.iter().map(|one| {
        line!(data::INSERT_FLAG {
            id: &one.id,
            org: &one.org,
            flag: &one.flag,
            from_day: one.from,
            to_day: one.to,
            source: &one.source,
        })
    });
    tx.add_rows(&data::INSERT_FLAG, lines.collect()).await.map(drop)
}

/// Gives a flag of an organisation another last day.
pub async fn end_flag(tx: &mut Tx, org: &str, (flag, to): (&str, Option<Date>)) -> Result<()> {
    tx.write_one(&data::END_FLAG, args![flag, org, to]).await
}
