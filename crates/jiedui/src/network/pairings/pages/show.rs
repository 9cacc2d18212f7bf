//! The list of pairings, one pairing, and its end.

use super::EarlierWork;
use super::data::{self, PairingRow};
use super::rules;
use crate::network::registry::{self, like, typical_choices};
use jiedui_kernel::{Code, Date, Error, FieldError, Result, Unit};
use jiedui_store::values;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Link, StateMark};
use jiedui_web::form::Reader;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<Shown>,
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

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let cities = registry::city_choices(&mut ctx.tx).await?;
    let states = [("running", "结对中"), ("unsigned", "协议待签"), ("ended", "已结束")];
    let mut list = Listing::at("/pairings", Unit::Pairings, &ctx.query);
    let q = like(&list.text("q", "学校名称"));
    let city = list.choice("city", "所在市", cities);
    let typical = list.choice("typical", "典型县", typical_choices());
    let state = list.choice("state", "状态", states.map(|(id, name)| Choice::new(id, name)).to_vec());
    let call = values!(data::LIST { q, city, typical, state });
    let today = ctx.today;
    let view = ListView {
        list: list.fetch(&mut ctx.tx, &call).await?.map(|row| shown(row, today)),
        can_import: ctx.can("pairing", "import"),
    };
    let lead = "一所牵头院校加一所配合院校，帮助一所对口县级院校；典型县排在前面。";
    let page = Page::new("结对关系", lead).clause("G1.1").clause("G1.2").kind("list");
    Reply::view("network/pairings/list.html", page, &view)
}

#[derive(Serialize)]
struct ShowView {
    pairing: Shown,
    parties: Vec<(&'static str, Link)>,
    can_end: bool,
    can_claim: bool,
    end_fields: Vec<Field>,
    /// What was done at the school before this pairing.
    earlier: Vec<EarlierWork>,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?;
    let field = |name: &str, label: &str| {
        Field::new(name, label).value(ctx.form.values.get(name)).error(&errors).required()
    };
    let programme = ctx.programme();
    let earlier = super::earlier_work(&mut ctx.tx, &programme, &row).await?;
    let running = rules::runs(row.from_day, row.to_day, ctx.today);
    let view = ShowView {
        parties: vec![
            ("对口县级院校", registry::link(&row.county_school, &row.county_name)),
            ("牵头院校", registry::link(&row.lead, &row.lead_name)),
            ("配合院校", registry::link(&row.nearby, &row.nearby_name)),
        ],
        can_end: ctx.can("pairing", "end") && row.to_day.is_none(),
        can_claim: running && ctx.can("entry", "claim"),
        end_fields: vec![
            field("to", "结束日期").help("这一天仍算在内；之后双方还可在九十天内补确认、更正。"),
            field("reason", "原因"),
        ],
        earlier,
        errors: errors.clone(),
        pairing: shown(row, ctx.today),
    };
    let title = format!("{}的结对", view.pairing.row.county_name);
    let page = Page::new(title, "三方、起止、协议，以及由此产生的台账和履职。")
        .clause("G1.1")
        .clause("G1.2")
        .back("/pairings", "结对关系")
        .kind("detail");
    Ok(Reply::view("network/pairings/show.html", page, &view)?.refused(!errors.is_empty()))
}

/// Ends a pairing on a day; its history stays, and the former partners keep their ninety days.
pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::found(&mut ctx.tx, &id).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    let to = read.date(&pairs, "to", "结束日期");
    let reason = read.required(&pairs, "reason", "原因").to_owned();
    read.text(&pairs, "reason", "原因", 200);
    if to.is_some_and(|to| to < row.from_day) {
        read.fail("to", Code::Reversed.says("结束日期早于结对开始的日期，请核对。"));
    }
    if let Err(errors) = read.done().or_wrong()? {
        return show_page(ctx, errors).await;
    }
    let version = ctx.form_version()?;
    let to = to.ok_or(Error::NotFound)?;
    super::end_on(&mut ctx.tx, &row, version, to, &reason).await?;
    Ok(Reply::done(format!("/pairings/{}", row.id), Flash::done("已记下结束日期；原有台账全部保留。")))
}
