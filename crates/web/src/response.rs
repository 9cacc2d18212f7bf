//! What every answer carries, and files.

use crate::local_path::LocalPath;
use crate::provider::OutsideAddress;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::Response;
use jiedui_kernel::{Error, Result};

const HTML: &str = "text/html; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";
const PROBLEM: &str = "application/problem+json; charset=utf-8";

const SECURITY: [(header::HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; object-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
];

/// For a year a browser that came through TLS comes through TLS only.
const HSTS: &str = "max-age=31536000";

/// The same with the headers that no answer lacks, whoever made it; what an answer says itself stays.
pub fn secured(mut response: Response, behind_tls: bool) -> Response {
    secure(response.headers_mut());
    if behind_tls {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    response
}

/// The same headers as lines, for an answer that is written by hand.
pub fn security_lines() -> String {
    SECURITY.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect()
}

pub fn secure(headers: &mut HeaderMap) {
    for (name, value) in SECURITY {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// A page, or its view as JSON.
pub fn document(code: StatusCode, body: Body, json: bool) -> Response {
    typed(code, body, if json { JSON } else { HTML })
}

fn typed(code: StatusCode, body: Body, kind: &'static str) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// What is wrong, for a program to read.
pub fn problem(code: StatusCode, text: String) -> Response {
    typed(code, Body::from(text), PROBLEM)
}

/// A line for a program to read.
pub fn plain(code: StatusCode, text: &'static str) -> Response {
    typed(code, Body::from(text), PLAIN)
}

/// Lines for a program to read.
pub fn lines(code: StatusCode, text: String) -> Response {
    typed(code, Body::from(text), PLAIN)
}

pub fn redirect(to: &LocalPath) -> Response {
    lead(HeaderValue::from_str(to.as_str()).unwrap_or(HeaderValue::from_static("/")))
}

/// To the provider of identities.
pub fn redirect_outside(to: &OutsideAddress) -> Result<Response> {
    Ok(lead(HeaderValue::from_str(to.as_str()).map_err(Error::internal)?))
}

fn lead(to: HeaderValue) -> Response {
    let mut response = document(StatusCode::SEE_OTHER, Body::empty(), false);
    response.headers_mut().insert(header::LOCATION, to);
    response
}

/// What somebody handed in may be shown within a page of this site: it runs nothing, sends nothing and loads nothing, and no
/// other site frames it. The viewer that browsers have for PDF puts its own style into it.
const SHOWN: [(header::HeaderName, &str); 2] = [
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'self'",
    ),
];

/// A file to be kept by the browser under its own name.
pub fn file(name: &str, mime: &'static str, body: Body) -> Result<Response> {
    named("attachment", name, mime, body)
}

/// A file to be shown within a page.
pub fn shown(name: &str, mime: &'static str, body: Body) -> Result<Response> {
    let mut response = named("inline", name, mime, body)?;
    for (header, value) in SHOWN {
        response.headers_mut().insert(header, HeaderValue::from_static(value));
    }
    Ok(response)
}

fn named(how: &str, name: &str, mime: &'static str, body: Body) -> Result<Response> {
    let mut response = typed(StatusCode::OK, body, mime);
    let value = format!("{how}; filename*=UTF-8''{}", ext_value(name));
    let value = HeaderValue::from_str(&value).map_err(Error::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    Ok(response)
}

/// A name as RFC 5987 has it: unlike in a form, a blank is `%20` and a star is encoded.
fn ext_value(name: &str) -> String {
    let form: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    form.replace('+', "%20").replace('*', "%2A")
}

pub async fn static_file(axum::extract::Path(path): axum::extract::Path<String>) -> Response {
    let Some(file) = crate::templates::Static::get(&path) else {
        return document(StatusCode::NOT_FOUND, Body::from("没有这个文件"), false);
    };
    let kind = match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml; charset=utf-8",
        _ => "application/octet-stream",
    };
    let mut response = typed(StatusCode::OK, Body::from(file.data.into_owned()), kind);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// What a client is told for whom there is no place: plain, because making a page costs what there is none of.
pub const BUSY: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>系统繁忙</title>\
<h1>系统繁忙</h1><p>现在同时使用的人太多，您的操作没有写入。请稍候几秒后重试。</p></html>\n";

pub fn busy(retry_after: u32) -> Response {
    let mut response = document(StatusCode::SERVICE_UNAVAILABLE, Body::from(BUSY), false);
    secure(response.headers_mut());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    response
}

pub fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// What a browser kept of this site goes when somebody signs out: finished pages, and whatever a script stored. What was typed
/// and not sent is kept at the server, so that nobody loses it.
pub fn forget_site(response: &mut Response) {
    let what = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(header::HeaderName::from_static("clear-site-data"), what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_tls_a_browser_is_told_to_stay_there() {
        let header = header::STRICT_TRANSPORT_SECURITY;
        assert!(secured(plain(StatusCode::OK, "x"), true).headers().contains_key(&header));
        assert!(!secured(plain(StatusCode::OK, "x"), false).headers().contains_key(&header));
        assert!(security_lines().contains("x-content-type-options: nosniff\r\n"));
    }

    #[test]
    fn what_was_handed_in_is_shown_here_and_runs_nothing() {
        let mut response = shown("课件.pdf", "application/pdf", Body::empty()).unwrap();
        secure(response.headers_mut());
        let header =
            |name: header::HeaderName| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert!(header(header::CONTENT_DISPOSITION).starts_with("inline; filename*=UTF-8''%E8"));
        assert_eq!(header(header::X_FRAME_OPTIONS), "SAMEORIGIN");
        let policy = header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    }

    #[test]
    fn names_of_files_are_encoded_for_their_header() {
        assert_eq!(ext_value("a b+c*.xlsx"), "a%20b%2Bc%2A.xlsx");
    }
}
