//! 协作项目清单 as a paper, with its 备案 where it was filed (S4.1).

use super::actions;
use super::data::{Ended, ListRow, ProjectRow};
use super::rules::{self, Fields};
use crate::planning::projects::pages::lists;
use crate::shared::papers;
use jiedui_documents::paper::{Document, Table, TableColumn};
use jiedui_kernel::Result;
use jiedui_programme::Programme;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

async fn paper(ctx: &mut RequestContext) -> Result<Document> {
    let programme = ctx.programme();
    let list = lists::opened(ctx).await?.row;
    let mut rows = Vec::new();
    for project in actions::of_list(&mut ctx.tx, &list.id).await? {
        if let Some(fields) = project.wanted().filter(|_| project.ended != Ended::Removed) {
            rows.push(row(&programme, &list, rows.len() + 1, &project, &fields));
        }
    }
    let columns = vec![
        TableColumn::new("序号", 5.5).centred(),
        TableColumn::new("项目", 19.0),
        TableColumn::new("依据条目", 13.0),
        TableColumn::new("年底成果", 20.0),
        TableColumn::new("数量", 9.5).centred(),
        TableColumn::new("责任单位", 17.0),
        TableColumn::new("起止", 17.0).centred(),
        TableColumn::new("经费（万元）", 13.0).centred(),
    ];
    let title = format!("{}{}年协作项目清单", list.county_name, list.year);
    Ok(Document::of_table(title, &above(&list), Table { columns, rows }, &below(&list)))
}

fn row(programme: &Programme, list: &ListRow, at: usize, project: &ProjectRow, of: &Fields) -> Vec<String> {
    let parties = [
        (&list.lead, &list.lead_name),
        (&list.nearby, &list.nearby_name),
        (&list.county_school, &list.county_name),
    ];
    let owner = parties.iter().find(|(id, _)| **id == of.owner_org).map(|(_, name)| (*name).clone());
    let clause = programme.clauses.iter().find(|clause| clause.id == of.clause);
    let cents: i64 = of.budget.values().sum();
    vec![
        at.to_string(),
        of.title.clone(),
        clause.map(|clause| clause.title.clone()).unwrap_or_default(),
        of.outcome.clone(),
        format!("{} {}", of.quantity, of.unit.label()),
        owner.unwrap_or_else(|| project.owner_org_name.clone()),
        papers::days_words(of.from, of.to),
        if cents > 0 { rules::ten_thousands(cents) } else { "—".to_owned() },
    ]
}

fn above(list: &ListRow) -> Vec<String> {
    vec![
        format!("牵头院校：{}　　配合院校：{}", list.lead_name, list.nearby_name),
        format!("对口县级院校：{}", list.county_name),
    ]
}

/// 备案回执: number and day as the office gave them. Without one it says so, lest a draft be taken for a filed list.
fn below(list: &ListRow) -> Vec<String> {
    let filed = list.filed_on.filter(|_| !list.number.is_empty());
    let receipt = filed.map_or_else(
        || "还没有备案。".to_owned(),
        |day| {
            format!(
                "备案编号：{}　　备案日期：{}　　第 {} 次备案",
                list.number,
                papers::day_words(day),
                list.edition
            )
        },
    );
    let signed = "牵头院校（盖章）：　　　　　　配合院校（盖章）：　　　　　　对口县级院校（盖章）：";
    vec![receipt, signed.to_owned()]
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let document = paper(ctx).await?;
    let href = format!("/lists/{}", ctx.param("id"));
    let page = Page::new(document.title.clone(), "内容与系统里的清单相同；备案过的带备案编号。")
        .clause("S4.1")
        .back(href.clone(), "返回这份清单")
        .kind("detail");
    papers::answer(ctx, document, page, format!("{href}/paper"))
}
