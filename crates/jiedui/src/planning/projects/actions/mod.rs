//! What is done to a list and its projects, with every check: for the pages, the workbook and the demonstration.

pub mod carry;
pub mod hand_on;
pub mod left_open;
pub mod recheck;

use super::data::{self, Ended, ListRow, ListState, ProjectRow};
use super::rules::changes::{Filed, snapshot};
use super::rules::{self, Fields, LoadedList, Proposal};
use crate::network::pairings::PairingRow;
use crate::network::registry;
use crate::shared::frozen;
use crate::shared::review::{self, Action, Answered, Next, Reviewed, Said};
use jiedui_kernel::{Code, Date, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, VersionedCall, args, named};
use jiedui_web::history::{self, HistoryEntry};
use serde_json::{Value, json};

fn refused(words: &str) -> Error {
    Error::Forbidden(words.to_owned())
}

/// A list visible to the caller.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<LoadedList> {
    let list = ListRow::find(tx, id).await?;
    review::open(tx, programme, list).await
}

/// A list that the caller may change now.
pub async fn open_to_edit(tx: &mut Tx, programme: &Programme, id: &str) -> Result<LoadedList> {
    let opened = open(tx, programme, id).await?;
    opened.demand(Action::Edit)?;
    Ok(opened)
}

/// Begins the list of a year; returns its id. Only the lead college of a running pairing does.
pub async fn begin(tx: &mut Tx, pairing: &PairingRow, year: i32) -> Result<String> {
    if tx.actor().org != pairing.lead {
        return Err(refused("项目清单由牵头院校拟，本单位不是这组结对的牵头院校。"));
    }
    let today = tx.today();
    if pairing.to_day.is_some_and(|end| end < today) || pairing.from_day > today {
        return Err(Error::field(
            "pairing",
            Code::NotInPeriod.says("这组结对现在不在执行，不能拟新的清单。"),
        ));
    }
    if !rules::years(pairing.from_day, pairing.to_day, today).contains(&year) {
        return Err(Error::field("year", Code::NotInPeriod.says("只能拟结对期内到明年为止的清单。")));
    }
    let lists = tx.all::<ListRow>(&data::LISTS, args![i64::from(year), &pairing.id]).await?;
    if !lists.is_empty() {
        return Err(Error::field(
            "year",
            Code::Duplicate.says(format!("{year}年的清单已经有了，请直接打开修改。")),
        ));
    }
    let id = tx.new_id();
    tx.write(&data::INSERT_LIST, args![&id, &pairing.id, i64::from(year)]).await?;
    review::begun::<ListRow>(tx, &id, "begin", json!({ "year": year })).await?;
    Ok(id)
}

/// Raises the revision of a list that is being changed: answers to the old one no longer hold.
async fn renew(tx: &mut Tx, opened: &LoadedList) -> Result<()> {
    let next = opened.demand(Action::Edit)?;
    match tx.change(&opened.row, &data::RENEW, args![next.from(), next.to()]).await? {
        0 => Err(Error::Conflict("清单正在征求同意或等待备案，现在不能改；需要修改请先收回。".to_owned())),
        _ => Ok(()),
    }
}

/// Adds a project; `carried_from` names the one of last year whose rest it takes over. Copied projects may still lack
/// their need: `whole` says whether that is an error now or at handing in.
pub async fn add(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedList,
    fields: &Fields,
    carried_from: Option<&str>,
    whole: bool,
) -> Result<String> {
    opened.demand(Action::Edit)?;
    let list = &opened.row;
    if whole {
        Error::of(rules::check(fields, list, programme))?;
    }
    renew(tx, opened).await?;
    let place = tx.number(&data::NEXT_PLACE, args![&list.id]).await?;
    let typical = if list.typical_class.is_empty() { 1 } else { 0 };
    let order_key = format!("{typical}{}{place:05}", list.county_path);
    let at = ProjectPlace {
        list: &list.id,
        pairing: &list.pairing,
        year: list.year,
        place,
        order_key,
        carried_from,
    };
    let id = insert(tx, at, fields).await?;
    record_project(tx, &id, "add", "", list.revision + 1, json!(fields)).await?;
    Ok(id)
}

/// Where a new project stands.
#[derive(Debug)]
pub struct ProjectPlace<'a> {
    pub list: &'a str,
    pub pairing: &'a str,
    pub year: i64,
    pub place: i64,
    /// By which the list of all projects is sorted.
    pub order_key: String,
    pub carried_from: Option<&'a str>,
}

/// A statement that writes all that a project says, beside what is its own.
macro_rules! saying {
    ($table:ident :: $statement:ident, $fields:ident, { $($own:ident: $value:expr),+ $(,)? }) => {
        named!($table::$statement {
            $($own: $value,)+
            title: &$fields.title,
            clause: &$fields.clause,
            basis: &$fields.basis,
            need: $fields.need.clone(),
            outcome: &$fields.outcome,
            quantity: $fields.quantity,
            unit: rules::unit_id($fields.unit),
            owner_org: &$fields.owner_org,
            owner: $fields.owner.clone(),
            from_day: $fields.from,
            to_day: $fields.to,
            lead_does: &$fields.lead_does,
            nearby_does: &$fields.nearby_does,
            budget: budget($fields)?,
            budget_sum: $fields.budget_sum(),
        })
    };
}

fn budget(fields: &Fields) -> Result<String> {
    serde_json::to_string(&fields.budget).map_err(Error::internal)
}

/// Writes a new row and gives its id; the checks are the caller's.
pub async fn insert(tx: &mut Tx, at: ProjectPlace<'_>, fields: &Fields) -> Result<String> {
    let id = tx.new_id();
    saying!(data::INSERT_PROJECT, fields, {
        id: &id,
        list: at.list,
        pairing: at.pairing,
        year: at.year,
        place: at.place,
        order_key: at.order_key,
        carried_from: at.carried_from,
    })
    .write(tx)
    .await?;
    Ok(id)
}

/// Rewrites what a project says.
fn update(project: &Found<ProjectRow>, version: i64, fields: &Fields) -> Result<VersionedCall> {
    let write = saying!(data::UPDATE_PROJECT, fields, {
        version: version,
    });
    Ok(write.on(project))
}

async fn record_project(
    tx: &mut Tx,
    id: &str,
    kind: &'static str,
    reason: &str,
    revision: i64,
    change: Value,
) -> Result<()> {
    history::record(tx, &HistoryEntry { resource: "project", id, kind, reason, revision, change }).await
}

/// Changes a project. What is in force stays so until the change is filed. `Conflict` on a concurrent edit.
pub async fn edit(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedList,
    project: &Found<ProjectRow>,
    version: i64,
    fields: &Fields,
) -> Result<()> {
    opened.demand(Action::Edit)?;
    Error::of(rules::check(fields, &opened.row, programme))?;
    if project.ended != Ended::Not {
        return Err(refused("这个项目已经结束，不能再改。"));
    }
    if project.wanted().as_ref() == Some(fields) {
        return Ok(());
    }
    renew(tx, opened).await?;
    let write = if project.filed {
        let proposed = match *fields == project.fields() {
            true => String::new(),
            false => {
                serde_json::to_string(&Proposal::Change(Box::new(fields.clone()))).map_err(Error::internal)?
            }
        };
        data::PROPOSE.at(project, version, args![proposed])
    } else {
        update(project, version, fields)?
    };
    write.write(tx, ListRow::CHANGED).await?;
    let change = json!({ "before": project.wanted(), "after": fields });
    record_project(tx, &project.id, "edit", "", opened.row.revision + 1, change).await
}

/// Takes a project out: at once while it was never filed, else with the next filing.
pub async fn remove(
    tx: &mut Tx,
    opened: &LoadedList,
    project: &Found<ProjectRow>,
    version: i64,
) -> Result<()> {
    opened.demand(Action::Edit)?;
    if project.ended != Ended::Not {
        return Err(refused("这个项目已经结束，不能再删。"));
    }
    renew(tx, opened).await?;
    let write = if project.filed {
        let proposed = serde_json::to_string(&Proposal::Remove).map_err(Error::internal)?;
        data::PROPOSE.at(project, version, args![proposed])
    } else {
        let none: Option<Date> = None;
        data::END_PROJECT.at(project, version, args![Ended::Removed, "", none])
    };
    write.write(tx, ListRow::CHANGED).await?;
    record_project(tx, &project.id, "remove", "", opened.row.revision + 1, json!({})).await
}

/// Takes back a removal or a proposed change.
pub async fn restore(
    tx: &mut Tx,
    opened: &LoadedList,
    project: &Found<ProjectRow>,
    version: i64,
) -> Result<()> {
    opened.demand(Action::Edit)?;
    renew(tx, opened).await?;
    let none: Option<Date> = None;
    let write = match (project.filed, project.ended) {
        (true, Ended::Not) => data::PROPOSE.at(project, version, args![""]),
        (false, Ended::Removed) => data::END_PROJECT.at(project, version, args![Ended::Not, "", none]),
        _ => return Err(refused("没有可以恢复的改动。")),
    };
    write.write(tx, ListRow::CHANGED).await?;
    record_project(tx, &project.id, "restore", "", opened.row.revision + 1, json!({})).await
}

/// Hands the list to the other two parties. Those who agreed to this very revision before are not asked again.
pub async fn submit(tx: &mut Tx, programme: &Programme, opened: &LoadedList, version: i64) -> Result<()> {
    let next = opened.demand(Action::Submit)?;
    let list = &opened.row;
    let projects = of_list(tx, &list.id).await?;
    ready(&projects, list, programme)?;
    let said = Said::change(json!({ "projects": projects.len() }));
    review::carry_out(tx, list, next, version, (&data::MOVE_LIST, Vec::new()), said).await?;
    let all = review::finish(tx, programme, list, next.to()).await?;
    submitted(tx, programme, list, version + 1, all).await
}

/// What still has to be mended before a list goes to the others.
fn ready(projects: &[ProjectRow], list: &ListRow, programme: &Programme) -> Result<()> {
    let wanted: Vec<(i64, Fields)> = projects
        .iter()
        .filter(|project| project.ended == Ended::Not)
        .filter_map(|project| Some((project.place, project.wanted()?)))
        .collect();
    if wanted.is_empty() {
        return Err(Error::field("", Code::Missing.says("清单里还没有项目，请先增加项目。")));
    }
    if list.edition > 0
        && projects.iter().all(|one| (one.filed || one.ended != Ended::Not) && one.proposed.is_empty())
    {
        return Err(Error::field("", Code::Unchanged.says("和已备案的内容没有差别，不用再报。")));
    }
    let errors: Vec<FieldError> = wanted
        .iter()
        .flat_map(|(place, fields)| {
            let told = rules::check(fields, list, programme).into_iter();
            told.map(move |error| {
                let words = format!("第 {place} 项“{}”：{}", fields.title, error.message);
                error.at("").in_words(words)
            })
        })
        .collect();
    Error::of(errors)
}

/// Where all three agree, the list goes in, and the city's time begins.
async fn submitted(
    tx: &mut Tx,
    programme: &Programme,
    list: &Found<ListRow>,
    version: i64,
    all: Option<Next<ListState>>,
) -> Result<()> {
    let Some(next) = all else { return Ok(()) };
    let today = tx.today();
    let due = programme.calendar.workdays.after(today, programme.projects.comment_workdays);
    let write = (&data::SUBMITTED, args![today, due]);
    review::carry_out(tx, list, next, version, write, Said::default()).await
}

/// Takes the list back for further work: for the lead, before it is filed.
pub async fn recall(tx: &mut Tx, opened: &LoadedList, version: i64) -> Result<()> {
    let next = opened.demand(Action::Recall)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE_LIST, Vec::new()), Said::default()).await
}

/// The nearby or the county school agrees, or sends the list back with a word; or the city says what it thinks, or that
/// it has nothing to say.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedList,
    answer: (Action, i64, &str),
) -> Result<()> {
    let (list, all) = review::answer(tx, programme, opened, answer, &data::MOVE_LIST).await?;
    submitted(tx, programme, &list, list.version, all).await
}

/// A remark of the provincial office on a field of a project; "" for the project or the list as a whole.
pub struct Remark {
    pub project: Option<String>,
    pub field: String,
    pub text: String,
}

/// Returned for form or for missing parts only (备案 is filing, not approval), with remarks on fields.
pub async fn return_to_submitter(
    tx: &mut Tx,
    opened: &LoadedList,
    version: i64,
    reason: &str,
    remarks: &[Remark],
) -> Result<()> {
    let next = opened.demand(Action::Return)?;
    let list = &opened.row;
    review::update(tx, list, next, version, (&data::MOVE_LIST, Vec::new())).await?;
    let now = tx.now();
    for remark in remarks {
        let id = tx.new_id();
        let values = args![id, remark.project.clone(), &remark.field, &remark.text, now, list.revision];
        tx.change(list, &data::INSERT_REMARK, values).await?;
    }
    let told: Vec<Value> = remarks
        .iter()
        .map(|one| json!({ "project": one.project, "field": one.field, "text": one.text }))
        .collect();
    let said = Said { reason, change: json!(told) };
    review::record(tx, list, next, said).await
}

/// Files a list: what was proposed is in force from now on, and the list as it stands is kept for ever.
pub async fn file(
    tx: &mut Tx,
    programme: &Programme,
    opened: &LoadedList,
    version: i64,
    (number, on): (&str, Date),
) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    let list = &opened.row;
    if on > tx.today() || list.submitted_on.is_some_and(|day| on < day) {
        return Err(Error::field("filed_on", Code::NotInPeriod.says("备案日期应在提交之后、今天以前。")));
    }
    // Two lists filed at once would both find the number free.
    registry::lock(tx, &tx.actor().org.clone()).await?;
    if tx.number(&data::NUMBER_USED, args![number]).await? > 0 {
        return Err(Error::field("number", Code::Duplicate.says("这个备案编号已经用过，请换一个。")));
    }
    review::update(tx, list, next, version, (&data::FILE_LIST, args![number, on])).await?;
    for project in tx.find_all::<ProjectRow>(&data::OF_LIST, args![&list.id]).await? {
        match project.proposal() {
            Some(Proposal::Change(fields)) => {
                update(&project, project.version, &fields)?.write(tx, ListRow::CHANGED).await?;
            }
            Some(Proposal::Remove) => {
                let end = data::END_PROJECT.at(&project, project.version, args![Ended::Removed, "", on]);
                end.write(tx, ListRow::CHANGED).await?;
            }
            None => {}
        }
    }
    tx.change(list, &data::PUT_IN_FORCE, Vec::new()).await?;
    tx.change(list, &data::CARRIED_OVER, args![on]).await?;
    let filed: Vec<Filed> = snapshot(&of_list(tx, &list.id).await?);
    let (text, digest) = frozen::text(&filed)?;
    let id = tx.new_id();
    let kept = args![id, list.edition + 1, number, on, text, digest, &programme.digest];
    tx.change(list, &data::INSERT_FILING, kept).await?;
    let said = Said::change(json!({ "number": number, "on": on, "projects": filed }));
    review::record(tx, list, next, said).await
}

/// The number that comes next in the year of the list.
pub async fn next_number(tx: &mut Tx, year: i64) -> Result<String> {
    let filed = tx.number(&data::FILED_OF_YEAR, args![year]).await?;
    Ok(format!("协作备〔{year}〕{}号", filed + 1))
}

/// Says what came of a project whose quantity is confirmed.
pub async fn close(tx: &mut Tx, project: &Found<ProjectRow>, version: i64, result: &str) -> Result<()> {
    let today = tx.today();
    if jiedui_programme::project_state(&project.fact(), today) != jiedui_programme::ProjectState::Finished {
        return Err(refused("成果全部确认后才能结项；没有做完的，年底结转或变更。"));
    }
    let values = args![Ended::Closed, result, today];
    data::END_PROJECT.at(project, version, values).write(tx, ListRow::CHANGED).await?;
    record_project(tx, &project.id, "close", result, 0, json!({ "confirmed": project.confirmed })).await
}

pub async fn of_list(tx: &mut Tx, list: &str) -> Result<Vec<ProjectRow>> {
    tx.all(&data::OF_LIST, args![list]).await
}
