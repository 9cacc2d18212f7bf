//! An instance as a workbook: to look at, to change, to send on. The first row of each sheet holds what the machine
//! reads, the second of most what people call it.

use super::Names;
use jiedui_documents::{MAX_CELLS, MAX_CHARS, Page, Slot, Value, write_pages};
use jiedui_kernel::{Code, Error, FieldError, Result};
use jiedui_matching::{Draft, Instance, Partner, Side};

pub(super) const HELP: &str = "说明";
pub(super) const NEEDS: &str = "需求类别";
pub(super) const SCHOOLS: &str = "县级院校";
pub(super) const FIXED: &str = "已定";
/// What stands in the first column of a row that is not read.
pub(super) const NAME_ROW: &str = "（名称）";
/// The columns before those of the needs: every school has these, a partner the limits, too.
pub(super) const SCHOOL_COLUMNS: [&str; 3] = ["编号", "名称", "所在地"];
pub(super) const LIMIT_COLUMNS: [&str; 2] = ["最少", "最多"];
pub(super) const SCORE_COLUMNS: [&str; 2] = ["编号", "名称"];
/// Only where the question knows changes.
pub(super) const PRESENT: &str = "现有结对";
pub(super) const CHANGES: &str = "更换规定";
pub(super) const CHANGES_COLUMNS: [&str; 2] = ["项目", "数值"];
pub(super) const CHANGES_ROWS: [&str; 2] = ["最多更换几所", "每更换一所至少多得几分"];
pub(super) const FIXED_COLUMNS: [&str; 3] = ["县级院校编号", "牵头院校编号", "配合院校编号"];

pub(super) fn partner_sheet(side: Side) -> &'static str {
    match side {
        Side::Lead => "牵头院校",
        Side::Nearby => "配合院校",
    }
}

pub(super) fn score_sheet(side: Side) -> &'static str {
    match side {
        Side::Lead => "牵头得分",
        Side::Nearby => "配合得分",
    }
}

const EXPLAINED: [&str; 10] = [
    "这个工作簿是一次结对匹配的全部输入。改好后可以交给命令 jiedui match 求解，也可以再导入系统。",
    "各表第一行和“编号”列由系统读取，请不要改动；名称、所在地和以“（名称）”开头的行只供人看，改了不起作用。",
    "需求类别：一行一类。县级院校、牵头院校、配合院校三张表里，每类需求各占一列，列名就是需求的编号。",
    "县级院校：各类需求的权重，0 到 100 的整数，越大越看重。",
    "牵头院校、配合院校：最少、最多是承担几所县级院校；各类需求的列是满足程度，0 到 100 的整数。",
    "牵头得分、配合得分：行是县级院校，列是协作院校，填整数；空着表示不允许结成这一对。",
    "已定：已经定下的结对，一行一所县级院校；只定了一方的，另一方空着。",
    "现有结对、更换规定（没有限定更换时没有这两张表）：现在各校和谁结对；最多更换几所，空着就是不限；每更换一所要减去的分数。",
    "一种安排的综合得分 = 各县级院校的牵头得分 + 配合得分 + 各类需求“权重 × 两所协作院校中较高的满足程度”之和。",
    "每所县级院校要有一所牵头院校和一所配合院校，不能是同一所；每所协作院校承担的数目要在最少和最多之间。",
];

/// Writes an instance as a workbook that [`super::read_instance_book`] reads back to the same draft.
///
/// # Errors
/// [`Error::Invalid`] where it is too large for a workbook, or an id would not come back as it was.
pub fn instance_book(instance: &Instance, names: &Names) -> Result<Vec<u8>> {
    let draft: &Draft = instance;
    fitting(draft)?;
    let mut pages = vec![
        Page {
            name: HELP.to_owned(),
            widths: vec![100.0],
            frozen: (0, 0),
            rows: Box::new(explained(&EXPLAINED, "结对匹配：输入数据").into_iter()),
        },
        needs(draft, names),
        schools(draft, names),
    ];
    pages.extend(Side::BOTH.map(|side| partners(draft, side, names)));
    pages.extend(Side::BOTH.map(|side| scores(draft, side, names)));
    pages.push(fixed(draft, names));
    if !draft.present.is_empty() || draft.at_most_changes.is_some() || draft.least_gain.is_some() {
        pages.extend([present(draft, names), changes(draft)]);
    }
    write_pages(pages).map_err(Error::internal)
}

/// A sheet of sentences under a title.
pub(super) fn explained(sentences: &[&str], title: &str) -> Vec<Vec<Slot>> {
    let mut rows = vec![vec![Slot::Title(title.to_owned())], Vec::new()];
    rows.extend(sentences.iter().map(|sentence| vec![Slot::Prose((*sentence).to_owned())]));
    rows
}

fn fitting(draft: &Draft) -> Result<()> {
    let partners = draft.leads.len() + draft.nearby.len();
    let most_columns = (1 << 14) - SCORE_COLUMNS.len();
    // Room for the other sheets, which are small beside the scores.
    let cells = draft.county_schools.len().saturating_mul(partners).saturating_mul(11) / 10;
    if cells > MAX_CELLS || draft.leads.len().max(draft.nearby.len()) > most_columns {
        return Err(Error::field("", Code::TooMany.says("院校太多，一个工作簿装不下，请使用 JSON 文件。")));
    }
    let ids = draft.county_schools.iter().map(|school| &school.id);
    let ids = ids.chain(draft.leads.iter().chain(&draft.nearby).map(|partner| &partner.id));
    // A present partner may be one that has left and stands in no list.
    let had = draft.present.iter().flat_map(|row| [&row.lead, &row.nearby]);
    let wrong = ids.chain(&draft.needs).chain(had).filter(|id| !survives(id));
    Error::of(
        wrong
            .map(|id| {
                FieldError::new(
                    id.clone(),
                    Code::Characters.says("这个编号首尾有空格、含有看不见的字符或者过长，写进表格后读不回来，请使用 JSON 文件。"),
                )
            })
            .collect(),
    )
}

/// Whether a cell gives back this id as it was.
fn survives(id: &str) -> bool {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    id.trim() == id && id != NAME_ROW && !id.contains(hidden) && id.chars().count() <= MAX_CHARS
}

fn text(text: &str) -> Slot {
    if text.is_empty() { Slot::Empty } else { Slot::value(text) }
}

fn headings<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Slot> {
    texts.into_iter().map(Slot::heading).collect()
}

/// The row under the headings that says what the ids in it stand for.
fn name_row<'a>(blank: usize, names: impl Iterator<Item = &'a str>) -> Vec<Slot> {
    let mut row = vec![Slot::value(NAME_ROW)];
    row.resize(blank, Slot::Empty);
    row.extend(names.map(text));
    row
}

fn needs<'a>(draft: &'a Draft, names: &'a Names) -> Page<'a> {
    let rows = draft.needs.iter().map(|need| vec![text(need), text(names.need(need))]);
    Page {
        name: NEEDS.to_owned(),
        widths: vec![24.0, 40.0],
        frozen: (1, 0),
        rows: Box::new(std::iter::once(headings(["编号", "名称"])).chain(rows)),
    }
}

fn named(id: &str, names: &Names) -> Vec<Slot> {
    vec![text(id), text(names.school(id)), text(names.place(id))]
}

fn numbers(numbers: &[i64]) -> impl Iterator<Item = Slot> + '_ {
    numbers.iter().map(|number| Slot::Value(Value::Integer(*number)))
}

fn schools<'a>(draft: &'a Draft, names: &'a Names) -> Page<'a> {
    let ids = draft.needs.iter().map(String::as_str);
    let head = headings(SCHOOL_COLUMNS.into_iter().chain(ids.clone()));
    let called = name_row(SCHOOL_COLUMNS.len(), ids.map(|id| names.need(id)));
    let rows = draft.county_schools.iter().map(|school| {
        let mut row = named(&school.id, names);
        row.extend(numbers(&school.weights));
        row
    });
    Page {
        name: SCHOOLS.to_owned(),
        widths: vec![16.0, 32.0, 20.0],
        frozen: (2, 2),
        rows: Box::new([head, called].into_iter().chain(rows)),
    }
}

fn partners<'a>(draft: &'a Draft, side: Side, names: &'a Names) -> Page<'a> {
    let fixed = SCHOOL_COLUMNS.into_iter().chain(LIMIT_COLUMNS);
    let ids = draft.needs.iter().map(String::as_str);
    let called = name_row(fixed.clone().count(), ids.clone().map(|id| names.need(id)));
    let row = |partner: &Partner| {
        let mut row = named(&partner.id, names);
        row.extend(numbers(&[partner.min, partner.max]));
        row.extend(numbers(&partner.cover));
        row
    };
    let rows = draft.partners(side).iter().map(row);
    Page {
        name: partner_sheet(side).to_owned(),
        widths: vec![16.0, 32.0, 20.0],
        frozen: (2, 2),
        rows: Box::new([headings(fixed.chain(ids)), called].into_iter().chain(rows)),
    }
}

fn scores<'a>(draft: &'a Draft, side: Side, names: &'a Names) -> Page<'a> {
    let ids = draft.partners(side).iter().map(|partner| partner.id.as_str());
    let called = name_row(SCORE_COLUMNS.len(), ids.clone().map(|id| names.school(id)));
    let rows = draft.county_schools.iter().zip(draft.scores(side)).map(|(school, scores)| {
        let mut row = vec![text(&school.id), text(names.school(&school.id))];
        row.extend(scores.iter().map(|score| score.map_or(Slot::Empty, Slot::value)));
        row
    });
    Page {
        name: score_sheet(side).to_owned(),
        widths: vec![16.0, 32.0],
        frozen: (2, 2),
        rows: Box::new([headings(SCORE_COLUMNS.into_iter().chain(ids)), called].into_iter().chain(rows)),
    }
}

fn fixed<'a>(draft: &'a Draft, names: &'a Names) -> Page<'a> {
    let head = headings(FIXED_COLUMNS.into_iter().chain(["县级院校", "牵头院校", "配合院校"]));
    let rows = draft.fixed.iter().map(|fixed| {
        let ids = [Some(&fixed.county_school), fixed.lead.as_ref(), fixed.nearby.as_ref()];
        let id = |id: &Option<&String>| id.map_or(Slot::Empty, |id| text(id));
        let name = |id: &Option<&String>| id.map_or(Slot::Empty, |id| text(names.school(id)));
        ids.iter().map(id).chain(ids.iter().map(name)).collect()
    });
    Page {
        name: FIXED.to_owned(),
        widths: vec![16.0, 16.0, 16.0, 32.0, 32.0, 32.0],
        frozen: (1, 0),
        rows: Box::new(std::iter::once(head).chain(rows)),
    }
}

fn present<'a>(draft: &'a Draft, names: &'a Names) -> Page<'a> {
    let head = headings(FIXED_COLUMNS.into_iter().chain(["县级院校", "牵头院校", "配合院校"]));
    let rows = draft.present.iter().map(|row| {
        let ids = [&row.county_school, &row.lead, &row.nearby];
        ids.iter().map(|id| text(id)).chain(ids.iter().map(|id| text(names.school(id)))).collect()
    });
    Page {
        name: PRESENT.to_owned(),
        widths: vec![16.0, 16.0, 16.0, 32.0, 32.0, 32.0],
        frozen: (1, 0),
        rows: Box::new(std::iter::once(head).chain(rows)),
    }
}

fn changes(draft: &Draft) -> Page<'_> {
    let rows = CHANGES_ROWS.into_iter().zip([draft.at_most_changes, draft.least_gain]);
    let rows = rows.map(|(name, value)| vec![Slot::value(name), value.map_or(Slot::Empty, Slot::value)]);
    Page {
        name: CHANGES.to_owned(),
        widths: vec![30.0, 14.0],
        frozen: (1, 0),
        rows: Box::new(std::iter::once(headings(CHANGES_COLUMNS)).chain(rows)),
    }
}
