//! What may be done with a version of the programme, and how one change is written into its files.

use crate::shared::review::text_enum;
use chrono::Days;
use jiedui_kernel::{Code, Date, Mistake};
use jiedui_programme::Programme;
use std::collections::BTreeMap;
use std::io::Read as _;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

text_enum! {
    pub enum State {
        /// Written, and rehearsed or about to be.
        Prepared = "prepared",
        /// In use.
        Active = "active",
        /// It was in use.
        Former = "former",
        Dropped = "dropped",
    }
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            Self::Prepared => "准备中",
            Self::Active => "现用",
            Self::Former => "曾用",
            Self::Dropped => "已放弃",
        }
    }
}

/// The files of a programme by their names.
pub type Files = BTreeMap<String, String>;

/// A packed programme may be so large, packed and unpacked, and have so many files.
const MOST_BYTES: u64 = 4 * 1024 * 1024;
const MOST_FILES: usize = 200;

/// One change that the office writes on a page instead of in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// `obligation:visit` asks for so much from a day on.
    Least { rule: String, from: Date, at_least: i64, about: String, source: String },
    /// `target:…` aims at so much from a day on.
    Aim { rule: String, from: Date, at_least: i64, source: String },
    /// `activity:visit` is recorded no more from a day on; what is owed of it ends the day before.
    Retire { resource: String, day: Date },
}

impl Edit {
    fn rule(&self) -> &str {
        match self {
            Self::Least { rule, .. } | Self::Aim { rule, .. } => rule,
            Self::Retire { resource, .. } => resource,
        }
    }
}

/// The files with the change in them; the rest stays as it is, notes and layout too.
pub fn edited(files: &Files, programme: &Programme, edit: &Edit) -> Result<Files, Mistake> {
    let mut files = files.clone();
    let add = |table: &mut Table, from: &Date, change: Table| {
        let changes = table.entry("change").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        if let Some(list) = changes.as_array_of_tables_mut() {
            let mut rows: Vec<Table> = list.iter().cloned().collect();
            rows.retain(|row| row.get("from").and_then(Item::as_str) != Some(&from.to_string()));
            rows.push(change);
            rows.sort_by_key(|row| row.get("from").and_then(Item::as_str).unwrap_or_default().to_owned());
            *list = rows.into_iter().collect();
        }
    };
    match edit {
        Edit::Least { from, at_least, about, source, .. } => {
            let mut change = Table::new();
            change.insert("from", value(from.to_string()));
            change.insert("at_least", value(*at_least));
            if !about.is_empty() {
                change.insert("about", value(about));
            }
            change.insert("source", value(source));
            on(&mut files, programme, edit.rule(), |table| add(table, from, change))?;
        }
        Edit::Aim { from, at_least, source, .. } => {
            let mut aim = toml_edit::InlineTable::new();
            aim.insert("kind", "at_least".into());
            aim.insert("value", (*at_least).into());
            let mut change = Table::new();
            change.insert("from", value(from.to_string()));
            change.insert("aim", value(aim));
            change.insert("source", value(source));
            on(&mut files, programme, edit.rule(), |table| add(table, from, change))?;
        }
        Edit::Retire { resource, day } => {
            on(&mut files, programme, resource, |table| {
                drop(table.insert("retired", value(day.to_string())))
            })?;
            for owed in owed_of(programme, resource, *day) {
                let last = day.checked_sub_days(Days::new(1)).unwrap_or(*day);
                on(&mut files, programme, &owed, |table| drop(table.insert("to", value(last.to_string()))))?;
            }
        }
    }
    Ok(files)
}

/// The duties that count a thing and do not end before a day.
fn owed_of(programme: &Programme, resource: &str, day: Date) -> Vec<String> {
    let (kind, id) = resource.split_once(':').unwrap_or_default();
    let lasts = |to: Option<Date>| to.is_none_or(|to| to >= day);
    match kind {
        "activity" => {
            let all = programme.obligations.iter().filter(|one| one.activity == id && lasts(one.to));
            all.map(|one| format!("obligation:{}", one.id)).collect()
        }
        "output" => {
            let all = programme.duties.iter().filter(|one| one.output == id && lasts(one.to));
            all.map(|one| format!("duty:{}", one.id)).collect()
        }
        _ => Vec::new(),
    }
}

/// Changes the table of a thing (`kind:id`) in the file in which it stands.
fn on(
    files: &mut Files,
    programme: &Programme,
    resource: &str,
    change: impl FnOnce(&mut Table),
) -> Result<(), Mistake> {
    let gone = || Code::NotListed.says("方案里没有这一项，可能刚被别人改过，请刷新后再试。");
    let (kind, id) = resource.split_once(':').ok_or_else(gone)?;
    let file = programme.files.get(resource).ok_or_else(gone)?;
    let text = files.get_mut(file).ok_or_else(gone)?;
    let mut document: DocumentMut = text.parse().map_err(|_| gone())?;
    let tables = document.get_mut(kind).and_then(Item::as_array_of_tables_mut).ok_or_else(gone)?;
    let named = |table: &&mut Table| table.get("id").and_then(Item::as_str) == Some(id);
    change(tables.iter_mut().find(named).ok_or_else(gone)?);
    *text = document.to_string();
    Ok(())
}

/// The files of a packed programme, by their names below the directory in which `programme.toml` lies.
pub fn unpacked(bytes: &[u8]) -> Result<Files, Mistake> {
    let unreadable =
        || Code::WrongFile.says("这不是 zip 压缩包，或者已损坏。请把方案目录打包成 zip 再上传。");
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Code::TooLarge.says("压缩包太大。方案只有文字，请只打包方案目录里的文件。"));
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MOST_FILES {
        return Err(Code::TooMany.says("压缩包里的文件太多，请只打包方案目录。"));
    }
    let (mut files, mut left) = (Files::new(), MOST_BYTES);
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(|_| unreadable())?;
        let Some(name) = file.enclosed_name().map(|name| name.to_string_lossy().replace('\\', "/")) else {
            continue;
        };
        if !name.ends_with(".toml") {
            continue;
        }
        let mut text = String::new();
        file.by_ref().take(left + 1).read_to_string(&mut text).map_err(|_| {
            Code::WrongFile.says(format!("“{name}”不是 UTF-8 文本，请另存为 UTF-8 后再打包。"))
        })?;
        left = left.checked_sub(text.len() as u64).ok_or_else(|| {
            Code::TooLarge.says("压缩包解开后太大。方案只有文字，请只打包方案目录里的文件。")
        })?;
        files.insert(name, text);
    }
    let root = files.keys().find(|name| name.ends_with("programme.toml")).cloned();
    let root = root.ok_or_else(|| Code::Missing.says("压缩包里没有 programme.toml，请打包整个方案目录。"))?;
    let root = root.trim_end_matches("programme.toml").to_owned();
    Ok(files
        .into_iter()
        .filter_map(|(name, text)| Some((name.strip_prefix(&root)?.to_owned(), text)))
        .collect())
}

/// One line for each thing that was changed, for lists.
pub fn lines(about: &str) -> Vec<String> {
    about.lines().map(str::to_owned).collect()
}

/// Whether anything may still be decided about it.
pub fn is_open(state: State) -> bool {
    state == State::Prepared
}
