//! `columns([["unit", "单位"], ["claimed", "登记", "num"]])`: each column of a table named once. The heading and what its
//! cells carry (their label on narrow screens, their class) come from the same line, so they cannot differ. With the
//! `sort` of a listing behind it, `columns([…], v.sort)`, the headings are links that sort, and a reader leaves out what is
//! not needed; a column goes by its key.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, HtmlEscape};
use std::collections::BTreeMap;

mod links;
use links::Links;

/// The name under which a template finds the whole heading.
const HEAD: &str = "head";

/// What a column is called, and how heading and cells are set.
struct Column {
    key: String,
    /// One label; or several, where a column is repeated (a month each, say).
    labels: Vec<Value>,
    repeated: bool,
    /// Classes of heading and cells. `hush` hides the heading's words from sight and gives the cells no label.
    both: String,
    /// Classes of the cells alone.
    cells: String,
    /// The reader left it out.
    hidden: bool,
}

/// An object with `head` and, under each key, the attributes of the column's cells (a list of them where the column is
/// repeated). An item that is undefined is a column that this reader does not get.
pub fn columns(list: &Value, sort: Option<&Value>) -> Result<Value, Error> {
    let items: Vec<Value> = list.try_iter()?.collect();
    let whole = items.iter().all(|item| !item.is_undefined());
    let mut shown =
        items.iter().filter(|item| !item.is_undefined()).map(read).collect::<Result<Vec<_>, _>>()?;
    let unsorted = Value::UNDEFINED;
    let links = Links(sort.filter(|sort| !sort.is_none()).unwrap_or(&unsorted));
    links.check(&shown, whole)?;
    links.hide(&mut shown);
    let mut head = links.menu(&shown)? + "<thead><tr>";
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for column in shown {
        let attributes: Vec<Value> = column.labels.iter().map(|label| column.attributes(label)).collect();
        let link = links.of(&column.key);
        column.labels.iter().for_each(|label| column.heading(label, &link, &mut head));
        let value = match attributes.first() {
            Some(only) if !column.repeated => only.clone(),
            _ => Value::from(attributes),
        };
        if found.insert(column.key.clone(), value).is_some() || column.key == HEAD {
            return Err(wrong(&format!("the column {} is named twice", column.key)));
        }
    }
    head.push_str("</tr></thead>");
    found.insert(HEAD.to_owned(), Value::from_safe_string(head));
    Ok(Value::from(found))
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("columns: {what}"))
}

fn read(item: &Value) -> Result<Column, Error> {
    let parts: Vec<Value> = item.try_iter()?.collect();
    if !(2..=4).contains(&parts.len()) {
        return Err(wrong("a column is [key, label], with classes of heading and cells, and of cells alone"));
    }
    let word = |at: usize| parts.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    let repeated = matches!(parts[1].kind(), ValueKind::Seq | ValueKind::Iterable);
    let labels = if repeated { parts[1].try_iter()?.collect() } else { vec![parts[1].clone()] };
    let column = Column { key: word(0), labels, repeated, both: word(2), cells: word(3), hidden: false };
    let named =
        |label: &Value| ["drawn", "said"].iter().all(|name| !part(label, name).to_string().is_empty());
    if column.key.is_empty() || !column.labels.iter().all(named) {
        return Err(wrong("a column without a key or without a label"));
    }
    Ok(column)
}

impl Column {
    fn is_hushed(&self) -> bool {
        self.both.split(' ').any(|class| class == "hush")
    }

    /// The classes but for `hush`, which belongs to the words of the heading.
    fn classes(&self, more: &str) -> String {
        let all = self.both.split(' ').chain(more.split(' '));
        let kept: Vec<&str> = all.filter(|class| !class.is_empty() && *class != "hush").collect();
        if kept.is_empty() { String::new() } else { format!(" class=\"{}\"", HtmlEscape(&kept.join(" "))) }
    }

    fn heading(&self, label: &Value, link: &Value, out: &mut String) {
        let words = drawn(label);
        let words = if self.is_hushed() { format!("<span class=\"hush\">{words}</span>") } else { words };
        let (sorted, words) = links::heading(link, words);
        let hidden = self.left_out();
        out.push_str(&format!("<th scope=\"col\"{}{sorted}{hidden}>{words}</th>", self.classes("")));
    }

    /// The label as the heading has it.
    fn drawn(&self) -> String {
        self.labels.first().map_or_else(String::new, drawn)
    }

    /// The label as plain words.
    fn words(&self) -> String {
        self.labels.first().map_or_else(String::new, said)
    }

    fn attributes(&self, label: &Value) -> Value {
        let words = said(label);
        let label = if self.is_hushed() { String::new() } else { format!(" data-label=\"{words}\"") };
        Value::from_safe_string(label + &self.classes(&self.cells) + self.left_out())
    }

    fn left_out(&self) -> &'static str {
        if self.hidden { " hidden" } else { "" }
    }
}

/// A heading that is drawn (the months of a year as a scale) says in words what the cells carry: {drawn, said}.
fn part(label: &Value, name: &str) -> Value {
    if label.kind() == ValueKind::Map { label.get_attr(name).unwrap_or_default() } else { label.clone() }
}

fn drawn(label: &Value) -> String {
    let label = part(label, "drawn");
    if label.is_safe() { label.to_string() } else { escaped(&label) }
}

fn said(label: &Value) -> String {
    let label = part(label, "said");
    if label.is_safe() { without_tags(&label.to_string()) } else { escaped(&label) }
}

fn escaped(label: &Value) -> String {
    HtmlEscape(&label.to_string()).to_string()
}

/// A heading may carry markup (a date, an id); the label of a cell is plain text.
fn without_tags(markup: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            '"' if !inside => kept.push_str("&quot;"),
            c if !inside => kept.push(c),
            _ => {}
        }
    }
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::columns;
    use minijinja::{Environment, UndefinedBehavior, Value, context};

    fn rendered(text: &str) -> Result<String, String> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
        environment.add_function("columns", |list: Value, sort: Option<Value>| columns(&list, sort.as_ref()));
        let label = "<乙\"";
        environment.render_str(text, context! { label, off => false }).map_err(|cause| format!("{cause:#}"))
    }

    #[test]
    fn heading_and_cells_come_from_one_line() {
        let page = rendered(
            "{% set col = columns([[\"unit\", \"单位\"], [\"n\", label, \"num\"], [\"acts\", \"操作\", \"acts-cell hush\"]]) %}\
             {{ col.head }}<td{{ col.unit }}><td{{ col.n }}><td{{ col.acts }}>",
        );
        let wanted = "<thead><tr><th scope=\"col\">单位</th><th scope=\"col\" class=\"num\">&lt;乙&quot;</th>\
                      <th scope=\"col\" class=\"acts-cell\"><span class=\"hush\">操作</span></th></tr></thead>\
                      <td data-label=\"单位\"><td data-label=\"&lt;乙&quot;\" class=\"num\"><td class=\"acts-cell\">";
        assert_eq!(page.as_deref(), Ok(wanted));
    }

    #[test]
    fn columns_repeat_carry_markup_and_are_left_out() {
        let page = rendered(
            "{% set day %}到 <time>5月</time>{% endset %}\
             {% set col = columns([[\"m\", [\"甲\", \"乙\"], \"\", \"keep\"], [\"day\", {\"drawn\": day, \"said\": \"日\"}], [\"e\", day],\
             [\"x\", \"丙\"] if off]) %}{{ col.head }}<td{{ col.m[1] }}><td{{ col.day }}><td{{ col.e }}>",
        );
        let wanted = "<thead><tr><th scope=\"col\">甲</th><th scope=\"col\">乙</th><th scope=\"col\">到 <time>5月</time></th>\
                      <th scope=\"col\">到 <time>5月</time></th></tr></thead>\
                      <td data-label=\"乙\" class=\"keep\"><td data-label=\"日\"><td data-label=\"到 5月\">";
        assert_eq!(page.as_deref(), Ok(wanted));
    }

    const SORT: &str = "{% set sort = {\"columns\": {\"a\": {\"up\": \"/t?sort=a\", \"down\": \"/t?sort=-a\", \"next\": \"/t?x&sort=-a\", \
                        \"now\": \"ascending\"}}, \"unsorted\": [\"b\"], \"usual\": \"/t?\"} %}";

    #[test]
    fn a_column_sorts_by_its_key() {
        let page = rendered(&format!(
            "{SORT}{{% set col = columns([[\"a\", \"甲\", \"num\"], [\"b\", \"乙\"], [\"c\", \"丙\", \"hush\"]], sort) %}}{{{{ col.head }}}}"
        ));
        let wanted = "<caption class=\"order\"><details class=\"order-by\"><summary>排序：甲，升序</summary><ul><li><a href=\"/t?\">默认顺序</a></li>\
                      <li><span>甲</span><a href=\"/t?sort=a\" aria-label=\"甲，升序\" aria-current=\"true\">升序</a>\
                      <a href=\"/t?sort=-a\" aria-label=\"甲，降序\">降序</a></li></ul></details></caption>\
                      <thead><tr><th scope=\"col\" class=\"num\" aria-sort=\"ascending\">\
                      <a class=\"sort\" href=\"/t?x&amp;sort=-a\" title=\"改为降序\">甲<span class=\"sort-mark\" aria-hidden=\"true\">▲</span></a></th>\
                      <th scope=\"col\">乙</th><th scope=\"col\"><span class=\"hush\">丙</span></th></tr></thead>";
        assert_eq!(page.map(|page| page.replace("&#x2f;", "/")).as_deref(), Ok(wanted));
    }

    #[test]
    fn a_reader_leaves_out_columns_but_not_the_first() {
        let sort = "{% set sort = {\"columns\": {}, \"unsorted\": [\"a\", \"b\", \"d\"], \"usual\": \"/t?\", \"whole\": \"/t?all\", \"toggles\": \
                    {\"a\": {\"href\": \"/t?a\", \"hidden\": true}, \"b\": {\"href\": \"/t?b\", \"hidden\": true}, \
                    \"d\": {\"href\": \"/t?d\", \"hidden\": false}}} %}";
        let page = rendered(&format!(
            "{sort}{{% set col = columns([[\"a\", \"甲\"], [\"b\", \"乙\", \"num\"], [\"d\", \"丁\"]], sort) %}}\
             {{{{ col.head }}}}<td{{{{ col.a }}}}><td{{{{ col.b }}}}><td{{{{ col.d }}}}>"
        ));
        let page = page.map(|page| page.replace("&#x2f;", "/")).unwrap_or_default();
        let chooser = "<details class=\"choose\"><summary>选择列（已隐藏：乙）</summary><ul><li><a href=\"/t?all\">显示全部列</a></li>\
                       <li><span>乙</span><a href=\"/t?b\" aria-label=\"显示：乙\">显示</a></li>\
                       <li><span>丁</span><a href=\"/t?d\" aria-label=\"隐藏：丁\">隐藏</a></li></ul></details></caption>";
        assert!(page.starts_with("<caption class=\"order chooses\">") && page.contains(chooser), "{page}");
        let cells = "<th scope=\"col\">甲</th><th scope=\"col\" class=\"num\" hidden>乙</th><th scope=\"col\">丁</th></tr></thead>\
                     <td data-label=\"甲\"><td data-label=\"乙\" class=\"num\" hidden><td data-label=\"丁\">";
        assert!(page.ends_with(cells), "{page}");
    }

    #[test]
    fn an_order_whose_column_was_left_out_is_told_by_the_menu() {
        let sort = |hidden: &str| {
            format!(
                "{{% set sort = {{\"columns\": {{\"b\": {{\"up\": \"/t?sort=b\", \"down\": \"/t?sort=-b\", \"next\": \"/t?sort=-b\", \"now\": \"ascending\"}}}}, \
                 \"unsorted\": [\"a\"], \"usual\": \"/t?\", \"whole\": \"/t?\", \"toggles\": {{\"b\": {{\"href\": \"/t?b\", \"hidden\": {hidden}}}}}}} %}}\
                 {{% set col = columns([[\"a\", \"甲\"], [\"b\", \"乙\"]], sort) %}}{{{{ col.head }}}}"
            )
        };
        let page = |hidden: &str| rendered(&sort(hidden)).unwrap_or_default();
        assert!(page("true").starts_with("<caption class=\"order chooses unseen\">"), "{}", page("true"));
        assert!(page("false").starts_with("<caption class=\"order chooses\">"), "{}", page("false"));
    }

    #[test]
    fn a_column_that_the_listing_does_not_know_fails_and_so_does_the_reverse() {
        let with = |columns: &str| rendered(&format!("{SORT}{{% set col = columns([{columns}], sort) %}}"));
        assert!(with("[\"a\", \"甲\"], [\"b\", \"乙\"]").is_ok());
        assert!(with("[\"a\", \"甲\"], [\"b\", \"乙\"], [\"d\", \"丁\"]").is_err());
        assert!(with("[\"b\", \"乙\"]").is_err());
        assert!(with("[\"b\", \"乙\"], [\"a\", \"甲\"] if off").is_ok(), "left out for this reader");
    }

    #[test]
    fn what_is_not_a_column_fails() {
        for wrong in [
            "{% set col = columns([[\"a\", \"甲\"]]) %}<td{{ col.b }}>",
            "{% set col = columns([[\"a\", \"甲\"], [\"a\", \"乙\"]]) %}",
            "{% set col = columns([[\"head\", \"甲\"]]) %}",
            "{% set col = columns([[\"a\"]]) %}",
            "{% set col = columns([[\"a\", nothing]]) %}",
            "{% set col = columns([\"a\"]) %}",
        ] {
            assert!(rendered(wrong).is_err(), "{wrong}");
        }
    }
}
