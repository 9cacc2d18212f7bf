//! 练习: situations on a demonstration, each with the account that is in it and where it is, read as that account.

use super::super::actions;
use super::super::rules::HELP;
use super::super::rules::practice::{SITUATIONS, Situation, Sought, Stride};
use crate::evidence::ledger;
use crate::identity::accounts::demo::ACCOUNTS;
use crate::reporting::monthly;
use crate::standing::obligations;
use jiedui_kernel::{Code, Date, Error, Result};
use jiedui_programme::ClockState;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::Link;
use jiedui_web::reply::{Flash, Page, Reply};
use serde::Serialize;

#[derive(Serialize)]
struct PracticeView {
    /// Practised is on invented data alone.
    demo: bool,
    today: Date,
    /// How far its day may be moved on: id and label.
    strides: Vec<(&'static str, &'static str)>,
    situations: Vec<SituationView>,
}

#[derive(Serialize)]
struct SituationView {
    title: &'static str,
    tries: &'static str,
    login: &'static str,
    role_name: &'static str,
    /// Whether the caller has that account's role.
    own: bool,
    /// Where it is; none for another account, or where there is none any more.
    link: Option<Link>,
    list: &'static str,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    let mut situations = Vec::new();
    if ctx.app.demo {
        for situation in SITUATIONS {
            situations.extend(view_of(ctx, situation).await?);
        }
    }
    let movable = ctx.app.demo && ctx.app.db.clock().can_move();
    let strides = Stride::ALL.into_iter().filter(|_| movable).map(|stride| (stride.id(), stride.label()));
    let (demo, strides) = (ctx.app.demo, strides.collect());
    let view = PracticeView { demo, today: ctx.today, strides, situations };
    let page = Page::new("练习", "在示例数据上办几件不常见的事，办错了也没有关系。")
        .back(HELP, "帮助")
        .kind("detail");
    Reply::view("oversight/help/practice.html", page, &view)
}

/// Moves the day on. Where the data are real there is no such page.
pub async fn move_on(ctx: &mut RequestContext) -> Result<Reply> {
    if !ctx.app.demo {
        return Err(Error::NotFound);
    }
    let words = "没有写明拨到哪一天，请回到练习页再选。";
    let stride = Stride::of(ctx.form.values.get("stride"));
    let stride = stride.ok_or_else(|| Error::field("stride", Code::NotListed.says(words)))?;
    let day = actions::move_on(ctx, stride.days(ctx.today)).await?;
    Ok(Reply::done("/practice", Flash::done(format!("现在是 {day}。"))))
}

async fn view_of(ctx: &mut RequestContext, situation: &Situation) -> Result<Option<SituationView>> {
    let Some(account) = ACCOUNTS.iter().find(|account| account.role == situation.role) else {
        return Ok(None);
    };
    let own = ctx.actor.has_role(situation.role);
    let link = if own { first(ctx, situation.sought).await? } else { None };
    Ok(Some(SituationView {
        title: situation.title,
        tries: situation.tries,
        login: account.login,
        role_name: account.role_name,
        own,
        link,
        list: situation.list,
    }))
}

/// The first of its kind that the caller has.
async fn first(ctx: &mut RequestContext, sought: Sought) -> Result<Option<Link>> {
    let org = ctx.actor.org.clone();
    Ok(match sought {
        Sought::Waiting => {
            let (rows, ..) = ledger::waiting(&mut ctx.tx, &org, 1).await?;
            rows.first().map(|row| entry(&row.id))
        }
        Sought::Disputed => ledger::disputed(&mut ctx.tx, &org).await?.first().map(|row| entry(&row.id)),
        Sought::Late => late(ctx).await?,
        Sought::Month => {
            let programme = ctx.programme();
            let month = monthly::first_waiting(&mut ctx.tx, &programme).await?;
            month.map(|month| Link::new(format!("/months/{month}?wait=yes"), "打开这个月"))
        }
    })
}

fn entry(id: &str) -> Link {
    Link::new(format!("/entries/{id}"), "打开这一条")
}

/// What presses, the most pressing first.
const PRESSING: [ClockState; 3] = [ClockState::Missed, ClockState::AtRisk, ClockState::Running];

async fn late(ctx: &mut RequestContext) -> Result<Option<Link>> {
    let programme = ctx.programme();
    let clocks = obligations::in_scope(&mut ctx.tx, &programme).await?;
    let of_now = |state: ClockState| {
        clocks.iter().find(|clock| clock.current && clock.running && clock.reading.state == state)
    };
    let found = PRESSING.into_iter().find_map(of_now);
    Ok(found.map(|clock| Link::new(clock.href.clone(), clock.name.clone())))
}
