//! Every list of the demonstration: each order both ways, each filter, every page, and what is not understood. A new list
//! is found by its page; one that no page shows fails.

use super::crawl::sign_in;
use crate::both_engines;
use crate::demo::ACCOUNTS;
use crate::shared::mechanism;
use crate::testing::{Agent, Demonstration, PageResponse};
use jiedui_store::all_lists;
use jiedui_web::route::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Lists longer than this are looked at on their first page only.
const MOST_ROWS: i64 = 150;

/// Figures of every kind of list that stands behind one.
const BEHIND: [&str; 4] = [
    "/indicators/visits",
    "/indicators/visits?asof=2026-09-30",
    "/indicators/enrolment",
    "/indicators/paired",
];

/// Lists whose first row leads to a page with a list of its own.
const LEADING: [&str; 1] = ["/enterprises"];

/// The keys of a list: those that sort it, and the columns that do not.
type Keys = (BTreeSet<String>, BTreeSet<String>);

/// Lists found so far, each with the address and the account at which most of it is seen.
#[derive(Default)]
struct Found(BTreeMap<String, (i64, usize)>);

/// The list of a page, which may stand within another part of it; what stands around it is then told outside too.
fn list_in(view: &Value) -> Option<&Value> {
    let fields = view.as_object()?;
    // A page that groups its rows has them in no other order.
    let own = view["sort"]["columns"].as_object().filter(|columns| !columns.is_empty()).map(|_| view);
    fields.values().find_map(list_in).or(own)
}

fn rows(list: &Value) -> Vec<String> {
    let rows = ["rows", "resources"].iter().filter_map(|name| list[name].as_array());
    rows.flatten().map(Value::to_string).collect()
}

fn keys(list: &Value) -> Keys {
    let sorted = list["sort"]["columns"].as_object().unwrap().keys().cloned().collect();
    let not = list["sort"]["unsorted"].as_array().unwrap().iter();
    (sorted, not.map(|key| key.as_str().unwrap().to_owned()).collect())
}

fn total(list: &Value) -> i64 {
    list["pager"]["total"]["raw"].as_i64().unwrap()
}

fn with(address: &str, more: &str) -> String {
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}{more}")
}

async fn list_at(agent: &Agent, address: &str) -> Option<Value> {
    let page = agent.get_json(address).await;
    if page.status != 200 || !page.content_type.contains("json") {
        return None;
    }
    list_in(&page.json()).cloned()
}

/// The rows of all pages, in their order; the pages tell of each other and of their number.
async fn all_rows(agent: &Agent, address: &str) -> Vec<String> {
    let first = list_at(agent, &with(address, "page=1")).await.unwrap();
    let pages = first["pager"]["pages"].as_i64().unwrap();
    let mut found = rows(&first);
    if total(&first) > MOST_ROWS {
        return found;
    }
    for page in 2..=pages {
        let next = list_at(agent, &with(address, &format!("page={page}"))).await.unwrap();
        assert_eq!(next["pager"]["page"], page, "{address}");
        assert_eq!(next["pager"]["next"].is_null(), page == pages, "{address}");
        found.extend(rows(&next));
    }
    assert_eq!(found.len() as i64, total(&first), "{address}: every row stands on one page");
    let behind = list_at(agent, &with(address, "page=99999")).await.unwrap();
    assert_eq!(behind["pager"]["page"], pages, "{address}: behind the end is the last page");
    found
}

fn set(rows: &[String]) -> Vec<&String> {
    let mut sorted: Vec<&String> = rows.iter().collect();
    sorted.sort_unstable();
    sorted
}

/// Downwards is upwards turned round; rows without a value come last in both.
fn mirrors(up: &[String], down: &[String]) -> bool {
    let turned = |rows: &[String]| rows.iter().rev().cloned().collect::<Vec<_>>();
    (0..=up.len()).any(|with_value| {
        let (head, tail) = up.split_at(with_value);
        down == [turned(head), turned(tail)].concat()
    })
}

/// What the cells of the column that is sorted say to machines: days, and numbers. Empty where they are words.
fn values(page: &PageResponse) -> (Vec<String>, Vec<i64>) {
    let table = "table:has(th[aria-sort])";
    let heads = page.attributes(&format!("{table} thead th"), "class").len();
    assert!(heads <= 20, "one table is sorted");
    let html = page.html();
    let select = |text: &str| scraper::Selector::parse(text).unwrap();
    let heads: Vec<_> = html.select(&select(&format!("{table} thead th"))).collect();
    let at = heads.iter().position(|head| head.attr("aria-sort").is_some()).unwrap() + 1;
    let cell = format!("{table} tbody tr > :nth-child({at})");
    let (mut days, mut numbers) = (Vec::new(), Vec::new());
    for cell in html.select(&select(&cell)) {
        // What stands first in the cell; a second one explains it, as does the day of a state.
        if cell.select(&select(".state")).next().is_some() {
            continue;
        }
        let Some(first) = cell.select(&select("time, .figure")).next() else { continue };
        days.extend(first.attr("datetime").map(str::to_owned));
        numbers.extend(first.attr("data-raw").and_then(|raw| raw.parse::<i64>().ok()));
    }
    (days, numbers)
}

/// A heading leads there, and the page says how it is sorted; days and numbers lie in that order.
async fn check_page(agent: &Agent, address: &str, down: bool) {
    let page = agent.get(address).await;
    assert_eq!(page.status, 200, "{address}");
    let word = if down { "descending" } else { "ascending" };
    assert_eq!(page.attributes("th[aria-sort]", "aria-sort"), [word], "{address}");
    assert_eq!(page.attributes(".order [aria-current]", "href").len(), 1, "{address}");
    let (days, numbers) = values(&page);
    let in_order = days.is_sorted_by(|a, b| if down { a >= b } else { a <= b })
        && numbers.is_sorted_by(|a, b| if down { a >= b } else { a <= b });
    assert!(in_order, "{address}: {days:?} {numbers:?}");
}

async fn check_orders(agent: &Agent, address: &str, list: &Value, usual: &[String]) {
    for key in keys(list).0 {
        let mut ways = Vec::new();
        for (sort, down) in [(key.clone(), false), (format!("-{key}"), true)] {
            let sorted = with(address, &format!("sort={sort}"));
            let found = list_at(agent, &sorted).await.unwrap();
            assert_eq!(found["notes"], serde_json::json!([]), "{sorted}");
            assert_eq!(total(&found), total(list), "{sorted}");
            check_page(agent, &sorted, down).await;
            ways.push(all_rows(agent, &sorted).await);
        }
        if total(list) <= MOST_ROWS {
            assert_eq!(set(&ways[0]), set(usual), "{address} by {key}: the same rows");
            assert!(mirrors(&ways[0], &ways[1]), "{address} by {key}: downwards is upwards turned round");
        }
    }
}

/// All columns but the first are left out: the list is the same, and its headings and cells are not shown.
async fn check_columns(agent: &Agent, address: &str, list: &Value) {
    let (sorted, not) = keys(list);
    let all: Vec<String> = sorted.into_iter().chain(not).collect();
    let asked = with(address, &format!("hide={}", all.join(".")));
    let found = list_at(agent, &asked).await.unwrap();
    assert_eq!((&found["notes"], total(&found)), (&serde_json::json!([]), total(list)), "{asked}");
    let page = agent.get(&asked).await;
    let (heads, hidden) = (page.all("thead th").len(), page.all("thead th[hidden]").len());
    assert!(hidden > 0 && hidden < heads, "{asked}: {hidden} of {heads}");
    assert!(!page.all("tbody td[hidden]").is_empty(), "{asked}");
}

/// The page with a filter: nothing is said to be wrong, and where the filter only narrows, its rows are among all.
async fn narrowed(agent: &Agent, address: &str, name: &str, value: &str) -> (i64, Vec<String>) {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let filtered = with(address, &query.append_pair(name, value).finish());
    let found = list_at(agent, &filtered).await.unwrap_or_else(|| panic!("no list at {filtered}"));
    assert_eq!(found["notes"], serde_json::json!([]), "{filtered}");
    let kept =
        found["filters"].as_array().unwrap().iter().any(|one| one["name"] == name && one["value"] == value);
    assert!(kept, "{filtered}: the field shows what was chosen");
    (total(&found), rows(&found))
}

async fn check_filters(agent: &Agent, address: &str, list: &Value, usual: &[String]) {
    for filter in list["filters"].as_array().unwrap() {
        let (name, kind) = (filter["name"].as_str().unwrap(), filter["kind"].as_str().unwrap());
        if kind == "text" {
            assert_eq!(narrowed(agent, address, name, "没有这样的名称").await.0, 0, "{address} {name}");
        }
        for option in filter["options"].as_array().unwrap() {
            let (count, rows) = narrowed(agent, address, name, option["value"].as_str().unwrap()).await;
            if filter["blank"] == "全部" && total(list) <= MOST_ROWS {
                assert!(count <= total(list), "{address} {name}");
                assert!(rows.iter().all(|row| usual.contains(row)), "{address} {name}");
            }
        }
        if kind != "text" && kind != "hidden" {
            check_wrong(agent, address, list, &format!("{name}=no-such")).await;
        }
    }
    for wrong in ["no-such-filter=1", "sort=no-such", "sort=-", "hide=no-such"] {
        check_wrong(agent, address, list, wrong).await;
    }
}

/// What is not understood filters nothing, and the page says so.
async fn check_wrong(agent: &Agent, address: &str, list: &Value, wrong: &str) {
    let asked = with(address, wrong);
    let found = list_at(agent, &asked).await.unwrap();
    assert_eq!(found["notes"].as_array().unwrap().len(), 1, "{asked}");
    assert_eq!(total(&found), total(list), "{asked}");
    assert_eq!(agent.get(&asked).await.all(".notice-warn").len(), 1, "{asked}");
}

/// Addresses of the lists that this account sees: of all pages without an id, of the rows behind figures, and of one
/// thing where its page has a list.
async fn look(found: &mut Found, agent: &Agent, at: usize) {
    let routes = mechanism::all().flat_map(|one| (one.routes)());
    let pages = routes.filter(|route| route.method == Method::Get && !route.path.contains('{'));
    let pages = pages.map(|route| route.path.to_owned()).chain(BEHIND.map(str::to_owned));
    let mut pages: BTreeSet<String> = pages.collect();
    for leading in LEADING {
        let list = list_at(agent, leading).await;
        let first = list.and_then(|list| list["rows"][0]["link"]["href"].as_str().map(str::to_owned));
        pages.extend(first);
    }
    for address in pages {
        let Some(list) = list_at(agent, &address).await else { continue };
        let seen = found.0.entry(address).or_insert((-1, at));
        if total(&list) > seen.0 {
            *seen = (total(&list), at);
        }
    }
}

/// Every list that was found, as the account that sees most of it.
async fn check(found: &Found, agents: &[Agent]) {
    let mut seen = Vec::new();
    for (address, (count, at)) in &found.0 {
        let agent = &agents[*at];
        let list = list_at(agent, address).await.unwrap();
        seen.push(keys(&list));
        assert_eq!(list["notes"], serde_json::json!([]), "{address}");
        let usual = all_rows(agent, address).await;
        check_filters(agent, address, &list, &usual).await;
        if *count > 0 {
            check_orders(agent, address, &list, &usual).await;
            check_columns(agent, address, &list).await;
        }
    }
    let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>();
    for list in all_lists() {
        let keys = (list.orders.iter().map(|order| order.key.to_owned()).collect(), owned(list.unsorted));
        assert!(seen.contains(&keys), "{} in {} is on no page that was looked at", list.name, list.file);
    }
}

both_engines! {
    async fn every_list_sorts_and_filters(world: World, _made: Demonstration) {
        let (mut found, mut agents) = (Found::default(), Vec::new());
        for (at, account) in ACCOUNTS.iter().enumerate() {
            let agent = sign_in(&world, account.login).await;
            look(&mut found, &agent, at).await;
            agents.push(agent);
        }
        check(&found, &agents).await;
    }
}

#[test]
fn the_mirror_sees_rows_without_a_value() {
    let rows = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
    assert!(mirrors(&rows("abcde"), &rows("edcba")) && mirrors(&rows("abcde"), &rows("cbaed")));
    assert!(!mirrors(&rows("abcde"), &rows("abdce")));
}
