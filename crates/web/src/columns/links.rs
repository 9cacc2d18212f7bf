//! What sorts a table: a link in each heading, and where the headings are not shown a menu of the same.

use super::{Column, wrong};
use minijinja::value::Value;
use minijinja::{Error, HtmlEscape};

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
            let (links, label) = (self.of(&column.key), column.words());
            if links.is_undefined() {
                continue;
            }
            lines.push_str(&format!("<li><span>{label}</span>"));
            for (name, state, word) in [("up", "ascending", "升序"), ("down", "descending", "降序")] {
                let here = text(&links, "now") == state;
                if here {
                    now = format!("{label}，{word}");
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
        Ok(format!(
            "<caption class=\"order\"><details><summary>排序：{now}</summary><ul>\
             <li><a href=\"{usual}\">默认顺序</a></li>{lines}</ul></details></caption>"
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
        format!("<span class=\"sort-mark\" aria-hidden=\"true\">{mark}</span>")
    };
    let sorted = if now.is_empty() { String::new() } else { format!(" aria-sort=\"{now}\"") };
    let href = text(links, "next");
    let href = HtmlEscape(&href);
    (sorted, format!("<a class=\"sort\" href=\"{href}\" title=\"{next}\">{words}{mark}</a>"))
}
