//! The page of a request that gets no answer of its handler.

use crate::App;
use crate::head::RequestHead;
use crate::refusal::{Refusal, Seen};
use crate::render::{self, ErrorView, Viewer};
use crate::reply::Page;
use crate::response::document;
use crate::route::Route;
use crate::way_back::way_back;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use jiedui_kernel::{Actor, Error};

/// `route` is the one that was asked for, where there is one.
pub fn failure(
    app: &App,
    head: &RequestHead,
    route: Option<Route>,
    refusal: &Refusal,
    seen: &Seen,
) -> Response {
    let told = describe(app, refusal);
    let back = way_back(app, head, (route, told.status), seen.signed_in.as_ref());
    let shown = ErrorView { typed: seen.typed.clone(), back, ..told };
    if shown.status >= 500 {
        // An address has ids in it, and codes that still open: it is not for a log.
        tracing::error!(route = route.map_or("", |route| route.path), ?refusal, "request failed");
    }
    let mut response = page(app, head, shown, seen);
    wait(app, refusal, &mut response);
    response
}

/// Says when to ask again, where that is known.
pub(crate) fn wait(app: &App, refusal: &Refusal, response: &mut Response) {
    let headers = response.headers_mut();
    match refusal {
        Refusal::Busy | Refusal::Overdue | Refusal::Error(Error::Unavailable(_)) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(app.limits.retry_after));
        }
        // The rest of the body is not waited for.
        Refusal::TooSlow => drop(headers.insert(header::CONNECTION, HeaderValue::from_static("close"))),
        Refusal::Error(_) | Refusal::OtherMethod | Refusal::Unsaid(_) => {}
    }
}

fn page(app: &App, head: &RequestHead, shown: ErrorView, seen: &Seen) -> Response {
    let signed_in = seen.signed_in.as_ref();
    let code = StatusCode::from_u16(shown.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Ok(view) = serde_json::to_value(&shown) else { return document(code, Body::from(shown.text), false) };
    if head.json {
        return document(code, Body::from(view.to_string()), true);
    }
    let public = Actor::public();
    let viewer = Viewer {
        actor: signed_in.map_or(&public, |caller| &caller.actor),
        csrf: signed_in.map_or("", |caller| caller.session.csrf.as_str()),
        signed_in: signed_in.is_some(),
        path: head.uri.path(),
        address: head.uri.path().to_owned(),
        names: None,
        unread: 0,
    };
    match render::page(app, &viewer, "error.html", &Page::new(shown.title, ""), &view, None) {
        Ok(text) => document(code, Body::from(text), false),
        Err(cause) => {
            tracing::error!(%cause, "the error page failed");
            document(code, Body::from(shown.text), false)
        }
    }
}

/// A refusal as its reader is told it.
pub(crate) fn describe(app: &App, refusal: &Refusal) -> ErrorView {
    let (status, title, text) = match refusal {
        Refusal::Error(error) => return render::describe(&app.site, error),
        Refusal::Unsaid(what) => what.told(),
        Refusal::TooSlow => {
            (408, "没有传完", "提交的内容传得太慢，没有写入。请检查网络后重试；文件较大时请拆成几份。")
        }
        Refusal::OtherMethod => {
            (405, "不能这样请求", "这个地址不接受这种请求方法，可以用的写在响应头 Allow 里。没有写入。")
        }
        Refusal::Busy => (503, "系统繁忙", "现在同时提交的人太多，您的操作没有写入。请稍候几秒后重试。"),
        Refusal::Overdue => {
            (503, "处理时间过长", "系统没有在规定时间内处理完，您的操作没有写入。请稍后重试。")
        }
    };
    render::error_view(&app.site, status, title, text.to_owned())
}
