//! The tokens of one's own account: made, seen and ended by their holder.

use super::super::actions::{self, NewToken};
use super::super::rules::NAME_LENGTH;
use jiedui_kernel::{FieldError, Result};
use jiedui_web::attempt::Attempt as _;
use jiedui_web::context::RequestContext;
use jiedui_web::figure::{StateMark, when};
use jiedui_web::reply::{Choice, Field, Flash, Page, Reply};
use jiedui_web::tokens::{self, OwnToken, ReadLine};
use serde::Serialize;

const HERE: &str = "/my/tokens";
/// What programs do by a token; the first is offered.
const READS: (&str, &str) = ("read", "只读取");
const WRITES: (&str, &str) = ("write", "读取和写入");
/// How long a token can hold, as one chooses it; the first is offered.
const TERMS: [(&str, &str); 4] = [("90", "三个月"), ("30", "一个月"), ("180", "半年"), ("365", "一年")];

#[derive(Serialize)]
struct TokensView {
    rows: Vec<TokenRow>,
    reads: Vec<ReadLine>,
    /// Whether one may be told what changed.
    hooks: bool,
    fields: Vec<Field>,
    errors: Vec<FieldError>,
}

#[derive(Serialize)]
struct TokenRow {
    id: String,
    name: String,
    org_name: String,
    made: String,
    ends: String,
    reach: &'static str,
    state: StateMark,
    /// Whether it can still be ended.
    open: bool,
}

pub async fn list(ctx: &mut RequestContext) -> Result<Reply> {
    page(ctx, Vec::new()).await
}

async fn page(ctx: &mut RequestContext, errors: Vec<FieldError>) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    let own = tokens::of_account(&mut ctx.tx, &account).await?;
    let reads = tokens::reads_of(&mut ctx.tx, &account).await?;
    let typed = |name: &str| ctx.form.values.get(name);
    let terms = TERMS.map(|(days, label)| Choice::new(days, label)).to_vec();
    let mut name =
        Field::new("name", "用途").required().help("写明哪个系统用它做什么。").value(typed("name"));
    name.maxlength = u32::try_from(NAME_LENGTH).ok();
    let days = Field::new("days", "有效期").required().value(typed("days")).options(terms);
    let reaches = [READS, WRITES].map(|(id, label)| Choice::new(id, label)).to_vec();
    let reach = Field::new("reach", "可以做什么").required().value(typed("reach")).options(reaches);
    let reach = reach.help("能写入的，可以按您的权限登记、答复、更正和撤回台账；办理记录里写明是哪个密钥。");
    let bad = !errors.is_empty();
    let view = TokensView {
        hooks: ctx.can("hook", "read"),
        reads: reads.into_iter().map(|read| ReadLine::of(read, "/my/tokens#reads")).collect(),
        rows: own.into_iter().map(|token| row(ctx, token)).collect(),
        fields: vec![name.error(&errors), days.error(&errors), reach],
        errors,
    };
    let lead =
        "别的系统凭接口密钥读取数据：它能看到的，就是您现在这个账号和单位能看到的；写明可以写入的才能写入。";
    let page = Page::new("我的接口密钥", lead).back("/my", "我的账号").kind("detail");
    Ok(Reply::view("oversight/interface/tokens.html", page, &view)?.refused(bad))
}

fn row(ctx: &RequestContext, token: OwnToken) -> TokenRow {
    let open = token.is_open(ctx.now);
    TokenRow {
        state: match (open, token.ended_at) {
            (true, _) => StateMark::new("active", "可用", "●"),
            (false, Some(_)) => StateMark::new("none", "已停用", "–"),
            (false, None) => StateMark::new("none", "已到期", "–"),
        },
        open,
        id: token.id,
        name: token.name,
        org_name: token.org_name,
        made: when(token.made_at),
        ends: when(token.ended_at.unwrap_or(token.ends_at)),
        reach: if token.writes { WRITES.1 } else { READS.1 },
    }
}

pub async fn make(ctx: &mut RequestContext) -> Result<Reply> {
    let (account, org) = (ctx.actor.account().to_owned(), ctx.actor.org.clone());
    let name = ctx.form.values.get("name").to_owned();
    let days = ctx.form.values.whole("days").unwrap_or_default();
    let writes = ctx.form.values.get("reach") == WRITES.0;
    let new = NewToken { account: &account, org: &org, name: &name, days, writes };
    match actions::make(&mut ctx.tx, &new).await.or_wrong()? {
        // A page that is loaded again makes no second one.
        Ok((token, _)) => Ok(Reply::done(HERE, Flash::done("已新建接口密钥。").once(token))),
        Err(errors) => page(ctx, errors).await,
    }
}

pub async fn end(ctx: &mut RequestContext) -> Result<Reply> {
    let account = ctx.actor.account().to_owned();
    let chosen = ctx.form.values.get("token").to_owned();
    actions::end(&mut ctx.tx, &account, &chosen).await?;
    Ok(Reply::done(HERE, Flash::done("已停用；用它的程序从现在起读不到数据。")))
}
