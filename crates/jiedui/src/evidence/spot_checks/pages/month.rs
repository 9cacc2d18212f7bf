//! How a month's draw came out, for the province alone: no unit is named and nothing is put in order by its result.

use crate::evidence::spot_checks::data::{self, CheckState, DrawRow};
use crate::evidence::spot_checks::rules;
use jiedui_kernel::{Reported, Result, Unit};
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::download::File;
use jiedui_web::figure::{Figure, when};
use jiedui_web::reply::{Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct MonthView {
    candidates: Figure,
    drawn: Figure,
    looked: Figure,
    held: Figure,
    differs: Figure,
    lapsed: Figure,
    waiting: Figure,
    /// The share that held of those that were looked at.
    share: Figure,
    rate: Figure,
    most: Figure,
    seed: String,
    log_size: String,
    log_root: String,
    digest: String,
    programme: String,
    drawn_at: String,
    file: String,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    #[sqlx(try_from = "String")]
    state: CheckState,
    number: i64,
}

async fn asked(ctx: &mut RequestContext) -> Result<DrawRow> {
    let month = ctx.param("month");
    ctx.tx.one(&data::DRAW, args![month]).await
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let draw = asked(ctx).await?;
    let counts = ctx.tx.all::<CountRow>(&data::COUNTS, args![&draw.month]).await?;
    let of = |states: &[CheckState]| {
        let of = counts.iter().filter(|row| states.contains(&row.state));
        of.map(|row| row.number).sum::<i64>()
    };
    let list = format!("/spot-checks?month={}", draw.month);
    let figure = |value: i64, query: &str, label: &str| {
        Figure::of(Reported::Value(value), Unit::Entries, format!("{list}{query}"), label)
    };
    use CheckState::{Differs, Held, Lapsed, Waiting};
    let (held, looked) = (of(&[Held]), of(&[Held, Differs]));
    let share = rules::share(held, looked).map_or(Reported::NotApplicable, Reported::Value);
    let rows = format!("{list}&state=looked");
    let file = format!("/spot-checks/months/{}/candidates", draw.month);
    let view = MonthView {
        candidates: Figure::of(Reported::Value(draw.number), Unit::Entries, &file, "当月确认的台账"),
        drawn: figure(of(&[Waiting, Held, Differs, Lapsed]), "", "抽中"),
        looked: figure(looked, "&state=looked", "已复看"),
        held: figure(held, "&state=held", "与记录一致"),
        differs: figure(of(&[Differs]), "&state=differs", "与记录不符"),
        lapsed: figure(of(&[Lapsed]), "&state=lapsed", "未复看"),
        waiting: figure(of(&[Waiting]), "&state=waiting", "待复看"),
        share: Figure::of(share, Unit::BasisPoints, rows, "已复看的里面与记录一致的").big(),
        rate: Figure::of(Reported::Value(draw.share_permille * 10), Unit::BasisPoints, &list, "抽取的比例"),
        most: figure(draw.most_per_unit, "", "每个单位最多"),
        seed: draw.seed,
        log_size: draw.log_size.to_string(),
        log_root: draw.log_root,
        digest: draw.digest,
        programme: draw.programme,
        drawn_at: when(draw.drawn_at),
        file,
    };
    let lead = "只看全省合计，不分单位，不排名次；未复看的不算谁的过失。";
    let page = Page::new(format!("{}的抽查", rules::title(&draw.month)), lead)
        .back("/spot-checks", "抽查")
        .kind("detail");
    Reply::view("evidence/spot_checks/month.html", page, &view)
}

/// Among which was drawn, as it was kept: whoever wants to draws again.
pub async fn candidates(ctx: &mut RequestContext) -> Result<Reply> {
    let draw = asked(ctx).await?;
    let name = format!("抽查候选名单 {}.txt", rules::title(&draw.month));
    let bytes = draw.candidates.into_bytes();
    Ok(Reply::Kept(File { name, mime: "text/plain; charset=utf-8", bytes }))
}
