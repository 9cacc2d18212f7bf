//! Pages obey a strict content policy: no script, style or handler is written into the markup. What every page has (a form
//! that changes something, the columns of a table) is written in one way, and a line can be read without scrolling.

use crate::complaint::Complaint;
use crate::tree::File;

/// What the browser would refuse to run, found before the browser does.
pub fn inline(files: &[File]) -> Vec<Complaint> {
    let pages = files.iter().filter(|file| file.extension() == "html");
    pages.flat_map(of_page).collect()
}

fn of_page(page: &File) -> Vec<Complaint> {
    let text = without_comments(&page.text);
    let small = text.to_ascii_lowercase();
    let mut complaints = Vec::new();
    for (at, _) in small.match_indices('<') {
        let Some((tag, attributes, end)) = opening(&text, at) else { continue };
        let mut complain = |what: String| {
            let line = 1 + text[..at].matches('\n').count();
            complaints.push(Complaint::new(&page.path, line, what));
        };
        let body = small[end..].split("</").next().unwrap_or_default();
        if tag == "script" && !body.trim().is_empty() {
            complain("a script with a body: put it into a file of frontend/".to_owned());
        }
        if tag == "style" {
            complain("a <style> element: put it into a stylesheet of frontend/".to_owned());
        }
        for name in attributes {
            if name == "style" || (name.starts_with("on") && name.len() > 2) {
                complain(format!("the attribute {name}=: use a class, or a listener in a script file"));
            }
        }
    }
    complaints
}

/// The template engine's comments, blanked so that lines keep their numbers.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("{#") {
        let end = rest[at..].find("#}").map_or(rest.len(), |more| at + more + 2);
        kept.push_str(&rest[..at]);
        kept.extend(rest[at..end].chars().filter(|c| *c == '\n'));
        rest = &rest[end..];
    }
    kept + rest
}

/// The tag that opens at `at`: its name, the names of its attributes, and where it ends. Values are skipped, quoted
/// or not, and so is what the template engine puts between the attributes.
fn opening(text: &str, at: usize) -> Option<(String, Vec<String>, usize)> {
    let bytes = text.as_bytes();
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:@.".contains(&byte);
    let name_from = |from: usize| from + bytes[from..].iter().take_while(|byte| of_name(**byte)).count();
    let mut here = name_from(at + 1);
    if here == at + 1 {
        return None;
    }
    let tag = text[at + 1..here].to_ascii_lowercase();
    let mut attributes = Vec::new();
    while here < bytes.len() && bytes[here] != b'>' {
        let skip_to = |close: &str| {
            text[here + 1..].find(close).map_or(bytes.len(), |more| here + 1 + more + close.len())
        };
        match bytes[here] {
            b'"' => here = skip_to("\""),
            b'\'' => here = skip_to("'"),
            b'{' if text[here..].starts_with("{{") => here = skip_to("}}"),
            b'{' if text[here..].starts_with("{%") => here = skip_to("%}"),
            byte if of_name(byte) => {
                let end = name_from(here);
                if text[end..].trim_start().starts_with('=') {
                    attributes.push(text[here..end].to_ascii_lowercase());
                }
                here = end;
            }
            _ => here += 1,
        }
    }
    Some((tag, attributes, (here + 1).min(bytes.len())))
}

/// Characters of a line of a template, at most.
const MOST: usize = 160;
/// Where components stand: each in a file of its own, with a sample beside it.
pub const COMPONENTS: &str = "crates/web/src/templates/components/";
pub const SAMPLE: &str = ".sample.html";

/// Lines that nobody reads to their end.
pub fn long_lines(files: &[File]) -> Vec<Complaint> {
    let what =
        |length: usize| format!("{length} characters; {MOST} at most: break it between tags or attributes");
    lines(files)
        .filter_map(|(page, line, text)| {
            let length = text.chars().count();
            (length > MOST).then(|| Complaint::new(&page.path, line, what(length)))
        })
        .collect()
}

/// Forms that change something and are written by hand: one of them will forget its token or its version.
pub fn post_forms(files: &[File]) -> Vec<Complaint> {
    let by_hand =
        |text: &str| text.contains("<form") && text.to_ascii_lowercase().contains("method=\"post\"");
    lines(files)
        .filter(|(page, _, text)| !page.path.starts_with(COMPONENTS) && by_hand(text))
        .map(|(page, line, _)| {
            Complaint::new(&page.path, line, "a POST form by hand: call c.post_form or c.act")
        })
        .collect()
}

/// Headings and labels of columns written by hand: the name of a column would stand in two places.
pub fn columns(files: &[File]) -> Vec<Complaint> {
    let by_hand = |text: &str| {
        text.contains("data-label=") || text.contains("<thead") || text.contains("scope=\"col\"")
    };
    lines(files)
        .filter(|(_, _, text)| by_hand(text))
        .map(|(page, line, _)| Complaint::new(&page.path, line, "a column by hand: name it in columns([…])"))
        .collect()
}

/// Components that the page of components would not show.
pub fn samples(files: &[File]) -> Vec<Complaint> {
    let is_component = |file: &&File| file.path.starts_with(COMPONENTS) && !file.path.ends_with(SAMPLE);
    let has_sample = |file: &File| {
        let wanted = file.path.replace(".html", SAMPLE);
        files.iter().any(|other| other.path == wanted)
    };
    let missing = files.iter().filter(is_component).filter(|file| !has_sample(file));
    missing.map(|file| Complaint::new(&file.path, 0, format!("no sample beside it (x{SAMPLE})"))).collect()
}

/// The lines of all templates, without the template engine's comments.
fn lines(files: &[File]) -> impl Iterator<Item = (&File, usize, String)> {
    let pages = files.iter().filter(|file| file.extension() == "html" && file.path.starts_with("crates/"));
    pages.flat_map(|page| {
        let text = without_comments(&page.text);
        let found: Vec<String> = text.lines().map(str::to_owned).collect();
        found.into_iter().enumerate().map(move |(at, line)| (page, at + 1, line))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&[File]) -> Vec<Complaint>, files: &[File]) -> Vec<(String, usize)> {
        rule(files).into_iter().map(|complaint| (complaint.path, complaint.line)).collect()
    }

    #[test]
    fn a_long_line_is_found() {
        let text = format!("<p>\n{}\n{}\n", "字".repeat(160), "字".repeat(161));
        let files = [File::new("crates/a/page.html", &text), File::new("crates/a/b.rs", &text)];
        assert_eq!(found(long_lines, &files), [("crates/a/page.html".to_owned(), 3)]);
    }

    #[test]
    fn a_form_by_hand_is_found_outside_the_components() {
        let text = "<form method=\"get\">\n<form class=\"x\" method=\"POST\">\n{# <form method=\"post\"> #}";
        let component = format!("{COMPONENTS}form.html");
        let files = [File::new("crates/a/page.html", text), File::new(&component, text)];
        assert_eq!(found(post_forms, &files), [("crates/a/page.html".to_owned(), 2)]);
    }

    #[test]
    fn a_column_by_hand_is_found() {
        let text = "{{ col.head }}<td{{ col.n }}>\n<td data-label=\"x\">\n<th scope=\"row\">\n<tr><th scope=\"col\">";
        let files = [File::new("crates/a/page.html", text)];
        let page = "crates/a/page.html".to_owned();
        assert_eq!(found(columns, &files), [(page.clone(), 2), (page, 4)]);
    }

    #[test]
    fn a_component_without_a_sample_is_found() {
        let file = |name: &str| File::new(&format!("{COMPONENTS}{name}"), "");
        let files =
            [file("a.html"), file("a.sample.html"), file("b.html"), File::new("crates/a/page.html", "")];
        assert_eq!(found(samples, &files), [(format!("{COMPONENTS}b.html"), 0)]);
    }

    fn lines(text: &str) -> Vec<usize> {
        inline(&[File::new("a/page.html", text)]).into_iter().map(|c| c.line).collect()
    }

    #[test]
    fn inline_script_style_and_handlers_are_found() {
        let bad = "<p>\n<script>go()</script>\n<b style=\"color:red\">x</b>\n<a href='#' onclick=\"go()\">x</a>\n\
                   <SCRIPT type=module>\nx</SCRIPT>\n\n<style>p{}</style>\n<i {% if a %}class=\"b\"{% endif %} OnLoad = 'x'></i>";
        assert_eq!(lines(bad), [2, 3, 4, 5, 8, 9]);
    }

    #[test]
    fn what_only_looks_alike_is_fine() {
        let good = "<script src=\"/static/app.js\" defer></script>\n<a data-on=\"x\" title=\"style=1 > onclick=2\">style=</a>\n\
                    {# <b style=\"x\"> #}\n<option value=\"{{ on }}\" {{ 'style=' }}>a < b onx=1</option><link rel=stylesheet href=x>";
        assert_eq!(lines(good), [0; 0]);
    }
}
