//! A database that cannot be used: the caller gets one clear page, and no restart is needed afterwards.

use crate::both_engines;
use crate::site::site;
use crate::testing::Province;
use chrono::TimeDelta;
use jiedui_kernel::Error;
use jiedui_store::testing::faults;
use jiedui_web::render::describe;

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
