//! Sharing, renewing, nominating and taking down; saying that one uses something; and searching. For the pages and the
//! demonstration.

pub mod keeping;

use super::data::{self, EditionRow, ItemRow, ItemState, UseRow, UseState};
use super::rules::{self, LINE, NewItem, REASON};
use crate::evidence::outputs;
use crate::network::registry;
use crate::shared::confirmation;
use crate::shared::handed_in::StoredFile;
use crate::shared::notices::{self, Kind, News};
use crate::shared::review::{self, Action, Loaded, Said};
use crate::shared::terms::{EVERYTHING, MOST, of_search};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_programme::{Programme, ResourceRules};
use jiedui_store::{Found, Tx, args, line, named};
use serde_json::json;

/// The rules of the library; nothing is there where the programme has none.
pub fn library(programme: &Programme) -> Result<&ResourceRules> {
    programme.resources.as_ref().ok_or(Error::NotFound)
}

/// One visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<ItemRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// One visible to the caller, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<ItemRow>>> {
    let row = find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// The editions of an item that was found in scope, the newest first.
pub async fn editions(tx: &mut Tx, row: &ItemRow) -> Result<Vec<EditionRow>> {
    tx.all(&data::EDITIONS_OF, args![&row.id]).await
}

/// Shares a file in the name of the caller's organisation; returns the id of the item.
pub async fn share(tx: &mut Tx, programme: &Programme, new: &NewItem, file: &StoredFile) -> Result<String> {
    Error::of(rules::check_item(programme, library(programme)?, new))?;
    let owner = tx.actor().org.clone();
    // Two at once would both find no twin.
    registry::lock(tx, &owner).await?;
    refuse_twin(tx, &owner, file).await?;
    let (id, today) = (tx.new_id(), tx.today());
    tx.write(&data::TAKE_TURN, Vec::new()).await?;
    let place = tx.number(&data::TURN, Vec::new()).await?;
    named!(data::INSERT {
        id: &id,
        owner: &owner,
        kind: &new.kind,
        title: &new.title,
        about: &new.about,
        major: &new.major,
        task: &new.task,
        licence: &new.licence,
        holder: &new.holder,
        place,
        shared_on: today,
    })
    .write(tx)
    .await?;
    let row = find(tx, &id).await?;
    add_edition(tx, &row, 1, (file, "")).await?;
    index(tx, &row, row.state, &file.name).await?;
    let change =
        json!({ "kind": new.kind, "title": new.title, "licence": new.licence, "sha256": file.hash.as_str() });
    review::begun::<ItemRow>(tx, &id, "share", change).await?;
    Ok(id)
}

/// The same content twice from one school is a slip; from two schools it is kept once and shared by both.
async fn refuse_twin(tx: &mut Tx, owner: &str, file: &StoredFile) -> Result<()> {
    let twin =
        tx.maybe::<(String,)>(&data::TWIN, args![file.hash.as_str(), owner, ItemState::Withdrawn]).await?;
    let Some((title,)) = twin else { return Ok(()) };
    let words = format!("本校已经上传过这个文件：“{title}”。要改内容的，请在那里上传新版本。");
    Err(Error::field("file", Code::Duplicate.says(words)))
}

async fn add_edition(
    tx: &mut Tx,
    row: &Found<ItemRow>,
    edition: i64,
    (file, note): (&StoredFile, &str),
) -> Result<()> {
    let today = tx.today();
    let size = i64::try_from(file.size).map_err(Error::internal)?;
    let values = args![edition, file.hash.as_str(), size, file.kind.mime(), &file.name, note, today];
    tx.change(row, &data::ADD_EDITION, values).await.map(drop)
}

/// Sets by which terms an item is found from now on.
async fn index(tx: &mut Tx, row: &Found<ItemRow>, state: ItemState, file: &str) -> Result<()> {
    tx.change(row, &data::CLEAR_TERMS, Vec::new()).await?;
    let terms = rules::terms_of(row, state, file);
    let lines = terms.into_iter().map(|term| line!(data::ADD_TERMS { term, place: row.place })).collect();
    tx.add_rows(&data::ADD_TERMS, lines).await.map(drop)
}

/// The same after a step that left the file as it is.
async fn index_again(tx: &mut Tx, row: &Found<ItemRow>, state: ItemState) -> Result<()> {
    let editions = editions(tx, row).await?;
    let name = editions.first().map_or("", |edition| edition.name.as_str());
    index(tx, row, state, name).await
}

/// A new edition of what the caller shares. The old ones stay.
pub async fn renew(
    tx: &mut Tx,
    opened: &Loaded<Found<ItemRow>>,
    version: i64,
    (file, note): (&StoredFile, &str),
) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    let row = &opened.row;
    let wrong = rules::too_long("改了什么", note, LINE).map(|mistake| FieldError::new("note", mistake));
    Error::of(wrong.into_iter().collect())?;
    let newest = editions(tx, row).await?.into_iter().next();
    if newest.is_some_and(|newest| newest.hash == file.hash.as_str()) {
        let words = "这个文件和现在的版本一模一样，没有要换的。";
        return Err(Error::field("file", Code::Unchanged.says(words)));
    }
    let edition = row.edition + 1;
    let columns = args![edition, next.revision(row.revision)];
    let change = json!({ "edition": edition, "note": note, "sha256": file.hash.as_str() });
    review::carry_out(tx, row, next, version, (&data::RENEW, columns), Said::change(change)).await?;
    add_edition(tx, row, edition, (file, note)).await?;
    index(tx, row, next.to(), &file.name).await
}

/// The recorded outputs of the caller's own organisation as which an item of this kind can be nominated: id and title.
pub async fn nominable(tx: &mut Tx, programme: &Programme, row: &ItemRow) -> Result<Vec<(String, String)>> {
    let kind = programme.resources.as_ref().and_then(|rules| rules.kind(&row.kind));
    let Some(model) = kind.and_then(|kind| kind.model.as_deref()) else { return Ok(Vec::new()) };
    let org = tx.actor().org.clone();
    let facts = outputs::facts(tx).await?;
    let stands = |state| state != confirmation::State::Withdrawn;
    let own = facts.iter().filter(|fact| fact.output == model && fact.org == org && stands(fact.state));
    let ids: Vec<&str> = own.map(|fact| fact.id.as_str()).collect();
    let mut titles: Vec<(String, String)> = outputs::titles(tx, ids.into_iter()).await?.into_iter().collect();
    titles.sort_unstable();
    Ok(titles)
}

/// Nominates a case, as the output under which it is recorded.
pub async fn nominate(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Loaded<Found<ItemRow>>,
    (version, output): (i64, &str),
) -> Result<()> {
    let next = opened.demand(Action::Submit)?;
    let row = &opened.row;
    if !nominable(tx, programme, row).await?.iter().any(|(id, _)| id == output) {
        let words = "请选择建设成果里登记的一项；还没有登记的，先登记再推荐。";
        return Err(Error::field("output", Code::NotListed.says(words)));
    }
    let said = Said::change(json!({ "output": output }));
    review::carry_out(tx, row, next, version, (&data::NOMINATE, args![Some(output)]), said).await
}

/// Takes a nomination back before it is decided.
pub async fn recall(tx: &mut Tx, opened: &Loaded<Found<ItemRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Recall)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, Vec::new()), Said::default()).await
}

/// What the office says of a nomination: a model, or back with words.
pub async fn decide(
    tx: &mut Tx,
    opened: &Loaded<Found<ItemRow>>,
    version: i64,
    (action, words): (Action, &str),
) -> Result<()> {
    let next = opened.demand(action)?;
    let wrong = match action {
        Action::Accept => rules::too_long("评审意见", words, REASON),
        _ => rules::required("退回的理由", words, REASON),
    };
    Error::of(wrong.map(|mistake| FieldError::new("words", mistake)).into_iter().collect())?;
    let row = &opened.row;
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), Said::reason(words)).await?;
    index_again(tx, row, next.to()).await
}

/// Takes an item out of the library, by its school or by the office; who has it may go on using it as it was given.
pub async fn take_down(
    tx: &mut Tx,
    opened: &Loaded<Found<ItemRow>>,
    version: i64,
    reason: &str,
) -> Result<()> {
    let own = opened.can(Action::Withdraw);
    let next = opened.demand(if own { Action::Withdraw } else { Action::Abandon })?;
    let wrong =
        rules::required("为什么撤下", reason, REASON).map(|mistake| FieldError::new("reason", mistake));
    Error::of(wrong.into_iter().collect())?;
    let row = &opened.row;
    review::carry_out(tx, row, next, version, (&data::MOVE, Vec::new()), Said::reason(reason)).await?;
    index_again(tx, row, next.to()).await?;
    if own {
        return Ok(());
    }
    let words = format!("撤下了本校的资源：{}", row.title);
    tell(tx, row, &words, reason).await
}

/// Tells the school that shares an item.
async fn tell(tx: &mut Tx, row: &ItemRow, words: &str, said: &str) -> Result<()> {
    let (kind, resource) = (Kind::Decided, "library_item");
    notices::tell(tx, &row.owner, News { kind, resource, id: &row.id, words, said, batch: "" }).await
}

/// What waits for a decision of the caller's office, the oldest first.
pub async fn nominated(tx: &mut Tx) -> Result<Vec<Found<ItemRow>>> {
    tx.find_all(&data::NOMINATED, args![ItemState::Nominated]).await
}

/// Which schools say that they use an item that was found in scope, the newest first.
pub async fn uses(tx: &mut Tx, row: &ItemRow) -> Result<Vec<UseRow>> {
    tx.all(&data::USES_OF, args![&row.id, UseState::Stated]).await
}

/// Says in the name of the caller's school where it used an item; returns the id of the statement.
pub async fn state_use(
    tx: &mut Tx,
    programme: &Programme,
    row: &Found<ItemRow>,
    (subject, semester): (&str, &str),
) -> Result<String> {
    let school = tx.actor().org.clone();
    if row.state == ItemState::Withdrawn {
        return Err(Error::NotNow("这件资源已经撤下，不能再登记使用。".to_owned()));
    }
    if school == row.owner {
        let words = "这是本校自己的资源；登记使用是给别校的，看的是有没有被别校用上。";
        return Err(Error::Forbidden(words.to_owned()));
    }
    let today = tx.today();
    Error::of(rules::check_use(programme, today, (subject, semester)))?;
    // Two at once would both find none.
    registry::lock(tx, &school).await?;
    let same = |one: &UseRow| one.school == school && one.semester == semester && one.subject == subject;
    if uses(tx, row).await?.iter().any(same) {
        let words = "本校这个学期已经登记过用在这里，不用再登记。";
        return Err(Error::field("subject", Code::Duplicate.says(words)));
    }
    let id = tx.new_id();
    tx.change(row, &data::STATE_USE, args![&id, &school, subject, semester, today]).await?;
    let change = json!({ "item": row.id, "subject": subject, "semester": semester });
    review::begun::<UseRow>(tx, &id, "state", change).await?;
    let words = format!("用上了本校的资源：{}", row.title);
    tell(tx, row, &words, subject).await?;
    Ok(id)
}

/// A statement of use visible to the caller.
pub async fn open_use(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<UseRow>>> {
    let row = tx.find::<UseRow>(&data::USE, args![id]).await?;
    review::open(tx, programme, row).await
}

/// Takes back what the caller's school said.
pub async fn take_back(tx: &mut Tx, opened: &Loaded<Found<UseRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Withdraw)?;
    let write = (&data::MOVE_USE, Vec::new());
    review::carry_out(tx, &opened.row, next, version, write, Said::default()).await
}

/// What the index is asked for a text and facets: the rarest term first, "" behind the last. The one way to the index, so
/// that another can take its place.
pub async fn wanted(tx: &mut Tx, text: &str, facets: Vec<String>) -> Result<[String; MOST]> {
    let mut terms: Vec<(i64, String)> = Vec::new();
    let parts = if text.is_empty() { Vec::new() } else { of_search(text) };
    let facets = facets.into_iter().map(|facet| vec![vec![facet]]);
    for part in parts.into_iter().chain(facets) {
        let mut chosen: Option<Vec<(i64, String)>> = None;
        for reading in part {
            let mut counted = Vec::new();
            for term in reading {
                counted.push((tx.number(&data::FREQUENCY, args![&term]).await?, term));
            }
            let finds = counted.iter().all(|(count, _)| *count > 0);
            if finds || chosen.is_none() {
                chosen = Some(counted);
            }
            if finds {
                break;
            }
        }
        terms.extend(chosen.unwrap_or_default());
    }
    terms.sort_unstable();
    terms.dedup();
    if terms.is_empty() {
        terms.push((0, EVERYTHING.to_owned()));
    }
    let mut found: [String; MOST] = Default::default();
    for (place, (_, term)) in found.iter_mut().zip(terms) {
        *place = term;
    }
    Ok(found)
}
