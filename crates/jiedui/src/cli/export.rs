//! `jiedui export`: everything in open formats, or the ledger as a workbook. What is written appears under its name when
//! it is whole, and nothing is ever written over.

use super::{DataLocation, audit, in_words, programme};
use crate::evidence::ledger;
use crate::mechanisms;
use clap::Args;
use jiedui_files::Folder;
use jiedui_kernel::{Error, of_file};
use jiedui_store::whole::WholeTable;
use jiedui_store::{Tx, all_tables};
use serde_json::Value;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    place: DataLocation,
    #[command(flatten)]
    what: What,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct What {
    /// 导出全部数据、审计日志和上传的文件：每张表一个 CSV 文件，写到一个新目录，或一个新的 .zip 文件；不含密码、会话和密钥
    #[arg(long, value_name = "目录或文件.zip")]
    all: Option<PathBuf>,
    /// 导出全部工作台账，写成一份新的 .xlsx 表格
    #[arg(long, value_name = "文件.xlsx")]
    ledger: Option<PathBuf>,
}

/// Tables that are not taken out, with the reason.
pub const LEFT_OUT: [(&str, &str); 14] = [
    ("session", "sessions of those who are signed in now"),
    ("sign_in_try", "who tried to sign in of late, and how often"),
    ("sign_in_pending", "who is signing in now"),
    ("submission", "which forms were sent within the last days"),
    ("program_answer", "what programs were answered within the last days"),
    ("draft", "what somebody typed and has not sent"),
    ("import_pending", "files that somebody looked at and has not accepted, for a day"),
    ("health", "says nothing"),
    ("library_term", "by what an item of the library is found, computed from it"),
    ("search_thing", "by what things are found, computed from them"),
    ("search_term", "by what things are found, computed from them"),
    ("letter", "the queue of letters, for some weeks"),
    ("notice_read", "what somebody has read is nobody else's to know"),
    ("job_part", "files that jobs made of the other tables, for some days"),
];

pub async fn run(export: Export) -> Result<(), String> {
    match (export.what.all, export.what.ledger) {
        (Some(to), _) => all(&export.place, &to).await,
        (None, Some(to)) => of_ledger(&export.place, &to).await,
        (None, None) => Err("请写明导出什么：--all 或 --ledger。".to_owned()),
    }
}

/// A file or directory that gets its name when it is whole; until then, and where that fails, it has another or is gone.
struct Half {
    to: PathBuf,
    half: PathBuf,
    whole: bool,
}

impl Half {
    fn of(to: &Path) -> Result<Self, String> {
        if to.symlink_metadata().is_ok() {
            return Err(format!("{} 已经存在，没有覆盖；请换一个名字。", to.display()));
        }
        let name = to.file_name().ok_or_else(|| format!("{} 不是文件名。", to.display()))?;
        let half = to.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        Ok(Self { to: to.to_owned(), half, whole: false })
    }

    fn finish(mut self) -> Result<(), String> {
        let failed = |cause: io::Error| of_file("写不了", &self.to, &cause);
        if self.half.is_dir() {
            // A directory that came meanwhile is in the way only where something is in it.
            std::fs::rename(&self.half, &self.to).map_err(failed)?;
        } else {
            // Unlike a renaming, a second name is refused where the name is taken by now.
            std::fs::hard_link(&self.half, &self.to).map_err(failed)?;
            std::fs::remove_file(&self.half).map_err(failed)?;
        }
        self.whole = true;
        Ok(())
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        if !self.whole {
            // Nothing is there where it failed before it began.
            let _ = std::fs::remove_file(&self.half);
            let _ = std::fs::remove_dir_all(&self.half);
        }
    }
}

/// A new file that only its owner reads.
fn new_file(path: &Path) -> io::Result<BufWriter<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(BufWriter::new(options.open(path)?))
}

/// Where the tables go, one after the other.
enum Sink {
    Directory(PathBuf, Option<BufWriter<File>>),
    Archive(Box<ZipWriter<BufWriter<File>>>),
}

impl Sink {
    fn new(half: &Half) -> io::Result<Self> {
        if half.to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
            return Ok(Self::Archive(Box::new(ZipWriter::new(new_file(&half.half)?))));
        }
        std::fs::create_dir(&half.half)?;
        #[cfg(unix)]
        std::fs::set_permissions(&half.half, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        Ok(Self::Directory(half.half.clone(), None))
    }

    /// Begins a file; the one before it ends.
    fn begin(&mut self, name: &str) -> io::Result<()> {
        match self {
            Self::Directory(directory, open) => {
                if let Some(mut before) = open.take() {
                    before.flush()?;
                }
                *open = Some(new_file(&directory.join(name))?);
            }
            Self::Archive(zip) => {
                let options = SimpleFileOptions::default().large_file(true);
                zip.start_file(name, options).map_err(io::Error::other)?;
            }
        }
        Ok(())
    }

    fn end(self) -> io::Result<()> {
        let mut last = match self {
            Self::Directory(_, None) => return Ok(()),
            Self::Directory(_, Some(last)) => last,
            Self::Archive(zip) => zip.finish().map_err(io::Error::other)?,
        };
        last.flush()?;
        last.get_ref().sync_all()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Directory(_, open) => open.as_mut().ok_or(io::ErrorKind::NotFound)?.write(bytes),
            Self::Archive(zip) => zip.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Directory(_, open) => open.as_mut().map_or(Ok(()), Write::flush),
            Self::Archive(zip) => zip.flush(),
        }
    }
}

async fn all(place: &DataLocation, to: &Path) -> Result<(), String> {
    let (db, mut tx) = audit::inspect(place).await?;
    let folder = Folder::at(place.files());
    let (tables, rows) = write_with_files(&mut tx, db.engine_name(), Some(&folder), to).await?;
    println!("已导出 {tables} 张表 {rows} 行和上传的文件到 {}（不含密码、会话和密钥）。", to.display());
    Ok(())
}

/// Everything in one state, to a new directory or archive. Gives the number of tables and of rows.
#[cfg(test)]
pub async fn write_everything(tx: &mut Tx, engine: &str, to: &Path) -> Result<(u64, u64), String> {
    write_with_files(tx, engine, None, to).await
}

/// The same, with what people handed in: each content as `file-` and its hash, by which rows name it.
pub async fn write_with_files(
    tx: &mut Tx,
    engine: &str,
    folder: Option<&Folder>,
    to: &Path,
) -> Result<(u64, u64), String> {
    let half = Half::of(to)?;
    let failed = |cause: io::Error| of_file("写不了", to, &cause);
    let mut sink = Sink::new(&half).map_err(failed)?;
    let (mut tables, mut rows) = (0, 0);
    let mut index = format!("数据库,{engine}\r\n表,内容,行数,列,没有导出的列\r\n");
    let mut line = String::new();
    for table in all_tables().into_iter().filter(|table| LEFT_OUT.iter().all(|(name, _)| *name != table.name))
    {
        let Some(table) = tx.whole_table(table) else { continue };
        sink.begin(&format!("{}.csv", table.table.name)).map_err(failed)?;
        let written = write_table(tx, &table, &mut sink, &mut line).await.map_err(in_words)?;
        index.push_str(&index_line(&table, written));
        (tables, rows) = (tables + 1, rows + written);
    }
    if let Some(folder) = folder {
        write_files(folder, &mut sink).map_err(failed)?;
    }
    sink.begin("目录.csv").map_err(failed)?;
    sink.write_all("\u{FEFF}".as_bytes()).and_then(|()| sink.write_all(index.as_bytes())).map_err(failed)?;
    sink.end().map_err(failed)?;
    half.finish()?;
    Ok((tables, rows))
}

/// Every content of the folder, a part at a time.
fn write_files(folder: &Folder, sink: &mut Sink) -> io::Result<()> {
    for shelf in 0..=u8::MAX {
        for hash in folder.on_shelf(shelf)? {
            sink.begin(&format!("file-{hash}"))?;
            for number in 0.. {
                let Some(part) = folder.part(&hash, number)? else { break };
                sink.write_all(&part)?;
            }
        }
    }
    Ok(())
}

/// Whose table it is, by the words of its mechanism.
fn index_line(table: &WholeTable, rows: u64) -> String {
    let owner = mechanisms::ALL.iter().find(|one| one.tables.iter().any(|own| own.name == table.table.name));
    let words = owner.map(|one| one.words.resources).unwrap_or_default();
    let words: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
    let columns = [&table.columns, &table.sealed].map(|names| quoted(&names.join(" ")));
    format!("{},{},{rows},{},{}\r\n", table.table.name, quoted(&words.join("、")), columns[0], columns[1])
}

/// One state of the table, row by row: the file is UTF-8 with its mark and as RFC 4180 has it. A text stands in quotes, a
/// number without; nothing at all is a value that is not there.
async fn write_table(
    tx: &mut Tx,
    table: &WholeTable,
    sink: &mut Sink,
    line: &mut String,
) -> Result<u64, Error> {
    let heading = format!("\u{FEFF}{}\r\n", table.columns.join(","));
    sink.write_all(heading.as_bytes()).map_err(Error::internal)?;
    let mut rows = 0;
    tx.each_row_of(table, |values| {
        rows += 1;
        line.clear();
        for (value, at) in values.iter().zip(0..) {
            if at > 0 {
                line.push(',');
            }
            match value {
                None => {}
                Some(Value::String(text)) => line.push_str(&quoted(text)),
                Some(other) => line.push_str(&other.to_string()),
            }
        }
        line.push_str("\r\n");
        sink.write_all(line.as_bytes()).map_err(Error::internal)
    })
    .await?;
    Ok(rows)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

async fn of_ledger(place: &DataLocation, to: &Path) -> Result<(), String> {
    let (_, mut tx) = audit::inspect(place).await?;
    let programme = programme::load(place.programme.as_deref())?;
    let half = Half::of(to)?;
    let file = new_file(&half.half).map_err(|cause| of_file("写不了", to, &cause))?;
    let rows = ledger::write_all(&mut tx, &programme, file).await.map_err(in_words)?;
    half.finish()?;
    println!("已导出台账 {rows} 条到 {}。", to.display());
    Ok(())
}
