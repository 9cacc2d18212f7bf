//! Pages obey a strict content policy: no script, style or handler is written into the markup.

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

#[cfg(test)]
mod tests {
    use super::*;

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
