//! A database that cannot be used: the caller gets one clear page, and no restart is needed afterwards.

use crate::both_engines;
use crate::site::site;
use crate::testing::Province;
use chrono::TimeDelta;
use jiedui_kernel::Error;
use jiedui_store::testing::faults;
use jiedui_web::render::describe;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing::instrument::WithSubscriber as _;

const COMPLAINT: [(&str, &str); 4] = [
    ("kind", "duplicate"),
    ("words", "招生数每月填一次，年度又填一次"),
    ("named", "yes"),
    ("page", "/needs"),
];

both_engines! {
    async fn a_database_that_is_away_is_told_with_when_to_ask_again(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        faults::at_begin(&world.app.db).await.unwrap();
        let away = school.post("/complaints/new", &COMPLAINT).await;
        assert_eq!((away.status.as_u16(), away.retry_after.as_str()), (503, "10"));
        assert!(away.says("系统暂时无法使用") && away.says("没有写入"), "{}", away.text());
        let done = school.post("/complaints/new", &COMPLAINT).await;
        assert_eq!(done.status, 303, "the next one goes well");
        assert_eq!(school.get(&done.location).await.status, 200);
    }
}

/// What goes to a log while a test looks.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

both_engines! {
    /// A code that opens an account is worth as much in a log as on paper.
    async fn a_request_that_failed_is_logged_by_its_route_alone(world: World, p: Province) {
        let school = world.agent(&p.xingning, "county_school").await;
        let lines = Lines::default();
        let kept = lines.clone();
        let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || kept.clone()).finish();
        faults::at_begin(&world.app.db).await.unwrap();
        let away = school.post("/my/mail/a-code-that-opens", &[]).with_subscriber(log).await;
        assert_eq!(away.status.as_u16(), 503);
        let text = lines.text();
        assert!(text.contains("request failed") && text.contains("/my/mail/{code}"), "{text}");
        assert!(!text.contains("a-code-that-opens"), "{text}");
    }
}

both_engines! {
    async fn the_readiness_check_writes(world: World) {
        let nobody = world.stranger();
        let ready = nobody.get("/healthz").await;
        assert_eq!((ready.status.as_u16(), ready.text().as_str()), (200, "ok\n"));
        faults::at_first_write(&world.app.db).await.unwrap();
        assert_eq!(nobody.get("/healthz").await.status, 200, "one write a second, however many ask");
        world.clock().advance(TimeDelta::seconds(1));
        let away = nobody.get("/healthz").await;
        assert_eq!((away.status.as_u16(), away.retry_after.as_str()), (503, "10"));
        assert_eq!((away.content_type.as_str(), away.text().as_str()), ("text/plain; charset=utf-8", "数据库现在不能写入\n"));
        world.clock().advance(TimeDelta::seconds(1));
        assert_eq!(nobody.get("/healthz").await.status, 200);
    }
}

#[test]
fn what_may_have_been_written_is_not_called_unwritten() {
    let site = site();
    let unknown = describe(&site, &Error::OutcomeUnknown("commit".to_owned()));
    assert_eq!(unknown.text, "不确定是否写入，请先看列表，再决定是否重新提交。");
    assert!(!unknown.text.contains("没有写入"));
    for certain in [Error::Unavailable(String::new()), Error::Internal(String::new())] {
        assert!(describe(&site, &certain).text.contains("没有写入"));
    }
}
