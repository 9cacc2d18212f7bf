//! 大屏: the links by which screens show what the caller's unit sees, to make and to revoke.

use crate::oversight::dashboard::actions;
use crate::oversight::dashboard::data::{self, WallLinkRow};
use crate::oversight::dashboard::rules::walls::{LONGEST, LinkState, MOST_DAYS, USUAL_DAYS};
use chrono::TimeDelta;
use jiedui_kernel::{Date, FieldError, Result};
use jiedui_store::args;
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{StateMark, when};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

const HERE: &str = "/wall";

#[derive(Serialize)]
struct WallsView {
    /// At which the server is reached.
    address: String,
    rows: Vec<WallLine>,
    label: Field,
    until: Field,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct WallLine {
    id: String,
    label: String,
    state: StateMark,
    is_open: bool,
    made_name: String,
    made_at: String,
    ends_on: String,
    first_used: Option<String>,
    revoked: Option<String>,
    revoked_name: String,
}

impl WallLine {
    fn of(row: WallLinkRow, today: Date) -> Self {
        let state = LinkState::of(row.revoked_at.is_some(), row.ends_on, today);
        Self {
            id: row.id,
            label: row.label,
            state: state.mark(),
            is_open: state == LinkState::Open,
            made_name: row.made_name,
            made_at: when(row.made_at),
            ends_on: row.ends_on.to_string(),
            first_used: row.first_used_at.map(when),
            revoked: row.revoked_at.map(when),
            revoked_name: row.revoked_name,
        }
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (today, org) = (ctx.today, ctx.actor.org.clone());
    let rows = ctx.tx.all::<WallLinkRow>(&data::LINKS, args![org]).await?;
    let typed = |name: &str| ctx.form.values.get(name);
    let usual = (today + TimeDelta::days(USUAL_DAYS)).to_string();
    let until = if typed("until").is_empty() { usual.as_str() } else { typed("until") };
    let until = Field::new("until", "用到哪一天").required().value(until).error(&errors);
    let refused = !errors.is_empty();
    let label = Field::new("label", "用在哪里").required().value(typed("label")).error(&errors);
    let view = WallsView {
        address: ctx.app.outgoing.address.clone(),
        rows: rows.into_iter().map(|row| WallLine::of(row, today)).collect(),
        label: Field {
            maxlength: u32::try_from(LONGEST).ok(),
            ..label.help("例如三楼会议室的屏幕；到时候凭它认出是哪一块。")
        },
        until: Field {
            min: today.to_string(),
            max: (today + TimeDelta::days(MOST_DAYS)).to_string(),
            ..until.help("这一天过后链接打不开，屏幕上会写明已到期。")
        },
        errors,
    };
    let lead = "一块屏幕凭一个链接显示本单位范围内的概览，不用登录，也打不开别的页面；不显示人名。";
    let page = Page::new("大屏", lead).back("/overview", "全局概览").kind("detail");
    Ok(Reply::view("oversight/dashboard/walls.html", page, &view)?.refused(refused))
}

pub async fn make(ctx: &mut RequestContext) -> Result<Reply> {
    let (label, until) = (ctx.form.values.get("label").to_owned(), ctx.form.values.date("until"));
    match actions::make(&mut ctx.tx, &label, until).await.or_wrong()? {
        // A page that is loaded again makes no second one.
        Ok(token) => Ok(Reply::done(HERE, Flash::done("已生成链接。").once(format!("{HERE}/{token}")))),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn revoke(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.form.values.get("link").to_owned();
    actions::revoke(&mut ctx.tx, &id).await?;
    Ok(Reply::done(HERE, Flash::done("已停用；屏幕下一次更新时会写明链接已停用。")))
}
