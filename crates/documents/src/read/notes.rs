//! What a file holds that is read, but that a person should know of before it is taken in: rows that nobody saw, a row
//! that is there twice, a row of totals that was left out.

use super::Read;
use crate::error::CellError;

/// One remark on a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub kind: NoteKind,
    /// The sheet as the file names it; "" where the whole file is meant.
    pub sheet: String,
    /// The row, from 1 as in Excel; 0 where the whole sheet is meant.
    pub row: u32,
    /// A Chinese sentence for the person, which names sheet and row.
    pub text: String,
}

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// A row that is hidden or filtered away; it was read.
    HiddenRow,
    /// A sheet of ours that is hidden; it was read.
    HiddenSheet,
    /// A column with data that is hidden though ours is not; it was read.
    HiddenColumn,
    /// A further sheet with rows for the same description; it was not read.
    SecondSheet,
    /// A row of totals; it was left out.
    TotalRow,
    /// A line above the headings of a sheet that has none in the template; it was passed over.
    TitleRow,
    /// A row that says the same as an earlier one; both were read.
    SameRow,
    /// Cells merged downward; what they say was taken for each of their rows.
    MergedCells,
    /// The same of a number: it was taken for each of the rows, and may be what they come to together.
    MergedNumber,
    /// A file made from a template that has changed since.
    OldTemplate,
}

impl NoteKind {
    /// The name of the kind in code, for views and the interface.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HiddenRow => "hidden-row",
            Self::HiddenSheet => "hidden-sheet",
            Self::HiddenColumn => "hidden-column",
            Self::SecondSheet => "second-sheet",
            Self::TotalRow => "total-row",
            Self::TitleRow => "title-row",
            Self::SameRow => "same-row",
            Self::MergedCells => "merged-cells",
            Self::MergedNumber => "merged-number",
            Self::OldTemplate => "old-template",
        }
    }

    /// Whether a person has to be asked before the file is taken in, since something may be lost or taken twice.
    pub const fn matters(self) -> bool {
        match self {
            Self::HiddenRow
            | Self::HiddenSheet
            | Self::HiddenColumn
            | Self::SecondSheet
            | Self::TotalRow
            | Self::MergedNumber
            | Self::SameRow => true,
            Self::TitleRow | Self::MergedCells | Self::OldTemplate => false,
        }
    }

    /// What is wrong and what to do about it, for those who cannot be asked.
    const fn refusal(self) -> (&'static str, &'static str) {
        match self {
            Self::HiddenRow => ("这一行是隐藏的", "请取消隐藏或筛选，核对后再上传，不要的行请删除"),
            Self::HiddenSheet => ("这张表是隐藏的", "请取消隐藏，核对后再上传，不要的表请删除"),
            Self::HiddenColumn => ("有内容的列是隐藏的", "请取消隐藏，核对后再上传"),
            Self::SecondSheet => ("另有一张表也是同样的列", "请把数据放在一张表里，不要的表请删除"),
            Self::TotalRow => ("这一行是合计", "请删除合计行"),
            Self::SameRow => ("这一行与前面的一行完全相同", "请删除重复的行"),
            Self::TitleRow => ("列标题上面还有一行", "请删除这一行"),
            Self::MergedCells => ("有合并的单元格", "请取消合并，逐行填写"),
            Self::MergedNumber => ("合并的单元格里是数字", "请取消合并，逐行填写"),
            Self::OldTemplate => ("这是旧模板", "请重新下载模板"),
        }
    }
}

impl Note {
    fn refused(&self) -> CellError {
        let (reason, help) = self.kind.refusal();
        CellError { row: self.row, ..CellError::sheet(&self.sheet, reason, help) }
    }
}

impl Read {
    /// For callers that show no preview: what would have to be asked about is wrong, each at its sheet and row.
    #[must_use]
    pub fn plain(mut self) -> Self {
        let asked = self.notes.iter().filter(|note| note.kind.matters());
        self.errors.extend(asked.map(Note::refused));
        self
    }
}
