//! What a screen on a wall shows of the overview: how the targets stand, how much is to be raised, the map and the course of
//! the year. Whoever stands before it is nobody in particular: numbers lead nowhere, and no person is named.

use super::super::drawn;
use super::asked::known;
use super::leading::paired;
use super::tiles::{self, Ground, TileMeasure};
use super::{columns, topics, trend};
use crate::network::registry;
use crate::oversight::boundaries::{self, Boundary};
use crate::oversight::dashboard::actions;
use crate::oversight::dashboard::data::{self, WallLinkRow};
use crate::oversight::dashboard::rules::walls::LinkState;
use crate::reporting::meetings::Records;
use crate::standing::indicators::{self, Slice};
use crate::standing::obligations::Clock;
use chrono::{Datelike as _, TimeDelta};
use jiedui_kernel::{Actor, Reported, Result, Unit};
use jiedui_pictures::Picture;
use jiedui_programme::Programme;
use jiedui_store::args;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::picture::PictureView;
use jiedui_web::reply::{Page, Reply};
use jiedui_web::session::{self, digest};
use serde::Serialize;
use std::sync::Arc;

/// So many seconds lie between two looks of a screen.
const EVERY: i64 = 300;

#[derive(Serialize)]
struct WallView {
    as_of: String,
    /// When the screen asks next: a page that is older says so by this.
    next: String,
    every: i64,
    sums: Vec<(StateMark, Figure)>,
    raised: Vec<(&'static str, Figure)>,
    map: Option<PictureView>,
    about: String,
    /// 审图号, where the divisions lie by official boundaries.
    approval: Option<String>,
    trend: Option<PictureView>,
}

#[derive(Serialize)]
struct ClosedView {
    words: &'static str,
}

/// Why a link shows nothing.
#[derive(Debug, Clone, Copy)]
enum Closed {
    Unknown,
    Ended,
    Revoked,
    /// Its maker may no longer make it.
    Orphaned,
}

impl Closed {
    fn words(self) -> &'static str {
        match self {
            Self::Unknown => "没有这个大屏链接，或者地址没有抄全。",
            Self::Ended => "这个大屏链接已经到期，不再显示任何数。",
            Self::Revoked => "这个大屏链接已被停用，不再显示任何数。",
            Self::Orphaned => "生成这个大屏链接的人已经没有这项权限，链接不再显示任何数。",
        }
    }

    fn page(self) -> Result<Reply> {
        let status = if matches!(self, Self::Unknown) { 404 } else { 410 };
        let page = Page::new("大屏已关闭", "").kind("wall");
        let view = ClosedView { words: self.words() };
        Ok(Reply::view("oversight/dashboard/wall_closed.html", page, &view)?.with_status(status))
    }
}

/// The token is compared by its digest, as that of a session is.
pub async fn screen(ctx: &mut RequestContext) -> Result<Reply> {
    // Whoever is signed in in the same browser shows nothing of that here, whatever comes of the link.
    ctx.session = None;
    let digest = digest(&ctx.param("token"));
    let Some(link) = ctx.tx.maybe::<WallLinkRow>(&data::LINK_BY_DIGEST, args![digest]).await? else {
        return Closed::Unknown.page();
    };
    match LinkState::of(link.revoked_at.is_some(), link.ends_on, ctx.today) {
        LinkState::Open => {}
        LinkState::Ended => return Closed::Ended.page(),
        LinkState::Revoked => return Closed::Revoked.page(),
    }
    let maker = session::actor_at(&ctx.app, &mut ctx.tx, &link.account, &link.org).await?;
    let Some(maker) = maker.filter(|maker| ctx.app.can(maker, "wall", "make")) else {
        return Closed::Orphaned.page();
    };
    if link.first_used_at.is_none() {
        actions::note_first(&ctx.app, &link.id).await?;
    }
    look_as(ctx, &maker);
    show(ctx, maker.org_name.clone()).await
}

/// From here on everything is read as the maker reads it.
fn look_as(ctx: &mut RequestContext, maker: &Arc<Actor>) {
    ctx.tx.act_as(Arc::clone(maker));
    ctx.actor = Arc::clone(maker);
}

async fn show(ctx: &mut RequestContext, title: String) -> Result<Reply> {
    let (programme, now) = (ctx.programme(), ctx.now);
    let divisions = registry::divisions(&mut ctx.tx).await?;
    let boundary = boundaries::in_use(ctx).await?;
    let covers = |one: &&Boundary| programme.map.as_ref().is_some_and(|map| one.covers(map, &divisions));
    let boundary = (*boundary).as_ref().filter(covers);
    let cut = Slice::year(ctx.today.year());
    let of = columns(&programme, |_| true).first().copied();
    let mut needed = indicators::measured(&programme);
    needed.extend(of);
    let (facts, records) = known(ctx, &programme, &needed, None).await?;
    let current: Vec<&Clock> = records.clocks.iter().filter(|clock| clock.current).collect();
    let map = programme.map.as_ref().map(|map| {
        let paired = paired(&programme);
        let (divisions, facts, cut, clocks) = (divisions.as_slice(), &facts, &cut, current.as_slice());
        let ground = Ground { map, boundary, divisions, facts, cut, clocks, needs: &[], paired };
        let tiles = tiles::picture(&programme, &ground, TileMeasure::Paired).without_links();
        drawn("map", &Picture::Tiles(tiles))
    });
    let course = of.map(|of| trend::picture(&programme, of, &facts, &cut).without_links());
    let targets = indicators::leading_lines(ctx, &programme, &facts, &cut);
    let view = WallView {
        as_of: when(now),
        next: when(now + TimeDelta::seconds(EVERY)),
        every: EVERY,
        sums: indicators::target_sums(&targets, None)
            .into_iter()
            .map(|(state, sum)| (state, shut(sum)))
            .collect(),
        raised: raised(ctx, &records).await?,
        map,
        about: about(&programme),
        approval: boundary.map(|boundary| boundary.approval.clone()),
        trend: course.map(|course| drawn("trend", &Picture::Trend(course))),
    };
    Reply::view("oversight/dashboard/wall.html", Page::new(title, "").kind("wall"), &view)
}

/// The same number, which opens nothing: its rows are for those who sign in.
fn shut(figure: Figure) -> Figure {
    Figure { href: String::new(), ..figure }
}

fn about(programme: &Programme) -> String {
    programme.map.as_ref().map(|map| map.about.clone()).unwrap_or_default()
}

async fn raised(ctx: &mut RequestContext, records: &Records) -> Result<Vec<(&'static str, Figure)>> {
    let counts = topics::counts(ctx, records).await?;
    let figure = |number: i64, kind: &str| Figure::of(Reported::Value(number), Unit::Items, "", kind);
    Ok(counts.into_iter().map(|(kind, number)| (kind, figure(number, kind))).collect())
}
