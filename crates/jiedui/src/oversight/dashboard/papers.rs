//! 走访前一页纸: what who goes to a school should know before, on one page and from the records alone.

use crate::network::agreements;
use crate::network::pairings::{self, PairingRow};
use crate::network::registry;
use crate::planning::needs::{self, NeedState};
use crate::planning::projects::{self, Ended, ListState};
use crate::reporting::monthly;
use crate::shared::papers::{self, day_words};
use crate::standing::obligations::{self, Clock};
use crate::standing::standards;
use chrono::Datelike as _;
use jiedui_documents::paper::{Document, TableColumn};
use jiedui_kernel::Result;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

/// So many needs are named, in the school's own order: the page is one page.
const NEEDS: usize = 8;

async fn paper(ctx: &mut RequestContext) -> Result<Document> {
    let id = ctx.param("id");
    let pairing = pairings::find(&mut ctx.tx, &id).await?;
    let mut document = Document::new(format!("{}情况", pairing.county_name));
    document.caption(format!("{}的记录，由系统汇总。", day_words(ctx.today)));
    about(ctx, &pairing, &mut document).await?;
    clocks(ctx, &pairing, &mut document).await?;
    projects(ctx, &pairing, &mut document).await?;
    wants(ctx, &pairing, &mut document).await?;
    Ok(document)
}

async fn about(ctx: &mut RequestContext, of: &PairingRow, document: &mut Document) -> Result<()> {
    let programme = ctx.programme();
    let school = registry::find(&mut ctx.tx, &of.county_school).await?;
    let level = standards::level_today(&mut ctx.tx, &programme, &school).await?;
    let signed = agreements::of_pairing(&mut ctx.tx, &of.id).await?;
    let signed = agreements::rules::in_force(&signed, ctx.today).map(|row| row.signed_on).or(of.agreed_on);
    let day = |day: Option<jiedui_kernel::Date>| day.map_or_else(|| "还没有".to_owned(), day_words);
    // Lines and not a list of facts: with that the page would be two.
    document.caption(format!("所在地：{}{}　　办学层次：{level}", of.city, of.place));
    document.caption(format!("牵头院校：{}", of.lead_name));
    document.caption(format!("配合院校：{}", of.nearby_name));
    let (signed, planned) = (day(signed), day(of.planned_on));
    document.caption(format!("结对：{}　协议：{signed}　方案：{planned}", day_words(of.from_day)));
    Ok(())
}

async fn clocks(ctx: &mut RequestContext, of: &PairingRow, document: &mut Document) -> Result<()> {
    let programme = ctx.programme();
    let all = obligations::of_pairings(&mut ctx.tx, &programme, std::slice::from_ref(of)).await?;
    let row = |clock: &Clock| {
        vec![
            clock.helper_name.clone(),
            clock.name.clone(),
            papers::figure(&clock.owed),
            papers::figure(&clock.confirmed),
            clock.state.label.to_owned(),
        ]
    };
    let rows: Vec<_> = all.iter().filter(|clock| clock.current).map(row).collect();
    document.heading(1, "协作院校的履职");
    if rows.is_empty() {
        document.text("这段时间没有要求。");
        return Ok(());
    }
    let columns = [("院校", 37.0), ("要求", 29.0), ("应有", 11.0), ("已确认", 11.0), ("状态", 14.0)];
    document.table(columns.map(|(heading, width)| TableColumn::new(heading, width)).to_vec(), rows);
    Ok(())
}

async fn projects(ctx: &mut RequestContext, of: &PairingRow, document: &mut Document) -> Result<()> {
    document.heading(1, "本年协作项目");
    let lists = projects::lists_of(&mut ctx.tx, i64::from(ctx.today.year()), &of.id).await?;
    let Some(list) = lists.first() else {
        document.text("还没有拟项目清单。");
        return Ok(());
    };
    let all = projects::of_list(&mut ctx.tx, &list.id).await?;
    let rows: Vec<_> = all
        .iter()
        .filter(|one| one.ended != Ended::Removed)
        .map(|one| {
            let unit = projects::rules::unit_of(&one.unit).label();
            let done = format!("{}/{} {unit}", one.confirmed, one.quantity);
            vec![one.title.clone(), one.owner_org_name.clone(), day_words(one.to_day), done]
        })
        .collect();
    if list.state != ListState::Filed {
        document.text("清单还没有备案。");
    }
    if rows.is_empty() {
        document.text("清单里还没有项目。");
        return Ok(());
    }
    let columns = [("项目", 29.0), ("责任单位", 37.0), ("完成期限", 21.0), ("已确认/应完成", 17.0)];
    document.table(columns.map(|(heading, width)| TableColumn::new(heading, width)).to_vec(), rows);
    Ok(())
}

async fn wants(ctx: &mut RequestContext, of: &PairingRow, document: &mut Document) -> Result<()> {
    document.heading(1, "学校提出的需求");
    let all = needs::of_school(&mut ctx.tx, &of.county_school).await?;
    let open: Vec<_> = all.iter().filter(|need| need.state == NeedState::Open).take(NEEDS).collect();
    for (at, need) in (1..).zip(&open) {
        let answered = if need.projects > 0 { "已列项目" } else { "还没有项目" };
        document.caption(format!("{at}. {}（{answered}）", need.title));
    }
    if open.is_empty() {
        document.text("没有未办结的需求。");
    }
    let programme = ctx.programme();
    let months = monthly::rules::months(&programme, ctx.today, monthly::rules::LOOK_BACK);
    let since = months.last().copied().unwrap_or_default();
    let told = monthly::problems_since(&mut ctx.tx, since).await?;
    let mine: Vec<_> = told.iter().filter(|row| row.school == of.county_school).collect();
    if !mine.is_empty() {
        document.heading(1, "近几个月的问题与诉求");
        mine.iter().for_each(|row| document.text(&row.problems));
    }
    Ok(())
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let document = paper(ctx).await?;
    let href = format!("/pairings/{}", ctx.param("id"));
    let page = Page::new(document.title.clone(), "走访前看的一页纸；数字点开在结对页上看。")
        .clause("S1.4")
        .back(href.clone(), "返回这组结对")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/sheet"))
}
