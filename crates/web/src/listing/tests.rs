use super::*;
use crate::sorting::Key;

fn asked(query: &str) -> Listing {
    Listing::at("/things", Unit::Items, &FormValues::parse(query.as_bytes()))
}

struct Thing {
    name: &'static str,
    size: Option<i64>,
}

const ORDERS: Orders<'static, Thing> = Orders {
    by: &[("name", |one| Some(Key::from(one.name))), ("size", |one| one.size.map(Key::from))],
    unsorted: &["state"],
};

fn resources(query: &str) -> Listed<&'static str> {
    let rows = [("b", Some(2)), ("a", None), ("d", Some(1)), ("c", Some(2)), ("e", None)];
    let rows = rows.map(|(name, size)| Thing { name, size }).into();
    asked(query).arrange(rows, &ORDERS).map(|one| one.name)
}

#[test]
fn what_is_understood_is_returned_and_kept_as_a_field() {
    let mut list = asked("q=+abc+&state=open&mine=yes&of=7&from=2026-01-02&to=2026-02-03&page=2&sort=-name");
    assert_eq!(list.text("q", "名称"), "abc");
    assert_eq!(list.choice("state", "状态", vec![Choice::new("open", "进行中")]), "open");
    assert!(list.flag("mine", "yes"));
    assert_eq!(list.id("of"), "7");
    let (from, to) = list.span(["from", "自"], ["to", "至"]);
    assert_eq!((from.to_string(), to.to_string()), ("2026-01-02".to_owned(), "2026-02-03".to_owned()));
    let listed = list.arrange(Vec::new(), &ORDERS);
    assert_eq!(listed.around.notes, Vec::<String>::new());
    let fields = serde_json::to_value(&listed.around.filters).unwrap();
    let fields: Vec<_> =
        fields.as_array().unwrap().iter().map(|one| (one["name"].clone(), one["value"].clone())).collect();
    let wanted = [
        ("q", "abc"),
        ("state", "open"),
        ("mine", "yes"),
        ("of", "7"),
        ("from", "2026-01-02"),
        ("to", "2026-02-03"),
        ("sort", "-name"),
    ];
    assert_eq!(fields, wanted.map(|(name, value)| (name.into(), value.into())));
}

/// Where only the first rows are sorted, no page and no link leads behind them.
#[test]
fn behind_the_first_rows_of_another_order_there_is_no_page() {
    let query = FormValues::parse(b"sort=name&page=9000");
    let pager = Pager::of_first("/things", &query, 10_000, Unit::Items);
    assert_eq!((pager.page, pager.pages), (400, 400));
    assert!(pager.next.is_none() && pager.more.is_none(), "all of them are not counted in this order");
    assert!(pager.total.value.is_some_and(|value| value.ends_with('+')), "there are more");
}

#[test]
fn what_is_not_understood_filters_nothing_and_is_told() {
    let mut list = asked("state=gone&mine=no&from=yesterday&sate=open&sort=colour&empty=");
    assert_eq!(list.choice("state", "状态", vec![Choice::new("open", "进行中")]), "");
    assert!(!list.flag("mine", "yes"));
    assert_eq!(list.span(["from", "自"], ["to", "至"]), (FIRST_DAY, LAST_DAY));
    let listed = list.arrange(Vec::new(), &ORDERS);
    let wanted =
        ["“状态”里没有这一项，没有按它筛选。", NOT_A_FILTER, "“自”不是日期，没有按它筛选。", NO_SUCH_ORDER];
    assert_eq!(listed.around.notes, wanted);
}

#[test]
fn columns_are_left_out_by_name_and_strange_ones_are_told() {
    let around = resources("hide=size.state&sort=name").around;
    assert!(around.notes.is_empty());
    let sort = serde_json::to_value(&around.sort).unwrap();
    let toggle = |href: &str, hidden: bool| serde_json::json!({ "href": href, "hidden": hidden });
    assert_eq!(sort["toggles"]["size"], toggle("/things?sort=name&hide=state", true));
    assert_eq!(sort["toggles"]["name"], toggle("/things?sort=name&hide=size.state.name", false));
    assert_eq!(sort["whole"], "/things?sort=name");
    let kept = serde_json::to_value(&around.filters).unwrap();
    assert!(kept.as_array().unwrap().iter().any(|one| one["name"] == "hide" && one["value"] == "size.state"));
    assert_eq!(resources("hide=size.colour").around.notes, [NO_SUCH_COLUMN]);
}

#[test]
fn a_span_turned_round_is_told_and_a_name_of_the_page_passes() {
    let mut list = asked("from=2026-02-03&to=2026-01-02&select=all");
    list.passes(&["select"]);
    assert_eq!(list.span(["from", "自"], ["to", "至"]), (FIRST_DAY, LAST_DAY));
    assert_eq!(list.arrange(Vec::new(), &ORDERS).around.notes, ["“至”早于“自”，没有按日期筛选。"]);
}

#[test]
fn what_leaves_nothing_to_choose_is_not_asked() {
    let mut list = asked("");
    assert_eq!(list.choice("city", "所在市", Vec::new()), "");
    let around = list.arrange(Vec::new(), &ORDERS).around;
    assert!(around.filters.is_empty() && around.notes.is_empty());
}

#[test]
fn rows_are_sorted_and_those_without_a_value_come_last() {
    assert_eq!(resources("").rows, ["b", "a", "d", "c", "e"]);
    assert_eq!(resources("sort=name").rows, ["a", "b", "c", "d", "e"]);
    assert_eq!(resources("sort=size").rows, ["d", "b", "c", "a", "e"]);
    assert_eq!(resources("sort=-size").rows, ["c", "b", "d", "e", "a"]);
}

#[test]
fn headings_lead_up_down_and_back() {
    let next = |query: &str| {
        let sort = serde_json::to_value(resources(query).around.sort).unwrap();
        let size = &sort["columns"]["size"];
        [size["now"].clone(), size["next"].clone()]
    };
    assert_eq!(next("page=3&sort=name"), ["", "/things?sort=size"], "the first page again");
    assert_eq!(next("sort=size"), ["ascending", "/things?sort=-size"]);
    assert_eq!(next("sort=-size"), ["descending", "/things?"]);
}

#[test]
fn a_page_behind_the_end_is_the_last() {
    let listing = asked("page=9");
    let rows = (0..30).map(|_| Thing { name: "x", size: None }).collect();
    let listed = listing.arrange(rows, &ORDERS);
    let pager = listed.around.pager.unwrap();
    assert_eq!((pager.page, pager.pages, listed.rows.len()), (2, 2, 5));
    assert_eq!((pager.prev.as_deref(), pager.next), (Some("/things?page=1"), None));
}
