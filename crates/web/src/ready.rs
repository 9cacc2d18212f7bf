//! The readiness check: whether a row can be written now.

use crate::App;
use crate::head::RequestHead;
use crate::response;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use std::sync::Arc;

pub async fn answer(app: Arc<App>, _head: Arc<RequestHead>) -> Response {
    // The cause is logged where the row is written: once for each try, however many ask.
    if app.db.check_writable().await.is_ok() {
        return response::plain(StatusCode::OK, "ok\n");
    }
    let mut response = response::plain(StatusCode::SERVICE_UNAVAILABLE, "数据库现在不能写入\n");
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(app.limits.retry_after));
    response
}
