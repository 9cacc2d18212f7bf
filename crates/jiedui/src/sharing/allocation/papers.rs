//! A published allocation as a paper: the rule, who got what and why, and until when one may object.

use super::actions;
use super::data::AllocationRow;
use super::rules::parcel::Parcel;
use super::rules::words;
use crate::shared::papers::{self, day_words};
use jiedui_documents::paper::{Block, Document, TableColumn};
use jiedui_kernel::{Error, Result};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

fn paper(parcel: &Parcel, row: &AllocationRow) -> Result<Document> {
    let asked = &parcel.asked;
    let divided = asked.divide().map_err(Error::Invalid)?;
    let unit = asked.rule.unit;
    let mut document = Document { issuer: parcel.issuer.clone(), ..Document::new("倾斜分配结果") };
    document.facts(vec![
        ("哪一次", parcel.title.clone()),
        ("分什么", asked.rule.name.clone()),
        ("一共", papers::amount(asked.total, unit)),
        ("公布日期", day_words(parcel.published_on)),
        ("异议期限", day_words(parcel.appeal_until)),
    ]);
    document.heading(1, "规则");
    document.text(&asked.rule.about);
    document.text(&format!(
        "倾斜按 {} 倍计，按{}取整。方案版本 {}。",
        words::times(asked.rule.weight),
        asked.rule.method.label(),
        parcel.stamp.programme
    ));
    document.heading(1, "结果");
    document.text(&words::cost(asked, &divided));
    let columns = [("单位", 24.0), ("分得", 12.0), ("不倾斜时", 14.0), ("为什么", 50.0)];
    let rows = divided.with.shares.iter().zip(&parcel.given).filter_map(|(share, given)| {
        let claim = asked.claim(&share.id)?;
        Some(vec![
            claim.name.clone(),
            papers::amount(given.given, unit),
            papers::amount(given.without, unit),
            words::why(asked, claim, share, &divided.with),
        ])
    });
    document.table(columns.map(|(name, width)| TableColumn::new(name, width)).to_vec(), rows.collect());
    document.caption(format!("校验值：{}", row.digest));
    document.blocks.push(Block::Signed { by: parcel.issuer.clone(), on: day_words(parcel.published_on) });
    Ok(document)
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = actions::find(&mut ctx.tx, &id).await?;
    if row.parcel.is_empty() {
        return Err(Error::NotFound);
    }
    let document = paper(&actions::parcel(&row)?, &row)?;
    let href = format!("/allocations/{id}");
    let page = Page::new("倾斜分配结果", "代拟稿：没有文号和印章，内容以系统里公布的为准。")
        .clause("T4.6")
        .back(href.clone(), "返回这次分配")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/paper"))
}
