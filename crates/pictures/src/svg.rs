//! Elements of an SVG text. What is written is well-formed because it is a tree, and safe because names are fixed and every
//! value is escaped.

use std::fmt::Display;

#[derive(Debug, Clone)]
pub(crate) struct Node {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
enum Child {
    Node(Node),
    Text(String),
}

impl Node {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), children: Vec::new() }
    }

    pub(crate) fn attr(mut self, name: &'static str, value: impl Display) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    pub(crate) fn class(self, class: &'static str) -> Self {
        self.attr("class", class)
    }

    pub(crate) fn child(mut self, node: Self) -> Self {
        self.push(node);
        self
    }

    pub(crate) fn push(&mut self, node: Self) {
        self.children.push(Child::Node(node));
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.children.push(Child::Text(text.to_owned()));
        self
    }

    pub(crate) fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.children {
            match child {
                Child::Node(node) => node.write(out),
                Child::Text(text) => escape(text, out),
            }
        }
        out.push_str("</");
        out.push_str(self.name);
        out.push('>');
    }
}

pub(crate) fn rect(x: i64, y: i64, width: i64, height: i64) -> Node {
    Node::new("rect").attr("x", x).attr("y", y).attr("width", width).attr("height", height)
}

/// Absolute coordinates only: that way a test can read whether they lie in the picture.
pub(crate) fn path(d: impl Display) -> Node {
    Node::new("path").attr("d", d)
}

/// Markup is taken for text, and what no XML may hold is left out.
fn escape(text: &str, out: &mut String) {
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            sign if sign.is_control() => {}
            sign => out.push(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_values_stays_text() {
        let node = Node::new("a").attr("href", "/x?a=1&b=\"2\"").text("<script>\u{b}x</script>");
        let mut text = String::new();
        node.write(&mut text);
        assert_eq!(text, "<a href=\"/x?a=1&amp;b=&quot;2&quot;\">&lt;script&gt;x&lt;/script&gt;</a>");
    }
}
