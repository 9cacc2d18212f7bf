//! The archive, written and read in parts, on a thread that may wait.

use super::super::rules::{self, MANIFEST, Manifest, Member, MemberPlace};
use jiedui_files::Folder;
use jiedui_kernel::hex;
use jiedui_store::Db;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A manifest longer than this is none: a hundred bytes for each of two million files.
const LONGEST_MANIFEST: u64 = 256 << 20;
const BUFFER: usize = 1 << 16;

/// What an operation on a file met, in words.
pub fn failed(what: &str, path: &Path, cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("磁盘已满，{what} {} 没有完成；请腾出空间再试。", path.display())
        }
        io::ErrorKind::AlreadyExists => format!("{} 已经存在，没有覆盖。", path.display()),
        _ => format!("{what} {} 没有完成：{cause}", path.display()),
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

/// A folder that only its owner sees into.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Hands on no more than so many bytes; says how many there were, and their SHA-256.
fn copied(from: &mut impl Read, to: &mut impl Write, most: u64) -> io::Result<(u64, String)> {
    let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0, vec![0; BUFFER]);
    loop {
        let taken = from.read(&mut buffer)?;
        if taken == 0 {
            return Ok((size, hex(hasher.finalize())));
        }
        size += taken as u64;
        if size > most {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "longer than the manifest says"));
        }
        hasher.update(&buffer[..taken]);
        to.write_all(&buffer[..taken])?;
    }
}

struct Writing {
    zip: ZipWriter<BufWriter<File>>,
    members: Vec<Member>,
}

impl Writing {
    fn add(&mut self, name: String, mut from: File, method: CompressionMethod) -> io::Result<()> {
        // Sizes are not known before: each may be larger than four gigabytes.
        let options = SimpleFileOptions::default().large_file(true).compression_method(method);
        let options = options.compression_level((method == CompressionMethod::Deflated).then_some(1));
        self.zip.start_file(name.as_str(), options)?;
        let (size, sha256) = copied(&mut from, &mut self.zip, u64::MAX)?;
        self.members.push(Member { name, size, sha256 });
        Ok(())
    }
}

/// Writes copy, files and manifest. Files come after the copy of the database: what a row names was there before the row, and
/// nothing that a row names is cleared away for a week.
pub fn write(half: &Path, head: Manifest, copy: &Path, files: &Path) -> io::Result<Manifest> {
    let mut writing = Writing { zip: ZipWriter::new(new_file(half)?), members: Vec::new() };
    let name = rules::copy_of(&head.engine);
    // What PostgreSQL's tool wrote is packed already, and so is nearly all that people hand in.
    let packed = if name == jiedui_store::backup::SQLITE_COPY {
        CompressionMethod::Deflated
    } else {
        CompressionMethod::Stored
    };
    writing.add(name.to_owned(), File::open(copy)?, packed)?;
    if !files.as_os_str().is_empty() {
        let folder = Folder::at(files);
        for shelf in 0..=u8::MAX {
            for hash in folder.on_shelf(shelf)? {
                match File::open(folder.path(&hash)) {
                    Ok(file) => writing.add(rules::file_member(&hash), file, CompressionMethod::Stored)?,
                    // Cleared away at this moment: nothing names it.
                    Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                    Err(cause) => return Err(cause),
                }
            }
        }
    }
    let Writing { mut zip, members } = writing;
    let manifest = Manifest { members, ..head };
    zip.start_file(MANIFEST, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
    zip.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
    let mut file = zip.finish()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    Ok(manifest)
}

type Archive = ZipArchive<BufReader<File>>;

fn open(file: &Path) -> Result<Archive, String> {
    let opened = File::open(file).map_err(|cause| format!("读不到 {}：{cause}", file.display()))?;
    let archive = ZipArchive::new(BufReader::new(opened));
    archive.map_err(|cause| format!("{} 不是备份，或已损坏：{cause}", file.display()))
}

fn manifest_of(archive: &mut Archive) -> Result<Manifest, String> {
    let none = |cause: io::Error| format!("这不是结对通的备份，里面没有可读的清单：{cause}");
    let mut text = Vec::new();
    let member = archive.by_name(MANIFEST).map_err(|cause| none(cause.into()))?;
    member.take(LONGEST_MANIFEST).read_to_end(&mut text).map_err(none)?;
    Manifest::read(&text, Db::newest_migration())
}

/// Where the members go, and whether they are to last a power cut.
#[derive(Debug, Clone)]
pub struct Room {
    pub database: PathBuf,
    pub files: PathBuf,
    pub lasting: bool,
}

/// Puts every member in its place. Each is compared with the manifest while it is read; what the manifest does not name is
/// refused.
pub fn extract(file: &Path, room: &Room) -> Result<Manifest, String> {
    let mut archive = open(file)?;
    let manifest = manifest_of(&mut archive)?;
    if archive.len() != manifest.members.len() + 1 {
        return Err("备份里的文件与清单不一样多，这份备份不能用。".to_owned());
    }
    for folder in [&room.database, &room.files] {
        make_folder(folder).map_err(|cause| failed("建立目录", folder, &cause))?;
    }
    let folder = Folder::at(&room.files);
    let mut folders = BTreeSet::from([room.database.clone(), room.files.clone()]);
    for member in &manifest.members {
        let (to, named) = match rules::place(&member.name) {
            Some(MemberPlace::Database) => (room.database.join(rules::copy_of(&manifest.engine)), None),
            Some(MemberPlace::File(hash)) => (folder.path(&hash), Some(hash)),
            None => return Err(format!("清单里的“{}”不是备份该有的文件。", member.name)),
        };
        let found = take_out(&mut archive, member, &to, room.lasting)?;
        let as_listed = found == (member.size, member.sha256.clone());
        if !as_listed || named.is_some_and(|hash| hash.as_str() != member.sha256) {
            return Err(format!("{} 与清单不符（大小或校验值不同），这份备份已损坏。", member.name));
        }
        folders.extend(to.parent().map(Path::to_owned));
    }
    for folder in folders.iter().filter(|_| room.lasting) {
        sync_folder(folder).map_err(|cause| failed("写", folder, &cause))?;
    }
    Ok(manifest)
}

fn take_out(
    archive: &mut Archive,
    member: &Member,
    to: &Path,
    lasting: bool,
) -> Result<(u64, String), String> {
    let damaged = |cause: io::Error| format!("{} 读不出来，这份备份已损坏：{cause}", member.name);
    let mut from = archive.by_name(&member.name).map_err(|cause| damaged(cause.into()))?;
    if let Some(shelf) = to.parent() {
        make_folder(shelf).map_err(|cause| failed("建立目录", shelf, &cause))?;
    }
    let unwritten = |cause: io::Error| failed("写", to, &cause);
    let mut out = new_file(to).map_err(unwritten)?;
    let found = copied(&mut from, &mut out, member.size).map_err(|cause| match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::PermissionDenied => {
            failed("写", to, &cause)
        }
        _ => damaged(cause),
    })?;
    out.flush().map_err(unwritten)?;
    if lasting {
        out.get_ref().sync_all().map_err(unwritten)?;
    }
    Ok(found)
}

/// A name is on the disk when its folder is.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_called_one_and_too_much_is_refused() {
        let full = Path::new("/dev/full");
        let mut to = OpenOptions::new().write(true).open(full).unwrap();
        let refused = copied(&mut &b"something"[..], &mut to, u64::MAX).unwrap_err();
        assert!(failed("写", full, &refused).contains("磁盘已满"), "{refused}");
        assert!(copied(&mut &b"something"[..], &mut io::sink(), 8).is_err());
        let (size, sha256) = copied(&mut &b"something"[..], &mut io::sink(), 9).unwrap();
        assert_eq!((size, sha256), (9, jiedui_files::ContentHash::of(b"something").to_string()));
    }
}
