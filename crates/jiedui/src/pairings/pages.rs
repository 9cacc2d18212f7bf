//! The list of pairings, one pairing, and its end.

use super::data::{self, PairingRow};
use super::rules;
use crate::http::cx::Cx;
use crate::http::figure::{Link, PAGE_SIZE, Pager, StateMark};
use crate::http::form::Reader;
use crate::http::reply::{Choice, Field, Filter, Flash, Page, Reply};
use crate::registry::{self, like, typical_choices};
use jiedui_kernel::{Date, Error, FieldError, Result, Unit};
use jiedui_store::args;
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    filters: Vec<Filter>,
    rows: Vec<Shown>,
    pager: Pager,
    can_import: bool,
}

#[derive(Serialize)]
struct Shown {
    state: StateMark,
    #[serde(flatten)]
    row: PairingRow,
}

fn shown(row: PairingRow, today: Date) -> Shown {
    Shown { state: state(&row, today), row }
}

pub fn state(row: &PairingRow, today: Date) -> StateMark {
    if row.to_day.is_some_and(|end| end < today) {
        StateMark::new("ended", "已结束", "–")
    } else if row.from_day > today {
        StateMark::new("pending", "未开始", "○")
    } else if row.agreed_on.is_none() {
        StateMark::new("active", "结对中，协议待签", "◐")
    } else {
        StateMark::new("done", "结对中", "●")
    }
}

pub async fn list(cx: &mut Cx) -> Result<Reply> {
    let query = cx.query.clone();
    let get = |name: &str| query.get(name).to_owned();
    let bound = || args![like(query.get("q")), get("city"), get("typical"), get("state")];
    let total = cx.tx.number(&data::COUNT, bound()).await?;
    let pager = Pager::new("/pairings", &query, total, Unit::Pairings);
    let mut values = bound();
    values.extend(args![PAGE_SIZE, pager.offset()]);
    let rows = cx.tx.all::<PairingRow>(&data::LIST, values).await?;
    let cities = registry::city_choices(&mut cx.tx).await?;
    let states = [("running", "结对中"), ("unsigned", "协议待签"), ("ended", "已结束")];
    let today = cx.today;
    let view = ListView {
        filters: vec![
            Filter::text("q", "学校名称", query.get("q")),
            Filter::select("city", "所在市", query.get("city"), cities),
            Filter::select("typical", "典型县", query.get("typical"), typical_choices()),
            Filter::select(
                "state",
                "状态",
                query.get("state"),
                states.map(|(id, n)| Choice::new(id, n)).to_vec(),
            ),
        ],
        rows: rows.into_iter().map(|row| shown(row, today)).collect(),
        pager,
        can_import: cx.can("pairing", "import"),
    };
    let lead = "一所牵头院校加一所配合院校，帮助一所对口县级院校；典型县排在前面。";
    let page = Page::new("结对关系", lead).clause("G1.1").clause("G1.2").kind("list");
    Reply::view("pairings/list.html", page, &view)
}

#[derive(Serialize)]
struct ShowView {
    pairing: Shown,
    parties: Vec<(&'static str, Link)>,
    can_end: bool,
    can_claim: bool,
    end_fields: Vec<Field>,
    errors: Vec<FieldError>,
}

pub async fn show(cx: &mut Cx) -> Result<Reply> {
    show_page(cx, Vec::new()).await
}

async fn show_page(cx: &mut Cx, errors: Vec<FieldError>) -> Result<Reply> {
    let id = cx.param("id");
    let row = super::find(&mut cx.tx, &id).await?;
    let field = |name: &str, label: &str| {
        Field::new(name, label).value(cx.form.pairs.get(name)).error(&errors).required()
    };
    let running = rules::runs(row.from_day, row.to_day, cx.today);
    let view = ShowView {
        parties: vec![
            ("对口县级院校", registry::link(&row.county_school, &row.county_name)),
            ("牵头院校", registry::link(&row.lead, &row.lead_name)),
            ("配合院校", registry::link(&row.nearby, &row.nearby_name)),
        ],
        can_end: cx.can("pairing", "end") && row.to_day.is_none(),
        can_claim: running && cx.can("entry", "claim"),
        end_fields: vec![
            field("to", "结束日期").help("这一天仍算在内；之后双方还可在九十天内补确认、更正。"),
            field("reason", "原因"),
        ],
        errors: errors.clone(),
        pairing: shown(row, cx.today),
    };
    let title = format!("{}的结对", view.pairing.row.county_name);
    let page = Page::new(title, "三方、起止、协议，以及由此产生的台账和履约。")
        .clause("G1.1")
        .clause("G1.2")
        .back("/pairings", "结对关系")
        .kind("detail");
    Ok(Reply::view("pairings/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// Ends a pairing on a day; its history stays, and the former partners keep their ninety days.
pub async fn end(cx: &mut Cx) -> Result<Reply> {
    let id = cx.param("id");
    let row = super::find(&mut cx.tx, &id).await?;
    let pairs = cx.form.pairs.clone();
    let mut read = Reader::default();
    let to = read.date(&pairs, "to", "结束日期");
    let reason = read.required(&pairs, "reason", "原因").to_owned();
    read.text(&pairs, "reason", "原因", 200);
    if to.is_some_and(|to| to < row.from_day) {
        read.fail("to", "结束日期早于结对开始的日期，请核对。");
    }
    if let Err(Error::Invalid(errors)) = read.done() {
        return show_page(cx, errors).await;
    }
    let version = cx.form_version()?;
    let to = to.ok_or(Error::NotFound)?;
    super::end_on(&mut cx.tx, &row, version, to, &reason).await?;
    Ok(Reply::done(format!("/pairings/{}", row.id), Flash::done("已记下结束日期；原有台账全部保留。")))
}
