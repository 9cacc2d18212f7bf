//! Saying something about a figure, answering, and being done with it.

use super::data::{self, RemarkRow};
use super::rules;
use crate::shared::notices::{self, Kind, News};
use crate::shared::review::{self, Action, Loaded, Said};
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_store::{Found, Tx, args, named};
use serde_json::json;

/// About which figure, in which cut, to whom. That the three fit is asked by whoever has the figure at hand.
#[derive(Debug, Clone)]
pub struct NewRemark<'a> {
    pub indicator: &'a str,
    pub cut: &'a str,
    /// How people call the figure: 兴宁甲校 2026年 送教上门学时.
    pub label: &'a str,
    /// An organisation that the caller sees.
    pub about: &'a str,
    pub text: &'a str,
}

pub async fn write(tx: &mut Tx, new: &NewRemark<'_>) -> Result<String> {
    rules::check("text", new.text)?;
    let (id, author, today) = (tx.new_id(), tx.actor().org.clone(), tx.today());
    named!(data::INSERT {
        id: &id,
        indicator: new.indicator,
        cut: new.cut,
        label: new.label,
        author: &author,
        about: new.about,
        text: new.text,
        made_on: today,
    })
    .write(tx)
    .await?;
    let change = json!({
        "indicator": new.indicator, "cut": new.cut, "label": new.label, "about": new.about, "text": new.text,
    });
    review::begun::<RemarkRow>(tx, &id, "write", change).await?;
    let words = format!("对一个数提了意见：{}", new.label);
    notices::tell(tx, new.about, news(Kind::Returned, &id, (&words, new.text))).await?;
    Ok(id)
}

fn news<'a>(kind: Kind, id: &'a str, (words, said): (&'a str, &'a str)) -> News<'a> {
    News { kind, resource: "remark", id, words, said, batch: "" }
}

/// One that the caller sees, with its history and what the caller may do to it.
pub async fn open(tx: &mut Tx, programme: &Programme, id: &str) -> Result<Loaded<Found<RemarkRow>>> {
    let row = super::find(tx, id).await?;
    review::open(tx, programme, row).await
}

/// Whom it is about says something to it; or who said it asks once more.
pub async fn answer(
    tx: &mut Tx,
    opened: &Loaded<Found<RemarkRow>>,
    version: i64,
    (action, words): (Action, &str),
) -> Result<()> {
    let next = opened.demand(action)?;
    rules::check("reason", words)?;
    let row = &opened.row;
    review::carry_out(tx, row, next, version, (&data::MOVE, args![]), Said::reason(words)).await?;
    let (to, kind, what) = match action {
        Action::Submit => (&row.author, Kind::Answered, "答复了对一个数的意见"),
        _ => (&row.about, Kind::Returned, "对一个数再问了一次"),
    };
    let told = format!("{what}：{}", row.label);
    notices::tell(tx, to, news(kind, &row.id, (&told, words))).await
}

pub async fn close(tx: &mut Tx, opened: &Loaded<Found<RemarkRow>>, version: i64) -> Result<()> {
    let next = opened.demand(Action::Accept)?;
    review::carry_out(tx, &opened.row, next, version, (&data::MOVE, args![]), Said::default()).await
}
