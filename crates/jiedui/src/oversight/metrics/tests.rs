//! Numbers for whoever has the token, and nobody's name among them.

use crate::both_engines;
use crate::site;
use crate::testing::{Province, programme};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use jiedui_kernel::Random;
use jiedui_store::audit;
use jiedui_web::App;
use std::sync::Arc;
use tower::ServiceExt as _;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

async fn ask(router: &axum::Router, token: &str) -> (u16, String) {
    let request = Request::get("/metrics").header("authorization", format!("Bearer {token}"));
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

both_engines! {
    async fn the_token_opens_numbers_and_nothing_else(world: World, p: Province) {
        while audit::sequence(&world.app.db).await.unwrap() > 0 {}
        assert_eq!(ask(&world.router, TOKEN).await.0, 404, "without a token there is nothing");
        let app = App::new(world.app.db.clone(), Random::System, programme(), false, site::site());
        let router = jiedui_web::router(&Arc::new(app.with_metrics_token(TOKEN.to_owned())));
        for wrong in ["", "0123", &TOKEN[1..]] {
            assert_eq!(ask(&router, wrong).await.0, 401, "{wrong}");
        }
        let path = format!("/entries/{}", p.visit);
        let answer = router.clone().oneshot(Request::get(&path).body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 303, "nobody is signed in");
        assert!(answer.headers().contains_key("x-request-id"));
        let (status, text) = ask(&router, TOKEN).await;
        assert_eq!(status, 200);
        for wanted in [
            "jiedui_requests_total{method=\"GET\",route=\"/entries/{id}\",status=\"303\"} 1",
            "jiedui_requests_total{method=\"GET\",route=\"/metrics\",status=\"401\"} 3",
            "jiedui_database_up 1",
            "# TYPE jiedui_request_seconds histogram",
        ] {
            assert!(text.lines().any(|line| line == wanted), "{wanted} in\n{text}");
        }
        assert!(text.contains("\njiedui_log_records ") && !text.contains(&p.visit));
        world.app.db.close().await;
        let (status, text) = ask(&router, TOKEN).await;
        assert!(status == 200 && text.contains("jiedui_database_up 0"), "it answers while the database does not");
    }
}
