//! 需求清单、帮扶能力: what a county school needs, ranked by itself, and what helpers can give (principle 3; G0.1).
//! Whether a need was met is the school's own word; whether it is answered is read from the filed projects.

mod actions;
mod data;
mod pages;
pub mod rules;
mod tasks;
#[cfg(test)]
mod tests;

use crate::network::registry;
#[cfg(test)]
use crate::shared::mechanism::{Belongs, Samples};
use crate::shared::mechanism::{CountedStep, Mechanism, Tasks, Words, entry};
use crate::shared::waits::Waits;
use jiedui_kernel::{Date, Error, Quantity, Result};
use jiedui_programme::{FormKind, Programme};
use jiedui_store::{Found, Tx, args, named, table, values};
use jiedui_web::history::{self, HistoryEntry};
use jiedui_web::route;
use jiedui_web::route::{Access, Route, Subject};

pub use data::{CapacityRow, NeedRow, NeedState};
pub use rules::{state_mark, unit_of};

const READ: Access = Access::Can("need", "read");
const EDIT: Access = Access::Can("need", "edit");
const OFFER: Access = Access::Can("capacity", "edit");

/// What it tells the rest of the house.
pub const MECHANISM: Mechanism = Mechanism {
    folder: "crates/jiedui/src/planning/needs",
    routes,
    menu: &[
        entry(400, "需求与项目", "/needs", "需求清单", ("need", "read")),
        entry(410, "需求与项目", "/capacities", "帮扶能力", ("capacity", "read")),
    ],
    tables: &[table!(scoped "need" of "id"), table!(scoped "capacity" of "id")],
    words: Words {
        actions: &[
            ("need.write", "提出需求"),
            ("need.edit", "修改需求"),
            ("need.move", "调整需求顺序"),
            ("need.close", "需求办结"),
            ("need.drop", "撤下需求"),
            ("need.reopen", "恢复需求"),
            ("need.hand_over", "需求随学校并入转入"),
            ("need.urge", "催办需求"),
            ("capacity.write", "写明帮扶能力"),
            ("capacity.edit", "修改帮扶能力"),
            ("capacity.end", "停用帮扶能力"),
        ],
        resources: &[("need", "需求"), ("capacity", "帮扶能力")],
        ..Words::NONE
    },
    tasks: Some(Tasks { place: 52, list: |ctx| Box::pin(tasks::tasks(ctx)) }),
    left_open: Some(|tx, of| Box::pin(actions::settle(tx, of))),
    waits: &[Waits { resource: "need", find: |ctx, id| Box::pin(tasks::waiting(ctx, id)) }],
    steps: &[
        CountedStep { resource: "need", kind: "write", form: (FormKind::Need, "need") },
        CountedStep { resource: "need", kind: "close", form: (FormKind::Other, "need-closed") },
        CountedStep { resource: "capacity", kind: "write", form: (FormKind::Capacity, "capacity") },
    ],
    #[cfg(test)]
    samples: Samples {
        rows: &[("need", Belongs::School), ("capacity", Belongs::School)],
        lay_out: Some(|tx, pairing| {
            Box::pin(async move {
                vec![("need", example(tx, pairing).await), ("capacity", example_capacity(tx, pairing).await)]
            })
        }),
        ..Samples::NONE
    },
    ..Mechanism::EMPTY
};

fn routes() -> Vec<Route> {
    vec![
        route!(Get "/needs", READ, pages::list::list).about(Subject::None, "需求清单"),
        route!(Get "/needs/unanswered", READ, pages::list::unanswered)
            .about(Subject::None, "没有项目回应的需求"),
        route!(Get "/needs/new", EDIT, pages::edit::new).about(Subject::None, "提出需求").fresh(),
        route!(Post "/needs/new", EDIT, pages::edit::create).about(Subject::None, "提交需求"),
        route!(Get "/needs/{id}", READ, pages::show::show).about(Subject::Row("need"), "需求详情"),
        route!(Get "/needs/{id}/edit", EDIT, pages::edit::edit)
            .about(Subject::Row("need"), "修改需求")
            .fresh(),
        route!(Post "/needs/{id}/edit", EDIT, pages::edit::save)
            .about(Subject::Row("need"), "提交修改的需求"),
        route!(Post "/needs/{id}/move", EDIT, pages::show::shift).about(Subject::Row("need"), "调整需求顺序"),
        route!(Post "/needs/{id}/close", EDIT, pages::show::close)
            .about(Subject::Row("need"), "需求办结，写明是否有帮助"),
        route!(Post "/needs/{id}/drop", EDIT, pages::show::drop).about(Subject::Row("need"), "撤下需求"),
        route!(Post "/needs/{id}/reopen", EDIT, pages::show::reopen).about(Subject::Row("need"), "恢复需求"),
        route!(Get "/capacities", Access::Can("capacity", "read"), pages::capacities::list)
            .about(Subject::None, "帮扶能力"),
        route!(Get "/capacities/new", OFFER, pages::capacities::new).about(Subject::None, "写明帮扶能力"),
        route!(Post "/capacities/new", OFFER, pages::capacities::create).about(Subject::None, "提交帮扶能力"),
        route!(Get "/capacities/{id}/edit", OFFER, pages::capacities::edit)
            .about(Subject::Row("capacity"), "修改帮扶能力"),
        route!(Post "/capacities/{id}/edit", OFFER, pages::capacities::save)
            .about(Subject::Row("capacity"), "提交修改的帮扶能力"),
        route!(Post "/capacities/{id}/end", OFFER, pages::capacities::end)
            .about(Subject::Row("capacity"), "停用帮扶能力"),
    ]
}

const NOT_A_COUNTY_SCHOOL: &str =
    "本单位现在没有“对口县级院校”标记，不能提出需求。如与实际不符，请联系省领导小组办公室。";
const NOT_YOURS: &str = "需求由提出它的学校自己维护，本单位只能查看。";
const OVER: &str = "这条需求已经办结或撤下，改动没有写入。要继续，请先恢复它。";
const STILL_OPEN: &str = "这条需求还在清单里，不用恢复。";
const MOVED: &str = "顺序刚被同事调整过，没有再动。请看过新的顺序再移。";
const FASTER: &str = "这条需求刚被同事改过，您的改动没有写入。请看过新的内容再决定。";

/// What a need says.
#[derive(Debug, Clone, Default)]
pub struct NewNeed {
    pub clause: String,
    pub title: String,
    pub detail: String,
    /// Where it can be counted; 元 in cents, as everywhere.
    pub size: Option<Quantity>,
    pub wished_on: Option<Date>,
}

/// What a capacity says.
#[derive(Debug, Clone)]
pub struct NewCapacity {
    pub clause: String,
    pub majors: String,
    pub strength: String,
    /// How many county schools it can serve.
    pub schools: i64,
    pub from: Date,
    pub to: Option<Date>,
}

/// A need visible to the caller.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Found<NeedRow>> {
    tx.find(&data::SHOW, args![id]).await
}

/// The next needs behind an id that are visible to the caller, in the order of their ids and no more than so many.
pub async fn after(tx: &mut Tx, after: &str, most: i64) -> Result<Vec<NeedRow>> {
    if tx.actor().scope.is_narrow() {
        tx.all(&data::AFTER_OF_FEW, args![after, most]).await
    } else {
        tx.all(&data::AFTER, args![after, most]).await
    }
}

/// The needs of a school visible to the caller: open ones first, as it ranks them.
pub async fn of_school(tx: &mut Tx, org: &str) -> Result<Vec<NeedRow>> {
    tx.all(&data::OF_SCHOOL, args![org]).await
}

/// Every open need visible to the caller, typical counties first, each school's as it ranks them.
pub async fn open(tx: &mut Tx) -> Result<Vec<NeedRow>> {
    tx.all(&data::OPEN, Vec::new()).await
}

/// Every capacity visible to the caller that holds today, in the order of names.
pub async fn capacities_now(tx: &mut Tx) -> Result<Vec<CapacityRow>> {
    values!(data::CAPACITIES { q: "", clause: "", current: "yes", org: "" }).rows(tx, None, i64::MAX, 0).await
}

/// Open needs visible to the caller that no filed project names, typical counties first.
pub async fn unanswered(tx: &mut Tx) -> Result<Vec<NeedRow>> {
    tx.all(&data::UNANSWERED, Vec::new()).await
}

/// A new need of the school of the caller, with every check; it stands last until the school moves it.
pub async fn write(tx: &mut Tx, programme: &Programme, new: &NewNeed) -> Result<String> {
    let org = tx.actor().org.clone();
    county_school(tx, &org).await?;
    Error::of(rules::check_need(new, programme, tx.today(), None))?;
    let rank = last_rank(tx, &org).await? + 1;
    let id = tx.new_id();
    let (quantity, unit) = size_of(new);
    let (detail, wish) = (&new.detail, new.wished_on);
    named!(data::INSERT {
        id: &id,
        org: &org,
        rank,
        clause: &new.clause,
        title: &new.title,
        detail,
        quantity,
        unit,
        wished_on: wish,
    })
    .write(tx)
    .await?;
    let step = HistoryEntry {
        resource: "need",
        id: &id,
        kind: "write",
        reason: "",
        revision: 1,
        change: describe(new, Some(rank)),
    };
    history::record(tx, &step).await?;
    Ok(id)
}

/// Writes what a need says now, with every check; its place in the ranking stays.
pub(crate) async fn rewrite(
    tx: &mut Tx,
    programme: &Programme,
    need: &Found<NeedRow>,
    version: i64,
    new: &NewNeed,
) -> Result<()> {
    changeable(tx, need)?;
    Error::of(rules::check_need(new, programme, tx.today(), need.wished_on))?;
    let (quantity, unit) = size_of(new);
    let (detail, wish) = (&new.detail, new.wished_on);
    let values = args![&new.clause, &new.title, detail, quantity, unit, wish];
    data::UPDATE.at(need, version, values).write(tx, FASTER).await?;
    let before = serde_json::json!({
        "clause": need.clause, "title": need.title, "detail": need.detail, "quantity": need.quantity,
        "unit": need.unit, "wished_on": need.wished_on,
    });
    let change = serde_json::json!({ "before": before, "after": describe(new, None) });
    record(tx, need, "edit", "", change).await
}

/// The school's own word on whether it helped, with every check; the need leaves the ranking.
pub async fn close(tx: &mut Tx, need: &Found<NeedRow>, version: i64, helped: &str, word: &str) -> Result<()> {
    changeable(tx, need)?;
    Error::of(rules::check_closing(helped, word))?;
    put_state(tx, need, version, NeedState::Met, [helped, word]).await?;
    let reason = format!("{}：{word}", rules::helped_name(helped));
    record(tx, need, "close", &reason, serde_json::json!({ "helped": helped })).await
}

/// Takes a need off the list, with a reason.
pub(crate) async fn abandon(tx: &mut Tx, need: &Found<NeedRow>, version: i64, reason: &str) -> Result<()> {
    changeable(tx, need)?;
    Error::of(rules::check_reason(reason))?;
    put_state(tx, need, version, NeedState::Dropped, ["", ""]).await?;
    record(tx, need, "drop", reason, serde_json::json!({ "rank": need.rank })).await
}

/// Puts a need back on the list, last.
pub(crate) async fn take_up(tx: &mut Tx, need: &Found<NeedRow>, version: i64) -> Result<()> {
    if tx.actor().org != need.org {
        return Err(Error::Forbidden(NOT_YOURS.to_owned()));
    }
    if !rules::may(tx.actor(), need).reopen {
        return Err(Error::NotNow(STILL_OPEN.to_owned()));
    }
    county_school(tx, &need.org).await?;
    let rank = last_rank(tx, &need.org).await? + 1;
    data::REOPEN.at(need, version, args![rank]).write(tx, FASTER).await?;
    let change =
        serde_json::json!({ "before": { "state": need.state, "helped": need.helped }, "rank": rank });
    record(tx, need, "reopen", "", change).await
}

/// Moves a need one place up or down; the new place, or `None` where it stands at that end already.
pub(crate) async fn shift(tx: &mut Tx, need: &Found<NeedRow>, up: bool) -> Result<Option<i64>> {
    changeable(tx, need)?;
    let (here, there) = (need.rank, if up { need.rank - 1 } else { need.rank + 1 });
    if !(1..=tx.number(&data::OPEN_OF, args![&need.org]).await?).contains(&there) {
        return Ok(None);
    }
    let last = last_rank(tx, &need.org).await?;
    if tx.number(&data::RANK_OF, args![&need.id]).await? != here || there > last {
        return Err(Error::Conflict(MOVED.to_owned()));
    }
    tx.change(need, &data::TRADE_RANK, args![there, here]).await?;
    tx.change_one(need, &data::SET_RANK, args![there]).await?;
    let reason = format!("从第 {here} 位移到第 {there} 位");
    record(tx, need, "move", &reason, serde_json::json!({ "before": here, "after": there })).await?;
    Ok(Some(there))
}

/// A new capacity of the school of the caller, with every check.
pub async fn write_capacity(tx: &mut Tx, programme: &Programme, new: &NewCapacity) -> Result<String> {
    let org = tx.actor().org.clone();
    if registry::find(tx, &org).await?.kind != "school" {
        return Err(Error::Forbidden("帮扶能力由牵头院校和配合院校自己写明。".to_owned()));
    }
    Error::of(rules::check_capacity(new, programme))?;
    let id = tx.new_id();
    let values = args![&id, org, &new.clause, &new.majors, &new.strength, new.schools, new.from, new.to];
    tx.write(&data::INSERT_CAPACITY, values).await?;
    let change =
        serde_json::json!({ "clause": new.clause, "schools": new.schools, "from": new.from, "to": new.to });
    let step = HistoryEntry { resource: "capacity", id: &id, kind: "write", reason: "", revision: 1, change };
    history::record(tx, &step).await?;
    Ok(id)
}

async fn county_school(tx: &mut Tx, org: &str) -> Result<()> {
    let today = tx.today();
    if registry::has_flag(tx, org, "county_school", today).await? {
        Ok(())
    } else {
        Err(Error::Forbidden(NOT_A_COUNTY_SCHOOL.to_owned()))
    }
}

/// Takes the school's ranking for this transaction and says how many stand in it, so that two colleagues who change it
/// at once do so one after the other.
async fn last_rank(tx: &mut Tx, org: &str) -> Result<i64> {
    registry::lock(tx, org).await?;
    tx.number(&data::OPEN_OF, args![org]).await
}

/// Ends a need, with what its school said of it, and closes the gap that it leaves in the ranking.
async fn put_state(
    tx: &mut Tx,
    need: &Found<NeedRow>,
    version: i64,
    state: NeedState,
    [helped, word]: [&str; 2],
) -> Result<()> {
    last_rank(tx, &need.org).await?;
    let rank = tx.number(&data::RANK_OF, args![&need.id]).await?;
    let today = tx.today();
    data::SETTLE.at(need, version, args![state, helped, word, today]).write(tx, FASTER).await?;
    tx.change(need, &data::CLOSE_GAP, args![rank]).await.map(drop)
}

/// Not one's own, or no longer open: told apart, so that the reader knows what to do.
fn changeable(tx: &Tx, need: &NeedRow) -> Result<()> {
    if tx.actor().org != need.org {
        Err(Error::Forbidden(NOT_YOURS.to_owned()))
    } else if !rules::may(tx.actor(), need).change {
        Err(Error::NotNow(OVER.to_owned()))
    } else {
        Ok(())
    }
}

fn size_of(new: &NewNeed) -> (Option<i64>, &'static str) {
    (new.size.map(|size| size.value), new.size.map_or("", |size| size.unit.label()))
}

fn describe(new: &NewNeed, rank: Option<i64>) -> serde_json::Value {
    let (quantity, unit) = size_of(new);
    serde_json::json!({
        "clause": new.clause, "title": new.title, "detail": new.detail, "quantity": quantity, "unit": unit,
        "wished_on": new.wished_on, "rank": rank,
    })
}

async fn record(
    tx: &mut Tx,
    need: &Found<NeedRow>,
    kind: &'static str,
    reason: &str,
    change: serde_json::Value,
) -> Result<()> {
    let step = HistoryEntry { resource: "need", id: &need.id, kind, reason, revision: need.version, change };
    history::record(tx, &step).await
}

/// An open need of the pairing's county school, inserted without checks.
#[cfg(test)]
pub async fn example(tx: &mut Tx, pairing: &crate::network::pairings::PairingRow) -> String {
    let id = tx.new_id();
    let rank = tx.number(&data::OPEN_OF, args![&pairing.county_school]).await.unwrap() + 1;
    let wish = "2026-12-20".parse::<Date>().unwrap();
    let title = "3 名数控教师跟岗";
    named!(data::INSERT {
        id: &id,
        org: &pairing.county_school,
        rank,
        clause: "T4.4",
        title,
        detail: "",
        quantity: 3_i64,
        unit: "人",
        wished_on: wish,
    })
    .write(tx)
    .await
    .unwrap();
    id
}

/// A capacity of the pairing's nearby school, inserted without checks.
#[cfg(test)]
pub async fn example_capacity(tx: &mut Tx, pairing: &crate::network::pairings::PairingRow) -> String {
    let id = tx.new_id();
    let from = "2026-09-01".parse::<Date>().unwrap();
    let nothing: Option<Date> = None;
    let values =
        args![&id, &pairing.nearby, "T4.2", "数控加工", "每学期可接收 10 名教师跟岗", 2_i64, from, nothing];
    tx.write(&data::INSERT_CAPACITY, values).await.unwrap();
    id
}
