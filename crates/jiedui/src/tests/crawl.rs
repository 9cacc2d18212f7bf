//! Every page of the demonstration, as each account: it answers, no digit stands outside a figure, and what a figure
//! opens adds up to it.

use crate::both_engines;
use crate::demo::{ACCOUNTS, PASSWORD};
use crate::testing::{Agent, Demonstration, PageResponse, World};
use scraper::{ElementRef, Html, Selector};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// So many pages of one kind (same path but for ids) are looked at, for each account.
const OF_A_KIND: usize = 2;
/// Of so many figures the rows behind are added up.
const SUMS: usize = 40;

/// Where digits may stand: figures, dates, ids, paging, and texts that a person typed (history, remarks, names of
/// files); form controls show dates and years as values; a paper, whose figures open on the page it comes from.
const ALLOWED: &str = ".figure, time, code, .paging, .user-text, .timeline-note, .errors, [data-places], select, textarea, \
                       input, script, style, title, .flash, .source, pre, .paper";

pub(super) async fn sign_in(world: &World, login: &str) -> Agent {
    let agent = world.stranger();
    let page = agent.get("/signin").await;
    let token = page.attributes("main input[name=_csrf]", "value")[0].clone();
    let agent = agent.with_token(token);
    let done = agent.post("/signin", &[("login", login), ("password", PASSWORD)]).await;
    assert_eq!((done.status.as_u16(), done.location.as_str()), (303, "/"), "{login} signs in");
    agent.with_csrf().await
}

/// The path with ids and numbers taken out: pages of one kind look alike. Each indicator is a kind of its own; the many
/// ways to cut one are told apart by how often it is cut.
fn kind_of(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    if path.starts_with("/indicators/") && query.contains('&') {
        return format!("/indicators/*?{}", query.matches('&').count());
    }
    let id = |part: &str| part.len() >= 20 || part.chars().next().is_some_and(|c| c.is_ascii_digit());
    let parts: Vec<&str> = path.split('/').map(|part| if id(part) { "*" } else { part }).collect();
    let names: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.join("/"), names.into_iter().collect::<Vec<_>>().join("&"))
}

fn links(page: &Html) -> Vec<String> {
    // Where headings and the choice of columns lead, the test of lists goes.
    let anchors = Selector::parse("a[href]:not(.sort):not(.order a):not(.choose a)").unwrap();
    page.select(&anchors)
        .filter_map(|anchor| anchor.attr("href"))
        .filter(|href| href.starts_with('/') && !href.starts_with("/static/"))
        .map(|href| href.split('#').next().unwrap().to_owned())
        .collect()
}

/// Texts with digits that no allowed element encloses.
fn stray_digits(page: &Html) -> Vec<String> {
    let allowed = Selector::parse(ALLOWED).unwrap();
    let inside: BTreeSet<_> = page.select(&allowed).map(|found| found.id()).collect();
    let body = Selector::parse("body").unwrap();
    let mut found = Vec::new();
    for body in page.select(&body) {
        for node in body.descendants() {
            let Some(text) = node.value().as_text() else { continue };
            if without_years(text).chars().any(digit) && !node.ancestors().any(|up| inside.contains(&up.id()))
            {
                found.push(text.trim().to_owned());
            }
        }
    }
    found
}

/// The text with its years and months taken out: 2026年度 and 2026年11月 name a time and count nothing.
fn without_years(text: &str) -> String {
    let mut parts: Vec<String> = text.split('年').map(str::to_owned).collect();
    for at in 1..parts.len() {
        let digits = parts[at - 1].chars().rev().take_while(char::is_ascii_digit).count();
        if digits != 4 {
            continue;
        }
        let year = parts[at - 1].len() - 4;
        parts[at - 1].truncate(year);
        if let Some((month, rest)) = parts[at].split_once('月')
            && matches!(month.len(), 1 | 2)
            && month.chars().all(|c| c.is_ascii_digit())
        {
            parts[at] = format!("月{rest}");
        }
    }
    parts.join("年")
}

/// ASCII and full-width digits: Chinese numerals are words.
fn digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Adds up one column of the rows behind a figure, over all pages of the opened list.
async fn opened_sum(agent: &Agent, first: PageResponse, column: &str) -> i64 {
    let cells = format!("[data-behind] td[data-label={column}] .figure");
    let (mut sum, mut page) = (0, first);
    loop {
        sum += page.attributes(&cells, "data-raw").iter().map(|raw| raw.parse::<i64>().unwrap()).sum::<i64>();
        let Some(next) = page.attributes(".paging a[rel=next]", "href").into_iter().next() else {
            return sum;
        };
        page = agent.get(&next).await;
        assert_eq!(page.status, 200, "{next}");
    }
}

async fn check_sums(agent: &Agent, page: &Html, seen: &mut BTreeSet<(String, String)>) {
    let figures = Selector::parse("a.figure[data-rows]").unwrap();
    let wanted: Vec<(String, String, i64)> =
        page.select(&figures).map(|figure| figure_facts(&figure)).collect();
    for (href, label, raw) in wanted {
        let column = if label.contains("（登记）") { "登记" } else { "确认" };
        if !seen.insert((href.clone(), column.to_owned())) {
            continue;
        }
        let opened = agent.get(&href).await;
        assert_eq!(opened.status, 200, "{href}");
        let single = opened.attributes("[data-behind-row]", "data-behind-row").len() as i64;
        let sum = if single > 0 { single } else { opened_sum(agent, opened, column).await };
        assert_eq!(sum, raw, "{label} at {href}: the rows behind it add up to it");
    }
}

fn figure_facts(figure: &ElementRef<'_>) -> (String, String, i64) {
    let get = |name: &str| figure.attr(name).unwrap_or_default().to_owned();
    (get("href"), get("aria-label"), get("data-raw").parse().unwrap())
}

fn check_page(login: &str, address: &str, page: &PageResponse) {
    assert_eq!(page.status, 200, "{login} {address}");
    if !page.content_type.starts_with("text/html") {
        return;
    }
    let html = page.html();
    let stray = stray_digits(html);
    assert!(stray.is_empty(), "{login} {address}: digits outside a figure: {stray:?}");
    let titles = page.all("h1");
    assert_eq!(titles.len(), 1, "{login} {address}: one title, not {titles:?}");
}

/// On SQLite several pages of a kind. On PostgreSQL one: the statements are the same, and each is prepared there by a test of its own.
async fn crawl(world: &World, account: usize) {
    let of_a_kind = if world.app.db.engine_name() == "sqlite" { OF_A_KIND } else { 1 };
    visit(world, account, (of_a_kind, SUMS)).await;
}

/// Of an account that sees what the office sees and writes less: one of a kind, for where a page differs by role.
async fn look_around(world: &World, account: usize) {
    visit(world, account, (1, SUMS)).await;
}

/// Every kind of page that an account reaches by links, so many of each; of so many figures the rows are added up.
pub(super) async fn visit(world: &World, account: usize, (of_a_kind, most_sums): (usize, usize)) {
    let login = ACCOUNTS[account].login;
    let agent = sign_in(world, login).await;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut sums = BTreeSet::new();
    let mut waiting = VecDeque::from(["/".to_owned()]);
    let mut visited = BTreeSet::new();
    while let Some(address) = waiting.pop_front() {
        let kind = kinds.entry(kind_of(&address)).or_default();
        if *kind >= of_a_kind || !visited.insert(address.clone()) {
            continue;
        }
        *kind += 1;
        let page = agent.get(&address).await;
        if page.status == 303 {
            waiting.push_back(page.location);
            continue;
        }
        check_page(login, &address, &page);
        if page.content_type.starts_with("text/html") {
            let (found, sample) = (links(page.html()), sums.len() < most_sums);
            if sample {
                check_sums(&agent, page.html(), &mut sums).await;
            }
            waiting.extend(found);
        }
    }
    assert!(visited.len() > 5, "{login} sees only {} pages", visited.len());
}

both_engines! {
    async fn as_the_office(world: World, _made: Demonstration) { crawl(&world, 0).await; }
    async fn as_the_reviewer(world: World, _made: Demonstration) { look_around(&world, 1).await; }
    async fn as_a_leader(world: World, _made: Demonstration) { look_around(&world, 2).await; }
    async fn as_a_city(world: World, _made: Demonstration) { crawl(&world, 3).await; }
    async fn as_a_county(world: World, _made: Demonstration) { crawl(&world, 4).await; }
    async fn as_a_lead_college(world: World, _made: Demonstration) { crawl(&world, 5).await; }
    async fn as_a_nearby_college(world: World, _made: Demonstration) { crawl(&world, 6).await; }
    async fn as_a_county_school(world: World, _made: Demonstration) { crawl(&world, 7).await; }
    async fn as_the_system_administrator(world: World, _made: Demonstration) { crawl(&world, 8).await; }
    async fn as_the_security_administrator(world: World, _made: Demonstration) { crawl(&world, 9).await; }
    async fn as_the_auditor(world: World, _made: Demonstration) { crawl(&world, 10).await; }
}

/// Every account of the demonstration has its crawl above.
const _: () = assert!(ACCOUNTS.len() == 11);

#[test]
fn the_crawl_sees_what_it_should() {
    let page = Html::parse_document(
        "<body><p>有12所</p><p><a class=figure>12</a></p><time>2026</time><p>十二所</p><option>5</option><p>2026年度</p><p>12026年</p></body>",
    );
    assert_eq!(stray_digits(&page), ["有12所", "5", "12026年"]);
    assert_eq!(kind_of("/entries/01a0ebc276607109af6dd90cfc017f31?x=1"), "/entries/*?x");
    assert_eq!(kind_of("/indicators/visits?year=2026"), "/indicators/visits?year");
    assert_eq!(kind_of("/indicators/visits?year=2026&city=x&kind=y"), "/indicators/*?2");
    assert_eq!(links(&Html::parse_document("<a href='/a#b'>x</a><a href='https://x'>y</a>")), ["/a"]);
}
