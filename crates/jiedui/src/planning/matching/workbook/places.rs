//! From a place in the instance, as its check names it, to the cell in which it was read.

use super::instance_book::{
    CHANGES, FIXED, LIMIT_COLUMNS, NEEDS, PRESENT, SCHOOL_COLUMNS, SCHOOLS, partner_sheet, score_sheet,
};
use jiedui_documents::cell_name;
use jiedui_kernel::FieldError;
use jiedui_matching::Side;

/// The rows of a list and the columns of what belongs to it: of the needs, or in a matrix of the partners.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<u32>,
}

/// Where everything stood.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    pub(super) needs: Table,
    pub(super) schools: Table,
    pub(super) partners: [Table; 2],
    pub(super) scores: [Table; 2],
    pub(super) fixed: Table,
    pub(super) present: Table,
}

/// A cell, as errors name it.
pub(super) fn cell(sheet: &str, column: u32, row: u32) -> String {
    format!("{sheet}!{}", cell_name(column, row))
}

impl Places {
    /// The error, with its place and the places in its words turned into cells.
    pub(super) fn describe(&self, error: FieldError) -> FieldError {
        let field = self.cell_of(&error.field).unwrap_or_else(|| error.field.clone());
        let words = self.reworded(&error.message);
        error.at(field).in_words(words)
    }

    /// Paths stand in a sentence between characters that are not ASCII, or spaces.
    fn reworded(&self, message: &str) -> String {
        let (mut told, mut rest) = (String::new(), message);
        let of_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '[' | ']' | '.');
        while let Some(start) = rest.find(of_path) {
            let end = rest[start..].find(|c| !of_path(c)).map_or(rest.len(), |length| start + length);
            let path = &rest[start..end];
            told.push_str(&rest[..start]);
            // A number or an id that is called like a list stays what it is.
            let cell = if path.contains('[') { self.cell_of(path) } else { None };
            told.push_str(cell.as_deref().unwrap_or(path));
            rest = &rest[end..];
        }
        told + rest
    }

    /// The cell of a path such as `leads[3].cover[2]`; the sheet alone where the path names a list.
    fn cell_of(&self, path: &str) -> Option<String> {
        let (head, tail) = path.split_once('.').unwrap_or((path, ""));
        let (list, at, second) = indexed(head);
        if let Some(row) = ["at_most_changes", "least_gain"].iter().position(|name| *name == list) {
            return Some(cell(CHANGES, 1, row as u32 + 2));
        }
        let (sheet, table): (&str, &Table) = match list {
            "needs" => (NEEDS, &self.needs),
            "county_schools" => (SCHOOLS, &self.schools),
            "leads" => (partner_sheet(Side::Lead), &self.partners[0]),
            "nearby" => (partner_sheet(Side::Nearby), &self.partners[1]),
            "lead_scores" => (score_sheet(Side::Lead), &self.scores[0]),
            "nearby_scores" => (score_sheet(Side::Nearby), &self.scores[1]),
            "fixed" => (FIXED, &self.fixed),
            "present" => (PRESENT, &self.present),
            _ => return None,
        };
        let Some(at) = at else { return Some(sheet.to_owned()) };
        let row = *table.rows.get(at)?;
        let (part, inner, _) = indexed(tail);
        let column = match part {
            "min" => SCHOOL_COLUMNS.len() as u32,
            "max" => (SCHOOL_COLUMNS.len() + LIMIT_COLUMNS.len() - 1) as u32,
            "lead" => 1,
            "nearby" => 2,
            _ => match inner.or(second) {
                Some(at) => *table.columns.get(at)?,
                None => 0,
            },
        };
        Some(cell(sheet, column, row))
    }
}

/// `name[1][2]` in its parts.
fn indexed(path: &str) -> (&str, Option<usize>, Option<usize>) {
    let mut parts = path.split('[');
    let name = parts.next().unwrap_or_default();
    let mut number = || parts.next().and_then(|part| part.trim_end_matches(']').parse().ok());
    (name, number(), number())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let table = |rows: &[u32], columns: &[u32]| Table { rows: rows.to_vec(), columns: columns.to_vec() };
        Places {
            schools: table(&[3, 9], &[3, 5]),
            partners: [table(&[3, 4], &[5]), Table::default()],
            scores: [table(&[3, 4], &[2, 4]), Table::default()],
            fixed: table(&[2], &[]),
            ..Places::default()
        }
    }

    #[test]
    fn paths_become_cells() {
        for (path, cell) in [
            ("county_schools[1].weights[1]", "县级院校!F9"),
            ("county_schools[0]", "县级院校!A3"),
            ("leads", "牵头院校"),
            ("leads[1].min", "牵头院校!D4"),
            ("lead_scores[1][1]", "牵头得分!E4"),
            ("fixed[0].nearby", "已定!C2"),
        ] {
            assert_eq!(places().cell_of(path).as_deref(), Some(cell), "{path}");
        }
        assert_eq!(places().cell_of("leads[7]"), None);
    }

    #[test]
    fn paths_in_sentences_become_cells() {
        let said = "固定了不允许的一对：lead_scores[0][1]（“leads”与“c1”）为空。";
        assert_eq!(places().reworded(said), "固定了不允许的一对：牵头得分!E3（“leads”与“c1”）为空。");
    }
}
