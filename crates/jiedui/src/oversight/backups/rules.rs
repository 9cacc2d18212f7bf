//! What an archive must have to be a backup, and how backups are called. Pure.

use jiedui_files::ContentHash;
use jiedui_kernel::{Error, Instant, shanghai_time};
use jiedui_store::backup::{Contents, POSTGRES_COPY, SQLITE_COPY};
use serde::{Deserialize, Serialize};

/// The shape of the archive. One of another shape is refused by name.
pub const FORMAT: u32 = 1;
/// The member that says what the others are.
pub const MANIFEST: &str = "manifest.json";

/// The engines, as a database calls itself.
pub const SQLITE: &str = "sqlite";
pub const POSTGRES: &str = "postgres";

const FILES: &str = "files/";
const NIGHTLY: &str = "jiedui-";
const ENDING: &str = ".zip";
/// Behind the name of one that is being made, and of one that did not pass.
pub const HALF: &str = ".part";
pub const FAILED: &str = ".bad";
/// How the name of the directory begins in which one is put together and put back.
pub const ROOM: &str = ".jiedui-backup-";
/// Day and time in the name of a nightly one: `20261130-010000`.
const STAMP: usize = 15;

/// One member of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub name: String,
    pub size: u64,
    pub sha256: String,
}

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    pub engine: String,
    pub made_at: Instant,
    pub contents: Contents,
    pub members: Vec<Member>,
}

#[derive(Deserialize)]
struct Shape {
    format: u32,
}

impl Manifest {
    /// Reads one, and says what this program cannot take back.
    pub fn read(text: &[u8], newest: i64) -> Result<Self, String> {
        let wrong = |cause: serde_json::Error| format!("备份的清单读不懂：{cause}。");
        let Shape { format } = serde_json::from_slice(text).map_err(wrong)?;
        if format != FORMAT {
            return Err(format!(
                "备份的格式是第 {format} 版，这个程序只认第 {FORMAT} 版，请用做这份备份的那个版本恢复。"
            ));
        }
        let manifest: Self = serde_json::from_slice(text).map_err(wrong)?;
        if manifest.contents.migration > newest {
            return Err(format!(
                "备份是更新的程序（{}）做的，数据表版本 {}，这个程序只到 {newest}；请先换上新版程序再恢复。",
                manifest.program, manifest.contents.migration
            ));
        }
        let copies = manifest.members.iter().filter(|one| place(&one.name) == Some(MemberPlace::Database));
        if copies.map(|one| one.name.as_str()).collect::<Vec<_>>() != [copy_of(&manifest.engine)] {
            return Err("备份里没有数据库，或不只一个。".to_owned());
        }
        Ok(manifest)
    }

    /// The rows of all tables.
    pub fn rows(&self) -> i64 {
        self.contents.rows.values().sum()
    }

    /// How many files that people handed in are in it.
    pub fn files(&self) -> usize {
        self.members.len().saturating_sub(1)
    }
}

/// The name of the copy of an engine's database.
pub fn copy_of(engine: &str) -> &'static str {
    if engine == SQLITE { SQLITE_COPY } else { POSTGRES_COPY }
}

/// Where a member goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberPlace {
    Database,
    File(ContentHash),
}

/// `None` for a name that no backup has: nothing is ever written outside of two folders.
pub fn place(name: &str) -> Option<MemberPlace> {
    if name == SQLITE_COPY || name == POSTGRES_COPY {
        return Some(MemberPlace::Database);
    }
    let hash = ContentHash::parse(&name.strip_prefix(FILES)?.replacen('/', "", 1))?;
    (file_member(&hash) == name).then_some(MemberPlace::File(hash))
}

/// The name under which a content lies in the archive.
pub fn file_member(hash: &ContentHash) -> String {
    let (shelf, rest) = hash.as_str().split_at(2);
    format!("{FILES}{shelf}/{rest}")
}

/// How far a backup was looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Put back and compared with its log, its figures and its files.
    Whole,
    /// Put back and counted; its log is compared when it is brought up to date.
    Copy,
    /// Read to its end, put back nowhere.
    Read,
    None,
}

impl Depth {
    pub fn id(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Copy => "copy",
            Self::Read => "read",
            Self::None => "",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Whole => "已恢复到临时位置，数据库、日志、指标和文件都核对过",
            Self::Copy => "已恢复到临时位置并清点；数据是较早版本的，日志在升级时核对",
            Self::Read => "只通读了一遍，没有试着恢复：没有可用的 PostgreSQL 服务器，或账号没有建库的权限",
            Self::None => "没有核对",
        }
    }
}

impl TryFrom<String> for Depth {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let all = [Self::Whole, Self::Copy, Self::Read, Self::None];
        let found = all.into_iter().find(|depth| depth.id() == text);
        found.ok_or_else(|| Error::internal(format_args!("backup_run.depth is “{text}”")))
    }
}

/// How a nightly backup is called.
pub fn nightly_name(at: Instant) -> String {
    format!("{NIGHTLY}{}{ENDING}", shanghai_time(at).format("%Y%m%d-%H%M%S"))
}

/// Whether a nightly backup is called so, with this behind its name.
fn is_nightly(name: &str, ending: &str) -> bool {
    let stamp = name.strip_prefix(NIGHTLY).and_then(|rest| rest.strip_suffix(ending)?.strip_suffix(ENDING));
    stamp.is_some_and(|text| text.len() == STAMP && text.bytes().all(|c| c.is_ascii_digit() || c == b'-'))
}

/// Which nightly backups are more than are kept: the oldest. So it is with those that did not pass, which a night must not
/// fill the disk with either. What is called otherwise is somebody else's.
pub fn surplus(names: &[String], keep: usize) -> Vec<String> {
    let of = |ending: &str| {
        let mut nightly: Vec<String> =
            names.iter().filter(|name| is_nightly(name, ending)).cloned().collect();
        nightly.sort_unstable();
        nightly.truncate(nightly.len().saturating_sub(keep));
        nightly
    };
    [of(""), of(FAILED)].concat()
}

/// Whether this is what a nightly backup leaves behind when the machine stops half way.
pub fn is_left_over(name: &str) -> bool {
    name.starts_with(ROOM) || is_nightly(name, HALF)
}

/// A size as people read it, rounded up.
pub fn size(bytes: u64) -> String {
    const KILO: u64 = 1024;
    let tenths = |unit: u64| (bytes.saturating_mul(10)).div_ceil(unit);
    let shown = |unit: u64, name: &str| format!("{}.{} {name}", tenths(unit) / 10, tenths(unit) % 10);
    match bytes {
        0..1_048_576 => format!("{} KB", bytes.div_ceil(KILO)),
        1_048_576..1_073_741_824 => shown(KILO * KILO, "MB"),
        _ => shown(KILO * KILO * KILO, "GB"),
    }
}

/// A time as people read it, rounded up to tenths of a second.
pub fn seconds(milliseconds: i64) -> String {
    let tenths = (milliseconds.max(0) + 99) / 100;
    format!("{}.{} 秒", tenths / 10, tenths % 10)
}
