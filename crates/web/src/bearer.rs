//! The line that the request of a program walks: by a token and never by a cookie, so that no page of another site can send one in
//! a reader's name. It is shorter than a reader's: there is no page, no form, and nothing is kept. Access rule and scope are the same.

use crate::App;
use crate::context::RequestContext;
use crate::failure::{describe, wait};
use crate::head::{RequestHead, RequestParts};
use crate::line::{allow, in_time};
use crate::received::Admitted;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::response;
use crate::route::{Handler, Route, Run};
use crate::{tokens, trail};
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use jiedui_kernel::{Actor, Error, Result, hex};
use jiedui_store::Tx;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

pub(crate) async fn answer(
    app: Arc<App>,
    asked: (Route, Handler),
    params: Vec<(String, String)>,
    head: Arc<RequestHead>,
) -> Response {
    let mut caller = None;
    match step(&app, asked, params, &head, &mut caller).await {
        Ok(response) => response,
        Err(refusal) => {
            if let Refusal::Error(fault) = &refusal {
                trail::refused(&app, caller.as_ref(), head.uri.path(), fault).await;
            }
            problem(&app, asked.0.path, &refusal)
        }
    }
}

/// Whether a program asks, who does not want a page.
pub(crate) fn is_program(head: &RequestHead) -> bool {
    given(head).is_some()
}

/// What a program is told that asks for an address which is none.
pub(crate) fn lost(app: &App) -> Response {
    problem(app, "", &Error::NotFound.into())
}

/// Token, access rule, handler. `caller` tells who it was, also where the request is refused.
async fn step(
    app: &Arc<App>,
    (route, handler): (Route, Handler),
    params: Vec<(String, String)>,
    head: &Arc<RequestHead>,
    caller: &mut Option<Arc<Actor>>,
) -> Result<Response, Refusal> {
    let mut tx = app.db.read(Arc::new(Actor::public())).await?;
    let actor = holder(app, &mut tx, head).await?;
    *caller = Some(Arc::clone(&actor));
    allow(app, route, Some(actor.as_ref()))?;
    let _place = app.gates.programs.enter(Some(actor.account().to_owned())).ok_or(Refusal::Busy)?;
    let parts = RequestParts::of(app, head, params)?;
    tx.act_as(Arc::clone(&actor));
    let (run, head_kept) = (Run::AtOnce(handler), Arc::clone(head));
    let admitted = Admitted { app: Arc::clone(app), route, run, head: head_kept, signed_in: None, parts };
    let request = admitted.without_body();
    let deadline = request.received.deadline;
    let mut ctx = RequestContext::new(request, actor, tx);
    match in_time(deadline, handler(&mut ctx)).await? {
        Reply::Data(body) => Ok(data(head, &body)),
        _ => Err(Error::internal("a program is answered with data").into()),
    }
}

/// A right token is looked up at once, whatever others tried from the same address; after some wrong ones an address has to wait.
async fn holder(app: &App, tx: &mut Tx, head: &RequestHead) -> Result<Arc<Actor>> {
    let given = given(head).ok_or(Error::SignedOut)?;
    if let Some(actor) = tokens::holder(app, tx, given).await? {
        return Ok(actor);
    }
    let now = tx.now();
    if app.token_guesses.must_wait(head.peer, now, &app.limits) {
        return Err(Error::Locked("从这个地址发来的无效密钥太多，请过几分钟再试。".to_owned()));
    }
    app.token_guesses.note(head.peer, now, &app.limits);
    Err(Error::SignedOut)
}

/// The token that came along. The word before it may be written in any case (RFC 9110).
fn given(head: &RequestHead) -> Option<&str> {
    let (scheme, token) = head.text(header::AUTHORIZATION)?.split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty())
}

/// What was asked for, with a tag of its content: whoever has it already is not sent it again.
fn data(head: &RequestHead, body: &Value) -> Response {
    let text = body.to_string();
    let tag = format!("\"{}\"", hex(Sha256::digest(text.as_bytes())));
    let is_had = head.text(header::IF_NONE_MATCH).is_some_and(|had| {
        had.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    });
    let mut response = if is_had {
        response::document(StatusCode::NOT_MODIFIED, Body::empty(), true)
    } else {
        response::document(StatusCode::OK, Body::from(text), true)
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// What a program is told of a refusal (RFC 9457).
#[derive(Serialize)]
struct ProblemView<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    /// For programs: it stays when the words are bettered.
    code: &'static str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemAt<'a>>,
}

/// What is wrong with one parameter.
#[derive(Serialize)]
struct ProblemAt<'a> {
    field: &'a str,
    code: &'a str,
    detail: &'a str,
}

const NO_TOKEN: &str = "请求没有带接口密钥，或者密钥不对、已到期、已停用，或者它的账号现在不能用。\
请在请求头里写 Authorization: Bearer 密钥；账号的情况请持有人登录查看。";

fn problem(app: &App, route: &str, refusal: &Refusal) -> Response {
    let told = describe(app, refusal);
    if told.status >= 500 {
        tracing::error!(route, ?refusal, "request failed");
    }
    let is_unknown = matches!(refusal, Refusal::Error(Error::SignedOut));
    let errors = told.fields.iter().map(|one| ProblemAt {
        field: &one.field,
        code: one.code.as_str(),
        detail: &one.message,
    });
    let view = ProblemView {
        r#type: "about:blank",
        title: if is_unknown { "接口密钥无效" } else { told.title },
        status: told.status,
        code: code(refusal),
        detail: if is_unknown { NO_TOKEN } else { &told.text },
        errors: errors.collect(),
    };
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = serde_json::to_string(&view).unwrap_or_default();
    let mut response = response::problem(status, text);
    if is_unknown {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    wait(app, refusal, &mut response);
    response
}

/// What kind of refusal it is, for programs.
fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::TooSlow => "too_slow",
        Refusal::Busy | Refusal::Error(Error::Busy) => "busy",
        Refusal::Overdue => "overdue",
        Refusal::Error(error) => match error {
            Error::SignedOut => "no_token",
            Error::Forbidden(_) => "forbidden",
            Error::NotFound => "not_found",
            Error::Conflict(_) => "conflict",
            Error::NotNow(_) => "not_now",
            Error::Invalid(_) => "invalid",
            Error::TooLarge(_) => "too_large",
            Error::Locked(_) => "too_many_tries",
            Error::Unavailable(_) => "unavailable",
            Error::OutcomeUnknown(_) => "outcome_unknown",
            Error::Busy | Error::CannotStart(_) | Error::Internal(_) => "internal",
        },
    }
}
