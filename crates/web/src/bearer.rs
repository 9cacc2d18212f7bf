//! The line that the request of a program walks: by a token and never by a cookie, so that no page of another site can send one in
//! a reader's name. It is shorter than a reader's: there is no page and no form, and nothing is kept but the answer to a change,
//! for whoever sends it again. Access rule, scope and limits are the same.

use crate::App;
use crate::context::RequestContext;
use crate::failure::{describe, wait};
use crate::gate::Pass;
use crate::head::{RequestHead, RequestParts};
use crate::line::{allow, in_time};
use crate::reads;
use crate::received::{Admitted, ReceivedRequest};
use crate::refusal::{Refusal, Unsaid};
use crate::reply::Reply;
use crate::response;
use crate::route::{Handler, Method, Route, Run};
use crate::sent_by_program::{KeyedSending, key_of};
use crate::tokens::{self, Asking};
use crate::trail;
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
    (head, body): (Arc<RequestHead>, Body),
) -> Response {
    let mut caller = None;
    let done = step(&app, asked, params, (&head, body), &mut caller).await;
    if let (Method::Get, Some(asking)) = (asked.0.method, &caller) {
        reads::note(&app, &asking.token.id, head.peer);
    }
    match done {
        Ok(response) => response,
        Err(refusal) => {
            if let Refusal::Error(fault) = &refusal {
                let caller = caller.as_ref().map(|asking| (&asking.actor, Some(&asking.token)));
                trail::refused(&app, caller, head.uri.path(), fault).await;
            }
            problem(&app, asked.0.path, &refusal)
        }
    }
}

/// Below this are the addresses for programs.
const ADDRESSES: &str = "/api/";

/// Whether a program asks, who does not want a page: it brings a token, or asks where nobody else does.
pub(crate) fn is_program(head: &RequestHead) -> bool {
    given(head).is_some() || head.uri.path().starts_with(ADDRESSES)
}

/// What a program is told that asks for an address which is none.
pub(crate) fn lost(app: &App) -> Response {
    problem(app, "", &Error::NotFound.into())
}

/// What a program is told that asks in a way in which an address is not asked.
pub(crate) fn no_such_method(app: &App) -> Response {
    problem(app, "", &Refusal::OtherMethod)
}

/// Token, access rule, handler; of a change also its body. `caller` tells who it was, also where the request is refused.
async fn step(
    app: &Arc<App>,
    (route, handler): (Route, Handler),
    params: Vec<(String, String)>,
    (head, body): (&Arc<RequestHead>, Body),
    caller: &mut Option<Asking>,
) -> Result<Response, Refusal> {
    let mut tx = app.db.read(Arc::new(Actor::public())).await?;
    let asking = holder(app, &mut tx, head).await?;
    *caller = Some(asking.clone());
    allow(app, route, Some(asking.actor.as_ref()))?;
    let parts = RequestParts::of(app, head, params)?;
    let (run, head_kept) = (Run::AtOnce(handler), Arc::clone(head));
    let admitted = Admitted { app: Arc::clone(app), route, run, head: head_kept, signed_in: None, parts };
    match route.method {
        Method::Get => {
            tx.act_as(Arc::clone(&asking.actor));
            show(admitted.without_body(), handler, asking.actor, tx).await
        }
        Method::Post => {
            // While the body is under way nothing of the database is held.
            drop(tx);
            change(admitted, handler, asking, body).await
        }
    }
}

/// Few programs are answered at a time; whoever still sends a body holds no place.
fn place(app: &App, actor: &Actor) -> Result<Pass<String>, Refusal> {
    app.gates.programs.enter(Some(actor.account().to_owned())).ok_or(Refusal::Busy)
}

async fn show(
    request: ReceivedRequest,
    handler: Handler,
    actor: Arc<Actor>,
    tx: Tx,
) -> Result<Response, Refusal> {
    let _place = place(&request.app, &actor)?;
    let (deadline, head) = (request.received.deadline, Arc::clone(&request.received.head));
    let mut ctx = RequestContext::new(request, actor, tx);
    match in_time(deadline, handler(&mut ctx)).await? {
        Reply::Data(body) => Ok(data(&head, &body)),
        _ => Err(Error::internal("a program is answered with data").into()),
    }
}

/// A change. What was sent before under the same key is not done again.
async fn change(
    admitted: Admitted,
    handler: Handler,
    asking: Asking,
    body: Body,
) -> Result<Response, Refusal> {
    if !asking.writes {
        let words = "这个接口密钥只能读取，没有写入。要写入，请在“我的接口密钥”另建一个可以写入的。";
        return Err(Error::Forbidden(words.to_owned()).into());
    }
    let (app, head, route) = (Arc::clone(&admitted.app), Arc::clone(&admitted.head), admitted.route);
    let key = key_of(&head).ok_or(Refusal::Unsaid(Unsaid::NoKey))?;
    if route.names_one() && seen_version(&head).is_none() {
        return Err(Refusal::Unsaid(Unsaid::NoVersion));
    }
    let request = admitted.receive_sent(body).await?;
    let _place = place(&app, &asking.actor)?;
    let sending = KeyedSending::of(&asking, key, &request);
    if let Some(first) = sending.before(&app).await? {
        return Ok(done(&route, &first));
    }
    let written = write(request, handler, asking, &sending).await;
    // The same change, sent at the same moment, may have been quicker: what it wrote is a conflict, or a reason to refuse.
    if may_have_been_quicker(&written) {
        app.db.commit_waiting().await?;
        if let Some(first) = sending.before(&app).await? {
            return Ok(done(&route, &first));
        }
    }
    match written {
        Ok(answer) => Ok(done(&route, &answer)),
        Err(Refusal::Error(Error::Conflict(_))) if route.names_one() => {
            Err(Refusal::Unsaid(Unsaid::OtherVersion))
        }
        Err(refusal) => Err(refusal),
    }
}

fn may_have_been_quicker(written: &Result<Value, Refusal>) -> bool {
    matches!(
        written,
        Err(Refusal::Error(Error::Conflict(_) | Error::NotNow(_) | Error::Forbidden(_) | Error::Invalid(_)))
    )
}

/// The handler in its transaction, and the answer noted in it; committed before it is given.
async fn write(
    request: ReceivedRequest,
    handler: Handler,
    asking: Asking,
    sending: &KeyedSending,
) -> Result<Value, Refusal> {
    let deadline = request.received.deadline;
    let done = in_time(deadline, async {
        let mut tx = request.app.db.begin(Arc::clone(&asking.actor)).await?;
        tx.act_by(asking.token);
        let mut ctx = RequestContext::new(request, asking.actor, tx);
        let reply = handler(&mut ctx).await?;
        Ok((ctx, reply))
    });
    let (mut ctx, reply) = done.await?;
    let Reply::Data(answer) = reply else {
        return Err(Error::internal("a program is answered with data").into());
    };
    sending.note(&mut ctx.tx, &answer).await?;
    ctx.tx.commit().await?;
    Ok(answer)
}

/// The version of a row that a program saw: the tag of the answer in which it was told, or the number alone. A star says nothing of
/// what was seen.
pub(crate) fn seen_version(head: &RequestHead) -> Option<i64> {
    let tag = head.text(header::IF_MATCH)?.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    tag.split('.').next()?.parse().ok()
}

/// A right token is looked up at once, whatever others tried from the same address; after some wrong ones an address has to wait.
async fn holder(app: &App, tx: &mut Tx, head: &RequestHead) -> Result<Asking> {
    let given = given(head).ok_or(Error::SignedOut)?;
    if let Some(asking) = tokens::holder(app, tx, given).await? {
        return Ok(asking);
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
    let tag = tag_of(body, &text);
    let is_had = head.text(header::IF_NONE_MATCH).is_some_and(|had| {
        had.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    });
    let (status, body) =
        if is_had { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, Body::from(text)) };
    tagged(response::document(status, body, true), &tag)
}

/// What became of a change; something new is told with its address.
fn done(route: &Route, answer: &Value) -> Response {
    let text = answer.to_string();
    let tag = tag_of(answer, &text);
    let made = answer.get("id").and_then(Value::as_str).filter(|_| !route.names_one());
    let status = if made.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = tagged(response::document(status, Body::from(text), true), &tag);
    let place = made.and_then(|id| HeaderValue::from_str(&format!("{}/{id}", route.path)).ok());
    if let Some(place) = place {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

/// The version of a row stands first in it, where it has one: whoever changes the row sends the tag back as it is.
fn tag_of(body: &Value, text: &str) -> String {
    let digest = hex(Sha256::digest(text.as_bytes()));
    match body.get("version").and_then(Value::as_i64) {
        Some(version) => format!("\"{version}.{digest}\""),
        None => format!("\"{digest}\""),
    }
}

fn tagged(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
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
        Refusal::OtherMethod => "method_not_allowed",
        Refusal::Unsaid(what) => what.code(),
        Refusal::Error(error) => match error {
            Error::SignedOut => "no_token",
            Error::Forbidden(_) => "forbidden",
            Error::NotFound => "not_found",
            Error::Conflict(_) => "conflict",
            Error::NotNow(_) => "not_now",
            Error::Gone(_) => "gone",
            Error::Invalid(_) => "invalid",
            Error::TooLarge(_) => "too_large",
            Error::Locked(_) => "too_many_tries",
            Error::Unavailable(_) => "unavailable",
            Error::OutcomeUnknown(_) => "outcome_unknown",
            Error::Busy | Error::CannotStart(_) | Error::Internal(_) => "internal",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn the_version_that_was_seen_is_read_from_a_tag_and_from_a_number() {
        let seen = |tag: &str| {
            let request = Request::get("/").header(header::IF_MATCH, tag).body(Body::empty());
            seen_version(&RequestHead::of(request.unwrap()).0)
        };
        for tag in ["\"3\"", "3", "\"3.0f1e\"", "W/\"3.0f1e\""] {
            assert_eq!(seen(tag), Some(3), "{tag}");
        }
        for tag in ["*", "\"\"", "\"0f1e\"", "x"] {
            assert_eq!(seen(tag), None, "{tag}");
        }
        let body = serde_json::json!({ "id": "a", "version": 3 });
        assert_eq!(seen(&tag_of(&body, &body.to_string())), Some(3));
    }
}
