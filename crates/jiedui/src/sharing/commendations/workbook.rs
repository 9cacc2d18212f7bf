//! The nominations of a round that the caller sees, as a workbook: for the meeting that reviews them, and for whoever printed
//! such lists by hand. No order but that of names.

use super::actions;
use super::pages::line;
use super::rules::words;
use jiedui_documents::{Column, Kind, Sheet, Value, Workbook, write};
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::download::XLSX;
use jiedui_web::reply::Reply;

fn columns() -> Vec<Column> {
    vec![
        Column::new("class", "类别", Kind::Text),
        Column::new("name", "单位或个人", Kind::Text).width(30.0),
        Column::new("unit", "所在单位", Kind::Text).width(30.0),
        Column::new("nominator", "提名单位", Kind::Text).width(30.0),
        Column::new("sentence", "表扬什么", Kind::Text).width(50.0),
        Column::new("nominated", "提名日期", Kind::Text),
        Column::new("stage", "状态", Kind::Text),
    ]
}

pub async fn export(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, id) = (ctx.programme(), ctx.param("id"));
    let round = actions::find(&mut ctx.tx, &id).await?;
    let mut all = actions::nominations(&mut ctx.tx, &id).await?;
    let rules = programme.commendations.as_ref();
    all.sort_by_key(|one| words::place(rules, &one.class));
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for one in &all {
        let told = line(&mut ctx.names, one, words::class_name(&programme, &one.class));
        rows.push(vec![
            told.class.into(),
            told.name.into(),
            told.unit.unwrap_or_default().into(),
            told.nominator.into(),
            told.sentence.into(),
            told.nominated_on.into(),
            told.state.label.into(),
        ]);
    }
    let title = words::title(round.year);
    let above = [title.clone(), format!("办理单位：{}", round.issuer_name), round.state.label().to_owned()];
    let spec = Workbook { sheets: vec![Sheet::new("提名", columns()).above(above)], ..Workbook::default() };
    let make = move || write(&spec, [rows]).map_err(Error::internal);
    Ok(Reply::made(format!("{title}.xlsx"), XLSX, make))
}
