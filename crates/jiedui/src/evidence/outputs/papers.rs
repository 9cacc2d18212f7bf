//! What was recorded of one type in a year, as a paper: the notice of commendation (S3.4). It lists facts that stand in the
//! records, in the order of names; it asks for nothing and ranks nobody.

use super::data::{self, OutputRow};
use crate::shared::papers::{self, day_words};
use jiedui_documents::paper::{Block, Document};
use jiedui_kernel::{Date, Error, Period, Result};
use jiedui_programme::{Notice, Output};
use jiedui_store::{Tx, args};
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Page, Reply};

/// What a year brought that is in a stage that counts, visible to the caller, in the order of names.
pub async fn of_year(tx: &mut Tx, of: &Output, year: i32) -> Result<Vec<OutputRow>> {
    let days = Period::year(year).ok_or(Error::NotFound)?;
    tx.all(&data::OF_YEAR, args![&of.id, of.counting_stages(), days.from, days.to]).await
}

/// Those that the paper lists: what has another answer is not on it.
pub fn listed(of: &Notice, rows: Vec<OutputRow>) -> Vec<(String, String)> {
    let one = |row: OutputRow| {
        let fields = jiedui_web::fields::parse(&row.fields);
        let option = fields.get(&of.by).and_then(|value| value.as_str())?.to_owned();
        of.groups.iter().any(|group| group.option == option).then_some((option, row.title))
    };
    rows.into_iter().filter_map(one).collect()
}

fn notice(of: &Notice, year: i32, listed: &[(String, String)], (issuer, today): (&str, Date)) -> Document {
    let words = |text: &str| text.replace("{year}", &year.to_string());
    let mut document = Document { issuer: issuer.to_owned(), ..Document::new(words(&of.title)) };
    if listed.is_empty() {
        document.text("这一年还没有登记要通报的单位和个人。");
        return document;
    }
    document.text(&words(&of.opening));
    for group in &of.groups {
        let names: Vec<&str> = listed
            .iter()
            .filter(|(option, _)| *option == group.option)
            .map(|(_, name)| name.as_str())
            .collect();
        if !names.is_empty() {
            document.heading(1, &group.heading);
            document.text(&format!("{}。", names.join("、")));
        }
    }
    document.blocks.push(Block::Signed { by: issuer.to_owned(), on: day_words(today) });
    document
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let programme = ctx.programme();
    let of = programme.output(&ctx.param("notice")).ok_or(Error::NotFound)?;
    let words = of.notice.as_ref().ok_or(Error::NotFound)?;
    let year = ctx.path_values.year()?;
    let rows = listed(words, of_year(&mut ctx.tx, of, year).await?);
    let issuer = ctx.actor.org_name.clone();
    let document = notice(words, year, &rows, (&issuer, ctx.today));
    let page = Page::new(
        document.title.clone(),
        "代拟稿：没有文号和印章，名单以系统登记为准；印发前由您的单位审核。",
    )
    .clauses(&of.clauses)
    .back(format!("/outputs?type={}", of.id), of.name.clone())
    .kind("detail");
    papers::answer(ctx, document, page, format!("/outputs/notices/{}/{year}", of.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedui_programme::NoticeGroup;

    #[test]
    fn names_stand_under_what_they_are() {
        let group = |option: &str, heading: &str| NoticeGroup {
            option: option.to_owned(),
            heading: heading.to_owned(),
        };
        let of = Notice {
            title: "关于{year}年的通报".to_owned(),
            opening: "现对{year}年的下列单位予以通报表扬。".to_owned(),
            by: "kind".to_owned(),
            groups: vec![group("helper", "协作院校"), group("person", "个人")],
        };
        let issuer = ("示例省办", "2026-11-30".parse().unwrap());
        let named = [("helper".to_owned(), "示例技师学院".to_owned())];
        let document = notice(&of, 2026, &named, issuer);
        assert_eq!(document.title, "关于2026年的通报");
        let headings = document.blocks.iter().filter(|block| matches!(block, Block::Heading { .. })).count();
        assert_eq!(headings, 1, "a group without anybody is not on the paper");
        assert_eq!(notice(&of, 2026, &[], issuer).blocks.len(), 1, "nobody is praised by an empty paper");
    }
}
