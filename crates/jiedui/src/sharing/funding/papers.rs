//! The money of the caller's part of the province as a paper: by source, over all years.

use super::actions;
use super::pages::list;
use crate::shared::papers::{self, day_words};
use jiedui_documents::paper::{Document, Sheet, TableColumn};
use jiedui_funding::Balance;
use jiedui_kernel::{Result, Unit};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

const COLUMNS: [(&str, f64); 8] = [
    ("经费来源", 22.0),
    ("缺口", 11.0),
    ("计划", 11.0),
    ("申报", 11.0),
    ("批复", 11.0),
    ("到位", 11.0),
    ("支出", 11.0),
    ("结余", 12.0),
];

fn row(name: &str, of: &Balance) -> Vec<String> {
    let amounts = [
        of.needed.claimed,
        of.planned.claimed,
        of.applied.claimed,
        of.approved.claimed,
        of.arrived().claimed,
        of.paid.claimed,
        of.left().claimed,
    ];
    let said = amounts.into_iter().map(|cents| Unit::Yuan.shown_in_column(cents).0);
    [name.to_owned()].into_iter().chain(said).collect()
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let rules = actions::rules_of(&programme)?;
    let asked = list::Asked::whole();
    let (_, parts, sum) = list::table(ctx, rules, &asked).await?;
    let issuer = ctx.actor.org_name.clone();
    let mut document = Document { issuer, sheet: Sheet::Landscape, ..Document::new("经费情况表") };
    document.facts(vec![("截至", day_words(ctx.today)), ("范围", "全部年度，按经费来源".to_owned())]);
    document.text(&rules.about);
    document.caption("金额单位：万元");
    let columns = COLUMNS.map(|(name, width)| TableColumn::new(name, width));
    let mut rows: Vec<Vec<String>> = parts.iter().map(|part| row(&part.name, &part.balance)).collect();
    rows.push(row("合计", &sum));
    document.table(columns.to_vec(), rows);
    document.caption("金额为登记数；缺口取自达标方案，和计划不相加。".to_owned());
    let page = Page::new("经费情况表", "代拟稿：没有文号和印章，内容以系统里的为准。")
        .clauses(&rules.clauses)
        .back("/funding", "返回经费")
        .kind("detail");
    papers::answer(ctx, document, page, "/funding/paper".to_owned())
}
