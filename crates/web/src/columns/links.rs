//! What sorts a table: a link in each heading, and where the headings are not shown a menu of the same. Beside it, what leaves
//! out a column and shows it again.

use super::{Column, wrong};
use minijinja::value::Value;
use minijinja::{Error, HtmlEscape};

/// The class of the mark beside the heading by which a table is sorted.
const MARK: &str = "sort-mark";
/// The menu of orders, that of columns, and both; and both where no heading shows the order.
const BY: &str = "order-by";
const CHOOSE: &str = "choose";
const BOTH: &str = "order chooses";
const UNSEEN: &str = "order chooses unseen";

/// The `sort` of a listing, or nothing.
pub struct Links<'a>(pub &'a Value);

fn text(of: &Value, name: &str) -> String {
    of.get_attr(name).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Links<'_> {
    fn is_none(&self) -> bool {
        self.0.is_undefined()
    }

    fn part(&self, name: &str) -> Value {
        self.0.get_attr(name).unwrap_or_default()
    }

    fn keys(&self, name: &str) -> Vec<String> {
        let found = self.part(name);
        found.try_iter().map(|all| all.map(|key| key.to_string()).collect()).unwrap_or_default()
    }

    /// The links of a column; undefined where it has none.
    pub fn of(&self, key: &str) -> Value {
        self.part("columns").get_attr(key).unwrap_or_default()
    }

    fn toggle(&self, key: &str) -> Value {
        self.part("toggles").get_attr(key).unwrap_or_default()
    }

    /// Whether the reader may leave a column out. What is repeated is many columns under one key.
    fn is_free(&self, column: &Column) -> bool {
        !column.repeated && !self.toggle(&column.key).is_undefined()
    }

    /// Marks what the reader left out. The first column names the row: it stays.
    pub fn hide(&self, shown: &mut [Column]) {
        for column in shown.iter_mut().filter(|column| !column.is_hushed()).skip(1) {
            let toggle = self.toggle(&column.key);
            let hidden = toggle.get_attr("hidden").is_ok_and(|hidden| hidden.is_true());
            column.hidden = hidden && self.is_free(column);
        }
    }

    /// The menu of columns; "" where there is nothing to choose.
    fn chooser(&self, shown: &[Column]) -> String {
        let own = shown.iter().filter(|column| !column.is_hushed()).skip(1);
        let (mut lines, mut hidden) = (String::new(), Vec::new());
        for column in own.filter(|column| self.is_free(column)) {
            let (drawn, label) = (column.drawn(), column.words());
            let word = if column.hidden { "显示" } else { "隐藏" };
            let href = text(&self.toggle(&column.key), "href");
            let href = HtmlEscape(&href);
            lines.push_str(&format!(
                "<li><span>{drawn}</span><a href=\"{href}\" aria-label=\"{word}：{label}\">{word}</a></li>"
            ));
            hidden.extend(column.hidden.then_some(drawn));
        }
        if lines.is_empty() {
            return String::new();
        }
        let (mut now, mut all) = (String::new(), String::new());
        if !hidden.is_empty() {
            let whole = text(self.0, "whole");
            now = format!("（已隐藏：{}）", hidden.join("、"));
            all = format!("<li><a href=\"{}\">显示全部列</a></li>", HtmlEscape(&whole));
        }
        format!("<details class=\"{CHOOSE}\"><summary>选择列{now}</summary><ul>{all}{lines}</ul></details>")
    }

    /// A column is sorted by, or its listing says that it is not; `whole` where no column is left out for this reader.
    pub fn check(&self, shown: &[Column], whole: bool) -> Result<(), Error> {
        if self.is_none() {
            return Ok(());
        }
        let (sorted, unsorted) = (self.keys("columns"), self.keys("unsorted"));
        let said = |key: &String| sorted.contains(key) || unsorted.contains(key);
        let strange = shown.iter().find(|one| !one.is_hushed() && !said(&one.key));
        if let Some(column) = strange {
            return Err(wrong(&format!("the listing does not say whether {} sorts it", column.key)));
        }
        let missing = sorted.iter().find(|key| shown.iter().all(|column| column.key != **key));
        match missing.filter(|_| whole) {
            Some(key) => Err(wrong(&format!("the listing names {key}, which is no column"))),
            None => Ok(()),
        }
    }

    /// On narrow screens a table has no headings; there these links take their place.
    pub fn menu(&self, shown: &[Column]) -> Result<String, Error> {
        if self.is_none() {
            return Ok(String::new());
        }
        let mut now = "默认顺序".to_owned();
        let mut lines = String::new();
        for column in shown {
            let (links, label, drawn) = (self.of(&column.key), column.words(), column.drawn());
            if links.is_undefined() {
                continue;
            }
            lines.push_str(&format!("<li><span>{drawn}</span>"));
            for (name, state, word) in [("up", "ascending", "升序"), ("down", "descending", "降序")] {
                let here = text(&links, "now") == state;
                if here {
                    now = format!("{drawn}，{word}");
                }
                let current = if here { " aria-current=\"true\"" } else { "" };
                let href = text(&links, name);
                let href = HtmlEscape(&href);
                lines.push_str(&format!(
                    "<a href=\"{href}\" aria-label=\"{label}，{word}\"{current}>{word}</a>"
                ));
            }
            lines.push_str("</li>");
        }
        let usual = text(self.0, "usual");
        let usual = HtmlEscape(&usual);
        let chooser = self.chooser(shown);
        // Sorted by a column that was left out: on wide screens too the menu then says so, and leads back.
        let unseen = shown.iter().any(|one| one.hidden && !text(&self.of(&one.key), "now").is_empty());
        let class = match (chooser.is_empty(), unseen) {
            (true, _) => "order",
            (false, false) => BOTH,
            (false, true) => UNSEEN,
        };
        Ok(format!(
            "<caption class=\"{class}\"><details class=\"{BY}\"><summary>排序：{now}</summary><ul>\
             <li><a href=\"{usual}\">默认顺序</a></li>{lines}</ul></details>{chooser}</caption>"
        ))
    }
}

/// What a heading says of itself to machines, and its words as a link.
pub fn heading(links: &Value, words: String) -> (String, String) {
    if links.is_undefined() {
        return (String::new(), words);
    }
    let now = text(links, "now");
    let (mark, next) = match now.as_str() {
        "ascending" => ("▲", "改为降序"),
        "descending" => ("▼", "恢复默认顺序"),
        _ => ("", "按升序排列"),
    };
    let mark = if mark.is_empty() {
        String::new()
    } else {
        format!("<span class=\"{MARK}\" aria-hidden=\"true\">{mark}</span>")
    };
    let sorted = if now.is_empty() { String::new() } else { format!(" aria-sort=\"{now}\"") };
    let href = text(links, "next");
    let href = HtmlEscape(&href);
    (sorted, format!("<a class=\"sort\" href=\"{href}\" title=\"{next}\">{words}{mark}</a>"))
}
