//! The numbers, for whoever has the token. Not for everybody on this machine: behind a proxy all the world comes from there.

use crate::oversight::backups;
use crate::shared::jobs;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use jiedui_kernel::{Actor, Result};
use jiedui_store::audit::heads;
use jiedui_web::App;
use jiedui_web::head::RequestHead;
use jiedui_web::metrics::{gauge, is_token};
use jiedui_web::response;
use std::sync::Arc;
use std::time::Duration;

/// Whoever asks does so every few seconds; a database that needs longer for this is away.
const PATIENCE: Duration = Duration::from_secs(3);

/// Answers 404 where no token was set: there is nothing to be found then.
pub async fn answer(app: Arc<App>, head: Arc<RequestHead>) -> Response {
    if app.metrics_token.is_empty() {
        return response::plain(StatusCode::NOT_FOUND, "没有开放运行指标\n");
    }
    let given = head.text(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !is_token(given, &app.metrics_token) {
        return response::plain(StatusCode::UNAUTHORIZED, "密钥不对\n");
    }
    let mut text = app.metrics.text();
    of_server(&app, &mut text);
    let known = tokio::time::timeout(PATIENCE, of_database(&app)).await;
    let is_up = matches!(known, Ok(Ok(_)));
    if let Ok(Ok(more)) = known {
        text.push_str(&more);
    }
    let up = f64::from(u8::from(is_up));
    gauge(&mut text, "jiedui_database_up", "Whether the database answered just now.", &[(String::new(), up)]);
    response::lines(StatusCode::OK, text)
}

fn of_server(app: &App, text: &mut String) {
    let plain = |value: usize| vec![(String::new(), value as f64)];
    let gates = &app.gates;
    gauge(text, "jiedui_connections", "Open connections of clients.", &plain(gates.connections.taken()));
    gauge(text, "jiedui_requests_open", "Requests that are being answered.", &plain(gates.open.taken()));
    gauge(
        text,
        "jiedui_bodies_open",
        "Requests whose body is still coming.",
        &plain(gates.receiving.taken()),
    );
    let (mut all, mut idle) = (Vec::new(), Vec::new());
    for (pool, size, unused) in app.db.connections() {
        all.push((format!("pool=\"{pool}\""), f64::from(size)));
        idle.push((format!("pool=\"{pool}\""), unused as f64));
    }
    gauge(text, "jiedui_database_connections", "Connections to the database.", &all);
    gauge(text, "jiedui_database_connections_idle", "Of these, those that nobody uses.", &idle);
}

/// What the database itself has to be asked.
async fn of_database(app: &App) -> Result<String> {
    let mut tx = app.db.read(Arc::new(Actor::system("metrics"))).await?;
    let mut text = String::new();
    let plain = |value: i64| vec![(String::new(), value as f64)];
    let revision = tx.revision().await?;
    gauge(&mut text, "jiedui_revision", "Writes that were recorded, in all.", &plain(revision));
    if let Some(head) = heads::last(&mut tx).await? {
        gauge(
            &mut text,
            "jiedui_log_records",
            "Records under the newest head of the log.",
            &plain(head.size),
        );
        let at = head.at.timestamp();
        gauge(&mut text, "jiedui_log_head_timestamp_seconds", "When that head was noted.", &plain(at));
    }
    let numbers = jobs::numbers(&mut tx).await?;
    let states = numbers.into_iter().map(|(state, number)| (format!("state=\"{state}\""), number as f64));
    gauge(&mut text, "jiedui_jobs", "Jobs in the background, by state.", &states.collect::<Vec<_>>());
    if let Some(good) = backups::last_good(&mut tx).await? {
        let at = good.at.timestamp();
        gauge(
            &mut text,
            "jiedui_backup_timestamp_seconds",
            "The last backup that was put back and found whole.",
            &plain(at),
        );
        gauge(&mut text, "jiedui_backup_bytes", "Its size.", &plain(good.bytes));
        let seconds = (good.making_ms + good.checking_ms) as f64 / 1e3;
        gauge(
            &mut text,
            "jiedui_backup_seconds",
            "How long it took to make, put back and check.",
            &[(String::new(), seconds)],
        );
    }
    Ok(text)
}
