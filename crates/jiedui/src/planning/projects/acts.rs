//! What is done to a list and its projects, with every check: for the pages, the workbook and the demonstration.

use super::changes::{Filed, snapshot};
use super::data::{self, ListRow, ProjectRow};
use super::rules::{self, AllowedActions, Fields, Proposal};
use crate::network::pairings::PairingRow;
use jiedui_kernel::{Date, Error, FieldError, Result};
use jiedui_programme::Programme;
use jiedui_store::{Tx, args};
use jiedui_web::history::{self, Consent, HistoryEntry, HistoryRow};
use serde_json::{Value, json};

const THING: &str = "project_list";
const FASTER: &str = "清单刚被别人改过，您的操作没有写入。请看过现在的内容再定。";

fn step<'a>(list: &'a ListRow, kind: &'static str, reason: &'a str, change: Value) -> HistoryEntry<'a> {
    HistoryEntry { thing: THING, id: &list.id, kind, reason, content: list.content, change }
}

fn refused(words: &str) -> Error {
    Error::Forbidden(words.to_owned())
}

/// A list, its history, and where each party stands to its present content.
pub struct Opened {
    pub list: ListRow,
    pub steps: Vec<HistoryRow>,
    pub consents: Vec<Consent>,
    pub may: AllowedActions,
}

impl Opened {
    /// The city's words on the present content.
    pub fn comments(&self) -> impl Iterator<Item = &HistoryRow> {
        self.steps.iter().filter(|step| step.kind == "comment" && step.content == self.list.content)
    }
}

pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Opened> {
    let list = tx.one::<ListRow>(&data::LIST, args![id]).await?;
    let steps = history::of(tx, id).await?;
    let consents = history::consents(&rules::parties(&list), &steps, list.content, "submit");
    let commented = rules::commented(&steps, list.content);
    let may = rules::may(tx.actor(), &list, &consents, commented, programme, tx.today());
    Ok(Opened { list, steps, consents, may })
}

/// A list that the caller may change now.
pub async fn open_to_edit(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Opened> {
    let opened = open(tx, programme, id).await?;
    may_edit(&opened)?;
    Ok(opened)
}

/// Begins the list of a year; returns its id. Only the lead college of a running pairing does.
pub async fn begin(tx: &mut Tx, pairing: &PairingRow, year: i32) -> Result<String> {
    if tx.actor().org != pairing.lead {
        return Err(refused("项目清单由牵头院校拟，本单位不是这组结对的牵头院校。"));
    }
    let today = tx.today();
    if pairing.to_day.is_some_and(|end| end < today) || pairing.from_day > today {
        return Err(Error::field("pairing", "这组结对现在不在执行，不能拟新的清单。"));
    }
    if !rules::years(pairing.from_day, pairing.to_day, today).contains(&year) {
        return Err(Error::field("year", "只能拟结对期内到明年为止的清单。"));
    }
    let lists = tx.all::<ListRow>(&data::LISTS, args![i64::from(year), &pairing.id]).await?;
    if !lists.is_empty() {
        return Err(Error::field("year", format!("{year} 年的清单已经有了，请直接打开修改。")));
    }
    let id = tx.new_id();
    tx.write(&data::INSERT_LIST, args![&id, &pairing.id, i64::from(year)]).await?;
    let first = HistoryEntry {
        thing: THING,
        id: &id,
        kind: "begin",
        reason: "",
        content: 1,
        change: json!({ "year": year }),
    };
    history::record(tx, &first).await?;
    Ok(id)
}

/// Raises the content of a list that is being changed: answers to the old one no longer hold.
async fn touch(tx: &mut Tx, list: &ListRow) -> Result<()> {
    match tx.write(&data::RAISE_CONTENT, args![&list.id]).await? {
        0 => Err(Error::Conflict("清单正在征求同意或等待备案，现在不能改；需要修改请先收回。".to_owned())),
        _ => Ok(()),
    }
}

fn may_edit(opened: &Opened) -> Result<()> {
    if opened.may.edit {
        return Ok(());
    }
    Err(refused("现在不能改这份清单：它由牵头院校拟，正在征求同意、等待备案或结对已结束时不能改。"))
}

/// Adds a project; `carried_from` names the one of last year whose rest it takes over. Copied projects may still lack
/// their need: `whole` says whether that is an error now or at handing in.
pub async fn add(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    fields: &Fields,
    carried_from: Option<&str>,
    whole: bool,
) -> Result<String> {
    may_edit(opened)?;
    let list = &opened.list;
    if whole {
        Error::of(rules::check(fields, list, programme))?;
    }
    touch(tx, list).await?;
    let place = tx.number(&data::NEXT_PLACE, args![&list.id]).await?;
    let typical = if list.typical_class.is_empty() { 1 } else { 0 };
    let key = format!("{typical}{}{place:05}", list.county_path);
    let id = tx.new_id();
    let mut values = args![&id, &list.id, &list.pairing, list.year, place, key, carried_from];
    values.extend(columns(fields)?);
    tx.write(&data::INSERT_PROJECT, values).await?;
    record_project(tx, &id, "add", "", list.content + 1, json!(fields)).await?;
    Ok(id)
}

fn columns(fields: &Fields) -> Result<Vec<jiedui_store::Arg>> {
    let budget = serde_json::to_string(&fields.budget).map_err(Error::internal)?;
    Ok(args![
        &fields.title,
        &fields.clause,
        &fields.basis,
        fields.need.clone(),
        &fields.outcome,
        fields.quantity,
        rules::unit_id(fields.unit),
        &fields.owner_org,
        fields.owner.clone(),
        fields.from,
        fields.to,
        &fields.lead_does,
        &fields.nearby_does,
        budget,
        fields.budget_sum(),
    ])
}

async fn record_project(
    tx: &mut Tx,
    id: &str,
    kind: &'static str,
    reason: &str,
    content: i64,
    change: Value,
) -> Result<()> {
    history::record(tx, &HistoryEntry { thing: "project", id, kind, reason, content, change }).await
}

/// Changes a project. What is in force stays so until the change is filed. `Conflict` on a concurrent edit.
pub async fn edit(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    project: &ProjectRow,
    version: i64,
    fields: &Fields,
) -> Result<()> {
    may_edit(opened)?;
    Error::of(rules::check(fields, &opened.list, programme))?;
    if !project.ended.is_empty() {
        return Err(refused("这个项目已经结束，不能再改。"));
    }
    if project.wanted().as_ref() == Some(fields) {
        return Ok(());
    }
    touch(tx, &opened.list).await?;
    let rows = if project.filed {
        let proposed = match *fields == project.fields() {
            true => String::new(),
            false => {
                serde_json::to_string(&Proposal::Change(Box::new(fields.clone()))).map_err(Error::internal)?
            }
        };
        tx.write(&data::PROPOSE, args![&project.id, version, proposed]).await?
    } else {
        let mut values = args![&project.id, version];
        values.extend(columns(fields)?);
        tx.write(&data::UPDATE_PROJECT, values).await?
    };
    if rows == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    let change = json!({ "before": project.wanted(), "after": fields });
    record_project(tx, &project.id, "edit", "", opened.list.content + 1, change).await
}

/// Takes a project out: at once while it was never filed, else with the next filing.
pub async fn remove(tx: &mut Tx, opened: &Opened, project: &ProjectRow, version: i64) -> Result<()> {
    may_edit(opened)?;
    if !project.ended.is_empty() {
        return Err(refused("这个项目已经结束，不能再删。"));
    }
    touch(tx, &opened.list).await?;
    let rows = if project.filed {
        let proposed = serde_json::to_string(&Proposal::Remove).map_err(Error::internal)?;
        tx.write(&data::PROPOSE, args![&project.id, version, proposed]).await?
    } else {
        let none: Option<Date> = None;
        tx.write(&data::END_PROJECT, args![&project.id, version, "removed", "", none]).await?
    };
    if rows == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    record_project(tx, &project.id, "remove", "", opened.list.content + 1, json!({})).await
}

/// Takes back a removal or a proposed change.
pub async fn restore(tx: &mut Tx, opened: &Opened, project: &ProjectRow, version: i64) -> Result<()> {
    may_edit(opened)?;
    touch(tx, &opened.list).await?;
    let none: Option<Date> = None;
    let rows = match (project.filed, project.ended.as_str()) {
        (true, "") => tx.write(&data::PROPOSE, args![&project.id, version, ""]).await?,
        (false, "removed") => tx.write(&data::END_PROJECT, args![&project.id, version, "", "", none]).await?,
        _ => return Err(refused("没有可以恢复的改动。")),
    };
    if rows == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    record_project(tx, &project.id, "restore", "", opened.list.content + 1, json!({})).await
}

async fn move_to(
    tx: &mut Tx,
    list: &ListRow,
    version: i64,
    state: &str,
    due: Option<(Date, Date)>,
) -> Result<()> {
    let (on, due) = (due.map(|days| days.0), due.map(|days| days.1));
    match tx.write(&data::MOVE_LIST, args![&list.id, version, state, on, due]).await? {
        0 => Err(Error::Conflict(FASTER.to_owned())),
        _ => Ok(()),
    }
}

/// Hands the list to the other two parties. Those who agreed to this very content before are not asked again.
pub async fn submit(tx: &mut Tx, programme: &Programme, opened: &Opened, version: i64) -> Result<()> {
    if !opened.may.submit {
        return Err(refused("现在不能提交：清单由牵头院校在起草、退回或变更时提交。"));
    }
    let list = &opened.list;
    let projects = of_list(tx, &list.id).await?;
    ready(&projects, list, programme)?;
    move_to(tx, list, version, "agreeing", None).await?;
    history::record(tx, &step(list, "submit", "", json!({ "projects": projects.len() }))).await?;
    let steps = history::of(tx, &list.id).await?;
    settle(tx, programme, list, version + 1, &steps).await
}

/// What still has to be mended before a list goes to the others.
fn ready(projects: &[ProjectRow], list: &ListRow, programme: &Programme) -> Result<()> {
    let wanted: Vec<(i64, Fields)> = projects
        .iter()
        .filter(|project| project.ended.is_empty())
        .filter_map(|project| Some((project.place, project.wanted()?)))
        .collect();
    if wanted.is_empty() {
        return Err(Error::field("", "清单里还没有项目，请先增加项目。"));
    }
    if list.edition > 0
        && projects.iter().all(|one| (one.filed || !one.ended.is_empty()) && one.proposed.is_empty())
    {
        return Err(Error::field("", "和已备案的内容没有差别，不用再报。"));
    }
    let errors: Vec<FieldError> = wanted
        .iter()
        .flat_map(|(place, fields)| {
            let told = rules::check(fields, list, programme).into_iter();
            told.map(move |error| FieldError {
                field: String::new(),
                message: format!("第 {place} 项“{}”：{}", fields.title, error.message),
            })
        })
        .collect();
    Error::of(errors)
}

/// Where all three agree, the list goes in, and the city's time begins.
async fn settle(
    tx: &mut Tx,
    programme: &Programme,
    list: &ListRow,
    version: i64,
    steps: &[HistoryRow],
) -> Result<()> {
    let consents = history::consents(&rules::parties(list), steps, list.content, "submit");
    if !history::all_agreed(&consents) {
        return Ok(());
    }
    let today = tx.today();
    let due = programme.calendar.workdays.after(today, programme.projects.comment_workdays);
    move_to(tx, list, version, "submitted", Some((today, due))).await
}

/// Takes the list back for further work: for the lead, before it is filed.
pub async fn recall(tx: &mut Tx, opened: &Opened, version: i64) -> Result<()> {
    if !opened.may.recall {
        return Err(refused("只有牵头院校可以在备案之前收回清单。"));
    }
    move_to(tx, &opened.list, version, reopened(&opened.list), None).await?;
    history::record(tx, &step(&opened.list, "recall", "", json!({}))).await
}

fn reopened(list: &ListRow) -> &'static str {
    if list.edition > 0 { "amending" } else { "draft" }
}

/// An answer is given to a content: where that changed, or the list is no longer asked about, it is a conflict.
async fn same_content(tx: &mut Tx, list: &ListRow, content: i64, state: &str) -> Result<()> {
    match tx.write(&data::TOUCH_LIST, args![&list.id, content, state]).await? {
        0 => Err(Error::Conflict(FASTER.to_owned())),
        _ => Ok(()),
    }
}

/// The nearby or the county school agrees, or sends the list back with a word.
pub async fn answer(
    tx: &mut Tx,
    programme: &Programme,
    opened: &Opened,
    content: i64,
    verdict: &'static str,
    reason: &str,
) -> Result<()> {
    if !opened.may.answer {
        return Err(refused("现在不等本单位答复：本单位不是要同意的一方，或已经答复过。"));
    }
    let list = &opened.list;
    same_content(tx, list, content, "agreeing").await?;
    history::record(tx, &step(list, verdict, reason, json!({}))).await?;
    let now = tx.one::<ListRow>(&data::LIST, args![&list.id]).await?;
    if verdict == "send_back" {
        return move_to(tx, &now, now.version, reopened(list), None).await;
    }
    let steps = history::of(tx, &list.id).await?;
    settle(tx, programme, &now, now.version, &steps).await
}

/// The city of the county school says what it thinks, or that it has nothing to say.
pub async fn comment(tx: &mut Tx, opened: &Opened, content: i64, words: &str) -> Result<()> {
    if !opened.may.comment {
        return Err(refused("只有县级院校所在的市局可以在备案前提一次意见。"));
    }
    same_content(tx, &opened.list, content, "submitted").await?;
    history::record(tx, &step(&opened.list, "comment", words, json!({}))).await
}

/// A remark of the provincial office on a field of a project; "" for the project or the list as a whole.
pub struct Remark {
    pub project: Option<String>,
    pub field: String,
    pub text: String,
}

/// Returned for form or for missing parts only (备案 is filing, not approval), with remarks on fields.
pub async fn give_back(
    tx: &mut Tx,
    opened: &Opened,
    version: i64,
    reason: &str,
    remarks: &[Remark],
) -> Result<()> {
    if !opened.may.give_back {
        return Err(refused("只有省办可以退回待备案的清单。"));
    }
    let list = &opened.list;
    move_to(tx, list, version, "returned", None).await?;
    let now = tx.now();
    for remark in remarks {
        let id = tx.new_id();
        let values =
            args![id, &list.id, remark.project.clone(), &remark.field, &remark.text, now, list.content];
        tx.write(&data::INSERT_REMARK, values).await?;
    }
    let told: Vec<Value> = remarks
        .iter()
        .map(|one| json!({ "project": one.project, "field": one.field, "text": one.text }))
        .collect();
    history::record(tx, &step(list, "return", reason, json!(told))).await
}

/// Files a list: what was proposed is in force from now on, and the list as it stands is kept for ever.
pub async fn file(tx: &mut Tx, opened: &Opened, version: i64, number: &str, on: Date) -> Result<()> {
    if !opened.may.file {
        return Err(refused("还不能备案：要等市局提过意见，或意见期满。"));
    }
    let list = &opened.list;
    if on > tx.today() || list.submitted_on.is_some_and(|day| on < day) {
        return Err(Error::field("filed_on", "备案日期应在提交之后、今天以前。"));
    }
    if tx.number(&data::NUMBER_USED, args![number]).await? > 0 {
        return Err(Error::field("number", "这个备案编号已经用过，请换一个。"));
    }
    if tx.write(&data::FILE_LIST, args![&list.id, version, number, on]).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    for project in of_list(tx, &list.id).await? {
        match project.proposal() {
            Some(Proposal::Change(fields)) => {
                let mut values = args![&project.id, project.version];
                values.extend(columns(&fields)?);
                tx.write_one(&data::UPDATE_PROJECT, values).await?;
            }
            Some(Proposal::Remove) => {
                let values = args![&project.id, project.version, "removed", "", on];
                tx.write_one(&data::END_PROJECT, values).await?;
            }
            None => {}
        }
    }
    tx.write(&data::PUT_IN_FORCE, args![&list.id]).await?;
    tx.write(&data::CARRIED_OVER, args![&list.id, on]).await?;
    let filed: Vec<Filed> = snapshot(&of_list(tx, &list.id).await?);
    let text = serde_json::to_string(&filed).map_err(Error::internal)?;
    let id = tx.new_id();
    tx.write(&data::INSERT_FILING, args![id, &list.id, list.edition + 1, number, on, text]).await?;
    history::record(tx, &step(list, "file", "", json!({ "number": number, "on": on, "projects": filed })))
        .await
}

/// The number that comes next in the year of the list.
pub async fn next_number(tx: &mut Tx, year: i64) -> Result<String> {
    let filed = tx.number(&data::FILED_OF_YEAR, args![year]).await?;
    Ok(format!("协作备〔{year}〕{}号", filed + 1))
}

/// Says what came of a project whose quantity is confirmed.
pub async fn close(tx: &mut Tx, project: &ProjectRow, version: i64, result: &str) -> Result<()> {
    let today = tx.today();
    if jiedui_programme::project_state(&project.fact(), today) != jiedui_programme::ProjectState::Finished {
        return Err(refused("成果全部确认后才能结项；没有做完的，年底结转或变更。"));
    }
    let values = args![&project.id, version, "closed", result, today];
    if tx.write(&data::END_PROJECT, values).await? == 0 {
        return Err(Error::Conflict(FASTER.to_owned()));
    }
    record_project(tx, &project.id, "close", result, 0, json!({ "confirmed": project.confirmed })).await
}

pub async fn of_list(tx: &mut Tx, list: &str) -> Result<Vec<ProjectRow>> {
    tx.all(&data::OF_LIST, args![list]).await
}
