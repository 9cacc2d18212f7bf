//! What the system administrator sees of accounts.

use super::super::data::{self, AccountRow, SeatRow, SessionRow};
use super::super::rules;
use crate::network::registry::like;
use chrono::TimeDelta;
use jiedui_kernel::{FieldError, Reported, Result, Unit};
use jiedui_programme::{Access, RoleAt};
use jiedui_store::{args, values};
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{Figure, StateMark, when};
use jiedui_web::listing::{Listed, Listing};
use jiedui_web::reply::{Choice, Field, Page, Reply};
use jiedui_web::session::{IDLE_MINUTES, LONGEST_HOURS};
use jiedui_web::tokens::{self, ReadLine};
use serde::Serialize;

#[derive(Serialize)]
struct ListView {
    #[serde(flatten)]
    list: Listed<AccountLine>,
    can_manage: bool,
}

#[derive(Serialize)]
struct AccountLine {
    id: String,
    login: String,
    name: String,
    state: StateMark,
    must_change: bool,
    /// The holder has not set a password yet.
    unopened: bool,
    seen: Option<String>,
    seats: Vec<SeatLine>,
}

#[derive(Serialize)]
struct SeatLine {
    org: String,
    org_name: String,
    role: String,
    role_name: String,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    let (now, programme) = (ctx.now, ctx.programme());
    let roles = programme.access.roles.iter().map(|role| Choice::new(&role.id, &role.name)).collect();
    let states = rules::STATES.map(|(id, name)| Choice::new(id, name)).to_vec();
    let mut list = Listing::at("/accounts", Unit::Items, &ctx.query);
    let q = like(&list.text("q", "账号或姓名").to_lowercase());
    let role = list.choice("role", "角色", roles);
    let state = list.choice("state", "状态", states);
    let call = values!(data::ACCOUNTS { q, role, state, now });
    let list = list.fetch::<AccountRow>(&mut ctx.tx, &call).await?;
    let mut seats = Vec::new();
    for row in &list.rows {
        seats.extend(ctx.tx.all::<SeatRow>(&data::SEATS, args![&row.id]).await?);
    }
    let view =
        ListView { list: list.map(|row| line(ctx, row, &seats)), can_manage: ctx.can("account", "manage") };
    let page =
        Page::new("账号", "谁可以登录、在哪个单位、任什么角色。每一次改动都进入审计日志。").kind("list");
    Reply::view("identity/admin/accounts.html", page, &view)
}

fn line(ctx: &RequestContext, row: AccountRow, seats: &[SeatRow]) -> AccountLine {
    let programme = ctx.programme();
    AccountLine {
        state: rules::state(row.disabled, row.delayed_until, ctx.now),
        must_change: row.must_change,
        unopened: row.unopened,
        seen: row.seen_at.max(row.signed_in_at).map(when),
        seats: seats
            .iter()
            .filter(|seat| seat.account == row.id)
            .map(|seat| SeatLine {
                org: seat.org.clone(),
                org_name: seat.org_name.clone(),
                role: seat.role.clone(),
                role_name: rules::role(&programme.access, &seat.role)
                    .map_or_else(|| seat.role.clone(), |role| role.name.clone()),
            })
            .collect(),
        id: row.id,
        login: row.login,
        name: row.name,
    }
}

#[derive(Serialize)]
struct NewView {
    fields: Vec<Field>,
    errors: Vec<FieldError>,
}

pub async fn new(ctx: &mut RequestContext) -> Result<Reply> {
    new_page(ctx, Vec::new())
}

/// Asks the database for nothing: it is also shown after a clash, when the transaction answers no more.
pub fn new_page(ctx: &RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let pairs = &ctx.form.values;
    let field = |name: &str, label: &str| Field::new(name, label).value(pairs.get(name)).error(&errors);
    let seat = seat_fields(ctx, &errors);
    let mut fields = vec![
        field("login", "账号").required().help("小写字母、数字和 . - _，建成后不能改。"),
        field("name", "姓名").required().help("使用人的真实姓名，一人一号，不共用。"),
    ];
    fields.extend(seat);
    let page =
        Page::new("申请新账号", "给一个人申请一个账号，先定一个单位和一个角色；批准后本人用开通码设密码。")
            .back("/accounts", "账号")
            .kind("form");
    let bad = !errors.is_empty();
    Ok(Reply::view("identity/admin/new.html", page, &NewView { fields, errors })?.refused(bad))
}

/// Unit and role, as both forms ask for them.
fn seat_fields(ctx: &RequestContext, errors: &[FieldError]) -> [Field; 2] {
    let pairs = &ctx.form.values;
    let programme = ctx.programme();
    [
        Field::new("org", "单位全称")
            .required()
            .value(pairs.get("org"))
            .help("与院校库中的名称完全一致。")
            .error(errors),
        Field::new("role", "角色")
            .required()
            .value(pairs.get("role"))
            .options(role_choices(&programme.access))
            .error(errors),
    ]
}

fn role_choices(access: &Access) -> Vec<Choice> {
    let blank = Choice::new("", "请选择");
    let roles = access.roles.iter().map(|role| Choice {
        group: match role.at {
            RoleAt::System => "三员（设在省办）",
            RoleAt::School => "院校",
            _ => "省、市、县",
        }
        .to_owned(),
        ..Choice::new(&role.id, &role.name)
    });
    std::iter::once(blank).chain(roles).collect()
}

#[derive(Serialize)]
struct ShowView {
    account: AccountLine,
    created: String,
    delayed_until: Option<String>,
    sessions: Vec<SessionLine>,
    /// When programs read by its tokens.
    reads: Vec<ReadLine>,
    session_count: Figure,
    disabled: bool,
    own: bool,
    can_manage: bool,
    /// A request about this account waits for a decision.
    waiting: bool,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct SessionLine {
    org_name: String,
    opened: String,
    seen: String,
}

pub async fn show(ctx: &mut RequestContext) -> Result<Reply> {
    show_page(ctx, Vec::new()).await
}

pub async fn show_page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let id = ctx.param("id");
    let row = ctx.tx.one::<AccountRow>(&data::ACCOUNT, args![&id]).await?;
    let seats = ctx.tx.all::<SeatRow>(&data::SEATS, args![&id]).await?;
    let (idle, oldest) = (TimeDelta::minutes(IDLE_MINUTES), TimeDelta::hours(LONGEST_HOURS));
    let open = args![&id, ctx.now - idle, ctx.now - oldest];
    let sessions = ctx.tx.all::<SessionRow>(&data::SESSIONS, open).await?;
    let count = Reported::Value(sessions.len() as i64);
    let reads = tokens::reads_of(&mut ctx.tx, &id).await?;
    let at_reads = format!("/accounts/{id}#reads");
    let view = ShowView {
        created: when(row.created_at),
        delayed_until: row.delayed_until.filter(|until| *until > ctx.now && !row.disabled).map(when),
        session_count: Figure::of(count, Unit::Items, format!("/accounts/{id}#sessions"), "打开的登录"),
        sessions: sessions
            .into_iter()
            .map(|s| SessionLine { org_name: s.org_name, opened: when(s.created_at), seen: when(s.seen_at) })
            .collect(),
        reads: reads.into_iter().map(|read| ReadLine::of(read, &at_reads)).collect(),
        disabled: row.disabled,
        own: ctx.actor.account() == id,
        can_manage: ctx.can("account", "manage"),
        waiting: ctx.tx.number(&data::requests::WAITING_OF, args![&id]).await? > 0,
        account: line(ctx, row, &seats),
        fields: seat_fields(ctx, &errors).to_vec(),
        errors: errors.clone(),
    };
    let page = Page::new(format!("账号：{}", view.account.name), "单位、角色、密码和登录。")
        .back("/accounts", "账号")
        .kind("detail");
    let bad = !errors.is_empty();
    Ok(Reply::view("identity/admin/account.html", page, &view)?.refused(bad))
}
