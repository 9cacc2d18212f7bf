//! Account requests: the list for both administrators, the decision, and the codes that are handed to the holders.

use super::super::actions;
use super::super::data::requests::{self as data, RequestRow};
use super::super::rules;
use super::super::rules::requests::{Kind, State};
use crate::identity::accounts::{self, DeniedRow};
use jiedui_kernel::{Error, FieldError, Reported, Result, Unit};
use jiedui_store::{args, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::form::Reader;
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Field, Flash, Page, Reply};
use serde::Serialize;

/// So many are approved with one press.
const AT_ONCE: i64 = 300;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<RequestLine>,
    denied: Vec<DeniedLine>,
    can_decide: bool,
    can_ask: bool,
    /// How many wait, where all can be approved with one press.
    waiting: i64,
    /// Those that wait and are the caller's own, so that somebody else decides: left out of all.
    own: Vec<String>,
    own_count: Option<Figure>,
}

#[derive(Serialize)]
struct RequestLine {
    id: String,
    kind: &'static str,
    login: String,
    name: String,
    /// None where no account is there yet.
    account: Option<String>,
    org_name: String,
    role_name: String,
    asked_name: String,
    asked: String,
    decided_name: String,
    decided: Option<String>,
    reason: String,
    /// An account whose holder has the same name: perhaps the same person.
    namesake: String,
    /// The caller asked for it, or it is about an account of its own.
    own: bool,
    state: StateMark,
    version: i64,
    open: bool,
    /// Whether a new code can be made.
    link: bool,
}

#[derive(Serialize)]
struct DeniedLine {
    id: String,
    login: String,
    name: String,
    asked_name: String,
    made_name: String,
    at: String,
}

impl From<DeniedRow> for DeniedLine {
    fn from(row: DeniedRow) -> Self {
        let DeniedRow { id, login, name, asked_name, made_name, at } = row;
        Self { id, login, name, asked_name, made_name, at: when(at) }
    }
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let mut list = Listing::at("/accounts/requests", Unit::Items, &ctx.query);
    let states = State::ALL.map(|state| (state, state.id(), state.label()));
    let state = list.one_of("state", "状态", states).map_or("", State::id);
    let call = values!(data::REQUESTS { state });
    let list = list.fetch::<RequestRow>(&mut ctx.tx, &call).await?.map(|row| line(ctx, row));
    let denied = accounts::denied(&mut ctx.tx).await?;
    let can_decide = ctx.can("account_request", "decide");
    let waiting = match can_decide {
        true => ctx.tx.number(&data::NUMBER_WAITING, Vec::new()).await?,
        false => 0,
    };
    let own = if can_decide { own(ctx).await? } else { Vec::new() };
    let left_out = i64::try_from(own.len()).unwrap_or(i64::MAX);
    let address = "/accounts/requests?state=waiting";
    let own_count = Figure::of(Reported::Value(left_out), Unit::Items, address, "要由别人批准的申请");
    let view = ListView {
        list,
        denied: denied.into_iter().map(DeniedLine::from).collect(),
        can_decide,
        can_ask: ctx.can("account", "manage"),
        waiting: waiting - left_out,
        own_count: (left_out > 0).then_some(own_count),
        own,
    };
    let lead = "系统管理员提出，安全管理员批准；密码由本人用一次性的开通码设，别人都不知道。";
    Reply::view("identity/admin/requests.html", Page::new("账号申请", lead).kind("list"), &view)
}

/// What waits and is the caller's own, by name.
async fn own(ctx: &mut RequestContext) -> Result<Vec<String>> {
    let rows = ctx.tx.all::<RequestRow>(&data::WAITING, args![AT_ONCE]).await?;
    let mine = rows.iter().filter(|row| actions::is_own(&ctx.actor, row));
    Ok(mine.map(|row| format!("{}（{}）", row.name, row.login)).collect())
}

fn line(ctx: &RequestContext, row: RequestRow) -> RequestLine {
    RequestLine {
        kind: row.kind.label(),
        role_name: role_name(ctx, &row.role),
        asked: when(row.asked_at),
        decided: row.decided_at.map(when),
        state: row.state.mark(),
        open: row.state == State::Waiting,
        link: row.state == State::Approved && row.link_open,
        own: actions::is_own(&ctx.actor, &row),
        namesake: row.namesake,
        id: row.id,
        login: row.login,
        name: row.name,
        account: row.account,
        org_name: row.org_name,
        asked_name: row.asked_name,
        decided_name: row.decided_name,
        reason: row.reason,
        version: row.version,
    }
}

fn role_name(ctx: &RequestContext, id: &str) -> String {
    rules::role(&ctx.programme().access, id).map_or_else(|| id.to_owned(), |role| role.name.clone())
}

/// The request of the address, at the version that the page showed.
async fn find(ctx: &mut RequestContext) -> Result<RequestRow> {
    let id = ctx.param("id");
    let row = ctx.tx.one::<RequestRow>(&data::REQUEST, args![id]).await?;
    if row.version == ctx.form_version()? {
        Ok(row)
    } else {
        Err(Error::Conflict(rules::requests::DECIDED.to_owned()))
    }
}

/// A slip for the holder: it is shown once.
#[derive(Serialize)]
struct Slip {
    name: String,
    login: String,
    org_name: String,
    role_name: String,
    reset: bool,
    code: String,
}

#[derive(Serialize)]
struct SlipsView {
    slips: Vec<Slip>,
    /// Roles that were granted at once, without a code.
    granted: Vec<String>,
    refused: Vec<String>,
}

fn slip(ctx: &RequestContext, row: &RequestRow, code: &str) -> Slip {
    Slip {
        name: row.name.clone(),
        login: row.login.clone(),
        org_name: row.org_name.clone(),
        role_name: role_name(ctx, &row.role),
        reset: row.kind == Kind::Reset,
        code: code.to_owned(),
    }
}

fn slips(view: &SlipsView) -> Result<Reply> {
    let lead =
        "开通码只在这一页显示一次：打印裁开密封，或当面交给本人；四天内有效，只能用一次，遗失可以再发。";
    let page = Page::new("开通码", lead).back("/accounts/requests", "账号申请").kind("detail");
    Reply::view("identity/admin/slips.html", page, view)
}

fn done(ctx: &RequestContext, row: &RequestRow, code: Option<String>) -> Result<Reply> {
    match code {
        Some(code) => {
            slips(&SlipsView { slips: vec![slip(ctx, row, &code)], granted: Vec::new(), refused: Vec::new() })
        }
        None => {
            let text = format!(
                "已批准：{}在“{}”任{}，本人下一次打开页面就生效。",
                row.name,
                row.org_name,
                role_name(ctx, &row.role)
            );
            Ok(Reply::done("/accounts/requests", Flash::done(text)))
        }
    }
}

pub async fn approve(ctx: &mut RequestContext) -> Result<Reply> {
    let row = find(ctx).await?;
    let (programme, random) = (ctx.programme(), ctx.app.random.clone());
    let code = actions::approve(&mut ctx.tx, &programme.access, &row, &random).await?;
    done(ctx, &row, code)
}

/// All that wait, with one press. What cannot be done any more is returned with its reason, and said.
pub async fn approve_all(ctx: &mut RequestContext) -> Result<Reply> {
    let (programme, random) = (ctx.programme(), ctx.app.random.clone());
    let mut view = SlipsView { slips: Vec::new(), granted: Vec::new(), refused: Vec::new() };
    for row in ctx.tx.all::<RequestRow>(&data::WAITING, args![AT_ONCE]).await? {
        if actions::is_own(&ctx.actor, &row) {
            let why = "您提出的或有关您自己账号的，要由别人批准，仍在等待";
            view.refused.push(format!("{}（{}）：{why}", row.name, row.login));
            continue;
        }
        match actions::approve_or_return(&mut ctx.tx, &programme.access, &row, &random).await? {
            Ok(Some(code)) => view.slips.push(slip(ctx, &row, &code)),
            Ok(None) => {
                view.granted.push(format!("{} {} {}", row.name, row.org_name, role_name(ctx, &row.role)))
            }
            Err(said) => view.refused.push(format!("{}（{}）：{said}", row.name, row.login)),
        }
    }
    slips(&view)
}

pub async fn link(ctx: &mut RequestContext) -> Result<Reply> {
    let (row, random) = (find(ctx).await?, ctx.app.random.clone());
    let code = actions::link_again(&mut ctx.tx, &row, &random).await?;
    done(ctx, &row, Some(code))
}

#[derive(Serialize)]
struct ReturnView {
    request: RequestLine,
    field: Field,
    errors: Vec<FieldError>,
}

/// Where the reason is written for which a request is returned.
pub async fn return_form(ctx: &mut RequestContext) -> Result<Reply> {
    let id = ctx.param("id");
    let row = ctx.tx.one::<RequestRow>(&data::REQUEST, args![id]).await?;
    return_page(ctx, row, Vec::new())
}

fn return_page(ctx: &RequestContext, row: RequestRow, errors: Vec<FieldError>) -> Result<Reply> {
    let bad = !errors.is_empty();
    let field =
        Field::new("reason", "退回原因").required().help("系统管理员会看到，写清楚怎样改。").error(&errors);
    let view = ReturnView { request: line(ctx, row), field, errors };
    let page = Page::new("退回申请", "退回后不会建立账号或改动密码；改好可以再提出。");
    let page = page.back("/accounts/requests", "账号申请").kind("form");
    Ok(Reply::view("identity/admin/return.html", page, &view)?.refused(bad))
}

pub async fn return_to_submitter(ctx: &mut RequestContext) -> Result<Reply> {
    let row = find(ctx).await?;
    let pairs = ctx.form.values.clone();
    let mut read = Reader::default();
    read.required(&pairs, "reason", "退回原因");
    let reason = read.text(&pairs, "reason", "退回原因", 200);
    if !read.errors.is_empty() {
        return return_page(ctx, row, read.errors);
    }
    actions::return_to_submitter(&mut ctx.tx, &row, reason).await?;
    Ok(Reply::done("/accounts/requests", Flash::done("已退回，系统管理员能看到原因。")))
}

pub async fn withdraw(ctx: &mut RequestContext) -> Result<Reply> {
    let row = find(ctx).await?;
    actions::withdraw(&mut ctx.tx, &row).await?;
    Ok(Reply::done("/accounts/requests", Flash::done("申请已撤回。")))
}
