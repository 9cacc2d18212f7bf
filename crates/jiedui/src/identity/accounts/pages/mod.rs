//! One's own account, and what belongs to it: signing in and out, password, second step, sessions.

pub mod outside;
pub mod outside_link;
pub mod password;
pub mod second_factor;
pub mod second_step;
pub mod sessions;
pub mod sign_in;
pub mod welcome;

use super::actions;
use super::actions::factor;
use super::actions::outside as outside_account;
use super::data::{self, LinkRow, LookedAt, Seat};
use super::rules::links::Answer;
use crate::shared::notices::{self, Reached};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_store::{AuditRecord, args};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::when;
use jiedui_web::local_path::LocalPath;
use jiedui_web::reply::{Field, Flash, Page, Reply};
use jiedui_web::session::{self, Ending};
use serde::Serialize;

/// One sentence for whoever is refused: a missing, disabled or delayed account and a wrong password are told alike.
pub const REFUSED: &str = "账号或密码不对，或者试得太频繁。请核对大小写；连续输错以后要等一会儿，最长十五分钟，再输入正确的密码就能登录。";
pub const NO_SEAT: &str = "这个账号还没有分配单位和角色，请联系系统管理员。";
pub const PENDING_OVER: &str = "请先输入账号和密码，五分钟内输入动态验证码。";
pub const PASSWORD_SET: &str = "密码已设好，请登录。";
/// The same for whoever comes from outside: not linked, disabled, out of date and forged are told alike.
pub const OUTSIDE_REFUSED: &str = "没有登录成功：外部账号没有关联到这里能用的账号，或者身份平台的答复没有通过核对。可以再试一次，或用账号和密码登录，到“我的账号”关联。";
pub const OUTSIDE_AWAY: &str = "身份平台现在连不上，请用账号和密码登录。";
/// The same to whoever is signed in, and links.
pub const LINK_REFUSED: &str = "没有关联：身份平台的答复没有通过核对，或者等得太久。请再关联一次。";
pub const LINK_AWAY: &str = "身份平台现在连不上，没有关联。请稍后再来。";
/// All that may be said to whoever is not signed in.
pub const OPEN_WORDS: &[&str] = &[
    REFUSED,
    NO_SEAT,
    PENDING_OVER,
    PASSWORD_SET,
    OUTSIDE_REFUSED,
    OUTSIDE_AWAY,
    Ending::WORDS[0],
    Ending::WORDS[1],
];

#[derive(Serialize)]
struct MyView {
    login: String,
    must_change: bool,
    seats: Vec<SeatView>,
    /// Whether signing in asks for a second step.
    second_step: bool,
    /// Whether there is a provider of identities outside, or a link to one: "", "off", "on".
    outside: &'static str,
    /// Whether letters reach the caller.
    reached: Reached,
    /// Whether the caller can have work done in the background.
    has_jobs: bool,
    fields: Vec<Field>,
    /// Who had the caller's name shown in full: when, who, of which unit, on which page.
    looked: Vec<[String; 4]>,
    /// A reset of which the holder has not said whether it was wanted: when, who asked, who decided, whether it is done.
    reset: Option<ResetView>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct ResetView {
    at: String,
    asked_name: String,
    made_name: String,
    used: bool,
}

#[derive(Serialize)]
struct SeatView {
    org: String,
    org_name: String,
    roles: Vec<String>,
    current: bool,
}

pub async fn my(ctx: &mut RequestContext) -> Result<Reply> {
    my_page(ctx, Vec::new()).await
}

async fn my_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let seats = seats(ctx).await?;
    let fields = [("old", "现在的密码"), ("password", "新密码"), ("again", "再输一遍新密码")]
        .map(|(name, label)| Field::new(name, label).required().error(&errors))
        .to_vec();
    let session = ctx.session.as_ref().ok_or(Error::SignedOut)?;
    let own = args![ctx.actor.name(), &ctx.actor.org];
    let looked = ctx.tx.all::<LookedAt>(&data::LOOKED_AT, own).await?;
    let link = ctx.tx.maybe::<LinkRow>(&data::LINK_OF, args![ctx.actor.account()]).await?;
    let reset = link.filter(|link| link.reset && link.answer == Answer::NotYet).map(|link| ResetView {
        at: when(link.made_at),
        asked_name: link.asked_name,
        made_name: link.made_name,
        used: link.used_at.is_some(),
    });
    let own_account = ctx.actor.account().to_owned();
    let second_step = factor::is_on(&mut ctx.tx, &own_account).await?;
    let linked = outside_account::of(&mut ctx.tx, &own_account).await?.is_some();
    let view = MyView {
        reset,
        second_step,
        outside: match (linked, ctx.app.provider.is_some()) {
            (true, _) => "on",
            (false, true) => "off",
            (false, false) => "",
        },
        looked: looked.into_iter().map(|row| [when(row.at), row.name, row.org_name, row.title]).collect(),
        login: session.login.clone(),
        must_change: session.must_change,
        seats,
        reached: notices::reached(ctx).await?,
        has_jobs: ctx.can("job", "read"),
        fields,
        errors: errors.clone(),
    };
    let page = Page::new("我的账号", "所在单位与角色，修改密码，退出登录。");
    Ok(Reply::view("identity/accounts/my.html", page, &view)?.refused(!errors.is_empty()))
}

/// The units in which the caller may act, each with its roles.
async fn seats(ctx: &mut RequestContext) -> Result<Vec<SeatView>> {
    let rows = ctx.tx.all::<Seat>(&data::SEATS, args![ctx.actor.account()]).await?;
    let programme = ctx.programme();
    let mut seats: Vec<SeatView> = Vec::new();
    for row in rows {
        let known = programme.access.roles.iter().find(|role| role.id == row.role);
        let name = known.map_or(row.role, |role| role.name.clone());
        match seats.iter_mut().find(|seat| seat.org == row.org) {
            Some(seat) => seat.roles.push(name),
            None => {
                let current = row.org == ctx.actor.org;
                seats.push(SeatView { org: row.org, org_name: row.org_name, roles: vec![name], current });
            }
        }
    }
    Ok(seats)
}

#[derive(Serialize)]
struct ChooseView {
    seats: Vec<SeatView>,
    next: String,
}

/// In which unit one acts, asked at sign-in of whoever has several.
pub async fn choose_seat(ctx: &mut RequestContext) -> Result<Reply> {
    let (seats, next) = (seats(ctx).await?, ctx.query.get("next").to_owned());
    let page =
        Page::new("选择单位", "您在几个单位有角色：这一次以哪个单位的身份工作？页面上方一直写着现在的单位。");
    Reply::view("identity/accounts/seat.html", page.kind("form"), &ChooseView { seats, next })
}

/// What the holder says of a reset of the password.
pub async fn answer_reset(ctx: &mut RequestContext) -> Result<Reply> {
    let own = match ctx.form.values.get("own") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::field("own", Code::NotListed.says("请选择是或不是本人要求的。"))),
    };
    let account = ctx.actor.account().to_owned();
    let flash = match (actions::answer_reset(&mut ctx.tx, &account, own).await?, own) {
        (false, _) => Flash::problem("没有等您说明的重置，没有改动。"),
        (true, true) => Flash::done("已确认，谢谢。"),
        (true, false) => Flash::done("已告诉安全管理员，没用过的开通码已作废。请现在就修改密码。"),
    };
    Ok(Reply::done("/my", flash))
}

/// Acting for another of one's organisations.
pub async fn change_seat(ctx: &mut RequestContext) -> Result<Reply> {
    let org = ctx.form.values.get("org").to_owned();
    let session = ctx.session.clone().ok_or(Error::SignedOut)?;
    let account = ctx.actor.account().to_owned();
    let seats = ctx.tx.all::<Seat>(&data::SEATS, args![&account]).await?;
    let seat = seats.into_iter().find(|seat| seat.org == org).ok_or(Error::NotFound)?;
    session::move_to(&mut ctx.tx, &session.id, &seat.org).await?;
    let leaf = AuditRecord { action: "session.seat", resource: "account", resource_id: &account };
    ctx.tx.audit(leaf, &serde_json::json!({ "org": seat.org })).await?;
    let next = LocalPath::or_home(ctx.form.values.get("next"));
    Ok(Reply::done(next.as_str(), Flash::done(format!("现在以“{}”的身份工作。", seat.org_name))))
}
