//! What one file wrote in the registry, and the way back: what it made goes while nothing refers to it, what it changed is as it was
//! while it is as the file left it ([0113](../../../../../../docs/decisions/0113-a-file-goes-with-its-rows.md)).

use super::super::data::{self, FlagImage, LineageImage, OrgImage, OrgRow, PostImage, RelyingRow};
use super::super::{found, led_to, lock, rules};
use crate::shared::contributions;
use jiedui_kernel::{Date, Error, Result};
use jiedui_store::audit::WrittenRow;
use jiedui_store::{Found, Row, Statement, Tx, args, named};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// To whoever took a file in while somebody else changed the same rows.
pub const AT_ONCE: &str = "同一时刻有人在改同样的内容，这份表格没有写入；请再导入一次。";

/// Where a file wrote more rows than these, they are read back all at once: it holds the only writer.
const SINGLY: usize = 48;

/// A row that a file wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange<T> {
    /// As it was; none where the file made it.
    pub before: Option<T>,
    /// As the file left it.
    pub after: T,
}

impl<T> RowChange<T> {
    /// Of a row that the transaction of a file wrote. `before` holds what there was.
    ///
    /// # Errors
    /// Somebody else made it or changed it meanwhile: what it was before the file, nobody knows.
    pub fn of(row: &WrittenRow, before: &mut HashMap<String, T>, after: T) -> Result<Self> {
        match before.remove(&row.key) {
            None if row.made => Ok(Self { before: None, after }),
            Some(old) if !row.made => Ok(Self { before: Some(old), after }),
            _ => Err(Error::Conflict(AT_ONCE.to_owned())),
        }
    }
}

/// The rows that a file may change, by their ids: as they are before it, or once more after it.
#[derive(Debug, Default)]
pub struct RegistryBefore {
    schools: HashMap<String, OrgImage>,
    flags: HashMap<String, FlagImage>,
    posts: HashMap<String, PostImage>,
}

/// What a file wrote in the registry; nobody's name is among it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RegistryDone {
    pub schools: Vec<RowChange<OrgImage>>,
    pub flags: Vec<RowChange<FlagImage>>,
    pub lineage: Vec<LineageImage>,
    /// Ids of those whom it brought.
    pub people: Vec<String>,
    pub posts: Vec<RowChange<PostImage>>,
}

impl RegistryDone {
    /// How many rows it wrote, people by their posts.
    pub fn rows(&self) -> usize {
        self.schools.len() + self.flags.len() + self.lineage.len() + self.posts.len()
    }

    /// Every school on which something of it hangs, in one order for whoever takes more than one.
    fn schools_of_all(&self) -> BTreeSet<&str> {
        let own = self.schools.iter().map(|one| one.after.id.as_str());
        let flags = self.flags.iter().map(|one| one.after.org.as_str());
        let lineage = self.lineage.iter().map(|one| one.org.as_str());
        let posts = self.posts.iter().map(|one| one.after.org.as_str());
        own.chain(flags).chain(lineage).chain(posts).collect()
    }

    fn brought(&self, person: &str) -> bool {
        self.people.iter().any(|id| id == person)
    }
}

/// Reads what a file may change; posts only where it says something of people.
pub async fn before_file(tx: &mut Tx, with_posts: bool) -> Result<RegistryBefore> {
    let schools = tx.all::<OrgImage>(&data::ORG_IMAGES, Vec::new()).await?;
    let flags = tx.all::<FlagImage>(&data::FLAG_IMAGES, Vec::new()).await?;
    let posts = match with_posts {
        true => tx.all::<PostImage>(&data::POST_IMAGES, Vec::new()).await?,
        false => Vec::new(),
    };
    Ok(RegistryBefore {
        schools: schools.into_iter().map(|row| (row.id.clone(), row)).collect(),
        flags: flags.into_iter().map(|row| (row.id.clone(), row)).collect(),
        posts: posts.into_iter().map(|row| (row.id.clone(), row)).collect(),
    })
}

/// What the transaction of a file wrote in the registry.
pub async fn done_by_file(
    tx: &mut Tx,
    mut before: RegistryBefore,
    written: &[WrittenRow],
) -> Result<RegistryDone> {
    let mut done = RegistryDone::default();
    let mut now = RegistryBefore::default();
    if written.len() > SINGLY {
        now = before_file(tx, written.iter().any(|row| row.table == "person_post")).await?;
    }
    for row in written {
        match row.table {
            "org" => {
                let after = as_it_is(tx, &mut now.schools, (&data::ORG_IMAGE, &row.key)).await?;
                done.schools.push(RowChange::of(row, &mut before.schools, after)?);
            }
            "org_flag" => {
                let after = as_it_is(tx, &mut now.flags, (&data::FLAG_IMAGE, &row.key)).await?;
                done.flags.push(RowChange::of(row, &mut before.flags, after)?);
            }
            "org_lineage" => {
                done.lineage.push(tx.one::<LineageImage>(&data::LINEAGE_IMAGE, args![&row.key]).await?);
            }
            "person" if row.made => done.people.push(row.key.clone()),
            "person_post" => {
                let after = as_it_is(tx, &mut now.posts, (&data::POST_IMAGE, &row.key)).await?;
                done.posts.push(RowChange::of(row, &mut before.posts, after)?);
            }
            _ => {}
        }
    }
    Ok(done)
}

/// A row as it is now: one of those that were read, else asked for.
async fn as_it_is<T: Row>(
    tx: &mut Tx,
    read: &mut HashMap<String, T>,
    (image, key): (&'static Statement, &str),
) -> Result<T> {
    match read.remove(key) {
        Some(row) => Ok(row),
        None => tx.one(image, args![key]).await,
    }
}

/// What of it is no more as the file left it, each by its name. The schools on which it hangs are taken until the transaction
/// ends: their flags and posts change under the same lock.
pub async fn changed_since(tx: &mut Tx, done: &RegistryDone) -> Result<Vec<String>> {
    for school in done.schools_of_all() {
        match lock(tx, school).await {
            // One that is gone is told as changed.
            Ok(()) | Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    let mut changed = Vec::new();
    for RowChange { after, .. } in &done.schools {
        let there = tx.maybe::<OrgImage>(&data::ORG_IMAGE, args![&after.id]).await?;
        if there.as_ref() != Some(after) {
            changed.push(after.name.clone());
        }
    }
    for RowChange { after, .. } in &done.flags {
        let there = tx.maybe::<FlagImage>(&data::FLAG_IMAGE, args![&after.id]).await?;
        if there.as_ref() != Some(after) {
            changed.push(flag_name(tx, after).await?);
        }
    }
    for after in &done.lineage {
        let there = tx.maybe::<LineageImage>(&data::LINEAGE_IMAGE, args![&after.id]).await?;
        if there.as_ref() != Some(after) {
            let school = name_of(tx, &after.org).await?;
            changed.push(format!("{school}的沿革“{}”", rules::lineage_name(&after.kind)));
        }
    }
    for RowChange { after, .. } in &done.posts {
        let there = tx.maybe::<PostImage>(&data::POST_IMAGE, args![&after.id]).await?;
        if there.as_ref() != Some(after) {
            changed.push(post_name(tx, after).await?);
        }
    }
    Ok(changed.into_iter().map(|name| format!("{name}（导入以后又改过）")).collect())
}

async fn name_of(tx: &mut Tx, org: &str) -> Result<String> {
    let name = tx.maybe::<(String,)>(&data::FOUND_AS, args![org]).await?;
    Ok(name.map_or_else(|| "一所院校".to_owned(), |(name,)| name))
}

async fn flag_name(tx: &mut Tx, flag: &FlagImage) -> Result<String> {
    let school = name_of(tx, &flag.org).await?;
    Ok(format!("{school}自 {} 起的“{}”标记", flag.from_day, rules::flag_name(&flag.flag)))
}

/// A post by its place; whose it is, is not told here.
async fn post_name(tx: &mut Tx, post: &PostImage) -> Result<String> {
    let school = name_of(tx, &post.org).await?;
    Ok(format!("{school}自 {} 起的一个任职（{}）", post.from_day, rules::post_name(&post.post)))
}

/// What stands in the way of something, in words.
pub fn used(name: &str, by: Vec<(String,)>) -> Option<String> {
    let mut by: Vec<String> = by.into_iter().map(|(what,)| what).collect();
    by.dedup();
    (!by.is_empty()).then(|| format!("{name}（已有：{}）", by.join("、")))
}

/// The schools of one file, each found once.
#[derive(Default)]
struct Schools(HashMap<String, Found<OrgRow>>);

impl Schools {
    async fn of(&mut self, tx: &mut Tx, id: &str) -> Result<&Found<OrgRow>> {
        if !self.0.contains_key(id) {
            let school = found(tx, id).await?;
            self.0.insert(id.to_owned(), school);
        }
        self.0.get(id).ok_or(Error::NotFound)
    }
}

/// Takes back what a file wrote, and says what stands in the way: where something does, nothing of the transaction may stay.
pub async fn take_back(tx: &mut Tx, done: &RegistryDone) -> Result<Vec<String>> {
    let mut schools = Schools::default();
    let mut built = take_back_posts(tx, done, &mut schools).await?;
    built.extend(take_back_people(tx, done).await?);
    if !built.is_empty() {
        return Ok(built);
    }
    for RowChange { before, after } in &done.flags {
        let school = schools.of(tx, &after.org).await?;
        match before {
            Some(old) => tx.write_one(&data::END_FLAG, args![&after.id, &after.org, old.to_day]).await?,
            None => tx.change_one(school, &data::DROP_FLAG, args![&after.id]).await?,
        }
    }
    for line in &done.lineage {
        let school = schools.of(tx, &line.org).await?;
        tx.change_one(school, &data::DROP_LINEAGE, args![&line.id]).await?;
    }
    for RowChange { after, .. } in done.schools.iter().filter(|one| one.before.is_none()) {
        built.extend(drop_school(tx, after, &mut schools).await?);
    }
    // A name is free again when whoever had it meanwhile is gone.
    for one in freed_first(&done.schools) {
        let school = schools.of(tx, &one.id).await?;
        restore(tx, school, one).await?;
    }
    Ok(built)
}

async fn drop_school(tx: &mut Tx, school: &OrgImage, schools: &mut Schools) -> Result<Option<String>> {
    let by = tx.all::<(String,)>(&data::ORG_USED, args![&school.id]).await?;
    if let Some(used) = used(&school.name, by) {
        return Ok(Some(used));
    }
    let row = schools.of(tx, &school.id).await?;
    tx.change_one(row, &data::DROP_ORG, Vec::new()).await?;
    Ok(None)
}

async fn restore(tx: &mut Tx, school: &Found<OrgRow>, old: &OrgImage) -> Result<()> {
    named!(data::RESTORE_ORG {
        name: &old.name,
        division: &old.division,
        parent: old.parent.clone(),
        path: &old.path,
        level: &old.level,
        ownership: &old.ownership,
        credit_code: &old.credit_code,
        source: &old.source,
        sort_key: &old.sort_key,
        ended_on: old.ended_on,
    })
    .write(tx, school)
    .await
    .map(drop)
}

/// What changed schools were, in an order in which none takes a name that another one still has.
fn freed_first(schools: &[RowChange<OrgImage>]) -> Vec<&OrgImage> {
    let mut left: Vec<(&OrgImage, &OrgImage)> =
        schools.iter().filter_map(|one| Some((one.before.as_ref()?, &one.after))).collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = left
            .iter()
            .position(|(old, _)| left.iter().all(|(_, now)| now.id == old.id || now.name != old.name));
        ordered.push(left.remove(free.unwrap_or(0)).0);
    }
    ordered
}

/// Posts that the file made go, those that it changed are as they were. What relies on the days between stands in the way.
async fn take_back_posts(tx: &mut Tx, done: &RegistryDone, schools: &mut Schools) -> Result<Vec<String>> {
    let (mut built, mut moved) = (Vec::new(), BTreeSet::new());
    for RowChange { before, after } in &done.posts {
        if let Some(day) = last_kept(before.as_ref(), after) {
            let relying = tx.all::<RelyingRow>(&data::RELYING, args![&after.id, day]).await?;
            if !relying.is_empty() {
                let name = post_name(tx, after).await?;
                built.push(format!("{name}（已有：台账）"));
                continue;
            }
        }
        match before {
            Some(old) => {
                let values = args![&after.id, &after.org, old.to_day, &old.title];
                tx.write_one(&data::UPDATE_POST, values).await?;
            }
            None => {
                let school = schools.of(tx, &after.org).await?;
                tx.change_one(school, &data::DROP_POST, args![&after.id]).await?;
            }
        }
        if !done.brought(&after.person) {
            moved.insert(after.person.clone());
        }
    }
    for person in moved {
        let counted = led_to(tx, &person).await?;
        contributions::post_changed(tx, &counted).await?;
    }
    Ok(built)
}

/// The last day of a post that stays; none where it loses none.
fn last_kept(before: Option<&PostImage>, after: &PostImage) -> Option<Date> {
    match before {
        None => Some(after.from_day.pred_opt().unwrap_or(after.from_day)),
        Some(old) => old.to_day.filter(|last| after.to_day.is_none_or(|to| to > *last)),
    }
}

/// Whoever the file brought goes with the last of the posts that it brought.
async fn take_back_people(tx: &mut Tx, done: &RegistryDone) -> Result<Vec<String>> {
    let mut built = Vec::new();
    for person in &done.people {
        let Some(RowChange { after, .. }) = done.posts.iter().find(|one| one.after.person == *person) else {
            return Err(Error::internal(format_args!("person {person} came without a post")));
        };
        let by = tx.all::<(String,)>(&data::PERSON_USED, args![person, &after.org]).await?;
        let name = post_name(tx, after).await?;
        match used(&name, by) {
            Some(used) => built.push(used),
            None => tx.write_one(&data::DROP_PERSON, args![person]).await?,
        }
    }
    Ok(built)
}
