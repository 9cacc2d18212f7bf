//! The folder in which each content lies once: `ab/cdef…` under its SHA-256. A file has its name when it is whole and on
//! the disk, so that whoever sees the name sees the content, also after a power cut.

use crate::ContentHash;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A file is handed out in parts of this size.
pub const PART_BYTES: usize = 256 * 1024;

/// Tells apart what is being written at one time.
static WRITING: AtomicU64 = AtomicU64::new(0);

#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Made when the first file comes.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn path(&self, hash: &ContentHash) -> PathBuf {
        let (shelf, rest) = hash.as_str().split_at(2);
        self.root.join(shelf).join(rest)
    }

    /// Keeps a content; where it is there already, nothing is written. What lies damaged under its name is written from scratch.
    ///
    /// # Errors
    /// Where the disk refuses: nothing is left under the name.
    pub fn put(&self, bytes: &[u8]) -> io::Result<ContentHash> {
        let hash = ContentHash::of(bytes);
        let path = self.path(&hash);
        if fs::read(&path).is_ok_and(|kept| kept == bytes) {
            return Ok(hash);
        }
        let shelf = path.parent().unwrap_or(&self.root);
        let new_shelf = !shelf.is_dir();
        make_folder(shelf)?;
        let number = WRITING.fetch_add(1, Ordering::Relaxed);
        let half = self.root.join(format!(".{}-{}-{number}.part", &hash.as_str()[..16], std::process::id()));
        let written = write(&half, bytes).and_then(|()| fs::rename(&half, &path));
        if let Err(cause) = written {
            // What is left of it is in nobody's way: it has no name of a content.
            let _ = fs::remove_file(&half);
            return Err(cause);
        }
        sync_folder(shelf)?;
        if new_shelf {
            sync_folder(&self.root)?;
        }
        Ok(hash)
    }

    /// The part of this number, from 0; none behind the last.
    ///
    /// # Errors
    /// Where there is no such file, or it cannot be read.
    pub fn part(&self, hash: &ContentHash, number: u64) -> io::Result<Option<Vec<u8>>> {
        let mut file = File::open(self.path(hash))?;
        file.seek(SeekFrom::Start(number.saturating_mul(PART_BYTES as u64)))?;
        let mut part = Vec::new();
        file.take(PART_BYTES as u64).read_to_end(&mut part)?;
        Ok((!part.is_empty()).then_some(part))
    }

    /// Whether the content is there, unchanged.
    pub fn holds(&self, hash: &ContentHash) -> bool {
        fs::read(self.path(hash)).is_ok_and(|bytes| ContentHash::of(&bytes) == *hash)
    }
}

/// For the account that serves, and for nobody else.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name is on the disk when its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
