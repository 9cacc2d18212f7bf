//! A workbook back to an instance. Rows and columns are found by their ids, so that sorting a sheet changes nothing
//! but the order; what is wrong is reported at its cell.

use super::instance_book::{
    CHANGES, CHANGES_COLUMNS, CHANGES_ROWS, FIXED, FIXED_COLUMNS, LIMIT_COLUMNS, NAME_ROW, NEEDS, PRESENT,
    SCHOOL_COLUMNS, SCHOOLS, SCORE_COLUMNS, partner_sheet, score_sheet,
};
use super::places::{Places, Table, cell};
use jiedui_documents::{CellError, Grid, GridRow, Value, read_grids};
use jiedui_kernel::{Code, FieldError};
use jiedui_matching::{Assigned, CountySchool, Draft, FORMAT, Fixed, Instance, Partner, Side};
use std::collections::BTreeMap;

/// Above this many a list of mistakes helps nobody.
const MAX_ERRORS: usize = 50;
/// The first row of every sheet, which holds the headings.
const HEADINGS: u32 = 1;

/// Reads what [`super::instance_book`] wrote, as it was or changed by hand.
///
/// # Errors
/// Every mistake (the first 50), each with sheet and cell.
pub fn read_instance_book(bytes: &[u8]) -> Result<Instance, Vec<FieldError>> {
    let names = [
        NEEDS,
        SCHOOLS,
        partner_sheet(Side::Lead),
        partner_sheet(Side::Nearby),
        score_sheet(Side::Lead),
        score_sheet(Side::Nearby),
        FIXED,
        PRESENT,
        CHANGES,
    ];
    let grids = read_grids(bytes, &names)
        .map_err(|errors| errors.iter().take(MAX_ERRORS).map(describe).collect::<Vec<_>>())?;
    let mut reader = Reader { grids, ..Reader::default() };
    let draft = reader.draft();
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    let places = reader.places;
    Instance::new(draft).map_err(|errors| errors.into_iter().map(|error| places.describe(error)).collect())
}

fn describe(error: &CellError) -> FieldError {
    let place = match (error.sheet.as_str(), error.row) {
        ("", _) => String::new(),
        (sheet, 0) => sheet.to_owned(),
        (sheet, row) => format!("{sheet}!{}{row}", error.letter),
    };
    let shown = if error.value.is_empty() { String::new() } else { format!("“{}”", error.value) };
    FieldError::new(place, Code::Faulty.says(format!("{shown}{}，{}。", error.reason, error.help)))
}

#[derive(Default)]
struct Reader {
    grids: Vec<Grid>,
    places: Places,
    errors: Vec<FieldError>,
}

/// A school as its sheet has it, with the shares in the order of the needs.
struct School {
    id: String,
    limits: Vec<i64>,
    shares: Vec<i64>,
}

impl Reader {
    fn say(&mut self, place: String, message: impl Into<String>) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(FieldError::new(place, Code::Faulty.says(message)));
        }
    }

    /// A sheet, its headings and its rows of data.
    fn sheet(&mut self, name: &str) -> (GridRow, Vec<GridRow>) {
        let Some(at) = self.grids.iter().position(|grid| grid.name == name) else {
            self.say(name.to_owned(), format!("缺少“{name}”表。"));
            return <(GridRow, Vec<GridRow>)>::default();
        };
        let mut rows = self.grids.swap_remove(at).rows;
        if rows.first().is_none_or(|row| row.row != HEADINGS) {
            self.say(cell(name, 0, HEADINGS), "第一行应是列名。");
            return <(GridRow, Vec<GridRow>)>::default();
        }
        let headings = rows.remove(0);
        rows.retain(|row| row.get(0) != Some(&Value::from(NAME_ROW)));
        (headings, rows)
    }

    fn draft(&mut self) -> Draft {
        let needs = self.needs();
        let schools = self.schools(SCHOOLS, &[], &needs);
        let ids: Vec<String> = schools.iter().map(|school| school.id.clone()).collect();
        let [leads, nearby] = Side::BOTH.map(|side| {
            let schools = self.schools(partner_sheet(side), &LIMIT_COLUMNS, &needs);
            schools.into_iter().map(partner).collect::<Vec<_>>()
        });
        let lead_scores = self.scores(Side::Lead, &ids, &leads);
        let nearby_scores = self.scores(Side::Nearby, &ids, &nearby);
        let county_schools = schools
            .into_iter()
            .map(|school| CountySchool { id: school.id, weights: school.shares })
            .collect();
        let fixed = self.fixed();
        let present = self.present();
        let [at_most_changes, least_gain] = self.changes();
        Draft {
            format: FORMAT.to_owned(),
            needs,
            county_schools,
            leads,
            nearby,
            lead_scores,
            nearby_scores,
            fixed,
            present,
            at_most_changes,
            least_gain,
        }
    }

    fn needs(&mut self) -> Vec<String> {
        let (headings, rows) = self.sheet(NEEDS);
        self.headed(NEEDS, &headings, &["编号"]);
        let (ids, places) = self.ids(NEEDS, &rows);
        self.places.needs.rows = places;
        ids
    }

    /// Refuses a sheet whose first columns are not these.
    fn headed(&mut self, sheet: &str, headings: &GridRow, wanted: &[&str]) {
        if headings.cells.is_empty() {
            return;
        }
        for (heading, column) in wanted.iter().zip(0_u32..) {
            let found = headings.get(column).map(shown).unwrap_or_default();
            if found != *heading {
                self.say(cell(sheet, column, HEADINGS), format!("列名应是“{heading}”，现在是“{found}”。"));
            }
        }
    }

    /// The ids in the first column, each once, and their rows.
    fn ids(&mut self, sheet: &str, rows: &[GridRow]) -> (Vec<String>, Vec<u32>) {
        let (mut ids, mut places) = (Vec::new(), Vec::new());
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for row in rows {
            let Some(id) = row.get(0).map(shown) else {
                self.say(cell(sheet, 0, row.row), "这一行有内容而没有编号。");
                continue;
            };
            if let Some(first) = seen.insert(id.clone(), row.row) {
                self.say(cell(sheet, 0, row.row), format!("编号“{id}”与第 {first} 行重复。"));
            }
            ids.push(id);
            places.push(row.row);
        }
        (ids, places)
    }

    /// The column of each of these ids, which stand as headings from this column on.
    fn columns(
        &mut self,
        sheet: &str,
        headings: &GridRow,
        from: usize,
        ids: &[&str],
        what: &str,
    ) -> Vec<u32> {
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        for (column, value) in headings.cells.iter().filter(|(column, _)| *column as usize >= from) {
            let id = shown(value);
            if !ids.contains(&id.as_str()) {
                self.say(cell(sheet, *column, HEADINGS), format!("没有编号为“{id}”的{what}。"));
            } else if found.insert(id.clone(), *column).is_some() {
                self.say(cell(sheet, *column, HEADINGS), format!("{what}“{id}”的列出现了两次。"));
            }
        }
        for id in ids.iter().filter(|id| !found.contains_key(**id)) {
            self.say(sheet.to_owned(), format!("缺少{what}“{id}”的列。"));
        }
        ids.iter().map(|id| found.get(*id).copied().unwrap_or(u32::MAX)).collect()
    }

    fn schools(&mut self, sheet: &str, limits: &[&str], needs: &[String]) -> Vec<School> {
        let (headings, rows) = self.sheet(sheet);
        let fixed: Vec<&str> = SCHOOL_COLUMNS.iter().chain(limits).copied().collect();
        self.headed(sheet, &headings, &fixed);
        let wanted: Vec<&str> = needs.iter().map(String::as_str).collect();
        let columns = self.columns(sheet, &headings, fixed.len(), &wanted, "需求类别");
        let (ids, places) = self.ids(sheet, &rows);
        let rows = rows.iter().filter(|row| row.get(0).is_some());
        let schools = rows.zip(ids).map(|(row, id)| {
            let limits =
                (SCHOOL_COLUMNS.len() as u32..fixed.len() as u32).map(|at| self.number(sheet, row, at));
            let limits = limits.collect();
            let shares = columns.iter().map(|at| self.number(sheet, row, *at)).collect();
            School { id, limits, shares }
        });
        let schools = schools.collect();
        let table = Table { rows: places, columns };
        match sheet {
            SCHOOLS => self.places.schools = table,
            _ => self.places.partners[usize::from(sheet == partner_sheet(Side::Nearby))] = table,
        }
        schools
    }

    /// A whole number that must be there.
    fn number(&mut self, sheet: &str, row: &GridRow, column: u32) -> i64 {
        // A column that is missing was told once.
        if column == u32::MAX {
            return 0;
        }
        self.score(sheet, row, column).unwrap_or_else(|| {
            if row.get(column).is_none() {
                self.say(cell(sheet, column, row.row), "是空的，请填整数。");
            }
            0
        })
    }

    /// A whole number, or none where the cell is empty.
    fn score(&mut self, sheet: &str, row: &GridRow, column: u32) -> Option<i64> {
        match row.get(column)? {
            Value::Integer(number) => return Some(*number),
            // A column of texts, as some programs save numbers.
            Value::Text(text) if text.len() < 16 => {
                if let Ok(number) = text.parse() {
                    return Some(number);
                }
            }
            _ => {}
        }
        let found = row.get(column).map(shown).unwrap_or_default();
        let found: String = found.chars().take(40).collect();
        self.say(cell(sheet, column, row.row), format!("应是整数，现在是“{found}”。"));
        None
    }

    fn scores(&mut self, side: Side, schools: &[String], partners: &[Partner]) -> Vec<Vec<Option<i64>>> {
        let sheet = score_sheet(side);
        let (headings, rows) = self.sheet(sheet);
        self.headed(sheet, &headings, &SCORE_COLUMNS);
        let wanted: Vec<&str> = partners.iter().map(|partner| partner.id.as_str()).collect();
        let columns = self.columns(sheet, &headings, SCORE_COLUMNS.len(), &wanted, partner_sheet(side));
        let (ids, places) = self.ids(sheet, &rows);
        let known: BTreeMap<&str, usize> = schools.iter().map(String::as_str).zip(0..).collect();
        let mut scores = vec![Vec::new(); schools.len()];
        let mut at = vec![HEADINGS; schools.len()];
        let rows = rows.iter().filter(|row| row.get(0).is_some());
        for ((row, id), place) in rows.zip(&ids).zip(places) {
            let Some(school) = known.get(id.as_str()) else {
                self.say(cell(sheet, 0, place), format!("没有编号为“{id}”的县级院校。"));
                continue;
            };
            at[*school] = place;
            scores[*school] = columns.iter().map(|column| self.score(sheet, row, *column)).collect();
        }
        for id in schools.iter().filter(|id| !ids.contains(id)) {
            self.say(sheet.to_owned(), format!("缺少县级院校“{id}”的一行。"));
        }
        self.places.scores[usize::from(side == Side::Nearby)] = Table { rows: at, columns };
        scores
    }

    fn fixed(&mut self) -> Vec<Fixed> {
        let (headings, rows) = self.sheet(FIXED);
        self.headed(FIXED, &headings, &FIXED_COLUMNS);
        let mut fixed = Vec::new();
        for row in &rows {
            let [school, lead, nearby] = [0, 1, 2].map(|column| row.get(column).map(shown));
            let Some(county_school) = school else {
                self.say(cell(FIXED, 0, row.row), "这一行有内容而没有县级院校编号。");
                continue;
            };
            self.places.fixed.rows.push(row.row);
            fixed.push(Fixed { county_school, lead, nearby });
        }
        fixed
    }
}

/// What a question says of changes; most say nothing and have none of these sheets.
impl Reader {
    fn has(&self, name: &str) -> bool {
        self.grids.iter().any(|grid| grid.name == name)
    }

    fn present(&mut self) -> Vec<Assigned> {
        if !self.has(PRESENT) {
            return Vec::new();
        }
        let (headings, rows) = self.sheet(PRESENT);
        self.headed(PRESENT, &headings, &FIXED_COLUMNS);
        let mut present = Vec::new();
        for row in &rows {
            let [school, lead, nearby] = [0, 1, 2].map(|column| row.get(column).map(shown));
            let (Some(county_school), Some(lead), Some(nearby)) = (school, lead, nearby) else {
                self.say(cell(PRESENT, 0, row.row), "这一行要有县级院校、牵头院校和配合院校三个编号。");
                continue;
            };
            self.places.present.rows.push(row.row);
            present.push(Assigned { county_school, lead, nearby });
        }
        present
    }

    fn changes(&mut self) -> [Option<i64>; 2] {
        if !self.has(CHANGES) {
            return [None, None];
        }
        let (headings, rows) = self.sheet(CHANGES);
        self.headed(CHANGES, &headings, &CHANGES_COLUMNS);
        let mut found = [None, None];
        for row in &rows {
            let name = row.get(0).map(shown).unwrap_or_default();
            match CHANGES_ROWS.iter().position(|known| *known == name) {
                Some(at) => found[at] = self.score(CHANGES, row, 1),
                None => self.say(cell(CHANGES, 0, row.row), format!("没有叫“{name}”的项目。")),
            }
        }
        found
    }
}

fn partner(school: School) -> Partner {
    let limit = |at: usize| school.limits.get(at).copied().unwrap_or(0);
    Partner { min: limit(0), max: limit(1), cover: school.shares, id: school.id }
}

/// An id, also where somebody typed it as a number.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Empty => String::new(),
    }
}
