//! The line from the outside: whoever is slow or silent costs nobody else anything. On a socket, through the server that
//! is shipped.

use crate::both_engines;
use crate::oversight::interface::{self, NewToken};
use crate::site;
use crate::testing::wire::{Served, Wire, until};
use crate::testing::{Agent, Province, World, programme};
use jiedui_web::limits::{Limits, Places};
use jiedui_web::route::{Access, Method, Route};
use std::io::{Cursor, Write as _};
use std::time::Duration;

const FORM: &str = "application/x-www-form-urlencoded";
const FILE: &str = "multipart/form-data; boundary=edge";

/// Nobody is let go for being slow while the test looks.
fn patient() -> Limits {
    let (long, many) = (Duration::from_secs(600), Places { all: 1_000, each: 1_000 });
    Limits {
        head_time: long,
        form_time: long,
        upload_time: long,
        slow_after: long,
        open: many,
        receiving: many,
        uploads: many,
        connections: many,
        drain_time: Duration::from_millis(100),
        ..Limits::default()
    }
}

/// Everybody who is slow is let go at once.
fn strict() -> Limits {
    let short = Duration::from_millis(200);
    Limits {
        head_time: short,
        idle_time: short,
        form_time: short,
        upload_time: short,
        slow_after: short,
        drain_time: short,
        ..Limits::default()
    }
}

/// Somebody who may ask for this route.
async fn allowed(world: &World, p: &Province, route: &Route) -> Agent {
    let Access::Can(resource, action) = route.access else { return world.agent(&p.lead, "lead").await };
    let access = programme().access;
    let grant = access
        .grants
        .iter()
        .find(|grant| grant.resource == resource && grant.actions.iter().any(|one| one == action))
        .unwrap_or_else(|| panic!("nobody may {resource}.{action}"));
    world.agent(&p.office, &grant.roles[0]).await
}

/// The path with something in each of its places.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{year}" => "2026",
        part if part.starts_with('{') => "x",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn starts(answer: &str, status: u16) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "not {status}: {answer:.400}");
}

both_engines! {
    /// The body of every change in the site is under way at once, more of them than the database has connections; pages,
    /// changes and the check of readiness are answered all the same.
    async fn no_route_holds_the_database_while_its_body_is_under_way(world: World, p: Province) {
        let server = Served::start(&world, patient()).await;
        let mut stalled: Vec<(String, Wire)> = Vec::new();
        // What programs send has a line of its own, see below.
        let acts = site::site().routes;
        for route in acts.iter().filter(|route| route.method == Method::Post && !route.is_for_programs()) {
            let agent = allowed(&world, &p, route).await;
            let path = filled(route.path);
            for kind in [FORM, FILE].iter().take(1 + usize::from(route.uploads)) {
                stalled.push((path.clone(), server.stall(&path, kind, &agent).await));
            }
        }
        assert!(stalled.len() > 80, "the whole site: {}", stalled.len());
        until("every body is waited for", || server.app.gates.receiving.taken() == stalled.len()).await;
        let lead = world.agent(&p.lead, "lead").await;
        starts(&server.get("/healthz", &lead).await, 200);
        starts(&server.get("/", &lead).await, 200);
        starts(&server.get("/signin", &world.stranger()).await, 200);
        starts(&server.post("/drafts/visit-new", &lead, &[("agreed", "商定")]).await, 303);
        for (path, wire) in &stalled {
            assert!(wire.is_silent(), "{path} was answered without its body");
        }
        server.stop().await;
    }
}

both_engines! {
    /// What a program sends is received as a form is: meanwhile nothing of the database is held, and who is slow is let go.
    async fn a_change_of_a_program_is_received_as_a_form_is(world: World, p: Province) {
        let holder = world.person(&p.lead, "lead").await;
        let mut tx = world.tx().await;
        let new = NewToken { account: holder.account(), org: &holder.org, name: "测试", days: 30, writes: true };
        let (token, _) = interface::make(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        let head = format!(
            "POST /api/v1/entries HTTP/1.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k\r\n\
             Content-Type: application/json\r\nContent-Length: 1000"
        );
        let (server, nobody) = (Served::start(&world, patient()).await, world.stranger());
        let mut stalled = Vec::new();
        for _ in 0..40 {
            stalled.push(server.send(&head, &nobody, "{").await);
        }
        until("every body is waited for", || server.app.gates.receiving.taken() == stalled.len()).await;
        starts(&server.get("/signin", &nobody).await, 200);
        assert!(stalled.iter().all(Wire::is_silent), "answered without its body");
        server.stop().await;
        let server = Served::start(&world, strict()).await;
        let slow = server.send(&head, &nobody, "{").await.rest().await;
        starts(&slow, 408);
        assert!(slow.contains("\"too_slow\"") && slow.contains("connection: close"), "{slow}");
        server.stop().await;
    }

    async fn who_is_silent_or_slow_is_let_go(world: World) {
        let nobody = world.stranger();
        let server = Served::start(&world, strict()).await;
        let silent = server.connect().await;
        assert_eq!(silent.rest().await, "", "a connection without a request");
        let half = server.connect().await;
        half.send("GET /healthz HTTP/1.1\r\nHost: a").await;
        assert_eq!(half.rest().await, "", "half a head");
        let idle = server.send("GET /healthz HTTP/1.1", &nobody, "").await;
        starts(&idle.rest().await, 200);
        let slow = server.stall("/signin", FORM, &nobody).await.rest().await;
        starts(&slow, 408);
        assert!(slow.contains("传得太慢") && slow.contains("connection: close"), "{slow}");
        server.stop().await;
    }
}

both_engines! {
    /// Whoever finds no place is told so at once; a page is not kept waiting by slow bodies.
    async fn over_the_limit_is_refused_at_once(world: World) {
        let nobody = world.stranger();
        let two = Places { all: 10, each: 2 };
        let limits = Limits { receiving: two, spare_loopback: false, ..patient() };
        let server = Served::start(&world, limits).await;
        let _first = server.stall("/signin", FORM, &nobody).await;
        let _second = server.stall("/signin", FORM, &nobody).await;
        until("two bodies are waited for", || server.app.gates.receiving.taken() == 2).await;
        let third = server.stall("/signin", FORM, &nobody).await;
        let told = third.rest().await;
        starts(&told, 503);
        assert!(told.contains("retry-after: 10"), "{told}");
        starts(&server.get("/signin", &nobody).await, 200);
        server.stop().await;

        let limits = Limits { open: two, spare_loopback: false, ..patient() };
        let server = Served::start(&world, limits).await;
        let _open = [server.stall("/signin", FORM, &nobody).await, server.stall("/signin", FORM, &nobody).await];
        until("two requests are open", || server.app.gates.open.taken() == 2).await;
        let told = server.get("/signin", &nobody).await;
        starts(&told, 503);
        assert!(told.contains("retry-after: 10") && told.contains("content-security-policy"), "{told}");
        server.stop().await;

        let limits = Limits { connections: two, spare_loopback: false, ..patient() };
        let server = Served::start(&world, limits).await;
        let _silent = [server.connect().await, server.connect().await];
        until("two connections are open", || server.app.gates.connections.taken() == 2).await;
        starts(&server.get("/healthz", &nobody).await, 503);
        server.stop().await;
    }
}

both_engines! {
    /// A request that never ends, a half-sent head and a silent connection hold the stop up no longer than its limit.
    async fn the_stop_waits_no_longer_than_its_limit(world: World) {
        let nobody = world.stranger();
        let server = Served::start(&world, patient()).await;
        let (silent, half) = (server.connect().await, server.connect().await);
        half.send("GET /healthz HTTP/1.1\r\nHost: a").await;
        let stalled = server.stall("/signin", FORM, &nobody).await;
        until("a body is waited for", || server.app.gates.receiving.taken() == 1).await;
        server.stop().await;
        for wire in [silent, half, stalled] {
            assert_eq!(wire.rest().await, "", "closed without an answer");
        }
        assert_eq!(world.app.gates.receiving.taken(), 0);
    }
}

both_engines! {
    async fn a_page_does_not_read_a_body(world: World) {
        let nobody = world.stranger();
        let server = Served::start(&world, patient()).await;
        let wire = server.send("GET /healthz HTTP/1.1\r\nContent-Length: 1000", &nobody, "a").await;
        starts(&wire.rest().await, 200);
        server.stop().await;
    }
}

/// A small file that unpacks to a sheet of empty cells.
fn empty_cells(count: usize) -> Vec<u8> {
    let open = zip::write::SimpleFileOptions::default();
    let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheet = format!("<sheetData><row r=\"1\">{}</row></sheetData>", "<c/>".repeat(count));
    for (name, text) in [
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns:r=\"{relations}\"><sheets><sheet name=\"院校\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet>{sheet}</worksheet>")),
    ] {
        book.start_file(name, open).unwrap();
        book.write_all(text.as_bytes()).unwrap();
    }
    book.finish().unwrap().into_inner()
}

both_engines! {
    /// Reading a workbook holds neither the writer nor a thread that serves: another account's change is done meanwhile.
    async fn others_write_while_a_workbook_is_read(world: World, p: Province) {
        let (office, lead) = (world.agent(&p.office, "province").await, world.agent(&p.lead, "lead").await);
        let book = empty_cells(3_900_000);
        assert!(book.len() < 200_000, "{}", book.len());
        let app = &world.app;
        let uploading = office.upload("/import", "空.xlsx", &book);
        let writing = async {
            until("the workbook is being read", || app.slow_work.reading() == 1).await;
            let done = lead.post("/drafts/visit-new", &[("agreed", "商定")]).await;
            (done.status.as_u16(), app.slow_work.reading())
        };
        let (uploaded, written) = tokio::join!(uploading, writing);
        assert_eq!(written, (303, 1), "written, and the workbook still being read");
        assert_eq!(uploaded.status, 422, "there is nothing in it");
    }
}

both_engines! {
    async fn empty_cells_beyond_the_budget_are_refused(world: World, p: Province) {
        let office = world.agent(&p.office, "province").await;
        let answer = office.upload("/import", "空.xlsx", &empty_cells(6_000_000)).await;
        assert_eq!(answer.status, 422);
        assert!(answer.says("院校") && answer.says("单元格和行超过 400 万个"), "{}", answer.text());
    }
}

both_engines! {
    /// Every answer carries the headers, also those that no page of ours makes; nothing leads elsewhere.
    async fn headers_and_addresses(world: World, p: Province) {
        let server = Served::start(&world, patient()).await;
        let nobody = world.stranger();
        for (head, status) in [
            ("GET /static/app.css", 200),
            ("GET /static/favicon.svg", 200),
            ("GET /static/none.css", 404),
            ("GET /nowhere", 404),
            ("PUT /signin", 405),
            ("DELETE /entries", 405),
        ] {
            let wire = server.send(&format!("{head} HTTP/1.1\r\nConnection: close"), &nobody, "").await;
            let answer = wire.rest().await;
            starts(&answer, status);
            for header in ["content-security-policy: ", "x-content-type-options: nosniff", "x-frame-options: DENY"] {
                assert!(answer.contains(header), "{head} lacks {header}");
            }
            if head.contains("/static/") {
                assert!(answer.contains("; charset=utf-8"), "{head}: {answer:.400}");
            }
        }
        server.stop().await;
        world.agent(&p.lead, "lead").await;
        let login = format!("t-lead-{}", &p.lead[p.lead.len() - 12..]);
        for next in ["/\t/evil.example", "//evil.example", "/\\evil.example", "https://evil.example"] {
            let nobody = world.stranger();
            let token = nobody.get("/signin").await.attributes("main input[name=_csrf]", "value")[0].clone();
            let nobody = nobody.with_token(token);
            let sent = [("login", login.as_str()), ("password", "Testing-2026-x"), ("next", next)];
            let answer = nobody.post("/signin", &sent).await;
            assert_eq!((answer.status.as_u16(), answer.location.as_str()), (303, "/"), "{next:?}");
        }
    }
}
