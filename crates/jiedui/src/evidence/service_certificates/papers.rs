//! The certificate as a paper: A4, with its number, the code to check it, and room for the seal.

use super::actions;
use super::pages::amount;
use super::rules::{COUNTS, Parcel};
use crate::shared::papers::{self, day_words};
use jiedui_documents::paper::{Block, Document, TableColumn};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

fn document(parcel: &Parcel, (code, address): (&str, &str)) -> Document {
    let mut document = Document::new("协作经历证明");
    document.caption(format!("证明编号：{}", parcel.number));
    document.caption(format!("核验码：{code}"));
    document.text(&format!(
        "兹证明：{}（{}）在{}至{}期间，按对口协作安排完成下列工作。各项均由对方学校在系统里确认。",
        parcel.person,
        parcel.org,
        day_words(parcel.from),
        day_words(parcel.to)
    ));
    let columns =
        [("起止日期", 23.0), ("工作", 20.0), ("学校", 22.0), ("数量", 9.0), ("确认单位和日期", 26.0)];
    let rows = parcel.rows.iter().map(|work| {
        let by = work.on.map_or_else(|| work.by.clone(), |day| format!("{}，{}", work.by, day_words(day)));
        let what = if work.counts { format!("{COUNTS} {}", work.what) } else { work.what.clone() };
        vec![papers::days_words(work.from, work.to), what, work.school.clone(), amount(work), by]
    });
    document.table(columns.map(|(heading, width)| TableColumn::new(heading, width)).to_vec(), rows.collect());
    if let Some([title, number, says]) = &parcel.policy {
        let number = if number.is_empty() { String::new() } else { format!("（{number}）") };
        document.text(&format!("根据《{}》{number}，{says}", title.trim_matches(['《', '》'])));
    }
    document
        .blocks
        .push(Block::Signed { by: format!("{}（盖章）", parcel.org), on: day_words(parcel.issued_on) });
    if address.is_empty() {
        document.caption(format!("核验：在系统登录页上点“输入核验码”，不用登录，输入 {code}。"));
    } else {
        let text = format!("扫码或打开 {address}/check，输入核验码 {code}，可以核验真伪。");
        document.blocks.push(Block::Code { address: format!("{address}/check/{code}"), text });
    }
    document
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = super::find(&mut ctx.tx, &id).await?;
    let parcel = actions::parcel(&row)?;
    let mut document = document(&parcel, (&row.code, ctx.app.outgoing.address.trim_end_matches('/')));
    // Whoever prints one that was taken back prints that it was.
    if let Some(day) = row.withdrawn_on {
        document.title = "协作经历证明（已作废）".to_owned();
        let text = format!("这份证明已由出具单位于{}作废，不能使用。", day_words(day));
        document.blocks.insert(0, Block::Caption { text });
    }
    let href = format!("/certificates/{id}");
    let page = Page::new("协作经历证明", "打印后加盖出具单位印章；内容以系统为准。")
        .clause("T4.7")
        .back(href.clone(), "返回这份证明")
        .kind("detail");
    // Who keeps several finds the right one: what it is, whose, and of which day.
    let name = format!("{}-{}-{}", document.title, parcel.person, parcel.issued_on);
    papers::answer_of_person(ctx, document, page, format!("{href}/paper"), &name)
}
