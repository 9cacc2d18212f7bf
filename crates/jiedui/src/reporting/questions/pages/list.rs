//! Questions visible to the caller, found again by their line or by a figure.

use crate::network::registry::like;
use crate::reporting::questions::data::{self, QuestionRow};
use crate::reporting::questions::rules::Asked;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::values;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Figure;
use jiedui_web::listing::{self, Listing};
use jiedui_web::reply::{Choice, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct QuestionLine {
    href: String,
    title: String,
    names: String,
    period: String,
    host: String,
    asked: String,
    answers: Figure,
}

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: listing::Listed<QuestionLine>,
    can_ask: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let mut list = Listing::at("/questions", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "谁要什么，或数的名称"));
    let sides = vec![Choice::new("mine", "本单位要的"), Choice::new("others", "其他单位要的")];
    let side = list.choice("side", "哪些", sides);
    // Set by the page of a question.
    let figure = list.id("figure");
    let figure = if figure.is_empty() { figure } else { like(&format!(",{figure},")) };
    let own = ctx.actor.org.clone();
    let call = values!(data::LIST { q, figure, side, own });
    let line = |row: QuestionRow| {
        let href = format!("/questions/{}", row.id);
        QuestionLine {
            period: Asked::of(&row).period(),
            answers: Figure::of(Reported::Value(row.answers), Unit::Items, &href, "存下的答案"),
            title: row.title,
            names: row.names,
            host: row.host_name,
            asked: row.asked_on.to_string(),
            href,
        }
    };
    let found = list.fetch(&mut ctx.tx, &call).await?.map(line);
    let view = ListView { list: found, can_ask: ctx.can("question", "ask") };
    let lead = "有人临时要数，先从已有的记录里答；报过的不再报，只有真缺的学校才请它补。";
    let page = Page::new("临时要数", lead).clause("S1.3").kind("list");
    Reply::view("reporting/questions/list.html", page, &view)
}
