//! What the caller wants to be told, where letters go, and the group of the unit.

use super::super::actions::{self, address, messenger};
use super::super::rules::address::Shape;
use super::super::rules::{Choice, Kind};
use crate::shared::outside::Reachable;
use jiedui_kernel::{FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

const HERE: &str = "/my/notices";

/// Whether the caller has to look by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reached {
    /// There is no mail server.
    NoServer,
    NoAddress,
    Unconfirmed,
    Refused,
    /// It is switched off.
    Off,
    /// A letter comes when something new is to be done.
    On,
}

pub async fn reached(ctx: &mut RequestContext) -> Result<Reached> {
    if !ctx.app.outgoing.mail {
        return Ok(Reached::NoServer);
    }
    let (account, programme) = (ctx.actor.account().to_owned(), ctx.programme());
    let Some(row) = address::of(&mut ctx.tx, &account).await? else { return Ok(Reached::NoAddress) };
    let wanted = actions::choice(&mut ctx.tx, &programme, &ctx.actor).await?.desk;
    Ok(match (row.refused_at, row.confirmed_at) {
        (Some(_), _) => Reached::Refused,
        (None, None) => Reached::Unconfirmed,
        (None, Some(_)) if wanted => Reached::On,
        (None, Some(_)) => Reached::Off,
    })
}

#[derive(Serialize)]
struct KindLine {
    id: &'static str,
    name: &'static str,
    required: bool,
    told: bool,
    mailed: bool,
}

#[derive(Serialize)]
struct GroupView {
    shape: Field,
    address: Field,
    /// What it is connected to.
    now: Option<&'static str>,
}

#[derive(Serialize)]
struct SettingsView {
    reached: Reached,
    address: Field,
    has_address: bool,
    kinds: Vec<KindLine>,
    desk: bool,
    hour: u32,
    group: Option<GroupView>,
    errors: Vec<FieldError>,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn group(ctx: &mut RequestContext, errors: &[FieldError]) -> Result<Option<GroupView>> {
    if !ctx.can("notice", "connect") {
        return Ok(None);
    }
    let org = ctx.actor.org.clone();
    let now = messenger::of(&mut ctx.tx, &org).await?.map(|row| row.shape);
    let form = |name: &str| ctx.form.values.get(name).to_owned();
    let chosen = if form("shape").is_empty() { now.map_or("", Shape::id).to_owned() } else { form("shape") };
    let shapes = Shape::ALL.map(|shape| jiedui_web::reply::Choice::new(shape.id(), shape.label()));
    let shape = Field::new("shape", "办公软件").required().options(shapes.to_vec()).value(chosen);
    // What stands there is a secret of the group: it is not shown again.
    let address = Field::new("webhook", "机器人的 Webhook 地址").required().value(form("webhook"));
    let address = Field { maxlength: Some(500), width: "long", ..address };
    Ok(Some(GroupView {
        shape: shape.error(errors),
        address: address.error(errors),
        now: now.map(Shape::label),
    }))
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let (programme, account) = (ctx.programme(), ctx.actor.account().to_owned());
    let chosen = actions::choice(&mut ctx.tx, &programme, &ctx.actor).await?;
    let row = address::of(&mut ctx.tx, &account).await?;
    let typed = ctx.form.values.get("address").to_owned();
    let shown = if typed.is_empty() { row.as_ref().map(|row| row.address.clone()) } else { Some(typed) };
    let field = Field::new("address", "邮箱").value(shown.unwrap_or_default()).error(&errors);
    let kinds = Kind::ALL.map(|kind| KindLine {
        id: kind.id(),
        name: kind.label(),
        required: kind.is_required(),
        told: !chosen.muted.contains(&kind),
        mailed: chosen.mailed.contains(&kind),
    });
    let view = SettingsView {
        reached: reached(ctx).await?,
        address: Field { maxlength: Some(254), ..field },
        has_address: row.is_some(),
        kinds: kinds.into(),
        desk: chosen.desk,
        hour: programme.notices.digest_hour,
        group: group(ctx, &errors).await?,
        errors: errors.clone(),
    };
    let lead = "收哪些消息、要不要每个工作日最多一封的提要，由您自己定；夜间和非工作日不发。";
    let page = Page::new("消息与邮箱", lead).back("/my", "我的账号").kind("form");
    Ok(Reply::view("shared/notices/settings.html", page, &view)?.refused(!errors.is_empty()))
}

pub async fn choose(ctx: &mut RequestContext) -> Result<Reply> {
    let (told, mailed) = (ctx.form.values.all("told"), ctx.form.values.all("mailed"));
    let named = |ids: &[String], kind: &Kind| ids.iter().any(|id| id == kind.id());
    let choice = Choice {
        muted: Kind::ALL.into_iter().filter(|kind| !kind.is_required() && !named(&told, kind)).collect(),
        mailed: Kind::ALL.into_iter().filter(|kind| named(&mailed, kind)).collect(),
        desk: ctx.form.values.get("desk") == "yes",
    };
    actions::choose(&mut ctx.tx, &choice).await?;
    Ok(Reply::done(HERE, Flash::done("已按您的选择收发消息。")))
}

async fn done(ctx: &mut RequestContext, tried: Result<()>, text: &str) -> Result<Reply> {
    match tried.or_wrong()? {
        Ok(()) => Ok(Reply::done(HERE, Flash::done(text))),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn set_address(ctx: &mut RequestContext) -> Result<Reply> {
    if !ctx.app.outgoing.mail {
        return Ok(Reply::done(HERE, Flash::problem("系统还没有设置邮件服务器，现在不能填邮箱。")));
    }
    let (random, at) = (ctx.app.random.clone(), ctx.app.outgoing.address.clone());
    let typed = ctx.form.values.get("address").to_owned();
    let tried = address::set(&mut ctx.tx, &random, &at, &typed).await;
    done(ctx, tried, "确认信已发往这个邮箱，请在两天内打开信里的链接。确认以前不会发别的信。").await
}

pub async fn remove_address(ctx: &mut RequestContext) -> Result<Reply> {
    address::remove(&mut ctx.tx).await?;
    Ok(Reply::done(HERE, Flash::done("邮箱已删除，不再发信。")))
}

#[derive(Serialize)]
struct ConfirmView {
    action: String,
    address: String,
}

/// The link of the letter: opening it changes nothing, because mail servers open links by themselves.
pub async fn ask_confirmation(ctx: &mut RequestContext) -> Result<Reply> {
    let code = ctx.param("code");
    let row = address::by_code(&mut ctx.tx, &code).await?;
    let view = ConfirmView { action: format!("/my/mail/{code}"), address: row.address };
    let page = Page::new("确认邮箱", "确认以后，提要发到这个邮箱。").back(HERE, "消息与邮箱").kind("form");
    Reply::view("shared/notices/confirm.html", page, &view)
}

pub async fn confirm_address(ctx: &mut RequestContext) -> Result<Reply> {
    let code = ctx.param("code");
    address::confirm(&mut ctx.tx, &code).await?;
    Ok(Reply::done(HERE, Flash::done("邮箱已确认。")))
}

pub async fn connect(ctx: &mut RequestContext) -> Result<Reply> {
    let reachable = Reachable { inside: ctx.app.outgoing.inside };
    let [shape, typed] = ["shape", "webhook"].map(|name| ctx.form.values.get(name).to_owned());
    let tried = messenger::connect(&mut ctx.tx, reachable, &shape, &typed).await;
    let own = |errors: Vec<FieldError>| {
        let at = |error: FieldError| if error.field == "address" { error.at("webhook") } else { error };
        errors.into_iter().map(at).collect()
    };
    match tried.or_wrong()? {
        Ok(()) => Ok(Reply::done(
            HERE,
            Flash::done(
                "已记下。每个工作日有新事项时，向群里发一条提要；第一条到群里以前，还没有试过能不能发到。",
            ),
        )),
        Err(errors) => page(ctx, own(errors)).await,
    }
}

pub async fn disconnect(ctx: &mut RequestContext) -> Result<Reply> {
    messenger::disconnect(&mut ctx.tx).await?;
    Ok(Reply::done(HERE, Flash::done("已断开，不再向群里发消息。")))
}
