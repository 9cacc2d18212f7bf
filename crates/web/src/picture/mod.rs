//! A picture as a page shows it: the drawing, and the table behind it from the same data. `c.picture` writes both.

mod samples;

pub(crate) use samples::sample;

use jiedui_pictures::{Picture, Table};
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
pub struct PictureView {
    title: String,
    /// The one text that a template takes as markup: it is made of data by `jiedui-pictures`, which escapes all of it.
    svg: String,
    /// Key, heading and classes of each column, as `columns` takes them.
    columns: Vec<(String, String, &'static str)>,
    rows: Vec<Vec<PictureCell>>,
}

#[derive(Debug, Clone, Serialize)]
struct PictureCell {
    key: String,
    text: String,
    href: Option<String>,
}

impl PictureView {
    /// `id` is the picture's own among those of the page.
    pub fn new(id: &str, picture: &Picture) -> Self {
        let table = picture.table();
        Self {
            title: picture.title().to_owned(),
            svg: picture.svg(id),
            columns: columns(&table),
            rows: table.rows.into_iter().map(row).collect(),
        }
    }
}

fn key(at: usize) -> String {
    format!("c{at}")
}

/// Numbers stand to the right; a heading with digits in it (7月) names what its figures are of.
fn columns(table: &Table) -> Vec<(String, String, &'static str)> {
    let is_number = |at: usize| table.rows.iter().any(|row| row.get(at).is_some_and(|cell| cell.number));
    let class =
        |at: usize, heading: &str| match (is_number(at), heading.contains(|c: char| c.is_ascii_digit())) {
            (true, true) => "num figure words",
            (true, false) => "num",
            (false, true) => "figure words",
            (false, false) => "",
        };
    let headings = table.headings.iter().enumerate();
    headings.map(|(at, heading)| (key(at), heading.clone(), class(at, heading))).collect()
}

fn row(cells: Vec<jiedui_pictures::Cell>) -> Vec<PictureCell> {
    let cells = cells.into_iter().enumerate();
    cells.map(|(at, cell)| PictureCell { key: key(at), text: cell.text, href: cell.href }).collect()
}

#[cfg(test)]
mod tests {
    use super::PictureView;
    use crate::templates::Templates;
    use jiedui_kernel::Unit;
    use jiedui_pictures::{Bar, Bars, Look, Mark, Picture, Series, Trend};

    const PAGE: &str = "{% import \"components.html\" as c %}{{ c.picture(v) }}";

    fn page(picture: &Picture) -> String {
        let templates = Templates::new(|name| (name == "page.html").then(|| PAGE.to_owned()), "/clauses/");
        let view = PictureView::new("p", picture);
        templates.render("page.html", &serde_json::json!({ "v": view })).unwrap_or_default()
    }

    #[test]
    fn names_are_escaped_in_the_drawing_and_in_the_table() {
        let name = "<script>alert(1)</script>";
        let bars = Bars::new(name, Unit::Persons).bar(Bar::of(name, 3).opens("/entries?a=1&b=2"));
        let page = page(&Picture::Bars(bars));
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("<svg") && page.contains("<table") && page.contains("<a "));
    }

    #[test]
    fn a_month_in_a_heading_is_no_stray_number() {
        let points = vec![Mark::of("", 3)];
        let trend = Trend::by_month("示例", Unit::Persons).series(Series::new("第1组", Look::Main, points));
        let page = page(&Picture::Trend(trend));
        assert!(page.contains("class=\"num figure words\">第1组</th>"), "{page}");
    }

    #[test]
    fn nothing_has_no_table() {
        let page = page(&Picture::Bars(Bars::new("示例", Unit::Persons)));
        assert!(page.contains("没有数据") && !page.contains("<table"));
    }
}
