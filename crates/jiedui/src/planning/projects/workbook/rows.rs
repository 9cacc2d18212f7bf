//! Which project a row of a sent workbook is. A row is recognised by its hidden number *and* by what it says: a row that was
//! copied in Excel carries the number of the one it was copied from, and a table from which the number was deleted has none.

use jiedui_kernel::Date;

/// What of a row, or of a project, says whether the two are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowMark {
    /// "" where the row has none.
    pub id: String,
    /// As names are compared.
    pub title: String,
    pub period: (Date, Date),
}

impl RowMark {
    fn likeness(&self, other: &Self) -> u8 {
        let (title, period) = (self.title == other.title, self.period == other.period);
        u8::from(title) * 2 + u8::from(period)
    }
}

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The project that it is, by its place among those of the list.
    pub project: Option<usize>,
    /// Why somebody has to look at that; "" where it is beyond doubt.
    pub why: String,
}

impl Origin {
    fn new(why: impl Into<String>) -> Self {
        Self { project: None, why: why.into() }
    }

    fn of(project: usize, why: &str) -> Self {
        Self { project: Some(project), why: why.to_owned() }
    }
}

/// What each row is, in the order of the rows; each project is one row at most. `places` are the rows' numbers in the file.
pub fn origins(rows: &[RowMark], places: &[u32], projects: &[RowMark]) -> Vec<Origin> {
    let mut found: Vec<Option<Origin>> = vec![None; rows.len()];
    let mut taken = vec![false; projects.len()];
    for (at, project) in projects.iter().enumerate() {
        let same: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].id == project.id).collect();
        // The first of those that are most like it.
        let best = same.iter().copied().rev().max_by_key(|row| rows[*row].likeness(project));
        let Some(best) = best else { continue };
        if rows[best].likeness(project) > 0 {
            found[best] = Some(Origin::of(at, ""));
            taken[at] = true;
        }
        for row in same {
            if found[row].is_some() {
                continue;
            }
            let why = if taken[at] {
                let first = places.get(best).copied().unwrap_or_default();
                format!("标识和第 {first} 行相同，像是从那一行复制来的；按新项目写入，原来的项目不变")
            } else {
                "带着另一个项目的标识，名称和起止日期却都不同；按新项目写入，原来的项目不变".to_owned()
            };
            found[row] = Some(Origin::new(why));
        }
    }
    for (row, found) in rows.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
        let origin = by_content(row, projects, &taken);
        if let Some(at) = origin.project {
            taken[at] = true;
        }
        *found = Some(origin);
    }
    found.into_iter().map(|origin| origin.unwrap_or_else(|| Origin::new(""))).collect()
}

/// A row without a number, or with one that the list does not have.
fn by_content(row: &RowMark, projects: &[RowMark], taken: &[bool]) -> Origin {
    let free = || projects.iter().enumerate().filter(|(at, _)| !taken[*at]);
    if let Some((at, _)) = free().find(|(_, project)| project.likeness(row) == 3) {
        return Origin::of(at, "这一行没有标识，按名称和起止日期认作清单里已有的项目");
    }
    if projects.iter().any(|project| project.title == row.title) {
        return Origin::new("清单里已有同名的项目；按新项目写入。如果是同一项，请导出清单，在带标识的表上改");
    }
    Origin::new("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(id: &str, title: &str, from: u32) -> RowMark {
        let day = |month| Date::from_ymd_opt(2027, month, 1).unwrap();
        RowMark { id: id.to_owned(), title: title.to_owned(), period: (day(from), day(12)) }
    }

    fn asked(rows: &[RowMark], projects: &[RowMark]) -> Vec<(Option<usize>, bool)> {
        let places: Vec<u32> = (4..).take(rows.len()).collect();
        let found = origins(rows, &places, projects);
        found.into_iter().map(|origin| (origin.project, !origin.why.is_empty())).collect()
    }

    #[test]
    fn a_copied_row_is_a_new_project_and_the_one_it_was_copied_from_stays() {
        let projects = [mark("a", "培训", 1), mark("b", "教研", 2)];
        let rows = [mark("a", "抄来的", 1), mark("a", "培训", 1), mark("b", "教研活动", 2)];
        assert_eq!(asked(&rows, &projects), [(None, true), (Some(0), false), (Some(1), false)]);
        // Both were changed after copying: the first is the old one.
        let both = [mark("a", "培训一", 1), mark("a", "培训二", 1)];
        assert_eq!(asked(&both, &projects), [(Some(0), false), (None, true)]);
    }

    #[test]
    fn a_number_with_wholly_other_content_overwrites_nothing() {
        assert_eq!(asked(&[mark("a", "另一项", 5)], &[mark("a", "培训", 1)]), [(None, true)]);
        assert_eq!(asked(&[mark("a", "培训", 5)], &[mark("a", "培训", 1)]), [(Some(0), false)]);
    }

    #[test]
    fn a_table_without_numbers_doubles_nothing() {
        let projects = [mark("a", "培训", 1), mark("b", "培训", 1), mark("c", "教研", 2)];
        let rows = [mark("", "培训", 1), mark("", "培训", 1), mark("", "教研", 2), mark("", "新项目", 2)];
        let expected = [(Some(0), true), (Some(1), true), (Some(2), true), (None, false)];
        assert_eq!(asked(&rows, &projects), expected);
        // Of the same name at another time: asked about.
        assert_eq!(asked(&[mark("", "教研", 7)], &projects), [(None, true)]);
    }
}
